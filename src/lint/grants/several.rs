//! Everything, by bindings of which none grants it alone.

use super::hits::holds;
use crate::lint::requests::Bits;
use crate::lint::{Finding, Lint, Severity, everything};
use crate::model::{BindingId, BindingKind, PolicyRule, SubjectKind, Symbol};
use foldhash::fast::RandomState;

/// Subjects to whom several bindings together give everything, where none of them does so alone.
pub(in crate::lint) fn everything_by_several(lint: &Lint<'_>, out: &mut Vec<Finding>) {
    let mut seen: std::collections::HashSet<(Symbol, SubjectKind, Symbol), RandomState> =
        Default::default();
    let holds_any = |id: BindingId, patterns: &[&str]| {
        let role = lint.role_of(id);
        role.is_some_and(|role| lint.role_allows(role, patterns)) && !lint.known.binding(id)
    };
    // Whoever gets everything gets this by some binding; where nobody does, there is nobody to look at.
    if !lint
        .bindings()
        .any(|(id, _)| holds_any(id, &everything::FIRST[..1]))
    {
        return;
    }
    for (id, binding) in lint.bindings() {
        let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
        if !holds_any(id, &everything::FIRST) {
            continue;
        }
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if lint.gains_nothing(subject)
                || !seen.insert((binding.namespace, subject.kind, subject.matches))
            {
                continue;
            }
            let together = lint.applicable(id, index);
            let roles = || together.iter().filter_map(|applicable| applicable.role);
            let allowed = roles().fold(Bits::default(), |all, role| {
                all.or(lint.allowed(role).any_name)
            });
            let alone = together.iter().any(|applicable| {
                let role = applicable.role;
                let of = lint.cluster.binding(applicable.binding);
                role.is_some_and(|role| {
                    let hits = lint.hits[role.0 as usize].of(of);
                    holds(hits, "RBC101") || holds(hits, "RBC102")
                })
            });
            if alone || !everything::may_cover(lint, allowed) {
                continue;
            }
            let rules: Vec<&PolicyRule> = roles()
                .flat_map(|role| &lint.cluster.role(role).rules)
                .map(|rule| &**rule)
                .collect();
            if everything::covering(lint, &rules, cluster_wide).is_none() {
                continue;
            }
            let (rule, severity) = match cluster_wide {
                true => ("RBC101", Severity::Critical),
                false => ("RBC102", Severity::High),
            };
            let mut finding = lint.of_subject(rule, severity, id, index);
            finding.why = Some("its bindings together allow all that the API serves, escalate, bind and impersonate with it"
                    .into());
            let others = together
                .iter()
                .filter(|other| other.binding != id && !lint.known.binding(other.binding));
            for other in others.take(10) {
                let of = lint.cluster.binding(other.binding);
                finding.also.push((
                    lint.place_of(other.binding, Some(other.subject)),
                    format!(
                        "holds {} {}, too",
                        of.role_ref.kind.as_str(),
                        lint.str(of.role_ref.name)
                    )
                    .into(),
                ));
            }
            out.push(finding);
        }
    }
}
