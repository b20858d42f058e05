//! What the commands and their flags promise to scripts: exit status, standard output, the shapes of JSON.

mod command;

use command::{Answer, Folder};
use serde_json::{Value, json};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

/// alice reads pods in dev; the account ci of dev reads them everywhere.
const POLICY: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: alice-reads, namespace: dev}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: User, name: alice}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci-reads}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, namespace: dev, name: ci}]
";

fn policy() -> Folder {
    Folder::with("rbac.yaml", POLICY)
}

/// A question about [`POLICY`] alone.
fn ask(words: &str) -> Answer {
    policy().run(&format!("-f rbac.yaml --no-defaults {words}"))
}

#[track_caller]
fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.stderr, "");
    serde_json::from_str(&answer.stdout).expect("JSON")
}

#[track_caller]
fn json_lines_of(answer: &Answer) -> Vec<Value> {
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    let lines = answer.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn bad_usage_stops() {
    let cases = [
        ("", "Usage: rbac-check [OPTIONS] <COMMAND>"),
        ("frob", "unrecognized subcommand 'frob'"),
        ("can-i get pods --frob", "unexpected argument '--frob'"),
        (
            "can-i get pods -o xml",
            "invalid value 'xml' for '--output <OUTPUT>'",
        ),
        ("can-i get pods --quiet=perhaps", "expected true or false"),
        ("can-i", "you must specify two arguments: verb resource"),
        ("can-i get", "you must specify two arguments: verb resource"),
        (
            "can-i get pods web --as alice",
            "you must specify two arguments: verb resource",
        ),
        (
            "can-i --list get pods --as alice",
            "list option must be specified with no arguments",
        ),
        (
            "can-i get pods --batch x",
            "required arguments were not provided",
        ),
        (
            "can-i get pods --as-group g",
            "without impersonating a user",
        ),
        ("whoami --as-uid 7", "without impersonating a user"),
        (
            "whoami -o xml --as alice",
            "unable to match a printer suitable for the output format \"xml\"",
        ),
        (
            "who-can",
            "expected VERB RESOURCE, VERB RESOURCE/NAME or VERB /PATH",
        ),
        (
            "who-can get",
            "expected VERB RESOURCE, VERB RESOURCE/NAME or VERB /PATH",
        ),
        (
            "who-can get pods --batch x",
            "cannot be used with '--batch <FILE>'",
        ),
        (
            "who-can --batch none.jsonl",
            "none.jsonl: No such file or directory (os error 2)",
        ),
        (
            "can-i --list --batch none.jsonl",
            "none.jsonl: No such file or directory (os error 2)",
        ),
        (
            "review none.jsonl",
            "none.jsonl: No such file or directory (os error 2)",
        ),
        (
            "whoami --user-info none.json",
            "none.json: No such file or directory (os error 2)",
        ),
        (
            "--color blue whoami",
            "invalid value 'blue' for '--color <COLOR>'",
        ),
        ("completions cobol", "invalid value 'cobol' for '<SHELL>'"),
    ];
    for (words, fragment) in cases {
        ask(words).stopped_over(fragment);
    }
}

#[test]
fn help_is_no_error() {
    for words in [
        "--help",
        "can-i -h",
        "help review",
        "--version",
        "completions bash",
        "man",
    ] {
        let answer = Folder::new().run(words);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{words}");
        assert!(!answer.stdout.is_empty(), "{words}");
    }
}

#[test]
fn can_i_answers_by_its_exit_status() {
    ask("can-i get pods -n dev --as alice").answered(0, "yes\n");
    ask("can-i get pods -n prod --as alice").answered(1, "no\n");
    ask("can-i get po/web -n dev --as alice").answered(0, "yes\n");
    ask("can-i get pods -A --as alice").answered(1, "no\n");
    ask("can-i get pods -A --as system:serviceaccount:dev:ci").answered(0, "yes\n");
    ask("can-i get pods --subresource log -n dev --as alice").answered(1, "no\n");
    ask("can-i get /healthz --as alice").answered(1, "no\n");
    ask("can-i get pods -n dev --as bob --as-group system:masters").answered(0, "yes\n");
}

#[test]
fn quiet_leaves_the_exit_status() {
    ask("can-i get pods -n dev --as alice -q").answered(0, "");
    ask("can-i get pods -n prod --as alice --quiet").answered(1, "");
    ask("can-i get pods -n dev --as alice --quiet=false").answered(0, "yes\n");
}

#[test]
fn quiet_goes_before_every_form_of_output() {
    for output in ["table", "json", "yaml"] {
        ask(&format!("can-i get pods --as alice -n dev -q -o {output}")).answered(0, "");
        ask(&format!(
            "can-i get pods --as eve -n dev -q -o {output} --explain"
        ))
        .answered(1, "");
    }
}

#[test]
fn the_last_of_a_repeated_flag_counts() {
    ask("can-i get pods --as eve --as alice -n other -n dev").answered(0, "yes\n");
    ask("can-i get pods --as alice --as eve -n dev").answered(1, "no\n");
}

#[test]
fn can_i_as_json_is_a_subject_access_review() {
    let answer = ask("can-i get pods/web -n dev --as alice -o json");
    assert_eq!(answer.status, 0);
    assert_eq!(
        json_of(&answer),
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": "alice",
                "groups": ["system:authenticated"],
                "resourceAttributes": {"namespace": "dev", "verb": "get", "resource": "pods", "name": "web"},
            },
            "status": {
                "allowed": true,
                "reason": "RBAC: allowed by RoleBinding \"alice-reads/dev\" of ClusterRole \"reader\" to User \"alice\"",
            },
        })
    );
    let answer = ask("can-i get /metrics --as bob -o json");
    assert_eq!(answer.status, 1);
    let review = json_of(&answer);
    assert_eq!(
        review["spec"]["nonResourceAttributes"],
        json!({"path": "/metrics", "verb": "get"})
    );
    assert_eq!(review["status"], json!({"allowed": false}));
    let yaml = ask("can-i get /metrics --as bob -o yaml");
    assert_eq!(yaml.status, 1);
    assert_eq!(
        serde_yaml::from_str::<Value>(&yaml.stdout).expect("YAML"),
        review
    );
    let answer = ask("can-i get pods -n dev --as alice -o json --explain");
    assert!(json_of(&answer)["explanation"].is_object());
}

#[test]
fn the_list_is_a_table_or_a_rules_review() {
    let answer = ask("can-i --list -n dev --as alice -o json");
    assert_eq!(answer.status, 0);
    assert_eq!(
        json_of(&answer),
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": "dev"},
            "status": {
                "resourceRules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
                "nonResourceRules": [],
                "incomplete": false,
            },
        })
    );
    let table = ask("can-i --list -n dev --as alice");
    let rows: Vec<&str> = table.stdout.lines().map(str::trim_end).collect();
    assert_eq!(rows.len(), 2, "{}", table.stdout);
    assert!(rows[0].starts_with("Resources "), "{}", rows[0]);
    let cells: Vec<&str> = rows[1].split_whitespace().collect();
    assert_eq!(cells, ["pods", "[]", "[]", "[get]"]);
    let bare = ask("can-i --list --no-headers -n dev --as alice");
    assert_eq!(bare.stdout.lines().count(), 1);
}

/// The recorded lines of a suite.
fn recorded(suite: &str, file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/conformance/rbac")
        .join(suite)
        .join(file);
    let text = fs::read_to_string(path).expect("recorded lines");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// Rules in an order of their own: the server's varies.
fn sorted(mut status: Value) -> Value {
    for field in ["resourceRules", "nonResourceRules"] {
        if let Some(rules) = status[field].as_array_mut() {
            rules.sort_by_key(Value::to_string);
        }
    }
    status
}

#[test]
fn a_batch_of_lists_answers_the_recorded_lines() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/rbac");
    for suite in ["basic", "defaults-changed"] {
        let path = |file: &str| data.join(suite).join(file).display().to_string();
        let (input, batch) = (path("input"), path("rules.jsonl"));
        let args = ["-f", &input, "can-i", "--list", "--batch", &batch];
        let answer = Folder::new().args(args);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        let lines: Vec<Value> = answer
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let recorded = recorded(suite, "rules.jsonl");
        assert_eq!(lines.len(), recorded.len());
        let mut refused = 0;
        for (ours, theirs) in lines.iter().zip(&recorded) {
            assert_eq!(ours["id"], theirs["id"]);
            assert_eq!(ours.get("code"), theirs.get("code"), "{ours}");
            if theirs.get("code").is_some() {
                refused += 1;
                assert_eq!(ours["error"], theirs["error"]);
                assert_eq!(ours.get("status"), None);
            } else {
                let rules = |line: &Value| sorted(line["status"].clone())["resourceRules"].clone();
                assert_eq!(rules(ours), rules(theirs), "{}", theirs["id"]);
            }
        }
        assert!(refused > 0, "a refused line is among them");
    }
}

#[test]
fn a_batch_line_that_cannot_be_read_stops_before_any_answer() {
    let cases = [
        (
            "{\"id\":1}\n\n{\"id\"\n",
            "3:5: expected a JSON object of this command's batch form: EOF while parsing an object",
        ),
        (
            "{\"id\":1,\"namespace\":5}\n",
            "1:21: expected a JSON object of this command's batch form: invalid type: integer `5`, expected a string",
        ),
        (
            "no\n",
            "1:2: expected a JSON object of this command's batch form: expected ident",
        ),
    ];
    for (lines, message) in cases {
        let folder = Folder::with("lines", lines);
        for command in ["can-i --list", "who-can"] {
            let answer = folder.run(&format!("{command} --batch lines"));
            answer.stopped(&format!("lines:{message}"));
        }
    }
}

#[test]
fn who_can_names_subjects_and_their_ways() {
    let answer = ask("who-can get pods -n dev -o json");
    assert_eq!(answer.status, 0);
    let subjects = json_of(&answer)["subjects"].clone();
    let names: Vec<_> = subjects
        .as_array()
        .expect("subjects")
        .iter()
        .map(|s| (s["kind"].clone(), s["namespace"].clone(), s["name"].clone()))
        .collect();
    assert!(
        names.contains(&(json!("ServiceAccount"), json!("dev"), json!("ci"))),
        "{subjects}"
    );
    assert!(
        names.contains(&(json!("User"), Value::Null, json!("alice"))),
        "{subjects}"
    );
    for subject in subjects.as_array().expect("subjects") {
        // The server allows this group everything without asking RBAC.
        let privileged = subject["name"] == "system:masters";
        let via = subject["via"].as_array().expect("the ways");
        assert_eq!(via.is_empty(), privileged, "{subject}");
    }
    let yaml = ask("who-can get pods -n dev -o yaml");
    let yaml: Value = serde_yaml::from_str(&yaml.stdout).expect("YAML");
    assert_eq!(yaml["subjects"], subjects);

    let table = ask("who-can get pods -n dev");
    assert_eq!(table.status, 0);
    assert!(table.stdout.starts_with("SUBJECT "), "{}", table.stdout);
    assert!(table.stdout.contains("rbac.yaml:4:9"), "{}", table.stdout);
    // Cluster-wide, what is granted in one namespace does not count.
    assert!(!ask("who-can get pods -A").stdout.contains("alice"));
}

#[test]
fn who_can_asks_without_a_namespace_for_what_has_none() {
    let folder = Folder::with(
        "rbac.yaml",
        r#"
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}, rules: [{apiGroups: [""], resources: [nodes, namespaces], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: default}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: bob}]}
"#,
    );
    let warning = "Warning: resource 'nodes' is not namespace scoped\n\n";
    for (words, bob, stderr) in [
        ("who-can get nodes", false, ""),
        ("who-can get nodes -A", false, ""),
        ("who-can get nodes -n default", true, warning),
        // A request for one namespace carries it.
        ("who-can get namespaces/default", true, ""),
        ("who-can get namespaces/other", false, ""),
        ("who-can get namespaces", false, ""),
    ] {
        let answer = folder.run(&format!("-f rbac.yaml --no-defaults {words}"));
        assert_eq!(answer.status, 0, "{words}");
        assert_eq!(answer.stdout.contains("User bob"), bob, "{words}");
        assert_eq!(answer.stderr, stderr, "{words}");
    }
}

#[test]
fn who_can_hints_at_words_that_mean_something_else() {
    for (words, hint) in [
        (
            "who-can get pods/log -n dev",
            "hint: pods/log asks about an object named log; for the subresource: pods --subresource=log\n",
        ),
        (
            "who-can get pdos -n dev",
            "Warning: the server doesn't have a resource type 'pdos'\n\n\
             hint: the API serves no resource pdos; did you mean pods?\n",
        ),
        ("who-can get pods -n dev", ""),
    ] {
        let answer = ask(words);
        assert_eq!((answer.status, &*answer.stderr), (0, hint), "{words}");
    }
}

#[test]
fn a_batch_of_who_can_answers_line_by_line() {
    let lines = "\
{\"id\":\"a\",\"verb\":\"get\",\"group\":\"\",\"resource\":\"pods\",\"namespace\":\"dev\",\"subjects\":[]}
{\"id\":\"b\",\"verb\":\"delete\",\"resource\":\"pods\"}

{\"id\":3,\"verb\":\"get\",\"path\":\"/metrics\"}
";
    let folder = policy();
    let answer = folder.run_with("-f rbac.yaml --no-defaults who-can --batch -", lines);
    let answers = json_lines_of(&answer);
    let ids: Vec<_> = answers.iter().map(|line| line["id"].clone()).collect();
    assert_eq!(ids, [json!("a"), json!("b"), json!(3)]);
    let subjects = answers[0]["subjects"].as_array().expect("subjects");
    assert!(subjects.contains(&json!({"kind": "User", "name": "alice"})));
    assert!(
        subjects.contains(&json!({"kind": "ServiceAccount", "namespace": "dev", "name": "ci"}))
    );
    let deleters = answers[1]["subjects"].to_string();
    assert!(!deleters.contains("alice"), "{deleters}");
}

fn review_of(user: &str, verb: &str) -> Value {
    json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "resourceAttributes": {"verb": verb, "resource": "pods", "namespace": "dev"}},
    })
}

fn review(text: &str) -> Answer {
    policy().run_with("-f rbac.yaml --no-defaults review", text)
}

#[test]
fn reviews_come_back_answered_in_their_order() {
    let yes = review_of("alice", "get");
    // What looks like the end of a string or of a line is kept in strings.
    let mut no = review_of("alice", "list");
    no["spec"]["extra"] = json!({"k": ["a \\\" \n b\\"]});
    let documents = [
        ("JSON Lines", format!("{yes}\n\n{no}\n")),
        ("JSON Lines with CRLF", format!("{yes}\r\n{no}\r\n")),
        ("indented JSON", format!("{yes:#}\n{no:#}\n")),
        ("JSON without breaks", format!("{yes}{no}")),
        ("JSON that begins later", format!(" \n{yes:#} {no}")),
        (
            "YAML",
            [&yes, &no]
                .map(|r| serde_yaml::to_string(r).expect("YAML"))
                .join("---\n"),
        ),
        (
            "a list in YAML",
            serde_yaml::to_string(&json!({"apiVersion": "v1", "kind": "List", "items": [yes, no]}))
                .expect("YAML"),
        ),
    ];
    for (form, text) in documents {
        let answers = json_lines_of(&review(&text));
        assert_eq!(answers.len(), 2, "{form}");
        for (answer, (asked, allowed)) in answers.iter().zip([(&yes, true), (&no, false)]) {
            assert_eq!(answer["spec"], asked["spec"], "{form}");
            assert_eq!(answer["kind"], asked["kind"], "{form}");
            assert_eq!(answer["status"]["allowed"], json!(allowed), "{form}");
            assert_eq!(answer.get("error"), None, "{form}");
        }
    }
    review("").answered(0, "");
    let file = policy();
    file.write("reviews.jsonl", format!("{yes}\n"));
    let answer = file.run("-f rbac.yaml --no-defaults review reviews.jsonl");
    assert_eq!(json_lines_of(&answer).len(), 1);
}

#[test]
fn a_status_that_was_sent_is_replaced() {
    let mut asked = review_of("bob", "get");
    asked["status"] = json!({"allowed": true});
    let answers = json_lines_of(&review(&asked.to_string()));
    assert_eq!(answers[0]["status"], json!({"allowed": false}));
}

#[test]
fn a_review_that_the_server_refuses_carries_the_error() {
    let mut nobody = review_of("", "get");
    nobody["spec"]["user"] = Value::Null;
    let cases = [
        (
            nobody,
            422,
            "at least one of user or group must be specified",
        ),
        (
            json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": 5}),
            400,
            "cannot unmarshal number",
        ),
        (
            json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": ""}}),
            400,
            "token is required for TokenReview",
        ),
        (json!({"apiVersion": "v1", "kind": "Pod"}), 400, "Pod"),
        (json!({}), 400, "SubjectAccessReview"),
    ];
    for (asked, code, fragment) in cases {
        // The next one is answered all the same.
        let answers = json_lines_of(&review(&format!(
            "{asked}\n{}\n",
            review_of("alice", "get")
        )));
        let error = &answers[0]["error"];
        assert_eq!(error["kind"], "Status", "{asked}");
        assert_eq!(error["code"], code, "{asked}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(fragment), "{message}");
        assert_eq!(answers[0].get("status"), None);
        assert_eq!(answers[1]["status"]["allowed"], true);
    }
}

#[test]
fn reviews_that_cannot_be_read_stop_at_their_place() {
    let good = review_of("alice", "get");
    let cases = [
        (
            "{".to_owned(),
            "<stdin>:1:1: expected a SubjectAccessReview: EOF while parsing an object",
        ),
        (
            format!("{good}\n{{\"kind\":\n"),
            "<stdin>:2:8: expected a SubjectAccessReview: EOF while parsing a value",
        ),
        (
            format!("{good}\n[{good}]\n"),
            "<stdin>:2:1: expected a SubjectAccessReview: expected a JSON object",
        ),
        (
            format!("{good}\nnull\n"),
            "<stdin>:2:1: expected a SubjectAccessReview: expected a JSON object",
        ),
        (format!("{good} x\n"), "expected a SubjectAccessReview: "),
        (
            "{\n\"a\": }\n".to_owned(),
            "<stdin>:2:6: expected a SubjectAccessReview: expected value",
        ),
        (
            "5\n".to_owned(),
            "<stdin>:1:1: expected a SubjectAccessReview (a mapping)",
        ),
        (
            "kind: List\nitems:\n- kind: X\n- text\n".to_owned(),
            "<stdin>:4:3: expected a SubjectAccessReview (a mapping)",
        ),
        (
            "a: b\n- c\n".to_owned(),
            "<stdin>:2:1: did not find expected key",
        ),
    ];
    for (text, fragment) in cases {
        review(&text).stopped_over(fragment);
    }
}

#[test]
fn whoami_has_kubectls_forms() {
    let folder = Folder::new();
    let table = folder.run("whoami --as alice --as-group dev");
    assert_eq!(
        table.stdout,
        "ATTRIBUTE   VALUE\nUsername    alice\nGroups      [dev system:authenticated]\n"
    );
    let answer = folder.run("whoami --as alice --as-uid 7 --as-user-extra k=v -o json");
    let review = json_of(&answer);
    assert_eq!(review["kind"], "SelfSubjectReview");
    assert_eq!(review["apiVersion"], "authentication.k8s.io/v1");
    let user = json!({"username": "alice", "uid": "7", "groups": ["system:authenticated"], "extra": {"k": ["v"]}});
    assert_eq!(review["status"]["userInfo"], user);
    let yaml = folder.run("whoami --as alice -o yaml");
    let yaml: Value = serde_yaml::from_str(&yaml.stdout).expect("YAML");
    assert_eq!(yaml["status"]["userInfo"]["username"], "alice");
    folder
        .run("whoami --as alice -o jsonpath={.status.userInfo.username}")
        .answered(0, "alice");
}

#[test]
fn a_user_info_is_taken_as_authenticated() {
    let policy = policy();
    policy.write(
        "u/alice.json",
        r#"{"username":"alice","groups":["system:authenticated"],"uid":null}"#,
    );
    policy.write(
        "u/flow.yaml",
        "{username: alice, groups: [system:authenticated], extra: {a: [b]}}",
    );
    policy.write(
        "u/block.yaml",
        "\u{feff}username: alice\r\ngroups:\r\n- system:authenticated\r\n",
    );
    for file in ["alice.json", "flow.yaml", "block.yaml"] {
        let words = format!("-f rbac.yaml can-i get pods -n dev --user-info u/{file}");
        policy.run(&words).answered(0, "yes\n");
    }
    // Who is authenticated may impersonate only what RBAC grants.
    let answer =
        policy.run("-f rbac.yaml can-i get pods -n dev --user-info u/alice.json --as root");
    assert_ne!(answer.status, 0);
}

#[test]
fn a_user_info_that_cannot_be_read_stops() {
    let cases = [
        ("", "1:1: expected one UserInfo, found 0"),
        (
            "username: a\n---\nusername: b\n",
            "1:1: expected one UserInfo, found 2",
        ),
        (
            "[alice]",
            "1:1: expected a UserInfo (a mapping with username, uid, groups and extra)",
        ),
        (
            "{}",
            "1:1: a UserInfo with neither username nor groups is nobody",
        ),
        (
            "username: 5\n",
            "1:11: username: expected a string, found a number (quote it to make it a string)",
        ),
        (
            "username: a\ngroups: b\n",
            "2:9: groups: expected a list, found a string",
        ),
        (
            "{\"username\": \"a\", \"extra\": {\"k\": \"v\"}}",
            "1:34: extra.k: expected a list, found a string",
        ),
        (
            "{\"username\": \"a\"",
            "1:17: found the end of the text, expected `,` or `}` after an entry",
        ),
    ];
    for (text, message) in cases {
        let folder = Folder::with("user", text);
        folder
            .run("whoami --user-info user")
            .stopped(&format!("user:{message}"));
    }
    let folder = Folder::with(
        "user",
        "username: a\ngroups: [system:authenticated]\ngroup: [x]\n",
    );
    let answer = folder.run("whoami --user-info user");
    assert_eq!(
        answer.stderr,
        "warning: user:3:1: unknown field \"group\", which is ignored: a UserInfo has username, uid, groups and extra\n"
    );
    assert_eq!(answer.status, 0);
}

#[test]
fn nobody_is_anonymous_unless_there_is_a_kubeconfig() {
    let policy = policy();
    let answer = policy.run("-f rbac.yaml --no-defaults can-i get pods -o json");
    let spec = &json_of(&answer)["spec"];
    assert_eq!(spec["user"], "system:anonymous");
    assert_eq!(spec["groups"], json!(["system:unauthenticated"]));
    // An empty name impersonates nobody, as for kubectl.
    let answer = policy.args([
        "-f",
        "rbac.yaml",
        "--no-defaults",
        "can-i",
        "get",
        "pods",
        "--as",
        "",
        "-o",
        "json",
    ]);
    assert_eq!(json_of(&answer)["spec"]["user"], "system:anonymous");

    policy.write(
        "kubeconfig",
        "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u}}]\nusers: [{name: u, user: {token: opaque}}]\n",
    );
    let unknown = |words: &str| {
        let mut command = policy.command(words.split_whitespace());
        command.env("KUBECONFIG", policy.path("kubeconfig"));
        let output = command.output().expect("a run");
        (
            output.status.code(),
            String::from_utf8(output.stdout).expect("text"),
        )
    };
    let (status, stdout) = unknown("-f rbac.yaml can-i get pods");
    assert_eq!(status, Some(3));
    assert!(
        stdout.starts_with("unknown - who asks cannot be told: the static token file is not known"),
        "{stdout}"
    );
    assert_eq!(unknown("-f rbac.yaml whoami").0, Some(3));
    assert_eq!(
        unknown("-f rbac.yaml can-i get pods -q"),
        (Some(3), String::new())
    );
    let (status, stdout) = unknown("-f rbac.yaml can-i get pods -o json");
    let review: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        (status, &review["status"]["allowed"]),
        (Some(3), &json!(false))
    );
    let error = review["status"]["evaluationError"]
        .as_str()
        .unwrap_or_default();
    assert!(error.starts_with("unknown:"), "{error}");
    // Who says who asks needs no kubeconfig.
    assert_eq!(
        unknown("-f rbac.yaml can-i get pods -n dev --as alice").0,
        Some(0)
    );
}

#[test]
fn verbose_says_what_was_loaded() {
    let answer = policy().run("-v -f rbac.yaml --no-defaults can-i get pods -n dev --as alice");
    assert_eq!(
        answer.stderr,
        "loaded 1 ClusterRole, 1 ClusterRoleBinding, 1 RoleBinding from 1 file, without the built-in objects of Kubernetes 1.36\n"
    );
    assert_eq!(answer.stdout, "yes\n");
}

/// What is left of a command whose reader closes the pipe at once.
fn closed_pipe(folder: &Folder, words: &str) -> (Option<i32>, String) {
    let mut child = folder
        .command(words.split_whitespace())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    drop(child.stdout.take());
    let mut stderr = String::new();
    let mut pipe = child.stderr.take().expect("its standard error");
    pipe.read_to_string(&mut stderr).expect("text");
    (child.wait().expect("a run").code(), stderr)
}

#[test]
fn a_closed_pipe_is_no_error_and_no_other_answer() {
    let folder = policy();
    let review = review_of("alice", "get").to_string() + "\n";
    folder.write("reviews", review.repeat(100));
    folder.write(
        "lines",
        "{\"id\":1,\"verb\":\"get\",\"resource\":\"pods\",\"namespace\":\"dev\"}\n",
    );
    let cases = [
        ("can-i --list --as alice", 0),
        ("can-i --list --as alice -o json", 0),
        ("can-i --list --as alice -o yaml", 0),
        ("can-i get pods -n dev --as alice --explain", 0),
        ("can-i get pods -n prod --as alice --explain", 1),
        ("can-i get pods -n prod --as alice", 1),
        ("can-i get pods -n prod --as alice -o json", 1),
        ("can-i --list --batch lines", 0),
        ("who-can get pods", 0),
        ("who-can get pods -o json", 0),
        ("who-can --batch lines", 0),
        ("review reviews", 0),
        ("whoami --as alice", 0),
    ];
    for (words, status) in cases {
        let left = closed_pipe(&folder, &format!("-f rbac.yaml {words}"));
        assert_eq!(left, (Some(status), String::new()), "{words}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let folder = policy();
    for words in [
        "can-i get pods -n dev --as alice",
        "whoami --as alice -o jsonpath={.kind}",
        "who-can get pods",
    ] {
        let full = fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("a device");
        let mut command = folder.command(format!("-f rbac.yaml {words}").leak().split_whitespace());
        let output = command.stdout(full).output().expect("a run");
        assert_eq!(output.status.code(), Some(2), "{words}");
        let stderr = String::from_utf8(output.stderr).expect("text");
        assert_eq!(
            stderr, "error: No space left on device (os error 28)\n",
            "{words}"
        );
    }
}
