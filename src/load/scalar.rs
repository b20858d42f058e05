//! What a YAML scalar means to Kubernetes: the resolution of Go's `sigs.k8s.io/yaml`, which is YAML 1.1
//! with Go's number syntax.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write;

const TAG: &str = "tag:yaml.org,2002:";

/// A resolved scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer from -2^63 to 2^64 - 1.
    Integer(i128),
    /// A float, perhaps infinite or not a number.
    Float(f64),
    /// A string.
    String(Cow<'t, str>),
}

/// Resolves a scalar; `plain` is whether it is unquoted and has no tag. The error is a message.
pub fn resolve<'t>(tag: Option<&str>, text: &'t str, plain: bool) -> Result<Scalar<'t>, String> {
    let Some(tag) = tag.filter(|tag| !tag.is_empty()) else {
        return Ok(match plain {
            true => resolve_plain(text),
            false => Scalar::String(text.into()),
        });
    };
    let string = Ok(Scalar::String(text.into()));
    let Some(name) = tag.strip_prefix(TAG) else {
        return string;
    };
    let resolved = match name {
        "binary" => return decode_base64(text).map(|s| Scalar::String(s.into())),
        "bool" | "int" | "float" | "null" | "timestamp" => resolve_plain(text),
        _ => return string,
    };
    Ok(match (name, resolved) {
        ("bool", value @ Scalar::Bool(_)) => value,
        ("int", value @ Scalar::Integer(_)) => value,
        ("float", value @ Scalar::Float(_)) => value,
        ("null", Scalar::Null) => Scalar::Null,
        // Go converts only what fits a signed integer.
        ("float", Scalar::Integer(value)) if value <= i64::MAX.into() => {
            Scalar::Float(value as f64)
        }
        ("timestamp", _) if is_timestamp(text) => return string,
        (_, value) => {
            let found = value.tag(text);
            return Err(format!("cannot decode {found} `{text}` as a !!{name}"));
        }
    })
}

/// Resolves an untagged, unquoted scalar.
pub fn resolve_plain(text: &str) -> Scalar<'_> {
    let string = Scalar::String(Cow::Borrowed(text));
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            match text {
                "~" | "null" | "Null" | "NULL" => Scalar::Null,
                "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On"
                | "ON" => Scalar::Bool(true),
                "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off"
                | "OFF" => Scalar::Bool(false),
                _ => string,
            }
        }
        Some(b'.') => match text {
            ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
            _ => dotted_float(text).map_or(string, Scalar::Float),
        },
        Some(b'0'..=b'9' | b'+' | b'-') => match text {
            "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
            _ => number(text).unwrap_or(string),
        },
        Some(_) => string,
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    let plain = match memchr::memchr(b'_', text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace('_', "")),
        None => Cow::Borrowed(text),
    };
    if let Some(value) = integer(&plain) {
        return Some(Scalar::Integer(value));
    }
    if is_float(&plain) {
        // What overflows is an error to Go, and the scalar stays a string.
        let value = plain.parse().ok().filter(|v: &f64| v.is_finite());
        if let Some(value) = value {
            return Some(Scalar::Float(value));
        }
    }
    // Go parses what follows `0b` with a sign of its own.
    let binary = plain.strip_prefix("0b")?;
    let value = i128::from_str_radix(binary, 2).ok()?;
    (i64::MIN.into()..=i64::MAX.into())
        .contains(&value)
        .then_some(Scalar::Integer(value))
}

/// Go's `strconv.ParseInt` with base 0, then `ParseUint`.
fn integer(text: &str) -> Option<i128> {
    let (signed, negative, rest) = match text.as_bytes() {
        [b'-', ..] => (true, true, &text[1..]),
        [b'+', ..] => (true, false, &text[1..]),
        _ => (false, false, text),
    };
    let (base, digits) = match rest.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &rest[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &rest[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    if !digits.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, base).ok()?;
    let value = if negative { -magnitude } else { magnitude };
    let highest = if signed {
        i64::MAX as i128
    } else {
        u64::MAX as i128
    };
    (i64::MIN as i128..=highest)
        .contains(&value)
        .then_some(value)
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Whether Go's pattern of YAML floats matches.
fn is_float(text: &str) -> bool {
    let text = text.as_bytes();
    let mut at = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = digits(&text[at..]);
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(&text[at + 1..]);
        if whole + fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return false;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(&text[at..]);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == text.len()
}

/// Go's `strconv.ParseFloat` of a text that starts with a dot: underscores may stand between digits.
fn dotted_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let misplaced = |i: usize| {
        bytes[i] == b'_'
            && !(bytes[i - 1].is_ascii_digit() && bytes.get(i + 1).is_some_and(u8::is_ascii_digit))
    };
    if (1..bytes.len()).any(misplaced) {
        return None;
    }
    let plain = text.replace('_', "");
    is_float(&plain)
        .then(|| plain.parse().ok())
        .flatten()
        .filter(|v: &f64| v.is_finite())
}

/// Whether Go would read a timestamp: a date, or date and time in one of three forms.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let small = |part: &str, low: u32, high: u32| {
        (1..=2).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let year_number: u32 = match year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) {
        true => year.parse().unwrap_or_default(),
        false => return false,
    };
    let leap = year_number.is_multiple_of(4)
        && (!year_number.is_multiple_of(100) || year_number.is_multiple_of(400));
    let longest = match month.trim_start_matches('0') {
        "2" => 28 + u32::from(leap),
        "4" | "6" | "9" | "11" => 30,
        _ => 31,
    };
    if !small(month, 1, 12) || !small(day, 1, longest) {
        return false;
    }
    let Some(time) = time else { return true };
    let (clock, zoned) = (&time[1..], !time.starts_with(' '));
    let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone);
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else {
        return false;
    };
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let zone_fits = match zone.as_bytes() {
        [] => !zoned,
        [b'Z'] => zoned,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            zoned && [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit())
        }
        _ => false,
    };
    zone_fits
        && small(hour, 0, 23)
        && small(minute, 0, 59)
        && small(second, 0, 59)
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// Go's `base64.StdEncoding`: padded, line breaks ignored; what is not UTF-8 becomes U+FFFD byte by byte.
fn decode_base64(text: &str) -> Result<String, String> {
    let error = || "!!binary value contains invalid base64 data".to_string();
    let mut bytes = Vec::new();
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for byte in text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if count % 4 >= 2 || padding > 0 => {
                padding += 1;
                count += 1;
                continue;
            }
            _ => return Err(error()),
        };
        if padding > 0 {
            return Err(error());
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count % 4 != 1 {
            bytes.push((bits >> (6 - 2 * ((count - 1) % 4))) as u8);
        }
    }
    if count % 4 != 0 || padding > 2 {
        return Err(error());
    }
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    Ok(out)
}

impl Scalar<'_> {
    fn tag(&self, text: &str) -> &'static str {
        match self {
            Scalar::Null => "!!null",
            Scalar::Bool(_) => "!!bool",
            Scalar::Integer(_) => "!!int",
            Scalar::Float(_) => "!!float",
            Scalar::String(_) if is_timestamp(text) => "!!timestamp",
            Scalar::String(_) => "!!str",
        }
    }

    /// Writes a number as Go's JSON encoder does; nothing if it has no JSON form or is no number.
    pub fn write_number(&self, out: &mut String) -> Option<()> {
        match *self {
            Scalar::Integer(value) => write!(out, "{value}").ok(),
            Scalar::Float(value) if value.is_finite() => {
                let size = value.abs();
                if size != 0.0 && !(1e-6..1e21).contains(&size) {
                    let text = format!("{value:e}");
                    out.push_str(&match text.contains("e-") {
                        true => text,
                        false => text.replace('e', "e+"),
                    });
                } else {
                    write!(out, "{value}").ok()?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// The scalar as a mapping key, which JSON wants to be a string. The error is a message.
    pub fn into_key(self) -> Result<String, String> {
        match self {
            Scalar::String(text) => Ok(text.into_owned()),
            Scalar::Bool(value) => Ok(value.to_string()),
            Scalar::Integer(value) if value <= i64::MAX.into() => Ok(value.to_string()),
            Scalar::Float(value) => Ok(float_key(value)),
            Scalar::Integer(value) => Err(format!(
                "found {value} as a mapping key, which is too large; quote it"
            )),
            Scalar::Null => {
                Err("found null as a mapping key, expected a string; quote it".to_string())
            }
        }
    }
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`.
fn float_key(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_string();
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // Six is what Go takes for the precision of the shortest form.
    if value != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    value.to_string()
}
