//! Names of users and groups that are hardly told apart, or that nobody can have.

use super::words::is_invisible;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, Quoted, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

macro_rules! groups {
    ($one:literal, $other:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: Group, name: ",
            $one,
            "}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-b, name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: Group, name: ",
            $other,
            "}\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[Rule {
    id: "RBC650",
    name: "case-near-miss",
    severity: Severity::Medium,
    what: "has a name that differs from another subject's by case, spaces or domain alone",
    why: "names are compared byte for byte: if one person or team is meant, one of the two grants nothing",
    fix: "write the name as the authenticator gives it, everywhere",
    references: &["RBAC documentation: referring to subjects"],
    bad: groups!("Devs", "devs"),
    good: groups!("devs", "devs"),
    near: groups!("devs", "devops"),
    check: Check::All(check),
}];

/// How many names of one spelling are compared with each other.
const COMPARED: usize = 8;

/// A name without what people overlook, and its domain.
fn folded(name: &str) -> (String, Option<String>) {
    let visible = name
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c));
    let name = visible.collect::<String>().to_lowercase();
    match name.split_once('@') {
        Some((local, domain)) if !local.is_empty() => (local.to_owned(), Some(domain.to_owned())),
        _ => (name, None),
    }
}

/// Whether two domains may be two ways to write one. Two parts of one organization are not.
fn is_near(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let apart = |domain: &str| {
        let mut labels = domain.rsplit('.');
        let owner = (
            labels.next().unwrap_or("").to_owned(),
            labels.next().unwrap_or("").to_owned(),
        );
        (owner, labels.next().is_some())
    };
    let ((owner, deep), (other_owner, other_deep)) = (apart(one), apart(other));
    one == other || owner != other_owner || !(deep && other_deep)
}

/// The first place of a name, of those that are folded to one.
struct First {
    domain: Option<String>,
    at: BindingId,
    subject: u32,
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    let mut seen: HashMap<(SubjectKind, String), Vec<First>, RandomState> = HashMap::default();
    let mut known: HashSet<(SubjectKind, Symbol), RandomState> = HashSet::default();
    for (id, binding) in lint.bindings() {
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if subject.kind == SubjectKind::ServiceAccount {
                continue;
            }
            let padded_here = lint.marks.is_odd(subject.name) && !binding.position.is_built_in();
            if padded_here && is_padded(lint.str(subject.name)) {
                found.add(padded(lint, id, index, lint.str(subject.name)));
            }
            if !known.insert((subject.kind, subject.name)) {
                continue;
            }
            let (local, domain) = folded(lint.str(subject.name));
            let alike = seen.entry((subject.kind, local)).or_default();
            let near = alike
                .iter()
                .find(|first| is_near(first.domain.as_deref(), domain.as_deref()));
            // Of a built-in name and one's own, one's own is the wrong one.
            let own = match near {
                Some(first) if binding.position.is_built_in() => {
                    Some((first.at, first.subject, (id, index)))
                }
                Some(first) => Some((id, index, (first.at, first.subject))),
                None => None,
            };
            if let Some((id, index, (other, of_other))) = own {
                let mut finding = lint.of_subject("RBC650", Severity::Medium, id, index);
                let other = lint.cluster.binding(other).subjects[of_other as usize];
                let name = Quoted(lint.str(other.name));
                finding.what = Some(format!(
                    "has a name that differs from that of the {} {name} by case, spaces or domain alone",
                    other.kind.as_str()
                ).into());
                finding
                    .also
                    .push((other.position, "the other subject".into()));
                found.add(finding);
            }
            if alike.len() < COMPARED {
                alike.push(First {
                    domain,
                    at: id,
                    subject: index,
                });
            }
        }
    }
}

/// Whether a name has a space at an end, or a character that nobody sees.
fn is_padded(name: &str) -> bool {
    name.trim() != name || name.chars().any(is_invisible)
}

fn padded(lint: &Lint<'_>, id: BindingId, index: u32, name: &str) -> crate::lint::Finding {
    let mut finding = lint.of_subject("RBC651", Severity::High, id, index);
    finding.what = Some(
        format!(
            "has a name with a space at its end or an invisible character: {}",
            Quoted(name)
        )
        .into(),
    );
    let why = "names are compared byte for byte, so nobody is meant by it whose name is without";
    finding.why = Some(why.into());
    finding
}
