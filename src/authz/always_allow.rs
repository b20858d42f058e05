//! AlwaysAllow: whoever asks for anything (`authorizerfactory.NewAlwaysAllowAuthorizer`).

use super::rules::RuleSet;

/// The rules that it gives everybody.
pub(super) fn add_rules(rules: &mut RuleSet<'_>) {
    rules.add_resource_rule(vec!["*"], vec!["*"], vec!["*"], Vec::new());
    rules.add_path_rule(vec!["*"], vec!["*"]);
}
