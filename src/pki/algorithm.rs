//! Signature algorithms by Go's names.

use super::der::{NULL, Oid, Reader, tag};

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// What a signature algorithm asks of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Pkcs1(Hash),
    Pss(Hash),
    Ecdsa(Hash),
    Ed25519,
    Dsa,
    /// Go knows the name and refuses it.
    Insecure,
    /// Go does not know it.
    Unknown,
}

/// An algorithm: Go's name, and what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Algorithm {
    pub name: &'static str,
    pub scheme: Scheme,
}

const UNKNOWN: Algorithm = Algorithm {
    name: "0",
    scheme: Scheme::Unknown,
};

const PSS: &str = "1.2.840.113549.1.1.10";
const MGF1: &str = "1.2.840.113549.1.1.8";
const ED25519: &str = "1.3.101.112";

/// An AlgorithmIdentifier: its object identifier, and its parameters as encoded.
pub(super) struct Identifier<'a> {
    pub oid: Oid,
    pub parameters: &'a [u8],
}

impl<'a> Identifier<'a> {
    /// Reads the contents of an AlgorithmIdentifier.
    pub fn parse(mut contents: Reader<'a>) -> Result<Self, &'static str> {
        let oid = contents.oid().ok_or("x509: malformed OID")?;
        let parameters = if contents.is_empty() {
            &[]
        } else {
            let parameters = contents.any().ok_or("x509: malformed parameters")?;
            parameters.whole
        };
        Ok(Identifier { oid, parameters })
    }
}

impl Algorithm {
    /// The algorithm that an identifier names.
    pub fn of(identifier: &Identifier<'_>) -> Algorithm {
        let oid = identifier.oid.to_string();
        if oid == ED25519 && !identifier.parameters.is_empty() {
            return UNKNOWN;
        }
        if oid == PSS {
            return pss(identifier.parameters).unwrap_or(UNKNOWN);
        }
        let (name, scheme) = match oid.as_str() {
            "1.2.840.113549.1.1.4" => ("MD5-RSA", Scheme::Insecure),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("SHA1-RSA", Scheme::Insecure),
            "1.2.840.113549.1.1.11" => ("SHA256-RSA", Scheme::Pkcs1(Hash::Sha256)),
            "1.2.840.113549.1.1.12" => ("SHA384-RSA", Scheme::Pkcs1(Hash::Sha384)),
            "1.2.840.113549.1.1.13" => ("SHA512-RSA", Scheme::Pkcs1(Hash::Sha512)),
            "1.2.840.10040.4.3" => ("DSA-SHA1", Scheme::Insecure),
            "2.16.840.1.101.3.4.3.2" => ("DSA-SHA256", Scheme::Dsa),
            "1.2.840.10045.4.1" => ("ECDSA-SHA1", Scheme::Insecure),
            "1.2.840.10045.4.3.2" => ("ECDSA-SHA256", Scheme::Ecdsa(Hash::Sha256)),
            "1.2.840.10045.4.3.3" => ("ECDSA-SHA384", Scheme::Ecdsa(Hash::Sha384)),
            "1.2.840.10045.4.3.4" => ("ECDSA-SHA512", Scheme::Ecdsa(Hash::Sha512)),
            ED25519 => ("Ed25519", Scheme::Ed25519),
            _ => return UNKNOWN,
        };
        Algorithm { name, scheme }
    }
}

/// RSASSA-PSS: only with one hash for everything, and a salt of its length.
fn pss(parameters: &[u8]) -> Option<Algorithm> {
    let mut outer = Reader(parameters);
    let mut fields = outer.read(tag::SEQUENCE)?;
    if !outer.is_empty() {
        return None;
    }
    let mut hash = fields.read(tag::explicit(0))?;
    let hash = Identifier::parse(hash.read(tag::SEQUENCE)?).ok()?;
    let mut mask = fields.read(tag::explicit(1))?;
    let mask = Identifier::parse(mask.read(tag::SEQUENCE)?).ok()?;
    let mask_hash = Reader(mask.parameters).read(tag::SEQUENCE)?;
    let mask_hash = Identifier::parse(mask_hash).ok()?;
    let salt = fields.read(tag::explicit(2))?.int64()?;
    let trailer = match fields.optional(tag::explicit(3))? {
        Some(mut trailer) => trailer.int64()?,
        None => 1,
    };
    let plain = |parameters: &[u8]| parameters.is_empty() || parameters == NULL;
    if !plain(hash.parameters)
        || mask.oid.to_string() != MGF1
        || mask_hash.oid != hash.oid
        || !plain(mask_hash.parameters)
        || trailer != 1
    {
        return None;
    }
    let (name, hash) = match (hash.oid.to_string().as_str(), salt) {
        ("2.16.840.1.101.3.4.2.1", 32) => ("SHA256-RSAPSS", Hash::Sha256),
        ("2.16.840.1.101.3.4.2.2", 48) => ("SHA384-RSAPSS", Hash::Sha384),
        ("2.16.840.1.101.3.4.2.3", 64) => ("SHA512-RSAPSS", Hash::Sha512),
        _ => return None,
    };
    Some(Algorithm {
        name,
        scheme: Scheme::Pss(hash),
    })
}
