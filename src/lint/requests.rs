//! The requests that rules ask about, as bits: which of them a rule of a role allows is three unions and
//! an intersection, however many requests there are.
//!
//! It is the matcher of `authz::rbac::matches`, for a fixed list of questions at once; a test holds the
//! two against each other.

use super::settings::GroupResource;
use crate::authz::rbac::matches::url_matches;
use crate::model::api_resources::ApiResources;
use crate::model::{Interner, PolicyRule, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

const WORDS: usize = 8;

/// A set of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bits([u64; WORDS]);

impl Bits {
    /// Adds the request of a number.
    pub(super) fn insert(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// The request of a number.
    #[cfg(test)]
    pub(super) fn one(bit: usize) -> Bits {
        let mut one = Bits::default();
        one.insert(bit);
        one
    }

    /// The requests of either.
    pub fn or(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// The requests of both.
    pub fn and(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// The requests that the other lacks.
    pub fn without(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    /// The requests that are not in it.
    pub fn inverse(self) -> Bits {
        Bits(self.0.map(|word| !word))
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        // One instruction or two, where a comparison of arrays is a call.
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// Whether both have one in common.
    pub fn meets(self, other: Bits) -> bool {
        !self.and(other).is_empty()
    }

    /// The numbers of the requests.
    pub(super) fn ones(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                // The lowest bit that is set is taken away; of none, none is.
                word &= word.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }
}

/// A request without namespace and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Atom {
    /// The verb.
    pub verb: String,
    /// The API group.
    pub group: String,
    /// The resource.
    pub resource: String,
    /// The subresource, or empty.
    pub subresource: String,
    /// A URL path in place of a resource, or empty.
    pub path: String,
}

/// What a rule of a role allows, of the requests that are known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Whatever the object's name.
    pub any_name: Bits,
    /// Only for the names that the rule lists.
    pub named: Bits,
}

impl Allowed {
    /// What either allows.
    #[must_use]
    pub fn or(self, other: Allowed) -> Allowed {
        Allowed {
            any_name: self.any_name.or(other.any_name),
            named: self.named.or(other.named),
        }
    }

    /// Both.
    pub fn all(self) -> Bits {
        self.any_name.or(self.named)
    }
}

/// All requests that some lint rule asks about.
#[derive(Debug)]
pub struct Requests {
    atoms: Vec<Atom>,
    patterns: HashMap<&'static str, Bits, RandomState>,
    verbs: HashMap<Symbol, Bits, RandomState>,
    groups: HashMap<Symbol, Bits, RandomState>,
    resources: HashMap<Symbol, Bits, RandomState>,
    /// Requests of URL paths.
    paths: Vec<(Bits, String)>,
    /// Marks: how a rule is written, which no single request tells.
    marks: Vec<(Bits, String)>,
    /// Paths and marks.
    not_resources: Bits,
    all: Bits,
    /// Requests of namespaced resources: what a RoleBinding can grant.
    namespaced: Bits,
    /// Requests that never carry a name.
    nameless: Bits,
}

/// Short names of API groups in patterns.
const GROUPS: [(&str, &str); 12] = [
    ("rbac", "rbac.authorization.k8s.io"),
    ("certificates", "certificates.k8s.io"),
    ("admission", "admissionregistration.k8s.io"),
    ("authentication", "authentication.k8s.io"),
    ("authorization", "authorization.k8s.io"),
    ("networking", "networking.k8s.io"),
    ("discovery", "discovery.k8s.io"),
    ("coordination", "coordination.k8s.io"),
    ("apiregistration", "apiregistration.k8s.io"),
    ("apiextensions", "apiextensions.k8s.io"),
    ("events", "events.k8s.io"),
    ("flowcontrol", "flowcontrol.apiserver.k8s.io"),
];

/// Resources that exist only in rules, and whether a RoleBinding can grant them: the server asks for these
/// without a namespace, except for service accounts and for binding a role in a namespace.
const VIRTUAL: [(&str, &str, bool); 10] = [
    ("", "users", false),
    ("", "groups", false),
    ("authentication.k8s.io", "users", false),
    ("authentication.k8s.io", "groups", false),
    ("authentication.k8s.io", "uids", false),
    ("authentication.k8s.io", "userextras", false),
    ("authentication.k8s.io", "serviceaccounts", true),
    ("authentication.k8s.io", "nodes", false),
    ("certificates.k8s.io", "signers", false),
    ("", "namespaces", true),
];

/// `VERB[,VERB…] [GROUP:]RESOURCE[/SUB][,RESOURCE…]` as requests.
fn parse(pattern: &str) -> Vec<Atom> {
    let (verbs, what) = pattern.split_once(' ').unwrap_or((pattern, ""));
    if pattern.starts_with('#') {
        return vec![Atom {
            path: pattern.to_owned(),
            ..Atom::default()
        }];
    }
    if what.starts_with('/') {
        let paths = verbs.split(',').flat_map(|verb| {
            what.split(',').map(move |path| Atom {
                verb: verb.to_owned(),
                path: path.to_owned(),
                ..Atom::default()
            })
        });
        return paths.collect();
    }
    let (group, resources) = what.split_once(':').unwrap_or(("", what));
    let known = GROUPS.iter().find(|(short, _)| *short == group);
    let group = known.map_or(group, |(_, group)| group);
    let mut atoms = Vec::new();
    for verb in verbs.split(',') {
        for resource in resources.split(',') {
            let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
            atoms.push(Atom {
                verb: verb.to_owned(),
                group: group.to_owned(),
                resource: resource.to_owned(),
                subresource: subresource.to_owned(),
                path: String::new(),
            });
        }
    }
    atoms
}

impl Requests {
    /// The requests of these patterns, their words looked up among the strings of a cluster.
    pub fn new(
        patterns: impl IntoIterator<Item = &'static &'static str>,
        interner: &Interner,
        resources: &ApiResources,
    ) -> Self {
        let mut requests = Requests {
            atoms: Vec::new(),
            patterns: HashMap::default(),
            verbs: HashMap::default(),
            groups: HashMap::default(),
            resources: HashMap::default(),
            paths: Vec::new(),
            marks: Vec::new(),
            not_resources: Bits::default(),
            all: Bits::default(),
            namespaced: Bits::default(),
            nameless: Bits::default(),
        };
        let mut numbers: HashMap<Atom, usize, RandomState> = HashMap::default();
        for &pattern in patterns {
            if requests.patterns.contains_key(pattern) {
                continue;
            }
            let mut mask = Bits::default();
            for atom in parse(pattern) {
                let next = requests.atoms.len();
                // A test proves that all fit; what did not would be asked of nobody.
                if next == WORDS * 64 {
                    break;
                }
                let number = *numbers.entry(atom.clone()).or_insert(next);
                if number == next {
                    requests.add(&atom, number, interner, resources);
                    requests.atoms.push(atom);
                }
                mask.insert(number);
            }
            requests.patterns.insert(pattern, mask);
        }
        requests
    }

    /// Makes a pattern mean these verbs of a resource as well.
    pub fn widen(
        &mut self,
        pattern: &'static str,
        verbs: &[&str],
        of: &GroupResource,
        (interner, resources): (&Interner, &ApiResources),
    ) {
        for verb in verbs {
            let atom = Atom {
                verb: (*verb).to_owned(),
                group: of.group.clone(),
                resource: of.resource.clone(),
                ..Atom::default()
            };
            let known = self.atoms.iter().position(|other| *other == atom);
            let number = known.unwrap_or(self.atoms.len());
            if known.is_none() && self.has_room() {
                self.add(&atom, number, interner, resources);
                self.atoms.push(atom);
            }
            if number < self.atoms.len() {
                self.patterns.entry(pattern).or_default().insert(number);
            }
        }
    }

    fn add(&mut self, atom: &Atom, number: usize, interner: &Interner, resources: &ApiResources) {
        self.all.insert(number);
        let note = |map: &mut HashMap<Symbol, Bits, RandomState>, word: &str| {
            if let Some(symbol) = interner.get(word) {
                map.entry(symbol).or_default().insert(number);
            }
        };
        if !atom.verb.is_empty() {
            note(&mut self.verbs, &atom.verb);
        }
        if atom.path.starts_with('#') {
            self.namespaced.insert(number);
            let mut bit = Bits::default();
            bit.insert(number);
            self.not_resources.insert(number);
            self.marks.push((bit, atom.path.clone()));
            return;
        }
        if !atom.path.is_empty() {
            let mut bit = Bits::default();
            bit.insert(number);
            self.not_resources.insert(number);
            self.paths.push((bit, atom.path.clone()));
            return;
        }
        note(&mut self.groups, &atom.group);
        if atom.subresource.is_empty() {
            note(&mut self.resources, &atom.resource);
        } else {
            let Atom {
                resource,
                subresource,
                ..
            } = atom;
            note(&mut self.resources, &format!("{resource}/{subresource}"));
            note(&mut self.resources, &format!("*/{subresource}"));
        }
        let top_level = atom.subresource.is_empty();
        if top_level && ["create", "deletecollection"].contains(&&*atom.verb) {
            self.nameless.insert(number);
        }
        if is_namespaced(atom, resources) {
            self.namespaced.insert(number);
        }
    }

    /// The requests of patterns; only of those that were given at first.
    pub fn mask(&self, patterns: &[&str]) -> Bits {
        patterns.iter().fold(Bits::default(), |mask, pattern| {
            debug_assert!(
                self.patterns.contains_key(pattern),
                "{pattern} was not given"
            );
            mask.or(self.patterns.get(pattern).copied().unwrap_or_default())
        })
    }

    /// The requests that a RoleBinding can grant.
    pub fn namespaced(&self) -> Bits {
        self.namespaced
    }

    /// Whether a mark may hold of a rule whose resources nobody asks about.
    fn has_odd_words(&self, rule: &PolicyRule, interner: &Interner) -> bool {
        self.marks
            .iter()
            .any(|(_, mark)| mark != "#any-verb" && is_marked(mark, rule, interner))
    }

    /// The requests of a set: whether a RoleBinding can grant it, whether it never carries a name, and it.
    pub fn atoms(&self, bits: Bits) -> impl Iterator<Item = (bool, bool, &Atom)> {
        bits.ones().filter_map(|bit| {
            let mut one = Bits::default();
            one.insert(bit);
            let atom = self.atoms.get(bit)?;
            Some((self.namespaced.meets(one), self.nameless.meets(one), atom))
        })
    }

    /// Whether there is room for one more request.
    pub(super) fn has_room(&self) -> bool {
        self.atoms.len() < WORDS * 64
    }

    /// What a rule of a role allows.
    pub fn allowed(&self, rule: &PolicyRule, interner: &Interner) -> Allowed {
        let union = |list: &[Symbol], map: &HashMap<Symbol, Bits, RandomState>| {
            let mut bits = Bits::default();
            for symbol in list {
                if *symbol == Symbol::ANY {
                    return self.all;
                }
                if let Some(more) = map.get(symbol) {
                    bits = bits.or(*more);
                }
            }
            bits
        };
        if !rule.non_resource_urls.is_empty() {
            let verbs = union(&rule.verbs, &self.verbs);
            let mut any_name = Bits::default();
            for (bit, path) in &self.paths {
                let mut urls = rule.non_resource_urls.iter();
                if verbs.meets(*bit) && urls.any(|url| url_matches(interner.resolve(*url), path)) {
                    any_name = any_name.or(*bit);
                }
            }
            return Allowed {
                any_name,
                named: Bits::default(),
            };
        }
        let resources = union(&rule.resources, &self.resources);
        let any = [&rule.verbs, &rule.api_groups]
            .iter()
            .any(|list| list.contains(&Symbol::ANY));
        if resources.is_empty() && !any && !self.has_odd_words(rule, interner) {
            return Allowed::default();
        }
        let verbs = union(&rule.verbs, &self.verbs);
        let mut allowed = resources
            .and(verbs)
            .and(union(&rule.api_groups, &self.groups))
            .without(self.not_resources);
        for (bit, mark) in &self.marks {
            if is_marked(mark, rule, interner) {
                allowed = allowed.or(*bit);
            }
        }
        if rule.resource_names.is_empty() {
            return Allowed {
                any_name: allowed,
                named: Bits::default(),
            };
        }
        // A request without a name has the empty name, and only a list that holds it lets it pass.
        let nameless = match rule.resource_names.contains(&Symbol::EMPTY) {
            true => allowed.and(self.nameless),
            false => Bits::default(),
        };
        Allowed {
            any_name: nameless,
            named: allowed.without(self.nameless),
        }
    }
}

/// Whether a rule is written in a way that a mark stands for.
fn is_marked(mark: &str, rule: &PolicyRule, interner: &Interner) -> bool {
    let any = |list: &[Symbol]| list.contains(&Symbol::ANY);
    let starts =
        |list: &[Symbol], start: &str| list.iter().any(|s| interner.resolve(*s).starts_with(start));
    match mark {
        "#any-verb" => any(&rule.verbs),
        "#any-resource" => any(&rule.resources),
        // `*/NAME` is of no group more than of another.
        "#any-group" => {
            let is_finite = |r: &Symbol| !interner.resolve(*r).starts_with("*/");
            any(&rule.api_groups) && !any(&rule.resources) && rule.resources.iter().any(is_finite)
        }
        // A second star is a literal, and the rule matches nothing by it.
        "#any-parent" => rule.resources.iter().any(|resource| {
            let sub = interner.resolve(*resource).strip_prefix("*/");
            sub.is_some_and(|sub| !sub.is_empty() && !sub.contains('*'))
        }),
        "#userextras" => {
            let group = interner.get("authentication.k8s.io");
            (any(&rule.verbs) || starts(&rule.verbs, "impersonate"))
                && (any(&rule.api_groups) || group.is_some_and(|g| rule.api_groups.contains(&g)))
                && (starts(&rule.resources, "userextras/") || any(&rule.resources))
        }
        "#deletes-many" => {
            let has = |word: &str| {
                interner
                    .get(word)
                    .is_some_and(|word| rule.verbs.contains(&word))
            };
            has("deletecollection") || (any(&rule.resources) && (any(&rule.verbs) || has("delete")))
        }
        // The kinds of constraints are made by their templates, so that their names are anybody's.
        "#gatekeeper-constraints" => {
            let has = |list: &[Symbol], word: &str| {
                interner.get(word).is_some_and(|word| list.contains(&word))
            };
            let mut writes = ["*", "create", "update", "patch", "delete"].into_iter();
            has(&rule.api_groups, "constraints.gatekeeper.sh")
                && writes.any(|verb| has(&rule.verbs, verb))
        }
        "#impersonate-on" => any(&rule.verbs) || starts(&rule.verbs, "impersonate-on:"),
        _ => false,
    }
}

fn is_namespaced(atom: &Atom, resources: &ApiResources) -> bool {
    let Atom {
        verb,
        group,
        resource,
        ..
    } = atom;
    // Which role a binding may refer to is asked in the namespace of the binding.
    if verb == "bind" && resource == "clusterroles" {
        return true;
    }
    if resource == "*" {
        return true;
    }
    let entry = VIRTUAL.iter().find(|(g, r, _)| g == group && r == resource);
    match entry {
        Some((_, _, namespaced)) => *namespaced,
        None => resources
            .find(group, resource)
            .is_none_or(|found| found.namespaced()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rbac::matches::Question;
    use crate::model::{Position, Request, WordList};
    use proptest::prelude::*;

    const PATTERNS: &[&str] = &[
        "get,list,create secrets",
        "create pods,pods/exec",
        "create,update apps:deployments",
        "* *:*",
        "bind,escalate rbac:clusterroles",
        "create serviceaccounts/token",
    ];

    fn words(words: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::vec(prop::sample::select(words), 0..3)
    }

    proptest! {
        #[test]
        fn agrees_with_the_matcher_of_the_authorizer(
            verbs in words(&["*", "get", "create", "list", "bind", "get*"]),
            groups in words(&["*", "", "apps", "rbac.authorization.k8s.io", "core"]),
            resources in words(&["*", "*/exec", "*/token", "pods", "pods/exec", "pods/*", "secrets", "deployments", "clusterroles"]),
            names in words(&["", "a", "*"]),
        ) {
            let mut interner = Interner::default();
            let mut list = |words: &[&str]| -> WordList {
                words.iter().map(|w| interner.intern(w)).collect()
            };
            let rule = PolicyRule {
                verbs: list(&verbs),
                api_groups: list(&groups),
                resources: list(&resources),
                resource_names: list(&names),
                non_resource_urls: WordList::new(),
                position: Position::BUILT_IN,
            };
            let requests = Requests::new(PATTERNS, &interner, &ApiResources::built_in());
            let allowed = requests.allowed(&rule, &interner);
            for (number, atom) in requests.atoms.iter().enumerate() {
                let ask = |name| {
                    let request = Request::Resource {
                        verb: &atom.verb,
                        group: &atom.group,
                        resource: &atom.resource,
                        subresource: &atom.subresource,
                        namespace: "",
                        name,
                    };
                    Question::new(&interner, &request).matches(&rule)
                };
                let mut bit = Bits::default();
                bit.insert(number);
                let nameless = requests.nameless.meets(bit);
                let asked = if nameless { ask("") } else { ask("some other name") };
                prop_assert_eq!(allowed.any_name.meets(bit), asked, "{:?}", atom);
                let named = !nameless && names.iter().any(|name| ask(name));
                prop_assert_eq!(allowed.all().meets(bit), asked || named, "{:?}", atom);
            }
        }
    }

    #[test]
    fn patterns_name_verbs_groups_and_resources() {
        let atoms = parse("get,list rbac:roles,clusterroles");
        assert_eq!(atoms.len(), 4);
        assert_eq!(atoms[3].verb, "list");
        assert_eq!(atoms[3].group, "rbac.authorization.k8s.io");
        assert_eq!(atoms[3].resource, "clusterroles");
        let exec = parse("create pods/exec").remove(0);
        assert_eq!((&*exec.group, &*exec.subresource), ("", "exec"));
    }
}
