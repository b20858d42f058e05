//! The words for a grant, written once: its binding, role and subject lie in many places.

use super::{Allow, describe_binding, describe_subject};
use crate::model::{Cluster, Quoted};
use std::fmt::{self, Write};
use std::sync::OnceLock;

/// The reasons of a cluster, by binding and subject; each is made when it is first wanted.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    of_bindings: OnceLock<Box<[OfBinding]>>,
}

/// The reasons of one binding. Most are asked about for one subject, whose reason is found in two steps.
#[derive(Debug, Default)]
struct OfBinding {
    first_asked: OnceLock<(u32, Box<str>)>,
    others: OnceLock<Box<[OnceLock<Box<str>>]>>,
}

impl Reasons {
    /// Why a grant allows.
    pub(super) fn of(&self, cluster: &Cluster, allow: &Allow) -> &str {
        let of_bindings = self.of_bindings.get_or_init(|| {
            let bindings = cluster.bindings().iter();
            bindings.map(|_| OfBinding::default()).collect()
        });
        let of_binding = &of_bindings[allow.binding.0 as usize];
        let (subject, text) = of_binding
            .first_asked
            .get_or_init(|| (allow.subject, text(cluster, allow)));
        if *subject == allow.subject {
            return text;
        }
        let others = of_binding.others.get_or_init(|| {
            let subjects = cluster.binding(allow.binding).subjects.iter();
            subjects.map(|_| OnceLock::new()).collect()
        });
        others[allow.subject as usize].get_or_init(|| self::text(cluster, allow))
    }
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
