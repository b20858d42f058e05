//! The objects of RBAC itself: who writes them, and what keeps the writer within its own rights.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity, Text};
use crate::model::{BindingId, BindingKind, RoleId, RoleKind, Symbol};

const WRITE_BINDINGS: &[&str] = &["create,update,patch rbac:rolebindings,clusterrolebindings"];
const WRITE_ROLES: &[&str] = &["create,update,patch rbac:roles,clusterroles"];
const BIND: &str = "bind rbac:clusterroles,roles";

/// The two kinds of role: to escalate them, and to write them.
pub(super) const ROLES: [(&str, &str); 2] = [
    (
        "escalate rbac:clusterroles",
        "create,update,patch rbac:clusterroles",
    ),
    ("escalate rbac:roles", "create,update,patch rbac:roles"),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC122",
        name: "escalate-verb",
        severity: Severity::Critical,
        what: "writes roles with rules that it does not hold itself",
        why: "the server's check that nobody grants more than they have does not apply to holders of `escalate`",
        fix: "drop the verb: whoever writes roles must hold what the roles grant",
        references: &[
            "CIS 5.1.8",
            "checkov CKV_K8S_158",
            "trivy KSV-0050",
            "rbac-police escalate_roles",
            "ATT&CK T1098.006",
        ],
        bad: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate, update]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [escalate, update]}",
        ),
        check: Check::Grant(Grant {
            // What may be escalated and what may be written must be the same.
            judge: Some(|j| {
                let escalates = ROLES.iter().any(|(escalate, write)| {
                    j.grants(&[escalate]) && j.subject_may_for_some(&[write])
                });
                escalates.then(|| j.either(Severity::Critical, Severity::High))
            }),
            ..Grant::of(&[&["escalate rbac:roles,clusterroles"], WRITE_ROLES])
        }),
    },
    Rule {
        id: "RBC123",
        name: "bind-verb",
        severity: Severity::Critical,
        what: "binds roles whose rules it does not hold itself",
        why: "it can bind any role, cluster-admin too, to itself",
        fix: "pin `bind` with resourceNames to harmless roles",
        references: &[
            "CIS 5.1.8",
            "Kubernetes: RBAC good practices, bind verb",
            "trivy KSV-0051 KSV-0052",
            "KubeHound ROLE_BIND",
        ],
        bad: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}\n{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [bind, create]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(bind),
            detail: Some(bind_detail),
            ..Grant::of(&[&[BIND], WRITE_BINDINGS])
        }),
    },
    Rule {
        id: "RBC124",
        name: "write-rbac-objects",
        severity: Severity::High,
        what: "writes roles or bindings",
        why: "the server lets it grant only what it holds, but that to anybody, now and for as long as the binding lives; and it may delete the grants of others",
        fix: "leave it to the identity that deploys the policy; pin the objects with resourceNames",
        references: &[
            "CIS 5.1.8",
            "trivy KSV-0050",
            "krane risky-create-rolebinding",
            "ATT&CK T1098.006",
        ],
        bad: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("leave it to the identity that deploys the policy"),
            judge: Some(write),
            ..Grant::of(&[&[
                "create,update,patch,delete rbac:roles,clusterroles,rolebindings,clusterrolebindings",
            ]])
        }),
    },
    Rule {
        id: "RBC222",
        name: "self-modifiable-grant",
        severity: Severity::High,
        what: "may change or delete a role that it holds, or the binding by which it holds it",
        why: "it can pass the grant on, keep others from narrowing it, and, wherever it comes to hold more, write that into it",
        fix: "leave the roles and bindings of an identity to another one",
        references: &["trivy KSV-0055", "krane risky-add-rolebinding"],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [roles], resourceNames: [example], verbs: [update]}",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [roles], resourceNames: [example], verbs: [get]}",
        ),
        // Another role of the namespace.
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [roles], resourceNames: [other], verbs: [update]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(own_grant),
            detail: Some(own_grant_detail),
            ..Grant::of(&[&CHANGE])
        }),
    },
];

/// With `escalate` or `bind`, the server does not keep the writer within its own rights.
fn write(judged: &Judged<'_, '_>) -> Option<Severity> {
    let roles = ROLES
        .iter()
        .any(|(escalate, write)| judged.grants(&[write]) && judged.subject_may(&[escalate]));
    let bindings = judged.grants(WRITE_BINDINGS) && judged.subject_may(&[BIND]);
    Some(judged.ladder(if roles || bindings {
        Severity::Critical
    } else {
        Severity::High
    }))
}

/// Changes of what grants: roles, cluster roles, bindings of namespaces and of the cluster.
const CHANGE: [&str; 4] = [
    "update,patch,delete rbac:roles",
    "update,patch,delete rbac:clusterroles",
    "update,patch,delete rbac:rolebindings",
    "update,patch,delete rbac:clusterrolebindings",
];

/// What of its own grant a subject may change.
#[derive(Clone, Copy)]
enum Own {
    Role(RoleId),
    Binding(BindingId),
}

/// Whether the grant covers the change of an object.
fn may_change(
    judged: &Judged<'_, '_>,
    change: &'static str,
    namespace: Symbol,
    name: Symbol,
) -> bool {
    let here = judged.cluster_wide || namespace == judged.binding().namespace;
    let rules = &judged.lint.cluster.role(judged.role).rules;
    let mut rules = judged
        .role_rules()
        .iter()
        .map(|index| &rules[*index as usize]);
    here && rules.any(|rule| {
        (rule.resource_names.is_empty() || rule.resource_names.contains(&name))
            && judged.lint.rule_allows(rule, change)
    })
}

/// What of its own grants a subject may change by this one.
fn own(judged: &Judged<'_, '_>) -> Option<Own> {
    let lint = judged.lint;
    let may_be = |held: &BindingId| -> Option<Own> {
        let of = lint.cluster.binding(*held);
        let change = match of.kind {
            BindingKind::RoleBinding => CHANGE[2],
            BindingKind::ClusterRoleBinding => CHANGE[3],
        };
        if may_change(judged, change, of.namespace, of.name) {
            return Some(Own::Binding(*held));
        }
        let id = lint.role_of(*held)?;
        let role = lint.cluster.role(id);
        let change = match role.kind {
            RoleKind::Role => CHANGE[0],
            RoleKind::ClusterRole => CHANGE[1],
        };
        may_change(judged, change, role.namespace, role.name).then_some(Own::Role(id))
    };
    // Who may everything has no need of it.
    if !judged.grants(&CHANGE) || judged.may_everything() {
        return None;
    }
    may_be(&judged.binding).or_else(|| {
        let subjects = judged.binding().subjects.iter();
        let mut held = subjects.flat_map(|subject| lint.held_by(subject).iter().take(HELD));
        held.find_map(may_be)
    })
}

/// How many bindings of one subject are looked at.
const HELD: usize = 256;

fn own_grant(judged: &Judged<'_, '_>) -> Option<Severity> {
    // What keeps it within what it has, or not.
    let (escalates, role) = match own(judged)? {
        Own::Role(role) => ("escalate rbac:roles,clusterroles", Some(role)),
        Own::Binding(binding) => ("bind rbac:clusterroles,roles", judged.lint.role_of(binding)),
    };
    let name = role.map_or("", |role| {
        judged.lint.str(judged.lint.cluster.role(role).name)
    });
    let severity = match judged.subject_may_named(&[escalates], name) {
        true => Severity::Critical,
        false => Severity::High,
    };
    Some(severity)
}

fn own_grant_detail(judged: &Judged<'_, '_>) -> Option<Text> {
    let lint = judged.lint;
    let object = match own(judged)? {
        Own::Role(role) => {
            let role = lint.cluster.role(role);
            format!("{} {}", role.kind.as_str(), lint.str(role.name))
        }
        Own::Binding(binding) => {
            let binding = lint.cluster.binding(binding);
            format!("{} {}", binding.kind.as_str(), lint.str(binding.name))
        }
    };
    Some(format!(
        "{object} is what grants this to it, and is in its own hands: it can pass the grant on and undo what narrows it"
    ).into())
}

/// The roles that a pinned `bind` reaches: name, and how grave what it grants is; `None` if it is not known.
fn bindable<'c>(judged: &Judged<'_, 'c>) -> Vec<(&'c str, Option<Severity>)> {
    let lint = judged.lint;
    let named = judged.names_for(&[BIND]).into_iter();
    named
        .map(|name| {
            let symbol = lint.cluster.interner().get(name).unwrap_or(Symbol::EMPTY);
            let kinds = [
                (RoleKind::ClusterRole, Symbol::EMPTY),
                (RoleKind::Role, judged.binding().namespace),
            ];
            let power = kinds.iter().find_map(|(kind, namespace)| {
                let role_ref = crate::model::RoleRef {
                    kind: *kind,
                    name: symbol,
                    position: judged.binding().position,
                };
                let role = lint.cluster.resolve_role(&role_ref, *namespace)?;
                Some(lint.gravest_of_role(role))
            });
            (name, power)
        })
        .collect()
}

/// Whether `bind` holds for every role; then a list of names is one of bindings.
fn binds_any(judged: &Judged<'_, '_>) -> bool {
    !judged.named() || judged.names_for(&[BIND]).is_empty()
}

fn bind(judged: &Judged<'_, '_>) -> Option<Severity> {
    // A Role is bound by RoleBindings alone.
    let binds = judged.grants(&["bind rbac:clusterroles"])
        || judged.subject_may_for_some(&["create,update,patch rbac:rolebindings"]);
    if !binds {
        return None;
    }
    if binds_any(judged) {
        return Some(judged.either(Severity::Critical, Severity::High));
    }
    let worst = bindable(judged).into_iter().map(|(_, power)| match power {
        Some(power) if power >= Severity::High => Severity::High,
        Some(_) => Severity::Low,
        None => Severity::Medium,
    });
    worst.max()
}

fn bind_detail(judged: &Judged<'_, '_>) -> Option<Text> {
    if binds_any(judged) {
        return None;
    }
    let roles = bindable(judged);
    let names: Vec<&str> = roles.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<&str> = roles
        .iter()
        .filter(|(_, p)| p.is_none())
        .map(|(n, _)| *n)
        .collect();
    let worst = roles.iter().filter_map(|(_, power)| *power).max();
    Some(match (unknown.is_empty(), worst) {
        (true, Some(worst)) if worst < Severity::High => format!(
            "it can bind {} alone, which grant nothing grave",
            super::listed(&names)
        )
        .into(),
        (false, _) => format!(
            "it can bind {}; what {} grant is not known, since they were not loaded",
            super::listed(&names),
            super::listed(&unknown)
        )
        .into(),
        _ => format!(
            "it can bind {}, one of which grants something grave",
            super::listed(&names)
        )
        .into(),
    })
}
