//! Every recorded answer about a service account or bootstrap token, and the service account tokens of random
//! damage.

use jiff::Timestamp;
use proptest::prelude::*;
use rbac_check::answer::token_request::{TokenIssuer, answer};
use rbac_check::authn::bootstrap;
use rbac_check::authn::opinion::Authenticated;
use rbac_check::authn::service_account::{Judgement, ServiceAccounts};
use rbac_check::load::{self, Options};
use rbac_check::model::Cluster;
use rbac_check::{jwt, pki};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A suite of `testdata/conformance/authn-local`.
struct Suite {
    folder: PathBuf,
    servers: HashMap<String, Server>,
    clusters: HashMap<String, Cluster>,
}

/// What the flags of a server make of tokens.
struct Server {
    accounts: ServiceAccounts,
    audiences: Vec<String>,
    issuer: String,
    bootstrap: bool,
}

impl Suite {
    fn load(name: &str) -> Suite {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("testdata/conformance/authn-local")
            .join(name);
        let about: Value = read(&folder.join("suite.json")).remove(0);
        let servers = about["servers"].as_object().expect("servers");
        Suite {
            servers: servers
                .iter()
                .map(|(name, server)| (name.clone(), Server::new(&folder, server)))
                .collect(),
            clusters: HashMap::new(),
            folder,
        }
    }

    fn lines(&self, file: &str) -> Vec<Value> {
        read(&self.folder.join(file))
    }

    /// Loads what a line needs.
    fn prepare(&mut self, line: &Value) {
        let objects = line["objects"].as_str().unwrap_or_default();
        if !self.clusters.contains_key(objects) {
            let path = self.folder.join(objects).to_string_lossy().into_owned();
            let named: Vec<String> = (!objects.is_empty()).then_some(path).into_iter().collect();
            let cluster = load::load(&named, &Options::default()).expect("objects");
            self.clusters.insert(objects.to_owned(), cluster);
        }
    }

    fn world(&self, line: &Value) -> (&Server, &Cluster, Timestamp) {
        let text = |name: &str| line[name].as_str().unwrap_or_default();
        (
            &self.servers[text("server")],
            &self.clusters[text("objects")],
            text("now").parse().expect("now"),
        )
    }
}

impl Server {
    fn new(folder: &Path, server: &Value) -> Server {
        let flags: Vec<(&str, &str)> = list(&server["flags"])
            .iter()
            .map(|flag| flag.as_str().and_then(|f| f.split_once('=')).expect("flag"))
            .collect();
        let all = |name: &'static str| {
            flags
                .iter()
                .filter(move |(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let keys = all("--service-account-key-file").flat_map(|file| {
            let pem = std::fs::read(folder.join(file)).expect("keys");
            pki::public_keys_from_pem(&pem).expect("keys")
        });
        let issuers: Vec<String> = all("--service-account-issuer").collect();
        let mut audiences: Vec<String> = all("--api-audiences")
            .flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        if audiences.is_empty() {
            audiences = issuers.clone();
        }
        let lookup = all("--service-account-lookup").all(|value| value != "false");
        Server {
            issuer: issuers.first().cloned().unwrap_or_default(),
            accounts: ServiceAccounts::new(issuers, keys.collect(), audiences.clone(), lookup),
            audiences,
            bootstrap: all("--enable-bootstrap-token-auth").any(|value| value == "true"),
        }
    }
}

fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    serde_json::Deserializer::from_str(&text)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|e| panic!("{path:?}: {e}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What the two authenticators make of a token: the user, or the text of the log.
fn ask(
    (server, cluster, now): (&Server, &Cluster, Timestamp),
    token: &str,
    audiences: &[String],
) -> (Result<Authenticated, String>, Vec<String>) {
    let mut details = Vec::new();
    let mut reasons = vec!["invalid bearer token".to_owned()];
    match server
        .accounts
        .judge(token, audiences, cluster, now, &mut details)
    {
        Judgement::User(user) => return (Ok(user), details),
        Judgement::Refused(refusal) => reasons.extend(refusal.reasons),
        Judgement::Unknown(why) => return (Err(format!("unknown: {why}")), details),
        Judgement::Pass => {}
    }
    if server.bootstrap {
        use rbac_check::authn::opinion::Opinion;
        match bootstrap::authenticate(token, cluster, now, &mut details) {
            Opinion::User(mut user) => {
                // What the chain makes of one that knows no audiences.
                let ours = audiences.iter().filter(|a| server.audiences.contains(a));
                let ours: Vec<String> = ours.cloned().collect();
                if !ours.is_empty() {
                    user.audiences = Some(ours);
                    return (Ok(user), details);
                }
            }
            Opinion::Pass => {}
            other => return (Err(format!("{other:?}")), details),
        }
    }
    let text = match reasons.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    (Err(text), details)
}

fn shown(user: &Authenticated) -> Value {
    let mut user = user.user.clone();
    user.groups.push("system:authenticated".to_owned());
    json!(user)
}

/// Compares all lines of a suite; how many answers were compared, and what differs.
fn compare(name: &str) -> (usize, String) {
    let mut suite = Suite::load(name);
    let (mut count, mut differences) = (0, String::new());
    for line in suite.lines("authn.jsonl") {
        let Some(token) = line["credential"]["token"].as_str() else {
            continue;
        };
        suite.prepare(&line);
        let world = suite.world(&line);
        let mut differ = |what: &str, got: &Value, want: &Value| {
            count += 1;
            if got != want {
                let id = &line["id"];
                let _ = writeln!(differences, "{id} {what}\n   got {got}\n  want {want}");
            }
        };
        let (answer, details) = ask(world, token, &world.0.audiences);
        match &answer {
            Ok(user) => {
                differ("code", &json!(200), &line["code"]);
                // Some requests are no SelfSubjectReview.
                if !line["user"].is_null() {
                    differ("user", &shown(user), &line["user"]);
                }
                let warnings: Vec<String> = user
                    .warnings
                    .iter()
                    .map(|text| format!("299 - {text:?}"))
                    .collect();
                differ(
                    "warnings",
                    &json!(warnings),
                    &json!(list(&line["warnings"])),
                );
            }
            Err(text) => {
                differ("errors", &json!([text]), &line["errors"]);
            }
        }
        if !list(&line["details"]).is_empty() {
            differ("details", &json!(details), &line["details"]);
        }
        for review in list(&line["tokenreview"]) {
            let audiences: Vec<String> = list(&review["audiences"])
                .iter()
                .filter_map(|a| a.as_str().map(str::to_owned))
                .collect();
            let audiences = match audiences.is_empty() {
                true => &world.0.audiences,
                false => &audiences,
            };
            let status = match ask(world, token, audiences).0 {
                Ok(user) => {
                    json!({"authenticated": true, "user": shown(&user), "audiences": user.audiences})
                }
                Err(text) => json!({"user": {}, "error": text}),
            };
            differ("tokenreview", &status, &review["status"]);
        }
    }
    (count, differences)
}

#[test]
fn service_account_tokens_get_the_recorded_answers() {
    let (count, differences) = compare("sa-tokens");
    assert!(differences.is_empty(), "of {count}:\n{differences}");
    assert!(count > 900, "{count}");
}

#[test]
fn bootstrap_tokens_get_the_recorded_answers() {
    let (count, differences) = compare("bootstrap");
    assert!(differences.is_empty(), "of {count}:\n{differences}");
    assert!(count > 150, "{count}");
}

#[test]
fn token_requests_get_the_recorded_answers() {
    let mut suite = Suite::load("sa-tokens");
    let (mut count, mut differences) = (0, String::new());
    for line in suite.lines("requests.jsonl") {
        let path: Vec<&str> = line["path"]
            .as_str()
            .unwrap_or_default()
            .split('/')
            .collect();
        let [
            "",
            "api",
            "v1",
            "namespaces",
            namespace,
            "serviceaccounts",
            name,
            "token",
        ] = path[..]
        else {
            continue;
        };
        suite.prepare(&line);
        let (server, cluster, now) = suite.world(&line);
        let issuer = TokenIssuer {
            issuer: server.issuer.clone(),
            api_audiences: server.audiences.clone(),
            extend_expiration: true,
            max_expiration: None,
        };
        let got = answer(&issuer, cluster, (namespace, name), &line["body"], now);
        let got = match got {
            Ok(granted) => json!([granted.spec, granted.expiration_timestamp, granted.claims]),
            Err(status) => json!(status),
        };
        let mut claims = line["claims"].clone();
        if let Some(claims) = claims.as_object_mut() {
            claims.remove("jti");
        }
        let response = &line["response"];
        let want = match line["code"].as_u64() {
            Some(201) => json!([
                response["spec"],
                response["status"]["expirationTimestamp"],
                claims
            ]),
            _ => line["status"].clone(),
        };
        count += 1;
        if got != want {
            let id = &line["id"];
            let _ = writeln!(differences, "{id}\n   got {got}\n  want {want}");
        }
    }
    assert!(differences.is_empty(), "of {count}:\n{differences}");
    assert!(count >= 27, "{count}");
}

static TOKENS: LazyLock<(Suite, Vec<(String, Value)>)> = LazyLock::new(|| {
    let mut suite = Suite::load("sa-tokens");
    let lines = suite.lines("authn.jsonl");
    let mut tokens = Vec::new();
    for line in lines {
        if let Some(token) = line["credential"]["token"].as_str() {
            suite.prepare(&line);
            tokens.push((token.to_owned(), line));
        }
    }
    (suite, tokens)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A damaged token is never another user's, and nothing panics.
    #[test]
    fn damaged_tokens_are_nobody_elses(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<char>(), 0..3_u8), 1..4),
    ) {
        let (suite, tokens) = &*TOKENS;
        let (token, line) = &tokens[which.index(tokens.len())];
        let mut chars: Vec<char> = token.chars().collect();
        for (at, c, how) in cuts {
            let at = at.index(chars.len().max(1));
            match how {
                _ if chars.is_empty() => {}
                0 => chars[at] = c,
                1 => chars.insert(at, c),
                _ => chars.truncate(at),
            }
        }
        let damaged: String = chars.into_iter().collect();
        let world = suite.world(line);
        let _ = jwt::inspect(&damaged);
        let before = ask(world, token, &world.0.audiences).0;
        if let Ok(user) = ask(world, &damaged, &world.0.audiences).0 {
            prop_assert_eq!(Ok(user), before);
        }
    }
}
