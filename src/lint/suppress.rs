//! Exceptions: findings that somebody accepted, with a reason, at the line, on the object or in the
//! configuration.
//!
//! A comment `# rbac-check: ignore RBC108 until 2027-01-31 -- reason` speaks of its own line, or of the next
//! one if it stands alone, and of the innermost item or object of which that line is a part. The annotation
//! `rbac-check.dev/ignore` holds the same words after `ignore` and speaks of its object. What suppresses
//! nothing, or has expired, is a finding itself.

use super::finding::{Facet, Finding, Found};
use super::{Lint, Rule, rules};
use crate::load::tree::{Kind, Tree, Value};
use crate::load::whole;
use crate::model::{FileId, Position};
use jiff::civil::Date;

/// The annotation.
pub const ANNOTATION: &str = "rbac-check.dev/ignore";

/// What begins every annotation that is meant for this program.
const ANNOTATIONS: &str = "rbac-check.dev/";

/// What begins every comment that is meant for this program.
const COMMENT: &str = "rbac-check:";

/// A suppression that cannot be understood: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SuppressionError {
    /// Where it stands.
    pub position: Position,
    /// What is wrong, and what is expected.
    pub message: String,
}

/// An accepted finding.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The ids of the rules.
    pub rules: Vec<&'static Rule>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// What it speaks of.
    pub target: Target,
    /// Where it stands.
    pub position: Position,
    /// Where it stands, if that is no loaded file.
    pub file: Option<String>,
}

/// What a suppression speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// What is written there.
    Part(Part),
    /// Objects as `KIND/NAME` or `KIND/NAMESPACE/NAME`, where a name may end in `*`; none is all.
    Named(Vec<String>),
}

/// A part of a file: a line of it, and what an item or object takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    file: FileId,
    /// The line; 0 for none.
    line: u32,
    extent: Extent,
}

impl Part {
    fn holds(&self, position: Position) -> bool {
        let at = (position.line, position.column);
        let Extent { start, end } = self.extent;
        position.file == self.file && (position.line == self.line || (start <= at && at < end))
    }
}

/// What is written from one line and column up to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Extent {
    start: (u32, u32),
    end: (u32, u32),
}

/// The objects of a text with what each of them takes up, in their order.
fn extents(objects: &[Tree]) -> Vec<(Extent, &Tree)> {
    let mut found: Vec<(Extent, &Tree)> = objects
        .iter()
        .filter_map(|tree| {
            let root = tree.root()?;
            let start = (root.line(), root.column());
            let end = (u32::MAX, u32::MAX);
            Some((Extent { start, end }, tree))
        })
        .collect();
    found.sort_by_key(|(extent, _)| extent.start);
    // What a reader gave up is read again.
    found.dedup_by_key(|(extent, _)| extent.start);
    for i in 1..found.len() {
        found[i - 1].0.end = found[i].0.start;
    }
    found
}

/// Of each value, in their order: its line, and what is taken up by the innermost mapping in a list that it is
/// a part of, or else by its object.
fn innermost(objects: &[(Extent, &Tree)]) -> Vec<(u32, Extent)> {
    let mut found: Vec<(u32, Extent)> = Vec::new();
    for (object, tree) in objects {
        // What is open: its end, whether it is a list, and the innermost extent in it.
        let mut open: Vec<(usize, bool, Extent)> = Vec::new();
        for (index, node) in tree.nodes.iter().enumerate() {
            while open.last().is_some_and(|(end, ..)| *end <= index) {
                open.pop();
            }
            let (in_list, mut extent) = match open.last() {
                Some((_, list, extent)) => (*list, *extent),
                None => (false, *object),
            };
            if in_list && node.kind == Kind::Mapping {
                let after = tree.nodes.get(node.end as usize);
                extent = Extent {
                    start: (node.line, node.column),
                    end: after.map_or(object.end, |node| (node.line, node.column)),
                };
            }
            open.push((node.end as usize, node.kind == Kind::Sequence, extent));
            // Aliases stand at their anchors.
            let line = found
                .last()
                .map_or(node.line, |(line, _)| node.line.max(*line));
            found.push((line, extent));
        }
    }
    found
}

/// The words of a suppression: rules, until when, why.
type Words = (Vec<&'static Rule>, Option<Date>, String);

/// `RBC108, RBC109 until 2027-01-31 -- reason`.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Words, String> {
    let (head, reason) = text.split_once("--").ok_or_else(|| {
        "a suppression needs a reason: `ignore RBC108 [until 2027-01-31] -- why it is accepted`"
            .to_owned()
    })?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(
            "the reason of the suppression is empty: say after `--` why it is accepted".to_owned(),
        );
    }
    let (ids, until) = match head.split_once(" until ") {
        Some((ids, date)) => (ids, Some(self::date(date.trim())?)),
        None => (head, None),
    };
    let mut rules = Vec::new();
    for word in ids.split([',', ' ']).filter(|word| !word.is_empty()) {
        rules.push(rule(word)?);
    }
    if rules.is_empty() {
        return Err("the suppression names no rule: `ignore RBC108 -- reason`".to_owned());
    }
    Ok((rules, until, reason.to_owned()))
}

/// A day, as people and TOML write it.
pub(super) fn date(text: &str) -> Result<Date, String> {
    // The crate reads instants, zones and years of six digits as well.
    let digits = |c: (usize, u8)| matches!(c.0, 4 | 7) == (c.1 == b'-');
    let plain = text.len() == 10 && text.bytes().enumerate().all(digits);
    let day = plain.then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| format!("{text:?} is no day: expected one such as 2027-01-31"))
}

/// The rule of a word.
///
/// # Errors
/// That there is none, and which is alike.
pub fn rule(word: &str) -> Result<&'static Rule, String> {
    rules::find(word).ok_or_else(|| {
        let near = rules::all().min_by_key(|rule| {
            strsim::levenshtein(rule.id, word).min(strsim::levenshtein(rule.name, word))
        });
        let near = near.map_or("RBC101", |rule| rule.id);
        format!(
            "no rule {word:?}; did you mean {near}? (`rbac-check lint --list-rules` lists them)"
        )
    })
}

/// The suppressions in a text, which was loaded as this file.
///
/// # Errors
/// The first that cannot be understood.
pub fn in_text(file: FileId, text: &str) -> Result<Vec<Suppression>, SuppressionError> {
    let holds = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let (comments_too, annotations_too) = (holds(COMMENT), holds(ANNOTATIONS));
    let mut found = Vec::new();
    if !comments_too && !annotations_too {
        return Ok(found);
    }
    let objects = whole::objects(text);
    let objects = extents(&objects);
    if comments_too {
        comments(file, text, &objects, &mut found)?;
    }
    for (extent, object) in objects.iter().filter(|_| annotations_too) {
        if let Some(root) = object.root() {
            annotation(file, *extent, root, &mut found)?;
        }
    }
    Ok(found)
}

fn comments(
    file: FileId,
    text: &str,
    objects: &[(Extent, &Tree)],
    found: &mut Vec<Suppression>,
) -> Result<(), SuppressionError> {
    let innermost = innermost(objects);
    let at_line = |line: u32| {
        let after = innermost.partition_point(|(at, _)| *at <= line);
        let part = after.checked_sub(1).map(|i| innermost[i].1);
        Target::Part(Part {
            file,
            line,
            extent: part.unwrap_or_default(),
        })
    };
    let mut waiting: Vec<Suppression> = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        let trimmed = line.trim_start();
        let comment = comment(line);
        // Where a document begins, nothing is said yet.
        let said = line.strip_prefix("---").unwrap_or(trimmed).trim_start();
        let alone = said.starts_with('#');
        if !alone && !said.is_empty() && !waiting.is_empty() {
            let target = at_line(number);
            for mut suppression in waiting.drain(..) {
                suppression.target = target.clone();
                found.push(suppression);
            }
        }
        let Some((start, words)) = comment else {
            continue;
        };
        let position = Position {
            file,
            line: number,
            column: u32::try_from(line[..start].chars().count() + 1).unwrap_or(u32::MAX),
        };
        let words = words.strip_prefix("ignore").ok_or_else(|| {
            let word = words.split_whitespace().next().unwrap_or_default();
            format!("{word:?} is not known: `# rbac-check: ignore RBC108 -- reason` is")
        });
        let (rules, until, reason) = words
            .and_then(parse)
            .map_err(|message| SuppressionError { position, message })?;
        let suppression = Suppression {
            rules,
            reason,
            until,
            target: at_line(number),
            position,
            file: None,
        };
        if alone {
            waiting.push(suppression);
        } else {
            found.push(suppression);
        }
    }
    found.append(&mut waiting);
    Ok(())
}

/// Where a comment for this program begins in a line, and what it says.
fn comment(line: &str) -> Option<(usize, &str)> {
    line.match_indices('#').find_map(|(start, _)| {
        let begins = line[..start]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace);
        let words = line[start + 1..].trim_start().strip_prefix(COMMENT)?;
        begins.then(|| (start, words.trim_start()))
    })
}

fn annotation(
    file: FileId,
    extent: Extent,
    object: Value<'_>,
    found: &mut Vec<Suppression>,
) -> Result<(), SuppressionError> {
    let annotations = object.get("metadata").and_then(|m| m.get("annotations"));
    let entries = annotations.into_iter().flat_map(|a| a.entries());
    for entry in entries.filter(|entry| entry.name.starts_with(ANNOTATIONS)) {
        let at = |value: Value<'_>| Position {
            file,
            line: value.line(),
            column: value.column(),
        };
        let position = at(entry.key);
        if entry.name != ANNOTATION {
            let message = format!(
                "the annotation {:?} is not known: {ANNOTATION} is",
                entry.name
            );
            return Err(SuppressionError { position, message });
        }
        let text = entry.value.as_str().unwrap_or("");
        let mut lines = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .peekable();
        if lines.peek().is_none() {
            let message =
                format!("{ANNOTATION} is empty: expected `RBC108 [until 2027-01-31] -- reason`");
            return Err(SuppressionError { position, message });
        }
        for line in lines {
            let (rules, until, reason) =
                parse(line).map_err(|message| SuppressionError { position, message })?;
            found.push(Suppression {
                rules,
                reason,
                until,
                target: Target::Part(Part {
                    file,
                    line: 0,
                    extent,
                }),
                position,
                file: None,
            });
        }
    }
    Ok(())
}

impl Finding {
    /// The finding without some of its rules; nothing if none is left.
    pub fn without(mut self, gone: impl Fn(&'static Rule) -> bool) -> Option<Finding> {
        let before = self.facets.len();
        self.facets.retain(|facet| !gone(facet.rule));
        if !gone(self.rule) {
            // A head that had taken the severity of a facet gives it back.
            if self.facets.len() != before {
                let facets = self.facets.iter().map(|facet| facet.severity);
                self.severity = facets.fold(self.own, |most, severity| most.max(severity));
            }
            return Some(self);
        }
        if self.facets.is_empty() {
            return None;
        }
        let Facet {
            rule,
            severity,
            why,
        } = self.facets.remove(0);
        Some(Finding {
            rule,
            severity,
            own: severity,
            what: None,
            why,
            fix: None,
            ..self
        })
    }
}

/// What is left of findings after suppressions, and what is not; those that suppress nothing or are expired are
/// added to what is left.
pub fn apply(
    lint: &Lint<'_>,
    findings: Vec<Finding>,
    suppressions: &[Suppression],
    today: Date,
) -> (Vec<Finding>, Vec<Finding>) {
    let mut used = vec![false; suppressions.len()];
    let mut suppressed = Vec::new();
    let mut left = Vec::with_capacity(findings.len());
    let holds = |s: &Suppression| s.until.is_none_or(|until| until >= today);
    for finding in findings {
        if suppressions.is_empty() {
            left.push(finding);
            continue;
        }
        let mut gone: Vec<&str> = Vec::new();
        for (i, suppression) in suppressions.iter().enumerate() {
            if !speaks_of(lint, suppression, &finding) {
                continue;
            }
            for (rule, _) in finding.rules() {
                if suppression.rules.iter().any(|r| r.id == rule.id) {
                    used[i] = true;
                    if holds(suppression) {
                        gone.push(rule.id);
                    }
                }
            }
        }
        if gone.is_empty() {
            left.push(finding);
            continue;
        }
        // That nothing is left of a rule follows from what was accepted.
        if gone.contains(&finding.rule.id) {
            gone.push("RBC658");
        }
        if finding.rules().all(|(rule, _)| gone.contains(&rule.id)) {
            suppressed.push(finding);
        } else {
            left.extend(finding.without(|rule| gone.contains(&rule.id)));
        }
    }
    let mut found = Found::default();
    for (suppression, used) in suppressions.iter().zip(used) {
        let ids: Vec<&str> = suppression.rules.iter().map(|rule| rule.id).collect();
        let ids = ids.join(", ");
        let id = match (holds(suppression), used) {
            (false, _) => "RBC691",
            (true, false) => "RBC690",
            (true, true) => continue,
        };
        let mut finding = Finding::new(
            rules::by_id(id),
            rules::by_id(id).severity,
            suppression.position,
        );
        finding.why = Some(format!("its reason was: {}", suppression.reason));
        finding.object = Some(format!("exception for {ids}"));
        finding.file.clone_from(&suppression.file);
        finding.regrade(&lint.settings.severities);
        found.add(finding);
    }
    left.append(&mut found.findings);
    (left, suppressed)
}

fn speaks_of(lint: &Lint<'_>, suppression: &Suppression, finding: &Finding) -> bool {
    let role = finding.role.map(|role| lint.cluster.role(role));
    let binding = finding.binding.map(|binding| lint.cluster.binding(binding));
    match &suppression.target {
        Target::Part(part) => {
            let rules = finding
                .role_rules
                .iter()
                .filter_map(|i| role?.rules.get(*i as usize));
            let here = |position: Position| part.holds(position);
            let mut words = finding.words.iter().filter_map(|word| word.at);
            here(finding.at)
                || words.any(here)
                || rules.map(|rule| rule.position).any(here)
                || role.is_some_and(|role| here(role.position))
                || binding.is_some_and(|binding| {
                    let mut subjects = binding.subjects.iter();
                    here(binding.position)
                        || here(binding.role_ref.position)
                        || subjects.any(|subject| here(subject.position))
                })
        }
        Target::Named(patterns) => {
            let mut names = Vec::new();
            if let Some(role) = role {
                names.push(object_name(
                    role.kind.as_str(),
                    lint.str(role.namespace),
                    lint.str(role.name),
                ));
            }
            if let Some(binding) = binding {
                let namespace = lint.str(binding.namespace);
                names.push(object_name(
                    binding.kind.as_str(),
                    namespace,
                    lint.str(binding.name),
                ));
            }
            names.extend(finding.object.clone());
            patterns.is_empty()
                || patterns
                    .iter()
                    .any(|pattern| names.iter().any(|name| is_named(pattern, name)))
        }
    }
}

/// `KIND/NAME` or `KIND/NAMESPACE/NAME`.
pub fn object_name(kind: &str, namespace: &str, name: &str) -> String {
    match namespace {
        "" => format!("{kind}/{name}"),
        namespace => format!("{kind}/{namespace}/{name}"),
    }
}

fn is_named(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(suppression: &Suppression) -> &Part {
        match &suppression.target {
            Target::Part(part) => part,
            Target::Named(names) => panic!("{names:?}"),
        }
    }

    #[test]
    fn a_comment_speaks_of_the_innermost_item_of_its_line() {
        let text = "\
kind: Role
metadata:
  name: a
rules:
- resources:
  - secrets
  verbs: [get]
- resources: [pods]
  verbs: [get]
---
{kind: Role}
---
kind: List
items:
- kind: Role
  metadata:
    name: b
  rules:
  - verbs:
    - get
- kind: Role
";
        let end = u32::MAX;
        let extents = [
            (1, (1, 1), (11, 1)),
            (3, (1, 1), (11, 1)),
            (4, (1, 1), (11, 1)),
            (5, (5, 3), (8, 3)),
            (6, (5, 3), (8, 3)),
            (7, (5, 3), (8, 3)),
            (9, (8, 3), (11, 1)),
            (11, (11, 1), (13, 1)),
            (17, (15, 3), (21, 3)),
            (20, (19, 5), (21, 3)),
            (21, (21, 3), (end, end)),
        ];
        for (line, start, to) in extents {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines[line - 1].push_str(" # rbac-check: ignore RBC108 -- why");
            let found = in_text(FileId(1), &lines.join("\n")).expect("good");
            let extent = part(&found[0]).extent;
            assert_eq!((extent.start, extent.end), (start, to), "line {line}");
            // Alone, before the line.
            let mut lines: Vec<&str> = text.lines().collect();
            lines.insert(line - 1, "# rbac-check: ignore RBC108 -- why");
            let found = in_text(FileId(1), &lines.join("\n")).expect("good");
            assert_eq!(part(&found[0]).line as usize, line + 1);
        }
        let above = in_text(
            FileId(1),
            "# rbac-check: ignore RBC108 -- why\n---\n\na: 1\n",
        );
        assert_eq!(part(&above.expect("good")[0]).line, 4);
    }

    #[test]
    fn words_of_a_suppression() {
        let (rules, until, reason) =
            parse(" RBC108, read-secrets-namespace until 2027-01-31 -- by design").expect("good");
        let ids: Vec<_> = rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids, ["RBC108", "RBC109"]);
        assert_eq!(until.map(|d| d.to_string()).as_deref(), Some("2027-01-31"));
        assert_eq!(reason, "by design");
        for wrong in [
            "RBC108",
            "RBC108 --",
            "-- why",
            "RBC999 -- why",
            "RBC108 until tomorrow -- why",
            "RBC108 until 20270131 -- why",
            "RBC108 until 2027-02-30 -- why",
            "RBC108 until 2027-01-31T00:00:00 -- why",
            "RBC108 until -- why",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("RBC999 -- why").is_err_and(|e| e.contains("did you mean")));
    }

    #[test]
    fn a_comment_speaks_of_its_line_or_of_the_next() {
        let text = "a: 1 # rbac-check: ignore RBC108 -- here\n# rbac-check: ignore RBC109 -- there\n# more\nb: 2\n";
        let found = in_text(FileId(1), text).expect("good");
        let lines: Vec<_> = found.iter().map(|s| part(s).line).collect();
        assert_eq!(lines, [1, 4]);
        let error =
            in_text(FileId(1), "x: 1\ny: 2 # rbac-check: ignore RBC108\n").expect_err("no reason");
        assert_eq!((error.position.line, error.position.column), (2, 6));
        // Nothing that is meant for this program is passed over.
        let tight = in_text(FileId(1), "a: 1 #rbac-check:ignore RBC108 -- why\n").expect("good");
        assert_eq!(tight.len(), 1);
        let error = in_text(FileId(1), "# rbac-check: disable RBC108 -- why\n");
        assert!(error.is_err_and(|e| e.message.contains("\"disable\" is not known")));
        let text = "a: https://x/#rbac-check: is no comment\n";
        assert!(in_text(FileId(1), text).is_ok_and(|found| found.is_empty()));
    }

    #[test]
    fn an_annotation_speaks_of_its_object_in_a_list_too() {
        let text = "kind: List\nitems:\n- kind: Role\n  metadata:\n    annotations:\n      rbac-check.dev/ignore: RBC108 -- why\n";
        let found = in_text(FileId(1), text).expect("good");
        assert_eq!(part(&found[0]).extent.start, (3, 3));
        assert!(in_text(FileId(1), &text.replace("RBC108 -- why", "RBC108")).is_err());
        assert!(in_text(FileId(1), &text.replace("/ignore", "/ignored")).is_err());
        assert!(in_text(FileId(1), &text.replace("RBC108 -- why", "[RBC108]")).is_err());
    }
}
