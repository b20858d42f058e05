//! `whoami` and credentials of other commands, through the binary.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use command::{Answer, Folder};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SUITES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/conformance/authn-local"
);

/// The recorded line of a suite.
fn line(suite: &str, id: &str) -> Value {
    let file = Path::new(SUITES).join(suite).join("authn.jsonl");
    let text = std::fs::read_to_string(file).expect("recorded lines");
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines
        .find(|line| line["id"] == id)
        .expect("a line of that name")
}

fn token(suite: &str, id: &str) -> String {
    let line = line(suite, id);
    line["credential"]["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

fn suite(name: &str) -> PathBuf {
    Path::new(SUITES).join(name)
}

/// The flags of a recorded server, judged at `now`.
fn server(folder: &Folder, suite_name: &str, server: &str, now: &str) -> Vec<String> {
    let about = std::fs::read_to_string(suite(suite_name).join("suite.json")).expect("suite.json");
    let about: Value = serde_json::from_str(&about).expect("JSON");
    let flags = about["servers"][server]["flags"].as_array().expect("flags");
    let flags: Vec<&str> = flags.iter().filter_map(Value::as_str).collect();
    folder.write("server.flags", flags.join("\n"));
    let root = suite(suite_name);
    let root = root.to_str().expect("a name in UTF-8");
    ["--apiserver", "server.flags", "--root", root, "--now", now]
        .map(str::to_owned)
        .to_vec()
}

fn run(folder: &Folder, args: &[&str], server: &[String]) -> Answer {
    let server = server.iter().map(String::as_str);
    folder.args(args.iter().copied().chain(server))
}

const NOW: &str = "2026-11-23T18:35:20Z";

fn live() -> String {
    let objects = suite("sa-tokens").join("input/objects/live.yaml");
    objects.to_str().expect("a name in UTF-8").to_owned()
}

#[test]
fn a_token_becomes_its_account() {
    let folder = Folder::new();
    let server = server(&folder, "sa-tokens", "default", NOW);
    folder.write("token", format!("{}\n", token("sa-tokens", "issued/plain")));
    let answer = run(
        &folder,
        &["whoami", "--token-file", "token", "-f", &live()],
        &server,
    );
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(
        answer.stdout.contains("system:serviceaccount:fjord:gita"),
        "{answer:?}"
    );
    let json = run(
        &folder,
        &[
            "whoami",
            "--token-file",
            "token",
            "-f",
            &live(),
            "-o",
            "json",
        ],
        &server,
    );
    let review: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(review["kind"], "SelfSubjectReview");
    assert_eq!(
        review["status"]["userInfo"]["uid"],
        "8e95723e-08ea-49b4-8bc4-cb76d5fa7114"
    );
}

#[test]
fn what_was_not_given_leaves_a_user_unverified() {
    let folder = Folder::new();
    let server = server(&folder, "sa-tokens", "default", NOW);
    let token = token("sa-tokens", "issued/plain");
    folder.write("token", &token);
    folder.write("empty.yaml", "");
    let whoami = ["whoami", "--token-file", "token", "-f", "empty.yaml"];
    // Without the keys, and without the account.
    for (server, missing) in [
        (
            &[][..],
            "missing: the issuers and keys of service account tokens are not known",
        ),
        (
            &server[..],
            "missing: ServiceAccount fjord/gita is not loaded",
        ),
    ] {
        let answer = run(&folder, &whoami, server);
        assert_eq!(answer.status, 3, "{answer:?}");
        assert!(
            answer.stdout.contains("system:serviceaccount:fjord:gita"),
            "{answer:?}"
        );
        assert!(answer.stderr.contains("unverified: "), "{answer:?}");
        assert!(answer.stderr.contains(missing), "{answer:?}");
    }
    // A manifest that was never stored has no uid to compare.
    folder.write(
        "account.yaml",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: gita, namespace: fjord}\n",
    );
    let answer = run(
        &folder,
        &["whoami", "--token-file", "token", "-f", "account.yaml"],
        &server,
    );
    assert_eq!(answer.status, 3, "{answer:?}");
    assert!(answer.stderr.contains("no metadata.uid"), "{answer:?}");
    // Nor is an answer guessed from it.
    let answer = folder.args([
        "can-i",
        "get",
        "pods",
        "--token-file",
        "token",
        "-f",
        "empty.yaml",
    ]);
    assert_eq!(answer.status, 3, "{answer:?}");
    assert!(answer.stdout.starts_with("unknown - "), "{answer:?}");
    assert!(!answer.stdout.contains(&token), "{answer:?}");
}

#[test]
fn a_refusal_says_what_each_authenticator_said() {
    let folder = Folder::new();
    let late = server(&folder, "sa-tokens", "default", "2030-01-01T00:00:00Z");
    let token = token("sa-tokens", "issued/plain");
    folder.write("token", &token);
    let whoami = ["whoami", "--token-file", "token", "-f", &live()];
    let answer = run(&folder, &whoami, &late);
    assert_eq!((answer.status, &answer.stdout[..]), (1, ""), "{answer:?}");
    for text in [
        "error: You must be logged in to the server (Unauthorized)",
        "[invalid bearer token, service account token has expired]",
        "service account token: refuses: service account token has expired",
        "hint: ask for a new token",
    ] {
        assert!(answer.stderr.contains(text), "{text}: {answer:?}");
    }
    assert!(!answer.stderr.contains(&token), "{answer:?}");
    let answer = run(&folder, &[&whoami[..], &["-o", "json"]].concat(), &late);
    let told: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(
        told,
        json!({"code": 401, "message": "Unauthorized", "errors": ["[invalid bearer token, service account token has expired]"]})
    );
    let answer = run(
        &folder,
        &[
            "can-i",
            "get",
            "pods",
            "--token-file",
            "token",
            "-f",
            &live(),
        ],
        &late,
    );
    assert_eq!(answer.status, 1, "{answer:?}");
    assert_eq!(
        answer.stderr,
        "error: You must be logged in to the server (Unauthorized)\n"
    );
}

#[test]
fn certificates_of_kubeconfigs_count() {
    let folder = Folder::new();
    let server = server(&folder, "x509", "bundle", "2026-11-23T18:26:55Z");
    let pem = std::fs::read(suite("x509").join("input/certs/o-single.pem")).expect("a certificate");
    folder.write("certs/elif.pem", &pem);
    folder.write("rbac.yaml", "");
    // Relative to the kubeconfig, and without its key: a copy has none.
    folder.write(
        "certs/kubeconfig",
        "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {user: u, namespace: dev}}]\nusers: [{name: u, user: {client-certificate: elif.pem, client-key: elif.key}}]\n",
    );
    let answer = run(
        &folder,
        &[
            "whoami",
            "--kubeconfig",
            "certs/kubeconfig",
            "-f",
            "rbac.yaml",
        ],
        &server,
    );
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(
        answer.stdout.contains("elif") && answer.stdout.contains("lagoon"),
        "{answer:?}"
    );
    let direct = run(
        &folder,
        &[
            "whoami",
            "--client-certificate",
            "certs/elif.pem",
            "-f",
            "rbac.yaml",
        ],
        &server,
    );
    assert_eq!(direct.stdout, answer.stdout);
}

#[test]
fn several_kubeconfigs_are_merged_the_first_one_counts() {
    let folder = Folder::new();
    let file = |user: &str| {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: {user}\ncontexts: [{{name: shared, context: {{user: {user}}}}}, {{name: {user}, context: {{user: {user}}}}}]\nusers: [{{name: {user}, user: {{exec: {{command: get-{user}}}}}}}]\n"
        )
    };
    folder.write("a", file("one"));
    folder.write("b", file("two"));
    folder.write("rbac.yaml", "");
    let ask = |context: &[&str]| {
        let args = [&["whoami", "-f", "rbac.yaml"], context].concat();
        let mut command = folder.command(args.iter().copied());
        let paths = std::env::join_paths(["missing", "a", "b"].map(|n| folder.path(n)));
        command.env("KUBECONFIG", paths.expect("paths"));
        let output = command.output().expect("a run");
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8(output.stdout).expect("text")
    };
    // A plugin is never run, but named.
    assert!(ask(&[]).contains("\"get-one\""), "{}", ask(&[]));
    assert!(ask(&["--context", "two"]).contains("\"get-two\""));
    assert!(ask(&["--context", "shared"]).contains("\"get-one\""));
    assert!(ask(&["--user", "two"]).contains("\"get-two\""));
}

#[test]
fn kubeconfigs_that_cannot_be_read_stop_the_command() {
    let folder = Folder::new();
    folder.write("rbac.yaml", "");
    for (text, message) in [
        ("users: 5\n", "kubeconfig:1:8: users: expected a list"),
        (
            "users:\n- {name: a, user: {}}\n- {name: a, user: {}}\n",
            "kubeconfig:3:3: users: the name \"a\" is given twice",
        ),
        (
            "users: [{name: u, user: {client-certificate-data: '%%'}}]\n",
            "expected base64",
        ),
        ("kind: Pod\napiVersion: v1\n", "expected a kubeconfig"),
        ("users: [\n", "is no kubeconfig that can be read"),
        ("current-context: x\n", "has no context \"x\""),
        (
            "current-context: x\ncontexts: [{name: x, context: {user: z}}]\n",
            "has no user \"z\"",
        ),
        (
            "current-context: x\ncontexts: [{name: x, context: {user: z}}]\nusers: [{name: z, user: {token: hidden-one, username: a, password: hidden-two}}]\n",
            "more than one authentication method",
        ),
    ] {
        folder.write("kubeconfig", text);
        let answer = folder.run("whoami --kubeconfig kubeconfig -f rbac.yaml");
        answer.stopped_over(message);
        assert!(!answer.stderr.contains("hidden-"), "{answer:?}");
    }
}

#[test]
fn a_file_without_the_credential_that_is_asked_for_stops_the_command() {
    let folder = Folder::with("rbac.yaml", "");
    folder.write("empty", "\n");
    folder.write(
        "key.pem",
        "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
    );
    let user = |fields: &str| {
        format!(
            "current-context: x\ncontexts: [{{name: x, context: {{user: u}}}}]\nusers: [{{name: u, user: {{{fields}}}}}]\n"
        )
    };
    folder.write("token-file", user("tokenFile: empty"));
    folder.write("certificate", user("client-certificate: key.pem"));
    folder.write("data", user("client-certificate-data: eA=="));
    folder.write("nothing", user("client-certificate-data: ''"));
    let token = "empty: holds no token: expected a bearer token and nothing else\n";
    let certificate = "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)\n";
    for (flags, message) in [
        ("--token-file empty", token),
        ("--kubeconfig token-file", token),
        ("--client-certificate key.pem", certificate),
        ("--client-certificate empty", certificate),
        ("--kubeconfig certificate", certificate),
        ("--kubeconfig data", certificate),
    ] {
        for command in ["whoami", "can-i get pods", "trace get pods"] {
            let answer = folder.run(&format!("{command} {flags} -f rbac.yaml"));
            answer.stopped_over(message);
        }
    }
    let answer = folder.run("trace get pods --kubeconfig nothing -f rbac.yaml");
    assert!(answer.stdout.contains("system:anonymous"), "{answer:?}");
}

#[test]
fn a_batch_says_what_cannot_be_known() {
    let folder = Folder::new();
    folder.write("rbac.yaml", "");
    folder.write(
        "lines",
        "{\"id\":\"a\",\"credential\":{\"token\":\"opaque\"}}\n{\"id\":\"b\",\"credential\":{}}\n",
    );
    let answer = folder.run("whoami --batch lines -f rbac.yaml");
    let lines: Vec<Value> = answer
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["code"], Value::Null);
    assert!(
        lines[0]["message"]
            .as_str()
            .expect("text")
            .starts_with("unknown: ")
    );
    assert_eq!(lines[1]["user"]["username"], "system:anonymous");
    folder.write("lines", "{\"id\":\"a\"}\n{\"id\":5}\n");
    folder
        .run("whoami --batch lines -f rbac.yaml")
        .stopped_over("lines:2:");
}
