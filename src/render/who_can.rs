//! What `who-can` prints.

use crate::answer::grants::Grant;
use crate::answer::who_can::{Subjects, Via, WhoCan};
use crate::authz::{Chain, PRIVILEGED_GROUP};
use crate::model::{BindingKind, Cluster};
use crate::render::{place, word};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

/// A table for people: a row for each way of each subject. What cannot be known stands below.
pub fn table(chain: &Chain<'_>, answer: &Subjects<'_>) -> String {
    let mut text = subjects(chain, &answer.may);
    if !answer.unless.is_empty() {
        text.push_str(
            "\nunknown: these may, unless an authorizer whose answer is not known denies it\n",
        );
        text.push_str(&subjects(chain, &answer.unless));
    }
    for line in not_listed(chain, answer) {
        text.push_str(&format!("\n{line}\n"));
    }
    text
}

/// The authorizers that may allow others too, a line each.
pub fn not_listed(chain: &Chain<'_>, answer: &Subjects<'_>) -> Vec<String> {
    let members = answer.not_listed.iter();
    members
        .filter_map(|&index| chain.members().get(index))
        .map(|member| format!("{member} cannot be listed: it may allow others"))
        .collect()
}

fn subjects(chain: &Chain<'_>, subjects: &[WhoCan<'_>]) -> String {
    let cluster = chain.cluster();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["SUBJECT", "BINDING", "ROLE", "RULE"]);
    for who in subjects {
        let subject = match who.namespace {
            "" => format!("{} {}", who.kind.as_str(), word(who.name)),
            namespace => {
                let (namespace, name) = (word(namespace), word(who.name));
                format!("{} {namespace}/{name}", who.kind.as_str())
            }
        };
        if who.via.is_empty() {
            let how = match who.name == PRIVILEGED_GROUP {
                true => "(allowed everything before RBAC is asked)",
                false => "",
            };
            table.add_row([&*subject, how, "", ""]);
        }
        for (i, via) in who.via.iter().enumerate() {
            let shown = match i {
                0 => subject.clone(),
                _ => String::new(),
            };
            let grant = match via {
                Via::Grant(grant) => grant,
                Via::Policy(line) => {
                    let policy = format!("(ABAC policy, line {line})");
                    table.add_row([shown, policy, String::new(), String::new()]);
                    continue;
                }
                Via::Authorizer(index) => {
                    let member = chain.members().get(*index).map(ToString::to_string);
                    let how = format!("({})", member.unwrap_or_default());
                    table.add_row([shown, how, String::new(), String::new()]);
                    continue;
                }
            };
            let binding = cluster.binding(grant.binding);
            let role = cluster.role(grant.role);
            let namespace = match binding.kind {
                BindingKind::ClusterRoleBinding => String::new(),
                BindingKind::RoleBinding => format!("{}/", word(cluster.str(binding.namespace))),
            };
            let name = word(cluster.str(binding.name));
            table.add_row([
                shown,
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

/// One way of a subject: the authorizer, of a grant also binding, role, rule and the subject that matched,
/// with places.
pub fn via_json(chain: &Chain<'_>, via: &Via) -> Value {
    match via {
        Via::Grant(grant) => grant_json(chain.cluster(), grant),
        Via::Policy(line) => json!({"authorizer": "ABAC", "policy": {"line": line}}),
        Via::Authorizer(index) => {
            let member = chain.members().get(*index);
            json!({"authorizer": member.map(|member| member.authorizer.kind())})
        }
    }
}

fn grant_json(cluster: &Cluster, grant: &Grant) -> Value {
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
