//! A dangerous grant at a binding: how grave it is there.

use super::hits::Hit;
use crate::lint::requests::Bits;
use crate::lint::{Check, Lint, Severity, Text};
use crate::model::{Binding, BindingId, BindingKind, PolicyRule, RoleId};

/// A dangerous grant at a binding, while it is decided how grave it is.
#[derive(Debug)]
pub struct Judged<'a, 'c> {
    /// What is known of the cluster.
    pub lint: &'a Lint<'c>,
    /// The binding.
    pub binding: BindingId,
    /// The role.
    pub role: RoleId,
    /// Whether the binding is a ClusterRoleBinding.
    pub cluster_wide: bool,
    /// Whether the namespace is one whose takeover gives more than the namespace.
    pub privileged: bool,
    /// Whether a subject is everybody, or everybody of some kind.
    pub broad: bool,
    pub(in crate::lint) hit: &'a Hit,
}

impl<'a, 'c> Judged<'a, 'c> {
    /// The severity by the ladder, from what it is cluster-wide, for all names, to one subject.
    pub fn ladder(&self, base: Severity) -> Severity {
        let mut severity = base;
        if !self.cluster_wide && !self.privileged {
            severity = severity.lower();
        }
        if self.hit.named {
            severity = severity.lower();
        }
        if self.broad {
            severity = severity.higher();
        }
        severity
    }

    /// Severities that are given for both kinds of namespace: cluster-wide and in privileged ones, and
    /// elsewhere. Names and broad subjects move them.
    pub fn either(&self, privileged: Severity, elsewhere: Severity) -> Severity {
        let wide = self.cluster_wide || self.privileged;
        let mut severity = if wide { privileged } else { elsewhere };
        if self.hit.named {
            severity = severity.lower();
        }
        if self.broad {
            severity = severity.higher();
        }
        severity
    }

    /// For what makes whoever holds it all that a namespace holds: critical cluster-wide and in privileged
    /// namespaces, less where nothing is known of the namespace but an account `default` without grants.
    pub fn takeover(&self) -> Severity {
        let severity = self.either(Severity::Critical, Severity::High);
        let namespace = self.binding().namespace;
        let bare = !self.cluster_wide && !self.privileged && !self.lint.has_accounts(namespace);
        if bare { severity.lower() } else { severity }
    }

    /// Whether the rule that is shown lists names.
    pub fn rule_is_named(&self) -> bool {
        !self.rule().resource_names.is_empty()
    }

    /// Whether it holds for listed names alone.
    pub fn named(&self) -> bool {
        self.hit.named
    }

    /// The names that the granting rules list.
    pub fn names(&self) -> Vec<&'c str> {
        let role = self.lint.cluster.role(self.role);
        let mut names: Vec<&str> = Vec::new();
        for rule in self.role_rules() {
            for name in &role.rules[*rule as usize].resource_names {
                let name = self.lint.str(*name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The rules of the role that grant it.
    pub fn role_rules(&self) -> &[u32] {
        &self.hit.role_rules
    }

    /// The first rule of the role that grants it.
    pub fn rule(&self) -> &'c PolicyRule {
        let role = self.lint.cluster.role(self.role);
        &role.rules[self.hit.role_rules.first().copied().unwrap_or(0) as usize]
    }

    /// The namespace of the binding; empty for a ClusterRoleBinding.
    pub fn namespace(&self) -> &'c str {
        self.lint.str(self.binding().namespace)
    }

    /// The binding.
    pub fn binding(&self) -> &'c Binding {
        self.lint.cluster.binding(self.binding)
    }

    /// Whether the grant includes one of these requests.
    pub fn grants(&self, patterns: &[&str]) -> bool {
        self.hit.first.meets(self.lint.mask(patterns))
    }

    /// Whether some subject of the binding may do this, by all of its bindings.
    pub fn subject_may(&self, patterns: &[&str]) -> bool {
        if self.role_may(patterns) {
            return true;
        }
        let wanted = self.lint.mask(patterns);
        self.subjects().any(|subject| self.may_any(subject, wanted))
    }

    /// [`Judged::subject_may`], for some name at least.
    pub fn subject_may_for_some(&self, patterns: &[&str]) -> bool {
        self.role_holds(patterns)
            || self
                .subjects()
                .any(|subject| self.lint.may_at_all(self.binding, subject, patterns))
    }

    /// Whether every subject of the binding may do this, by all of its bindings.
    pub fn subjects_may(&self, patterns: &[&str]) -> bool {
        if self.role_may(patterns) {
            return true;
        }
        let wanted = self.lint.mask(patterns);
        self.subjects().all(|subject| self.may_any(subject, wanted))
    }

    /// The indices of the subjects.
    pub fn subjects(&self) -> std::ops::Range<u32> {
        0..self.binding().subjects.len() as u32
    }

    /// What of these requests a binding of this kind can grant.
    fn grantable(&self, patterns: &[&str]) -> Bits {
        let mask = self.lint.mask(patterns);
        match self.cluster_wide {
            true => mask,
            false => mask.and(self.lint.requests.namespaced()),
        }
    }

    /// Whether the role allows this by the binding, whatever the name.
    pub fn role_may(&self, patterns: &[&str]) -> bool {
        let allowed = self.lint.allowed(self.role).any_name;
        allowed.meets(self.grantable(patterns))
    }

    fn role_holds(&self, patterns: &[&str]) -> bool {
        let allowed = self.lint.allowed(self.role).all();
        allowed.meets(self.grantable(patterns))
    }

    fn may_any(&self, subject: u32, wanted: Bits) -> bool {
        self.lint.may_any(self.binding, subject, wanted)
    }

    /// The names that those rules of the role list which allow one of these requests for listed names alone.
    pub fn names_for(&self, patterns: &[&str]) -> Vec<&'c str> {
        let lint = self.lint;
        let mask = lint.mask(patterns);
        if !lint.allowed(self.role).named.meets(mask) {
            return Vec::new();
        }
        let rules = lint.cluster.role(self.role).rules.iter();
        let rules = rules.filter(|rule| {
            let allowed = lint.requests.allowed(rule, lint.cluster.interner());
            allowed.named.meets(mask)
        });
        let mut names: Vec<&str> = Vec::new();
        for name in rules.flat_map(|rule| &rule.resource_names) {
            let name = lint.str(*name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether the API server is known to be configured so; not, where none is given.
    pub fn server_has(&self, is: fn(&crate::apiserver::LoadedConfig) -> bool) -> bool {
        self.lint.server().is_some_and(|server| is(server.config))
    }
}

impl Judged<'_, '_> {
    /// Whether the role grants everything, in the cluster or in the namespace of the binding.
    pub fn may_everything(&self) -> bool {
        let hits = self.lint.hits[self.role.0 as usize].of(self.binding());
        hits.iter()
            .any(|hit| ["RBC101", "RBC102"].contains(&hit.rule.id))
    }

    /// [`Judged::subject_may`], of an object of this name.
    pub fn subject_may_named(&self, patterns: &[&str], name: &str) -> bool {
        let subjects = 0..self.binding().subjects.len() as u32;
        let mut subjects = subjects.into_iter();
        subjects.any(|subject| {
            self.lint
                .may_named(self.binding, subject, self.namespace(), patterns, name)
        })
    }
}

/// Whether a grant may make somebody powerful. RBC126 asks who is, which is what is being found out.
pub(super) fn is_grave(hit: &Hit) -> bool {
    hit.rule.severity >= Severity::High && hit.rule.id != "RBC126"
}

/// A hit and how grave it is at a binding.
pub(in crate::lint) type Graded<'a> = (&'a Hit, Severity, Option<Text>);

/// The dangerous grants of a binding.
pub(in crate::lint) fn grade<'a>(
    lint: &'a Lint<'_>,
    id: BindingId,
    detailed: bool,
) -> Vec<Graded<'a>> {
    let binding = lint.cluster.binding(id);
    let Some(role) = lint.role_of(id) else {
        return Vec::new();
    };
    let hits = lint.hits[role.0 as usize].of(binding);
    if hits.is_empty() || !lint.gains_something(id) {
        return Vec::new();
    }
    let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
    let broad = lint.is_broad(id);
    let privileged = !cluster_wide && lint.is_privileged(binding.namespace, binding);
    let mut graded = Vec::new();
    for hit in hits {
        let Check::Grant(grant) = &hit.rule.check else {
            continue;
        };
        if !detailed && !is_grave(hit) {
            continue;
        }
        let judged = Judged {
            lint,
            binding: id,
            role,
            cluster_wide,
            privileged,
            broad,
            hit,
        };
        if !hit.whole && !grant.needs[1..].iter().all(|need| judged.subject_may(need)) {
            continue;
        }
        if !grant.lacks.is_empty() && judged.subjects_may(grant.lacks) {
            continue;
        }
        let severity = match grant.judge {
            Some(judge) => judge(&judged),
            None => Some(judged.ladder(hit.rule.severity)),
        };
        debug_assert!(
            cluster_wide
                || broad
                || privileged
                || severity <= Some(grant.most_elsewhere(hit.rule.severity)),
            "{} is graver than it says",
            hit.rule.id
        );
        if let Some(severity) = severity {
            let detail = grant.detail.filter(|_| detailed);
            graded.push((hit, severity, detail.and_then(|detail| detail(&judged))));
        }
    }
    graded
}
