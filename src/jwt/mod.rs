//! JSON Web Tokens as the API server reads them.
//!
//! A library room that uses `pki` and Go's way of reading JSON. The server has two readers of the same token: [`probe_issuer`]
//! looks at the claims before anything is verified and reads as Go's `encoding/json` does, [`parse`] and
//! [`RegisteredClaims::read`] read as go-jose does: letter case counts and no key may stand twice.
//! Nothing here decides about a user.

mod claims;
mod compact;
mod go_time;
mod inspect;
pub mod json;
mod jwk;
mod probe;

pub use claims::{Fill, NumericDate, RegisteredClaims};
pub use compact::{CRYPTO_FAILURE, Critical, Header, ParseError, Token, Verification, parse};
pub use go_time::GoTime;
pub use inspect::{InspectError, Inspection, inspect};
pub use jwk::{Jwk, KeyMaterial, key_set};
pub use probe::{UntrustedIssuer, probe_issuer, untrusted_issuer};

use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine};

/// Go's `base64.RawURLEncoding`: no padding, and bits after the last byte do not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Go's `base64.StdEncoding`.
const STANDARD_BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Decodes as [`decode`] does, with Go's words for what is none.
fn decode_as_go(text: &str) -> Result<Vec<u8>, String> {
    decode(text).map_err(|_| {
        let at = illegal_at(text, b"-_");
        format!("illegal base64 data at input byte {at}")
    })
}

/// Where Go finds that a text is no base64: its first foreign byte, or the last one that stands alone.
fn illegal_at(text: &str, more: &[u8]) -> usize {
    let known = |b: &u8| b.is_ascii_alphanumeric() || more.contains(b) || b"\r\n".contains(b);
    let foreign = text.bytes().position(|b| !known(&b));
    foreign.unwrap_or(text.len().saturating_sub(1))
}

/// Whether Go's `encoding/json` takes a key for the field of this name in lower case: without regard to
/// letter case, of which \u{17f} is one of s and the sign of Kelvin one of k.
pub fn is_field(key: &str, field: &str) -> bool {
    if key == field {
        return true;
    }
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(field.chars())
}

/// Decodes as Go does, which takes no notice of line breaks.
fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
    if memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_none() {
        return BASE64.decode(text);
    }
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|b| !matches!(b, b'\r' | b'\n'))
        .collect();
    BASE64.decode(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_as_go_does() {
        for (text, expected) in [
            ("", Some(&b""[..])),
            ("YQ", Some(b"a")),
            ("YR", Some(b"a")),
            ("Y\r\nQ\n", Some(b"a")),
            ("YQ==", None),
            ("Y", None),
            ("Y Q", None),
            ("+/8", None),
            ("-_8", Some(b"\xfb\xff")),
        ] {
            assert_eq!(decode(text).ok().as_deref(), expected, "{text:?}");
        }
    }
}
