//! Timestamps and durations.

use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::value::Value;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

const SECOND: i128 = 1_000_000_000;
/// The years 1 and 9999 bound a timestamp.
const MIN: i128 = -62_135_596_800 * SECOND;
const MAX: i128 = 253_402_300_799 * SECOND + 999_999_999;

/// A timestamp within its bounds.
pub(super) fn timestamp(nanos: i128) -> Evaluated {
    if (MIN..=MAX).contains(&nanos) {
        Ok(Value::Timestamp(nanos))
    } else {
        Err(EvalError::new("timestamp overflow"))
    }
}

fn fraction(nanos: i128) -> String {
    if nanos == 0 {
        return String::new();
    }
    format!(".{nanos:09}").trim_end_matches('0').to_owned()
}

fn civil_of(nanos: i128, zone: &TimeZone) -> Option<civil::DateTime> {
    let stamp = jiff::Timestamp::from_nanosecond(nanos).ok()?;
    Some(zone.to_datetime(stamp))
}

/// RFC 3339 in UTC with as many digits as needed.
pub(super) fn timestamp_text(nanos: i128) -> String {
    let Some(t) = civil_of(nanos, &TimeZone::UTC) else {
        return String::new();
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second(),
        fraction(nanos.rem_euclid(SECOND))
    )
}

/// Seconds with as many digits as needed.
pub(super) fn duration_text(nanos: i64) -> String {
    let magnitude = i128::from(nanos).abs();
    let sign = if nanos < 0 { "-" } else { "" };
    format!(
        "{sign}{}{}s",
        magnitude / SECOND,
        fraction(magnitude % SECOND)
    )
}

/// Go's `time.Parse(time.RFC3339, …)`.
pub(super) fn parse_timestamp(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| -> Option<i64> {
        let part = text.get(from..from + count)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())
            .flatten()
    };
    let mark = |at: usize, c: u8| (bytes.get(at) == Some(&c)).then_some(());
    let year = digits(0, 4)?;
    mark(4, b'-')?;
    let month = digits(5, 2)?;
    mark(7, b'-')?;
    let day = digits(8, 2)?;
    mark(10, b'T')?;
    // Go takes an hour of one digit here.
    let (hour, at) = match digits(11, 2) {
        Some(hour) => (hour, 13),
        None => (digits(11, 1)?, 12),
    };
    mark(at, b':')?;
    let minute = digits(at + 1, 2)?;
    mark(at + 3, b':')?;
    let second = digits(at + 4, 2)?;
    let mut at = at + 6;
    let mut nanos = 0;
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let end = bytes[at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
            + at
            + 1;
        if end == at + 1 {
            return None;
        }
        let part: String = text[at + 1..end]
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        nanos = part.parse::<i128>().ok()?;
        at = end;
    }
    let offset = match bytes.get(at)? {
        b'Z' if at + 1 == text.len() => 0,
        sign @ (b'+' | b'-') if at + 6 == text.len() => {
            let hours = digits(at + 1, 2)?;
            mark(at + 3, b':')?;
            let minutes = digits(at + 4, 2)?;
            if hours > 24 || minutes >= 60 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let date = civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = i128::from(date.since(civil::date(1970, 1, 1)).ok()?.get_days());
    let seconds = days * 86_400 + i128::from(hour * 3600 + minute * 60 + second - offset);
    Some(seconds * SECOND + nanos)
}

/// Go's `time.ParseDuration`.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(end);
        let mut part = "";
        let mut after = after;
        let dotted = after.starts_with('.');
        if dotted {
            let end = after[1..].bytes().take_while(u8::is_ascii_digit).count() + 1;
            part = &after[1..end];
            after = &after[end..];
        }
        if whole.is_empty() && part.is_empty() {
            return None;
        }
        let end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => SECOND,
            "m" => 60 * SECOND,
            "h" => 3600 * SECOND,
            _ => return None,
        };
        let number: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        let digits: String = part.chars().take(18).collect();
        if !digits.is_empty() {
            let numerator: i128 = digits.parse().ok()?;
            total += numerator * unit / 10i128.pow(digits.len() as u32);
        }
        if total > 1 << 63 {
            return None;
        }
        rest = next;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// Runs a function over times.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    match args {
        [Value::Duration(d)] => Some(Ok(Value::Int(match overload {
            "duration_to_hours" => d / 3_600_000_000_000,
            "duration_to_minutes" => d / 60_000_000_000,
            "duration_to_seconds" => d / 1_000_000_000,
            "duration_to_milliseconds" => d / 1_000_000,
            _ => return None,
        }))),
        [Value::Timestamp(t)] => field(overload, *t, "UTC"),
        [Value::Timestamp(t), Value::String(zone)] => field(overload, *t, zone),
        _ => None,
    }
}

fn field(overload: &str, nanos: i128, zone: &str) -> Option<Evaluated> {
    let zone = match time_zone(zone) {
        Ok(zone) => zone,
        Err(message) => return Some(Err(EvalError::new(message))),
    };
    let t = civil_of(nanos, &zone)?;
    let value = match overload
        .trim_end_matches("_with_tz")
        .trim_end_matches("_tz")
    {
        "timestamp_to_year" => i64::from(t.year()),
        "timestamp_to_month" => i64::from(t.month()) - 1,
        "timestamp_to_day_of_year" => i64::from(t.date().day_of_year()) - 1,
        "timestamp_to_day_of_month" => i64::from(t.day()) - 1,
        "timestamp_to_day_of_month_1_based" => i64::from(t.day()),
        "timestamp_to_day_of_week" => i64::from(t.date().weekday().to_sunday_zero_offset()),
        "timestamp_to_hours" => i64::from(t.hour()),
        "timestamp_to_minutes" => i64::from(t.minute()),
        "timestamp_to_seconds" => i64::from(t.second()),
        "timestamp_to_milliseconds" => i64::from(t.millisecond()),
        _ => return None,
    };
    Some(Ok(Value::Int(value)))
}

/// A name of the time zone database, or hours and minutes.
fn time_zone(name: &str) -> Result<TimeZone, String> {
    let Some((hours, minutes)) = name.split_once(':') else {
        if matches!(name, "" | "UTC") {
            return Ok(TimeZone::UTC);
        }
        return TimeZone::get(name).map_err(|_| format!("unknown time zone {name}"));
    };
    let number = |text: &str| {
        text.parse::<i32>().map_err(|_| {
            format!(
                "strconv.Atoi: parsing {}: invalid syntax",
                super::text::quoted(text)
            )
        })
    };
    let (h, m) = (number(hours)?, number(minutes)?);
    let offset = if name.starts_with('-') {
        h.saturating_mul(60).saturating_sub(m)
    } else {
        h.saturating_mul(60).saturating_add(m)
    };
    Offset::from_seconds(offset.saturating_mul(60))
        .map(Offset::to_time_zone)
        .map_err(|_| format!("unknown time zone {name}"))
}
