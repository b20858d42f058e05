//! Whether anything of a rule can match.

use super::checker::Checker;
use super::known::{
    VERBS_OF_API, is_all_extras, is_impersonated, is_known_verb, is_odd, is_served, is_special,
};
use crate::lint::{Facet, rules};
use crate::model::Symbol;

/// How many combinations of a rule's words are tried.
const COMBINED: usize = 10_000;

impl Checker<'_, '_, '_> {
    /// Says of the gravest finding of a rule that nothing of the rule is left.
    pub(super) fn unreachable(&mut self) {
        let findings = self.found.findings[self.first..].iter_mut();
        let Some(gravest) = findings.max_by_key(|finding| finding.severity) else {
            return;
        };
        let rule = rules::by_id("RBC658");
        gravest.facets.push(Facet {
            rule,
            severity: rule.severity,
            why: None,
        });
    }

    /// Whether some request may be allowed by the rule: by what is known of its groups, and by its words.
    pub(super) fn is_reachable(&self) -> bool {
        let rule = self.rule;
        let few = rule.verbs.len() * rule.api_groups.len() * rule.resources.len() <= COMBINED;
        !few || rule.api_groups.iter().any(|group| {
            let group = self.lint.str(*group);
            rule.resources.iter().any(|resource| {
                let resource = self.lint.str(*resource);
                let mut verbs = rule.verbs.iter();
                verbs.any(|verb| self.may_be_asked(self.lint.str(*verb), group, resource))
            })
        })
    }

    /// Whether a request may have these words; what is not known of other servers counts as yes.
    pub(super) fn may_be_asked(&self, verb: &str, group: &str, resource: &str) -> bool {
        let catalogue = self.lint.catalogue();
        let is_word = |word: &str| !is_odd(word) && (word == "*" || !word.contains('*'));
        if !is_word(verb) || !is_word(group) || verb.is_empty() || resource.is_empty() {
            return false;
        }
        if matches!(group, "core" | "v1") || group.contains('/') || is_odd(resource) {
            return false;
        }
        let wild = match resource.strip_prefix("*/") {
            Some(sub) if sub.is_empty() || sub.contains('*') => return false,
            Some(_) => true,
            None if resource == "*" => true,
            None if resource.contains('*') && !is_all_extras(verb, resource) => return false,
            None => false,
        };
        let open = group == "*" || !catalogue.is_built_in(group);
        if !open && verb != "*" && !is_known_verb(verb) {
            return false;
        }
        if VERBS_OF_API.contains(&&*verb.to_lowercase()) && !VERBS_OF_API.contains(&verb) {
            return false;
        }
        let names = &self.rule.resource_names;
        let named = !names.is_empty() && !names.contains(&Symbol::EMPTY);
        let nameless = verb == "deletecollection" || (verb == "create" && !resource.contains('/'));
        if named && nameless && !self.is_applied() {
            return false;
        }
        if open || wild {
            return true;
        }
        match verb {
            "impersonate" => return is_impersonated(group, resource),
            "bind" | "escalate" => return matches!(resource, "roles" | "clusterroles"),
            verb if is_special(verb) => return true,
            _ => {}
        }
        match catalogue.served(group, resource) {
            Some((_, verbs)) => is_served(verbs, verb),
            None => {
                catalogue.is_unlisted(group, resource)
                    || self
                        .lint
                        .is_custom(&[group], resource.split('/').next().unwrap_or(resource))
            }
        }
    }

    /// Whether the rule lets objects be applied by the server, which asks for `create` with the name.
    pub(super) fn is_applied(&self) -> bool {
        let mut verbs = self.rule.verbs.iter();
        verbs.any(|verb| matches!(self.lint.str(*verb), "patch" | "*"))
    }
}
