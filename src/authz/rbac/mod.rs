//! The RBAC authorizer (docs page "Using RBAC Authorization").
//!
//! [`Rbac`] asks an index; what a rule matches is defined in [`mod@matches`], in words as close to the rule
//! as they can be. A naive evaluator in the tests, which scans every binding, proves the index right.

mod index;
pub mod matches;
mod reasons;

use super::rules::RuleSet;
use crate::authn::aggregate;
use crate::model::{
    Attributes, Binding, BindingId, BindingKind, Cluster, PolicyRule, Quoted, QuotedPath, Request,
    Role, RoleId, RoleKind, RoleRef, Subject, SubjectKind, Symbol,
};
use index::{Grant, Index, Key};
use reasons::Reasons;
use std::fmt::{self, Write};

/// The RBAC authorizer over one cluster. Building it costs one pass over the bindings.
#[derive(Debug)]
pub struct Rbac<'c> {
    cluster: &'c Cluster,
    index: Index,
    reasons: Reasons,
}

/// What RBAC says: it allows, or has no opinion. It never denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by a rule of a bound role.
    Allow(Allow),
    /// No rule allows it.
    NoOpinion,
}

/// What allows a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    /// The binding; the first one that allows, in visiting order.
    pub binding: BindingId,
    /// Index of the first subject of the binding that matches the user.
    pub subject: u32,
    /// The role that the binding refers to.
    pub role: RoleId,
    /// Index of the rule in the role.
    pub rule: u32,
}

/// A binding that applies to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Applicable {
    /// The binding.
    pub binding: BindingId,
    /// Index of the first subject that matches.
    pub subject: u32,
    /// The role; `None` where the roleRef leads nowhere.
    pub role: Option<RoleId>,
}

/// What a user may do in a namespace, as the rules reviews list it.
#[derive(Debug, Default)]
pub struct Rules<'c> {
    /// Each rule once for each binding that grants it, in visiting order.
    pub rules: Vec<(Applicable, &'c PolicyRule)>,
    /// What the server says of roleRefs that lead nowhere, each text once.
    pub errors: Vec<String>,
}

impl<'c> Rbac<'c> {
    /// Indexes the bindings of a cluster.
    pub fn new(cluster: &'c Cluster) -> Self {
        Rbac {
            cluster,
            index: Index::new(cluster),
            reasons: Reasons::default(),
        }
    }

    /// The cluster that is asked about.
    pub fn cluster(&self) -> &'c Cluster {
        self.cluster
    }

    /// Decides. Costs a few hash probes for the user and each group, however many bindings there are,
    /// and allocates nothing once a subject has been asked about before.
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Decision {
        self.decide_for(self.keys(attributes), &attributes.request)
    }

    /// Whether a user of groups is allowed a request with one of several verbs in place of its own, where their names
    /// were looked up before.
    pub(crate) fn allows_one_of(
        &self,
        user: Symbol,
        groups: impl Iterator<Item = Symbol>,
        request: &Request<'_>,
        verbs: &[&str],
    ) -> bool {
        let interner = self.cluster.interner();
        let question = matches::Question::new(interner, request);
        let namespace = self.namespace(request.namespace());
        let user = self.index.user(user);
        let groups = groups.filter_map(|group| self.index.group(group));
        let mut grants = user.into_iter().chain(groups).flat_map(|key| {
            let in_namespace = namespace.and_then(|it| self.index.in_namespace(key, it));
            [self.index.cluster_wide(key), in_namespace]
        });
        grants.any(|grants| {
            grants.is_some_and(|grants| {
                let mut verbs = verbs.iter().map(|verb| interner.get(verb));
                verbs.any(|verb| {
                    let question = question.with_verb(verb);
                    self.index.first_match(grants, &question).is_some()
                })
            })
        })
    }

    fn decide_for(&self, mut keys: impl Iterator<Item = Key>, request: &Request<'_>) -> Decision {
        // The user is looked up before the words of the request: what waits longest for memory begins first.
        let first = keys.next();
        let namespace = self.namespace(request.namespace());
        let question = matches::Question::new(self.cluster.interner(), request);
        let mut best: Option<Allow> = None;
        for key in first.into_iter().chain(keys) {
            let cluster_wide = self.index.cluster_wide(key);
            // A grant cannot beat a better one found for another key, but an equal binding may name an
            // earlier subject.
            let found = cluster_wide
                .and_then(|grants| self.index.first_match(grants, &question))
                .or_else(|| {
                    let grants = self.index.in_namespace(key, namespace?)?;
                    self.index.first_match(grants, &question)
                });
            if let Some(found) = found {
                best = Some(best.map_or(found, |b| b.min(found)));
            }
        }
        best.map_or(Decision::NoOpinion, Decision::Allow)
    }

    /// Every binding that applies to the user in a namespace (empty: cluster-wide ones alone), in
    /// visiting order.
    pub fn applicable<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
    ) -> Vec<Applicable> {
        self.gather(user, groups, namespace, false)
    }

    /// The bindings that apply, all of them or those alone whose role does not exist.
    fn gather<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
        dangling: bool,
    ) -> Vec<Applicable> {
        let namespace = self.namespace(namespace);
        let mut found: Vec<Applicable> = Vec::new();
        for key in self.user_keys(user, groups) {
            let scopes = [
                self.index.cluster_wide(key),
                namespace.and_then(|ns| self.index.in_namespace(key, ns)),
            ];
            for grants in scopes.into_iter().flatten() {
                if dangling {
                    found.extend(grants.dangling().map(Grant::applicable));
                } else {
                    found.extend(grants.all().iter().map(Grant::applicable));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|a| a.binding);
        found
    }

    /// The rules that apply to a user in a namespace (`SubjectRulesReview`).
    pub fn rules_for<S: AsRef<str>>(&self, user: &str, groups: &[S], namespace: &str) -> Rules<'c> {
        let applicable = self.applicable(user, groups, namespace);
        let mut rules = Rules::default();
        for &found in &applicable {
            let Some(role) = found.role else { continue };
            let role = self.cluster.role(role);
            rules
                .rules
                .extend(role.rules.iter().map(|rule| (found, &**rule)));
        }
        rules.errors = self.missing_roles(&applicable);
        rules
    }

    /// Adds them to those of other authorizers. URLs granted by a RoleBinding are listed, though they grant
    /// nothing.
    pub(super) fn add_rules<'a, S: AsRef<str>>(
        &'a self,
        user: &str,
        groups: &[S],
        namespace: &str,
        rules: &mut RuleSet<'a>,
    ) {
        let found = self.rules_for(user, groups, namespace);
        let strings = |symbols: &[Symbol]| -> Vec<&'a str> {
            symbols.iter().map(|&s| self.cluster.str(s)).collect()
        };
        for (_, rule) in found.rules {
            if !rule.resources.is_empty() {
                rules.add_resource_rule(
                    strings(&rule.verbs),
                    strings(&rule.api_groups),
                    strings(&rule.resources),
                    strings(&rule.resource_names),
                );
            }
            if !rule.non_resource_urls.is_empty() {
                rules.add_path_rule(strings(&rule.verbs), strings(&rule.non_resource_urls));
            }
        }
        for error in &found.errors {
            rules.add_error(error);
        }
    }

    /// The `reason` of a decision: which binding allows it, or which roleRefs of the user's bindings
    /// lead nowhere; empty where there is nothing to say.
    pub fn reason<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        decision: &Decision,
    ) -> String {
        let mut reason = String::new();
        self.write_reason(attributes, decision, &mut reason);
        reason
    }

    /// [`Rbac::reason`], appended to a buffer that the caller reuses.
    pub fn write_reason<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        decision: &Decision,
        out: &mut String,
    ) {
        match decision {
            Decision::Allow(allow) => out.push_str(self.reasons.of(self.cluster, allow)),
            Decision::NoOpinion => {
                if !self.index.any_dangling() {
                    return;
                }
                let Attributes { user, groups, .. } = *attributes;
                let namespace = attributes.request.namespace();
                let dangling = self.gather(user, groups, namespace, true);
                if let Some(missing) = aggregate(&self.missing_roles(&dangling)) {
                    out.push_str("RBAC: ");
                    out.push_str(&missing);
                }
            }
        }
    }

    /// The server's words for roleRefs that lead nowhere, each text once.
    fn missing_roles(&self, applicable: &[Applicable]) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for found in applicable.iter().filter(|a| a.role.is_none()) {
            let role_ref = &self.cluster.binding(found.binding).role_ref;
            let text = missing_role(self.cluster, role_ref);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// A namespace, if something can be granted in it alone.
    fn namespace(&self, namespace: &str) -> Option<Symbol> {
        if namespace.is_empty() {
            return None;
        }
        self.index.namespace(self.cluster.interner(), namespace)
    }

    fn keys<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> impl Iterator<Item = Key> {
        self.user_keys(attributes.user, attributes.groups)
    }

    fn user_keys<S: AsRef<str>>(&self, user: &str, groups: &[S]) -> impl Iterator<Item = Key> {
        let interner = self.cluster.interner();
        let user = self.index.user_named(interner, user);
        let groups = groups
            .iter()
            .filter_map(move |group| self.index.group_named(interner, group.as_ref()));
        user.into_iter().chain(groups)
    }
}

/// Whether the role of this binding, or anything of the cluster, can be reached: the server's words for
/// a roleRef to nothing.
pub fn missing_role(cluster: &Cluster, role_ref: &RoleRef) -> String {
    let kind = match role_ref.kind {
        RoleKind::Role => "role",
        RoleKind::ClusterRole => "clusterrole",
    };
    let name = Quoted(cluster.str(role_ref.name));
    format!("{kind}.rbac.authorization.k8s.io {name} not found")
}

/// Writes `RoleBinding "NAME/NAMESPACE"` or `ClusterRoleBinding "NAME"`, as the server does.
pub fn describe_binding(cluster: &Cluster, binding: &Binding, out: &mut impl Write) -> fmt::Result {
    out.write_str(binding.kind.as_str())?;
    out.write_char(' ')?;
    let name = cluster.str(binding.name);
    match binding.kind {
        BindingKind::ClusterRoleBinding => Quoted(name).write_to(out),
        BindingKind::RoleBinding => QuotedPath(name, cluster.str(binding.namespace)).write_to(out),
    }
}

/// Writes `User "NAME"`, `Group "NAME"` or `ServiceAccount "NAME/NAMESPACE"`, as the server does.
pub fn describe_subject(cluster: &Cluster, subject: &Subject, out: &mut impl Write) -> fmt::Result {
    out.write_str(subject.kind.as_str())?;
    out.write_char(' ')?;
    let name = cluster.str(subject.name);
    match subject.kind {
        SubjectKind::User | SubjectKind::Group => Quoted(name).write_to(out),
        SubjectKind::ServiceAccount => {
            QuotedPath(name, cluster.str(subject.namespace)).write_to(out)
        }
    }
}

/// The rules of a role with their indexes.
pub fn rules_of(role: &Role) -> impl Iterator<Item = (u32, &PolicyRule)> {
    (0u32..).zip(role.rules.iter().map(|rule| &**rule))
}
