//! Grants in a scope where they do not hold.

use crate::lint::{Check, Example, Facet, Found, Lint, Rule, Severity};
use crate::model::{
    BindingId, BindingKind, PolicyRule, Request, RoleKind, Subject, SubjectKind, Symbol,
};
use std::collections::HashSet;

macro_rules! bound_in_namespace {
    ($rules:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: example}\nrules:\n",
            $rules,
            "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: example}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: example}\nsubjects:\n- {kind: User, name: jane}\n"
        ))
    };
}

macro_rules! clusterwide {
    ($rule:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: example}\nrules:\n- ",
            $rule,
            "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: example}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: example}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: web}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: web, name: web}\nspec:\n  template:\n    spec: {serviceAccountName: web, automountServiceAccountToken: true}\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC211",
        name: "clusterrolebinding-could-be-namespaced",
        severity: Severity::Medium,
        what: "is bound in the whole cluster to what exists in namespaces alone, and works in one of them",
        why: "it holds this in every namespace, and nothing in the role asks for more than one: no rule is for the whole cluster, none watches it",
        fix: "write RoleBindings, in the namespace of its workloads and wherever else it has something to do",
        references: &["Kubernetes: RBAC good practices, least privilege"],
        bad: clusterwide!("{apiGroups: [''], resources: [secrets], verbs: [get]}"),
        good: Example::Namespace(
            "web",
            "{apiGroups: [''], resources: [secrets], verbs: [get]}",
        ),
        // A controller that watches every namespace.
        near: clusterwide!("{apiGroups: [''], resources: [secrets], verbs: [get, list, watch]}"),
        check: Check::All(could_be_namespaced),
    },
    Rule {
        id: "RBC212",
        name: "cluster-role-via-rolebinding-partly-inert",
        severity: Severity::Low,
        what: "is bound in a namespace to rules that hold only cluster-wide",
        why: "a RoleBinding grants nothing on cluster-scoped resources and paths: those rules of the role never apply here",
        fix: "grant those rules by a ClusterRoleBinding, if they are needed",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: bound_in_namespace!(
            "- {apiGroups: [''], resources: [pods], verbs: [get]}\n- {apiGroups: [''], resources: [nodes], verbs: [list]}"
        ),
        good: bound_in_namespace!("- {apiGroups: [''], resources: [pods], verbs: [get]}"),
        // The request for the namespace itself carries the namespace.
        near: bound_in_namespace!(
            "- {apiGroups: [''], resources: [pods], verbs: [get]}\n- {apiGroups: [''], resources: [namespaces], verbs: [get]}"
        ),
        check: Check::With("RBC625"),
    },
    Rule {
        id: "RBC625",
        name: "cluster-scoped-in-namespace",
        severity: Severity::High,
        what: "is bound in a namespace to cluster-scoped resources",
        why: "a RoleBinding grants nothing on cluster-scoped resources: this never applies",
        fix: "use a ClusterRole and a ClusterRoleBinding",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [nodes], verbs: [list]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [nodes], verbs: [list]}"),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [namespaces], verbs: [get]}",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC626",
        name: "nonresource-via-rolebinding",
        severity: Severity::High,
        what: "is bound in a namespace to paths",
        why: "a RoleBinding grants no paths: this never applies",
        fix: "use a ClusterRoleBinding",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: bound_in_namespace!("- {nonResourceURLs: [/metrics], verbs: [get]}"),
        good: Example::Cluster("{nonResourceURLs: [/metrics], verbs: [get]}"),
        near: bound_in_namespace!(
            "- {nonResourceURLs: [/metrics], verbs: [get]}\n- {apiGroups: [''], resources: [pods], verbs: [get]}"
        ),
        check: Check::With("RBC625"),
    },
];

/// The requests of a rule that a RoleBinding never grants.
#[derive(Clone, Debug, Default)]
pub(in crate::lint) struct Inert<'r> {
    requests: Vec<Request<'r>>,
    /// What of the rule that is: its resources, or its paths.
    pub(in crate::lint) words: Vec<&'r str>,
    /// Whether nothing else is left of the rule.
    all: bool,
}

/// How many requests of a rule are looked at.
const REQUESTS: usize = 64;

/// The verbs on namespaces whose requests are of no namespace.
const OF_ALL_NAMESPACES: [&str; 4] = ["list", "watch", "create", "deletecollection"];

pub(in crate::lint) fn inert<'c: 'r, 'r>(lint: &Lint<'c>, rule: &'r PolicyRule) -> Inert<'r> {
    let texts = |list: &'r [Symbol]| list.iter().map(|word| lint.str(*word));
    let mut inert = Inert {
        all: true,
        ..Inert::default()
    };
    if !rule.non_resource_urls.is_empty() {
        for path in texts(&rule.non_resource_urls) {
            let requests = texts(&rule.verbs).map(|verb| Request::NonResource { verb, path });
            inert.add(path, requests);
        }
        return inert;
    }
    let name = texts(&rule.resource_names).next().unwrap_or_default();
    for symbol in &rule.resources {
        let resource = lint.str(*symbol);
        // What a binding may refer to is asked in its namespace.
        let bindable =
            resource == "clusterroles" && texts(&rule.verbs).any(|v| v == "bind" || v == "*");
        let of_cluster = !rule.api_groups.is_empty()
            && rule
                .api_groups
                .iter()
                .all(|group| lint.served(*group, *symbol) == Some(false));
        if bindable || !of_cluster {
            inert.all = false;
            continue;
        }
        // A request for a namespace itself carries that namespace.
        let of_namespace = resource == "namespaces" || resource.starts_with("namespaces/");
        let applies = |verb: &&str| of_namespace && !OF_ALL_NAMESPACES.contains(verb);
        inert.all &= !texts(&rule.verbs).any(|verb| applies(&verb));
        let verbs = || texts(&rule.verbs).filter(|verb| !applies(verb));
        if verbs().next().is_none() {
            continue;
        }
        let requests = texts(&rule.api_groups).flat_map(|group| {
            verbs().map(move |verb| {
                let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
                Request::Resource {
                    verb,
                    group,
                    resource,
                    subresource,
                    namespace: "",
                    name,
                }
            })
        });
        inert.add(resource, requests);
    }
    inert
}

impl<'r> Inert<'r> {
    /// Whether nothing of the rule applies by a RoleBinding.
    pub(in crate::lint) fn is_whole(&self) -> bool {
        self.all && !self.words.is_empty()
    }

    fn add(&mut self, word: &'r str, requests: impl Iterator<Item = Request<'r>>) {
        self.words.push(word);
        let left = REQUESTS.saturating_sub(self.requests.len());
        self.requests.extend(requests.take(left));
    }
}

/// Whether a rule is about one namespace at a time; `None` if it is not known what it is about.
fn is_namespaced(lint: &Lint<'_>, rule: &PolicyRule) -> Option<bool> {
    let words = |list: &[Symbol]| list.iter().map(|word| lint.str(*word)).collect::<Vec<_>>();
    let (groups, resources) = (words(&rule.api_groups), words(&rule.resources));
    let any = groups.contains(&"*") || resources.iter().any(|resource| resource.starts_with('*'));
    if any || !rule.non_resource_urls.is_empty() {
        return Some(false);
    }
    let mut known = true;
    for group in &groups {
        for resource in &resources {
            let parent = resource.split('/').next().unwrap_or(resource);
            match lint.catalogue().served(group, parent) {
                Some((namespaced, _)) if namespaced => {}
                Some(_) => return Some(false),
                // Nothing is asked of it.
                None if lint.catalogue().is_built_in(group)
                    && !lint.catalogue().is_unlisted(group, resource) => {}
                None => known = false,
            }
        }
    }
    known.then_some(true)
}

/// Whether a rule lets a program watch every namespace: what only a grant in the whole cluster can do.
fn watches(lint: &Lint<'_>, rule: &PolicyRule) -> bool {
    let mut verbs = rule.verbs.iter().map(|verb| lint.str(*verb));
    rule.resource_names.is_empty() && verbs.any(|verb| verb == "watch" || verb == "*")
}

fn could_be_namespaced(lint: &Lint<'_>, found: &mut Found) {
    let workloads = &lint.cluster.notes().workloads;
    let used: HashSet<(&str, &str)> = workloads
        .iter()
        .map(|workload| {
            (
                workload.namespace.as_str(),
                workload.service_account.as_str(),
            )
        })
        .collect();
    if used.is_empty() {
        return found.not_checked("RBC211", "no Pods and no workloads were loaded");
    }
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        let Some(role) = lint
            .role_of(id)
            .filter(|_| binding.kind == BindingKind::ClusterRoleBinding)
        else {
            continue;
        };
        let Some((first, rest)) = binding.subjects.split_first() else {
            continue;
        };
        let accounts = binding
            .subjects
            .iter()
            .all(|s| s.kind == SubjectKind::ServiceAccount);
        let one_namespace = rest.iter().all(|s| s.namespace == first.namespace);
        let effective = lint.effective_rules(id);
        if !accounts || !one_namespace || effective.is_empty() {
            continue;
        }
        let of = &lint.cluster.role(role).rules;
        let rules = || effective.iter().map(|index| of[*index as usize].as_ref());
        let namespaced: Vec<_> = rules().map(|rule| is_namespaced(lint, rule)).collect();
        if namespaced.contains(&Some(false)) || rules().any(|rule| watches(lint, rule)) {
            continue;
        }
        if namespaced.contains(&None) {
            found.not_checked(
                "RBC211",
                "of some custom resources it is not known whether they are namespaced",
            );
            continue;
        }
        let works = |s: &Subject| used.contains(&(lint.str(s.namespace), lint.str(s.name)));
        if !binding.subjects.iter().all(works) {
            found.not_checked("RBC211", "of some service accounts no workload was loaded");
            continue;
        }
        let mut finding = lint.head("RBC211", Severity::Medium, id);
        finding.role_rules = effective.into();
        finding.fix = Some(
            format!(
                "write a RoleBinding in {}, and one wherever else it has something to do",
                lint.str(first.namespace)
            )
            .into(),
        );
        found.add(finding);
    }
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    let Some(role) = lint
        .role_of(id)
        .filter(|_| binding.kind == BindingKind::RoleBinding)
    else {
        return;
    };
    let of = lint.cluster.role(role);
    // Built-in roles are made to be bound in both ways.
    if lint.is_built_in_role(role) || binding.subjects.is_empty() {
        return;
    }
    let partly = lint.inert_rules(role);
    // What every subject may do cluster-wide by another binding is granted after all.
    let lacked: Vec<&(u32, Inert<'_>)> = partly
        .iter()
        .filter(|(_, inert)| {
            let mut subjects = 0..binding.subjects.len() as u32;
            subjects.any(|subject| {
                let mut requests = inert.requests.iter();
                requests.any(|request| !lint.may_ask(id, subject, request))
            })
        })
        .collect();
    if lacked.is_empty() {
        return;
    }
    let all = lacked.len() == of.rules.len() && lacked.iter().all(|(_, inert)| inert.all);
    let of_paths = |index: u32| !of.rules[index as usize].non_resource_urls.is_empty();
    let urls = lacked.iter().filter(|(index, _)| of_paths(*index)).count();
    let (rule, severity) = match (all, of.kind) {
        (true, _) if urls == lacked.len() => ("RBC626", Severity::High),
        (true, _) | (false, RoleKind::Role) => ("RBC625", Severity::High),
        // It may be bound cluster-wide elsewhere, where the rules apply.
        (false, RoleKind::ClusterRole) => ("RBC212", Severity::Low),
    };
    let mut finding = lint.head(rule, severity, id);
    let mut words: Vec<&str> = lacked
        .iter()
        .flat_map(|(_, inert)| &inert.words)
        .copied()
        .collect();
    words.sort_unstable();
    words.dedup();
    let what = super::by_id(rule).what;
    finding.what = Some(format!("{what}: {}", super::listed(&words)).into());
    if rule == "RBC625" && urls > 0 {
        finding.facets.push(Facet {
            rule: super::by_id("RBC626"),
            severity: Severity::High,
            why: None,
        });
    }
    finding.role_rules = lacked.iter().map(|(index, _)| *index).collect();
    found.add(finding);
}
