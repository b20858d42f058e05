//! In which mode an asker last succeeded, where nobody says it.

use super::{Impersonation, Mode, UserInfo, constrained};
use crate::authz::Chain;
use std::collections::BTreeSet;

/// The mode that a server remembers of an asker who has impersonated before, where its rules leave no choice:
/// who holds the verb `impersonate` and no constrained mode can have succeeded by that verb alone. `None` where
/// it never can have succeeded, or in several modes.
pub fn usual_mode(asker: &UserInfo, chain: &Chain<'_>) -> Option<Mode> {
    (held_modes(asker, chain) == [Mode::Legacy]).then_some(Mode::Legacy)
}

/// The modes after whose success the server may answer otherwise than to an asker who never succeeded: those
/// that are for such a user but not the first one tried.
pub fn telling_modes(wanted: &Impersonation, asker: &UserInfo) -> impl Iterator<Item = Mode> {
    let applies = |mode: &Mode| constrained::applies(wanted, asker, *mode);
    Mode::ALL.into_iter().filter(applies).skip(1)
}

/// The modes whose verb some rule grants to the asker, anywhere, in the order in which they are tried.
pub fn held_modes(asker: &UserInfo, chain: &Chain<'_>) -> Vec<Mode> {
    if crate::authz::is_privileged(&asker.groups) {
        return Mode::ALL.to_vec();
    }
    let cluster = chain.cluster();
    let bindings = cluster.bindings().iter();
    let mut namespaces: BTreeSet<&str> = bindings.map(|b| cluster.str(b.namespace)).collect();
    namespaces.insert("");
    let mut held = BTreeSet::new();
    for namespace in namespaces {
        let rules = chain.rules_for(&asker.username, &asker.groups, namespace);
        for verb in rules.resources.iter().flat_map(|rule| &rule.verbs) {
            let granted = Mode::ALL
                .into_iter()
                .filter(|mode| *verb == "*" || *verb == mode.verb());
            held.extend(granted);
        }
    }
    held.into_iter().collect()
}
