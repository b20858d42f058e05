//! What a token is and what becomes of it.

use super::credential::{Rows, dangers, duration, instant, rfc3339, shown, shown_list, user};
use super::explain::Style;
use super::{authentication, token_issuer, word};
use crate::answer::token_inspection::{
    AtIssuer, BoundObject, Fitness, State, Taker, TokenInspection, TokenKind,
};
use crate::authn::{Authentication, Outcome, Said, oidc};
use crate::model::Quoted;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The claims that have a line of their own.
const OWN_LINES: [&str; 8] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "kubernetes.io",
];

/// How many other claims are shown to people.
const OTHERS: usize = 20;

/// An inspection for people. `token` is shown where it is given.
pub fn inspection(
    inspection: &TokenInspection,
    token: Option<&str>,
    now: Timestamp,
    style: &impl Style,
) -> String {
    let mut rows = Rows::default();
    rows.add("kind", kind(&inspection.kind));
    if let Some(found) = &inspection.user {
        user(&mut rows, found);
        if let Some(assumption) = inspection.assumption {
            rows.add("", format!("({assumption})"));
        }
    }
    header(&mut rows, inspection);
    claims(&mut rows, inspection);
    times(&mut rows, inspection, now);
    for (i, object) in inspection.bound.iter().enumerate() {
        rows.add(if i == 0 { "bound to" } else { "" }, bound(object));
    }
    taker(&mut rows, &inspection.taker);
    if let Some(token) = token {
        let plain = !token.chars().any(|c| c.is_control());
        let text = if plain {
            token.to_owned()
        } else {
            Quoted(token).to_string()
        };
        rows.add("token", text);
    }
    let mut text = rows.text(0);
    if let Some(issuer) = &inspection.issuer {
        text.push_str(&token_issuer::steps(issuer, style));
    }
    if !inspection.dangers.is_empty() {
        text.push_str(&style.heading("dangers:"));
        text.push('\n');
        text.push_str(&dangers(&inspection.dangers, 2, style));
    }
    text
}

fn kind(kind: &TokenKind) -> &'static str {
    match kind {
        TokenKind::BoundServiceAccount => "ServiceAccount token (bound)",
        TokenKind::LegacyServiceAccount => "ServiceAccount token (legacy, of a Secret)",
        TokenKind::Oidc => "JSON Web Token of another issuer (OIDC)",
        TokenKind::OtherJwt => "JSON Web Token without an issuer",
        TokenKind::BrokenJwt(_) => "broken JSON Web Token",
        TokenKind::Bootstrap => "bootstrap token",
        TokenKind::Opaque => "opaque token: what it is stands with the server only",
        TokenKind::NotAToken(_) => "no token",
    }
}

fn header(rows: &mut Rows, inspection: &TokenInspection) {
    let Some(jwt) = &inspection.jwt else {
        return;
    };
    let field = |name: &str| match jwt.header.get(name)? {
        Value::String(text) => Some(format!("{name} {}", shown(text))),
        other => Some(format!("{name} {}", shown(&other.to_string()))),
    };
    let mut parts: Vec<String> = ["alg", "typ", "kid"]
        .into_iter()
        .filter_map(field)
        .collect();
    let others = jwt.header.as_object().into_iter().flat_map(Map::keys);
    let others: Vec<&String> = others
        .filter(|name| !["alg", "kid", "typ"].contains(&name.as_str()))
        .collect();
    if !others.is_empty() {
        parts.push(format!("also {}", shown_list(others)));
    }
    let checked = match &inspection.taker {
        Taker::Accepted { authenticator }
            if ["service account token", oidc::NAME].contains(authenticator) =>
        {
            "signature verified"
        }
        _ if inspection.issuer.as_ref().is_some_and(AtIssuer::is_signed) => "signature verified",
        _ if jwt.signed => "signature not verified",
        _ => "no signature",
    };
    rows.add("header", format!("{}; {checked}", parts.join(", ")));
}

fn claims(rows: &mut Rows, inspection: &TokenInspection) {
    let Some(Value::Object(claims)) = inspection.jwt.as_ref().map(|jwt| &jwt.claims) else {
        return;
    };
    let audiences = inspection.audiences();
    let mut line = |label: &str, claim: &str| match claims.get(claim) {
        Some(Value::String(text)) => rows.add(label, shown(text)),
        Some(_) if claim == "aud" && !audiences.is_empty() => {
            rows.add(label, shown_list(&audiences));
        }
        Some(other) => rows.add(label, shown(&other.to_string())),
        None => {}
    };
    line("issuer", "iss");
    line("subject", "sub");
    line("audience", "aud");
    line("id", "jti");
    let service_account = matches!(
        inspection.kind,
        TokenKind::BoundServiceAccount | TokenKind::LegacyServiceAccount
    );
    // What names the account and its objects is shown as such.
    let own = |name: &str| {
        OWN_LINES.contains(&name)
            || service_account && name.starts_with("kubernetes.io/serviceaccount/")
    };
    let others: Vec<_> = claims.iter().filter(|(name, _)| !own(name)).collect();
    for (i, (name, value)) in others.iter().take(OTHERS).enumerate() {
        let value = match value {
            Value::String(text) => shown(text),
            other => shown(&other.to_string()),
        };
        let label = if i == 0 { "claims" } else { "" };
        rows.add(label, format!("{}: {value}", shown(name)));
    }
    if others.len() > OTHERS {
        let more = others.len() - OTHERS;
        rows.add("", format!("and {more} more (-o json has all)"));
    }
}

fn times(rows: &mut Rows, inspection: &TokenInspection, now: Timestamp) {
    if inspection.jwt.is_none() {
        return;
    }
    let times = &inspection.times;
    if let Some(time) = times.issued_at {
        rows.add("issued", instant(time, now));
    }
    if let Some(time) = times
        .not_before
        .filter(|time| Some(*time) != times.issued_at)
    {
        rows.add("not before", instant(time, now));
    }
    match times.expires {
        Some(time) => {
            let life = times
                .lifetime()
                .map(|life| format!(", life {}", duration(life)));
            rows.add("expires", instant(time, now) + &life.unwrap_or_default());
        }
        None => rows.add("expires", "never"),
    }
    if let Some(time) = times.warn_after {
        rows.add("warn after", instant(time, now));
    }
}

fn bound(object: &BoundObject) -> String {
    let name = match object.namespace.is_empty() {
        true => word(&object.name),
        false => format!("{}/{}", word(&object.namespace), shown(&object.name)),
    };
    let uid = match object.uid.is_empty() {
        true => String::new(),
        false => format!(" (uid {})", shown(&object.uid)),
    };
    let state = match &object.state {
        State::NotLoaded if object.binding => "not loaded, give it with -f".to_owned(),
        State::NotLoaded => "not loaded".to_owned(),
        State::Exists if object.uid.is_empty() => "exists".to_owned(),
        State::Exists => "exists, and is the same".to_owned(),
        State::UidUnknown => "loaded without a uid".to_owned(),
        State::Gone => "does not exist".to_owned(),
        State::Recreated { found_uid } => {
            format!("another one has its name now (uid {})", shown(found_uid))
        }
        State::BeingDeleted { deletion_timestamp } => {
            format!(
                "being deleted ({})",
                deletion_timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
            )
        }
    };
    let only_shown = if object.binding {
        ""
    } else {
        ", the server does not look at it"
    };
    format!("{} {name}{uid}: {state}{only_shown}", object.kind)
}

fn taker(rows: &mut Rows, taker: &Taker) {
    match taker {
        Taker::ByShape(None) => rows.add("taken by", "nobody"),
        Taker::ByShape(Some(name)) => {
            rows.add(
                "taken by",
                format!("{name}, by its shape (--apiserver asks a server)"),
            );
        }
        Taker::Accepted { authenticator } => rows.add("taken by", *authenticator),
        Taker::Refused { authenticators, .. } if authenticators.is_empty() => {
            rows.add("taken by", "nobody");
        }
        Taker::Refused { authenticators, .. } => {
            rows.add(
                "taken by",
                format!("nobody; refused by {}", authenticators.join(", ")),
            );
        }
        Taker::Unknown { missing } => {
            for (i, what) in missing.iter().enumerate() {
                let label = if i == 0 { "taken by" } else { "" };
                rows.add(label, format!("unknown: {}", super::credential::line(what)));
            }
        }
    }
}

/// An inspection for programs. `token` is shown where it is given.
pub fn inspection_value(
    inspection: &TokenInspection,
    token: Option<&str>,
    now: Timestamp,
) -> Value {
    let times = &inspection.times;
    let mut value = json!({
        "kind": inspection.kind.id(),
        "valid": match inspection.fitness() {
            Fitness::Fine => Value::Bool(true),
            Fitness::Invalid => Value::Bool(false),
            Fitness::Unknown => Value::Null,
        },
        "dangers": inspection.dangers,
    });
    let mut set = |name: &str, field: Value| {
        if !field.is_null() {
            value[name] = field;
        }
    };
    if let Some(jwt) = &inspection.jwt {
        set("header", jwt.header.clone());
        set("claims", jwt.claims.clone());
        set("issuer", json!(inspection.text("iss")));
        set("subject", json!(inspection.text("sub")));
        set("audiences", json!(inspection.audiences()));
    }
    set("userInfo", json!(inspection.user));
    set("userInfoAssumes", json!(inspection.assumption));
    let time = |second: Option<i64>| json!(second.and_then(rfc3339));
    set("issuedAt", time(times.issued_at));
    set("notBefore", time(times.not_before));
    set("expirationTimestamp", time(times.expires));
    set("warnAfter", time(times.warn_after));
    set("lifetimeSeconds", json!(times.lifetime()));
    let left = times
        .expires
        .map(|expires| expires.saturating_sub(now.as_second()));
    set("remainingSeconds", json!(left));
    set(
        "oidc",
        inspection
            .issuer
            .as_ref()
            .map_or(Value::Null, token_issuer::value),
    );
    if !inspection.bound.is_empty() {
        set("boundObjects", json!(inspection.bound));
    }
    set(
        "authenticator",
        match &inspection.taker {
            Taker::ByShape(name) => json!({"outcome": "byShape", "name": name}),
            Taker::Accepted { authenticator } => {
                json!({"outcome": "accepted", "name": authenticator})
            }
            Taker::Refused {
                authenticators,
                errors,
            } => json!({"outcome": "refused", "refusedBy": authenticators, "errors": errors}),
            Taker::Unknown { missing } => json!({"outcome": "unknown", "missing": missing}),
        },
    );
    set("token", json!(token));
    value
}

/// Who was asked and named the user.
fn authenticator(authentication: &Authentication) -> &'static str {
    let named = authentication
        .steps
        .iter()
        .find(|step| step.said == Said::Named);
    named.map_or("nobody", |step| step.authenticator)
}

/// What the server says of a token, for people.
pub fn verification(authentication: &Authentication, style: &impl Style) -> String {
    let mut rows = Rows::default();
    match &authentication.outcome {
        Outcome::User(found) if authenticator(authentication) == "anonymous" => {
            rows.add("user", shown(&found.user.username));
            let no = style.bad("not valid");
            format!(
                "{no}: the server finds no bearer token in it, and takes the request for anonymous\n"
            )
        }
        Outcome::User(found) => {
            user(&mut rows, &found.user);
            if let Some(audiences) = &found.audiences {
                rows.add("audiences", shown_list(audiences));
            }
            rows.add("taken by", authenticator(authentication));
            format!("{}\n{}", style.good("valid"), rows.text(0))
        }
        Outcome::Unauthorized(errors) => {
            let said = errors.join("; ");
            let no = style.bad("not valid");
            let said = super::credential::line(&said);
            format!("{no}: {said}\n{}", authentication::refusal(authentication))
        }
        Outcome::Unverified {
            user: claimed,
            missing,
        } => {
            let mut text = "unknown".to_owned();
            if let Some(claimed) = claimed {
                text.push_str(": it says that it is the following user's, unverified");
                user(&mut rows, claimed);
            }
            text.push('\n');
            for what in missing {
                rows.add("missing", super::credential::line(what));
            }
            text + &rows.text(0)
        }
    }
}

/// What the server says of a token, as a TokenReview without the token.
pub fn verification_value(authentication: &Authentication, audiences: &[String]) -> Value {
    // A TokenReview takes what holds no token for an anonymous request, and says yes.
    let (status, outcome) = match &authentication.outcome {
        Outcome::User(found) => (
            json!({
                "authenticated": true,
                "user": found.user,
                "audiences": found.audiences.clone().unwrap_or_default(),
            }),
            authenticator(authentication),
        ),
        Outcome::Unauthorized(errors) => {
            let error = errors.concat();
            (
                json!({"authenticated": false, "user": {}, "error": error}),
                "nobody",
            )
        }
        Outcome::Unverified { user, missing } => {
            let error = format!("unknown: {}", missing.join("; "));
            let mut status = json!({"authenticated": false, "user": {}, "error": error});
            if let Some(user) = user {
                status["unverifiedUserInfo"] = json!(user);
            }
            (status, "unknown")
        }
    };
    let steps: Vec<Value> = authentication
        .steps
        .iter()
        .map(|step| {
            let (said, reasons) = match &step.said {
                Said::Off => ("notConfigured", Vec::new()),
                Said::NothingForIt => ("nothingForIt", Vec::new()),
                Said::Unknown => ("notKnown", Vec::new()),
                Said::Named => ("named", Vec::new()),
                Said::CannotBeTold(why) => ("unknown", vec![why.clone()]),
                Said::Refused(error, details) => {
                    let all = [error.clone()].into_iter().chain(details.clone());
                    ("refused", all.filter(|text| !text.is_empty()).collect())
                }
            };
            json!({"authenticator": step.authenticator, "said": said, "reasons": reasons})
        })
        .collect();
    let mut review = json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenReview",
        "status": status,
        "explanation": {"takenBy": outcome, "authenticators": steps},
    });
    if !audiences.is_empty() {
        review["spec"] = json!({"audiences": audiences});
    }
    review
}
