//! What `token` and `cert` promise: what they say, the exit status, and that no secret is printed.

mod command;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use command::{Answer, Folder};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// When the recorded tokens and certificates were good.
const NOW: &str = "2026-11-23T18:40:00Z";

fn recorded(path: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.join("testdata/conformance/authn-local").join(path)
}

/// The path of a recorded file, as a word of a command.
fn word(path: &str) -> String {
    recorded(path).to_str().expect("a UTF-8 path").to_owned()
}

/// The token of a recorded line.
fn token(suite: &str, id: &str) -> String {
    let lines = fs::read_to_string(recorded(suite).join("authn.jsonl")).expect("a suite");
    let mut lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let line = lines.find(|line| line["id"] == id).expect("the line");
    line["credential"]["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

fn jwt(header: &str, claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!(
        "{}.{}.{}",
        part(header),
        part(claims),
        part("a signature that nobody made")
    )
}

fn rs256(claims: &Value) -> String {
    jwt(r#"{"alg":"RS256","kid":"k"}"#, &claims.to_string())
}

/// Runs `token inspect` on a token in a file.
fn inspect(token: &str, flags: &str) -> Answer {
    let folder = Folder::with("token", format!("{token}\n"));
    let answer = folder.run(&format!("token inspect token --now {NOW} {flags}"));
    tells_no_secret(&answer, token);
    answer
}

fn inspect_json(token: &str, flags: &str) -> (i32, Value) {
    let answer = inspect(token, &format!("{flags} -o json"));
    assert_eq!(answer.stderr, "");
    (
        answer.status,
        serde_json::from_str(&answer.stdout).expect("JSON"),
    )
}

/// That neither the token's payload nor its signature was printed.
#[track_caller]
fn tells_no_secret(answer: &Answer, token: &str) {
    for part in token.split('.').skip(1).filter(|part| part.len() > 8) {
        for output in [&answer.stdout, &answer.stderr] {
            assert!(
                !output.contains(part),
                "a part of the token is in the output"
            );
        }
    }
}

fn ids(value: &Value) -> Vec<&str> {
    let dangers = value["dangers"].as_array().expect("dangers");
    dangers
        .iter()
        .filter_map(|danger| danger["id"].as_str())
        .collect()
}

fn live() -> String {
    format!("-f {}", word("sa-tokens/input/objects/live.yaml"))
}

fn changed() -> String {
    format!("-f {}", word("sa-tokens/input/objects/changed.yaml"))
}

/// The flags of the server that issued the recorded tokens.
fn server() -> String {
    let key = word("sa-tokens/input/pki/sa.pub");
    format!(
        "--apiserver-flag service-account-issuer=https://kubernetes.default.svc.cluster.local --apiserver-flag service-account-key-file={key}"
    )
}

#[test]
fn a_bound_token() {
    let token = token("sa-tokens", "issued/pod-kept");
    let answer = inspect(&token, &live());
    for line in [
        "kind      ServiceAccount token (bound)",
        "user      system:serviceaccount:fjord:gita",
        "groups    system:serviceaccounts, system:serviceaccounts:fjord, system:authenticated",
        "expires   2026-11-23T19:35:14Z (in 55m), life 60m",
        "exists, and is the same",
        "signature not verified",
    ] {
        assert!(answer.stdout.contains(line), "{line}: {}", answer.stdout);
    }
    assert_eq!((answer.status, &*answer.stderr), (0, ""));

    let (status, value) = inspect_json(&token, &changed());
    assert_eq!(
        (status, &value["kind"], &value["valid"]),
        (0, &json!("BoundServiceAccount"), &json!(true))
    );
    assert_eq!(
        value["userInfo"]["username"],
        "system:serviceaccount:fjord:gita"
    );
    assert_eq!(value["lifetimeSeconds"], 3600);
    assert_eq!(value["header"]["alg"], "RS256");
    assert_eq!(
        value["authenticator"],
        json!({"outcome": "byShape", "name": "service account token"})
    );
    assert_eq!(value.get("token"), None);
}

#[test]
fn what_became_of_bound_objects() {
    for (id, danger, state) in [
        (
            "issued/pod-recreated",
            "bound-object-recreated",
            "Recreated",
        ),
        ("issued/pod-deleted", "bound-object-gone", "Gone"),
        ("issued/secret-deleted", "bound-object-gone", "Gone"),
        (
            "issued/node-recreated",
            "bound-object-recreated",
            "Recreated",
        ),
        ("issued/sa-deleted", "bound-object-gone", "Gone"),
        ("issued/sa-recreated", "bound-object-recreated", "Recreated"),
    ] {
        let (status, value) = inspect_json(&token("sa-tokens", id), &changed());
        assert_eq!(status, 1, "{id}");
        assert!(ids(&value).contains(&danger), "{id}: {value}");
        let bound = value["boundObjects"].as_array().expect("objects");
        assert!(
            bound.iter().any(|object| object["state"] == state),
            "{id}: {value}"
        );
    }
    // The server does not look at the node of a pod's token.
    let (status, value) = inspect_json(&token("sa-tokens", "issued/pod-nodegone"), &changed());
    assert_eq!((status, ids(&value)), (0, vec!["bound-object-gone"]));
    // Without objects nothing is said of them.
    let (status, value) = inspect_json(&token("sa-tokens", "issued/pod-deleted"), "");
    assert_eq!(
        (status, &value["boundObjects"][1]["state"]),
        (0, &json!("NotLoaded"))
    );
}

#[test]
fn a_legacy_token() {
    let kept = token("sa-tokens", "legacy/token-auto");
    let (status, value) = inspect_json(&kept, &live());
    assert_eq!((status, ids(&value)), (0, vec!["legacy-token"]));
    assert_eq!(value["kind"], "LegacyServiceAccount");
    let rotated = token("sa-tokens", "legacy/token-rotated");
    let (status, value) = inspect_json(&rotated, &changed());
    assert_eq!(status, 1, "{value}");
    assert!(inspect(&kept, "").stdout.contains("expires   never"));
}

#[test]
fn the_server_has_the_last_word() {
    let flags = format!("{} {}", server(), live());
    let (status, value) = inspect_json(&token("sa-tokens", "issued/plain"), &flags);
    assert_eq!(
        (status, &value["authenticator"]["outcome"]),
        (0, &json!("accepted"))
    );
    let (status, value) = inspect_json(&token("sa-tokens", "issued/aud-vault"), &flags);
    assert_eq!(status, 1);
    assert_eq!(ids(&value)[..2], ["wrong-audience", "refused"]);
    let table = inspect(&token("sa-tokens", "issued/aud-vault"), &flags);
    assert!(
        table
            .stdout
            .contains("nobody; refused by service account token"),
        "{}",
        table.stdout
    );

    // An opaque token is what a token file says of it.
    let folder = Folder::with("tokens.csv", "squeamish-ossifrage,ada,7,\"readers\"\n");
    folder.write("token", "squeamish-ossifrage");
    let answer =
        folder.run("token inspect token --apiserver-flag token-auth-file=tokens.csv -o json");
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(
        (answer.status, &value["authenticator"]["name"]),
        (0, &json!("static token file"))
    );
    assert!(!answer.stdout.contains("ossifrage"));
}

#[test]
fn dangers_of_claims() {
    let far = 1_900_000_000;
    for (token, status, danger) in [
        (
            rs256(&json!({"iss": "https://i", "sub": "s", "exp": 1})),
            1,
            "expired",
        ),
        (
            rs256(&json!({"iss": "https://i", "nbf": far, "exp": far + 60})),
            1,
            "not-yet-valid",
        ),
        (
            rs256(&json!({"iss": "https://i", "sub": "s"})),
            0,
            "no-expiry",
        ),
        (
            rs256(&json!({"iss": "i", "iat": 1_795_458_914, "exp": far})),
            0,
            "long-life",
        ),
        (
            rs256(&json!({"iss": "i", "exp": far, "groups": ["a", "system:masters"]})),
            0,
            "system-identity",
        ),
        (
            rs256(&json!({"iss": "i", "exp": far, "email": "system:admin"})),
            0,
            "system-identity",
        ),
        (
            jwt(r#"{"alg":"none"}"#, r#"{"iss":"i","exp":1900000000}"#),
            1,
            "alg-none",
        ),
        (
            jwt(r#"{"alg":"HS256"}"#, r#"{"iss":"i","exp":1900000000}"#),
            1,
            "alg-hmac",
        ),
        (
            jwt(
                r#"{"alg":"RS256"}"#,
                r#"{"iss":"i","exp":1900000000,"exp":1900000001}"#,
            ),
            0,
            "duplicate-key",
        ),
        (
            jwt(
                r#"{"alg":"RS256"}"#,
                r#"{"kubernetes.io":{"pod":{},"pod":{}},"exp":1900000000}"#,
            ),
            1,
            "duplicate-key",
        ),
        (rs256(&json!([])), 1, "broken"),
        ("eyJhbGciOiJSUzI1NiJ9.e30".to_owned(), 1, "broken"),
        ("two words".to_owned(), 1, "not-a-token"),
        (String::new(), 1, "not-a-token"),
    ] {
        let (found, value) = inspect_json(&token, "");
        assert!(ids(&value).contains(&danger), "{danger}: {value}");
        assert_eq!(found, status, "{danger}: {value}");
    }
    let (_, value) = inspect_json(
        &rs256(&json!({"iss": "https://i", "sub": "s", "exp": far})),
        "",
    );
    assert_eq!(value["userInfo"]["username"], "https://i#s");
}

#[test]
fn other_kinds() {
    let (status, value) = inspect_json("31ada4fd-adec-460c-809a-9e56ceb75269", "");
    assert_eq!(
        (status, &value["kind"], &value["valid"]),
        (3, &json!("Opaque"), &Value::Null)
    );
    let good = token("bootstrap", "ok");
    let secrets = format!("-f {}", word("bootstrap/input/objects/secrets.yaml"));
    let (status, value) = inspect_json(&good, "");
    assert_eq!((status, ids(&value)), (0, vec!["secret-not-loaded"]));
    assert_eq!(inspect_json(&good, &secrets).0, 0);
    let (id, _) = good.split_once('.').expect("two parts");
    let wrong = format!("{id}.0123456789abcdef");
    let (status, value) = inspect_json(&wrong, &secrets);
    assert_eq!(
        (status, ids(&value)),
        (1, vec!["bootstrap-secret", "no-expiry"])
    );
}

#[test]
fn where_tokens_come_from() {
    let token = token("sa-tokens", "issued/plain");
    let inspect = format!("token inspect --now {NOW} -o json");
    let folder = Folder::with("token", &token);
    folder.write(
        "request.json",
        json!({"kind": "TokenRequest", "status": {"token": token}}).to_string(),
    );
    folder.write(
        "config",
        json!({
            "current-context": "inline",
            "contexts": [
                {"name": "inline", "context": {"user": "inline"}},
                {"name": "file", "context": {"user": "file"}},
            ],
            "users": [
                {"name": "inline", "user": {"token": token}},
                {"name": "file", "user": {"tokenFile": "token"}},
                {"name": "plugin", "user": {"exec": {"command": "aws"}}},
                {"name": "nobody", "user": {}},
            ],
        })
        .to_string(),
    );
    let expected = folder.run(&format!("{inspect} token"));
    assert_eq!(expected.status, 0);
    for words in [
        &*token,
        "--token-file token",
        "request.json",
        "--kubeconfig config",
        "--kubeconfig config --context file",
        "--kubeconfig config --user file",
    ] {
        let answer = folder.run(&format!("{inspect} {words}"));
        assert_eq!(answer, expected);
        tells_no_secret(&answer, &token);
    }
    assert_eq!(
        folder.run_with(&format!("{inspect} -"), format!("{token}\n\n")),
        expected
    );
    assert_eq!(folder.run(&format!("{inspect} --token {token}")), expected);

    let plugin = folder.run(&format!("{inspect} --kubeconfig config --user plugin"));
    assert_eq!(plugin.status, 3);
    assert!(
        plugin
            .stdout
            .contains("plugin \\\"aws\\\", which is never run"),
        "{}",
        plugin.stdout
    );
    let verified = folder.run("token verify --kubeconfig config --user plugin");
    assert_eq!(verified.status, 3);
    folder
        .run("token inspect --kubeconfig config --user nobody")
        .stopped_over("has no token");
    folder
        .run("token inspect")
        .stopped_over("no token: name a file");
    folder
        .run("token inspect missing.jwt")
        .stopped("missing.jwt: no such file, and no token");
    folder
        .run("token inspect token --kubeconfig config")
        .stopped_over("cannot be used with");
    folder.write("binary", [0xff, 0x00]);
    folder
        .run("token inspect binary")
        .stopped("binary: holds no token, which is UTF-8 text");
}

#[test]
fn the_token_is_shown_only_when_asked() {
    let token = token("sa-tokens", "issued/plain");
    let folder = Folder::with("token", &token);
    for output in ["table", "json", "yaml"] {
        let quiet = folder.run(&format!("token inspect token -o {output}"));
        tells_no_secret(&quiet, &token);
        let loud = folder.run(&format!("token inspect token -o {output} --show-token"));
        assert!(loud.stdout.contains(&token), "{output}: {}", loud.stdout);
    }
    let bootstrap = folder.run("token inspect abcdef.0123456789abcdef");
    assert!(!bootstrap.stdout.contains("0123456789abcdef"));
    for command in ["token verify", "token verify -o json"] {
        tells_no_secret(&folder.run(&format!("{command} token")), &token);
    }
}

#[test]
fn hostile_tokens() {
    let escape = "\u{1b}[2J\u{202e}\u{9b}x\nuser      admin";
    let claims = json!({"iss": escape, "sub": escape, escape: escape, "exp": 1_900_000_000, "groups": [escape]});
    let answer = inspect(&rs256(&claims), "");
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!answer.stdout.contains(bad), "{}", answer.stdout);
    assert!(
        !answer.stdout.contains("\nuser      admin"),
        "{}",
        answer.stdout
    );

    let large = rs256(&json!({"iss": "i", "exp": 1_900_000_000, "large": "x".repeat(10_000_000)}));
    let answer = inspect(&large, "");
    assert_eq!(answer.status, 0);
    assert!(answer.stdout.len() < 10_000, "{}", answer.stdout.len());
    let deep = jwt(r#"{"alg":"RS256"}"#, &"[".repeat(1_000_000));
    assert_eq!(inspect(&deep, "").status, 1);
    let folder = Folder::with("token", "x".repeat((16 << 20) + 1));
    folder
        .run("token inspect token")
        .stopped_over("larger than 16 MiB");
    let groups: Vec<String> = (0..100_000).map(|i| format!("system:{i}")).collect();
    let answer = inspect(
        &rs256(&json!({"iss": "i", "exp": 1_900_000_000, "groups": groups})),
        "",
    );
    assert!(answer.stdout.len() < 10_000, "{}", answer.stdout.len());
    let times = json!({"iss": "i", "exp": 1e300, "nbf": -1e300, "iat": i64::MIN});
    assert_eq!(inspect(&rs256(&times), "").status, 0);
}

#[test]
fn verify_is_the_servers_answer() {
    let folder = Folder::new();
    let run = |id: &str, flags: &str| {
        let token = token("sa-tokens", id);
        folder.write("token", &token);
        let answer = folder.run(&format!("token verify token --now {NOW} {flags}"));
        tells_no_secret(&answer, &token);
        answer
    };
    let all = format!("{} {}", server(), live());
    let good = run("issued/plain", &all);
    assert!(
        good.stdout
            .starts_with("valid\nuser       system:serviceaccount:fjord:gita\n"),
        "{}",
        good.stdout
    );
    assert_eq!(good.status, 0);

    let vault = run("issued/aud-vault", &all);
    assert_eq!(vault.status, 1);
    let said = "not valid: [invalid bearer token, token audiences [\"vault\"] is invalid for the target audiences";
    assert!(vault.stdout.starts_with(said), "{}", vault.stdout);
    assert!(vault.stdout.contains("\nhint: "), "{}", vault.stdout);
    let answer = run(
        "issued/aud-vault",
        &format!("{all} --audience vault -o json"),
    );
    let review: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(answer.status, 0);
    assert_eq!(review["kind"], "TokenReview");
    assert_eq!(review["spec"], json!({"audiences": ["vault"]}));
    assert_eq!(review["status"]["authenticated"], true);
    assert_eq!(review["status"]["audiences"], json!(["vault"]));

    let bare = run("issued/plain", "");
    assert_eq!(bare.status, 3);
    assert!(
        bare.stdout
            .contains("missing  the issuers and keys of service account tokens"),
        "{}",
        bare.stdout
    );
    // Whether the account exists is not known.
    let bare = run("issued/plain", &format!("{} -o json", server()));
    let review: Value = serde_json::from_str(&bare.stdout).expect("JSON");
    assert_eq!(bare.status, 3);
    let error = review["status"]["error"].as_str().expect("an error");
    assert!(
        error.starts_with("unknown: ServiceAccount fjord/gita is not loaded"),
        "{error}"
    );

    let bootstrap = format!(
        "token verify {} {}",
        token("bootstrap", "ok"),
        "--apiserver-flag enable-bootstrap-token-auth=true"
    );
    let answer = folder.run(&bootstrap);
    assert_eq!(answer.status, 3, "{answer:?}");
}

#[test]
fn colours_are_for_dangers_and_headings() {
    let folder = Folder::new();
    let file = certificate("sys-masters");
    let plain = folder.run(&format!("cert inspect {file} --now {NOW}"));
    let coloured = folder.run(&format!("cert inspect {file} --now {NOW} --color always"));
    assert!(
        coloured.stdout.contains("\u{1b}[31mhigh   \u{1b}[0m"),
        "{}",
        coloured.stdout
    );
    assert!(!plain.stdout.contains('\u{1b}'));
}

/// The recorded answers, through the command.
#[test]
fn verify_agrees_with_the_recording() {
    let suite = fs::read_to_string(recorded("sa-tokens/authn.jsonl")).expect("a suite");
    let folder = Folder::new();
    let mut compared = 0;
    for line in suite.lines().step_by(9) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let (Some(token), Some(objects), Some(now)) = (
            line["credential"]["token"].as_str(),
            line["objects"].as_str(),
            line["now"].as_str(),
        ) else {
            continue;
        };
        if line["server"] != "default"
            || line["credential"].as_object().is_none_or(|c| c.len() != 1)
        {
            continue;
        }
        folder.write("token", token);
        let objects = word(&format!("sa-tokens/{objects}"));
        let answer = folder.run(&format!(
            "token verify token --now {now} -f {objects} {}",
            server()
        ));
        let expected = i32::from(line["code"] != 200);
        assert_eq!(answer.status, expected, "{}: {answer:?}", line["id"]);
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

fn certificate(name: &str) -> String {
    word(&format!("x509/input/certs/{name}.pem"))
}

fn inspect_certificate(name: &str, flags: &str) -> (i32, Value) {
    let folder = Folder::new();
    let file = certificate(name);
    let answer = folder.run(&format!("cert inspect {file} --now {NOW} -o json {flags}"));
    assert_eq!(answer.stderr, "");
    (
        answer.status,
        serde_json::from_str(&answer.stdout).expect("JSON"),
    )
}

#[test]
fn whose_certificates_are() {
    let suite = fs::read_to_string(recorded("x509/authn.jsonl")).expect("a suite");
    let mut compared = 0;
    for line in suite.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let id = line["id"].as_str().expect("an id");
        let wanted = [
            "cn-two",
            "o-many",
            "o-multivalue",
            "uid-utf8",
            "type-bmp",
            "type-t61-latin",
            "sys-masters",
        ];
        if line["code"] != 200 || !wanted.contains(&id) {
            continue;
        }
        let (_, value) = inspect_certificate(id, "");
        let found = &value["certificates"][0];
        assert_eq!(found["userInfo"], line["user"], "{id}");
        compared += 1;
    }
    assert!(compared > 3, "{compared}");
}

#[test]
fn dangers_of_certificates() {
    for (name, status, danger) in [
        ("sys-masters", 0, "system-masters"),
        ("sys-node", 0, "system-user"),
        ("sys-authenticated", 0, "system-group"),
        ("leaf-ca-true", 0, "ca-leaf"),
        ("cn-two", 0, "several-common-names"),
        ("cn-three", 0, "several-common-names"),
        ("cn-none", 1, "no-common-name"),
        ("cn-last-empty", 1, "no-common-name"),
        ("cn-nul", 0, "odd-name"),
        ("cn-spaces", 0, "odd-name"),
        ("o-comma", 0, "odd-name"),
        ("eku-server", 1, "no-client-auth"),
        ("eku-none", 0, "any-usage"),
        ("time-expired", 1, "expired"),
        ("time-future", 1, "not-yet-valid"),
        ("time-9999", 0, "long-life"),
        ("sig-sha1", 1, "weak-signature"),
        ("uid-twice", 1, "uid"),
        ("ext-unknown-critical", 1, "critical-extension"),
    ] {
        let (found, value) = inspect_certificate(name, "");
        let first = &value["certificates"][0];
        assert!(ids(first).contains(&danger), "{name}: {value}");
        assert_eq!(found, status, "{name}: {value}");
    }
    let (status, value) = inspect_certificate("serial-negative", "");
    assert_eq!(
        (status, &value["certificates"][0]["error"]),
        (1, &json!("x509: negative serial number"))
    );
}

#[test]
fn who_signed_whom() {
    let (_, value) = inspect_certificate("int-two-shuffled", "");
    let certificates = value["certificates"].as_array().expect("certificates");
    let column =
        |key: &str| -> Vec<Value> { certificates.iter().map(|c| c[key].clone()).collect() };
    assert_eq!(column("role"), ["leaf", "authority", "authority"]);
    assert_eq!(column("issuedBy"), [json!(3), Value::Null, json!(2)]);
    // A client sends what stands first.
    let folder = Folder::new();
    let text = fs::read_to_string(certificate("int-two-shuffled")).expect("PEM");
    let (first, rest) = text.split_once("-----END CERTIFICATE-----\n").expect("two");
    folder.write(
        "wrong.pem",
        format!("{rest}{first}-----END CERTIFICATE-----\n"),
    );
    let answer = folder.run(&format!("cert inspect wrong.pem --now {NOW}"));
    assert!(
        answer
            .stdout
            .contains("warning  it stands behind an authority"),
        "{}",
        answer.stdout
    );
}

#[test]
fn forms_of_certificate_files() {
    let folder = Folder::new();
    let pem = fs::read_to_string(certificate("o-single")).expect("PEM");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let secret = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v";
    let key = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
    folder.write("client.der", STANDARD.decode(&body).expect("base64"));
    folder.write("client.pem", format!("{key}{pem}"));
    folder.write("key.pem", &key);
    folder.write(
        "config",
        json!({"users": [
            {"name": "ada\u{1b}[1m", "user": {"client-certificate-data": STANDARD.encode(&pem), "client-key-data": secret}},
            {"name": "by-file", "user": {"client-certificate": "client.pem"}},
            {"name": "by-token", "user": {"token": "t"}},
        ]})
        .to_string(),
    );
    let run = |words: &str| folder.run(&format!("cert inspect --now {NOW} {words}"));
    let value = |answer: &Answer| -> Value { serde_json::from_str(&answer.stdout).expect("JSON") };
    let of_pem = run("client.pem -o json");
    let of_der = run("client.der -o json");
    assert_eq!(
        value(&of_pem)["certificates"],
        value(&of_der)["certificates"]
    );
    assert_eq!(value(&of_pem)["privateKeysLeftOut"], 1);
    assert_eq!(run("client.pem").stderr, "left out: 1 private key\n");
    let config = run("config");
    assert!(
        config
            .stdout
            .contains(r#"user "ada\x1b[1m" of the kubeconfig:"#),
        "{}",
        config.stdout
    );
    assert!(
        config
            .stdout
            .contains("user \"by-file\" of the kubeconfig:"),
        "{}",
        config.stdout
    );
    assert!(!config.stdout.contains("by-token"));
    for answer in [
        of_pem,
        of_der,
        config,
        run("config -o yaml"),
        run("client.pem"),
    ] {
        assert!(!answer.stdout.contains(secret) && !answer.stderr.contains(secret));
        assert_eq!(answer.status, 0);
    }
    run("key.pem").stopped("key.pem: holds private keys and no certificate");
    run("none.pem").stopped_over("none.pem: No such file");
    folder.write("junk", [0x80, 0xff, 0x00]);
    run("junk").stopped("junk: expected certificates in PEM or DER, or a kubeconfig");
    folder.write("empty", "");
    run("empty").stopped_over("empty: is empty");
    folder.write("broken.pem", pem.replace('M', "!"));
    run("broken.pem").stopped_over("holds no CERTIFICATE block");
}

#[test]
fn expiry_for_scripts() {
    for (within, status) in [
        ("30d", 0),
        ("11y", 1),
        ("1d12h", 0),
        ("520w", 0),
        ("522w", 1),
    ] {
        let (found, _) = inspect_certificate("o-single", &format!("--expires-in {within}"));
        assert_eq!(found, status, "{within}");
    }
    let folder = Folder::new();
    folder
        .run("cert inspect x --expires-in soon")
        .stopped_over("expected a duration such as");
}

#[test]
fn a_bundle_of_a_thousand() {
    let mut text = String::new();
    let files = fs::read_dir(recorded("x509/input/certs")).expect("a folder");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    for path in paths.iter().cycle().take(1000) {
        text.push_str(&fs::read_to_string(path).expect("PEM"));
    }
    let folder = Folder::with("bundle.pem", text);
    let answer = folder.run(&format!("cert inspect bundle.pem --now {NOW}"));
    assert_eq!(answer.status, 1);
    assert!(
        !answer
            .stdout
            .contains(|c: char| c.is_control() && c != '\n')
    );
    let answer = folder.run(&format!("cert inspect bundle.pem --now {NOW} -o json"));
    let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert!(
        value["certificates"]
            .as_array()
            .is_some_and(|all| all.len() >= 1000)
    );
}

#[test]
fn certificates_against_a_ca() {
    let folder = Folder::new();
    let ca = word("x509/input/pki/ca.crt");
    let run = |name: &str, flags: &str| {
        folder.run(&format!(
            "cert verify {} --now {NOW} {flags}",
            certificate(name)
        ))
    };
    let good = run("o-single", &format!("--ca {ca}"));
    assert!(
        good.stdout.starts_with("valid\nuser    "),
        "{}",
        good.stdout
    );
    assert_eq!(good.status, 0);
    assert_eq!(
        run("o-single", &format!("--apiserver-flag client-ca-file={ca}")),
        good
    );
    let expired = run("time-expired", &format!("--ca {ca}"));
    assert_eq!(expired.status, 1);
    assert!(
        expired
            .stdout
            .starts_with("not valid: verifying certificate SN="),
        "{}",
        expired.stdout
    );
    assert!(
        expired
            .stdout
            .contains("x509: certificate has expired or is not yet valid"),
        "{}",
        expired.stdout
    );
    let nobody = run("cn-none", &format!("--ca {ca}"));
    assert_eq!(
        (nobody.status, nobody.stdout.contains("names nobody")),
        (1, true)
    );
    let broken = run("serial-negative", &format!("--ca {ca}"));
    assert_eq!(
        (
            broken.status,
            broken.stdout.contains("the TLS handshake fails")
        ),
        (1, true)
    );
    run("o-single", "").answered(
        3,
        "unknown: the client CA is not known (give the API server's configuration with --apiserver), or the CA with --ca\n",
    );
    let json = run("eku-server", &format!("--ca {ca} -o json"));
    let value: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(
        (json.status, &value["certificates"][0]["valid"]),
        (1, &json!(false))
    );
    run("o-single", "--ca none.crt").stopped_over("none.crt: No such file");
    folder.write("not-a-ca", "x");
    run("o-single", "--ca not-a-ca")
        .stopped("not-a-ca: data does not contain any valid RSA or ECDSA certificates");
}
