//! What could be left out, and what is hard to keep in view.

use crate::lint::covered::contains;
use crate::lint::overlap::{self, Spare};
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, PolicyRule, RoleId, Subject, SubjectKind, Symbol};

const TWO_BINDINGS: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: bob}\n";

macro_rules! view_in {
    ($($namespace:literal)*) => {
        concat!($(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ", $namespace,
            ", name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: a, name: bot}\n---\n"
        ),*)
    };
}

macro_rules! roles {
    ($($name:literal)*) => {
        concat!($(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: a, name: ", $name,
            "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ", $name,
            "}\nsubjects:\n- {kind: ServiceAccount, name: bot}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: a, name: ", $name,
            "}\nrules:\n- {apiGroups: [''], resources: [configmaps], resourceNames: [", $name, "], verbs: [get]}\n---\n"
        ),*)
    };
}

const ONE_ROLE: &str = view_in!("a" "b" "c" "d" "e" "f" "g");
const MANY_ROLES: &str = roles!("a" "b" "c" "d" "e" "f");

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC216",
        name: "redundant-binding",
        severity: Severity::Low,
        what: "has the same role by another binding",
        why: "whoever takes this binding away believes that the right is gone",
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
        id: "RBC227",
        name: "many-roles-per-subject",
        severity: Severity::Info,
        what: "holds many roles",
        why: "what it may is spread over as many places, and nobody reviews it as a whole",
        fix: "give each workload an account and a role of its own, or put into one role what belongs together",
        references: &["krane subjects-with-many-roles"],
        bad: Example::Manifest(MANY_ROLES),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: bot}\n",
        ),
        // One role in many namespaces is one role to review.
        near: Example::Manifest(ONE_ROLE),
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

/// With how many roles of one subject it is said.
const ROLES: usize = 6;

fn redundant(lint: &Lint<'_>, found: &mut Found) {
    let mut spare = overlap::spare(lint);
    // The last binding first, as they are looked at.
    spare.sort_unstable_by_key(|spare| (std::cmp::Reverse(spare.binding), spare.subject));
    for Spare {
        binding,
        subject,
        other,
    } in spare
    {
        let mut finding = lint.of_subject("RBC216", Severity::Low, binding, subject);
        if lint.role_of(other) != lint.role_of(binding) {
            finding.what = Some("has all of this by another binding".into());
        }
        let position = lint.cluster.binding(other).position;
        // No room for more: there can be very many.
        finding.also = vec![(position, "the other binding".into())];
        found.add(finding);
    }
    people(lint, found);
    roles(lint, found);
}

/// Whether a subject is a user, and none of Kubernetes' own.
fn is_person(lint: &Lint<'_>, subject: &Subject) -> bool {
    subject.kind == SubjectKind::User && !lint.marks.is_of_system(subject.name)
}

/// Users whose names are also those of groups or of service accounts, and people who are bound one by one.
fn people(lint: &Lint<'_>, found: &mut Found) {
    let mut users = Names::new(lint);
    let mut groups = Names::new(lint);
    let mut accounts = Names::new(lint);
    for (_, name) in lint.cluster.service_accounts().keys() {
        accounts.insert(*name);
    }
    let mut count = 0;
    let mut bindings: Vec<BindingId> = Vec::new();
    for (id, binding) in lint.bindings() {
        let is_known = lint.known.binding(id);
        let mut has_people = false;
        for subject in &binding.subjects {
            match subject.kind {
                SubjectKind::Group => {
                    groups.insert(subject.name);
                }
                SubjectKind::ServiceAccount => {
                    accounts.insert(subject.name);
                }
                SubjectKind::User if is_known || !is_person(lint, subject) => {}
                SubjectKind::User => {
                    has_people = true;
                    count += usize::from(users.insert(subject.name));
                }
            }
        }
        if has_people {
            bindings.push(id);
        }
    }
    if users.meets(&groups) || users.meets(&accounts) {
        for id in &bindings {
            namesakes(lint, *id, &groups, &accounts, found);
        }
    }
    let Some((first, rest)) = bindings.split_first().filter(|_| count >= USERS) else {
        return;
    };
    let mut finding = lint.head("RBC226", Severity::Info, *first);
    if !rest.is_empty() {
        finding.binding = None;
        finding.role = None;
        finding.rare.object = Some("the cluster".to_owned());
        finding.what = Some(format!("binds {count} users one by one").into());
    }
    let place = |id: &BindingId| (lint.place_of(*id, None), "another".into());
    finding.also.extend(rest.iter().take(20).map(place));
    found.add(finding);
}

/// Users of a binding whose names are also those of subjects of another kind.
fn namesakes(lint: &Lint<'_>, id: BindingId, groups: &Names, accounts: &Names, found: &mut Found) {
    let subjects = (0u32..).zip(&lint.cluster.binding(id).subjects);
    for (index, subject) in subjects.filter(|(_, subject)| is_person(lint, subject)) {
        if groups.contains(subject.name) {
            let mut finding = lint.of_subject("RBC209", Severity::Medium, id, index);
            finding.what = Some("names a user, and elsewhere this is the name of a group".into());
            finding.why = Some("if the group is meant, nobody in it has this; if not, the two are taken for each other".into());
            finding.facets.push(crate::lint::Facet {
                rule: super::by_id("RBC229"),
                severity: Severity::Low,
                why: None,
            });
            found.add(finding);
        } else if accounts.contains(subject.name) {
            let mut finding = lint.of_subject("RBC229", Severity::Low, id, index);
            finding.what =
                Some("is the name of a user here and of a service account elsewhere".into());
            finding.why = Some("if the account is meant, it has nothing by this: the user that is called so is nobody's account".into());
            finding.fix = Some(
                "write `kind: ServiceAccount` with its namespace, or rename one of the two".into(),
            );
            found.add(finding);
        }
    }
}

/// Subjects with many roles.
fn roles(lint: &Lint<'_>, found: &mut Found) {
    let mut roles: Vec<RoleId> = Vec::new();
    // Most have few bindings.
    let held_by_many = lint.held_by_each().filter(|(_, held)| held.len() >= ROLES);
    for (number, held) in held_by_many {
        let granting = held.iter().filter_map(|id| Some((*id, lint.role_of(*id)?)));
        let granting = || granting.clone().filter(|(id, _)| !lint.known.binding(*id));
        roles.clear();
        roles.extend(granting().map(|(_, role)| role));
        roles.sort_unstable();
        roles.dedup();
        let Some((first, _)) = granting().next().filter(|_| roles.len() >= ROLES) else {
            continue;
        };
        let mut subjects = lint.identities.of_binding(first).iter();
        let index = subjects.position(|of| *of == number).unwrap_or(0) as u32;
        let mut finding = lint.of_subject("RBC227", Severity::Info, first, index);
        finding.role = None;
        finding.what = Some(format!("holds {} roles", roles.len()).into());
        let others = granting().skip(1).take(20);
        let place = |(id, _)| (lint.cluster.binding(id).position, "another".into());
        finding.also.extend(others.map(place));
        found.add(finding);
    }
}

/// A set of names, quickly asked.
struct Names(Vec<bool>);

impl Names {
    fn new(lint: &Lint<'_>) -> Self {
        Names(vec![false; lint.cluster.interner().len()])
    }

    /// Adds a name; whether it is new.
    fn insert(&mut self, name: Symbol) -> bool {
        !std::mem::replace(&mut self.0[name.index()], true)
    }

    fn contains(&self, name: Symbol) -> bool {
        self.0[name.index()]
    }

    /// Whether a name is in both.
    fn meets(&self, other: &Names) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| *a && *b)
    }
}

/// How many rules of a role are compared with each other: there are as many pairs as the square.
const COMPARED: usize = 64;

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
            finding.also.push((other.position, "the other rule".into()));
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
            finding.what = Some(format!("has two rules that differ in {list} alone").into());
            found.add(finding);
        }
    }
}
