//! Durations as Go's `time.ParseDuration` reads them.

use crate::model::Quoted;

/// Parses a duration such as `1h30m` or `-2.5s`, to nanoseconds.
///
/// # Errors
/// Go's text.
pub fn parse(text: &str) -> Result<i128, String> {
    let invalid = || format!("time: invalid duration {}", Quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut sum: i128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", Quoted(text)));
        }
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => {
                return Err(format!(
                    "time: unknown unit {} in duration {}",
                    Quoted(unit),
                    Quoted(text)
                ));
            }
        };
        let whole: i128 = match whole {
            "" => 0,
            // More digits than an int64 has are too many.
            whole => whole.parse::<i64>().map_err(|_| invalid())?.into(),
        };
        let mut part = whole.checked_mul(scale).ok_or_else(invalid)?;
        let mut weight = scale;
        for digit in fraction.bytes().take(18) {
            weight /= 10;
            part += i128::from(digit - b'0') * weight;
        }
        sum += part;
        if sum > i128::from(i64::MAX) + i128::from(negative) {
            return Err(invalid());
        }
        rest = next;
    }
    Ok(if negative { -sum } else { sum })
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("1.5s", Ok(1_500_000_000)),
            ("-1h1m", Ok(-3_660_000_000_000)),
            (".5ms", Ok(500_000)),
            ("", Err("time: invalid duration \"\"")),
            ("abc", Err("time: invalid duration \"abc\"")),
            ("10", Err("time: missing unit in duration \"10\"")),
            ("10x", Err("time: unknown unit \"x\" in duration \"10x\"")),
            ("9999999999h", Err("time: invalid duration \"9999999999h\"")),
        ] {
            assert_eq!(parse(text), expected.map_err(str::to_owned), "{text}");
        }
    }
}
