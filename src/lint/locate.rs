//! Where the words of findings stand. The model keeps the place of each rule of a role but not of each of its
//! words: what findings speak of is looked up once more in the text.

use super::{Finding, Lint};
use crate::load::tree::{Tree, Value};
use crate::load::{ParseError, Sink, json, yaml};
use crate::model::{FileId, Position};
use std::collections::{BTreeMap, HashMap};

/// Findings by the line and column of the rule or the object that their words are of.
type Wanted = HashMap<(u32, u32), Vec<usize>>;

/// Finds the words of the findings in the texts of the files that they are in.
pub fn locate<'t>(
    lint: &Lint<'_>,
    findings: &mut [Finding],
    text: impl Fn(FileId) -> Option<&'t str>,
) {
    let mut files: BTreeMap<FileId, Wanted> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if finding.rare.words.is_empty() {
            continue;
        }
        let rule = || {
            let role = lint.cluster.role(finding.role?);
            role.rules.get(*finding.role_rules.first()? as usize)
        };
        let position = rule().map_or(finding.at, |rule| rule.position);
        let wanted = files.entry(position.file).or_default();
        let of_place = wanted.entry((position.line, position.column)).or_default();
        of_place.push(index);
    }
    for (file, wanted) in files {
        if let Some(text) = text(file) {
            let search = Search {
                file,
                wanted,
                findings,
            };
            look_through(text, search);
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
        let Some(root) = tree.root() else {
            return Ok(());
        };
        let rules = root.get("rules");
        let rules = rules.into_iter().flat_map(|rules| rules.items());
        for value in std::iter::once(root).chain(rules) {
            let findings = self.wanted.remove(&(value.line(), value.column()));
            for index in findings.into_iter().flatten() {
                self.words_in(index, value);
            }
        }
        match self.wanted.is_empty() {
            true => Err(Done),
            false => Ok(()),
        }
    }

    /// Finds the words of a finding in its rule or object.
    fn words_in(&mut self, index: usize, value: Value<'_>) {
        for word in &mut self.findings[index].rare.words {
            let field = field(value, &word.field);
            let found = match &word.text {
                None => field,
                Some(text) => {
                    let mut entries = field.into_iter().flat_map(|list| list.items());
                    entries.find(|entry| entry.as_str() == Some(text))
                }
            };
            word.at = found.map(|value| Position {
                file: self.file,
                line: value.line(),
                column: value.column(),
            });
        }
    }
}

/// The value at a path such as `rules[0].verbs`, or as much of the path as is there.
fn field<'t>(root: Value<'t>, path: &str) -> Option<Value<'t>> {
    let mut value = None;
    let mut at = root;
    for name in path.split(['.', '[']) {
        let next = match name.strip_suffix(']') {
            Some(number) => at.items().nth(number.parse().ok()?),
            None => at.get(name),
        };
        let Some(next) = next else { break };
        at = next;
        value = Some(next);
    }
    value
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
