//! What every rule may ask.

use super::bindings::{self, Bindings};
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
use crate::authz::rbac::Rbac;
use crate::model::{Binding, BindingId, Cluster, Role, RoleId, Subject, Symbol};
use foldhash::fast::RandomState;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

type Map<K, V> = HashMap<K, V, RandomState>;

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
    pub(super) of_bindings: Bindings,
    /// Service accounts with critical grants, by namespace.
    pub(super) powerful: Map<Symbol, Vec<Powerful>>,
    pub(super) catalogue: OnceCell<Catalogue>,
    pub(super) held: OnceCell<Held>,
    /// Who bindings name.
    pub(super) identities: Identities,
    pub(super) server_groups: ServerGroups,
    pub(super) marks: Marks,
    /// The roles that gather others.
    pub(super) aggregated: Vec<RoleId>,
    /// Requests that are half of something.
    pub(super) halves: Bits,
    /// Whether `get` alone opens a shell at the given server.
    pub(super) get_opens: bool,
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
        let names = settings.privileged_namespaces.iter().map(String::as_str);
        let privileged = names
            .chain(["kube-system"])
            .filter_map(|name| cluster.interner().get(name))
            .collect();
        let marks = Marks::new(cluster.interner());
        let (of_bindings, identities, server_groups) = bindings::survey(cluster, &marks);
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
            of_bindings,
            powerful: Map::default(),
            catalogue: OnceCell::new(),
            held: OnceCell::new(),
            identities,
            server_groups,
            marks,
            aggregated: Vec::new(),
            halves: Bits::default(),
            get_opens: false,
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
            made_accounts: OnceCell::new(),
            privileged,
            complete: false,
        };
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

    /// The roles that gather others.
    pub fn aggregated(&self) -> impl Iterator<Item = (RoleId, &'c Role)> {
        self.aggregated
            .iter()
            .map(|id| (*id, self.cluster.role(*id)))
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
        self.marks.gains_nothing(subject)
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
    use crate::lint::GroupResource;
    use crate::lint::config::WORKLOAD_KINDS;
    use crate::load::{Loader, Options};

    #[test]
    fn every_request_of_the_rules_has_its_bit() {
        let cluster = Loader::new(Options::default()).finish();
        let rbac = Rbac::new(&cluster);
        let mut settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        settings.workload_kinds = (0..WORKLOAD_KINDS)
            .filter_map(|i| GroupResource::parse(&format!("kind-{i}.example.com")))
            .collect();
        assert_eq!(settings.workload_kinds.len(), WORKLOAD_KINDS);
        assert!(Lint::new(&cluster, &rbac, &settings).requests.has_room());
    }
}
