//! The objects of RBAC itself: who writes them, and what keeps the writer within its own rights.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity};
use crate::model::{RoleKind, Symbol};

const WRITE_BINDINGS: &[&str] = &["create,update,patch rbac:rolebindings,clusterrolebindings"];
const WRITE_ROLES: &[&str] = &["create,update,patch rbac:roles,clusterroles"];

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
            judge: Some(|j| Some(j.either(Severity::Critical, Severity::High))),
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
            ..Grant::of(&[&["bind rbac:clusterroles,roles"], WRITE_BINDINGS])
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
        check: Check::Grant(Grant::of(&[&[
            "create,update,patch,delete rbac:roles,clusterroles,rolebindings,clusterrolebindings",
        ]])),
    },
];

/// The roles that a pinned `bind` reaches: name, and how grave what it grants is; `None` if it is not known.
fn bindable<'c>(judged: &Judged<'_, 'c>) -> Vec<(&'c str, Option<Severity>)> {
    let lint = judged.lint;
    let named = judged.names().into_iter();
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

fn bind(judged: &Judged<'_, '_>) -> Option<Severity> {
    if !judged.named() {
        return Some(judged.either(Severity::Critical, Severity::High));
    }
    let worst = bindable(judged).into_iter().map(|(_, power)| match power {
        Some(power) if power >= Severity::High => Severity::High,
        Some(_) => Severity::Low,
        None => Severity::Medium,
    });
    worst.max()
}

fn bind_detail(judged: &Judged<'_, '_>) -> Option<String> {
    if !judged.named() {
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
        (true, Some(worst)) if worst < Severity::High => {
            format!(
                "it can bind {} alone, which grant nothing grave",
                super::listed(&names)
            )
        }
        (false, _) => format!(
            "it can bind {}; what {} grant is not known, since they were not loaded",
            super::listed(&names),
            super::listed(&unknown)
        ),
        _ => format!(
            "it can bind {}, one of which grants something grave",
            super::listed(&names)
        ),
    })
}
