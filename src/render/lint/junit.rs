//! Findings as JUnit's XML: a case for each rule, failed by each of its findings.

use super::Shows;
use crate::lint::rules;
use std::fmt::Write;

/// The report.
pub fn report(shows: &Shows) -> String {
    let all: Vec<_> = rules::all().collect();
    let not_checked = |id: &str| shows.not_checked.iter().find(|entry| entry.id == id);
    let failed = |id: &str| shows.findings.iter().any(|f| f.rule.id == id);
    let failures = all.iter().filter(|rule| failed(rule.id)).count();
    let skipped = all
        .iter()
        .filter(|rule| !failed(rule.id) && not_checked(rule.id).is_some())
        .count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let tests = all.len();
    let _ = writeln!(
        out,
        "<testsuites name=\"rbac-check\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    let _ = writeln!(
        out,
        "  <testsuite name=\"rbac-check lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    for rule in all {
        let name = format!("{} {}", rule.id, rule.name);
        let _ = writeln!(
            out,
            "    <testcase classname=\"rbac-check.lint\" name=\"{}\">",
            escape(&name)
        );
        let findings: Vec<_> = shows
            .findings
            .iter()
            .filter(|f| f.rule.id == rule.id)
            .collect();
        if let Some(first) = findings.first() {
            let mut text = String::new();
            for finding in &findings {
                let file = finding.primary.file.as_deref().unwrap_or("built-in");
                let _ = writeln!(
                    text,
                    "{file}:{}:{}: {}: {}\nwhy: {}\nfix: {}",
                    finding.primary.line,
                    finding.primary.column,
                    finding.severity,
                    finding.message,
                    finding.why,
                    finding.fix
                );
            }
            let _ = writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                first.severity,
                escape(&first.message),
                escape(&text)
            );
        } else if let Some(entry) = not_checked(rule.id) {
            let _ = writeln!(
                out,
                "      <skipped message=\"{}\"/>",
                escape(&entry.reason)
            );
        }
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
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
