//! TokenReviews (`authentication.k8s.io/v1`): what the server says of a token.

use super::status::Status;
use crate::authn::{Authentication, Authenticators, Outcome, Request};
use crate::model::Secret;
use crate::model::{Cluster, UserInfo};
use crate::request::headers::Headers;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// `status` of a TokenReview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenReviewStatus {
    /// The token is good for one of the audiences.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub authenticated: bool,
    /// Whose it is.
    pub user: UserInfo,
    /// Those of the audiences that it is good for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error: String,
}

/// `spec` of a TokenReview.
#[derive(Debug)]
pub struct TokenReviewSpec {
    /// The token.
    pub token: Secret,
    /// For whom it should be good; none: the API.
    pub audiences: Vec<String>,
}

impl TokenReviewSpec {
    /// Reads `spec` of a whole review.
    ///
    /// # Errors
    /// The 400 of a review that cannot be decoded, or that holds no token.
    pub fn of(review: &Value) -> Result<Self, Box<Status>> {
        let undecoded = |field: &str, found: &Value, go: &str| {
            let kind = match found {
                Value::Bool(_) => "bool",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                _ => "object",
            };
            Box::new(Status::bad_request(format!(
                "TokenReview in version \"v1\" cannot be handled as a TokenReview: json: cannot unmarshal {kind} into Go struct field {field} of type {go}"
            )))
        };
        let absent = Value::Null;
        let spec = review.get("spec").unwrap_or(&absent);
        if !spec.is_object() && !spec.is_null() {
            return Err(undecoded("TokenReview.spec", spec, "v1.TokenReviewSpec"));
        }
        let token = match spec.get("token").unwrap_or(&absent) {
            Value::Null => "",
            Value::String(token) => token,
            other => return Err(undecoded("TokenReviewSpec.spec.token", other, "string")),
        };
        let mut audiences = Vec::new();
        match spec.get("audiences").unwrap_or(&absent) {
            Value::Null => {}
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Null => audiences.push(String::new()),
                        Value::String(audience) => audiences.push(audience.clone()),
                        other => {
                            let field = "TokenReviewSpec.spec.audiences";
                            return Err(undecoded(field, other, "string"));
                        }
                    }
                }
            }
            other => {
                let field = "TokenReviewSpec.spec.audiences";
                return Err(undecoded(field, other, "[]string"));
            }
        }
        if token.is_empty() {
            let message = "token is required for TokenReview in authentication";
            return Err(Box::new(Status::bad_request(message)));
        }
        Ok(TokenReviewSpec {
            token: Secret::new(token),
            audiences,
        })
    }
}

/// Reviews a token for the audiences of `spec.audiences`, which may be none: those of the API.
///
/// What cannot be told offline is not authenticated, with an error that begins with `unknown:`.
pub fn token_review(
    token: &str,
    audiences: &[String],
    authenticators: &Authenticators,
    cluster: &Cluster,
    now: Timestamp,
) -> TokenReviewStatus {
    let mut status = TokenReviewStatus::default();
    match authenticate_token(token, audiences, authenticators, cluster, now).outcome {
        Outcome::User(user) => {
            status.authenticated = true;
            status.user = user.user;
            status.audiences = user.audiences.unwrap_or_default();
        }
        Outcome::Unauthorized(errors) => status.error = errors.concat(),
        Outcome::Unverified { missing, .. } => {
            status.error = format!("unknown: {}", missing.join("; "));
        }
    }
    status
}

/// Authenticates a token for audiences, which may be none: those of the API. The server puts it into an
/// `Authorization` header of a made-up request, and so does this.
pub fn authenticate_token(
    token: &str,
    audiences: &[String],
    authenticators: &Authenticators,
    cluster: &Cluster,
    now: Timestamp,
) -> Authentication {
    let mut headers = Headers::default();
    headers.add("Authorization", &format!("Bearer {token}"));
    let request = Request {
        certificates: &[],
        headers: &headers,
        path: "",
        audiences: Some(audiences).filter(|audiences| !audiences.is_empty()),
    };
    authenticators.authenticate(&request, cluster, now)
}
