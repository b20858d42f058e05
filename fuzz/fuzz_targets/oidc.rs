#![no_main]
//! Whatever issuers serve and tokens claim, judging it ends without a panic. The first byte chooses: a key set,
//! a discovery document, a page with a distributed claim, the header of a token, or its claims.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use rbac_check::apiserver::authentication_config;
use rbac_check::apiserver::fetched::{self, Fetched, Page};
use rbac_check::authn::oidc::{Issuer, Oidc};
use rbac_check::jwt;
use std::sync::{Arc, LazyLock};

const CONFIG: &str = r#"{"apiVersion":"apiserver.config.k8s.io/v1","kind":"AuthenticationConfiguration","jwt":[{
"issuer":{"url":"https://i.example","audiences":["a","b"],"audienceMatchPolicy":"MatchAny"},
"claimValidationRules":[{"claim":"hd","requiredValue":"x"},{"expression":"claims.n == 1 || has(claims.m)"}],
"claimMappings":{"username":{"claim":"email","prefix":"p:"},"groups":{"claim":"groups","prefix":"g:"},
"uid":{"expression":"claims.?uid.orValue('none')"},
"extra":[{"key":"e.example/x","valueExpression":"dyn(claims.x).map(y, string(y))"}]},
"userValidationRules":[{"expression":"!user.username.startsWith('system:')"}]}]}"#;

static ISSUERS: LazyLock<Oidc> = LazyLock::new(|| issuers(None));

fn issuers(fetched: Option<Fetched>) -> Oidc {
    let config = authentication_config::decode(CONFIG.as_bytes()).expect("a configuration");
    let mappers = config.compile(true).expect("its expressions");
    let fetched = fetched.map(Arc::new);
    let issuers = config.jwt.into_iter().zip(mappers).map(|(jwt, mapper)| {
        let algorithms = vec!["RS256".to_owned()];
        Issuer::new(jwt, Arc::new(mapper), algorithms, fetched.clone())
    });
    issuers.collect()
}

fn page(body: &[u8]) -> Page {
    Page {
        status: 200,
        body: body.to_vec(),
        authorization: None,
    }
}

fn token(header: &[u8], claims: &[u8]) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{claims}.c2ln")
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let good = br#"{"iss":"https://i.example","aud":"a","exp":9,"email":"e","_claim_names":{"groups":"s"},"_claim_sources":{"s":{"endpoint":"https://i.example/groups"}}}"#;
    let header = br#"{"alg":"RS256"}"#;
    match choice % 5 {
        0 => {
            let _ = jwt::key_set(data);
        }
        1 | 2 => {
            let document = br#"{"issuer":"https://i.example","jwks_uri":"https://i.example/keys"}"#;
            let served: &[u8] = if choice % 5 == 1 { data } else { document };
            let at = |path: &str| format!("https://i.example{path}");
            let fetched = Fetched::from_iter([
                (at("/.well-known/openid-configuration"), page(served)),
                (at("/keys"), page(data)),
                (at("/groups"), page(data)),
            ]);
            let _ = issuers(Some(fetched)).explain(&token(header, good), now);
            let _ = fetched::entries(&String::from_utf8_lossy(data));
        }
        3 => {
            let _ = ISSUERS.explain(&token(data, good), now);
        }
        _ => {
            let judged = ISSUERS.explain(&token(header, data), now);
            let again = ISSUERS.judge(&token(header, data), now);
            assert_eq!(judged.opinion, again.opinion);
            assert_eq!(judged.suspect, again.suspect);
        }
    }
});
