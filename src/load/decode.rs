//! Reading typed fields from a tree, with errors that say where, what was found and what to do.

use super::tree::{Kind, Value};
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
///
/// A bare `y` or `n` is taken as the letter: the server refuses it as a boolean, so no stored object can
/// have meant one, and most writers of YAML leave these two unquoted.
pub fn string<'t>(
    value: Value<'t>,
    path: fmt::Arguments<'_>,
) -> Result<Option<&'t str>, DecodeError> {
    match value.kind() {
        Kind::Null => Ok(None),
        Kind::String => Ok(value.as_str()),
        Kind::Bool(_) if value.as_letter().is_some() => Ok(value.as_letter()),
        _ => Err(DecodeError::wrong_type(value, path, "a string")),
    }
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
