//! Findings as GitLab's code quality report.

use super::Shows;
use crate::lint::Severity;
use serde_json::{Value, json};

/// The report.
pub fn report(shows: &Shows) -> Value {
    let findings = shows.findings.iter().map(|finding| {
        let file = finding.primary.file.as_deref().unwrap_or("built-in");
        json!({
            "description": format!("{}: {}", finding.message, finding.why),
            "check_name": format!("{} {}", finding.rule.id, finding.rule.name),
            "fingerprint": finding.fingerprint,
            "severity": match finding.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            },
            "location": {
                "path": file.strip_prefix("./").unwrap_or(file),
                "lines": {"begin": finding.primary.line.max(1)},
            },
        })
    });
    findings.collect()
}
