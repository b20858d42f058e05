//! Operators and conversions of the standard library.

use super::text::{double, go_text};
use super::{time, url};
use crate::cel::eval::{EvalError, Evaluated, MAX_BYTES};
use crate::cel::opaque::Opaque;
use crate::cel::value::{List, Value, whole};
use std::cmp::Ordering;
use std::sync::Arc;

/// The operators, which have one implementation for all types.
pub(in crate::cel) fn operator(function: &str, args: &[Value]) -> Option<Evaluated> {
    Some(match (function, args) {
        ("_==_", [a, b]) => equal(a, b).map(Value::Bool),
        ("_!=_", [a, b]) => equal(a, b).map(|same| Value::Bool(!same)),
        ("_<_", [a, b]) => ordered(function, a, b, |o| o == Ordering::Less),
        ("_<=_", [a, b]) => ordered(function, a, b, |o| o != Ordering::Greater),
        ("_>_", [a, b]) => ordered(function, a, b, |o| o == Ordering::Greater),
        ("_>=_", [a, b]) => ordered(function, a, b, |o| o != Ordering::Less),
        ("_+_", [a, b]) => add(a, b),
        ("_-_", [a, b]) => subtract(a, b),
        ("_*_", [a, b]) => multiply(a, b),
        ("_/_", [a, b]) => divide(a, b),
        ("_%_", [a, b]) => modulo(a, b),
        ("!_", [Value::Bool(b)]) => Ok(Value::Bool(!b)),
        ("!_", [_]) => Err(EvalError::no_overload()),
        ("-_", [a]) => negate(a),
        ("@in", [a, b]) => contains(b, a).map(Value::Bool),
        ("size", [a]) => match a {
            Value::String(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_) => {
                Ok(Value::Int(a.size() as i64))
            }
            _ => Err(missing(function, a)),
        },
        ("type", [a]) => Ok(Value::Type(Arc::from(a.type_name()))),
        ("dyn", [a]) => Ok(a.clone()),
        ("matches", [a, b]) => match (a, b) {
            (Value::String(text), Value::String(pattern)) => super::regex::compile(pattern)
                .map(|regex| Value::Bool(regex.is_match(text)))
                .map_err(EvalError::new),
            (Value::String(_), _) => Err(EvalError::no_overload()),
            _ => Err(missing(function, a)),
        },
        ("contains", [a, b]) => strings(a, b, |a, b| a.contains(b)),
        ("startsWith", [a, b]) => strings(a, b, |a, b| a.starts_with(b)),
        ("endsWith", [a, b]) => strings(a, b, |a, b| a.ends_with(b)),
        ("sort", [a]) => match a {
            Value::List(_) => super::lists::sort_by(a, a),
            _ => Err(missing(function, a)),
        },
        ("@sortByAssociatedKeys", [a, b]) => match (a, b) {
            (Value::List(_), Value::List(_)) => super::lists::sort_by(a, b),
            _ => Err(missing(function, a)),
        },
        ("flatten", [a, rest @ ..]) => super::lists::flatten(a, rest.first()),
        _ => return None,
    })
}

/// What a function with one implementation says to a value that it is not for. Strings and times take the call
/// themselves, and know no such method.
fn missing(function: &str, value: &Value) -> EvalError {
    match value {
        Value::String(_) | Value::Timestamp(_) | Value::Duration(_) => EvalError::no_overload(),
        _ => EvalError::new(format!("no such overload: {function}")),
    }
}

fn strings(a: &Value, b: &Value, test: impl Fn(&str, &str) -> bool) -> Evaluated {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Ok(Value::Bool(test(a, b))),
        _ => Err(EvalError::no_overload()),
    }
}

/// Equality: of different types, nothing is equal but numbers.
pub(in crate::cel) fn equal(a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => a == b,
        (
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
        ) => compare_numbers(a, b) == Some(Ordering::Equal),
        (Value::List(a), Value::List(b)) => {
            a.items().len() == b.items().len()
                && a.items().iter().zip(b.items()).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.entries.len() == b.entries.len()
                && a.entries.iter().all(|(key, value)| {
                    b.find(&key.to_value())
                        .is_some_and(|other| same(value, &other))
                })
        }
        (Value::Object(a), Value::Object(b)) => Arc::ptr_eq(a, b),
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Object(_), _) => return Err(EvalError::no_overload()),
        (Value::Optional(a), Value::Optional(b)) => match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        },
        (Value::Opaque(a), Value::Opaque(b)) => a.equals(b)?,
        _ => false,
    })
}

/// Equality within lists and maps, where an error counts as different.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    equal(a, b).unwrap_or(false)
}

fn compare_numbers(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Uint(a), Value::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Double(a), Value::Int(b)) => double_to_whole(*a, i128::from(*b)),
        (Value::Double(a), Value::Uint(b)) => double_to_whole(*a, i128::from(*b)),
        (_, Value::Double(_)) => compare_numbers(b, a).map(Ordering::reverse),
        _ => None,
    }
}

/// Compares a double with a whole number without loss.
fn double_to_whole(a: f64, b: i128) -> Option<Ordering> {
    if a.is_nan() {
        return None;
    }
    if a >= 1e30 {
        return Some(Ordering::Greater);
    }
    if a <= -1e30 {
        return Some(Ordering::Less);
    }
    let floor = a.floor();
    Some((floor as i128).cmp(&b).then(if a > floor {
        Ordering::Greater
    } else {
        Ordering::Equal
    }))
}

/// The order of two values.
pub(in crate::cel) fn compare(a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        (Value::String(a), Value::String(b)) => Ok(a.as_bytes().cmp(b.as_bytes())),
        (Value::Bytes(a), Value::Bytes(b)) => Ok(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Ok(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Ok(a.cmp(b)),
        (
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
        ) => compare_numbers(a, b).ok_or_else(|| EvalError::new("NaN values cannot be ordered")),
        _ => Err(EvalError::no_overload()),
    }
}

pub(super) fn has_order(value: &Value) -> bool {
    matches!(
        value,
        Value::Bool(_)
            | Value::Int(_)
            | Value::Uint(_)
            | Value::Double(_)
            | Value::String(_)
            | Value::Bytes(_)
            | Value::Timestamp(_)
            | Value::Duration(_)
    )
}

fn ordered(function: &str, a: &Value, b: &Value, test: impl Fn(Ordering) -> bool) -> Evaluated {
    if !has_order(a) {
        return Err(missing(function, a));
    }
    compare(a, b).map(|order| Value::Bool(test(order)))
}

fn contains(container: &Value, value: &Value) -> Result<bool, EvalError> {
    match container {
        Value::List(list) => Ok(list.items().iter().any(|item| same(value, item))),
        // Whether a key is there is asked of the map itself, which knows no escaped names.
        Value::Map(map) => {
            let plain = crate::cel::value::Map {
                unescape: false,
                ..map.clone()
            };
            Ok(plain.find(value).is_some())
        }
        _ => Err(EvalError::no_overload()),
    }
}

fn overflow(value: Option<i64>) -> Evaluated {
    value
        .map(Value::Int)
        .ok_or_else(|| EvalError::new("integer overflow"))
}

fn overflow_unsigned(value: Option<u64>) -> Evaluated {
    value
        .map(Value::Uint)
        .ok_or_else(|| EvalError::new("unsigned integer overflow"))
}

fn overflow_duration(value: Option<i64>) -> Evaluated {
    value
        .map(Value::Duration)
        .ok_or_else(|| EvalError::new("duration overflow"))
}

fn add(a: &Value, b: &Value) -> Evaluated {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => overflow(a.checked_add(*b)),
        (Value::Uint(a), Value::Uint(b)) => overflow_unsigned(a.checked_add(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a + b)),
        (Value::String(a), Value::String(b)) => {
            if a.len() + b.len() > MAX_BYTES {
                return Err(EvalError::cost());
            }
            Ok(Value::from(format!("{a}{b}")))
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            if a.len() + b.len() > MAX_BYTES {
                return Err(EvalError::cost());
            }
            Ok(Value::Bytes([&a[..], &b[..]].concat().into()))
        }
        (Value::List(a), Value::List(b)) => {
            if a.items().len() + b.items().len() > MAX_BYTES / 64 {
                return Err(EvalError::cost());
            }
            // Adding nothing gives the same list back, Go type and all.
            if b.items().is_empty() {
                return Ok(Value::List(a.clone()));
            }
            if a.items().is_empty() {
                return Ok(Value::List(b.clone()));
            }
            let mut items = a.items().to_vec();
            items.extend(b.items().iter().cloned());
            Ok(Value::List(List::new(items)))
        }
        (Value::Duration(a), Value::Duration(b)) => overflow_duration(a.checked_add(*b)),
        (Value::Timestamp(t), Value::Duration(d)) | (Value::Duration(d), Value::Timestamp(t)) => {
            time::timestamp(t + i128::from(*d))
        }
        (
            Value::Int(_)
            | Value::Uint(_)
            | Value::Double(_)
            | Value::String(_)
            | Value::Bytes(_)
            | Value::List(_)
            | Value::Duration(_)
            | Value::Timestamp(_),
            _,
        ) => Err(EvalError::no_overload()),
        _ => Err(missing("_+_", a)),
    }
}

fn subtract(a: &Value, b: &Value) -> Evaluated {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => overflow(a.checked_sub(*b)),
        (Value::Uint(a), Value::Uint(b)) => overflow_unsigned(a.checked_sub(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a - b)),
        (Value::Duration(a), Value::Duration(b)) => overflow_duration(a.checked_sub(*b)),
        (Value::Timestamp(a), Value::Duration(b)) => time::timestamp(a - i128::from(*b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => overflow_duration(i64::try_from(a - b).ok()),
        (
            Value::Int(_)
            | Value::Uint(_)
            | Value::Double(_)
            | Value::Duration(_)
            | Value::Timestamp(_),
            _,
        ) => Err(EvalError::no_overload()),
        _ => Err(missing("_-_", a)),
    }
}

fn multiply(a: &Value, b: &Value) -> Evaluated {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => overflow(a.checked_mul(*b)),
        (Value::Uint(a), Value::Uint(b)) => overflow_unsigned(a.checked_mul(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a * b)),
        (Value::Int(_) | Value::Uint(_) | Value::Double(_), _) => Err(EvalError::no_overload()),
        _ => Err(missing("_*_", a)),
    }
}

fn divide(a: &Value, b: &Value) -> Evaluated {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(EvalError::new("division by zero"))
        }
        (Value::Int(a), Value::Int(b)) => overflow(a.checked_div(*b)),
        (Value::Uint(a), Value::Uint(b)) => overflow_unsigned(a.checked_div(*b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a / b)),
        (Value::Int(_) | Value::Uint(_) | Value::Double(_), _) => Err(EvalError::no_overload()),
        _ => Err(missing("_/_", a)),
    }
}

fn modulo(a: &Value, b: &Value) -> Evaluated {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(EvalError::new("modulus by zero"))
        }
        (Value::Int(a), Value::Int(b)) => overflow(a.checked_rem(*b)),
        (Value::Uint(a), Value::Uint(b)) => overflow_unsigned(a.checked_rem(*b)),
        (Value::Int(_) | Value::Uint(_), _) => Err(EvalError::no_overload()),
        _ => Err(missing("_%_", a)),
    }
}

fn negate(a: &Value) -> Evaluated {
    match a {
        Value::Int(n) => overflow(n.checked_neg()),
        Value::Double(d) => Ok(Value::Double(-d)),
        Value::Duration(d) => overflow_duration(d.checked_neg()),
        Value::Bool(_) => Err(EvalError::no_overload()),
        _ => Err(missing("-_", a)),
    }
}

/// What walking over a value costs.
pub(in crate::cel) fn traversal(value: &Value) -> u64 {
    match value {
        Value::String(s) => (s.len() as u64).div_ceil(10),
        Value::Bytes(b) => (b.len() as u64).div_ceil(10),
        Value::List(list) => list.items().iter().map(traversal).sum(),
        Value::Map(map) => map
            .entries
            .iter()
            .map(|(k, v)| traversal(&k.to_value()) + traversal(v))
            .sum(),
        _ => 1,
    }
}

fn unconverted(from: &str, to: &str) -> EvalError {
    EvalError::new(format!("type conversion error from '{from}' to '{to}'"))
}

/// Conversions between the standard types.
pub(super) fn convert(overload: &str, args: &[Value]) -> Option<Evaluated> {
    if overload == "optional_none" {
        return Some(Ok(Value::Optional(None)));
    }
    let [arg] = args else { return None };
    Some(match (overload, arg) {
        (
            "bool_to_bool"
            | "bytes_to_bytes"
            | "double_to_double"
            | "duration_to_duration"
            | "int64_to_int64"
            | "string_to_string"
            | "timestamp_to_timestamp"
            | "uint64_to_uint64",
            arg,
        ) => Ok(arg.clone()),
        ("string_to_bool", Value::String(s)) => match &**s {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(unconverted("string", "bool")),
        },
        ("string_to_bytes", Value::String(s)) => Ok(Value::Bytes(s.as_bytes().into())),
        ("int64_to_double", Value::Int(n)) => Ok(Value::Double(*n as f64)),
        ("uint64_to_double", Value::Uint(n)) => Ok(Value::Double(*n as f64)),
        ("string_to_double", Value::String(s)) => parse_double(s)
            .map(Value::Double)
            .ok_or_else(|| unconverted("string", "double")),
        ("int64_to_duration", Value::Int(n)) => Ok(Value::Duration(*n)),
        ("string_to_duration", Value::String(s)) => time::parse_duration(s)
            .map(Value::Duration)
            .ok_or_else(|| unconverted("string", "google.protobuf.Duration")),
        ("double_to_int64", Value::Double(d)) => {
            let limit = 9_223_372_036_854_775_808.0;
            overflow((*d > -limit && *d < limit).then_some(*d as i64))
        }
        ("duration_to_int64", Value::Duration(d)) => Ok(Value::Int(*d)),
        ("string_to_int64", Value::String(s)) => parse_int(s)
            .map(Value::Int)
            .ok_or_else(|| unconverted("string", "int")),
        ("timestamp_to_int64", Value::Timestamp(t)) => {
            overflow(i64::try_from(t.div_euclid(1_000_000_000)).ok())
        }
        ("uint64_to_int64", Value::Uint(n)) => overflow(i64::try_from(*n).ok()),
        ("double_to_uint64", Value::Double(d)) => {
            let limit = 18_446_744_073_709_551_616.0;
            overflow_unsigned((*d >= 0.0 && *d < limit).then_some(*d as u64))
        }
        ("int64_to_uint64", Value::Int(n)) => overflow_unsigned(u64::try_from(*n).ok()),
        ("string_to_uint64", Value::String(s)) => {
            let digits = !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
            let parsed = if digits { s.parse().ok() } else { None };
            parsed
                .map(Value::Uint)
                .ok_or_else(|| unconverted("string", "uint"))
        }
        ("bool_to_string", Value::Bool(_))
        | ("int64_to_string", Value::Int(_))
        | ("uint64_to_string", Value::Uint(_)) => Ok(Value::from(go_text(arg))),
        ("bytes_to_string", Value::Bytes(b)) => std::str::from_utf8(b)
            .map(Value::from)
            .map_err(|_| EvalError::new("invalid UTF-8 in bytes, cannot convert to string")),
        ("double_to_string", Value::Double(d)) => Ok(Value::from(double(*d))),
        ("duration_to_string", Value::Duration(d)) => Ok(Value::from(time::duration_text(*d))),
        ("timestamp_to_string", Value::Timestamp(t)) => Ok(Value::from(time::timestamp_text(*t))),
        ("int64_to_timestamp", Value::Int(n)) => time::timestamp(i128::from(*n) * 1_000_000_000),
        ("string_to_timestamp", Value::String(s)) => match time::parse_timestamp(s) {
            Some(t) => time::timestamp(t),
            None => Err(unconverted("string", "google.protobuf.Timestamp")),
        },
        ("optional_of", value) => Ok(Value::Optional(Some(Arc::new(value.clone())))),
        ("optional_ofNonZeroValue", value) => Ok(Value::Optional(
            (!is_zero(value)).then(|| Arc::new(value.clone())),
        )),
        ("optional_value", Value::Optional(Some(inner))) => Ok((**inner).clone()),
        ("optional_value", _) => Err(EvalError::new("optional.none() dereference")),
        ("optional_hasValue", Value::Optional(inner)) => Ok(Value::Bool(inner.is_some())),
        _ => return None,
    })
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(b) => !b,
        Value::Int(n) => *n == 0,
        Value::Uint(n) => *n == 0,
        Value::Double(d) => *d == 0.0,
        Value::String(s) => s.is_empty(),
        Value::Bytes(b) => b.is_empty(),
        Value::List(list) => list.items().is_empty(),
        Value::Map(map) => map.entries.is_empty(),
        Value::Duration(d) => *d == 0,
        Value::Optional(inner) => inner.is_none(),
        Value::Opaque(opaque) => match &**opaque {
            Opaque::Url(url) => *url == url::Url::default(),
            _ => false,
        },
        _ => false,
    }
}

/// Go's `strconv.ParseInt(s, 10, 64)`.
fn parse_int(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Go's `strconv.ParseFloat`, which also reads hexadecimal.
fn parse_double(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => return Some(sign * f64::INFINITY),
        "nan" => return Some(f64::NAN),
        hex if hex.starts_with("0x") => return parse_hex(&hex[2..]).map(|d| sign * d),
        _ => {}
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse::<f64>().ok().filter(|d| d.is_finite())
}

fn parse_hex(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = [before, after].concat();
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent: i32 = exponent.parse().ok()?;
    let value = value * 2f64.powi(exponent.checked_sub(4 * after.len() as i32)?);
    value.is_finite().then_some(value)
}

/// A whole number for an index.
pub(super) fn index(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(*n),
        Value::Double(d) => whole(*d),
        _ => None,
    }
}
