//! What every rule may ask.

use super::catalogue::Catalogue;
use super::credentials::{self, Credentials, Inspected, Server};
use super::grants::{self, RoleHits};
use super::known::{Known, Standing};
use super::requests::{Allowed, Bits, Requests};
use super::rules;
use super::{Check, Finding, Rule, Severity};
use crate::authz::PRIVILEGED_GROUP;
use crate::authz::rbac::{Decision, Rbac};
use crate::model::{
    Attributes, Binding, BindingId, BindingKind, Cluster, PolicyRule, Position, Request, Role,
    RoleId, Subject, SubjectKind, Symbol,
};
use foldhash::fast::RandomState;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};

type Map<K, V> = HashMap<K, V, RandomState>;

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
    /// The instant at which tokens are judged.
    pub now: jiff::Timestamp,
}

impl Settings {
    /// What holds unless the user says otherwise.
    pub fn new(now: jiff::Timestamp) -> Self {
        Settings {
            privileged_namespaces: Vec::new(),
            complete: None,
            most_cluster_admins: 3,
            severities: BTreeMap::new(),
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
    /// Of each binding: whether a subject is everybody of some kind, and whether any gains something.
    subjects: Vec<(bool, bool)>,
    /// The roles that gather others.
    aggregated: Vec<RoleId>,
    /// Requests that are half of something.
    halves: Bits,
    dangling: usize,
    inert: RefCell<Map<RoleId, Vec<u32>>>,
    account_namespaces: OnceCell<HashSet<Symbol, RandomState>>,
    default_hits: OnceCell<Map<&'static str, Vec<&'static str>>>,
    powerful_names: OnceCell<HashSet<Symbol, RandomState>>,
    /// Service accounts with bindings in their own namespace or cluster-wide.
    granted: Map<Symbol, Vec<Symbol>>,
    privileged: Vec<Symbol>,
    complete: bool,
}

impl<'c> Lint<'c> {
    /// Looks at a cluster once, for all rules.
    pub fn new(cluster: &'c Cluster, rbac: &'c Rbac<'c>, settings: &'c Settings) -> Self {
        let patterns = rules::all().flat_map(|rule| match &rule.check {
            Check::Grant(grant) => grant.needs.iter().copied().flatten().collect::<Vec<_>>(),
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
            subjects: Vec::new(),
            aggregated: Vec::new(),
            halves: Bits::default(),
            dangling: 0,
            inert: RefCell::default(),
            account_namespaces: OnceCell::new(),
            default_hits: OnceCell::new(),
            powerful_names: OnceCell::new(),
            granted: granted(cluster),
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
        ]);
        lint.dangling = lint.role_of.iter().filter(|role| role.is_none()).count();
        lint.complete = settings.complete.unwrap_or_else(|| looks_complete(cluster));
        for role in cluster.roles() {
            let mut all = Allowed::default();
            for rule in &role.rules {
                let allowed = lint.requests.allowed(rule, cluster.interner());
                all.any_name = all.any_name.or(allowed.any_name);
                all.named = all.named.or(allowed.named);
            }
            lint.allowed.push(all);
        }
        lint.hits = grants::of_roles(&lint);
        lint.powerful = grants::powerful(&lint);
        lint
    }

    /// With what was given beside the manifests.
    #[must_use]
    pub fn with_credentials(mut self, credentials: &'c Credentials<'c>) -> Self {
        self.credentials = Some(credentials);
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
        let hits = &self.hits[role.0 as usize].cluster;
        hits.iter().any(|hit| hit.rule.id == "RBC101")
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

    /// Every service account with a critical grant.
    pub fn powerful(&self) -> impl Iterator<Item = &Powerful> {
        self.powerful.values().flatten()
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

    /// Whether some binding names the service account.
    pub fn account_is_granted(&self, namespace: &str, name: &str) -> bool {
        let user = format!("system:serviceaccount:{namespace}:{name}");
        self.rbac.names_user(&user)
    }

    /// Whether any service account of a namespace was loaded.
    pub fn has_accounts_of(&self, namespace: Symbol) -> bool {
        let namespaces = self.account_namespaces.get_or_init(|| {
            let accounts = self.cluster.service_accounts().keys();
            accounts.map(|(namespace, _)| *namespace).collect()
        });
        namespaces.contains(&namespace)
    }

    /// Whether a namespace has accounts with grants beside the subjects of a binding.
    pub fn has_other_accounts(&self, namespace: Symbol, binding: &Binding) -> bool {
        let accounts = self.granted.get(&namespace).map_or(&[][..], Vec::as_slice);
        accounts
            .iter()
            .any(|account| binding.subjects.iter().all(|s| s.matches != *account))
    }

    /// Whether a user, group or account of this name holds critical grants.
    pub fn is_powerful_name(&self, name: &str) -> bool {
        let known = [
            PRIVILEGED_GROUP,
            "system:kube-controller-manager",
            "system:kube-scheduler",
        ];
        let found = || {
            let names = self
                .powerful_names
                .get_or_init(|| grants::powerful_names(self));
            self.cluster
                .interner()
                .get(name)
                .is_some_and(|name| names.contains(&name))
        };
        known.contains(&name) || name.starts_with("system:node:") || found()
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

    /// The rules of a role of which something holds; remembered for the next binding of the role.
    pub fn inert_rules(&self, role: RoleId, is_inert: impl Fn(&PolicyRule) -> bool) -> Vec<u32> {
        let mut known = self.inert.borrow_mut();
        let rules = known.entry(role).or_insert_with(|| {
            let rules = (0u32..).zip(&self.cluster.role(role).rules);
            rules
                .filter(|(_, rule)| is_inert(rule))
                .map(|(index, _)| index)
                .collect()
        });
        rules.clone()
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
        self.may_named(binding, subject, namespace, patterns, "\u{0}")
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
        let matches = self.str(subject.matches);
        let of_namespace;
        let everybody = "system:authenticated";
        match subject.kind {
            SubjectKind::User => self.decide(matches, &[everybody], request),
            SubjectKind::Group => self.decide("", &[matches], request),
            SubjectKind::ServiceAccount => {
                of_namespace = format!("system:serviceaccounts:{}", self.str(subject.namespace));
                let groups = ["system:serviceaccounts", &of_namespace, everybody];
                self.decide(matches, &groups, request)
            }
        }
    }

    fn decide(&self, user: &str, groups: &[&str], request: &Request<'_>) -> bool {
        let attributes = Attributes {
            user,
            groups,
            request: *request,
            ..Attributes::default()
        };
        matches!(self.rbac.decide(&attributes), Decision::Allow(_))
    }

    /// Where a binding is to be looked at: at its subject, or at its beginning.
    pub fn place_of(&self, binding: BindingId, subject: Option<u32>) -> Position {
        let binding = self.cluster.binding(binding);
        let subject = binding.subjects.get(subject.unwrap_or(0) as usize);
        subject.map_or(binding.position, |subject| subject.position)
    }
}

/// Of each namespace, its service accounts that some binding names.
fn granted(cluster: &Cluster) -> Map<Symbol, Vec<Symbol>> {
    let mut granted: Map<Symbol, Vec<Symbol>> = Map::default();
    for subject in cluster
        .bindings()
        .iter()
        .flat_map(|binding| &binding.subjects)
    {
        if subject.kind == SubjectKind::ServiceAccount {
            let accounts = granted.entry(subject.namespace).or_default();
            // A few different ones are enough to know that there is another.
            if accounts.len() < 8 && !accounts.contains(&subject.matches) {
                accounts.push(subject.matches);
            }
        }
    }
    granted
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
