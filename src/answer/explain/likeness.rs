//! Whether a subject of a binding, which does not match the user, may be meant all the same.

use super::spelling::misspelling;
use crate::model::{Attributes, Cluster, Subject, SubjectKind};

/// How a binding's subject differs from the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectRelation {
    /// The same name as another kind of subject.
    OtherKind,
    /// The same name in another case.
    Case,
    /// A ServiceAccount of the same name in another namespace.
    OtherNamespace,
    /// Nearly the same name.
    Spelling,
}

/// What of the user a subject resembles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AskedAs {
    /// The user's name.
    User,
    /// The group of this index.
    Group(u32),
}

/// Namespace and name of a ServiceAccount, from its user name.
pub(crate) fn service_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user
        .strip_prefix("system:serviceaccount:")?
        .split_once(':')?;
    (!namespace.is_empty() && !name.is_empty() && !name.contains(':')).then_some((namespace, name))
}

/// How a subject that does not match the user resembles it, if it does.
pub(super) fn likeness<S: AsRef<str>>(
    cluster: &Cluster,
    attributes: &Attributes<'_, S>,
    subject: &Subject,
) -> Option<(SubjectRelation, AskedAs)> {
    let name = cluster.str(subject.name);
    let user = attributes.user;
    if name.is_empty() {
        return None;
    }
    let spelling = |asked: &str, name: &str| match misspelling(asked, name)? {
        0 => Some(SubjectRelation::Case),
        _ => Some(SubjectRelation::Spelling),
    };
    let groups = || (0u32..).zip(attributes.groups.iter().map(AsRef::as_ref));
    let as_user = match (subject.kind, service_account(user)) {
        (SubjectKind::User, Some((_, account))) if account == name => {
            Some(SubjectRelation::OtherKind)
        }
        (SubjectKind::User, _) => spelling(user, name),
        (SubjectKind::Group, _) => (name == user).then_some(SubjectRelation::OtherKind),
        (SubjectKind::ServiceAccount, Some((namespace, account))) => {
            match (account == name, namespace == cluster.str(subject.namespace)) {
                (true, false) => Some(SubjectRelation::OtherNamespace),
                (false, true) => spelling(account, name),
                _ => None,
            }
        }
        (SubjectKind::ServiceAccount, None) => {
            let namespace = cluster.str(subject.namespace);
            let written = user.strip_suffix(name).is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix(namespace)
                        .is_some_and(|r| [":", "/"].contains(&r))
            });
            written.then_some(SubjectRelation::OtherKind)
        }
    };
    if let Some(relation) = as_user {
        return Some((relation, AskedAs::User));
    }
    groups().find_map(|(index, group)| {
        let relation = match subject.kind {
            SubjectKind::User => (group == name).then_some(SubjectRelation::OtherKind),
            // The server's own groups are alike by design.
            SubjectKind::Group if !group.starts_with("system:") => spelling(group, name),
            SubjectKind::Group | SubjectKind::ServiceAccount => None,
        }?;
        Some((relation, AskedAs::Group(index)))
    })
}
