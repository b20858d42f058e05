//! The suppressions in a text: comments and annotations.

use super::extent::{Extent, Part, extents, innermost};
use super::{ANNOTATION, Suppression, SuppressionError, Target, parse};
use crate::load::tree::{Tree, Value};
use crate::load::whole;
use crate::model::{FileId, Position};

/// What begins every annotation that is meant for this program.
const ANNOTATIONS: &str = "rbac-check.dev/";

/// What begins every comment that is meant for this program.
const COMMENT: &str = "rbac-check:";

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
