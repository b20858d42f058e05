//! The rules about service accounts and tokens, through the binary.

use super::command::Folder;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const NOW: &str = "--now 2026-06-01T00:00:00Z";
/// The same in seconds.
const SECONDS: i64 = 1_780_272_000;
const DAY: i64 = 86_400;

fn jwt(algorithm: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = URL_SAFE_NO_PAD.encode([7; 64]);
    format!(
        "{}.{}.{signature}",
        part(&json!({"alg": algorithm})),
        part(claims)
    )
}

/// The claims of a Pod's token for an hour, with others over them; null takes one away.
fn claims(others: Value) -> Value {
    let mut claims = json!({
        "iss": "https://k", "aud": ["https://k"], "sub": "system:serviceaccount:ci:bot",
        "iat": SECONDS, "nbf": SECONDS, "exp": SECONDS + 3600,
        "kubernetes.io": {
            "namespace": "ci", "serviceaccount": {"name": "bot", "uid": "1"}, "pod": {"name": "p", "uid": "2"}
        },
    });
    let map = claims.as_object_mut().expect("a map");
    for (claim, value) in others.as_object().expect("a map") {
        match value {
            Value::Null => map.remove(claim),
            value => map.insert(claim.clone(), value.clone()),
        };
    }
    claims
}

fn kubeconfig(user: &str, token: &str) -> String {
    format!("apiVersion: v1\nkind: Config\nusers:\n- name: {user}\n  user:\n    token: {token}\n")
}

/// Rule and severity of each finding whose id begins so.
fn found(folder: &Folder, words: &str, prefix: &str) -> Vec<String> {
    let report = report(folder, words);
    let findings = report["findings"].as_array().expect("findings");
    let text = |finding: &Value, field: &str| finding[field].as_str().expect("a text").to_owned();
    let mut found: Vec<String> = findings
        .iter()
        .filter(|finding| text(finding, "rule").starts_with(prefix))
        .map(|finding| format!("{} {}", text(finding, "rule"), text(finding, "severity")))
        .collect();
    found.sort();
    found
}

fn report(folder: &Folder, words: &str) -> Value {
    let answer = folder.run(&format!("lint -o json --profile strict {NOW} {words}"));
    serde_json::from_str(&answer.stdout).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
}

fn not_checked(folder: &Folder, words: &str, id: &str) -> bool {
    let report = report(folder, words);
    let list = report["notChecked"].as_array().expect("a list");
    list.iter().any(|entry| entry["rule"] == id)
}

/// What is found in a manifest, of the rules whose ids begin so.
fn of(manifest: &str, prefix: &str) -> Vec<String> {
    found(&Folder::with("m.yaml", manifest), "m.yaml", prefix)
}

fn recorded(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/conformance/authn-local/sa-tokens")
        .join(path)
}

#[test]
fn tokens_of_kubeconfigs_are_judged_by_what_they_say() {
    let unbound = json!({"namespace": "ci", "serviceaccount": {"name": "bot", "uid": "1"}});
    let table: &[(&str, &str, Value, &[&str])] = &[
        ("ES256", "bot", json!({}), &[]),
        ("ES256", "bot", json!({"exp": null}), &["RBC305 high"]),
        ("ES256", "bot", json!({"exp": SECONDS + DAY}), &[]),
        (
            "ES256",
            "bot",
            json!({"exp": SECONDS + DAY + 1}),
            &["RBC306 medium"],
        ),
        (
            "ES256",
            "bot",
            json!({"exp": SECONDS + 31 * DAY}),
            &["RBC306 high"],
        ),
        (
            "ES256",
            "bot",
            json!({"iat": null, "nbf": null, "exp": SECONDS + 31 * DAY}),
            &["RBC306 high"],
        ),
        (
            "ES256",
            "bot",
            json!({"aud": ["vault"]}),
            &["RBC307 medium"],
        ),
        ("ES256", "bot", json!({"aud": ["vault", "https://k"]}), &[]),
        (
            "ES256",
            "bot",
            json!({"kubernetes.io": unbound}),
            &["RBC309 medium"],
        ),
        (
            "ES256",
            "bot",
            json!({"iat": SECONDS - 7200, "nbf": SECONDS - 7200, "exp": SECONDS - 3600}),
            &["RBC310 high"],
        ),
        ("ES256", "bot", json!({"exp": SECONDS - 30}), &[]),
        (
            "ES256",
            "bot",
            json!({"nbf": SECONDS + 600}),
            &["RBC311 high"],
        ),
        ("HS256", "bot", json!({}), &["RBC312 critical"]),
        ("none", "bot", json!({}), &["RBC312 critical"]),
        // 64 bytes of signature are an RSA key of 512 bits.
        ("RS256", "bot", json!({}), &["RBC312 critical"]),
        ("ES256", "jane", json!({}), &["RBC324 medium"]),
        ("ES256", "ci-bot", json!({}), &["RBC324 medium"]),
    ];
    for (algorithm, user, others, expected) in table {
        let token = jwt(algorithm, &claims(others.clone()));
        let found: Vec<String> = of(&kubeconfig(user, &token), "RBC3")
            .into_iter()
            .filter(|line| !line.starts_with("RBC316"))
            .collect();
        assert_eq!(&found, expected, "{algorithm} {user} {others}");
    }
}

#[test]
fn kubeconfigs_are_found_in_secrets_and_beside_their_token_files() {
    let token = jwt("ES256", &claims(json!({"exp": null})));
    let inner = kubeconfig("bot", &token);
    let encoded = STANDARD.encode(&inner);
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{namespace: ci, name: kc}}\ndata: {{value: {encoded}}}\n"
    );
    assert_eq!(of(&secret, "RBC305"), ["RBC305 high"]);
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "ci", "name": "kc"}, "data": {"config": inner}});
    assert_eq!(of(&map.to_string(), "RBC305"), ["RBC305 high"]);
    assert_eq!(of(&map.to_string(), "RBC315"), ["RBC315 critical"]);

    let folder = Folder::with("t", &token);
    let config = kubeconfig("bot", "x").replace("token: x", "tokenFile: t");
    folder.write("k.yaml", &config);
    assert_eq!(found(&folder, "k.yaml", "RBC305"), ["RBC305 high"]);
    assert_eq!(found(&folder, "--token-file t", "RBC305"), ["RBC305 high"]);
    assert_eq!(found(&folder, "t", "RBC305"), ["RBC305 high"]);
    folder.write("k.yaml", config.replace("tokenFile: t", "tokenFile: gone"));
    assert!(not_checked(&folder, "k.yaml", "RBC305"));
}

#[test]
fn without_a_server_what_it_takes_is_not_checked() {
    let folder = Folder::with(
        "k.yaml",
        kubeconfig("bot", &jwt("ES256", &claims(json!({})))),
    );
    for id in [
        "RBC220", "RBC307", "RBC313", "RBC314", "RBC321", "RBC323", "RBC325",
    ] {
        let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: User, name: a}]\n";
        folder.write("b.yaml", binding);
        assert!(not_checked(&folder, "k.yaml b.yaml", id), "{id}");
    }
}

/// Recorded tokens at the recorded server: what it took is not called invalid, what it refused is.
#[test]
fn recorded_tokens_are_judged_by_the_server() {
    let lines = fs::read_to_string(recorded("authn.jsonl")).expect("lines");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line"))
        .collect();
    let root = recorded("");
    let flags = "--apiserver-flag service-account-issuer=https://kubernetes.default.svc.cluster.local --apiserver-flag service-account-key-file=input/pki/sa.pub";
    for (id, expected) in [
        ("issued/plain", &[][..]),
        ("issued/aud-vault", &["RBC307"]),
        ("forged/key-foreign", &["RBC314"]),
        ("forged/tampered-payload", &["RBC314"]),
        ("forged/tampered-sig", &["RBC314"]),
        ("legacy/token-evil-key", &["RBC314"]),
    ] {
        let line = lines
            .iter()
            .find(|line| line["id"] == id)
            .unwrap_or_else(|| panic!("{id}"));
        let token = line["credential"]["token"].as_str().expect("a token");
        let folder = Folder::with("t", token);
        let now = line["now"].as_str().expect("a time");
        let words = format!(
            "lint -o json --token-file t --root {} --now {now} {flags} --only RBC307,RBC310,RBC311,RBC312,RBC313,RBC314,RBC321",
            root.display()
        );
        let answer = folder.run(&words);
        let report: Value = serde_json::from_str(&answer.stdout).expect("a report");
        let findings = report["findings"].as_array().expect("findings");
        let ids: Vec<&str> = findings.iter().filter_map(|f| f["rule"].as_str()).collect();
        assert_eq!(ids, expected, "{id}");
    }
}

const ISSUERS: &str = "--apiserver-flag oidc-issuer-url=https://idp --apiserver-flag oidc-client-id=k --apiserver-flag oidc-username-claim=email --apiserver-flag oidc-username-prefix=u: --apiserver-flag oidc-groups-claim=groups --apiserver-flag oidc-groups-prefix=g:";

#[test]
fn issuers_decide_about_claims_and_names() {
    let id_token = |others: Value| {
        let mut own = json!({
            "iss": "https://idp", "aud": "k", "sub": "1", "email": "jane@x", "kubernetes.io": null,
        });
        for (claim, value) in others.as_object().expect("a map") {
            own[claim] = value.clone();
        }
        jwt("RS256", &claims(own)).replace('=', "")
    };
    for (others, expected) in [
        (json!({}), &[][..]),
        (json!({"email_verified": false}), &["RBC321 high"]),
        (json!({"email": null}), &["RBC321 high"]),
        (json!({"aud": "other"}), &["RBC321 high"]),
        (json!({"groups": 7}), &["RBC321 high"]),
        (json!({"groups": "devs"}), &[]),
        (
            json!({"iss": "https://idp/"}),
            &["RBC313 high", "RBC321 high"],
        ),
        (json!({"iss": "https://other"}), &["RBC313 high"]),
    ] {
        let folder = Folder::with("k.yaml", kubeconfig("jane", &id_token(others.clone())));
        let found = found(
            &folder,
            &format!("k.yaml {ISSUERS} --only RBC313,RBC321"),
            "RBC3",
        );
        assert_eq!(found, expected, "{others}");
    }
    let binding = |kind: &str, name: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{namespace: a, name: a}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\nsubjects: [{{apiGroup: rbac.authorization.k8s.io, kind: {kind}, name: '{name}'}}]\n"
        )
    };
    for (kind, name, is_found) in [
        ("Group", "devs", true),
        ("Group", "g:devs", false),
        ("Group", "g:g:devs", true),
        ("Group", "u:devs", true),
        ("User", "jane", true),
        ("User", "u:jane@x", false),
        ("User", "system:kube-scheduler", false),
        ("Group", "kubeadm:cluster-admins", false),
    ] {
        let folder = Folder::with("b.yaml", binding(kind, name));
        let found = found(&folder, &format!("b.yaml {ISSUERS}"), "RBC220");
        assert_eq!(
            found == ["RBC220 high"],
            is_found,
            "{kind} {name}: {found:?}"
        );
    }
}

#[test]
fn static_tokens_are_found_whether_the_server_starts_or_not() {
    let folder = Folder::with("tokens.csv", "s3cret-of-jane,jane,1\n");
    let words = "tokens.csv --apiserver-flag token-auth-file=tokens.csv";
    assert_eq!(found(&folder, words, "RBC323"), ["RBC323 high"]);
    assert_eq!(found(&folder, "tokens.csv", "RBC323"), ["RBC323 high"]);
    folder.write(
        "tokens.csv",
        "s3cret-of-jane,jane,1,\"a,system:masters\"\ns3cret-of-jane,bob,2\nshort,row\n",
    );
    folder.write("empty.yaml", "");
    let words = "empty.yaml --apiserver-flag token-auth-file=tokens.csv";
    assert_eq!(
        found(&folder, words, "RBC323"),
        [
            "RBC323 critical",
            "RBC323 high",
            "RBC323 high",
            "RBC323 high"
        ]
    );
    let answer = folder.run(&format!("lint {words}"));
    assert!(!answer.stdout.contains("s3cret-of-jane"), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn files_that_others_read_are_found() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("k.yaml", kubeconfig("bot", "opaque-token"));
    for (mode, is_found) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true)] {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path("k.yaml"), permissions).expect("a mode");
        assert_eq!(
            !found(&folder, "k.yaml", "RBC316").is_empty(),
            is_found,
            "{mode:o}"
        );
    }
}

#[test]
fn objects_that_are_gone_are_missed_in_a_whole_cluster_alone() {
    let folder = Folder::with(
        "k.yaml",
        kubeconfig("bot", &jwt("ES256", &claims(json!({})))),
    );
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: ci, name: bot, uid: '1'}\n";
    let pod = |name: &str, uid: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{namespace: ci, name: {name}, uid: '{uid}'}}\nspec: {{serviceAccountName: bot}}\n"
        )
    };
    folder.write("rbac-check.yaml", "lint: {complete: true}\n");
    for (objects, expected) in [
        (pod("p", "2"), &[][..]),
        (pod("p", "3"), &["RBC325 high"]),
        (pod("q", "2"), &["RBC325 high"]),
    ] {
        folder.write("o.yaml", format!("{account}{objects}"));
        assert_eq!(
            found(&folder, "k.yaml o.yaml", "RBC325"),
            expected,
            "{objects}"
        );
    }
    folder.write("rbac-check.yaml", "lint: {complete: false}\n");
    assert!(found(&folder, "k.yaml o.yaml", "RBC325").is_empty());
    assert!(not_checked(&folder, "k.yaml o.yaml", "RBC325"));
}

#[test]
fn no_secret_is_shown_in_any_form() {
    let token = jwt("HS256", &claims(json!({"exp": null, "aud": ["vault"]})));
    let word = "z9y8x7w6v5u4t3s2";
    let encoded = STANDARD.encode(&token);
    let manifest = format!(
        "{}---\n{{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, data: {{token: {encoded}}}, metadata: {{namespace: ci, name: s}}}}\n---\n{{apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token, stringData: {{token-secret: {word}, token-id: abcdef, usage-bootstrap-authentication: 'true'}}, metadata: {{namespace: kube-system, name: bootstrap-token-abcdef}}}}\n---\n{{apiVersion: v1, kind: ConfigMap, data: {{a: 'Bearer {token}', b: join abcdef.{word}}}, metadata: {{namespace: ci, name: c}}}}\n",
        kubeconfig("jane", &token)
    );
    let folder = Folder::with("m.yaml", &manifest);
    for output in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let answer = folder.run(&format!(
            "lint m.yaml -v --profile strict -o {output} {NOW}"
        ));
        assert!(answer.stdout.contains("RBC312"), "{output}: {answer:?}");
        for secret in [token.as_str(), &token[..30], word, &encoded[..30]] {
            assert!(!answer.stdout.contains(secret), "{output} shows {secret}");
            assert!(!answer.stderr.contains(secret), "{output} shows {secret}");
        }
    }
    // Nor does what baselines keep depend on it.
    let prints = |manifest: &str| {
        let report = report(&Folder::with("m.yaml", manifest), "m.yaml");
        let findings = report["findings"].as_array().expect("findings").clone();
        let prints = findings.iter().map(|f| f["fingerprint"].to_string());
        prints.collect::<Vec<_>>()
    };
    let other = manifest.replace(word, "a1b2c3d4e5f6g7h8");
    assert_eq!(prints(&manifest), prints(&other));
}

#[test]
fn bootstrap_tokens_are_what_the_server_takes() {
    let secret = |namespace: &str, name: &str, data: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{namespace: {namespace}, name: {name}}}\ntype: bootstrap.kubernetes.io/token\nstringData: {{token-id: abcdef, {data}}}\n"
        )
    };
    let good = "token-secret: z9y8x7w6v5u4t3s2, usage-bootstrap-authentication: 'true', expiration: '2026-06-01T12:00:00Z'";
    let name = "bootstrap-token-abcdef";
    for (namespace, name, data, is_found) in [
        ("kube-system", name, good.to_owned(), false),
        ("ci", name, good.to_owned(), true),
        (
            "kube-system",
            "bootstrap-token-zzzzzz",
            good.to_owned(),
            true,
        ),
        ("kube-system", "other", good.to_owned(), true),
        (
            "kube-system",
            name,
            good.replace("06-01T12", "06-03T12"),
            true,
        ),
        ("kube-system", name, good.replace("expiration", "x"), true),
        (
            "kube-system",
            name,
            good.replace("z9y8x7w6v5u4t3s2", "aaaaaaaaaaaaaaaa"),
            true,
        ),
        (
            "kube-system",
            name,
            good.replace("z9y8x7w6v5u4t3s2", "short"),
            true,
        ),
        (
            "kube-system",
            name,
            format!("{good}, auth-extra-groups: 'system:bootstrappers:kubeadm:default-node-token'"),
            false,
        ),
        (
            "kube-system",
            name,
            format!("{good}, auth-extra-groups: 'system:masters'"),
            true,
        ),
    ] {
        let found = of(&secret(namespace, name, &data), "RBC322");
        assert_eq!(
            found.first().map(String::as_str),
            is_found.then_some("RBC322 high"),
            "{namespace} {name} {data}"
        );
    }
}

const SECRETS: &str = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: secrets}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secrets}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: web}\n";

#[test]
fn what_an_account_may_decides_how_grave_it_is() {
    let legacy = "apiVersion: v1\nkind: Secret\nmetadata: {namespace: web, name: t, annotations: {kubernetes.io/service-account.name: web}}\ntype: kubernetes.io/service-account-token\n";
    assert_eq!(of(legacy, "RBC304"), ["RBC304 high"]);
    assert_eq!(
        of(&format!("{legacy}{SECRETS}"), "RBC304"),
        ["RBC304 critical"]
    );
    let shut = legacy.replace(
        "annotations:",
        "labels: {kubernetes.io/legacy-token-invalid-since: '2026-01-01'}, annotations:",
    );
    assert_eq!(of(&format!("{shut}{SECRETS}"), "RBC304"), ["RBC304 low"]);

    let pod = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{namespace: web, name: web, labels: {{app: web}}}}\nspec: {{serviceAccountName: web{spec}}}\n{SECRETS}"
        )
    };
    let service = |kind: &str| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{namespace: web, name: web}}\nspec: {{type: {kind}, selector: {{app: web}}}}\n"
        )
    };
    // One token, one finding: that it is mounted is a facet.
    assert_eq!(of(&pod(""), "RBC30"), ["RBC303 high"]);
    assert_eq!(
        of(&pod(", automountServiceAccountToken: true"), "RBC30"),
        ["RBC303 high"]
    );
    assert!(of(&pod(", automountServiceAccountToken: false"), "RBC30").is_empty());
    assert_eq!(
        of(
            &pod(", volumes: [{name: a, hostPath: {path: /}}]"),
            "RBC303"
        ),
        ["RBC303 critical"]
    );
    assert_eq!(
        of(
            &pod(", containers: [{name: a, securityContext: {privileged: true}}]"),
            "RBC303"
        ),
        ["RBC303 critical"]
    );
    assert_eq!(
        of(&format!("{}{}", pod(""), service("LoadBalancer")), "RBC303"),
        ["RBC303 critical"]
    );
    assert_eq!(
        of(&format!("{}{}", pod(""), service("ClusterIP")), "RBC303"),
        ["RBC303 high"]
    );
}

#[test]
fn accounts_and_what_is_written_about_them() {
    let account = |rest: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{namespace: web, name: web{rest}\n"
        )
    };
    assert_eq!(
        of(&account("}\nsecrets: [{name: mine}]"), "RBC319"),
        ["RBC319 low"]
    );
    assert!(of(&account("}\nsecrets: [{name: web-token-x7x7x}]"), "RBC319").is_empty());
    let annotation = ", annotations: {kubernetes.io/enforce-mountable-secrets: 'true'}}";
    assert_eq!(of(&account(annotation), "RBC319"), ["RBC319 low"]);
    let cloud = account(", annotations: {iam.gke.io/gcp-service-account: a@b}}");
    let devs = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: web, name: devs}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects: [{kind: Group, name: devs}]\n";
    assert_eq!(of(&cloud, "RBC318"), ["RBC318 info"]);
    assert_eq!(of(&format!("{cloud}{devs}"), "RBC318"), ["RBC318 high"]);
    let elsewhere = devs.replace("namespace: web", "namespace: other");
    assert_eq!(
        of(&format!("{cloud}{elsewhere}"), "RBC318"),
        ["RBC318 info"]
    );

    let token = jwt("ES256", &claims(json!({})));
    let annotated = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{namespace: web, name: web}}\nspec: {{template: {{metadata: {{annotations: {{t: '{token}'}}}}, spec: {{serviceAccountName: web}}}}}}\n"
    );
    assert_eq!(of(&annotated, "RBC315"), ["RBC315 critical"]);

    let values = format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{namespace: web, name: web}}\nspec: {{values: {{list: [{{token: {token}}}]}}}}\n"
    );
    assert_eq!(of(&values, "RBC315"), ["RBC315 critical"]);

    let projected = |mount: &str, source: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{namespace: web, name: web}}\nspec: {{containers: [{{name: a, volumeMounts: [{{name: t, mountPath: {mount}}}]}}], volumes: [{{name: t, projected: {{sources: [{{serviceAccountToken: {{path: token{source}}}}}]}}}}]}}\n"
        )
    };
    let usual = "/var/run/secrets/kubernetes.io/serviceaccount";
    assert!(of(&projected(usual, ""), "RBC308").is_empty());
    assert_eq!(of(&projected("/vault", ""), "RBC308"), ["RBC308 medium"]);
    assert!(of(&projected("/vault", ", audience: vault"), "RBC308").is_empty());
    assert_eq!(
        of(
            &projected("/vault", ", audience: 'https://kubernetes.default.svc'"),
            "RBC308"
        ),
        ["RBC308 medium"]
    );
}
