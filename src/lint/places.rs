//! Findings at the places where people look for them.

use super::{Finding, Lint, Severity, rules};
use crate::model::{BindingId, Position, RoleId};

impl Lint<'_> {
    /// A finding that stands for a whole binding.
    pub fn head(&self, id: &'static str, severity: Severity, binding: BindingId) -> Finding {
        let mut finding = Finding::new(rules::by_id(id), severity, self.place_of(binding, None));
        finding.binding = Some(binding);
        finding.role = self.role_of(binding);
        // Of several of which one alone gains by it, it is about that one.
        let subjects = &self.cluster.binding(binding).subjects;
        let mut gains = (0u32..)
            .zip(subjects)
            .filter(|(_, s)| !self.gains_nothing(s));
        if let (Some((index, _)), None, true) = (gains.next(), gains.next(), subjects.len() > 1) {
            finding.subject = Some(index);
        }
        finding
    }

    /// A finding about one subject of a binding.
    pub fn of_subject(
        &self,
        id: &'static str,
        severity: Severity,
        binding: BindingId,
        subject: u32,
    ) -> Finding {
        let mut finding = self.head(id, severity, binding);
        finding.subject = Some(subject);
        finding.at = self.place_of(binding, Some(subject));
        finding
    }

    /// A finding about a role, or about one of its rules.
    pub fn of_role(
        &self,
        id: &'static str,
        severity: Severity,
        role: RoleId,
        rule: Option<u32>,
    ) -> Finding {
        let of = self.cluster.role(role);
        let rule_at = rule
            .and_then(|rule| of.rules.get(rule as usize))
            .map(|rule| rule.position);
        let mut finding = Finding::new(rules::by_id(id), severity, rule_at.unwrap_or(of.position));
        finding.role = Some(role);
        finding.role_rules = rule.into_iter().collect();
        finding
    }

    /// Where a binding is to be looked at: at its subject, the first that gains by it, or at its beginning.
    pub fn place_of(&self, binding: BindingId, subject: Option<u32>) -> Position {
        let binding = self.cluster.binding(binding);
        let subject = match subject {
            Some(subject) => binding.subjects.get(subject as usize),
            None => {
                let mut gains = binding.subjects.iter().filter(|s| !self.gains_nothing(s));
                gains.next().or(binding.subjects.first())
            }
        };
        subject.map_or(binding.position, |subject| subject.position)
    }
}
