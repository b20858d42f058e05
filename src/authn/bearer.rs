//! Where a bearer token stands in a request (docs page "Authenticating", putting a bearer token in a request).

use crate::request::headers::Headers;

/// What the server says of a token that no authenticator knows.
pub const INVALID_TOKEN: &str = "invalid bearer token";

/// The warning of a header with two spaces before the token.
pub const EXTRA_SPACE: &str = "the provided Authorization header contains extra space before the bearer token, and is ignored";

/// What the `Authorization` header holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer<'h> {
    /// No bearer token.
    None,
    /// A second space stands before the token: the server warns ([`EXTRA_SPACE`]) and takes no notice.
    ExtraSpace,
    /// The token.
    Token(&'h str),
}

/// The token of the first `Authorization` line.
pub fn bearer(headers: &Headers) -> Bearer<'_> {
    let mut parts = headers.first("Authorization").trim().splitn(3, ' ');
    let scheme = parts.next().unwrap_or("");
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Bearer::None;
    }
    match (parts.next(), parts.next()) {
        (None, _) | (Some(""), None) => Bearer::None,
        (Some(""), Some(_)) => Bearer::ExtraSpace,
        (Some(token), _) => Bearer::Token(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_second_word() {
        for (header, expected) in [
            ("Bearer x", Bearer::Token("x")),
            ("bEARER x y", Bearer::Token("x")),
            ("  Bearer x  ", Bearer::Token("x")),
            ("Bearer \tx", Bearer::Token("\tx")),
            ("Bearer  x", Bearer::ExtraSpace),
            ("Bearer", Bearer::None),
            ("Bearer\tx", Bearer::None),
            ("Basic x", Bearer::None),
            ("", Bearer::None),
        ] {
            let headers = Headers::from_iter([("authorization", header)]);
            assert_eq!(bearer(&headers), expected, "{header:?}");
        }
    }
}
