//! Recorded webhook traffic in JSON Lines, and which line answers a question.
//!
//! Three forms of lines (README of the conformance data): `{"token", "status", "body"}`, the HTTP answer to
//! every TokenReview of a token; TokenReview objects and SubjectAccessReview objects as they were sent,
//! with the `status` that the webhook gave, or the `failure` that came of it.

use super::client::{Exchange, HttpAnswer};
use crate::load::LoadError;
use crate::model::Secret;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The name of the webhook that flags configure.
pub const DEFAULT: &str = "default";

/// The recorded traffic of all webhooks.
#[derive(Clone, Debug, Default)]
pub struct Recordings {
    named: BTreeMap<String, Recording>,
    unnamed: Option<Recording>,
}

impl Recordings {
    /// Adds the content of a file, of the named webhook or of one that is not named.
    ///
    /// # Errors
    /// [`LoadError::Malformed`] with the place of what is no such line. It quotes no token.
    pub fn add(&mut self, name: Option<&str>, file: &str, text: &str) -> Result<(), LoadError> {
        let recording = match name {
            Some(name) => self.named.entry(name.to_owned()).or_default(),
            None => self.unnamed.get_or_insert_default(),
        };
        recording.read(file, text)
    }

    /// The traffic of the authorizer of a name. A file without a name is that of the only webhook (`alone`), or
    /// of the one that flags configure.
    pub fn authorizer(&self, name: &str, alone: bool) -> Option<&Recording> {
        let unnamed = self.unnamed.as_ref();
        let unnamed = unnamed.filter(|_| alone || name == DEFAULT);
        self.named.get(name).or(unnamed)
    }

    /// The traffic of the webhook that authenticates tokens, which has no name of its own.
    pub fn tokens(&self) -> Option<&Recording> {
        let unnamed = self.unnamed.as_ref().filter(|found| found.has_tokens());
        let named = self.named.get(DEFAULT).filter(|found| found.has_tokens());
        unnamed.or(named)
    }
}

/// The audiences that were asked for; `None` in a recording that does not tell.
type Audiences = Option<Vec<String>>;

/// The recorded traffic of one webhook.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Answers by token.
    tokens: HashMap<Secret, Exchange>,
    /// Answers by token and audiences; `None`: whatever the audiences are.
    token_reviews: HashMap<Secret, Vec<(Audiences, Exchange)>>,
    /// Answers by what was sent.
    access: HashMap<String, Exchange>,
}

/// Which answer there is to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'r> {
    /// This one.
    Answer(&'r Exchange),
    /// None of its own, in a file that tells what the webhook answers to which tokens: to all others it
    /// says that they are not authenticated.
    Unlisted,
    /// None.
    Nothing,
}

impl Recording {
    fn has_tokens(&self) -> bool {
        !self.tokens.is_empty() || !self.token_reviews.is_empty()
    }

    /// The answer to a TokenReview.
    pub fn token(&self, token: &str, audiences: &[String]) -> Found<'_> {
        let reviews = self.token_reviews.get(token);
        let mut reviews = reviews.into_iter().flatten();
        let review = reviews.find(|(asked, _)| asked.as_deref().is_none_or(|a| a == audiences));
        match review
            .map(|(_, exchange)| exchange)
            .or(self.tokens.get(token))
        {
            Some(exchange) => Found::Answer(exchange),
            None if !self.tokens.is_empty() => Found::Unlisted,
            None => Found::Nothing,
        }
    }

    /// The answer to a SubjectAccessReview that is sent so.
    pub fn access(&self, sent: &Value) -> Option<&Exchange> {
        self.access.get(&asked(sent)?)
    }

    fn read(&mut self, file: &str, text: &str) -> Result<(), LoadError> {
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let malformed = |column: usize, message: String| LoadError::Malformed {
                file: file.to_owned(),
                line: number,
                column: u32::try_from(column.max(1)).unwrap_or(u32::MAX),
                message,
            };
            let object: Map<String, Value> = serde_json::from_str(line).map_err(|error| {
                // Its own words may quote the line.
                let what = match error.classify() {
                    serde_json::error::Category::Eof => "the line ends too early",
                    serde_json::error::Category::Data => "the line is no JSON object",
                    _ => "the line is no JSON",
                };
                let message = format!("expected recorded webhook traffic in JSON Lines: {what}");
                malformed(error.column(), message)
            })?;
            self.line(object).map_err(|message| malformed(1, message))?;
        }
        Ok(())
    }

    fn line(&mut self, object: Map<String, Value>) -> Result<(), String> {
        if let Some(token) = object.get("token") {
            let token = token.as_str().ok_or("token: expected a string")?;
            let exchange = token_line(&object)?;
            self.tokens.insert(Secret::new(token), exchange);
            return Ok(());
        }
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or("");
        match kind {
            "TokenReview" => {
                let spec = object.get("spec").unwrap_or(&Value::Null);
                let token = spec.get("token").and_then(Value::as_str);
                let token = token.ok_or("spec.token: expected the token")?;
                let audiences = match spec.get("audiences") {
                    None | Some(Value::Null) => None,
                    Some(Value::Array(list)) => Some(
                        list.iter()
                            .map(|item| item.as_str().map(str::to_owned))
                            .collect::<Option<Vec<_>>>()
                            .ok_or("spec.audiences: expected strings")?,
                    ),
                    Some(_) => return Err("spec.audiences: expected a list".to_owned()),
                };
                let exchange = review_line(&object)?;
                let of_token = self.token_reviews.entry(Secret::new(token)).or_default();
                of_token.retain(|(asked, _)| *asked != audiences);
                // What names its audiences goes before what stands for all.
                let at = if audiences.is_some() {
                    0
                } else {
                    of_token.len()
                };
                of_token.insert(at, (audiences, exchange));
            }
            "SubjectAccessReview" => {
                let exchange = review_line(&object)?;
                let asked = asked(&Value::Object(object));
                let asked = asked.ok_or("spec: expected what was sent to the webhook")?;
                self.access.insert(asked, exchange);
            }
            _ => {
                return Err(
                    "expected a line with token, or a TokenReview or SubjectAccessReview object"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }
}

/// What is asked, as a text that is the same for the same question: of the version and the spec, without what
/// JSON leaves out when it is empty.
fn asked(review: &Value) -> Option<String> {
    fn bare(value: &Value) -> Option<Value> {
        match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::Array(items) if items.is_empty() => None,
            Value::Array(items) => Some(Value::Array(
                items
                    .iter()
                    .map(|item| bare(item).unwrap_or_else(|| item.clone()))
                    .collect(),
            )),
            Value::Object(map) => {
                let entries = map.iter().filter_map(|(k, v)| Some((k.clone(), bare(v)?)));
                Some(Value::Object(entries.collect()))
            }
            other => Some(other.clone()),
        }
    }
    let spec = review.get("spec").filter(|spec| spec.is_object())?;
    let mut spec = bare(spec)?;
    if let Some(resource) = spec.get_mut("resourceAttributes") {
        for selector in ["fieldSelector", "labelSelector"] {
            if resource.get(selector).is_some_and(|s| s == &json!({})) {
                resource.as_object_mut()?.remove(selector);
            }
        }
    }
    // A key without values is a key all the same.
    let extra = review.get("spec")?.get("extra");
    let extra = extra.filter(|extra| extra.as_object().is_some_and(|map| !map.is_empty()));
    let fields = spec.as_object_mut()?;
    match extra {
        Some(extra) => fields.insert("extra".to_owned(), extra.clone()),
        None => fields.remove("extra"),
    };
    let version = review.get("apiVersion")?.as_str()?;
    // Keys of maps are sorted.
    Some(format!("{version} {spec}"))
}

/// The HTTP answer of a line by token.
fn token_line(line: &Map<String, Value>) -> Result<Exchange, String> {
    if let Some(failure) = line.get("failure") {
        return failure_of(failure);
    }
    let body = match line.get("body") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let delay = match line.get("delay") {
        None | Some(Value::Null) => 0,
        Some(delay) => {
            let seconds = delay.as_f64().filter(|seconds| *seconds >= 0.0);
            let seconds = seconds.ok_or("delay: expected a number of seconds")?;
            // A float that is too large becomes the largest number.
            (seconds * 1e9) as i64
        }
    };
    answer(line, "status", "application/json", body, delay)
}

/// An HTTP answer: its code is in the field `code`.
fn answer(
    line: &Map<String, Value>,
    code: &str,
    default_type: &str,
    body: String,
    delay: i64,
) -> Result<Exchange, String> {
    let status = match line.get(code) {
        None => 200,
        Some(status) => status
            .as_u64()
            .filter(|status| (100..1000).contains(status))
            .and_then(|status| u16::try_from(status).ok())
            .ok_or_else(|| format!("{code}: expected an HTTP status code"))?,
    };
    let header = |name: &str| {
        let headers = line.get("headers")?.as_object()?;
        let mut headers = headers.iter();
        let (_, value) = headers.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        match value {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    };
    let content_type = line.get("contentType").and_then(Value::as_str);
    let content_type = content_type.map(str::to_owned);
    Ok(Exchange::Answer(HttpAnswer {
        status,
        content_type: content_type
            .or_else(|| header("Content-Type"))
            .unwrap_or_else(|| default_type.to_owned()),
        retry_after: header("Retry-After").and_then(|text| text.parse().ok()),
        location: header("Location"),
        delay,
        body,
    }))
}

/// What came of a review that was sent so.
fn review_line(object: &Map<String, Value>) -> Result<Exchange, String> {
    if let Some(failure) = object.get("failure") {
        return failure_of(failure);
    }
    let Some(status) = object.get("status") else {
        return Err("expected status (what the webhook answered) or failure".to_owned());
    };
    let body = json!({
        "apiVersion": object.get("apiVersion"),
        "kind": object.get("kind"),
        "status": status,
    });
    Ok(Exchange::Answer(HttpAnswer {
        status: 200,
        content_type: "application/json".to_owned(),
        retry_after: None,
        location: None,
        delay: 0,
        body: body.to_string(),
    }))
}

fn failure_of(failure: &Value) -> Result<Exchange, String> {
    let expected =
        "failure: expected {\"code\", \"body\"}, {\"timeout\": true} or {\"closed\": true}";
    let failure = failure.as_object().ok_or(expected)?;
    let is = |name: &str| failure.get(name) == Some(&Value::Bool(true));
    if is("timeout") {
        return Ok(Exchange::TimedOut);
    }
    if is("closed") {
        return Ok(Exchange::Closed);
    }
    let code = failure
        .get("code")
        .and_then(Value::as_u64)
        .ok_or(expected)?;
    let body = match failure.get("body") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    // A review comes as JSON; words on a failure come as text.
    let default = match code {
        200..=206 => "application/json",
        _ => "text/plain",
    };
    answer(failure, "code", default, body, 0)
}

#[cfg(test)]
mod tests {
    use super::{Found, Recordings};
    use crate::webhook::client::Exchange;
    use serde_json::json;

    #[test]
    fn finds_what_was_sent() {
        let mut recordings = Recordings::default();
        let lines = [
            json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                "spec": {"user": "a", "groups": ["g"], "resourceAttributes": {"verb": "get", "name": ""}},
                "failure": {"closed": true}}),
            json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                "spec": {"token": "t", "audiences": ["x"]}, "status": {}}),
        ];
        let text = lines.map(|line| line.to_string()).join("\n");
        recordings.add(Some("gate"), "f", &text).expect("lines");
        assert!(recordings.authorizer("other", true).is_none());
        let gate = recordings.authorizer("gate", false).expect("lines");
        let sent = |user: &str, version: &str| {
            json!({"apiVersion": version, "kind": "SubjectAccessReview",
                "spec": {"resourceAttributes": {"verb": "get"}, "groups": ["g"], "user": user, "extra": {}}})
        };
        let v1 = "authorization.k8s.io/v1";
        assert_eq!(gate.access(&sent("a", v1)), Some(&Exchange::Closed));
        assert_eq!(gate.access(&sent("b", v1)), None);
        assert_eq!(
            gate.access(&sent("a", "authorization.k8s.io/v1beta1")),
            None
        );
        let x = ["x".to_owned()];
        assert!(matches!(gate.token("t", &x), Found::Answer(_)));
        assert_eq!(gate.token("t", &[]), Found::Nothing);
        assert_eq!(gate.token("u", &x), Found::Nothing);
    }

    #[test]
    fn a_list_by_token_is_all_that_the_webhook_knows() {
        let mut recordings = Recordings::default();
        let line = "{\"token\":\"t\",\"status\":200,\"body\":{}}\n\n";
        recordings.add(None, "f", line).expect("lines");
        let tokens = recordings.tokens().expect("tokens");
        assert!(matches!(tokens.token("t", &[]), Found::Answer(_)));
        assert_eq!(tokens.token("u", &[]), Found::Unlisted);
        assert!(recordings.authorizer("gate", false).is_none());
        assert!(recordings.authorizer("gate", true).is_some());
    }

    #[test]
    fn malformed_lines_have_a_place_and_no_token() {
        for (text, place) in [
            ("{}\n", "f:1:1: expected a line with token"),
            ("\n{\"token\":\"secret\",", "f:2:"),
            ("{\"token\":5}", "f:1:1: token: expected a string"),
            (
                "{\"token\":\"secret\",\"status\":9}",
                "f:1:1: status: expected an HTTP status code",
            ),
            (
                "{\"token\":\"secret\",\"delay\":-1}",
                "f:1:1: delay: expected a number",
            ),
            ("[]", "f:1:"),
            (
                "{\"kind\":\"SubjectAccessReview\",\"spec\":{}}",
                "f:1:1: expected status",
            ),
            (
                "{\"kind\":\"SubjectAccessReview\",\"failure\":{\"code\":\"x\"}}",
                "f:1:1: failure: expected",
            ),
            (
                "{\"kind\":\"TokenReview\",\"spec\":{\"token\":\"secret\",\"audiences\":5},\"status\":{}}",
                "f:1:1: spec.audiences",
            ),
        ] {
            let error = Recordings::default().add(None, "f", text);
            let error = error.expect_err(text).to_string();
            assert!(error.starts_with(place), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
