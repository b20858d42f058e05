//! Subjects that are not who they seem, or are nobody.

use crate::authz::PRIVILEGED_GROUP;
use crate::defaults::{DefaultSubject, policy};
use crate::lint::{Check, Example, Found, Lint, Rule, Severity, Text};
use crate::model::{Binding, BindingId, BindingKind, RoleId, Subject, SubjectKind, Symbol};

macro_rules! binding {
    ($subject:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: example}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- ",
            $subject,
            "\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC206",
        name: "system-masters-subject",
        severity: Severity::Medium,
        what: "binds a role to system:masters, which may everything anyway",
        why: "the binding grants nothing, and deleting it takes nothing away: the group is allowed everything before RBAC is asked",
        fix: "remove the subject; to take the rights away, revoke the credentials that name the group",
        references: &["CIS 5.1.7", "kubescape C-0246", "trivy KSV-0123"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: ops}"),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: cluster-admin}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}\n",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC207",
        name: "reserved-system-name",
        severity: Severity::Medium,
        what: "is a name that Kubernetes keeps for itself and does not use",
        why: "it is a misspelling and matches nobody, or whoever can choose the name gets the grant",
        fix: "use a name without the prefix system:",
        references: &["RBAC documentation: the prefix system: is reserved"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:devs'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'corp:devs'}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:bootstrappers:workers'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC208",
        name: "serviceaccount-as-user",
        severity: Severity::Low,
        what: "names a service account as a user",
        why: "it works where the name is whole, but is missed by whoever looks for the account",
        fix: "write `kind: ServiceAccount` with namespace and name",
        references: &["kubectl-who-can#26"],
        bad: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:ci:bot'}"
        ),
        good: binding!("{kind: ServiceAccount, namespace: ci, name: bot}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:ci'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC209",
        name: "group-as-user",
        severity: Severity::Medium,
        what: "names a group as a user, or a user as a group",
        why: "the subject matches nobody",
        fix: "change the kind of the subject",
        references: &["RBAC documentation: referring to subjects"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:nodes'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:kube-scheduler'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC210",
        name: "cross-namespace-subject",
        severity: Severity::Low,
        what: "is a service account of another namespace",
        why: "whoever can make workloads or tokens over there has this grant here",
        fix: "use an account of this namespace, or see that the other one is as well guarded",
        references: &["RBAC documentation: subjects of other namespaces"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: sandbox, name: bot}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: prod, name: bot}\n",
        ),
        // Without a namespace it is the binding's own.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: bot}\n",
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC219",
        name: "subject-not-in-inventory",
        severity: Severity::Info,
        what: "is not in the list of identities",
        why: "the name is misspelled, or whoever bore it has left and whoever bears it next inherits the grant",
        fix: "mend the name, remove the subject, or add it to the list",
        references: &["Kubernetes: RBAC good practices, periodic review"],
        bad: Example::None(
            "with --identities whose list has `User jane@corp`: a binding to User jnae@corp",
        ),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'jane@corp'}"),
        // It is no matter of an inventory of people.
        near: binding!("{kind: ServiceAccount, namespace: ci, name: bot}"),
        check: Check::All(not_in_inventory),
    },
    Rule {
        id: "RBC221",
        name: "wildcard-subject-name",
        severity: Severity::Medium,
        what: "has a wildcard for a name",
        why: "RBAC knows no patterns of subjects: this is the one who is called so, and nobody is",
        fix: "name the subjects, or bind a group",
        references: &["RBAC documentation: referring to subjects"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: User, name: '*'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'jane+ci@example.com'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC218",
        name: "stale-serviceaccount-subject",
        severity: Severity::Medium,
        what: "is a service account that does not exist",
        why: "whoever may make an account of that name inherits the grant",
        fix: "delete the subject, or the binding",
        references: &["rbac-tool#90", "kubernetes#131570"],
        bad: Example::Manifest(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: ci, name: bot}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: old-bot}\n",
        ),
        good: Example::Manifest(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: ci, name: bot}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: bot}\n",
        ),
        // No account of that namespace was loaded: it cannot be told.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: old-bot}\n",
        ),
        check: Check::All(stale),
    },
];

/// Users and groups of Kubernetes itself.
fn is_known(kind: SubjectKind, name: &str) -> bool {
    let listed: &[&str] = match kind {
        SubjectKind::User => &[
            "system:anonymous",
            "system:apiserver",
            "system:kube-controller-manager",
            "system:cloud-controller-manager",
            "system:kube-scheduler",
            "system:kube-proxy",
            "system:kube-aggregator",
            "system:admin",
        ],
        _ => &[
            PRIVILEGED_GROUP,
            "system:authenticated",
            "system:unauthenticated",
            "system:nodes",
            "system:serviceaccounts",
            "system:bootstrappers",
            "system:monitoring",
        ],
    };
    let starts: &[&str] = match kind {
        SubjectKind::User => &[
            "system:node:",
            "system:serviceaccount:",
            "system:bootstrap:",
        ],
        _ => &["system:serviceaccounts:", "system:bootstrappers:"],
    };
    let bindings = policy::CLUSTER_ROLE_BINDINGS
        .iter()
        .chain(policy::ROLE_BINDINGS);
    let default = || {
        bindings
            .flat_map(|b| b.subjects)
            .any(|subject| match (kind, subject) {
                (SubjectKind::User, DefaultSubject::User(user)) => *user == name,
                (SubjectKind::Group, DefaultSubject::Group(group)) => *group == name,
                _ => false,
            })
    };
    listed.contains(&name) || starts.iter().any(|start| name.starts_with(start)) || default()
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    for (index, subject) in (0u32..).zip(&binding.subjects) {
        let is_plain = !lint.marks.is_parted(subject.name);
        if subject.kind != SubjectKind::ServiceAccount && is_plain {
            continue;
        }
        let name = lint.str(subject.name);
        let mut add = |id_of_rule, severity, why: Option<Text>| {
            let mut finding = lint.of_subject(id_of_rule, severity, id, index);
            finding.why = why;
            found.add(finding);
        };
        if subject.kind == SubjectKind::ServiceAccount {
            let other = binding.kind == BindingKind::RoleBinding
                && subject.namespace != binding.namespace
                && subject.namespace != Symbol::EMPTY;
            if other {
                cross_namespace(lint, id, index, found);
            }
            continue;
        }
        if name.contains('*') {
            add("RBC221", Severity::Medium, None);
        }
        let Some(rest) = name.strip_prefix("system:") else {
            if subject.kind == SubjectKind::User
                && let Some((namespace, account)) = meant_account(lint, binding, name)
            {
                let why = format!(
                    "no user is called so: the account {account} of {namespace} is system:serviceaccount:{namespace}:{account}"
                );
                add("RBC208", Severity::High, Some(why.into()));
            }
            continue;
        };
        let other_kind = match subject.kind {
            SubjectKind::User => SubjectKind::Group,
            _ => SubjectKind::User,
        };
        if subject.kind == SubjectKind::Group && name == PRIVILEGED_GROUP {
            // A fresh cluster has this very subject, whoever was added beside it.
            let of = [binding.name, binding.role_ref.name].map(|name| lint.str(name));
            if binding.kind != BindingKind::ClusterRoleBinding || of != ["cluster-admin"; 2] {
                add("RBC206", Severity::Medium, None);
            }
        } else if let (SubjectKind::User, Some(account)) =
            (subject.kind, rest.strip_prefix("serviceaccount:"))
        {
            let whole = matches!(account.split_once(':'), Some((ns, n)) if !ns.is_empty() && !n.is_empty() && !n.contains(':'));
            let why =
                "the name is not system:serviceaccount:NAMESPACE:NAME, so it matches no account"
                    .to_owned();
            match whole {
                true => add("RBC208", Severity::Low, None),
                false => add("RBC208", Severity::High, Some(why.into())),
            }
        } else if is_known(other_kind, name) && !is_known(subject.kind, name) {
            add("RBC209", Severity::Medium, None);
        } else if !is_known(subject.kind, name) {
            add("RBC207", Severity::Medium, None);
        }
    }
}

/// The service account that a user's name stands for, as `NAMESPACE:NAME` or `NAMESPACE/NAME`: told by the
/// account, or by a namespace that is known to be one.
fn meant_account<'n>(
    lint: &Lint<'_>,
    binding: &Binding,
    name: &'n str,
) -> Option<(&'n str, &'n str)> {
    let (namespace, account) = name.split_once([':', '/'])?;
    let of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let is_name = |text: &str| !text.is_empty() && text.chars().all(of_name);
    if !is_name(namespace) || !is_name(account) {
        return None;
    }
    let symbol = |text: &str| lint.cluster.interner().get(text);
    let of = symbol(namespace)?;
    let user = symbol(&format!("system:serviceaccount:{namespace}:{account}"));
    let known = of == binding.namespace
        || lint.has_accounts_of(of)
        || user.is_some_and(|user| !lint.held((false, user)).is_empty());
    known.then_some((namespace, account))
}

/// Whether what a role grants in a namespace is what elections and discovery need, and no more.
fn is_harmless(lint: &Lint<'_>, id: BindingId, role: RoleId) -> bool {
    let mut hits = lint.hits_of(role);
    if hits.any(|(rule, named)| !named && rule.severity >= Severity::Medium) {
        return false;
    }
    let of = &lint.cluster.role(role).rules;
    lint.effective_rules(id).iter().all(|index| {
        let rule = &of[*index as usize];
        let elects = are_among(lint, &rule.resources, &["leases", "events"]);
        // The configuration of controllers is more than what runs where.
        let data = ["configmaps", "secrets", "*"];
        let sees = are_among(lint, &rule.verbs, &["get", "list", "watch"])
            && !data
                .iter()
                .any(|data| rule.resources.iter().any(|r| lint.str(*r) == *data));
        elects || sees || !rule.resource_names.is_empty()
    })
}

fn are_among(lint: &Lint<'_>, list: &[Symbol], words: &[&str]) -> bool {
    list.iter().all(|word| words.contains(&lint.str(*word)))
}

/// Whether a binding grants the Leases and Events of elections, and nothing else.
fn only_elects(lint: &Lint<'_>, id: BindingId, role: RoleId) -> bool {
    let of = &lint.cluster.role(role).rules;
    lint.effective_rules(id)
        .iter()
        .all(|index| are_among(lint, &of[*index as usize].resources, &["leases", "events"]))
}

/// Somebody who can act as the account in its own namespace, and lacks what the binding grants it here.
fn weaker_writer(
    lint: &Lint<'_>,
    id: BindingId,
    role: RoleId,
    account: &Subject,
) -> Option<BindingId> {
    let here = lint.cluster.binding(id).namespace;
    let rules = lint.effective_rules(id);
    let lacks = |subject: &&Subject| {
        subject.matches != account.matches
            && !lint.gains_nothing(subject)
            && !lint.covers(role, rules, &lint.rules_in(subject, here))
    };
    let mut writers = lint.bindings_in(account.namespace).iter().copied();
    writers.find(|writer| {
        !lint.known.binding(*writer)
            && lint.acts_as(*writer, account.matches)
            && lint
                .cluster
                .binding(*writer)
                .subjects
                .iter()
                .any(|s| lacks(&s))
    })
}

fn cross_namespace(lint: &Lint<'_>, id: BindingId, index: u32, found: &mut Found) {
    let Some(role) = lint.role_of(id) else { return };
    // Every server of an aggregated API reads this one ConfigMap.
    let reader =
        lint.str(lint.cluster.role(role).name) == "extension-apiserver-authentication-reader";
    if reader && lint.is_built_in_role(role) {
        return;
    }
    if lint.effective_rules(id).is_empty() {
        return;
    }
    let binding = lint.cluster.binding(id);
    let mut finding = lint.of_subject("RBC210", Severity::Low, id, index);
    let writer = weaker_writer(lint, id, role, &binding.subjects[index as usize]);
    if let Some(writer) = writer {
        // What an election needs is not worth the detour.
        if !only_elects(lint, id, role) {
            finding.severity = Severity::High;
        }
        finding.why = Some("somebody who lacks this grant here can act as the account in its own namespace, and so has it".into());
        let words = "who can act as the account, by this binding".into();
        finding.also.push((lint.place_of(writer, None), words));
    } else if lint.is_privileged(binding.namespace, binding) && !is_harmless(lint, id, role) {
        finding.severity = Severity::High;
        finding.why = Some("whoever can make workloads or tokens over there reaches into a namespace that rules the cluster".into());
    }
    finding.own = finding.severity;
    found.add(finding);
}

fn not_in_inventory(lint: &Lint<'_>, found: &mut Found) {
    let Some(inventory) = &lint.settings.identities else {
        return found.not_checked("RBC219", "no list of identities was given (--identities)");
    };
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            let listed = match subject.kind {
                SubjectKind::ServiceAccount => continue,
                SubjectKind::User => &inventory.users,
                SubjectKind::Group => &inventory.groups,
            };
            let name = lint.str(subject.name);
            if listed.contains(name) || is_known(subject.kind, name) {
                continue;
            }
            let mut finding = lint.of_subject("RBC219", Severity::Info, id, index);
            let near = crate::lint::catalogue::alike(name, listed.iter().map(String::as_str));
            finding.fix = near.map(|near| {
                format!("did you mean {near:?}? Else remove the subject, or add it to the list")
                    .into()
            });
            found.add(finding);
        }
    }
}

/// Whether it is an account of a controller of Kubernetes, which not every cluster has.
fn is_optional(lint: &Lint<'_>, subject: &Subject) -> bool {
    let of = (lint.str(subject.namespace), lint.str(subject.name));
    let bindings = policy::CLUSTER_ROLE_BINDINGS
        .iter()
        .chain(policy::ROLE_BINDINGS);
    let mut defaults = bindings.flat_map(|binding| binding.subjects);
    defaults.any(
        |subject| matches!(subject, DefaultSubject::ServiceAccount(ns, name) if (*ns, *name) == of),
    )
}

fn stale(lint: &Lint<'_>, found: &mut Found) {
    let accounts = lint.cluster.service_accounts();
    let namespaces: std::collections::HashSet<Symbol> =
        accounts.keys().map(|(namespace, _)| *namespace).collect();
    if namespaces.is_empty() {
        found.not_checked("RBC218", "no ServiceAccounts were loaded");
        return;
    }
    let mut unknown = false;
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if subject.kind != SubjectKind::ServiceAccount || subject.namespace == Symbol::EMPTY {
                continue;
            }
            if !namespaces.contains(&subject.namespace) {
                unknown = true;
                continue;
            }
            // The controller that makes namespaces makes this one.
            let exists = accounts.contains_key(&(subject.namespace, subject.name))
                || lint.str(subject.name) == "default";
            if exists || is_optional(lint, subject) || lint.effective_rules(id).is_empty() {
                continue;
            }
            let grave = lint.gravest_of_binding(id) >= Severity::High;
            let severity = if grave {
                Severity::High
            } else {
                Severity::Medium
            };
            found.add(lint.of_subject("RBC218", severity, id, index));
        }
    }
    if unknown {
        found.not_checked(
            "RBC218",
            "some subjects are of namespaces of which no ServiceAccount was loaded",
        );
    }
}
