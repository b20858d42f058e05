//! Resources of impersonation.

use super::checker::{Checker, RESOURCES};
use super::known::is_impersonated;
use crate::lint::Severity;
use crate::model::Symbol;

impl Checker<'_, '_, '_> {
    pub(super) fn impersonation(&mut self) {
        let rule = self.rule;
        let has = |list: &[Symbol], word: &str| list.iter().any(|s| self.lint.str(*s) == word);
        if has(&rule.api_groups, "*") {
            return;
        }
        let legacy = has(&rule.verbs, "impersonate");
        let authentication = has(&rule.api_groups, "authentication.k8s.io");
        for resource in &rule.resources {
            let resource = self.str(*resource);
            let at = (RESOURCES, resource);
            let extra = resource.strip_prefix("userextras/");
            let asked_somewhere = ["", "authentication.k8s.io"]
                .iter()
                .any(|group| is_impersonated(group, resource));
            let mut groups = rule.api_groups.iter().map(|group| self.lint.str(*group));
            if legacy && asked_somewhere && !groups.any(|group| is_impersonated(group, resource)) {
                self.add("RBC655", at, None);
            }
            if !authentication {
                continue;
            }
            if extra.is_some_and(|key| key.contains('%') || key.chars().any(char::is_uppercase)) {
                self.add("RBC657", at, None);
            } else if resource == "userextras" {
                let why = "the server asks for the key behind a slash, which is missing here";
                let fix = "write userextras/KEY".to_owned();
                self.add_as(
                    "RBC657",
                    Severity::Medium,
                    at,
                    Some(why.into()),
                    Some(fix.into()),
                );
            }
        }
    }
}
