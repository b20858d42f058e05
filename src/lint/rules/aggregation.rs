//! Aggregated ClusterRoles: who adds what to whose role.

use crate::lint::catalogue::alike;
use crate::lint::known;
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity, Standing};
use crate::model::{PolicyRule, Role, RoleId, RoleKind, selects};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC154",
        name: "aggregation-poisoning",
        severity: Severity::High,
        what: "adds dangerous rules to a role that others hold",
        why: "everybody who is bound to the aggregated role holds them, without a binding of their own",
        fix: "label it for `admin` instead, or bind it to those who need it",
        references: &["RBAC documentation: aggregated ClusterRoles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}\nrules:\n- {apiGroups: [example.com], resources: ['*'], verbs: [get, list, watch]}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: more-view\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: 'false'}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n",
        ),
        check: Check::All(poisoned),
    },
    Rule {
        id: "RBC636",
        name: "aggregation-selects-nothing",
        severity: Severity::Medium,
        what: "gathers the rules of no role",
        why: "no loaded ClusterRole bears the labels, so its bindings grant nothing",
        fix: "label the roles that it is to gather, or load them",
        references: &["RBAC documentation: aggregated ClusterRoles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: part, labels: {example.com/gather: 'true'}}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}\nrules: []\n",
        ),
        check: Check::All(labels),
    },
    Rule {
        id: "RBC637",
        name: "aggregation-label-dead",
        severity: Severity::Medium,
        what: "has an aggregation label that no role selects",
        why: "the label is misspelt or its value is not the string true, so the rules reach nobody",
        fix: "write rbac.authorization.k8s.io/aggregate-to-{view,edit,admin}: \"true\"",
        references: &["RBAC documentation: aggregated ClusterRoles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: part, labels: {rbac.authorization.k8s.io/aggregate-to-edti: 'true'}}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: part, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: part, labels: {example.com/aggregate-to-mine: 'true'}}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        check: Check::With("RBC636"),
    },
    Rule {
        id: "RBC639",
        name: "aggregation-self",
        severity: Severity::Low,
        what: "bears the labels that it gathers by",
        why: "the controller leaves the role itself out; others that gather by the label take it in",
        fix: "remove the label, or gather by another one",
        references: &["RBAC documentation: aggregated ClusterRoles"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered, labels: {example.com/gather: 'true'}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: gathered, labels: {example.com/gather: 'false'}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n",
        ),
        check: Check::With("RBC636"),
    },
    Rule {
        id: "RBC640",
        name: "reserved-role-name",
        severity: Severity::Medium,
        what: "bears a name that Kubernetes keeps for its own roles",
        why: "a later version may bring a role of the name, and a changed built-in role is put back when the server starts",
        fix: "use a name without the prefix system:; give a built-in role more by an aggregated role",
        references: &["RBAC documentation: default roles, auto-reconciliation"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:discovery'}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:public-info-viewer'}\nrules:\n- {nonResourceURLs: [/healthz], verbs: [get]}\n",
        ),
        check: Check::With("RBC636"),
    },
];

/// The aggregated roles that select a role.
fn gathered_by<'c>(lint: &Lint<'c>, role: &Role) -> Vec<(RoleId, &'c Role)> {
    if role.kind != RoleKind::ClusterRole || role.labels.is_empty() {
        return Vec::new();
    }
    lint.aggregated()
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

/// Rules about how a role is written: how grave they are depends on its groups.
const SPELLING: [&str; 4] = ["RBC103", "RBC104", "RBC105", "RBC106"];

fn poisoned(lint: &Lint<'_>, found: &mut Found) {
    for (id, role) in lint.roles() {
        if lint.is_default_role(id)
            || role.position.is_built_in()
            || role.kind != RoleKind::ClusterRole
        {
            continue;
        }
        for (target_id, target) in gathered_by(lint, role) {
            let Some(default) = known::default_role(lint.cluster, target) else {
                continue;
            };
            let hits = lint.hits_of(id).filter(|(rule, named)| {
                !named && rule.severity >= Severity::High && !SPELLING.contains(&rule.id)
            });
            let new = hits.filter(|(rule, _)| !lint.default_role_has(default.name, rule.id));
            let gravest = new.map(|(rule, _)| rule).max_by_key(|rule| rule.severity);
            let (what, rule) = match (gravest, first_write(lint, role)) {
                (Some(gravest), _) => {
                    let rules = lint.rules_of_hit(id, gravest.id);
                    (plural(gravest.what), rules.first().copied())
                }
                (None, Some(rule)) if default.name == "view" => (
                    "write objects, who were to read alone".to_owned(),
                    Some(rule),
                ),
                _ => continue,
            };
            let mut finding: Finding = lint.of_role("RBC154", Severity::High, id, rule);
            let bound = lint
                .bindings_of(target_id)
                .iter()
                .filter(|b| !lint.known.binding(**b));
            let bound: Vec<_> = bound.copied().collect();
            finding.what = Some(
                format!(
                    "adds to the role {:?} that its holders {what}",
                    default.name
                )
                .into(),
            );
            for binding in bound.iter().take(10) {
                let at = lint.place_of(*binding, None);
                finding
                    .also
                    .push((at, format!("holds {}", default.name).into()));
            }
            found.add(finding);
            break;
        }
    }
}

/// The first rule that writes what the server serves; a verb of nobody's resources does nothing.
fn first_write(lint: &Lint<'_>, role: &Role) -> Option<u32> {
    const WRITES: [&str; 6] = [
        "*",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
    ];
    let writes = |rule: &PolicyRule| {
        let mut verbs = rule.verbs.iter();
        rule.resource_names.is_empty()
            && rule.non_resource_urls.is_empty()
            && !rule.api_groups.is_empty()
            && !rule.resources.is_empty()
            && verbs.any(|verb| WRITES.contains(&lint.str(*verb)))
    };
    (0u32..)
        .zip(&role.rules)
        .find(|(_, rule)| writes(rule))
        .map(|(index, _)| index)
}

/// The phrase is about one; it is said of many here.
fn plural(what: &str) -> String {
    match what.split_once(' ') {
        Some((verb, rest)) => format!("{} {rest}", verb.strip_suffix('s').unwrap_or(verb)),
        None => what.to_owned(),
    }
}

/// The keys by which the built-in roles gather.
const PREFIX: &str = "rbac.authorization.k8s.io/aggregate-to-";

fn labels(lint: &Lint<'_>, found: &mut Found) {
    // Selectors are compared with every role that has labels: they are few, or they are cut.
    const MOST: usize = 200;
    let mut aggregated = 0;
    for (id, role) in lint.roles() {
        if lint.is_default_role(id) || role.position.is_built_in() {
            continue;
        }
        reserved(lint, id, role, found);
        for (key, value) in &role.labels {
            let (key, value) = (lint.str(*key), lint.str(*value));
            let Some(target) = key.strip_prefix(PREFIX) else {
                continue;
            };
            if role.kind != RoleKind::ClusterRole {
                continue;
            }
            let known = lint.is_aggregation_label(key) || lint.selects_label(key);
            let meant = alike(target, ["admin", "edit", "view"].into_iter());
            let why = match (known, meant, value) {
                (_, _, "false") => continue,
                (true, _, "true") => continue,
                (true, ..) => format!("the value is {value:?} and not \"true\""),
                (false, Some(meant), _) => format!("did you mean aggregate-to-{meant}?"),
                // Its rules reach somebody after all.
                (false, None, _) if !lint.bindings_of(id).is_empty() || is_gathered(lint, role) => {
                    continue;
                }
                (false, None, _) => "of Kubernetes itself, admin, edit and view gather by such a label; no role that was loaded gathers by this one".to_owned(),
            };
            // Other distributions have roles of their own that gather.
            let severity = match known || meant.is_some() || lint.is_complete() {
                true => Severity::Medium,
                false => Severity::Low,
            };
            let mut finding: Finding = lint.of_role("RBC637", severity, id, None);
            finding.what = Some(
                format!("has a label for aggregation to {target:?} that no role selects").into(),
            );
            finding.why = Some(why.into());
            found.add(finding);
        }
        let Some(rule) = &role.aggregation_rule else {
            continue;
        };
        aggregated += 1;
        if aggregated > MOST {
            found.not_checked("RBC636", format!("more than {MOST} aggregated roles"));
            continue;
        }
        let selected = |candidate: &Role| {
            rule.cluster_role_selectors
                .iter()
                .any(|s| selects(s, &candidate.labels))
        };
        let own = selected(role);
        let others = lint.roles().any(|(other, candidate)| {
            other != id && candidate.kind == RoleKind::ClusterRole && selected(candidate)
        });
        let all = rule
            .cluster_role_selectors
            .iter()
            .any(|s| s.match_labels.is_empty() && s.match_expressions.is_empty());
        // Who selects everything is told so (RBC638).
        if own && !all {
            found.add(lint.of_role("RBC639", Severity::Low, id, None));
        } else if !all && let Some(other) = in_cycle(lint, id, role) {
            let mut finding = lint.of_role("RBC639", Severity::Low, id, None);
            let name = crate::model::Quoted(lint.str(other.name));
            finding.what =
                Some(format!("gathers the rules of {name}, which gathers its own").into());
            finding.why = Some(
                "what one of them is given reaches both, and neither can be read alone".into(),
            );
            finding.also.push((other.position, "the other role".into()));
            found.add(finding);
        }
        if !others {
            found.add(lint.of_role("RBC636", Severity::Medium, id, None));
        }
    }
}

/// The role that is gathered by this one and, by whatever way, gathers it.
fn in_cycle<'c>(lint: &Lint<'c>, id: RoleId, role: &Role) -> Option<&'c Role> {
    let mut seen = vec![id];
    let mut open = gathered_by(lint, role);
    while let Some((next, target)) = open.pop() {
        for (id_of, further) in gathered_by(lint, target) {
            if id_of == id {
                return Some(target);
            }
            if !seen.contains(&id_of) {
                seen.push(id_of);
                open.push((id_of, further));
            }
        }
        seen.push(next);
    }
    None
}

fn reserved(lint: &Lint<'_>, id: RoleId, role: &Role, found: &mut Found) {
    let name = lint.str(role.name);
    let standing = lint.known.role(id);
    let built_in = standing != Standing::Own;
    if standing == Standing::Changed {
        let mut finding: Finding = lint.of_role("RBC640", Severity::Medium, id, None);
        finding.what =
            Some("is a built-in role with rules that it does not have on a fresh cluster".into());
        found.add(finding);
    } else if name.starts_with("system:") && !built_in {
        found.add(lint.of_role("RBC640", Severity::Medium, id, None));
    }
}
