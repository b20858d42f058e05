//! What every node may do, whatever it is related to (`bootstrappolicy.NodeRules`): of resources that the
//! authorizer does not judge one by one.

/// Verbs, API groups and resources.
type Rule = (
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const READ: &[&str] = &["get", "list", "watch"];

const RULES: &[Rule] = &[
    (&["create"], &["authentication.k8s.io"], &["tokenreviews"]),
    (
        &["create"],
        &["authorization.k8s.io"],
        &["localsubjectaccessreviews", "subjectaccessreviews"],
    ),
    (READ, &[""], &["services"]),
    (
        &["create", "patch", "update"],
        &["", "events.k8s.io"],
        &["events"],
    ),
    (&["get"], &[""], &["endpoints"]),
    (
        &["create", "get", "list", "watch"],
        &["certificates.k8s.io"],
        &["certificatesigningrequests"],
    ),
    (READ, &["storage.k8s.io"], &["csidrivers"]),
    (READ, &["node.k8s.io"], &["runtimeclasses"]),
];

/// Added by the gate ClusterTrustBundleProjection.
const TRUST_BUNDLES: Rule = (READ, &["certificates.k8s.io"], &["clustertrustbundles"]);

/// Whether a rule allows a verb of a resource itself: no rule here is of a subresource.
pub(super) fn allow(verb: &str, group: &str, resource: &str, trust_bundles: bool) -> bool {
    let more = trust_bundles.then_some(&TRUST_BUNDLES);
    RULES.iter().chain(more).any(|(verbs, groups, resources)| {
        resources.contains(&resource) && groups.contains(&group) && verbs.contains(&verb)
    })
}

#[cfg(test)]
mod tests {
    use super::{RULES, allow};
    use crate::authz::node::judged;
    use crate::load::{Loader, Options};

    /// The recorded role `system:node` is made of the same rules.
    #[test]
    fn the_rules_are_those_of_the_recorded_role() {
        let cluster = Loader::new(Options::default()).finish();
        let mut roles = cluster.roles().iter();
        let role = roles
            .find(|role| cluster.str(role.name) == "system:node")
            .expect("a default role");
        let mut recorded = 0;
        for rule in &role.rules {
            for (verb, group, resource) in rule.verbs.iter().flat_map(|verb| {
                rule.api_groups
                    .iter()
                    .flat_map(move |group| rule.resources.iter().map(move |r| (verb, group, r)))
            }) {
                let [verb, group, resource] = [verb, group, resource].map(|s| cluster.str(*s));
                let plain = resource.split('/').next().unwrap_or(resource);
                if judged(group, plain).is_none() {
                    assert!(allow(verb, group, resource, false), "{verb} {resource}");
                    recorded += 1;
                }
            }
        }
        let ours = RULES.iter().map(|(v, g, r)| v.len() * g.len() * r.len());
        assert_eq!(ours.sum::<usize>(), recorded);
    }
}
