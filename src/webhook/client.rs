//! What the server's webhook client makes of an HTTP answer: which ones it takes, how often it asks again,
//! and what it says of the others (`rest` of client-go, `webhook` of kubernetes/apiserver, `NewGenericServerResponse`
//! of apimachinery).

use super::review::Review;
use crate::load::typed::Document;
use crate::model::{Quoted, duration};

const SECOND: i64 = 1_000_000_000;

/// How often the client asks again by itself, where the answer says when; and how often its caller does.
const RETRIES: i64 = 10;
const ROUNDS: i64 = 5;

/// An error's body is not told beyond this.
const MOST_TEXT: usize = 2048;

/// What came of a request to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// An HTTP answer.
    Answer(HttpAnswer),
    /// None in time.
    TimedOut,
    /// The connection was closed instead.
    Closed,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: String,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<i64>,
    /// `Location`: the client would go on to there.
    pub location: Option<String>,
    /// How long it took, in nanoseconds.
    pub delay: i64,
    /// The body.
    pub body: String,
}

/// The client of one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The URL, without its query.
    pub url: String,
    /// How long it waits, in nanoseconds.
    pub timeout: i64,
    /// How long its caller waits, over all rounds, in nanoseconds.
    pub patience: i64,
    /// Whether its caller gives up by itself when the time is over, without a word on the request.
    pub shared: bool,
}

impl Client {
    /// What an exchange gives: the body as the awaited review, or the error.
    ///
    /// # Errors
    /// The server's words; or, as [`Failure::Unknown`], why it cannot be told.
    pub fn receive(&self, exchange: &Exchange, review: &Review) -> Result<Document, Failure> {
        let answer = match exchange {
            Exchange::TimedOut => return Err(self.timed_out()),
            Exchange::Closed => return Err(self.failed("EOF")),
            Exchange::Answer(answer) => answer,
        };
        if answer.delay >= self.timeout {
            return Err(self.timed_out());
        }
        if matches!(answer.status, 301 | 302 | 303 | 307 | 308)
            && let Some(location) = &answer.location
        {
            return Err(Failure::Unknown(format!(
                "it redirects to {location}, and nothing recorded answers there"
            )));
        }
        if self.gives_up(answer) {
            return Err(self.failed("context deadline exceeded"));
        }
        if !(200..=206).contains(&answer.status) {
            return Err(Failure::Error(refusal(answer)));
        }
        if answer.body.is_empty() {
            return Err(Failure::Error(format!(
                "0-length response with status code: {} and content type: {}",
                answer.status, answer.content_type
            )));
        }
        review.decode(&answer.body).map_err(Failure::Error)
    }

    /// What is said where nothing listens: at port 1 of the machine itself, which nothing can be at. `None` of
    /// any other address.
    pub fn dead_end(&self) -> Option<Failure> {
        let (_, rest) = self.url.split_once("://")?;
        let address = rest.split('/').next()?;
        let (host, port) = address.rsplit_once(':')?;
        let here = host == "[::1]"
            || host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|host| host.is_loopback());
        (here && port == "1")
            .then(|| self.failed(&format!("dial tcp {address}: connect: connection refused")))
    }

    /// Whether the time is over before the last try: an answer that says when to come again is asked again and
    /// again.
    fn gives_up(&self, answer: &HttpAnswer) -> bool {
        let again = matches!(answer.status, 429 | 500..=599);
        let Some(wait) = answer.retry_after.filter(|_| again) else {
            return false;
        };
        let wait = wait.max(0).saturating_mul(SECOND);
        let round = wait.saturating_mul(RETRIES);
        // Between the rounds: 0.5 s, and half as much again each time.
        let between = 4_062_500_000;
        round >= self.timeout || round.saturating_mul(ROUNDS) + between >= self.patience && wait > 0
    }

    fn timed_out(&self) -> Failure {
        if self.shared {
            return Failure::Error("context deadline exceeded".to_owned());
        }
        self.failed("net/http: request canceled (Client.Timeout exceeded while awaiting headers)")
    }

    fn failed(&self, why: &str) -> Failure {
        let url = format!("{}?timeout={}", self.url, duration::show(self.timeout));
        Failure::Error(format!("Post {}: {why}", Quoted(&url)))
    }
}

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// In the server's words.
    Error(String),
    /// Whether it did, cannot be told; why.
    Unknown(String),
}

/// What is said of an answer that is no success: the message of a Status, or words for the code.
fn refusal(answer: &HttpAnswer) -> String {
    if let Some(message) = status_message(&answer.body) {
        return message;
    }
    let media_type = answer.content_type.trim_start();
    let told = if media_type.is_empty() || media_type.starts_with("text/") {
        let mut end = answer.body.len().min(MOST_TEXT);
        while !answer.body.is_char_boundary(end) {
            end -= 1;
        }
        answer.body[..end].trim()
    } else {
        "unknown"
    };
    let words = match answer.status {
        400 => "the server rejected our request for an unknown reason",
        401 => "the server has asked for the client to provide credentials",
        403 | 415 => told,
        404 => "the server could not find the requested resource",
        405 => "the server does not allow this method on the requested resource",
        406 if told.is_empty() || told == "unknown" => {
            "the server was unable to respond with a content type that the client supports"
        }
        406 => told,
        409 => "the server reported a conflict",
        422 => "the server rejected our request due to an error in our request",
        429 => "the server has received too many requests and has asked us to try again later",
        503 => "the server is currently unable to handle the request",
        504 => {
            "the server was unable to return a response in the time allotted, but may still be processing the request"
        }
        code if code >= 500 => {
            return format!(
                "an error on the server ({}) has prevented the request from succeeding",
                Quoted(told)
            );
        }
        code => {
            return format!(
                "the server responded with the status code {code} but did not return more information"
            );
        }
    };
    words.to_owned()
}

/// The message of a Status that tells a failure.
fn status_message(body: &str) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let document = Document::parse(body).ok()?;
    let (_, kind) = document.type_meta().ok()?;
    let root = document.root()?;
    let text = |name: &str| root.get(name).and_then(|value| value.as_str());
    (kind == "Status" && text("status") == Some("Failure"))
        .then(|| text("message").unwrap_or("").to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Client, Exchange, Failure, HttpAnswer};
    use crate::webhook::review::Review;

    fn answer(status: u16, content_type: &str, body: &str) -> HttpAnswer {
        HttpAnswer {
            status,
            content_type: content_type.to_owned(),
            retry_after: None,
            location: None,
            delay: 0,
            body: body.to_owned(),
        }
    }

    fn told(answer: HttpAnswer) -> String {
        let client = Client {
            url: "http://h/x".to_owned(),
            timeout: 5_000_000_000,
            patience: 60_000_000_000,
            shared: false,
        };
        let review = Review::subject_access("v1").expect("a version");
        match client.receive(&Exchange::Answer(answer), &review) {
            Ok(_) => "taken".to_owned(),
            Err(Failure::Error(error)) => error,
            Err(Failure::Unknown(why)) => format!("unknown: {why}"),
        }
    }

    #[test]
    fn codes_have_words() {
        let json = "application/json";
        let status = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no"}"#;
        for (code, content_type, body, expected) in [
            (200, json, "{}", "taken"),
            (206, json, "{}", "taken"),
            (
                207,
                json,
                "{}",
                "the server responded with the status code 207 but did not return more information",
            ),
            (403, "text/plain; charset=utf-8", " no way\n", "no way"),
            (403, json, "no way", "unknown"),
            (403, json, status, "no"),
            (
                406,
                json,
                "x",
                "the server was unable to respond with a content type that the client supports",
            ),
            (
                500,
                "",
                "a \"b\"",
                "an error on the server (\"a \\\"b\\\"\") has prevented the request from succeeding",
            ),
            (
                507,
                json,
                "",
                "an error on the server (\"unknown\") has prevented the request from succeeding",
            ),
            (
                204,
                json,
                "",
                "0-length response with status code: 204 and content type: application/json",
            ),
        ] {
            assert_eq!(told(answer(code, content_type, body)), expected);
        }
    }

    #[test]
    fn time_runs_out() {
        let late = "Post \"http://h/x?timeout=5s\": net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
        let slow = HttpAnswer {
            delay: 5_000_000_000,
            ..answer(200, "", "{}")
        };
        assert_eq!(told(slow), late);
        let wait = |seconds| HttpAnswer {
            retry_after: Some(seconds),
            ..answer(429, "", "")
        };
        let deadline = "Post \"http://h/x?timeout=5s\": context deadline exceeded";
        assert_eq!(told(wait(1)), deadline);
        assert_eq!(
            told(wait(0)),
            "the server has received too many requests and has asked us to try again later"
        );
        // A code that is not tried again.
        let moved = HttpAnswer {
            retry_after: Some(9),
            location: Some("http://i/".to_owned()),
            ..answer(302, "", "")
        };
        assert!(told(moved).starts_with("unknown: it redirects to http://i/"));
    }
}
