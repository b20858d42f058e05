//! What is dangerous about a credential, or wrong with it.

use crate::model::Quoted;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Look at it.
    Warning,
    /// Whoever holds the credential can do harm that is hard to stop.
    High,
    /// No server takes the credential as it is.
    Invalid,
}

/// One thing that is dangerous or wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Danger {
    /// How grave it is.
    pub severity: Severity,
    /// A word that stays the same, for scripts.
    pub id: &'static str,
    /// What it is, for people.
    pub message: String,
}

/// What was found, the gravest first once [`Dangers::sorted`].
#[derive(Debug, Default)]
pub struct Dangers {
    found: Vec<Danger>,
    /// How many of an id were found.
    counts: BTreeMap<&'static str, usize>,
}

/// How many of one id are kept: a hostile credential may hold a million of them.
const OF_ONE_ID: usize = 10;

impl Dangers {
    /// Adds one. What is beyond the first few of an id is only counted.
    pub fn add(&mut self, severity: Severity, id: &'static str, message: impl Into<String>) {
        let count = self.counts.entry(id).or_default();
        *count += 1;
        if *count <= OF_ONE_ID {
            self.found.push(Danger {
                severity,
                id,
                message: message.into(),
            });
        }
    }

    /// All of them, the gravest first; of equal ones, the one that was found first.
    pub fn sorted(mut self) -> Vec<Danger> {
        for (id, count) in &self.counts {
            if *count > OF_ONE_ID {
                self.found.push(Danger {
                    severity: Severity::Note,
                    id,
                    message: format!("{} more of the kind {id}", count - OF_ONE_ID),
                });
            }
        }
        self.found
            .sort_by_key(|danger| std::cmp::Reverse(danger.severity));
        self.found
    }
}

/// How much of a hostile text is shown in a sentence, in characters.
const SHOWN: usize = 120;

/// A text of the credential in a sentence: quoted, without what a terminal would obey, and not longer
/// than a reader can bear.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", Quoted(&text[..end])),
        None => Quoted(text).to_string(),
    }
}

/// Seconds from one instant to a later one, negative if it is earlier.
pub fn seconds_until(now: Timestamp, then: i64) -> i64 {
    then.saturating_sub(now.as_second())
}

/// A day, in seconds.
pub const DAY: i64 = 24 * 60 * 60;

/// A year of 365 days, in seconds.
pub const YEAR: i64 = 365 * DAY;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_come_first() {
        let mut dangers = Dangers::default();
        dangers.add(Severity::Note, "a", "");
        dangers.add(Severity::Invalid, "b", "");
        dangers.add(Severity::Note, "c", "");
        dangers.add(Severity::High, "d", "");
        let ids: Vec<_> = dangers.sorted().iter().map(|danger| danger.id).collect();
        assert_eq!(ids, ["b", "d", "a", "c"]);
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let mut dangers = Dangers::default();
        for _ in 0..1_000 {
            dangers.add(Severity::High, "a", "x");
        }
        let sorted = dangers.sorted();
        assert_eq!(sorted.len(), OF_ONE_ID + 1);
        assert_eq!(sorted[OF_ONE_ID].message, "990 more of the kind a");
    }

    #[test]
    fn hostile_text_is_quoted_and_cut() {
        assert_eq!(quoted("a\x1b[31m"), r#""a\x1b[31m""#);
        let long = quoted(&"ü".repeat(1000));
        assert_eq!(long.chars().count(), SHOWN + 3);
    }
}
