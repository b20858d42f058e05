//! What `--fetched`, `token inspect`, `token verify` and `whoami` promise about OpenID Connect tokens, through
//! the binary.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use command::{Answer, Folder};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const NOW: &str = "2026-11-23T18:40:00Z";

fn recorded(path: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.join("testdata/conformance/authn-oidc").join(path)
}

fn line(suite: &str, id: &str) -> Value {
    let lines = fs::read_to_string(recorded(suite).join("authn.jsonl")).expect("a suite");
    let mut lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.find(|line| line["id"] == id).expect("the line")
}

/// Runs a command about a recorded token with the configuration that it was recorded with.
fn ask(suite: &str, id: &str, words: &str, fetched: bool) -> Answer {
    let line = line(suite, id);
    let token = line["credential"]["token"].as_str().expect("a token");
    let folder = Folder::with("token", format!("{token}\n"));
    folder.write("objects/none.yaml", "");
    let config = line["config"].as_str().expect("a configuration");
    let suite = recorded(suite);
    let named = |path: &str| suite.join(path).to_str().expect("a path").to_owned();
    let mut flags = match config.ends_with("kube-apiserver.yaml") {
        true => format!("--apiserver {}", named(config)),
        false => format!(
            "--apiserver-flag authentication-config={config} --apiserver-flag service-account-issuer=https://k"
        ),
    };
    flags.push_str(&format!(" --root {}", named("")));
    if fetched {
        flags.push_str(&format!(" --fetched {}", named("input/fetch.json")));
    }
    let answer = folder.run(&format!("{words} --now {NOW} -f objects {flags}"));
    let secret = token.rsplit('.').next().unwrap_or(token);
    assert!(
        secret.len() < 10 || !answer.stdout.contains(secret),
        "{answer:?}"
    );
    answer
}

#[test]
fn verifies_against_what_the_issuer_serves() {
    let good = ask("flags", "minimal/plain", "token verify token", true);
    assert_eq!(good.status, 0, "{good:?}");
    assert!(good.stdout.contains("https://issuer.example.com#u-1001"));
    assert!(good.stdout.contains("OpenID Connect"));
    let bad = ask("flags", "minimal/stranger", "token verify token", true);
    assert_eq!(bad.status, 1);
    assert!(
        bad.stdout.contains("failed to verify id token signature"),
        "{bad:?}"
    );
    let who = ask(
        "flags",
        "minimal/plain",
        "whoami --token-file token -o json",
        true,
    );
    let who: Value = serde_json::from_str(&who.stdout).expect("JSON");
    assert_eq!(
        who["status"]["userInfo"]["username"],
        "https://issuer.example.com#u-1001"
    );
}

#[test]
fn without_the_network_a_token_is_unverified() {
    for words in ["token verify token", "whoami --token-file token"] {
        let answer = ask("flags", "minimal/plain", words, false);
        assert_eq!(answer.status, 3, "{answer:?}");
        let told = answer.stdout.clone() + &answer.stderr;
        let url = "https://issuer.example.com/.well-known/openid-configuration";
        assert!(told.contains(url) && told.contains("--fetched"), "{told}");
        // Who it would be is told.
        assert!(told.contains("https://issuer.example.com#u-1001"), "{told}");
    }
    // Another server's token is nobody's all the same.
    let strange = ask(
        "flags",
        "sub-noprefix/iss-slash",
        "token verify token",
        false,
    );
    assert_eq!(strange.status, 1, "{strange:?}");
}

#[test]
fn an_issuer_that_is_not_in_the_file_is_unreachable() {
    let answer = ask("flags", "unreachable/plain", "token verify token", true);
    assert_eq!(answer.status, 1);
    assert!(
        answer
            .stdout
            .contains("oidc: authenticator not initialized"),
        "{answer:?}"
    );
}

#[test]
fn inspects_step_by_step() {
    let steps = |suite: &str, id: &str| {
        let answer = ask(suite, id, "token inspect token -o json", true);
        let value: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        (answer.status, value)
    };
    let (status, value) = steps("flags", "groups-prefix/plain");
    assert_eq!(status, 0);
    let oidc = &value["oidc"];
    assert_eq!(oidc["outcome"], "accepted");
    let step = |name: &str| {
        let steps = oidc["steps"].as_array().expect("steps");
        let step = steps.iter().find(|step| step["step"] == name);
        step.unwrap_or_else(|| panic!("{name} in {oidc}")).clone()
    };
    assert_eq!(step("username")["source"], "claim sub");
    assert_eq!(step("username")["value"], "u-1001");
    assert_eq!(
        step("username prefix")["value"],
        "https://issuer.example.com#u-1001"
    );
    assert_eq!(step("groups")["value"], "dev, qa");
    assert_eq!(step("signature")["value"], "good");
    assert_eq!(
        value["userInfo"]["username"],
        "https://issuer.example.com#u-1001"
    );

    let (status, value) = steps("structured", "claim-rules/cr02/t2");
    assert_eq!(status, 1);
    let steps = value["oidc"]["steps"].as_array().expect("steps");
    let last = steps.last().expect("a step");
    assert_eq!(last["step"], "claim rule");
    assert_eq!(last["error"], value["oidc"]["error"]);

    let near = ask(
        "flags",
        "sub-noprefix/iss-slash",
        "token inspect token",
        true,
    );
    assert!(
        near.stdout
            .contains("no configured issuer is the token's, to the letter"),
        "{near:?}"
    );
    assert!(
        near.stdout.contains("https://issuer.example.com\n"),
        "{near:?}"
    );
    let people = ask(
        "structured",
        "claim-rules/cr02/t2",
        "token inspect token",
        true,
    );
    assert!(
        people
            .stdout
            .contains("claims.hd == 'example.com' → fails: oidc: "),
        "{people:?}"
    );
    assert!(people.stdout.contains("signature verified"), "{people:?}");
}

#[test]
fn refuses_a_file_that_stands_for_no_network() {
    let folder = Folder::new();
    let run = |text: &str| {
        folder.write("fetched/fetch.json", text);
        folder.run(
            "whoami --token x --apiserver-flag anonymous-auth=true --fetched fetched/fetch.json",
        )
    };
    for (text, told) in [
        ("{", "fetched/fetch.json:1:"),
        ("[]", "fetched/fetch.json:1:"),
        ("{\n\"https://x\": 7}", "fetched/fetch.json:2:"),
        (r#"{"https://x": {"file": "no/such"}}"#, "no/such"),
    ] {
        let answer = run(text);
        assert_eq!((answer.status, &answer.stdout[..]), (2, ""), "{text}");
        assert!(answer.stderr.contains(told), "{answer:?}");
    }
    assert_eq!(folder.run("whoami --token x --fetched none.json").status, 2);
}

#[test]
fn a_key_that_is_no_service_accounts_is_told_without_their_keys() {
    let folder = Folder::with("objects/none.yaml", "");
    let verify = |kid: &str, flags: &str| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let header = part(&json!({"alg": "RS256", "kid": kid}).to_string());
        let claims = part(r#"{"iss":"https://k"}"#);
        folder.write("token", format!("{header}.{claims}.c2ln"));
        let words = format!(
            "token verify token --now {NOW} -f objects --apiserver-flag service-account-issuer=https://k {flags}"
        );
        folder.run(&words)
    };
    let named = "ALlk0xWhYs2mGKF8klkIUXsD0twKShfxjqTy7-7Lf2U";
    let foreign = verify("rsa-a", "");
    assert_eq!(foreign.status, 1);
    assert!(foreign.stdout.contains("invalid signature, no keys found"));
    assert_eq!(verify(named, "").status, 3);
    assert_eq!(verify("", "").status, 3);
    // An external signer names its keys as it likes.
    let external = "--apiserver-flag service-account-signing-endpoint=/signer.sock";
    assert_eq!(verify("rsa-a", external).status, 3);
}

/// A configuration of one issuer, and its token with these claims, which nobody signed.
fn unsigned(mappings: &str, claims: &Value, page: &str) -> Answer {
    let folder = Folder::new();
    folder.write("objects/none.yaml", "");
    folder.write(
        "config.yaml",
        format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer: {{url: 'https://i.example', audiences: [a]}}\n  claimMappings: {mappings}\n"
        ),
    );
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = part(r#"{"alg":"RS256"}"#);
    folder.write(
        "token",
        format!("{header}.{}.c2ln", part(&claims.to_string())),
    );
    let document = json!({"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"});
    folder.write("pages/document", document.to_string());
    folder.write("pages/keys", page);
    let pages = json!({
        "https://i.example/.well-known/openid-configuration": {"file": "pages/document"},
        "https://i.example/keys": {"file": "pages/keys"},
    });
    folder.write("input/fetch.json", pages.to_string());
    folder.run(&format!(
        "token verify token --now {NOW} -f objects --fetched input/fetch.json --apiserver-flag authentication-config=config.yaml --apiserver-flag service-account-issuer=https://k"
    ))
}

#[test]
fn bears_hostile_tokens_keys_and_documents() {
    let mapping = "{username: {claim: sub, prefix: ''}}";
    let claims =
        json!({"iss": "https://i.example", "aud": "a", "sub": "x", "exp": 4_102_444_800_u64});
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let many = format!(
        "{{\"keys\":[{}]}}",
        vec![r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#; 5_000].join(",")
    );
    for (page, told) in [
        ("", "failed to decode keys"),
        ("{\"keys\":[{}]}", "unknown json web key type"),
        (&deep[..], "failed to decode keys"),
        (&many, "failed to verify id token signature"),
        (
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"\"}]}",
            "failed to verify id token signature",
        ),
        ("\u{0}\u{1}\u{1b}[31m", "failed to decode keys"),
    ] {
        let answer = unsigned(mapping, &claims, page);
        assert_eq!(answer.status, 1, "{told}");
        assert!(answer.stdout.contains(told), "{told}: {answer:?}");
        assert!(!answer.stdout.contains('\u{1b}'));
    }
}
