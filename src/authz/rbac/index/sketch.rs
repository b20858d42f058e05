//! Sets of symbols in one word, which say no for certain and yes perhaps: most of a user's scopes are
//! passed over by looking at theirs, without touching grants, roles or rules.

use crate::authz::rbac::matches::{Question, RuleLists};
use crate::model::Symbol;

/// Symbols, forgetful: never without one that was added, but sometimes with one that was not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sketch(u64);

impl Sketch {
    /// Adds all symbols of a list; of one that holds `*`, all there are.
    pub(super) fn add(&mut self, list: &[Symbol]) {
        for &symbol in list {
            self.0 |= match symbol {
                Symbol::ANY => u64::MAX,
                _ => 1 << (symbol.index() % 64),
            };
        }
    }

    /// Whether a word may have been added; one that nobody mentions is held by `*` alone.
    pub(super) fn may_hold(self, word: Option<Symbol>) -> bool {
        match word {
            Some(symbol) => self.0 >> (symbol.index() % 64) & 1 == 1,
            None => self.0 == u64::MAX,
        }
    }
}

/// What some rules can allow at most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    verbs: Sketch,
    /// With the empty word, which names no resource, where a rule is about URLs.
    resources: Sketch,
}

impl Reach {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: &RuleLists<'_>) {
        self.verbs.add(rule.verbs);
        self.resources.add(rule.resources);
        if !rule.non_resource_urls.is_empty() {
            self.resources.add(&[Symbol::EMPTY]);
        }
    }

    /// Adds all that another holds.
    pub(super) fn join(&mut self, other: Reach) {
        self.verbs.0 |= other.verbs.0;
        self.resources.0 |= other.resources.0;
    }

    /// Whether any of the rules may allow the request.
    pub(super) fn may_allow(&self, question: &Question<'_>) -> bool {
        match question {
            Question::NonResource { verb, .. } => {
                self.verbs.may_hold(*verb) && self.resources.may_hold(Some(Symbol::EMPTY))
            }
            Question::Resource(q) => {
                let by_subresource = || {
                    let any = q.any_with_subresource;
                    any.is_some() && self.resources.may_hold(any)
                };
                self.verbs.may_hold(q.verb)
                    && (self.resources.may_hold(q.resource) || by_subresource())
            }
        }
    }
}
