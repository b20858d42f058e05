//! `AuthenticationConfiguration` of `apiserver.config.k8s.io`: decoded strictly, as the server decodes
//! it, and validated as far as it goes without the expressions of `jwt`.

mod decode;
mod schema;

pub use decode::decode;

use super::go_url;
use crate::model::{BadValue, FieldError};

/// What is said where `jwt` is configured.
pub const JWT_ASSUMPTION: &str = "of jwt only the issuers' URLs are judged so far; audiences, mappings and rules are taken to be in order";

/// The configuration file of authentication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticationConfiguration {
    /// Issuers of tokens, in order.
    pub jwt: Vec<JwtAuthenticator>,
    /// Anonymous requests; `None` leaves them to the flag.
    pub anonymous: Option<Anonymous>,
}

/// Which requests without a credential are let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anonymous {
    /// Whether any is.
    pub enabled: bool,
    /// The paths on which they are; none is everywhere.
    pub paths: Vec<String>,
}

impl Anonymous {
    /// Whether a request for this path (decoded, without its query) may be anonymous.
    pub fn allows(&self, path: &str) -> bool {
        self.enabled && (self.paths.is_empty() || self.paths.iter().any(|allowed| allowed == path))
    }
}

/// An issuer of tokens and how their claims become a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwtAuthenticator {
    /// Who issues the tokens.
    pub issuer: Issuer,
    /// What must hold of a token.
    pub claim_validation_rules: Vec<ClaimValidationRule>,
    /// Which claims become what of the user.
    pub claim_mappings: ClaimMappings,
    /// What must hold of the user.
    pub user_validation_rules: Vec<UserValidationRule>,
}

/// `jwt[].issuer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Issuer {
    pub url: String,
    pub discovery_url: String,
    pub certificate_authority: String,
    pub audiences: Vec<String>,
    pub audience_match_policy: String,
    pub egress_selector_type: String,
}

/// `jwt[].claimValidationRules[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClaimValidationRule {
    pub claim: String,
    pub required_value: String,
    pub expression: String,
    pub message: String,
}

/// `jwt[].claimMappings`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClaimMappings {
    pub username: PrefixedClaimOrExpression,
    pub groups: PrefixedClaimOrExpression,
    pub uid: ClaimOrExpression,
    pub extra: Vec<ExtraMapping>,
}

/// A claim with a prefix, or an expression. An absent prefix is not an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PrefixedClaimOrExpression {
    pub claim: String,
    pub prefix: Option<String>,
    pub expression: String,
}

/// A claim or an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClaimOrExpression {
    pub claim: String,
    pub expression: String,
}

/// `jwt[].claimMappings.extra[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ExtraMapping {
    pub key: String,
    pub value_expression: String,
}

/// `jwt[].userValidationRules[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserValidationRule {
    pub expression: String,
    pub message: String,
}

impl AuthenticationConfiguration {
    /// What the server has against the configuration (`ValidateAuthenticationConfiguration`): the URLs
    /// of issuers and `anonymous`. Audiences, mappings, rules and expressions are not looked at yet.
    pub fn complaints(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (i, jwt) in self.jwt.iter().enumerate() {
            let url = &jwt.issuer.url[..];
            let path = format!("jwt[{i}].issuer.url");
            check_url(url, &path, &mut errors);
            if seen.contains(&url) {
                errors.push(FieldError::duplicate(path, url));
            } else {
                seen.push(url);
            }
        }
        if let Some(anonymous) = &self.anonymous
            && !anonymous.enabled
            && !anonymous.paths.is_empty()
        {
            let shown: Vec<_> = anonymous
                .paths
                .iter()
                .map(|path| serde_json::json!({ "Path": path }))
                .collect();
            errors.push(FieldError::invalid(
                "anonymous.conditions",
                BadValue::json(&shown),
                "enabled should be set to true when conditions are defined",
            ));
        }
        errors
    }

    /// [`Self::complaints`] as the server tells them, or `None`.
    pub fn complaint(&self) -> Option<String> {
        let complaints = self.complaints();
        let told: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        super::aggregate(&told)
    }

    /// What the server says, later, of an issuer that is its own service account issuer.
    pub(super) fn overlap(&self, disallowed: &[String]) -> Option<FieldError> {
        let jwt = self
            .jwt
            .iter()
            .find(|jwt| disallowed.contains(&jwt.issuer.url))?;
        let mut sorted = disallowed.to_vec();
        sorted.sort();
        Some(FieldError::invalid(
            "issuer.url",
            &jwt.issuer.url[..],
            format!(
                "URL must not overlap with disallowed issuers: [{}]",
                sorted.join(" ")
            ),
        ))
    }
}

fn check_url(text: &str, path: &str, errors: &mut Vec<FieldError>) {
    if text.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    let url = match go_url::parse(text) {
        Ok(url) => url,
        Err(error) => {
            errors.push(FieldError::invalid(path, text, error));
            return;
        }
    };
    let checks = [
        (url.scheme != "https", "URL scheme must be https"),
        (url.has_user, "URL must not contain a username or password"),
        (!url.query.is_empty(), "URL must not contain a query"),
        (!url.fragment.is_empty(), "URL must not contain a fragment"),
    ];
    for (wrong, detail) in checks {
        if wrong {
            errors.push(FieldError::invalid(path, text, detail));
        }
    }
}
