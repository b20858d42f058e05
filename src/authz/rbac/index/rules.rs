//! The rules of every role side by side. In the cluster each rule, and each of its lists, is an
//! allocation of its own; following them costs more than comparing what they hold.

use super::sketch::Reach;
use crate::authz::rbac::matches::{Question, RuleLists};
use crate::authz::rbac::rules_of;
use crate::model::{Cluster, RoleId, Symbol};
use std::ops::Range;

#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Where the rules of a role begin; one more entry than there are roles.
    roles: Vec<u32>,
    /// Where the five lists of a rule begin; one more entry than there are rules, for the end.
    rules: Vec<[u32; 5]>,
    symbols: Vec<Symbol>,
    /// What the rules of each role can allow at most.
    reaches: Vec<Reach>,
}

impl Rules {
    pub(super) fn new(cluster: &Cluster) -> Self {
        let mut all = Rules::default();
        all.roles.reserve_exact(cluster.roles().len() + 1);
        for role in cluster.roles() {
            all.roles.push(all.rules.len() as u32);
            let mut reach = Reach::default();
            for (_, rule) in rules_of(role) {
                reach.add(&RuleLists::from(rule));
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
            all.reaches.push(reach);
        }
        all.roles.push(all.rules.len() as u32);
        all.rules.push([all.symbols.len() as u32; 5]);
        all
    }

    /// What the rules of a role can allow at most.
    pub(super) fn reach(&self, role: RoleId) -> Reach {
        self.reaches[role.0 as usize]
    }

    /// The rules of a role, by their numbers among all.
    pub(super) fn of_role(&self, role: RoleId) -> Range<u32> {
        let role = role.0 as usize;
        self.roles[role]..self.roles[role + 1]
    }

    /// The first of these rules of a role that allows the request, by its number in the role.
    pub(super) fn first_match(&self, of_role: Range<u32>, question: &Question<'_>) -> Option<u32> {
        let first = of_role.start;
        let mut rules = of_role;
        rules
            .find(|&rule| question.matches_lists(&self.lists(rule)))
            .map(|rule| rule - first)
    }

    /// Whether a rule of a role allows the request.
    pub(super) fn allows(&self, role: RoleId, rule: u32, question: &Question<'_>) -> bool {
        let first = self.of_role(role).start;
        question.matches_lists(&self.lists(first + rule))
    }

    /// The lists of a rule, by its number among all.
    pub(super) fn lists(&self, rule: u32) -> RuleLists<'_> {
        let rule = rule as usize;
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
