//! What could be left out, and what is hard to keep in view.

use crate::authz::rbac::matches::url_matches;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingKind, PolicyRule, RoleId, SubjectKind, Symbol};
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
        id: "RBC632",
        name: "mergeable-rules",
        severity: Severity::Info,
        what: "has two rules that differ in one list alone",
        why: "one rule with both lists together allows exactly the same, and shows at once what is allowed",
        fix: "write them as one rule",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [pods], verbs: [get, list]}\n{apiGroups: [''], resources: [services], verbs: [get, list]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods, services], verbs: [get, list]}",
        ),
        // Together they would allow deployments in the core group and pods in apps, and more.
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods], verbs: [get, list]}\n{apiGroups: [apps], resources: [deployments], verbs: [get, list]}",
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

/// Whether one rule allows whatever another one allows.
fn contains(lint: &Lint<'_>, wide: &PolicyRule, narrow: &PolicyRule) -> bool {
    let covers = |wide: &[Symbol], narrow: &[Symbol]| {
        !narrow.is_empty()
            && (wide.contains(&Symbol::ANY) || narrow.iter().all(|word| wide.contains(word)))
    };
    let names =
        wide.resource_names.is_empty() || covers(&wide.resource_names, &narrow.resource_names);
    if narrow.non_resource_urls.is_empty() {
        // `*/SUBRESOURCE` stands for that of every resource.
        let any_parent = |resource: &Symbol| {
            let sub = lint.str(*resource).split_once('/').map(|(_, sub)| sub);
            let mut wide = wide.resources.iter();
            sub.is_some() && wide.any(|word| lint.str(*word).strip_prefix("*/") == sub)
        };
        let mut resources = narrow.resources.iter();
        return covers(&wide.verbs, &narrow.verbs)
            && covers(&wide.api_groups, &narrow.api_groups)
            && (wide.resources.contains(&Symbol::ANY) && !narrow.resources.is_empty()
                || resources.all(|word| wide.resources.contains(word) || any_parent(word)))
            && names;
    }
    let below = |url: &Symbol| {
        let mut wide = wide.non_resource_urls.iter();
        wide.any(|word| word == url || url_matches(lint.str(*word), lint.str(*url)))
    };
    covers(&wide.verbs, &narrow.verbs) && narrow.non_resource_urls.iter().all(below)
}

/// The one list in which two rules differ, if they could be one rule with both lists together.
fn mergeable(a: &PolicyRule, b: &PolicyRule) -> Option<&'static str> {
    // An empty list of names is every name, and no list to add to.
    if a.resource_names.is_empty() != b.resource_names.is_empty() {
        return None;
    }
    let same = |a: &[Symbol], b: &[Symbol]| {
        a.iter().all(|word| b.contains(word)) && b.iter().all(|word| a.contains(word))
    };
    let lists = [
        ("verbs", same(&a.verbs, &b.verbs)),
        ("apiGroups", same(&a.api_groups, &b.api_groups)),
        ("resources", same(&a.resources, &b.resources)),
        ("resourceNames", same(&a.resource_names, &b.resource_names)),
        (
            "nonResourceURLs",
            same(&a.non_resource_urls, &b.non_resource_urls),
        ),
    ];
    let mut differ = lists
        .iter()
        .filter(|(_, same)| !same)
        .map(|(list, _)| *list);
    differ.next().filter(|_| differ.next().is_none())
}

fn repeated(lint: &Lint<'_>, id: RoleId, found: &mut Found) {
    let role = lint.cluster.role(id);
    if role.aggregation_rule.is_some() {
        return;
    }
    if role.rules.is_empty() {
        found.add(lint.of_role("RBC634", Severity::Low, id, None));
    } else if lint.bindings_of(id).is_empty() && !super::aggregation::is_gathered(lint, role) {
        found.add(lint.of_role("RBC633", Severity::Low, id, None));
    }
    let rules = &role.rules[..role.rules.len().min(COMPARED)];
    for (index, rule) in (0u32..).zip(rules) {
        let others = || (0u32..).zip(rules).filter(|(other, _)| *other != index);
        let about = |id_of_rule, other: &PolicyRule| {
            let severity = super::by_id(id_of_rule).severity;
            let mut finding = lint.of_role(id_of_rule, severity, id, Some(index));
            let label = "the other rule".to_owned();
            finding.also.push((other.position, label));
            finding
        };
        let wider = others().find_map(|(other, wide)| {
            if !contains(lint, wide, rule) {
                return None;
            }
            match contains(lint, rule, wide) {
                // Of two that are the same, the first one stays.
                true => (other < index).then_some(("RBC630", wide)),
                false => Some(("RBC631", wide)),
            }
        });
        if let Some((id_of_rule, wide)) = wider {
            found.add(about(id_of_rule, wide));
            continue;
        }
        let mut before = others().filter(|(other, _)| *other < index);
        let twin = before.find_map(|(_, other)| {
            let list = mergeable(other, rule)?;
            (!contains(lint, rule, other)).then_some((other, list))
        });
        if let Some((other, list)) = twin {
            let mut finding = about("RBC632", other);
            finding.what = Some(format!("has two rules that differ in {list} alone"));
            found.add(finding);
        }
    }
}
