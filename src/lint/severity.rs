//! How grave a finding is.

use serde::Serialize;
use std::fmt;

/// How grave a finding is; the order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Hygiene.
    Low,
    /// Depends on what else is there, or hides a later surprise.
    Medium,
    /// A way to more than was meant, or something that is silently not in force.
    High,
    /// The cluster, or a part of it that rules the rest.
    Critical,
}

impl Severity {
    /// All of them, the gravest last.
    pub const ALL: [Severity; 5] = [
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of a word.
    pub fn parse(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// One step less; what is least stays.
    pub fn lower(self) -> Severity {
        Severity::ALL[(self as usize).saturating_sub(1)]
    }

    /// One step more; what is most stays.
    pub fn higher(self) -> Severity {
        Severity::ALL[(self as usize + 1).min(Severity::ALL.len() - 1)]
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn steps_end_at_both_ends() {
        assert_eq!(Severity::Info.lower(), Severity::Info);
        assert_eq!(Severity::High.lower(), Severity::Medium);
        assert_eq!(Severity::High.higher(), Severity::Critical);
        assert_eq!(Severity::Critical.higher(), Severity::Critical);
        for severity in Severity::ALL {
            assert_eq!(Severity::parse(severity.as_str()), Some(severity));
        }
        assert_eq!(Severity::parse("High"), None);
    }
}
