//! Findings as GitLab's code quality report.

use super::{Items, Shown, Shows, write_json};
use crate::lint::Severity;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::json;
use std::io;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn report(shows: &Shows<'_, '_>, out: &mut impl io::Write) -> io::Result<()> {
    write_json(&Items(shows, Issue), out)
}

struct Issue(Shown);

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Issue(shown) = self;
        let name = format!("{} {}", shown.rule.id, shown.rule.name);
        let description = format!("{}: {}", shown.message, shown.why);
        let file = shown.primary.file.as_deref().unwrap_or("built-in");
        let location = json!({
            "path": file.strip_prefix("./").unwrap_or(file),
            "lines": {"begin": shown.primary.line.max(1)},
        });
        let severity = match shown.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        };
        let mut issue = serializer.serialize_struct("Issue", 5)?;
        issue.serialize_field("check_name", &name)?;
        issue.serialize_field("description", &description)?;
        issue.serialize_field("fingerprint", &shown.fingerprint)?;
        issue.serialize_field("location", &location)?;
        issue.serialize_field("severity", severity)?;
        issue.end()
    }
}
