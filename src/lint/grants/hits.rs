//! The dangerous grants of roles, whoever is bound to them.

use super::judged::is_grave;
use super::path::may_lead;
use crate::lint::finding::RuleNumbers;
use crate::lint::requests::{Allowed, Bits, Requests};
use crate::lint::{Check, Grant, Lint, Rule, Scope, Severity, Standing, everything, rules};
use crate::model::{Binding, BindingKind, PolicyRule, Role};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// A dangerous grant that a role holds.
#[derive(Clone, Debug)]
pub(in crate::lint) struct Hit {
    pub(in crate::lint) rule: &'static Rule,
    /// The rules of the role that grant what the first list of the lint rule asks, and then the others.
    pub(in crate::lint) role_rules: RuleNumbers,
    /// Whether it holds for listed names alone.
    pub(in crate::lint) named: bool,
    /// Whether the role alone is enough; else the subject must hold the rest by another binding.
    pub(in crate::lint) whole: bool,
    /// What is granted, of what the first list asks.
    pub(in crate::lint) first: Bits,
    /// Whether it can let its holder act as some account of the namespace.
    pub(in crate::lint) may_lead: bool,
}

/// The dangerous grants of a role, bound for the cluster and bound in a namespace.
#[derive(Clone, Debug, Default)]
pub(in crate::lint) struct RoleHits {
    pub(in crate::lint) cluster: Vec<Hit>,
    pub(in crate::lint) namespace: Vec<Hit>,
}

/// What the dangerous grants of a role amount to; apart from them, since it is asked of every binding.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::lint) struct Danger {
    /// Whether it is everything, bound for the cluster.
    pub(in crate::lint) everything: bool,
    /// Whether a ClusterRoleBinding, or a RoleBinding, of it may make somebody powerful.
    pub(in crate::lint) grave: [bool; 2],
    /// Whether a RoleBinding may even where [`Grant::elsewhere`] holds.
    pub(in crate::lint) grave_elsewhere: bool,
    /// Whether a RoleBinding of it may let its subjects act as an account of the namespace.
    pub(in crate::lint) may_lead: bool,
}

impl RoleHits {
    pub(super) fn of(&self, binding: &Binding) -> &[Hit] {
        match binding.kind {
            BindingKind::ClusterRoleBinding => &self.cluster,
            BindingKind::RoleBinding => &self.namespace,
        }
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
pub(in crate::lint) fn of_roles(lint: &Lint<'_>) -> Vec<RoleHits> {
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
            };
            if everything::may_cover(lint, allowed.any_name) {
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
            found
        })
        .collect()
}

impl Danger {
    /// What these come to.
    pub(in crate::lint) fn of(hits: &RoleHits) -> Self {
        let is_grave = |hits: &Vec<Hit>| hits.iter().any(is_grave);
        let mut grave_elsewhere = hits.namespace.iter().filter(|hit| self::is_grave(hit));
        let mut leading = hits.namespace.iter().filter(|hit| hit.whole);
        Danger {
            everything: holds(&hits.cluster, "RBC101"),
            grave: [&hits.cluster, &hits.namespace].map(is_grave),
            grave_elsewhere: grave_elsewhere.any(is_critical_anywhere),
            may_lead: leading.any(|hit| hit.may_lead),
        }
    }
}

/// Whether a grant may be critical wherever it is bound.
fn is_critical_anywhere(hit: &Hit) -> bool {
    let Check::Grant(grant) = &hit.rule.check else {
        return false;
    };
    grant.most_elsewhere(hit.rule.severity) == Severity::Critical
}

pub(super) fn holds(hits: &[Hit], id: &str) -> bool {
    hits.iter().any(|hit| hit.rule.id == id)
}

/// Everything, where no rule of the role allows it alone.
fn by_all_rules(lint: &Lint<'_>, role: &Role, id: &'static str, cluster_wide: bool) -> Option<Hit> {
    let rules: Vec<&PolicyRule> = role.rules.iter().map(|rule| &**rule).collect();
    let used = everything::covering(lint, &rules, cluster_wide)?;
    Some(Hit {
        rule: rules::by_id(id),
        role_rules: used.into_iter().map(|rule| rule as u32).collect(),
        named: false,
        whole: true,
        first: Bits::default(),
        may_lead: may_lead(id),
    })
}

/// What the default ClusterRoles `admin`, `edit` and `view` grant on a fresh cluster, by the ids of the rules.
pub(in crate::lint) fn of_defaults() -> HashMap<&'static str, Vec<&'static str>, RandomState> {
    use crate::load::{Loader, Options};
    let fresh = Loader::new(Options::default()).finish();
    let requests = Requests::new(
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
                .collect::<RuleNumbers>()
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
            role_rules,
            named,
            whole,
            first: if strong.is_empty() { weak } else { strong },
            may_lead: may_lead(rule.id),
        });
    }
    found
}
