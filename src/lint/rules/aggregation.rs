//! Aggregated ClusterRoles: who adds what to whose role.

use crate::lint::known;
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::{Role, RoleId, RoleKind, selects};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "RBC154",
    name: "aggregation-poisoning",
    severity: Severity::High,
    what: "adds dangerous rules to a role that others hold",
    why: "everybody who is bound to the aggregated role holds them, without a binding of their own",
    fix: "label it for `admin` instead, or bind it to those who need it",
    references: &["RBAC documentation: aggregated ClusterRoles"],
    bad: Example::Manifest("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n"),
    good: Example::Manifest("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}\nrules:\n- {apiGroups: [example.com], resources: [widgets], verbs: [get, list, watch]}\n"),
    near: Example::Manifest("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'false'}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n"),
    check: Check::All(poisoned),
}];

/// The aggregated roles that select a role.
fn gathered_by<'c>(lint: &Lint<'c>, role: &Role) -> Vec<(RoleId, &'c Role)> {
    if role.kind != RoleKind::ClusterRole || role.labels.is_empty() {
        return Vec::new();
    }
    let roles = lint.roles();
    roles
        .filter(|(_, target)| {
            let rule = target.aggregation_rule.iter();
            let mut selectors = rule.flat_map(|rule| &rule.cluster_role_selectors);
            target.name != role.name && selectors.any(|s| selects(s, &role.labels))
        })
        .collect()
}

/// Whether some aggregated role gathers the rules of this one.
pub(in crate::lint) fn is_gathered(lint: &Lint<'_>, role: &Role) -> bool {
    !gathered_by(lint, role).is_empty()
}

fn poisoned(lint: &Lint<'_>, found: &mut Found) {
    for (id, role) in lint.roles() {
        if lint.is_default_role(id) || role.position.is_built_in() || role.kind != RoleKind::ClusterRole {
            continue;
        }
        for (target_id, target) in gathered_by(lint, role) {
            let Some(default) = known::default_role(lint.cluster, target) else {
                continue;
            };
            let hits = lint.hits_of(id).filter(|(rule, named)| {
                !named && rule.severity >= Severity::High && rule.id != "RBC103"
            });
            let new = hits.filter(|(rule, _)| !lint.default_role_has(default.name, rule.id));
            let ids: Vec<_> = new.map(|(rule, _)| rule).collect();
            let Some(gravest) = ids.iter().max_by_key(|rule| rule.severity) else {
                continue;
            };
            let rules = lint.rules_of_hit(id, gravest.id);
            let mut finding: Finding = lint.of_role("RBC154", Severity::High, id, rules.first().copied());
            let bound = lint.bindings_of(target_id).iter().filter(|b| !lint.known.binding(**b));
            let bound: Vec<_> = bound.copied().collect();
            finding.what = Some(format!(
                "adds to the role {:?} that its holders {}",
                default.name,
                plural(gravest.what)
            ));
            for binding in bound.iter().take(10) {
                let at = lint.place_of(*binding, None);
                finding.also.push((at, format!("holds {}", default.name)));
            }
            found.add(finding);
            break;
        }
    }
}

/// The phrase is about one; it is said of many here.
fn plural(what: &str) -> String {
    match what.split_once(' ') {
        Some((verb, rest)) => format!("{} {rest}", verb.strip_suffix('s').unwrap_or(verb)),
        None => what.to_owned(),
    }
}
