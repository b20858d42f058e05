//! Whether a token is the issuer's, for this server and valid now (go-oidc's `IDTokenVerifier`): header and
//! algorithm, signature, types of claims, sources of claims, issuer, audience, `exp` and `nbf`; the first
//! failure is told.

use super::id_token::IdToken;
use super::provider::KeySet;
use super::trace::Trace;
use crate::jwt::json::{GO_DEPTH, check};
use crate::jwt::{self, GoTime, ParseError, Token, Verification};
use crate::load::go_json;
use crate::model::Quoted;
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// Clocks may differ by so much where a token begins to be valid; where it expires, by nothing.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// What is demanded of a token.
#[derive(Clone, Debug)]
pub struct Demands {
    /// The audiences of which it must name one, sorted.
    pub audiences: Vec<String>,
    /// The algorithms by which it may be signed.
    pub algorithms: Vec<String>,
}

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server refuses it, in its words.
    Refused(String),
    /// It cannot be told here, and why.
    Unknown(String),
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Refusal::Refused(text)
    }
}

impl Refusal {
    /// Puts the server's words behind others.
    pub fn after(self, head: &str) -> Refusal {
        match self {
            Refusal::Refused(text) => Refusal::Refused(format!("{head}{text}")),
            unknown => unknown,
        }
    }
}

/// A token that was taken: its payload holds the claims.
#[derive(Debug)]
pub struct Verified(Token);

impl Verified {
    /// The claims as the issuer signed them.
    pub fn payload(&self) -> &[u8] {
        self.0.payload()
    }
}

impl Demands {
    /// Verifies a token. `keys` are `None` if nothing is known of the network: what is left is judged then.
    pub fn verify(
        &self,
        token: &str,
        issuer: &str,
        keys: Option<&KeySet>,
        now: Timestamp,
        trace: &mut Trace,
    ) -> Result<Verified, Refusal> {
        let token = match jwt::parse(token) {
            Ok(token) => token,
            Err(ParseError::Malformed(text)) => {
                return Err(format!("oidc: malformed jwt: {text}").into());
            }
            Err(ParseError::Unknown(why)) => return Err(Refusal::Unknown(why)),
        };
        let algorithm = &token.header.algorithm;
        if !self.algorithms.contains(algorithm) {
            let expected = QuotedList(&self.algorithms);
            let found = Quoted(algorithm);
            return Err(format!(
                "oidc: id token signed with unsupported algorithm, expected {expected} got {found}"
            )
            .into());
        }
        trace.value("algorithm", "alg of the header", || algorithm.clone());
        if let Some(keys) = keys {
            check_signature(&token, keys)
                .map_err(|refusal| refusal.after("failed to verify signature: "))?;
            trace.value("signature", "the issuer's keys", || "good".to_owned());
        }
        self.check_claims(token.payload(), issuer, now, trace)?;
        Ok(Verified(token))
    }

    fn check_claims(
        &self,
        payload: &[u8],
        issuer: &str,
        now: Timestamp,
        trace: &mut Trace,
    ) -> Result<(), String> {
        let claims = check(payload, GO_DEPTH).map_err(|_| {
            let complaint = go_json::complaint(payload).unwrap_or_default();
            format!("oidc: failed to unmarshal claims: {complaint}")
        })?;
        let claims = IdToken::read(claims)
            .map_err(|text| format!("oidc: failed to unmarshal claims: {text}"))?;
        claims.check_sources()?;
        if claims.issuer != issuer && !is_google(&claims.issuer, issuer) {
            let (expected, found) = (Quoted(issuer), Quoted(&claims.issuer));
            return Err(format!(
                "oidc: id token issued by a different provider, expected {expected} got {found}"
            ));
        }
        trace.value("issuer", "claim iss", || claims.issuer.clone());
        if !self
            .audiences
            .iter()
            .any(|one| claims.audience.contains(one))
        {
            let found = QuotedList(&claims.audience);
            return Err(match &self.audiences[..] {
                [one] => format!("oidc: expected audience {} got {found}", Quoted(one)),
                several => format!(
                    "oidc: expected audience in {} got {found}",
                    QuotedList(several)
                ),
            });
        }
        trace.value("audience", "claim aud", || claims.audience.join(", "));
        if claims.expiry.is_before(now) {
            let expiry = claims.expiry;
            return Err(format!("oidc: token is expired (Token Expiry: {expiry})"));
        }
        trace.value("expiry", "claim exp", || claims.expiry.to_string());
        let late = now.saturating_add(LEEWAY).unwrap_or(now);
        if let Some(date) = claims.not_before {
            if date.is_after(late) {
                let now = GoTime(now);
                return Err(format!(
                    "oidc: current time {now} before the nbf (not before) time: {date}"
                ));
            }
            trace.value("not before", "claim nbf", || date.to_string());
        }
        Ok(())
    }
}

/// Google has two names for itself.
pub fn is_google(found: &str, configured: &str) -> bool {
    found == "accounts.google.com" && configured == "https://accounts.google.com"
}

fn check_signature(token: &Token, keys: &KeySet) -> Result<(), Refusal> {
    let keys = match keys {
        KeySet::Keys(keys) => keys,
        KeySet::Refused(text) => return Err(Refusal::Refused(text.clone())),
        KeySet::Unknown(why) => return Err(Refusal::Unknown(why.clone())),
    };
    let message = token.signed_message();
    let wanted = &token.header.key_id;
    let mut unknown = None;
    for key in keys {
        if !wanted.is_empty() && *wanted != key.id {
            continue;
        }
        match token.verify(&message, &key.public) {
            Verification::Valid => return Ok(()),
            Verification::Invalid(_) => {}
            Verification::Unknown(why) => unknown = Some(why),
        }
    }
    Err(match unknown {
        Some(why) => Refusal::Unknown(why),
        None => Refusal::Refused("failed to verify id token signature".to_owned()),
    })
}

/// Go's `%q` of a list of strings.
struct QuotedList<'l>(&'l [String]);

impl fmt::Display for QuotedList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, text) in self.0.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{}", Quoted(text))?;
        }
        f.write_str("]")
    }
}
