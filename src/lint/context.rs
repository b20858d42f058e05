//! What every rule may ask.

use super::accounts;
use super::catalogue::Catalogue;
use super::credentials::{self, Credentials, Inspected, Server};
use super::effective::{Effective, Holdings};
use super::grants::{self, Danger, RoleHits};
use super::held::Held;
use super::identities::Identities;
use super::known::{Known, Standing};
use super::marks::Marks;
use super::powerful::{self, Powerful};
use super::requests::{Allowed, Bits, Requests};
use super::rights::InertRules;
use super::rules;
use super::server_groups::ServerGroups;
use super::{Check, Settings};
use crate::authz::PRIVILEGED_GROUP;
use crate::authz::rbac::Rbac;
use crate::model::{Binding, BindingId, BindingKind, Cluster, Role, RoleId, Subject, Symbol};
use foldhash::fast::RandomState;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

type Map<K, V> = HashMap<K, V, RandomState>;

/// Of a binding whose roleRef leads nowhere.
const NO_ROLE: u32 = u32::MAX;

/// A cluster and what the rules know of it.
#[derive(Debug)]
pub struct Lint<'c> {
    /// The cluster.
    pub cluster: &'c Cluster,
    /// The authorizer, for questions about one subject.
    pub rbac: &'c Rbac<'c>,
    /// What the user decided.
    pub settings: &'c Settings,
    /// What was given beside the manifests.
    pub credentials: Option<&'c Credentials<'c>>,
    /// The tokens, each looked into.
    pub(super) tokens: OnceCell<Vec<Inspected>>,
    /// The requests that are asked about.
    pub(super) requests: Requests,
    /// What a fresh cluster holds anyway.
    pub known: Known,
    /// Of each role, what it allows.
    pub(super) allowed: Vec<Allowed>,
    /// Of each role, the dangerous grants in it.
    pub(super) hits: Vec<RoleHits>,
    pub(super) dangers: Vec<Danger>,
    /// The bindings of each role, by role.
    pub(super) bindings_of: Vec<Vec<BindingId>>,
    /// The role of each binding, or [`NO_ROLE`].
    role_of: Vec<u32>,
    /// RoleBindings by namespace.
    pub(super) in_namespace: Map<Symbol, Vec<BindingId>>,
    /// Service accounts with critical grants, by namespace.
    pub(super) powerful: Map<Symbol, Vec<Powerful>>,
    pub(super) catalogue: OnceCell<Catalogue>,
    pub(super) held: OnceCell<Held>,
    /// Who bindings name.
    pub(super) identities: Identities,
    pub(super) server_groups: ServerGroups,
    pub(super) marks: Marks,
    /// Names that every subject is compared with.
    pub(super) masters_group: Option<Symbol>,
    pub(super) default_account: Option<Symbol>,
    /// Of each binding: whether a subject is everybody of some kind, and whether any gains something.
    pub(super) subjects: Vec<(bool, bool)>,
    /// The roles that gather others.
    pub(super) aggregated: Vec<RoleId>,
    /// Requests that are half of something.
    pub(super) halves: Bits,
    /// Whether `get` alone opens a shell at the given server.
    pub(super) get_opens: bool,
    pub(super) dangling: usize,
    /// Of each role.
    pub(super) inert: Vec<OnceCell<InertRules<'c>>>,
    /// Of groups and resources that were asked for: whether it is namespaced, if it is served.
    pub(super) served: RefCell<Map<(Symbol, Symbol), Option<bool>>>,
    pub(super) account_namespaces: OnceCell<HashSet<Symbol, RandomState>>,
    pub(super) awaited_accounts: OnceCell<BTreeSet<(&'c str, &'c str)>>,
    pub(super) cloud_accounts: OnceCell<BTreeSet<(&'c str, &'c str)>>,
    pub(super) powerful_users: OnceCell<Vec<&'c str>>,
    pub(super) powerful_accounts: OnceCell<HashSet<&'c str, RandomState>>,
    pub(super) joiners_hold_more: OnceCell<bool>,
    pub(super) default_hits: OnceCell<Map<&'static str, Vec<&'static str>>>,
    pub(super) powerful_names: OnceCell<HashSet<Symbol, RandomState>>,
    pub(super) holdings: OnceCell<Holdings>,
    pub(super) effective: Vec<Effective>,
    pub(super) masters: OnceCell<Vec<Powerful>>,
    pub(super) token_secrets: OnceCell<BTreeMap<(String, String), Vec<String>>>,
    /// Namespaces of service accounts with bindings.
    pub(super) granted: HashSet<Symbol, RandomState>,
    /// Namespaces of service accounts that were loaded, beside `default`.
    pub(super) made_accounts: OnceCell<HashSet<Symbol, RandomState>>,
    pub(super) privileged: Vec<Symbol>,
    pub(super) complete: bool,
}

impl<'c> Lint<'c> {
    /// Looks at a cluster once, for all rules.
    pub fn new(cluster: &'c Cluster, rbac: &'c Rbac<'c>, settings: &'c Settings) -> Self {
        let patterns = rules::all().flat_map(|rule| match &rule.check {
            Check::Grant(grant) => grant.patterns().collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        let patterns = patterns.chain(grants::EXTRA).chain(rules::deputies::EXTRA);
        let patterns = patterns.chain(rules::workloads_in_use::BECOMES);
        let api = (cluster.interner(), cluster.api_resources());
        let mut requests = Requests::new(patterns, api.0, api.1);
        for kind in &settings.workload_kinds {
            for (pattern, verbs) in rules::workloads::OF_TEMPLATES {
                requests.widen(pattern, verbs, kind, api);
            }
        }
        let known = Known::new(cluster);
        let mut bindings_of = vec![Vec::new(); cluster.roles().len()];
        let mut role_of = Vec::with_capacity(cluster.bindings().len());
        let mut in_namespace: Map<Symbol, Vec<BindingId>> = Map::default();
        for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
            let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
            role_of.push(role.map_or(NO_ROLE, |role| role.0));
            if let Some(role) = role {
                bindings_of[role.0 as usize].push(id);
            }
            if binding.kind == BindingKind::RoleBinding {
                in_namespace.entry(binding.namespace).or_default().push(id);
            }
        }
        let names = settings.privileged_namespaces.iter().map(String::as_str);
        let privileged = names
            .chain(["kube-system"])
            .filter_map(|name| cluster.interner().get(name))
            .collect();
        let marks = Marks::new(cluster.interner());
        let mut lint = Lint {
            cluster,
            rbac,
            settings,
            credentials: None,
            tokens: OnceCell::new(),
            requests,
            known,
            allowed: Vec::new(),
            hits: Vec::new(),
            dangers: Vec::new(),
            bindings_of,
            role_of,
            in_namespace,
            powerful: Map::default(),
            catalogue: OnceCell::new(),
            held: OnceCell::new(),
            identities: Identities::new(cluster),
            server_groups: ServerGroups::new(cluster, &marks),
            marks,
            masters_group: cluster.interner().get(PRIVILEGED_GROUP),
            default_account: cluster.interner().get("default"),
            subjects: Vec::new(),
            aggregated: Vec::new(),
            halves: Bits::default(),
            get_opens: false,
            dangling: 0,
            inert: vec![OnceCell::new(); cluster.roles().len()],
            served: RefCell::default(),
            account_namespaces: OnceCell::new(),
            awaited_accounts: OnceCell::new(),
            cloud_accounts: OnceCell::new(),
            powerful_users: OnceCell::new(),
            powerful_accounts: OnceCell::new(),
            joiners_hold_more: OnceCell::new(),
            default_hits: OnceCell::new(),
            powerful_names: OnceCell::new(),
            holdings: OnceCell::new(),
            effective: vec![Effective::default(); cluster.roles().len()],
            masters: OnceCell::new(),
            token_secrets: OnceCell::new(),
            granted: accounts::granted(cluster),
            made_accounts: OnceCell::new(),
            privileged,
            complete: false,
        };
        lint.subjects = cluster
            .bindings()
            .iter()
            .map(|binding| {
                let broad = binding.subjects.iter().any(|s| grants::is_broad(&lint, s));
                let gains = binding
                    .subjects
                    .iter()
                    .any(|s| !grants::gains_nothing(&lint, s));
                (broad, gains)
            })
            .collect();
        let aggregated = lint
            .roles()
            .filter(|(_, role)| role.aggregation_rule.is_some());
        lint.aggregated = aggregated.map(|(id, _)| id).collect();
        lint.halves = lint.mask(&[
            "create pods/exec",
            "escalate rbac:roles,clusterroles",
            "impersonate groups",
            "approve certificates:signers",
            "sign certificates:signers",
            "attest certificates:signers",
            "update,patch certificates:certificatesigningrequests/approval",
        ]);
        lint.dangling = lint.role_of.iter().filter(|role| **role == NO_ROLE).count();
        lint.complete = settings.complete.unwrap_or_else(|| looks_complete(cluster));
        for role in cluster.roles() {
            let of_rules = role.rules.iter();
            let of_rules = of_rules.map(|rule| lint.requests.allowed(rule, cluster.interner()));
            lint.allowed
                .push(of_rules.fold(Allowed::default(), Allowed::or));
        }
        lint.find_hits();
        lint.powerful = powerful::powerful(&lint);
        lint
    }

    fn find_hits(&mut self) {
        self.hits = grants::of_roles(self);
        self.dangers = self.hits.iter().map(Danger::of).collect();
    }

    /// With what was given beside the manifests.
    #[must_use]
    pub fn with_credentials(mut self, credentials: &'c Credentials<'c>) -> Self {
        self.credentials = Some(credentials);
        let asks_for_create = |server: Server<'_>| {
            let gates = server.config.flags.gates();
            gates.enabled("AuthorizePodWebsocketUpgradeCreatePermission")
        };
        if !self.server().is_none_or(asks_for_create) {
            self.get_opens = true;
            self.find_hits();
            // What is found anew must not rest on what was found before.
            self.powerful = Map::default();
            self.powerful = powerful::powerful(&self);
        }
        self
    }

    /// The API server, where one is given.
    pub fn server(&self) -> Option<Server<'c>> {
        self.credentials.and_then(|credentials| credentials.server)
    }

    /// Why no API server is known.
    pub fn why_no_server(&self) -> String {
        let unusable = self.credentials.and_then(|given| given.unusable.as_deref());
        match unusable {
            Some(why) => why.to_owned(),
            None => "no configuration of an API server was given (--apiserver)".to_owned(),
        }
    }

    /// Every token that was found, looked into.
    pub fn tokens(&self) -> &[Inspected] {
        self.tokens.get_or_init(|| credentials::inspected(self))
    }

    /// Whether everything of the cluster was loaded, so that what is missing does not exist.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// What the API serves.
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue
            .get_or_init(|| Catalogue::new(self.cluster.api_resources()))
    }

    /// Whether what a group serves by a name is namespaced; `None` if it serves nothing of the name.
    pub(super) fn served(&self, group: Symbol, resource: Symbol) -> Option<bool> {
        let look = || {
            let served = self.catalogue().served(self.str(group), self.str(resource));
            served.map(|(namespaced, _)| namespaced)
        };
        let mut known = self.served.borrow_mut();
        *known.entry((group, resource)).or_insert_with(look)
    }

    /// Whether so few roleRefs lead nowhere that each can be compared with every role.
    pub fn few_dangling(&self) -> bool {
        self.dangling * self.cluster.roles().len() <= 100_000
    }

    /// The roles that gather others.
    pub fn aggregated(&self) -> impl Iterator<Item = (RoleId, &'c Role)> {
        self.aggregated
            .iter()
            .map(|id| (*id, self.cluster.role(*id)))
    }

    /// Whether any subject of a binding gains something by it.
    pub fn gains_something(&self, binding: BindingId) -> bool {
        self.subjects[binding.0 as usize].1
    }

    /// Roles of a name, of both kinds and every namespace.
    pub fn roles_named(&self, name: Symbol) -> Vec<(RoleId, &'c Role)> {
        match self.few_dangling() {
            true => self.roles().filter(|(_, role)| role.name == name).collect(),
            false => Vec::new(),
        }
    }

    /// Whether a CustomResourceDefinition of one of the groups serves the resource.
    pub fn is_custom(&self, groups: &[&str], resource: &str) -> bool {
        let resources = self.cluster.api_resources();
        groups.iter().any(|group| {
            resources
                .find(group, resource)
                .is_some_and(|found| found.is_custom())
        })
    }

    /// Whether a label is one by which the built-in roles gather.
    pub fn is_aggregation_label(&self, key: &str) -> bool {
        let target = key.strip_prefix("rbac.authorization.k8s.io/aggregate-to-");
        target.is_some_and(|target| ["admin", "edit", "view"].contains(&target))
    }

    /// Whether some aggregated role selects by a label.
    pub fn selects_label(&self, key: &str) -> bool {
        let Some(key) = self.cluster.interner().get(key) else {
            return false;
        };
        let selectors = self
            .cluster
            .roles()
            .iter()
            .filter_map(|role| role.aggregation_rule.as_ref());
        let mut selectors = selectors.flat_map(|rule| &rule.cluster_role_selectors);
        selectors.any(|s| {
            s.match_labels.iter().any(|(k, _)| *k == key)
                || s.match_expressions.iter().any(|r| r.key == key)
        })
    }

    /// The role that a binding grants, if it exists.
    pub fn role_of(&self, binding: BindingId) -> Option<RoleId> {
        let role = self.role_of[binding.0 as usize];
        (role != NO_ROLE).then_some(RoleId(role))
    }

    /// The bindings that grant a role.
    pub fn bindings_of(&self, role: RoleId) -> &[BindingId] {
        &self.bindings_of[role.0 as usize]
    }

    /// All bindings, those of a role one after the other: what is known of a role is then at hand.
    pub fn bindings_by_role(&self) -> impl Iterator<Item = BindingId> {
        let of_roles = self.bindings_of.iter().flatten().copied();
        let dangling = (0u32..).map(BindingId).zip(&self.role_of);
        let dangling = dangling.filter(|(_, role)| **role == NO_ROLE);
        of_roles.chain(dangling.map(|(id, _)| id))
    }

    /// The RoleBindings of a namespace.
    pub fn bindings_in(&self, namespace: Symbol) -> &[BindingId] {
        self.in_namespace.get(&namespace).map_or(&[], Vec::as_slice)
    }

    /// All roles.
    pub fn roles(&self) -> impl Iterator<Item = (RoleId, &'c Role)> + use<'c> {
        (0u32..).map(RoleId).zip(self.cluster.roles())
    }

    /// All bindings.
    pub fn bindings(&self) -> impl Iterator<Item = (BindingId, &'c Binding)> + use<'c> {
        (0u32..).map(BindingId).zip(self.cluster.bindings())
    }

    /// The text of a symbol.
    pub fn str(&self, symbol: Symbol) -> &'c str {
        self.cluster.str(symbol)
    }

    /// Whether a role or binding is in a fresh cluster anyway.
    pub fn is_default_role(&self, role: RoleId) -> bool {
        self.known.role(role) == Standing::Default
    }

    /// Whether a subject gains nothing by any binding.
    pub fn gains_nothing(&self, subject: &Subject) -> bool {
        grants::gains_nothing(self, subject)
    }

    /// Whether a subject of a binding is everybody, or everybody of some kind.
    pub fn is_broad(&self, binding: BindingId) -> bool {
        self.subjects[binding.0 as usize].0
    }

    /// Whether a role is a default one, other roles aggregated to it or not.
    pub fn is_built_in_role(&self, role: RoleId) -> bool {
        matches!(
            self.known.role(role),
            Standing::Default | Standing::Extended
        )
    }
}

/// Whether this is a dump of a cluster: who writes manifests does not write down the default roles.
fn looks_complete(cluster: &Cluster) -> bool {
    let symbol = |name: &str| cluster.interner().get(name);
    let loaded = |name: &str| {
        symbol(name).is_some_and(|name| {
            cluster
                .roles()
                .iter()
                .any(|role| role.name == name && !role.position.is_built_in())
        })
    };
    loaded("cluster-admin") && loaded("system:basic-user") && loaded("system:discovery")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Loader, Options};

    #[test]
    fn every_request_of_the_rules_has_its_bit() {
        let cluster = Loader::new(Options::default()).finish();
        let rbac = Rbac::new(&cluster);
        let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        assert!(Lint::new(&cluster, &rbac, &settings).requests.has_room());
    }
}
