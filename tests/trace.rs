//! `trace` through the binary: its picture, its exit statuses, and what it does with bad input.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use command::{Answer, Folder};
use serde_json::{Value, json};
use std::fmt::Write;

const POLICY: &str = r#"
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: dev}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
- {apiGroups: [""], resources: [pods/exec], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: dev}
subjects: [{kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
roleRef: {kind: Role, name: reader, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: impersonator}
rules:
- {apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [jane]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: impersonators}
subjects: [{kind: User, name: bob, apiGroup: rbac.authorization.k8s.io}]
roleRef: {kind: ClusterRole, name: impersonator, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: dev}
"#;

fn folder() -> Folder {
    let folder = Folder::with("policy.yaml", POLICY);
    for name in ["bob", "jane", "eve"] {
        let user = json!({"username": name, "groups": ["system:authenticated"]});
        folder.write(&format!("{name}.json"), user.to_string());
    }
    folder
}

fn trace(folder: &Folder, words: &[&str]) -> Answer {
    let args = ["trace", "-f", "policy.yaml"].iter().chain(words).copied();
    folder.args(args)
}

#[track_caller]
fn snapshot(words: &[&str], status: i32, expected: &str) {
    let answer = trace(&folder(), words);
    assert_eq!(answer.stdout, expected, "{}", answer.stderr);
    assert_eq!(answer.status, status);
}

#[test]
fn a_request_that_passes() {
    snapshot(
        &["get", "pods/web-0", "-n", "dev", "--user-info", "jane.json"],
        0,
        r#"✓ http            GET /api/v1/namespaces/dev/pods/web-0
✓ request         get pods "web-0" in "dev" (v1)
✓ authentication  jane [system:authenticated]
✓ authorization   allowed
│                 Node  no opinion
│                 RBAC  allow       RBAC: allowed by RoleBinding "readers/dev" of Role "reader" to User "jane"
✓ handler         reached

HTTP 200 OK
"#,
    );
}

#[test]
fn a_request_that_authorization_stops() {
    snapshot(
        &[
            "delete",
            "pods/web-0",
            "-n",
            "dev",
            "--user-info",
            "jane.json",
        ],
        1,
        r#"✓ http            DELETE /api/v1/namespaces/dev/pods/web-0
✓ request         delete pods "web-0" in "dev" (v1)
✓ authentication  jane [system:authenticated]
✗ authorization   refused
│                 Node  no opinion
│                 RBAC  no opinion
· handler         not reached

HTTP 403 Forbidden
  pods "web-0" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "dev"

not allowed: User jane (group system:authenticated) may not delete pods named web-0 in namespace dev
nearest misses:
  1. Role dev/reader grants get, list on pods, not delete
     rule policy.yaml:6:3, RoleBinding dev/readers policy.yaml:9:1
  2. ClusterRole edit allows this, but is bound to nobody
     rule built-in (aggregated from ClusterRole system:aggregate-to-edit)
  3. ClusterRole admin allows this, but is bound to nobody
     rule built-in (aggregated from ClusterRole system:aggregate-to-edit)
smallest fix:
  add a rule to Role dev/reader (policy.yaml:2:1):
  - apiGroups: [""]
    resources: [pods]
    resourceNames: [web-0]
    verbs: [delete]
"#,
    );
}

#[test]
fn a_request_that_impersonation_stops() {
    snapshot(
        &[
            "list",
            "pods",
            "-n",
            "dev",
            "--user-info",
            "eve.json",
            "--as",
            "jane",
        ],
        1,
        r#"✓ http            GET /api/v1/namespaces/dev/pods
✓ request         list pods in "dev" (v1)
✓ authentication  eve [system:authenticated]
✗ impersonation   as jane: refused
│                 impersonate-on:user-info:list pods in "dev"  deny
│                 impersonate users "jane"                     deny
· authorization   not reached
· handler         not reached

HTTP 403 Forbidden
  pods is forbidden: User "eve" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "dev"

to impersonate by constrained impersonation (user-info) takes two rights: impersonate-on:user-info:VERB on what is requested, and impersonate:user-info on who is impersonated; the verb impersonate alone does, too, for every request

not allowed: User eve (group system:authenticated) may not impersonate-on:user-info:list pods in namespace dev
nearest misses: none, no role allows anything like it
smallest fix:
  a new role and binding:
  ---
  apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata: {namespace: dev, name: impersonate-on-user-info-list-pods}
  rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: ["impersonate-on:user-info:list"]
  kubectl create rolebinding impersonate-on-user-info-list-pods-eve --namespace=dev --role=impersonate-on-user-info-list-pods --user=eve
hints:
  - no binding names user eve
"#,
    );
}

#[test]
fn a_request_by_the_verb_impersonate() {
    snapshot(
        &[
            "list",
            "pods",
            "-n",
            "dev",
            "--user-info",
            "bob.json",
            "--as",
            "jane",
        ],
        0,
        r#"✓ http            GET /api/v1/namespaces/dev/pods
✓ request         list pods in "dev" (v1)
✓ authentication  bob [system:authenticated]
✓ impersonation   as jane [system:authenticated], by the verb impersonate
│                 impersonate-on:user-info:list pods in "dev"  deny
│                 impersonate users "jane"                     allow       RBAC: allowed by ClusterRoleBinding "impersonators" of ClusterRole "impersonator" to User "bob"
✓ authorization   allowed
│                 Node  no opinion
│                 RBAC  allow       RBAC: allowed by RoleBinding "readers/dev" of Role "reader" to User "jane"
✓ handler         reached

HTTP 200 OK
"#,
    );
}

#[test]
fn a_shell_takes_more_than_get() {
    let folder = folder();
    let words = ["get", "pods/web-0", "--subresource", "exec", "-n", "dev"];
    let words = [&words[..], &["--user-info", "jane.json"]].concat();
    let answer = trace(&folder, &words);
    assert_eq!(answer.status, 1);
    assert!(
        answer
            .stdout
            .contains("✗ authorization   allowed, but create is asked for, too"),
        "{}",
        answer.stdout
    );
    let off = "feature-gates=AuthorizePodWebsocketUpgradeCreatePermission=false";
    let mut without = words.clone();
    without.extend([
        "--apiserver-flag",
        off,
        "--apiserver-flag",
        "authorization-mode=RBAC",
    ]);
    without.extend(REQUIRED);
    assert_eq!(trace(&folder, &without).status, 0);
}

/// What a server does not start without.
const REQUIRED: [&str; 6] = [
    "--apiserver-flag",
    "service-account-issuer=https://kubernetes.default.svc",
    "--apiserver-flag",
    "service-account-signing-key-file=sa.key",
    "--apiserver-flag",
    "service-account-key-file=sa.pub",
];

#[test]
fn a_path_that_cannot_be_resolved() {
    snapshot(
        &["--method", "GET", "--path", "/api/v1/watch"],
        1,
        r#"✓ http            GET /api/v1/watch
✗ request         method and path: the path ends where kind and name should follow
· authentication  not reached
· impersonation   not reached
· authorization   not reached
· handler         not reached

HTTP 500 Internal Server Error
  Internal Server Error: "/api/v1/watch": failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch
"#,
    );
}

#[test]
fn json_has_what_the_contract_names() {
    let words = [
        "list",
        "pods",
        "-n",
        "dev",
        "--user-info",
        "bob.json",
        "--as",
        "jane",
    ];
    let answer = trace(&folder(), &[&words[..], &["-o", "json"]].concat());
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(value["code"], 200);
    assert_eq!(value["status"], Value::Null);
    assert_eq!(value["user"]["username"], "bob");
    assert_eq!(value["impersonatedUser"]["username"], "jane");
    assert_eq!(
        value["attributes"],
        json!({"verb": "list", "apiVersion": "v1", "resource": "pods", "namespace": "dev"})
    );
    let stages = value["stages"].as_array().expect("stages");
    let fields = ["stage", "name", "outcome", "reason"];
    assert!(
        stages
            .iter()
            .all(|stage| fields.iter().all(|f| stage[f].is_string()))
    );
    let of = |name: &str| stages.iter().filter(|stage| stage["stage"] == name).count();
    assert_eq!(of("impersonation"), 2);
    assert_eq!(of("authorization"), 2);
}

#[test]
fn the_memory_of_the_last_mode() {
    let folder = folder();
    let words = [
        "list",
        "pods",
        "-n",
        "dev",
        "--user-info",
        "bob.json",
        "--as",
        "tom",
    ];
    let cold = trace(&folder, &words);
    assert!(cold.stdout.contains("cannot impersonate-on:user-info:list"));
    let warm = "users \"tom\" is forbidden: User \"bob\" cannot impersonate resource \"users\"";
    assert!(cold.stdout.contains(&format!(
        "after a success by impersonate the server answers instead:\n  {warm}"
    )));
    let told = trace(
        &folder,
        &[&words[..], &["--last-mode", "impersonate"]].concat(),
    );
    assert!(
        told.stdout
            .contains(&format!("HTTP 403 Forbidden\n  {warm}")),
        "{}",
        told.stdout
    );
}

#[test]
fn both_users_are_shown() {
    let folder = folder();
    let who = "--user-info bob.json --as jane -f policy.yaml";
    let answer = folder.run(&format!("whoami --explain {who}"));
    assert_eq!(
        answer.stderr,
        "bob [system:authenticated] asks as jane [system:authenticated], let through by the verb impersonate\n"
    );
    let answer = folder.run(&format!("can-i list pods -n dev --explain {who}"));
    assert!(
        answer
            .stdout
            .starts_with("yes\nbob [system:authenticated] asks as jane")
    );
    let answer = folder.run(&format!("can-i list pods -n dev -o json {who}"));
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(value["impersonation"]["requestedBy"]["username"], "bob");
    let answer = folder.run("whoami --user-info eve.json --as jane -f policy.yaml -o json");
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!((answer.status, &value["code"]), (1, &json!(403)));
}

#[test]
fn pasted_errors() {
    let folder = folder();
    let refused = "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"prod\"";
    let answer = trace(&folder, &["--message", refused]);
    assert!(answer.stdout.starts_with("authorization says this (403)"));
    assert!(
        answer
            .stdout
            .contains("now: the loaded policy refuses it, too")
    );
    assert!(
        answer.stdout.contains("you asked in prod"),
        "{}",
        answer.stdout
    );
    assert_eq!(answer.status, 1);
    let allowed = refused.replace("prod", "dev");
    let answer = trace(&folder, &["--message", &allowed]);
    assert!(answer.stdout.contains("now: the loaded policy allows it"));
    assert_eq!(answer.status, 0);
    let admission = "Error from server: admission webhook \"x.example.com\" denied the request: no";
    let answer = trace(&folder, &["--message", admission, "-o", "json"]);
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(value["stage"], "admission");
    trace(&folder, &["--message", "the dog ate it"]).stopped_over("no server says this");
}

#[test]
fn audit_events() {
    let folder = folder();
    let event = json!({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "1", "verb": "list",
        "requestURI": "/api/v1/namespaces/dev/pods?limit=500",
        "user": {"username": "bob", "groups": ["system:authenticated"]},
        "impersonatedUser": {"username": "jane", "groups": ["system:authenticated"]},
        "objectRef": {"resource": "pods", "namespace": "dev", "apiVersion": "v1"},
        "responseStatus": {"code": 403},
        "annotations": {"authorization.k8s.io/decision": "forbid"},
    });
    folder.write("event.json", event.to_string());
    let answer = trace(&folder, &["--audit-event", "event.json"]);
    assert!(
        answer
            .stdout
            .contains("forbid then, allow now: the loaded policy says the opposite")
    );
    assert_eq!(answer.status, 0);
    folder.write("bad.json", "{\"kind\": \"Event\"");
    trace(&folder, &["--audit-event", "bad.json"])
        .stopped_over("bad.json:1:16: expected an audit event");
    folder.write("other.json", "{\"kind\": \"Pod\"}");
    trace(&folder, &["--audit-event", "other.json"]).stopped_over("expected kind Event");
}

#[test]
fn bad_usage() {
    let folder = folder();
    trace(&folder, &[]).stopped_over("nothing to trace");
    trace(&folder, &["use", "pods", "--as", "jane"]).stopped_over("no HTTP request asks \"use\"");
    trace(&folder, &["--path", "/", "--header", "no colon"]).stopped_over("expected 'NAME: VALUE'");
    let injected = "X: a\r\nImpersonate-User: admin";
    trace(&folder, &["--path", "/", "--header", injected]).stopped_over("holds no line break");
    trace(&folder, &["get", "pods", "--last-mode", "x"])
        .stopped_over("expected one of impersonate:associated-node");
}

/// Lines of a batch and the code of each answer.
#[track_caller]
fn codes(lines: &[Value]) -> Vec<Value> {
    let folder = folder();
    let mut text = String::new();
    for line in lines {
        let mut line = line.clone();
        line["id"] = json!("x");
        if line["user"].is_null() {
            line["user"] = json!({"username": "jane"});
        }
        let _ = writeln!(text, "{line}");
    }
    folder.write("lines.jsonl", text);
    let answer = trace(&folder, &["--batch", "lines.jsonl"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let parse = |line| serde_json::from_str::<Value>(line).expect("JSON");
    answer
        .stdout
        .lines()
        .map(|line| parse(line)["code"].clone())
        .collect()
}

#[test]
fn bad_requests() {
    let long = format!("/{}", "x".repeat(10 << 20));
    let many: Vec<Value> = (0..10_000)
        .map(|i| json!([format!("X-{i}"), "v"]))
        .collect();
    let groups: Vec<Value> = std::iter::once(json!(["Impersonate-User", "jane"]))
        .chain((0..10_000).map(|i| json!(["Impersonate-Group", i.to_string()])))
        .collect();
    let get = |path: &str| json!({"method": "GET", "path": path});
    let with = |headers: Value| json!({"method": "GET", "path": "/api/v1/namespaces/dev/pods", "headers": headers});
    let pods = "/api/v1/namespaces/dev/pods";
    assert_eq!(
        codes(&[
            get("/%zz"),
            get("/a b"),
            get("no-slash"),
            get(""),
            get(&long),
            get(&format!("{pods}?timeout=abc")),
            get("/api/v1/namespaces/dev/pods/%ff"),
            json!({"method": "G T", "path": "/"}),
            with(json!(many)),
            with(json!(groups)),
            with(json!([["A b", "c"]])),
            with(json!([["A", "b\r\nImpersonate-User: admin"]])),
            with(json!([["Impersonate-Group", "g"]])),
            with(json!([["Impersonate-User", "\u{ff}\u{fe}"]])),
        ]),
        [
            json!(400),
            json!(400),
            json!(400),
            json!(400),
            json!(431),
            json!(400),
            json!(null),
            json!(400),
            json!(200),
            json!(403),
            json!(400),
            json!(400),
            json!(400),
            json!(403),
        ]
    );
    let cm = "/api/v1/namespaces/dev/configmaps";
    let master = json!({"username": "root", "groups": ["system:masters"]});
    let post = |body: Value, kind: &str| json!({"user": master, "method": "POST", "path": cm, "body": body, "headers": [["Content-Type", kind]]});
    assert_eq!(
        codes(&[
            post(json!("not json"), "application/json"),
            post(json!(null), "application/json"),
            post(json!({"kind": "ConfigMap"}), "application/json"),
            post(json!({}), "text/html"),
            post(json!("<html>"), "application/json; charset=utf-8"),
        ]),
        [json!(400), json!(400), json!(201), json!(415), json!(400)]
    );
}
