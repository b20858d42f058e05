//! A rule of a role, while its words are looked at.

use super::known::is_special;
use crate::lint::{Found, Lint, Severity, Text, Word, rules};
use crate::model::{PolicyRule, RoleId, Symbol};

/// The lists of a rule.
pub(super) const VERBS: &str = "verbs";

pub(super) const GROUPS: &str = "apiGroups";

pub(super) const RESOURCES: &str = "resources";

pub(super) const NAMES: &str = "resourceNames";

pub(super) const URLS: &str = "nonResourceURLs";

pub(super) struct Checker<'a, 'l, 'c> {
    pub(super) lint: &'a Lint<'l>,
    pub(super) role: RoleId,
    pub(super) rules: &'c [std::sync::Arc<PolicyRule>],
    pub(super) index: u32,
    pub(super) rule: &'c PolicyRule,
    pub(super) found: &'a mut Found,
    /// The first finding of this rule among all.
    pub(super) first: usize,
    /// Of this rule: what was said already, so that nothing is said twice.
    pub(super) said: Vec<(&'static str, String)>,
}

impl<'l> Checker<'_, 'l, '_> {
    pub(super) fn add(&mut self, id: &'static str, at: (&'static str, &str), fix: Option<String>) {
        let severity = rules::by_id(id).severity;
        self.add_as(id, severity, at, None, fix.map(Text::from));
    }

    /// Adds a finding about a word of a list.
    pub(super) fn add_as(
        &mut self,
        id: &'static str,
        severity: Severity,
        (field, word): (&'static str, &str),
        why: Option<Text>,
        fix: Option<Text>,
    ) {
        let key = (id, word.to_owned());
        // A hostile list of a million words is one finding for each rule of the lint.
        if self.said.contains(&key) || self.said.iter().filter(|(i, _)| *i == id).count() >= 5 {
            return;
        }
        self.said.push(key);
        let place = Word {
            field: field.to_owned(),
            text: Some(word.to_owned()),
            at: None,
        };
        // Words of one rule that are wrong in one way are one finding.
        let mut others = self.found.findings[self.first..].iter_mut();
        let alike = others.find(|other| {
            other.rule.id == id && other.own == severity && (&other.why, &other.fix) == (&why, &fix)
        });
        if let Some(other) = alike {
            let what = other.what.get_or_insert_default().to_mut();
            what.push_str(&format!(", {}", crate::model::Quoted(word)));
            other.rare.words.push(place);
            return;
        }
        let mut finding = self.lint.of_role(id, severity, self.role, Some(self.index));
        let what = rules::by_id(id).what;
        finding.what = Some(format!("{what}: {}", crate::model::Quoted(word)).into());
        finding.why = why;
        finding.fix = fix;
        finding.rare.words.push(place);
        self.found.add(finding);
    }

    pub(super) fn str(&self, symbol: Symbol) -> &'l str {
        self.lint.str(symbol)
    }

    pub(super) fn resources(&mut self) {
        self.groups();
        self.verbs();
        self.names();
        let rule = self.rule;
        let special = rule
            .verbs
            .iter()
            .all(|verb| is_special(self.lint.str(*verb)));
        let mut known = true;
        for resource in &rule.resources {
            known &= self.resource(*resource, special);
        }
        if known && !special {
            self.unserved_verbs();
        }
        self.rbac_verbs();
        self.impersonation();
        // Where nothing is wrong with a word, something is asked.
        if self.found.findings.len() > self.first && !self.is_reachable() {
            self.unreachable();
        }
    }
}
