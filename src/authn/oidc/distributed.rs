//! Claims that the token does not hold itself, but names a place to fetch them from (OpenID Connect Core,
//! section 5.6.2). The server fetches the groups claim alone, and only if the token lacks it.
//!
//! The server starts the verifier of such a place's issuer when it first meets it, and refuses that first
//! token. Here the verifier is always there: every later token gets this answer.

use super::claims::Claims;
use super::provider::{Provider, discovery_url};
use super::trace::Trace;
use super::verifier::{Demands, Refusal};
use crate::apiserver::fetched::{Answer, Fetched, status_line};
use crate::jwt::json::{Kind, Raw};
use crate::jwt::{UntrustedIssuer, is_field, untrusted_issuer};
use crate::model::Quoted;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Fetches one claim.
#[derive(Debug)]
pub struct Resolver {
    claim: String,
    /// The issuers of the places, each asked once.
    providers: Mutex<HashMap<String, Arc<Provider>>>,
}

/// Where a claim is.
struct Endpoint {
    url: String,
    token: String,
}

/// What a resolver needs to know about its issuer and the world.
pub struct Surroundings<'s> {
    /// What is demanded of the tokens.
    pub demands: &'s Demands,
    /// The network.
    pub fetched: Option<&'s Fetched>,
    /// The instant.
    pub now: Timestamp,
    /// The issuer whose discovery document is elsewhere, and where.
    pub moved: (&'s str, &'s str),
}

impl Resolver {
    /// A resolver of this claim.
    pub fn new(claim: &str) -> Self {
        Resolver {
            claim: claim.to_owned(),
            providers: Mutex::default(),
        }
    }

    /// The text of the claim's value from where the token says that it is; `None` if it says nothing.
    pub fn expand(
        &self,
        claims: &Claims<'_>,
        surroundings: &Surroundings<'_>,
        trace: &mut Trace,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        if claims.get(&self.claim).is_some() {
            return Ok(None);
        }
        let Some(endpoint) = self.endpoint(claims)? else {
            return Ok(None);
        };
        let value = self.fetch(&endpoint, surroundings)?;
        trace.value("distributed claim", &endpoint.url, || {
            String::from_utf8_lossy(&value).into_owned()
        });
        Ok(Some(value))
    }

    fn endpoint(&self, claims: &Claims<'_>) -> Result<Option<Endpoint>, String> {
        let Some(names) = claims.get("_claim_names") else {
            return Ok(None);
        };
        let mut source = None;
        for (name, value) in object(names, "map[string]string")
            .map_err(|text| format!("oidc: error parsing distributed claim names: {text}"))?
        {
            if name == self.claim {
                // go-oidc has seen that all are strings.
                source = Some(value.string().unwrap_or_default());
            }
        }
        let sources = claims
            .get("_claim_sources")
            .ok_or("oidc: no claim sources")?;
        let sources = endpoints(sources)
            .map_err(|text| format!("oidc: could not parse claim sources: {text}"))?;
        let Some(source) = source else {
            return Ok(None);
        };
        let mut from_the_last = sources.into_iter().rev();
        let Some((_, endpoint)) = from_the_last.find(|(name, _)| **name == *source) else {
            return Err(format!(
                "id token _claim_names contained a source {source} missing in _claims_sources"
            ));
        };
        Ok(Some(endpoint).filter(|endpoint| !endpoint.url.is_empty()))
    }

    fn fetch(
        &self,
        endpoint: &Endpoint,
        surroundings: &Surroundings<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        let Endpoint { url, token } = endpoint;
        let claim = &self.claim;
        let Some(fetched) = surroundings.fetched else {
            return Err(Refusal::Unknown(format!(
                "the claim {claim} is at {url} (save that page and give it with --fetched)"
            )));
        };
        let header = (!token.is_empty()).then(|| format!("Bearer {token}"));
        let failed = |what: String| {
            let claim = Quoted(claim);
            format!("while getting distributed claim {claim}: {what}")
        };
        let body = match fetched.get(url, header.as_deref()) {
            Answer::Page(200..=226, body) => body,
            Answer::Page(status, _) => {
                let status = status_line(status);
                return Err(failed(format!(
                    "error while getting distributed claim JWT: {status}"
                ))
                .into());
            }
            Answer::Unreachable => {
                let url = Quoted(url);
                return Err(failed(format!("Get {url}: it cannot be fetched")).into());
            }
        };
        let token = String::from_utf8_lossy(body);
        let issuer = match untrusted_issuer(&token) {
            UntrustedIssuer::Named(issuer) => issuer,
            UntrustedIssuer::NoToken(error) => {
                let claim = Quoted(claim);
                return Err(format!(
                    "getting untrusted issuer from endpoint {url} failed for claim {claim}: {error}"
                )
                .into());
            }
        };
        let provider = self.provider(&issuer, fetched, surroundings.moved);
        let Provider::Up(keys) = &*provider else {
            let quoted = Quoted(&issuer);
            return Err(format!(
                "verifying untrusted issuer {issuer} failed: verifier not initialized for issuer: {quoted}"
            )
            .into());
        };
        let (demands, now) = (surroundings.demands, surroundings.now);
        let verified = demands
            .verify(&token, &issuer, Some(keys), now, &mut Trace::off())
            .map_err(|refusal| refusal.after("verify distributed claim token: "))?;
        let payload = crate::jwt::json::check(verified.payload(), crate::jwt::json::GO_DEPTH);
        let value = payload.ok().and_then(|payload| {
            let value = Claims::new(payload).get(claim)?;
            Some(value.bytes().to_vec())
        });
        value.ok_or_else(|| {
            let url = Quoted(url);
            format!(
                "jwt returned by distributed claim endpoint {url} did not contain claim: {claim}"
            )
            .into()
        })
    }

    fn provider(&self, issuer: &str, fetched: &Fetched, moved: (&str, &str)) -> Arc<Provider> {
        let lock = || {
            self.providers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(issuer) {
            return Arc::clone(known);
        }
        let document = match moved {
            (from, to) if discovery_url(from) == discovery_url(issuer) => to.to_owned(),
            _ => discovery_url(issuer),
        };
        let found = Arc::new(Provider::discover(issuer, &document, fetched));
        lock().insert(issuer.to_owned(), Arc::clone(&found));
        found
    }
}

type Entries<'t> = Vec<(std::borrow::Cow<'t, str>, Raw<'t>)>;

fn object<'t>(value: Raw<'t>, go_type: &str) -> Result<Entries<'t>, String> {
    match value.kind() {
        Kind::Object | Kind::Null => Ok(value.entries().collect()),
        other => {
            let found = other.go_name();
            Err(format!(
                "json: cannot unmarshal {found} into Go value of type {go_type}"
            ))
        }
    }
}

fn endpoints(sources: Raw<'_>) -> Result<Vec<(String, Endpoint)>, String> {
    let mut wrong = None;
    let mut found = Vec::new();
    for (name, source) in object(sources, "map[string]oidc.endpoint")? {
        let mut endpoint = Endpoint {
            url: String::new(),
            token: String::new(),
        };
        for (key, value) in source.entries() {
            let mut ignored = String::new();
            let (field, text) = if is_field(&key, "endpoint") {
                ("endpoint", &mut endpoint.url)
            } else if is_field(&key, "access_token") {
                ("access_token", &mut endpoint.token)
            } else if is_field(&key, "jwt") {
                ("JWT", &mut ignored)
            } else {
                continue;
            };
            match value.string() {
                Some(value) => *text = value.into_owned(),
                None if value.kind() == Kind::Null => {}
                None => {
                    let found = value.kind().go_name();
                    wrong.get_or_insert_with(|| {
                        format!("json: cannot unmarshal {found} into Go struct field endpoint.{field} of type string")
                    });
                }
            }
        }
        found.push((name.into_owned(), endpoint));
    }
    wrong.map_or(Ok(found), Err)
}
