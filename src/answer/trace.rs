//! The stages of a request as data: what each saw and said.

use super::serve::{Answer, Component, Serving, Stage};
use crate::authn::Said;
use crate::authz::Said as Opinion;
use crate::impersonation::ask::Asked;
use crate::model::{Attributes, Quoted, Request, UserInfo};
use crate::request::{HttpRequest, RequestInfo};

/// One thing that a stage did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The stage.
    pub stage: Stage,
    /// What did it: an authenticator, a question of impersonation, an authorizer; or what it saw.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in the server's words where it has some.
    pub reason: String,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It let the request on.
    Passed,
    /// It is not configured.
    Off,
    /// It found nothing for it in the request.
    Nothing,
    /// It does not know the credential.
    NotKnown,
    /// It named the user.
    Named,
    /// The user was given, not authenticated.
    Given,
    /// It allows.
    Allow,
    /// It does not allow, or denies.
    Deny,
    /// It leaves it to the next.
    NoOpinion,
    /// It was not asked, or not reached.
    NotAsked,
    /// It refused the request.
    Refused,
    /// It cannot be told.
    Unknown,
}

impl Outcome {
    /// The word for it, in JSON and for people.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Off => "off",
            Outcome::Nothing => "nothing",
            Outcome::NotKnown => "not known",
            Outcome::Named => "named",
            Outcome::Given => "given",
            Outcome::Allow => "allow",
            Outcome::Deny => "deny",
            Outcome::NoOpinion => "no opinion",
            Outcome::NotAsked => "not asked",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
        }
    }
}

impl Stage {
    /// The name of a stage, in JSON and for people.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Http => "http",
            Stage::RequestInfo => "request",
            Stage::Deadline => "deadline",
            Stage::Authentication => "authentication",
            Stage::Impersonation => "impersonation",
            Stage::Authorization => "authorization",
            Stage::Handler => "handler",
        }
    }
}

/// What every stage did, in the order in which the request passed them. Stages behind the one that stopped
/// it are not there, but for a last one that says so.
pub fn steps(
    serving: &Serving<'_, '_>,
    request: &HttpRequest<'_>,
    answer: &Answer<'_>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |stage, name: String, outcome, reason: String| {
        steps.push(Step {
            stage,
            name,
            outcome,
            reason,
        });
    };
    let stopped = |stage| answer.stage == stage;
    // A request line may be as long as it likes; what is shown of it may not.
    let line = format!("{} {}", request.method, shortened(request.target));
    match answer.malformed {
        Some(why) => add(Stage::Http, line, Outcome::Refused, why.to_owned()),
        None => add(Stage::Http, line, Outcome::Passed, String::new()),
    }
    match &answer.info {
        Some(info) => add(
            Stage::RequestInfo,
            in_words(info),
            Outcome::Passed,
            String::new(),
        ),
        None if stopped(Stage::RequestInfo) => {
            let why = answer
                .unknown
                .clone()
                .unwrap_or_else(|| "the path ends where kind and name should follow".to_owned());
            let outcome = match answer.unknown {
                Some(_) => Outcome::Unknown,
                None => Outcome::Refused,
            };
            add(
                Stage::RequestInfo,
                "method and path".to_owned(),
                outcome,
                why,
            );
        }
        None => {}
    }
    if stopped(Stage::Deadline) {
        let why = message(answer);
        add(Stage::Deadline, "timeout".to_owned(), Outcome::Refused, why);
    }
    if let Some(authentication) = &answer.authentication {
        for step in &authentication.steps {
            let (outcome, reason) = match &step.said {
                Said::Off => (Outcome::Off, String::new()),
                Said::NothingForIt => (Outcome::Nothing, String::new()),
                Said::Unknown => (Outcome::NotKnown, String::new()),
                Said::Refused(error, details) => {
                    let mut words = vec![error.as_str()];
                    words.extend(details.iter().map(String::as_str));
                    words.retain(|word| !word.is_empty());
                    (Outcome::Refused, words.join("; "))
                }
                Said::Named => (Outcome::Named, String::new()),
                Said::CannotBeTold(why) => (Outcome::Unknown, why.clone()),
            };
            add(
                Stage::Authentication,
                step.authenticator.to_owned(),
                outcome,
                reason,
            );
        }
    } else if answer.user.is_some() {
        add(
            Stage::Authentication,
            "user".to_owned(),
            Outcome::Given,
            String::new(),
        );
    }
    for check in &answer.checks {
        let outcome = match check.allowed {
            Some(true) => Outcome::Allow,
            Some(false) => Outcome::Deny,
            None => Outcome::Unknown,
        };
        add(
            Stage::Impersonation,
            asked_in_words(&check.asked),
            outcome,
            check.reason.clone(),
        );
    }
    if stopped(Stage::Impersonation) && answer.checks.is_empty() {
        let name = "headers".to_owned();
        add(
            Stage::Impersonation,
            name,
            Outcome::Refused,
            message(answer),
        );
    }
    if answer.stage >= Stage::Authorization
        && let (Some(user), Some(info)) = (answer.effective(), &answer.info)
    {
        authorizers(serving, user, info, &mut steps);
    }
    let handler = |outcome, reason| Step {
        stage: Stage::Handler,
        name: match serving.component {
            Component::ApiServer => "admission and storage".to_owned(),
            Component::ControllerManager => "handler".to_owned(),
        },
        outcome,
        reason,
    };
    if answer.verdict.as_ref().is_some_and(|v| v.allowed()) && answer.stage != Stage::Handler {
        let why = "the handler asks for one verb more: create".to_owned();
        steps.push(handler(Outcome::Refused, why));
    } else if answer.stage == Stage::Handler {
        let outcome = match answer.code {
            Some(code) if code >= 400 => Outcome::Refused,
            _ => Outcome::Passed,
        };
        let reason = answer.unknown.clone().unwrap_or_else(|| message(answer));
        steps.push(handler(outcome, reason));
    } else {
        steps.push(handler(Outcome::NotAsked, String::new()));
    }
    steps
}

fn authorizers(
    serving: &Serving<'_, '_>,
    user: &UserInfo,
    info: &RequestInfo<'_>,
    steps: &mut Vec<Step>,
) {
    let (field, label) = (info.field_requirements(), info.label_requirements());
    let attributes = Attributes {
        version: &info.version,
        selectors: crate::model::Selectors {
            field: &field,
            label: &label,
        },
        ..Attributes::of(user, info.request())
    };
    if crate::authz::is_privileged(&user.groups) {
        steps.push(Step {
            stage: Stage::Authorization,
            name: "group system:masters".to_owned(),
            outcome: Outcome::Allow,
            reason: "allowed everything, before any authorizer is asked".to_owned(),
        });
    }
    let chain = serving.chain;
    for opined in chain.opinions(&attributes) {
        let member = chain.members().get(opined.member);
        let words: Vec<&str> = [&*opined.reason]
            .into_iter()
            .chain(opined.errors.iter().map(String::as_str))
            .filter(|text| !text.is_empty())
            .collect();
        steps.push(Step {
            stage: Stage::Authorization,
            name: member.map_or_else(String::new, ToString::to_string),
            outcome: match opined.said {
                Opinion::Allow => Outcome::Allow,
                Opinion::Deny => Outcome::Deny,
                Opinion::NoOpinion => Outcome::NoOpinion,
                Opinion::Unknown => Outcome::Unknown,
                Opinion::NotAsked => Outcome::NotAsked,
            },
            reason: words.join("; "),
        });
    }
}

/// The message of the answer, where it is a refusal.
pub fn message(answer: &Answer<'_>) -> String {
    match &answer.body {
        super::serve::Body::Content => String::new(),
        super::serve::Body::Status(status) => status.message.clone(),
        super::serve::Body::Text(text) => text.trim_end().to_owned(),
    }
}

/// What is asked, in a few words.
pub fn in_words(info: &RequestInfo<'_>) -> String {
    let mut text = request_in_words(&info.request());
    if info.is_resource {
        text.push_str(" (");
        if !info.group.is_empty() {
            text.push_str(&info.group);
            text.push('/');
        }
        text.push_str(&info.version);
        text.push(')');
    }
    text
}

fn asked_in_words(asked: &Asked) -> String {
    request_in_words(&asked.request())
}

/// A question in a few words: `get pods/log "web-0" in "team-a"`.
pub fn request_in_words(request: &Request<'_>) -> String {
    match request {
        Request::NonResource { verb, path } => format!("{} {}", plain(verb), plain(path)),
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } => {
            let mut text = format!("{} {}", plain(verb), plain(resource));
            if !group.is_empty() {
                text.push('.');
                text.push_str(&plain(group));
            }
            if !subresource.is_empty() {
                text.push('/');
                text.push_str(&plain(subresource));
            }
            if !name.is_empty() {
                text.push_str(&format!(" {}", Quoted(&shortened(name))));
            }
            if !namespace.is_empty() {
                text.push_str(&format!(" in {}", Quoted(&shortened(namespace))));
            }
            text
        }
    }
}

/// A word of the request, safe to print.
fn plain(text: &str) -> String {
    let text = shortened(text);
    let quoted = Quoted(&text).to_string();
    match !text.is_empty() && quoted.len() == text.len() + 2 && !text.contains(' ') {
        true => text,
        false => quoted,
    }
}

/// The beginning of a text, where it is long.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 300;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

/// The question whose refusal stopped a request, and who asked it: what an explanation is about.
pub fn refused_question<'a>(answer: &'a Answer<'_>) -> Option<(&'a UserInfo, Request<'a>)> {
    match answer.stage {
        Stage::Impersonation => {
            let refused = answer.refused.as_ref().filter(|refused| !refused.by_rule)?;
            Some((answer.user.as_deref()?, refused.asked.request()))
        }
        Stage::Authorization => {
            let info = answer.info.as_ref()?;
            let verdict = answer.verdict.as_ref()?;
            let request = match verdict.allowed() {
                true => info.request().with_verb("create"),
                false => info.request(),
            };
            Some((answer.effective()?, request))
        }
        _ => None,
    }
}
