//! The token webhook (docs page "Authenticating", webhook token authentication): recorded traffic stands
//! in for it.

use super::opinion::{Authenticated, Opinion};
use crate::model::{Quoted, UserInfo};
use crate::webhook::answers::Found;
use crate::webhook::client::Failure;
use crate::webhook::review::{Review, TokenStatus};
use crate::webhook::{Client, Recording};

/// The webhook that is asked about tokens that nobody else knows.
#[derive(Clone, Debug)]
pub struct TokenWebhook {
    /// How it is asked.
    pub client: Client,
    /// What it is sent, and answers with.
    pub review: Review,
    /// What it answered, as far as that was recorded.
    pub recording: Option<Recording>,
    /// The audiences of the API, for answers that name none.
    pub api_audiences: Vec<String>,
}

impl TokenWebhook {
    /// Asks about a token for the wanted audiences. An answer is remembered for some time by a server, which
    /// changes nothing as long as the webhook says the same.
    pub fn authenticate(&self, token: &str, wanted: &[String]) -> Opinion {
        let found = match &self.recording {
            Some(recording) => recording.token(token, wanted),
            None => Found::Nothing,
        };
        let received = match found {
            Found::Answer(exchange) => self.client.receive(exchange, &self.review),
            Found::Unlisted => return Opinion::Pass,
            Found::Nothing => match self.client.dead_end() {
                Some(failure) => Err(failure),
                None => return Opinion::Unknown(self.unrecorded(wanted)),
            },
        };
        match received {
            Ok(document) => self.judge(TokenStatus::of(&document), wanted),
            Err(Failure::Error(error)) => Opinion::Refused(error),
            Err(Failure::Unknown(why)) => Opinion::Unknown(format!("the token webhook: {why}")),
        }
    }

    fn unrecorded(&self, wanted: &[String]) -> String {
        let audiences: Vec<_> = wanted.iter().map(|a| Quoted(a).to_string()).collect();
        let url = match &self.client.url[..] {
            "" => String::new(),
            url => format!(" at {url}"),
        };
        format!(
            "the token webhook{url} would be asked with a {} of {}, for the audiences [{}], and no recorded answer says what it says (give recorded traffic with --webhook-answers)",
            self.review.kind(),
            self.review.api_version(),
            audiences.join(" ")
        )
    }

    /// The audiences are looked at before anything else: without one that is wanted, nothing was said.
    fn judge(&self, status: TokenStatus, wanted: &[String]) -> Opinion {
        let named = match status.audiences.is_empty() {
            true => &self.api_audiences,
            false => &status.audiences,
        };
        let mut audiences = named.clone();
        audiences.retain(|audience| wanted.contains(audience));
        if audiences.is_empty() && !wanted.is_empty() {
            return Opinion::Pass;
        }
        match (status.authenticated, &status.error[..]) {
            (false, "") => Opinion::Pass,
            (false, error) => Opinion::Refused(error.to_owned()),
            (true, _) => {
                let no_values = status.extra.iter().filter(|(_, values)| values.is_none());
                let null_extra = no_values.map(|(key, _)| key.clone()).collect();
                let extra = status.extra.into_iter();
                Opinion::User(Authenticated {
                    user: UserInfo {
                        username: status.username,
                        uid: status.uid,
                        groups: status.groups,
                        extra: extra.map(|(k, v)| (k, v.unwrap_or_default())).collect(),
                    },
                    audiences: Some(audiences),
                    null_extra,
                    ..Authenticated::default()
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenWebhook;
    use crate::authn::opinion::Opinion;
    use crate::webhook::review::Review;
    use crate::webhook::{Client, Recordings};

    fn webhook(url: &str, answers: Option<&str>) -> TokenWebhook {
        let mut recordings = Recordings::default();
        if let Some(answers) = answers {
            recordings.add(None, "f", answers).expect("lines");
        }
        TokenWebhook {
            client: Client {
                url: url.to_owned(),
                timeout: 30_000_000_000,
                patience: 30_000_000_000,
                shared: true,
            },
            review: Review::token("v1beta1").expect("a version"),
            recording: recordings.tokens().cloned(),
            api_audiences: vec!["api".to_owned()],
        }
    }

    #[test]
    fn what_is_not_recorded_is_unknown_and_says_what_would_be_asked() {
        let reviews = "{\"kind\":\"TokenReview\",\"spec\":{\"token\":\"t\"},\"status\":{\"authenticated\":true,\"user\":{\"username\":\"jane\"}}}";
        let api = ["api".to_owned()];
        for answers in [None, Some(reviews)] {
            let webhook = webhook("https://h/authenticate", answers);
            let Opinion::Unknown(why) = webhook.authenticate("other", &api) else {
                panic!("it is not known");
            };
            assert!(
                why.contains("authentication.k8s.io/v1beta1, for the audiences [\"api\"]"),
                "{why}"
            );
            assert!(!why.contains("other"), "{why}");
        }
        let webhook = webhook("https://h/authenticate", Some(reviews));
        let Opinion::User(user) = webhook.authenticate("t", &api) else {
            panic!("it is recorded");
        };
        assert_eq!(user.user.username, "jane");
        assert_eq!(user.audiences, Some(api.to_vec()));
        assert_eq!(webhook.authenticate("t", &["x".to_owned()]), Opinion::Pass);
    }

    #[test]
    fn nothing_listens_at_port_1() {
        let webhook = webhook("http://127.0.0.1:1/x", None);
        assert_eq!(
            webhook.authenticate("t", &[]),
            Opinion::Refused("Post \"http://127.0.0.1:1/x?timeout=30s\": dial tcp 127.0.0.1:1: connect: connection refused".to_owned())
        );
    }
}
