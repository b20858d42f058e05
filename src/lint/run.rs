//! Runs every rule over a cluster.

use super::finding::{Finding, Found, NotChecked};
use super::{Check, Lint, Severity, grants, rules};
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
    found.findings.reserve(lint.cluster.bindings().len());
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
    let of_roles: Vec<_> = rules::all()
        .filter_map(|rule| match &rule.check {
            Check::Role(check) => Some(*check),
            _ => None,
        })
        .collect();
    for (id, role) in lint.roles() {
        if lint.is_default_role(id) || role.position.is_built_in() {
            continue;
        }
        for check in &of_roles {
            check(lint, id, &mut found);
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
    if !settings.severities.is_empty() {
        for finding in &mut found.findings {
            finding.regrade(&settings.severities);
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
    // Keys are sorted in place of the findings, which are large.
    let keys = (0usize..).zip(findings.iter()).map(|(i, f)| (key(f), i));
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable_by(|(a, i), (b, j)| {
        let rest = |i: usize| (&findings[i].role_rules, findings[i].binding, i);
        a.cmp(b).then_with(|| rest(*i).cmp(&rest(*j)))
    });
    // Then each finding is moved once: what stands in its place goes where it came from, to be moved next.
    for start in 0..keys.len() {
        let mut place = start;
        loop {
            let from = std::mem::replace(&mut keys[place].1, place);
            if from == start {
                break;
            }
            findings.swap(place, from);
            place = from;
        }
    }
}

/// Severity, place and rule as one number, since many are compared.
fn key(finding: &Finding) -> u128 {
    let at = finding.at;
    let parts = [
        (Severity::Critical as u32 - finding.severity as u32, 8),
        (at.file.0, 32),
        (at.line, 32),
        (at.column, 32),
        (finding.rule.number(), 16),
    ];
    let joined = |key: u128, (part, bits): (u32, u32)| key << bits | u128::from(part);
    parts.into_iter().fold(0, joined)
}
