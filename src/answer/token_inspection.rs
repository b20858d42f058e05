//! A look into a token: what it is, whose it would be, and what is dangerous about it. Nothing is verified
//! unless a server is given.

mod bound;
mod dangers;
mod issuer;
mod kind;
mod verdict;

pub use bound::{BoundObject, State};
pub use issuer::AtIssuer;
pub use kind::{TokenKind, kind};
pub use verdict::Taker;
use verdict::taker;

use super::danger::{Danger, Severity};
use crate::authn::service_account::{LEGACY_ISSUER, claimed_user};
use crate::authn::{Authenticators, bootstrap, grouped};
use crate::jwt::{self, Inspection};
use crate::model::{Cluster, UserInfo};
use jiff::Timestamp;
use serde_json::Value;

/// What a token is inspected against.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'s> {
    /// The API server, where one is given.
    pub server: Option<&'s Authenticators>,
    /// The stored objects.
    pub cluster: &'s Cluster,
    /// When.
    pub now: Timestamp,
}

/// What can be said about a token.
#[derive(Clone, Debug)]
pub struct TokenInspection {
    /// What it is.
    pub kind: TokenKind,
    /// Header and claims, of a JSON Web Token.
    pub jwt: Option<Inspection>,
    /// Its times.
    pub times: Times,
    /// Whose it would be, were it good.
    pub user: Option<UserInfo>,
    /// What must hold for `user` to be right, where it does not follow from the token alone.
    pub assumption: Option<&'static str>,
    /// The objects that it is bound to, its account first.
    pub bound: Vec<BoundObject>,
    /// What the server's issuers of OpenID Connect tokens make of it.
    pub issuer: Option<AtIssuer>,
    /// Who would take it.
    pub taker: Taker,
    /// What is dangerous about it, the gravest first.
    pub dangers: Vec<Danger>,
}

/// Whether a credential is good, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// Nothing speaks against it.
    Fine,
    /// It is refused.
    Invalid,
    /// Nothing can be said.
    Unknown,
}

impl TokenInspection {
    /// Whether the token is good: what the server says counts before what the token looks like.
    pub fn fitness(&self) -> Fitness {
        let looks_bad = self.dangers.iter().any(|d| d.severity == Severity::Invalid);
        match &self.taker {
            Taker::Accepted { .. } => Fitness::Fine,
            Taker::Refused { .. } => Fitness::Invalid,
            _ if looks_bad => Fitness::Invalid,
            _ if self.kind == TokenKind::Opaque => Fitness::Unknown,
            _ => Fitness::Fine,
        }
    }

    /// A claim that is a text.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.jwt.as_ref()?.claims.get(claim)?.as_str()
    }

    /// The audiences, of one text or a list of them.
    pub fn audiences(&self) -> Vec<&str> {
        let claims = self.jwt.as_ref().map(|jwt| &jwt.claims);
        texts(claims.and_then(|claims| claims.get("aud")))
    }
}

/// The times of a token, in seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// `iat`.
    pub issued_at: Option<i64>,
    /// `nbf`.
    pub not_before: Option<i64>,
    /// `exp`.
    pub expires: Option<i64>,
    /// `warnafter`: from then on the server counts the token as stale.
    pub warn_after: Option<i64>,
}

impl Times {
    fn of(claims: &Value) -> Times {
        // What is beyond the range becomes its end: no calendar shows either.
        let date = |value: Option<&Value>| Some(value?.as_f64()? as i64);
        Times {
            issued_at: date(claims.get("iat")),
            not_before: date(claims.get("nbf")),
            expires: date(claims.get("exp")),
            warn_after: date(claims.pointer("/kubernetes.io/warnafter")),
        }
    }

    /// How long it lives, where both ends are known.
    pub fn lifetime(&self) -> Option<i64> {
        let begin = self.issued_at.or(self.not_before)?;
        Some(self.expires?.saturating_sub(begin))
    }
}

/// Inspects a token, without the white space around it.
pub fn inspect(token: &str, surroundings: &Surroundings<'_>) -> TokenInspection {
    let token = token.trim();
    let (kind, jwt) = kind(token);
    let claims = jwt.as_ref().map_or(&Value::Null, |jwt| &jwt.claims);
    let (mut user, mut assumption) = user(token, &kind, claims);
    let issuer = AtIssuer::of(token, surroundings);
    if let Some(AtIssuer::Judged(judgement)) = &issuer {
        user = issuer.as_ref().and_then(AtIssuer::user).map(grouped);
        assumption = judgement
            .suspect
            .is_some()
            .then_some("by the server's configuration, were its signature good");
    }
    let mut inspection = TokenInspection {
        times: Times::of(claims),
        bound: bound::objects(&kind, claims, surroundings.cluster.core_objects()),
        taker: taker(token, &kind, surroundings),
        issuer,
        user,
        assumption,
        kind,
        jwt,
        dangers: Vec::new(),
    };
    inspection.dangers = dangers::find(token, &inspection, surroundings);
    if matches!(inspection.taker, Taker::Accepted { .. }) {
        // What looks bad is good enough for this server: a token file may list anything.
        for danger in &mut inspection.dangers {
            danger.severity = danger.severity.min(Severity::High);
        }
    }
    inspection
}

/// Whose a token would be, and on what condition.
fn user(token: &str, kind: &TokenKind, claims: &Value) -> (Option<UserInfo>, Option<&'static str>) {
    match kind {
        TokenKind::BoundServiceAccount | TokenKind::LegacyServiceAccount => {
            (claimed_user(token).map(grouped), None)
        }
        TokenKind::Bootstrap => {
            let Some((id, _)) = bootstrap::split(token) else {
                return (None, None);
            };
            let user = UserInfo {
                username: format!("system:bootstrap:{id}"),
                groups: vec!["system:bootstrappers".to_owned()],
                ..UserInfo::default()
            };
            let more = "auth-extra-groups of its Secret may add groups";
            (Some(grouped(user)), Some(more))
        }
        TokenKind::Oidc => {
            let text = |claim| claims.get(claim).and_then(Value::as_str);
            let (Some(issuer), Some(subject)) = (text("iss"), text("sub")) else {
                return (None, None);
            };
            let user = UserInfo {
                username: format!("{issuer}#{subject}"),
                ..UserInfo::default()
            };
            let mapping = "with --oidc-issuer-url alone; the server's claim mappings decide";
            (Some(grouped(user)), Some(mapping))
        }
        _ => (None, None),
    }
}

/// The texts of a value that is one or a list of them.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether the server's own readers take it for a token, or what they stumble over.
fn trouble(token: &str) -> Option<String> {
    let parsed = match jwt::parse(token) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.to_string()),
    };
    match jwt::json::check(parsed.payload(), jwt::json::GO_DEPTH) {
        Ok(claims) => jwt::RegisteredClaims::read(claims)
            .err()
            .or_else(|| claims.trouble()),
        Err(_) => Some("the claims are no JSON that the server reads".to_owned()),
    }
}

/// Whether the claims are those of a token that lives in a Secret.
fn is_legacy(claims: &Value) -> bool {
    claims.get("iss").and_then(Value::as_str) == Some(LEGACY_ISSUER)
}
