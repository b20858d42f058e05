//! Findings as JSON.

use super::{Place, Shows};
use serde_json::{Value, json};

/// The report.
pub fn report(shows: &Shows) -> Value {
    let findings = shows.findings.iter().map(|finding| {
        json!({
            "rule": finding.rule.id,
            "name": finding.rule.name,
            "severity": finding.severity,
            "message": finding.message,
            "consequence": finding.why,
            "fix": finding.fix,
            "subjects": finding.subjects,
            "path": finding.path,
            "location": place(&finding.primary),
            "related": finding.related.iter().map(place).collect::<Vec<_>>(),
            "facets": finding.facets.iter().map(|(rule, severity, what)| json!({
                "rule": rule.id,
                "name": rule.name,
                "severity": severity,
                "consequence": what,
            })).collect::<Vec<_>>(),
            "fingerprint": finding.fingerprint,
        })
    });
    json!({
        "findings": findings.collect::<Vec<_>>(),
        "notChecked": shows.not_checked.iter().map(|entry| json!({
            "rule": entry.id,
            "reason": entry.reason,
        })).collect::<Vec<_>>(),
        "summary": {
            "suppressed": shows.suppressed,
            "inBaseline": shows.known,
            "notShown": shows.hidden,
            "roles": shows.roles,
            "bindings": shows.bindings,
            "files": shows.files,
        },
    })
}

fn place(place: &Place) -> Value {
    match &place.file {
        Some(file) => {
            json!({"file": file, "line": place.line, "column": place.column, "label": place.label})
        }
        None => json!({"builtIn": true, "label": place.label}),
    }
}

/// `--list-rules -o json`.
pub fn rules() -> Value {
    let rules = crate::lint::rules::all().map(|rule| {
        json!({
            "id": rule.id,
            "name": rule.name,
            "severity": rule.severity,
            "what": rule.what,
            "why": rule.why,
            "fix": rule.fix,
            "references": rule.references,
        })
    });
    rules.collect()
}
