//! Bound service account tokens, signed here with a key from the fixed seed.

use super::world::Random;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use rbac_check::pki::PublicKey;
use rsa::Pkcs1v15Sign;
use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::{self, CryptoRng, RngCore};
use serde_json::json;
use sha2::{Digest, Sha256};

/// An instant within the life of every token.
pub const NOW: &str = "2026-11-24T12:00:00Z";
const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";
/// The DER before a SHA-256 digest in a signature (RFC 8017, section 9.2).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
const UID: &str = "8e95723e-08ea-49b4-8bc4-cb76d5fa7114";

/// A server's key, and tokens that it signed.
pub struct Tokens {
    /// DER.
    pub public_key: Vec<u8>,
    /// All different.
    pub tokens: Vec<String>,
}

impl Tokens {
    /// Signs as many tokens as are asked for.
    pub fn new(count: usize, seed: u64) -> Self {
        let mut random = Numbers(Random(seed));
        let key = rsa::RsaPrivateKey::new(&mut random, 2048).expect("a key");
        let public_key = key.to_public_key().to_public_key_der().expect("DER");
        // The server names its keys so.
        let kid = BASE64.encode(Sha256::digest(public_key.as_bytes()));
        let tokens = (0..count).map(|i| {
            let header = json!({"alg": "RS256", "kid": kid}).to_string();
            let claims = json!({
                "aud": [ISSUER], "iss": ISSUER, "jti": format!("62c4f808-6e80-4d52-a13d-{i:012x}"),
                "iat": 1_795_500_000, "nbf": 1_795_500_000, "exp": 1_795_600_000,
                "sub": "system:serviceaccount:fjord:gita",
                "kubernetes.io": {"namespace": "fjord", "serviceaccount": {"name": "gita", "uid": UID}},
            });
            let claims = claims.to_string();
            let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
            let padding = Pkcs1v15Sign {
                hash_len: Some(32),
                prefix: SHA256_PREFIX.into(),
            };
            let signature = key.sign(padding, &Sha256::digest(&signed));
            let signature = signature.expect("a signature");
            format!("{signed}.{}", BASE64.encode(signature))
        });
        Tokens {
            tokens: tokens.collect(),
            public_key: public_key.into_vec(),
        }
    }

    /// The flags of a server that takes the tokens; the key is in `sa.pub`.
    pub fn flags() -> String {
        format!("--service-account-issuer={ISSUER}\n--service-account-key-file=sa.pub\n")
    }

    /// The key in PEM.
    pub fn key_file(&self) -> String {
        let body = STANDARD.encode(&self.public_key);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// The account that the tokens are of.
    pub fn objects() -> String {
        let account = json!({
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"name": "gita", "namespace": "fjord", "uid": UID},
        });
        account.to_string()
    }

    /// Verifies the signatures of tokens, and nothing else.
    pub fn verify(&self, tokens: &[&str]) {
        let key = PublicKey::from_spki_der(&self.public_key).expect("a key");
        for token in tokens {
            let (message, signature) = token.rsplit_once('.').expect("three parts");
            let signature = BASE64.decode(signature).expect("base64");
            let verdict = key.verify_jws("RS256", message.as_bytes(), &signature);
            assert_eq!(verdict, rbac_check::pki::SignatureCheck::Valid);
        }
    }
}

/// [`Random`] for those who want a generator of keys. Of course these keys are no secret.
struct Numbers(Random);

impl RngCore for Numbers {
    fn next_u32(&mut self) -> u32 {
        self.0.below(1 << 32) as u32
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_u32(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        rand_core::impls::fill_bytes_via_next(self, bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Numbers {}
