//! As much of Go's `url.Parse` as decides whether a URI may stand in a certificate.

use super::quote::quote;

/// A URI that Go could read.
#[derive(Clone, Debug)]
pub(super) struct Url {
    /// As it was written.
    pub text: String,
    /// What stands where the host is, a port included.
    pub host: String,
}

/// Where an escape stands decides what may be escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
    Rest,
}

impl Url {
    /// Reads ASCII text, or says what Go says.
    pub fn parse(text: &str) -> Result<Url, String> {
        let (url, fragment) = text.split_once('#').unwrap_or((text, ""));
        let host = parse(url).map_err(|error| format!("parse {}: {error}", quote(url)))?;
        unescape(fragment, Part::Rest)
            .map_err(|error| format!("parse {}: {error}", quote(text)))?;
        Ok(Url {
            text: text.to_owned(),
            host,
        })
    }
}

fn parse(url: &str) -> Result<String, String> {
    if url.bytes().any(|byte| byte.is_ascii_control()) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let (scheme, rest) = scheme(url)?;
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    if url == "*" {
        return Ok(String::new());
    }
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Ok(String::new());
        }
        let segment = rest.split_once('/').map_or(rest, |(segment, _)| segment);
        if segment.contains(':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let mut host = String::new();
    let mut path = rest;
    if let Some(authority) = rest.strip_prefix("//")
        && (!scheme.is_empty() || !authority.starts_with('/'))
    {
        let end = authority.find('/').unwrap_or(authority.len());
        host = parse_authority(&authority[..end])?;
        path = &authority[end..];
    }
    unescape(path, Part::Rest)?;
    Ok(host)
}

fn scheme(url: &str) -> Result<(&str, &str), String> {
    for (index, byte) in url.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&url[..index], &url[index + 1..])),
            _ => break,
        }
    }
    Ok(("", url))
}

fn parse_authority(authority: &str) -> Result<String, String> {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let host = parse_host(host)?;
    if let Some(user) = user {
        let known =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user.bytes().all(known) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        unescape(name, Part::Rest)?;
        unescape(password, Part::Rest)?;
    }
    Ok(host)
}

fn parse_host(host: &str) -> Result<String, String> {
    let port = |port: &str| match port.strip_prefix(':') {
        None if port.is_empty() => Ok(()),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        _ => Err(format!("invalid port {} after host", quote(port))),
    };
    if host.starts_with('[') {
        let Some(end) = host.rfind(']') else {
            return Err("missing ']' in host".to_owned());
        };
        port(&host[end + 1..])?;
        if let Some(zone) = host[..end].find("%25") {
            let mut whole = unescape(&host[..zone], Part::Host)?;
            whole += &unescape(&host[zone..end], Part::Zone)?;
            whole += &unescape(&host[end..], Part::Host)?;
            return Ok(whole);
        }
    } else if let Some(colon) = host.rfind(':') {
        port(&host[colon..])?;
    }
    unescape(host, Part::Host)
}

fn unescape(text: &str, part: Part) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'%' {
            let allowed = byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte);
            if part != Part::Rest && byte.is_ascii() && !allowed {
                let shown = quote(&char::from(byte).to_string());
                return Err(format!("invalid character {shown} in host name"));
            }
            out.push(byte);
            rest = after;
            continue;
        }
        let escape = &rest[..rest.len().min(3)];
        let refused = || {
            let shown = String::from_utf8_lossy(escape);
            format!("invalid URL escape {}", quote(&shown))
        };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let &[_, high, low] = escape else {
            return Err(refused());
        };
        let (Some(high), Some(low)) = (digit(high), digit(low)) else {
            return Err(refused());
        };
        let value = (high * 16 + low) as u8;
        let foreign = match part {
            Part::Host => high < 8 && escape != b"%25",
            // In a zone also blanks and what a host may hold can be escaped.
            Part::Zone => {
                let held =
                    value.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~ %".contains(&value);
                high < 8 && !held
            }
            Part::Rest => false,
        };
        if foreign {
            return Err(refused());
        }
        out.push(value);
        rest = &rest[3..];
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn hosts_and_errors() {
        let read = |text| Url::parse(text).map(|url| url.host);
        for (text, host) in [
            ("https://a.example/x?y#z", "a.example"),
            ("spiffe://u:p@td:80/ns", "td:80"),
            ("urn:a:b", ""),
            ("mailto:x@y", ""),
            ("//h/p", "h"),
            ("https://[::1]:2/", "[::1]:2"),
            ("", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(host));
        }
        for (text, error) in [
            (":x", r#"parse ":x": missing protocol scheme"#),
            (
                "1a:b",
                r#"parse "1a:b": first path segment in URL cannot contain colon"#,
            ),
            (
                "http://a:b/",
                r#"parse "http://a:b/": invalid port ":b" after host"#,
            ),
            (
                "http://a b/",
                r#"parse "http://a b/": invalid character " " in host name"#,
            ),
            (
                "http://a/%zz",
                r#"parse "http://a/%zz": invalid URL escape "%zz""#,
            ),
            (
                "http://[::1/",
                r#"parse "http://[::1/": missing ']' in host"#,
            ),
            (
                "a\nb",
                r#"parse "a\nb": net/url: invalid control character in URL"#,
            ),
        ] {
            assert_eq!(read(text), Err(error.to_owned()));
        }
    }
}
