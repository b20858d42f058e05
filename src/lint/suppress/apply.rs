//! Findings that suppressions speak of.

use super::{Suppression, Target};
use crate::lint::finding::{Finding, Found};
use crate::lint::{Lint, rules};
use crate::model::Position;
use jiff::civil::Date;
use std::cell::OnceCell;

/// What is left of findings after suppressions, and what is not; those that suppress nothing or are expired are
/// added to what is left.
pub fn apply(
    lint: &Lint<'_>,
    findings: Vec<Finding>,
    suppressions: &[Suppression],
    today: Date,
) -> (Vec<Finding>, Vec<Finding>) {
    if suppressions.is_empty() {
        return (findings, Vec::new());
    }
    let mut used = vec![false; suppressions.len()];
    let mut suppressed = Vec::new();
    let mut left = Vec::with_capacity(findings.len());
    let holds = |s: &Suppression| s.until.is_none_or(|until| until >= today);
    for finding in findings {
        let mut gone: Vec<&str> = Vec::new();
        let names = OnceCell::new();
        let names = || names.get_or_init(|| names_of(lint, &finding)).as_slice();
        for (i, suppression) in suppressions.iter().enumerate() {
            if !speaks_of(lint, suppression, &finding, names) {
                continue;
            }
            for (rule, _) in finding.rules() {
                if suppression.rules.iter().any(|r| r.id == rule.id) {
                    used[i] = true;
                    if holds(suppression) {
                        gone.push(rule.id);
                    }
                }
            }
        }
        if gone.is_empty() {
            left.push(finding);
            continue;
        }
        // That nothing is left of a rule follows from what was accepted.
        if gone.contains(&finding.rule.id) {
            gone.push("RBC658");
        }
        if finding.rules().all(|(rule, _)| gone.contains(&rule.id)) {
            suppressed.push(finding);
        } else {
            left.extend(finding.without(|rule| gone.contains(&rule.id)));
        }
    }
    let mut found = Found::default();
    for (suppression, used) in suppressions.iter().zip(used) {
        let ids: Vec<&str> = suppression.rules.iter().map(|rule| rule.id).collect();
        let ids = ids.join(", ");
        let id = match (holds(suppression), used) {
            (false, _) => "RBC691",
            (true, false) => "RBC690",
            (true, true) => continue,
        };
        let mut finding = Finding::new(
            rules::by_id(id),
            rules::by_id(id).severity,
            suppression.position,
        );
        finding.why = Some(format!("its reason was: {}", suppression.reason).into());
        finding.rare.object = Some(format!("exception for {ids}"));
        finding.rare.file.clone_from(&suppression.file);
        finding.regrade(&lint.settings.severities);
        found.add(finding);
    }
    left.append(&mut found.findings);
    (left, suppressed)
}

fn speaks_of<'n>(
    lint: &Lint<'_>,
    suppression: &Suppression,
    finding: &Finding,
    names: impl Fn() -> &'n [String],
) -> bool {
    let role = finding.role.map(|role| lint.cluster.role(role));
    let binding = finding.binding.map(|binding| lint.cluster.binding(binding));
    match &suppression.target {
        Target::Part(part) => {
            let rules = finding
                .role_rules
                .iter()
                .filter_map(|i| role?.rules.get(*i as usize));
            let here = |position: Position| part.holds(position);
            let mut words = finding.rare.words.iter().filter_map(|word| word.at);
            here(finding.at)
                || words.any(here)
                || rules.map(|rule| rule.position).any(here)
                || role.is_some_and(|role| here(role.position))
                || binding.is_some_and(|binding| {
                    let mut subjects = binding.subjects.iter();
                    here(binding.position)
                        || here(binding.role_ref.position)
                        || subjects.any(|subject| here(subject.position))
                })
        }
        Target::Named(patterns) => {
            let is_one = |pattern| names().iter().any(|name| is_named(pattern, name));
            patterns.is_empty() || patterns.iter().any(|pattern| is_one(pattern))
        }
    }
}

/// The names of the objects that a finding is about.
fn names_of(lint: &Lint<'_>, finding: &Finding) -> Vec<String> {
    let role = finding.role.map(|role| lint.cluster.role(role));
    let role = role.map(|role| (role.kind.as_str(), role.namespace, role.name));
    let binding = finding.binding.map(|binding| lint.cluster.binding(binding));
    let binding = binding.map(|b| (b.kind.as_str(), b.namespace, b.name));
    let objects = role.into_iter().chain(binding);
    let names = objects
        .map(|(kind, namespace, name)| object_name(kind, lint.str(namespace), lint.str(name)));
    names.chain(finding.rare.object.clone()).collect()
}

/// `KIND/NAME` or `KIND/NAMESPACE/NAME`.
pub fn object_name(kind: &str, namespace: &str, name: &str) -> String {
    object_name_parts(kind, namespace, name).concat()
}

/// [`object_name`], taken apart.
pub fn object_name_parts<'n>(kind: &'n str, namespace: &'n str, name: &'n str) -> [&'n str; 5] {
    let slash = if namespace.is_empty() { "" } else { "/" };
    [kind, "/", namespace, slash, name]
}

fn is_named(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}
