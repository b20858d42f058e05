//! The questions that impersonation asks the authorizers, and what comes of them.

use super::Mode;
use crate::authn::aggregate;
use crate::authz::{Chain, Verdict};
use crate::model::{Attributes, Request, UserInfo};
use std::collections::BTreeMap;

/// The group of uids and extra values, and of everything in constrained modes.
pub(super) const AUTHENTICATION: &str = "authentication.k8s.io";

/// A question, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The verb.
    pub verb: String,
    /// It is about a resource: group, resource, subresource, namespace and name; else about a path.
    pub about: Result<[String; 5], String>,
}

impl Asked {
    /// Keeps a question.
    pub fn new(request: Request<'_>) -> Self {
        let about = match request {
            Request::Resource {
                group,
                resource,
                subresource,
                namespace,
                name,
                ..
            } => Ok([group, resource, subresource, namespace, name].map(str::to_owned)),
            Request::NonResource { path, .. } => Err(path.to_owned()),
        };
        Asked {
            verb: request.verb().to_owned(),
            about,
        }
    }

    /// The question.
    pub fn request(&self) -> Request<'_> {
        let verb = &self.verb;
        match &self.about {
            Ok([group, resource, subresource, namespace, name]) => Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
            Err(path) => Request::NonResource { verb, path },
        }
    }
}

/// Why a request to impersonate is refused: the question that nobody allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In which mode it was asked.
    pub mode: Mode,
    /// The question.
    pub asked: Asked,
    /// What the authorizers said, or the mode itself.
    pub reason: String,
    /// No authorizer was asked: the mode lets nobody do this.
    pub by_rule: bool,
}

/// A question that was asked on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// In which mode.
    pub mode: Mode,
    /// The question.
    pub asked: Asked,
    /// Whether it was allowed; `None` where that cannot be told.
    pub allowed: Option<bool>,
    /// What the authorizers said.
    pub reason: String,
}

/// Why a mode does not let a request through.
pub(super) enum Stop {
    /// Refused; without its words where an earlier refusal is the one that is answered.
    Refused(Option<Box<Refusal>>),
    /// It cannot be told, and why.
    Unknown(String),
}

/// Asks the authorizers on behalf of one asker.
pub(super) struct Ask<'a, 'c> {
    chain: &'a Chain<'c>,
    pub(super) asker: &'a UserInfo,
    log: Option<&'a mut Vec<Check>>,
    /// Only the first refusal is answered: the words of others are not made.
    pub(super) refused_before: bool,
    /// Whether errors of authorizers go into the refusal.
    pub(super) tells_errors: bool,
}

impl<'a, 'c> Ask<'a, 'c> {
    pub(super) fn new(
        chain: &'a Chain<'c>,
        asker: &'a UserInfo,
        log: Option<&'a mut Vec<Check>>,
    ) -> Self {
        Ask {
            chain,
            asker,
            log,
            refused_before: false,
            tells_errors: true,
        }
    }

    /// Asks one question about who is impersonated.
    pub(super) fn may(&mut self, mode: Mode, request: Request<'_>) -> Result<(), Stop> {
        let asker = self.asker;
        let attributes = Attributes {
            version: "v1",
            ..Attributes::of(asker, request)
        };
        self.question(mode, attributes)
    }

    /// Asks one question.
    pub(super) fn question(&mut self, mode: Mode, attributes: Attributes<'_>) -> Result<(), Stop> {
        let associated;
        let attributes = match mode {
            Mode::AssociatedNode => {
                associated = self.associated();
                Attributes {
                    extra: Some(&associated),
                    ..attributes
                }
            }
            _ => attributes,
        };
        let request = attributes.request;
        let verdict = self.chain.decide(&attributes);
        if let Some(log) = &mut self.log {
            let mut reason = String::new();
            self.chain.write_reason(&attributes, &verdict, &mut reason);
            self.chain.write_unknown(&verdict, &mut reason);
            log.push(Check {
                mode,
                asked: Asked::new(request),
                allowed: (!matches!(verdict, Verdict::Unknown(_))).then(|| verdict.allowed()),
                reason,
            });
        }
        if verdict.allowed() {
            return Ok(());
        }
        if let Verdict::Unknown(_) = verdict {
            let mut why = String::new();
            self.chain.write_unknown(&verdict, &mut why);
            let why = why.trim_start_matches("unknown: ");
            return Err(Stop::Unknown(format!(
                "whether {:?} may impersonate: {why}",
                self.asker.username
            )));
        }
        if self.refused_before {
            return Err(Stop::Refused(None));
        }
        let mut reason = String::new();
        self.chain.write_reason(&attributes, &verdict, &mut reason);
        if self.tells_errors {
            let errors: Vec<String> = verdict.errors().cloned().collect();
            if let Some(errors) = aggregate(&errors) {
                reason = match reason.is_empty() {
                    true => errors,
                    false => format!("{errors}: {reason}"),
                };
            }
        }
        Err(Stop::Refused(Some(Box::new(Refusal {
            mode,
            asked: Asked::new(request),
            reason,
            by_rule: false,
        }))))
    }

    /// The extra values of an asker who is associated with a node, as authorizers see them: the server's
    /// memory of their answer knows the keys alone.
    fn associated(&self) -> BTreeMap<String, Vec<String>> {
        const KEYS: &str = "authentication.kubernetes.io/associated-node-keys";
        let keys = self.asker.extra.keys().cloned().collect();
        BTreeMap::from([(KEYS.to_owned(), keys)])
    }

    /// Refuses without asking anybody.
    pub(super) fn refuse(&mut self, mode: Mode, request: Request<'_>, why: String) -> Stop {
        if let Some(log) = &mut self.log {
            log.push(Check {
                mode,
                asked: Asked::new(request),
                allowed: Some(false),
                reason: why.clone(),
            });
        }
        if self.refused_before {
            return Stop::Refused(None);
        }
        Stop::Refused(Some(Box::new(Refusal {
            mode,
            asked: Asked::new(request),
            reason: why,
            by_rule: true,
        })))
    }
}
