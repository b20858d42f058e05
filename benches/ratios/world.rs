//! Synthetic clusters from a seed: the shape is that of a large multi-tenant cluster, as `kubectl get`
//! dumps it.
//!
//! Of *n* bindings a fifth are ClusterRoleBindings and the rest RoleBindings over n/50 namespaces; each
//! has a user, one of 97 groups and a service account. There are n/10 ClusterRoles of four rules and
//! four Roles a namespace. About ten bindings, however many there are, refer
//! to roles that do not exist.

use rbac_check::model::{BindingKind, Cluster, Request, SubjectKind};
use serde_json::{Value, json};
use std::fmt::Write;

const RBAC: &str = "rbac.authorization.k8s.io";
const VERBS: [&str; 8] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
];
const RESOURCES: [(&str, &str); 12] = [
    ("", "pods"),
    ("", "pods/log"),
    ("", "secrets"),
    ("", "configmaps"),
    ("", "services"),
    ("apps", "deployments"),
    ("apps", "deployments/scale"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("networking.k8s.io", "ingresses"),
    ("example.com", "widgets"),
];
const GROUPS: u64 = 97;

/// A small generator of pseudo-random numbers (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// The objects of a world of `n` bindings, one after another.
pub fn objects(n: u64, seed: u64) -> impl Iterator<Item = Value> {
    let mut random = Random(seed);
    let namespaces = (n / 50).max(1);
    let cluster_roles = (n / 10).max(1);
    let total = namespaces + cluster_roles + 4 * namespaces + n;
    (0..total).map(move |i| {
        let random = &mut random;
        let Some(i) = i.checked_sub(namespaces) else {
            let name = format!("team-{i}");
            return json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(&name, None, random)});
        };
        let Some(i) = i.checked_sub(cluster_roles) else {
            let name = format!("cluster-role-{i}");
            let rules: Vec<Value> = (0..4).map(|slot| rule(random, slot == 3 && i % 7 == 0)).collect();
            return object("ClusterRole", metadata(&name, None, random), json!({"rules": rules}));
        };
        let Some(i) = i.checked_sub(4 * namespaces) else {
            let (name, namespace) = (format!("role-{}", i % 4), format!("team-{}", i / 4));
            let rules: Vec<Value> = (0..2).map(|_| rule(random, false)).collect();
            let metadata = metadata(&name, Some(&namespace), random);
            return object("Role", metadata, json!({"rules": rules}));
        };
        binding(i, n, namespaces, cluster_roles, random)
    })
}

fn binding(i: u64, n: u64, namespaces: u64, cluster_roles: u64, random: &mut Random) -> Value {
    let namespace = format!("team-{}", random.below(namespaces));
    let cluster_wide = i.is_multiple_of(5);
    let mut cluster_role = format!("cluster-role-{}", random.below(cluster_roles));
    // As many in a large world as in a small one: the text that lists them is no part of the search.
    if i % (n / 20).max(1) == 3 {
        cluster_role.push_str("-gone");
    }
    let (role_kind, role_name) = match cluster_wide || random.below(2) == 0 {
        true => ("ClusterRole", cluster_role),
        false => ("Role", format!("role-{}", random.below(4))),
    };
    let body = json!({
        "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role_name},
        "subjects": [
            {"apiGroup": RBAC, "kind": "User", "name": format!("user-{}@example.com", random.below(namespaces * 25))},
            {"apiGroup": RBAC, "kind": "Group", "name": format!("group-{}", random.below(GROUPS))},
            {"kind": "ServiceAccount", "name": format!("app-{}", random.below(20)), "namespace": namespace},
        ],
    });
    match cluster_wide {
        true => object(
            "ClusterRoleBinding",
            metadata(&format!("binding-{i}"), None, random),
            body,
        ),
        false => object(
            "RoleBinding",
            metadata(&format!("binding-{i}"), Some(&namespace), random),
            body,
        ),
    }
}

fn object(kind: &str, metadata: Value, mut body: Value) -> Value {
    body["apiVersion"] = json!(format!("{RBAC}/v1"));
    body["kind"] = json!(kind);
    body["metadata"] = metadata;
    body
}

fn metadata(name: &str, namespace: Option<&str>, random: &mut Random) -> Value {
    let (a, b) = (random.next(), random.next());
    let mut metadata = json!({
        "creationTimestamp": format!("2026-{:02}-{:02}T{:02}:00:00Z", 1 + a % 12, 1 + b % 28, a % 24),
        "labels": {"app.kubernetes.io/managed-by": "Helm", "team": format!("team-{}", a % 50)},
        "name": name,
        "resourceVersion": (a % 100_000_000).to_string(),
        "uid": format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", a as u32, a >> 48, b & 0xfff, (b >> 12) & 0xfff, b >> 16),
    });
    if let Some(namespace) = namespace {
        metadata["namespace"] = json!(namespace);
    }
    metadata
}

fn rule(random: &mut Random, non_resource: bool) -> Value {
    let first = random.below(6) as usize;
    let verbs = &VERBS[first..first + 1 + random.below(3) as usize];
    if non_resource {
        let path = format!("/debug/{}/*", random.below(40));
        return json!({"nonResourceURLs": [path], "verbs": ["get"]});
    }
    let &(group, resource) = random.pick(&RESOURCES);
    let mut rule = json!({"apiGroups": [group], "resources": [resource], "verbs": verbs});
    if random.below(5) == 0 {
        rule["resourceNames"] = json!([format!("object-{}", random.below(1000))]);
    }
    rule
}

/// How many bindings make a dump of about `bytes`, by the size of a small one.
pub fn bindings_for(bytes: usize, dump: impl Fn(u64) -> String) -> u64 {
    const SAMPLE: u64 = 1000;
    (bytes as u64).div_ceil(dump(SAMPLE).len() as u64).max(1) * SAMPLE
}

/// A stream of YAML documents.
pub fn yaml_documents(n: u64, seed: u64) -> String {
    let mut text = String::new();
    for object in objects(n, seed) {
        text.push_str("---\n");
        text.push_str(&serde_yaml::to_string(&object).expect("YAML of plain values"));
    }
    text
}

/// One `kind: List` in YAML, as `kubectl get -o yaml` prints it.
pub fn yaml_list(n: u64, seed: u64) -> String {
    let mut text = String::from("apiVersion: v1\nitems:\n");
    for object in objects(n, seed) {
        let yaml = serde_yaml::to_string(&object).expect("YAML of plain values");
        for (i, line) in yaml.lines().enumerate() {
            let start = if i == 0 { "- " } else { "  " };
            let _ = writeln!(text, "{start}{line}");
        }
    }
    text.push_str("kind: List\nmetadata:\n  resourceVersion: \"\"\n");
    text
}

/// One `kind: List` in JSON, indented by four spaces as `kubectl get -o json` prints it.
pub fn json_list(n: u64, seed: u64) -> String {
    let mut text = String::from("{\n    \"apiVersion\": \"v1\",\n    \"items\": [");
    for (i, object) in objects(n, seed).enumerate() {
        let pretty = serde_json::to_string_pretty(&object).expect("JSON of plain values");
        text.push_str(if i == 0 { "\n" } else { ",\n" });
        for (i, line) in pretty.lines().enumerate() {
            // serde_json indents by two.
            let inner = line.len() - line.trim_start().len();
            let end = if i == 0 { "" } else { "\n" };
            let _ = write!(text, "{end}{:1$}{2}", "", 8 + 2 * inner, line.trim_start());
        }
    }
    text.push_str("\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n");
    text
}

/// A question, owned.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The user's name.
    pub user: String,
    /// The user's groups.
    pub groups: Vec<String>,
    /// The path; empty for a question about a resource.
    pub path: String,
    verb: String,
    group: String,
    resource: String,
    subresource: String,
    namespace: String,
    name: String,
}

impl Question {
    /// What is asked.
    pub fn request(&self) -> Request<'_> {
        if !self.path.is_empty() {
            return Request::NonResource {
                verb: &self.verb,
                path: &self.path,
            };
        }
        Request::Resource {
            verb: &self.verb,
            group: &self.group,
            resource: &self.resource,
            subresource: &self.subresource,
            namespace: &self.namespace,
            name: &self.name,
        }
    }

    /// The question as a SubjectAccessReview.
    pub fn review(&self) -> Value {
        let mut spec = json!({"user": self.user, "groups": self.groups});
        match self.path.is_empty() {
            false => {
                spec["nonResourceAttributes"] = json!({"path": self.path, "verb": self.verb});
            }
            true => {
                let mut attributes = json!({"verb": self.verb, "resource": self.resource});
                let optional = [
                    ("group", &self.group),
                    ("subresource", &self.subresource),
                    ("namespace", &self.namespace),
                    ("name", &self.name),
                ];
                for (key, value) in optional.into_iter().filter(|(_, value)| !value.is_empty()) {
                    attributes[key] = json!(value);
                }
                spec["resourceAttributes"] = attributes;
            }
        }
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "metadata": {"creationTimestamp": null},
            "spec": spec,
        })
    }
}

/// `count` questions of ten kinds in turn, made from what the cluster grants.
pub fn questions(cluster: &Cluster, count: usize, seed: u64) -> Vec<Question> {
    let mut random = Random(seed);
    let authenticated = || vec!["system:authenticated".to_owned()];
    let question = |i: usize| match i % 10 {
        0 | 1 => granted(cluster, &mut random, SubjectKind::User),
        2 | 3 => granted(cluster, &mut random, SubjectKind::ServiceAccount),
        4 => granted(cluster, &mut random, SubjectKind::Group),
        5 => Question {
            user: format!("stranger-{i}"),
            groups: authenticated(),
            ..granted(cluster, &mut random, SubjectKind::User)
        },
        6 => {
            let mut groups = authenticated();
            groups.extend((0..10).map(|_| format!("group-{}", random.below(GROUPS))));
            Question {
                verb: "impersonate".to_owned(),
                groups,
                ..granted(cluster, &mut random, SubjectKind::User)
            }
        }
        7 => Question {
            path: "/debug/pprof".to_owned(),
            verb: "put".to_owned(),
            ..granted(cluster, &mut random, SubjectKind::User)
        },
        8 => Question {
            path: "/healthz".to_owned(),
            verb: "get".to_owned(),
            ..granted(cluster, &mut random, SubjectKind::ServiceAccount)
        },
        _ => Question {
            verb: "create".to_owned(),
            group: "authorization.k8s.io".to_owned(),
            resource: "selfsubjectaccessreviews".to_owned(),
            user: "somebody".to_owned(),
            groups: authenticated(),
            ..Question::default()
        },
    };
    (0..count).map(question).collect()
}

/// A question that some binding's subject of this kind is allowed, if the binding's role exists.
fn granted(cluster: &Cluster, random: &mut Random, kind: SubjectKind) -> Question {
    let mut question = Question {
        groups: vec!["system:authenticated".to_owned()],
        ..Question::default()
    };
    let text = |symbol| cluster.str(symbol).to_owned();
    let (binding, subject) = loop {
        let binding = random.pick(cluster.bindings());
        let subject = binding.subjects.iter().find(|s| s.kind == kind);
        if let Some(subject) = subject.filter(|_| !binding.position.is_built_in()) {
            break (binding, subject);
        }
    };
    match kind {
        SubjectKind::Group => {
            "member".clone_into(&mut question.user);
            question.groups.push(text(subject.matches));
        }
        _ => question.user = text(subject.matches),
    }
    if binding.kind == BindingKind::RoleBinding {
        question.namespace = text(binding.namespace);
    } else {
        question.namespace = format!("team-{}", random.below(20));
    }
    let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
    let Some(rule) = role.map(|role| random.pick(&cluster.role(role).rules)) else {
        "get".clone_into(&mut question.verb);
        "pods".clone_into(&mut question.resource);
        return question;
    };
    question.verb = text(*random.pick(&rule.verbs));
    if let Some(url) = rule.non_resource_urls.first() {
        question.path = text(*url).replace('*', "heap");
        return question;
    }
    question.group = text(*random.pick(&rule.api_groups));
    let resource = text(*random.pick(&rule.resources));
    match resource.split_once('/') {
        Some((resource, subresource)) => {
            resource.clone_into(&mut question.resource);
            subresource.clone_into(&mut question.subresource);
        }
        None => question.resource = resource,
    }
    if let Some(name) = rule.resource_names.first() {
        question.name = text(*name);
    }
    question
}
