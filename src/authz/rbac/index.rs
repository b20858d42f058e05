//! From a subject to what it is granted, without looking at anybody else's bindings.
//!
//! A subject (a user name or a group) has a key; a key has scopes, one for what is granted cluster-wide
//! and one for each namespace; a scope has grants. What a subject is granted stands side by side, and a
//! scope holds its first grant, because a decision in a large cluster waits for little but memory that
//! it has not touched for long. Few rules are scanned; many get a [`Table`], made when such a scope is
//! first asked about.

mod directory;
mod rules;
mod sketch;
mod table;

use super::matches::Question;
use super::{Allow, Applicable};
use crate::model::{
    BindingId, BindingKind, Cluster, Interner, Lookup, RoleId, Subject, SubjectKind, Symbol,
};
use directory::Directory;
use rules::Rules;
use sketch::Reach;
use std::sync::OnceLock;
use table::Table;

/// Above this many rules or grants a table answers instead of a scan. A rule costs a few nanoseconds to
/// scan, a table one or two probes where none of its rules has wildcards.
const SCAN_LIMIT: usize = 16;

/// Up to this many namespaces of a key are searched, more are looked up in a [`Directory`].
const SEARCH_LIMIT: usize = 16;

const MISSING: u32 = u32::MAX;
/// Of a scope whose rules are so few that they are scanned.
const SCANNED: u32 = u32::MAX;
/// Of a key whose namespaces are so few that they are searched.
const SEARCHED: u32 = u32::MAX;

/// What a subject that some binding names is granted: the first of its scopes. They stand by namespace ascending;
/// [`Symbol::EMPTY`], the first of all symbols, is cluster-wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(u32);

impl Key {
    /// Of a name that no binding mentions.
    const NOBODY: Key = Key(MISSING);
}

impl Default for Key {
    fn default() -> Self {
        Key::NOBODY
    }
}

/// The keys of users or of groups.
#[derive(Debug, Default)]
struct Names {
    /// By name.
    by_name: Lookup<Key>,
    /// By symbol, for who has looked the name up.
    by_symbol: Vec<Key>,
}

impl Names {
    /// From the numbers of symbols, the symbols that have one, and the keys of these numbers.
    fn new(cluster: &Cluster, numbers: Vec<u32>, named: &[Symbol], keys: &[Key]) -> Self {
        let key = |number: u32| keys.get(number as usize).copied();
        let by_symbol = numbers.into_iter();
        let by_symbol: Vec<Key> = by_symbol
            .map(|number| key(number).unwrap_or(Key::NOBODY))
            .collect();
        let named = named.iter().map(|name| (*name, by_symbol[name.index()]));
        Names {
            by_name: cluster.interner().lookup(named),
            by_symbol,
        }
    }

    fn of(&self, name: Symbol) -> Option<Key> {
        let key = *self.by_symbol.get(name.index())?;
        (key != Key::NOBODY).then_some(key)
    }
}

/// One binding's grant to one key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    /// [`Symbol::EMPTY`] is everywhere.
    namespace: Symbol,
    binding: BindingId,
    subject: u32,
    role: u32,
    /// The role's rules; none where an earlier grant of the same scope gives them. Told only where scopes are scanned.
    rules: u32,
    rules_end: u32,
}

impl Default for Grant {
    fn default() -> Self {
        Grant {
            namespace: Symbol::EMPTY,
            binding: BindingId(0),
            subject: 0,
            role: MISSING,
            rules: 0,
            rules_end: 0,
        }
    }
}

impl Grant {
    pub(super) fn applicable(&self) -> Applicable {
        Applicable {
            binding: self.binding,
            subject: self.subject,
            role: self.role(),
        }
    }

    fn role(&self) -> Option<RoleId> {
        (self.role != MISSING).then_some(RoleId(self.role))
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

/// The grants of one key, cluster-wide or in one namespace. Each is one line of a cache.
#[derive(Debug)]
#[repr(align(64))]
struct Scope {
    /// The first of its grants, in visiting order. Most scopes have no other, and are settled here.
    first: Grant,
    /// Where all of them stand.
    start: u32,
    count: u32,
    /// Which table answers, or [`SCANNED`].
    table: u32,
    /// Of the first scope of a key, where its scopes end, and which directory knows their namespaces, or [`SEARCHED`].
    end: u32,
    directory: u32,
    /// Whether a role of its grants does not exist.
    dangling: bool,
    /// What its rules can allow at most.
    reach: Reach,
}

impl Scope {
    fn namespace(&self) -> Symbol {
        self.first.namespace
    }
}

/// A [`Scope`] with its grants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grants<'i> {
    all: &'i [Grant],
    scope: &'i Scope,
}

impl<'i> Grants<'i> {
    /// Every grant, also those of roles that do not exist.
    pub(super) fn all(self) -> &'i [Grant] {
        self.all
    }

    /// The grants of roles that do not exist.
    pub(super) fn dangling(self) -> impl Iterator<Item = &'i Grant> {
        let all = if self.scope.dangling { self.all } else { &[] };
        all.iter().filter(|grant| grant.role == MISSING)
    }
}

#[derive(Debug)]
pub(super) struct Index {
    /// Users, and ServiceAccounts by user name.
    users: Names,
    groups: Names,
    /// The namespaces of RoleBindings.
    namespaces: Lookup<Symbol>,
    /// Of the keys that have scopes in many namespaces.
    directories: Vec<OnceLock<Directory>>,
    scopes: Vec<Scope>,
    grants: Vec<Grant>,
    /// The tables of the scopes that are not scanned.
    tables: Vec<OnceLock<Table>>,
    rules: Rules,
    any_dangling: bool,
}

/// The subjects of a cluster, numbered as they come.
struct Numbers {
    /// By symbol.
    users: Vec<u32>,
    groups: Vec<u32>,
    /// Those that have one.
    named_users: Vec<Symbol>,
    named_groups: Vec<Symbol>,
    /// How many grants each has.
    counts: Vec<u32>,
}

impl Numbers {
    /// Of a name that no binding mentions.
    const NOBODY: u32 = u32::MAX;

    fn new(cluster: &Cluster) -> Self {
        let none = vec![Self::NOBODY; cluster.interner().len()];
        Numbers {
            users: none.clone(),
            groups: none,
            named_users: Vec::new(),
            named_groups: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// The number of a subject that is granted one thing more.
    fn count(&mut self, subject: &Subject) -> u32 {
        let (numbers, named) = match subject.kind {
            SubjectKind::Group => (&mut self.groups, &mut self.named_groups),
            SubjectKind::User | SubjectKind::ServiceAccount => {
                (&mut self.users, &mut self.named_users)
            }
        };
        let number = &mut numbers[subject.matches.index()];
        if *number == Self::NOBODY {
            *number = self.counts.len() as u32;
            named.push(subject.matches);
            self.counts.push(0);
        }
        self.counts[*number as usize] += 1;
        *number
    }
}

impl Index {
    pub(super) fn new(cluster: &Cluster) -> Self {
        let mut index = Index {
            users: Names::default(),
            groups: Names::default(),
            namespaces: Lookup::default(),
            directories: Vec::new(),
            scopes: Vec::new(),
            grants: Vec::new(),
            tables: Vec::new(),
            rules: Rules::new(cluster),
            any_dangling: false,
        };
        let mut numbers = Numbers::new(cluster);
        let mut grants = index.by_key(cluster, &mut numbers);
        // A subject has grants in few namespaces, most of them one grant in each.
        index.scopes.reserve(grants.len());
        let mut keys = Vec::with_capacity(numbers.counts.len());
        let (mut start, mut rest) = (0, &mut grants[..]);
        for &count in &numbers.counts {
            let first = index.scopes.len();
            let (of_key, others) = rest.split_at_mut(count as usize);
            rest = others;
            // Stable: within a namespace, visiting order stays.
            of_key.sort_by_key(|grant| grant.namespace);
            for of_scope in of_key.chunk_by_mut(|a, b| a.namespace == b.namespace) {
                index.add_scope(start, of_scope);
                start += of_scope.len() as u32;
            }
            let end = index.scopes.len();
            index.scopes[first].end = end as u32;
            if end - first > SEARCH_LIMIT {
                index.scopes[first].directory = index.directories.len() as u32;
                index.directories.push(OnceLock::new());
            }
            keys.push(Key(first as u32));
        }
        index.users = Names::new(cluster, numbers.users, &numbers.named_users, &keys);
        index.groups = Names::new(cluster, numbers.groups, &numbers.named_groups, &keys);
        index.namespaces = namespaces(cluster);
        index.grants = grants;
        index
    }

    /// All grants by key, those of one key in visiting order: a counting sort, since keys are dense.
    fn by_key(&mut self, cluster: &Cluster, numbers: &mut Numbers) -> Vec<Grant> {
        // Bindings and their subjects lie far apart: they are visited once.
        let mut grants = Vec::with_capacity(2 * cluster.bindings().len());
        for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
            let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
            self.any_dangling |= role.is_none();
            let namespace = match binding.kind {
                BindingKind::ClusterRoleBinding => Symbol::EMPTY,
                BindingKind::RoleBinding => binding.namespace,
            };
            for (position, subject) in (0u32..).zip(&binding.subjects) {
                if is_nobody(subject) {
                    continue;
                }
                let grant = Grant {
                    namespace,
                    binding: id,
                    subject: position,
                    role: role.map_or(MISSING, |r| r.0),
                    ..Grant::default()
                };
                grants.push((numbers.count(subject), grant));
            }
        }
        let mut next = Vec::with_capacity(numbers.counts.len());
        let mut total = 0;
        for count in &numbers.counts {
            next.push(total);
            total += count;
        }
        let mut sorted = vec![Grant::default(); grants.len()];
        for (number, grant) in grants {
            let at = &mut next[number as usize];
            sorted[*at as usize] = grant;
            *at += 1;
        }
        sorted
    }

    /// Adds the scope of these grants, the first of which is the `start`th of all.
    fn add_scope(&mut self, start: u32, grants: &mut [Grant]) {
        let few = grants.len() <= SCAN_LIMIT;
        let (mut rules, mut dangling, mut reach) = (0, false, Reach::default());
        for i in 0..grants.len() {
            let Some(role) = grants[i].role() else {
                dangling = true;
                continue;
            };
            reach.join(self.rules.reach(role));
            // A table that answers instead finds out by itself.
            if few && !grants[..i].iter().any(|earlier| earlier.role == role.0) {
                let of_role = self.rules.of_role(role);
                (grants[i].rules, grants[i].rules_end) = (of_role.start, of_role.end);
                rules += of_role.len();
            }
        }
        let table = match few && rules <= SCAN_LIMIT {
            true => SCANNED,
            false => {
                self.tables.push(OnceLock::new());
                self.tables.len() as u32 - 1
            }
        };
        self.scopes.push(Scope {
            first: grants[0],
            start,
            count: grants.len() as u32,
            table,
            end: MISSING,
            directory: SEARCHED,
            dangling,
            reach,
        });
    }

    pub(super) fn user(&self, name: Symbol) -> Option<Key> {
        self.users.of(name)
    }

    pub(super) fn group(&self, name: Symbol) -> Option<Key> {
        self.groups.of(name)
    }

    pub(super) fn user_named(&self, interner: &Interner, name: &str) -> Option<Key> {
        interner.look_up(&self.users.by_name, name)
    }

    pub(super) fn group_named(&self, interner: &Interner, name: &str) -> Option<Key> {
        interner.look_up(&self.groups.by_name, name)
    }

    /// A namespace, if it has RoleBindings.
    pub(super) fn namespace(&self, interner: &Interner, name: &str) -> Option<Symbol> {
        interner.look_up(&self.namespaces, name)
    }

    pub(super) fn cluster_wide(&self, key: Key) -> Option<Grants<'_>> {
        let scope = &self.scopes[key.0 as usize];
        (scope.namespace() == Symbol::EMPTY).then(|| self.grants_of(scope))
    }

    pub(super) fn in_namespace(&self, key: Key, namespace: Symbol) -> Option<Grants<'_>> {
        let first = &self.scopes[key.0 as usize];
        let scopes = &self.scopes[key.0 as usize..first.end as usize];
        let scope = match self.directories.get(first.directory as usize) {
            Some(directory) => {
                let namespaces = || scopes.iter().map(Scope::namespace);
                let directory = directory.get_or_init(|| Directory::new(namespaces()));
                &scopes[directory.find(namespace)?]
            }
            None => scopes.iter().find(|scope| scope.namespace() == namespace)?,
        };
        Some(self.grants_of(scope))
    }

    fn grants_of<'i>(&'i self, scope: &'i Scope) -> Grants<'i> {
        let all = match scope.count {
            1 => std::slice::from_ref(&scope.first),
            count => &self.grants[scope.start as usize..][..count as usize],
        };
        Grants { all, scope }
    }

    /// The first rule of these grants, in visiting order, that allows the request.
    pub(super) fn first_match(&self, grants: Grants<'_>, question: &Question<'_>) -> Option<Allow> {
        if !grants.scope.reach.may_allow(question) {
            return None;
        }
        if let Some(table) = self.tables.get(grants.scope.table as usize) {
            let table = table.get_or_init(|| Table::new(&self.rules, grants.all));
            return table.first_match(&self.rules, question);
        }
        grants.all.iter().find_map(|grant| {
            let of_role = grant.rules..grant.rules_end;
            let rule = self.rules.first_match(of_role, question)?;
            Some(grant.allow(rule))
        })
    }

    /// Whether any roleRef leads nowhere.
    pub(super) fn any_dangling(&self) -> bool {
        self.any_dangling
    }
}

/// The namespaces of RoleBindings, by name.
fn namespaces(cluster: &Cluster) -> Lookup<Symbol> {
    let mut seen = vec![false; cluster.interner().len()];
    let namespaces = cluster.bindings().iter().map(|binding| binding.namespace);
    let namespaces: Vec<(Symbol, Symbol)> = namespaces
        .filter(|it| *it != Symbol::EMPTY && !std::mem::replace(&mut seen[it.index()], true))
        .map(|it| (it, it))
        .collect();
    cluster.interner().lookup(namespaces.into_iter())
}

/// Whether a subject is a ServiceAccount without a namespace.
fn is_nobody(subject: &Subject) -> bool {
    subject.kind == SubjectKind::ServiceAccount && subject.namespace == Symbol::EMPTY
}
