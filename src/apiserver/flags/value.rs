//! Values of flags, read as Go's `strconv`, `time` and pflag read them, with their error texts.

use super::super::csv;
use super::table::Type;
use crate::model::Quoted;

/// `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => {
            let text = Quoted(text);
            Err(format!("strconv.ParseBool: parsing {text}: invalid syntax"))
        }
    }
}

/// `strconv.ParseInt` or `ParseUint` with base 0.
fn parse_int(text: &str, signed: bool) -> Result<(), String> {
    let function = if signed { "ParseInt" } else { "ParseUint" };
    let error = |what: &str| {
        Err(format!(
            "strconv.{function}: parsing {}: {what}",
            Quoted(text)
        ))
    };
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') if signed => (true, &text[1..]),
        Some(b'+') if signed => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    let plain = digits.replace('_', "");
    let underscores_fit = plain.len() == digits.len()
        || (lower.starts_with('0') && !digits.ends_with('_') && !digits.contains("__"));
    if plain.is_empty() || !underscores_fit || !plain.chars().all(|c| c.is_digit(radix)) {
        return error("invalid syntax");
    }
    let limit = match (signed, negative) {
        (false, _) => u128::from(u64::MAX),
        (true, false) => i64::MAX as u128,
        (true, true) => i64::MAX as u128 + 1,
    };
    match u128::from_str_radix(&plain, radix) {
        Ok(value) if value <= limit => Ok(()),
        _ => error("value out of range"),
    }
}

/// `strconv.ParseFloat`, as far as decimal numbers go.
fn parse_float(text: &str) -> Result<(), String> {
    let named = ["inf", "infinity", "nan"];
    let bare = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if named.contains(&&bare[..]) || text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Ok(());
    }
    let what = if text.parse::<f64>().is_ok() {
        "value out of range"
    } else {
        "invalid syntax"
    };
    Err(format!(
        "strconv.ParseFloat: parsing {}: {what}",
        Quoted(text)
    ))
}

/// `time.ParseDuration`, in nanoseconds.
pub(super) fn parse_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", Quoted(text));
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    const LIMIT: u128 = 1 << 63;
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let end = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
        let (whole, after) = rest.split_at(end(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(end(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let nanoseconds: u128 = match unit {
            "" => return Err(format!("time: missing unit in duration {}", Quoted(text))),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => {
                let (unit, text) = (Quoted(unit), Quoted(text));
                return Err(format!("time: unknown unit {unit} in duration {text}"));
            }
        };
        let whole = match whole {
            "" => 0,
            digits => digits.parse::<u64>().map_err(|_| invalid())?,
        };
        total += u128::from(whole) * nanoseconds;
        if !fraction.is_empty() {
            // Digits beyond the nanosecond do not count.
            let digits = &fraction[..fraction.len().min(18)];
            let value: u128 = digits.parse().map_err(|_| invalid())?;
            total += value * nanoseconds / 10u128.pow(digits.len() as u32);
        }
        if total > LIMIT {
            return Err(invalid());
        }
        rest = after;
    }
    let total = total as i128;
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// One CSV record, as pflag reads lists; an empty text is an empty list.
pub(super) fn parse_list(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    match csv::Reader::new(text.as_bytes()).record() {
        None => Err("EOF".to_owned()),
        Some(Err(error)) => Err(error.to_string()),
        Some(Ok(fields)) => Ok(fields
            .into_iter()
            .map(|field| String::from_utf8_lossy(&field).into_owned())
            .collect()),
    }
}

/// `key=value` pairs between commas, as the server's own maps read them.
pub(super) fn parse_map(text: &str) -> Result<Vec<(String, String)>, String> {
    text.split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
            None => Err("malformed pair, expect string=string".to_owned()),
        })
        .collect()
}

/// Whether a flag of this type takes the value; the text of the error if not.
pub(super) fn check(kind: Type, text: &str) -> Result<(), String> {
    match kind {
        Type::Bool | Type::Help => parse_bool(text).map(drop),
        Type::Int => parse_int(text, true),
        Type::Uint => parse_int(text, false),
        Type::Float => parse_float(text),
        Type::Duration => parse_duration(text).map(drop),
        Type::Ip if text.trim().parse::<std::net::IpAddr>().is_err() => {
            Err(format!("failed to parse IP: {}", Quoted(text)))
        }
        Type::Strings => parse_list(text).map(drop),
        Type::KeyValue => {
            let pairs = parse_list(text)?;
            match pairs.iter().find(|pair| !pair.contains('=')) {
                Some(pair) => Err(format!("{pair} must be formatted as key=value")),
                None => Ok(()),
            }
        }
        Type::Map => parse_map(text).map(drop),
        Type::Ip | Type::String | Type::Array | Type::Multimap | Type::Version => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, parse_duration};
    use crate::apiserver::flags::table::Type;

    #[test]
    fn durations_are_gos() {
        assert_eq!(parse_duration("1h0m0.5s"), Ok(3_600_500_000_000));
        assert_eq!(parse_duration("-59m"), Ok(-3_540_000_000_000));
        assert_eq!(parse_duration("0"), Ok(0));
        let cases = [
            ("", "time: invalid duration \"\""),
            ("5", "time: missing unit in duration \"5\""),
            ("5x", "time: unknown unit \"x\" in duration \"5x\""),
            (
                "9223372036855s1",
                "time: invalid duration \"9223372036855s1\"",
            ),
            (".s", "time: invalid duration \".s\""),
        ];
        for (text, error) in cases {
            assert_eq!(parse_duration(text), Err(error.to_owned()));
        }
    }

    #[test]
    fn wrong_values_are_told_in_gos_words() {
        let cases = [
            (
                Type::Bool,
                "maybe",
                "strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
            (
                Type::Int,
                "x",
                "strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
            (
                Type::Int,
                "9223372036854775808",
                "strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
            ),
            (Type::Ip, "nowhere", "failed to parse IP: \"nowhere\""),
            (Type::Map, "a", "malformed pair, expect string=string"),
            (
                Type::Strings,
                "a\"b",
                "parse error on line 1, column 2: bare \" in non-quoted-field",
            ),
        ];
        for (kind, text, error) in cases {
            assert_eq!(check(kind, text), Err(error.to_owned()));
        }
        for text in ["0", "-12", "0x1F", "0b1", "017", "+3", "0x_1"] {
            assert_eq!(check(Type::Int, text), Ok(()), "{text}");
        }
    }
}
