//! Names of objects, and verbs whose requests carry none.

use super::checker::{Checker, NAMES, VERBS};
use super::known::is_invisible;
use crate::lint::Severity;
use crate::model::Symbol;

impl Checker<'_, '_, '_> {
    /// Whether another rule of the role allows the verb on all of this rule's resources without names.
    pub(super) fn elsewhere(&self, verb: Symbol) -> bool {
        let has =
            |list: &[Symbol], word: Symbol| list.contains(&Symbol::ANY) || list.contains(&word);
        let rule = self.rule;
        self.rules.iter().any(|other| {
            other.resource_names.is_empty()
                && has(&other.verbs, verb)
                && rule
                    .api_groups
                    .iter()
                    .all(|group| has(&other.api_groups, *group))
                && rule
                    .resources
                    .iter()
                    .all(|resource| has(&other.resources, *resource))
        })
    }

    pub(super) fn names(&mut self) {
        let rule = self.rule;
        if rule.resource_names.is_empty() {
            return;
        }
        for name in &rule.resource_names {
            let name = self.str(*name);
            let at = (NAMES, name);
            if name.is_empty() {
                self.add("RBC611", at, None);
            } else if name.contains('*') && !self.is_asked_name(name) {
                self.add("RBC622", at, None);
            } else if name.trim() != name || name.chars().any(is_invisible) {
                self.add("RBC651", at, None);
            }
        }
        if rule.resource_names.contains(&Symbol::EMPTY) {
            return;
        }
        let whole = |resource: &Symbol| !self.lint.str(*resource).contains('/');
        for symbol in &rule.verbs {
            let verb = self.str(*symbol);
            let nameless = match verb {
                "create" => rule.resources.iter().any(whole),
                "deletecollection" => true,
                _ => false,
            };
            let listing = matches!(verb, "list" | "watch");
            if !(nameless || listing) || self.elsewhere(*symbol) {
                continue;
            }
            let at = (VERBS, verb);
            if verb == "create" && self.is_applied() {
                // The server asks for it with the name where applying would make the object.
                let why = "a request to create carries no name; only kubectl apply --server-side is allowed by it";
                self.add_as("RBC623", Severity::Medium, at, Some(why.into()), None);
            } else if nameless {
                self.add("RBC623", at, None);
            } else {
                self.add("RBC624", at, None);
            }
        }
    }

    /// Whether the server asks for a name with a star, as it stands.
    pub(super) fn is_asked_name(&self, name: &str) -> bool {
        let rule = self.rule;
        let mut verbs = rule.verbs.iter().map(|verb| self.lint.str(*verb));
        let has = |resource: &str| {
            let mut resources = rule.resources.iter();
            resources.any(|of| self.lint.str(*of) == resource)
        };
        verbs.any(|verb| match verb {
            "approve" | "sign" | "attest" => name.len() > 2 && name.ends_with("/*"),
            "impersonate:associated-node" => name == "*",
            verb if verb.starts_with("impersonate:") => {
                name == "*" && (has("groups") || has("userextras/*"))
            }
            _ => false,
        })
    }
}
