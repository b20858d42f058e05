//! Public keys, and whether a signature is theirs.

/// A public key that Go can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA.
    Rsa(Vec<u8>),
    /// ECDSA on P-256.
    EcdsaP256(Vec<u8>),
    /// ECDSA on P-384.
    EcdsaP384(Vec<u8>),
    /// ECDSA on P-521.
    EcdsaP521(Vec<u8>),
    /// Ed25519.
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

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (Go's `x509.ParsePKIXPublicKey`), with Go's text if it cannot.
    pub fn from_spki_der(_der: &[u8]) -> Result<PublicKey, String> {
        Err("x509: unknown public key algorithm".to_owned())
    }

    /// The SubjectPublicKeyInfo of the key, as Go's `x509.MarshalPKIXPublicKey` writes it.
    pub fn to_spki_der(&self) -> Vec<u8> {
        Vec::new()
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
        None
    }

    /// Whether `signature` is this key's over `message` under the JWS algorithm `alg`.
    pub fn verify_jws(&self, _alg: &str, _message: &[u8], _signature: &[u8]) -> SignatureCheck {
        SignatureCheck::Unknown("not implemented".to_owned())
    }
}
