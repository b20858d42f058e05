//! Hints about who asks: users, groups, ServiceAccounts and the roles they should have.

use super::{Hint, MOST, owned};
use crate::answer::explain::likeness::service_account;
use crate::answer::explain::spelling::{misspelling, suggestions};
use crate::authz::rbac::Rbac;
use crate::authz::{PRIVILEGED_GROUP, is_node_user};
use crate::model::{Attributes, BindingId, Cluster, Role, RoleId, RoleKind, SubjectKind, Symbol};
use std::collections::BTreeSet;

/// Names that no binding knows, and ServiceAccounts asked about as users.
pub(super) fn about_identity<S: AsRef<str>>(
    cluster: &Cluster,
    attributes: &Attributes<'_, S>,
    allowed: bool,
    hints: &mut Vec<Hint>,
) {
    let user = attributes.user;
    let (mut users, mut groups): (BTreeSet<Symbol>, BTreeSet<Symbol>) = Default::default();
    for subject in cluster
        .bindings()
        .iter()
        .flat_map(|binding| &binding.subjects)
    {
        match subject.kind {
            SubjectKind::Group => groups.insert(subject.matches),
            SubjectKind::User | SubjectKind::ServiceAccount => users.insert(subject.matches),
        };
    }
    let names = |set: &BTreeSet<Symbol>, word: &str| {
        cluster
            .interner()
            .get(word)
            .is_some_and(|symbol| set.contains(&symbol))
    };
    let named = names(&users, user);
    if !allowed || !named {
        about_service_accounts(cluster, attributes, hints);
    }
    if allowed {
        return;
    }
    if is_node_user(user, attributes.groups) && !cluster.core_objects().has_pods() {
        hints.push(Hint::NoPods);
    }
    if !named && !user.is_empty() && user != "system:anonymous" {
        let all = users.iter().map(|user| cluster.str(*user));
        let suggestions = owned(suggestions(user, all));
        // Who comes through a group that bindings name needs no binding by name.
        let mut own = attributes.groups.iter().map(AsRef::as_ref);
        let through_group = own.any(|group| !implied(group) && names(&groups, group));
        if !suggestions.is_empty() || !through_group {
            hints.push(Hint::UnknownUser { suggestions });
        }
    }
    for group in attributes.groups.iter().map(AsRef::as_ref) {
        if !implied(group) && !names(&groups, group) {
            let all = groups.iter().map(|group| cluster.str(*group));
            hints.push(Hint::UnknownGroup {
                group: group.to_owned(),
                suggestions: owned(suggestions(group, all)),
            });
        }
    }
}

/// Groups that the server adds by itself: nobody misses a binding of theirs.
fn implied(group: &str) -> bool {
    let by_account = "system:serviceaccounts";
    [
        "system:authenticated",
        "system:unauthenticated",
        "system:nodes",
        PRIVILEGED_GROUP,
    ]
    .contains(&group)
        || group.starts_with(by_account)
}

fn about_service_accounts<S: AsRef<str>>(
    cluster: &Cluster,
    attributes: &Attributes<'_, S>,
    hints: &mut Vec<Hint>,
) {
    let user = attributes.user;
    if user.is_empty() || service_account(user).is_some() {
        return;
    }
    let bound = cluster
        .bindings()
        .iter()
        .flat_map(|binding| &binding.subjects);
    let bound = bound.filter(|subject| subject.kind == SubjectKind::ServiceAccount);
    let mut all: BTreeSet<(Symbol, Symbol)> = cluster.service_accounts().keys().copied().collect();
    all.extend(bound.map(|subject| (subject.namespace, subject.name)));
    // `app`, `ns:app`, `ns/app` and attempts at the full name.
    let meant = |(namespace, name): (&str, &str)| {
        let Some(rest) = user.strip_suffix(name).filter(|_| !name.is_empty()) else {
            return false;
        };
        let Some(place) = rest.strip_suffix([':', '/']) else {
            return rest.is_empty();
        };
        let attempts = [
            "system:serviceaccount",
            "system:serviceaccounts",
            "serviceaccount",
            "sa",
        ];
        place == namespace
            || attempts.iter().any(|begin| {
                let rest = place.strip_prefix(begin);
                rest.is_some_and(|r| r.is_empty() || r.strip_prefix([':', '/']) == Some(namespace))
            })
    };
    let mut accounts: Vec<(String, String)> = all
        .into_iter()
        .map(|(namespace, name)| (cluster.str(namespace), cluster.str(name)))
        .filter(|account| meant(*account))
        .map(|(namespace, name)| (namespace.to_owned(), name.to_owned()))
        .collect();
    let here = attributes.request.namespace();
    accounts.sort_by(|a, b| (a.0 != here, a).cmp(&(b.0 != here, b)));
    accounts.truncate(MOST);
    if !accounts.is_empty() {
        hints.push(Hint::ServiceAccountMeant { accounts });
    } else if user.starts_with("system:serviceaccount:") {
        hints.push(Hint::NotAServiceAccount);
    }
}

/// Bindings of the user whose roleRef leads nowhere.
pub(super) fn about_roles<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    hints: &mut Vec<Hint>,
) {
    let namespace = attributes.request.namespace();
    let applicable = rbac.applicable(attributes.user, attributes.groups, namespace);
    let missing = applicable.iter().filter(|found| found.role.is_none());
    hints.extend(missing.take(MOST).map(|found| Hint::MissingRole {
        binding: found.binding,
        similar: similar_role(rbac.cluster(), found.binding),
    }));
}

fn similar_role(cluster: &Cluster, binding: BindingId) -> Option<RoleId> {
    let binding = cluster.binding(binding);
    let wanted = cluster.str(binding.role_ref.name);
    let rank = |(id, role): (RoleId, &Role)| {
        let name = cluster.str(role.name);
        let distance = if name == wanted {
            0
        } else {
            1 + misspelling(wanted, name)?
        };
        let reachable = role.kind == RoleKind::ClusterRole || role.namespace == binding.namespace;
        // Near names of other namespaces are too many to mean anything.
        (distance == 0 || reachable).then_some((distance, !reachable, id))
    };
    let ranked = (0u32..).map(RoleId).zip(cluster.roles()).filter_map(rank);
    ranked.min().map(|(_, _, id)| id)
}
