//! What roles grant and what subjects may do, of the requests that rules ask about.

use super::grants::{self};
use super::held::Held;
use super::requests::{Allowed, Bits};
use super::rules::scope::{self, Inert};
use super::{Lint, Rule, Severity};
use crate::authz::rbac::Applicable;
use crate::model::{BindingId, PolicyRule, Request, RoleId, Subject, SubjectKind, Symbol};

/// The rules of a role, by their numbers, of which a RoleBinding does not grant something.
pub(super) type InertRules<'c> = Box<[(u32, Inert<'c>)]>;

impl<'c> Lint<'c> {
    /// The requests of patterns, and those that open the same connection at this server.
    pub(super) fn opening(&self, patterns: &[&str]) -> Bits {
        let mut mask = self.mask(patterns);
        if self.get_opens {
            for (create, get) in grants::UPGRADES {
                if mask.meets(self.mask(&[create])) {
                    mask = mask.or(self.mask(&[get]));
                }
            }
        }
        mask
    }

    /// What a role allows, of the requests that are asked about.
    pub(super) fn allowed(&self, role: RoleId) -> Allowed {
        self.allowed[role.0 as usize]
    }

    /// The requests of patterns.
    pub(super) fn mask(&self, patterns: &[&str]) -> Bits {
        self.requests.mask(patterns)
    }

    /// Whether a role allows one of these requests, whatever the object's name.
    pub fn role_allows(&self, role: RoleId, patterns: &[&str]) -> bool {
        self.allowed(role).any_name.meets(self.mask(patterns))
    }

    /// Whether a role holds half of something that takes two.
    pub fn holds_a_half(&self, role: RoleId) -> bool {
        self.allowed(role).all().meets(self.halves)
    }

    /// Whether a role may everything.
    pub fn is_everything(&self, role: RoleId) -> bool {
        self.dangers[role.0 as usize].everything
    }

    /// Whether a RoleBinding can grant one of these requests.
    pub fn is_namespaced(&self, patterns: &[&str]) -> bool {
        self.mask(patterns).meets(self.requests.namespaced())
    }

    /// Whether a rule of a role allows one of these requests, for some name at least.
    pub fn rule_holds(&self, rule: &PolicyRule, patterns: &[&str]) -> bool {
        let allowed = self.requests.allowed(rule, self.cluster.interner());
        allowed.all().meets(self.mask(patterns))
    }

    /// Whether a role allows one of these requests, for some name at least.
    pub fn role_holds(&self, role: RoleId, patterns: &[&str]) -> bool {
        self.allowed(role).all().meets(self.mask(patterns))
    }

    /// [`Lint::may`], for some name at least: any name that its roles list is tried.
    pub fn may_at_all(&self, binding: BindingId, subject: u32, patterns: &[&str]) -> bool {
        if self.may(binding, subject, patterns) {
            return true;
        }
        let binding = self.cluster.binding(binding);
        let namespace = self.str(binding.namespace);
        let of = &binding.subjects[subject as usize];
        let user = self.str(of.matches);
        let applicable = match of.kind {
            SubjectKind::Group => self.rbac.applicable("", &[user], namespace),
            _ => self.rbac.applicable::<&str>(user, &[], namespace),
        };
        let wanted = self.mask(patterns);
        applicable
            .iter()
            .filter_map(|a| a.role)
            .any(|role| self.allowed(role).all().meets(wanted))
    }

    /// What of a role's rules a RoleBinding never grants; remembered for the next binding of the role.
    pub(super) fn inert_rules(&self, role: RoleId) -> &[(u32, Inert<'c>)] {
        self.inert[role.0 as usize].get_or_init(|| {
            let rules = (0u32..).zip(&self.cluster.role(role).rules);
            let inert = rules.map(|(index, rule)| (index, scope::inert(self, rule)));
            inert.filter(|(_, inert)| !inert.words.is_empty()).collect()
        })
    }

    /// All bindings of a subject of a binding, through its groups too, in the namespace of that binding or
    /// cluster-wide.
    pub(super) fn applicable(&self, binding: BindingId, subject: u32) -> Vec<Applicable> {
        let binding = self.cluster.binding(binding);
        let subject = &binding.subjects[subject as usize];
        let namespace = self.str(binding.namespace);
        self.as_user(subject, |user, groups| {
            self.rbac.applicable(user, groups, namespace)
        })
    }

    /// A subject as a user with groups: those that everybody of its kind has, and no others.
    fn as_user<T>(&self, subject: &Subject, ask: impl FnOnce(&str, &[&str]) -> T) -> T {
        let matches = self.str(subject.matches);
        if subject.kind == SubjectKind::Group {
            return ask("", &[matches]);
        }
        let mut groups = [""; 3];
        let mut count = 0;
        for (place, group) in groups.iter_mut().zip(self.server_groups.of(subject)) {
            *place = self.str(group);
            count += 1;
        }
        ask(matches, &groups[..count])
    }

    /// Whether a subject of a binding may do something where that binding grants, by all of its bindings and groups.
    pub fn may(&self, binding: BindingId, subject: u32, patterns: &[&str]) -> bool {
        self.may_any(binding, subject, self.mask(patterns))
    }

    /// [`Lint::may`], of requests that were looked up before.
    pub(super) fn may_any(&self, binding: BindingId, subject: u32, wanted: Bits) -> bool {
        let held = self.held.get_or_init(|| Held::new(self));
        held.meets(self, (binding, subject), wanted)
    }

    /// [`Lint::may`], of an object of a name.
    pub fn may_named(
        &self,
        binding: BindingId,
        subject: u32,
        namespace: &str,
        patterns: &[&str],
        name: &str,
    ) -> bool {
        let mut atoms = self.requests.atoms(self.mask(patterns));
        atoms.any(|(namespaced, nameless, atom)| {
            let request = Request::Resource {
                verb: &atom.verb,
                group: &atom.group,
                resource: &atom.resource,
                subresource: &atom.subresource,
                namespace: if namespaced { namespace } else { "" },
                name: if nameless { "" } else { name },
            };
            self.may_ask(binding, subject, &request)
        })
    }

    /// Whether a subject of a binding is allowed a request, by all of its bindings and groups.
    pub fn may_ask(&self, binding: BindingId, subject: u32, request: &Request<'_>) -> bool {
        self.may_ask_one_of(binding, subject, request, &[request.verb()])
    }

    /// [`Lint::may_ask`], with one of several verbs in place of the request's own.
    pub fn may_ask_one_of(
        &self,
        binding: BindingId,
        subject: u32,
        request: &Request<'_>,
        verbs: &[&str],
    ) -> bool {
        let subject = &self.cluster.binding(binding).subjects[subject as usize];
        let (user, group) = match subject.kind {
            SubjectKind::Group => (Symbol::EMPTY, Some(subject.matches)),
            _ => (subject.matches, None),
        };
        let groups = group.into_iter().chain(self.server_groups.of(subject));
        self.rbac.allows_one_of(user, groups, request, verbs)
    }

    /// How grave the gravest grant of a role is.
    pub fn gravest_of_role(&self, role: RoleId) -> Severity {
        let hits = &self.hits[role.0 as usize];
        let all = hits.cluster.iter().chain(&hits.namespace);
        let whole = all.filter(|hit| hit.whole && !hit.named);
        whole
            .map(|hit| hit.rule.severity)
            .max()
            .unwrap_or(Severity::Info)
    }

    /// The dangerous grants of a role that it holds alone: their rules, and whether for listed names only.
    pub fn hits_of(&self, role: RoleId) -> impl Iterator<Item = (&'static Rule, bool)> {
        let hits = &self.hits[role.0 as usize];
        let all = hits.namespace.iter().chain(&hits.cluster);
        all.filter(|hit| hit.whole).map(|hit| (hit.rule, hit.named))
    }

    /// The rules of a role by which it holds a dangerous grant.
    pub fn rules_of_hit(&self, role: RoleId, id: &str) -> Vec<u32> {
        let hits = &self.hits[role.0 as usize];
        let mut all = hits.cluster.iter().chain(&hits.namespace);
        let hit = all.find(|hit| hit.rule.id == id);
        hit.map_or(Vec::new(), |hit| hit.role_rules.to_vec())
    }

    /// Whether a default role of this name has a dangerous grant of its own.
    pub fn default_role_has(&self, name: &str, id: &str) -> bool {
        let defaults = self.default_hits.get_or_init(grants::of_defaults);
        let of_role = defaults.get(name);
        of_role.is_some_and(|ids| ids.contains(&id))
    }
}
