//! The words of a suppression: `RBC108, RBC109 until 2027-01-31 -- reason`.

use crate::lint::{Rule, rules};
use jiff::civil::Date;

/// The words of a suppression: rules, until when, why.
type Words = (Vec<&'static Rule>, Option<Date>, String);

/// `RBC108, RBC109 until 2027-01-31 -- reason`.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Words, String> {
    let (head, reason) = text.split_once("--").ok_or_else(|| {
        "a suppression needs a reason: `ignore RBC108 [until 2027-01-31] -- why it is accepted`"
            .to_owned()
    })?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(
            "the reason of the suppression is empty: say after `--` why it is accepted".to_owned(),
        );
    }
    let (ids, until) = match head.split_once(" until ") {
        Some((ids, date)) => (ids, Some(self::date(date.trim())?)),
        None => (head, None),
    };
    let mut rules = Vec::new();
    for word in ids.split([',', ' ']).filter(|word| !word.is_empty()) {
        rules.push(rule(word)?);
    }
    if rules.is_empty() {
        return Err("the suppression names no rule: `ignore RBC108 -- reason`".to_owned());
    }
    Ok((rules, until, reason.to_owned()))
}

/// A day, as people and TOML write it.
pub(in crate::lint) fn date(text: &str) -> Result<Date, String> {
    // The crate reads instants, zones and years of six digits as well.
    let digits = |c: (usize, u8)| matches!(c.0, 4 | 7) == (c.1 == b'-');
    let plain = text.len() == 10 && text.bytes().enumerate().all(digits);
    let day = plain.then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| format!("{text:?} is no day: expected one such as 2027-01-31"))
}

/// The rule of a word.
///
/// # Errors
/// That there is none, and which is alike.
pub fn rule(word: &str) -> Result<&'static Rule, String> {
    rules::find(word).ok_or_else(|| {
        let near = rules::all().min_by_key(|rule| {
            strsim::levenshtein(rule.id, word).min(strsim::levenshtein(rule.name, word))
        });
        let near = near.map_or("RBC101", |rule| rule.id);
        format!(
            "no rule {word:?}; did you mean {near}? (`rbac-check lint --list-rules` lists them)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_suppression() {
        let (rules, until, reason) =
            parse(" RBC108, read-secrets-namespace until 2027-01-31 -- by design").expect("good");
        let ids: Vec<_> = rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids, ["RBC108", "RBC109"]);
        assert_eq!(until.map(|d| d.to_string()).as_deref(), Some("2027-01-31"));
        assert_eq!(reason, "by design");
        for wrong in [
            "RBC108",
            "RBC108 --",
            "-- why",
            "RBC999 -- why",
            "RBC108 until tomorrow -- why",
            "RBC108 until 20270131 -- why",
            "RBC108 until 2027-02-30 -- why",
            "RBC108 until 2027-01-31T00:00:00 -- why",
            "RBC108 until -- why",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("RBC999 -- why").is_err_and(|e| e.contains("did you mean")));
    }
}
