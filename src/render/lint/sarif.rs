//! Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines.

use super::{Place, Shows};
use crate::lint::{Rule, Severity, rules};
use serde_json::{Value, json};

/// The report.
pub fn report(shows: &Shows) -> Value {
    let all: Vec<&Rule> = rules::all().collect();
    let index = |rule: &Rule| all.iter().position(|other| other.id == rule.id);
    let results = shows.findings.iter().map(|finding| {
        let related = finding.related.iter().filter(|place| place.file.is_some());
        let related = related.enumerate().map(|(id, place)| {
            let mut location = location(place);
            location["id"] = json!(id);
            location["message"] = json!({"text": place.label});
            location
        });
        let mut text = format!(
            "{}. {}. Fix: {}.",
            finding.message,
            sentence(&finding.why),
            finding.fix
        );
        for (rule, severity, what) in &finding.facets {
            text.push_str(&format!(" Also {} ({severity}): {what}.", rule.id));
        }
        let locations: Vec<Value> = Some(&finding.primary)
            .filter(|place| place.file.is_some())
            .into_iter()
            .map(location)
            .collect();
        json!({
            "ruleId": finding.rule.id,
            "ruleIndex": index(finding.rule),
            "level": level(finding.severity),
            "message": {"text": text},
            "locations": locations,
            "relatedLocations": related.collect::<Vec<_>>(),
            "partialFingerprints": {"rbacCheck/v1": finding.fingerprint},
            "properties": {
                "severity": finding.severity,
                "subjects": finding.subjects,
                "path": finding.path,
                "facets": finding.facets.iter().map(|(rule, ..)| rule.id).collect::<Vec<_>>(),
            },
        })
    });
    let notifications = shows.not_checked.iter().map(|entry| {
        json!({
            "descriptor": {"id": entry.id},
            "level": "note",
            "message": {"text": format!("{} was not checked: {}", entry.id, entry.reason)},
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "rbac-check",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": all.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// What GitHub sorts security findings by.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": sentence(rule.what)},
        "fullDescription": {"text": format!("{}.", sentence(rule.why))},
        "help": {
            "text": format!("{}. Fix: {}.", sentence(rule.why), rule.fix),
            "markdown": super::docs::body(rule),
        },
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": ["security", "kubernetes", "rbac"],
            "security-severity": security_severity(rule.severity),
        },
    })
}

fn location(place: &Place) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(place.file.as_deref().unwrap_or_default())},
        "region": {"startLine": place.line.max(1), "startColumn": place.column.max(1)},
    }})
}

/// A file name as a relative reference (RFC 3986): what is no letter of a path is percent-encoded.
pub(super) fn uri(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    let mut uri = String::with_capacity(file.len());
    if file.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            b'\\' => uri.push('/'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_become_references() {
        assert_eq!(super::uri("./a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        assert_eq!(super::uri("/x/y.yaml"), "file:///x/y.yaml");
        assert_eq!(super::uri("<stdin>"), "%3Cstdin%3E");
    }
}
