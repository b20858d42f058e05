//! `review`: a stream of SubjectAccessReviews in, the same with `status` out.

mod answers;
mod echo;

use super::args::{Common, ReviewArgs};
use super::server::Server;
use super::{Exit, input, load_cluster, print_with};
use crate::answer::access_review::{AccessReview, DecodeError, Direct, ReviewKind};
use crate::answer::status::Status;
use crate::answer::token_review::{TokenReviewSpec, token_review};
use crate::authn::aggregate;
use crate::authz::Chain;
use crate::load::tree::{Kind, Tree, Value};
use crate::load::{ParseError, Sink, yaml};
use crate::model::Cluster;
use answers::Answers;
use anyhow::{Result, anyhow};
use echo::{ECHOED, Echo, Echoed, echoed};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

pub(super) fn run(common: &Common, args: &ReviewArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let server = Server::load(&common.server)?;
    let chain = server.chain(&cluster)?;
    let (name, text) = input::read(&args.file)?;
    // Nothing is printed before everything has been read.
    let mut out = Answers::default();
    let mut reviewer = Reviewer {
        chain: &chain,
        cluster: &cluster,
        server: &server,
        reason: String::new(),
    };
    if is_json_lines(&text) {
        for (number, line) in (1..).zip(lines(&text)) {
            if !line.trim().is_empty() {
                reviewer
                    .answer_line(line, &mut out)
                    .map_err(|e| malformed(&name, number, &e))?;
            }
        }
    } else if text.trim_start().starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
        while let Some(value) = values.next() {
            let value = value.map_err(|e| malformed(&name, 1, &e))?;
            let end = values.byte_offset();
            reviewer
                .answer(&one_line(value.get()), &mut out.written)
                .map_err(|e| {
                    let before = &text[..end - value.get().len()];
                    malformed(&name, 1 + before.matches('\n').count(), &e)
                })?;
        }
    } else {
        let mut documents = Documents::default();
        yaml::parse(&text, &mut documents)
            .map_err(|e| anyhow!("{name}:{}:{}: {}", e.line, e.column, e.message))?;
        for (line, document) in documents.reviews {
            reviewer
                .answer(&document.to_string(), &mut out.written)
                .map_err(|e| malformed(&name, line as usize, &e))?;
        }
    }
    print_with(|to| out.print(to))?;
    Ok(Exit::Yes)
}

/// The lines of a text, as [`str::lines`] gives them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes())
        .chain((!text.ends_with('\n')).then_some(text.len()));
    let mut start = 0;
    ends.map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line.strip_suffix('\r').unwrap_or(line)
    })
}

/// JSON without the white space between its tokens, if it is more than one line: parts of it are given
/// back as they are, in one line.
fn one_line(json: &str) -> Cow<'_, str> {
    if !json.contains(['\n', '\r']) {
        return Cow::Borrowed(json);
    }
    let (mut string, mut escaped) = (false, false);
    let kept = json.chars().filter(|&c| {
        if c == '"' && !escaped {
            string = !string;
        }
        escaped = string && c == '\\' && !escaped;
        string || !matches!(c, ' ' | '\t' | '\n' | '\r')
    });
    Cow::Owned(kept.collect())
}

/// Whether the first line is a whole JSON value.
fn is_json_lines(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| {
        line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
    })
}

fn malformed(name: &str, line: usize, error: &serde_json::Error) -> anyhow::Error {
    let line = line + error.line().saturating_sub(1);
    let column = error.column().max(1);
    anyhow!(
        "{name}:{line}:{column}: expected a SubjectAccessReview: {}",
        input::json_problem(error)
    )
}

/// The reviews of a YAML text, each with its line.
#[derive(Default)]
struct Documents {
    reviews: Vec<(u32, serde_json::Value)>,
    /// The items of the document that is being read: reviews, if it turns out to be a list.
    items: Vec<Result<(u32, serde_json::Value), ParseError>>,
}

fn review_value(root: Value<'_>) -> Result<(u32, serde_json::Value), ParseError> {
    let fail = |message| ParseError::new(root.line(), root.column(), message);
    if root.kind() != Kind::Mapping {
        return Err(fail("expected a SubjectAccessReview (a mapping)"));
    }
    let value = root
        .to_json()
        .ok_or_else(|| fail("is nested too deep for a review"))?;
    Ok((root.line(), value))
}

impl Sink for Documents {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        self.items.extend(item.root().map(review_value));
        Ok(())
    }

    fn discard_items(&mut self) {
        self.items.clear();
    }

    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), ParseError> {
        let Some(root) = document.root() else {
            return Ok(());
        };
        let entries = std::mem::take(&mut self.items);
        let kind = root.get("kind").and_then(Value::as_str);
        if items.is_some() && kind.is_some_and(|kind| kind.ends_with("List")) {
            for entry in entries {
                self.reviews.push(entry?);
            }
        } else {
            self.reviews.push(review_value(root)?);
        }
        Ok(())
    }
}

/// `SubjectAccessReviewStatus`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessStatus<'a> {
    allowed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    denied: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    evaluation_error: String,
}

/// What is answered beside the reason.
#[derive(Default)]
struct Answer {
    allowed: bool,
    denied: bool,
    evaluation_error: String,
}

/// An answer, or why there is none.
type Judged = Result<Answer, Box<Status>>;

fn write_echo(echoed: Echoed<'_>, out: &mut Vec<u8>) {
    for (name, value) in ECHOED.into_iter().zip(echoed) {
        if let Some(value) = value {
            for part in ["\"", name, "\":", value, ","] {
                out.extend_from_slice(part.as_bytes());
            }
        }
    }
}

struct Reviewer<'a, 'c> {
    chain: &'a Chain<'c>,
    cluster: &'a Cluster,
    server: &'a Server,
    reason: String,
}

impl Reviewer<'_, '_> {
    /// A TokenReview with its status. The token is not given back: an answer may be kept or shown.
    fn token_review(&self, mut review: serde_json::Value) -> serde_json::Value {
        let answer = if review["apiVersion"] == "authentication.k8s.io/v1" {
            TokenReviewSpec::of(&review)
        } else {
            Err(Box::new(Status::bad_request(format!(
                "TokenReview of {} is not answered here: expected authentication.k8s.io/v1",
                review["apiVersion"]
            ))))
        };
        if let Some(spec) = review.get_mut("spec").and_then(|spec| spec.as_object_mut()) {
            spec.remove("token");
        }
        let (field, value) = match answer {
            Ok(spec) => {
                let server = self.server;
                let status = token_review(
                    spec.token.expose(),
                    &spec.audiences,
                    &server.authenticators,
                    self.cluster,
                    server.now,
                );
                ("status", serde_json::json!(status))
            }
            Err(status) => ("error", serde_json::json!(status)),
        };
        if let Some(fields) = review.as_object_mut() {
            fields.remove("status");
            fields.insert(field.to_owned(), value);
        }
        review
    }

    /// [`Reviewer::answer`], for a text that lives on.
    fn answer_line<'t>(
        &mut self,
        line: &'t str,
        out: &mut Answers<'t>,
    ) -> Result<(), serde_json::Error> {
        match Direct::read(line) {
            // The answer begins with all of the review but its last brace.
            Some(direct) if direct.whole && direct.review.kind != "TokenReview" => {
                out.keep(&line.as_bytes()[..line.len() - 1]);
                out.written.push(b',');
                let judged = self.judge(&direct.review);
                self.write(judged, &mut out.written)
            }
            _ => self.answer(line, &mut out.written),
        }
    }

    /// Answers one review; an error is JSON that cannot be read.
    fn answer(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        if text.contains("TokenReview")
            && let Ok(review) = serde_json::from_str::<serde_json::Value>(text)
            && review["kind"] == "TokenReview"
        {
            let answered = self.token_review(review);
            serde_json::to_writer(&mut *out, &answered)?;
            out.push(b'\n');
            return Ok(());
        }
        if let Some(Direct { review, echoed, .. }) = Direct::read(text) {
            return self.write_review(Ok(review), echoed, out);
        }
        // A list could pass for an object, its items for the fields.
        if !text.trim_start().starts_with('{') {
            serde_json::from_str::<serde::de::IgnoredAny>(text)?;
            return Err(<serde_json::Error as serde::de::Error>::custom(
                "expected a JSON object",
            ));
        }
        let review = AccessReview::from_json(text);
        if !matches!(review, Err(DecodeError::Syntax(_)))
            && let Some(echoed) = echoed(text)
        {
            return self.write_review(review, echoed, out);
        }
        // Repeated keys are fine for the server, but not for the plain echo.
        match serde_json::from_str::<Echo<'_>>(text) {
            Ok(echo) => self.write_review(review, echo.texts(), out),
            Err(error) if error.is_data() => {
                let value: serde_json::Value = serde_json::from_str(text)?;
                if !value.is_object() {
                    return Err(error);
                }
                let text = value.to_string();
                let echo = serde_json::from_str::<Echo<'_>>(&text)?;
                self.write_review(AccessReview::from_json(&text), echo.texts(), out)
            }
            Err(error) => Err(error),
        }
    }

    fn write_review(
        &mut self,
        review: Result<AccessReview<'_>, DecodeError>,
        echoed: Echoed<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let judged = match review {
            Ok(review) => self.judge(&review),
            Err(DecodeError::Type(status)) => Err(status),
            Err(DecodeError::Syntax(error)) => return Err(error),
        };
        out.push(b'{');
        write_echo(echoed, out);
        self.write(judged, out)
    }

    /// Writes the rest of an answer, after what is given back.
    fn write(&self, judged: Judged, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        match judged {
            Ok(answer) => {
                out.extend_from_slice(b"\"status\":");
                let status = AccessStatus {
                    allowed: answer.allowed,
                    denied: answer.denied,
                    reason: &self.reason,
                    evaluation_error: answer.evaluation_error,
                };
                serde_json::to_writer(&mut *out, &status)?;
            }
            Err(status) => {
                out.extend_from_slice(b"\"error\":");
                serde_json::to_writer(&mut *out, &*status)?;
            }
        }
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    /// Allowed or not and the `evaluationError`; the reason is left in the buffer.
    fn judge(&mut self, review: &AccessReview<'_>) -> Judged {
        self.reason.clear();
        let kind = match review.review_kind() {
            Some(kind @ (ReviewKind::Subject | ReviewKind::LocalSubject)) => kind,
            _ => {
                return Err(Box::new(Status::bad_request(format!(
                    "{} {:?} is not answered here: expected a SubjectAccessReview or LocalSubjectAccessReview of authorization.k8s.io/v1, or a TokenReview of authentication.k8s.io/v1",
                    review.api_version, review.kind
                ))));
            }
        };
        review.validate(kind)?;
        let spec = &review.spec;
        let selectors = spec.selectors();
        let Some(attributes) = spec.attributes(&selectors) else {
            return Ok(Answer::default());
        };
        let verdict = self.chain.decide(&attributes);
        self.chain
            .write_reason(&attributes, &verdict, &mut self.reason);
        let mut error = String::new();
        self.chain.write_unknown(&verdict, &mut error);
        let errors: Vec<String> = verdict.errors().cloned().collect();
        if let Some(said) = aggregate(&errors) {
            error.push_str(&said);
        }
        if let Some(selectors) = spec.evaluation_error() {
            if !error.is_empty() {
                error.push_str("; ");
            }
            error.push_str(&selectors);
        }
        Ok(Answer {
            allowed: verdict.allowed(),
            denied: verdict.denied(),
            evaluation_error: error,
        })
    }
}
