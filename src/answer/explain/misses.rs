//! The nearest misses: what would have allowed a request but for a detail.
//!
//! A miss is a binding with one rule of its role; [`super::cost`] says how far it is.
//!
//! At most two details may differ; more is no near miss.

use super::cost::cost;
use super::difference::Difference;
use super::likeness::{AskedAs, SubjectRelation, likeness};
use super::rule_gap::{Gap, Ruler};
use super::width::{breadth, grants_everything, is_system};
use crate::authz::rbac::{Rbac, rules_of};
use crate::model::{
    Attributes, Binding, BindingId, BindingKind, Cluster, PolicyRule, Request, Role, RoleId,
    RoleKind, Subject, SubjectKind, Symbol,
};
use hashbrown::HashMap;

/// How many misses are told where the caller does not say.
pub const DEFAULT_LIMIT: usize = 5;

/// How many details may differ.
const MOST_DIFFERENCES: u32 = 2;
/// How many rules of a role are considered: the closest ones.
const RULES_OF_A_ROLE: usize = 2;
/// How many misses that differ in nothing but the binding are shown.
const ALIKE: usize = 2;
/// How many roles that are not bound to the user are shown.
const UNBOUND: usize = 2;

/// Something that nearly allows the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// How far it is from allowing the request: see [`super::cost`].
    pub cost: u32,
    /// The binding. For [`Difference::NotBound`], one that gives the role to somebody else, if any.
    pub binding: Option<BindingId>,
    /// Index of the binding's subject that matches or nearly matches the user.
    pub subject: Option<u32>,
    /// The role; `None` for [`Difference::RoleMissing`].
    pub role: Option<RoleId>,
    /// Index of the rule in the role.
    pub rule: Option<u32>,
    /// What differs: one or two details.
    pub differences: Vec<Difference>,
}

/// The nearest misses of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misses {
    /// The closest, closest first.
    pub nearest: Vec<NearMiss>,
    /// How many there are in all.
    pub total: usize,
    /// The user's own bindings where one detail differs: what a fix may start from.
    pub(super) one_step: Vec<NearMiss>,
}

/// A miss before it is told in full: small, because there may be one for each binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    cost: u32,
    binding: BindingId,
    subject: u32,
    role: Option<RoleId>,
    rule: u32,
    bound_elsewhere: bool,
    like: Option<(SubjectRelation, AskedAs)>,
}

struct RoleGap {
    rule: u32,
    gap: Gap,
    cost: u32,
}

struct Scan<'a, S> {
    cluster: &'a Cluster,
    attributes: &'a Attributes<'a, S>,
    ruler: Ruler<'a>,
    user: Option<Symbol>,
    groups: Vec<Symbol>,
    namespace: Option<Symbol>,
    /// Names that were compared before.
    relations: HashMap<
        (SubjectKind, Symbol),
        Option<(SubjectRelation, AskedAs)>,
        foldhash::fast::RandomState,
    >,
}

/// Finds what nearly allows the request, closest first. Looks at every rule and every subject once.
pub fn near_misses<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    limit: usize,
) -> Misses {
    let cluster = rbac.cluster();
    let interner = cluster.interner();
    let mut scan = Scan {
        cluster,
        attributes,
        ruler: Ruler::new(cluster, &attributes.request),
        user: interner.get(attributes.user),
        groups: (attributes.groups.iter())
            .filter_map(|group| interner.get(group.as_ref()))
            .collect(),
        namespace: (Some(attributes.request.namespace()).filter(|ns| !ns.is_empty()))
            .and_then(|ns| interner.get(ns)),
        relations: HashMap::default(),
    };
    let gaps: Vec<Vec<RoleGap>> = cluster.roles().iter().map(|r| scan.role_gaps(r)).collect();
    let mut candidates = Vec::new();
    // For each role that allows the request: a binding that gives it to somebody, here if possible.
    let mut holders: HashMap<RoleId, (bool, BindingId)> = HashMap::new();
    for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
        let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
        let gaps = role.map_or(&[][..], |role| &gaps[role.0 as usize]);
        if let Some(role) = role
            && gaps.iter().any(|gap| gap.gap.count() == 0)
        {
            let here = scan.in_scope(binding);
            let holder = holders.entry(role).or_insert((here, id));
            if here && !holder.0 {
                *holder = (here, id);
            }
        }
        scan.candidates(id, binding, role, gaps, &mut candidates);
    }
    candidates.sort_unstable();
    let mut misses = Misses {
        total: candidates.len(),
        ..Misses::default()
    };
    let mut alike: HashMap<(Option<RoleId>, u32, bool, bool), usize> = HashMap::new();
    for candidate in &candidates {
        let one_step = !candidate.bound_elsewhere && candidate.like.is_none();
        let full = misses.nearest.len() >= limit;
        if full && (!one_step || misses.one_step.len() >= DEFAULT_LIMIT) {
            continue;
        }
        let miss = scan.tell(candidate);
        if one_step && miss.differences.len() == 1 && misses.one_step.len() < DEFAULT_LIMIT {
            misses.one_step.push(miss.clone());
        }
        let kind = (
            candidate.role,
            candidate.rule,
            candidate.bound_elsewhere,
            candidate.like.is_some(),
        );
        let count = alike.entry(kind).or_default();
        *count += 1;
        if !full && (*count <= ALIKE || candidate.role.is_none()) {
            misses.nearest.push(miss);
        }
    }
    let unbound = scan.unbound(&gaps, &candidates, &holders);
    misses.total += unbound.len();
    let room = limit.saturating_sub(misses.nearest.len()).min(UNBOUND);
    misses.nearest.extend(unbound.into_iter().take(room));
    misses
}

impl<S: AsRef<str>> Scan<'_, S> {
    fn role_gaps(&mut self, role: &Role) -> Vec<RoleGap> {
        let mut gaps = Vec::new();
        for (index, rule) in rules_of(role) {
            if let Some(gap) = self.ruler.gap(rule)
                && gap.count() <= MOST_DIFFERENCES
            {
                let cost = self.differences(rule, gap).iter().map(cost).sum();
                gaps.push(RoleGap {
                    rule: index,
                    gap,
                    cost,
                });
            }
        }
        gaps.sort_by_key(|gap| (gap.gap.count(), gap.cost));
        // Beside a rule that is one step away, those that are two away only distract.
        let fewest = gaps.first().map_or(0, |gap| gap.gap.count());
        gaps.retain(|gap| gap.gap.count() == fewest);
        gaps.truncate(RULES_OF_A_ROLE);
        gaps
    }

    /// Whether a binding grants in the namespace that is asked for.
    fn in_scope(&self, binding: &Binding) -> bool {
        binding.kind == BindingKind::ClusterRoleBinding || Some(binding.namespace) == self.namespace
    }

    fn candidates(
        &mut self,
        id: BindingId,
        binding: &Binding,
        role: Option<RoleId>,
        gaps: &[RoleGap],
        out: &mut Vec<Candidate>,
    ) {
        let bound_elsewhere = !self.in_scope(binding);
        if gaps.is_empty() && (role.is_some() || bound_elsewhere) {
            return;
        }
        let matching = binding.subjects.iter().position(|s| self.matches(s));
        let found = match matching {
            Some(index) => Some((index, None)),
            // A roleRef to nothing and a subject that may not be meant: too far.
            None if role.is_none() => None,
            None => (binding.subjects.iter().enumerate())
                .filter_map(|(index, s)| Some((self.likeness(s)?, index)))
                .min()
                .map(|(like, index)| (index, Some(like))),
        };
        let Some((subject, like)) = found else { return };
        let outside = u32::from(bound_elsewhere) + u32::from(like.is_some());
        let mut candidate = Candidate {
            cost: cost(&Difference::RoleMissing),
            binding: id,
            subject: u32::try_from(subject).unwrap_or(u32::MAX),
            role,
            rule: 0,
            bound_elsewhere,
            like,
        };
        if role.is_none() {
            out.push(candidate);
            return;
        }
        let outside_cost: u32 = self.outside(&candidate).iter().map(cost).sum();
        for gap in gaps {
            let differences = outside + gap.gap.count();
            if (1..=MOST_DIFFERENCES).contains(&differences) {
                candidate.rule = gap.rule;
                candidate.cost = outside_cost + gap.cost;
                out.push(candidate);
            }
        }
    }

    fn matches(&self, subject: &Subject) -> bool {
        match subject.kind {
            SubjectKind::Group => self.groups.contains(&subject.matches),
            SubjectKind::User | SubjectKind::ServiceAccount => Some(subject.matches) == self.user,
        }
    }

    fn likeness(&mut self, subject: &Subject) -> Option<(SubjectRelation, AskedAs)> {
        let key = (subject.kind, subject.matches);
        if let Some(known) = self.relations.get(&key) {
            return *known;
        }
        let found = likeness(self.cluster, self.attributes, subject);
        self.relations.insert(key, found);
        found
    }

    /// The details of a binding, not of its role, that differ.
    fn outside(&self, candidate: &Candidate) -> Vec<Difference> {
        let mut differences = Vec::new();
        if candidate.bound_elsewhere {
            differences.push(if self.ruler.asks_for_path() {
                Difference::UrlInNamespace
            } else {
                let bound_in = self.cluster.binding(candidate.binding).namespace;
                Difference::Namespace { bound_in }
            });
        }
        if let Some((relation, asked)) = candidate.like {
            differences.push(Difference::Subject { relation, asked });
        }
        differences
    }

    fn differences(&self, rule: &PolicyRule, gap: Gap) -> Vec<Difference> {
        let mut differences = Vec::new();
        if gap.verb {
            differences.push(Difference::Verb {
                granted: rule.verbs[..].into(),
            });
        }
        if gap.group {
            differences.push(Difference::Group {
                granted: rule.api_groups[..].into(),
            });
        }
        if let Some((granted, relation)) = gap.resource {
            differences.push(Difference::Resource { granted, relation });
        }
        if gap.name {
            let nameless = matches!(self.attributes.request, Request::Resource { name: "", .. });
            differences.push(Difference::Name {
                pinned: rule.resource_names[..].into(),
                nameless,
            });
        }
        if let Some(granted) = gap.url {
            differences.push(Difference::Url { granted });
        }
        differences
    }

    fn tell(&mut self, candidate: &Candidate) -> NearMiss {
        let mut differences = vec![Difference::RoleMissing];
        if let Some(role) = candidate.role {
            let rule = &self.cluster.role(role).rules[candidate.rule as usize];
            let gap = self.ruler.gap(rule).unwrap_or_default();
            differences = self.differences(rule, gap);
            differences.extend(self.outside(candidate));
        }
        NearMiss {
            cost: candidate.cost,
            binding: Some(candidate.binding),
            subject: Some(candidate.subject),
            role: candidate.role,
            rule: candidate.role.map(|_| candidate.rule),
            differences,
        }
    }

    /// Roles that allow the request and could be bound here, narrowest first, without those that a
    /// candidate has.
    fn unbound(
        &self,
        gaps: &[Vec<RoleGap>],
        candidates: &[Candidate],
        holders: &HashMap<RoleId, (bool, BindingId)>,
    ) -> Vec<NearMiss> {
        let shown: hashbrown::HashSet<RoleId> = candidates.iter().filter_map(|c| c.role).collect();
        let mut found: Vec<(usize, RoleId, u32)> = Vec::new();
        for ((id, role), gaps) in (0u32..).map(RoleId).zip(self.cluster.roles()).zip(gaps) {
            let Some(gap) = gaps.iter().find(|gap| gap.gap.count() == 0) else {
                continue;
            };
            let bindable = match role.kind {
                RoleKind::ClusterRole => true,
                RoleKind::Role => {
                    !self.ruler.asks_for_path() && Some(role.namespace) == self.namespace
                }
            };
            let wanted = !is_system(self.cluster, role) && !grants_everything(role);
            if bindable && wanted && !shown.contains(&id) {
                found.push((breadth(role), id, gap.rule));
            }
        }
        found.sort_unstable();
        let miss = |(_, role, rule)| {
            let binding = holders.get(&role).map(|(_, binding)| *binding);
            NearMiss {
                cost: cost(&Difference::NotBound),
                binding,
                subject: binding
                    .and_then(|b| (!self.cluster.binding(b).subjects.is_empty()).then_some(0)),
                role: Some(role),
                rule: Some(rule),
                differences: vec![Difference::NotBound],
            }
        };
        found.into_iter().map(miss).collect()
    }
}
