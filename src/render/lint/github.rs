//! Findings as the workflow commands of GitHub Actions, which put them beside the lines of a pull request.

use super::Shows;
use crate::lint::Severity;
use std::io::{self, Write};

/// Writes the report: a command a line.
///
/// # Errors
/// Those of the writer.
pub fn report(shows: &Shows<'_, '_>, out: &mut impl Write) -> io::Result<()> {
    for finding in shows.shown() {
        let command = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        write!(out, "::{command} ")?;
        if let Some(file) = &finding.primary.file {
            let file = property(file.strip_prefix("./").unwrap_or(file));
            let (line, column) = (finding.primary.line, finding.primary.column);
            write!(out, "file={file},line={line},col={column},")?;
        }
        let title = format!(
            "{} {} ({})",
            finding.rule.id, finding.rule.name, finding.severity
        );
        let text = format!(
            "{}\nwhy: {}\nfix: {}",
            finding.message, finding.why, finding.fix
        );
        writeln!(out, "title={}::{}", property(&title), data(&text))?;
    }
    Ok(())
}

/// A value after the second colons.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_of_a_name_becomes_a_command() {
        assert_eq!(super::property("a,b:c\n::x%"), "a%2Cb%3Ac%0A%3A%3Ax%25");
    }
}
