//! Objects straight from JSON text, without a tree: for the form in which nearly all of them come, which
//! is what `kubectl get -o json` prints.
//!
//! Only the clean case is read: `apiVersion` and `kind` come first, each known field at most once, every
//! value has its type and nothing is to be said about it. Everything else is `None`, whatever it is, and
//! is left to the tree and [`super::objects`], which know all rules and all messages. So nothing can be
//! judged differently here, it can only be judged there; a property test and a fuzz target compare both.

mod meta;
mod rbac;
mod seen;
#[cfg(test)]
mod tests;
mod words;

use super::json::Cursor;
use super::objects::{Context, Object, RBAC_GROUP};
use crate::model::{BindingKind, PolicyRule, RoleKind, Symbol};
use meta::{LabelChecks, Meta};
use rbac::{DraftRoleRef, DraftSubject};
use seen::Seen;
use std::sync::Arc;
use words::Words;

/// The kinds that are read directly.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Role(RoleKind),
    Binding(BindingKind),
    Namespace,
}

impl Kind {
    fn of(api_version: &str, kind: &str) -> Option<Kind> {
        let core = match kind {
            "Namespace" => Some(Kind::Namespace),
            _ => None,
        };
        if core.is_some() {
            return core.filter(|_| api_version == "v1");
        }
        let version = api_version.strip_prefix(RBAC_GROUP)?;
        if version != "/v1" {
            return None;
        }
        Some(match kind {
            "Role" => Kind::Role(RoleKind::Role),
            "ClusterRole" => Kind::Role(RoleKind::ClusterRole),
            "RoleBinding" => Kind::Binding(BindingKind::RoleBinding),
            "ClusterRoleBinding" => Kind::Binding(BindingKind::ClusterRoleBinding),
            _ => return None,
        })
    }
}

/// What is reused from object to object.
#[derive(Debug)]
pub(super) struct Scratch {
    labels: Vec<(Symbol, Symbol)>,
    /// The labels and the kind of the object before, as guesses at those of the next.
    last_labels: Vec<(Symbol, Symbol)>,
    last_kind: Symbol,
    checks: LabelChecks,
    rules: Vec<Arc<PolicyRule>>,
    symbols: Vec<Symbol>,
    subjects: Vec<DraftSubject>,
    words: Words,
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch {
            labels: Vec::new(),
            last_labels: Vec::new(),
            last_kind: Symbol::EMPTY,
            checks: LabelChecks::default(),
            rules: Vec::new(),
            symbols: Vec::new(),
            subjects: Vec::new(),
            words: Words::default(),
        }
    }
}

/// The object that begins here, and its kind; `None` where it is not of the clean form.
pub(super) fn object(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
) -> Option<(Symbol, Object)> {
    let position = cursor.position(cx.file);
    let (mut api_version, mut kind_name) = (None, None);
    let mut kind = None;
    let mut meta: Option<Meta<'_>> = None;
    let mut role_ref: Option<DraftRoleRef<'_>> = None;
    let mut seen = Seen::default();
    scratch.rules.clear();
    scratch.subjects.clear();
    scratch.words.clear();
    cursor.object(|cursor, key| {
        let Some(kind) = kind else {
            let slot = match key {
                "apiVersion" => &mut api_version,
                "kind" => &mut kind_name,
                _ => return None,
            };
            let earlier = slot.replace(cursor.string()?);
            if let (Some(api_version), Some(name)) = (api_version, kind_name) {
                kind = Some(Kind::of(api_version, name)?);
            }
            return earlier.is_none().then_some(());
        };
        match (key, kind) {
            ("metadata", _) => {
                seen.first(0)?;
                meta = Some(meta::meta(cursor, cx, scratch)?);
                Some(())
            }
            ("rules", Kind::Role(kind)) => {
                seen.first(1)?;
                rbac::rules(cursor, cx, scratch, kind)
            }
            ("roleRef", Kind::Binding(kind)) => {
                seen.first(1)?;
                role_ref = Some(rbac::role_ref(cursor, cx, kind)?);
                Some(())
            }
            ("subjects", Kind::Binding(_)) => {
                seen.first(2)?;
                rbac::subjects(cursor, cx, scratch)
            }
            _ => None,
        }
    })?;
    let (kind, meta) = (kind?, meta?);
    let namespaced = matches!(
        kind,
        Kind::Role(RoleKind::Role) | Kind::Binding(BindingKind::RoleBinding)
    );
    let usual = match kind {
        Kind::Namespace => true,
        _ if namespaced => !matches!(meta.namespace, "" | "default"),
        _ => meta.namespace.is_empty(),
    };
    // What is odd about a namespace is to be noted.
    if !usual {
        return None;
    }
    let object = match kind {
        Kind::Role(kind) => rbac::role(kind, &meta, position, cx, scratch),
        Kind::Binding(kind) => rbac::binding(kind, &meta, &role_ref?, position, cx, scratch),
        Kind::Namespace => Object::Namespace(cx.interner.intern(meta.name), position),
    };
    let kind = cx.interner.intern_guess(kind_name?, scratch.last_kind);
    scratch.last_kind = kind;
    Some((kind, object))
}
