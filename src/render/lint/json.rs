//! Findings as JSON.

use super::{Items, Place, Shown, Shows, write_json};
use crate::lint::{Rule, Severity};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::{Value, json};
use std::io;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn report(shows: &Shows<'_, '_>, out: &mut impl io::Write) -> io::Result<()> {
    write_json(&Report(shows), out)
}

struct Report<'s, 'r, 'c>(&'s Shows<'r, 'c>);

impl Serialize for Report<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shows = self.0;
        let not_checked = shows.not_checked.iter().map(|entry| {
            json!({
                "rule": entry.id,
                "reason": entry.reason,
            })
        });
        let mut report = serializer.serialize_struct("Report", 3)?;
        report.serialize_field("findings", &Items(shows, Item))?;
        report.serialize_field("notChecked", &not_checked.collect::<Value>())?;
        report.serialize_field(
            "summary",
            &json!({
                "suppressed": shows.suppressed,
                "inBaseline": shows.known,
                "notShown": shows.hidden,
                "roles": shows.roles,
                "bindings": shows.bindings,
                "files": shows.files,
            }),
        )?;
        report.end()
    }
}

struct Item(Shown);

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Item(shown) = self;
        let facets: Vec<_> = shown.facets.iter().map(Facet).collect();
        let related: Vec<_> = shown.related.iter().map(At).collect();
        let mut item = serializer.serialize_struct("Finding", 12)?;
        item.serialize_field("consequence", &shown.why)?;
        item.serialize_field("facets", &facets)?;
        item.serialize_field("fingerprint", &shown.fingerprint)?;
        item.serialize_field("fix", &shown.fix)?;
        item.serialize_field("location", &At(&shown.primary))?;
        item.serialize_field("message", &shown.message)?;
        item.serialize_field("name", shown.rule.name)?;
        item.serialize_field("path", &shown.path)?;
        item.serialize_field("related", &related)?;
        item.serialize_field("rule", shown.rule.id)?;
        item.serialize_field("severity", &shown.severity)?;
        item.serialize_field("subjects", &shown.subjects)?;
        item.end()
    }
}

struct Facet<'s>(&'s (&'static Rule, Severity, String));

impl Serialize for Facet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Facet((rule, severity, what)) = self;
        let mut facet = serializer.serialize_struct("Facet", 4)?;
        facet.serialize_field("consequence", what)?;
        facet.serialize_field("name", rule.name)?;
        facet.serialize_field("rule", rule.id)?;
        facet.serialize_field("severity", severity)?;
        facet.end()
    }
}

struct At<'s>(&'s Place);

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Place {
            file,
            line,
            column,
            label,
            ..
        } = self.0;
        let mut at = serializer.serialize_map(None)?;
        match file {
            Some(file) => {
                at.serialize_entry("column", column)?;
                at.serialize_entry("file", file)?;
                at.serialize_entry("label", label)?;
                at.serialize_entry("line", line)?;
            }
            None => {
                at.serialize_entry("builtIn", &true)?;
                at.serialize_entry("label", label)?;
            }
        }
        at.end()
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
