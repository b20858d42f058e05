//! Where the words of findings stand. The model keeps the place of each rule of a role but not of each of its
//! words: what findings speak of is looked up once more in the text.

use super::{Finding, Lint};
use crate::load::tree::{Tree, Value};
use crate::load::{ParseError, Sink, json, yaml};
use crate::model::FileId;
use std::collections::{BTreeMap, HashMap};

/// Findings by the line and column of the rule that their words are of.
type Wanted = HashMap<(u32, u32), Vec<usize>>;

/// Finds the words of the findings in the texts of the files that they are in.
pub fn locate<'t>(
    lint: &Lint<'_>,
    findings: &mut [Finding],
    text: impl Fn(FileId) -> Option<&'t str>,
) {
    let mut files: BTreeMap<FileId, Wanted> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let rule = finding
            .role_rules
            .first()
            .filter(|_| !finding.words.is_empty());
        let role = finding.role.map(|role| lint.cluster.role(role));
        let rule = role
            .zip(rule)
            .and_then(|(role, i)| role.rules.get(*i as usize));
        if let Some(position) = rule.map(|rule| rule.position) {
            let wanted = files.entry(position.file).or_default();
            let of_rule = wanted.entry((position.line, position.column)).or_default();
            of_rule.push(index);
        }
    }
    for (file, wanted) in files {
        if let Some(text) = text(file) {
            look_through(
                text,
                Search {
                    file,
                    wanted,
                    findings,
                },
            );
        }
    }
}

struct Search<'f> {
    file: FileId,
    wanted: Wanted,
    findings: &'f mut [Finding],
}

/// Everything is found, or the text cannot be read.
struct Done;

impl From<ParseError> for Done {
    fn from(_: ParseError) -> Self {
        Done
    }
}

fn look_through(text: &str, mut search: Search<'_>) {
    let json = text.trim_start().starts_with(['{', '[']) && json::parse(text, &mut search).is_ok();
    if !json && !search.wanted.is_empty() {
        // The load has said what is wrong.
        let _ = yaml::parse(text, &mut search);
    }
}

impl Search<'_> {
    fn object(&mut self, tree: &Tree) -> Result<(), Done> {
        let rules = tree.root().and_then(|root| root.get("rules"));
        for rule in rules.into_iter().flat_map(|rules| rules.items()) {
            let findings = self.wanted.remove(&(rule.line(), rule.column()));
            for index in findings.into_iter().flatten() {
                self.words_of(index, rule);
            }
        }
        if self.wanted.is_empty() {
            Err(Done)
        } else {
            Ok(())
        }
    }

    fn words_of(&mut self, index: usize, rule: Value<'_>) {
        for word in &mut self.findings[index].words {
            let list = rule.get(word.field);
            let mut entries = list.into_iter().flat_map(|list| list.items());
            let found = entries.find(|entry| entry.as_str() == Some(&word.text));
            word.at = found.map(|entry| crate::model::Position {
                file: self.file,
                line: entry.line(),
                column: entry.column(),
            });
        }
    }
}

impl Sink for Search<'_> {
    type Error = Done;

    fn item(&mut self, item: &Tree) -> Result<(), Done> {
        self.object(item)
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), Done> {
        self.object(document)
    }
}
