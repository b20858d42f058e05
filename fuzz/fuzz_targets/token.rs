#![no_main]
//! Whatever the text, reading it as a token and asking every token authenticator ends without a panic. The
//! text is also taken for the claims and the header of a token, which base64 would hide from the fuzzer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use rbac_check::authn::bootstrap;
use rbac_check::authn::service_account::ServiceAccounts;
use rbac_check::jwt::{self, RegisteredClaims, json};
use rbac_check::model::ClusterBuilder;

fn ask(token: &str) {
    let cluster = ClusterBuilder::new().build(false);
    let names = vec!["a".to_owned()];
    let accounts = ServiceAccounts::new(names.clone(), Vec::new(), names.clone(), true);
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut details = Vec::new();
    let _ = accounts.judge(token, &names, &cluster, now, &mut details);
    let _ = bootstrap::authenticate(token, &cluster, now, &mut details);
    let _ = jwt::inspect(token);
    if let Ok(parsed) = jwt::parse(token) {
        let _ = parsed.signed_message();
    }
}

fuzz_target!(|data: &[u8]| {
    ask(&String::from_utf8_lossy(data));
    let encoded = URL_SAFE_NO_PAD.encode(data);
    ask(&format!("e30.{encoded}."));
    ask(&format!("{encoded}.eyJpc3MiOiJhIn0."));
    let ours = json::check(data, json::GO_DEPTH);
    if let Ok(raw) = ours {
        let _ = raw.trouble();
        let _ = RegisteredClaims::read(raw);
    }
    // Where the text is plain, serde_json takes and refuses the same, its own depth apart.
    if let Ok(text) = std::str::from_utf8(data)
        && data.len() < 100
    {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}");
    }
});
