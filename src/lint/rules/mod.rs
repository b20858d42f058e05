//! Every rule. Whoever adds a file adds it to the list of families; a test holds the list against the folder.

use super::{Rule, rule};
use std::sync::OnceLock;

mod admins;
mod admission;
pub(super) mod aggregation;
mod broad_subjects;
mod certificates;
mod companions;
mod credential_files;
mod credentials;
pub(super) mod deputies;
mod destruction;
mod halves;
mod impersonation;
mod namespaces;
mod network;
mod nodes;
mod prefixes;
mod rbac_objects;
mod redundant;
mod references;
mod rejected;
pub(super) mod scope;
mod secrets;
mod subject_spelling;
mod subjects;
mod suppressions;
mod tokens;
mod tokens_at_server;
mod usage;
mod wildcards;
mod words;
pub(super) mod workloads;
pub(super) mod workloads_in_use;
mod written;

/// Each file of this folder, and its rules.
const FAMILIES: &[(&str, &[Rule])] = &[
    ("admins", admins::RULES),
    ("admission", admission::RULES),
    ("aggregation", aggregation::RULES),
    ("broad_subjects", broad_subjects::RULES),
    ("certificates", certificates::RULES),
    ("companions", companions::RULES),
    ("credential_files", credential_files::RULES),
    ("credentials", credentials::RULES),
    ("deputies", deputies::RULES),
    ("destruction", destruction::RULES),
    ("halves", halves::RULES),
    ("impersonation", impersonation::RULES),
    ("namespaces", namespaces::RULES),
    ("network", network::RULES),
    ("nodes", nodes::RULES),
    ("prefixes", prefixes::RULES),
    ("rbac_objects", rbac_objects::RULES),
    ("redundant", redundant::RULES),
    ("references", references::RULES),
    ("rejected", rejected::RULES),
    ("scope", scope::RULES),
    ("secrets", secrets::RULES),
    ("subject_spelling", subject_spelling::RULES),
    ("subjects", subjects::RULES),
    ("suppressions", suppressions::RULES),
    ("tokens", tokens::RULES),
    ("tokens_at_server", tokens_at_server::RULES),
    ("usage", usage::RULES),
    ("wildcards", wildcards::RULES),
    ("words", words::RULES),
    ("workloads", workloads::RULES),
    ("workloads_in_use", workloads_in_use::RULES),
    ("written", written::RULES),
];

/// Every rule, by its id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    table().iter().copied()
}

fn table() -> &'static [&'static Rule] {
    static TABLE: OnceLock<Vec<&'static Rule>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut rules: Vec<&Rule> = FAMILIES.iter().flat_map(|(_, rules)| *rules).collect();
        rules.sort_by_key(|rule| rule.id);
        rules
    })
}

/// The rule of an id or a name.
pub fn find(word: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id.eq_ignore_ascii_case(word) || rule.name == word)
}

/// The rule of an id of this program.
///
/// # Panics
/// If there is none, which a test of every example would show.
pub(crate) fn by_id(id: &'static str) -> &'static Rule {
    // By the number of the id: some rules are asked for once for every binding.
    static BY_NUMBER: OnceLock<Vec<Option<&Rule>>> = OnceLock::new();
    let by_number = BY_NUMBER.get_or_init(|| {
        let mut rules = vec![None; 1000];
        for rule in all() {
            if let Some(place) = rules.get_mut(rule.number() as usize) {
                *place = Some(rule);
            }
        }
        rules
    });
    let rule = by_number.get(rule::number(id) as usize).copied().flatten();
    rule.expect("a rule of this program")
}

/// Names in a sentence: a few, and how many more.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| crate::model::Quoted(name).to_string())
        .collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}

#[cfg(test)]
mod tests;
