//! Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines.

use super::{Items, Place, Shown, Shows, write_json};
use crate::lint::{Rule, Severity, rules};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn report(shows: &Shows<'_, '_>, out: &mut impl io::Write) -> io::Result<()> {
    write_json(&Log(shows), out)
}

struct Log<'s, 'r, 'c>(&'s Shows<'r, 'c>);

impl Serialize for Log<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut log = serializer.serialize_struct("Log", 3)?;
        log.serialize_field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")?;
        log.serialize_field("runs", &[Run(self.0)])?;
        log.serialize_field("version", "2.1.0")?;
        log.end()
    }
}

struct Run<'s, 'r, 'c>(&'s Shows<'r, 'c>);

impl Serialize for Run<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let notifications = self.0.not_checked.iter().map(|entry| {
            json!({
                "descriptor": {"id": entry.id},
                "level": "note",
                "message": {"text": format!("{} was not checked: {}", entry.id, entry.reason)},
            })
        });
        let invocations = json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
        }]);
        let tool = json!({"driver": {
            "name": "rbac-check",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules::all().map(descriptor).collect::<Vec<_>>(),
        }});
        let indexes = rules::all().map(|rule| rule.id).zip(0u32..);
        let indexes: HashMap<&str, u32> = indexes.collect();
        let results = Items(self.0, |shown: Shown| {
            let index = indexes.get(shown.rule.id).copied();
            Item { shown, index }
        });
        let mut run = serializer.serialize_struct("Run", 4)?;
        run.serialize_field("columnKind", "unicodeCodePoints")?;
        run.serialize_field("invocations", &invocations)?;
        run.serialize_field("results", &results)?;
        run.serialize_field("tool", &tool)?;
        run.end()
    }
}

struct Item {
    shown: Shown,
    index: Option<u32>,
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Item { shown, index } = self;
        let related = shown.related.iter().filter(|place| place.file.is_some());
        let related = related.enumerate().map(|(id, place)| {
            let mut location = location(place);
            location["id"] = json!(id);
            location["message"] = json!({"text": place.label});
            location
        });
        let locations = Some(&shown.primary).filter(|place| place.file.is_some());
        let fingerprints = json!({"rbacCheck/v1": shown.fingerprint});
        let properties = json!({
            "severity": shown.severity,
            "subjects": shown.subjects,
            "path": shown.path,
            "facets": shown.facets.iter().map(|(rule, ..)| rule.id).collect::<Vec<_>>(),
        });
        let mut item = serializer.serialize_struct("Result", 8)?;
        item.serialize_field("level", level(shown.severity))?;
        item.serialize_field("locations", &locations.map(location).as_slice())?;
        item.serialize_field("message", &json!({"text": message(shown)}))?;
        item.serialize_field("partialFingerprints", &fingerprints)?;
        item.serialize_field("properties", &properties)?;
        item.serialize_field("relatedLocations", &related.collect::<Vec<_>>())?;
        item.serialize_field("ruleId", shown.rule.id)?;
        item.serialize_field("ruleIndex", index)?;
        item.end()
    }
}

fn message(shown: &Shown) -> String {
    let Shown {
        message, why, fix, ..
    } = shown;
    let mut text = format!("{message}. {}. Fix: {fix}.", sentence(why));
    for (rule, severity, what) in &shown.facets {
        text.push_str(&format!(" Also {} ({severity}): {what}.", rule.id));
    }
    text
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
