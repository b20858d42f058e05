//! Whether rules together allow all that the API serves, whoever of them allows which part.
//!
//! One rule of three stars allows everything, and nothing less allows what is not thought of yet; but rules
//! that name every verb or every resource allow what there is, `escalate`, `bind` and `impersonate` with it.

use super::Lint;
use super::requests::Bits;
use crate::authz::rbac::matches::Question;
use crate::model::{PolicyRule, Request};

/// What no discovery lists and cluster-admin may: verb, group, resource, and whether a RoleBinding grants it.
const UNLISTED: [(&str, &str, &str, bool); 11] = [
    (
        "escalate",
        "rbac.authorization.k8s.io",
        "clusterroles",
        false,
    ),
    ("escalate", "rbac.authorization.k8s.io", "roles", true),
    ("bind", "rbac.authorization.k8s.io", "clusterroles", true),
    ("bind", "rbac.authorization.k8s.io", "roles", true),
    ("impersonate", "", "users", false),
    ("impersonate", "", "groups", false),
    ("impersonate", "", "serviceaccounts", true),
    ("impersonate", "authentication.k8s.io", "uids", false),
    ("approve", "certificates.k8s.io", "signers", false),
    ("sign", "certificates.k8s.io", "signers", false),
    ("attest", "certificates.k8s.io", "signers", false),
];

/// What rules that cover everything allow among the rest: few rules do, and asking that first is cheap.
pub(super) const FIRST: [&str; 3] = [
    "escalate rbac:roles,clusterroles",
    "get secrets",
    "create pods",
];

/// The rules among these by which everything that is served is allowed; `None` if something is not. In a
/// namespace, what is served there is everything.
pub(super) fn covering(
    lint: &Lint<'_>,
    rules: &[&PolicyRule],
    cluster_wide: bool,
) -> Option<Vec<usize>> {
    let mut used = Vec::new();
    let mut allowed = |verb: &str, group: &str, resource: &str, subresource: &str| {
        let request = Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace: "",
            // Some name that no rule lists.
            name: "\u{0}",
        };
        let question = Question::new(lint.cluster.interner(), &request);
        let by = rules.iter().position(|rule| question.matches(rule));
        if let Some(by) = by
            && !used.contains(&by)
        {
            used.push(by);
        }
        by.is_some()
    };
    let unlisted = UNLISTED
        .iter()
        .filter(|(.., namespaced)| cluster_wide || *namespaced);
    for (verb, group, resource, _) in unlisted {
        if !allowed(verb, group, resource, "") {
            return None;
        }
    }
    for resource in lint.cluster.api_resources().resources() {
        if !cluster_wide && !resource.namespaced() {
            continue;
        }
        let subresources = resource.subresources().map(|sub| (sub.name, sub.verbs));
        for (subresource, verbs) in std::iter::once(("", resource.verbs())).chain(subresources) {
            let all = verbs
                .iter()
                .all(|verb| allowed(verb, resource.group, resource.name(), subresource));
            if !all {
                return None;
            }
        }
    }
    used.sort_unstable();
    Some(used)
}

/// Whether what is allowed has a part of everything that little else has.
pub(super) fn may_cover(lint: &Lint<'_>, allowed: Bits) -> bool {
    FIRST
        .iter()
        .all(|pattern| allowed.meets(lint.mask(&[pattern])))
}
