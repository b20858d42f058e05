//! The text of a fix: kubectl commands where they can say it, else YAML.

use super::words::{self, place, word};
use crate::answer::explain::fix::{Fix, NewBinding, NewRole, NewRule, RuleList};
use crate::model::{
    BindingId, BindingKind, Cluster, PolicyRule, Quoted, RoleId, RoleKind, SubjectKind,
};
use std::fmt::Write;

/// The verbs that `kubectl create role` accepts on any resource that the server has.
const KUBECTL_VERBS: &[&str] = &[
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "deletecollection",
    "*",
];

/// What to do, in several lines.
pub(super) fn fix_text(cluster: &Cluster, fix: &Fix) -> String {
    match fix {
        Fix::ExtendRule {
            binding,
            role,
            rule,
            list,
            add,
        } => {
            let rule = &cluster.role(*role).rules[*rule as usize];
            let from = format!("the rule at {} of", place(cluster, rule.position));
            let what = format!("add {} to {}", word(add), list.as_str());
            let mut new = existing(cluster, rule);
            list_of(&mut new, *list).push(add.clone());
            let yaml = rule_yaml(&new);
            format!(
                "{what} of {from} {}:\n{yaml}",
                role_and_reach(cluster, *role, *binding)
            )
        }
        Fix::AddRule {
            binding,
            role,
            rule,
        } => {
            let role = role_and_reach(cluster, *role, *binding);
            format!("add a rule to {role}:\n{}", rule_yaml(rule))
        }
        Fix::CreateMissingRole { binding, role } => {
            let binding = words::binding(cluster, cluster.binding(*binding));
            format!(
                "create the role that {binding} refers to:\n{}",
                create_role(cluster, role)
            )
        }
        Fix::BindRole { role, binding } => {
            let role = words::role(cluster, cluster.role(*role));
            format!("bind {role}:\n{}", create_binding(binding))
        }
        Fix::NewRole { role, binding } => format!(
            "a new role and binding:\n{}{}",
            create_role(cluster, role),
            create_binding(binding)
        ),
    }
}

/// The role, and whom else a change of it concerns.
fn role_and_reach(cluster: &Cluster, role: RoleId, binding: BindingId) -> String {
    let name = words::role(cluster, cluster.role(role));
    let at = place(cluster, cluster.role(role).position);
    let same =
        |b: &&crate::model::Binding| cluster.resolve_role(&b.role_ref, b.namespace) == Some(role);
    let others = cluster
        .bindings()
        .iter()
        .filter(same)
        .count()
        .saturating_sub(1);
    let binding = cluster.binding(binding);
    let subjects = binding.subjects.len().saturating_sub(1);
    let mut notes = vec![at];
    if binding.kind == BindingKind::ClusterRoleBinding {
        notes.push("bound in every namespace".to_owned());
    }
    for (count, what) in [(subjects, "subject"), (others, "binding")] {
        match count {
            0 => {}
            1 => notes.push(format!("1 other {what} has it too")),
            count => notes.push(format!("{count} other {what}s have it too")),
        }
    }
    format!("{name} ({})", notes.join("; "))
}

fn existing(cluster: &Cluster, rule: &PolicyRule) -> NewRule {
    let list =
        |list: &[crate::model::Symbol]| list.iter().map(|s| cluster.str(*s).to_owned()).collect();
    NewRule {
        verbs: list(&rule.verbs),
        api_groups: list(&rule.api_groups),
        resources: list(&rule.resources),
        resource_names: list(&rule.resource_names),
        non_resource_urls: list(&rule.non_resource_urls),
    }
}

/// The list of a rule that a fix names.
pub(super) fn list_of(rule: &mut NewRule, list: RuleList) -> &mut Vec<String> {
    match list {
        RuleList::Verbs => &mut rule.verbs,
        RuleList::ApiGroups => &mut rule.api_groups,
        RuleList::Resources => &mut rule.resources,
        RuleList::ResourceNames => &mut rule.resource_names,
        RuleList::NonResourceUrls => &mut rule.non_resource_urls,
    }
}

fn rule_yaml(rule: &NewRule) -> String {
    let mut out = String::new();
    let lists = [
        (RuleList::ApiGroups, &rule.api_groups),
        (RuleList::Resources, &rule.resources),
        (RuleList::ResourceNames, &rule.resource_names),
        (RuleList::NonResourceUrls, &rule.non_resource_urls),
        (RuleList::Verbs, &rule.verbs),
    ];
    let mut begin = "- ";
    for (list, words) in lists.iter().filter(|(_, words)| !words.is_empty()) {
        let words: Vec<String> = words.iter().map(|w| scalar(w)).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{begin}{}: [{}]", list.as_str(), words.join(", "));
        begin = "  ";
    }
    out
}

/// A YAML scalar: plain where no reader could take it for anything but this text.
fn scalar(text: &str) -> String {
    let letters = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '/'].contains(&c);
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(letters)
        && !reserved.contains(&text.to_lowercase().as_str());
    if plain {
        text.to_owned()
    } else {
        Quoted(text).to_string()
    }
}

/// Words of a command line, where a shell and kubectl read them back as they are.
fn command(words: &[(&str, &str)]) -> Option<String> {
    let mut out = String::new();
    for (flag, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        // kubectl splits some flags at commas, and what is not printable is better not pasted.
        if value.contains([',', '\'']) || Quoted(value).to_string().len() != value.len() + 2 {
            return None;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "._/:@%+=-".contains(c);
        let spaces_are_mine = flag.is_empty();
        if spaces_are_mine || value.chars().all(plain) {
            let _ = write!(out, "{flag}{value}");
        } else {
            let _ = write!(out, "{flag}'{value}'");
        }
    }
    out.push('\n');
    Some(out)
}

fn create_role(cluster: &Cluster, role: &NewRole) -> String {
    role_command(cluster, role).unwrap_or_else(|| {
        let mut out = header(role.kind.as_str(), &role.namespace, &role.name);
        out.push_str("rules:\n");
        out.push_str(&rule_yaml(&role.rule));
        out
    })
}

/// `kubectl create role`, where kubectl accepts the words: it looks verbs and resources up.
fn role_command(cluster: &Cluster, role: &NewRole) -> Option<String> {
    let begin = match role.kind {
        RoleKind::Role => "kubectl create role",
        RoleKind::ClusterRole => "kubectl create clusterrole",
    };
    let rule = &role.rule;
    let verb = rule.verbs.first()?;
    if let Some(url) = rule.non_resource_urls.first() {
        let known = [
            "get", "put", "post", "head", "options", "delete", "patch", "*",
        ];
        let acceptable = url.starts_with('/') && known.contains(&verb.as_str());
        return acceptable.then(|| {
            let flags = [
                ("", begin),
                ("", &role.name),
                ("--verb=", verb),
                ("--non-resource-url=", url),
            ];
            command(&flags)
        })?;
    }
    let (group, entry) = (rule.api_groups.first()?, rule.resources.first()?);
    let (resource, subresource) = entry.split_once('/').unwrap_or((entry, ""));
    let found = cluster.api_resources().find(group, resource)?;
    if !KUBECTL_VERBS.contains(&verb.as_str()) {
        return None;
    }
    let dot = if group.is_empty() { "" } else { "." };
    let slash = if subresource.is_empty() { "" } else { "/" };
    let what = format!("{}{dot}{group}{slash}{subresource}", found.name());
    let name = rule.resource_names.first().map_or("", String::as_str);
    command(&[
        ("", begin),
        ("", &role.name),
        ("--namespace=", &role.namespace),
        ("--verb=", verb),
        ("--resource=", &what),
        ("--resource-name=", name),
    ])
}

fn create_binding(binding: &NewBinding) -> String {
    binding_command(binding).unwrap_or_else(|| binding_yaml(binding))
}

fn binding_command(binding: &NewBinding) -> Option<String> {
    let begin = match binding.kind {
        BindingKind::RoleBinding => "kubectl create rolebinding",
        BindingKind::ClusterRoleBinding => "kubectl create clusterrolebinding",
    };
    let role = match binding.role_kind {
        RoleKind::Role => "--role=",
        RoleKind::ClusterRole => "--clusterrole=",
    };
    let (kind, name) = match binding.subject.kind {
        SubjectKind::User => ("--user=", binding.subject.name.clone()),
        SubjectKind::Group => ("--group=", binding.subject.name.clone()),
        SubjectKind::ServiceAccount => {
            let name = format!("{}:{}", binding.subject.namespace, binding.subject.name);
            ("--serviceaccount=", name)
        }
    };
    command(&[
        ("", begin),
        ("", &binding.name),
        ("--namespace=", &binding.namespace),
        (role, &binding.role_name),
        (kind, &name),
    ])
}

fn binding_yaml(binding: &NewBinding) -> String {
    let mut out = header(binding.kind.as_str(), &binding.namespace, &binding.name);
    let group = "rbac.authorization.k8s.io";
    let (kind, name) = (binding.role_kind.as_str(), scalar(&binding.role_name));
    let _ = writeln!(
        out,
        "roleRef: {{apiGroup: {group}, kind: {kind}, name: {name}}}"
    );
    let (kind, name) = (binding.subject.kind, scalar(&binding.subject.name));
    let place = match kind {
        SubjectKind::ServiceAccount => format!("namespace: {}", scalar(&binding.subject.namespace)),
        SubjectKind::User | SubjectKind::Group => format!("apiGroup: {group}"),
    };
    let _ = writeln!(
        out,
        "subjects:\n- {{kind: {}, {place}, name: {name}}}",
        kind.as_str()
    );
    out
}

fn header(kind: &str, namespace: &str, name: &str) -> String {
    let namespace = match namespace {
        "" => String::new(),
        namespace => format!("namespace: {}, ", scalar(namespace)),
    };
    let name = scalar(name);
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{{namespace}name: {name}}}\n"
    )
}
