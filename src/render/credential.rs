//! What tokens and certificates have in common when they are shown: times, users, dangers. Every text of
//! them is hostile: nothing that a terminal would obey is printed.

use super::explain::Style;
use super::word;
use crate::answer::danger::{DAY, Danger, Severity, YEAR};
use crate::model::{Quoted, UserInfo};
use jiff::Timestamp;

/// How much of one text is shown to people, in characters; `-o json` has all of it.
const SHOWN: usize = 400;

/// Lines of a label and a value, the values below each other.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<(String, String)>);

impl Rows {
    /// Adds a line; without a label it goes on with the one above.
    pub(super) fn add(&mut self, label: &str, value: impl Into<String>) {
        self.0.push((label.to_owned(), value.into()));
    }

    /// The lines, indented.
    pub(super) fn text(&self, indent: usize) -> String {
        let width = self
            .0
            .iter()
            .map(|(label, _)| label.len())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        for (label, value) in &self.0 {
            let line = format!("{:indent$}{label:width$}  {value}", "");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// A text of the input for people: quoted where it could be mistaken for something else, and cut where
/// it is longer than anybody reads.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            let length = text.len();
            format!("{}… ({length} bytes)", Quoted(&text[..end]))
        }
        None => word(text),
    }
}

/// A text of the input that fills its line: not quoted, as nothing stands beside it.
pub(super) fn free(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some(_) => shown(text),
        None => line(text),
    }
}

/// Texts of the input, one after the other.
pub(super) fn shown_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    const MANY: usize = 50;
    let all: Vec<T> = texts.into_iter().collect();
    let mut parts: Vec<String> = all
        .iter()
        .take(MANY)
        .map(|text| shown(text.as_ref()))
        .collect();
    if all.len() > MANY {
        parts.push(format!("and {} more", all.len() - MANY));
    }
    parts.join(", ")
}

/// The longest line of words, in characters.
const LINE: usize = 4000;

/// A line of the tool's or the server's words in which texts of the input may stand.
pub(super) fn line(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == LINE {
            out.push_str(&format!("… ({} bytes)", text.len()));
            break;
        }
        // What Go's quoting leaves as it is prints; quotes and backslashes do no harm here.
        match c {
            ' '..='~' => out.push(c),
            _ => out.push_str(
                Quoted(c.encode_utf8(&mut [0; 4]))
                    .to_string()
                    .trim_matches('"'),
            ),
        }
    }
    out
}

/// The user's lines.
pub(super) fn user(rows: &mut Rows, user: &UserInfo) {
    rows.add("user", shown(&user.username));
    if !user.uid.is_empty() {
        rows.add("uid", shown(&user.uid));
    }
    rows.add("groups", shown_list(&user.groups));
    for (i, (key, values)) in user.extra.iter().enumerate() {
        let label = if i == 0 { "extra" } else { "" };
        rows.add(label, format!("{}: {}", shown(key), shown_list(values)));
    }
}

/// What is dangerous, a line each.
pub(super) fn dangers(dangers: &[Danger], indent: usize, style: &impl Style) -> String {
    let mut text = String::new();
    for Danger {
        severity, message, ..
    } in dangers
    {
        let name = match severity {
            Severity::Note => "note   ".to_owned(),
            Severity::Warning => style.heading("warning"),
            Severity::High => style.bad("high   "),
            Severity::Invalid => style.bad("invalid"),
        };
        text.push_str(&format!("{:indent$}{name}  {}\n", "", line(message)));
    }
    text
}

/// An instant as Kubernetes writes it, and how far it is from now.
pub(super) fn instant(second: i64, now: Timestamp) -> String {
    match rfc3339(second) {
        Some(text) => format!("{text} ({})", relative(second, now)),
        None => format!("{second} (in no calendar)"),
    }
}

/// An instant as Kubernetes writes it; `None` beyond the year 9999.
pub(super) fn rfc3339(second: i64) -> Option<String> {
    let instant = Timestamp::from_second(second).ok()?;
    Some(instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `in 52m` or `3h ago`.
pub(super) fn relative(second: i64, now: Timestamp) -> String {
    let distance = second.saturating_sub(now.as_second());
    match distance {
        0 => "now".to_owned(),
        1.. => format!("in {}", duration(distance)),
        _ => format!("{} ago", duration(distance.saturating_neg())),
    }
}

/// A duration as kubectl shows ages (`duration.HumanDuration`): two units at most, the second one only
/// while it matters.
pub(super) fn duration(seconds: i64) -> String {
    if seconds < 0 {
        return format!("-{}", duration(seconds.saturating_neg()));
    }
    let two = |large: i64, l: &str, small: i64, s: &str| match small {
        0 => format!("{large}{l}"),
        _ => format!("{large}{l}{small}{s}"),
    };
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / DAY);
    let years = seconds / YEAR;
    if seconds < 120 {
        format!("{seconds}s")
    } else if minutes < 10 {
        two(minutes, "m", seconds % 60, "s")
    } else if minutes < 180 {
        format!("{minutes}m")
    } else if hours < 8 {
        two(hours, "h", minutes % 60, "m")
    } else if hours < 48 {
        format!("{hours}h")
    } else if hours < 192 {
        two(days, "d", hours % 24, "h")
    } else if days < 730 {
        format!("{days}d")
    } else if years < 8 {
        two(years, "y", days % 365, "d")
    } else {
        format!("{years}y")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_kubectls() {
        for (seconds, expected) in [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (599, "9m59s"),
            (600, "10m"),
            (3600, "60m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (28_799, "7h59m"),
            (2 * DAY - 1, "47h"),
            (2 * DAY + 3600, "2d1h"),
            (8 * DAY, "8d"),
            (YEAR, "365d"),
            (2 * YEAR + DAY, "2y1d"),
            (10 * YEAR, "10y"),
            (-60, "-60s"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
        assert!(duration(i64::MIN).starts_with('-'));
    }

    #[test]
    fn instants() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(instant(7200, now), "1970-01-01T02:00:00Z (in 120m)");
        assert_eq!(instant(-60, now), "1969-12-31T23:59:00Z (60s ago)");
        assert_eq!(
            instant(i64::MAX, now),
            format!("{} (in no calendar)", i64::MAX)
        );
    }

    #[test]
    fn hostile_lines() {
        assert_eq!(line("a\"b\\\x1b[2J\u{202e}ü"), "a\"b\\\\x1b[2J\\u202eü");
        assert!(shown(&"x".repeat(1_000_000)).len() < 1000);
        assert!(line(&"x".repeat(1_000_000)).len() < 5000);
    }
}
