//! Recorded client certificates: what a real server said of each, this library must say too.

use jiff::Timestamp;
use proptest::prelude::*;
use rbac_check::pki::{self, Certificate, SignatureCheck, colon_hex, pem};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn suite(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/conformance/authn-local")
        .join(name)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The certificates of the file that a flag of a server names.
fn bundle(folder: &Path, server: &Value, flag: &str) -> Option<Vec<Certificate>> {
    let flags = server["flags"].as_array().expect("flags");
    let mut values = flags
        .iter()
        .filter_map(|set| set.as_str()?.strip_prefix(flag)?.strip_prefix('='));
    let data = fs::read(folder.join(values.next_back()?)).expect("a bundle");
    Some(pki::certificates_from_pem(&data).expect("a readable bundle"))
}

/// The certificates of a file as a client would send them.
fn sent(path: &Path) -> Vec<Vec<u8>> {
    let data = fs::read(path).expect("a certificate");
    pem::blocks(&data).map(|block| block.der).collect()
}

/// What `--client-ca-file` has to say about a chain, as the server's log has it.
fn client_ca(chain: &[Certificate], roots: &[Certificate], now: Timestamp) -> Option<String> {
    let error = pki::verify(chain, roots, now).err()?;
    assert!(!error.is_unknown(), "{error}");
    let leaf = &chain[0];
    Some(format!(
        "verifying certificate SN={}, SKID={}, AKID={} failed: {error}",
        leaf.serial_decimal(),
        colon_hex(leaf.subject_key_id().unwrap_or_default()),
        colon_hex(leaf.authority_key_id().unwrap_or_default()),
    ))
}

/// Compares a suite; the answer counts the lines that had something to compare.
fn compare(name: &str) -> usize {
    let folder = suite(name);
    let description = json(&fs::read_to_string(folder.join("suite.json")).expect("suite.json"));
    let servers: BTreeMap<_, _> = description["servers"]
        .as_object()
        .expect("servers")
        .iter()
        .map(|(name, server)| {
            let clients = bundle(&folder, server, "--client-ca-file");
            let proxies = bundle(&folder, server, "--requestheader-client-ca-file");
            (name.as_str(), (clients, proxies))
        })
        .collect();

    let mut compared = 0;
    let mut failures = Vec::new();
    let lines = fs::read_to_string(folder.join("authn.jsonl")).expect("authn.jsonl");
    for line in lines.lines().map(json) {
        let Some(file) = line["credential"]["cert"].as_str() else {
            continue;
        };
        let server = line["server"].as_str().expect("server");
        let (clients, proxies) = &servers[server];
        let now: Timestamp = line["now"].as_str().expect("now").parse().expect("a time");
        let errors: Vec<&str> = line["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let code = line["code"].as_u64();
        let id = format!("{name}: {}", line["id"].as_str().expect("id"));

        let chain: Result<Vec<_>, _> = sent(&folder.join(file))
            .iter()
            .map(|der| Certificate::parse(der))
            .collect();
        let chain = match chain {
            Ok(chain) => chain,
            Err(error) => {
                let said = format!("failed to parse client certificate: {error}");
                compared += 1;
                if code != Some(0) || !errors.iter().any(|text| text.ends_with(&said)) {
                    failures.push(format!("{id}: {error}, recorded {errors:?}"));
                }
                continue;
            }
        };
        if code == Some(0) {
            failures.push(format!("{id}: parsed, recorded {errors:?}"));
            continue;
        }

        // The log has several errors in one text; the name check of a front proxy is not ours.
        let recorded = errors.join(", ");
        let proxy = proxies.as_ref().map(|roots| {
            let said = pki::verify(&chain, roots, now).err();
            said.map(|error| error.to_string())
        });
        let client = clients.as_ref().map(|roots| client_ca(&chain, roots, now));
        compared += usize::from(client.is_some());
        let named = line["user"]["extra"]["authentication.kubernetes.io/credential-id"][0]
            .as_str()
            .and_then(|id| id.strip_prefix("X509SHA256="))
            .filter(|_| client == Some(None));
        if let Some(hash) = named {
            let own: String = chain[0]
                .sha256()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            let user = &line["user"];
            let none = Vec::new();
            let groups: Vec<_> = user["groups"]
                .as_array()
                .unwrap_or(&none)
                .iter()
                .filter_map(Value::as_str)
                .filter(|&group| group != "system:authenticated")
                .collect();
            let organizations: Vec<_> = chain[0]
                .organizations()
                .iter()
                .filter(|&group| group != "system:authenticated")
                .collect();
            let uid = chain[0].subject_uids().first().map(String::as_str);
            let fits = own == hash
                && user["username"] == chain[0].common_name()
                && groups == organizations
                && (user["uid"].is_null() || user["uid"].as_str() == uid);
            if !fits {
                failures.push(format!("{id}: {user} is not {}", chain[0].subject_string()));
            }
            continue;
        }
        // Another authenticator named somebody, or nobody complained at all.
        if recorded.is_empty() {
            let groups = line["user"]["groups"].as_array();
            let nameless = line["user"]["username"] == "system:anonymous";
            let anonymous = nameless
                && groups.is_some_and(|all| all.iter().any(|g| g == "system:unauthenticated"));
            if anonymous && (client.flatten().is_some() || proxy.flatten().is_some()) {
                failures.push(format!("{id}: an error, none recorded"));
            }
            continue;
        }
        for said in [proxy.flatten(), client.flatten()].into_iter().flatten() {
            if !recorded.contains(&said) {
                failures.push(format!("{id}: {said}\n  recorded {recorded}"));
            }
        }
        let said_x509 = recorded.matches("failed: x509:").count();
        let own = clients
            .as_ref()
            .and_then(|roots| client_ca(&chain, roots, now));
        if said_x509 > 0 && own.is_none() {
            failures.push(format!("{id}: accepted, recorded {recorded}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    compared
}

#[test]
fn recorded_client_certificates() {
    let compared = compare("x509");
    println!("x509: {compared} lines");
    assert!(compared > 150, "{compared}");
}

#[test]
fn recorded_front_proxies() {
    let compared = compare("requestheader");
    println!("requestheader: {compared} lines");
    assert!(compared > 150, "{compared}");
}

/// Every recorded certificate, in DER.
fn recorded() -> Vec<Vec<u8>> {
    let folders = ["x509", "requestheader"].map(|name| suite(name).join("input"));
    let mut found = Vec::new();
    for folder in folders {
        for part in ["certs", "pki"] {
            for entry in fs::read_dir(folder.join(part)).expect("a folder") {
                found.extend(sent(&entry.expect("a file").path()));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(3000)
    })]

    /// Whatever is changed in a certificate, reading and judging it ends without a panic.
    #[test]
    fn mutated_certificates(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..6),
    ) {
        thread_local! {
            static RECORDED: Vec<Vec<u8>> = recorded();
        }
        let mut der = RECORDED.with(|all| which.get(all).clone());
        for (place, value, kind) in changes {
            if der.is_empty() {
                break;
            }
            let place = place.index(der.len());
            match kind {
                0 => der[place] = value,
                1 => der[place] ^= 1 << (value % 8),
                2 => der.insert(place, value),
                _ => { der.remove(place); }
            }
        }
        if let Ok(certificate) = Certificate::parse(&der) {
            let chain = [certificate];
            let now = Timestamp::from_second(1_795_000_000).expect("a time");
            let _ = pki::verify(&chain, &chain, now);
            let _ = (chain[0].uris(), chain[0].ip_addresses(), chain[0].not_after());
            let spki = chain[0].public_key().to_spki_der();
            let _ = pki::PublicKey::from_spki_der(&spki);
        }
    }
}

#[test]
fn keys_survive_a_round_trip() {
    let mut kinds = std::collections::BTreeSet::new();
    for der in recorded() {
        let Ok(certificate) = Certificate::parse(&der) else {
            continue;
        };
        let key = certificate.public_key();
        let spki = key.to_spki_der();
        assert_eq!(pki::PublicKey::from_spki_der(&spki).as_ref(), Ok(key));
        assert!(der.windows(spki.len()).any(|window| window == spki));
        kinds.insert(key.kind_name().to_owned());
    }
    assert!(kinds.len() >= 5, "{kinds:?}");
}

/// Signatures over `header.payload`, made once by another implementation with keys that are gone.
#[test]
fn token_signatures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki/jws.json");
    let cases = json(&fs::read_to_string(path).expect("jws.json"));
    let cases = cases.as_array().expect("cases");
    for case in cases {
        let alg = case["alg"].as_str().expect("alg");
        let pem = case["key"].as_str().expect("key").as_bytes();
        let block = pem::blocks(pem).next().expect("a block");
        let key = pki::PublicKey::from_spki_der(&block.der).expect("a key");
        let hex = case["signature"].as_str().expect("signature").as_bytes();
        let octet = |pair: &[u8]| u8::from_str_radix(&String::from_utf8_lossy(pair), 16);
        let mut signature: Vec<_> = hex
            .chunks(2)
            .map(|pair| octet(pair).expect("hex"))
            .collect();
        let check = |message: &[u8], signature: &[u8]| key.verify_jws(alg, message, signature);
        assert_eq!(
            check(b"header.payload", &signature),
            SignatureCheck::Valid,
            "{alg}"
        );
        let invalid = |check| matches!(check, SignatureCheck::Invalid(_));
        assert!(invalid(check(b"header.Payload", &signature)), "{alg}");
        assert!(invalid(check(b"header.payload", b"")), "{alg}");
        for other in cases.iter().filter(|other| other["key"] != case["key"]) {
            let other = other["alg"].as_str().expect("alg");
            assert!(invalid(key.verify_jws(
                other,
                b"header.payload",
                &signature
            )));
        }
        signature[5] ^= 1;
        assert!(invalid(check(b"header.payload", &signature)), "{alg}");
        assert!(invalid(key.verify_jws(
            "HS256",
            b"header.payload",
            &signature
        )));
    }
}

/// A bundle of a thousand, and every one of them sent along: Go's budget bounds the work.
#[test]
fn many_candidates_take_little_time() {
    let all: Vec<_> = recorded()
        .iter()
        .filter_map(|der| Certificate::parse(der).ok())
        .collect();
    let many: Vec<_> = all.iter().cycle().take(1000).cloned().collect();
    let now: Timestamp = "2026-11-23T18:26:55Z".parse().expect("a time");
    let start = Instant::now();
    for leaf in all.iter().take(5) {
        let chain: Vec<_> = std::iter::once(leaf).chain(&many).cloned().collect();
        let _ = pki::verify(&chain, &many[..], now);
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}
