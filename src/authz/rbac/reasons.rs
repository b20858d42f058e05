//! The words for a grant, written once: its binding, role and subject lie in many places.

use super::{Allow, describe_binding, describe_subject};
use crate::model::{Cluster, Quoted};
use std::fmt::{self, Write};
use std::sync::OnceLock;

/// The reasons of a cluster, by binding and subject; each is made when it is first wanted.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    /// Of each binding, that of the subject that was first asked about: most are asked about for one.
    first_asked: OnceLock<Box<[FirstAsked]>>,
    /// Of each binding, those of its other subjects.
    others: OnceLock<Box<[Others]>>,
}

/// A subject's number and its reason.
type FirstAsked = OnceLock<Box<(u32, Box<str>)>>;

type Others = OnceLock<Box<[OnceLock<Box<str>>]>>;

impl Reasons {
    /// Why a grant allows.
    pub(super) fn of(&self, cluster: &Cluster, allow: &Allow) -> &str {
        let number = allow.binding.0 as usize;
        let first_asked = &self.first_asked.get_or_init(|| of_each(cluster))[number];
        let (subject, text) =
            &**first_asked.get_or_init(|| Box::new((allow.subject, text(cluster, allow))));
        if *subject == allow.subject {
            return text;
        }
        let others = self.others.get_or_init(|| of_each(cluster))[number].get_or_init(|| {
            let subjects = cluster.binding(allow.binding).subjects.iter();
            subjects.map(|_| OnceLock::new()).collect()
        });
        others[allow.subject as usize].get_or_init(|| self::text(cluster, allow))
    }
}

/// Something for each binding of a cluster.
fn of_each<T: Default>(cluster: &Cluster) -> Box<[T]> {
    cluster.bindings().iter().map(|_| T::default()).collect()
}

fn text(cluster: &Cluster, allow: &Allow) -> Box<str> {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(cluster, allow, &mut text);
    text.into()
}

fn write(cluster: &Cluster, allow: &Allow, out: &mut String) -> fmt::Result {
    let binding = cluster.binding(allow.binding);
    out.push_str("RBAC: allowed by ");
    describe_binding(cluster, binding, out)?;
    write!(out, " of {} ", binding.role_ref.kind.as_str())?;
    Quoted(cluster.str(binding.role_ref.name)).write_to(out)?;
    out.push_str(" to ");
    describe_subject(cluster, &binding.subjects[allow.subject as usize], out)
}
