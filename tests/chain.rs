//! The configured chain through the command line: what an unknown webhook leaves open, what settles it, and
//! who can be listed.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use command::{Answer, Folder};
use serde_json::Value;
use std::path::Path;

const POLICY: &str = r#"
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: web}
subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
roleRef: {kind: ClusterRole, name: edit, apiGroup: rbac.authorization.k8s.io}
"#;

const KUBECONFIG: &str = r#"
apiVersion: v1
kind: Config
clusters: [{name: h, cluster: {server: "https://hook.example.com/authorize"}}]
contexts: [{name: h, context: {cluster: h}}]
current-context: h
"#;

/// A folder with a policy and, as `/etc/kubernetes` below `root`, the authorizers in this order.
fn world(authorizers: &[&str]) -> Folder {
    let folder = Folder::with("rbac.yaml", POLICY);
    let mut config =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n"
            .to_owned();
    for &name in authorizers {
        config.push_str(&match name {
            "rbac" => "- {type: RBAC, name: rbac}\n".to_owned(),
            "node" => "- {type: Node, name: node}\n".to_owned(),
            name => {
                let policy = if name.starts_with("strict") { "Deny" } else { "NoOpinion" };
                format!("- {{type: Webhook, name: {name}, webhook: {{timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: {policy}, connectionInfo: {{type: KubeConfigFile, kubeConfigFile: /etc/kubernetes/hook.kubeconfig}}}}}}\n")
            }
        });
    }
    folder.write("root/etc/kubernetes/authz.yaml", config);
    folder.write("root/etc/kubernetes/hook.kubeconfig", KUBECONFIG);
    folder
}

fn ask(folder: &Folder, args: &[&str]) -> Answer {
    let server = [
        "-f",
        "rbac.yaml",
        "--root",
        "root",
        "--apiserver-flag",
        "authorization-config=/etc/kubernetes/authz.yaml",
    ];
    folder.args(args.iter().copied().chain(server))
}

const LIST: [&str; 7] = ["can-i", "list", "pods", "-n", "web", "--as", "ann"];
const WATCH_NODES: [&str; 5] = ["can-i", "watch", "nodes", "--as", "ann"];

fn with<'a>(args: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [args, more].concat()
}

#[test]
fn what_no_answer_tells_is_unknown_until_it_is_assumed() {
    let folder = world(&["gate", "rbac"]);
    let answer = ask(&folder, &LIST);
    assert_eq!(answer.status, 3);
    for part in [
        "unknown - webhook \"gate\" decides: allow allows it, ",
        "deny refuses it, no opinion or no answer (failurePolicy NoOpinion) leaves it to RBAC, which allows it (",
        "--webhook-answers gate=FILE",
    ] {
        assert!(answer.stdout.contains(part), "{}", answer.stdout);
    }
    let review: Value =
        serde_json::from_str(&ask(&folder, &with(&LIST, &["-o", "json"])).stdout).expect("JSON");
    assert_eq!(review["status"]["allowed"], false);
    let error = review["status"]["evaluationError"]
        .as_str()
        .expect("an error");
    assert!(error.starts_with("unknown: webhook"), "{error}");
    for (assumed, list, nodes) in [
        ("gate=allow", 0, 0),
        ("gate=no-opinion", 0, 1),
        ("gate=unreachable", 0, 1),
        ("gate=deny", 1, 1),
    ] {
        let assume = ["--assume", assumed];
        assert_eq!(
            ask(&folder, &with(&LIST, &assume)).status,
            list,
            "{assumed}"
        );
        assert_eq!(
            ask(&folder, &with(&WATCH_NODES, &assume)).status,
            nodes,
            "{assumed}"
        );
    }
}

#[test]
fn an_unreachable_webhook_denies_where_its_policy_says_so() {
    let folder = world(&["rbac", "strict"]);
    let assume = ["--assume", "strict=unreachable"];
    assert_eq!(
        ask(&folder, &with(&LIST, &assume)).status,
        0,
        "RBAC comes first"
    );
    let answer = ask(
        &folder,
        &with(&WATCH_NODES, &with(&assume, &["-o", "json"])),
    );
    let review: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(answer.status, 1);
    assert_eq!(review["status"]["denied"], true);
    assert_eq!(
        review["status"]["evaluationError"],
        "webhook \"strict\" is assumed to be unreachable"
    );
    // What kubectl prints of it.
    assert_eq!(
        ask(&folder, &with(&WATCH_NODES, &assume)).stdout,
        "no - webhook \"strict\" is assumed to be unreachable\n"
    );
    // kubectl asks by a request of its own, which is denied before RBAC is asked.
    let folder = world(&["strict", "rbac"]);
    let answer = ask(&folder, &with(&LIST, &with(&assume, &["--explain"])));
    assert_eq!((answer.status, &answer.stdout[..]), (1, ""));
    assert!(
        answer
            .stderr
            .starts_with("Error from server (InternalError): an error on the server"),
        "{}",
        answer.stderr
    );
    assert!(
        answer.stderr.contains("  RBAC              not asked"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_list_that_a_webhook_may_add_to_is_told() {
    let list = ["can-i", "--list", "-n", "web", "--as", "ann", "--assume"];
    let folder = world(&["gate", "rbac"]);
    let answer = ask(&folder, &with(&list, &["gate=no-opinion"]));
    assert_eq!(answer.status, 0);
    assert!(answer.stdout.starts_with("Resources "), "{}", answer.stdout);
    assert_eq!(
        answer.stderr,
        "Warning: the list may be incomplete: webhook authorizer does not support user rule resolution\n"
    );
}

#[test]
fn what_cannot_change_the_verdict_does_not_appear() {
    let folder = world(&["rbac", "gate"]);
    let answer = ask(&folder, &LIST);
    assert_eq!((answer.status, &answer.stdout[..]), (0, "yes\n"));
    assert_eq!(ask(&folder, &WATCH_NODES).status, 3);
    let masters = ["--as", "root", "--as-group", "system:masters"];
    let answer = ask(
        &world(&["gate"]),
        &with(&["can-i", "get", "nodes"], &masters),
    );
    assert_eq!(answer.status, 0, "{answer:?}");
}

#[test]
fn two_unknown_webhooks_are_told_in_their_order() {
    let folder = world(&["gate", "strict", "rbac"]);
    let answer = ask(&folder, &LIST);
    assert!(
        answer.stdout.contains("leaves it to webhook \"strict\" ("),
        "{}",
        answer.stdout
    );
    assert!(
        answer
            .stdout
            .contains("; then webhook \"strict\" decides: "),
        "{}",
        answer.stdout
    );
    let first = with(&LIST, &["--assume", "gate=no-opinion"]);
    let answer = ask(&folder, &first);
    assert!(
        answer
            .stdout
            .starts_with("unknown - webhook \"strict\" decides"),
        "{}",
        answer.stdout
    );
    let both = with(&first, &["--assume", "strict=no-opinion"]);
    assert_eq!(ask(&folder, &both).status, 0);
}

#[test]
fn an_assumption_names_a_webhook_that_there_is() {
    let folder = world(&["gate", "rbac"]);
    for (assumed, told) in [
        (
            "gat=deny",
            "error: --assume gat: no such webhook is configured, there is gate",
        ),
        (
            "rbac=deny",
            "error: --assume rbac: no such webhook is configured, there is gate",
        ),
        (
            "gate=maybe",
            "expected NAME=allow, NAME=deny, NAME=no-opinion or NAME=unreachable",
        ),
        ("gate", "expected NAME=allow"),
    ] {
        let answer = ask(&folder, &with(&LIST, &["--assume", assumed]));
        assert_eq!((answer.status, &answer.stdout[..]), (2, ""), "{assumed}");
        assert!(answer.stderr.contains(told), "{}", answer.stderr);
    }
    let answer = folder.args(with(&LIST, &["-f", "rbac.yaml", "--assume", "gate=deny"]));
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("no webhook is configured"),
        "{}",
        answer.stderr
    );
}

#[test]
fn explain_names_every_opinion_in_order() {
    let folder = world(&["node", "gate", "rbac"]);
    let assume = ["--assume", "gate=no-opinion", "--explain"];
    let answer = ask(&folder, &with(&LIST, &assume));
    let table = "authorizers:\n  Node            no opinion\n  webhook \"gate\"  no opinion  (assumed)\n  RBAC            allow       RBAC: allowed by RoleBinding \"edit/web\"";
    assert!(answer.stdout.contains(table), "{}", answer.stdout);
    let answer = ask(&folder, &with(&LIST, &with(&assume, &["-o", "json"])));
    let review: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let authorizers = review["explanation"]["authorizers"]
        .as_array()
        .expect("a list");
    let said: Vec<_> = authorizers
        .iter()
        .map(|a| {
            (
                a["type"].as_str(),
                a["name"].as_str(),
                a["opinion"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (Some("Node"), Some("node"), Some("no opinion")),
            (Some("Webhook"), Some("gate"), Some("no opinion")),
            (Some("RBAC"), Some("rbac"), Some("allow")),
        ]
    );
}

#[test]
fn who_can_says_who_cannot_be_listed() {
    let who = [
        "who-can",
        "create",
        "deployments.apps",
        "-n",
        "web",
        "-o",
        "json",
    ];
    let answer: Value =
        serde_json::from_str(&ask(&world(&["gate", "rbac"]), &who).stdout).expect("JSON");
    let names = |field: &str| -> Vec<&str> {
        let subjects = answer[field].as_array().map_or(&[][..], Vec::as_slice);
        subjects
            .iter()
            .filter_map(|who| who["name"].as_str())
            .collect()
    };
    assert_eq!(names("subjects"), ["system:masters"]);
    assert!(names("unknown").contains(&"ann"), "{answer}");
    assert_eq!(
        answer["notListed"][0],
        "webhook \"gate\" cannot be listed: it may allow others"
    );
    let answer: Value = serde_json::from_str(&ask(&world(&["rbac"]), &who).stdout).expect("JSON");
    assert!(answer.get("unknown").is_none() && answer.get("notListed").is_none());
}

#[test]
fn policies_name_who_may() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.write(
        "abac.jsonl",
        "{\"user\":\"bob\",\"namespace\":\"web\"}\n{\"group\":\"ops\",\"resource\":\"pods\",\"readonly\":true}\n",
    );
    let server = [
        "-f",
        "rbac.yaml",
        "--apiserver-flag",
        "authorization-mode=ABAC,RBAC",
        "--apiserver-flag",
        "authorization-policy-file=abac.jsonl",
    ];
    let ask = |args: &[&str]| folder.args(args.iter().copied().chain(server));
    let table = ask(&["who-can", "get", "pods", "-n", "web"]).stdout;
    for line in ["Group ops", "User ann", "User bob"] {
        assert!(table.contains(line), "{table}");
    }
    assert!(table.contains("(ABAC policy, line 2)"), "{table}");
    assert_eq!(
        ask(&["can-i", "create", "pods", "-n", "web", "--as", "bob"]).status,
        0
    );
    folder.write("abac.jsonl", "{\"user\":\"bob\"}\n{\"user\":}\n");
    let answer = ask(&["can-i", "get", "pods", "--as", "bob"]);
    assert_eq!((answer.status, &answer.stdout[..]), (2, ""));
    assert_eq!(
        answer.stderr,
        "error: the API server would refuse to start: invalid authorization config: error reading policy file abac.jsonl, line 2: {\"user\":}: couldn't get version/kind; json parse error: invalid character '}' looking for beginning of value\n"
    );
    std::fs::remove_file(folder.path("abac.jsonl")).expect("a file");
    let answer = ask(&["can-i", "get", "pods", "--as", "bob"]);
    assert_eq!(answer.status, 3, "{answer:?}");
    assert!(
        answer
            .stdout
            .contains("abac.jsonl (--authorization-policy-file) is not there")
    );
}

#[test]
fn a_controller_manager_lets_paths_through() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/conformance/authz-chain/healthz-paths/input");
    let folder = Folder::with("rbac.yaml", POLICY);
    for (config, path, expected) in [
        ("kcm-default", "/healthz", true),
        ("kcm-default", "/metrics", false),
        ("kcm-prefix", "/foo/x", true),
        ("kcm-no-authz-kubeconfig", "/version", false),
        ("kcm-default", "/version", true),
    ] {
        let manifest = suite.join(config).join("kube-controller-manager.yaml");
        let review = format!(
            "{{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SubjectAccessReview\",\"spec\":{{\"user\":\"system:anonymous\",\"groups\":[\"system:unauthenticated\"],\"nonResourceAttributes\":{{\"path\":\"{path}\",\"verb\":\"get\"}}}}}}"
        );
        folder.write("review.jsonl", review);
        let manifest = manifest.to_str().expect("a path");
        let answer = folder.args([
            "review",
            "review.jsonl",
            "-f",
            "rbac.yaml",
            "--apiserver",
            manifest,
        ]);
        let allowed = answer.stdout.contains("\"allowed\":true");
        assert_eq!(allowed, expected, "{config} {path}: {answer:?}");
    }
}
