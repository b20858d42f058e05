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

/// One CSV record, as pflag reads lists; an empty text is an empty list.
pub(in crate::apiserver) fn parse_list(text: &str) -> Result<Vec<String>, String> {
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
        .map(parse_pair)
        .collect()
}

/// One `key=value` pair, commas and all.
pub(super) fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
        None => Err("malformed pair, expect string=string".to_owned()),
    }
}

/// Whether a flag of this type takes the value; the text of the error if not.
pub(super) fn check(kind: Type, text: &str) -> Result<(), String> {
    match kind {
        Type::Bool | Type::Help => parse_bool(text).map(drop),
        Type::Int => parse_int(text, true),
        Type::Uint => parse_int(text, false),
        Type::Float => parse_float(text),
        Type::Duration => crate::model::duration::parse(text).map(drop),
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
        Type::Pair => parse_pair(text).map(drop),
        Type::Ip | Type::String | Type::Array | Type::Multimap | Type::Version => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::apiserver::flags::table::Type;

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
