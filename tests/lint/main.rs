//! `lint` through the binary: its contract for scripts, its forms, its exceptions, and what other tools get
//! wrong.

mod bindings;
#[path = "../command/mod.rs"]
mod command;
mod decisions;
mod grants;
mod manifests;
mod peers;
mod schema;
mod tokens;

use command::{Answer, Folder};
use serde_json::Value;
use std::fs;
use std::path::Path;

const POLICY: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- apiGroups: ['']
  resources: [secrets]
  verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- kind: ServiceAccount
  namespace: ci
  name: bot
";

fn lint(manifest: &str, words: &str) -> Answer {
    Folder::with("rbac.yaml", manifest).run(&format!("lint rbac.yaml {words}"))
}

/// The report on a manifest.
pub fn json(manifest: &str, words: &str) -> Value {
    let answer = lint(manifest, &format!("-o json --profile strict {words}"));
    serde_json::from_str(&answer.stdout).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
}

/// The ids of all findings and of their facets.
pub fn ids(manifest: &str) -> Vec<String> {
    let report = json(manifest, "");
    let findings = report["findings"].as_array().expect("findings");
    let mut ids = Vec::new();
    for finding in findings {
        ids.push(finding["rule"].as_str().expect("an id").to_owned());
        for facet in finding["facets"].as_array().expect("facets") {
            ids.push(facet["rule"].as_str().expect("an id").to_owned());
        }
    }
    ids
}

#[test]
fn the_exit_status_depends_on_fail_on() {
    assert_eq!(lint(POLICY, "").status, 1);
    assert_eq!(lint(POLICY, "--fail-on critical").status, 1);
    assert_eq!(lint(POLICY, "--skip RBC108,read-everything").status, 0);
    assert_eq!(lint(POLICY, "--only RBC109").status, 0);
    let low = POLICY.replace("[secrets]", "[pods/log]");
    assert_eq!(lint(&low, "").status, 0);
    assert_eq!(lint(&low, "--fail-on low").status, 1);
    // What makes the status 1 is shown, whatever the profile.
    assert!(
        lint(&low, "--fail-on low --profile minimal")
            .stdout
            .contains("RBC152")
    );
}

#[test]
fn the_text_shows_who_what_and_the_fix() {
    let answer = lint(POLICY, "--color never");
    let expected = "\
critical[RBC108]: ServiceAccount ci/bot reads Secrets of every namespace
  --> rbac.yaml:14:3
   |
14 | - kind: ServiceAccount
   |   ^^^^^^^^^^^^^^^^^^^^ who gets it: ClusterRoleBinding reader
 5 | - apiGroups: ['']
   |   --------------- what grants it: rule 1 of ClusterRole reader: get,list secrets
   = why: tokens, TLS keys and cloud credentials of every namespace are among them; a stolen token often leads to cluster-admin
   = fix: grant it by a Role in each namespace that needs it, with resourceNames

1 critical in 1 binding and 1 role of 1 file
";
    assert!(answer.stdout.starts_with(expected), "{}", answer.stdout);
}

#[test]
fn a_dump_in_one_line_is_shown_around_the_place() {
    let object = |i: usize| {
        let bind = |kind: &str, rest: &str| {
            format!(
                r#"{{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"{kind}","metadata":{{"name":"ü-{i}"}},{rest}}}"#
            )
        };
        let role = bind(
            "ClusterRole",
            r#""rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]"#,
        );
        let to = format!(
            r#""roleRef":{{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ü-{i}"}},"subjects":[{{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"user-{i}"}}]"#
        );
        format!("{role},{}", bind("ClusterRoleBinding", &to))
    };
    let objects: Vec<String> = (0..300).map(object).collect();
    let list = objects.join(",");
    let dump = format!(r#"{{"apiVersion":"v1","kind":"List","items":[{list}]}}"#);
    let answer = lint(&dump, "--color never --only RBC108");
    let lines: Vec<&str> = answer.stdout.lines().collect();
    // Each user is marked from the brace of its subject on.
    let marked = lines.windows(2).filter_map(|two| {
        let [line, marks] = [two[0], two[1]];
        let from = marks.chars().position(|c| c == '^')?;
        let length = marks.chars().filter(|c| *c == '^').count();
        Some(line.chars().skip(from).take(length).collect::<String>())
    });
    let mut marked: Vec<String> = marked.collect();
    marked.sort_unstable();
    let mut expected: Vec<String> = (0..300)
        .map(|i| {
            format!(r#"{{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"user-{i}"}}"#)
        })
        .collect();
    expected.sort_unstable();
    assert_eq!(marked, expected);
}

#[test]
fn wildcards_do_not_make_ten_findings_of_one_grant() {
    let all = POLICY
        .replace("apiGroups: ['']", "apiGroups: ['*']")
        .replace("[secrets]", "['*']")
        .replace("[get, list]", "['*']");
    let report = json(&all, "");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{report:#}");
    assert_eq!(findings[0]["rule"], "RBC201");
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new();
    let list = folder.run("lint --list-rules");
    assert_eq!(list.status, 0);
    assert!(list.stdout.lines().count() > 100);
    let explained = folder.run("lint --explain rbc108");
    assert!(
        explained
            .stdout
            .starts_with("## RBC108 `read-secrets-cluster` (critical)")
    );
    assert_eq!(
        folder.run("lint --explain read-secrets-cluster").stdout,
        explained.stdout
    );
    folder.run("lint --explain RBC10").stopped(
        "--explain: no rule \"RBC10\"; did you mean RBC101? (`rbac-check lint --list-rules` lists them)",
    );
}

#[test]
fn bad_input_stops_with_its_place() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder
        .run("lint rbac.yaml --only RBC1")
        .stopped_over("--only: no rule \"RBC1\"");
    folder.run("lint missing.yaml").stopped_over("missing.yaml");
    folder
        .run("lint rbac.yaml --fail-on grave")
        .stopped_over("expected info, low, medium");
    folder
        .run("lint rbac.yaml --config none.yaml")
        .stopped_over("none.yaml");
    folder.write("c.yaml", "lint:\n  failOn: grave\n");
    folder
        .run("lint rbac.yaml --config c.yaml")
        .stopped_over("c.yaml:2:11: expected info");
    folder
        .run("lint rbac.yaml --baseline none.json")
        .stopped_over("none.json");
    folder.write("b.json", "{\"version\": 1,\n \"findings\": 3}");
    folder
        .run("lint rbac.yaml --baseline b.json")
        .stopped_over("b.json:2:");
    folder.write("b.json", "{\"version\": 2, \"findings\": []}");
    folder
        .run("lint rbac.yaml --baseline b.json")
        .stopped_over("b.json:1:1: version 2");
    folder.write(
        "s.yaml",
        POLICY.replace(
            "verbs: [get, list]",
            "verbs: [get] # rbac-check: ignore RBC108",
        ),
    );
    folder
        .run("lint s.yaml")
        .stopped_over("s.yaml:7:16: a suppression needs a reason");
}

#[test]
fn nothing_that_somebody_decided_is_passed_over() {
    let folder = Folder::with("rbac.yaml", POLICY);
    for (flags, what) in [
        ("--only ,", "--only: names no rule"),
        ("--skip RBC108,,nonsense", "--skip: no rule \"nonsense\""),
        ("--explain RBC108,RBC109", "--explain"),
    ] {
        folder
            .run(&format!("lint rbac.yaml {flags}"))
            .stopped_over(what);
    }
    for (text, what) in [
        (
            "lint: {failOn: high}\nlint: {}\n",
            "c.yaml:2:1: \"lint\" is given twice",
        ),
        ("a: [\n", "c.yaml:2:1: "),
        ("lint: {skip: RBC108}\n", "c.yaml:1:14: expected a list"),
        ("just text\n", "c.yaml:1:1: expected a mapping"),
        ("a\0b\n", "c.yaml:1:2: "),
    ] {
        folder.write("c.yaml", text);
        folder
            .run("lint rbac.yaml --config c.yaml")
            .stopped_over(what);
    }
    let deep = format!("lint: {}", "[".repeat(100_000));
    folder.write("c.yaml", &deep);
    folder
        .run("lint rbac.yaml --config c.yaml")
        .stopped_over("c.yaml:1:");
    for path in ["c.yaml", "b.json"] {
        fs::write(folder.path(path), b"\n\xffx").expect("a file");
        let flag = if path == "c.yaml" {
            "--config"
        } else {
            "--baseline"
        };
        folder
            .run(&format!("lint rbac.yaml {flag} {path}"))
            .stopped_over(&format!("{path}:2:1: found byte 0xff"));
        // Holes cost no disk, but would be read.
        let file = fs::File::create(folder.path("holes")).expect("a file");
        file.set_len(1 << 30).expect("a length");
        folder
            .run(&format!("lint rbac.yaml {flag} holes"))
            .stopped_over("holes: is larger than 128 MiB");
        fs::create_dir_all(folder.path("folder")).expect("a folder");
        folder
            .run(&format!("lint rbac.yaml {flag} folder"))
            .stopped_over("folder: is a directory");
    }
    for text in ["", "[1, []]", "{\"version\": 1", "{\"runs\": []}", &deep] {
        folder.write("b.json", text);
        folder
            .run("lint rbac.yaml --baseline b.json")
            .stopped_over("b.json:1:");
    }
    for (words, what) in [
        ("# rbac-check: ignore", "needs a reason"),
        ("# rbac-check: ignore RBC108 --", "is empty"),
        ("# rbac-check: ignore -- why", "names no rule"),
        ("# rbac-check: ignore RBC999 -- why", "no rule \"RBC999\""),
        ("# rbac-check: ignore RBC108 until soon -- why", "is no day"),
        ("#rbac-check:ignore RBC108", "needs a reason"),
        (
            "# rbac-check: disable RBC108 -- why",
            "\"disable\" is not known",
        ),
    ] {
        folder.write("s.yaml", format!("{words}\n{POLICY}"));
        let answer = folder.run("lint s.yaml");
        answer.stopped_over(what);
        answer.stopped_over("s.yaml:1:1: ");
    }
    for kind in ["ClusterRole", "ClusterRoleBinding"] {
        for (words, what) in [
            ("ignore: RBC108", "needs a reason"),
            ("ignore: ''", "is empty"),
            ("ignore: RBC999 -- why", "no rule"),
            ("ignore: RBC108 until 2027-02-30 -- why", "is no day"),
            ("ignored: RBC108 -- why", "is not known"),
        ] {
            let old = format!("kind: {kind}\nmetadata: {{name: reader}}");
            let annotated = format!(
                "kind: {kind}\nmetadata:\n  name: reader\n  annotations:\n    rbac-check.dev/{words}"
            );
            folder.write("s.yaml", POLICY.replacen(&old, &annotated, 1));
            let answer = folder.run("lint s.yaml");
            answer.stopped_over(what);
            let line = if kind == "ClusterRole" { 6 } else { 14 };
            answer.stopped_over(&format!("s.yaml:{line}:5: "));
        }
    }
    // A folder in the place of the configuration is no lack of one.
    fs::create_dir_all(folder.path("rbac-check.yaml")).expect("a folder");
    folder
        .run("lint rbac.yaml")
        .stopped_over("rbac-check.yaml: is a directory");
}

#[test]
fn suppressions_hold_on_the_role_and_on_the_binding() {
    let places = [
        (
            "  verbs: [get, list]\n",
            "  verbs: [get, list]\n# no rule begins here\n",
            1,
        ),
        (
            "- apiGroups",
            "# rbac-check: ignore RBC108 -- by design\n- apiGroups",
            0,
        ),
        ("['']", "[''] # rbac-check: ignore RBC108 -- by design", 0),
        (
            "- kind: ServiceAccount",
            "# rbac-check: ignore RBC108 until 2999-01-01 -- by design\n- kind: ServiceAccount",
            0,
        ),
        (
            "- kind: ServiceAccount",
            "# rbac-check: ignore RBC108 until 2000-01-01 -- by design\n- kind: ServiceAccount",
            1,
        ),
        (
            "- kind: ServiceAccount",
            "# rbac-check: ignore RBC109 -- another\n- kind: ServiceAccount",
            1,
        ),
        (
            "kind: ClusterRole\nmetadata: {name: reader}",
            "kind: ClusterRole\nmetadata: {name: reader, annotations: {rbac-check.dev/ignore: RBC108 -- by design}}",
            0,
        ),
        (
            "kind: ClusterRoleBinding\nmetadata: {name: reader}",
            "kind: ClusterRoleBinding\nmetadata: {name: reader, annotations: {rbac-check.dev/ignore: RBC108 -- by design}}",
            0,
        ),
    ];
    for (old, new, status) in places {
        let answer = lint(&POLICY.replacen(old, new, 1), "");
        assert_eq!(answer.status, status, "{new}: {}", answer.stdout);
    }
    let expired = POLICY.replacen(
        "- kind",
        "# rbac-check: ignore RBC108 until 2000-01-01 -- x\n- kind",
        1,
    );
    assert!(ids(&expired).contains(&"RBC691".to_owned()));
    let inert = POLICY.replacen("- kind", "# rbac-check: ignore RBC113 -- x\n- kind", 1);
    assert!(ids(&inert).contains(&"RBC690".to_owned()));
}

#[test]
fn the_configuration_decides_and_agrees_with_its_schema() {
    let config = "\
lint:
  failOn: critical
  severity: {RBC108: high}
  privilegedNamespaces: [prod]
  complete: false
  workloadKinds: [workflows.argoproj.io]
  mostClusterAdmins: 2
  skip: [RBC152]
  profile: strict
  exceptions:
  - rules: [RBC109]
    objects: [RoleBinding/ci/*]
    reason: by design
    until: '2999-01-31'
";
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.write("rbac-check.yaml", config);
    let answer = folder.run("lint");
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.stdout.contains("high[RBC108]"), "{}", answer.stdout);
    // The exception matches nothing.
    assert!(answer.stdout.contains("low[RBC690]"), "{}", answer.stdout);
    assert!(
        answer.stdout.contains("--> rbac-check.yaml:11:"),
        "{}",
        answer.stdout
    );

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("schema/rbac-check.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let tree: Value = serde_yaml::from_str(config).expect("YAML");
    assert_eq!(schema::errors(&schema, &tree), Vec::<String>::new());
    let wrong = serde_yaml::from_str("lint: {failOn: grave}").expect("YAML");
    assert!(!schema::errors(&schema, &wrong).is_empty());
    // Each field of the schema is read, and each field that is read is in the schema.
    let fields = schema["properties"]["lint"]["properties"]
        .as_object()
        .expect("fields");
    let mut named: Vec<&str> = fields.keys().map(String::as_str).collect();
    named.sort_unstable();
    let refused = folder_with_field("nonsense").run("lint rbac.yaml").stderr;
    let list = refused
        .split("expected one of ")
        .nth(1)
        .expect("the fields")
        .trim();
    let mut read: Vec<&str> = list.split(", ").collect();
    read.sort_unstable();
    assert_eq!(named, read);
}

#[test]
fn kinds_that_make_pods_can_be_named() {
    let policy = "\
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {namespace: ci, name: run}, rules: [{apiGroups: [argoproj.io], resources: [workflows], verbs: [VERB]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: ci, name: run}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: run}, subjects: [{kind: User, name: jane}]}
";
    let cases = [("create", "RBC113"), ("patch", "RBC114"), ("get", "")];
    for (verb, rule) in cases {
        let folder = Folder::with("rbac.yaml", policy.replace("VERB", verb));
        let found = |folder: &Folder| {
            let answer = folder.run("lint rbac.yaml -o json");
            let report: Value = serde_json::from_str(&answer.stdout).expect("JSON");
            let findings = report["findings"].as_array().expect("findings");
            findings.iter().any(|finding| finding["rule"] == rule)
        };
        assert!(!found(&folder), "{verb}");
        folder.write(
            "rbac-check.yaml",
            "lint:\n  workloadKinds: [workflows.argoproj.io]\n",
        );
        assert_eq!(found(&folder), !rule.is_empty(), "{verb}");
    }
}

#[test]
fn what_a_namespace_enforces_is_told_of_those_who_make_pods() {
    let policy = |labels: &str| {
        format!("\
{{apiVersion: v1, kind: Namespace, metadata: {{name: ci, labels: {labels}}}}}
---
{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{namespace: ci, name: run}}, rules: [{{apiGroups: [''], resources: [pods], verbs: [create]}}]}}
---
{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{namespace: ci, name: run}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: run}}, subjects: [{{kind: User, name: jane}}]}}
")
    };
    let cases = [
        ("{}", None),
        ("{pod-security.kubernetes.io/warn: restricted}", None),
        (
            "{pod-security.kubernetes.io/enforce: restricted}",
            Some("level restricted"),
        ),
        (
            "{pod-security.kubernetes.io/enforce: privileged}",
            Some("level privileged"),
        ),
    ];
    for (labels, words) in cases {
        let text = policy(labels);
        let folder = Folder::with("rbac.yaml", &text);
        let yaml = folder.run("lint rbac.yaml").stdout;
        assert_eq!(
            words.is_some_and(|words| yaml.contains(words)),
            words.is_some(),
            "{labels}: {yaml}"
        );
        assert_eq!(yaml.contains("; its namespace "), words.is_some(), "{yaml}");
        let documents = serde_yaml::Deserializer::from_str(&text)
            .map(|document| serde::Deserialize::deserialize(document).expect("YAML"));
        let items: Vec<Value> = documents.collect();
        let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
        let list = serde_json::to_string_pretty(&list).expect("JSON");
        folder.write("list.json", list);
        let json = folder.run("lint list.json").stdout;
        assert_eq!(json.contains("; its namespace "), words.is_some(), "{json}");
    }
}

fn folder_with_field(field: &str) -> Folder {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.write("rbac-check.yaml", format!("lint:\n  {field}: 1\n"));
    folder
}

#[test]
fn a_baseline_lets_pass_what_was_there_and_nothing_new() {
    let folder = Folder::with("rbac.yaml", POLICY);
    assert_eq!(
        folder
            .run("lint rbac.yaml --write-baseline base.json")
            .status,
        0
    );
    let same = folder.run("lint rbac.yaml --baseline base.json");
    assert_eq!(same.status, 0, "{same:?}");
    // It may move about.
    folder.write("rbac.yaml", format!("# a comment\n\n{POLICY}"));
    assert_eq!(folder.run("lint rbac.yaml --baseline base.json").status, 0);
    // Something new counts.
    let more = POLICY.replace("name: reader", "name: other");
    folder.write("more.yaml", more);
    assert_eq!(
        folder
            .run("lint rbac.yaml more.yaml --baseline base.json")
            .status,
        1
    );
    // What is gone is said.
    let gone = folder.run("lint more.yaml --baseline base.json");
    assert!(gone.stdout.contains("RBC690"), "{}", gone.stdout);
}

#[test]
fn sarif_is_what_its_schema_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text =
        fs::read_to_string(root.join("testdata/lint/sarif-schema-2.1.0.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    for manifest in [POLICY, "", &POLICY.replace("[secrets]", "['*']")] {
        let answer = lint(manifest, "-o sarif");
        let sarif: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        assert_eq!(schema::errors(&schema, &sarif), Vec::<String>::new());
        let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .expect("rules");
        for result in sarif["runs"][0]["results"].as_array().expect("results") {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
    }
    let sarif: Value = serde_json::from_str(&lint(POLICY, "-o sarif").stdout).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "rbac.yaml"
    );
    assert_eq!(
        result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"],
        5
    );
    let mut wrong = sarif.clone();
    wrong["runs"][0]["results"][0]["level"] = Value::from("grave");
    assert!(!schema::errors(&schema, &wrong).is_empty());
}

#[test]
fn standard_input_is_read_and_nothing_found_is_said() {
    let folder = Folder::new();
    assert_eq!(folder.run_with("lint -", POLICY).status, 1);
    let harmless = folder.run_with(
        "lint - --only RBC108",
        POLICY.replace("[secrets]", "[pods]"),
    );
    harmless.answered(0, "no findings in 1 binding and 1 role of 1 file\n");
}

#[test]
fn the_other_forms_say_the_same() {
    let github = lint(POLICY, "-o github").stdout;
    assert!(
        github.starts_with("::error file=rbac.yaml,line=14,col=3,title=RBC108"),
        "{github}"
    );
    let gitlab: Value = serde_json::from_str(&lint(POLICY, "-o gitlab").stdout).expect("JSON");
    assert_eq!(gitlab[0]["severity"], "blocker");
    assert_eq!(gitlab[0]["location"]["lines"]["begin"], 14);
    let junit = lint(POLICY, "-o junit").stdout;
    assert!(junit.contains("<failure type=\"critical\""), "{junit}");
    assert!(
        junit.contains("<skipped message=\"no Secrets were loaded\"/>"),
        "{junit}"
    );
    assert_eq!(
        junit.matches("<testcase").count(),
        junit.matches("</testcase>").count()
    );
}

#[test]
fn hostile_names_stay_where_they_are() {
    let hostile = POLICY
        .replace("name: reader}", "name: \"a\\x1b[31m\\n::error::x<&\"}")
        .replace("name: reader\n", "name: x\n");
    for form in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let answer = lint(&hostile, &format!("-o {form} --color never"));
        assert!(!answer.stdout.contains('\x1b'), "{form}");
        assert!(!answer.stdout.contains("\n::error::x"), "{form}");
    }
}

#[test]
fn what_cannot_be_known_is_not_passed_silently() {
    let unknown = POLICY.replace(
        "kind: ClusterRole, name: reader",
        "kind: ClusterRole, name: elsewhere",
    );
    let report = json(&unknown, "");
    let rules: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["rule"].as_str())
        .collect();
    assert!(rules.contains(&"RBC692"), "{rules:?}");
    let skipped: Vec<&str> = report["notChecked"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|f| f["rule"].as_str())
        .collect();
    for id in ["RBC218", "RBC304", "RBC301", "RBC322"] {
        assert!(skipped.contains(&id), "{skipped:?}");
    }
}

/// `docs/rules.md` is what the rules say of themselves. `UPDATE_GENERATED=1` rewrites it.
#[test]
fn the_page_of_the_rules_is_current() {
    let page = rbac_check::render::lint::docs::page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        fs::write(&path, &page).expect("the page");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/rules.md is old: UPDATE_GENERATED=1 cargo test --test lint"
    );
}
