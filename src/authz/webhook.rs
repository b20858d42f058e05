//! The webhook authorizer (docs page "Webhook Mode", `plugin/pkg/authorizer/webhook` of kubernetes/apiserver):
//! what is sent, whether it is sent at all, and what its answer decides. Recorded traffic stands in for the
//! webhook itself.

mod conditions;
mod question;

pub use conditions::{Conditions, Matched};
pub use question::{Question, Requirement};

use crate::apiserver::authorization_config::WebhookConfiguration;
use crate::apiserver::webhook_kubeconfig::Connection;
use crate::webhook::client::Failure;
use crate::webhook::review::{AccessStatus, Review};
use crate::webhook::{Client, Recording};

/// What is said where the webhook both allows and denies.
const BOTH: &str = "webhook subject access review returned both allow and deny response";

/// How much of what would be asked is shown.
const MOST_SHOWN: usize = 600;

/// A webhook that is asked whether requests are allowed.
#[derive(Clone, Debug)]
pub struct WebhookAuthorizer {
    /// Its name in the configuration.
    pub name: String,
    /// What it is sent, and answers with.
    pub review: Review,
    /// How it is asked.
    pub client: Client,
    /// Whether it denies where it fails, instead of having no opinion.
    pub denies_on_failure: bool,
    /// Which requests it is asked about.
    pub conditions: Conditions,
    /// What it answered, as far as that was recorded.
    pub recording: Option<Recording>,
}

/// What a webhook decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed.
    Allow,
    /// Denied: no later authorizer is asked.
    Deny,
    /// The next authorizer is asked.
    NoOpinion,
    /// It cannot be told.
    Unknown,
}

/// What a webhook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookOpinion {
    /// What it decides.
    pub decision: Decision,
    /// Why, in its words; of what is unknown, why it is, in ours.
    pub reason: String,
    /// What went wrong, in the server's words.
    pub error: Option<String>,
}

impl WebhookOpinion {
    fn new(decision: Decision, reason: impl Into<String>) -> Self {
        WebhookOpinion {
            decision,
            reason: reason.into(),
            error: None,
        }
    }

    fn unknown(reason: impl Into<String>) -> Self {
        WebhookOpinion::new(Decision::Unknown, reason)
    }
}

/// How long a request to the API server may take, in nanoseconds: it waits no longer for a webhook.
const PATIENCE: i64 = 60_000_000_000;

impl WebhookAuthorizer {
    /// The webhook of a valid configuration. `None` of a version that the server does not know, and of match
    /// conditions that it does not take.
    pub fn new(
        name: &str,
        config: &WebhookConfiguration,
        connection: &Connection,
        recording: Option<Recording>,
    ) -> Option<Self> {
        Some(WebhookAuthorizer {
            name: name.to_owned(),
            review: Review::subject_access(&config.subject_access_review_version)?,
            client: Client {
                url: connection.url.clone(),
                timeout: config.timeout,
                patience: PATIENCE,
                shared: false,
            },
            denies_on_failure: config.denies_on_failure(),
            conditions: Conditions::new(&config.match_conditions).ok()?,
            recording,
        })
    }

    /// Asks. A server remembers answers for some time, which changes nothing as long as the webhook says the
    /// same.
    pub fn decide(&self, question: &Question<'_>) -> WebhookOpinion {
        match self.conditions.matches(question) {
            Matched::Yes => {}
            Matched::No => return WebhookOpinion::new(Decision::NoOpinion, ""),
            Matched::Failed(error) => return self.failed(error),
        }
        let sent = question.review(&self.review);
        let found = self.recording.as_ref().and_then(|r| r.access(&sent));
        let received = match found {
            Some(exchange) => self.client.receive(exchange, &self.review),
            None => match self.client.dead_end() {
                Some(failure) => Err(failure),
                None => return WebhookOpinion::unknown(self.unrecorded(&sent)),
            },
        };
        let status = match received {
            Ok(document) => AccessStatus::of(&document),
            Err(Failure::Error(error)) => return self.failed(error),
            Err(Failure::Unknown(why)) => {
                return WebhookOpinion::unknown(format!("webhook {}: {why}", self.name));
            }
        };
        let decision = match (status.allowed, status.denied) {
            (_, true) => Decision::Deny,
            (true, false) => Decision::Allow,
            (false, false) => Decision::NoOpinion,
        };
        WebhookOpinion {
            decision,
            reason: status.reason,
            error: (status.allowed && status.denied).then(|| BOTH.to_owned()),
        }
    }

    fn failed(&self, error: String) -> WebhookOpinion {
        let decision = match self.denies_on_failure {
            true => Decision::Deny,
            false => Decision::NoOpinion,
        };
        WebhookOpinion {
            error: Some(error),
            ..WebhookOpinion::new(decision, "")
        }
    }

    fn unrecorded(&self, sent: &serde_json::Value) -> String {
        let mut sent = sent.to_string();
        if sent.len() > MOST_SHOWN {
            let mut end = MOST_SHOWN;
            while !sent.is_char_boundary(end) {
                end -= 1;
            }
            sent.truncate(end);
            sent.push('…');
        }
        let name = &self.name;
        format!(
            "webhook {name} would be asked {sent}, and no recorded answer says what it says (give recorded traffic with --webhook-answers {name}=FILE)"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Decision, Question, Requirement, WebhookAuthorizer, WebhookOpinion};
    use crate::model::Request;
    use crate::webhook::review::Review;
    use crate::webhook::{Client, Recordings};
    use std::collections::BTreeMap;

    const REQUEST: Request<'static> = Request::Resource {
        verb: "list",
        group: "",
        resource: "pods",
        subresource: "",
        namespace: "n",
        name: "",
    };

    fn ask(version: &str, answer: Option<&str>, denies_on_failure: bool) -> WebhookOpinion {
        let mut recordings = Recordings::default();
        if let Some(answer) = answer {
            let (group, spec) = match version {
                "v1" => (
                    "groups",
                    ",\"labelSelector\":{\"requirements\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}",
                ),
                _ => (
                    "group",
                    ",\"labelSelector\":{\"requirements\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}",
                ),
            };
            let line = format!(
                "{{\"apiVersion\":\"authorization.k8s.io/{version}\",\"kind\":\"SubjectAccessReview\",\"spec\":{{\"user\":\"u\",\"{group}\":[\"g\"],\"extra\":{{\"k\":[\"v\"]}},\"resourceAttributes\":{{\"verb\":\"list\",\"resource\":\"pods\",\"namespace\":\"n\",\"version\":\"*\"{spec}}}}},{answer}}}"
            );
            recordings.add(Some("gate"), "f", &line).expect("a line");
        }
        let webhook = WebhookAuthorizer {
            name: "gate".to_owned(),
            review: Review::subject_access(version).expect("a version"),
            client: Client {
                url: "https://h/x".to_owned(),
                timeout: 3_000_000_000,
                patience: 60_000_000_000,
                shared: false,
            },
            denies_on_failure,
            conditions: Conditions::default(),
            recording: recordings.authorizer("gate", false).cloned(),
        };
        let question = Question {
            user: "u",
            uid: "",
            groups: vec!["g"],
            extra: BTreeMap::from([("k", vec!["v"])]),
            request: REQUEST,
            version: "*",
            field_selector: Vec::new(),
            label_selector: vec![Requirement {
                key: "a",
                operator: "Exists",
                values: Vec::new(),
            }],
        };
        webhook.decide(&question)
    }

    #[test]
    fn answers_decide() {
        for version in ["v1", "v1beta1"] {
            for (answer, decision, error) in [
                ("\"status\":{\"allowed\":true}", Decision::Allow, None),
                ("\"status\":{\"denied\":true}", Decision::Deny, None),
                (
                    "\"status\":{\"evaluationError\":\"x\"}",
                    Decision::NoOpinion,
                    None,
                ),
                (
                    "\"status\":{\"allowed\":true,\"denied\":true}",
                    Decision::Deny,
                    Some(super::BOTH),
                ),
                (
                    "\"failure\":{\"closed\":true}",
                    Decision::NoOpinion,
                    Some("Post \"https://h/x?timeout=3s\": EOF"),
                ),
            ] {
                let opinion = ask(version, Some(answer), false);
                assert_eq!(opinion.decision, decision, "{answer}");
                assert_eq!(opinion.error.as_deref(), error, "{answer}");
            }
            let opinion = ask(version, Some("\"failure\":{\"closed\":true}"), true);
            assert_eq!(opinion.decision, Decision::Deny);
        }
    }

    #[test]
    fn what_is_not_recorded_is_unknown() {
        let opinion = ask("v1", None, true);
        assert_eq!(opinion.decision, Decision::Unknown);
        assert!(
            opinion.reason.contains("webhook gate would be asked"),
            "{}",
            opinion.reason
        );
        assert!(opinion.reason.contains("--webhook-answers gate=FILE"));
    }
}
