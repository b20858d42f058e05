//! One certificate: its bytes and the facts in them.

use super::PublicKey;
use super::algorithm::{Algorithm, Identifier};
use super::der::{Element, Reader, right_align, tag};
use super::extensions::Extensions;
use super::name::Name;
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use rsa::BigUint;
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Why Go refuses to read a certificate; displays Go's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(String);

impl<T: Into<String>> From<T> for ParseError {
    fn from(text: T) -> Self {
        ParseError(text.into())
    }
}

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
    tbs: Vec<u8>,
    signature: Vec<u8>,
    algorithm: Algorithm,
    raw_issuer: Vec<u8>,
    raw_subject: Vec<u8>,
    issuer: Name,
    subject: Name,
    version: u8,
    serial: String,
    not_before: Moment,
    not_after: Moment,
    public_key: PublicKey,
    extensions: Extensions,
}

/// An instant as a certificate gives it.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// Seconds since 1970.
    pub second: i64,
    /// As Go prints it, in the zone that it was written in.
    pub text: String,
}

impl Moment {
    /// The instant, or the last one that can be expressed: the year 9999 ends a day early.
    fn timestamp(&self) -> Timestamp {
        let last = Timestamp::MAX;
        Timestamp::from_second(self.second.min(last.as_second())).unwrap_or(last)
    }
}

impl Certificate {
    /// Reads a certificate from its DER bytes, refusing what Go's `x509.ParseCertificate` refuses.
    pub fn parse(der: &[u8]) -> Result<Certificate, ParseError> {
        let mut input = Reader(der);
        let whole = input
            .element(tag::SEQUENCE)
            .ok_or("x509: malformed certificate")?;
        let certificate = parse(whole)?;
        if input.is_empty() {
            Ok(certificate)
        } else {
            Err(ParseError::from("x509: trailing data"))
        }
    }

    /// The signed part, the signature and its algorithm.
    pub(super) fn signed(&self) -> (&[u8], &[u8], Algorithm) {
        (&self.tbs, &self.signature, self.algorithm)
    }

    /// First and last instant, with their texts.
    pub(super) fn validity(&self) -> (&Moment, &Moment) {
        (&self.not_before, &self.not_after)
    }

    /// What its extensions say.
    pub(super) fn extensions(&self) -> &Extensions {
        &self.extensions
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
        &self.subject.common_name
    }

    /// The organizations of the subject, in encoded order.
    pub fn organizations(&self) -> &[String] {
        &self.subject.organizations
    }

    /// The organizational units of the subject, in encoded order.
    pub fn organizational_units(&self) -> &[String] {
        &self.subject.organizational_units
    }

    /// The values of the subject's UID attribute (1.3.6.1.4.1.57683.2), in encoded order, printed as Go
    /// prints them.
    pub fn subject_uids(&self) -> &[String] {
        &self.subject.uids
    }

    /// The subject key identifier.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.extensions.subject_key_id.as_deref()
    }

    /// The key identifier of the issuer.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.extensions.authority_key_id.as_deref()
    }

    /// The SHA-256 of the DER bytes.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// The first instant at which it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before.timestamp()
    }

    /// The last instant at which it is valid.
    pub fn not_after(&self) -> Timestamp {
        self.not_after.timestamp()
    }

    /// The extended key usages as object identifiers, in encoded order.
    pub fn ext_key_usages(&self) -> &[String] {
        &self.extensions.ext_key_usages
    }

    /// The key usage.
    pub fn key_usage(&self) -> KeyUsage {
        self.extensions.key_usage
    }

    /// The basic constraints.
    pub fn basic_constraints(&self) -> BasicConstraints {
        self.extensions.basic_constraints
    }

    /// The DNS names among the subject's alternative names.
    pub fn dns_names(&self) -> &[String] {
        &self.extensions.names.dns
    }

    /// The mail addresses among the subject's alternative names.
    pub fn email_addresses(&self) -> &[String] {
        &self.extensions.names.emails
    }

    /// The IP addresses among the subject's alternative names.
    pub fn ip_addresses(&self) -> Vec<String> {
        let addresses = self.extensions.names.ips.iter();
        addresses.map(|octets| address(octets)).collect()
    }

    /// The URIs among the subject's alternative names.
    pub fn uris(&self) -> Vec<&str> {
        let uris = self.extensions.names.uris.iter();
        uris.map(|uri| uri.text.as_str()).collect()
    }

    /// The key that the certificate is about.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The signature algorithm as Go prints it, such as `SHA256-RSA`.
    pub fn signature_algorithm(&self) -> &str {
        self.algorithm.name
    }

    /// The issuer's name as Go prints it.
    pub fn issuer_string(&self) -> &str {
        &self.issuer.printed
    }

    /// The subject's name as Go prints it.
    pub fn subject_string(&self) -> &str {
        &self.subject.printed
    }

    /// The identifiers of critical extensions that Go does not handle.
    pub fn unhandled_critical_extensions(&self) -> &[String] {
        &self.extensions.unhandled_critical
    }
}

/// Displays bytes as the API server's log writes key identifiers: `8B:C0:17`.
pub fn colon_hex(bytes: &[u8]) -> impl fmt::Display {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    hex.join(":")
}

/// An IP address of four or sixteen octets as Go prints it.
pub(super) fn address(octets: &[u8]) -> String {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Ipv4Addr::from(octets).to_string();
    }
    match <[u8; 16]>::try_from(octets) {
        Ok(octets) => Ipv6Addr::from(octets).to_canonical().to_string(),
        Err(_) => "?".to_owned(),
    }
}

fn parse(whole: Element<'_>) -> Result<Certificate, ParseError> {
    let mut input = Reader(whole.contents);
    let signed = input
        .element(tag::SEQUENCE)
        .ok_or("x509: malformed tbs certificate")?;
    let mut tbs = Reader(signed.contents);

    let version = version(&mut tbs)?;
    let serial = serial(tbs.integer().ok_or("x509: malformed serial number")?)?;

    let inner = tbs
        .read(tag::SEQUENCE)
        .ok_or("x509: malformed signature algorithm identifier")?;
    let outer = input
        .read(tag::SEQUENCE)
        .ok_or("x509: malformed algorithm identifier")?;
    if inner.0 != outer.0 {
        Err("x509: inner and outer signature algorithm identifiers don't match")?;
    }
    let algorithm = Algorithm::of(&Identifier::parse(inner)?);

    let raw_issuer = tbs.element(tag::SEQUENCE).ok_or("x509: malformed issuer")?;
    let issuer = Name::parse(raw_issuer.whole)?;
    let mut validity = tbs.read(tag::SEQUENCE).ok_or("x509: malformed validity")?;
    let not_before = moment(&mut validity)?;
    let not_after = moment(&mut validity)?;
    // Go says issuer here as well.
    let raw_subject = tbs.element(tag::SEQUENCE).ok_or("x509: malformed issuer")?;
    let subject = Name::parse(raw_subject.whole)?;

    let spki = tbs.element(tag::SEQUENCE).ok_or("x509: malformed spki")?;
    let public_key = PublicKey::parse(spki.contents, spki.whole)?;

    let mut extensions = Extensions::default();
    if version > 1 {
        tbs.optional(tag::context(1))
            .ok_or("x509: malformed issuerUniqueID")?;
        tbs.optional(tag::context(2))
            .ok_or("x509: malformed subjectUniqueID")?;
    }
    if version == 3 {
        let list = tbs
            .optional(tag::explicit(3))
            .ok_or("x509: malformed extensions")?;
        if let Some(list) = list {
            extensions = Extensions::parse(list)?;
        }
    }

    let (padding, signature) = input.bit_string().ok_or("x509: malformed signature")?;
    Ok(Certificate {
        der: whole.whole.to_vec(),
        tbs: signed.whole.to_vec(),
        signature: right_align(padding, signature),
        algorithm,
        raw_issuer: raw_issuer.whole.to_vec(),
        raw_subject: raw_subject.whole.to_vec(),
        issuer,
        subject,
        version,
        serial,
        not_before,
        not_after,
        public_key,
        extensions,
    })
}

fn version(tbs: &mut Reader<'_>) -> Result<u8, &'static str> {
    const MALFORMED: &str = "x509: malformed version";
    let Some(mut version) = tbs.optional(tag::explicit(0)).ok_or(MALFORMED)? else {
        return Ok(1);
    };
    let number = version.int64().filter(|_| version.is_empty());
    match number {
        Some(number @ 0..=2) => Ok(number as u8 + 1),
        Some(3) => Err("x509: invalid version"),
        _ => Err(MALFORMED),
    }
}

/// A serial number in decimal. Beyond what any issuer writes it is printed in hexadecimal, so that a
/// hostile one costs no more than its length.
fn serial(octets: &[u8]) -> Result<String, &'static str> {
    if octets[0] & 0x80 != 0 {
        return Err("x509: negative serial number");
    }
    if octets.len() > 4096 {
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        return Ok(format!("0x{hex}"));
    }
    Ok(BigUint::from_bytes_be(octets).to_string())
}

/// Reads a UTCTime or a GeneralizedTime.
fn moment(validity: &mut Reader<'_>) -> Result<Moment, &'static str> {
    let (kind, century, error) = if validity.next_is(tag::UTC_TIME) {
        (tag::UTC_TIME, false, "x509: malformed UTCTime")
    } else if validity.next_is(tag::GENERALIZED_TIME) {
        let error = "x509: malformed GeneralizedTime";
        (tag::GENERALIZED_TIME, true, error)
    } else {
        return Err("x509: unsupported time format");
    };
    let text = validity.read(kind).ok_or(error)?.0;
    instant(text, century).ok_or(error)
}

/// Reads `YYMMDDhhmm[ss]` or, with the century, `YYYYMMDDhhmmss`, and `Z` or an offset behind it.
fn instant(text: &[u8], century: bool) -> Option<Moment> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, zone) = text.split_at(digits);
    let pair = |place: usize| {
        let pair = digits.get(place..place + 2)?;
        Some(i16::from(pair[0] - b'0') * 10 + i16::from(pair[1] - b'0'))
    };
    let (year, rest) = match (century, digits.len()) {
        (true, 14) => (pair(0)? * 100 + pair(2)?, 4),
        (false, 10 | 12) => (if pair(0)? < 50 { 2000 } else { 1900 } + pair(0)?, 2),
        _ => return None,
    };
    let part = |index: usize| pair(rest + 2 * index).map(|part| part as i8);
    let second = if digits.len() == 10 { 0 } else { part(4)? };
    let civil = DateTime::new(year, part(0)?, part(1)?, part(2)?, part(3)?, second, 0).ok()?;
    let (offset, suffix) = offset(zone)?;
    let days = date(1970, 1, 1).until(civil.date()).ok()?.get_days();
    let clock = [civil.hour(), civil.minute(), civil.second()];
    let second = clock
        .iter()
        .fold(0i64, |sum, &part| sum * 60 + i64::from(part));
    let second = i64::from(days) * 86400 + second;
    Some(Moment {
        second: second - offset,
        text: format!("{}{suffix}", civil.strftime("%Y-%m-%dT%H:%M:%S")),
    })
}

/// Reads `Z` or an offset other than zero: seconds east of Greenwich, and how Go prints them.
fn offset(zone: &[u8]) -> Option<(i64, String)> {
    let &[sign @ (b'+' | b'-'), h1, h2, m1, m2] = zone else {
        return (zone == b"Z").then(|| (0, "Z".to_owned()));
    };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |tens: u8, ones: u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
    let (hours, minutes) = (number(h1, h2), number(m1, m2));
    if hours > 24 || minutes > 59 || (hours, minutes) == (0, 0) {
        return None;
    }
    let east = if sign == b'+' { 1 } else { -1 };
    let printed = format!("{}{hours:02}:{minutes:02}", char::from(sign));
    Some((east * (hours * 3600 + minutes * 60), printed))
}

#[cfg(test)]
mod tests {
    use super::{instant, serial};

    #[test]
    fn times() {
        let second = |text: &str, century| instant(text.as_bytes(), century).map(|m| m.second);
        assert_eq!(second("700101000001Z", false), Some(1));
        assert_eq!(second("7001010000Z", false), Some(0));
        assert_eq!(second("700101010000+0100", false), Some(0));
        assert_eq!(second("19700101000001Z", true), Some(1));
        assert_eq!(second("99991231235959Z", true), Some(253_402_300_799));
        for refused in [
            "700101000000",
            "700101000000+0000",
            "700101000060Z",
            "700230000000Z",
        ] {
            assert_eq!(second(refused, false), None, "{refused}");
        }
        assert_eq!(second("19700101000000.5Z", true), None);
        let east = instant(b"490101010000+0130", false).map(|m| m.text);
        assert_eq!(east.as_deref(), Some("2049-01-01T01:00:00+01:30"));
    }

    #[test]
    fn serials() {
        assert_eq!(serial(&[0]).as_deref(), Ok("0"));
        assert_eq!(
            serial(&[1, 0, 0, 0, 0, 0, 0, 0, 0]).as_deref(),
            Ok("18446744073709551616")
        );
        assert_eq!(serial(&[0x80]), Err("x509: negative serial number"));
    }
}
