//! Roles and bindings in the clean form.

use super::{Last, Scratch, Seen};
use crate::load::json::Cursor;
use crate::load::objects::{Context, Object, RBAC_GROUP};
use crate::model::names::{is_dns_subdomain, is_path_segment};
use crate::model::{
    Binding, BindingKind, PolicyRule, Position, Role, RoleKind, RoleRef, Subject, SubjectKind,
    Symbol,
};
use std::sync::Arc;

pub(super) fn role(
    kind: RoleKind,
    namespace: Symbol,
    name: Symbol,
    position: Position,
    scratch: &mut Scratch,
) -> Object {
    Object::Role(Role {
        kind,
        namespace,
        name,
        labels: scratch.labels[..].into(),
        rules: scratch.rules.drain(..).collect(),
        aggregation_rule: None,
        position,
    })
}

pub(super) fn binding(
    kind: BindingKind,
    namespace: Symbol,
    name: Symbol,
    role_ref: RoleRef,
    position: Position,
    scratch: &Scratch,
) -> Object {
    Object::Binding(Binding {
        kind,
        namespace,
        name,
        role_ref,
        subjects: scratch.subjects.clone(),
        position,
    })
}

/// Reads `rules`.
pub(super) fn rules(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
    kind: RoleKind,
) -> Option<()> {
    let Scratch { rules, symbols, .. } = scratch;
    cursor.array(|cursor| {
        let rule = rule(cursor, cx, symbols)?;
        let mut errors = Vec::new();
        cx.check_rule(&rule, rules.len(), kind, &mut errors);
        rules.push(Arc::new(rule));
        errors.is_empty().then_some(())
    })
}

fn rule(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    symbols: &mut Vec<Symbol>,
) -> Option<PolicyRule> {
    let mut rule = PolicyRule {
        verbs: Box::default(),
        api_groups: Box::default(),
        resources: Box::default(),
        resource_names: Box::default(),
        non_resource_urls: Box::default(),
        position: cursor.position(cx.file),
    };
    let mut seen = Seen::default();
    cursor.object(|cursor, key| {
        let (field, list) = match key {
            "verbs" => (0, &mut rule.verbs),
            "apiGroups" => (1, &mut rule.api_groups),
            "resources" => (2, &mut rule.resources),
            "resourceNames" => (3, &mut rule.resource_names),
            "nonResourceURLs" => (4, &mut rule.non_resource_urls),
            _ => return None,
        };
        seen.first(field)?;
        symbols.clear();
        cursor.array(|cursor| {
            symbols.push(cx.interner.intern(cursor.string()?));
            Some(())
        })?;
        *list = symbols[..].into();
        Some(())
    })?;
    Some(rule)
}

/// Reads `roleRef`.
pub(super) fn role_ref(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
    binding: BindingKind,
) -> Option<RoleRef> {
    let position = cursor.position(cx.file);
    let (mut group, mut kind, mut name) = ("", "", "");
    let mut seen = Seen::default();
    cursor.object(|cursor, key| {
        let (number, field) = match key {
            "apiGroup" => (0, &mut group),
            "kind" => (1, &mut kind),
            "name" => (2, &mut name),
            _ => return None,
        };
        seen.first(number)?;
        *field = cursor.string()?;
        Some(())
    })?;
    let kind = match (kind, binding) {
        ("ClusterRole", _) => RoleKind::ClusterRole,
        ("Role", BindingKind::RoleBinding) => RoleKind::Role,
        _ => return None,
    };
    let good =
        (group.is_empty() || group == RBAC_GROUP) && !name.is_empty() && is_path_segment(name);
    if !good {
        return None;
    }
    let name = cx.interner.intern_guess(name, scratch.last.role);
    scratch.last.role = name;
    Some(RoleRef {
        kind,
        name,
        position,
    })
}

/// Reads `subjects` of a binding in this namespace, or in none.
pub(super) fn subjects(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
    namespace: Symbol,
) -> Option<()> {
    cursor.array(|cursor| {
        let subject = subject(cursor, cx, &mut scratch.last, namespace)?;
        scratch.subjects.push(subject);
        Some(())
    })
}

fn subject(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    last: &mut Last,
    binding_namespace: Symbol,
) -> Option<Subject> {
    let position = cursor.position(cx.file);
    let (mut kind, mut group, mut name, mut namespace) = ("", "", "", "");
    let mut seen = Seen::default();
    cursor.object(|cursor, key| {
        let (number, field) = match key {
            "kind" => (0, &mut kind),
            "apiGroup" => (1, &mut group),
            "name" => (2, &mut name),
            "namespace" => (3, &mut namespace),
            _ => return None,
        };
        seen.first(number)?;
        *field = cursor.string()?;
        Some(())
    })?;
    let (kind, supported) = match kind {
        "User" => (SubjectKind::User, RBAC_GROUP),
        "Group" => (SubjectKind::Group, RBAC_GROUP),
        "ServiceAccount" => (SubjectKind::ServiceAccount, ""),
        _ => return None,
    };
    if name.is_empty() || !(group.is_empty() || group == supported) {
        return None;
    }
    let (namespace, name, matches) = match kind {
        SubjectKind::Group => {
            last.group = cx.interner.intern_guess(name, last.group);
            (Symbol::EMPTY, last.group, last.group)
        }
        SubjectKind::User => {
            let name = cx.interner.intern(name);
            (Symbol::EMPTY, name, name)
        }
        SubjectKind::ServiceAccount if !is_dns_subdomain(name) => return None,
        SubjectKind::ServiceAccount => {
            let namespace = match namespace {
                "" if binding_namespace == Symbol::EMPTY => return None,
                "" => binding_namespace,
                named => cx.interner.intern_guess(named, binding_namespace),
            };
            let name = cx.interner.intern(name);
            (namespace, name, cx.service_account_user(namespace, name))
        }
    };
    Some(Subject {
        kind,
        namespace,
        name,
        matches,
        position,
    })
}
