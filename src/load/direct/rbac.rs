//! Roles and bindings in the clean form.

use super::Scratch;
use super::meta::Meta;
use super::words::{Word, Words};
use crate::load::json::{Cursor, Form, ListForm, keys};
use crate::load::objects::{Context, Object, RBAC_GROUP};
use crate::model::names::{is_dns_subdomain, is_path_segment};
use crate::model::{
    Binding, BindingKind, PolicyRule, Position, Role, RoleKind, RoleRef, Subject, SubjectKind,
    Symbol, WordList,
};
use std::sync::Arc;

/// How rules were printed: their list, themselves, and each of their lists.
#[derive(Debug, Default)]
pub(super) struct RuleForms {
    list: ListForm,
    rule: Form<5>,
    words: [ListForm; 5],
}

/// A `roleRef`, its name not interned yet.
pub(super) struct DraftRoleRef<'t> {
    kind: RoleKind,
    name: &'t str,
    position: Position,
}

/// A subject whose words are not interned yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftSubject {
    kind: SubjectKind,
    name: Word,
    /// A ServiceAccount's namespace, and its user name.
    account: Option<(Word, Word)>,
    position: Position,
}

/// The role that was read.
pub(super) fn role(
    kind: RoleKind,
    meta: &Meta<'_>,
    position: Position,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
) -> Object {
    Object::Role(Role {
        kind,
        namespace: match kind {
            RoleKind::Role => cx.interner.intern(meta.namespace_or(cx.namespace)),
            RoleKind::ClusterRole => Symbol::EMPTY,
        },
        name: cx.interner.intern(meta.name),
        labels: scratch.labels[..].into(),
        rules: scratch.rules.drain(..).collect(),
        aggregation_rule: None,
        position,
    })
}

/// The binding that was read from this text. Its words are interned together.
pub(super) fn binding(
    kind: BindingKind,
    meta: &Meta<'_>,
    role_ref: &DraftRoleRef<'_>,
    position: Position,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
) -> Object {
    let Scratch {
        words,
        subjects,
        symbols,
        ..
    } = scratch;
    let namespace = match kind {
        BindingKind::RoleBinding => meta.namespace_or(cx.namespace),
        BindingKind::ClusterRoleBinding => "",
    };
    symbols.clear();
    let own = [namespace, role_ref.name, meta.name];
    let all = own.into_iter().chain(words.texts());
    cx.interner.intern_each(all, symbols);
    let symbol = |word: Word| symbols[own.len() + word.index()];
    let subjects = subjects.iter().map(|subject| {
        let name = symbol(subject.name);
        let (namespace, matches) = match subject.account {
            Some((namespace, user)) => (symbol(namespace), symbol(user)),
            None => (Symbol::EMPTY, name),
        };
        Subject {
            kind: subject.kind,
            namespace,
            name,
            matches,
            position: subject.position,
        }
    });
    Object::Binding(Binding {
        kind,
        namespace: symbols[0],
        name: symbols[2],
        role_ref: RoleRef {
            kind: role_ref.kind,
            name: symbols[1],
            position: role_ref.position,
        },
        subjects: subjects.collect(),
        position,
    })
}

/// Reads `rules`.
pub(super) fn rules(
    cursor: &mut Cursor<'_>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
    kind: RoleKind,
    forms: &mut RuleForms,
) -> Option<()> {
    let Scratch { rules, symbols, .. } = scratch;
    let RuleForms {
        list,
        rule: form,
        words,
    } = forms;
    cursor.list(list, |cursor| {
        let rule = rule(cursor, cx, symbols, form, words)?;
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
    form: &mut Form<5>,
    words: &mut [ListForm; 5],
) -> Option<PolicyRule> {
    let mut rule = PolicyRule {
        verbs: WordList::new(),
        api_groups: WordList::new(),
        resources: WordList::new(),
        resource_names: WordList::new(),
        non_resource_urls: WordList::new(),
        position: cursor.position(cx.file),
    };
    let keys = keys![
        "apiGroups",
        "nonResourceURLs",
        "resourceNames",
        "resources",
        "verbs"
    ];
    cursor.object(&keys, form, |cursor, key| {
        let list = match key {
            0 => &mut rule.api_groups,
            1 => &mut rule.non_resource_urls,
            2 => &mut rule.resource_names,
            3 => &mut rule.resources,
            _ => &mut rule.verbs,
        };
        symbols.clear();
        cursor.list(&mut words[key], |cursor| {
            symbols.push(cx.interner.intern(cursor.string()?));
            Some(())
        })?;
        *list = WordList::from_slice(symbols);
        Some(())
    })?;
    Some(rule)
}

/// Reads `roleRef`.
pub(super) fn role_ref<'t>(
    cursor: &mut Cursor<'t>,
    cx: &Context<'_>,
    binding: BindingKind,
    form: &mut Form<3>,
) -> Option<DraftRoleRef<'t>> {
    let position = cursor.position(cx.file);
    let (mut group, mut kind, mut name) = ("", "", "");
    cursor.object(&keys!["apiGroup", "kind", "name"], form, |cursor, key| {
        match key {
            0 => group = cursor.string_like(RBAC_GROUP)?,
            1 => kind = cursor.string()?,
            _ => name = cursor.string()?,
        }
        Some(())
    })?;
    let kind = match (kind, binding) {
        ("ClusterRole", _) => RoleKind::ClusterRole,
        ("Role", BindingKind::RoleBinding) => RoleKind::Role,
        _ => return None,
    };
    let good =
        (group.is_empty() || group == RBAC_GROUP) && !name.is_empty() && is_path_segment(name);
    good.then_some(DraftRoleRef {
        kind,
        name,
        position,
    })
}

/// Reads `subjects` of a binding in this namespace, or in none.
pub(super) fn subjects(
    cursor: &mut Cursor<'_>,
    cx: &Context<'_>,
    scratch: &mut Scratch,
    list: &mut ListForm,
    form: &mut Form<4>,
) -> Option<()> {
    cursor.list(list, |cursor| {
        let subject = subject(cursor, cx, &mut scratch.words, form)?;
        scratch.subjects.push(subject);
        Some(())
    })
}

fn subject(
    cursor: &mut Cursor<'_>,
    cx: &Context<'_>,
    words: &mut Words,
    form: &mut Form<4>,
) -> Option<DraftSubject> {
    let position = cursor.position(cx.file);
    let (mut kind, mut group, mut name, mut namespace) = ("", "", "", "");
    let keys = keys!["apiGroup", "kind", "name", "namespace"];
    cursor.object(&keys, form, |cursor, key| {
        match key {
            0 => group = cursor.string_like(RBAC_GROUP)?,
            1 => kind = cursor.string()?,
            2 => name = cursor.string()?,
            _ => namespace = cursor.string()?,
        }
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
    let account = match kind {
        // A namespace that is ignored is to be noted.
        SubjectKind::User | SubjectKind::Group if !namespace.is_empty() => return None,
        SubjectKind::User | SubjectKind::Group => None,
        // A namespace that is not there is to be noted as well.
        SubjectKind::ServiceAccount => {
            if namespace.is_empty() || !is_dns_subdomain(name) {
                return None;
            }
            Some((
                words.add(namespace),
                words.add_service_account_user(namespace, name),
            ))
        }
    };
    Some(DraftSubject {
        kind,
        name: words.add(name),
        account,
        position,
    })
}
