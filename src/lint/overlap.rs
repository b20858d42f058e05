//! Subjects to whom a binding gives nothing that they do not have by others.
//!
//! What a RoleBinding gives can be had by others of its namespace and by ClusterRoleBindings, what a
//! ClusterRoleBinding gives by those alone: namespaces are looked at one after the other.

use super::Lint;
use super::covered::{Counted, Sketch};
use crate::model::{BindingId, BindingKind, PolicyRule, RoleId, Subject, SubjectKind, Symbol};
use std::cell::OnceCell;
use std::ops::Range;

/// How many bindings of one subject are compared with each other.
const BINDINGS: usize = 64;

/// From how many on what they grant is counted.
const MANY: u32 = 8;

/// A binding that gives a subject of it nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spare {
    pub(super) binding: BindingId,
    /// The subject's index.
    pub(super) subject: u32,
    /// The other binding by which it has all of this; the first of them if it takes several.
    pub(super) other: BindingId,
}

/// Every binding and subject of which that holds. Of two that are the same, the later one gives nothing.
pub(super) fn spare(lint: &Lint<'_>) -> Vec<Spare> {
    let mut search = Search::new(lint);
    let of_cluster: Vec<BindingId> = ids(lint, |namespace| namespace == Symbol::EMPTY);
    search.cluster.add(lint, &of_cluster);
    let mut by_namespace = ids(lint, |namespace| namespace != Symbol::EMPTY);
    by_namespace.sort_by_key(|id| lint.cluster.binding(*id).namespace);
    for bindings in by_namespace.chunk_by(|a, b| {
        let namespace = |id: &BindingId| lint.cluster.binding(*id).namespace;
        namespace(a) == namespace(b)
    }) {
        search.namespace.clear();
        search.namespace.add(lint, bindings);
        search.look_at(bindings);
    }
    search.namespace.clear();
    search.look_at(&of_cluster);
    search.found
}

fn ids(lint: &Lint<'_>, wanted: impl Fn(Symbol) -> bool) -> Vec<BindingId> {
    let bindings = lint.bindings();
    let wanted = bindings.filter(|(_, binding)| wanted(binding.namespace));
    wanted.map(|(id, _)| id).collect()
}

/// The dense number of a name that subjects are matched by, those of groups and of users apart.
fn number(is_group: bool, name: Symbol) -> usize {
    2 * name.index() + usize::from(is_group)
}

fn number_of(subject: &Subject) -> usize {
    number(subject.kind == SubjectKind::Group, subject.matches)
}

/// The bindings of each name in one scope.
#[derive(Debug)]
struct Scope {
    /// Of each name, the number of its list, counted from 1.
    of: Vec<u32>,
    lists: Vec<List>,
    entries: Vec<Entry>,
}

/// The bindings of one name: those entries that are chained from the first one on.
#[derive(Debug)]
struct List {
    number: usize,
    first: u32,
    last: u32,
    length: u32,
    many: OnceCell<Box<Many>>,
}

#[derive(Debug)]
struct Entry {
    binding: BindingId,
    next: Option<u32>,
}

/// The bindings of a name that has many.
#[derive(Debug, Default)]
struct Many {
    bindings: Vec<Other>,
    counted: Counted,
    /// What they may grant, those that were taken away as well.
    sketch: Sketch,
}

/// A binding beside the one that is looked at.
#[derive(Clone, Copy, Debug)]
struct Other {
    binding: BindingId,
    role: Option<RoleId>,
    /// Whether it still counts.
    counts: bool,
}

impl Scope {
    fn new(names: usize) -> Self {
        Scope {
            of: vec![0; 2 * names],
            lists: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for list in self.lists.drain(..) {
            self.of[list.number] = 0;
        }
        self.entries.clear();
    }

    fn add(&mut self, lint: &Lint<'_>, bindings: &[BindingId]) {
        for binding in bindings {
            for subject in &lint.cluster.binding(*binding).subjects {
                self.add_to(number_of(subject), *binding);
            }
        }
    }

    fn add_to(&mut self, number: usize, binding: BindingId) {
        let entry = self.entries.len() as u32;
        self.entries.push(Entry {
            binding,
            next: None,
        });
        if let Some(list) = self.of[number].checked_sub(1) {
            let list = &mut self.lists[list as usize];
            self.entries[list.last as usize].next = Some(entry);
            list.last = entry;
            list.length += 1;
            return;
        }
        self.lists.push(List {
            number,
            first: entry,
            last: entry,
            length: 1,
            many: OnceCell::new(),
        });
        self.of[number] = self.lists.len() as u32;
    }

    fn list(&self, number: usize) -> Option<&List> {
        let list = self.of[number].checked_sub(1)?;
        self.lists.get(list as usize)
    }

    fn many_mut(&mut self, number: usize) -> Option<&mut Many> {
        let list = self.of[number].checked_sub(1)?;
        self.lists[list as usize].many.get_mut().map(AsMut::as_mut)
    }

    /// The first bindings of a name.
    fn bindings(&self, list: &List) -> impl Iterator<Item = BindingId> {
        let first = Some(list.first);
        let chain = std::iter::successors(first, |entry| self.entries[*entry as usize].next);
        chain
            .map(|entry| self.entries[entry as usize].binding)
            .take(BINDINGS)
    }
}

/// The others of the subject that is looked at, in their order.
#[derive(Debug, Default)]
struct Others {
    few: Vec<Other>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Few(Range<usize>),
    /// Those of a name that has many, in the cluster or in the namespace.
    Many {
        in_cluster: bool,
        number: usize,
    },
}

struct Search<'l, 'c> {
    lint: &'l Lint<'c>,
    cluster: Scope,
    namespace: Scope,
    /// Of each binding, the number of its first subject among all.
    first_subject: Vec<u32>,
    /// Of each subject, whether its binding gives it nothing.
    is_spare: Vec<bool>,
    /// Of each role, what it may grant.
    sketches: Vec<OnceCell<Sketch>>,
    /// Of each role, what others must grant at least in place of a binding of each kind.
    needed: Vec<[OnceCell<Sketch>; 2]>,
    others: Others,
    found: Vec<Spare>,
}

impl<'l, 'c> Search<'l, 'c> {
    fn new(lint: &'l Lint<'c>) -> Self {
        let names = lint.cluster.interner().len();
        let mut first_subject = Vec::with_capacity(lint.cluster.bindings().len());
        let mut subjects = 0;
        for (_, binding) in lint.bindings() {
            first_subject.push(subjects as u32);
            subjects += binding.subjects.len();
        }
        let roles = lint.cluster.roles().len();
        Search {
            lint,
            cluster: Scope::new(names),
            namespace: Scope::new(names),
            first_subject,
            is_spare: vec![false; subjects],
            sketches: vec![OnceCell::new(); roles],
            needed: vec![Default::default(); roles],
            others: Others::default(),
            found: Vec::new(),
        }
    }

    /// Looks at all bindings of a scope, the last one first.
    fn look_at(&mut self, bindings: &[BindingId]) {
        let lint = self.lint;
        for id in bindings.iter().rev().filter(|id| !lint.known.binding(**id)) {
            for (index, subject) in (0u32..).zip(&lint.cluster.binding(*id).subjects) {
                if let Some(other) = self.spared_by(*id, index, subject) {
                    self.found.push(Spare {
                        binding: *id,
                        subject: index,
                        other,
                    });
                }
            }
        }
    }

    /// The other binding, if there is one, by which a subject has all that this one gives it.
    fn spared_by(&mut self, id: BindingId, index: u32, subject: &Subject) -> Option<BindingId> {
        let lint = self.lint;
        let role = lint.role_of(id).filter(|_| !lint.gains_nothing(subject))?;
        let numbers = self.numbers(subject);
        for number in numbers.into_iter().flatten() {
            self.take_away(id, number);
        }
        let mut others = std::mem::take(&mut self.others);
        others.few.clear();
        others.parts.clear();
        let same = self.gather(id, role, numbers, &mut others);
        let other = same.or_else(|| self.by_others(id, role, &others));
        self.others = others;
        if other.is_some() {
            self.is_spare[(self.first_subject[id.0 as usize] + index) as usize] = true;
        }
        for number in numbers.into_iter().flatten() {
            self.put_back(id, number);
        }
        other
    }

    /// The names that a subject is matched by: its own, and the groups that the server puts it in.
    fn numbers(&self, subject: &Subject) -> [Option<usize>; 4] {
        let mut groups = self.lint.server_groups.of(subject);
        let mut group = || groups.next().map(|group| number(true, group));
        [Some(number_of(subject)), group(), group(), group()]
    }

    /// Whether a binding gives something to a subject of the name, as far as it was looked at.
    fn still_gives(&self, id: BindingId, number: usize) -> bool {
        let first = self.first_subject[id.0 as usize] as usize;
        let mut subjects = (first..).zip(&self.lint.cluster.binding(id).subjects);
        subjects.any(|(at, subject)| number_of(subject) == number && !self.is_spare[at])
    }

    /// Takes a binding out of the many of a name.
    fn take_away(&mut self, id: BindingId, number: usize) {
        let in_cluster = self.is_in_cluster(id);
        let scope = self.scope(in_cluster);
        if let Some(list) = scope.list(number).filter(|list| list.length >= MANY) {
            self.many(scope, list);
            self.set_counts(id, number, false);
        }
    }

    /// Puts it back, if it gives something to some subject of the name.
    fn put_back(&mut self, id: BindingId, number: usize) {
        if self.still_gives(id, number) {
            self.set_counts(id, number, true);
        }
    }

    fn set_counts(&mut self, id: BindingId, number: usize, counts: bool) {
        let lint = self.lint;
        let scope = match self.is_in_cluster(id) {
            true => &mut self.cluster,
            false => &mut self.namespace,
        };
        let Some(many) = scope.many_mut(number) else {
            return;
        };
        let mut bindings = many.bindings.iter_mut();
        let own = bindings.find(|other| other.binding == id && other.counts != counts);
        let Some(other) = own else { return };
        other.counts = counts;
        match other.role {
            Some(role) if counts => many.counted.add(lint, id, role),
            Some(role) => many.counted.remove(lint, id, role),
            None => {}
        }
    }

    /// Whether a binding grants everywhere.
    fn is_in_cluster(&self, id: BindingId) -> bool {
        self.lint.cluster.binding(id).namespace == Symbol::EMPTY
    }

    /// Gathers the others, unless one of them grants the same role: that one.
    fn gather(
        &self,
        id: BindingId,
        role: RoleId,
        numbers: [Option<usize>; 4],
        others: &mut Others,
    ) -> Option<BindingId> {
        let scopes: &[bool] = match self.is_in_cluster(id) {
            true => &[true],
            false => &[true, false],
        };
        for number in numbers.into_iter().flatten() {
            for &in_cluster in scopes {
                let same = self.gather_of(id, role, in_cluster, number, others);
                if same.is_some() {
                    return same;
                }
            }
        }
        None
    }

    /// Gathers those of one name in one scope.
    fn gather_of(
        &self,
        id: BindingId,
        role: RoleId,
        in_cluster: bool,
        number: usize,
        others: &mut Others,
    ) -> Option<BindingId> {
        let scope = self.scope(in_cluster);
        let list = scope.list(number)?;
        let is_same = |other: &&Other| other.counts && other.role == Some(role);
        if list.length >= MANY {
            let many = self.many(scope, list);
            others.parts.push(Part::Many { in_cluster, number });
            return many.bindings.iter().find(is_same).map(|same| same.binding);
        }
        let start = others.few.len();
        for binding in scope.bindings(list) {
            if binding == id || !self.still_gives(binding, number) {
                continue;
            }
            let other = Other {
                binding,
                role: self.lint.role_of(binding),
                counts: true,
            };
            if is_same(&&other) {
                return Some(binding);
            }
            others.few.push(other);
        }
        if others.few.len() > start {
            others.parts.push(Part::Few(start..others.few.len()));
        }
        None
    }

    fn scope(&self, in_cluster: bool) -> &Scope {
        match in_cluster {
            true => &self.cluster,
            false => &self.namespace,
        }
    }

    /// What is remembered of a name that has many bindings.
    fn many<'s>(&self, scope: &'s Scope, list: &'s List) -> &'s Many {
        list.many.get_or_init(|| {
            let mut many = Many::default();
            for binding in scope.bindings(list) {
                // A binding that names a subject twice is one.
                if many
                    .bindings
                    .last()
                    .is_some_and(|last| last.binding == binding)
                {
                    continue;
                }
                let other = Other {
                    binding,
                    role: self.lint.role_of(binding),
                    counts: self.still_gives(binding, list.number),
                };
                many.bindings.push(other);
                if let Some(role) = other.role.filter(|_| other.counts) {
                    many.counted.add(self.lint, binding, role);
                    many.sketch = many.sketch.or(self.sketch(role));
                }
            }
            Box::new(many)
        })
    }

    /// All others, in their order.
    fn all<'s>(&'s self, others: &'s Others) -> impl Iterator<Item = &'s Other> {
        let of = |part: &Part| match part {
            Part::Few(few) => &others.few[few.clone()],
            Part::Many { in_cluster, number } => self
                .many_of(*in_cluster, *number)
                .map_or(&[][..], |many| &many.bindings),
        };
        others
            .parts
            .iter()
            .flat_map(of)
            .filter(|other| other.counts)
    }

    fn many_of(&self, in_cluster: bool, number: usize) -> Option<&Many> {
        let list = self.scope(in_cluster).list(number)?;
        list.many.get().map(AsRef::as_ref)
    }

    /// The other that grants all that a binding does, or the first of those that do so together.
    fn by_others(&self, id: BindingId, role: RoleId, others: &Others) -> Option<BindingId> {
        let lint = self.lint;
        let first = self.all(others).next()?;
        let rules = lint.effective_rules(id);
        if rules.is_empty() {
            return None;
        }
        let kind = lint.cluster.binding(id).kind;
        let needed = self.needed(role, kind, rules);
        let counted = || {
            let many = others.parts.iter().filter_map(|part| match part {
                Part::Many { in_cluster, number } => self.many_of(*in_cluster, *number),
                Part::Few(_) => None,
            });
            many
        };
        let few = others.few.iter().filter_map(|other| other.role);
        let sketch = few.fold(Sketch::default(), |all, role| all.or(self.sketch(role)));
        let sketch = counted().fold(sketch, |all, many| all.or(many.sketch));
        if !needed.may_be_in(sketch) {
            return None;
        }
        let rules_of = |role: RoleId| lint.cluster.role(role).rules.iter().map(AsRef::as_ref);
        let few = others.few.iter().filter_map(|other| other.role);
        let wide: Vec<&PolicyRule> = few.flat_map(rules_of).collect();
        let counted: Vec<&Counted> = counted().map(|many| &many.counted).collect();
        if !lint.covers_with(role, rules, &wide, &counted) {
            return None;
        }
        let alone = self.all(others).find(|other| {
            other.role.is_some_and(|wide| {
                needed.may_be_in(self.sketch(wide))
                    && lint.covers(role, rules, &rules_of(wide).collect::<Vec<_>>())
            })
        });
        Some(alone.unwrap_or(first).binding)
    }

    fn sketch(&self, role: RoleId) -> Sketch {
        *self.sketches[role.0 as usize].get_or_init(|| {
            let rules = self.lint.cluster.role(role).rules.iter();
            let sketches = rules.map(|rule| Sketch::of(self.lint, rule));
            sketches.fold(Sketch::default(), Sketch::or)
        })
    }

    fn needed(&self, role: RoleId, kind: BindingKind, rules: &[u32]) -> Sketch {
        *self.needed[role.0 as usize][kind as usize].get_or_init(|| {
            let of = &self.lint.cluster.role(role).rules;
            let needed = rules.iter().map(|rule| Sketch::needed(&of[*rule as usize]));
            needed.fold(Sketch::default(), Sketch::or)
        })
    }
}
