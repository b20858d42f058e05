//! The table of `kubectl auth can-i --list`, and the column layout that kubectl gives its tables.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A resource rule of a SelfSubjectRulesReview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceRuleRef<'a> {
    /// `verbs`.
    pub verbs: Vec<&'a str>,
    /// `apiGroups`.
    pub api_groups: Vec<&'a str>,
    /// `resources`, with subresources after a slash.
    pub resources: Vec<&'a str>,
    /// `resourceNames`; empty is any name.
    pub resource_names: Vec<&'a str>,
}

/// A non-resource rule of a SelfSubjectRulesReview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NonResourceRuleRef<'a> {
    /// `verbs`.
    pub verbs: Vec<&'a str>,
    /// `nonResourceURLs`.
    pub non_resource_urls: Vec<&'a str>,
}

/// One row: the verbs of one resource (by one name or any), or one verb of one path.
struct Row<'a> {
    verbs: Vec<&'a str>,
    target: Target<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Target<'a> {
    Resource {
        group: &'a str,
        resource: &'a str,
        name: Option<&'a str>,
    },
    Url(&'a str),
}

/// What `kubectl auth can-i --list` prints for these rules.
///
/// Every rule is broken down into single verbs, groups, resources and names; verbs of the same resource
/// and name are joined in order of first appearance, those of paths never. Rows stand in the byte order
/// of kubectl's textual form of a rule.
pub fn rules_table(
    resource_rules: &[ResourceRuleRef<'_>],
    non_resource_rules: &[NonResourceRuleRef<'_>],
    headers: bool,
) -> String {
    let mut rows = compact(resource_rules);
    for rule in non_resource_rules {
        for url in &rule.non_resource_urls {
            rows.extend(rule.verbs.iter().map(|verb| Row {
                verbs: vec![verb],
                target: Target::Url(url),
            }));
        }
    }
    rows.sort_by_cached_key(sort_text);

    let mut text = String::new();
    if headers {
        text.push_str("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    }
    for row in &rows {
        let (resource, url, name) = match row.target {
            Target::Resource {
                group,
                resource,
                name,
            } => (qualified(group, resource), None, name),
            Target::Url(url) => (String::new(), Some(url), None),
        };
        let cells = [
            resource,
            list(url.as_slice()),
            list(name.as_slice()),
            list(&row.verbs),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    align_columns(&text)
}

fn compact<'a>(rules: &[ResourceRuleRef<'a>]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut places: HashMap<Target<'a>, usize> = HashMap::new();
    let mut add = |target, verbs: &[&'a str]| {
        let index = match places.entry(target) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                rows.push(Row {
                    verbs: Vec::new(),
                    target,
                });
                *place.insert(rows.len() - 1)
            }
        };
        let row = &mut rows[index];
        for verb in verbs {
            if !row.verbs.contains(verb) {
                row.verbs.push(verb);
            }
        }
    };
    // A rule without verbs has no single verb to make a row of.
    for rule in rules.iter().filter(|r| !r.verbs.is_empty()) {
        for group in &rule.api_groups {
            for resource in &rule.resources {
                let target = |name| Target::Resource {
                    group,
                    resource,
                    name,
                };
                if rule.resource_names.is_empty() {
                    add(target(None), &rule.verbs);
                }
                for name in &rule.resource_names {
                    add(target(Some(*name)), &rule.verbs);
                }
            }
        }
    }
    rows
}

/// The part of kubectl's textual form of a rule in which two rows can differ.
fn sort_text(row: &Row<'_>) -> String {
    let (group, resource, name, url) = match row.target {
        Target::Resource {
            group,
            resource,
            name,
        } => (Some(group), Some(resource), name, None),
        Target::Url(url) => (None, None, None, Some(url)),
    };
    format!(
        "Verbs:{},APIGroups:{},Resources:{},ResourceNames:{},NonResourceURLs:{},}}",
        list(&row.verbs),
        list(group.as_slice()),
        list(resource.as_slice()),
        list(name.as_slice()),
        list(url.as_slice()),
    )
}

/// A list of strings as kubectl's language prints it.
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    format!("[{}]", items.join(" "))
}

/// `RESOURCE[.GROUP][/SUBRESOURCE]`.
fn qualified(group: &str, resource: &str) -> String {
    let dot = if group.is_empty() { "" } else { "." };
    match resource.split_once('/') {
        Some((parent, below)) => format!("{parent}{dot}{group}/{below}"),
        None => format!("{resource}{dot}{group}"),
    }
}

const MIN_WIDTH: usize = 6;
const PADDING: usize = 3;

/// Aligns tab-terminated cells with elastic tabstops, as kubectl's tables are: a column is as wide as the
/// widest cell of adjoining lines that have it, plus three spaces and at least six, and no narrower
/// than that column was further up. Text after the last tab of a line is in no column. Widths count
/// characters.
///
/// Every line of `text` must end with a line feed.
pub fn align_columns(text: &str) -> String {
    let lines: Vec<Vec<&str>> = text
        .split_terminator('\n')
        .map(|line| line.split('\t').collect())
        .collect();
    let mut layout = Layout {
        lines: &lines,
        widths: Vec::new(),
        widest: Vec::new(),
        out: String::with_capacity(text.len() * 2),
    };
    layout.block(0, lines.len());
    layout.out
}

struct Layout<'a> {
    lines: &'a [Vec<&'a str>],
    /// The widths of the columns to the left of the one being measured.
    widths: Vec<usize>,
    /// The widest that each column has been so far.
    widest: Vec<usize>,
    out: String,
}

impl Layout<'_> {
    /// Lays out the lines `from..to`, whose columns up to `self.widths` are measured.
    fn block(&mut self, mut from: usize, to: usize) {
        let column = self.widths.len();
        let cell = |line: &[&str]| (column + 1 < line.len()).then(|| line[column].chars().count());
        let mut at = from;
        while at < to {
            if cell(&self.lines[at]).is_none() {
                at += 1;
                continue;
            }
            self.write(from, at);
            from = at;
            let mut width = MIN_WIDTH.max(self.widest.get(column).copied().unwrap_or_default());
            while let Some(size) = self.lines[..to].get(at).and_then(|line| cell(line)) {
                width = width.max(size + PADDING);
                at += 1;
            }
            match self.widest.get_mut(column) {
                Some(widest) => *widest = width,
                None => self.widest.push(width),
            }
            self.widths.push(width);
            self.block(from, at);
            self.widths.pop();
            from = at;
        }
        self.write(from, to);
    }

    fn write(&mut self, from: usize, to: usize) {
        for line in &self.lines[from..to] {
            for (column, text) in line.iter().enumerate() {
                self.out.push_str(text);
                let width = self.widths.get(column).copied().unwrap_or_default();
                let missing = width.saturating_sub(text.chars().count());
                self.out.extend(std::iter::repeat_n(' ', missing));
            }
            self.out.push('\n');
        }
    }
}
