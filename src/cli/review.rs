//! `review`: a stream of SubjectAccessReviews in, the same with `status` out.

use super::args::{Common, ReviewArgs};
use super::{Exit, input, load_cluster, print};
use crate::answer::access_review::{AccessReview, DecodeError, ReviewKind};
use crate::answer::status::Status;
use crate::authz::Chain;
use crate::load::tree::{Kind, Tree, Value};
use crate::load::{ParseError, Sink, yaml};
use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub(super) fn run(common: &Common, args: &ReviewArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let chain = Chain::new(&cluster);
    let (name, text) = input::read(&args.file)?;
    // Nothing is printed before everything has been read.
    let mut out = Vec::with_capacity(text.len() + text.len() / 2);
    let mut reviewer = Reviewer {
        chain: &chain,
        reason: String::new(),
    };
    if is_json_lines(&text) {
        for (number, line) in (1..).zip(text.lines()) {
            if !line.trim().is_empty() {
                reviewer
                    .answer(line, &mut out)
                    .map_err(|e| malformed(&name, number, &e))?;
            }
        }
    } else if text.trim_start().starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
        while let Some(value) = values.next() {
            let value = value.map_err(|e| malformed(&name, 1, &e))?;
            let end = values.byte_offset();
            let line = 1 + text[..end - value.get().len()].matches('\n').count();
            reviewer
                .answer(value.get(), &mut out)
                .map_err(|e| malformed(&name, line, &e))?;
        }
    } else {
        let mut documents = Documents::default();
        yaml::parse(&text, &mut documents)
            .map_err(|e| anyhow!("{name}:{}:{}: {}", e.line, e.column, e.message))?;
        for (line, document) in documents.reviews {
            reviewer
                .answer(&document.to_string(), &mut out)
                .map_err(|e| malformed(&name, line as usize, &e))?;
        }
    }
    print(&out)?;
    Ok(Exit::Yes)
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
    anyhow!("{name}:{line}:{column}: expected a SubjectAccessReview: {}", input::json_problem(error))
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

/// The parts of a review that are given back as they came.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Echo<'a> {
    #[serde(borrow)]
    api_version: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    spec: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<AccessStatus<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Status>,
}

/// `SubjectAccessReviewStatus`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessStatus<'a> {
    allowed: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    evaluation_error: String,
}

struct Reviewer<'a, 'c> {
    chain: &'a Chain<'c>,
    reason: String,
}

impl Reviewer<'_, '_> {
    /// Answers one review; an error is JSON that cannot be read.
    fn answer(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        // A list could pass for an object, its items for the fields.
        if !text.trim_start().starts_with('{') {
            serde_json::from_str::<serde::de::IgnoredAny>(text)?;
            return Err(<serde_json::Error as serde::de::Error>::custom("expected a JSON object"));
        }
        // Repeated keys are fine for the server, but not for the plain echo.
        let echo = match serde_json::from_str::<Echo<'_>>(text) {
            Ok(echo) => echo,
            Err(error) if error.is_data() => {
                let value: serde_json::Value = serde_json::from_str(text)?;
                if !value.is_object() {
                    return Err(error);
                }
                let text = value.to_string();
                return match serde_json::from_str::<Echo<'_>>(&text) {
                    Ok(echo) => self.write(&text, echo, out),
                    Err(error) => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        self.write(text, echo, out)
    }

    fn write(
        &mut self,
        text: &str,
        echo: Echo<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let judged = match AccessReview::from_json(text) {
            Ok(review) => self.judge(&review),
            Err(DecodeError::Type(status)) => Err(status),
            Err(DecodeError::Syntax(error)) => return Err(error),
        };
        let (status, error) = match &judged {
            Ok((allowed, evaluation_error)) => {
                let status = AccessStatus {
                    allowed: *allowed,
                    reason: &self.reason,
                    evaluation_error: evaluation_error.clone(),
                };
                (Some(status), None)
            }
            Err(status) => (None, Some(&**status)),
        };
        let answered = Answered {
            api_version: echo.api_version,
            kind: echo.kind,
            metadata: echo.metadata,
            spec: echo.spec,
            status,
            error,
        };
        serde_json::to_writer(&mut *out, &answered)?;
        out.push(b'\n');
        Ok(())
    }

    /// Allowed or not and the `evaluationError`; the reason is left in the buffer.
    fn judge(&mut self, review: &AccessReview<'_>) -> Result<(bool, String), Box<Status>> {
        self.reason.clear();
        let kind = match review.review_kind() {
            Some(kind @ (ReviewKind::Subject | ReviewKind::LocalSubject)) => kind,
            _ => {
                return Err(Box::new(Status::bad_request(format!(
                    "{} {:?} is not answered here: expected a SubjectAccessReview or LocalSubjectAccessReview of authorization.k8s.io/v1",
                    review.api_version, review.kind
                ))));
            }
        };
        review.validate(kind)?;
        let spec = &review.spec;
        let Some(attributes) = spec.attributes() else {
            return Ok((false, String::new()));
        };
        let verdict = self.chain.decide(&attributes);
        self.chain.write_reason(&attributes, verdict, &mut self.reason);
        let mut error = self.chain.unknown(verdict).to_owned();
        if let Some(selectors) = spec.evaluation_error() {
            if !error.is_empty() {
                error.push_str("; ");
            }
            error.push_str(&selectors);
        }
        Ok((verdict.allowed(), error))
    }
}
