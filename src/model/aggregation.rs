//! Aggregated ClusterRoles, settled as the clusterrole-aggregation-controller settles them
//! (docs page "Using RBAC Authorization", aggregated ClusterRoles).

use super::{
    LabelSelector, LabelSelectorOperator, PolicyRule, Position, Role, RoleKind, Symbol,
    symbol::Interner,
};
use std::collections::HashSet;
use std::sync::Arc;

/// Overwrites the rules of every ClusterRole that has an aggregationRule with those of the ClusterRoles
/// it selects, until nothing changes any more.
///
/// The controller leaves rules alone where it would write none and never wrote before: it owns the rules
/// of the built-in aggregated roles, not those of a role that a user wrote.
pub(super) fn settle(roles: &mut [Role], interner: &Interner) {
    let mut by_name: Vec<usize> = (0..roles.len())
        .filter(|&i| roles[i].kind == RoleKind::ClusterRole)
        .collect();
    by_name.sort_by_key(|&i| interner.resolve(roles[i].name));

    let mut selections: Vec<(usize, Vec<usize>)> = Vec::new();
    for &target in &by_name {
        let Some(aggregation) = &roles[target].aggregation_rule else {
            continue;
        };
        let mut selected = Vec::new();
        for selector in &aggregation.cluster_role_selectors {
            selected.extend(by_name.iter().copied().filter(|&candidate| {
                candidate != target && selects(selector, &roles[candidate].labels)
            }));
        }
        let mut seen = HashSet::new();
        selected.retain(|&i| seen.insert(i));
        selections.push((target, selected));
    }

    // Each pass carries rules one step along a chain; a cycle whose rules only change places would never
    // settle in a cluster either.
    for _ in 0..=selections.len() + 1 {
        let mut changed = false;
        for (target, selected) in &selections {
            let gathered = gather(roles, selected);
            let target = &mut roles[*target];
            if gathered.is_empty() && !owned_by_controller(target) {
                continue;
            }
            let same = gathered.len() == target.rules.len()
                && gathered
                    .iter()
                    .zip(&target.rules)
                    .all(|(a, b)| a.same_content(b));
            if !same {
                changed = true;
            }
            target.rules = gathered;
        }
        if !changed {
            break;
        }
    }
}

fn owned_by_controller(role: &Role) -> bool {
    role.position == Position::BUILT_IN
}

fn gather(roles: &[Role], selected: &[usize]) -> Vec<Arc<PolicyRule>> {
    let mut seen = HashSet::new();
    let mut gathered = Vec::new();
    for &source in selected {
        for rule in &roles[source].rules {
            if seen.insert(rule.content()) {
                gathered.push(Arc::clone(rule));
            }
        }
    }
    gathered
}

/// Whether a label selector selects an object with these labels.
pub fn selects(selector: &LabelSelector, labels: &[(Symbol, Symbol)]) -> bool {
    let value = |key: Symbol| labels.iter().rfind(|(k, _)| *k == key).map(|(_, v)| *v);
    let labels_match = selector
        .match_labels
        .iter()
        .all(|(key, wanted)| value(*key) == Some(*wanted));
    labels_match
        && selector.match_expressions.iter().all(|requirement| {
            let found = value(requirement.key);
            match requirement.operator {
                LabelSelectorOperator::In => found.is_some_and(|v| requirement.values.contains(&v)),
                LabelSelectorOperator::NotIn => {
                    found.is_none_or(|v| !requirement.values.contains(&v))
                }
                LabelSelectorOperator::Exists => found.is_some(),
                LabelSelectorOperator::DoesNotExist => found.is_none(),
            }
        })
}
