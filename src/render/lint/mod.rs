//! What `lint` prints: the findings as plain words with their places, and one file for each form of them.

pub mod docs;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
mod mask;
pub mod sarif;
mod sources;
pub mod text;

use crate::lint::baseline::Entry;
use crate::lint::rules;
use crate::lint::{Finding, Lint, NotChecked, Rule, Severity};
use crate::model::{Binding, PolicyRule, Position, Quoted, SubjectKind, Symbol};
use crate::render::word;
use serde::{Serialize, Serializer};
pub use sources::Sources;
use std::fmt::Write;
use std::io;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user gave it; `None` for what is embedded.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// How many characters it takes; 0 for all of the line.
    pub width: u32,
    /// What is there.
    pub label: String,
}

/// A finding in words.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The gravest rule.
    pub rule: &'static Rule,
    /// How grave it is.
    pub severity: Severity,
    /// Who or what, and what is found.
    pub message: String,
    /// What follows.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Who it is about.
    pub subjects: Vec<String>,
    /// Binding and role.
    pub path: String,
    /// Where to look first.
    pub primary: Place,
    /// Where else.
    pub related: Vec<Place>,
    /// The other rules that found the same: how grave it is by them, and what they say.
    pub facets: Vec<(&'static Rule, Severity, String)>,
    /// What tells it from others, wherever it stands.
    pub fingerprint: String,
}

/// What was found and what is known of the run. Of a finding no more is kept than what was found: its words are made
/// when it is printed, since there can be very many.
#[derive(Debug)]
pub struct Shows<'r, 'c> {
    /// What was looked at.
    pub lint: &'r Lint<'c>,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
    /// What of a baseline is not found any more.
    pub stale: Vec<Shown>,
    /// Rules that could not be decided.
    pub not_checked: Vec<NotChecked>,
    /// How many findings are suppressed.
    pub suppressed: usize,
    /// How many findings are in the baseline.
    pub known: usize,
    /// How many findings are less grave than what is shown.
    pub hidden: usize,
    /// How many roles were looked at.
    pub roles: usize,
    /// How many bindings were looked at.
    pub bindings: usize,
    /// How many files were looked at.
    pub files: usize,
}

impl<'r, 'c> Shows<'r, 'c> {
    /// The findings, and nothing else yet.
    pub fn new(lint: &'r Lint<'c>, findings: Vec<Finding>) -> Self {
        let cluster = lint.cluster;
        let (roles, bindings) = (cluster.roles().iter(), cluster.bindings().iter());
        Shows {
            lint,
            findings,
            stale: Vec::new(),
            not_checked: Vec::new(),
            suppressed: 0,
            known: 0,
            hidden: 0,
            roles: roles.filter(|r| !r.position.is_built_in()).count(),
            bindings: bindings.filter(|b| !b.position.is_built_in()).count(),
            files: cluster.file_count(),
        }
    }

    /// What is shown, in words.
    pub fn shown(&self) -> impl Iterator<Item = Shown> {
        self.shown_of(|_| true)
    }

    /// What is shown of some rules, in words.
    fn shown_of(&self, wanted: impl Fn(&Rule) -> bool + Copy) -> impl Iterator<Item = Shown> {
        let findings = self.findings.iter().filter(move |f| wanted(f.rule));
        let stale = self.stale.iter().filter(move |f| wanted(f.rule));
        let findings = findings.map(|finding| in_words(self.lint, finding));
        findings.chain(stale.cloned())
    }

    /// How grave what is shown is, one by one.
    pub fn severities(&self) -> impl Iterator<Item = Severity> {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.stale.iter().map(|stale| stale.severity))
    }

    /// Hides what is less grave.
    pub fn hide_below(&mut self, least: Severity) {
        let before = self.findings.len() + self.stale.len();
        self.findings.retain(|finding| finding.severity >= least);
        self.stale.retain(|stale| stale.severity >= least);
        self.hidden = before - self.findings.len() - self.stale.len();
    }
}

/// How many subjects of one binding are named.
const SUBJECTS: usize = 20;

/// A finding in words.
fn in_words(lint: &Lint<'_>, finding: &Finding) -> Shown {
    let cluster = lint.cluster;
    let binding = finding.binding.map(|id| cluster.binding(id));
    let role = finding.role.map(|id| cluster.role(id));
    let place = |position: Position, label: &str| Place {
        file: (!position.is_built_in()).then(|| cluster.file_name(position.file).to_owned()),
        line: position.line,
        column: position.column,
        width: 0,
        label: label.to_owned(),
    };
    let subjects = binding.map_or(Vec::new(), |binding| {
        subjects(lint, binding, finding.subject)
    });
    let role_name = role.map(|role| {
        let (namespace, name) = (lint.str(role.namespace), lint.str(role.name));
        named(role.kind.as_str(), namespace, name)
    });
    let binding_name = binding.map(|binding| {
        named(
            binding.kind.as_str(),
            lint.str(binding.namespace),
            lint.str(binding.name),
        )
    });
    let who = match (&binding_name, &role_name, &finding.rare.object) {
        (Some(binding), ..) => match subjects.as_slice() {
            [] => binding.clone(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more:", rest.len()),
        },
        (_, Some(role), None) => format!("{role}:"),
        (_, _, Some(object)) => format!("{object}:"),
        _ => String::new(),
    };
    let mut related = Vec::new();
    // The very word says more than the rule that it stands in.
    let mut words = finding.rare.words.iter().filter_map(|word| {
        let at = word.at?;
        let text = word.text.as_deref();
        let width = u32::try_from(text.map_or(0, |text| text.chars().count())).unwrap_or(0);
        let label = match text {
            Some(text) => format!("{} in {}", Quoted(text), word.field),
            None => word.field.clone(),
        };
        Some(Place {
            width,
            ..place(at, &label)
        })
    });
    let word = words.next();
    related.extend(words);
    if let Some(role) = role {
        for index in finding.role_rules.iter().take(10) {
            let Some(rule) = role.rules.get(*index as usize) else {
                continue;
            };
            let name = role_name.as_deref().unwrap_or_default();
            let number = index + 1;
            let label = match &word {
                Some(_) => format!("in rule {number} of {name}"),
                None => {
                    let granted = granted(lint, rule);
                    format!("what grants it: rule {number} of {name}: {granted}")
                }
            };
            if rule.position != finding.at || word.is_some() {
                related.push(place(rule.position, &label));
            }
        }
    }
    let also = finding
        .also
        .iter()
        .map(|(position, label)| place(*position, label));
    related.extend(also);
    let path = [binding_name.clone(), role_name.clone()];
    let path: Vec<String> = path.into_iter().flatten().collect();
    let label = match &binding_name {
        Some(binding) => format!("who gets it: {binding}"),
        None => String::new(),
    };
    let mut primary = word.unwrap_or_else(|| place(finding.at, &label));
    if finding.rare.file.is_some() {
        primary.file.clone_from(&finding.rare.file);
    }
    Shown {
        rule: finding.rule,
        severity: finding.severity,
        message: format!("{who} {}", finding.what()).trim().to_owned(),
        why: finding.why().to_owned(),
        fix: finding.fix().to_owned(),
        subjects,
        path: path.join(" → "),
        primary,
        related,
        facets: finding
            .facets
            .iter()
            .map(|facet| {
                let why = facet.why.as_deref().unwrap_or(facet.rule.what);
                (facet.rule, facet.severity, why.to_owned())
            })
            .collect(),
        fingerprint: finding
            .fingerprint
            .map_or(String::new(), |print| print.to_string()),
    }
}

/// What a rule grants, in a few words: an excerpt shows its first line alone.
fn granted(lint: &Lint<'_>, rule: &PolicyRule) -> String {
    const MOST: usize = 8;
    let list = |symbols: &[Symbol]| {
        let words = symbols.iter().take(MOST);
        let mut words = words
            .map(|s| word(lint.str(*s)))
            .collect::<Vec<_>>()
            .join(",");
        if symbols.len() > MOST {
            let _ = write!(words, " and {} more", symbols.len() - MOST);
        }
        words
    };
    let verbs = list(&rule.verbs);
    if !rule.non_resource_urls.is_empty() {
        return format!("{verbs} {}", list(&rule.non_resource_urls));
    }
    let mut words = format!("{verbs} {}", list(&rule.resources));
    if let [group] = rule.api_groups[..]
        && group != Symbol::EMPTY
    {
        let _ = write!(words, " of {}", word(lint.str(group)));
    }
    if !rule.resource_names.is_empty() {
        let _ = write!(words, " named {}", list(&rule.resource_names));
    }
    words
}

fn named(kind: &str, namespace: &str, name: &str) -> String {
    let (namespace, name) = (Some(namespace).filter(|n| !n.is_empty()), word(name));
    match namespace.map(word) {
        None => [kind, " ", &name].concat(),
        Some(namespace) => [kind, " ", &namespace, "/", &name].concat(),
    }
}

fn subjects(lint: &Lint<'_>, binding: &Binding, only: Option<u32>) -> Vec<String> {
    let of = binding.subjects.iter().enumerate();
    let of = of.filter(|(i, _)| only.is_none_or(|only| only as usize == *i));
    of.take(SUBJECTS)
        .map(|(_, subject)| {
            let namespace = match subject.kind {
                SubjectKind::ServiceAccount => lint.str(subject.namespace),
                SubjectKind::User | SubjectKind::Group => "",
            };
            named(subject.kind.as_str(), namespace, lint.str(subject.name))
        })
        .collect()
}

/// The finding that an entry of a baseline is not there any more.
pub fn stale_entry(baseline: &str, entry: &Entry, severity: Option<Severity>) -> Shown {
    let rule = rules::by_id("RBC690");
    Shown {
        rule,
        severity: severity.unwrap_or(rule.severity),
        message: format!(
            "the baseline's {} {:?} is not found any more",
            entry.rule, entry.message
        ),
        why: rule.why.to_owned(),
        fix: "write the baseline again with --write-baseline".to_owned(),
        subjects: Vec::new(),
        path: String::new(),
        primary: Place {
            file: Some(baseline.to_owned()),
            line: 1,
            column: 1,
            width: 0,
            label: String::new(),
        },
        related: Vec::new(),
        facets: Vec::new(),
        fingerprint: format!("baseline-{}", entry.fingerprint),
    }
}

/// What is shown as a list, each made into what is written when its turn comes.
struct Items<'s, 'r, 'c, F>(&'s Shows<'r, 'c>, F);

impl<T: Serialize, F: Fn(Shown) -> T> Serialize for Items<'_, '_, '_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.shown().map(&self.1))
    }
}

/// Writes a report of JSON for people and programs: indented, with a line's end.
fn write_json(report: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// A text without what a terminal or a log would obey.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
