//! URLs, as Go's `net/url` reads them.

use super::text::quoted;
use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::opaque::Opaque;
use crate::cel::value::{Key, List, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The parts that functions ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// The text that it was read from.
    pub text: String,
    scheme: String,
    host: String,
    path: String,
    query: String,
}

/// What a part may hold unescaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
    Path,
    User,
    Query,
    Fragment,
}

/// `url.ParseRequestURI`, where fragments are no fragments.
///
/// # Errors
/// Go's text.
pub(super) fn parse_request(text: &str) -> Result<Url, String> {
    parse(text, true).map_err(|error| format!("parse {}: {error}", quoted(text)))
}

fn parse_with_fragment(text: &str) -> Result<Url, String> {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let mut url =
        parse(before, false).map_err(|error| format!("parse {}: {error}", quoted(before)))?;
    unescaped(fragment, Part::Fragment)
        .map_err(|error| format!("parse {}: {error}", quoted(text)))?;
    text.clone_into(&mut url.text);
    Ok(url)
}

fn parse(raw: &str, request: bool) -> Result<Url, String> {
    if raw.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if raw.is_empty() && request {
        return Err("empty url".to_owned());
    }
    let mut url = Url {
        text: raw.to_owned(),
        ..Url::default()
    };
    if raw == "*" {
        "*".clone_into(&mut url.path);
        return Ok(url);
    }
    let (scheme, mut rest) = scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    if rest.ends_with('?') && rest.matches('?').count() == 1 {
        rest = &rest[..rest.len() - 1];
    } else if let Some((before, query)) = rest.split_once('?') {
        rest = before;
        query.clone_into(&mut url.query);
    }
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            // What follows a scheme without slashes is no path.
            return Ok(url);
        }
        if request {
            return Err("invalid URI for request".to_owned());
        }
        let segment = rest.split('/').next().unwrap_or("");
        if segment.contains(':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    if (!url.scheme.is_empty() || (!request && !rest.starts_with("///"))) && rest.starts_with("//")
    {
        let after = &rest[2..];
        let end = after.find('/').unwrap_or(after.len());
        url.host = authority(&after[..end])?;
        rest = &after[end..];
    }
    unescaped(rest, Part::Path)?;
    url.path = escaped_path(rest)?;
    Ok(url)
}

fn scheme(raw: &str) -> Result<(&str, &str), String> {
    for (i, c) in raw.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if i > 0 => {}
            ':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            ':' => return Ok((&raw[..i], &raw[i + 1..])),
            _ => break,
        }
    }
    Ok(("", raw))
}

fn authority(text: &str) -> Result<String, String> {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    };
    let host = host_of(host)?;
    if let Some(user) = user {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
        if !user.chars().all(allowed) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        unescaped(name, Part::User)?;
        unescaped(password, Part::User)?;
    }
    Ok(host)
}

fn host_of(host: &str) -> Result<String, String> {
    if host.starts_with('[') {
        let end = host.rfind(']').ok_or("missing ']' in host")?;
        let port = &host[end + 1..];
        if !valid_port(port) {
            return Err(format!("invalid port {} after host", quoted(port)));
        }
        if let Some(zone) = host[..end].find("%25") {
            let first = unescaped(&host[..zone], Part::Host)?;
            let second = unescaped(&host[zone..end], Part::Zone)?;
            let third = unescaped(&host[end..], Part::Host)?;
            return Ok(first + &second + &third);
        }
    } else if let Some(colon) = host.rfind(':') {
        let port = &host[colon..];
        if !valid_port(port) {
            return Err(format!("invalid port {} after host", quoted(port)));
        }
    }
    unescaped(host, Part::Host)
}

fn valid_port(port: &str) -> bool {
    match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => digits.bytes().all(|b| b.is_ascii_digit()),
    }
}

fn unescaped(text: &str, part: Part) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'%' => {
                let hex = text
                    .get(i + 1..i + 3)
                    .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                let Some(byte) = hex else {
                    let bad = String::from_utf8_lossy(&bytes[i..(i + 3).min(bytes.len())]);
                    return Err(format!("invalid URL escape {}", quoted(&bad)));
                };
                let shown = || format!("invalid URL escape {}", quoted(&text[i..i + 3]));
                if part == Part::Host && byte < 0x80 && &text[i..i + 3] != "%25" {
                    return Err(shown());
                }
                if part == Part::Zone
                    && &text[i..i + 3] != "%25"
                    && byte != b' '
                    && should_escape(byte, Part::Host)
                {
                    return Err(shown());
                }
                out.push(byte);
                i += 3;
            }
            b'+' if part == Part::Query => {
                out.push(b' ');
                i += 1;
            }
            byte => {
                if matches!(part, Part::Host | Part::Zone)
                    && byte < 0x80
                    && should_escape(byte, part)
                {
                    let bad = (byte as char).to_string();
                    return Err(format!("invalid character {} in host name", quoted(&bad)));
                }
                out.push(byte);
                i += 1;
            }
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn should_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        return false;
    }
    if matches!(part, Part::Host | Part::Zone) {
        return !b"!$&'()*+,;=:[]<>\"".contains(&byte);
    }
    match part {
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        _ => true,
    }
}

/// `URL.EscapedPath`: the path as written if it is well escaped, else escaped anew.
fn escaped_path(raw: &str) -> Result<String, String> {
    let path = unescaped(raw, Part::Path)?;
    let valid = raw
        .bytes()
        .all(|b| b"!$&'()*+,;=:@[]%".contains(&b) || !should_escape(b, Part::Path));
    if valid {
        return Ok(raw.to_owned());
    }
    let mut out = String::new();
    for byte in path.bytes() {
        if should_escape(byte, Part::Path) {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push(byte as char);
        }
    }
    Ok(out)
}

impl Url {
    fn split_host(&self) -> (&str, &str) {
        let host = &self.host;
        let colon = host.rfind(':').filter(|colon| valid_port(&host[*colon..]));
        let (name, port) = match colon {
            Some(colon) => (&host[..colon], &host[colon + 1..]),
            None => (&host[..], ""),
        };
        match name
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
        {
            Some(inner) => (inner, port),
            None => (name, port),
        }
    }

    /// `URL.Query`: what cannot be read is left out.
    fn query(&self) -> Value {
        let mut all: BTreeMap<Key, Vec<String>> = BTreeMap::new();
        for pair in self.query.split('&') {
            if pair.is_empty() || pair.contains(';') {
                continue;
            }
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Ok(key), Ok(value)) =
                (unescaped(key, Part::Query), unescaped(value, Part::Query))
            {
                all.entry(Key::String(Arc::from(key)))
                    .or_default()
                    .push(value);
            }
        }
        let entries = all
            .into_iter()
            .map(|(key, values)| (key, Value::List(List::strings(values))))
            .collect();
        Value::Map(Map::new(entries))
    }
}

/// Runs a function over URLs.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    match (overload, args) {
        ("string_to_url", [Value::String(s)]) => {
            let told = |error| {
                EvalError::new(format!(
                    "URL parse error during conversion from string: {error}"
                ))
            };
            Some(
                parse_request(s)
                    .and_then(|_| parse_with_fragment(s))
                    .map(|url| Value::Opaque(Arc::new(Opaque::Url(url))))
                    .map_err(told),
            )
        }
        ("is_url_string", [Value::String(s)]) => Some(Ok(Value::Bool(parse_request(s).is_ok()))),
        (_, [Value::Opaque(opaque)]) => {
            let Opaque::Url(url) = &**opaque else {
                return None;
            };
            Some(Ok(match overload {
                "url_get_scheme" => Value::from(url.scheme.as_str()),
                "url_get_host" => Value::from(url.host.as_str()),
                "url_get_hostname" => Value::from(url.split_host().0),
                "url_get_port" => Value::from(url.split_host().1),
                "url_get_escaped_path" => Value::from(url.path.as_str()),
                "url_get_query" => url.query(),
                _ => return None,
            }))
        }
        _ => None,
    }
}
