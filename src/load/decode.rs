//! Reading typed fields from a tree, with errors that say where, what was found and what to do.

use super::tree::{Kind, Value};
use jiff::Timestamp;
use std::fmt;

/// A value of the wrong type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What was expected and found.
    pub message: String,
}

impl DecodeError {
    /// An error at a value.
    pub fn at(value: Value<'_>, message: impl Into<String>) -> Self {
        DecodeError {
            line: value.line(),
            column: value.column(),
            message: message.into(),
        }
    }

    fn wrong_type(value: Value<'_>, path: fmt::Arguments<'_>, expected: &str) -> Self {
        let (found, hint) = match value.kind() {
            Kind::Null => ("null", ""),
            Kind::Bool(true) => (
                "the boolean true",
                " (y, yes, on and true are booleans in YAML 1.1: quote a string)",
            ),
            Kind::Bool(false) => (
                "the boolean false",
                " (n, no, off and false are booleans in YAML 1.1: quote a string)",
            ),
            Kind::Number => ("a number", " (quote it to make it a string)"),
            Kind::String => ("a string", ""),
            Kind::Sequence => ("a list", ""),
            Kind::Mapping => ("a mapping", ""),
        };
        let hint = if expected == "a string" { hint } else { "" };
        DecodeError::at(
            value,
            format!("{path}: expected {expected}, found {found}{hint}"),
        )
    }
}

/// A string; null is absent, as the server reads it.
pub fn string<'t>(
    value: Value<'t>,
    path: fmt::Arguments<'_>,
) -> Result<Option<&'t str>, DecodeError> {
    match value.kind() {
        Kind::Null => Ok(None),
        Kind::String => Ok(value.as_str()),
        _ => Err(DecodeError::wrong_type(value, path, "a string")),
    }
}

/// A bare `y` or `n`, which the server reads as a boolean. As the name of an object it can only be meant
/// as the letter, and writers of YAML 1.2 leave it unquoted; no stored object holds a boolean there.
pub fn letter<'t>(value: Value<'t>) -> Option<&'t str> {
    value.as_letter()
}

/// An integer; null is absent. Its value is not needed yet.
pub fn integer(value: Value<'_>, path: fmt::Arguments<'_>) -> Result<(), DecodeError> {
    let whole = value.as_number().is_some_and(|n| n.parse::<i64>().is_ok());
    if whole || value.is_null() {
        return Ok(());
    }
    Err(DecodeError::wrong_type(value, path, "an integer"))
}

/// A time in RFC 3339; null is absent. Its value is not needed.
pub fn time(value: Value<'_>, path: fmt::Arguments<'_>) -> Result<(), DecodeError> {
    match string(value, path)? {
        Some(text) if !is_time(text) => Err(no_time(value, path, text)),
        _ => Ok(()),
    }
}

/// The value of a time in RFC 3339; null is absent.
pub fn timestamp(
    value: Value<'_>,
    path: fmt::Arguments<'_>,
) -> Result<Option<Timestamp>, DecodeError> {
    let Some(text) = string(value, path)? else {
        return Ok(None);
    };
    let parsed = text.parse().map(Some);
    parsed.map_err(|_| no_time(value, path, text))
}

fn no_time(value: Value<'_>, path: fmt::Arguments<'_>, text: &str) -> DecodeError {
    DecodeError::at(
        value,
        format!("{path}: expected a time such as 2026-01-31T12:00:00Z, found {text:?}"),
    )
}

/// Whether a text is a time in RFC 3339.
pub fn is_time(text: &str) -> bool {
    is_utc_second(text.as_bytes()) || text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a text is a time as the server writes it, of a day that every month has: then nothing needs
/// to be counted.
fn is_utc_second(text: &[u8]) -> bool {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        min1,
        min2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return false;
    };
    let number = |high: u8, low: u8| {
        let digits = high.is_ascii_digit() && low.is_ascii_digit();
        digits.then(|| 10 * (high - b'0') + (low - b'0'))
    };
    let within = |pair, least, most| pair >= Some(least) && pair <= Some(most);
    within(number(y1, y2), 0, 99)
        && within(number(y3, y4), 0, 99)
        && within(number(m1, m2), 1, 12)
        && within(number(d1, d2), 1, 28)
        && within(number(h1, h2), 0, 23)
        && within(number(min1, min2), 0, 59)
        && within(number(s1, s2), 0, 59)
}

/// A string field of a mapping; absent and null are the empty string.
pub fn string_field<'t>(
    mapping: Value<'t>,
    field: &str,
    path: fmt::Arguments<'_>,
) -> Result<&'t str, DecodeError> {
    match mapping.get(field) {
        Some(value) => Ok(string(value, path)?.unwrap_or("")),
        None => Ok(""),
    }
}

/// A boolean; null is absent.
pub fn boolean(value: Value<'_>, path: fmt::Arguments<'_>) -> Result<Option<bool>, DecodeError> {
    match value.kind() {
        Kind::Null => Ok(None),
        Kind::Bool(value) => Ok(Some(value)),
        _ => Err(DecodeError::wrong_type(value, path, "true or false")),
    }
}

/// A mapping; null is absent.
pub fn mapping<'t>(
    value: Option<Value<'t>>,
    path: fmt::Arguments<'_>,
) -> Result<Option<Value<'t>>, DecodeError> {
    of_kind(value, Kind::Mapping, path, "a mapping")
}

/// A list; null is absent.
pub fn list<'t>(
    value: Option<Value<'t>>,
    path: fmt::Arguments<'_>,
) -> Result<Option<Value<'t>>, DecodeError> {
    of_kind(value, Kind::Sequence, path, "a list")
}

fn of_kind<'t>(
    value: Option<Value<'t>>,
    kind: Kind,
    path: fmt::Arguments<'_>,
    expected: &str,
) -> Result<Option<Value<'t>>, DecodeError> {
    match value {
        None => Ok(None),
        Some(value) if value.kind() == Kind::Null => Ok(None),
        Some(value) if value.kind() == kind => Ok(Some(value)),
        Some(value) => Err(DecodeError::wrong_type(value, path, expected)),
    }
}
