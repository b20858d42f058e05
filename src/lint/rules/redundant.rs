//! What could be left out, and what is hard to keep in view.

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingKind, PolicyRule, RoleId, RoleKind, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

const TWO_BINDINGS: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC216",
        name: "redundant-binding",
        severity: Severity::Low,
        what: "has the same role by another binding",
        why: "whoever takes one of the bindings away believes that the right is gone",
        fix: "delete one of the two",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Manifest(TWO_BINDINGS),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-b, name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n",
        ),
        check: Check::All(redundant),
    },
    Rule {
        id: "RBC226",
        name: "direct-user-binding",
        severity: Severity::Info,
        what: "binds users one by one",
        why: "who joins or leaves is a change of the binding, and is forgotten",
        fix: "bind a group of the identity provider",
        references: &["NSA/CISA Kubernetes Hardening Guidance"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: a}\n- {kind: User, name: b}\n- {kind: User, name: c}\n- {kind: User, name: d}\n- {kind: User, name: e}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: Group, name: team-a}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: a}\n- {kind: ServiceAccount, name: b}\n- {kind: ServiceAccount, name: c}\n- {kind: ServiceAccount, name: d}\n- {kind: ServiceAccount, name: e}\n",
        ),
        check: Check::With("RBC216"),
    },
    Rule {
        id: "RBC229",
        name: "name-reuse-across-kinds",
        severity: Severity::Low,
        what: "is the name of a user here and of a group elsewhere",
        why: "who reads one of the bindings takes it for the other",
        fix: "rename one of the two",
        references: &["RBAC documentation: referring to subjects"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: ops}\n- {kind: Group, name: ops}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: Group, name: ops}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: ops}\n- {kind: Group, name: ops}\n",
        ),
        check: Check::With("RBC216"),
    },
    Rule {
        id: "RBC630",
        name: "duplicate-rule",
        severity: Severity::Low,
        what: "has the same rule twice",
        why: "whoever takes one of them away believes that the right is gone",
        fix: "delete one of the two",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [pods], verbs: [get]}\n{apiGroups: [''], resources: [pods], verbs: [get]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods], verbs: [get]}\n{apiGroups: [''], resources: [pods], resourceNames: [a], verbs: [delete]}",
        ),
        check: Check::Role(repeated),
    },
    Rule {
        id: "RBC631",
        name: "subsumed-rule",
        severity: Severity::Low,
        what: "has a rule that another one of the role contains",
        why: "the narrow rule looks like a limit and is none",
        fix: "delete the narrow rule, or the wide one",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [pods], resourceNames: [a], verbs: [get]}\n{apiGroups: [''], resources: [pods], verbs: [get, list]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get, list]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods], resourceNames: [a], verbs: [delete]}\n{apiGroups: [''], resources: [pods], verbs: [get, list]}",
        ),
        check: Check::With("RBC630"),
    },
    Rule {
        id: "RBC633",
        name: "role-unused",
        severity: Severity::Low,
        what: "is bound to nobody",
        why: "it is a right that waits for a binding which nobody reviews",
        fix: "delete it, or bind it",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: left}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: more, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}\nrules:\n- {apiGroups: [example.com], resources: [widgets], verbs: [get]}\n",
        ),
        check: Check::With("RBC630"),
    },
    Rule {
        id: "RBC634",
        name: "role-empty",
        severity: Severity::Low,
        what: "has no rules",
        why: "its bindings grant nothing",
        fix: "delete it, or write its rules",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: empty}\nrules: []\n",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}\nrules: []\n",
        ),
        check: Check::With("RBC630"),
    },
];

/// How many users are bound one by one before it is said.
const USERS: usize = 5;

fn redundant(lint: &Lint<'_>, found: &mut Found) {
    let mut seen: HashMap<(Symbol, RoleId, SubjectKind, Symbol), u32, RandomState> =
        HashMap::default();
    let mut groups: HashSet<Symbol, RandomState> = HashSet::default();
    for (id, binding) in lint.bindings() {
        let subjects = binding
            .subjects
            .iter()
            .filter(|s| s.kind == SubjectKind::Group);
        groups.extend(subjects.map(|s| s.name));
        let Some(role) = lint.role_of(id).filter(|_| !lint.known.binding(id)) else {
            continue;
        };
        let scope = match binding.kind {
            BindingKind::ClusterRoleBinding => Symbol::EMPTY,
            BindingKind::RoleBinding => binding.namespace,
        };
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            let of = |scope| (scope, role, subject.kind, subject.matches);
            // What is bound cluster-wide is bound in the namespace as well.
            let other = seen
                .get(&of(Symbol::EMPTY))
                .or_else(|| seen.get(&of(scope)));
            if let Some(other) = other {
                let other = lint.cluster.binding(crate::model::BindingId(*other));
                let mut finding = lint.of_subject("RBC216", Severity::Low, id, index);
                finding
                    .also
                    .push((other.position, "the other binding".to_owned()));
                found.add(finding);
            } else {
                seen.insert(of(scope), id.0);
            }
        }
    }
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        let mut users = 0;
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if subject.kind != SubjectKind::User {
                continue;
            }
            users += 1;
            if groups.contains(&subject.name) && !lint.str(subject.name).starts_with("system:") {
                found.add(lint.of_subject("RBC229", Severity::Low, id, index));
            }
        }
        if users >= USERS {
            found.add(lint.head("RBC226", Severity::Info, id));
        }
    }
}

/// How many rules of a role are compared with each other: there are as many pairs as the square.
const COMPARED: usize = 64;

fn contains(wide: &PolicyRule, narrow: &PolicyRule) -> bool {
    let covers = |wide: &[Symbol], narrow: &[Symbol]| {
        !narrow.is_empty()
            && (wide.contains(&Symbol::ANY) || narrow.iter().all(|word| wide.contains(word)))
    };
    let names =
        wide.resource_names.is_empty() || covers(&wide.resource_names, &narrow.resource_names);
    if narrow.non_resource_urls.is_empty() {
        return covers(&wide.verbs, &narrow.verbs)
            && covers(&wide.api_groups, &narrow.api_groups)
            && covers(&wide.resources, &narrow.resources)
            && names;
    }
    covers(&wide.verbs, &narrow.verbs) && covers(&wide.non_resource_urls, &narrow.non_resource_urls)
}

fn repeated(lint: &Lint<'_>, id: RoleId, found: &mut Found) {
    let role = lint.cluster.role(id);
    if role.aggregation_rule.is_some() {
        return;
    }
    if role.rules.is_empty() {
        found.add(lint.of_role("RBC634", Severity::Low, id, None));
    } else if lint.bindings_of(id).is_empty() && !super::aggregation::is_gathered(lint, role) {
        // A ClusterRole may be made to be bound by whoever loads it.
        let severity = match role.kind {
            RoleKind::ClusterRole if !lint.is_complete() => Severity::Info,
            _ => Severity::Low,
        };
        found.add(lint.of_role("RBC633", severity, id, None));
    }
    let rules = &role.rules[..role.rules.len().min(COMPARED)];
    for (index, rule) in (0u32..).zip(rules) {
        let others = (0u32..).zip(rules).filter(|(other, _)| *other != index);
        for (other, wide) in others {
            let same = rule.same_content(wide);
            if (same && other > index) || (!same && !contains(wide, rule)) {
                continue;
            }
            let twin = !same && contains(rule, wide) && other > index;
            if twin {
                continue;
            }
            let id_of_rule = if same { "RBC630" } else { "RBC631" };
            let mut finding = lint.of_role(id_of_rule, Severity::Low, id, Some(index));
            finding
                .also
                .push((wide.position, "the other rule".to_owned()));
            found.add(finding);
            break;
        }
    }
}
