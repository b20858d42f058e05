//! Times as Go prints them (`time.Time.String`), in a server whose zone is UTC.

use super::NumericDate;
use jiff::Timestamp;
use std::fmt;

const DAY: i128 = 86_400;

/// The first day of the year from which Go counts seconds up without a sign, in days since 1970: it takes
/// what lies before it for what lies 2⁶⁴ seconds later.
const FIRST_DAY: i128 = days(-292_277_022_399);

/// Days since 1970 of the first day of a year.
const fn days(year: i128) -> i128 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

/// Year, month and day of a day since 1970.
fn civil(day: i128) -> (i128, u8, u8) {
    // Years that begin in March have their odd day at the end.
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i128::from(month <= 2);
    (year, month as u8, of_month as u8)
}

impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = FIRST_DAY * DAY;
        let seconds = first + (i128::from(self.0) - first).rem_euclid(1 << 64);
        write_time(f, seconds, 0)
    }
}

/// An instant as Go prints it.
#[derive(Clone, Copy, Debug)]
pub struct GoTime(pub Timestamp);

impl fmt::Display for GoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.as_nanosecond();
        let second = 1_000_000_000;
        let rest = nanoseconds.rem_euclid(second) as u32;
        write_time(f, nanoseconds.div_euclid(second), rest)
    }
}

fn write_time(f: &mut fmt::Formatter<'_>, seconds: i128, nanoseconds: u32) -> fmt::Result {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    if year < 0 {
        f.write_str("-")?;
    }
    let year = year.abs();
    write!(
        f,
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
    )?;
    if nanoseconds > 0 {
        let fraction = format!("{nanoseconds:09}");
        write!(f, ".{}", fraction.trim_end_matches('0'))?;
    }
    f.write_str(" +0000 UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_go_does() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 +0000 UTC"),
            (-5, "1969-12-31 23:59:55 +0000 UTC"),
            (951_782_400, "2000-02-29 00:00:00 +0000 UTC"),
            (4_102_444_799, "2099-12-31 23:59:59 +0000 UTC"),
            (-62_135_596_800, "0001-01-01 00:00:00 +0000 UTC"),
            (-62_167_219_201, "-0001-12-31 23:59:59 +0000 UTC"),
            (i64::MAX, "292277026596-12-04 15:30:07 +0000 UTC"),
            (i64::MIN, "292277026596-12-04 15:30:08 +0000 UTC"),
        ] {
            assert_eq!(NumericDate(seconds).to_string(), text);
        }
        let at = |text: &str| GoTime(text.parse().unwrap_or_default()).to_string();
        assert_eq!(
            at("2026-11-23T18:30:01.0125Z"),
            "2026-11-23 18:30:01.0125 +0000 UTC"
        );
        assert_eq!(at("2026-11-23T18:30:01Z"), "2026-11-23 18:30:01 +0000 UTC");
    }
}
