//! Every subject that may do something, each judged as the request it would send.

use super::grants::{Grant, all_grants};
use crate::authz::{Chain, PRIVILEGED_GROUP};
use crate::model::{Attributes, Cluster, Request, SubjectKind};
use std::collections::BTreeSet;

/// Someone who may, and by which grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoCan<'c> {
    /// User, Group or ServiceAccount.
    pub kind: SubjectKind,
    /// A ServiceAccount's namespace; empty for the others.
    pub namespace: &'c str,
    /// The name.
    pub name: &'c str,
    /// Every grant that allows it; none for the group that is allowed everything.
    pub via: Vec<Grant>,
}

/// Who may make a request, in the order of kind, namespace and name.
///
/// Asked are the subjects of all bindings, all loaded ServiceAccounts and the privileged group: a User
/// as a member of `system:authenticated`, a ServiceAccount with its three groups, a Group as somebody
/// who is in that group alone.
pub fn who_can<'c>(chain: &Chain<'c>, request: Request<'_>) -> Vec<WhoCan<'c>> {
    let rbac = chain.rbac();
    let mut answer = Vec::new();
    for (kind, namespace, name) in candidates(rbac.cluster()) {
        let (user, groups) = identity(kind, namespace, name);
        let attributes = Attributes {
            user: &user,
            groups: &groups,
            request,
        };
        if chain.decide(&attributes).allowed() {
            answer.push(WhoCan {
                kind,
                namespace,
                name,
                via: all_grants(rbac, &attributes),
            });
        }
    }
    answer
}

fn candidates(cluster: &Cluster) -> BTreeSet<(SubjectKind, &str, &str)> {
    let mut candidates = BTreeSet::from([(SubjectKind::Group, "", PRIVILEGED_GROUP)]);
    for subject in cluster.bindings().iter().flat_map(|b| &b.subjects) {
        let namespace = cluster.str(subject.namespace);
        candidates.insert((subject.kind, namespace, cluster.str(subject.name)));
    }
    for &(namespace, name) in cluster.service_accounts().keys() {
        let (namespace, name) = (cluster.str(namespace), cluster.str(name));
        candidates.insert((SubjectKind::ServiceAccount, namespace, name));
    }
    candidates
}

fn identity(kind: SubjectKind, namespace: &str, name: &str) -> (String, Vec<String>) {
    let authenticated = || "system:authenticated".to_owned();
    match kind {
        SubjectKind::User => (name.to_owned(), vec![authenticated()]),
        SubjectKind::Group => (String::new(), vec![name.to_owned()]),
        SubjectKind::ServiceAccount => (
            format!("system:serviceaccount:{namespace}:{name}"),
            vec![
                "system:serviceaccounts".to_owned(),
                format!("system:serviceaccounts:{namespace}"),
                authenticated(),
            ],
        ),
    }
}
