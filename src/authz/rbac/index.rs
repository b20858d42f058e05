//! From a subject to what it is granted, without looking at anybody else's bindings.
//!
//! A subject (a user name or a group) has a key; a key has grants cluster-wide and grants by namespace.
//! Few grants are scanned; many get a table from (verb, group, resource, name) to the first rule that
//! allows it, made when such a subject is first asked about.

use super::matches::{Question, ResourceQuestion};
use super::{Allow, Applicable, rules_of};
use crate::model::{BindingId, BindingKind, Cluster, PolicyRule, RoleId, SubjectKind, Symbol};
use hashbrown::HashMap;
use std::sync::OnceLock;

/// Above this many rules a table answers instead of a scan. Measured: a rule costs about 4 ns to
/// scan, the probes of a table about 200 ns in all.
const SCAN_LIMIT: u32 = 48;

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
    rules: u32,
    table: OnceLock<Box<Table>>,
}

#[derive(Debug)]
pub(super) struct Index {
    /// Keys by symbol: users (and ServiceAccounts, by user name), groups.
    users: Vec<u32>,
    groups: Vec<u32>,
    cluster_wide: Vec<Option<Box<Grants>>>,
    in_namespace: HashMap<(Key, Symbol), Grants, foldhash::fast::RandomState>,
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
                if subject.kind == SubjectKind::ServiceAccount && subject.namespace == Symbol::EMPTY {
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
        Grants {
            all,
            rules,
            table: OnceLock::new(),
        }
    }

    /// Every grant, also those of roles that do not exist.
    pub(super) fn all(&self) -> &[Grant] {
        &self.all
    }

    /// The first rule, in visiting order, that allows the request.
    pub(super) fn first_match(&self, cluster: &Cluster, question: &Question<'_>) -> Option<Allow> {
        if self.rules <= SCAN_LIMIT {
            return scan(cluster, &self.all, question);
        }
        let table = self
            .table
            .get_or_init(|| Box::new(Table::new(cluster, &self.all)));
        let in_order = match question {
            Question::Resource(q) => return min(table.first_match(q), table.scan_wide(cluster, question)),
            Question::NonResource { .. } => &table.url_rules,
        };
        in_order.iter().find(|a| allows(cluster, a, question)).copied()
    }
}

fn scan(cluster: &Cluster, grants: &[Grant], question: &Question<'_>) -> Option<Allow> {
    grants.iter().filter(|g| g.first_of_role).find_map(|grant| {
        let role = RoleId(grant.role);
        let (rule, _) = rules_of(cluster.role(role)).find(|(_, rule)| question.matches(rule))?;
        Some(grant.allow(rule))
    })
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
    url_rules: Vec<Allow>,
    /// Rules of so many combinations that they are scanned after all.
    wide_rules: Vec<Allow>,
}

impl Table {
    fn new(cluster: &Cluster, grants: &[Grant]) -> Self {
        let mut table = Table {
            first: HashMap::default(),
            any_names: false,
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
        if combinations.iter().fold(1, |n: usize, m| n.saturating_mul(*m)) > WIDE {
            self.wide_rules.push(allow);
            return;
        }
        self.any_names |= !rule.resource_names.is_empty();
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
        for verb in [q.verb, Some(Symbol::ANY)].into_iter().flatten() {
            for group in [q.group, Some(Symbol::ANY)].into_iter().flatten() {
                let resources = [q.resource, q.any_with_subresource, Some(Symbol::ANY)];
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
