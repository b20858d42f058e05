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
    // Larger ones nobody uses, and multiplying them would take a hostile file's time.
    const MAX_OCTETS: usize = 2048;
    const MAX_PRIMES: usize = 16;
    let mut input = Reader(der);
    let mut fields = input.read(tag::SEQUENCE)?;
    let version = fields.int64()?;
    if !input.is_empty() || !matches!(version, 0 | 1) {
        return None;
    }
    let modulus = fields.unsigned()?;
    let exponent = fields.int64().filter(|&exponent| exponent > 1)?;
    let secret = fields.unsigned()?;
    let (p, q) = (fields.unsigned()?, fields.unsigned()?);
    if [modulus, secret, p, q]
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
            let prime = prime.unsigned()?;
            if prime.len() > MAX_OCTETS || primes.len() == MAX_PRIMES {
                return None;
            }
            primes.push(BigUint::from_bytes_be(prime));
        }
    }
    let one = BigUint::from(1u8);
    let product = primes
        .iter()
        .fold(one.clone(), |product, prime| product * prime);
    let turned = BigUint::from_bytes_be(secret) * BigUint::from(exponent as u64);
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

#[cfg(test)]
mod tests {
    use super::*;

    // Made for these tests; they open nothing.
    const EC: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIBgd44FGayUpugkNSxAuPfLRfAGuKWQQAJ3N483FG0PKoAoGCCqGSM49
AwEHoUQDQgAE+rPgGvixGdD1em/mVxMP//VbfyqrUMSSPoSRev1W3w1MH4IRigNH
dgMcDsXt56nvmNehxcSersu8KXtQxBhjpg==
-----END EC PRIVATE KEY-----
";
    const EC_PKCS8: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGB3jgUZrJSm6CQ1L
EC498tF8Aa4pZBAAnc3jzcUbQ8qhRANCAAT6s+Aa+LEZ0PV6b+ZXEw//9Vt/KqtQ
xJI+hJF6/VbfDUwfghGKA0d2AxwOxe3nqe+Y16HFxJ6uy7wpe1DEGGOm
-----END PRIVATE KEY-----
";
    const EC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+rPgGvixGdD1em/mVxMP//Vbfyqr
UMSSPoSRev1W3w1MH4IRigNHdgMcDsXt56nvmNehxcSersu8KXtQxBhjpg==
-----END PUBLIC KEY-----
";
    const ED25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIPfrsp5smur2y6ERqkuBUosZgfbiFRgu80UVEzdFDmpP
-----END PRIVATE KEY-----
";
    const RSA: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDGfVMupSMg2afWb9pyQXofyKAq5PdHMcmDNwvVkRS3WWfgkrRk
pewsOrWTgiWyDhn/9d39UFhtJgi1F3aLWVt9eFRd7/tRslvb7557rvUWox8eezPF
WEjEPPIrnxVMMb2Ji2S5IJ1sIFN8ixqP6LqqWaKQhj3mCsGFQRZ5Q0XoMwIDAQAB
AoGBAIhw+c8koSMhuyfCt8y2ibZzePZDcl+0L6tNGYtzMWRfxvIupmZRUCmPKeX+
Ht9opiK25iQNKNvOu0mQmWJsyGAe4h0dp/IvLCMOULDcEzqUXvKeUkTbRfRU6KH9
LWX+fa6r4uczOh0Jok58ROleM1e2MohK264OggLcQ/V4EphhAkEA8B3kqa0oKxR4
tFNdenb9VgtEGjy99AO+6a/MZAdvf+EzZ6hzExXvil3A236LVqpKXMpLUUqLeHQH
m3gCaY8AKwJBANOehYzgemKXH8yzWjs+M0LojryKUISE8M5lKr9b/aeCRb38VTOs
sdU7wM7yU61TLgdydWMdsfUCNi5qqdWWrBkCQQDXFO/OTRy9+ghk/oetOwiSGmVW
WzKLcQ+Bo8chksd9dOvm3iy12+BFwNUPx7poVwFlPI9asbtcmhJ2YHlItJ8hAkEA
rhrK57e8GScay5B32Sv4gsDQxn/JdO3nLPgA7oVhsJI2jPNwqd4YRUYvAFRQ0dYQ
laHuwEgrJFfYeeHZrteS6QJANMZRrNHDKf85HyvQONsH2sikVB2gmflu1jjkrlAd
WkcWuq46soFGptH7FBdc1AOXJOGnplRPpp+gpXUUQH5qXA==
-----END RSA PRIVATE KEY-----
";

    #[test]
    fn private_keys_give_their_public_half() {
        let keys = |text: &str| public_keys_from_pem(text.as_bytes());
        assert_eq!(keys(EC), keys(EC_PUBLIC));
        assert_eq!(keys(EC).map(|keys| keys.len()), Ok(1));
        let kind = |text: &str| keys(text).map(|keys| keys[0].kind_name().to_owned());
        assert_eq!(kind(RSA), Ok("RSA".to_owned()));
        let none = Err("data does not contain any valid RSA or ECDSA public keys".to_owned());
        for passed_over in [EC_PKCS8, ED25519, "", "text"] {
            assert_eq!(kind(passed_over), none);
        }
        // The label does not matter here.
        assert_eq!(keys(&EC_PUBLIC.replace("PUBLIC KEY", "X")), keys(EC));
        assert_eq!(keys(&format!("{ED25519}{EC_PUBLIC}")), keys(EC));
    }

    #[test]
    fn kinds_of_private_keys() {
        let kind = |text: &str| private_key_kind_from_pem(text.as_bytes());
        assert_eq!(kind(EC), Ok(PrivateKeyKind::Ecdsa));
        assert_eq!(kind(EC_PKCS8), Ok(PrivateKeyKind::Ecdsa));
        assert_eq!(kind(ED25519), Ok(PrivateKeyKind::Ed25519));
        assert_eq!(kind(RSA), Ok(PrivateKeyKind::Rsa));
        let error = "data does not contain a valid RSA or ECDSA private key".to_owned();
        for not_one in [EC_PUBLIC, "", &EC.replace("EC PRIVATE", "RSA PRIVATE")] {
            assert_eq!(kind(not_one), Err(error.clone()));
        }
    }

    #[test]
    fn certificates() {
        let read = |text: &str| certificates_from_pem(text.as_bytes()).map(|found| found.len());
        let none = Err("data does not contain any valid RSA or ECDSA certificates".to_owned());
        assert_eq!(read(EC_PUBLIC), none);
        let garbage = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
        assert_eq!(read(garbage), Err("x509: malformed certificate".to_owned()));
        assert_eq!(read(&garbage.replace("AQID", "A: b\n\nAQID")), none);
    }
}
