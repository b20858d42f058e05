//! Runs every rule over a cluster.

use super::finding::{Finding, Found, NotChecked};
use super::{Check, Lint, grants, rules};
use crate::model::BindingId;

/// What the rules found.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings, the gravest first, then by place.
    pub findings: Vec<Finding>,
    /// The rules that could not be decided, and why.
    pub not_checked: Vec<NotChecked>,
}

type BindingCheck = fn(&Lint<'_>, BindingId, &mut Found);

/// Runs every rule. Costs one pass over roles and bindings, and a look at a few bindings for what takes
/// several of them together.
pub fn lint(lint: &Lint<'_>) -> Report {
    let settings = lint.settings;
    let mut found = Found::default();
    let checks = |wanted: fn(&Check) -> Option<BindingCheck>| -> Vec<BindingCheck> {
        rules::all()
            .filter_map(|rule| wanted(&rule.check))
            .collect()
    };
    let heads = checks(|check| match check {
        Check::Head(check) => Some(*check),
        _ => None,
    });
    let others = checks(|check| match check {
        Check::Binding(check) => Some(*check),
        _ => None,
    });
    for (id, _) in lint.bindings() {
        if lint.known.binding(id) {
            continue;
        }
        let before = found.findings.len();
        for check in &heads {
            check(lint, id, &mut found);
        }
        let standing_for_all = found.findings.split_off(before);
        grants::of_binding(lint, id, standing_for_all, &mut found.findings);
        for check in &others {
            check(lint, id, &mut found);
        }
    }
    grants::everything_by_several(lint, &mut found.findings);
    for (id, role) in lint.roles() {
        if lint.is_default_role(id) || role.position.is_built_in() {
            continue;
        }
        for rule in rules::all() {
            if let Check::Role(check) = rule.check {
                check(lint, id, &mut found);
            }
        }
        let unused =
            lint.bindings_of(id).is_empty() && !rules::aggregation::is_gathered(lint, role);
        if unused {
            found.findings.extend(grants::latent(lint, id, role));
        }
    }
    for rule in rules::all() {
        if let Check::All(check) = rule.check {
            check(lint, &mut found);
        }
    }
    for finding in &mut found.findings {
        if let Some(severity) = settings.severities.get(finding.rule.id) {
            finding.severity = *severity;
            finding.own = *severity;
        }
        for facet in &mut finding.facets {
            if let Some(severity) = settings.severities.get(facet.rule.id) {
                facet.severity = *severity;
            }
        }
    }
    sort(&mut found.findings);
    Report {
        findings: found.findings,
        not_checked: found.not_checked,
    }
}

/// The gravest first, then by place and id: what people and diffs expect.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.severity), f.at, f.rule.id);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.role_rules.cmp(&b.role_rules))
    });
}
