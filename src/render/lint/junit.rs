//! Findings as JUnit's XML: a case for each rule, failed by each of its findings.

use super::Shows;
use crate::lint::rules;
use std::collections::HashSet;
use std::io::{self, Write};

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn report(shows: &Shows<'_, '_>, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<_> = rules::all().collect();
    let not_checked = |id: &str| shows.not_checked.iter().find(|entry| entry.id == id);
    let found = shows.findings.iter().map(|finding| finding.rule.id);
    let failed: HashSet<&str> = found.chain(shows.stale.iter().map(|f| f.rule.id)).collect();
    let failures = failed.len();
    let skipped = all
        .iter()
        .filter(|rule| !failed.contains(rule.id) && not_checked(rule.id).is_some())
        .count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let tests = all.len();
    writeln!(
        out,
        "<testsuites name=\"rbac-check\" tests=\"{tests}\" failures=\"{failures}\">"
    )?;
    writeln!(
        out,
        "  <testsuite name=\"rbac-check lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    )?;
    for rule in all {
        let name = format!("{} {}", rule.id, rule.name);
        writeln!(
            out,
            "    <testcase classname=\"rbac-check.lint\" name=\"{}\">",
            escape(&name)
        )?;
        let mut found = shows.shown_of(|other| other.id == rule.id).peekable();
        if let Some(first) = found.peek() {
            let (severity, message) = (first.severity, escape(&first.message));
            write!(
                out,
                "      <failure type=\"{severity}\" message=\"{message}\">"
            )?;
            for finding in found {
                let file = finding.primary.file.as_deref().unwrap_or("built-in");
                let text = format!(
                    "{file}:{}:{}: {}: {}\nwhy: {}\nfix: {}\n",
                    finding.primary.line,
                    finding.primary.column,
                    finding.severity,
                    finding.message,
                    finding.why,
                    finding.fix
                );
                out.write_all(escape(&text).as_bytes())?;
            }
            writeln!(out, "</failure>")?;
        } else if let Some(entry) = not_checked(rule.id) {
            let reason = escape(&entry.reason);
            writeln!(out, "      <skipped message=\"{reason}\"/>")?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// A text in XML 1.0, which has no control characters at all.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_of_a_name_becomes_markup() {
        assert_eq!(
            super::escape("<a b=\"&\u{1b}\">"),
            "&lt;a b=&quot;&amp;\u{fffd}&quot;&gt;"
        );
    }
}
