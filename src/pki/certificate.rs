//! One certificate: its bytes and the facts in them.

use super::PublicKey;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;

/// Why Go refuses to read a certificate; displays Go's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub(super) String);

/// The basicConstraints extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the extension is there.
    pub valid: bool,
    /// Whether it says that this is a certificate authority.
    pub is_ca: bool,
    /// How many intermediates may follow, where it is limited.
    pub max_path_len: Option<u64>,
}

/// The bits of the keyUsage extension, as Go numbers them; zero where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    /// keyCertSign.
    pub const CERT_SIGN: u16 = 1 << 5;

    /// Whether the bit is set.
    pub fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }
}

/// A certificate that Go could read.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    raw_issuer: Vec<u8>,
    raw_subject: Vec<u8>,
    version: u8,
    serial: String,
    common_name: String,
    organizations: Vec<String>,
    organizational_units: Vec<String>,
    subject_uids: Vec<String>,
    subject_key_id: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    not_before: Timestamp,
    not_after: Timestamp,
    ext_key_usages: Vec<String>,
    key_usage: KeyUsage,
    basic_constraints: BasicConstraints,
    dns_names: Vec<String>,
    email_addresses: Vec<String>,
    ip_addresses: Vec<String>,
    uris: Vec<String>,
    public_key: PublicKey,
    signature_algorithm: String,
    issuer_string: String,
    subject_string: String,
    unhandled_critical: Vec<String>,
}

impl Certificate {
    /// Reads a certificate from its DER bytes, refusing what Go's `x509.ParseCertificate` refuses.
    pub fn parse(_der: &[u8]) -> Result<Certificate, ParseError> {
        Err(ParseError("x509: malformed certificate".to_owned()))
    }

    /// The bytes that it was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The issuer's name as encoded.
    pub fn raw_issuer(&self) -> &[u8] {
        &self.raw_issuer
    }

    /// The subject's name as encoded.
    pub fn raw_subject(&self) -> &[u8] {
        &self.raw_subject
    }

    /// 1, 2 or 3.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// The serial number in decimal.
    pub fn serial_decimal(&self) -> String {
        self.serial.clone()
    }

    /// The last common name of the subject, which may be empty; empty too where there is none.
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// The organizations of the subject, in encoded order.
    pub fn organizations(&self) -> &[String] {
        &self.organizations
    }

    /// The organizational units of the subject, in encoded order.
    pub fn organizational_units(&self) -> &[String] {
        &self.organizational_units
    }

    /// The values of the subject's UID attribute (1.3.6.1.4.1.57683.2), in encoded order, printed as Go
    /// prints them.
    pub fn subject_uids(&self) -> &[String] {
        &self.subject_uids
    }

    /// The subject key identifier.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.subject_key_id.as_deref()
    }

    /// The key identifier of the issuer.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.authority_key_id.as_deref()
    }

    /// The SHA-256 of the DER bytes.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// The first instant at which it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last instant at which it is valid.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The extended key usages as object identifiers, in encoded order.
    pub fn ext_key_usages(&self) -> &[String] {
        &self.ext_key_usages
    }

    /// The key usage.
    pub fn key_usage(&self) -> KeyUsage {
        self.key_usage
    }

    /// The basic constraints.
    pub fn basic_constraints(&self) -> BasicConstraints {
        self.basic_constraints
    }

    /// The DNS names among the subject's alternative names.
    pub fn dns_names(&self) -> &[String] {
        &self.dns_names
    }

    /// The mail addresses among the subject's alternative names.
    pub fn email_addresses(&self) -> &[String] {
        &self.email_addresses
    }

    /// The IP addresses among the subject's alternative names.
    pub fn ip_addresses(&self) -> &[String] {
        &self.ip_addresses
    }

    /// The URIs among the subject's alternative names.
    pub fn uris(&self) -> &[String] {
        &self.uris
    }

    /// The key that the certificate is about.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The signature algorithm as Go prints it, such as `SHA256-RSA`.
    pub fn signature_algorithm(&self) -> &str {
        &self.signature_algorithm
    }

    /// The issuer's name as Go prints it.
    pub fn issuer_string(&self) -> &str {
        &self.issuer_string
    }

    /// The subject's name as Go prints it.
    pub fn subject_string(&self) -> &str {
        &self.subject_string
    }

    /// The identifiers of critical extensions that Go does not handle.
    pub fn unhandled_critical_extensions(&self) -> &[String] {
        &self.unhandled_critical
    }
}

/// Displays bytes as the API server's log writes key identifiers: `8B:C0:17`.
pub fn colon_hex(bytes: &[u8]) -> impl fmt::Display {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    hex.join(":")
}
