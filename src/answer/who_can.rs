//! Every subject that may do something, each judged as the request it would send.

use super::grants::{Grant, all_grants};
use crate::authz::{Authorizer, Chain, NODES_GROUP, PRIVILEGED_GROUP, Verdict};
use crate::model::{Attributes, Request, SubjectKind};
use std::collections::BTreeSet;

/// Someone who may, and by which ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoCan<'a> {
    /// User, Group or ServiceAccount.
    pub kind: SubjectKind,
    /// A ServiceAccount's namespace; empty for the others.
    pub namespace: &'a str,
    /// The name.
    pub name: &'a str,
    /// Every way in which it is allowed; none for the group that is allowed everything.
    pub via: Vec<Via>,
}

/// A way in which a request is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A grant of RBAC.
    Grant(Grant),
    /// A policy of ABAC, by its line in the file.
    Policy(u32),
    /// Another authorizer, by its index in the chain.
    Authorizer(usize),
}

/// Who may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects<'a> {
    /// Those who may for certain.
    pub may: Vec<WhoCan<'a>>,
    /// Those who may unless an authorizer denies it whose answer is not known.
    pub unless: Vec<WhoCan<'a>>,
    /// The authorizers, by their index, that may allow more than those who were asked about: what they
    /// allow cannot be listed.
    pub not_listed: Vec<usize>,
}

/// Who may make a request, in the order of kind, namespace and name.
///
/// Asked are the subjects of all bindings and policies, all loaded ServiceAccounts, where the Node authorizer
/// is one of the chain the kubelets of all nodes that are loaded or named by what is, the privileged group and
/// everybody, as the groups of those who have authenticated and who have not: a User as a member of
/// `system:authenticated`, a ServiceAccount with its three groups, a Group as somebody who is in that group
/// alone.
pub fn who_can<'a>(chain: &'a Chain<'_>, request: Request<'_>) -> Subjects<'a> {
    let mut answer = Subjects::default();
    for (kind, namespace, name) in candidates(chain) {
        let (user, mut groups) = identity(kind, namespace, name);
        if kind == SubjectKind::User && is_kubelet(chain, name) {
            groups.push(NODES_GROUP.to_owned());
        }
        let attributes = Attributes {
            user: &user,
            groups: &groups,
            request,
            ..Attributes::default()
        };
        let verdict = chain.decide(&attributes);
        if verdict.refused() {
            continue;
        }
        let who = WhoCan {
            kind,
            namespace,
            name,
            via: ways(chain, &attributes),
        };
        match verdict {
            Verdict::Unknown(unknown) if unknown.otherwise.allowed() => answer.unless.push(who),
            // Whoever may for no known reason is among those whom nobody can list.
            Verdict::Unknown(_) => {}
            _ => answer.may.push(who),
        }
    }
    let members = chain.members().iter().enumerate();
    let hidden = members.filter(|(_, member)| !member.authorizer.can_be_listed());
    answer.not_listed = hidden.map(|(index, _)| index).collect();
    answer
}

/// Whether a user is the kubelet of a node that something loaded speaks of.
fn is_kubelet(chain: &Chain<'_>, user: &str) -> bool {
    chain.members().iter().any(|member| {
        matches!(&member.authorizer, Authorizer::Node(node) if node.users().contains(user))
    })
}

/// Every way in which the authorizers allow a request, each asked by itself.
fn ways(chain: &Chain<'_>, attributes: &Attributes<'_, String>) -> Vec<Via> {
    let mut ways = Vec::new();
    for (index, member) in chain.members().iter().enumerate() {
        match &member.authorizer {
            Authorizer::Rbac(rbac) => {
                ways.extend(all_grants(rbac, attributes).into_iter().map(Via::Grant));
            }
            Authorizer::Abac(abac) => {
                let policy = abac.decide(attributes).and_then(|i| abac.policies().get(i));
                ways.extend(policy.map(|policy| Via::Policy(policy.line)));
            }
            _ if chain.allows_by(index, attributes) => ways.push(Via::Authorizer(index)),
            _ => {}
        }
    }
    ways
}

fn candidates<'a>(chain: &'a Chain<'_>) -> BTreeSet<(SubjectKind, &'a str, &'a str)> {
    let cluster = chain.cluster();
    let everybody = [
        PRIVILEGED_GROUP,
        "system:authenticated",
        "system:unauthenticated",
    ];
    let mut candidates: BTreeSet<_> = everybody
        .map(|group| (SubjectKind::Group, "", group))
        .into();
    for subject in cluster.bindings().iter().flat_map(|b| &b.subjects) {
        let namespace = cluster.str(subject.namespace);
        candidates.insert((subject.kind, namespace, cluster.str(subject.name)));
    }
    for &(namespace, name) in cluster.service_accounts().keys() {
        let (namespace, name) = (cluster.str(namespace), cluster.str(name));
        candidates.insert((SubjectKind::ServiceAccount, namespace, name));
    }
    for member in chain.members() {
        if let Authorizer::Node(node) = &member.authorizer {
            let users = node.users().iter();
            candidates.extend(users.map(|user| (SubjectKind::User, "", &**user)));
        }
        let Authorizer::Abac(abac) = &member.authorizer else {
            continue;
        };
        for policy in abac.policies() {
            let named = [
                (SubjectKind::User, &policy.user),
                (SubjectKind::Group, &policy.group),
            ];
            let named = named.into_iter().filter(|(_, name)| !name.is_empty());
            candidates.extend(named.map(|(kind, name)| (kind, "", &**name)));
        }
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
