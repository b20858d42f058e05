//! What `who-can` prints.

use crate::answer::grants::Grant;
use crate::answer::who_can::WhoCan;
use crate::model::{BindingKind, Cluster};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

/// A table for people: a row for each path of each subject.
pub fn table(cluster: &Cluster, answer: &[WhoCan<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["SUBJECT", "BINDING", "ROLE", "RULE"]);
    for who in answer {
        let subject = if who.namespace.is_empty() {
            format!("{} {}", who.kind.as_str(), who.name)
        } else {
            format!("{} {}/{}", who.kind.as_str(), who.namespace, who.name)
        };
        if who.via.is_empty() {
            let row = [&*subject, "(allowed everything before RBAC is asked)", "", ""];
            table.add_row(row);
        }
        for (i, grant) in who.via.iter().enumerate() {
            let binding = cluster.binding(grant.binding);
            let role = cluster.role(grant.role);
            let namespace = match binding.kind {
                BindingKind::ClusterRoleBinding => String::new(),
                BindingKind::RoleBinding => format!("{}/", cluster.str(binding.namespace)),
            };
            table.add_row([
                if i == 0 { subject.clone() } else { String::new() },
                format!("{} {namespace}{}", binding.kind.as_str(), cluster.str(binding.name)),
                format!("{} {}", role.kind.as_str(), cluster.str(role.name)),
                cluster.place(role.rules[grant.rule as usize].position),
            ]);
        }
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim());
        text.push('\n');
    }
    text
}

/// One path of a subject: binding, role, rule and the subject that matched, with places.
pub fn via_json(cluster: &Cluster, grant: &Grant) -> Value {
    let binding = cluster.binding(grant.binding);
    let role = cluster.role(grant.role);
    let subject = &binding.subjects[grant.subject as usize];
    let object = |kind: &str, namespace, name, position| {
        let mut value = json!({"kind": kind, "name": cluster.str(name)});
        let namespace = cluster.str(namespace);
        if !namespace.is_empty() {
            value["namespace"] = json!(namespace);
        }
        value["position"] = json!(cluster.place(position));
        value
    };
    json!({
        "binding": object(binding.kind.as_str(), binding.namespace, binding.name, binding.position),
        "role": object(role.kind.as_str(), role.namespace, role.name, role.position),
        "rule": {"position": cluster.place(role.rules[grant.rule as usize].position)},
        "subject": object(subject.kind.as_str(), subject.namespace, subject.name, subject.position),
    })
}
