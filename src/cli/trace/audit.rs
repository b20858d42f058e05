//! `trace --audit-event`: events of the audit log, placed and held against the loaded policy.

use super::{is_yaml, why};
use crate::answer::audit_event::AuditEvent;
use crate::answer::pasted::{self, Origin};
use crate::answer::serve::{Answer, Options, Sender, Serving};
use crate::answer::trace::request_in_words;
use crate::cli::args::{Output, TraceArgs};
use crate::cli::server::Server;
use crate::cli::{Exit, input, print};
use crate::model::{Attributes, UserInfo};
use crate::render;
use crate::request::headers::Headers;
use crate::request::{HttpRequest, Target};
use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn run(
    server: &Server,
    serving: &Serving<'_, '_>,
    args: &TraceArgs,
    path: &Path,
) -> Result<Exit> {
    let events = read(path)?;
    let mut out = String::new();
    let mut exit = Exit::Yes;
    let several = events.len() > 1;
    for event in &events {
        let judged = judge(server, serving, event);
        exit = match (exit, judged.exit) {
            (Exit::Unknown, _) | (_, Exit::Unknown) => Exit::Unknown,
            (Exit::No, _) | (_, Exit::No) => Exit::No,
            _ => Exit::Yes,
        };
        match args.output {
            Output::Table => {
                if several && !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&judged.text);
            }
            Output::Json if several => out.push_str(&format!("{}\n", judged.json)),
            output => out.push_str(&match is_yaml(output) {
                true => format!("---\n{}", serde_yaml::to_string(&judged.json)?),
                false => format!("{:#}\n", judged.json),
            }),
        }
    }
    print(out)?;
    Ok(exit)
}

/// The events of a file: one object, a list of them, or a line each.
pub(in crate::cli) fn read(path: &Path) -> Result<Vec<AuditEvent>> {
    let (name, text) = input::read(path)?;
    let mut events = Vec::new();
    let documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    for document in documents {
        let mut document = document.map_err(|error| {
            let (line, column) = (error.line(), error.column().max(1));
            let problem = input::json_problem(&error);
            anyhow!("{name}:{line}:{column}: expected an audit event (JSON): {problem}")
        })?;
        let items = match document["kind"] == "EventList" {
            true => document["items"].as_array_mut().map(std::mem::take),
            false => None,
        };
        for item in items.unwrap_or_else(|| vec![document]) {
            let event: AuditEvent = serde_json::from_value(item)
                .map_err(|error| anyhow!("{name}: expected an audit event: {error}"))?;
            if event.kind != "Event" || event.request_uri.is_empty() {
                bail!("{name}: expected kind Event of audit.k8s.io with a requestURI");
            }
            events.push(event);
        }
    }
    if events.is_empty() {
        bail!("{name}: holds no audit event");
    }
    Ok(events)
}

/// What is said of an event.
struct Judged {
    text: String,
    json: Value,
    exit: Exit,
}

fn judge(server: &Server, serving: &Serving<'_, '_>, event: &AuditEvent) -> Judged {
    let origin = event.origin();
    let (stage, meaning) = render::trace::origin(&origin);
    let recorded = event.decision();
    let message = event.response_status.as_ref().map_or("", |s| &s.message);
    // Of a refused impersonation the message tells what was asked; of all else the event itself.
    let refused = matches!(origin, Origin::Impersonation { .. })
        .then(|| pasted::parse(message)?.asked)
        .flatten();
    let user = match &refused {
        Some(_) => &event.user,
        None => event.effective(),
    };
    let asked = refused.clone().unwrap_or_else(|| event.asked());
    let now = match refused {
        Some(_) => {
            let attributes = Attributes::of(&event.user, asked.request());
            let verdict = serving.chain.decide(&attributes);
            (verdict.allowed() || verdict.refused()).then(|| verdict.allowed())
        }
        None if user.username.is_empty() => None,
        None => decide(server, serving, event, user),
    };
    let recorded = match (&origin, recorded) {
        (Origin::Impersonation { .. }, None) => Some(false),
        (_, recorded) => recorded,
    };
    let agrees = recorded.zip(now).map(|(recorded, now)| recorded == now);
    let words = |decision: Option<bool>| match decision {
        Some(true) => "allow",
        Some(false) => "forbid",
        None => "none",
    };
    let why = now.and_then(|_| why(serving.chain, user, asked.request()));
    let mut json = json!({
        "auditID": event.audit_id,
        "stage": stage,
        "meaning": meaning,
        "code": event.code(),
        "user": event.user,
        "impersonatedUser": event.impersonated_user,
        "question": request_in_words(&asked.request()),
        "recorded": {"decision": words(recorded), "reason": event.reason()},
        "decision": words(now),
        "agrees": agrees,
    });
    let constraint = event.authentication_metadata.as_ref();
    if let Some(constraint) = constraint.and_then(|m| m.impersonation_constraint.as_ref()) {
        json["constraint"] = json!(constraint);
    }
    let mut text = format!(
        "{} {}: {}\n",
        event.method(),
        render::word(&event.request_uri),
        event.code()
    );
    let asker = render::impersonation::named(&event.user);
    let who = match &event.impersonated_user {
        Some(user) => format!("{asker} as {}", render::impersonation::named(user)),
        None => asker,
    };
    text.push_str(&format!(
        "  asked      {}\n",
        request_in_words(&asked.request())
    ));
    text.push_str(&format!("  by         {who}\n"));
    text.push_str(&format!("  decided at {stage}: {meaning}\n"));
    let held = match agrees {
        Some(true) => "the loaded policy says the same",
        Some(false) => "the loaded policy says the opposite",
        None => "nothing that the loaded policy could be held against",
    };
    text.push_str(&format!(
        "  decision   {} then, {} now: {held}\n",
        words(recorded),
        words(now)
    ));
    if let Some((explanation, value)) = why {
        json["explanation"] = value;
        if now == Some(false) {
            text.push('\n');
            text.push_str(&explanation);
        }
    }
    Judged {
        text,
        json,
        exit: match (now, recorded) {
            (Some(true), _) => Exit::Yes,
            (Some(false), _) => Exit::No,
            // Nothing was asked of the policy: the recorded answer stands.
            (None, None) if event.code() >= 400 => Exit::No,
            (None, None) => Exit::Yes,
            (None, Some(_)) => Exit::Unknown,
        },
    }
}

/// What the loaded policy says of the request itself; `None` where that cannot be told.
fn decide(
    server: &Server,
    serving: &Serving<'_, '_>,
    event: &AuditEvent,
    user: &UserInfo,
) -> Option<bool> {
    let headers = Headers::default();
    let method = event.method();
    let request = HttpRequest {
        method: &method,
        target: &event.request_uri,
        headers: &headers,
        body: b"",
    };
    let options = Options {
        now: server.now,
        last: None,
        keep_checks: false,
    };
    if let Some(target) = Target::parse(&event.request_uri) {
        let answer: Answer<'_> = serving.answer(Sender::User(user), &request, &target, options);
        let info = answer.info.as_ref();
        // The path tells version and selectors, too, unless the event says that it meant something else.
        if info.is_some_and(|info| event.is_asked_by(info)) {
            return match (&answer.verdict, answer.decision()) {
                (_, Some(decision)) => Some(decision),
                // An authorizer failed: that is no decision, but no yes either.
                (Some(verdict), None) if verdict.refused() => Some(false),
                _ => None,
            };
        }
    }
    let asked = event.asked();
    let verdict = serving.chain.decide(&Attributes::of(user, asked.request()));
    (verdict.allowed() || verdict.refused()).then(|| verdict.allowed())
}
