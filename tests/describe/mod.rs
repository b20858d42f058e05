//! All that a cluster holds, as text with every symbol resolved: two clusters are the same if and only if
//! their descriptions are.

use rbac_check::model::{Cluster, LabelSelector, Symbol};
use std::fmt::Write;

/// Describes a cluster.
pub fn describe(cluster: &Cluster) -> String {
    let mut out = String::new();
    let str = |symbol: Symbol| cluster.str(symbol);
    let all = |list: &[Symbol]| -> Vec<&str> { list.iter().map(|s| cluster.str(*s)).collect() };
    let pairs = |list: &[(Symbol, Symbol)]| -> Vec<(&str, &str)> {
        let resolved = list.iter().map(|(k, v)| (cluster.str(*k), cluster.str(*v)));
        resolved.collect()
    };
    for role in cluster.roles() {
        let (kind, place) = (role.kind.as_str(), cluster.place(role.position));
        let (namespace, name) = (str(role.namespace), str(role.name));
        let labels = pairs(&role.labels);
        let _ = writeln!(out, "{kind} {namespace:?} {name:?} {labels:?} {place}");
        for rule in &role.rules {
            let lists = [
                all(&rule.verbs),
                all(&rule.api_groups),
                all(&rule.resources),
                all(&rule.resource_names),
                all(&rule.non_resource_urls),
            ];
            let _ = writeln!(out, "  {lists:?} {}", cluster.place(rule.position));
        }
        let selectors = role.aggregation_rule.iter();
        for selector in selectors.flat_map(|rule| &rule.cluster_role_selectors) {
            let LabelSelector {
                match_labels,
                match_expressions,
            } = selector;
            let _ = writeln!(out, "  selects {:?}", pairs(match_labels));
            for one in match_expressions {
                let (key, operator) = (str(one.key), one.operator);
                let _ = writeln!(out, "    {key:?} {operator:?} {:?}", all(&one.values));
            }
        }
    }
    for binding in cluster.bindings() {
        let (kind, place) = (binding.kind.as_str(), cluster.place(binding.position));
        let (namespace, name) = (str(binding.namespace), str(binding.name));
        let role = &binding.role_ref;
        let (role_kind, role_name) = (role.kind.as_str(), str(role.name));
        let role_place = cluster.place(role.position);
        let _ = writeln!(
            out,
            "{kind} {namespace:?} {name:?} {place} of {role_kind} {role_name:?} {role_place}"
        );
        for subject in &binding.subjects {
            let kind = subject.kind.as_str();
            let words = [subject.namespace, subject.name, subject.matches].map(str);
            let place = cluster.place(subject.position);
            let _ = writeln!(out, "  {kind} {words:?} {place}");
        }
    }
    let mut others: Vec<String> = Vec::new();
    for ((namespace, name), position) in cluster.service_accounts() {
        let (namespace, name) = (str(*namespace), str(*name));
        let place = cluster.place(*position);
        others.push(format!("ServiceAccount {namespace:?} {name:?} {place}\n"));
    }
    for (name, position) in cluster.namespaces() {
        let place = cluster.place(*position);
        others.push(format!("Namespace {:?} {place}\n", str(*name)));
    }
    others.sort_unstable();
    out.extend(others);
    for refusal in cluster.refusals() {
        let place = cluster.place(refusal.position);
        let _ = writeln!(out, "{place}: {}", refusal.message);
    }
    let (kinds, left_out) = (cluster.loaded_kinds(), cluster.left_out());
    let _ = writeln!(out, "{kinds:?} {left_out:?} {:?}", cluster.api_resources());
    out
}
