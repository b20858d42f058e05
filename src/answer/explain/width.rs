//! How much a role grants.

use crate::model::{Cluster, PolicyRule, Role, Symbol};

/// Whether a role grants everything in the API, such as cluster-admin.
pub(super) fn grants_everything(role: &Role) -> bool {
    role.rules.iter().any(|rule| {
        let any = |list: &[Symbol]| list.contains(&Symbol::ANY);
        any(&rule.verbs) && any(&rule.api_groups) && any(&rule.resources)
    })
}

/// How much a role grants, to tell narrow roles from wide ones: verbs × groups × resources of its rules.
pub(super) fn breadth(role: &Role) -> usize {
    let size = |list: &[Symbol]| match list.contains(&Symbol::ANY) {
        true => 1000,
        false => list.len().max(1),
    };
    let of_rule = |rule: &PolicyRule| {
        let lists = [
            &rule.verbs,
            &rule.api_groups,
            &rule.resources,
            &rule.non_resource_urls,
        ];
        lists
            .iter()
            .fold(1usize, |n, list| n.saturating_mul(size(list)))
    };
    role.rules
        .iter()
        .fold(0, |n, rule| n.saturating_add(of_rule(rule)))
}

/// Whether a role is part of the server's own machinery and nothing to give to others.
pub(super) fn is_system(cluster: &Cluster, role: &Role) -> bool {
    role.position.is_built_in() && cluster.str(role.name).starts_with("system:")
}
