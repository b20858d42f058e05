//! The extensions of a certificate, in the order and with the errors of Go.

use super::certificate::{BasicConstraints, KeyUsage};
use super::constraints::{NameConstraints, domain_is_valid};
use super::der::{Oid, Reader, tag};
use super::quote::quote;
use super::url::Url;
use std::collections::HashSet;

/// The subject's alternative names.
#[derive(Clone, Debug, Default)]
pub(super) struct AlternativeNames {
    pub dns: Vec<String>,
    pub emails: Vec<String>,
    pub ips: Vec<Vec<u8>>,
    pub uris: Vec<Url>,
}

/// What the extensions say.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    pub key_usage: KeyUsage,
    pub basic_constraints: BasicConstraints,
    /// The encoded alternative names, where there are any.
    pub san: Option<Vec<u8>>,
    pub names: AlternativeNames,
    pub name_constraints: Option<NameConstraints>,
    pub authority_key_id: Option<Vec<u8>>,
    pub subject_key_id: Option<Vec<u8>>,
    pub ext_key_usages: Vec<String>,
    /// Whether it may ask for a policy that the whole chain must have.
    pub requires_policy: bool,
    pub unhandled_critical: Vec<String>,
}

const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";

struct Extension<'a> {
    id: Oid,
    critical: bool,
    value: &'a [u8],
}

impl Extensions {
    /// Reads what stands inside the tag of the extensions.
    pub fn parse(mut list: Reader<'_>) -> Result<Extensions, String> {
        let mut list = list
            .read(tag::SEQUENCE)
            .ok_or("x509: malformed extensions")?;
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        while !list.is_empty() {
            let fields = list
                .read(tag::SEQUENCE)
                .ok_or("x509: malformed extension")?;
            let extension = extension(fields)?;
            let id = extension.id.to_string();
            if seen.contains(&id) {
                return Err(format!(
                    "x509: certificate contains duplicate extension with OID {}",
                    quote(&id)
                ));
            }
            seen.insert(id);
            found.push(extension);
        }
        let mut extensions = Extensions::default();
        for extension in found {
            let handled = extensions.take(&extension)?;
            if extension.critical && !handled {
                let id = extension.id.to_string();
                extensions.unhandled_critical.push(id);
            }
        }
        Ok(extensions)
    }

    /// Takes one extension in; the answer says whether Go handles it.
    fn take(&mut self, extension: &Extension<'_>) -> Result<bool, String> {
        let mut value = Reader(extension.value);
        let critical = extension.critical;
        let kind = match extension.id.0[..] {
            [2, 5, 29, kind] => kind,
            _ if extension.id.to_string() == AUTHORITY_INFO_ACCESS => {
                info_access(value, critical)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        match kind {
            14 if critical => {
                Err("x509: subject key identifier incorrectly marked critical")?;
            }
            14 => {
                let id = value.read(tag::OCTET_STRING);
                let id = id.ok_or("x509: invalid subject key identifier")?;
                self.subject_key_id = Some(id.0.to_vec());
            }
            15 => {
                let (_, octets) = value.bit_string().ok_or("x509: invalid key usage")?;
                let set = |bit: &usize| {
                    octets
                        .get(bit / 8)
                        .is_some_and(|octet| octet >> (7 - bit % 8) & 1 == 1)
                };
                self.key_usage = KeyUsage((0..9).filter(set).map(|bit| 1 << bit).sum());
            }
            17 => {
                self.san = Some(extension.value.to_vec());
                self.names = alternative_names(value)?;
                let names = &self.names;
                return Ok(!(names.dns.is_empty()
                    && names.emails.is_empty()
                    && names.ips.is_empty()
                    && names.uris.is_empty()));
            }
            19 => {
                let constraints = basic_constraints(value);
                self.basic_constraints = constraints.ok_or("x509: invalid basic constraints")?;
            }
            30 => {
                let (constraints, handled) = NameConstraints::parse(value)?;
                self.name_constraints = Some(constraints);
                return Ok(handled);
            }
            31 => distribution_points(value)?,
            32 => {
                policies(value).ok_or("x509: invalid certificate policies")?;
            }
            33 => {
                policy_mappings(value).ok_or("x509: invalid policy mappings extension")?;
            }
            35 if critical => {
                Err("x509: authority key identifier incorrectly marked critical")?;
            }
            35 => {
                let read = || value.read(tag::SEQUENCE)?.optional(tag::context(0));
                let mut read = read;
                let id = read().ok_or("x509: invalid authority key identifier")?;
                self.authority_key_id = id.map(|id| id.0.to_vec());
            }
            36 => {
                let required = policy_constraints(value);
                self.requires_policy =
                    required.ok_or("x509: invalid policy constraints extension")?;
            }
            37 => {
                let usages = key_usages(value);
                self.ext_key_usages = usages.ok_or("x509: invalid extended key usages")?;
            }
            54 => {
                value
                    .int64()
                    .ok_or("x509: invalid inhibit any policy extension")?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn extension(mut fields: Reader<'_>) -> Result<Extension<'_>, &'static str> {
    let id = fields.oid().ok_or("x509: malformed extension OID field")?;
    let critical = if fields.next_is(tag::BOOLEAN) {
        fields
            .boolean()
            .ok_or("x509: malformed extension critical field")?
    } else {
        false
    };
    let value = fields
        .read(tag::OCTET_STRING)
        .ok_or("x509: malformed extension value field")?
        .0;
    Ok(Extension {
        id,
        critical,
        value,
    })
}

fn basic_constraints(mut value: Reader<'_>) -> Option<BasicConstraints> {
    let mut fields = value.read(tag::SEQUENCE)?;
    let is_ca = fields.next_is(tag::BOOLEAN) && fields.boolean()?;
    let max_path_len = if fields.next_is(tag::INTEGER) {
        Some(u64::try_from(fields.int64()?).ok()?)
    } else {
        None
    };
    Some(BasicConstraints {
        valid: true,
        is_ca,
        max_path_len,
    })
}

fn key_usages(mut value: Reader<'_>) -> Option<Vec<String>> {
    let mut list = value.read(tag::SEQUENCE)?;
    let mut usages = Vec::new();
    while !list.is_empty() {
        usages.push(list.oid()?.to_string());
    }
    Some(usages)
}

fn alternative_names(mut value: Reader<'_>) -> Result<AlternativeNames, String> {
    let mut list = value
        .read(tag::SEQUENCE)
        .ok_or("x509: invalid subject alternative names")?;
    let mut names = AlternativeNames::default();
    let ascii = |octets: &[u8], kind: &str| match std::str::from_utf8(octets) {
        Ok(text) if text.is_ascii() => Ok(text.to_owned()),
        _ => Err(format!("x509: SAN {kind} is malformed")),
    };
    while !list.is_empty() {
        let name = list.any().ok_or("x509: invalid subject alternative name")?;
        let octets = name.contents;
        match name.tag ^ 0x80 {
            1 => names.emails.push(ascii(octets, "rfc822Name")?),
            2 => names.dns.push(ascii(octets, "dNSName")?),
            6 => {
                let text = ascii(octets, "uniformResourceIdentifier")?;
                let refused =
                    |error: &str| format!("x509: cannot parse URI {}: {error}", quote(&text));
                let uri = Url::parse(&text).map_err(|error| refused(&error))?;
                if !domain_is_valid(&uri.host, false) {
                    return Err(refused("invalid domain"));
                }
                names.uris.push(uri);
            }
            7 if matches!(octets.len(), 4 | 16) => names.ips.push(octets.to_vec()),
            7 => {
                return Err(format!(
                    "x509: cannot parse IP address of length {}",
                    octets.len()
                ));
            }
            _ => {}
        }
    }
    Ok(names)
}

fn distribution_points(mut value: Reader<'_>) -> Result<(), &'static str> {
    const INVALID: &str = "x509: invalid CRL distribution point";
    let mut list = value
        .read(tag::SEQUENCE)
        .ok_or("x509: invalid CRL distribution points")?;
    while !list.is_empty() {
        let mut point = list.read(tag::SEQUENCE).ok_or(INVALID)?;
        let Some(mut name) = point.optional(tag::explicit(0)).ok_or(INVALID)? else {
            continue;
        };
        let mut names = name.read(tag::explicit(0)).ok_or(INVALID)?;
        while names.next_is(tag::context(6)) {
            names.read(tag::context(6)).ok_or(INVALID)?;
        }
    }
    Ok(())
}

/// Whether each policy is there once, with an identifier that can be read.
fn policies(mut value: Reader<'_>) -> Option<()> {
    let mut list = value.read(tag::SEQUENCE)?;
    let mut seen = HashSet::new();
    while !list.is_empty() {
        let id = list.read(tag::SEQUENCE)?.read(tag::OID)?.0;
        // Parts may have any size here, but none begins with zeros and none is cut off.
        let mut at_start = true;
        for &octet in id {
            if at_start && octet == 0x80 {
                return None;
            }
            at_start = octet & 0x80 == 0;
        }
        if id.is_empty() || !at_start || !seen.insert(id) {
            return None;
        }
    }
    Some(())
}

fn policy_mappings(mut value: Reader<'_>) -> Option<()> {
    let mut list = value.read(tag::SEQUENCE)?;
    while !list.is_empty() {
        let mut pair = list.read(tag::SEQUENCE)?;
        pair.read(tag::OID)?;
        pair.read(tag::OID)?;
    }
    Some(())
}

/// Whether a policy is required.
fn policy_constraints(mut value: Reader<'_>) -> Option<bool> {
    let mut fields = value.read(tag::SEQUENCE)?;
    let required = fields.next_is(tag::context(0));
    if required {
        fields.int64_with(tag::context(0))?;
    }
    if fields.next_is(tag::context(1)) {
        fields.int64_with(tag::context(1))?;
    }
    Some(required)
}

fn info_access(mut value: Reader<'_>, critical: bool) -> Result<(), &'static str> {
    const INVALID: &str = "x509: invalid authority info access";
    if critical {
        return Err("x509: authority info access incorrectly marked critical");
    }
    let mut list = value.read(tag::SEQUENCE).ok_or(INVALID)?;
    while !list.is_empty() {
        let mut access = list.read(tag::SEQUENCE).ok_or(INVALID)?;
        access.oid().ok_or(INVALID)?;
        access.optional(tag::context(6)).ok_or(INVALID)?;
    }
    Ok(())
}
