//! Go's durations: how they are written and read.

use super::Quoted;

/// `time.ParseDuration`, in nanoseconds.
///
/// # Errors
/// Go's text.
pub fn parse(text: &str) -> Result<i64, String> {
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

/// `time.Duration.String`: of a number of nanoseconds.
pub fn show(nanoseconds: i64) -> String {
    if nanoseconds == 0 {
        return "0s".to_owned();
    }
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let total = nanoseconds.unsigned_abs();
    let fraction = |unit: u64| {
        let digits = unit.to_string().len() - 1;
        let (whole, rest) = (total / unit, total % unit);
        let text = format!("{whole}.{rest:0digits$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match total {
        0..1_000 => return format!("{sign}{total}ns"),
        1_000..1_000_000 => return format!("{sign}{}µs", fraction(1_000)),
        1_000_000..1_000_000_000 => return format!("{sign}{}ms", fraction(1_000_000)),
        _ => {}
    }
    let minutes = total / 60_000_000_000;
    let rest = total % 60_000_000_000;
    let seconds = format!("{}.{:09}", rest / 1_000_000_000, rest % 1_000_000_000);
    let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, show};

    #[test]
    fn durations_are_gos() {
        assert_eq!(parse("1h0m0.5s"), Ok(3_600_500_000_000));
        assert_eq!(parse("-59m"), Ok(-3_540_000_000_000));
        assert_eq!(parse("0"), Ok(0));
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
            assert_eq!(parse(text), Err(error.to_owned()));
        }
    }

    #[test]
    fn shows_as_go() {
        for text in [
            "0s",
            "31s",
            "-5s",
            "1.5s",
            "1m0s",
            "1h0m0.25s",
            "500ms",
            "1.5µs",
            "7ns",
        ] {
            assert_eq!(parse(text).map(show).as_deref(), Ok(text));
        }
        assert_eq!(show(i64::MIN), "-2562047h47m16.854775808s");
    }
}
