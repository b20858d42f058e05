//! Findings for people, with the lines they are about, as compilers print them.

use super::sources::Excerpt;
use super::{Place, Shown, Shows, Sources, clean};
use crate::lint::Severity;
use colored::Colorize;
use std::fmt::Write;
use std::io;

/// How much of a long line is shown.
const WIDTH: usize = 120;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn report(
    shows: &Shows<'_, '_>,
    sources: &Sources,
    verbose: bool,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut text = String::new();
    for finding in shows.shown() {
        write_finding(&finding, sources, &mut text);
        text.push('\n');
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    summary(shows, verbose, &mut text);
    out.write_all(text.as_bytes())
}

fn paint(severity: Severity, text: &str) -> String {
    match severity {
        Severity::Critical => text.red().bold().to_string(),
        Severity::High => text.red().to_string(),
        Severity::Medium => text.yellow().to_string(),
        Severity::Low => text.cyan().to_string(),
        Severity::Info => text.normal().to_string(),
    }
}

fn write_finding(finding: &Shown, sources: &Sources, out: &mut String) {
    let head = format!("{}[{}]", finding.severity, finding.rule.id);
    let head = paint(finding.severity, &head);
    let _ = writeln!(out, "{head}: {}", clean(&finding.message).bold());
    let places = std::iter::once(&finding.primary).chain(&finding.related);
    let widest = places.clone().map(|place| place.line).max().unwrap_or(0);
    let gutter = widest.max(1).to_string().len();
    let mut last_file = None;
    for (i, place) in places.enumerate() {
        excerpt(
            place,
            i == 0,
            gutter,
            last_file == Some(&place.file),
            sources,
            out,
        );
        last_file = Some(&place.file);
    }
    let pad = " ".repeat(gutter);
    let mut note = |name: &str, text: &str| {
        let _ = writeln!(out, "{pad} = {}: {}", name.bold(), clean(text));
    };
    note("why", &finding.why);
    note("fix", &finding.fix);
    for (rule, severity, what) in &finding.facets {
        note("also", &format!("{severity}[{}] {what}", rule.id));
    }
}

fn excerpt(
    place: &Place,
    primary: bool,
    gutter: usize,
    same_file: bool,
    sources: &Sources,
    out: &mut String,
) {
    let pad = " ".repeat(gutter);
    let Some(file) = &place.file else {
        let _ = writeln!(out, "{pad} = built-in: {}", clean(&place.label));
        return;
    };
    let arrow = if primary { "-->" } else { ":::" };
    if primary || !same_file {
        let _ = writeln!(
            out,
            "{pad}{arrow} {}:{}:{}",
            clean(file),
            place.line,
            place.column
        );
        let _ = writeln!(out, "{pad} |");
    }
    let Some(Excerpt { text, before }) = sources.excerpt(file, place.line, place.column) else {
        if !place.label.is_empty() {
            let _ = writeln!(out, "{pad} = line {}: {}", place.line, clean(&place.label));
        }
        return;
    };
    // A dump in one line of a megabyte is cut to what is around the place.
    let skipped = if before > WIDTH / 2 {
        before - WIDTH / 4
    } else {
        0
    };
    let shown: String = text.chars().skip(skipped).take(WIDTH).collect();
    let shown = clean(&shown);
    let length = shown.trim_end().chars().count();
    let start = before - skipped;
    let sign = if primary { "^" } else { "-" };
    let rest: Vec<char> = shown.chars().skip(start).collect();
    let to_the_end = length.saturating_sub(start).max(1);
    let marked = match place.width {
        0 => flow_length(&rest).unwrap_or(to_the_end),
        // A quote before and behind belongs to the word.
        width => {
            let quoted = matches!(rest.first(), Some('\'' | '"'));
            (width as usize + 2 * usize::from(quoted)).min(to_the_end)
        }
    };
    let underline = sign.repeat(marked.max(1));
    let _ = writeln!(out, "{:>gutter$} | {}", place.line, shown.trim_end());
    let label = format!("{underline} {}", clean(&place.label));
    let _ = writeln!(out, "{pad} | {}{}", " ".repeat(start), label.trim_end());
}

/// How long a mapping or list in braces is, if one begins here and ends on this line.
fn flow_length(text: &[char]) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    for (i, &c) in text.iter().enumerate() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            (None, _) if depth == 0 => return None,
            (None, _) => {}
        }
    }
    None
}

fn summary(shows: &Shows<'_, '_>, verbose: bool, out: &mut String) {
    let mut parts = Vec::new();
    for severity in Severity::ALL.into_iter().rev() {
        let count = shows.severities().filter(|s| *s == severity).count();
        if count > 0 {
            parts.push(format!("{count} {severity}"));
        }
    }
    let found = if parts.is_empty() {
        "no findings".to_owned()
    } else {
        parts.join(", ")
    };
    let Shows {
        roles,
        bindings,
        files,
        ..
    } = shows;
    let count = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let _ = write!(
        out,
        "{found} in {} and {} of {}",
        count(*bindings, "binding"),
        count(*roles, "role"),
        count(*files, "file")
    );
    for (count, what) in [
        (shows.suppressed, "suppressed"),
        (shows.known, "in the baseline"),
        (shows.hidden, "less grave, not shown (--profile strict)"),
    ] {
        if count > 0 {
            let _ = write!(out, "; {count} {what}");
        }
    }
    out.push('\n');
    if shows.not_checked.is_empty() {
        return;
    }
    if verbose {
        for entry in &shows.not_checked {
            let _ = writeln!(out, "not checked: {}: {}", entry.id, clean(&entry.reason));
        }
    } else {
        let mut ids: Vec<&str> = shows.not_checked.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let _ = writeln!(out, "not checked: {} (-v says why)", ranges(&ids));
    }
}

/// Sorted ids, those that follow each other as a range.
fn ranges(ids: &[&str]) -> String {
    let number = |id: &str| id.get(3..).and_then(|digits| digits.parse::<u32>().ok());
    let follows = |a: &&str, b: &&str| number(a).zip(number(b)).is_some_and(|(a, b)| a + 1 == b);
    let texts: Vec<String> = ids
        .chunk_by(follows)
        .map(|run| match run {
            [first, _, .., last] => format!("{first}–{last}"),
            others => others.join(", "),
        })
        .collect();
    texts.join(", ")
}

/// `--list-rules`.
pub fn rules() -> String {
    let mut out = String::new();
    for rule in crate::lint::rules::all() {
        let _ = writeln!(
            out,
            "{}  {:8}  {:34}  {}",
            rule.id, rule.severity, rule.name, rule.what
        );
    }
    out
}
