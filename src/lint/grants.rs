//! Dangerous grants: found once for each role, judged for each binding.

use super::context::Powerful;
use super::coverage;
use super::finding::{Facet, Finding};
use super::requests::{Allowed, Bits};
use super::rules;
use super::{Check, Grant, Lint, Rule, Scope, Severity, Standing};
use crate::model::{
    Binding, BindingId, BindingKind, PolicyRule, Position, Role, RoleId, Subject, SubjectKind,
    Symbol,
};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Requests that checks ask about beside those of the tables.
pub(super) const EXTRA: &[&str] = &[
    "get,list,watch secrets",
    "get secrets",
    "create pods",
    "create,update,patch rbac:rolebindings,clusterrolebindings",
    "update,patch certificates:certificatesigningrequests/approval",
    "update,patch certificates:certificatesigningrequests/status",
    "update,patch nodes",
    "get,list,watch nodes",
    "impersonate users,serviceaccounts",
    "impersonate users",
    "impersonate groups",
    "create,update,patch rbac:roles,clusterroles",
    "update,patch,delete rbac:roles,clusterroles",
    "update,patch,delete rbac:rolebindings,clusterrolebindings",
    "create serviceaccounts",
    "get pods",
    "get pods/exec",
    "get pods/attach",
    "get pods/portforward",
    "create pods/attach",
    "create pods/portforward",
    "get configmaps",
    "update,patch configmaps",
    "create,update,patch rbac:rolebindings",
    "bind rbac:clusterroles",
    "escalate rbac:clusterroles",
    "escalate rbac:roles",
    "create,update,patch rbac:clusterroles",
    "create,update,patch rbac:roles",
    "update,patch certificates:podcertificaterequests/status",
    "create,update,patch certificates:clustertrustbundles",
    "approve certificates:signers",
    "sign certificates:signers",
    "attest certificates:signers",
    "impersonate serviceaccounts",
    "bind rbac:clusterroles,roles",
    "get,list,watch,create,update,patch,delete,deletecollection *:*",
];

/// With the feature gate off that asks for `create`, a GET that upgrades to a WebSocket does the same.
pub(super) const UPGRADES: [(&str, &str); 3] = [
    ("create pods/exec", "get pods/exec"),
    ("create pods/attach", "get pods/attach"),
    ("create pods/portforward", "get pods/portforward"),
];

/// A dangerous grant that a role holds.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) rule: &'static Rule,
    /// The rules of the role that grant what the first list of the lint rule asks, and then the others.
    pub(super) role_rules: Box<[u32]>,
    /// Whether it holds for listed names alone.
    pub(super) named: bool,
    /// Whether the role alone is enough; else the subject must hold the rest by another binding.
    pub(super) whole: bool,
    /// What is granted, of what the first list asks.
    pub(super) first: Bits,
}

/// The dangerous grants of a role, bound for the cluster and bound in a namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct RoleHits {
    pub(super) cluster: Vec<Hit>,
    pub(super) namespace: Vec<Hit>,
    /// Whether it is everything, bound for the cluster.
    pub(super) everything: bool,
    /// Whether a ClusterRoleBinding, or a RoleBinding, of it may make somebody powerful.
    grave: [bool; 2],
}

impl RoleHits {
    fn of(&self, binding: &Binding) -> &[Hit] {
        match binding.kind {
            BindingKind::ClusterRoleBinding => &self.cluster,
            BindingKind::RoleBinding => &self.namespace,
        }
    }
}

/// A dangerous grant at a binding, while it is decided how grave it is.
#[derive(Debug)]
pub struct Judged<'a, 'c> {
    /// What is known of the cluster.
    pub lint: &'a Lint<'c>,
    /// The binding.
    pub binding: BindingId,
    /// The role.
    pub role: RoleId,
    /// Whether the binding is a ClusterRoleBinding.
    pub cluster_wide: bool,
    /// Whether the namespace is one whose takeover gives more than the namespace.
    pub privileged: bool,
    /// Whether a subject is everybody, or everybody of some kind.
    pub broad: bool,
    pub(super) hit: &'a Hit,
}

impl<'a, 'c> Judged<'a, 'c> {
    /// The severity by the ladder, from what it is cluster-wide, for all names, to one subject.
    pub fn ladder(&self, base: Severity) -> Severity {
        let mut severity = base;
        if !self.cluster_wide && !self.privileged {
            severity = severity.lower();
        }
        if self.hit.named {
            severity = severity.lower();
        }
        if self.broad {
            severity = severity.higher();
        }
        severity
    }

    /// Severities that are given for both kinds of namespace: cluster-wide and in privileged ones, and
    /// elsewhere. Names and broad subjects move them.
    pub fn either(&self, privileged: Severity, elsewhere: Severity) -> Severity {
        let wide = self.cluster_wide || self.privileged;
        let mut severity = if wide { privileged } else { elsewhere };
        if self.hit.named {
            severity = severity.lower();
        }
        if self.broad {
            severity = severity.higher();
        }
        severity
    }

    /// For what makes whoever holds it all that a namespace holds: critical cluster-wide and in privileged
    /// namespaces, less where nothing is known of the namespace but an account `default` without grants.
    pub fn takeover(&self) -> Severity {
        let severity = self.either(Severity::Critical, Severity::High);
        let namespace = self.binding().namespace;
        let bare = !self.cluster_wide && !self.privileged && !self.lint.has_accounts(namespace);
        if bare { severity.lower() } else { severity }
    }

    /// Whether the rule that is shown lists names.
    pub fn rule_is_named(&self) -> bool {
        !self.rule().resource_names.is_empty()
    }

    /// Whether it holds for listed names alone.
    pub fn named(&self) -> bool {
        self.hit.named
    }

    /// The names that the granting rules list.
    pub fn names(&self) -> Vec<&'c str> {
        let role = self.lint.cluster.role(self.role);
        let mut names: Vec<&str> = Vec::new();
        for rule in self.role_rules() {
            for name in &role.rules[*rule as usize].resource_names {
                let name = self.lint.str(*name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The rules of the role that grant it.
    pub fn role_rules(&self) -> &[u32] {
        &self.hit.role_rules
    }

    /// The first rule of the role that grants it.
    pub fn rule(&self) -> &'c PolicyRule {
        let role = self.lint.cluster.role(self.role);
        &role.rules[self.hit.role_rules.first().copied().unwrap_or(0) as usize]
    }

    /// The namespace of the binding; empty for a ClusterRoleBinding.
    pub fn namespace(&self) -> &'c str {
        self.lint.str(self.binding().namespace)
    }

    /// The binding.
    pub fn binding(&self) -> &'c Binding {
        self.lint.cluster.binding(self.binding)
    }

    /// Whether the grant includes one of these requests.
    pub fn grants(&self, patterns: &[&str]) -> bool {
        self.hit.first.meets(self.lint.mask(patterns))
    }

    /// Whether some subject of the binding may do this, by all of its bindings.
    pub fn subject_may(&self, patterns: &[&str]) -> bool {
        if self.role_may(patterns) {
            return true;
        }
        let wanted = self.lint.mask(patterns);
        self.subjects().any(|subject| self.may_any(subject, wanted))
    }

    /// [`Judged::subject_may`], for some name at least.
    pub fn subject_may_for_some(&self, patterns: &[&str]) -> bool {
        self.role_holds(patterns)
            || self.subjects().any(|subject| {
                self.lint
                    .may_at_all(self.binding, subject, self.namespace(), patterns)
            })
    }

    /// Whether every subject of the binding may do this, by all of its bindings.
    pub fn subjects_may(&self, patterns: &[&str]) -> bool {
        if self.role_may(patterns) {
            return true;
        }
        let wanted = self.lint.mask(patterns);
        self.subjects().all(|subject| self.may_any(subject, wanted))
    }

    /// The indices of the subjects.
    pub fn subjects(&self) -> std::ops::Range<u32> {
        0..self.binding().subjects.len() as u32
    }

    /// What of these requests a binding of this kind can grant.
    fn grantable(&self, patterns: &[&str]) -> Bits {
        let mask = self.lint.mask(patterns);
        match self.cluster_wide {
            true => mask,
            false => mask.and(self.lint.requests.namespaced()),
        }
    }

    /// Whether the role allows this by the binding, whatever the name.
    pub fn role_may(&self, patterns: &[&str]) -> bool {
        let allowed = self.lint.allowed(self.role).any_name;
        allowed.meets(self.grantable(patterns))
    }

    fn role_holds(&self, patterns: &[&str]) -> bool {
        let allowed = self.lint.allowed(self.role).all();
        allowed.meets(self.grantable(patterns))
    }

    fn may_any(&self, subject: u32, wanted: Bits) -> bool {
        let namespace = self.namespace();
        self.lint.may_any(self.binding, subject, namespace, wanted)
    }

    /// The names that those rules of the role list which allow one of these requests for listed names alone.
    pub fn names_for(&self, patterns: &[&str]) -> Vec<&'c str> {
        let lint = self.lint;
        let mask = lint.mask(patterns);
        if !lint.allowed(self.role).named.meets(mask) {
            return Vec::new();
        }
        let rules = lint.cluster.role(self.role).rules.iter();
        let rules = rules.filter(|rule| {
            let allowed = lint.requests.allowed(rule, lint.cluster.interner());
            allowed.named.meets(mask)
        });
        let mut names: Vec<&str> = Vec::new();
        for name in rules.flat_map(|rule| &rule.resource_names) {
            let name = lint.str(*name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether the API server is known to be configured so; not, where none is given.
    pub fn server_has(&self, is: fn(&crate::apiserver::LoadedConfig) -> bool) -> bool {
        self.lint.server().is_some_and(|server| is(server.config))
    }
}

impl Judged<'_, '_> {
    /// Whether the role grants everything, in the cluster or in the namespace of the binding.
    pub fn may_everything(&self) -> bool {
        let hits = self.lint.hits[self.role.0 as usize].of(self.binding());
        hits.iter()
            .any(|hit| ["RBC101", "RBC102"].contains(&hit.rule.id))
    }

    /// [`Judged::subject_may`], of an object of this name.
    pub fn subject_may_named(&self, patterns: &[&str], name: &str) -> bool {
        let subjects = 0..self.binding().subjects.len() as u32;
        let mut subjects = subjects.into_iter();
        subjects.any(|subject| {
            self.lint
                .may_named(self.binding, subject, self.namespace(), patterns, name)
        })
    }
}

/// The lint rules about grants, with the requests of each list.
struct Tables {
    rules: Vec<(&'static Rule, &'static Grant, Vec<Bits>, Bits)>,
    /// Of each request, the rules whose first list has it.
    by_first: Vec<Bits>,
    any: Bits,
}

impl Tables {
    fn new(mask: impl Fn(&[&str]) -> Bits) -> Self {
        let mut tables = Tables {
            rules: Vec::new(),
            by_first: Vec::new(),
            any: Bits::default(),
        };
        for rule in rules::all() {
            let Check::Grant(grant) = &rule.check else {
                continue;
            };
            let needs: Vec<Bits> = grant.needs.iter().map(|need| mask(need)).collect();
            tables.any = needs.iter().fold(tables.any, |all, bits| all.or(*bits));
            for request in needs.first().into_iter().flat_map(|first| first.ones()) {
                let rules = tables.by_first.len().max(request + 1);
                tables.by_first.resize(rules, Bits::default());
                tables.by_first[request].insert(tables.rules.len());
            }
            tables.rules.push((rule, grant, needs, mask(grant.lacks)));
        }
        tables
    }

    /// The rules of whose first list something is allowed, in their order.
    fn about(
        &self,
        allowed: Bits,
    ) -> impl Iterator<Item = &(&'static Rule, &'static Grant, Vec<Bits>, Bits)> {
        let of = |request: usize| self.by_first.get(request).copied().unwrap_or_default();
        let rules = allowed
            .ones()
            .fold(Bits::default(), |all, request| all.or(of(request)));
        rules.ones().filter_map(|rule| self.rules.get(rule))
    }
}

/// The dangerous grants of every role.
pub(super) fn of_roles(lint: &Lint<'_>) -> Vec<RoleHits> {
    let tables = Tables::new(|need| lint.opening(need));
    lint.roles()
        .map(|(id, role)| {
            let standing = lint.known.role(id);
            let allowed = lint.allowed(id);
            if standing == Standing::Extended || !allowed.all().meets(tables.any) {
                return RoleHits::default();
            }
            let of_rules: Vec<Allowed> = role
                .rules
                .iter()
                .map(|rule| lint.requests.allowed(rule, lint.cluster.interner()))
                .collect();
            let everything = Bits::default().inverse();
            let mut found = RoleHits {
                cluster: match role.kind {
                    crate::model::RoleKind::ClusterRole => {
                        hits(&tables, &of_rules, everything, Scope::Cluster)
                    }
                    crate::model::RoleKind::Role => Vec::new(),
                },
                namespace: hits(
                    &tables,
                    &of_rules,
                    lint.requests.namespaced(),
                    Scope::Namespace,
                ),
                everything: false,
                grave: [false; 2],
            };
            if coverage::may_cover(lint, allowed.any_name) {
                let by_all = |id, cluster_wide| by_all_rules(lint, role, id, cluster_wide);
                if role.kind == crate::model::RoleKind::ClusterRole
                    && !holds(&found.cluster, "RBC101")
                {
                    found.cluster.extend(by_all("RBC101", true));
                }
                if !holds(&found.namespace, "RBC102") {
                    found.namespace.extend(by_all("RBC102", false));
                }
            }
            found.everything = holds(&found.cluster, "RBC101");
            found.grave = [&found.cluster, &found.namespace].map(|hits| hits.iter().any(is_grave));
            found
        })
        .collect()
}

fn holds(hits: &[Hit], id: &str) -> bool {
    hits.iter().any(|hit| hit.rule.id == id)
}

/// Everything, where no rule of the role allows it alone.
fn by_all_rules(lint: &Lint<'_>, role: &Role, id: &'static str, cluster_wide: bool) -> Option<Hit> {
    let rules: Vec<&PolicyRule> = role.rules.iter().map(|rule| &**rule).collect();
    let used = coverage::covering(lint, &rules, cluster_wide)?;
    Some(Hit {
        rule: rules::by_id(id),
        role_rules: used.into_iter().map(|rule| rule as u32).collect(),
        named: false,
        whole: true,
        first: Bits::default(),
    })
}

/// Subjects to whom several bindings together give everything, where none of them does so alone.
pub(super) fn everything_by_several(lint: &Lint<'_>, out: &mut Vec<Finding>) {
    let mut seen: std::collections::HashSet<(Symbol, SubjectKind, Symbol), RandomState> =
        Default::default();
    let holds_any = |id: BindingId, patterns: &[&str]| {
        let role = lint.role_of(id);
        role.is_some_and(|role| lint.role_allows(role, patterns)) && !lint.known.binding(id)
    };
    // Whoever gets everything gets this by some binding; where nobody does, there is nobody to look at.
    if !lint
        .bindings()
        .any(|(id, _)| holds_any(id, &coverage::FIRST[..1]))
    {
        return;
    }
    for (id, binding) in lint.bindings() {
        let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
        if !holds_any(id, &coverage::FIRST) {
            continue;
        }
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if gains_nothing(lint, subject)
                || !seen.insert((binding.namespace, subject.kind, subject.matches))
            {
                continue;
            }
            let together = lint.applicable(id, index);
            let roles = || together.iter().filter_map(|applicable| applicable.role);
            let allowed = roles().fold(Bits::default(), |all, role| {
                all.or(lint.allowed(role).any_name)
            });
            let alone = together.iter().any(|applicable| {
                let role = applicable.role;
                let of = lint.cluster.binding(applicable.binding);
                role.is_some_and(|role| {
                    let hits = lint.hits[role.0 as usize].of(of);
                    holds(hits, "RBC101") || holds(hits, "RBC102")
                })
            });
            if alone || !coverage::may_cover(lint, allowed) {
                continue;
            }
            let rules: Vec<&PolicyRule> = roles()
                .flat_map(|role| &lint.cluster.role(role).rules)
                .map(|rule| &**rule)
                .collect();
            if coverage::covering(lint, &rules, cluster_wide).is_none() {
                continue;
            }
            let (rule, severity) = match cluster_wide {
                true => ("RBC101", Severity::Critical),
                false => ("RBC102", Severity::High),
            };
            let mut finding = lint.of_subject(rule, severity, id, index);
            finding.why = Some(
                "its bindings together allow all that the API serves, escalate, bind and impersonate with it"
                    .to_owned(),
            );
            let others = together
                .iter()
                .filter(|other| other.binding != id && !lint.known.binding(other.binding));
            for other in others.take(10) {
                let of = lint.cluster.binding(other.binding);
                finding.also.push((
                    lint.place_of(other.binding, Some(other.subject)),
                    format!(
                        "holds {} {}, too",
                        of.role_ref.kind.as_str(),
                        lint.str(of.role_ref.name)
                    ),
                ));
            }
            out.push(finding);
        }
    }
}

/// What the default ClusterRoles `admin`, `edit` and `view` grant on a fresh cluster, by the ids of the rules.
pub(super) fn of_defaults() -> HashMap<&'static str, Vec<&'static str>, RandomState> {
    use crate::load::{Loader, Options};
    let fresh = Loader::new(Options::default()).finish();
    let requests = super::requests::Requests::new(
        rules::all().flat_map(|rule| match &rule.check {
            Check::Grant(grant) => grant.patterns().collect::<Vec<_>>(),
            _ => Vec::new(),
        }),
        fresh.interner(),
        fresh.api_resources(),
    );
    let mut map: HashMap<&'static str, Vec<&'static str>, RandomState> = HashMap::default();
    for name in ["admin", "edit", "view"] {
        let role = fresh
            .roles()
            .iter()
            .find(|role| fresh.str(role.name) == name);
        let Some(role) = role else { continue };
        let of_rules: Vec<Allowed> = role
            .rules
            .iter()
            .map(|rule| requests.allowed(rule, fresh.interner()))
            .collect();
        let tables = Tables::new(|need| requests.mask(need));
        let hits = hits(
            &tables,
            &of_rules,
            Bits::default().inverse(),
            Scope::Cluster,
        );
        let namespaced = self::hits(
            &tables,
            &of_rules,
            Bits::default().inverse(),
            Scope::Namespace,
        );
        let ids = hits
            .iter()
            .chain(&namespaced)
            .map(|hit| hit.rule.id)
            .collect();
        map.insert(name, ids);
    }
    map
}

fn hits(tables: &Tables, of_rules: &[Allowed], mask: Bits, scope: Scope) -> Vec<Hit> {
    let mut all = Allowed::default();
    for allowed in of_rules {
        all.any_name = all.any_name.or(allowed.any_name.and(mask));
        all.named = all.named.or(allowed.named.and(mask));
    }
    let mut found = Vec::new();
    for (rule, grant, needs, lacks) in tables.about(all.all()) {
        if (grant.scope != Scope::Any && grant.scope != scope) || all.any_name.meets(*lacks) {
            continue;
        }
        let Some(first) = needs.first() else { continue };
        let (strong, weak) = (all.any_name.and(*first), all.named.and(*first));
        if strong.is_empty() && (weak.is_empty() || !grant.named) {
            continue;
        }
        let rest = &needs[1..];
        let whole = rest
            .iter()
            .all(|need| all.any_name.meets(*need) || (grant.named && all.named.meets(*need)));
        let named = strong.is_empty()
            || rest
                .iter()
                .any(|need| !all.any_name.meets(*need) && all.named.meets(*need));
        let grants = |need: &Bits, named: bool| {
            (0u32..)
                .zip(of_rules)
                .filter(|(_, allowed)| {
                    let allowed = if named {
                        allowed.all()
                    } else {
                        allowed.any_name
                    };
                    allowed.and(mask).meets(*need)
                })
                .map(|(index, _)| index)
                .collect::<Vec<u32>>()
        };
        let mut role_rules = grants(first, strong.is_empty());
        for need in rest {
            for index in grants(need, !all.any_name.meets(*need)) {
                if !role_rules.contains(&index) {
                    role_rules.push(index);
                }
            }
        }
        found.push(Hit {
            rule,
            role_rules: role_rules.into(),
            named,
            whole,
            first: if strong.is_empty() { weak } else { strong },
        });
    }
    found
}

/// Whether a subject is everybody, or everybody of some kind.
pub(super) fn is_broad(lint: &Lint<'_>, subject: &Subject) -> bool {
    match subject.kind {
        SubjectKind::User | SubjectKind::Group if !lint.marks.is_of_system(subject.name) => false,
        SubjectKind::User => lint.str(subject.name) == "system:anonymous",
        SubjectKind::Group => {
            let name = lint.str(subject.name);
            matches!(
                name,
                "system:unauthenticated" | "system:authenticated" | "system:serviceaccounts"
            ) || name.starts_with("system:serviceaccounts:")
        }
        SubjectKind::ServiceAccount => Some(subject.name) == lint.default_account,
    }
}

/// Whether a subject gains nothing by any binding: the group that may everything, or an account of no namespace.
pub(super) fn gains_nothing(lint: &Lint<'_>, subject: &Subject) -> bool {
    (subject.kind == SubjectKind::Group && Some(subject.name) == lint.masters_group)
        || (subject.kind == SubjectKind::ServiceAccount && subject.namespace == Symbol::EMPTY)
}

/// Whether a grant may make somebody powerful. RBC126 asks who is, which is what is being found out.
fn is_grave(hit: &Hit) -> bool {
    hit.rule.severity >= Severity::High && hit.rule.id != "RBC126"
}

/// A hit and how grave it is at a binding.
pub(super) type Graded<'a> = (&'a Hit, Severity, Option<String>);

/// The dangerous grants of a binding.
pub(super) fn grade<'a>(lint: &'a Lint<'_>, id: BindingId, detailed: bool) -> Vec<Graded<'a>> {
    let binding = lint.cluster.binding(id);
    let Some(role) = lint.role_of(id) else {
        return Vec::new();
    };
    let hits = lint.hits[role.0 as usize].of(binding);
    if hits.is_empty() || !lint.gains_something(id) {
        return Vec::new();
    }
    let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
    let broad = lint.is_broad(id);
    let privileged = !cluster_wide && lint.is_privileged(binding.namespace, binding);
    let mut graded = Vec::new();
    for hit in hits {
        let Check::Grant(grant) = &hit.rule.check else {
            continue;
        };
        if !detailed && !is_grave(hit) {
            continue;
        }
        let judged = Judged {
            lint,
            binding: id,
            role,
            cluster_wide,
            privileged,
            broad,
            hit,
        };
        if !hit.whole && !grant.needs[1..].iter().all(|need| judged.subject_may(need)) {
            continue;
        }
        if !grant.lacks.is_empty() && judged.subjects_may(grant.lacks) {
            continue;
        }
        let severity = match grant.judge {
            Some(judge) => judge(&judged),
            None => Some(judged.ladder(hit.rule.severity)),
        };
        if let Some(severity) = severity {
            let detail = grant.detail.filter(|_| detailed);
            graded.push((hit, severity, detail.and_then(|detail| detail(&judged))));
        }
    }
    graded
}

/// The findings of a binding about what it grants: one for each rule of the role, or, if the whole binding
/// is the finding, one with all else as its facets.
pub(super) fn of_binding(
    lint: &Lint<'_>,
    id: BindingId,
    heads: Vec<Finding>,
    out: &mut Vec<Finding>,
) {
    let graded = grade(lint, id, true);
    let binding = lint.cluster.binding(id);
    let role = lint.role_of(id);
    // `admin` and `edit` in a namespace are what they are for: what they grant is said, and counts no more than that.
    // For everybody of some kind they are not made.
    let by_design = !lint.is_broad(id) && heads.iter().any(|head| head.rule.id == "RBC215");
    let mut path = path(lint, id, &graded);
    let grave = graded
        .iter()
        .any(|(_, severity, _)| *severity >= Severity::High);
    let heads = heads.into_iter().map(|mut head| {
        // What is grave for one is worse for everybody.
        if head.rule.id == "RBC203" && grave {
            (head.severity, head.own) = (Severity::Critical, Severity::Critical);
        }
        head
    });
    if let Some(mut head) = heads.reduce(graver) {
        let most = if by_design {
            head.severity
        } else {
            Severity::Critical
        };
        for (hit, severity, why) in graded {
            add_facet(&mut head, hit.rule, severity.min(most), why);
            for rule in &hit.role_rules {
                if !head.role_rules.contains(rule) {
                    head.role_rules.push(*rule);
                }
            }
        }
        // Who gets everything is not helped by a list of what that is.
        let everything = ["RBC101", "RBC102"];
        if head.rules().any(|(rule, _)| everything.contains(&rule.id)) {
            head.facets.retain(|facet| {
                facet.rule.id.starts_with("RBC2") || everything.contains(&facet.rule.id)
            });
        }
        add_path(&mut head, path);
        finish(lint, id, role, &mut head);
        out.push(head);
        return;
    }
    let everything = |(hit, ..): &Graded<'_>| hit.rule.id == "RBC101" || hit.rule.id == "RBC102";
    let whole = graded.iter().find(|g| everything(g)).cloned();
    let graded = match whole {
        Some(whole) => vec![whole],
        None => graded,
    };
    let first_new = out.len();
    for (hit, severity, why) in graded {
        let first = hit.role_rules.first().copied();
        let same = out[first_new..]
            .iter_mut()
            .find(|finding| finding.role_rules.first().copied() == first);
        match same {
            Some(finding) => {
                for rule in &hit.role_rules {
                    if !finding.role_rules.contains(rule) {
                        finding.role_rules.push(*rule);
                    }
                }
                add_facet(finding, hit.rule, severity, why);
            }
            None => {
                let mut finding = Finding::new(hit.rule, severity, binding.position);
                finding.why = why;
                finding.role_rules = hit.role_rules.to_vec();
                out.push(finding);
            }
        }
    }
    for finding in &mut out[first_new..] {
        let of_this = |path: &&Path| finding.rules().any(|(rule, _)| rule.id == path.edge.id);
        if let Some(found) = path.as_ref().filter(of_this).cloned() {
            add_path(finding, Some(found));
            path = None;
        }
        finish(lint, id, role, finding);
    }
}

/// A way from a grant to an account that reaches everything.
#[derive(Clone, Debug)]
struct Path {
    /// The rule of the first step.
    edge: &'static Rule,
    /// The way in words.
    words: String,
    /// The binding at its end.
    end: Position,
}

/// Whether a grant of a rule can let its holder act as some account of the namespace.
fn may_lead(id: &str) -> bool {
    matches!(id, "RBC102" | "RBC108" | "RBC109") || EDGES.contains(&id)
}

/// Whether who holds a grant can act as an account of the namespace by it.
fn leads_to(lint: &Lint<'_>, role: RoleId, hit: &Hit, target: Symbol) -> bool {
    if !may_lead(hit.rule.id) {
        return false;
    }
    let user = lint.str(target);
    let account = user.strip_prefix("system:serviceaccount:");
    let Some((namespace, name)) = account.and_then(|account| account.split_once(':')) else {
        return false;
    };
    let rules = &lint.cluster.role(role).rules;
    let names = hit
        .role_rules
        .iter()
        .flat_map(|index| &rules[*index as usize].resource_names);
    let named = |wanted: &str| !hit.named || names.clone().any(|name| lint.str(*name) == wanted);
    match hit.rule.id {
        "RBC127" | "RBC133" => named(name),
        // Which account a named Pod has is not known.
        "RBC116" | "RBC119" => !hit.named,
        "RBC108" | "RBC109" => {
            let mut secrets = lint.token_secrets(namespace, name).iter();
            secrets.any(|secret| named(secret))
        }
        id => id == "RBC102" || EDGES.contains(&id),
    }
}

/// Whether a RoleBinding lets its subjects act as an account of its namespace.
pub(super) fn acts_as(lint: &Lint<'_>, id: BindingId, account: Symbol) -> bool {
    let Some(role) = lint.role_of(id) else {
        return false;
    };
    let hits = &lint.hits[role.0 as usize].namespace;
    hits.iter()
        .any(|hit| hit.whole && leads_to(lint, role, hit, account))
}

/// If a binding lets its subjects act as an account that reaches everything: the way there.
fn path(lint: &Lint<'_>, id: BindingId, graded: &[Graded<'_>]) -> Option<Path> {
    let binding = lint.cluster.binding(id);
    let role = lint.role_of(id)?;
    let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
    if graded.is_empty() || (cluster_wide && lint.is_everything(role)) {
        return None;
    }
    let may_lead = |(hit, ..): &&Graded<'_>| may_lead(hit.rule.id);
    let edges: Vec<&Graded<'_>> = graded.iter().filter(may_lead).collect();
    if edges.is_empty() {
        return None;
    }
    let here = match cluster_wide {
        true => lint.masters(),
        false => lint.powerful_in(binding.namespace),
    };
    let targets = here
        .iter()
        .filter(|t| t.everything && binding.subjects.iter().all(|s| s.matches != t.user));
    let (edge, mut target) = targets.take(TARGETS).find_map(|target| {
        let leads = |(hit, ..): &&&Graded<'_>| leads_to(lint, role, hit, target.user);
        let whole = |(hit, ..): &&&Graded<'_>| hit.rule.id == "RBC102";
        let (hit, ..) = edges
            .iter()
            .find(whole)
            .or_else(|| edges.iter().find(leads))?;
        Some((hit.rule, target))
    })?;
    let account = |user: Symbol| {
        let user = lint.str(user);
        let name = user.strip_prefix("system:serviceaccount:").unwrap_or(user);
        name.replacen(':', "/", 1)
    };
    let mut words = format!("it {}, and so acts as {}", edge.what, account(target.user));
    while let Some(next) = target.through.and_then(|user| lint.powerful_account(user)) {
        words.push_str(&format!(", which can act as {}", account(next.user)));
        target = next;
    }
    let last = lint.cluster.binding(target.binding);
    words.push_str(&format!(
        ", which is as good as cluster-admin by {} {}",
        last.kind.as_str(),
        lint.str(last.name)
    ));
    Some(Path {
        edge,
        words,
        end: last.position,
    })
}

fn add_path(finding: &mut Finding, path: Option<Path>) {
    let Some(path) = path else { return };
    finding.also.push((
        path.end,
        "the end of the path: cutting this binding is the cheapest cut".to_owned(),
    ));
    add_facet(
        finding,
        rules::by_id("RBC223"),
        Severity::Critical,
        Some(path.words),
    );
}

fn finish(lint: &Lint<'_>, id: BindingId, role: Option<RoleId>, finding: &mut Finding) {
    finding.binding = Some(id);
    finding.role = role;
    finding.at = lint.place_of(id, finding.subject);
    finding
        .facets
        .sort_by_key(|facet| std::cmp::Reverse(facet.severity));
}

/// Joins two findings of one binding; the graver one is the head.
fn graver(a: Finding, b: Finding) -> Finding {
    let (mut head, other) = if b.severity > a.severity {
        (b, a)
    } else {
        (a, b)
    };
    let Finding {
        rule,
        severity,
        why,
        facets,
        ..
    } = other;
    head.facets.push(Facet {
        rule,
        severity,
        why,
    });
    head.facets.extend(facets);
    head
}

/// Adds what another rule says of the same grant; the gravest is the head.
fn add_facet(finding: &mut Finding, rule: &'static Rule, severity: Severity, why: Option<String>) {
    if finding.rule.id == rule.id || finding.facets.iter().any(|f| f.rule.id == rule.id) {
        return;
    }
    if severity > finding.severity && finding.what.is_none() {
        let facet = Facet {
            rule: std::mem::replace(&mut finding.rule, rule),
            severity: std::mem::replace(&mut finding.own, severity),
            why: std::mem::replace(&mut finding.why, why),
        };
        finding.severity = severity;
        finding.facets.push(facet);
        return;
    }
    // A head that stands for the whole binding keeps its words and takes the severity.
    finding.severity = finding.severity.max(severity);
    finding.facets.push(Facet {
        rule,
        severity,
        why,
    });
}

/// A role with dangerous grants that nobody holds: one finding, about the gravest of them.
pub(super) fn latent(lint: &Lint<'_>, id: RoleId, role: &Role) -> Option<Finding> {
    let hits = &lint.hits[id.0 as usize];
    // A role that is not bound is nobody's own grant (RBC222).
    let hits = if hits.cluster.is_empty() {
        &hits.namespace
    } else {
        &hits.cluster
    };
    let gravest = hits
        .iter()
        .filter(|hit| hit.whole && hit.rule.id != "RBC222")
        .max_by_key(|hit| (hit.rule.severity, std::cmp::Reverse(hit.rule.id)))?;
    let mut finding = Finding::new(gravest.rule, Severity::Info, role.position);
    finding.role = Some(id);
    finding.role_rules = gravest.role_rules.to_vec();
    finding.why = Some(format!(
        "nobody is bound to this role; whoever will be {}",
        gravest.rule.what
    ));
    for hit in hits
        .iter()
        .filter(|hit| hit.whole && hit.rule.id != gravest.rule.id && hit.rule.id != "RBC222")
    {
        finding.facets.push(Facet {
            rule: hit.rule,
            severity: Severity::Info,
            why: None,
        });
    }
    Some(finding)
}

/// Rules by which one account can act as the other accounts of its namespace.
const EDGES: [&str; 7] = [
    "RBC111", "RBC113", "RBC114", "RBC116", "RBC119", "RBC127", "RBC133",
];

/// How many accounts that reach everything are tried for a path.
const TARGETS: usize = 64;

/// Rules that amount to everything.
const EVERYTHING: [&str; 6] = ["RBC101", "RBC122", "RBC123", "RBC125", "RBC126", "RBC201"];

/// The service accounts with critical grants, and those that reach one of them, by namespace.
pub(super) fn powerful(lint: &Lint<'_>) -> HashMap<Symbol, Vec<Powerful>, RandomState> {
    let mut powerful: HashMap<Symbol, Vec<Powerful>, RandomState> = HashMap::default();
    let mut fresh: Vec<Symbol> = Vec::new();
    let mut seen: std::collections::HashSet<Symbol, RandomState> = Default::default();
    let mut note = |powerful: &mut HashMap<Symbol, Vec<Powerful>, RandomState>,
                    fresh: &mut Vec<Symbol>,
                    id: BindingId,
                    through: Option<Symbol>,
                    everything: bool| {
        for subject in &lint.cluster.binding(id).subjects {
            if subject.kind != SubjectKind::ServiceAccount
                || gains_nothing(lint, subject)
                || Some(subject.matches) == through
                || !seen.insert(subject.matches)
            {
                continue;
            }
            let of_namespace = powerful.entry(subject.namespace).or_default();
            if of_namespace.len() < 2 {
                fresh.push(subject.namespace);
            }
            of_namespace.push(Powerful {
                user: subject.matches,
                binding: id,
                through,
                everything,
            });
        }
    };
    // Those of everything first, so that a path ends in as much as it can.
    let mut critical = Vec::new();
    let has_accounts = |binding: &Binding| {
        let mut subjects = binding.subjects.iter();
        subjects.any(|subject| subject.kind == SubjectKind::ServiceAccount)
    };
    for (id, binding) in lint.bindings() {
        let role = lint.role_of(id);
        let is_grave =
            role.is_some_and(|role| lint.hits[role.0 as usize].grave[binding.kind as usize]);
        if !is_grave || lint.known.binding(id) || !has_accounts(binding) {
            continue;
        }
        let graded = grade(lint, id, false);
        let graded = graded
            .iter()
            .filter(|(_, severity, _)| *severity == Severity::Critical);
        let mut everything = None;
        for (hit, ..) in graded {
            everything = Some(everything == Some(true) || EVERYTHING.contains(&hit.rule.id));
        }
        match everything {
            Some(true) => note(&mut powerful, &mut fresh, id, None, true),
            Some(false) => critical.push(id),
            None => {}
        }
    }
    for id in critical {
        note(&mut powerful, &mut fresh, id, None, false);
    }
    while let Some(namespace) = fresh.pop() {
        let Some(targets) = powerful.get(&namespace).cloned() else {
            continue;
        };
        for &id in lint.bindings_in(namespace) {
            let Some(role) = lint.role_of(id) else {
                continue;
            };
            let hits = &lint.hits[role.0 as usize].namespace;
            if lint.known.binding(id) || hits.is_empty() {
                continue;
            }
            let subjects = &lint.cluster.binding(id).subjects;
            let target = targets.iter().take(TARGETS).find(|t| {
                subjects.iter().any(|s| s.matches != t.user)
                    && hits
                        .iter()
                        .any(|hit| hit.whole && leads_to(lint, role, hit, t.user))
            });
            if let Some(target) = target {
                note(
                    &mut powerful,
                    &mut fresh,
                    id,
                    Some(target.user),
                    target.everything,
                );
            }
        }
    }
    powerful
}

/// Users and groups with critical grants of their own.
pub(super) fn powerful_names(lint: &Lint<'_>) -> std::collections::HashSet<Symbol, RandomState> {
    let mut names = std::collections::HashSet::default();
    for (id, binding) in lint.bindings() {
        let graded = grade(lint, id, false);
        if graded
            .iter()
            .any(|(_, severity, _)| *severity == Severity::Critical)
        {
            names.extend(binding.subjects.iter().map(|subject| subject.matches));
        }
    }
    names
}
