//! A whole request on its way through the server's filters: HTTP, request info, deadline, authentication,
//! impersonation, authorization, and what the handler behind them answers as far as that can be told
//! (`DefaultBuildHandlerChain` of kubernetes/apiserver).

pub mod encoding;
mod handler;

use super::forbidden::refusal;
use super::status::Status;
use crate::authn::{self, Authentication, Authenticators, aggregate};
use crate::authz::{Chain, Verdict};
use crate::impersonation::ask::{Check, Refusal};
use crate::impersonation::{self, Granted, Impersonation, Mode, Outcome, Rules};
use crate::model::{Attributes, Quoted, Request, Selectors, UserInfo};
use crate::pki::Certificate;
use crate::request::{HttpRequest, Malformed, RequestInfo, Target, duration, query};
use jiff::Timestamp;
use std::borrow::Cow;

/// Which component is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// kube-apiserver.
    ApiServer,
    /// kube-controller-manager, which knows no API and nothing of impersonation.
    ControllerManager,
}

/// The feature gates that say how a request passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// `ConstrainedImpersonation` (KEP-5284).
    pub constrained_impersonation: bool,
    /// `AuthorizePodWebsocketUpgradeCreatePermission`: `get` alone opens no shell.
    pub pod_create_permission: bool,
}

impl Default for Gates {
    /// As in 1.36.
    fn default() -> Self {
        Gates {
            constrained_impersonation: true,
            pod_create_permission: true,
        }
    }
}

/// A server, as far as requests pass through it.
#[derive(Clone, Copy, Debug)]
pub struct Serving<'a, 'c> {
    /// What it is.
    pub component: Component,
    /// Its authenticators.
    pub authenticators: &'a Authenticators,
    /// Its authorizers, over what it stores.
    pub chain: &'a Chain<'c>,
    /// Its feature gates.
    pub gates: Gates,
}

/// Who sends a request.
#[derive(Clone, Copy, Debug)]
pub enum Sender<'r> {
    /// A user who was authenticated.
    User(&'r UserInfo),
    /// Whoever the credentials of the request say: these certificates, and its headers.
    Credentials(&'r [Certificate]),
}

/// Where a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The HTTP layer.
    Http,
    /// The resolver of method and path.
    RequestInfo,
    /// The time limit that the request asks for.
    Deadline,
    /// Authentication.
    Authentication,
    /// Impersonation.
    Impersonation,
    /// Authorization.
    Authorization,
    /// What serves the path, after all filters: admission begins here.
    Handler,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What the handler writes: no Status.
    Content,
    /// A Status.
    Status(Box<Status>),
    /// Plain text.
    Text(String),
}

/// What the server answers, and how it came to it.
#[derive(Clone, Debug)]
pub struct Answer<'r> {
    /// Where the request ended.
    pub stage: Stage,
    /// The HTTP status code; `None` where it cannot be told.
    pub code: Option<u16>,
    /// The body.
    pub body: Body,
    /// Why code or body cannot be told.
    pub unknown: Option<String>,
    /// What is asked, where the path could be resolved.
    pub info: Option<RequestInfo<'r>>,
    /// What the authenticators said; `None` where the user was given.
    pub authentication: Option<Authentication>,
    /// The user who asks.
    pub user: Option<Cow<'r, UserInfo>>,
    /// Whom the user asked to impersonate.
    pub wanted: Option<Impersonation>,
    /// As whom the request is judged, where it is another.
    pub granted: Option<Granted>,
    /// Why the impersonation is refused.
    pub refused: Option<Box<Refusal>>,
    /// The questions of impersonation, where they were to be kept.
    pub checks: Vec<Check>,
    /// What the authorizers said of the request itself.
    pub verdict: Option<Verdict>,
    /// Their reason, as the audit log has it.
    pub reason: String,
    /// What the HTTP layer objects to, for people.
    pub malformed: Option<&'static str>,
}

/// How a request is answered.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The instant.
    pub now: Timestamp,
    /// The mode in which the asker last impersonated, as the server remembers it.
    pub last: Option<Mode>,
    /// Keep the questions of impersonation.
    pub keep_checks: bool,
}

impl<'r> Answer<'r> {
    fn at(stage: Stage) -> Self {
        Answer {
            stage,
            code: None,
            body: Body::Content,
            unknown: None,
            info: None,
            authentication: None,
            user: None,
            wanted: None,
            granted: None,
            refused: None,
            checks: Vec::new(),
            verdict: None,
            reason: String::new(),
            malformed: None,
        }
    }

    /// The answer of the HTTP layer to a request that it does not let through.
    pub fn malformed(malformed: Malformed) -> Self {
        Answer {
            code: Some(malformed.code),
            body: Body::Text(malformed.text.to_owned()),
            malformed: Some(malformed.why),
            ..Answer::at(Stage::Http)
        }
    }

    /// The user that authorization is about.
    pub fn effective(&self) -> Option<&UserInfo> {
        match &self.granted {
            Some(granted) => Some(&granted.user),
            None => self.user.as_deref(),
        }
    }

    /// What the audit log says of the authorization: allowed, or not; `None` where nothing was decided.
    pub fn decision(&self) -> Option<bool> {
        let verdict = self.verdict.as_ref()?;
        match verdict.allowed() {
            true => Some(true),
            false => (verdict.refused() && verdict.errors().next().is_none()).then_some(false),
        }
    }

    /// Whether it is a review of the asker's own identity, and granted.
    pub fn is_self_subject_review(&self) -> bool {
        let info = self.info.as_ref().filter(|_| self.code == Some(201));
        info.is_some_and(|info| is_self_subject_review(&info.request()))
    }

    /// Whether it passed every filter: the exit status of `trace`.
    pub fn passed(&self) -> bool {
        self.stage == Stage::Handler
    }

    /// Whether it passed every filter and nothing behind them objects: the request does what it asks, as far
    /// as can be told. That an object is not there is no objection.
    pub fn succeeds(&self) -> bool {
        self.passed() && self.code.is_none_or(|code| code < 400 || code == 404)
    }

    fn ends(mut self, stage: Stage, code: u16, body: Body) -> Self {
        self.stage = stage;
        self.code = Some(code);
        self.body = body;
        self
    }

    fn status(self, stage: Stage, status: Status) -> Self {
        let code = status.code;
        self.ends(stage, code, Body::Status(Box::new(status)))
    }

    fn unknown(mut self, stage: Stage, why: String) -> Self {
        self.stage = stage;
        self.unknown = Some(why);
        self
    }
}

/// The plain text of an internal error (`responsewriters.InternalError`).
fn internal_error(uri: &str, error: &str) -> Body {
    let text = format!("Internal Server Error: {}: {error}", Quoted(uri));
    let mut text = super::forbidden::sanitized(&text).into_owned();
    text.push('\n');
    Body::Text(text)
}

impl<'c> Serving<'_, 'c> {
    /// Answers a request whose head the HTTP layer took. The target is that of the head.
    pub fn answer<'r>(
        &self,
        sender: Sender<'r>,
        request: &HttpRequest<'r>,
        target: &'r Target<'r>,
        options: Options,
    ) -> Answer<'r> {
        let mut answer = Answer::at(Stage::RequestInfo);
        let info = match self.component {
            Component::ApiServer => RequestInfo::new(request.method, target),
            Component::ControllerManager => Ok(RequestInfo::non_resource(request.method, target)),
        };
        let Ok(info) = info else {
            let error = format!(
                "failed to create RequestInfo: unable to determine kind and namespace from url, {target}"
            );
            let body = internal_error(target.uri, &error);
            return answer.ends(Stage::RequestInfo, 500, body);
        };
        if let Some(why) = deadline_error(self.component, &info, target) {
            answer.info = Some(info);
            return answer.status(Stage::Deadline, Status::bad_request(why));
        }
        if let Err(stopped) = self.authenticate(&mut answer, sender, request, &info, options.now) {
            let (code, unknown) = stopped;
            answer.info = Some(info);
            if let Some(why) = unknown {
                return answer.unknown(Stage::Authentication, why);
            }
            let status = Status::failure(code, "Unauthorized", "Unauthorized".to_owned());
            return answer.status(Stage::Authentication, status);
        }
        if target.lossy {
            let why =
                "the decoded path holds bytes that are no UTF-8, which are not carried through";
            return answer.unknown(Stage::RequestInfo, why.to_owned());
        }
        let field = info.field_requirements();
        let label = info.label_requirements();
        let asked = Asked {
            request: info.request(),
            version: &info.version,
            selectors: Selectors {
                field: &field,
                label: &label,
            },
        };
        if self.component == Component::ApiServer
            && let Some(stopped) = self.impersonate(&mut answer, request, &asked, options)
        {
            answer.info = Some(info);
            return match stopped {
                Stopped::Status(status) => answer.status(Stage::Impersonation, *status),
                Stopped::Unknown(why) => answer.unknown(Stage::Impersonation, why),
            };
        }
        let mut answer = self.authorize(answer, &asked, target);
        if answer.stage == Stage::Handler {
            answer = handler::handle(self, answer, request, target, &info, &asked);
        }
        drop((field, label));
        answer.info = Some(info);
        answer
    }

    /// Finds out who asks; else the code, or why that cannot be told.
    fn authenticate<'r>(
        &self,
        answer: &mut Answer<'r>,
        sender: Sender<'r>,
        request: &HttpRequest<'r>,
        info: &RequestInfo<'_>,
        now: Timestamp,
    ) -> Result<(), (u16, Option<String>)> {
        let certificates = match sender {
            Sender::User(user) => {
                answer.user = Some(Cow::Borrowed(user));
                return Ok(());
            }
            Sender::Credentials(certificates) => certificates,
        };
        let asked = authn::Request {
            certificates,
            headers: request.headers,
            path: &info.path,
            audiences: None,
        };
        let cluster = self.chain.cluster();
        let authentication = self.authenticators.authenticate(&asked, cluster, now);
        let ended = match &authentication.outcome {
            authn::Outcome::User(user) => {
                answer.user = Some(Cow::Owned(user.user.clone()));
                Ok(())
            }
            authn::Outcome::Unauthorized(_) => Err((401, None)),
            authn::Outcome::Unverified { missing, .. } => Err((0, Some(missing.join("; ")))),
        };
        answer.authentication = Some(authentication);
        ended
    }

    /// Impersonates; what stops the request, if something does.
    fn impersonate(
        &self,
        answer: &mut Answer<'_>,
        request: &HttpRequest<'_>,
        asked: &Asked<'_>,
        options: Options,
    ) -> Option<Stopped> {
        let constrained = self.gates.constrained_impersonation;
        let wanted = match impersonation::headers::impersonation(request.headers, constrained) {
            Ok(wanted) => wanted?,
            Err(message) => return Some(Stopped::Status(Box::new(Status::bad_request(message)))),
        };
        let rules = Rules {
            chain: self.chain,
            constrained,
            last: options.last,
        };
        let log = options.keep_checks.then_some(&mut answer.checks);
        let asker = answer.user.as_deref()?;
        let outcome = wanted.judge(asker, &asked.by(asker), rules, log);
        let stopped = match outcome {
            Outcome::As(granted) => {
                answer.granted = Some(granted);
                None
            }
            Outcome::Refused(refused) => {
                let status = impersonation_refusal(&asker.username, &refused);
                answer.refused = Some(refused);
                Some(Stopped::Status(Box::new(status)))
            }
            Outcome::Unknown(why) => Some(Stopped::Unknown(why)),
        };
        answer.wanted = Some(wanted);
        stopped
    }

    fn authorize<'r>(
        &self,
        mut answer: Answer<'r>,
        asked: &Asked<'_>,
        target: &Target<'_>,
    ) -> Answer<'r> {
        let Some(user) = answer.effective() else {
            return answer.unknown(Stage::Authorization, "nobody asks".to_owned());
        };
        let attributes = asked.by(user);
        let verdict = self.chain.decide(&attributes);
        let mut reason = String::new();
        self.chain.write_reason(&attributes, &verdict, &mut reason);
        if let Verdict::Unknown(_) = verdict {
            let mut why = String::new();
            self.chain.write_unknown(&verdict, &mut why);
            answer.verdict = Some(verdict);
            let why = why.trim_start_matches("unknown: ").to_owned();
            return answer.unknown(Stage::Authorization, why);
        }
        if verdict.allowed() {
            answer.verdict = Some(verdict);
            answer.reason = reason;
            answer.stage = Stage::Handler;
            return answer;
        }
        let errors: Vec<String> = verdict.errors().cloned().collect();
        if let Some(errors) = aggregate(&errors) {
            answer.verdict = Some(verdict);
            answer.reason = "internal error".to_owned();
            let body = internal_error(target.uri, &errors);
            return answer.ends(Stage::Authorization, 500, body);
        }
        let status = refusal(&user.username, asked.request, &reason);
        answer.verdict = Some(verdict);
        answer.reason = reason;
        answer.status(Stage::Authorization, status)
    }

    /// The cluster that is served.
    fn cluster(&self) -> &'c crate::model::Cluster {
        self.chain.cluster()
    }
}

/// What is asked, whoever asks it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    request: Request<'a>,
    version: &'a str,
    selectors: Selectors<'a>,
}

impl<'a> Asked<'a> {
    fn by(&self, user: &'a UserInfo) -> Attributes<'a> {
        Attributes {
            version: self.version,
            selectors: self.selectors,
            ..Attributes::of(user, self.request)
        }
    }
}

enum Stopped {
    Status(Box<Status>),
    Unknown(String),
}

/// The 403 of an impersonation.
pub fn impersonation_refusal(asker: &str, refused: &Refusal) -> Status {
    refusal(asker, refused.asked.request(), &refused.reason)
}

/// What the server says of a time limit in the query that it cannot read (`WithRequestDeadline`).
fn deadline_error(
    component: Component,
    info: &RequestInfo<'_>,
    target: &Target<'_>,
) -> Option<String> {
    if target.query.is_empty() || component != Component::ApiServer || info.is_long_running() {
        return None;
    }
    let value = query::first(target.query, "timeout").filter(|value| !value.is_empty())?;
    let error = duration::parse(&value).err()?;
    Some(format!(
        "invalid timeout specified in the request URL - {error}"
    ))
}

/// Whether a request is for a review of the asker's own identity.
fn is_self_subject_review(request: &Request<'_>) -> bool {
    matches!(
        request,
        Request::Resource {
            group: "authentication.k8s.io",
            resource: "selfsubjectreviews",
            ..
        }
    )
}
