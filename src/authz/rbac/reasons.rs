//! The words for a grant, written once: its binding, role and subject lie in many places.

use super::{Allow, describe_binding, describe_subject};
use crate::model::{Cluster, Quoted};
use std::fmt::{self, Write};
use std::sync::OnceLock;

/// A list whose entries are made when they are first wanted.
type Late<T> = OnceLock<Box<[OnceLock<T>]>>;

/// The reasons of a cluster, by binding and subject.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    of_bindings: Late<Box<[OnceLock<Box<str>>]>>,
}

fn empty<T>(count: usize) -> Box<[OnceLock<T>]> {
    (0..count).map(|_| OnceLock::new()).collect()
}

impl Reasons {
    /// Why a grant allows.
    pub(super) fn of(&self, cluster: &Cluster, allow: &Allow) -> &str {
        let of_bindings = self
            .of_bindings
            .get_or_init(|| empty(cluster.bindings().len()));
        let of_subjects = of_bindings[allow.binding.0 as usize]
            .get_or_init(|| empty(cluster.binding(allow.binding).subjects.len()));
        of_subjects[allow.subject as usize].get_or_init(|| {
            let mut text = String::new();
            // Writing to a String cannot fail.
            let _ = write(cluster, allow, &mut text);
            text.into()
        })
    }
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
