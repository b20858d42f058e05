//! What is found is what a look at each binding and every other one finds.

use super::{Spare, spare};
use crate::authz::rbac::Rbac;
use crate::lint::{Lint, Settings};
use crate::load::{Format, Loader, Options};
use crate::model::{BindingId, PolicyRule, Subject, SubjectKind};
use proptest::prelude::*;
use std::fmt::Write;

/// Rules that cover each other in every way: by words, by wildcards, together, for names, by subresources,
/// and of paths.
const RULES: [&str; 12] = [
    "{apiGroups: [''], resources: [pods], verbs: [get, list]}",
    "{apiGroups: [''], resources: [pods], verbs: [get]}",
    "{apiGroups: [''], resources: [pods], verbs: [list]}",
    "{apiGroups: [''], resources: [pods], verbs: [get], resourceNames: [a]}",
    "{apiGroups: [''], resources: ['*'], verbs: [get]}",
    "{apiGroups: ['*'], resources: [pods, nodes], verbs: ['*']}",
    "{apiGroups: [''], resources: [pods/log, pods/status], verbs: [get]}",
    "{apiGroups: [''], resources: ['*/log'], verbs: [get]}",
    "{apiGroups: ['', apps], resources: [pods, deployments, secrets], verbs: [get, list, watch]}",
    "{apiGroups: [''], resources: [nodes], verbs: [get]}",
    "{nonResourceURLs: [/metrics], verbs: [get]}",
    "{nonResourceURLs: ['/*'], verbs: [get]}",
];

const SUBJECTS: [&str; 7] = [
    "{kind: User, name: a}",
    "{kind: Group, name: a}",
    "{kind: ServiceAccount, namespace: one, name: a}",
    "{kind: User, name: 'system:serviceaccount:one:a'}",
    "{kind: Group, name: 'system:authenticated'}",
    "{kind: Group, name: 'system:serviceaccounts:one'}",
    "{kind: Group, name: 'system:masters'}",
];

/// Of each role, the numbers of its rules.
type Roles = Vec<Vec<usize>>;

/// Of each binding: whether its namespace is none, one or two, its role and its subjects.
type Bindings = Vec<(usize, usize, Vec<usize>)>;

fn manifests(roles: &Roles, bindings: &Bindings) -> String {
    const API: &str = "apiVersion: rbac.authorization.k8s.io/v1";
    let mut text = String::new();
    for (index, rules) in roles.iter().enumerate() {
        let rules: Vec<&str> = rules.iter().map(|rule| RULES[*rule]).collect();
        let rules = rules.join(", ");
        let _ = writeln!(
            text,
            "---\n{{{API}, kind: ClusterRole, metadata: {{name: r{index}}}, rules: [{rules}]}}"
        );
    }
    for (index, (namespace, role, subjects)) in bindings.iter().enumerate() {
        let (kind, namespace) = match namespace {
            0 => ("ClusterRoleBinding", ""),
            1 => ("RoleBinding", "namespace: one, "),
            _ => ("RoleBinding", "namespace: two, "),
        };
        let subjects: Vec<&str> = subjects.iter().map(|subject| SUBJECTS[*subject]).collect();
        let subjects = subjects.join(", ");
        let _ = writeln!(
            text,
            "---\n{{{API}, kind: {kind}, metadata: {{{namespace}name: b{index}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r{role}}}, subjects: [{subjects}]}}"
        );
    }
    text
}

/// Each binding against every other one, the last one first.
fn plainly(lint: &Lint<'_>) -> Vec<Spare> {
    let mut found: Vec<Spare> = Vec::new();
    for index in (0..lint.cluster.bindings().len() as u32).rev() {
        let id = BindingId(index);
        for (index, subject) in (0u32..).zip(&lint.cluster.binding(id).subjects) {
            if lint.known.binding(id) || lint.gains_nothing(subject) {
                continue;
            }
            if let Some(other) = other(lint, id, subject, &found) {
                found.push(Spare {
                    binding: id,
                    subject: index,
                    other,
                });
            }
        }
    }
    found
}

fn other(lint: &Lint<'_>, id: BindingId, subject: &Subject, spare: &[Spare]) -> Option<BindingId> {
    let role = lint.role_of(id)?;
    let name = |subject: &Subject| {
        let name = lint.str(subject.matches).to_owned();
        (subject.kind == SubjectKind::Group, name)
    };
    let group = |name: &str| (true, name.to_owned());
    let mut names = vec![name(subject)];
    if subject.kind != SubjectKind::Group {
        names.push(group("system:authenticated"));
    }
    if subject.kind == SubjectKind::ServiceAccount {
        names.push(group("system:serviceaccounts"));
        let namespace = lint.str(subject.namespace);
        names.push(group(&format!("system:serviceaccounts:{namespace}")));
    }
    let here = lint.cluster.binding(id).namespace;
    let mut scopes = vec![crate::model::Symbol::EMPTY, here];
    scopes.dedup();
    let mut others: Vec<BindingId> = Vec::new();
    for wanted in names {
        for scope in &scopes {
            let bindings = lint.bindings();
            let in_scope = bindings.filter(|(other, b)| *other != id && b.namespace == *scope);
            others.extend(in_scope.filter_map(|(other, binding)| {
                let mut subjects = (0u32..).zip(&binding.subjects);
                let still = subjects.any(|(index, subject)| {
                    let mut spare = spare.iter();
                    name(subject) == wanted
                        && !spare.any(|s| (s.binding, s.subject) == (other, index))
                });
                still.then_some(other)
            }));
        }
    }
    let mut all = others.iter();
    if let Some(same) = all.find(|other| lint.role_of(**other) == Some(role)) {
        return Some(*same);
    }
    let effective = lint.effective_rules(id);
    if effective.is_empty() {
        return None;
    }
    let rules = |of: &[BindingId]| -> Vec<&PolicyRule> {
        let roles = of.iter().filter_map(|other| lint.role_of(*other));
        let rules = roles.flat_map(|role| &lint.cluster.role(role).rules);
        rules.map(AsRef::as_ref).collect()
    };
    if !lint.covers(role, effective, &rules(&others)) {
        return None;
    }
    let mut all = others.iter();
    let alone = all.find(|other| lint.covers(role, effective, &rules(&[**other])));
    alone.or(others.first()).copied()
}

fn roles() -> impl Strategy<Value = Roles> {
    let rules = prop::collection::vec(0..RULES.len(), 1..4);
    prop::collection::vec(rules, 6)
}

fn bindings() -> impl Strategy<Value = Bindings> {
    let subjects = prop::collection::vec(0..SUBJECTS.len(), 1..4);
    // The last role does not exist.
    prop::collection::vec((0..3usize, 0..7usize, subjects), 0..48)
}

proptest! {
    #[test]
    fn finds_what_a_plain_look_finds(roles in roles(), bindings in bindings()) {
        let mut loader = Loader::new(Options::default());
        let text = manifests(&roles, &bindings);
        loader.add_text("a.yaml", &text, Format::Guess).expect("good manifests");
        let cluster = loader.finish();
        let rbac = Rbac::new(&cluster);
        let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        let lint = Lint::new(&cluster, &rbac, &settings);
        let mut found = spare(&lint);
        let mut expected = plainly(&lint);
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected, "{}", text);
    }
}
