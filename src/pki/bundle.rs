//! Files of certificates and keys, read as client-go reads them.

use super::der::{Reader, tag};
use super::key::RsaKey;
use super::{Certificate, PublicKey, pem};
use rsa::BigUint;

/// What kind of private key a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKeyKind {
    /// RSA.
    Rsa,
    /// ECDSA on any curve.
    Ecdsa,
    /// Ed25519: read, but the API server makes no token generator of it.
    Ed25519,
    /// Another kind that PKCS#8 can hold.
    Other,
}

/// The certificates of a PEM file (client-go's `cert.ParseCertsPEM`), or its error's text. Only blocks
/// labelled CERTIFICATE and without headers are looked at.
pub fn certificates_from_pem(data: &[u8]) -> Result<Vec<Certificate>, String> {
    let certificates = pem::blocks(data)
        .filter(|block| block.label == "CERTIFICATE" && block.headers.is_empty())
        .map(|block| Certificate::parse(&block.der).map_err(|error| error.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() {
        return Err("data does not contain any valid RSA or ECDSA certificates".to_owned());
    }
    Ok(certificates)
}

/// The public keys of a PEM file (client-go's `keyutil.ParsePublicKeysPEM`), or its error's text.
///
/// Labels do not matter. A private key in PKCS#1, or in PKCS#8 if it is RSA, or in SEC 1, gives its
/// public half; whatever is neither RSA nor ECDSA is passed over.
pub fn public_keys_from_pem(data: &[u8]) -> Result<Vec<PublicKey>, String> {
    let keys: Vec<_> = pem::blocks(data)
        .filter_map(|block| public_key(&block.der))
        .collect();
    if keys.is_empty() {
        return Err("data does not contain any valid RSA or ECDSA public keys".to_owned());
    }
    Ok(keys)
}

fn public_key(der: &[u8]) -> Option<PublicKey> {
    let in_pkcs8 = || match pkcs8(der)? {
        Private::Rsa(key) => Some(PublicKey::Rsa(key)),
        _ => None,
    };
    let public = || {
        let spki = PublicKey::from_spki_der(der).ok();
        spki.or_else(|| Some(Certificate::parse(der).ok()?.public_key().clone()))
    };
    pkcs1(der)
        .map(PublicKey::Rsa)
        .or_else(in_pkcs8)
        .or_else(|| public().filter(PublicKey::is_rsa_or_ecdsa))
        .or_else(|| sec1(der, None))
}

/// The kind of the private key of a PEM file (client-go's `keyutil.ParsePrivateKeyPEM`), or its
/// error's text. Nothing of the key is kept.
pub fn private_key_kind_from_pem(data: &[u8]) -> Result<PrivateKeyKind, String> {
    let kind = |block: pem::Block| match block.label.as_str() {
        "EC PRIVATE KEY" => sec1(&block.der, None).map(|_| PrivateKeyKind::Ecdsa),
        "RSA PRIVATE KEY" => pkcs1(&block.der).map(|_| PrivateKeyKind::Rsa),
        "PRIVATE KEY" => Some(match pkcs8(&block.der)? {
            Private::Rsa(_) => PrivateKeyKind::Rsa,
            Private::Ecdsa => PrivateKeyKind::Ecdsa,
            Private::Ed25519 => PrivateKeyKind::Ed25519,
            Private::X25519 => PrivateKeyKind::Other,
        }),
        _ => None,
    };
    pem::blocks(data)
        .find_map(kind)
        .ok_or_else(|| "data does not contain a valid RSA or ECDSA private key".to_owned())
}

/// A private key, of which only what is public is left.
enum Private {
    Rsa(RsaKey),
    Ecdsa,
    Ed25519,
    X25519,
}

/// An RSA key in PKCS#1. Its parts must belong together.
fn pkcs1(der: &[u8]) -> Option<RsaKey> {
    const MAX_OCTETS: usize = 2048;
    let mut input = Reader(der);
    let mut fields = input.read(tag::SEQUENCE)?;
    let version = fields.int64()?;
    if !input.is_empty() || !matches!(version, 0 | 1) {
        return None;
    }
    let modulus = fields.unsigned()?;
    let exponent = fields.int64().filter(|&exponent| exponent > 1)?;
    let secret = BigUint::from_bytes_be(fields.unsigned()?);
    let (p, q) = (fields.unsigned()?, fields.unsigned()?);
    if [modulus, p, q]
        .iter()
        .any(|part| part.is_empty() || part.len() > MAX_OCTETS)
    {
        return None;
    }
    // Exponents and the coefficient, and in version 1 further primes.
    for _ in 0..3 {
        fields.unsigned()?;
    }
    let mut primes = vec![BigUint::from_bytes_be(p), BigUint::from_bytes_be(q)];
    if version == 1 && !fields.is_empty() {
        let mut more = fields.read(tag::SEQUENCE)?;
        while !more.is_empty() {
            let mut prime = more.read(tag::SEQUENCE)?;
            primes.push(BigUint::from_bytes_be(prime.unsigned()?));
        }
    }
    let one = BigUint::from(1u8);
    let product = primes
        .iter()
        .fold(one.clone(), |product, prime| product * prime);
    let turned = secret * BigUint::from(exponent as u64);
    let fits = |prime: &BigUint| *prime > one && &turned % (prime - &one) == one;
    let together = product == BigUint::from_bytes_be(modulus) && primes.iter().all(fits);
    together.then(|| RsaKey::new(modulus, exponent))
}

fn pkcs8(der: &[u8]) -> Option<Private> {
    let mut input = Reader(der);
    let mut fields = input.read(tag::SEQUENCE)?;
    fields.int64()?;
    let mut algorithm = fields.read(tag::SEQUENCE)?;
    let oid = algorithm.oid()?.to_string();
    let key = fields.read(tag::OCTET_STRING)?.0;
    if !input.is_empty() {
        return None;
    }
    let thirty_two = || {
        let key = Reader(key).read(tag::OCTET_STRING)?;
        (algorithm.is_empty() && key.0.len() == 32).then_some(())
    };
    match oid.as_str() {
        "1.2.840.113549.1.1.1" => pkcs1(key).map(Private::Rsa),
        "1.2.840.10045.2.1" => {
            let curve = algorithm.oid().map(|curve| curve.to_string());
            sec1(key, curve).map(|_| Private::Ecdsa)
        }
        "1.3.101.112" => thirty_two().map(|()| Private::Ed25519),
        "1.3.101.110" => thirty_two().map(|()| Private::X25519),
        _ => None,
    }
}

/// The public half of a key in SEC 1; the curve may be known from elsewhere.
fn sec1(der: &[u8], curve: Option<String>) -> Option<PublicKey> {
    let mut input = Reader(der);
    let mut fields = input.read(tag::SEQUENCE)?;
    let version = fields.int64()?;
    let scalar = fields.read(tag::OCTET_STRING)?.0;
    if !input.is_empty() || version != 1 {
        return None;
    }
    let named = match fields.optional(tag::explicit(0))? {
        Some(mut named) => Some(named.oid()?.to_string()),
        None => None,
    };
    let sized = |size: usize| {
        let surplus = scalar.len().saturating_sub(size);
        let (zeros, scalar) = scalar.split_at(surplus);
        let mut padded = vec![0; size - scalar.len()];
        padded.extend_from_slice(scalar);
        zeros.iter().all(|&octet| octet == 0).then_some(padded)
    };
    macro_rules! public {
        ($curve:ident, $size:literal, $key:path) => {{
            let secret = $curve::SecretKey::from_slice(&sized($size)?).ok()?;
            let public = $curve::EncodedPoint::from(secret.public_key());
            let point = public.as_bytes().to_vec();
            Some($key(point))
        }};
    }
    match curve.or(named)?.as_str() {
        "1.2.840.10045.3.1.7" => public!(p256, 32, PublicKey::EcdsaP256),
        "1.3.132.0.34" => public!(p384, 48, PublicKey::EcdsaP384),
        "1.3.132.0.35" => public!(p521, 66, PublicKey::EcdsaP521),
        _ => None,
    }
}
