//! A small language for the clusters and questions of tests.

use super::fix::{Fix, NewBinding, NewRole, NewRule, RuleList};
use crate::model::{
    AggregationRule, Attributes, Binding, BindingKind, Cluster, ClusterBuilder, FileId,
    LabelSelector, PolicyRule, Position, Request, Role, RoleKind, RoleRef, Subject, SubjectKind,
    Symbol, WordList,
};
use std::sync::Arc;

/// Objects as words, so that a test can change them and build again.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    roles: Vec<(String, Vec<String>)>,
    bindings: Vec<(String, String, Vec<String>)>,
    accounts: Vec<(String, String)>,
    namespaces: Vec<String>,
    /// ClusterRoles that gather another one's rules: (the one, the other).
    aggregated: Vec<(String, String)>,
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

impl World {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// `Role NS/NAME` or `ClusterRole NAME`; rules as `VERBS RESOURCE[/SUB][.GROUP],… [@NAME,…]` (all of
    /// the last one's group) or `VERBS /PATH,…`.
    pub(crate) fn role(&mut self, name: &str, rules: &[&str]) {
        self.roles.push((name.to_owned(), strings(rules)));
    }

    /// `RoleBinding NS/NAME` or `ClusterRoleBinding NAME`, `KIND NAME` of the role, subjects as
    /// `KIND NAME`, a ServiceAccount as `ServiceAccount NS/NAME`.
    pub(crate) fn bind(&mut self, name: &str, role: &str, subjects: &[&str]) {
        let binding = (name.to_owned(), role.to_owned(), strings(subjects));
        self.bindings.push(binding);
    }

    pub(crate) fn account(&mut self, namespace: &str, name: &str) {
        self.accounts.push((namespace.to_owned(), name.to_owned()));
    }

    pub(crate) fn namespace(&mut self, name: &str) {
        self.namespaces.push(name.to_owned());
    }

    /// Makes the first ClusterRole an aggregated one, of the second.
    pub(crate) fn aggregate(&mut self, target: &str, source: &str) {
        self.aggregated.push((target.to_owned(), source.to_owned()));
    }

    /// Does what a fix says.
    pub(crate) fn apply(&mut self, cluster: &Cluster, fix: &Fix) {
        match fix {
            Fix::ExtendRule {
                role,
                rule,
                list,
                add,
                ..
            } => {
                let rule = &mut self.roles[role.0 as usize].1[*rule as usize];
                *rule = extended(rule, *list, add);
            }
            Fix::AddRule { role, rule, .. } => self.roles[role.0 as usize].1.push(rule_text(rule)),
            Fix::CreateMissingRole { role, .. } => self.create(role),
            Fix::BindRole { role, binding } => {
                assert_eq!(binding.role_name, cluster.str(cluster.role(*role).name));
                self.create_binding(binding);
            }
            Fix::NewRole { role, binding } => {
                self.create(role);
                self.create_binding(binding);
            }
        }
    }

    fn create(&mut self, role: &NewRole) {
        let name = named(role.kind.as_str(), &role.namespace, &role.name);
        assert!(
            self.roles.iter().all(|(other, _)| *other != name),
            "{name} exists"
        );
        self.roles.push((name, vec![rule_text(&role.rule)]));
    }

    fn create_binding(&mut self, binding: &NewBinding) {
        let name = named(binding.kind.as_str(), &binding.namespace, &binding.name);
        assert!(
            self.bindings.iter().all(|(other, ..)| *other != name),
            "{name} exists"
        );
        let role = named(binding.role_kind.as_str(), "", &binding.role_name);
        let subject = &binding.subject;
        let subject = named(subject.kind.as_str(), &subject.namespace, &subject.name);
        self.bindings.push((name, role, vec![subject]));
    }

    /// Each role stands at lines 10, 20… of `roles.yaml`, its rules below it; each binding in
    /// `bindings.yaml`.
    pub(crate) fn build(&self) -> Cluster {
        let mut builder = ClusterBuilder::new();
        let roles = builder.add_file("roles.yaml");
        let bindings = builder.add_file("bindings.yaml");
        for (line, (name, rules)) in (1u32..).zip(&self.roles) {
            let mut role = role(&mut builder, at(roles, line * 10, 1), name, rules);
            for (target, source) in &self.aggregated {
                let label = (builder.interner.intern(target), Symbol::ANY);
                if name == source {
                    role.labels = Box::new([label]);
                } else if name == target {
                    let selector = LabelSelector {
                        match_labels: vec![label],
                        match_expressions: Vec::new(),
                    };
                    let cluster_role_selectors = vec![selector];
                    role.aggregation_rule = Some(AggregationRule {
                        cluster_role_selectors,
                    });
                }
            }
            builder.add_role(role);
        }
        for (line, (name, role, subjects)) in (1u32..).zip(&self.bindings) {
            add_binding(
                &mut builder,
                at(bindings, line * 10, 1),
                name,
                role,
                subjects,
            );
        }
        for (namespace, name) in &self.accounts {
            let (namespace, name) = (
                builder.interner.intern(namespace),
                builder.interner.intern(name),
            );
            builder.add_service_account(namespace, name, at(roles, 1, 1).into());
        }
        for name in &self.namespaces {
            let name = builder.interner.intern(name);
            builder.add_namespace(name, at(roles, 1, 1));
        }
        builder.build(true)
    }
}

fn named(kind: &str, namespace: &str, name: &str) -> String {
    match namespace {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

fn rule_text(rule: &NewRule) -> String {
    let verbs = rule.verbs.join(",");
    if !rule.non_resource_urls.is_empty() {
        return format!("{verbs} {}", rule.non_resource_urls.join(","));
    }
    let text = format!(
        "{verbs} {}.{}",
        rule.resources.join(","),
        rule.api_groups.join(",")
    );
    match rule.resource_names.join(",").as_str() {
        "" => text,
        names => format!("{text} @{names}"),
    }
}

fn extended(rule: &str, list: RuleList, add: &str) -> String {
    let mut words: Vec<String> = rule.split(' ').map(str::to_owned).collect();
    match list {
        RuleList::Verbs => words[0] = format!("{},{add}", words[0]),
        RuleList::NonResourceUrls => words[1] = format!("{},{add}", words[1]),
        RuleList::ResourceNames => words[2] = format!("{},{add}", words[2]),
        RuleList::Resources => words[1] = format!("{add},{}", words[1]),
        RuleList::ApiGroups => {
            let dot = if words[1].contains('.') { "" } else { "." };
            words[1] = format!("{}{dot},{add}", words[1]);
        }
    }
    words.join(" ")
}

fn at(file: FileId, line: u32, column: u32) -> Position {
    Position { file, line, column }
}

fn role(builder: &mut ClusterBuilder, position: Position, name: &str, rules: &[String]) -> Role {
    let (kind, place) = name.split_once(' ').unwrap();
    let (kind, namespace, name) = match (kind, place.split_once('/')) {
        ("Role", Some((namespace, name))) => (RoleKind::Role, namespace, name),
        _ => (RoleKind::ClusterRole, "", place),
    };
    let rules = (1u32..).zip(rules).map(|(line, text)| {
        let position = at(position.file, position.line + line, 5);
        Arc::new(rule(builder, position, text))
    });
    Role {
        kind,
        rules: rules.collect(),
        namespace: builder.interner.intern(namespace),
        name: builder.interner.intern(name),
        labels: Box::default(),
        aggregation_rule: None,
        position,
    }
}

fn rule(builder: &mut ClusterBuilder, position: Position, text: &str) -> PolicyRule {
    let mut list = |text: &str| -> WordList {
        let words = text.split(',').filter(|word| !word.is_empty());
        words.map(|word| builder.interner.intern(word)).collect()
    };
    let (mut words, mut names) = (text.split(' '), "");
    let (verbs, what) = (words.next().unwrap(), words.next().unwrap());
    if let Some(word) = words.next() {
        names = word.strip_prefix('@').unwrap();
    }
    let path = what.starts_with('/');
    let (resources, group) = what.split_once('.').unwrap_or((what, ""));
    PolicyRule {
        verbs: list(verbs),
        resources: if path {
            WordList::new()
        } else {
            list(resources)
        },
        resource_names: list(names),
        non_resource_urls: if path { list(what) } else { WordList::new() },
        api_groups: match (path, group) {
            (true, _) => WordList::new(),
            (false, "") => WordList::from_slice(&[Symbol::EMPTY]),
            (false, group) => group
                .split(',')
                .map(|word| builder.interner.intern(word))
                .collect(),
        },
        position,
    }
}

fn add_binding(
    builder: &mut ClusterBuilder,
    position: Position,
    name: &str,
    role: &str,
    subjects: &[String],
) {
    let (kind, place) = name.split_once(' ').unwrap();
    let (kind, namespace, name) = match (kind, place.split_once('/')) {
        ("RoleBinding", Some((namespace, name))) => (BindingKind::RoleBinding, namespace, name),
        _ => (BindingKind::ClusterRoleBinding, "", place),
    };
    let (role_kind, role) = role.split_once(' ').unwrap();
    let mut subject = |(column, text): (u32, &String)| {
        let (kind, name) = text.split_once(' ').unwrap();
        let (kind, namespace, name) = match (kind, name.split_once('/')) {
            ("ServiceAccount", Some((namespace, name))) => {
                (SubjectKind::ServiceAccount, namespace, name)
            }
            ("Group", _) => (SubjectKind::Group, "", name),
            _ => (SubjectKind::User, "", name),
        };
        let matches = match kind {
            SubjectKind::ServiceAccount => format!("system:serviceaccount:{namespace}:{name}"),
            _ => name.to_owned(),
        };
        Subject {
            kind,
            namespace: builder.interner.intern(namespace),
            name: builder.interner.intern(name),
            matches: builder.interner.intern(&matches),
            position: at(position.file, position.line + 5, column),
        }
    };
    let subjects = (1u32..).zip(subjects).map(&mut subject).collect();
    let binding = Binding {
        kind,
        namespace: builder.interner.intern(namespace),
        name: builder.interner.intern(name),
        role_ref: RoleRef {
            kind: if role_kind == "Role" {
                RoleKind::Role
            } else {
                RoleKind::ClusterRole
            },
            name: builder.interner.intern(role),
            position: at(position.file, position.line + 1, 1),
        },
        subjects,
        position,
    };
    builder.add_binding(binding);
}

/// `VERB RESOURCE[/SUB][.GROUP] NAMESPACE|- [NAME]`.
pub(crate) fn ask<'a>(
    user: &'a str,
    groups: &'a [&'a str],
    text: &'a str,
) -> Attributes<'a, &'a str> {
    let mut words = text.split(' ');
    let verb = words.next().unwrap();
    let what = words.next().unwrap();
    let namespace = words.next().unwrap();
    let (what, group) = what.split_once('.').unwrap_or((what, ""));
    let (resource, subresource) = what.split_once('/').unwrap_or((what, ""));
    let request = Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace: if namespace == "-" { "" } else { namespace },
        name: words.next().unwrap_or(""),
    };
    Attributes {
        user,
        groups,
        request,
        ..Attributes::default()
    }
}

/// `VERB PATH`.
pub(crate) fn url<'a>(
    user: &'a str,
    groups: &'a [&'a str],
    text: &'a str,
) -> Attributes<'a, &'a str> {
    let (verb, path) = text.split_once(' ').unwrap();
    let request = Request::NonResource { verb, path };
    Attributes {
        user,
        groups,
        request,
        ..Attributes::default()
    }
}
