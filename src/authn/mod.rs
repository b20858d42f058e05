//! A credential → the user that the API server makes of it, or the 401 and why.
//!
//! Each authenticator has a file of its own; [`Authenticators`] asks them in the server's order (docs page
//! "Authenticating").

pub mod anonymous;
pub mod bearer;
pub mod bootstrap;
pub mod oidc;
pub mod opinion;
pub mod request_header;
pub mod service_account;
pub mod token_file;
pub mod webhook;
pub mod websocket;
pub mod x509;

/// The header lines of a request.
pub use crate::request::headers;

use crate::jwt;
use crate::model::{Cluster, UserInfo};
use crate::pki::{Certificate, pem};
use crate::request::headers::Headers;
use anonymous::Anonymous;
use bearer::{Bearer, EXTRA_SPACE, INVALID_TOKEN, bearer};
use jiff::Timestamp;
use oidc::Oidc;
use opinion::{Authenticated, Opinion};
use request_header::RequestHeader;
use service_account::{Judgement, ServiceAccounts};
use token_file::TokenFile;
use webhook::TokenWebhook;
use x509::X509;

/// The group of everybody who is authenticated.
pub const AUTHENTICATED_GROUP: &str = "system:authenticated";

/// A part of the server's configuration.
#[derive(Debug)]
pub enum Setting<T> {
    /// The server does without it.
    Off,
    /// It is configured.
    On(T),
    /// The server has it, or may have it, but it was not given; what it is.
    Missing(String),
}

/// The authenticators of a server.
#[derive(Debug)]
pub struct Authenticators {
    /// The authenticating front proxy.
    pub request_header: Setting<RequestHeader>,
    /// Client certificates.
    pub x509: Setting<X509>,
    /// The static token file.
    pub token_file: Setting<TokenFile>,
    /// Tokens of service accounts.
    pub service_accounts: Setting<ServiceAccounts>,
    /// Bootstrap tokens.
    pub bootstrap: Setting<()>,
    /// The issuers of OpenID Connect tokens.
    pub oidc: Setting<Oidc>,
    /// The webhook that is asked about tokens.
    pub webhook: Setting<TokenWebhook>,
    /// Requests without a credential.
    pub anonymous: Anonymous,
    /// `--api-audiences`, or what the server takes without it.
    pub api_audiences: Vec<String>,
}

/// What is judged: a request as far as authentication looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The client's certificates of the handshake, leaf first.
    pub certificates: &'r [Certificate],
    /// The header lines.
    pub headers: &'r Headers,
    /// The path of the URL, decoded.
    pub path: &'r str,
    /// The audiences that are asked for; `None`: those of the API.
    pub audiences: Option<&'r [String]>,
}

/// What an authenticator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which one, in words.
    pub authenticator: &'static str,
    /// What it said.
    pub said: Said,
}

/// What an authenticator said, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The server has none of this kind.
    Off,
    /// The request holds nothing for it.
    NothingForIt,
    /// It does not know the credential.
    Unknown,
    /// It refused, in the server's words, and what the server's log adds.
    Refused(String, Vec<String>),
    /// It named the user.
    Named,
    /// It cannot be told, and why.
    CannotBeTold(String),
}

/// How authentication ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user.
    User(Authenticated),
    /// 401, with what the server's log says: no line where no authenticator complained.
    Unauthorized(Vec<String>),
    /// It depends on what was not given.
    Unverified {
        /// Who it would be, were the credential good.
        user: Option<UserInfo>,
        /// What is missing.
        missing: Vec<String>,
    },
}

/// An [`Outcome`] and how it came about.
#[derive(Clone, Debug)]
pub struct Authentication {
    /// How it ended.
    pub outcome: Outcome,
    /// What each authenticator said, in the order in which they were asked.
    pub steps: Vec<Step>,
    /// Values of `Warning` headers.
    pub warnings: Vec<String>,
}

impl Authentication {
    /// What the server's log says beside the errors.
    pub fn details(&self) -> Vec<&str> {
        let steps = self.steps.iter();
        let details = steps.flat_map(|step| match &step.said {
            Said::Refused(_, details) => details.iter(),
            _ => [].iter(),
        });
        details.map(String::as_str).collect()
    }
}

/// Joins errors as the server's log does: each text once, brackets around several.
pub fn aggregate(errors: &[String]) -> Option<String> {
    let mut once: Vec<&str> = Vec::new();
    for error in errors {
        if !once.contains(&error.as_str()) {
            once.push(error);
        }
    }
    match once[..] {
        [] => None,
        [error] => Some(error.to_owned()),
        _ => Some(format!("[{}]", once.join(", "))),
    }
}

/// The audiences of `ours` that are wanted, in the order in which they are wanted.
fn intersection(ours: &[String], wanted: &[String]) -> Vec<String> {
    let wanted = wanted.iter().filter(|audience| ours.contains(audience));
    wanted.cloned().collect()
}

impl Authenticators {
    /// A server of which nothing is known but that it lets anonymous requests through.
    pub fn unconfigured() -> Self {
        let missing =
            |what: &str| format!("{what} (give the API server's configuration with --apiserver)");
        Authenticators {
            request_header: Setting::Off,
            x509: Setting::Missing(missing("the client CA is not known")),
            token_file: Setting::Missing(missing("the static token file is not known")),
            service_accounts: Setting::Missing(missing(
                "the issuers and keys of service account tokens are not known",
            )),
            bootstrap: Setting::Missing(missing(
                "whether bootstrap tokens are enabled is not known",
            )),
            oidc: Setting::Off,
            webhook: Setting::Off,
            anonymous: Anonymous {
                enabled: true,
                paths: Vec::new(),
            },
            api_audiences: Vec::new(),
        }
    }

    /// The client's certificates, as the server's end of a TLS handshake reads them. A server without a
    /// CA for clients or proxies asks for none.
    ///
    /// # Errors
    /// What ends the handshake.
    pub fn handshake(&self, pem: &[u8]) -> Result<Vec<Certificate>, String> {
        if matches!(self.x509, Setting::Off) && matches!(self.request_header, Setting::Off) {
            return Ok(Vec::new());
        }
        pem::blocks(pem)
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| {
                Certificate::parse(&block.der)
                    .map_err(|error| format!("tls: failed to parse client certificate: {error}"))
            })
            .collect()
    }

    /// Asks every authenticator until one names the user.
    pub fn authenticate(
        &self,
        request: &Request<'_>,
        cluster: &Cluster,
        now: Timestamp,
    ) -> Authentication {
        let mut run = Run {
            authenticators: self,
            cluster,
            now,
            wanted: request.audiences.unwrap_or(&self.api_audiences),
            steps: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            missing: Vec::new(),
            suspect: None,
        };
        let outcome = run.outcome(request);
        Authentication {
            outcome,
            steps: run.steps,
            warnings: run.warnings,
        }
    }

    /// Whether others than the server decide about tokens: issuers, or a webhook.
    pub fn ask_others(&self) -> bool {
        !matches!(self.oidc, Setting::Off) || !matches!(self.webhook, Setting::Off)
    }

    fn has_token_authenticators(&self) -> bool {
        !matches!(self.token_file, Setting::Off)
            || !matches!(self.service_accounts, Setting::Off)
            || !matches!(self.bootstrap, Setting::Off)
            || self.ask_others()
    }
}

/// One request on its way through the authenticators.
struct Run<'r> {
    authenticators: &'r Authenticators,
    cluster: &'r Cluster,
    now: Timestamp,
    wanted: &'r [String],
    steps: Vec<Step>,
    errors: Vec<String>,
    warnings: Vec<String>,
    missing: Vec<String>,
    /// Who it would be, were the credential good.
    suspect: Option<UserInfo>,
}

impl Run<'_> {
    fn outcome(&mut self, request: &Request<'_>) -> Outcome {
        let token = bearer(request.headers);
        match token {
            // The server compares every token with one of its own first, and says so.
            Bearer::Token(_) => self.errors.push(INVALID_TOKEN.to_owned()),
            Bearer::ExtraSpace => self.warnings.push(EXTRA_SPACE.to_owned()),
            Bearer::None => {}
        }
        let of_its_own = self.errors.len();
        let named = self
            .request_header(request)
            .or_else(|| self.x509(request))
            .or_else(|| self.bearer(token))
            .or_else(|| self.websocket(request.headers));
        if let Some(user) = named {
            return self.settled(with_group(user));
        }
        if !self.missing.is_empty() {
            return self.unverified();
        }
        if self.errors.len() == of_its_own {
            let audiences = self.wanted.to_vec();
            let opinion = match self.authenticators.anonymous.authenticate(request.path) {
                Opinion::User(user) => Opinion::User(Authenticated {
                    audiences: Some(audiences),
                    ..user
                }),
                other => other,
            };
            let off = !self.authenticators.anonymous.enabled;
            if off {
                self.step("anonymous", Said::Off);
            } else if let Some(user) = self.heard("anonymous", opinion, Vec::new()) {
                return Outcome::User(user);
            }
        }
        Outcome::Unauthorized(aggregate(&self.errors).into_iter().collect())
    }

    /// A user is named; unless an earlier authenticator that cannot be asked would have named another.
    fn settled(&mut self, user: Authenticated) -> Outcome {
        if self.missing.is_empty() {
            return Outcome::User(user);
        }
        self.suspect.get_or_insert(user.user);
        self.unverified()
    }

    fn unverified(&mut self) -> Outcome {
        Outcome::Unverified {
            user: self.suspect.take(),
            missing: std::mem::take(&mut self.missing),
        }
    }

    fn step(&mut self, authenticator: &'static str, said: Said) {
        self.steps.push(Step {
            authenticator,
            said,
        });
    }

    /// Notes an opinion; the user, if it names one.
    fn heard(
        &mut self,
        authenticator: &'static str,
        opinion: Opinion,
        details: Vec<String>,
    ) -> Option<Authenticated> {
        let (said, user) = match opinion {
            Opinion::User(user) => (Said::Named, Some(user)),
            Opinion::Pass if details.is_empty() => (Said::Unknown, None),
            Opinion::Pass => (Said::Refused(String::new(), details), None),
            Opinion::Refused(error) => {
                self.errors.push(error.clone());
                (Said::Refused(error, details), None)
            }
            Opinion::Unknown(why) => {
                self.missing.push(why.clone());
                (Said::CannotBeTold(why), None)
            }
        };
        self.step(authenticator, said);
        if let Some(user) = &user {
            for warning in &user.warnings {
                if !self.warnings.contains(warning) {
                    self.warnings.push(warning.clone());
                }
            }
        }
        user
    }

    /// Asks an authenticator that knows no audiences: it stands for all of the API's.
    fn agnostic(
        &mut self,
        authenticator: &'static str,
        ask: impl FnOnce(&Self) -> Opinion,
    ) -> Option<Authenticated> {
        let audiences = intersection(&self.authenticators.api_audiences, self.wanted);
        if audiences.is_empty() && !self.wanted.is_empty() {
            self.step(authenticator, Said::Unknown);
            return None;
        }
        let opinion = match ask(self) {
            Opinion::User(user) => Opinion::User(Authenticated {
                audiences: Some(audiences),
                ..user
            }),
            other => other,
        };
        self.heard(authenticator, opinion, Vec::new())
    }

    fn request_header(&mut self, request: &Request<'_>) -> Option<Authenticated> {
        const NAME: &str = "front proxy";
        match &self.authenticators.request_header {
            Setting::Off => self.step(NAME, Said::Off),
            _ if request.certificates.is_empty() => self.step(NAME, Said::NothingForIt),
            Setting::Missing(what) => {
                let what = what.clone();
                self.heard(NAME, Opinion::Unknown(what), Vec::new());
            }
            Setting::On(proxy) => {
                return self.agnostic(NAME, |run| {
                    proxy.authenticate(request.certificates, request.headers, run.now)
                });
            }
        }
        None
    }

    fn x509(&mut self, request: &Request<'_>) -> Option<Authenticated> {
        const NAME: &str = "client certificate";
        match &self.authenticators.x509 {
            Setting::Off => self.step(NAME, Said::Off),
            _ if request.certificates.is_empty() => self.step(NAME, Said::NothingForIt),
            Setting::Missing(what) => {
                let what = what.clone();
                let user = x509::user(&request.certificates[0], true).ok().flatten();
                self.suspect = self.suspect.take().or(user.map(grouped));
                self.heard(NAME, Opinion::Unknown(what), Vec::new());
            }
            Setting::On(x509) => {
                return self.agnostic(NAME, |run| x509.authenticate(request.certificates, run.now));
            }
        }
        None
    }

    fn bearer(&mut self, token: Bearer<'_>) -> Option<Authenticated> {
        match token {
            Bearer::Token(token) if self.authenticators.has_token_authenticators() => {
                self.token(token)
            }
            _ => {
                self.step("bearer token", Said::NothingForIt);
                None
            }
        }
    }

    fn websocket(&mut self, headers: &Headers) -> Option<Authenticated> {
        if !self.authenticators.has_token_authenticators() {
            return None;
        }
        match websocket::token(headers) {
            Ok(None) => None,
            Ok(Some(token)) => self.token(&token),
            Err(refusal) => {
                let refusal = Opinion::Refused(refusal.to_owned());
                self.heard("WebSocket token", refusal, Vec::new())
            }
        }
    }

    /// Asks the authenticators of tokens.
    fn token(&mut self, token: &str) -> Option<Authenticated> {
        let before = self.errors.len();
        let named = self
            .token_file(token)
            .or_else(|| self.service_account(token))
            .or_else(|| self.bootstrap(token));
        let named = named
            .or_else(|| self.oidc(token))
            .or_else(|| self.webhook(token));
        if named.is_none() && self.errors.len() == before {
            self.errors.push(INVALID_TOKEN.to_owned());
        }
        named
    }

    fn token_file(&mut self, token: &str) -> Option<Authenticated> {
        const NAME: &str = "static token file";
        match &self.authenticators.token_file {
            Setting::Off => self.step(NAME, Said::Off),
            Setting::Missing(what) => {
                let what = what.clone();
                self.heard(NAME, Opinion::Unknown(what), Vec::new());
            }
            Setting::On(file) => return self.agnostic(NAME, |_| file.authenticate(token)),
        }
        None
    }

    fn service_account(&mut self, token: &str) -> Option<Authenticated> {
        const NAME: &str = "service account token";
        match &self.authenticators.service_accounts {
            Setting::Off => self.step(NAME, Said::Off),
            Setting::Missing(what) => {
                let Some(user) = service_account::claimed_user(token) else {
                    self.step(NAME, Said::Unknown);
                    return None;
                };
                let what = what.clone();
                self.suspect = self.suspect.take().or(Some(grouped(user)));
                self.heard(NAME, Opinion::Unknown(what), Vec::new());
            }
            Setting::On(accounts) => {
                let mut details = Vec::new();
                let judgement =
                    accounts.judge(token, self.wanted, self.cluster, self.now, &mut details);
                let opinion = match judgement {
                    Judgement::User(user) => Opinion::User(user),
                    Judgement::Pass => Opinion::Pass,
                    Judgement::Unknown(why) => Opinion::Unknown(why),
                    Judgement::Refused(refusal) => {
                        let Some(what) = refusal.lacks(self.cluster.core_objects()) else {
                            let said = refusal.to_string();
                            self.errors.extend(refusal.reasons);
                            self.step(NAME, Said::Refused(said, details));
                            return None;
                        };
                        Opinion::Unknown(what)
                    }
                };
                if matches!(opinion, Opinion::Unknown(_)) {
                    let user = service_account::claimed_user(token);
                    self.suspect = self.suspect.take().or(user.map(grouped));
                }
                return self.heard(NAME, opinion, details);
            }
        }
        None
    }

    fn bootstrap(&mut self, token: &str) -> Option<Authenticated> {
        const NAME: &str = "bootstrap token";
        match &self.authenticators.bootstrap {
            Setting::Off => self.step(NAME, Said::Off),
            Setting::Missing(what) => {
                if bootstrap::split(token).is_none() {
                    self.step(NAME, Said::Unknown);
                    return None;
                }
                let what = what.clone();
                self.heard(NAME, Opinion::Unknown(what), Vec::new());
            }
            Setting::On(()) => {
                let audiences = intersection(&self.authenticators.api_audiences, self.wanted);
                if audiences.is_empty() && !self.wanted.is_empty() {
                    self.step(NAME, Said::Unknown);
                    return None;
                }
                if let Some((id, _)) = bootstrap::split(token)
                    && !self.cluster.core_objects().has_secrets()
                {
                    let what = format!(
                        "Secret kube-system/bootstrap-token-{id} is not loaded (give the stored objects with -f)"
                    );
                    return self.heard(NAME, Opinion::Unknown(what), Vec::new());
                }
                let mut details = Vec::new();
                let opinion =
                    match bootstrap::authenticate(token, self.cluster, self.now, &mut details) {
                        Opinion::User(user) => Opinion::User(Authenticated {
                            audiences: Some(audiences),
                            ..user
                        }),
                        other => other,
                    };
                return self.heard(NAME, opinion, details);
            }
        }
        None
    }
}

impl Run<'_> {
    fn oidc(&mut self, token: &str) -> Option<Authenticated> {
        const NAME: &str = oidc::NAME;
        let judgement = match &self.authenticators.oidc {
            Setting::Off => return None,
            Setting::Missing(what) => {
                let named = jwt::probe_issuer(token).is_some_and(|issuer| !issuer.is_empty());
                let opinion = match named {
                    true => Opinion::Unknown(what.clone()),
                    false => Opinion::Pass,
                };
                return self.agnostic(NAME, |_| opinion);
            }
            Setting::On(oidc) => oidc.judge(token, self.now),
        };
        let known = self.missing.len();
        let named = self.agnostic(NAME, |_| judgement.opinion);
        if self.missing.len() > known {
            self.suspect = self.suspect.take().or(judgement.suspect.map(grouped));
        }
        named
    }

    fn webhook(&mut self, token: &str) -> Option<Authenticated> {
        const NAME: &str = "token webhook";
        let opinion = match &self.authenticators.webhook {
            // The server's own words have no place for what it has none of.
            Setting::Off => return None,
            Setting::Missing(what) => Opinion::Unknown(what.clone()),
            Setting::On(webhook) => webhook.authenticate(token, self.wanted),
        };
        self.heard(NAME, opinion, Vec::new())
    }
}

/// Adds `system:authenticated` last, where the server does.
pub fn grouped(mut user: UserInfo) -> UserInfo {
    let settled = |group: &String| group == AUTHENTICATED_GROUP || group == anonymous::GROUP;
    if user.username != anonymous::USERNAME && !user.groups.iter().any(settled) {
        user.groups.push(AUTHENTICATED_GROUP.to_owned());
    }
    user
}

fn with_group(authenticated: Authenticated) -> Authenticated {
    Authenticated {
        user: grouped(authenticated.user),
        ..authenticated
    }
}
