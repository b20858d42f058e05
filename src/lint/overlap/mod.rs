//! Subjects to whom a binding gives nothing that they do not have by others.
//!
//! What a RoleBinding gives can be had by others of its namespace and by ClusterRoleBindings, what a
//! ClusterRoleBinding gives by those alone: namespaces are looked at one after the other.

mod entries;
#[cfg(test)]
mod tests;

use super::Lint;
use super::covered::{Counted, Sketch};
use crate::model::{BindingId, BindingKind, PolicyRule, RoleId, SubjectKind, Symbol};
use entries::{Entry, List, Many, Other, Scope};
use std::cell::OnceCell;
use std::ops::Range;

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
    let (entries, scopes) = Entry::by_scope(lint);
    let mut search = Search::new(lint, entries);
    let mut scopes = scopes.into_iter();
    let Some(of_cluster) = scopes.next() else {
        return Vec::new();
    };
    search.cluster.add(&search.entries, of_cluster.clone());
    for of_namespace in scopes.filter(|entries| !entries.is_empty()) {
        search.namespace.clear();
        search.namespace.add(&search.entries, of_namespace.clone());
        search.look_at(of_namespace);
    }
    search.namespace.clear();
    search.look_at(of_cluster);
    search.found
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
        number: u32,
    },
}

struct Search<'l, 'c> {
    lint: &'l Lint<'c>,
    entries: Vec<Entry>,
    cluster: Scope,
    namespace: Scope,
    /// Of each entry, whether its binding gives it nothing.
    is_spare: Vec<bool>,
    /// Of each role, what it may grant.
    sketches: Vec<OnceCell<Sketch>>,
    /// Of each role, what others must grant at least in place of a binding of each kind.
    needed: Vec<[OnceCell<Sketch>; 2]>,
    others: Others,
    found: Vec<Spare>,
}

/// The numbers of the names that a subject is matched by.
type Numbers = [Option<u32>; 4];

impl<'l, 'c> Search<'l, 'c> {
    fn new(lint: &'l Lint<'c>, entries: Vec<Entry>) -> Self {
        let names = lint.identities.count();
        let roles = lint.cluster.roles().len();
        Search {
            lint,
            cluster: Scope::new(names),
            namespace: Scope::new(names),
            is_spare: vec![false; entries.len()],
            entries,
            sketches: vec![OnceCell::new(); roles],
            needed: vec![Default::default(); roles],
            others: Others::default(),
            found: Vec::new(),
        }
    }

    /// Looks at all bindings of a scope, the last one first.
    fn look_at(&mut self, entries: Range<usize>) {
        let mut end = entries.end;
        while end > entries.start {
            let of_binding = self.of_binding(end - 1);
            for at in of_binding.clone() {
                if let Some(other) = self.spared_by(at) {
                    self.found.push(Spare {
                        binding: self.entries[at].binding,
                        subject: (at - of_binding.start) as u32,
                        other,
                    });
                }
            }
            end = of_binding.start;
        }
    }

    /// The entries of the binding of an entry.
    fn of_binding(&self, at: usize) -> Range<usize> {
        let binding = self.entries[at].binding;
        let same = |entry: &&Entry| entry.binding == binding;
        let before = self.entries[..at].iter().rev().take_while(same).count();
        let after = self.entries[at..].iter().take_while(same).count();
        at - before..at + after
    }

    /// The other binding, if there is one, by which a subject has all that this one gives it.
    fn spared_by(&mut self, at: usize) -> Option<BindingId> {
        let entry = self.entries[at];
        let role = entry.role.filter(|_| entry.counts)?;
        let numbers = self.numbers(&entry);
        for number in numbers.into_iter().flatten() {
            self.take_away(at, number);
        }
        let mut others = std::mem::take(&mut self.others);
        others.few.clear();
        others.parts.clear();
        let same = self.gather(at, role, numbers, &mut others);
        let other = same.or_else(|| self.by_others(&entry, role, &others));
        self.others = others;
        self.is_spare[at] = other.is_some();
        for number in numbers.into_iter().flatten() {
            self.put_back(at, number);
        }
        other
    }

    /// The names that a subject is matched by: its own, and the groups that the server puts it in.
    fn numbers(&self, entry: &Entry) -> Numbers {
        let groups = &self.lint.server_groups;
        let group = |group: Option<Symbol>| self.lint.identities.of(true, group?);
        let own = Some(entry.number);
        match entry.kind {
            SubjectKind::Group => [own, None, None, None],
            SubjectKind::User => [own, group(groups.authenticated), None, None],
            SubjectKind::ServiceAccount => [
                own,
                group(groups.authenticated),
                group(groups.accounts),
                entry.accounts,
            ],
        }
    }

    /// Whether the binding of an entry gives something to the subject, as far as it was looked at. Where it
    /// names the subject more than once, those entries follow each other.
    fn still_gives(&self, scope: &Scope, at: usize) -> bool {
        let binding = self.entries[at].binding;
        let mut of_binding = scope
            .from(at)
            .take_while(|at| self.entries[*at].binding == binding);
        of_binding.any(|at| !self.is_spare[at])
    }

    /// Takes the binding of an entry out of the many of a name.
    fn take_away(&mut self, at: usize, number: u32) {
        let scope = self.scope(self.is_in_cluster(at));
        if let Some(list) = scope.list(number).filter(|list| list.length >= MANY) {
            self.many(scope, list);
            self.set_counts(at, number, false);
        }
    }

    /// Puts it back, if it still gives something.
    fn put_back(&mut self, at: usize, number: u32) {
        let scope = self.scope(self.is_in_cluster(at));
        let many = scope.list(number).and_then(|list| list.many.get());
        let own = many.and_then(|many| many.of(self.entries[at].binding));
        if own.is_some_and(|own| self.still_gives(scope, own.first)) {
            self.set_counts(at, number, true);
        }
    }

    fn set_counts(&mut self, at: usize, number: u32, counts: bool) {
        let lint = self.lint;
        let binding = self.entries[at].binding;
        let scope = match self.is_in_cluster(at) {
            true => &mut self.cluster,
            false => &mut self.namespace,
        };
        let Some(many) = scope.many_mut(number) else {
            return;
        };
        let own = many.bindings.iter_mut().find(|own| own.binding == binding);
        let Some(own) = own.filter(|own| own.counts != counts) else {
            return;
        };
        own.counts = counts;
        match own.role {
            Some(role) if counts => many.counted.add(lint, binding, role),
            Some(role) => many.counted.remove(lint, binding, role),
            None => {}
        }
    }

    /// Whether the binding of an entry is no namespace's: those are the first ones.
    fn is_in_cluster(&self, at: usize) -> bool {
        at < self.cluster.next.len()
    }

    /// Gathers the others, unless one of them grants the same role: that one.
    fn gather(
        &self,
        at: usize,
        role: RoleId,
        numbers: Numbers,
        others: &mut Others,
    ) -> Option<BindingId> {
        let binding = self.entries[at].binding;
        let scopes: &[bool] = match self.is_in_cluster(at) {
            true => &[true],
            false => &[true, false],
        };
        for number in numbers.into_iter().flatten() {
            for &in_cluster in scopes {
                let same = self.gather_of(binding, role, in_cluster, number, others);
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
        number: u32,
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
        for at in scope.entries(list) {
            let entry = &self.entries[at];
            if entry.binding == id || !self.still_gives(scope, at) {
                continue;
            }
            let other = Other {
                binding: entry.binding,
                first: at,
                role: entry.role,
                counts: true,
            };
            if is_same(&&other) {
                return Some(entry.binding);
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
            for at in scope.entries(list) {
                let entry = &self.entries[at];
                let binding = entry.binding;
                // A binding that names a subject twice is one.
                let last = many.bindings.last();
                if last.is_some_and(|last| last.binding == binding) {
                    continue;
                }
                let other = Other {
                    binding,
                    first: at,
                    role: entry.role,
                    counts: self.still_gives(scope, at),
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

    fn many_of(&self, in_cluster: bool, number: u32) -> Option<&Many> {
        let list = self.scope(in_cluster).list(number)?;
        list.many.get().map(AsRef::as_ref)
    }

    /// The other that grants all that a binding does, or the first of those that do so together.
    fn by_others(&self, entry: &Entry, role: RoleId, others: &Others) -> Option<BindingId> {
        let lint = self.lint;
        let first = self.all(others).next()?;
        let rules = lint.effective_rules_of(role, entry.of);
        if rules.is_empty() {
            return None;
        }
        let needed = self.needed(role, entry.of, rules);
        let counted = || {
            others.parts.iter().filter_map(|part| match part {
                Part::Many { in_cluster, number } => self.many_of(*in_cluster, *number),
                Part::Few(_) => None,
            })
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
