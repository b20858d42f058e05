//! One authorizer of a chain.

use super::abac::Abac;
use super::node::{self, Node};
use super::rbac::{Decision, Rbac};
use super::rules::RuleSet;
use super::verdict::{Grounds, Opinion, Words};
use super::webhook::{self, Question, WebhookAuthorizer, WebhookOpinion};
use super::{abac, always_allow, always_deny, is_node_user};
use crate::apiserver::always_allow_paths::AlwaysAllowPaths;
use crate::model::Attributes;
use std::fmt;

/// What is assumed of a webhook where no recorded answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// It has no opinion.
    NoOpinion,
    /// It does not answer: its failurePolicy counts.
    Unreachable,
}

/// The authorizers that there are.
#[derive(Debug)]
pub enum Authorizer<'c> {
    /// AlwaysAllow
    AlwaysAllow,
    /// AlwaysDeny
    AlwaysDeny,
    /// Node
    Node(Node<'c>),
    /// ABAC
    Abac(Abac),
    /// RBAC
    Rbac(Box<Rbac<'c>>),
    /// Paths that a delegating component lets through.
    Paths(AlwaysAllowPaths),
    /// Webhook
    Webhook(Box<WebhookAuthorizer>),
    /// One of this type is configured, but what it needs is not there.
    Missing {
        /// The type, as the configuration names it.
        kind: &'static str,
        /// What is not there.
        why: String,
    },
}

impl Authorizer<'_> {
    /// The type, as the configuration names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Authorizer::AlwaysAllow => "AlwaysAllow",
            Authorizer::AlwaysDeny => "AlwaysDeny",
            Authorizer::Node(_) => "Node",
            Authorizer::Abac(_) => "ABAC",
            Authorizer::Rbac(_) => "RBAC",
            Authorizer::Paths(_) => "AlwaysAllowPaths",
            Authorizer::Webhook(_) => "Webhook",
            Authorizer::Missing { kind, .. } => kind,
        }
    }

    /// Whether all that it allows can be told from what is loaded.
    pub fn can_be_listed(&self) -> bool {
        !matches!(self, Authorizer::Webhook(_) | Authorizer::Missing { .. })
    }
}

/// An authorizer of a chain, with its name.
#[derive(Debug)]
pub struct Member<'c> {
    /// The name: that of a configuration file, `default` for the webhook of the flags, empty for what needs
    /// none.
    pub name: String,
    /// The authorizer.
    pub authorizer: Authorizer<'c>,
    /// What is assumed of it where its opinion is not known.
    pub assumed: Option<Assumption>,
}

impl<'c> From<Authorizer<'c>> for Member<'c> {
    fn from(authorizer: Authorizer<'c>) -> Self {
        Member {
            name: String::new(),
            authorizer,
            assumed: None,
        }
    }
}

/// As messages call it: its type, of a webhook also the name.
impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.authorizer.kind();
        match kind {
            "Webhook" => write!(f, "webhook {:?}", self.name),
            kind => f.write_str(kind),
        }
    }
}

impl<'c> Member<'c> {
    /// Its opinion; where that is not known, what is assumed of it.
    pub(super) fn opinion<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Opinion {
        let opinion = self.own_opinion(attributes);
        match (&opinion, self.assumed) {
            (Opinion::Unknown(_), Some(assumed)) => self.assumed_opinion(assumed),
            _ => opinion,
        }
    }

    /// Its opinion, without what is assumed.
    pub(super) fn own_opinion<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Opinion {
        if let Some(grounds) = self.grounds(attributes) {
            return grounds.map_or(Opinion::NoOpinion(None), Opinion::Allow);
        }
        match &self.authorizer {
            Authorizer::Webhook(webhook) => heard(webhook.decide(&Question::of(attributes))),
            Authorizer::Missing { why, .. } => Opinion::Unknown(why.clone()),
            Authorizer::Rbac(_)
            | Authorizer::Node(_)
            | Authorizer::AlwaysDeny
            | Authorizer::AlwaysAllow
            | Authorizer::Abac(_)
            | Authorizer::Paths(_) => Opinion::NoOpinion(None),
        }
    }

    /// On what grounds it allows, if it does, where it says yes or nothing and has no words of its own; `None` of
    /// those who say more. What most are asked, without the detour over an [`Opinion`].
    #[inline]
    pub(super) fn grounds<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
    ) -> Option<Option<Grounds>> {
        Some(match &self.authorizer {
            Authorizer::Rbac(rbac) => match rbac.decide(attributes) {
                Decision::Allow(allow) => Some(Grounds::Rbac(allow)),
                Decision::NoOpinion => None,
            },
            Authorizer::Node(node) => match node.decide(attributes) {
                node::Decision::Allow => Some(Grounds::Node),
                node::Decision::NoOpinion(_) => None,
            },
            Authorizer::AlwaysDeny => None,
            Authorizer::AlwaysAllow => Some(Grounds::Always),
            Authorizer::Abac(abac) => abac.decide(attributes).map(Grounds::Policy),
            Authorizer::Paths(paths) => paths.allow(&attributes.request).then_some(Grounds::Path),
            Authorizer::Webhook(_) | Authorizer::Missing { .. } => return None,
        })
    }

    /// Whether it denies where it cannot be asked (`failurePolicy: Deny`).
    pub(super) fn denies_on_failure(&self) -> bool {
        matches!(&self.authorizer, Authorizer::Webhook(webhook) if webhook.denies_on_failure)
    }

    fn assumed_opinion(&self, assumed: Assumption) -> Opinion {
        let words = Box::<Words>::default();
        match assumed {
            Assumption::Allow => Opinion::Allow(Grounds::Webhook(words)),
            Assumption::Deny => Opinion::Deny(words),
            Assumption::NoOpinion => Opinion::NoOpinion(Some(words)),
            Assumption::Unreachable => {
                let words = Box::new(Words {
                    reason: String::new(),
                    errors: vec![format!("{self} is assumed to be unreachable")],
                });
                match self.denies_on_failure() {
                    true => Opinion::Deny(words),
                    false => Opinion::NoOpinion(Some(words)),
                }
            }
        }
    }

    /// Appends why it has no opinion, as far as that does not come with the opinion.
    pub(super) fn write_no_opinion<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        out: &mut String,
    ) {
        match &self.authorizer {
            Authorizer::Rbac(rbac) => rbac.write_reason(attributes, &Decision::NoOpinion, out),
            Authorizer::AlwaysDeny => out.push_str(always_deny::REASON),
            Authorizer::Abac(_) => out.push_str(abac::REASON),
            Authorizer::Node(node) => {
                if let node::Decision::NoOpinion(reason) = node.decide(attributes) {
                    reason.write(attributes, out);
                }
            }
            Authorizer::AlwaysAllow
            | Authorizer::Paths(_)
            | Authorizer::Webhook(_)
            | Authorizer::Missing { .. } => {}
        }
    }

    /// Adds the rules that it gives a user in a namespace.
    pub(super) fn add_rules<'a, S: AsRef<str>>(
        &'a self,
        user: &str,
        groups: &[S],
        namespace: &str,
        rules: &mut RuleSet<'a>,
    ) {
        match &self.authorizer {
            Authorizer::AlwaysAllow => always_allow::add_rules(rules),
            Authorizer::AlwaysDeny | Authorizer::Paths(_) => {}
            Authorizer::Node(_) => {
                if is_node_user(user, groups) {
                    rules.cannot_list("node authorizer does not support user rule resolution");
                }
            }
            Authorizer::Abac(abac) => abac.add_rules(user, groups, namespace, rules),
            Authorizer::Rbac(rbac) => rbac.add_rules(user, groups, namespace, rules),
            Authorizer::Webhook(_) => {
                rules.cannot_list("webhook authorizer does not support user rule resolution");
            }
            Authorizer::Missing { kind, why } => {
                rules.cannot_list(&format!(
                    "unknown: the rules of {kind} are not known: {why}"
                ));
            }
        }
    }
}

/// A webhook's opinion as that of an authorizer.
fn heard(opinion: WebhookOpinion) -> Opinion {
    let words = Box::new(Words {
        reason: opinion.reason,
        errors: opinion.errors,
    });
    match opinion.decision {
        webhook::Decision::Allow => Opinion::Allow(Grounds::Webhook(words)),
        webhook::Decision::Deny => Opinion::Deny(words),
        webhook::Decision::NoOpinion => Opinion::NoOpinion(Some(words)),
        webhook::Decision::Unknown => Opinion::Unknown(words.reason),
    }
}
