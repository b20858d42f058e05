//! Bindings of whole administrators.

use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::{BindingId, BindingKind, RoleKind, Subject, SubjectKind};
use std::collections::BTreeSet;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC201",
        name: "cluster-admin-binding",
        severity: Severity::Critical,
        what: "is cluster-admin",
        why: "everything in the cluster is in its hands: every Secret, every node, every role",
        fix: "bind a role with what it needs; for emergencies, let people impersonate one break-glass group",
        references: &[
            "CIS 5.1.1",
            "kubescape C-0185",
            "trivy KSV-0111",
            "kube-linter cluster-admin-role-binding",
            "polaris clusterrolebindingClusterAdmin",
            "ATT&CK T1098.006",
        ],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ci}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: deployer}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ci}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: deployer}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: cluster-admin}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}\n",
        ),
        check: Check::Head(cluster_admin),
    },
    Rule {
        id: "RBC213",
        name: "system-node-binding",
        severity: Severity::High,
        what: "holds the role of all nodes at once",
        why: "system:node reads Secrets and writes Pods of the whole cluster; the Node authorizer grants a kubelet only what its own Pods need",
        fix: "delete the binding, and run the server with --authorization-mode=Node,RBAC",
        references: &["Kubernetes: Node authorization"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: nodes}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:nodes'}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: 'system:node'}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node'}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: nodes}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node-proxier'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:nodes'}\n",
        ),
        check: Check::Head(node_role),
    },
    Rule {
        id: "RBC214",
        name: "builtin-admin-edit-clusterwide",
        severity: Severity::High,
        what: "holds a role that is made for one namespace in all of them",
        why: "`edit` and `admin` read Secrets, enter Pods and act as service accounts, those of kube-system too",
        fix: "bind it by a RoleBinding in each namespace",
        references: &["trivy KSV-0111", "Kubernetes: user-facing roles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        check: Check::Head(built_in_clusterwide),
    },
    Rule {
        id: "RBC215",
        name: "edit-implies-more",
        severity: Severity::Info,
        what: "holds `edit` or `admin`, which is more than their names say",
        why: "both read and write Secrets, enter Pods, and impersonate and make tokens of the namespace's service accounts",
        fix: "keep service accounts with cluster-wide grants out of the namespace, or bind a tailored role",
        references: &["Kubernetes: user-facing roles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: edit}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: edit}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}\n",
        ),
        check: Check::Head(built_in_namespaced),
    },
    Rule {
        id: "RBC217",
        name: "too-many-cluster-admins",
        severity: Severity::Medium,
        what: "many subjects are cluster-admin",
        why: "each of them is a way to everything, and each has to be watched",
        fix: "keep one break-glass group, and bind roles with what the others need",
        references: &["CIS 5.1.1", "CIS 5.1.7"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: admins}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: User, name: a}\n- {kind: User, name: b}\n- {kind: User, name: c}\n- {kind: User, name: d}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: admins}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: Group, name: ops}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: admins}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: User, name: a}\n- {kind: User, name: b}\n- {kind: User, name: c}\n- {kind: User, name: d}\n",
        ),
        check: Check::All(too_many),
    },
    Rule {
        id: "RBC223",
        name: "escalation-path",
        severity: Severity::Critical,
        what: "reaches cluster-admin in several steps",
        why: "it can act as an account of its namespace that is as good as cluster-admin",
        fix: "move the powerful account to a namespace of its own, or take its grant away",
        references: &["KubeHound", "IceKube", "kubescape#3680"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: deployer}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: ServiceAccount, namespace: ops, name: deployer}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: ops, name: jobs}\nrules:\n- {apiGroups: [batch], resources: [jobs], verbs: [create]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ops, name: jobs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: jobs}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: ops, name: jobs}\nrules:\n- {apiGroups: [batch], resources: [jobs], verbs: [create]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ops, name: jobs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: jobs}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: deployer}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: ServiceAccount, namespace: ops, name: deployer}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: jobs}\nrules:\n- {apiGroups: [batch], resources: [jobs], verbs: [create]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: jobs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: jobs}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        check: Check::With("RBC113"),
    },
];

fn cluster_admin(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    let Some(role) = lint.role_of(id) else { return };
    if binding.kind != BindingKind::ClusterRoleBinding || !lint.is_everything(role) {
        return;
    }
    let mut gains = binding
        .subjects
        .iter()
        .filter(|s| !lint.gains_nothing(s))
        .peekable();
    if gains.peek().is_none() {
        return;
    }
    // A group of people for emergencies is how it should be.
    let only_groups =
        gains.all(|s| s.kind == SubjectKind::Group && !lint.str(s.name).starts_with("system:"));
    let severity = if only_groups {
        Severity::High
    } else {
        Severity::Critical
    };
    found.add(lint.head("RBC201", severity, id));
}

fn node_role(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    let built_in = lint
        .role_of(id)
        .is_some_and(|role| lint.is_built_in_role(role));
    let whole = built_in
        && binding.role_ref.kind == RoleKind::ClusterRole
        && lint.str(binding.role_ref.name) == "system:node";
    if !whole || !lint.gains_something(id) {
        return;
    }
    if binding.kind == BindingKind::ClusterRoleBinding {
        found.add(lint.head("RBC213", Severity::High, id));
        return;
    }
    let mut head = lint.head("RBC213", Severity::Medium, id);
    head.what = Some("holds the role of all nodes in this namespace".into());
    head.why = Some("it reads the Secrets, makes the Pods and mints the tokens of the namespace, which the Node authorizer grants a kubelet for its own Pods alone".into());
    found.add(head);
}

/// Whether a binding grants the built-in `admin` or `edit`, whatever was aggregated to it.
fn grants_admin_or_edit(lint: &Lint<'_>, id: BindingId) -> bool {
    let Some(role) = lint.role_of(id).filter(|role| lint.is_built_in_role(*role)) else {
        return false;
    };
    let name = lint.str(lint.cluster.role(role).name);
    ["admin", "edit"].contains(&name)
        && lint.cluster.role(role).kind == RoleKind::ClusterRole
        && lint.gains_something(id)
}

fn built_in_clusterwide(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let cluster_wide = lint.cluster.binding(id).kind == BindingKind::ClusterRoleBinding;
    if cluster_wide && grants_admin_or_edit(lint, id) {
        let broad = lint.is_broad(id);
        let severity = if broad {
            Severity::Critical
        } else {
            Severity::High
        };
        found.add(lint.head("RBC214", severity, id));
    }
}

fn built_in_namespaced(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    if binding.kind != BindingKind::RoleBinding || !grants_admin_or_edit(lint, id) {
        return;
    }
    let mut head = lint.head("RBC215", Severity::Info, id);
    let powerful = lint.powerful_in(binding.namespace).iter();
    let others = powerful.filter(|p| binding.subjects.iter().all(|s| s.matches != p.user));
    let mut others: Vec<&str> = others
        .map(|powerful| lint.str(powerful.user))
        .filter_map(|user| user.rsplit(':').next())
        .collect();
    others.sort_unstable();
    if !others.is_empty() {
        head.severity = Severity::High;
        head.why = Some(
            format!(
                "it can act as the namespace's service accounts, of which {} {} critical grants",
                super::listed(&others),
                if others.len() == 1 { "holds" } else { "hold" }
            )
            .into(),
        );
    } else if lint.str(binding.namespace) == "kube-system" {
        head.severity = Severity::High;
        head.why = Some("it can act as the service accounts of kube-system, whose controllers may write any role".into());
    }
    head.own = head.severity;
    found.add(head);
}

/// Whether a subject is an identity of Kubernetes itself.
fn is_of_system(lint: &Lint<'_>, subject: &Subject) -> bool {
    let name = lint.str(subject.matches);
    name.starts_with("system:") && !name.starts_with("system:serviceaccount:")
}

fn too_many(lint: &Lint<'_>, found: &mut Found) {
    let mut admins = BTreeSet::new();
    let mut bindings = Vec::new();
    for (id, binding) in lint.bindings() {
        let Some(role) = lint.role_of(id) else {
            continue;
        };
        if binding.kind != BindingKind::ClusterRoleBinding || !lint.is_everything(role) {
            continue;
        }
        // The group of administrators that kubeadm makes: one has to be.
        if lint.known.binding(id) && lint.gains_something(id) {
            found.add(lint.head("RBC201", Severity::Info, id));
        }
        let gains = binding.subjects.iter().filter(|s| !lint.gains_nothing(s));
        let before = admins.len();
        admins.extend(
            gains
                .filter(|s| !is_of_system(lint, s))
                .map(|s| (s.kind, s.matches)),
        );
        if admins.len() > before {
            bindings.push(id);
        }
    }
    let most = lint.settings.most_cluster_admins;
    let Some(first) = bindings.first().filter(|_| admins.len() > most) else {
        return;
    };
    let rule = super::by_id("RBC217");
    let mut finding = Finding::new(rule, rule.severity, lint.cluster.binding(*first).position);
    finding.what = Some(
        format!(
            "{} subjects are cluster-admin, more than {most}",
            admins.len()
        )
        .into(),
    );
    finding.rare.object = Some("the cluster".to_owned());
    for id in bindings.iter().skip(1).take(20) {
        finding
            .also
            .push((lint.cluster.binding(*id).position, "another".into()));
    }
    found.add(finding);
}
