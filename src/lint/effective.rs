//! What bindings really grant, as far as the API is known, and to whom else it comes.

use super::grants;
use super::{Lint, Severity};
use crate::model::{BindingId, BindingKind, PolicyRule, RoleId, Subject, SubjectKind, Symbol};
use std::cell::OnceCell;

/// Whether it is a group, and its name; a service account is the user of its name.
type Identity = (bool, Symbol);

/// What a role grants by bindings of each kind: the numbers of its rules.
pub(super) type Effective = [OnceCell<Box<[u32]>>; 2];

/// The bindings of each identity, those of one side by side.
#[derive(Debug)]
pub(super) struct Holdings {
    /// Of each identity, by its number, where its bindings begin.
    starts: Vec<u32>,
    bindings: Vec<BindingId>,
}

impl Holdings {
    fn new(lint: &Lint<'_>) -> Self {
        let count = lint.identities.count();
        let mut last: Vec<Option<BindingId>> = vec![None; count];
        // A binding that names a subject twice is one.
        let mut each = |visit: &mut dyn FnMut(usize, BindingId)| {
            last.fill(None);
            for (id, _) in lint.bindings() {
                for number in lint.identities.of_binding(id) {
                    let number = *number as usize;
                    if last[number].replace(id) != Some(id) {
                        visit(number, id);
                    }
                }
            }
        };
        let mut starts = vec![0u32; count + 1];
        each(&mut |number, _| starts[number] += 1);
        // Where each one ends, at first; then each goes down to where it starts.
        let mut all = 0;
        for end in &mut starts {
            all += *end;
            *end = all;
        }
        let mut bindings = vec![BindingId(0); all as usize];
        each(&mut |number, id| {
            starts[number] -= 1;
            bindings[starts[number] as usize] = id;
        });
        let mut holdings = Holdings { starts, bindings };
        for number in 0..count {
            let of = holdings.of(number);
            holdings.bindings[of].reverse();
        }
        holdings
    }

    fn of(&self, number: usize) -> std::ops::Range<usize> {
        let bound = |number: usize| self.starts.get(number).map_or(0, |start| *start as usize);
        bound(number)..bound(number + 1)
    }
}

fn identity(subject: &Subject) -> Identity {
    (subject.kind == SubjectKind::Group, subject.matches)
}

impl Lint<'_> {
    /// The rules of a binding's role that grant something by it; remembered for the next binding of the role.
    pub fn effective_rules(&self, binding: BindingId) -> &[u32] {
        let kind = self.cluster.binding(binding).kind;
        match self.role_of(binding) {
            Some(role) => self.effective_rules_of(role, kind),
            None => &[],
        }
    }

    /// The rules of a role that grant something by a binding of the kind.
    pub(super) fn effective_rules_of(&self, role: RoleId, kind: BindingKind) -> &[u32] {
        self.effective[role.0 as usize][kind as usize].get_or_init(|| {
            let inert = match kind {
                BindingKind::RoleBinding => self.inert_rules(role),
                BindingKind::ClusterRoleBinding => &[],
            };
            let is_inert = |index: u32| {
                let mut inert = inert.iter();
                inert.any(|(rule, inert)| *rule == index && inert.is_whole())
            };
            let rules = (0u32..).zip(&self.cluster.role(role).rules);
            let effective =
                rules.filter(|(index, rule)| !is_inert(*index) && grants_anything(self, rule));
            effective.map(|(index, _)| index).collect()
        })
    }

    /// Who a subject is to the authorizer: itself, and the groups that the server puts it in.
    fn identities(&self, subject: &Subject) -> impl Iterator<Item = Identity> + use<> {
        let groups = self.server_groups.of(subject);
        std::iter::once(identity(subject)).chain(groups.map(|group| (true, group)))
    }

    fn holdings(&self) -> &Holdings {
        self.holdings.get_or_init(|| Holdings::new(self))
    }

    /// The bindings of an identity.
    pub(super) fn held(&self, (is_group, name): Identity) -> &[BindingId] {
        let holdings = self.holdings();
        let number = self.identities.of(is_group, name);
        number.map_or(&[], |number| {
            &holdings.bindings[holdings.of(number as usize)]
        })
    }

    /// The bindings of every name that subjects are matched by, beside its number.
    pub(super) fn held_by_each(&self) -> impl Iterator<Item = (u32, &[BindingId])> {
        let holdings = self.holdings();
        let numbers = 0..self.identities.count() as u32;
        numbers.map(|number| (number, &holdings.bindings[holdings.of(number as usize)]))
    }

    /// The bindings that name a subject.
    pub fn held_by(&self, subject: &Subject) -> &[BindingId] {
        self.held(identity(subject))
    }

    /// Whether a rule allows one of these requests, for some name at least.
    pub fn rule_allows(&self, rule: &PolicyRule, pattern: &str) -> bool {
        let allowed = self.requests.allowed(rule, self.cluster.interner());
        allowed.all().meets(self.mask(&[pattern]))
    }

    /// The bindings, defaults apart, that a service account holds by itself or by its groups.
    fn held_by_account(&self, namespace: &str, name: &str) -> impl Iterator<Item = BindingId> {
        let symbol = |text: &str| self.cluster.interner().get(text);
        let identities = [
            (
                false,
                symbol(&format!("system:serviceaccount:{namespace}:{name}")),
            ),
            (true, symbol(&format!("system:serviceaccounts:{namespace}"))),
            (true, symbol("system:serviceaccounts")),
            (true, symbol("system:authenticated")),
        ];
        let known = identities
            .into_iter()
            .filter_map(|(group, name)| Some((group, name?)));
        let held = known.flat_map(|identity| self.held(identity).iter().copied());
        held.filter(|id| !self.known.binding(*id))
    }

    /// Whether a service account is granted anything beside what every account has on a fresh cluster; what a
    /// role that was not loaded grants may be anything.
    pub fn account_is_granted(&self, namespace: &str, name: &str) -> bool {
        self.held_by_account(namespace, name)
            .any(|id| self.role_of(id).is_none() || !self.effective_rules(id).is_empty())
    }

    /// How grave the gravest grant of a binding is.
    pub fn gravest_of_binding(&self, id: BindingId) -> Severity {
        let graded = grants::grade(self, id, true);
        let severities = graded.iter().map(|(_, severity, _)| *severity);
        severities.max().unwrap_or(Severity::Info)
    }

    /// How grave the gravest grant of a service account is, by itself or by its groups.
    pub fn gravest_of_account(&self, namespace: &str, name: &str) -> Severity {
        let held = self.held_by_account(namespace, name);
        let severities = held.map(|id| self.gravest_of_binding(id));
        severities.max().unwrap_or(Severity::Info)
    }

    /// The rules that a subject, or a group of it, holds in a namespace.
    pub(super) fn rules_in(&self, subject: &Subject, namespace: Symbol) -> Vec<&PolicyRule> {
        let held = self.identities(subject);
        let held = held.flat_map(|identity| self.held(identity));
        let here = held.filter(|id| {
            let of = self.cluster.binding(**id).namespace;
            of == namespace || of == Symbol::EMPTY
        });
        let roles = here.filter_map(|id| self.role_of(*id));
        let rules = roles.flat_map(|role| &self.cluster.role(role).rules);
        rules.map(AsRef::as_ref).collect()
    }
}

/// Whether a rule grants anything by a ClusterRoleBinding, as far as the API is known.
fn grants_anything(lint: &Lint<'_>, rule: &PolicyRule) -> bool {
    // Verbs of requests are in lower case.
    let mut verbs = rule.verbs.iter().map(|verb| lint.str(*verb));
    let can_be_asked = |verb: &str| !verb.bytes().any(|byte| byte.is_ascii_uppercase());
    if !verbs.any(can_be_asked) {
        return false;
    }
    if !rule.non_resource_urls.is_empty() {
        let mut urls = rule.non_resource_urls.iter().map(|url| lint.str(*url));
        return urls.any(|url| url.starts_with('/') || url == "*");
    }
    // What is made has no name yet.
    let only_made = |resource: &str| {
        !rule.resource_names.is_empty()
            && !resource.contains('/')
            && rule.verbs.iter().all(|verb| lint.str(*verb) == "create")
    };
    rule.resources.iter().any(|resource| {
        let mut groups = rule.api_groups.iter();
        !only_made(lint.str(*resource))
            && groups.any(|group| may_be_served(lint, *group, *resource))
    })
}

/// Whether a group may serve a resource: of groups that are not Kubernetes' own it is not known.
fn may_be_served(lint: &Lint<'_>, group: Symbol, resource: Symbol) -> bool {
    if group == Symbol::ANY || lint.served(group, resource).is_some() {
        return true;
    }
    let (group, resource) = (lint.str(group), lint.str(resource));
    let catalogue = lint.catalogue();
    resource.starts_with('*')
        || !catalogue.is_built_in(group)
        || catalogue.is_unlisted(group, resource)
}
