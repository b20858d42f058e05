//! What `who-can` prints.

use crate::answer::grants::Grant;
use crate::answer::who_can::WhoCan;
use crate::model::{BindingKind, Cluster};
use crate::render::{place, word};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

/// A table for people: a row for each path of each subject.
pub fn table(cluster: &Cluster, answer: &[WhoCan<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["SUBJECT", "BINDING", "ROLE", "RULE"]);
    for who in answer {
        let subject = match who.namespace {
            "" => format!("{} {}", who.kind.as_str(), word(who.name)),
            namespace => {
                let (namespace, name) = (word(namespace), word(who.name));
                format!("{} {namespace}/{name}", who.kind.as_str())
            }
        };
        if who.via.is_empty() {
            let row = [
                &*subject,
                "(allowed everything before RBAC is asked)",
                "",
                "",
            ];
            table.add_row(row);
        }
        for (i, grant) in who.via.iter().enumerate() {
            let binding = cluster.binding(grant.binding);
            let role = cluster.role(grant.role);
            let namespace = match binding.kind {
                BindingKind::ClusterRoleBinding => String::new(),
                BindingKind::RoleBinding => format!("{}/", word(cluster.str(binding.namespace))),
            };
            let name = word(cluster.str(binding.name));
            table.add_row([
                if i == 0 {
                    subject.clone()
                } else {
                    String::new()
                },
                format!("{} {namespace}{name}", binding.kind.as_str()),
                format!("{} {}", role.kind.as_str(), word(cluster.str(role.name))),
                place(cluster, role.rules[grant.rule as usize].position),
            ]);
        }
    }
    let mut text = String::new();
    for line in table.lines() {
        // Each cell is padded by one space on both sides.
        text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
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
