//! What every rule may ask.

use super::catalogue::Catalogue;
use super::credentials::{self, Credentials, Inspected, Server};
use super::effective::{Effective, Holdings};
use super::grants::{self, RoleHits};
use super::held::Held;
use super::known::{Known, Standing};
use super::marks::Marks;
use super::requests::{Allowed, Bits, Requests};
use super::rules;
use super::rules::scope::{self, Inert};
use super::server_groups::ServerGroups;
use super::{Check, Finding, Rule, Severity};
use crate::authz::PRIVILEGED_GROUP;
use crate::authz::rbac::{Applicable, Rbac};
use crate::model::{
    Binding, BindingId, BindingKind, Cluster, PolicyRule, Position, Request, Role, RoleId, Subject,
    SubjectKind, Symbol,
};
use foldhash::fast::RandomState;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

type Map<K, V> = HashMap<K, V, RandomState>;

/// The rules of a role, by their numbers, of which a RoleBinding does not grant something.
type InertRules<'c> = Box<[(u32, Inert<'c>)]>;

/// What the user decides about the rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Namespaces that are to be judged as grave as kube-system.
    pub privileged_namespaces: Vec<String>,
    /// Whether everything of the cluster was loaded; by default it is told from what was.
    pub complete: Option<bool>,
    /// How many subjects may be cluster-admin before it is too many.
    pub most_cluster_admins: usize,
    /// Severities in place of a rule's own.
    pub severities: BTreeMap<String, Severity>,
    /// Who there is, where a list of users and groups was given.
    pub identities: Option<Inventory>,
    /// The instant at which tokens are judged.
    pub now: jiff::Timestamp,
}

/// Users and groups that somebody keeps a list of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Names of users.
    pub users: BTreeSet<String>,
    /// Names of groups.
    pub groups: BTreeSet<String>,
}

impl Inventory {
    /// Reads a list: `User NAME` or `Group NAME` a line; a line that begins with `#` is a remark.
    ///
    /// # Errors
    /// The first line that is neither, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut inventory = Inventory::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (kind, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let names = match kind {
                "User" => &mut inventory.users,
                "Group" => &mut inventory.groups,
                _ => {
                    return Err((
                        number,
                        format!("{line:?} is neither `User NAME` nor `Group NAME`"),
                    ));
                }
            };
            if name.trim().is_empty() {
                return Err((number, format!("the {kind} has no name")));
            }
            names.insert(name.trim().to_owned());
        }
        Ok(inventory)
    }
}

impl Settings {
    /// What holds unless the user says otherwise.
    pub fn new(now: jiff::Timestamp) -> Self {
        Settings {
            privileged_namespaces: Vec::new(),
            complete: None,
            most_cluster_admins: 3,
            severities: BTreeMap::new(),
            identities: None,
            now,
        }
    }
}

/// A service account with a critical grant.
#[derive(Clone, Copy, Debug)]
pub struct Powerful {
    /// Its user name.
    pub user: Symbol,
    /// The binding of the grant.
    pub binding: BindingId,
    /// Through which other account it comes to power; `None` where it holds it.
    pub through: Option<Symbol>,
    /// Whether it ends in everything, and not only in something critical.
    pub everything: bool,
}

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
    tokens: OnceCell<Vec<Inspected>>,
    /// The requests that are asked about.
    pub(super) requests: Requests,
    /// What a fresh cluster holds anyway.
    pub known: Known,
    /// Of each role, what it allows.
    allowed: Vec<Allowed>,
    /// Of each role, the dangerous grants in it.
    pub(super) hits: Vec<RoleHits>,
    /// The bindings of each role, by role.
    bindings_of: Vec<Vec<BindingId>>,
    /// The role of each binding.
    role_of: Vec<Option<RoleId>>,
    /// RoleBindings by namespace.
    in_namespace: Map<Symbol, Vec<BindingId>>,
    /// Service accounts with critical grants, by namespace.
    powerful: Map<Symbol, Vec<Powerful>>,
    catalogue: OnceCell<Catalogue>,
    held: OnceCell<Held>,
    pub(super) server_groups: ServerGroups,
    pub(super) marks: Marks,
    /// Names that every subject is compared with.
    pub(super) masters_group: Option<Symbol>,
    pub(super) default_account: Option<Symbol>,
    /// Of each binding: whether a subject is everybody of some kind, and whether any gains something.
    subjects: Vec<(bool, bool)>,
    /// The roles that gather others.
    aggregated: Vec<RoleId>,
    /// Requests that are half of something.
    halves: Bits,
    /// Whether `get` alone opens a shell at the given server.
    get_opens: bool,
    dangling: usize,
    /// Of each role.
    inert: Vec<OnceCell<InertRules<'c>>>,
    account_namespaces: OnceCell<HashSet<Symbol, RandomState>>,
    awaited_accounts: OnceCell<BTreeSet<(&'c str, &'c str)>>,
    cloud_accounts: OnceCell<BTreeSet<(&'c str, &'c str)>>,
    powerful_users: OnceCell<Vec<&'c str>>,
    powerful_accounts: OnceCell<HashSet<&'c str, RandomState>>,
    joiners_hold_more: OnceCell<bool>,
    default_hits: OnceCell<Map<&'static str, Vec<&'static str>>>,
    powerful_names: OnceCell<HashSet<Symbol, RandomState>>,
    pub(super) holdings: OnceCell<Holdings>,
    pub(super) effective: Vec<Effective>,
    masters: OnceCell<Vec<Powerful>>,
    token_secrets: OnceCell<BTreeMap<(String, String), Vec<String>>>,
    /// Namespaces of service accounts with bindings.
    granted: HashSet<Symbol, RandomState>,
    /// Namespaces of service accounts that were loaded, beside `default`.
    made_accounts: OnceCell<HashSet<Symbol, RandomState>>,
    privileged: Vec<Symbol>,
    complete: bool,
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
        let requests = Requests::new(patterns, cluster.interner(), cluster.api_resources());
        let known = Known::new(cluster);
        let mut bindings_of = vec![Vec::new(); cluster.roles().len()];
        let mut role_of = Vec::with_capacity(cluster.bindings().len());
        let mut in_namespace: Map<Symbol, Vec<BindingId>> = Map::default();
        for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
            let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
            role_of.push(role);
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
            bindings_of,
            role_of,
            in_namespace,
            powerful: Map::default(),
            catalogue: OnceCell::new(),
            held: OnceCell::new(),
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
            granted: granted(cluster),
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
        lint.dangling = lint.role_of.iter().filter(|role| role.is_none()).count();
        lint.complete = settings.complete.unwrap_or_else(|| looks_complete(cluster));
        for role in cluster.roles() {
            let of_rules = role.rules.iter();
            let of_rules = of_rules.map(|rule| lint.requests.allowed(rule, cluster.interner()));
            lint.allowed
                .push(of_rules.fold(Allowed::default(), Allowed::or));
        }
        lint.hits = grants::of_roles(&lint);
        lint.powerful = grants::powerful(&lint);
        lint
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
            self.hits = grants::of_roles(&self);
            self.powerful = grants::powerful(&self);
        }
        self
    }

    /// The requests of patterns, and those that open the same connection at this server.
    pub(super) fn opening(&self, patterns: &[&str]) -> Bits {
        let mut mask = self.mask(patterns);
        if self.get_opens {
            for (create, get) in grants::UPGRADES {
                if mask.meets(self.mask(&[create])) {
                    mask = mask.or(self.mask(&[get]));
                }
            }
        }
        mask
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

    /// What a role allows, of the requests that are asked about.
    pub(super) fn allowed(&self, role: RoleId) -> Allowed {
        self.allowed[role.0 as usize]
    }

    /// The requests of patterns.
    pub(super) fn mask(&self, patterns: &[&str]) -> Bits {
        self.requests.mask(patterns)
    }

    /// Whether a role allows one of these requests, whatever the object's name.
    pub fn role_allows(&self, role: RoleId, patterns: &[&str]) -> bool {
        self.allowed(role).any_name.meets(self.mask(patterns))
    }

    /// What the API serves.
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue
            .get_or_init(|| Catalogue::new(self.cluster.api_resources()))
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

    /// Whether a role holds half of something that takes two.
    pub fn holds_a_half(&self, role: RoleId) -> bool {
        self.allowed(role).all().meets(self.halves)
    }

    /// Whether a role may everything.
    pub fn is_everything(&self, role: RoleId) -> bool {
        self.hits[role.0 as usize].everything
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
        self.role_of[binding.0 as usize]
    }

    /// The bindings that grant a role.
    pub fn bindings_of(&self, role: RoleId) -> &[BindingId] {
        &self.bindings_of[role.0 as usize]
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

    /// The service accounts of a namespace with critical grants.
    pub fn powerful_in(&self, namespace: Symbol) -> &[Powerful] {
        self.powerful.get(&namespace).map_or(&[], Vec::as_slice)
    }

    /// The service account of a user name, if it has a critical grant.
    pub(super) fn powerful_account(&self, user: Symbol) -> Option<&Powerful> {
        let account = self.str(user).strip_prefix("system:serviceaccount:")?;
        let (namespace, _) = account.split_once(':')?;
        let namespace = self.cluster.interner().get(namespace)?;
        let mut of_namespace = self.powerful_in(namespace).iter();
        of_namespace.find(|powerful| powerful.user == user)
    }

    /// Every service account with a critical grant.
    pub fn powerful(&self) -> impl Iterator<Item = &Powerful> {
        self.powerful.values().flatten()
    }

    /// A few of the accounts that reach everything, in every namespace: those that hold it by themselves.
    pub(super) fn masters(&self) -> &[Powerful] {
        self.masters.get_or_init(|| {
            let powerful = self.powerful();
            let all = powerful.filter(|p| p.everything && p.through.is_none());
            let mut masters: Vec<Powerful> = all.copied().collect();
            masters.sort_by_key(|p| p.binding.0);
            masters
        })
    }

    /// The Secrets that hold a token of a service account.
    pub(super) fn token_secrets(&self, namespace: &str, account: &str) -> &[String] {
        let all = self.token_secrets.get_or_init(|| {
            let mut all: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
            for (namespace, name, secret) in self.cluster.core_objects().secrets() {
                let account = secret.account.clone().unwrap_or_default();
                if secret.type_ == "kubernetes.io/service-account-token" {
                    let of = all.entry((namespace.to_owned(), account)).or_default();
                    of.push(name.to_owned());
                }
            }
            all
        });
        let of = all.get(&(namespace.to_owned(), account.to_owned()));
        of.map_or(&[], Vec::as_slice)
    }

    /// Whether whoever takes over a namespace gains something critical that these subjects lack.
    pub fn is_privileged(&self, namespace: Symbol, binding: &Binding) -> bool {
        self.privileged.contains(&namespace)
            || self.powerful_in(namespace).iter().any(|powerful| {
                binding
                    .subjects
                    .iter()
                    .any(|subject| subject.matches != powerful.user)
            })
    }

    /// The first service account of a namespace (`None`: of any) to which something is bound and that does not
    /// exist although others of its namespace were loaded.
    pub fn awaited_account(&self, namespace: Option<&'c str>) -> Option<(&'c str, &'c str)> {
        let awaited = self.awaited_accounts.get_or_init(|| {
            let accounts = self.cluster.service_accounts();
            let bindings = self.bindings().filter(|(id, _)| !self.known.binding(*id));
            let subjects = bindings.flat_map(|(_, binding)| &binding.subjects);
            let awaited = subjects.filter(|subject| {
                subject.kind == SubjectKind::ServiceAccount
                    && self.str(subject.name) != "default"
                    && self.has_accounts_of(subject.namespace)
                    && !accounts.contains_key(&(subject.namespace, subject.name))
            });
            awaited
                .map(|subject| (self.str(subject.namespace), self.str(subject.name)))
                .collect()
        });
        first_of(awaited, namespace)
    }

    /// The first service account of a namespace (`None`: of any) that has an identity of a cloud by an annotation.
    pub fn cloud_account(&self, namespace: Option<&'c str>) -> Option<(&'c str, &'c str)> {
        let annotated = self.cloud_accounts.get_or_init(|| {
            let accounts = self.cluster.notes().accounts.iter();
            let annotated = accounts.filter(|(_, note)| note.cloud.is_some());
            annotated
                .map(|((namespace, name), _)| (&**namespace, &**name))
                .collect()
        });
        first_of(annotated, namespace)
    }

    /// Whether any service account of a namespace was loaded.
    pub fn has_accounts_of(&self, namespace: Symbol) -> bool {
        let namespaces = self.account_namespaces.get_or_init(|| {
            let accounts = self.cluster.service_accounts().keys();
            accounts.map(|(namespace, _)| *namespace).collect()
        });
        namespaces.contains(&namespace)
    }

    /// Whether a namespace has service accounts, beside an account `default` without grants.
    pub fn has_accounts(&self, namespace: Symbol) -> bool {
        let made = self.made_accounts.get_or_init(|| {
            let accounts = self.cluster.service_accounts().keys();
            let made = accounts.filter(|(_, name)| self.str(*name) != "default");
            made.map(|(namespace, _)| *namespace).collect()
        });
        self.granted.contains(&namespace) || made.contains(&namespace)
    }

    /// Whether a user, group or account of this name holds critical grants.
    pub fn is_powerful_name(&self, name: &str) -> bool {
        let known = [
            PRIVILEGED_GROUP,
            "system:kube-controller-manager",
            "system:kube-scheduler",
        ];
        let found = || {
            let name = self.cluster.interner().get(name);
            name.is_some_and(|name| self.powerful_names().contains(&name))
        };
        known.contains(&name) || name.starts_with("system:node:") || found()
    }

    /// Whether a service account of this name holds critical grants, in a namespace or (empty) in any.
    pub fn is_powerful_account(&self, namespace: &str, name: &str) -> bool {
        if !namespace.is_empty() {
            return self.is_powerful_name(&format!("system:serviceaccount:{namespace}:{name}"));
        }
        let names = self.powerful_accounts.get_or_init(|| {
            let names = self.powerful_names().iter();
            let accounts = names.filter_map(|name| {
                let account = self.str(*name).strip_prefix("system:serviceaccount:")?;
                Some(account.split_once(':')?.1)
            });
            accounts.collect()
        });
        names.contains(name)
    }

    /// Users with critical grants whom bindings name.
    pub fn powerful_users(&self) -> &[&'c str] {
        self.powerful_users.get_or_init(|| {
            let subjects = self.bindings().flat_map(|(_, binding)| &binding.subjects);
            let users = subjects.filter(|subject| subject.kind == SubjectKind::User);
            let names: BTreeSet<&str> = users
                .map(|user| self.str(user.name))
                .filter(|name| self.is_powerful_name(name))
                .collect();
            names.into_iter().collect()
        })
    }

    /// Whether the groups of bootstrap tokens hold more than the requests of a node for its certificate.
    pub fn joiners_hold_more(&self) -> bool {
        *self.joiners_hold_more.get_or_init(|| {
            self.bindings().any(|(id, binding)| {
                let mut subjects = binding.subjects.iter();
                let joins = subjects.any(|subject| {
                    let is_one = |name: &str| {
                        name == "system:bootstrappers" || name.starts_with("system:bootstrappers:")
                    };
                    subject.kind == SubjectKind::Group
                        && self.marks.is_of_system(subject.name)
                        && is_one(self.str(subject.name))
                });
                joins && !self.known.binding(id) && self.is_about_more_than_requests(id)
            })
        })
    }

    /// Whether a binding grants more than requests for certificates.
    fn is_about_more_than_requests(&self, id: BindingId) -> bool {
        let requests = |resource: &Symbol| {
            let name = self.str(*resource);
            let (parent, _) = name.split_once('/').unwrap_or((name, ""));
            parent == "certificatesigningrequests"
        };
        let role = self.role_of(id).map(|role| self.cluster.role(role));
        role.is_some_and(|role| {
            role.rules.iter().any(|rule| {
                !rule.non_resource_urls.is_empty() || !rule.resources.iter().all(requests)
            })
        })
    }

    fn powerful_names(&self) -> &HashSet<Symbol, RandomState> {
        self.powerful_names
            .get_or_init(|| grants::powerful_names(self))
    }

    /// How grave the gravest grant of a role is.
    pub fn gravest_of_role(&self, role: RoleId) -> Severity {
        let hits = &self.hits[role.0 as usize];
        let all = hits.cluster.iter().chain(&hits.namespace);
        let whole = all.filter(|hit| hit.whole && !hit.named);
        whole
            .map(|hit| hit.rule.severity)
            .max()
            .unwrap_or(Severity::Info)
    }

    /// The dangerous grants of a role that it holds alone: their rules, and whether for listed names only.
    pub fn hits_of(&self, role: RoleId) -> impl Iterator<Item = (&'static Rule, bool)> {
        let hits = &self.hits[role.0 as usize];
        let all = hits.namespace.iter().chain(&hits.cluster);
        all.filter(|hit| hit.whole).map(|hit| (hit.rule, hit.named))
    }

    /// The rules of a role by which it holds a dangerous grant.
    pub fn rules_of_hit(&self, role: RoleId, id: &str) -> Vec<u32> {
        let hits = &self.hits[role.0 as usize];
        let mut all = hits.cluster.iter().chain(&hits.namespace);
        let hit = all.find(|hit| hit.rule.id == id);
        hit.map_or(Vec::new(), |hit| hit.role_rules.to_vec())
    }

    /// Whether a default role of this name has a dangerous grant of its own.
    pub fn default_role_has(&self, name: &str, id: &str) -> bool {
        let defaults = self.default_hits.get_or_init(grants::of_defaults);
        let of_role = defaults.get(name);
        of_role.is_some_and(|ids| ids.contains(&id))
    }

    /// A finding that stands for a whole binding.
    pub fn head(&self, id: &'static str, severity: Severity, binding: BindingId) -> Finding {
        let mut finding = Finding::new(rules::by_id(id), severity, self.place_of(binding, None));
        finding.binding = Some(binding);
        finding.role = self.role_of(binding);
        // Of several of which one alone gains by it, it is about that one.
        let subjects = &self.cluster.binding(binding).subjects;
        let mut gains = (0u32..)
            .zip(subjects)
            .filter(|(_, s)| !self.gains_nothing(s));
        if let (Some((index, _)), None, true) = (gains.next(), gains.next(), subjects.len() > 1) {
            finding.subject = Some(index);
        }
        finding
    }

    /// A finding about one subject of a binding.
    pub fn of_subject(
        &self,
        id: &'static str,
        severity: Severity,
        binding: BindingId,
        subject: u32,
    ) -> Finding {
        let mut finding = self.head(id, severity, binding);
        finding.subject = Some(subject);
        finding.at = self.place_of(binding, Some(subject));
        finding
    }

    /// A finding about a role, or about one of its rules.
    pub fn of_role(
        &self,
        id: &'static str,
        severity: Severity,
        role: RoleId,
        rule: Option<u32>,
    ) -> Finding {
        let of = self.cluster.role(role);
        let rule_at = rule
            .and_then(|rule| of.rules.get(rule as usize))
            .map(|rule| rule.position);
        let mut finding = Finding::new(rules::by_id(id), severity, rule_at.unwrap_or(of.position));
        finding.role = Some(role);
        finding.role_rules = rule.into_iter().collect();
        finding
    }

    /// Whether a RoleBinding lets its subjects act as a service account of its namespace.
    pub fn acts_as(&self, binding: BindingId, account: Symbol) -> bool {
        grants::acts_as(self, binding, account)
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

    /// Whether a RoleBinding can grant one of these requests.
    pub fn is_namespaced(&self, patterns: &[&str]) -> bool {
        self.mask(patterns).meets(self.requests.namespaced())
    }

    /// Whether a rule of a role allows one of these requests, for some name at least.
    pub fn rule_holds(&self, rule: &PolicyRule, patterns: &[&str]) -> bool {
        let allowed = self.requests.allowed(rule, self.cluster.interner());
        allowed.all().meets(self.mask(patterns))
    }

    /// Whether a role allows one of these requests, for some name at least.
    pub fn role_holds(&self, role: RoleId, patterns: &[&str]) -> bool {
        self.allowed(role).all().meets(self.mask(patterns))
    }

    /// Whether a subject may do something for some name at least: any name that its roles list is tried.
    pub fn may_at_all(
        &self,
        binding: BindingId,
        subject: u32,
        namespace: &str,
        patterns: &[&str],
    ) -> bool {
        if self.may(binding, subject, namespace, patterns) {
            return true;
        }
        let of = &self.cluster.binding(binding).subjects[subject as usize];
        let user = self.str(of.matches);
        let applicable = match of.kind {
            SubjectKind::Group => self.rbac.applicable("", &[user], namespace),
            _ => self.rbac.applicable::<&str>(user, &[], namespace),
        };
        let wanted = self.mask(patterns);
        applicable
            .iter()
            .filter_map(|a| a.role)
            .any(|role| self.allowed(role).all().meets(wanted))
    }

    /// What of a role's rules a RoleBinding never grants; remembered for the next binding of the role.
    pub(super) fn inert_rules(&self, role: RoleId) -> &[(u32, Inert<'c>)] {
        self.inert[role.0 as usize].get_or_init(|| {
            let rules = (0u32..).zip(&self.cluster.role(role).rules);
            let inert = rules.map(|(index, rule)| (index, scope::inert(self, rule)));
            inert.filter(|(_, inert)| !inert.words.is_empty()).collect()
        })
    }

    /// All bindings of a subject of a binding, through its groups too, in the namespace of that binding or
    /// cluster-wide.
    pub(super) fn applicable(&self, binding: BindingId, subject: u32) -> Vec<Applicable> {
        let binding = self.cluster.binding(binding);
        let subject = &binding.subjects[subject as usize];
        let namespace = self.str(binding.namespace);
        self.as_user(subject, |user, groups| {
            self.rbac.applicable(user, groups, namespace)
        })
    }

    /// A subject as a user with groups: those that everybody of its kind has, and no others.
    fn as_user<T>(&self, subject: &Subject, ask: impl FnOnce(&str, &[&str]) -> T) -> T {
        let matches = self.str(subject.matches);
        if subject.kind == SubjectKind::Group {
            return ask("", &[matches]);
        }
        let mut groups = [""; 3];
        let mut count = 0;
        for (place, group) in groups.iter_mut().zip(self.server_groups.of(subject)) {
            *place = self.str(group);
            count += 1;
        }
        ask(matches, &groups[..count])
    }

    /// Whether a subject may do something in a namespace (empty: everywhere), by all of its bindings and
    /// groups.
    pub fn may(
        &self,
        binding: BindingId,
        subject: u32,
        namespace: &str,
        patterns: &[&str],
    ) -> bool {
        self.may_any(binding, subject, namespace, self.mask(patterns))
    }

    /// [`Lint::may`], of requests that were looked up before.
    pub(super) fn may_any(
        &self,
        binding: BindingId,
        subject: u32,
        namespace: &str,
        wanted: Bits,
    ) -> bool {
        let binding = self.cluster.binding(binding);
        let subject = &binding.subjects[subject as usize];
        let held = self.held.get_or_init(|| Held::new(self));
        let namespace = match namespace {
            "" => Symbol::EMPTY,
            name if name == self.str(binding.namespace) => binding.namespace,
            name => self.cluster.interner().get(name).unwrap_or(Symbol::EMPTY),
        };
        held.meets(&self.server_groups, subject, namespace, wanted)
    }

    /// [`Lint::may`], of an object of a name.
    pub fn may_named(
        &self,
        binding: BindingId,
        subject: u32,
        namespace: &str,
        patterns: &[&str],
        name: &str,
    ) -> bool {
        let mut atoms = self.requests.atoms(self.mask(patterns));
        atoms.any(|(namespaced, nameless, atom)| {
            let request = Request::Resource {
                verb: &atom.verb,
                group: &atom.group,
                resource: &atom.resource,
                subresource: &atom.subresource,
                namespace: if namespaced { namespace } else { "" },
                name: if nameless { "" } else { name },
            };
            self.may_ask(binding, subject, &request)
        })
    }

    /// Whether a subject of a binding is allowed a request, by all of its bindings and groups.
    pub fn may_ask(&self, binding: BindingId, subject: u32, request: &Request<'_>) -> bool {
        let subject = &self.cluster.binding(binding).subjects[subject as usize];
        let (user, group) = match subject.kind {
            SubjectKind::Group => (Symbol::EMPTY, Some(subject.matches)),
            _ => (subject.matches, None),
        };
        let groups = group.into_iter().chain(self.server_groups.of(subject));
        self.rbac.allows(user, groups, request)
    }

    /// Where a binding is to be looked at: at its subject, the first that gains by it, or at its beginning.
    pub fn place_of(&self, binding: BindingId, subject: Option<u32>) -> Position {
        let binding = self.cluster.binding(binding);
        let subject = match subject {
            Some(subject) => binding.subjects.get(subject as usize),
            None => {
                let mut gains = binding.subjects.iter().filter(|s| !self.gains_nothing(s));
                gains.next().or(binding.subjects.first())
            }
        };
        subject.map_or(binding.position, |subject| subject.position)
    }
}

/// The first pair of a namespace, or of any.
fn first_of<'a>(
    pairs: &BTreeSet<(&'a str, &'a str)>,
    namespace: Option<&'a str>,
) -> Option<(&'a str, &'a str)> {
    let first = pairs.range((namespace.unwrap_or(""), "")..).next();
    let of_it = |(found, _): &&(&str, &str)| namespace.is_none_or(|wanted| wanted == *found);
    first.filter(of_it).copied()
}

/// The namespaces of service accounts that some binding names.
fn granted(cluster: &Cluster) -> HashSet<Symbol, RandomState> {
    let subjects = cluster
        .bindings()
        .iter()
        .flat_map(|binding| &binding.subjects);
    let accounts = subjects.filter(|subject| subject.kind == SubjectKind::ServiceAccount);
    accounts.map(|subject| subject.namespace).collect()
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
