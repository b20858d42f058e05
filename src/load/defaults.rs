//! The built-in objects of a fresh cluster, from the embedded tables.

use crate::defaults::{
    DefaultBinding, DefaultRole, DefaultRoleRef, DefaultRule, DefaultSubject, policy,
};
use crate::model::{
    AggregationRule, Binding, BindingKind, ClusterBuilder, Interner, LabelSelector, PolicyRule,
    Position, Role, RoleKind, RoleRef, Subject, SubjectKind, Symbol, WordList,
};
use std::sync::Arc;

/// Adds every default ClusterRole, Role, ClusterRoleBinding and RoleBinding.
pub(super) fn add(builder: &mut ClusterBuilder) {
    let roles = [
        (RoleKind::ClusterRole, policy::CLUSTER_ROLES),
        (RoleKind::Role, policy::ROLES),
    ];
    for (kind, roles) in roles {
        for definition in roles {
            let role = role(kind, definition, &mut builder.interner);
            builder.add_role(role);
        }
    }
    let bindings = [
        (
            BindingKind::ClusterRoleBinding,
            policy::CLUSTER_ROLE_BINDINGS,
        ),
        (BindingKind::RoleBinding, policy::ROLE_BINDINGS),
    ];
    for (kind, bindings) in bindings {
        for definition in bindings {
            let binding = binding(kind, definition, &mut builder.interner);
            builder.add_binding(binding);
        }
    }
}

fn role(kind: RoleKind, definition: &DefaultRole, interner: &mut Interner) -> Role {
    let pairs = |pairs: &[(&str, &str)], interner: &mut Interner| -> Vec<(Symbol, Symbol)> {
        let mut intern = |text: &str| interner.intern(text);
        pairs.iter().map(|(k, v)| (intern(k), intern(v))).collect()
    };
    let selectors: Vec<LabelSelector> = definition
        .aggregation_selectors
        .iter()
        .map(|labels| LabelSelector {
            match_labels: pairs(labels, interner),
            match_expressions: Vec::new(),
        })
        .collect();
    Role {
        kind,
        namespace: interner.intern(definition.namespace),
        name: interner.intern(definition.name),
        labels: pairs(definition.labels, interner).into(),
        rules: definition
            .rules
            .iter()
            .map(|definition| Arc::new(rule(definition, interner)))
            .collect(),
        aggregation_rule: (!selectors.is_empty()).then_some(AggregationRule {
            cluster_role_selectors: selectors,
        }),
        position: Position::BUILT_IN,
    }
}

fn rule(definition: &DefaultRule, interner: &mut Interner) -> PolicyRule {
    let mut symbols =
        |list: &[&str]| -> WordList { list.iter().map(|s| interner.intern(s)).collect() };
    PolicyRule {
        verbs: symbols(definition.verbs),
        api_groups: symbols(definition.api_groups),
        resources: symbols(definition.resources),
        resource_names: symbols(definition.resource_names),
        non_resource_urls: symbols(definition.non_resource_urls),
        position: Position::BUILT_IN,
    }
}

fn binding(kind: BindingKind, definition: &DefaultBinding, interner: &mut Interner) -> Binding {
    let (role_kind, role_name) = match definition.role_ref {
        DefaultRoleRef::Role(name) => (RoleKind::Role, name),
        DefaultRoleRef::ClusterRole(name) => (RoleKind::ClusterRole, name),
    };
    Binding {
        kind,
        namespace: interner.intern(definition.namespace),
        name: interner.intern(definition.name),
        role_ref: RoleRef {
            kind: role_kind,
            name: interner.intern(role_name),
            position: Position::BUILT_IN,
        },
        subjects: definition
            .subjects
            .iter()
            .map(|definition| subject(definition, interner))
            .collect(),
        position: Position::BUILT_IN,
    }
}

fn subject(definition: &DefaultSubject, interner: &mut Interner) -> Subject {
    let (kind, namespace, name, matches) = match *definition {
        DefaultSubject::User(name) => (SubjectKind::User, "", name, name.to_owned()),
        DefaultSubject::Group(name) => (SubjectKind::Group, "", name, name.to_owned()),
        DefaultSubject::ServiceAccount(namespace, name) => (
            SubjectKind::ServiceAccount,
            namespace,
            name,
            format!("system:serviceaccount:{namespace}:{name}"),
        ),
    };
    Subject {
        kind,
        namespace: interner.intern(namespace),
        name: interner.intern(name),
        matches: interner.intern(&matches),
        position: Position::BUILT_IN,
    }
}
