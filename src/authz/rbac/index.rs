//! From a subject to what it is granted, without looking at anybody else's bindings.
//!
//! A subject (a user name or a group) has a key; a key has grants cluster-wide and grants by namespace.
//! Few grants are scanned; many get a table from (verb, group, resource, name) to the first rule that
//! allows it, made when such a subject is first asked about.

use super::matches::{Question, ResourceQuestion, RuleLists};
use super::{Allow, Applicable, rules_of};
use crate::model::{BindingId, BindingKind, Cluster, PolicyRule, RoleId, SubjectKind, Symbol};
use hashbrown::HashMap;
use std::sync::OnceLock;

/// Above this many rules a table answers instead of a scan. A rule costs a few nanoseconds to scan, a
/// table one or two probes where none of its rules has wildcards.
const SCAN_LIMIT: u32 = 16;

/// A rule of more combinations than this is not spread out in a table.
const WIDE: usize = 4096;

const NOBODY: u32 = u32::MAX;
const MISSING: u32 = u32::MAX;

/// A subject that some binding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key(u32);

/// One binding's grant to one key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    binding: BindingId,
    subject: u32,
    role: u32,
    /// Whether no earlier grant of the same list gives the same role.
    first_of_role: bool,
}

impl Grant {
    pub(super) fn applicable(&self) -> Applicable {
        Applicable {
            binding: self.binding,
            subject: self.subject,
            role: (self.role != MISSING).then_some(RoleId(self.role)),
        }
    }

    fn allow(&self, rule: u32) -> Allow {
        Allow {
            binding: self.binding,
            subject: self.subject,
            role: RoleId(self.role),
            rule,
        }
    }
}

/// The grants of one key, cluster-wide or in one namespace, in visiting order.
#[derive(Debug)]
pub(super) struct Grants {
    all: Box<[Grant]>,
    /// Those of `all` whose role does not exist.
    dangling: Box<[Grant]>,
    rules: u32,
    table: OnceLock<Box<Table>>,
}

/// The rules of every role side by side. In the cluster each rule, and each of its lists, is an
/// allocation of its own; following them costs more than comparing what they hold.
#[derive(Debug, Default)]
struct Rules {
    /// Where the rules of a role begin; one more entry than there are roles.
    roles: Vec<u32>,
    /// Where the five lists of a rule begin; one more entry than there are rules, for the end.
    rules: Vec<[u32; 5]>,
    symbols: Vec<Symbol>,
}

impl Rules {
    fn new(cluster: &Cluster) -> Self {
        let mut all = Rules::default();
        for role in cluster.roles() {
            all.roles.push(all.rules.len() as u32);
            for (_, rule) in rules_of(role) {
                let lists = [
                    &rule.verbs,
                    &rule.api_groups,
                    &rule.resources,
                    &rule.resource_names,
                    &rule.non_resource_urls,
                ];
                let starts = lists.map(|list| {
                    let start = all.symbols.len() as u32;
                    all.symbols.extend_from_slice(list);
                    start
                });
                all.rules.push(starts);
            }
        }
        all.roles.push(all.rules.len() as u32);
        all.rules.push([all.symbols.len() as u32; 5]);
        all
    }

    /// The first rule of a role that allows the request.
    fn first_match(&self, role: RoleId, question: &Question<'_>) -> Option<u32> {
        let (role, first) = (role.0 as usize, self.roles[role.0 as usize]);
        (first..self.roles[role + 1])
            .find(|&rule| question.matches_lists(&self.lists(rule as usize)))
            .map(|rule| rule - first)
    }

    fn lists(&self, rule: usize) -> RuleLists<'_> {
        let [a, b, c, d, e] = self.rules[rule].map(|start| start as usize);
        let end = self.rules[rule + 1][0] as usize;
        RuleLists {
            verbs: &self.symbols[a..b],
            api_groups: &self.symbols[b..c],
            resources: &self.symbols[c..d],
            resource_names: &self.symbols[d..e],
            non_resource_urls: &self.symbols[e..end],
        }
    }
}

#[derive(Debug)]
pub(super) struct Index {
    /// Keys by symbol: users (and ServiceAccounts, by user name), groups.
    users: Vec<u32>,
    groups: Vec<u32>,
    cluster_wide: Vec<Option<Box<Grants>>>,
    in_namespace: HashMap<(Key, Symbol), Grants, foldhash::fast::RandomState>,
    rules: Rules,
    any_dangling: bool,
}

impl Index {
    pub(super) fn new(cluster: &Cluster) -> Self {
        let symbols = cluster.interner().len();
        let mut index = Index {
            users: vec![NOBODY; symbols],
            groups: vec![NOBODY; symbols],
            cluster_wide: Vec::new(),
            in_namespace: HashMap::default(),
            rules: Rules::new(cluster),
            any_dangling: false,
        };
        let mut keys = 0;
        let mut granted: Vec<(Key, Symbol, Grant)> = Vec::new();
        for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
            let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
            index.any_dangling |= role.is_none();
            let namespace = match binding.kind {
                BindingKind::ClusterRoleBinding => Symbol::EMPTY,
                BindingKind::RoleBinding => binding.namespace,
            };
            for (position, subject) in (0u32..).zip(&binding.subjects) {
                // A ServiceAccount without a namespace is nobody.
                if subject.kind == SubjectKind::ServiceAccount && subject.namespace == Symbol::EMPTY
                {
                    continue;
                }
                let table = match subject.kind {
                    SubjectKind::Group => &mut index.groups,
                    SubjectKind::User | SubjectKind::ServiceAccount => &mut index.users,
                };
                let slot = &mut table[subject.matches.index()];
                if *slot == NOBODY {
                    *slot = keys;
                    keys += 1;
                }
                let grant = Grant {
                    binding: id,
                    subject: position,
                    role: role.map_or(MISSING, |r| r.0),
                    first_of_role: false,
                };
                granted.push((Key(*slot), namespace, grant));
            }
        }
        granted.sort_unstable_by_key(|(key, ns, g)| (*key, *ns, g.binding, g.subject));
        index.cluster_wide.resize_with(keys as usize, || None);
        for list in granted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (key, namespace) = (list[0].0, list[0].1);
            let grants = Grants::new(cluster, list.iter().map(|(_, _, grant)| *grant).collect());
            if namespace == Symbol::EMPTY {
                index.cluster_wide[key.0 as usize] = Some(Box::new(grants));
            } else {
                index.in_namespace.insert((key, namespace), grants);
            }
        }
        index
    }

    pub(super) fn user(&self, name: Symbol) -> Option<Key> {
        let key = *self.users.get(name.index())?;
        (key != NOBODY).then_some(Key(key))
    }

    pub(super) fn group(&self, name: Symbol) -> Option<Key> {
        let key = *self.groups.get(name.index())?;
        (key != NOBODY).then_some(Key(key))
    }

    pub(super) fn cluster_wide(&self, key: Key) -> Option<&Grants> {
        self.cluster_wide[key.0 as usize].as_deref()
    }

    pub(super) fn in_namespace(&self, key: Key, namespace: Symbol) -> Option<&Grants> {
        self.in_namespace.get(&(key, namespace))
    }

    /// The first rule of these grants, in visiting order, that allows the request.
    pub(super) fn first_match(
        &self,
        grants: &Grants,
        cluster: &Cluster,
        question: &Question<'_>,
    ) -> Option<Allow> {
        if grants.rules <= SCAN_LIMIT {
            return grants.scan(&self.rules, question);
        }
        grants.look_up(cluster, question)
    }

    /// Whether any roleRef leads nowhere.
    pub(super) fn any_dangling(&self) -> bool {
        self.any_dangling
    }
}

impl Grants {
    fn new(cluster: &Cluster, mut all: Box<[Grant]>) -> Self {
        let mut rules = 0;
        let mut seen = hashbrown::HashSet::new();
        for i in 0..all.len() {
            let role = all[i].role;
            // A table for a handful would cost more than looking back.
            let new = if all.len() <= 16 {
                !all[..i].iter().any(|earlier| earlier.role == role)
            } else {
                seen.insert(role)
            };
            all[i].first_of_role = new && role != MISSING;
            if all[i].first_of_role {
                rules += cluster.role(RoleId(role)).rules.len() as u32;
            }
        }
        let missing = all.iter().filter(|grant| grant.role == MISSING);
        Grants {
            dangling: missing.copied().collect(),
            all,
            rules,
            table: OnceLock::new(),
        }
    }

    /// Every grant, also those of roles that do not exist.
    pub(super) fn all(&self) -> &[Grant] {
        &self.all
    }

    /// The grants of roles that do not exist.
    pub(super) fn dangling(&self) -> &[Grant] {
        &self.dangling
    }

    fn scan(&self, rules: &Rules, question: &Question<'_>) -> Option<Allow> {
        let mut grants = self.all.iter().filter(|grant| grant.first_of_role);
        grants.find_map(|grant| {
            let rule = rules.first_match(RoleId(grant.role), question)?;
            Some(grant.allow(rule))
        })
    }

    fn look_up(&self, cluster: &Cluster, question: &Question<'_>) -> Option<Allow> {
        let table = self
            .table
            .get_or_init(|| Box::new(Table::new(cluster, &self.all)));
        let in_order = match question {
            Question::Resource(q) => {
                return min(table.first_match(q), table.scan_wide(cluster, question));
            }
            Question::NonResource { .. } => &table.url_rules,
        };
        in_order
            .iter()
            .find(|a| allows(cluster, a, question))
            .copied()
    }
}

fn allows(cluster: &Cluster, allow: &Allow, question: &Question<'_>) -> bool {
    question.matches(&cluster.role(allow.role).rules[allow.rule as usize])
}

fn min(a: Option<Allow>, b: Option<Allow>) -> Option<Allow> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// What stands for "no resourceNames" in a [`Table`]: a symbol may be any name, the empty one too.
type Name = Option<Symbol>;

#[derive(Debug)]
struct Table {
    first: HashMap<(Symbol, Symbol, Symbol, Name), Allow, foldhash::fast::RandomState>,
    /// Whether any rule has resourceNames: most tables need half the probes.
    any_names: bool,
    /// Whether `*` is among the verbs, groups and resources of any rule: most tables need no probe
    /// for it.
    any_wildcard: [bool; 3],
    url_rules: Vec<Allow>,
    /// Rules of so many combinations that they are scanned after all.
    wide_rules: Vec<Allow>,
}

impl Table {
    fn new(cluster: &Cluster, grants: &[Grant]) -> Self {
        let mut table = Table {
            first: HashMap::default(),
            any_names: false,
            any_wildcard: [false; 3],
            url_rules: Vec::new(),
            wide_rules: Vec::new(),
        };
        for grant in grants.iter().filter(|g| g.first_of_role) {
            for (index, rule) in rules_of(cluster.role(RoleId(grant.role))) {
                table.add(grant.allow(index), rule);
            }
        }
        table
    }

    fn add(&mut self, allow: Allow, rule: &PolicyRule) {
        if !rule.non_resource_urls.is_empty() {
            self.url_rules.push(allow);
        }
        let combinations = [
            rule.verbs.len(),
            rule.api_groups.len(),
            rule.resources.len(),
            rule.resource_names.len().max(1),
        ];
        if combinations
            .iter()
            .fold(1, |n: usize, m| n.saturating_mul(*m))
            > WIDE
        {
            self.wide_rules.push(allow);
            return;
        }
        self.any_names |= !rule.resource_names.is_empty();
        let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
        for (any, list) in self.any_wildcard.iter_mut().zip(lists) {
            *any |= list.contains(&Symbol::ANY);
        }
        let unrestricted = rule.resource_names.is_empty().then_some(None);
        for &verb in &rule.verbs {
            for &group in &rule.api_groups {
                for &resource in &rule.resources {
                    let names = rule.resource_names.iter().map(|name| Some(*name));
                    for name in unrestricted.into_iter().chain(names) {
                        let key = (verb, group, resource, name);
                        self.first.entry(key).or_insert(allow);
                    }
                }
            }
        }
    }

    fn scan_wide(&self, cluster: &Cluster, question: &Question<'_>) -> Option<Allow> {
        let mut wide = self.wide_rules.iter();
        wide.find(|a| allows(cluster, a, question)).copied()
    }

    fn first_match(&self, q: &ResourceQuestion) -> Option<Allow> {
        let mut best: Option<Allow> = None;
        let mut probe = |verb, group, resource, name| {
            if let Some(&found) = self.first.get(&(verb, group, resource, name)) {
                best = Some(best.map_or(found, |b| b.min(found)));
            }
        };
        let [any_verb, any_group, any_resource] =
            self.any_wildcard.map(|any| any.then_some(Symbol::ANY));
        for verb in [q.verb, any_verb].into_iter().flatten() {
            for group in [q.group, any_group].into_iter().flatten() {
                let resources = [q.resource, q.any_with_subresource, any_resource];
                for resource in resources.into_iter().flatten() {
                    probe(verb, group, resource, None);
                    if self.any_names && q.name.is_some() {
                        probe(verb, group, resource, q.name);
                    }
                }
            }
        }
        best
    }
}
