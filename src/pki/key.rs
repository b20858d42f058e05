//! Public keys, and whether a signature is theirs.

use super::algorithm::{Algorithm, Hash, Identifier, Scheme};
use super::der::{NULL, Reader, element, right_align, tag, write};
use rsa::BigUint;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// An RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {
    /// Big-endian, without leading zeros.
    modulus: Vec<u8>,
    exponent: i64,
}

/// A public key that Go can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA.
    Rsa(RsaKey),
    /// ECDSA on P-256: the uncompressed point.
    EcdsaP256(Vec<u8>),
    /// ECDSA on P-384: the uncompressed point.
    EcdsaP384(Vec<u8>),
    /// ECDSA on P-521: the uncompressed point.
    EcdsaP521(Vec<u8>),
    /// Ed25519: its 32 bytes.
    Ed25519(Vec<u8>),
    /// A key of another kind, with its name; nothing can be verified with it here.
    Other {
        /// The name of its algorithm.
        name: String,
        /// The whole key as SubjectPublicKeyInfo.
        spki: Vec<u8>,
    },
}

/// What can be said about a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// It is the key's.
    Valid,
    /// It is not, with Go's text.
    Invalid(String),
    /// It cannot be checked here, with the reason.
    Unknown(String),
}

const RSA: &str = "1.2.840.113549.1.1.1";
const DSA: &str = "1.2.840.10040.4.1";
const ECDSA: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
const X25519: &str = "1.3.101.110";

const P224: &str = "ECDSA P-224";
const UNKNOWN: &str = "unknown";

const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const OID_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const OID_P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const OID_P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Beyond this many bits an RSA signature is not checked: the time that it takes grows without end.
const MAX_RSA_BITS: usize = 16384;

const UNIMPLEMENTED: &str = "x509: cannot verify signature: algorithm unimplemented";
const RSA_FAILS: &str = "crypto/rsa: verification error";

impl RsaKey {
    /// A key from the octets of its two numbers; neither is negative.
    pub(super) fn new(modulus: &[u8], exponent: i64) -> RsaKey {
        RsaKey {
            modulus: modulus.to_vec(),
            exponent,
        }
    }

    fn bits(&self) -> usize {
        let zeros = self
            .modulus
            .first()
            .map_or(0, |first| first.leading_zeros());
        self.modulus.len() * 8 - zeros as usize
    }

    /// Raises the signature to the exponent: the encoded message, as long as the modulus.
    fn open(&self, signature: &[u8]) -> Result<Vec<u8>, SignatureCheck> {
        let invalid = |text: &str| Err(SignatureCheck::Invalid(text.to_owned()));
        let bits = self.bits();
        if bits < 1024 {
            return invalid(&format!(
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            ));
        }
        if self.modulus.last().is_none_or(|last| last & 1 == 0) {
            return invalid("crypto/rsa: public modulus is even");
        }
        if self.exponent < 2 {
            return invalid("crypto/rsa: public exponent too small or negative");
        }
        if self.exponent & 1 == 0 {
            return invalid("crypto/rsa: public exponent is even");
        }
        if self.exponent > (1 << 31) - 1 {
            return invalid("crypto/rsa: public exponent too large");
        }
        if signature.len() != self.modulus.len() {
            return invalid(RSA_FAILS);
        }
        if bits > MAX_RSA_BITS {
            return Err(SignatureCheck::Unknown(format!(
                "an RSA key of {bits} bits is not checked here"
            )));
        }
        let modulus = BigUint::from_bytes_be(&self.modulus);
        let number = BigUint::from_bytes_be(signature);
        if number >= modulus {
            return invalid(RSA_FAILS);
        }
        let exponent = BigUint::from(self.exponent as u64);
        let opened = number.modpow(&exponent, &modulus).to_bytes_be();
        let mut padded = vec![0; self.modulus.len().saturating_sub(opened.len())];
        padded.extend(opened);
        Ok(padded)
    }

    fn pkcs1(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> SignatureCheck {
        let opened = match self.open(signature) {
            Ok(opened) => opened,
            Err(check) => return check,
        };
        let mut info = element(tag::OID, hash.oid());
        info.extend_from_slice(NULL);
        let mut info = element(tag::SEQUENCE, &info);
        write(&mut info, tag::OCTET_STRING, digest);
        let info = element(tag::SEQUENCE, &info);
        let mut expected = vec![0, 1];
        expected.resize(opened.len().saturating_sub(info.len() + 1), 0xff);
        expected.push(0);
        expected.extend(info);
        verdict(expected == opened, RSA_FAILS)
    }

    /// `salt`: how long the salt must be; `None`: as long as it is.
    fn pss(
        &self,
        hash: Hash,
        digest: &[u8],
        salt: Option<usize>,
        signature: &[u8],
    ) -> SignatureCheck {
        match self.open(signature) {
            Ok(opened) => {
                let bits = self.bits() - 1;
                verdict(
                    pss_fits(hash, digest, salt, &opened, bits).is_some(),
                    RSA_FAILS,
                )
            }
            Err(check) => check,
        }
    }
}

/// EMSA-PSS-VERIFY of RFC 8017 with MGF1 over the same hash.
fn pss_fits(
    hash: Hash,
    digest: &[u8],
    salt: Option<usize>,
    opened: &[u8],
    bits: usize,
) -> Option<()> {
    let (surplus, encoded) = opened.split_at_checked(opened.len() - bits.div_ceil(8))?;
    if surplus.iter().any(|&octet| octet != 0) {
        return None;
    }
    let (masked, tail) = encoded.split_at_checked(encoded.len().checked_sub(digest.len() + 1)?)?;
    let (seed, trailer) = tail.split_at(digest.len());
    let unused = 0xff00u16.wrapping_shr((8 * encoded.len() - bits) as u32) as u8;
    if trailer != [0xbc] || *masked.first()? & unused != 0 {
        return None;
    }
    let mut block = masked.to_vec();
    for (count, chunk) in block.chunks_mut(digest.len()).enumerate() {
        let mask = hash.digest(&[seed, &(count as u32).to_be_bytes()]);
        chunk
            .iter_mut()
            .zip(mask)
            .for_each(|(octet, mask)| *octet ^= mask);
    }
    block[0] &= !unused;
    let zeros = block.iter().take_while(|&&octet| octet == 0).count();
    let (&one, found) = block[zeros..].split_first()?;
    if one != 1 || salt.is_some_and(|salt| salt != found.len()) {
        return None;
    }
    (hash.digest(&[&[0; 8], digest, found]) == seed).then_some(())
}

impl Hash {
    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn all<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let hasher = parts
                .iter()
                .fold(D::new(), |hasher, part| hasher.chain_update(part));
            hasher.finalize().to_vec()
        }
        match self {
            Hash::Sha256 => all::<Sha256>(parts),
            Hash::Sha384 => all::<Sha384>(parts),
            Hash::Sha512 => all::<Sha512>(parts),
        }
    }

    fn oid(self) -> &'static [u8] {
        match self {
            Hash::Sha256 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1],
            Hash::Sha384 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2],
            Hash::Sha512 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3],
        }
    }
}

fn verdict(valid: bool, otherwise: &str) -> SignatureCheck {
    if valid {
        SignatureCheck::Valid
    } else {
        SignatureCheck::Invalid(otherwise.to_owned())
    }
}

/// ECDSA over a digest with the two numbers as big-endian octets; `None` where nothing is wrong with the
/// algorithm, but the signature does not fit.
macro_rules! ecdsa {
    ($curve:ident, $size:literal, $point:expr, $digest:expr, $r:expr, $s:expr) => {{
        use $curve::ecdsa::signature::hazmat::PrehashVerifier;
        let number = |octets: &[u8]| {
            let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
            let octets = &octets[zeros..];
            let mut padded = $curve::FieldBytes::default();
            let start = $size.checked_sub(octets.len())?;
            padded[start..].copy_from_slice(octets);
            Some(padded)
        };
        // A digest shorter than the field is the same number with zeros before it.
        let mut digest = vec![0; $size - $digest.len().min($size)];
        digest.extend_from_slice($digest);
        let check = || {
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes($point).ok()?;
            let signature =
                $curve::ecdsa::Signature::from_scalars(number($r)?, number($s)?).ok()?;
            key.verify_prehash(&digest, &signature).ok()
        };
        check().is_some()
    }};
}

impl PublicKey {
    /// An RSA key from the octets of its modulus and its exponent, whatever they are.
    pub fn rsa(modulus: &[u8], exponent: i64) -> PublicKey {
        let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
        PublicKey::Rsa(RsaKey::new(&modulus[zeros..], exponent))
    }

    /// A point of the curve that JSON Web Keys call so; `None` if it is not on it, or the curve not known.
    pub fn point(curve: &str, x: &[u8], y: &[u8]) -> Option<PublicKey> {
        let make = match curve {
            "P-256" => PublicKey::EcdsaP256,
            "P-384" => PublicKey::EcdsaP384,
            "P-521" => PublicKey::EcdsaP521,
            _ => return None,
        };
        point(&[&[4], x, y].concat(), make).ok()
    }

    /// Whether it is no RSA key without an exponent.
    pub fn has_exponent(&self) -> bool {
        !matches!(self, PublicKey::Rsa(key) if key.exponent == 0)
    }

    /// Reads a SubjectPublicKeyInfo (Go's `x509.ParsePKIXPublicKey`), with Go's text if it cannot.
    pub fn from_spki_der(der: &[u8]) -> Result<PublicKey, String> {
        let mut input = Reader(der);
        let fields = input.element(tag::SEQUENCE);
        let fields = fields.ok_or("asn1: structure error: tags don't match")?;
        if !input.is_empty() {
            return Err("x509: trailing data after ASN.1 of public-key".to_owned());
        }
        match PublicKey::parse(fields.contents, fields.whole)? {
            PublicKey::Other { name, .. } if name == UNKNOWN => {
                Err("x509: unknown public key algorithm".to_owned())
            }
            key => Ok(key),
        }
    }

    /// Reads the contents of a SubjectPublicKeyInfo as a certificate's; an algorithm that Go does not
    /// know is no error there.
    pub(super) fn parse(contents: &[u8], whole: &[u8]) -> Result<PublicKey, String> {
        let mut fields = Reader(contents);
        let algorithm = fields
            .read(tag::SEQUENCE)
            .ok_or("x509: malformed public key algorithm identifier")?;
        let algorithm = Identifier::parse(algorithm)?;
        let (padding, octets) = fields
            .bit_string()
            .ok_or("x509: malformed subjectPublicKey")?;
        let data = right_align(padding, octets);
        let parameters = algorithm.parameters;
        let other = |name: &str| PublicKey::Other {
            name: name.to_owned(),
            spki: whole.to_vec(),
        };
        match algorithm.oid.to_string().as_str() {
            RSA if parameters != NULL => Err("x509: RSA key missing NULL parameters".to_owned()),
            RSA => rsa_key(&data),
            ECDSA => {
                let curve = Reader(parameters).oid();
                let curve = curve.ok_or("x509: invalid ECDSA parameters")?;
                match curve.to_string().as_str() {
                    "1.3.132.0.33" => Ok(other(P224)),
                    "1.2.840.10045.3.1.7" => point(&data, PublicKey::EcdsaP256),
                    "1.3.132.0.34" => point(&data, PublicKey::EcdsaP384),
                    "1.3.132.0.35" => point(&data, PublicKey::EcdsaP521),
                    _ => Err("x509: unsupported elliptic curve".to_owned()),
                }
            }
            ED25519 if !parameters.is_empty() => {
                Err("x509: Ed25519 key encoded with illegal parameters".to_owned())
            }
            ED25519 if data.len() != 32 => Err("x509: wrong Ed25519 public key size".to_owned()),
            ED25519 => Ok(PublicKey::Ed25519(data)),
            X25519 if !parameters.is_empty() => {
                Err("x509: X25519 key encoded with illegal parameters".to_owned())
            }
            X25519 if data.len() != 32 => Err("crypto/ecdh: invalid public key".to_owned()),
            X25519 => Ok(other("X25519")),
            DSA => {
                dsa_key(&data, parameters)?;
                Ok(other("DSA"))
            }
            _ => Ok(other(UNKNOWN)),
        }
    }

    /// The SubjectPublicKeyInfo of the key, as Go's `x509.MarshalPKIXPublicKey` writes it.
    pub fn to_spki_der(&self) -> Vec<u8> {
        let mut algorithm = Vec::new();
        let key = match self {
            PublicKey::Other { spki, .. } => return spki.clone(),
            PublicKey::Rsa(key) => {
                write(&mut algorithm, tag::OID, OID_RSA);
                algorithm.extend_from_slice(NULL);
                let mut numbers = unsigned(&key.modulus);
                numbers.extend(unsigned(&key.exponent.to_be_bytes()));
                element(tag::SEQUENCE, &numbers)
            }
            PublicKey::EcdsaP256(point)
            | PublicKey::EcdsaP384(point)
            | PublicKey::EcdsaP521(point) => {
                write(&mut algorithm, tag::OID, OID_ECDSA);
                let curve = match self {
                    PublicKey::EcdsaP256(_) => OID_P256,
                    PublicKey::EcdsaP384(_) => OID_P384,
                    _ => OID_P521,
                };
                write(&mut algorithm, tag::OID, curve);
                point.clone()
            }
            PublicKey::Ed25519(key) => {
                write(&mut algorithm, tag::OID, OID_ED25519);
                key.clone()
            }
        };
        let mut fields = element(tag::SEQUENCE, &algorithm);
        let bits: Vec<u8> = std::iter::once(0).chain(key).collect();
        write(&mut fields, tag::BIT_STRING, &bits);
        element(tag::SEQUENCE, &fields)
    }

    /// What to call the kind of key, for people.
    pub fn kind_name(&self) -> &str {
        match self {
            PublicKey::Rsa(_) => "RSA",
            PublicKey::EcdsaP256(_) => "ECDSA P-256",
            PublicKey::EcdsaP384(_) => "ECDSA P-384",
            PublicKey::EcdsaP521(_) => "ECDSA P-521",
            PublicKey::Ed25519(_) => "Ed25519",
            PublicKey::Other { name, .. } => name,
        }
    }

    /// The size in bits, where it is known.
    pub fn bits(&self) -> Option<usize> {
        match self {
            PublicKey::Rsa(key) => Some(key.bits()),
            PublicKey::EcdsaP256(_) | PublicKey::Ed25519(_) => Some(256),
            PublicKey::EcdsaP384(_) => Some(384),
            PublicKey::EcdsaP521(_) => Some(521),
            PublicKey::Other { name, .. } => (name == P224).then_some(224),
        }
    }

    /// Whether client-go takes it for a service account's: RSA, or ECDSA on any curve.
    pub(super) fn is_rsa_or_ecdsa(&self) -> bool {
        match self {
            PublicKey::Ed25519(_) => false,
            PublicKey::Other { name, .. } => name == P224,
            _ => true,
        }
    }

    /// Whether Go knows the algorithm of the key at all.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, PublicKey::Other { name, .. } if name == UNKNOWN)
    }

    /// Whether `signature` is this key's over `message` under the JWS algorithm `alg`. A salt of
    /// RSASSA-PSS may have any length.
    pub fn verify_jws(&self, alg: &str, message: &[u8], signature: &[u8]) -> SignatureCheck {
        const UNSUPPORTED: &str = "go-jose/go-jose: unknown/unsupported algorithm";
        const ES_FAILS: &str = "go-jose/go-jose: ecdsa signature failed to verify";
        const ED_FAILS: &str = "go-jose/go-jose: ed25519 signature failed to verify";

        let hash = match alg.get(2..) {
            Some("256") => Some(Hash::Sha256),
            Some("384") => Some(Hash::Sha384),
            Some("512") => Some(Hash::Sha512),
            _ => None,
        };
        let scheme = match (alg.get(..2), hash) {
            (Some("RS"), Some(hash)) => Scheme::Pkcs1(hash),
            (Some("PS"), Some(hash)) => Scheme::Pss(hash),
            (Some("ES"), Some(hash)) => Scheme::Ecdsa(hash),
            _ if alg == "EdDSA" => Scheme::Ed25519,
            _ => return SignatureCheck::Invalid(UNSUPPORTED.to_owned()),
        };
        match (self, scheme) {
            (PublicKey::Rsa(key), Scheme::Pkcs1(hash)) => {
                key.pkcs1(hash, &hash.digest(&[message]), signature)
            }
            (PublicKey::Rsa(key), Scheme::Pss(hash)) => {
                key.pss(hash, &hash.digest(&[message]), None, signature)
            }
            (PublicKey::EcdsaP256(_), Scheme::Ecdsa(hash @ Hash::Sha256))
            | (PublicKey::EcdsaP384(_), Scheme::Ecdsa(hash @ Hash::Sha384))
            | (PublicKey::EcdsaP521(_), Scheme::Ecdsa(hash @ Hash::Sha512)) => {
                let half = self.bits().unwrap_or_default().div_ceil(8);
                if signature.len() != 2 * half {
                    return SignatureCheck::Invalid(format!(
                        "go-jose/go-jose: invalid signature size, have {} bytes, wanted {}",
                        signature.len(),
                        2 * half
                    ));
                }
                let (r, s) = signature.split_at(half);
                verdict(self.ecdsa(&hash.digest(&[message]), r, s), ES_FAILS)
            }
            (PublicKey::Ed25519(key), Scheme::Ed25519) => {
                verdict(ed25519(key, message, signature), ED_FAILS)
            }
            (PublicKey::Other { name, .. }, Scheme::Ecdsa(_)) if name == P224 => unknown(name),
            _ => SignatureCheck::Invalid(UNSUPPORTED.to_owned()),
        }
    }

    /// Whether `signature` is this key's over `message`, as Go's `Certificate.CheckSignature` judges it.
    pub(super) fn verify_x509(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> SignatureCheck {
        let wants = match algorithm.scheme {
            Scheme::Unknown => return SignatureCheck::Invalid(UNIMPLEMENTED.to_owned()),
            Scheme::Insecure => {
                return SignatureCheck::Invalid(format!(
                    "x509: cannot verify signature: insecure algorithm {}",
                    algorithm.name
                ));
            }
            Scheme::Pkcs1(_) | Scheme::Pss(_) => "RSA",
            Scheme::Ecdsa(_) => "ECDSA",
            Scheme::Ed25519 => "Ed25519",
            Scheme::Dsa => "DSA",
        };
        match (self, algorithm.scheme) {
            (PublicKey::Rsa(key), Scheme::Pkcs1(hash)) => {
                key.pkcs1(hash, &hash.digest(&[message]), signature)
            }
            (PublicKey::Rsa(key), Scheme::Pss(hash)) => {
                let digest = hash.digest(&[message]);
                key.pss(hash, &digest, Some(digest.len()), signature)
            }
            (
                PublicKey::EcdsaP256(_) | PublicKey::EcdsaP384(_) | PublicKey::EcdsaP521(_),
                Scheme::Ecdsa(hash),
            ) => {
                let valid = ecdsa_numbers(signature)
                    .is_some_and(|(r, s)| self.ecdsa(&hash.digest(&[message]), r, s));
                verdict(valid, "x509: ECDSA verification failure")
            }
            (PublicKey::Ed25519(key), Scheme::Ed25519) => verdict(
                ed25519(key, message, signature),
                "x509: Ed25519 verification failure",
            ),
            (PublicKey::Other { name, .. }, Scheme::Ecdsa(_)) if name == P224 => unknown(name),
            _ => {
                let has = match self {
                    PublicKey::Rsa(_) => "*rsa.PublicKey",
                    PublicKey::Ed25519(_) => "ed25519.PublicKey",
                    PublicKey::Other { name, .. } if name != P224 => {
                        return SignatureCheck::Invalid(UNIMPLEMENTED.to_owned());
                    }
                    _ => "*ecdsa.PublicKey",
                };
                SignatureCheck::Invalid(format!(
                    "x509: signature algorithm specifies an {wants} public key, but have public key of type {has}"
                ))
            }
        }
    }

    fn ecdsa(&self, digest: &[u8], r: &[u8], s: &[u8]) -> bool {
        match self {
            PublicKey::EcdsaP256(point) => ecdsa!(p256, 32usize, point, digest, r, s),
            PublicKey::EcdsaP384(point) => ecdsa!(p384, 48usize, point, digest, r, s),
            PublicKey::EcdsaP521(point) => ecdsa!(p521, 66usize, point, digest, r, s),
            _ => false,
        }
    }
}

fn unknown(name: &str) -> SignatureCheck {
    SignatureCheck::Unknown(format!("signatures of {name} keys are not checked here"))
}

/// The two numbers of an ECDSA signature in DER.
fn ecdsa_numbers(signature: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut outer = Reader(signature);
    let mut inner = outer.read(tag::SEQUENCE)?;
    let numbers = (inner.unsigned()?, inner.unsigned()?);
    (outer.is_empty() && inner.is_empty()).then_some(numbers)
}

fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    let check = || {
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let signature = Signature::from_slice(signature).ok()?;
        key.verify(message, &signature).ok()
    };
    check().is_some()
}

/// An integer above or equal to zero from big-endian octets.
fn unsigned(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    let octets = &octets[zeros..];
    let sign = octets.first().is_none_or(|first| first & 0x80 != 0);
    let contents: Vec<u8> = sign
        .then_some(0)
        .into_iter()
        .chain(octets.iter().copied())
        .collect();
    element(tag::INTEGER, &contents)
}

fn rsa_key(data: &[u8]) -> Result<PublicKey, String> {
    let mut numbers = Reader(data)
        .read(tag::SEQUENCE)
        .ok_or("x509: invalid RSA public key")?;
    let modulus = numbers.integer().ok_or("x509: invalid RSA modulus")?;
    let exponent = numbers.int64();
    let exponent = exponent.ok_or("x509: invalid RSA public exponent")?;
    let modulus = match modulus {
        [0] | [0x80..=0xff, ..] => {
            return Err("x509: RSA modulus is not a positive number".to_owned());
        }
        [0, rest @ ..] => rest,
        modulus => modulus,
    };
    if exponent <= 0 {
        return Err("x509: RSA public exponent is not a positive number".to_owned());
    }
    Ok(PublicKey::Rsa(RsaKey::new(modulus, exponent)))
}

fn point(data: &[u8], key: fn(Vec<u8>) -> PublicKey) -> Result<PublicKey, String> {
    let key = key(data.to_vec());
    let on_curve = match &key {
        PublicKey::EcdsaP256(data) => p256::PublicKey::from_sec1_bytes(data).is_ok(),
        PublicKey::EcdsaP384(data) => p384::PublicKey::from_sec1_bytes(data).is_ok(),
        PublicKey::EcdsaP521(data) => p521::PublicKey::from_sec1_bytes(data).is_ok(),
        _ => false,
    };
    if data.first() != Some(&4) || !on_curve {
        return Err("x509: failed to unmarshal elliptic curve point".to_owned());
    }
    Ok(key)
}

fn dsa_key(data: &[u8], parameters: &[u8]) -> Result<(), &'static str> {
    let public = Reader(data).integer();
    let public = public.ok_or("x509: invalid DSA public key")?;
    let read = || {
        let mut numbers = Reader(parameters).read(tag::SEQUENCE)?;
        Some([numbers.integer()?, numbers.integer()?, numbers.integer()?])
    };
    let [p, q, g] = read().ok_or("x509: invalid DSA parameters")?;
    let positive = |octets: &[u8]| octets != [0] && octets[0] & 0x80 == 0;
    if [public, p, q, g].into_iter().all(positive) {
        Ok(())
    } else {
        Err("x509: zero or negative DSA parameter")
    }
}
