//! In which mode an asker last succeeded, where nobody says it.

use super::{Mode, UserInfo};
use crate::authz::Chain;
use crate::authz::rules::ResourceRule;

/// The mode that a server remembers of an asker who has impersonated before, where its rules leave no choice:
/// who holds the verb `impersonate` and no constrained mode can have succeeded by that verb alone. `None` where
/// it never can have succeeded, or in several modes. `namespace` is that of the service account which is
/// impersonated, if it is one.
pub fn usual_mode(asker: &UserInfo, namespace: &str, chain: &Chain<'_>) -> Option<Mode> {
    let rules = chain.rules_for(&asker.username, &asker.groups, namespace);
    let any = |test: &dyn Fn(&str) -> bool| {
        let covers = |rule: &ResourceRule<'_>| rule.verbs.iter().any(|verb| test(verb));
        rules.resources.iter().any(covers)
    };
    let by_verb = any(&|verb| verb == Mode::Legacy.verb());
    let otherwise = any(&|verb| verb == "*" || verb.starts_with("impersonate:"));
    (by_verb && !otherwise).then_some(Mode::Legacy)
}
