//! Certificates and public keys, judged as Go's `crypto/x509` judges them for the API server.
//!
//! A library room that uses no other. Bytes become [`pem::Block`]s, blocks become [`Certificate`]s and
//! [`PublicKey`]s, and [`verify`] says what a server would log about a chain. Texts are Go's to the
//! letter. What Go can check and this room cannot is "unknown", never "invalid".

mod algorithm;
mod bundle;
mod certificate;
mod constraints;
mod der;
mod extensions;
mod key;
mod name;
pub mod pem;
mod quote;
mod url;
mod verify;

pub use bundle::{
    PrivateKeyKind, certificates_from_pem, private_key_kind_from_pem, public_keys_from_pem,
};
pub use certificate::{BasicConstraints, Certificate, KeyUsage, ParseError, colon_hex};
pub use key::{PublicKey, RsaKey, SignatureCheck};
pub use verify::{VerifyError, verify};
