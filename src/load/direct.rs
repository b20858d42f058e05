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

use super::json::Cursor;
use super::objects::{Context, Object, RBAC_GROUP};
use crate::model::{BindingKind, PolicyRule, RoleKind, RoleRef, Subject, Symbol};
use meta::{LabelChecks, Meta};
use seen::Seen;
use std::sync::Arc;

/// The kinds that are read directly.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Role(RoleKind),
    Binding(BindingKind),
    ServiceAccount,
    Namespace,
}

impl Kind {
    fn of(api_version: &str, kind: &str) -> Option<Kind> {
        let core = match kind {
            "ServiceAccount" => Some(Kind::ServiceAccount),
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

/// Words of the object before, as guesses at those of the next one.
#[derive(Clone, Copy, Debug)]
struct Last {
    kind: Symbol,
    namespace: Symbol,
    role: Symbol,
    group: Symbol,
}

impl Default for Last {
    fn default() -> Self {
        Last {
            kind: Symbol::EMPTY,
            namespace: Symbol::EMPTY,
            role: Symbol::EMPTY,
            group: Symbol::EMPTY,
        }
    }
}

/// What is reused from object to object.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    labels: Vec<(Symbol, Symbol)>,
    last_labels: Vec<(Symbol, Symbol)>,
    last: Last,
    checks: LabelChecks,
    rules: Vec<Arc<PolicyRule>>,
    symbols: Vec<Symbol>,
    subjects: Vec<Subject>,
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
    let mut namespace = Symbol::EMPTY;
    let mut role_ref: Option<RoleRef> = None;
    let mut seen = Seen::default();
    scratch.rules.clear();
    scratch.subjects.clear();
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
                let read = meta::meta(cursor, cx, scratch)?;
                namespace = match kind {
                    Kind::Role(RoleKind::ClusterRole)
                    | Kind::Binding(BindingKind::ClusterRoleBinding)
                    | Kind::Namespace => Symbol::EMPTY,
                    _ if read.namespace.is_empty() => cx.interner.intern(cx.namespace),
                    _ => cx
                        .interner
                        .intern_guess(read.namespace, scratch.last.namespace),
                };
                scratch.last.namespace = namespace;
                meta = Some(read);
                Some(())
            }
            ("rules", Kind::Role(kind)) => {
                seen.first(1)?;
                rbac::rules(cursor, cx, scratch, kind)
            }
            ("roleRef", Kind::Binding(kind)) => {
                seen.first(1)?;
                role_ref = Some(rbac::role_ref(cursor, cx, scratch, kind)?);
                Some(())
            }
            ("subjects", Kind::Binding(_)) => {
                seen.first(2)?;
                // A subject may mean the namespace of its binding.
                meta.as_ref()?;
                rbac::subjects(cursor, cx, scratch, namespace)
            }
            _ => None,
        }
    })?;
    let (kind, name) = (kind?, cx.interner.intern(meta?.name));
    let object = match kind {
        Kind::Role(kind) => rbac::role(kind, namespace, name, position, scratch),
        Kind::Binding(kind) => rbac::binding(kind, namespace, name, role_ref?, position, scratch),
        Kind::ServiceAccount => Object::ServiceAccount(namespace, name, position),
        Kind::Namespace => Object::Namespace(name, position),
    };
    let kind = cx.interner.intern_guess(kind_name?, scratch.last.kind);
    scratch.last.kind = kind;
    Some((kind, object))
}
