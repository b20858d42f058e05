//! The look at the issuer before anything is verified.

use super::{decode, is_field};
use super::json::{GO_DEPTH, Kind, check};

/// The `iss` claim as the server's first look finds it, which tells whose token it is: with Go's
/// `encoding/json`, to which `Iss` is the same key and of several the last one counts.
///
/// `None`: it has not the form of a token. The empty text: it names no issuer.
pub fn probe_issuer(token: &str) -> Option<String> {
    if token.trim_start().starts_with('{') {
        return None;
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let payload = decode(payload).ok()?;
    let claims = check(&payload, GO_DEPTH).ok()?;
    let mut issuer = String::new();
    match claims.kind() {
        Kind::Object => {}
        Kind::Null => return Some(issuer),
        _ => return None,
    }
    for (key, value) in claims.entries() {
        if !is_field(&key, "iss") {
            continue;
        }
        match value.kind() {
            Kind::Null => {}
            _ => issuer = value.string()?.into_owned(),
        }
    }
    Some(issuer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    #[test]
    fn reads_as_encoding_json_does() {
        let of =
            |claims: &str| probe_issuer(&format!("x.{}.y", super::super::BASE64.encode(claims)));
        for (claims, expected) in [
            (r#"{"iss":"a"}"#, Some("a")),
            (r#"{"iss":"a","Iss":"b","iſS":null}"#, Some("b")),
            (r#"{"isſ":"a"}"#, Some("a")),
            (r#"{"issx":"a","is":"b"}"#, Some("")),
            (r#"{"iss":["a"],"iss":"a"}"#, None),
            ("null", Some("")),
            ("[]", None),
            (r#"{"iss":"a"} x"#, None),
            ("", None),
        ] {
            assert_eq!(of(claims).as_deref(), expected, "{claims}");
        }
        let payload = super::super::BASE64.encode(r#"{"iss":"a"}"#);
        for (token, fine) in [
            (format!(".{payload}."), true),
            (format!(" \n.{payload}\n."), true),
            (format!(" {{.{payload}."), false),
            (format!(". {payload}."), false),
            (format!(".{payload}"), false),
            (format!("..{payload}."), false),
        ] {
            assert_eq!(probe_issuer(&token).is_some(), fine, "{token:?}");
        }
    }
}
