//! `AuthenticationConfiguration` of `apiserver.config.k8s.io`: decoded strictly, as the server decodes
//! it, validated in its order and words, and its expressions compiled.

mod decode;
pub mod mapper;
mod schema;
mod validate;

pub use decode::decode;

use super::scheme::{Place, Refusal};
use crate::model::FieldError;
use mapper::Mapper;

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
    /// The compiled expressions of every issuer, in order. `egress_selectors` is the gate
    /// `StructuredAuthenticationConfigurationEgressSelector`.
    ///
    /// # Errors
    /// What the server has against the configuration, all of it.
    pub fn compile(&self, egress_selectors: bool) -> Result<Vec<Mapper>, Vec<FieldError>> {
        let (mappers, errors) = validate::validate(self, egress_selectors);
        match errors.is_empty() {
            true => Ok(mappers),
            false => Err(errors),
        }
    }

    /// What the server has against the configuration, with its gates as they are by default.
    pub fn complaints(&self) -> Vec<FieldError> {
        self.compile(true).err().unwrap_or_default()
    }

    /// [`Self::complaints`] as the server tells them, or `None`.
    pub fn complaint(&self) -> Option<String> {
        told(&self.complaints())
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

/// Judges the content of `--authentication-config` alone.
///
/// # Errors
/// The words with which the server refuses the file, and the place of each complaint.
pub fn judge(data: &[u8]) -> Result<(), Refusal> {
    let (config, document) = decode::document(data)?;
    let complaints = config.complaints();
    let Some(message) = told(&complaints) else {
        return Ok(());
    };
    let places = complaints.iter().map(|complaint| {
        let place = super::authorization_config::locate(&document, &complaint.field);
        let (line, column) = place.unwrap_or((1, 1));
        Place {
            line,
            column,
            message: complaint.to_string(),
        }
    });
    Err(Refusal {
        message,
        places: places.collect(),
    })
}

/// Complaints as the server tells them, or `None`.
pub(super) fn told(complaints: &[FieldError]) -> Option<String> {
    let told: Vec<_> = complaints.iter().map(ToString::to_string).collect();
    super::aggregate(&told)
}
