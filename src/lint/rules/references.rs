//! Bindings whose role or subjects are not there.

use crate::lint::catalogue::alike;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, RoleKind};

macro_rules! to_role {
    ($role:literal, $name:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: ",
            $role,
            ", name: reader}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ",
            $name,
            "}\nsubjects:\n- {kind: User, name: jane}\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC601",
        name: "dangling-roleref",
        severity: Severity::High,
        what: "refers to a role that does not exist",
        why: "the binding grants nothing, until somebody makes a role of that name",
        fix: "mend the name, or delete the binding",
        references: &[
            "krane subjects-with-non-existing-roles",
            "kubesplaining STALE-001",
            "kubernetes#129268",
        ],
        bad: to_role!("team-a", "raeder"),
        good: to_role!("team-a", "reader"),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: of-another-chart}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC602",
        name: "roleref-role-elsewhere",
        severity: Severity::High,
        what: "refers to a Role that exists in another namespace alone",
        why: "a RoleBinding finds Roles of its own namespace only, so this one grants nothing",
        fix: "copy the Role into the namespace, or make it a ClusterRole",
        references: &["checkov#7694"],
        bad: to_role!("team-b", "reader"),
        good: to_role!("team-a", "reader"),
        near: to_role!("team-b", "of-another-chart"),
        check: Check::With("RBC601"),
    },
    Rule {
        id: "RBC608",
        name: "no-subjects",
        severity: Severity::Low,
        what: "has no subjects",
        why: "the binding grants nothing to nobody",
        fix: "delete it, or name the subjects",
        references: &["krane"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: empty}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: []\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: empty}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        // As a fresh cluster has it.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: 'system:node'}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:node'}\n",
        ),
        check: Check::With("RBC601"),
    },
    Rule {
        id: "RBC692",
        name: "incomplete-input",
        severity: Severity::Info,
        what: "refers to a role that was not loaded, so what it grants is not known",
        why: "nothing was judged here; it may be harmless or everything",
        fix: "load the role, too, or say `complete: true` in the configuration if this is all there is",
        references: &["kubescape#3069"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: other}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: of-another-chart}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: other}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: jane}\n",
        ),
        near: to_role!("team-a", "raeder"),
        check: Check::With("RBC601"),
    },
];

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    if binding.subjects.is_empty() {
        found.add(lint.head("RBC608", Severity::Low, id));
    }
    if lint.role_of(id).is_some() {
        return;
    }
    let name = lint.str(binding.role_ref.name);
    let add = |rule, severity, why: Option<String>, fix: Option<String>, found: &mut Found| {
        let mut finding = lint.head(rule, severity, id);
        finding.at = binding.role_ref.position;
        finding.why = why.map(Into::into);
        finding.fix = fix.map(Into::into);
        found.add(finding);
    };
    let of_name = lint.roles_named(binding.role_ref.name);
    if binding.role_ref.kind == RoleKind::Role
        && let Some((_, other)) = of_name.iter().find(|(_, role)| role.kind == RoleKind::Role)
    {
        let why = format!(
            "a RoleBinding finds Roles of its own namespace only, and this one is in {}: it grants nothing",
            lint.str(other.namespace)
        );
        add("RBC602", Severity::High, Some(why), None, found);
        return;
    }
    if let Some((_, other)) = of_name.first() {
        let fix = format!(
            "a {} of that name exists: mend the kind of the roleRef",
            other.kind.as_str()
        );
        add("RBC601", Severity::High, None, Some(fix), found);
        return;
    }
    // Names that are one letter apart are meant to be one.
    let near = || {
        let reachable = lint.roles().filter(|(_, role)| {
            role.kind == binding.role_ref.kind
                && (role.kind == RoleKind::ClusterRole || role.namespace == binding.namespace)
        });
        alike(name, reachable.map(|(_, role)| lint.str(role.name)))
    };
    if lint.few_dangling()
        && let Some(near) = near()
    {
        add(
            "RBC601",
            Severity::High,
            None,
            Some(format!("did you mean {near:?}?")),
            found,
        );
    } else if lint.is_complete() {
        add("RBC601", Severity::High, None, None, found);
    } else {
        add("RBC692", Severity::Info, None, None, found);
    }
}
