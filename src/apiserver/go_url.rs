//! URLs as Go's `net/url` parses them, with its error texts: what an issuer may be is decided by it.

use crate::model::Quoted;

/// The parts of a URL that the server looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoUrl {
    /// The scheme in lower case; may be empty.
    pub scheme: String,
    /// Whether a user or password stands before the host.
    pub has_user: bool,
    /// Host and port, as written.
    pub host: String,
    /// The path, or what stands instead of it after a scheme without slashes.
    pub path: String,
    /// The query without its question mark.
    pub query: String,
    /// The fragment without its number sign.
    pub fragment: String,
}

/// Parses as `url.Parse`.
///
/// # Errors
/// Go's text, beginning with `parse "URL": `.
pub fn parse(text: &str) -> Result<GoUrl, String> {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let told = |url: &str, error: String| format!("parse {}: {error}", Quoted(url));
    let mut url = parts(before).map_err(|error| told(before, error))?;
    check_escapes(fragment, Part::Other).map_err(|error| told(text, error))?;
    fragment.clone_into(&mut url.fragment);
    Ok(url)
}

fn parts(text: &str) -> Result<GoUrl, String> {
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let (scheme, rest) = scheme(text)?;
    let mut url = GoUrl {
        scheme: scheme.to_ascii_lowercase(),
        ..GoUrl::default()
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    query.clone_into(&mut url.query);
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            rest.clone_into(&mut url.path);
            return Ok(url);
        }
        let segment = rest.split('/').next().unwrap_or(rest);
        if segment.contains(':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let has_authority = !url.scheme.is_empty() || !rest.starts_with("///");
    let path = match rest.strip_prefix("//").filter(|_| has_authority) {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = match authority.rsplit_once('@') {
                Some((user, host)) => {
                    check_host(host)?;
                    if !user.bytes().all(is_user_byte) {
                        return Err("net/url: invalid userinfo".to_owned());
                    }
                    check_escapes(user, Part::Other)?;
                    url.has_user = true;
                    host
                }
                None => {
                    check_host(authority)?;
                    authority
                }
            };
            host.clone_into(&mut url.host);
            path
        }
        None => rest,
    };
    check_escapes(path, Part::Other)?;
    path.clone_into(&mut url.path);
    Ok(url)
}

fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (i, c) in text.bytes().enumerate() {
        match c {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn is_user_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte)
}

fn check_host(host: &str) -> Result<(), String> {
    let port = if host.starts_with('[') {
        match host.rfind(']') {
            Some(end) => &host[end + 1..],
            None => return Err("missing ']' in host".to_owned()),
        }
    } else {
        host.find(':').map_or("", |at| &host[at..])
    };
    let valid = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    if !valid {
        return Err(format!("invalid port {} after host", Quoted(port)));
    }
    check_escapes(host, Part::Host)
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Host,
    Other,
}

/// Whether every escape is one, and every character of a host may stand there.
fn check_escapes(text: &str, part: Part) -> Result<(), String> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'%' {
            let fits = match (hex(at + 1), hex(at + 2)) {
                // Only bytes beyond ASCII may be escaped in a host, and the percent sign of a zone.
                (Some(first), Some(_)) => {
                    part == Part::Other || first >= 8 || bytes[at..].starts_with(b"%25")
                }
                _ => false,
            };
            if !fits {
                let end = bytes.len().min(at + 3);
                let escape = String::from_utf8_lossy(&bytes[at..end]);
                return Err(format!("invalid URL escape {}", Quoted(&escape)));
            }
            at += 3;
            continue;
        }
        let may_stand = !byte.is_ascii()
            || byte.is_ascii_alphanumeric()
            || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte);
        if part == Part::Host && !may_stand {
            let character = char::from(byte).to_string();
            return Err(format!(
                "invalid character {} in host name",
                Quoted(&character)
            ));
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn refuses_as_go_does() {
        let cases = [
            (
                "https://a b:x%zz",
                "parse \"https://a b:x%zz\": invalid port \":x%zz\" after host",
            ),
            (
                "https://x/%zz",
                "parse \"https://x/%zz\": invalid URL escape \"%zz\"",
            ),
            (
                "https://x/\u{7f}",
                "parse \"https://x/\\x7f\": net/url: invalid control character in URL",
            ),
            (
                "https://a b/",
                "parse \"https://a b/\": invalid character \" \" in host name",
            ),
            (":x", "parse \":x\": missing protocol scheme"),
            (
                "1:x",
                "parse \"1:x\": first path segment in URL cannot contain colon",
            ),
        ];
        for (text, error) in cases {
            assert_eq!(parse(text), Err(error.to_owned()));
        }
    }

    #[test]
    fn splits() {
        let url = parse("HTTPS://u:p@x.example:1/a b?q#f").expect("a URL");
        assert_eq!(
            (&url.scheme[..], url.has_user, &url.host[..], &url.path[..]),
            ("https", true, "x.example:1", "/a b")
        );
        assert_eq!((&url.query[..], &url.fragment[..]), ("q", "f"));
        assert_eq!(parse("https://").expect("a URL").scheme, "https");
        assert_eq!(parse("my-issuer").expect("a path").scheme, "");
    }
}
