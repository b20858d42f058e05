//! A request's way through the server, as a picture for people and as JSON.

use super::explain::Style;
use super::impersonation::{by, named};
use super::word;
use crate::answer::pasted::Origin;
use crate::answer::serve::{Answer, Body, Stage};
use crate::answer::trace::{Outcome, Step};
use serde_json::{Value, json};

/// What stands before a stage.
fn mark(stage: Stage, answer: &Answer<'_>, style: &dyn Style) -> String {
    let stopped = answer.stage == stage;
    match (
        answer.stage.cmp(&stage),
        stopped && answer.unknown.is_some(),
    ) {
        (std::cmp::Ordering::Less, _) => "·".to_owned(),
        (_, true) if answer.code.is_none() && stage != Stage::Handler => "?".to_owned(),
        (std::cmp::Ordering::Equal, _) if !answer.succeeds() => style.bad("✗"),
        _ => style.good("✓"),
    }
}

/// The picture: a line for each stage, below it what took part, and the answer.
pub fn picture(steps: &[Step], answer: &Answer<'_>, style: &dyn Style) -> String {
    let mut out = String::new();
    let stages = [
        Stage::Http,
        Stage::RequestInfo,
        Stage::Deadline,
        Stage::Authentication,
        Stage::Impersonation,
        Stage::Authorization,
        Stage::Handler,
    ];
    for stage in stages {
        let of_stage: Vec<&Step> = steps.iter().filter(|step| step.stage == stage).collect();
        // What nobody asked for is not drawn.
        let silent = match stage {
            Stage::Deadline => of_stage.is_empty(),
            Stage::Impersonation => {
                of_stage.is_empty() && answer.wanted.is_none() && answer.stage >= stage
            }
            _ => false,
        };
        if silent {
            continue;
        }
        let here = answer.stage == stage && !answer.succeeds();
        let name = format!("{:<15}", stage.name());
        let name = if here { style.heading(&name) } else { name };
        let summary = summary(stage, &of_stage, answer);
        let line = format!("{} {name} {summary}", mark(stage, answer, style));
        out.push_str(line.trim_end());
        out.push('\n');
        let below: Vec<&&Step> = of_stage.iter().filter(|step| shown(step, here)).collect();
        let width = below.iter().map(|step| step.name.chars().count()).max();
        let width = width.unwrap_or_default().min(60);
        for step in below {
            let reason = one_line(&step.reason);
            let line = format!(
                "│                 {:<width$}  {:<10}  {reason}",
                step.name,
                step.outcome.word()
            );
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out.push('\n');
    out.push_str(&verdict(answer, style));
    out
}

/// Which steps are worth a line of their own.
fn shown(step: &Step, here: bool) -> bool {
    match step.stage {
        Stage::Authentication => {
            here || !matches!(
                step.outcome,
                Outcome::Off | Outcome::Nothing | Outcome::Given
            )
        }
        Stage::Impersonation | Stage::Authorization => true,
        _ => false,
    }
}

fn summary(stage: Stage, steps: &[&Step], answer: &Answer<'_>) -> String {
    if answer.stage < stage {
        return "not reached".to_owned();
    }
    let first = steps.first();
    let with_reason = |step: &&&Step| match step.reason.is_empty() {
        true => step.name.clone(),
        false => format!("{}: {}", step.name, one_line(&step.reason)),
    };
    match stage {
        Stage::Http | Stage::RequestInfo | Stage::Deadline => {
            first.as_ref().map(with_reason).unwrap_or_default()
        }
        Stage::Authentication => match (&answer.user, &answer.unknown) {
            (Some(user), _) => named(user),
            (None, Some(why)) if answer.stage == stage => one_line(why),
            _ => "nobody: 401".to_owned(),
        },
        Stage::Impersonation => match (&answer.granted, &answer.wanted) {
            (Some(granted), _) => format!("as {}, by {}", named(&granted.user), by(granted.mode)),
            (None, Some(wanted)) => format!("as {}: refused", word(&wanted.user)),
            (None, None) => "groups, uid or extra without a user".to_owned(),
        },
        Stage::Authorization => match &answer.verdict {
            Some(verdict) if verdict.allowed() && answer.stage == stage => {
                "allowed, but create is asked for, too".to_owned()
            }
            Some(verdict) if verdict.allowed() => "allowed".to_owned(),
            Some(verdict) if verdict.refused() => "refused".to_owned(),
            _ => answer.unknown.as_deref().map(one_line).unwrap_or_default(),
        },
        Stage::Handler => match (answer.code, &answer.unknown) {
            (_, Some(why)) => format!("reached; {}", one_line(why)),
            (Some(code), None) if code >= 400 => "reached, and refused there".to_owned(),
            _ => "reached".to_owned(),
        },
    }
}

/// The code and the words of the answer.
fn verdict(answer: &Answer<'_>, style: &dyn Style) -> String {
    let mut out = match answer.code {
        Some(code) => {
            let line = format!("HTTP {code} {}", reason_phrase(code));
            let line = line.trim_end();
            match code < 400 {
                true => style.good(line),
                false => style.bad(line),
            }
        }
        None if answer.passed() => "passes every filter; the code cannot be told".to_owned(),
        None => "unknown".to_owned(),
    };
    out.push('\n');
    match &answer.body {
        Body::Content => {}
        Body::Status(status) => {
            for line in status.message.lines() {
                out.push_str("  ");
                out.push_str(&one_line(line));
                out.push('\n');
            }
        }
        Body::Text(text) => {
            for line in text.lines() {
                out.push_str("  ");
                out.push_str(&one_line(line));
                out.push('\n');
            }
        }
    }
    if answer.unknown.is_some() && !answer.passed() {
        let why = answer.unknown.as_deref().unwrap_or_default();
        out.push_str(&format!("  {}\n", one_line(why)));
    }
    out
}

fn reason_phrase(code: u16) -> &'static str {
    match code {
        200 => "OK",
        201 => "Created",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        415 => "Unsupported Media Type",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        _ => "",
    }
}

/// Words of others, without what would move the cursor; of several lines, all in one.
fn one_line(text: &str) -> String {
    let text = text.trim_end().replace('\n', "; ");
    match text.chars().any(char::is_control) {
        true => word(&text),
        false => text,
    }
}

/// The steps as JSON.
pub fn steps_json(steps: &[Step]) -> Value {
    let step = |step: &Step| {
        json!({
            "stage": step.stage.name(),
            "name": step.name,
            "outcome": step.outcome.word(),
            "reason": step.reason,
        })
    };
    steps.iter().map(step).collect()
}

/// Where an error comes from, in words, and what follows from that.
pub fn origin(origin: &Origin) -> (&'static str, String) {
    match origin {
        Origin::Authentication => (
            "authentication",
            "no authenticator took the credential, or none was sent and anonymous requests are not let in"
                .to_owned(),
        ),
        Origin::Impersonation { mode, on_request } => (
            "impersonation",
            match (mode, on_request) {
                (Some(mode), true) => format!(
                    "to impersonate by {} takes two rights: impersonate-on:{}:VERB on what is requested, and {mode} on who is impersonated; the verb impersonate alone does, too, for every request",
                    by(*mode),
                    mode.name().unwrap_or_default()
                ),
                (Some(mode), false) => {
                    format!("the asker may not impersonate by {}", by(*mode))
                }
                (None, _) => "the asker may not impersonate".to_owned(),
            },
        ),
        Origin::Authorization => ("authorization", "no authorizer allows it".to_owned()),
        Origin::Escalation => (
            "escalation",
            "authorization let the request through; who writes a role must hold all that it grants, or have the verb escalate (bind, of a binding)"
                .to_owned(),
        ),
        Origin::Admission => (
            "admission",
            "authorization let the request through; an admission plugin, webhook or quota refused the object"
                .to_owned(),
        ),
        Origin::RequestInfo => ("request", "the path could not be resolved".to_owned()),
        Origin::Handler => (
            "handler",
            "every filter let the request through; what serves the path answered".to_owned(),
        ),
        Origin::Failure => (
            "failure",
            "a part of the server failed; of authorization: an authorizer had an error and none allowed the request"
                .to_owned(),
        ),
    }
}
