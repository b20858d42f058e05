//! Proves that the embedded tables equal what was recorded from a server, and that kubectl's argument
//! handling and tables come out as recorded.
//!
//! `UPDATE_DEFAULTS=1` rewrites the tables. `RBAC_CHECK_DATA` names another folder of recorded data.

use rbac_check::answer::resource_arg::{CanIFlags, Question, TypeArg, can_i, resource_for};
use rbac_check::model::api_resources::{ApiResources, CustomResource, CustomResourceVersion};
use rbac_check::model::{Request, UserInfo};
use rbac_check::render::rules_table::{NonResourceRuleRef, ResourceRuleRef, rules_table};
use rbac_check::render::whoami::whoami;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The recorded file; None where the recorded data are not part of the source tree.
fn recorded(path: &str) -> Option<String> {
    let data = match std::env::var_os("RBAC_CHECK_DATA") {
        Some(data) => PathBuf::from(data),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance"),
    };
    std::fs::read_to_string(data.join("rbac").join(path)).ok()
}

fn recorded_json(path: &str) -> Option<Value> {
    recorded(path).map(|text| serde_json::from_str(&text).expect("recorded JSON"))
}

// The generator: JSON objects to Rust source.

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn join<T>(items: impl IntoIterator<Item = T>, source: impl FnMut(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(source).collect();
    items.join(", ")
}

fn lines_of(items: &[Value], source: impl FnMut(&Value) -> String) -> String {
    items.iter().map(source).collect()
}

fn strs(value: &Value) -> String {
    format!("&[{}]", join(items(value), |s| format!("{:?}", text(s))))
}

fn pairs(value: &Value) -> String {
    let fields = value.as_object().into_iter().flatten();
    format!(
        "&[{}]",
        join(fields, |(k, v)| format!("({k:?}, {:?})", text(v)))
    )
}

fn rule_source(rule: &Value) -> String {
    let [verbs, groups, resources] = ["verbs", "apiGroups", "resources"].map(|k| strs(&rule[k]));
    let [names, urls] = ["resourceNames", "nonResourceURLs"].map(|k| strs(&rule[k]));
    let rule = match (names.as_str(), urls.as_str(), groups.as_str()) {
        ("&[]", "&[]", _) => format!("resources({verbs}, {groups}, {resources})"),
        (_, "&[]", _) => format!("named({verbs}, {groups}, {resources}, {names})"),
        ("&[]", _, "&[]") => format!("urls({verbs}, {urls})"),
        _ => panic!("a rule of resources and paths"),
    };
    format!("\n            DefaultRule::{rule},")
}

fn role_source(role: &Value) -> String {
    let meta = &role["metadata"];
    let (namespace, name) = (text(&meta["namespace"]), text(&meta["name"]));
    let selectors = items(&role["aggregationRule"]["clusterRoleSelectors"]);
    assert!(
        selectors
            .iter()
            .all(|s| s.get("matchExpressions").is_none())
    );
    let selectors = join(selectors, |s| pairs(&s["matchLabels"]));
    let labels = pairs(&meta["labels"]);
    let rules = lines_of(items(&role["rules"]), rule_source);
    format!(
        "    DefaultRole {{ namespace: {namespace:?}, name: {name:?},
        labels: {labels},
        aggregation_selectors: &[{selectors}],
        rules: &[{rules}] }},\n"
    )
}

fn binding_source(binding: &Value) -> String {
    let [meta, role_ref] = ["metadata", "roleRef"].map(|k| &binding[k]);
    let [namespace, name] = ["namespace", "name"].map(|k| text(&meta[k]));
    let [kind, role] = ["kind", "name"].map(|k| text(&role_ref[k]));
    let subjects = join(items(&binding["subjects"]), |s| {
        match ["kind", "namespace", "name"].map(|k| text(&s[k])) {
            [kind @ "ServiceAccount", within, name] => {
                format!("DefaultSubject::{kind}({within:?}, {name:?})")
            }
            [kind, _, name] => format!("DefaultSubject::{kind}({name:?})"),
        }
    });
    format!(
        "    DefaultBinding {{ namespace: {namespace:?}, name: {name:?},
        role_ref: DefaultRoleRef::{kind}({role:?}),
        subjects: &[{subjects}] }},\n"
    )
}

/// The objects' kind, their table, its type, and what writes one object.
type Table = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Value) -> String,
);

const TABLES: [Table; 4] = [
    ("ClusterRoles", "CLUSTER_ROLES", "DefaultRole", role_source),
    ("Roles", "ROLES", "DefaultRole", role_source),
    (
        "ClusterRoleBindings",
        "CLUSTER_ROLE_BINDINGS",
        "DefaultBinding",
        binding_source,
    ),
    (
        "RoleBindings",
        "ROLE_BINDINGS",
        "DefaultBinding",
        binding_source,
    ),
];

/// The recorded default objects of a kind, such as `ClusterRoles`.
fn default_objects(kinds: &str) -> Option<Vec<Value>> {
    let list = recorded_json(&format!("defaults/input/{}.json", kinds.to_lowercase()))?;
    Some(items(&list["items"]).to_vec())
}

fn policy_source() -> Option<String> {
    let mut out = String::from(
        "//! The default RBAC objects of a Kubernetes 1.36 cluster. Generated: see `tests/defaults.rs`.

use super::{DefaultBinding, DefaultRole, DefaultRoleRef, DefaultRule, DefaultSubject};\n",
    );
    for (kinds, name, of, source) in TABLES {
        let objects = lines_of(&default_objects(kinds)?, source);
        out +=
            &format!("\n/// The default {kinds}.\npub static {name}: &[{of}] = &[\n{objects}];\n");
    }
    Some(out)
}

fn api_resources_source() -> Option<String> {
    let discovery = recorded_json("defaults/discovery.json")?;
    // Most resources serve one of few lists of verbs.
    let mut lists: Vec<String> = Vec::new();
    let mut verbs_of = |value: &Value| {
        let list = strs(&value["verbs"]);
        let found = lists.iter().position(|old| *old == list);
        let index = found.unwrap_or(lists.len());
        if found.is_none() {
            lists.push(list);
        }
        format!("VERBS_{index}")
    };
    let mut resource = |r: &Value| {
        let [name, singular, kind] = ["name", "singularName", "kind"].map(|k| text(&r[k]));
        let [short, categories] = ["shortNames", "categories"].map(|k| strs(&r[k]));
        let (verbs, namespaced) = (verbs_of(r), &r["namespaced"]);
        let below = lines_of(items(&r["subresources"]), |s| {
            let ([name, kind], verbs) = (["name", "kind"].map(|k| text(&s[k])), verbs_of(s));
            format!(
                "\n                DefaultSubresource {{ name: {name:?}, kind: {kind:?}, verbs: {verbs} }},"
            )
        });
        format!(
            "            DefaultResource {{ name: {name:?}, singular: {singular:?}, kind: {kind:?},
                namespaced: {namespaced}, verbs: {verbs}, short_names: {short}, categories: {categories},
                subresources: &[{below}] }},\n"
        )
    };
    let mut version = |v: &Value| {
        let resources = lines_of(items(&v["resources"]), &mut resource);
        let name = text(&v["version"]);
        format!(
            "        DefaultVersion {{ name: {name:?}, resources: &[\n{resources}        ] }},\n"
        )
    };
    let groups = lines_of(items(&discovery["groups"]), |g| {
        let versions = lines_of(items(&g["versions"]), &mut version);
        let [name, preferred] = ["group", "preferredVersion"].map(|k| text(&g[k]));
        format!(
            "    DefaultGroup {{ name: {name:?}, preferred_version: {preferred:?}, versions: &[
{versions}    ] }},\n"
        )
    });
    let numbered = lists.iter().enumerate();
    let lists: String = numbered
        .map(|(index, list)| format!("static VERBS_{index}: Strs = {list};\n"))
        .collect();
    Some(format!(
        "//! The API resources of a Kubernetes 1.36 server. Generated: see `tests/defaults.rs`.

use super::{{DefaultGroup, DefaultResource, DefaultSubresource, DefaultVersion, Strs}};

{lists}
/// The API groups in the server's order.
pub static GROUPS: &[DefaultGroup] = &[\n{groups}];\n"
    ))
}

fn check_generated(file: &str, source: Option<String>) {
    let Some(source) = source else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/defaults")
        .join(file);
    if std::env::var_os("UPDATE_DEFAULTS").is_some_and(|v| v == "1") {
        std::fs::write(&path, &source).expect("the source tree can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the table is checked in");
    assert!(
        checked_in == source,
        "{file} is out of date: run with UPDATE_DEFAULTS=1"
    );
}

#[test]
fn the_policy_is_as_recorded() {
    check_generated("policy.rs", policy_source());
}

#[test]
fn the_api_resources_are_as_recorded() {
    check_generated("api_resources.rs", api_resources_source());
}

// kubectl, as recorded.

#[derive(Deserialize)]
struct Line {
    id: String,
    args: Vec<String>,
    r#as: UserInfo,
    #[serde(rename = "contextNamespace", default)]
    context_namespace: String,
    stdout: String,
    stderr: String,
    exit: i32,
    #[serde(default)]
    also: Vec<Answer>,
}

#[derive(Clone, Deserialize, PartialEq, Debug)]
struct Answer {
    stdout: String,
    stderr: String,
    exit: i32,
}

/// The recorded lines of `kubectl auth COMMAND` that a server answered: identities that it refused, and
/// flags that kubectl refused, are tested elsewhere.
fn lines(command: &str) -> Vec<Line> {
    let refused = [
        "Error from server",
        "error: requesting uid",
        "error: unknown",
        "error: flag needs",
        "error: invalid argument",
        "error: the selfsubjectreviews API",
    ];
    let file = recorded("kubectl/kubectl.jsonl").unwrap_or_default();
    file.lines()
        .map(|line| serde_json::from_str(line).expect("a recorded line"))
        .filter(|line: &Line| line.args.starts_with(&["auth".into(), command.into()]))
        .filter(|line| !refused.iter().any(|text| line.stderr.contains(text)))
        .collect()
}

impl Line {
    /// Splits the command line into flags (long names) and positional arguments.
    fn parse(&self) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
        let (mut flags, mut rest) = (BTreeMap::<String, Vec<String>>::new(), Vec::new());
        let mut args = self.args[2..].iter();
        while let Some(arg) = args.next() {
            let Some(flag) = arg.strip_prefix('-') else {
                rest.push(arg.clone());
                continue;
            };
            let flag = flag.strip_prefix('-').unwrap_or(flag);
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            let name = match name {
                "n" => "namespace",
                "A" => "all-namespaces",
                "q" => "quiet",
                "o" => "output",
                name => name,
            };
            let alone = [
                "all-namespaces",
                "quiet",
                "list",
                "no-headers",
                "warnings-as-errors",
            ];
            let value = value.unwrap_or_else(|| match alone.contains(&name) {
                true => "true".into(),
                false => args.next().cloned().unwrap_or_default(),
            });
            flags.entry(name.to_owned()).or_default().push(value);
        }
        (flags, rest)
    }

    /// Who asks: the credential's owner or the user of `--as`.
    fn user(&self, flags: &BTreeMap<String, Vec<String>>) -> UserInfo {
        let all = |name: &str| flags.get(name).cloned().unwrap_or_default();
        let name = all("as").concat();
        if name.is_empty() {
            return self.r#as.clone();
        }
        let mut groups = all("as-group");
        if let Some((namespace, _)) = name
            .strip_prefix("system:serviceaccount:")
            .and_then(|rest| rest.split_once(':'))
        {
            groups.push("system:serviceaccounts".into());
            groups.push(format!("system:serviceaccounts:{namespace}"));
        }
        groups.retain(|g| g != "system:authenticated");
        groups.push("system:authenticated".into());
        let mut extra = BTreeMap::<String, Vec<String>>::new();
        for pair in all("as-user-extra") {
            if let Some((key, value)) = pair.split_once('=') {
                extra
                    .entry(key.to_lowercase())
                    .or_default()
                    .push(value.into());
            }
        }
        UserInfo {
            username: name,
            uid: all("as-uid").concat(),
            groups,
            extra,
        }
    }

    fn check(&self, stdout: String, stderr: String, exit: i32) {
        let ours = Answer {
            stdout,
            stderr,
            exit,
        };
        let recorded = Answer {
            stdout: self.stdout.clone(),
            stderr: self.stderr.clone(),
            exit: self.exit,
        };
        let fits = recorded == ours || self.also.contains(&ours);
        assert!(fits, "{} {:?}\n{ours:?}\n{recorded:?}", self.id, self.args);
    }
}

/// A naive reading of RBAC objects as JSON: enough for these lines.
struct Policy {
    objects: Vec<Value>,
}

impl Policy {
    fn load() -> Policy {
        let of = |(kinds, ..): Table| default_objects(kinds).unwrap_or_default();
        let mut objects: Vec<Value> = TABLES.into_iter().flat_map(of).collect();
        objects.extend(yaml("kubectl/input/policy.yaml"));
        Policy { objects }
    }

    /// The rules that hold for the user, and the roles that do not exist.
    fn rules(&self, user: &UserInfo, namespace: &str) -> (Vec<&Value>, Vec<String>) {
        let (mut rules, mut missing) = (Vec::new(), Vec::new());
        for kind in ["ClusterRoleBinding", "RoleBinding"] {
            for binding in self.objects.iter().filter(|o| o["kind"] == kind) {
                let within = text(&binding["metadata"]["namespace"]);
                let here =
                    kind == "ClusterRoleBinding" || (within == namespace && !within.is_empty());
                let is_user = |s: &Value| match text(&s["kind"]) {
                    "User" => s["name"] == user.username.as_str(),
                    "Group" => user.groups.iter().any(|g| s["name"] == g.as_str()),
                    _ => {
                        let own = s.get("namespace").map_or(within, text);
                        let full = format!("system:serviceaccount:{own}:{}", text(&s["name"]));
                        full == user.username
                    }
                };
                if !here || !items(&binding["subjects"]).iter().any(is_user) {
                    continue;
                }
                let (kind, name) = (&binding["roleRef"]["kind"], &binding["roleRef"]["name"]);
                let role = self.objects.iter().find(|o| {
                    let local =
                        kind == "ClusterRole" || text(&o["metadata"]["namespace"]) == within;
                    o["kind"] == *kind && o["metadata"]["name"] == *name && local
                });
                match role {
                    Some(role) => rules.extend(items(&role["rules"])),
                    None => missing.push(format!(
                        "{}.rbac.authorization.k8s.io {name} not found",
                        text(kind).to_lowercase()
                    )),
                }
            }
        }
        (rules, missing)
    }

    fn answer(&self, user: &UserInfo, request: &Request<'_>) -> (bool, String) {
        if user.groups.iter().any(|g| g == "system:masters") {
            return (true, String::new());
        }
        let has = |list: &Value, what: &str| {
            let any = |s: &Value| text(s) == "*" || text(s) == what;
            items(list).iter().any(any)
        };
        let (namespace, verb) = match request {
            Request::Resource {
                namespace, verb, ..
            } => (*namespace, *verb),
            Request::NonResource { verb, .. } => ("", *verb),
        };
        let (rules, missing) = self.rules(user, namespace);
        let allows = |rule: &&Value| match request {
            Request::NonResource { path, .. } => {
                items(&rule["nonResourceURLs"]).iter().any(|url| {
                    let begun = text(url)
                        .strip_suffix('*')
                        .is_some_and(|u| path.starts_with(u));
                    begun || text(url) == *path
                })
            }
            Request::Resource {
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                let full = match subresource.is_empty() {
                    true => resource.to_string(),
                    false => format!("{resource}/{subresource}"),
                };
                let names = items(&rule["resourceNames"]);
                has(&rule["apiGroups"], group)
                    && (has(&rule["resources"], &full)
                        || (!subresource.is_empty()
                            && has(&rule["resources"], &format!("*/{subresource}"))))
                    && (names.is_empty() || names.iter().any(|n| text(n) == *name))
            }
        };
        if rules
            .iter()
            .filter(|rule| has(&rule["verbs"], verb))
            .any(allows)
        {
            return (true, String::new());
        }
        let reason = match missing.as_slice() {
            [] => String::new(),
            [one] => format!(" - RBAC: {one}"),
            several => format!(" - RBAC: [{}]", several.join(", ")),
        };
        (false, reason)
    }
}

fn yaml(path: &str) -> Vec<Value> {
    let file = recorded(path).unwrap_or_default();
    serde_yaml::Deserializer::from_str(&file)
        .map(|document| Value::deserialize(document).expect("recorded YAML"))
        .collect()
}

fn api_resources() -> ApiResources {
    let strings = |v: &Value| items(v).iter().map(|s| text(s).to_owned()).collect();
    let mut resources = ApiResources::built_in();
    resources.extend(yaml("kubectl/input/crds/policy.yaml").iter().map(|crd| {
        let (spec, names) = (&crd["spec"], &crd["spec"]["names"]);
        let version = |v: &Value| CustomResourceVersion {
            name: text(&v["name"]).into(),
            served: v["served"] == true,
            subresources: v["subresources"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|s| s.0.clone())
                .collect(),
        };
        CustomResource {
            group: text(&spec["group"]).into(),
            versions: items(&spec["versions"]).iter().map(version).collect(),
            plural: text(&names["plural"]).into(),
            singular: text(&names["singular"]).into(),
            kind: text(&names["kind"]).into(),
            short_names: strings(&names["shortNames"]),
            categories: strings(&names["categories"]),
            namespaced: spec["scope"] == "Namespaced",
        }
    }));
    resources
}

#[test]
fn can_i_answers_as_recorded() {
    let (policy, resources) = (Policy::load(), api_resources());
    let mut passed = (0, 0);
    for line in lines("can-i") {
        let (flags, args) = line.parse();
        let user = line.user(&flags);
        let value = |name: &str| flags.get(name).and_then(|v| v.last()).map_or("", |v| v);
        let options = CanIFlags {
            subresource: value("subresource"),
            all_namespaces: value("all-namespaces") == "true",
            namespace: value("namespace"),
            context_namespace: &line.context_namespace,
            list: value("list") == "true",
            quiet: value("quiet") == "true",
            no_headers: value("no-headers") == "true",
        };
        let parsed = can_i(&args, &options, &resources);
        let mut stderr: String = parsed.warnings.iter().map(|w| w.printed()).collect();
        let (stdout, exit) = match parsed.question {
            Err(error) => {
                stderr += &format!("{error}\n");
                (String::new(), 1)
            }
            Ok(Question::List { namespace }) => {
                passed.1 += 1;
                let (rules, _) = policy.rules(&user, namespace);
                (list_table(&rules, !options.no_headers), 0)
            }
            Ok(Question::May(request)) => {
                let (allowed, reason) = policy.answer(&user, &request);
                let word = if allowed { "yes" } else { "no" };
                let out = format!("{word}{reason}\n");
                (
                    if options.quiet { String::new() } else { out },
                    i32::from(!allowed),
                )
            }
        };
        line.check(stdout, stderr, exit);
        passed.0 += 1;
    }
    println!("{} lines, {} of them tables", passed.0, passed.1);
}

fn list_table(rules: &[&Value], headers: bool) -> String {
    fn strs<'a>(rule: &'a Value, key: &str) -> Vec<&'a str> {
        items(&rule[key]).iter().map(text).collect()
    }
    let resource_rules: Vec<ResourceRuleRef> = rules
        .iter()
        .map(|r| ResourceRuleRef {
            verbs: strs(r, "verbs"),
            api_groups: strs(r, "apiGroups"),
            resources: strs(r, "resources"),
            resource_names: strs(r, "resourceNames"),
        })
        .collect();
    let url_rules: Vec<NonResourceRuleRef> = rules
        .iter()
        .map(|r| NonResourceRuleRef {
            verbs: strs(r, "verbs"),
            non_resource_urls: strs(r, "nonResourceURLs"),
        })
        .collect();
    rules_table(&resource_rules, &url_rules, headers)
}

#[test]
fn whoami_prints_as_recorded() {
    let lines = lines("whoami");
    for line in &lines {
        let (flags, _) = line.parse();
        let output = flags.get("output").map(|v| v.concat());
        let user = line.user(&flags);
        match whoami(&user, "2026-01-01T00:00:00Z", output.as_deref()) {
            Ok(out) => line.check(out, String::new(), 0),
            Err(error) => line.check(String::new(), format!("{error}\n"), 1),
        }
    }
    println!("{} lines", lines.len());
}

/// Forms that follow from kubectl's rules and that nothing recorded shows.
#[test]
fn a_type_is_resolved_in_every_form() {
    let resources = api_resources();
    for (arg, group, version, resource, warnings) in [
        ("list", "", "v1", "lists", 0),
        ("po.v1.", "", "v1", "pods", 0),
        ("deployments.v1.", "apps", "v1", "deployments", 0),
        ("deploy.v9.apps", "apps", "v1", "deployments", 0),
        ("deployments.app", "apps", "v1", "deployments", 0),
        (
            "storageclass.storage",
            "storage.k8s.io",
            "v1",
            "storageclasses",
            0,
        ),
        ("ev.v1.", "", "v1", "events", 1),
        ("ev.events", "events.k8s.io", "v1", "events", 0),
        ("wd.example", "example.org", "v1", "widgets", 0),
        ("Users", "", "", "Users", 0),
        ("users.x", "", "", "users.x", 1),
        (".apps", "", "", ".apps", 1),
    ] {
        let mut printed = Vec::new();
        let found = resource_for(arg, &resources, &mut printed);
        assert_eq!(
            found,
            TypeArg {
                group,
                version,
                resource
            },
            "{arg}"
        );
        assert_eq!(printed.len(), warnings, "{arg}");
    }
}
