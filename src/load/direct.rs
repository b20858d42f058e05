//! Objects straight from JSON text, without a tree: for the form in which nearly all of them come, which
//! is what `kubectl get -o json` prints.
//!
//! Only the clean case is read: `apiVersion` and `kind` come first, each known field at most once, every
//! value has its type and nothing is to be said about it. Everything else is `None`, whatever it is, and
//! is left to the tree and [`super::objects`], which know all rules and all messages. So nothing can be
//! judged differently here, it can only be judged there; a property test and a fuzz target compare both.

mod meta;
mod rbac;
#[cfg(test)]
mod tests;
mod words;

use super::json::{Cursor, Form, ListForm, keys};
use super::objects::{Context, Object, RBAC_GROUP};
use crate::model::notes::POD_SECURITY;
use crate::model::{BindingKind, PolicyRule, RoleKind, Symbol};
use meta::{LabelChecks, Meta};
use rbac::{DraftRoleRef, DraftSubject, RuleForms};
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

/// How what objects consist of was printed.
#[derive(Debug, Default)]
pub(super) struct Forms {
    object: Form<6>,
    meta: Form<7>,
    role_ref: Form<3>,
    rules: RuleForms,
    subjects: ListForm,
    subject: Form<4>,
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
    forms: &mut Forms,
) -> Option<(Symbol, Object)> {
    let position = cursor.position(cx.file);
    let (mut api_version, mut kind_name) = (None, None);
    let mut kind = None;
    let mut meta: Option<Meta<'_>> = None;
    let mut role_ref: Option<DraftRoleRef<'_>> = None;
    scratch.rules.clear();
    scratch.subjects.clear();
    scratch.words.clear();
    let keys = keys![
        "apiVersion",
        "kind",
        "metadata",
        "roleRef",
        "rules",
        "subjects"
    ];
    let Forms {
        object: form,
        meta: meta_form,
        role_ref: role_ref_form,
        rules,
        subjects,
        subject,
    } = forms;
    cursor.object(&keys, form, |cursor, key| {
        let Some(kind) = kind else {
            let slot = match key {
                0 => &mut api_version,
                1 => &mut kind_name,
                _ => return None,
            };
            *slot = Some(cursor.string()?);
            if let (Some(api_version), Some(name)) = (api_version, kind_name) {
                kind = Some(Kind::of(api_version, name)?);
            }
            return Some(());
        };
        match (key, kind) {
            (2, _) => {
                meta = Some(meta::meta(cursor, cx, scratch, meta_form)?);
                Some(())
            }
            (3, Kind::Binding(kind)) => {
                role_ref = Some(rbac::role_ref(cursor, cx, kind, role_ref_form)?);
                Some(())
            }
            (4, Kind::Role(kind)) => rbac::rules(cursor, cx, scratch, kind, rules),
            (5, Kind::Binding(_)) => rbac::subjects(cursor, cx, scratch, subjects, subject),
            _ => None,
        }
    })?;
    let (kind, meta) = (kind?, meta?);
    let namespaced = matches!(
        kind,
        Kind::Role(RoleKind::Role) | Kind::Binding(BindingKind::RoleBinding)
    );
    let usual = match kind {
        Kind::Namespace => {
            let mut labels = scratch.labels.iter();
            !labels.any(|(key, _)| cx.interner.resolve(*key) == POD_SECURITY)
        }
        _ if namespaced => !matches!(meta.namespace, "" | "default"),
        _ => meta.namespace.is_empty(),
    };
    // What is odd about a namespace, and which Pods one takes, is to be noted.
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
