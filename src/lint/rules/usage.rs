//! What is granted, against what was requested.

use crate::authz::rbac::matches::Question;
use crate::lint::credentials::{AuditLog, Requested};
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{Binding, BindingId, BindingKind, PolicyRule, Subject, SubjectKind};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "RBC159",
    name: "excess-against-usage",
    severity: Severity::Info,
    what: "holds verbs that it did not use",
    why: "what nobody uses is missed by nobody, but by who steals the identity",
    fix: "take the verbs away, if the log spans long enough and the audit policy records such requests",
    references: &["audit2rbac", "kubesplaining KUBE-RBAC-UNUSED"],
    bad: Example::None("it takes an audit log (--audit-log)"),
    good: Example::None("it takes an audit log (--audit-log)"),
    near: Example::None("it takes an audit log (--audit-log)"),
    check: Check::All(check),
}];

/// How many rules of a role are told of.
const TOLD: usize = 5;

fn check(lint: &Lint<'_>, found: &mut Found) {
    let Some(log) = lint.credentials.and_then(|given| given.audit.as_ref()) else {
        found.not_checked("RBC159", "no audit log was given (--audit-log)");
        return;
    };
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        of_binding(lint, log, id, binding, found);
    }
}

fn of_binding(
    lint: &Lint<'_>,
    log: &AuditLog,
    id: BindingId,
    binding: &Binding,
    found: &mut Found,
) {
    // What a built-in role grants is not for the one who binds it to narrow.
    let role = lint
        .role_of(id)
        .filter(|role| !lint.is_built_in_role(*role));
    let (Some(role), true) = (role, lint.gains_something(id)) else {
        return;
    };
    let namespace = lint.str(binding.namespace);
    let there = |requested: &&Requested| {
        binding.kind == BindingKind::ClusterRoleBinding || requested.namespace() == namespace
    };
    let subjects = binding.subjects.iter();
    let requests: Vec<&Requested> = subjects
        .flat_map(|subject| of_subject(lint, log, subject))
        .filter(there)
        .collect();
    let rules = (0u32..).zip(&lint.cluster.role(role).rules);
    let unused: Vec<(u32, String)> = rules
        .filter_map(|(index, rule)| Some((index, unused(lint, rule, &requests)?)))
        .collect();
    if unused.is_empty() {
        return;
    }
    let mut told: Vec<String> = unused
        .iter()
        .take(TOLD)
        .map(|(index, what)| format!("rule {}: {what}", index + 1))
        .collect();
    if unused.len() > TOLD {
        told.push(format!("and {} rules more", unused.len() - TOLD));
    }
    let mut finding = lint.head("RBC159", Severity::Info, id);
    finding.role_rules = unused.into_iter().map(|(index, _)| index).collect();
    finding.why = Some(format!("{}: {}", log.window(), told.join("; ")).into());
    found.add(finding);
}

fn of_subject<'a>(lint: &Lint<'_>, log: &'a AuditLog, subject: &Subject) -> Vec<&'a Requested> {
    let name = lint.str(subject.matches);
    match subject.kind {
        SubjectKind::Group => log.of_group(name).collect(),
        SubjectKind::User | SubjectKind::ServiceAccount => log.of_user(name).collect(),
    }
}

/// What of a rule was not requested.
fn unused(lint: &Lint<'_>, rule: &PolicyRule, requests: &[&Requested]) -> Option<String> {
    let mut used: Vec<&str> = Vec::new();
    for requested in requests {
        let request = requested.asked.request();
        let verb = request.verb();
        if !used.contains(&verb) && Question::new(lint.cluster.interner(), &request).matches(rule) {
            used.push(verb);
        }
    }
    let verbs: Vec<&str> = rule.verbs.iter().map(|verb| lint.str(*verb)).collect();
    if used.is_empty() {
        return Some("nothing of it was requested".to_owned());
    }
    if verbs.contains(&"*") {
        used.sort_unstable();
        return Some(format!(
            "of every verb, {} was requested",
            super::listed(&used)
        ));
    }
    let never: Vec<&str> = verbs
        .into_iter()
        .filter(|verb| !used.contains(verb))
        .collect();
    (!never.is_empty()).then(|| format!("{} was not requested", super::listed(&never)))
}
