//! Whether rules together grant all that one of them grants alone.

use super::Lint;
use crate::authz::rbac::matches::url_matches;
use crate::model::{BindingId, PolicyRule, RoleId, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Into how many requests a rule is taken apart.
const PARTS: usize = 512;

/// Into how many requests a rule is taken apart that is counted with many others.
const COUNTED: usize = 16;

impl Lint<'_> {
    /// Whether a role's rules, those of these numbers, are all among others.
    pub(super) fn covers(&self, role: RoleId, rules: &[u32], others: &[&PolicyRule]) -> bool {
        self.covers_with(role, rules, others, &[])
    }

    /// [`Lint::covers`], with others that are counted.
    pub(super) fn covers_with(
        &self,
        role: RoleId,
        rules: &[u32],
        others: &[&PolicyRule],
        counted: &[&Counted],
    ) -> bool {
        let of = &self.cluster.role(role).rules;
        rules
            .iter()
            .all(|index| covered(self, &of[*index as usize], others, counted))
    }
}

/// Whether rules together grant all that one grants.
fn covered(
    lint: &Lint<'_>,
    rule: &PolicyRule,
    others: &[&PolicyRule],
    counted: &[&Counted],
) -> bool {
    if others.iter().any(|wide| contains(lint, wide, rule))
        || counted.iter().any(|many| many.contains(lint, rule))
    {
        return true;
    }
    if !rule.non_resource_urls.is_empty() || parts(rule) > PARTS {
        return false;
    }
    each_part(rule, |words, name| {
        others.iter().any(|wide| grants(wide, words, name))
            || counted.iter().any(|many| many.grants(lint, words, name))
    })
}

/// How many combinations of its words a rule has.
fn parts(rule: &PolicyRule) -> usize {
    let names = rule.resource_names.len().max(1);
    let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
    let lists = lists.iter().map(|list| list.len());
    lists.fold(names, usize::saturating_mul)
}

/// Whether something holds of every verb, group and resource of a rule, with every name if it lists names.
fn each_part(rule: &PolicyRule, holds: impl Fn([Symbol; 3], Option<Symbol>) -> bool) -> bool {
    rule.verbs.iter().all(|verb| {
        rule.api_groups.iter().all(|group| {
            rule.resources.iter().all(|resource| {
                let words = [*verb, *group, *resource];
                match rule.resource_names.is_empty() {
                    true => holds(words, None),
                    false => {
                        let mut names = rule.resource_names.iter();
                        names.all(|name| holds(words, Some(*name)))
                    }
                }
            })
        })
    })
}

/// Whether a rule grants a verb, group and resource, for the name if there is one.
fn grants(wide: &PolicyRule, [verb, group, resource]: [Symbol; 3], name: Option<Symbol>) -> bool {
    let has = |list: &[Symbol], word: Symbol| list.contains(&word) || list.contains(&Symbol::ANY);
    has(&wide.verbs, verb)
        && has(&wide.api_groups, group)
        && has(&wide.resources, resource)
        && (wide.resource_names.is_empty()
            || name.is_some_and(|name| wide.resource_names.contains(&name)))
}

/// Whether one rule grants all that another one grants.
pub(super) fn contains(lint: &Lint<'_>, wide: &PolicyRule, narrow: &PolicyRule) -> bool {
    let covers = |wide: &[Symbol], narrow: &[Symbol]| {
        !narrow.is_empty()
            && (wide.contains(&Symbol::ANY) || narrow.iter().all(|word| wide.contains(word)))
    };
    if !covers(&wide.verbs, &narrow.verbs) {
        return false;
    }
    if !narrow.non_resource_urls.is_empty() {
        let below = |url: &Symbol| {
            let mut wide = wide.non_resource_urls.iter();
            wide.any(|word| word == url || url_matches(lint.str(*word), lint.str(*url)))
        };
        return narrow.non_resource_urls.iter().all(below);
    }
    // A `*` among names is a name.
    let names = wide.resource_names.is_empty()
        || (!narrow.resource_names.is_empty()
            && narrow
                .resource_names
                .iter()
                .all(|name| wide.resource_names.contains(name)));
    // `*/SUBRESOURCE` stands for that of every resource.
    let any_parent = |resource: &Symbol| {
        let sub = lint.str(*resource).split_once('/').map(|(_, sub)| sub);
        let mut wide = wide.resources.iter();
        sub.is_some() && wide.any(|word| lint.str(*word).strip_prefix("*/") == sub)
    };
    let mut resources = narrow.resources.iter();
    names
        && covers(&wide.api_groups, &narrow.api_groups)
        && (wide.resources.contains(&Symbol::ANY) && !narrow.resources.is_empty()
            || resources.all(|word| wide.resources.contains(word) || any_parent(word)))
}

/// The requests of rules as few bits: what is not among them is not granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    resources: u64,
    urls: u64,
}

impl Sketch {
    /// What a rule may grant of others; a wildcard may grant anything.
    pub(super) fn of(lint: &Lint<'_>, rule: &PolicyRule) -> Sketch {
        let any_parent = |resource: &Symbol| lint.str(*resource).starts_with("*/");
        let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
        let any = lists.iter().any(|list| list.contains(&Symbol::ANY))
            || rule.resources.iter().any(any_parent)
            || parts(rule) > PARTS;
        let mut urls = rule.non_resource_urls.iter();
        Sketch {
            resources: if any { u64::MAX } else { bits_of_words(rule) },
            urls: match urls.any(|url| lint.str(*url).ends_with('*')) {
                true => u64::MAX,
                false => bits_of_urls(rule),
            },
        }
    }

    /// What others must grant, at least, to grant all that a rule does.
    pub(super) fn needed(rule: &PolicyRule) -> Sketch {
        if !rule.non_resource_urls.is_empty() {
            return Sketch {
                resources: 0,
                urls: bits_of_urls(rule),
            };
        }
        let many = parts(rule) > PARTS;
        Sketch {
            resources: if many { 0 } else { bits_of_words(rule) },
            urls: 0,
        }
    }

    /// The requests of either.
    pub(super) fn or(self, other: Sketch) -> Sketch {
        Sketch {
            resources: self.resources | other.resources,
            urls: self.urls | other.urls,
        }
    }

    /// Whether all of these may be among the requests of another sketch.
    pub(super) fn may_be_in(self, other: Sketch) -> bool {
        self.resources & !other.resources == 0 && self.urls & !other.urls == 0
    }
}

/// One of 64 bits for a number.
fn bit(number: u64) -> u64 {
    1 << (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

fn bits_of_words(rule: &PolicyRule) -> u64 {
    let number = |word: &Symbol| word.index() as u64;
    let mut bits = 0;
    for verb in &rule.verbs {
        for group in &rule.api_groups {
            for resource in &rule.resources {
                let [verb, group, resource] = [verb, group, resource].map(number);
                bits |= bit(verb.rotate_left(42) ^ group.rotate_left(21) ^ resource);
            }
        }
    }
    bits
}

fn bits_of_urls(rule: &PolicyRule) -> u64 {
    let bits = rule.non_resource_urls.iter();
    bits.fold(0, |all, url| all | bit(url.index() as u64))
}

/// A rule of a binding's role.
type Place = (BindingId, RoleId, u32);

/// What the rules of many bindings grant, taken apart and counted, so that it is known without a look at
/// each of them, and a binding can be taken away.
#[derive(Debug, Default)]
pub(super) struct Counted {
    roles: Vec<(BindingId, RoleId)>,
    /// How many rules grant a verb, group and resource, for a name or for every one.
    parts: HashMap<([Symbol; 3], Option<Symbol>), u32, RandomState>,
    /// How many rules have a `*` among their verbs, groups and resources.
    wildcards: [u32; 3],
    /// Rules of paths.
    paths: Vec<Place>,
    /// Rules of subresources of every resource, or of many parts.
    others: Vec<Place>,
}

impl Counted {
    /// Adds what a binding of a role grants.
    pub(super) fn add(&mut self, lint: &Lint<'_>, binding: BindingId, role: RoleId) {
        self.roles.push((binding, role));
        for (index, rule) in (0u32..).zip(&lint.cluster.role(role).rules) {
            if is_countable(lint, rule) {
                self.count(rule, |count| *count += 1);
            } else if rule.non_resource_urls.is_empty() {
                self.others.push((binding, role, index));
            } else {
                self.paths.push((binding, role, index));
            }
        }
    }

    /// Takes one that was added away.
    pub(super) fn remove(&mut self, lint: &Lint<'_>, binding: BindingId, role: RoleId) {
        self.roles.retain(|(other, _)| *other != binding);
        self.others.retain(|(other, ..)| *other != binding);
        self.paths.retain(|(other, ..)| *other != binding);
        for rule in &lint.cluster.role(role).rules {
            if is_countable(lint, rule) {
                self.count(rule, |count| *count = count.saturating_sub(1));
            }
        }
    }

    fn count(&mut self, rule: &PolicyRule, change: impl Fn(&mut u32)) {
        let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
        for (list, wildcards) in lists.iter().zip(&mut self.wildcards) {
            if list.contains(&Symbol::ANY) {
                change(wildcards);
            }
        }
        let parts = std::cell::RefCell::new(&mut self.parts);
        each_part(rule, |words, name| {
            change(parts.borrow_mut().entry((words, name)).or_default());
            true
        });
    }

    fn grants(&self, lint: &Lint<'_>, words: [Symbol; 3], name: Option<Symbol>) -> bool {
        let known = |words, name| self.parts.get(&(words, name)).is_some_and(|n| *n > 0);
        let by_part = (0..8).any(|wild| {
            let is_wild = |list: usize| wild >> list & 1 == 1;
            if (0..3).any(|list| is_wild(list) && self.wildcards[list] == 0) {
                return false;
            }
            let word = |list| match is_wild(list) {
                true => Symbol::ANY,
                false => words[list],
            };
            let words = [word(0), word(1), word(2)];
            known(words, None) || (name.is_some() && known(words, name))
        });
        by_part || rules(lint, &self.others).any(|wide| grants(wide, words, name))
    }

    /// Whether a single rule grants all that another one does, where its parts do not tell.
    fn contains(&self, lint: &Lint<'_>, rule: &PolicyRule) -> bool {
        if rule.non_resource_urls.is_empty() && parts(rule) > PARTS {
            let roles = self.roles.iter();
            let mut rules = roles.flat_map(|(_, role)| &lint.cluster.role(*role).rules);
            return rules.any(|wide| contains(lint, wide, rule));
        }
        let places = match rule.non_resource_urls.is_empty() {
            true => &self.others,
            false => &self.paths,
        };
        rules(lint, places).any(|wide| contains(lint, wide, rule))
    }
}

fn rules<'r>(lint: &'r Lint<'_>, places: &'r [Place]) -> impl Iterator<Item = &'r PolicyRule> {
    let rule = |(_, role, index): &Place| &lint.cluster.role(*role).rules[*index as usize];
    places.iter().map(move |place| rule(place).as_ref())
}

/// Whether the parts of a rule are all that it grants, and few.
fn is_countable(lint: &Lint<'_>, rule: &PolicyRule) -> bool {
    let any_parent = |resource: &Symbol| lint.str(*resource).starts_with("*/");
    rule.non_resource_urls.is_empty()
        && parts(rule) <= COUNTED
        && !rule.resources.iter().any(any_parent)
}
