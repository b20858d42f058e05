//! `validate`: which configurations are told to be accepted, in which words others are refused, and what
//! is no configuration at all.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use command::{Answer, Folder};

const MANIFEST: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver}
spec:
  containers:
  - name: kube-apiserver
    command:
    - kube-apiserver
    - --service-account-issuer=https://kubernetes.default.svc
    - --service-account-key-file=/etc/kubernetes/pki/sa.pub
    args:
    - --service-account-signing-key-file
    - /etc/kubernetes/pki/sa.key
";
const KEY: &str = include_str!("../testdata/conformance/authn-local/startup/input/pki/sa.pub");
const TOKENS: &str = "secret-token,one,1\nsecret-token,two\n";

#[track_caller]
fn assert_answer(answer: &Answer, status: i32, stdout: &str) {
    assert_eq!(
        (answer.status, &answer.stdout[..]),
        (status, stdout),
        "{answer:?}"
    );
}

fn server() -> Folder {
    let folder = Folder::with("server.yaml", MANIFEST);
    folder.write("root/etc/kubernetes/pki/sa.pub", KEY);
    folder
}

#[test]
fn a_manifest_is_judged_with_its_files() {
    let folder = server();
    let answer = folder.run("validate --apiserver server.yaml --root root");
    assert_answer(&answer, 0, "accepted\n");
    // What is taken for granted is said.
    assert!(answer.stderr.contains("sa.key"), "{answer:?}");
    // A copy without the whole folder is no configuration that names a wrong file.
    folder.write("copy/etc/kubernetes/audit.yaml", "");
    let copy = folder.run("validate --apiserver server.yaml --root copy");
    assert_answer(&copy, 0, "accepted\n");
    assert!(copy.stderr.contains("pki/sa.pub"), "{copy:?}");
    folder.write("empty/etc/kubernetes/pki/ca.crt", "");
    let without = folder.run("validate --apiserver server.yaml --root empty");
    let error = "open /etc/kubernetes/pki/sa.pub: no such file or directory\n";
    assert_answer(&without, 1, error);
}

#[test]
fn one_flag_is_overridden() {
    let folder = server();
    let answer = folder.run(
        "validate --apiserver server.yaml --root root --apiserver-flag anonymous_auth=maybe -o json",
    );
    let error = r#"invalid argument \"maybe\" for \"--anonymous-auth\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"#;
    let expected = format!("{{\n  \"error\": \"{error}\",\n  \"ok\": false\n}}\n");
    let found: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
    assert_eq!((answer.status, found), (1, expected));
    let answer = folder.run("validate --apiserver server.yaml --root root -o yaml");
    assert_eq!(answer.status, 0);
    assert!(answer.stdout.contains("ok: true"), "{answer:?}");
}

#[test]
fn tokens_are_never_shown() {
    let folder = server();
    folder.write("root/tokens.csv", TOKENS);
    let answer = folder.run(
        "validate --apiserver server.yaml --root root --apiserver-flag token-auth-file=tokens.csv",
    );
    let error = "token file 'tokens.csv' must have at least 3 columns (token, user name, user uid), found 2\n";
    assert_answer(&answer, 1, error);
    assert!(!answer.stderr.contains("secret-token"), "{answer:?}");
}

#[test]
fn an_authentication_configuration_is_judged_alone() {
    let folder = Folder::with(
        "a.yaml",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous: {enabled: false, conditions: [{path: /x}]}\n",
    );
    let error = "anonymous.conditions: Invalid value: [{\"Path\":\"/x\"}]: enabled should be set to true when conditions are defined\n";
    assert_answer(&folder.run("validate a.yaml"), 1, error);
}

#[test]
fn what_is_no_configuration_is_bad_usage() {
    let folder = Folder::with("service.yaml", "apiVersion: v1\nkind: Service\n");
    folder.write(
        "role.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n",
    );
    folder.write("flags", "--anonymous-auth\nclient-ca-file=x\n");
    for (args, message) in [
        ("validate", "nothing to validate"),
        (
            "validate --apiserver service.yaml",
            "service.yaml:1:1: expected a kube-apiserver",
        ),
        (
            "validate --apiserver flags",
            "flags:2:1: expected --flag=value",
        ),
        ("validate --apiserver none.yaml", "none.yaml: "),
        (
            "validate role.yaml",
            "role.yaml:1:1: RBAC objects are not validated yet",
        ),
        (
            "validate service.yaml",
            "service.yaml:1:1: expected an AuthenticationConfiguration",
        ),
        (
            "validate --apiserver flags --root none",
            "--root none: is no folder",
        ),
    ] {
        folder.run(args).stopped_over(message);
    }
}

#[test]
fn an_authorization_configuration_is_judged_with_places() {
    let folder = Folder::with(
        "authz.yaml",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- type: Casbin\n- type: Webhook\n  name: gate\n  webhook:\n    timeout: 45s\n    failurePolicy: Deny\n    connectionInfo: {type: InClusterConfig}\n",
    );
    let answer = folder.run("validate authz.yaml");
    assert_answer(
        &answer,
        1,
        "[authorizers[0].type: Unsupported value: \"Casbin\": supported values: \"ABAC\", \"AlwaysAllow\", \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\", authorizers[1].timeout: Invalid value: \"45s\": must be > 0s and <= 30s, authorizers[1].subjectAccessReviewVersion: Required value]\n",
    );
    assert!(
        answer
            .stderr
            .contains("authz.yaml:4:9: authorizers[0].type: "),
        "{answer:?}"
    );
    assert!(
        answer
            .stderr
            .contains("authz.yaml:8:14: authorizers[1].timeout: "),
        "{answer:?}"
    );
    assert!(
        answer
            .stderr
            .contains("authz.yaml:8:5: authorizers[1].subjectAccess"),
        "{answer:?}"
    );
    let json = folder.run("validate authz.yaml -o json");
    assert!(
        json.stdout.contains("\"line\": 8") && json.status == 1,
        "{json:?}"
    );
    folder.write(
        "authz.yaml",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- {type: RBAC, name: rbac, enabled: true}\n",
    );
    let strict = folder.run("validate authz.yaml");
    assert_answer(
        &strict,
        1,
        "failed to load AuthorizationConfiguration from file: strict decoding error: unknown field \"authorizers[0].enabled\"\n",
    );
    assert!(
        strict.stderr.contains("authz.yaml:4:28: unknown field"),
        "{strict:?}"
    );
    folder.write(
        "authz.yaml",
        "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthorizationConfiguration\nauthorizers:\n- {type: RBAC, name: rbac}\n",
    );
    assert_answer(&folder.run("validate authz.yaml"), 0, "accepted\n");
}
