//! Many rules at once: from (verb, group, resource, name) to the first rule that allows it.

use super::Grant;
use super::rules::Rules;
use super::sketch::Sketch;
use crate::authz::rbac::Allow;
use crate::authz::rbac::matches::{Question, ResourceQuestion, RuleLists};
use crate::model::Symbol;
use hashbrown::{HashMap, HashSet};

/// A rule of more combinations than this is not spread out in a table.
const WIDE: usize = 4096;

/// What a rule allows: two words, so that hashing it is two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Combination(u64, u64);

impl Combination {
    /// `None` stands for "no resourceNames": a symbol may be any name, the empty one too.
    fn new(verb: Symbol, group: Symbol, resource: Symbol, name: Option<Symbol>) -> Self {
        let join = |high: usize, low: usize| (high as u64) << 32 | low as u64;
        // There are fewer than 2^32 symbols, so that no name is all ones.
        let name = name.map_or(u32::MAX as usize, Symbol::index);
        Combination(
            join(verb.index(), group.index()),
            join(resource.index(), name),
        )
    }
}

#[derive(Debug)]
pub(super) struct Table {
    first: HashMap<Combination, Allow, foldhash::fast::RandomState>,
    /// Whether any rule has resourceNames: most tables need half the probes.
    any_names: bool,
    /// The verbs, groups and resources of the rules in `first`: most questions that are denied need no
    /// probe, and hardly any needs one for `*`.
    words: [Sketch; 3],
    url_rules: Vec<Allow>,
    /// Rules of so many combinations that they are scanned after all.
    wide_rules: Vec<Allow>,
}

impl Table {
    pub(super) fn new(rules: &Rules, grants: &[Grant]) -> Self {
        let mut table = Table {
            first: HashMap::default(),
            any_names: false,
            words: [Sketch::default(); 3],
            url_rules: Vec::new(),
            wide_rules: Vec::new(),
        };
        let mut seen = HashSet::new();
        for grant in grants {
            let Some(role) = grant.role().filter(|role| seen.insert(*role)) else {
                continue;
            };
            for (index, rule) in (0..).zip(rules.of_role(role)) {
                table.add(grant.allow(index), &rules.lists(rule));
            }
        }
        table
    }

    fn add(&mut self, allow: Allow, rule: &RuleLists<'_>) {
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
        let lists = [rule.verbs, rule.api_groups, rule.resources];
        for (sketch, list) in self.words.iter_mut().zip(lists) {
            sketch.add(list);
        }
        let unrestricted = rule.resource_names.is_empty().then_some(None);
        for &verb in rule.verbs {
            for &group in rule.api_groups {
                for &resource in rule.resources {
                    let names = rule.resource_names.iter().map(|name| Some(*name));
                    for name in unrestricted.into_iter().chain(names) {
                        let key = Combination::new(verb, group, resource, name);
                        self.first.entry(key).or_insert(allow);
                    }
                }
            }
        }
    }

    /// The first rule, in visiting order, that allows the request.
    pub(super) fn first_match(&self, rules: &Rules, question: &Question<'_>) -> Option<Allow> {
        let allows = |a: &&Allow| rules.allows(a.role, a.rule, question);
        let Question::Resource(resource) = question else {
            return self.url_rules.iter().find(allows).copied();
        };
        let wide = self.wide_rules.iter().find(allows).copied();
        match (self.probe(resource), wide) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn probe(&self, q: &ResourceQuestion) -> Option<Allow> {
        let [verbs, groups, resources] = self.words;
        let any = Some(Symbol::ANY);
        let known = |sketch: Sketch, word: Option<Symbol>| word.filter(|_| sketch.may_hold(word));
        let mut best: Option<Allow> = None;
        for verb in [q.verb, any].into_iter().filter_map(|w| known(verbs, w)) {
            for group in [q.group, any].into_iter().filter_map(|w| known(groups, w)) {
                let words = [q.resource, q.any_with_subresource, any];
                for resource in words.into_iter().filter_map(|w| known(resources, w)) {
                    let names = [None, q.name.filter(|_| self.any_names)];
                    let restricted = names[1].is_some();
                    for name in &names[..1 + usize::from(restricted)] {
                        let key = Combination::new(verb, group, resource, *name);
                        if let Some(&found) = self.first.get(&key) {
                            best = Some(best.map_or(found, |b| b.min(found)));
                        }
                    }
                }
            }
        }
        best
    }
}
