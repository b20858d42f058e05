//! Groups and verbs.

use super::checker::{Checker, GROUPS, VERBS};
use super::known::{VERBS_OF_API, is_known_verb, is_odd, is_served};
use crate::lint::catalogue::alike;
use crate::model::Symbol;

impl Checker<'_, '_, '_> {
    pub(super) fn groups(&mut self) {
        for group in &self.rule.api_groups {
            let group = self.str(*group);
            let at = (GROUPS, group);
            if group == "*" || group.is_empty() {
                continue;
            }
            if is_odd(group) {
                self.add("RBC651", at, None);
            } else if group.contains('*') {
                self.add("RBC621", at, None);
            } else if group == "core" || group == "v1" {
                self.add("RBC614", at, None);
            } else if let Some((name, _)) = group.split_once('/') {
                self.add("RBC613", at, Some(format!("write {name:?}")));
            }
        }
    }

    pub(super) fn verbs(&mut self) {
        let all_custom = self.rule.api_groups.iter().all(|group| {
            let group = self.lint.str(*group);
            group != "*" && !self.lint.catalogue().is_built_in(group)
        });
        for verb in &self.rule.verbs {
            let verb = self.str(*verb);
            if verb == "*" || is_known_verb(verb) || self.is_misspelt(verb, is_known_verb) {
                continue;
            }
            if !all_custom {
                // Servers of custom resources may ask for verbs of their own.
                let meant = match verb {
                    "read" | "view" => Some("get, list, watch"),
                    "write" | "edit" | "modify" => Some("create, update, patch, delete"),
                    _ => alike(verb, VERBS_OF_API.into_iter()),
                };
                let fix = meant.map(|meant| format!("did you mean {meant}?"));
                self.add("RBC617", (VERBS, verb), fix);
            }
        }
    }

    /// Whether a verb is written in a way that no request has, which is said.
    pub(super) fn is_misspelt(&mut self, verb: &str, is_known: impl Fn(&str) -> bool) -> bool {
        let at = (VERBS, verb);
        if verb.is_empty() {
            self.add("RBC611", at, None);
        } else if is_odd(verb) {
            self.add("RBC651", at, None);
        } else if verb.contains('*') {
            self.add("RBC621", at, None);
        } else {
            let lower = verb.to_lowercase();
            if !is_known(&lower) {
                return false;
            }
            self.add("RBC618", at, Some(format!("write {lower:?}")));
        }
        true
    }

    /// Verbs that no resource of the rule has.
    pub(super) fn unserved_verbs(&mut self) {
        let lint = self.lint;
        let rule = self.rule;
        let catalogue = lint.catalogue();
        for verb in &rule.verbs {
            let verb = lint.str(*verb);
            // Only the verbs of the API; `bind` and its like are asked of roles.
            if !VERBS_OF_API[..8].contains(&verb) {
                continue;
            }
            let served = rule.api_groups.iter().any(|group| {
                rule.resources.iter().any(|resource| {
                    let served = catalogue.served(lint.str(*group), lint.str(*resource));
                    served.is_some_and(|(_, verbs)| is_served(verbs, verb))
                })
            });
            if !served {
                self.add("RBC619", (VERBS, verb), None);
            }
        }
    }

    pub(super) fn rbac_verbs(&mut self) {
        let rule = self.rule;
        let has = |list: &[Symbol], words: &[&str]| {
            list.iter().any(|s| words.contains(&self.lint.str(*s)))
        };
        let on_bindings = has(&rule.resources, &["rolebindings", "clusterrolebindings"]);
        let on_roles = has(&rule.resources, &["roles", "clusterroles", "*"]);
        if !on_bindings || on_roles || !has(&rule.api_groups, &["rbac.authorization.k8s.io", "*"]) {
            return;
        }
        for verb in ["bind", "escalate"] {
            if has(&rule.verbs, &[verb]) {
                self.add("RBC652", (VERBS, verb), None);
            }
        }
    }
}
