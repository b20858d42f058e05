//! Semantic versions, as github.com/blang/semver reads them.

use super::text::quoted;
use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::opaque::Opaque;
use crate::cel::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// A version; build data does not count in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Semver {
    numbers: [u64; 3],
    pre: Vec<Pre>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    Number(u64),
    Text(String),
}

impl Semver {
    pub(in crate::cel) fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.pre.cmp(&other.pre),
            }
        })
    }
}

fn number(part: &str, what: &str) -> Result<u64, String> {
    if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return if part.is_empty() {
            Err("strconv.ParseUint: parsing \"\": invalid syntax".to_owned())
        } else {
            Err(format!(
                "Invalid character(s) found in {} number {}",
                what.to_lowercase(),
                quoted(part)
            ))
        };
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(format!(
            "{what} number must not contain leading zeroes {}",
            quoted(part)
        ));
    }
    part.parse().map_err(|_| {
        format!(
            "strconv.ParseUint: parsing {}: value out of range",
            quoted(part)
        )
    })
}

fn alphanumeric(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn parse(text: &str) -> Result<Semver, String> {
    if text.is_empty() {
        return Err("Version string empty".to_owned());
    }
    let parts: Vec<&str> = text.splitn(3, '.').collect();
    let [major, minor, rest] = parts[..] else {
        return Err("No Major.Minor.Patch elements found".to_owned());
    };
    let major = number(major, "Major")?;
    let minor = number(minor, "Minor")?;
    let (rest, build) = match rest.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (rest, None),
    };
    let (patch, pre) = match rest.split_once('-') {
        Some((patch, pre)) => (patch, Some(pre)),
        None => (rest, None),
    };
    let patch = number(patch, "Patch")?;
    let mut read = Vec::new();
    for part in pre.into_iter().flat_map(|pre| pre.split('.')) {
        read.push(prerelease(part)?);
    }
    for part in build.into_iter().flat_map(|build| build.split('.')) {
        if part.is_empty() {
            return Err("Build meta data is empty".to_owned());
        }
        if !alphanumeric(part) {
            return Err(format!(
                "Invalid character(s) found in build meta data {}",
                quoted(part)
            ));
        }
    }
    Ok(Semver {
        numbers: [major, minor, patch],
        pre: read,
    })
}

fn prerelease(part: &str) -> Result<Pre, String> {
    if part.is_empty() {
        return Err("Prerelease is empty".to_owned());
    }
    if part.bytes().all(|b| b.is_ascii_digit()) {
        if part.len() > 1 && part.starts_with('0') {
            return Err(format!(
                "Numeric PreRelease version must not contain leading zeroes {}",
                quoted(part)
            ));
        }
        return part.parse().map(Pre::Number).map_err(|_| {
            format!(
                "strconv.ParseUint: parsing {}: value out of range",
                quoted(part)
            )
        });
    }
    if alphanumeric(part) {
        return Ok(Pre::Text(part.to_owned()));
    }
    Err(format!(
        "Invalid character(s) found in prerelease {}",
        quoted(part)
    ))
}

/// Without `v` and leading zeroes, with what is missing.
fn normalized(text: &str) -> Result<Semver, String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text
        .splitn(3, '.')
        .map(|part| {
            if part.len() < 2 {
                return part.to_owned();
            }
            let trimmed = part.trim_start_matches('0');
            if trimmed.starts_with(|c: char| c.is_ascii_digit()) {
                trimmed.to_owned()
            } else {
                format!("0{trimmed}")
            }
        })
        .collect();
    if parts.len() < 3 {
        if parts.last().is_some_and(|last| last.contains(['+', '-'])) {
            return Err("short version cannot contain PreRelease/Build meta data".to_owned());
        }
        parts.resize(3, "0".to_owned());
    }
    parse(&parts.join("."))
}

/// Runs a function over versions.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    let read = |text: &str| match args.get(1) {
        Some(Value::Bool(true)) => normalized(text),
        _ => parse(text),
    };
    match (overload, args) {
        ("string_to_semver" | "string_bool_to_semver", [Value::String(s), ..]) => Some(
            read(s)
                .map(|v| Value::Opaque(Arc::new(Opaque::Semver(v))))
                .map_err(EvalError::new),
        ),
        ("is_semver_string" | "is_semver_string_bool", [Value::String(s), ..]) => {
            Some(Ok(Value::Bool(read(s).is_ok())))
        }
        (_, [Value::Opaque(first), rest @ ..]) => {
            let Opaque::Semver(version) = &**first else {
                return None;
            };
            let part = |i: usize| Value::Int(version.numbers[i] as i64);
            let order = match rest {
                [Value::Opaque(other)] => match &**other {
                    Opaque::Semver(other) => Some(version.compare(other)),
                    _ => None,
                },
                _ => None,
            };
            Some(Ok(match (overload, order) {
                ("semver_major", _) => part(0),
                ("semver_minor", _) => part(1),
                ("semver_patch", _) => part(2),
                ("semver_is_greater_than", Some(order)) => Value::Bool(order == Ordering::Greater),
                ("semver_is_less_than", Some(order)) => Value::Bool(order == Ordering::Less),
                ("semver_compare_to", Some(order)) => Value::Int(order as i64),
                _ => return None,
            }))
        }
        _ => None,
    }
}
