//! Baselines: findings that were there before, so that only new ones count.

use super::{Severity, rules};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The findings that were there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The form of the file; 1.
    pub version: u32,
    /// The findings.
    pub findings: Vec<Entry>,
}

/// A finding that was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What tells it from others, wherever it stands.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: String,
    /// How grave it was; graver, it counts as new.
    pub severity: String,
    /// What it was, for people.
    pub message: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// Line, column and what is wrong.
    pub fn parse(text: &str) -> Result<Baseline, (usize, usize, String)> {
        // Windows shells write one before the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.trim_start().starts_with('{') {
            let message = "expected a baseline as --write-baseline writes it";
            return Err((1, 1, message.to_owned()));
        }
        let baseline: Baseline = serde_json::from_str(text).map_err(|error| {
            let place = format!(" at line {} column {}", error.line(), error.column());
            let message = error.to_string();
            let message = message.strip_suffix(&place).unwrap_or(&message);
            let message = format!("{message}; expected a baseline as --write-baseline writes it");
            (error.line().max(1), error.column().max(1), message)
        })?;
        if baseline.version != 1 {
            let message = format!("version {} is not known; expected 1", baseline.version);
            return Err((1, 1, message));
        }
        let mut seen = HashSet::with_capacity(baseline.findings.len());
        let wrong = baseline.findings.iter().find_map(|entry| {
            if !seen.insert(entry.fingerprint.as_str()) {
                return Some((entry, "is given twice".to_owned()));
            }
            if rules::all().all(|rule| rule.id != entry.rule) {
                return Some((entry, format!("is of {:?}, which is no rule", entry.rule)));
            }
            let severity = Severity::parse(&entry.severity).is_none();
            severity.then(|| {
                let expected = "expected info, low, medium, high or critical";
                (entry, format!("is {:?}; {expected}", entry.severity))
            })
        });
        let Some((entry, what)) = wrong else {
            return Ok(baseline);
        };
        // The last line that names it: of two, the second.
        let name = format!("\"{}\"", entry.fingerprint);
        let line = text
            .lines()
            .zip(1..)
            .filter(|(line, _)| line.contains(&name));
        let line = line.last().map_or(1, |(_, number)| number);
        Err((
            line,
            1,
            format!("the finding {:?} {what}", entry.fingerprint),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fingerprint: &str, severity: &str) -> String {
        format!(
            "{{\"fingerprint\": \"{fingerprint}\", \"rule\": \"RBC108\", \"severity\": \"{severity}\", \"message\": \"m\"}}"
        )
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let of = |entries: &[String]| {
            format!(
                "{{\"version\": 1, \"findings\": [\n{}\n]}}",
                entries.join(",\n")
            )
        };
        let good = of(&[entry("a", "high"), entry("b", "low")]);
        assert!(Baseline::parse(&good).is_ok());
        assert!(Baseline::parse(&format!("\u{feff}{good}")).is_ok());
        let cases = [
            (String::new(), 1, "expected a baseline"),
            ("[1, []]".to_owned(), 1, "expected a baseline"),
            (
                of(&[entry("a", "high"), entry("a", "low")]),
                3,
                "is given twice",
            ),
            (of(&[entry("a", "grave")]), 2, "is \"grave\"; expected info"),
            (good.replace("rule", "rules"), 2, "unknown field"),
            (
                good.replacen("RBC108", "RBC999", 1),
                2,
                "is of \"RBC999\", which is no rule",
            ),
            (good[..good.len() - 5].to_owned(), 3, "EOF"),
            (good.replace(": 1", ": 2"), 1, "version 2 is not known"),
            (format!("{good} x"), 4, "trailing"),
        ];
        for (text, line, what) in cases {
            let (at, _, message) = Baseline::parse(&text).expect_err(&text);
            assert!(message.contains(what), "{text}: {message}");
            assert_eq!(at, line, "{text}: {message}");
        }
    }
}
