//! What is said of the dangerous grants of a binding, or of a role that nobody is bound to.

use super::judged::{Graded, grade};
use super::path::{Path, add_path, path};
use crate::lint::finding::{Facet, Finding};
use crate::lint::{Check, Lint, Rule, Severity, Text};
use crate::model::{BindingId, BindingKind, Role, RoleId};

/// The findings of a binding about what it grants: one for each rule of the role, or, if the whole binding
/// is the finding, one with all else as its facets.
pub(in crate::lint) fn of_binding(
    lint: &Lint<'_>,
    id: BindingId,
    heads: Vec<Finding>,
    out: &mut Vec<Finding>,
) {
    let graded = grade(lint, id, true);
    let binding = lint.cluster.binding(id);
    let role = lint.role_of(id);
    // `admin` and `edit` in a namespace are what they are for: what they grant is said, and counts no more than that.
    // For everybody of some kind they are not made.
    let by_design = !lint.is_broad(id) && heads.iter().any(|head| head.rule.id == "RBC215");
    let mut path = path(lint, id, &graded);
    let grave = graded
        .iter()
        .any(|(_, severity, _)| *severity >= Severity::High);
    let heads = heads.into_iter().map(|mut head| {
        // What is grave for one is worse for everybody.
        if head.rule.id == "RBC203" && grave {
            (head.severity, head.own) = (Severity::Critical, Severity::Critical);
        }
        head
    });
    if let Some(mut head) = heads.reduce(graver) {
        let most = if by_design {
            head.severity
        } else {
            Severity::Critical
        };
        for (hit, severity, why) in graded {
            add_facet(&mut head, hit.rule, severity.min(most), why);
            for rule in &hit.role_rules {
                if !head.role_rules.contains(rule) {
                    head.role_rules.push(*rule);
                }
            }
        }
        // Who gets everything is not helped by a list of what that is.
        let everything = ["RBC101", "RBC102"];
        if head.rules().any(|(rule, _)| everything.contains(&rule.id)) {
            head.facets.retain(|facet| {
                facet.rule.id.starts_with("RBC2") || everything.contains(&facet.rule.id)
            });
        }
        add_path(&mut head, path);
        finish(lint, id, role, &mut head);
        out.push(head);
        return;
    }
    let everything = |(hit, ..): &Graded<'_>| hit.rule.id == "RBC101" || hit.rule.id == "RBC102";
    let whole = graded.iter().find(|g| everything(g)).cloned();
    let graded = match whole {
        Some(whole) => vec![whole],
        None => graded,
    };
    let first_new = out.len();
    for (hit, severity, why) in graded {
        let first = hit.role_rules.first().copied();
        let same = out[first_new..]
            .iter_mut()
            .find(|finding| finding.role_rules.first().copied() == first);
        match same {
            Some(finding) => {
                for rule in &hit.role_rules {
                    if !finding.role_rules.contains(rule) {
                        finding.role_rules.push(*rule);
                    }
                }
                add_facet(finding, hit.rule, severity, why);
            }
            None => {
                let mut finding = Finding::new(hit.rule, severity, binding.position);
                finding.why = why;
                finding.role_rules = hit.role_rules.clone();
                out.push(finding);
            }
        }
    }
    for finding in &mut out[first_new..] {
        let of_this = |path: &&Path| finding.rules().any(|(rule, _)| rule.id == path.edge.id);
        if let Some(found) = path.as_ref().filter(of_this).cloned() {
            add_path(finding, Some(found));
            path = None;
        }
        finish(lint, id, role, finding);
    }
}

fn finish(lint: &Lint<'_>, id: BindingId, role: Option<RoleId>, finding: &mut Finding) {
    finding.binding = Some(id);
    finding.role = role;
    finding.at = lint.place_of(id, finding.subject);
    if let (Check::Grant(grant), Some(role)) = (&finding.rule.check, role)
        && let Some(fix) = grant.pinned
    {
        let rules = &lint.cluster.role(role).rules;
        let mut shown = finding.role_rules.iter();
        let is_pinned = shown.all(|rule| !rules[*rule as usize].resource_names.is_empty());
        finding.fix = is_pinned.then_some(fix.into());
    }
    if let Check::Grant(grant) = &finding.rule.check
        && let Some(what) = grant.everywhere
        && finding.what.is_none()
        && lint.cluster.binding(id).kind == BindingKind::ClusterRoleBinding
    {
        finding.what = Some(what.into());
    }
    finding
        .facets
        .sort_by_key(|facet| std::cmp::Reverse(facet.severity));
}

/// Joins two findings of one binding; the graver one is the head.
fn graver(a: Finding, b: Finding) -> Finding {
    let (mut head, other) = if b.severity > a.severity {
        (b, a)
    } else {
        (a, b)
    };
    let Finding {
        rule,
        severity,
        why,
        facets,
        ..
    } = other;
    head.facets.push(Facet {
        rule,
        severity,
        why,
    });
    head.facets.extend(facets);
    head
}

/// Adds what another rule says of the same grant; the gravest is the head.
pub(super) fn add_facet(
    finding: &mut Finding,
    rule: &'static Rule,
    severity: Severity,
    why: Option<Text>,
) {
    if finding.rule.id == rule.id || finding.facets.iter().any(|f| f.rule.id == rule.id) {
        return;
    }
    // Most have one, and there can be very many.
    finding.facets.reserve_exact(1);
    if severity > finding.severity && finding.what.is_none() {
        let facet = Facet {
            rule: std::mem::replace(&mut finding.rule, rule),
            severity: std::mem::replace(&mut finding.own, severity),
            why: std::mem::replace(&mut finding.why, why),
        };
        finding.severity = severity;
        finding.facets.push(facet);
        return;
    }
    // A head that stands for the whole binding keeps its words and takes the severity.
    finding.severity = finding.severity.max(severity);
    finding.facets.push(Facet {
        rule,
        severity,
        why,
    });
}

/// A role with dangerous grants that nobody holds: one finding, about the gravest of them.
pub(in crate::lint) fn latent(lint: &Lint<'_>, id: RoleId, role: &Role) -> Option<Finding> {
    let hits = &lint.hits[id.0 as usize];
    // A role that is not bound is nobody's own grant (RBC222).
    let hits = if hits.cluster.is_empty() {
        &hits.namespace
    } else {
        &hits.cluster
    };
    let gravest = hits
        .iter()
        .filter(|hit| hit.whole && hit.rule.id != "RBC222")
        .max_by_key(|hit| (hit.rule.severity, std::cmp::Reverse(hit.rule.id)))?;
    let mut finding = Finding::new(gravest.rule, Severity::Info, role.position);
    finding.role = Some(id);
    finding.role_rules = gravest.role_rules.clone();
    finding.why = Some(
        format!(
            "nobody is bound to this role; whoever will be {}",
            gravest.rule.what
        )
        .into(),
    );
    for hit in hits
        .iter()
        .filter(|hit| hit.whole && hit.rule.id != gravest.rule.id && hit.rule.id != "RBC222")
    {
        finding.facets.push(Facet {
            rule: hit.rule,
            severity: Severity::Info,
            why: None,
        });
    }
    Some(finding)
}
