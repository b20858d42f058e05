//! Objects that leave their namespace to whoever applies them: one finding a file, since a file is applied
//! as a whole.

use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::notes::{Oddity, OddityKind};
use crate::model::{BindingKind, FileId, Position, SubjectKind};
use std::collections::{BTreeMap, HashSet};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "RBC644",
    name: "namespace-missing",
    severity: Severity::Medium,
    what: "names no namespace",
    why: "it lands wherever whoever applies it happens to be",
    fix: "write the namespace, or apply it with -n",
    references: &["RBAC documentation"],
    bad: Example::Manifest(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
    ),
    good: Example::Manifest(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
    ),
    near: Example::Manifest(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
    ),
    check: Check::All(check),
}];

fn check(lint: &Lint<'_>, found: &mut Found) {
    let mut files: BTreeMap<FileId, Vec<&Oddity>> = BTreeMap::new();
    for oddity in &lint.cluster.notes().oddities {
        if oddity.kind == OddityKind::NamespaceMissing {
            files.entry(oddity.position.file).or_default().push(oddity);
        }
    }
    if files.is_empty() {
        return;
    }
    let placed = files_with_a_namespace(lint);
    let elsewhere = accounts_elsewhere(lint);
    for (file, objects) in files {
        let contradicted = objects.iter().find_map(|object| {
            let name = object.object.strip_prefix("ServiceAccount/")?;
            let (implied, name) = name.split_once('/')?;
            let named = elsewhere.get(name)?;
            let (namespace, place) = named.iter().find(|(other, _)| *other != implied)?;
            Some((*object, *namespace, *place))
        });
        let object = contradicted.map_or(objects[0], |(object, ..)| object);
        // What leaves all of it to whoever applies it holds together wherever it lands.
        let severity = match contradicted.is_some() || placed.contains(&file) {
            true => Severity::Medium,
            false => Severity::Low,
        };
        let rule = super::by_id("RBC644");
        let mut finding = Finding::new(rule, severity, object.position);
        finding.rare.object = Some(object.object.clone());
        if objects.len() > 1 {
            let others = objects.len() - 1;
            finding.what =
                Some(format!("names no namespace, nor do {others} more of the file").into());
        }
        if let Some((_, namespace, place)) = contradicted {
            let namespace = crate::model::Quoted(namespace);
            finding.why = Some(format!(
                "a binding names the account in the namespace {namespace}: applied to another one, the account has nothing, and whoever may make one of that name there has it all"
            ).into());
            finding
                .also
                .push((place, "who is granted something".into()));
        }
        found.add(finding);
    }
}

/// Files with an object of a namespace that is written down.
fn files_with_a_namespace(lint: &Lint<'_>) -> HashSet<FileId> {
    let notes = lint.cluster.notes();
    let implied: HashSet<Position> = notes
        .oddities
        .iter()
        .filter(|oddity| oddity.kind == OddityKind::NamespaceMissing)
        .map(|oddity| oddity.position)
        .collect();
    let bindings = lint.bindings().map(|(_, b)| (b.namespace, b.position));
    let roles = lint.roles().map(|(_, r)| (r.namespace, r.position));
    let accounts = notes.accounts.values().map(|note| note.position);
    let workloads = notes.workloads.iter().filter(|w| !w.namespace_implied);
    bindings
        .chain(roles)
        .filter(|(namespace, _)| !lint.str(*namespace).is_empty())
        .map(|(_, position)| position)
        .chain(accounts)
        .filter(|position| !implied.contains(position))
        .chain(workloads.map(|workload| workload.position))
        .map(|position| position.file)
        .collect()
}

/// The accounts, by name, that a ClusterRoleBinding names in a namespace where none of the name was loaded.
fn accounts_elsewhere<'c>(lint: &Lint<'c>) -> BTreeMap<&'c str, Vec<(&'c str, Position)>> {
    let mut named: BTreeMap<&str, Vec<(&str, Position)>> = BTreeMap::new();
    let loaded = lint.cluster.service_accounts();
    for (_, binding) in lint.bindings() {
        if binding.kind != BindingKind::ClusterRoleBinding || binding.position.is_built_in() {
            continue;
        }
        for subject in &binding.subjects {
            let is_known = loaded.contains_key(&(subject.namespace, subject.name));
            if subject.kind == SubjectKind::ServiceAccount && !is_known {
                let place = (lint.str(subject.namespace), subject.position);
                named.entry(lint.str(subject.name)).or_default().push(place);
            }
        }
    }
    named
}
