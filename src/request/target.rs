//! The target of a request line, as Go's `url.ParseRequestURI` reads it.

use std::borrow::Cow;
use std::fmt;

/// A request target that the server's HTTP layer accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'t> {
    /// The target as sent (`http.Request.RequestURI`).
    pub uri: &'t str,
    /// The path, percent-decoded once (`URL.Path`). Bytes that are no UTF-8 are replaced.
    pub path: Cow<'t, str>,
    /// The path as sent.
    pub raw_path: &'t str,
    /// What follows the first question mark (`URL.RawQuery`).
    pub query: &'t str,
    /// The decoded path holds bytes that are no UTF-8, which [`Target::path`] cannot show.
    pub lossy: bool,
}

impl<'t> Target<'t> {
    /// Reads a target. `None` where the server's HTTP layer answers 400: a control character, a space, a
    /// percent sign that is no escape, or no path at all.
    pub fn parse(uri: &'t str) -> Option<Target<'t>> {
        if uri.is_empty() || uri.bytes().any(|b| b <= b' ' || b == 0x7f) {
            return None;
        }
        let (rest, query) = uri.split_once('?').unwrap_or((uri, ""));
        let raw_path = match rest.strip_prefix('/') {
            Some(_) => rest,
            None => absolute(rest)?,
        };
        let (path, lossy) = unescape(raw_path, false)?;
        Some(Target {
            uri,
            path,
            raw_path,
            query,
            lossy,
        })
    }
}

impl fmt::Display for Target<'_> {
    /// Writes the path and query as Go's `URL.String` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.raw_path.bytes().all(may_stand_in_path) {
            f.write_str(self.raw_path)?;
        } else {
            // The path as it was decoded, escaped where Go escapes.
            let decoded = percent_decoded(self.raw_path).unwrap_or_default();
            for byte in decoded {
                match byte {
                    b'%' | b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']' => {
                        write!(f, "%{byte:02X}")?;
                    }
                    _ if may_stand_in_path(byte) => write!(f, "{}", char::from(byte))?,
                    _ => write!(f, "%{byte:02X}")?,
                }
            }
        }
        if self.uri.contains('?') && (!self.query.is_empty() || self.uri.ends_with('?')) {
            write!(f, "?{}", self.query)?;
        }
        Ok(())
    }
}

/// Go's `validEncoded` for paths.
fn may_stand_in_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*[]%".contains(&byte)
}

/// The path of an absolute URL (`http://host/path`), which a proxy would be sent.
fn absolute(text: &str) -> Option<&str> {
    if text == "*" {
        return Some(text);
    }
    let (scheme, rest) = text.split_once(':')?;
    let mut letters = scheme.bytes();
    let valid = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let rest = rest.strip_prefix("//").filter(|_| valid)?;
    Some(rest.find('/').map_or("", |at| &rest[at..]))
}

/// Percent-decodes (`url.PathUnescape`, and with `plus` `url.QueryUnescape`); `None` for an escape that is
/// none. Also tells whether bytes that are no UTF-8 had to be replaced.
pub fn unescape(text: &str, plus: bool) -> Option<(Cow<'_, str>, bool)> {
    if !text.bytes().any(|b| b == b'%' || (plus && b == b'+')) {
        return Some((Cow::Borrowed(text), false));
    }
    let mut decoded = percent_decoded_with(text, plus)?;
    let lossy = std::str::from_utf8(&decoded).is_err();
    if lossy {
        decoded = String::from_utf8_lossy(&decoded).into_owned().into_bytes();
    }
    Some((Cow::Owned(String::from_utf8(decoded).ok()?), lossy))
}

/// Percent-decoding, `+` kept; `None` for an escape that is none.
pub fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    percent_decoded_with(text, false)
}

fn percent_decoded_with(text: &str, plus: bool) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' if plus => b' ',
            plain => plain,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries() {
        for (uri, path, query, written) in [
            ("/a/b", "/a/b", "", "/a/b"),
            ("/%61%2Fb?x=%zz", "/a/b", "x=%zz", "/%61%2Fb?x=%zz"),
            ("//healthz", "//healthz", "", "//healthz"),
            ("/a#b", "/a#b", "", "/a%23b"),
            ("/é?", "/é", "", "/%C3%A9?"),
            ("/a?b?c", "/a", "b?c", "/a?b?c"),
            ("http://x/y?z", "/y", "z", "/y?z"),
            ("*", "*", "", "*"),
        ] {
            let target = Target::parse(uri).expect(uri);
            assert_eq!((&*target.path, target.query), (path, query), "{uri}");
            assert_eq!(target.to_string(), written, "{uri}");
        }
        for uri in [
            "",
            "/%zz",
            "/%",
            "/a b",
            "/\u{7f}",
            "a",
            "x:y",
            "/a\r\nX: y",
        ] {
            assert_eq!(Target::parse(uri), None, "{uri:?}");
        }
        assert!(Target::parse("/%ff").is_some_and(|target| target.lossy));
    }
}
