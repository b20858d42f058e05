//! Everything that allows a request, not only what allows it first.

use crate::authz::rbac::{Rbac, matches::Question, rules_of};
use crate::model::Attributes;

/// One way in which a request is allowed: a binding, its first subject that matches the user, the role
/// that the binding refers to, and a rule of the role that allows the request.
pub use crate::authz::rbac::Allow as Grant;

/// Every grant that allows the request, in the order in which RBAC visits bindings, then in the order
/// of the rules.
///
/// What the server allows without asking RBAC ([`crate::authz::is_privileged`]) is no grant.
pub fn all_grants<S: AsRef<str>>(rbac: &Rbac<'_>, attributes: &Attributes<'_, S>) -> Vec<Grant> {
    let cluster = rbac.cluster();
    let question = Question::new(cluster.interner(), &attributes.request);
    // A path has no namespace, so only ClusterRoleBindings apply to it.
    let namespace = attributes.request.namespace();
    let mut grants = Vec::new();
    for found in rbac.applicable(attributes.user, attributes.groups, namespace) {
        let Some(role) = found.role else { continue };
        let allowing = rules_of(cluster.role(role)).filter(|(_, rule)| question.matches(rule));
        grants.extend(allowing.map(|(rule, _)| Grant {
            binding: found.binding,
            subject: found.subject,
            role,
            rule,
        }));
    }
    grants
}

#[cfg(test)]
mod tests {
    use super::all_grants;
    use crate::answer::explain::world::{World, ask, url};
    use crate::authz::rbac::{Decision, Rbac};

    #[test]
    fn lists_every_way_in_visiting_order() {
        let mut world = World::new();
        world.role("Role default/reader", &["get,list pods", "* *.*"]);
        world.role("ClusterRole view", &["get pods"]);
        world.bind(
            "RoleBinding default/a",
            "Role reader",
            &["Group dev", "User alice"],
        );
        world.bind("RoleBinding prod/b", "ClusterRole view", &["User alice"]);
        world.bind("RoleBinding default/c", "Role gone", &["User alice"]);
        world.bind(
            "ClusterRoleBinding d",
            "ClusterRole view",
            &["User bob", "User alice"],
        );
        let cluster = world.build();
        let rbac = Rbac::new(&cluster);
        let groups = ["dev"];
        let attributes = ask("alice", &groups, "get pods default");
        let grants = all_grants(&rbac, &attributes);
        let seen: Vec<_> = grants
            .iter()
            .map(|g| {
                (
                    cluster.str(cluster.binding(g.binding).name),
                    g.subject,
                    g.rule,
                )
            })
            .collect();
        assert_eq!(seen, [("d", 1, 0), ("a", 0, 0), ("a", 0, 1)]);
        assert_eq!(rbac.decide(&attributes), Decision::Allow(grants[0]));
    }

    #[test]
    fn paths_come_from_cluster_role_bindings_alone() {
        let mut world = World::new();
        world.role("ClusterRole urls", &["get /metrics"]);
        world.bind("RoleBinding default/a", "ClusterRole urls", &["User alice"]);
        world.bind("ClusterRoleBinding b", "ClusterRole urls", &["User alice"]);
        let cluster = world.build();
        let grants = all_grants(&Rbac::new(&cluster), &url("alice", &[], "get /metrics"));
        assert_eq!(grants.len(), 1);
        assert_eq!(cluster.str(cluster.binding(grants[0].binding).name), "b");
    }
}
