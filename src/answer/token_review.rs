//! TokenReviews (`authentication.k8s.io/v1`): what the server says of a token.

use crate::authn::headers::Headers;
use crate::authn::{Authentication, Authenticators, Outcome, Request};
use crate::model::{Cluster, UserInfo};
use jiff::Timestamp;
use serde::Serialize;

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
