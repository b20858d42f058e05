//! The output of `kubectl auth whoami`: who the server takes the user for (KEP-3325).
//!
//! The object is a SelfSubjectReview of `authentication.k8s.io/v1`; the layouts are kubectl's.

use super::rules_table::{align_columns, list};
use crate::model::UserInfo;
use std::fmt;

/// Why nothing is printed. The text is kubectl's, without the line's end, except for
/// [`WhoamiError::Unsupported`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoamiError {
    /// kubectl has no such output format.
    NoPrinter(String),
    /// `jsonpath=` and the like, with nothing after it.
    NoTemplate,
    /// kubectl has this format, or this template; it is not implemented here.
    Unsupported(String),
}

impl fmt::Display for WhoamiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhoamiError::NoPrinter(format) => write!(
                f,
                "error: unable to match a printer suitable for the output format \"{format}\", \
                 allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
                 jsonpath-file,kyaml,name,template,templatefile,yaml"
            ),
            WhoamiError::NoTemplate => {
                f.write_str("error: template format specified but no template given")
            }
            WhoamiError::Unsupported(what) => write!(
                f,
                "error: output {what:?} is not supported: use json, yaml, name, or jsonpath with \
                 plain field paths such as {{.status.userInfo.username}}"
            ),
        }
    }
}

impl std::error::Error for WhoamiError {}

/// A JSON value without numbers, the fields of an object in the order that the server gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// What `kubectl auth whoami` prints, including the final line feed where there is one. `output` is the
/// value of `--output`, `None` for the table.
///
/// # Errors
/// When `output` is no format of kubectl's, or one that is not implemented here.
pub fn whoami(
    user: &UserInfo,
    creation_timestamp: &str,
    output: Option<&str>,
) -> Result<String, WhoamiError> {
    let Some(output) = output else {
        return Ok(table(user));
    };
    match output.to_lowercase().as_str() {
        "json" => {
            let mut out = String::new();
            write_json(&review(user, creation_timestamp), Some(0), &mut out);
            out.push('\n');
            Ok(out)
        }
        "yaml" => {
            let mut out = String::new();
            write_yaml(&sorted(review(user, creation_timestamp)), 0, &mut out);
            Ok(out)
        }
        // A review has no name.
        "name" | "" => Ok("selfsubjectreview.authentication.k8s.io/<unknown>\n".to_owned()),
        "kyaml" => Err(WhoamiError::Unsupported(output.to_owned())),
        _ => with_template(user, creation_timestamp, output),
    }
}

fn with_template(
    user: &UserInfo,
    creation_timestamp: &str,
    output: &str,
) -> Result<String, WhoamiError> {
    let (format, template) = output.split_once('=').unwrap_or((output, ""));
    match format {
        "jsonpath" | "jsonpath-file" | "jsonpath-as-json" => {}
        "go-template" | "go-template-file" | "template" | "templatefile" => {}
        _ => return Err(WhoamiError::NoPrinter(output.to_owned())),
    }
    if template.is_empty() {
        return Err(WhoamiError::NoTemplate);
    }
    let review = sorted(review(user, creation_timestamp));
    (format == "jsonpath")
        .then(|| jsonpath(template, &review))
        .flatten()
        .ok_or_else(|| WhoamiError::Unsupported(output.to_owned()))
}

fn table(user: &UserInfo) -> String {
    let mut text = String::from("ATTRIBUTE\tVALUE\n");
    let mut row = |key: &str, value: &str| text.extend([key, "\t", value, "\n"]);
    if !user.username.is_empty() {
        row("Username", &user.username);
    }
    if !user.uid.is_empty() {
        row("UID", &user.uid);
    }
    if !user.groups.is_empty() {
        row("Groups", &list(&user.groups));
    }
    for (key, values) in &user.extra {
        row(&format!("Extra: {key}"), &list(values));
    }
    align_columns(&text)
}

fn review(user: &UserInfo, creation_timestamp: &str) -> Value {
    let text = |s: &str| Value::Text(s.to_owned());
    let texts = |list: &[String]| Value::List(list.iter().map(|s| text(s)).collect());
    let object = |fields: Vec<(&str, Value)>| {
        Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    };
    let mut info = Vec::new();
    if !user.username.is_empty() {
        info.push(("username", text(&user.username)));
    }
    if !user.uid.is_empty() {
        info.push(("uid", text(&user.uid)));
    }
    if !user.groups.is_empty() {
        info.push(("groups", texts(&user.groups)));
    }
    if !user.extra.is_empty() {
        let extra = user.extra.iter().map(|(k, v)| (k.as_str(), texts(v)));
        info.push(("extra", object(extra.collect())));
    }
    let metadata = object(vec![("creationTimestamp", text(creation_timestamp))]);
    object(vec![
        ("kind", text("SelfSubjectReview")),
        ("apiVersion", text("authentication.k8s.io/v1")),
        ("metadata", metadata),
        ("status", object(vec![("userInfo", object(info))])),
    ])
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields)
        }
        other => other,
    }
}

/// Writes JSON as kubectl's language does: indented by four spaces from the given depth on, or compact.
fn write_json(value: &Value, depth: Option<usize>, out: &mut String) {
    let inner = depth.map(|d| d + 1);
    let break_line = |depth: Option<usize>, out: &mut String| {
        if let Some(depth) = depth {
            out.push('\n');
            out.push_str(&"    ".repeat(depth));
        }
    };
    let (open, close, len) = match value {
        Value::Text(text) => return write_json_string(text, out),
        Value::List(items) => ('[', ']', items.len()),
        Value::Object(fields) => ('{', '}', fields.len()),
    };
    out.push(open);
    for index in 0..len {
        if index > 0 {
            out.push(',');
        }
        break_line(inner, out);
        match value {
            Value::Object(fields) => {
                write_json_string(&fields[index].0, out);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                write_json(&fields[index].1, inner, out);
            }
            Value::List(items) => write_json(&items[index], inner, out),
            Value::Text(_) => {}
        }
    }
    if len > 0 {
        break_line(depth, out);
    }
    out.push(close);
}

fn write_json_string(text: &str, out: &mut String) {
    // A string always serializes; what is left is to make it safe inside HTML and JavaScript, as the
    // API server and kubectl do.
    for c in serde_json::to_string(text).unwrap_or_default().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
}

fn write_yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Text(text) => {
            yaml_scalar(text, out);
            out.push('\n');
        }
        // Lists stand at the indentation of the key that holds them.
        Value::List(items) => {
            for item in items {
                out.extend([&pad, "- "]);
                write_yaml(item, indent, out);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                out.push_str(&pad);
                yaml_scalar(key, out);
                match value {
                    Value::Text(_) => {
                        out.push_str(": ");
                        write_yaml(value, indent, out);
                    }
                    Value::List(items) if items.is_empty() => out.push_str(": []\n"),
                    Value::List(_) => {
                        out.push_str(":\n");
                        write_yaml(value, indent, out);
                    }
                    Value::Object(fields) if fields.is_empty() => out.push_str(": {}\n"),
                    Value::Object(_) => {
                        out.push_str(":\n");
                        write_yaml(value, indent + 2, out);
                    }
                }
            }
        }
    }
}

/// Writes one string as kubectl's YAML library does: plain where that reads back as this string, else in
/// double quotes where it would read as another type, else in single quotes. What neither can hold
/// (control characters, characters beyond U+FFFF) is escaped in double quotes.
///
/// Unlike there, long strings are not folded at spaces and strings of several lines are not written as
/// blocks, but escaped in double quotes: the value read back is the same.
fn yaml_scalar(text: &str, out: &mut String) {
    let printable = |c: char| {
        matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
    };
    let breaks = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if yaml_reads_as_other_type(text) || !text.chars().all(|c| printable(c) && !breaks(c)) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\0' => out.push_str("\\0"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\u{b}' => out.push_str("\\v"),
                '\u{c}' => out.push_str("\\f"),
                '\r' => out.push_str("\\r"),
                '\u{1b}' => out.push_str("\\e"),
                '\u{85}' => out.push_str("\\N"),
                '\u{2028}' => out.push_str("\\L"),
                '\u{2029}' => out.push_str("\\P"),
                c if printable(c) => out.push(c),
                c => out.push_str(&match u32::from(c) {
                    code @ ..=0xff => format!("\\x{code:02X}"),
                    code @ ..=0xffff => format!("\\u{code:04X}"),
                    code => format!("\\U{code:08X}"),
                }),
            }
        }
        out.push('"');
    } else if yaml_plain_is_allowed(text) {
        out.push_str(text);
    } else {
        out.extend(["'", &text.replace('\'', "''"), "'"]);
    }
}

fn yaml_plain_is_allowed(text: &str) -> bool {
    let blank_after = |index: usize| matches!(text.as_bytes().get(index + 1), None | Some(b' '));
    let bad_start = match text.chars().next() {
        Some('-' | '?' | ':') => blank_after(0),
        first => first.is_none_or(|c| "#,[]{}&*!|>'\"%@`".contains(c)),
    };
    let bad_inside = text.contains(": ") || text.ends_with(':') || text.contains(" #");
    let edges = text.starts_with(' ') || text.ends_with(' ');
    let document = text.starts_with("---") || text.starts_with("...");
    !(bad_start || bad_inside || edges || document)
}

/// Whether the plain text would be null, a boolean, a number or a time in YAML 1.1.
fn yaml_reads_as_other_type(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE",
        "on", "On", "ON", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off",
        "OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
        "-.Inf", "-.INF",
    ];
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    WORDS.contains(&text) || numeric && (is_number(text) || is_base_60(text) || is_time(text))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    // Underscores may separate digits, though not in a number that starts with its point.
    let text = if text.starts_with('.') {
        text.to_owned()
    } else {
        text.replace('_', "")
    };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let lower = unsigned.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = lower.strip_prefix(prefix) {
            return u64::from_str_radix(rest, radix).is_ok() && !rest.starts_with('+');
        }
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (lower.as_str(), None),
    };
    let whole = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    whole && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// `1:30` and the like, a number of YAML 1.1 that is quoted for old readers.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(&first.replace('_', ""))
        && !rest.is_empty()
        && rest
            .iter()
            .all(|p| digits(p) && (p.len() == 1 || p.len() == 2 && p.as_bytes()[0] < b'6'))
        && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

/// `YYYY-M-D`, alone or followed by a time of day.
fn is_time(text: &str) -> bool {
    let number = |s: &str, low: u32, high: u32| {
        digits(s) && s.len() <= 2 && s.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
    };
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let mut parts = date.splitn(3, '-');
    let year = parts.next().is_some_and(|y| y.len() == 4 && digits(y));
    let day = parts.next().is_some_and(|m| number(m, 1, 12))
        && parts.next().is_some_and(|d| number(d, 1, 31));
    let Some((separator, time)) = time else {
        return year && day;
    };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let zone_fits = match (separator, zone) {
        (" ", zone) => zone.is_empty(),
        (_, "Z") => true,
        (_, zone) => zone.len() == 6 && zone[1..].split(':').all(|p| p.len() == 2 && digits(p)),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let clock: Vec<&str> = clock.split(':').collect();
    let clock_fits = clock.len() == 3
        && number(clock[0], 0, 23)
        && number(clock[1], 0, 59)
        && number(clock[2], 0, 59);
    year && day && zone_fits && clock_fits && digits(fraction)
}

/// Evaluates a JSONPath template of literal text, `{.field.field}` and `{"text"}`. Where a field is
/// missing nothing is printed, as with `--allow-missing-template-keys`. None for everything else that
/// JSONPath has.
fn jsonpath(template: &str, root: &Value) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let close = open + rest[open..].find('}')?;
        let inside = rest[open + 1..close].trim();
        if inside.starts_with('"') {
            out.push_str(&serde_json::from_str::<String>(inside).ok()?);
        } else {
            match select(inside, root)? {
                Some(Value::Text(text)) => out.push_str(text),
                Some(value) => write_json(value, None, &mut out),
                None => {}
            }
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// The field that a path such as `.status.userInfo` leads to, where there is one; None outside for a path
/// of another form.
fn select<'a>(path: &str, root: &'a Value) -> Option<Option<&'a Value>> {
    let mut value = Some(root);
    for field in path
        .strip_prefix('$')
        .unwrap_or(path)
        .strip_prefix('.')?
        .split('.')
    {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if field.is_empty() || !field.chars().all(plain) {
            return None;
        }
        value = value.and_then(|value| match value {
            Value::Object(fields) => fields.iter().find(|f| f.0 == field).map(|f| &f.1),
            _ => None,
        });
    }
    Some(value)
}
