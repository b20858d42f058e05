//! Baselines: findings that were there before, so that only new ones count.

use serde::{Deserialize, Serialize};

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
        Ok(baseline)
    }
}
