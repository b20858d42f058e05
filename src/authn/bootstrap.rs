//! Bootstrap tokens (docs page "Authenticating with Bootstrap Tokens"), looked up in the Secrets of
//! kube-system. Whatever is wrong with one, the client is only told that nobody knows the token.

use super::opinion::{Authenticated, Opinion};
use crate::model::core_objects::{SecretBytes, StoredSecret};
use crate::model::{Cluster, Quoted, UserInfo};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Write;

const NAMESPACE: &str = "kube-system";
/// The type of Secrets that hold bootstrap tokens.
pub const TYPE: &str = "bootstrap.kubernetes.io/token";
const DEFAULT_GROUP: &str = "system:bootstrappers";
const USAGE: &str = "usage-bootstrap-authentication";
const EXTRA_GROUPS: &str = "auth-extra-groups";

/// Names the user of a bootstrap token. What the server would log goes to `details`.
pub fn authenticate(
    token: &str,
    cluster: &Cluster,
    now: Timestamp,
    details: &mut Vec<String>,
) -> Opinion {
    let Some((id, secret)) = split(token) else {
        return Opinion::Pass;
    };
    let name = format!("bootstrap-token-{id}");
    let Some(stored) = cluster.core_objects().secret(NAMESPACE, &name) else {
        details.push(format!(
            "No secret of name {name} to match bootstrap bearer token"
        ));
        return Opinion::Pass;
    };
    match groups(stored, &name, id, secret, now) {
        Ok(groups) => Opinion::User(Authenticated {
            user: UserInfo {
                username: format!("system:bootstrap:{id}"),
                groups,
                ..UserInfo::default()
            },
            ..Authenticated::default()
        }),
        Err(detail) => {
            details.push(detail);
            Opinion::Pass
        }
    }
}

/// Id and secret of what has the form of a bootstrap token.
pub fn split(token: &str) -> Option<(&str, &str)> {
    let (id, secret) = token.split_once('.')?;
    let is_word = |text: &str, length| {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        text.len() == length && text.bytes().all(good)
    };
    (is_word(id, 6) && is_word(secret, 16)).then_some((id, secret))
}

/// The groups of a good token, or what the server logs of a bad one.
fn groups(
    stored: &StoredSecret,
    name: &str,
    id: &str,
    secret: &str,
    now: Timestamp,
) -> Result<Vec<String>, String> {
    let bad =
        |what: &str| format!("Bootstrap secret {NAMESPACE}/{name} matching bearer token {what}");
    let data = |key: &str| stored.data.get(key).map_or(&[][..], SecretBytes::expose);
    if stored.identity.deletion_timestamp.is_some() {
        return Err(bad("is deleted and awaiting removal"));
    }
    if stored.type_ != TYPE || stored.data.is_empty() {
        return Err(bad(&format!("has invalid type, expected {TYPE}.")));
    }
    for (key, expected) in [("token-secret", secret), ("token-id", id)] {
        if data(key) != expected.as_bytes() {
            return Err(bad(&format!("has invalid value for key {key}.")));
        }
    }
    let expiration = String::from_utf8_lossy(data("expiration"));
    if !expiration.is_empty() {
        match parse_rfc3339(data("expiration")) {
            Ok(time) if time > (now.as_nanosecond()) => {}
            Ok(_) => {
                return Err(format!(
                    "Expired bootstrap token in {NAMESPACE}/{name} Secret: {expiration}"
                ));
            }
            Err(error) => {
                return Err(format!(
                    "Unparseable expiration time ({expiration}) in {NAMESPACE}/{name} Secret: {error}. Treating as expired."
                ));
            }
        }
    }
    if data(USAGE) != b"true" {
        return Err(bad(&format!("not marked {USAGE}=true.")));
    }
    let mut groups = BTreeSet::from([DEFAULT_GROUP.to_owned()]);
    let extra = String::from_utf8_lossy(data(EXTRA_GROUPS));
    for group in extra.split(',').filter(|_| !extra.is_empty()) {
        if !is_bootstrap_group(group) {
            return Err(bad(&format!(
                "has invalid value for key {EXTRA_GROUPS}: bootstrap group {} is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{{0,255}}[a-z0-9]\\z).",
                Quoted(group)
            )));
        }
        groups.insert(group.to_owned());
    }
    Ok(groups.into_iter().collect())
}

/// Whether `auth-extra-groups` may name a group.
pub fn is_bootstrap_group(group: &str) -> bool {
    let Some(rest) = group.strip_prefix("system:bootstrappers:") else {
        return false;
    };
    let edge = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let inner = |b: u8| edge(b) || matches!(b, b':' | b'-');
    rest.len() <= 256 && rest.bytes().all(inner) && rest.bytes().last().is_some_and(edge)
}

/// When a token ends, in nanoseconds since 1970, as the server reads `expiration`; one that it cannot read
/// has ended.
pub fn expiration(text: &[u8]) -> Option<i128> {
    parse_rfc3339(text).ok()
}

/// Go's `time.Parse(time.RFC3339, text)`: nanoseconds since 1970, or Go's text. It is laxer than the RFC (one
/// digit of an hour, a comma before a fraction, odd offsets) and stricter elsewhere.
fn parse_rfc3339(text: &[u8]) -> Result<i128, String> {
    let mut parser = TimeParser {
        whole: text,
        rest: text,
    };
    let year = parser.digits("2006", 4, 4)?;
    parser.byte(b'-', "-")?;
    let month = parser.digits("01", 2, 2)?;
    parser.within(1..=12, month, "month")?;
    parser.byte(b'-', "-")?;
    let day = parser.digits("02", 2, 2)?;
    parser.byte(b'T', "T")?;
    let hour = parser.digits("15", 1, 2)?;
    parser.within(0..=23, hour, "hour")?;
    parser.byte(b':', ":")?;
    let minute = parser.digits("04", 2, 2)?;
    parser.within(0..=59, minute, "minute")?;
    parser.byte(b':', ":")?;
    let second = parser.digits("05", 2, 2)?;
    parser.within(0..=59, second, "second")?;
    let fraction = parser.fraction();
    let offset = parser.offset()?;
    if !parser.rest.is_empty() {
        let extra = quoted(parser.rest);
        return Err(parser.message(&format!("extra text: {extra}")));
    }
    // Two digits of a month and of a day fit their types.
    let Ok(date) = Date::new(year as i16, month as i8, day as i8) else {
        return Err(parser.message("day out of range"));
    };
    let days = i128::from(
        date.duration_since(Date::constant(1970, 1, 1))
            .as_hours()
            .div_euclid(24),
    );
    let seconds =
        ((days * 24 + i128::from(hour)) * 60 + i128::from(minute)) * 60 + i128::from(second);
    Ok((seconds - i128::from(offset)) * 1_000_000_000 + i128::from(fraction))
}

struct TimeParser<'t> {
    whole: &'t [u8],
    rest: &'t [u8],
}

impl TimeParser<'_> {
    /// An error about the layout's element at a place of the text.
    fn cannot(&self, at: &[u8], element: &str) -> String {
        format!(
            "parsing time {} as \"2006-01-02T15:04:05Z07:00\": cannot parse {} as \"{element}\"",
            quoted(self.whole),
            quoted(at)
        )
    }

    fn message(&self, text: &str) -> String {
        format!("parsing time {}: {text}", quoted(self.whole))
    }

    fn byte(&mut self, byte: u8, element: &str) -> Result<(), String> {
        match self.rest.strip_prefix(&[byte]) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.cannot(self.rest, element)),
        }
    }

    /// A number of `least` to `most` digits.
    fn digits(&mut self, element: &str, least: usize, most: usize) -> Result<u32, String> {
        let digits = self.rest.iter().take(most);
        let count = digits.take_while(|b| b.is_ascii_digit()).count();
        if count < least {
            return Err(self.cannot(self.rest, element));
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(number(digits))
    }

    fn within(
        &self,
        range: std::ops::RangeInclusive<u32>,
        value: u32,
        name: &str,
    ) -> Result<(), String> {
        match range.contains(&value) {
            true => Ok(()),
            false => Err(self.message(&format!("{name} out of range"))),
        }
    }

    /// Nanoseconds, if a fraction follows. Digits beyond the ninth do not count.
    fn fraction(&mut self) -> u32 {
        let [b'.' | b',', rest @ ..] = self.rest else {
            return 0;
        };
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return 0;
        }
        let (digits, rest) = rest.split_at(count);
        self.rest = rest;
        let kept = &digits[..count.min(9)];
        number(kept) * 10_u32.pow(9 - kept.len() as u32)
    }

    /// Seconds east of Greenwich.
    fn offset(&mut self) -> Result<i32, String> {
        const ELEMENT: &str = "Z07:00";
        if let Some(rest) = self.rest.strip_prefix(b"Z") {
            self.rest = rest;
            return Ok(0);
        }
        let at = self.rest;
        let &[sign, h1, h2, b':', m1, m2, ref rest @ ..] = at else {
            return Err(self.cannot(at, ELEMENT));
        };
        // Go notices a number out of range before a bad sign, and digits that are none before that.
        let two = |digits: [u8; 2]| {
            let good = digits.iter().all(u8::is_ascii_digit);
            good.then(|| number(&digits))
        };
        let hours = two([h1, h2]);
        let minutes = hours.and_then(|_| two([m1, m2]));
        self.rest = rest;
        self.within(0..=24, hours.unwrap_or(0), "time zone offset hour")?;
        self.within(0..=60, minutes.unwrap_or(0), "time zone offset minute")?;
        let (Some(hours), Some(minutes), b'+' | b'-') = (hours, minutes, sign) else {
            return Err(self.cannot(at, ELEMENT));
        };
        let seconds = (hours * 60 + minutes) as i32 * 60;
        Ok(if sign == b'-' { -seconds } else { seconds })
    }
}

fn number(digits: &[u8]) -> u32 {
    let value = |sum: u32, digit: &u8| sum * 10 + u32::from(digit - b'0');
    digits.iter().fold(0, value)
}

/// How the package `time` of Go quotes a text: bytes that are no plain ASCII in hexadecimal.
fn quoted(text: &[u8]) -> String {
    let mut out = "\"".to_owned();
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=0x7f => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_token() {
        assert_eq!(
            split("abc123.0123456789abcdef"),
            Some(("abc123", "0123456789abcdef"))
        );
        for token in [
            "",
            "abc123",
            "ABC123.0123456789abcdef",
            "abc123.0123456789abcde",
            "abc123.0123456789abcdef\n",
            "abc123.0123456789abcdef.x",
            "abc12é.0123456789abcdef",
        ] {
            assert_eq!(split(token), None, "{token:?}");
        }
    }

    #[test]
    fn groups_must_have_the_form() {
        let long = |n| format!("system:bootstrappers:{}", "a".repeat(n));
        for group in [
            "system:bootstrappers:a",
            "system:bootstrappers::-a",
            &long(256),
        ] {
            assert!(is_bootstrap_group(group), "{group}");
        }
        for group in [
            "system:bootstrappers",
            "system:bootstrappers:",
            "system:bootstrappers:a-",
            "system:bootstrappers:A",
            "system:bootstrappers:a\n",
            &long(257),
        ] {
            assert!(!is_bootstrap_group(group), "{group}");
        }
    }

    #[test]
    fn parses_times_as_go_does() {
        let parse = |text: &str| parse_rfc3339(text.as_bytes());
        for (text, expected) in [
            ("1970-01-01T00:00:01Z", 1_000_000_000),
            ("1970-01-01T0:00:01,5Z", 1_500_000_000),
            ("1970-01-01T00:00:00.1234567899Z", 123_456_789),
            ("1970-01-01T24:00:00Z", -1),
            ("1970-01-02T01:00:00+24:60", 0),
            ("1969-12-31T23:00:00-01:00", 0),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000_000),
            ("9999-12-31T23:59:59-24:00", 253_402_387_199_000_000_000),
        ] {
            match expected {
                -1 => assert!(parse(text).is_err()),
                _ => assert_eq!(parse(text), Ok(expected), "{text}"),
            }
        }
        let cannot = |text: &str, value: &str, element: &str| {
            let expected = format!(
                "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{value}\" as \"{element}\""
            );
            assert_eq!(parse(text), Err(expected));
        };
        cannot("", "", "2006");
        cannot("12x4-01-01", "12x4-01-01", "2006");
        cannot("2199-1-01", "1-01", "01");
        cannot("2199-01-1T", "1T", "02");
        cannot("2199-01-01t", "t", "T");
        cannot("2199-01-01T:", ":", "15");
        cannot("2199-01-01T00:0:00Z", "0:00Z", "04");
        cannot("2199-01-01T00:00:00", "", "Z07:00");
        cannot("2199-01-01T00:00:00z", "z", "Z07:00");
        cannot("2199-01-01T00:00:00.Z", ".Z", "Z07:00");
        cannot("2199-01-01T00:00:00*01:00", "*01:00", "Z07:00");
        cannot("2199-01-01T00:00:00+0x:00", "+0x:00", "Z07:00");
        let says = |text: &str, message: &str| {
            let expected = format!("parsing time {}: {message}", quoted(text.as_bytes()));
            assert_eq!(parse(text), Err(expected));
        };
        says("2199-13-01T00:00:00Z", "month out of range");
        says("2199-00-01T00:00:00Z", "month out of range");
        says("2199-02-30T00:00:00Z", "day out of range");
        says("2199-02-00T00:00:00Z", "day out of range");
        says("2199-01-01T24:00:00Z", "hour out of range");
        says("2199-01-01T00:60:00Z", "minute out of range");
        says("2199-01-01T00:00:60Z", "second out of range");
        says(
            "2199-01-01T00:00:00+25:00",
            "time zone offset hour out of range",
        );
        says(
            "2199-01-01T00:00:00+24:61",
            "time zone offset minute out of range",
        );
        says("2199-02-30T00:00:00Zé", "extra text: \"\\xc3\\xa9\"");
    }
}
