//! `whoami --batch`: lines of `authn.jsonl` in, their answers out.

use crate::answer::forbidden::forbidden;
use crate::answer::serve::impersonation_refusal;
use crate::answer::token_review::token_review;
use crate::authn::{Authentication, Outcome, Request};
use crate::authz::Chain;
use crate::cli::server::Server;
use crate::cli::{Exit, input, print};
use crate::impersonation::{self, Outcome as Impersonated, Rules};
use crate::model::{Attributes, Cluster, Secret, UserInfo};
use crate::request::headers::Headers;
use crate::request::{RequestInfo, Target};
use anyhow::Result;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// The question's fields of a line.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    credential: Credential,
    request: Option<HttpRequest>,
    now: Option<Timestamp>,
    #[serde(default)]
    headers: HeaderLines,
    /// Lines that name their configuration so come with the answers of a plain SelfSubjectReview.
    config: Option<Value>,
    /// Lines that name their server come with the answers of a harness around it.
    server: Option<Value>,
    #[serde(default)]
    tokenreview: Vec<Review>,
}

/// Header lines in their order, or by name.
#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderLines {
    Lines(Vec<(String, String)>),
    Named(BTreeMap<String, String>),
}

impl Default for HeaderLines {
    fn default() -> Self {
        HeaderLines::Lines(Vec::new())
    }
}

impl HeaderLines {
    fn iter(&self) -> Box<dyn Iterator<Item = (&String, &String)> + '_> {
        match self {
            HeaderLines::Lines(lines) => Box::new(lines.iter().map(|(name, value)| (name, value))),
            HeaderLines::Named(named) => Box::new(named.iter()),
        }
    }
}

#[derive(Default, Deserialize)]
struct Credential {
    cert: Option<String>,
    #[serde(rename = "clientCertificate")]
    client_certificate: Option<String>,
    token: Option<Token>,
    #[serde(default)]
    headers: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(from = "String")]
struct Token(Secret);

impl From<String> for Token {
    fn from(text: String) -> Self {
        Token(Secret::new(text))
    }
}

#[derive(Deserialize)]
struct HttpRequest {
    method: String,
    path: String,
}

#[derive(Deserialize)]
struct Review {
    audiences: Option<Vec<String>>,
}

/// The path of the request that is made where a line names none.
const REVIEW_PATH: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

pub(super) fn run(
    server: &Server,
    cluster: &Cluster,
    chain: &Chain<'_>,
    path: &Path,
) -> Result<Exit> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let batch = Batch {
        server,
        cluster,
        chain,
    };
    let mut out = Vec::new();
    for line in input::json_lines::<Line>(path)? {
        let file = line.credential.cert.as_ref();
        let pem = match file.or(line.credential.client_certificate.as_ref()) {
            Some(text) if text.contains("-----BEGIN") => text.clone(),
            Some(file) => input::read(&folder.join(file))?.1,
            None => String::new(),
        };
        writeln!(out, "{}", batch.answer(&line, pem.as_bytes()))?;
    }
    print(out)?;
    Ok(Exit::Yes)
}

struct Batch<'a, 'c> {
    server: &'a Server,
    cluster: &'a Cluster,
    chain: &'a Chain<'c>,
}

impl Batch<'_, '_> {
    fn answer(&self, line: &Line, pem: &[u8]) -> Value {
        let now = line.now.unwrap_or(self.server.now);
        let authenticators = &self.server.authenticators;
        let mut answer = json!({
            "id": line.id, "code": 200, "user": null, "message": null, "errors": [],
        });
        let mut headers = Headers::default();
        let more = line.credential.headers.iter();
        for (name, value) in line
            .headers
            .iter()
            .chain(more.map(|(name, value)| (name, value)))
        {
            headers.add(name, value);
        }
        if let Some(Token(token)) = &line.credential.token {
            let mut with_token = Headers::default();
            with_token.add("Authorization", &format!("Bearer {}", token.expose()));
            for (name, value) in headers.lines() {
                with_token.add(name, value);
            }
            headers = with_token;
        }
        let target = line.request.as_ref().map_or(REVIEW_PATH, |r| &r.path);
        let method = line.request.as_ref().map_or("POST", |r| &r.method);
        let target = Target::parse(target);
        let info = target
            .as_ref()
            .and_then(|target| RequestInfo::new(method, target).ok());
        let Some(info) = info else {
            answer["code"] = json!(400);
            answer["message"] = json!("Bad Request");
            return answer;
        };
        match authenticators.handshake(pem) {
            Err(why) => {
                answer["code"] = json!(0);
                answer["message"] = json!("no HTTP answer: TLSV1_ALERT_DECODE_ERROR");
                answer["errors"] = json!([format!("TLS handshake error: {why}")]);
            }
            Ok(certificates) => {
                let request = Request {
                    certificates: &certificates,
                    headers: &headers,
                    path: &info.path,
                    audiences: None,
                };
                let authentication = authenticators.authenticate(&request, self.cluster, now);
                let plain = self.is_plain(line);
                self.authenticated(&mut answer, &authentication, &info, &headers, plain);
            }
        }
        if let Some(Token(token)) = &line.credential.token
            && !line.tokenreview.is_empty()
        {
            let reviews = line.tokenreview.iter().map(|review| {
                let audiences = review.audiences.as_deref().unwrap_or_default();
                let status =
                    token_review(token.expose(), audiences, authenticators, self.cluster, now);
                match (self.is_plain(line), &review.audiences) {
                    (false, audiences) => {
                        json!({"audiences": audiences, "code": 201, "status": status})
                    }
                    (true, None) => json!({"status": status}),
                    (true, audiences) => json!({"audiences": audiences, "status": status}),
                }
            });
            answer["tokenreview"] = reviews.collect();
        }
        answer
    }

    /// Whether a line has the form of those whose answers are a plain SelfSubjectReview's. Of a line that does
    /// not tell, the server does: lines of the other form were never recorded with issuers or webhooks.
    fn is_plain(&self, line: &Line) -> bool {
        let authenticators = &self.server.authenticators;
        line.config.is_some() || line.server.is_none() && authenticators.ask_others()
    }

    fn authenticated(
        &self,
        answer: &mut Value,
        authentication: &Authentication,
        info: &RequestInfo<'_>,
        headers: &Headers,
        plain: bool,
    ) {
        if !authentication.warnings.is_empty() {
            let warnings = authentication.warnings.iter();
            answer["warnings"] = warnings.map(|text| format!("299 - {text:?}")).collect();
        }
        let details = authentication.details();
        if !details.is_empty() {
            answer["details"] = json!(details);
        }
        let (user, null_extra) = match &authentication.outcome {
            Outcome::User(user) => (&user.user, &user.null_extra),
            Outcome::Unauthorized(errors) => {
                answer["code"] = json!(401);
                answer["message"] = json!("Unauthorized");
                answer["errors"] = json!(errors);
                return;
            }
            Outcome::Unverified { user, missing } => {
                answer["code"] = Value::Null;
                answer["message"] = json!(format!("unknown: {}", missing.join("; ")));
                answer["unverifiedUser"] = json!(user);
                return;
            }
        };
        match self.authorized(user, info, headers, plain) {
            Authorized::As(effective) => {
                if info.path == REVIEW_PATH {
                    answer["user"] = json!(effective);
                    // Impersonated users have no such values.
                    for key in null_extra.iter().filter(|_| effective == *user) {
                        answer["user"]["extra"][key] = Value::Null;
                    }
                }
                if plain {
                    // What is created is answered so.
                    answer["code"] = json!(if info.path == REVIEW_PATH { 201 } else { 200 });
                    answer["message"] = json!("");
                }
            }
            Authorized::Refused(code, message) => {
                answer["code"] = json!(code);
                answer["message"] = json!(message);
            }
            Authorized::Unknown(why) => {
                answer["code"] = Value::Null;
                answer["message"] = json!(format!("unknown: {why}"));
            }
        }
    }

    /// Impersonation and authorization. Unless the request is a plain one, whether the user may ask who it
    /// is, is not the question.
    fn authorized(
        &self,
        user: &UserInfo,
        info: &RequestInfo<'_>,
        headers: &Headers,
        plain: bool,
    ) -> Authorized {
        let constrained = self.server.gates().constrained_impersonation;
        let wanted = match impersonation::headers::impersonation(headers, constrained) {
            Ok(wanted) => wanted,
            Err(message) => return Authorized::Refused(400, message),
        };
        if let Some(wanted) = wanted {
            let rules = Rules {
                chain: self.chain,
                constrained,
                last: None,
            };
            let asked = Attributes::of(user, info.request());
            return match wanted.judge(user, &asked, rules, None) {
                Impersonated::As(granted) => Authorized::As(granted.user),
                Impersonated::Refused(refused) => {
                    let status = impersonation_refusal(&user.username, &refused);
                    Authorized::Refused(status.code, status.message)
                }
                Impersonated::Unknown(why) => Authorized::Unknown(why),
            };
        }
        if info.path != REVIEW_PATH || plain {
            let request = info.request();
            if let Some(status) = forbidden(self.chain, user, request) {
                return Authorized::Refused(status.code, status.message);
            }
        }
        Authorized::As(user.clone())
    }
}

enum Authorized {
    As(UserInfo),
    Refused(u16, String),
    Unknown(String),
}
