//! A Status in the form that the request accepts (`negotiation.NegotiateOutputMediaType`).

use crate::answer::status::{Status, StatusDetails};
use crate::request::headers::Headers;

/// A form in which the server writes a Status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// application/json, also where nothing acceptable is asked for.
    Json,
    /// application/yaml.
    Yaml,
    /// application/vnd.kubernetes.protobuf.
    Protobuf,
}

/// The form that the `Accept` header asks for: the first of the highest quality that the server writes.
pub fn negotiated(headers: &Headers) -> MediaType {
    let accept = headers.first("Accept");
    let mut best: Option<(f64, MediaType)> = None;
    for clause in accept.split(',') {
        let mut parts = clause.split(';').map(str::trim);
        let media = match parts.next().unwrap_or_default() {
            "application/json" | "application/*" | "*/*" => MediaType::Json,
            "application/yaml" => MediaType::Yaml,
            "application/vnd.kubernetes.protobuf" => MediaType::Protobuf,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q="));
        let quality = quality.and_then(|q| q.parse().ok()).unwrap_or(1.0);
        if best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, media));
        }
    }
    best.map_or(MediaType::Json, |(_, media)| media)
}

/// The Status as the server's YAML: keys in order, long lines folded at 80 characters.
pub fn yaml(status: &Status) -> String {
    let mut out = String::from("apiVersion: v1\n");
    out.push_str(&format!("code: {}\n", status.code));
    if let Some(details) = &status.details {
        write_details(details, &mut out);
    }
    out.push_str("kind: Status\n");
    write_scalar("message", &status.message, 0, &mut out);
    out.push_str("metadata: {}\n");
    if !status.reason.is_empty() {
        write_scalar("reason", status.reason, 0, &mut out);
    }
    out.push_str("status: Failure\n");
    out
}

fn write_details(details: &StatusDetails, out: &mut String) {
    let fields = [
        ("group", &details.group),
        ("kind", &details.kind),
        ("name", &details.name),
    ];
    if fields.iter().all(|(_, value)| value.is_empty()) && details.causes.is_empty() {
        out.push_str("details: {}\n");
        return;
    }
    out.push_str("details:\n");
    if !details.causes.is_empty() {
        out.push_str("  causes:\n");
        for cause in &details.causes {
            out.push_str("  - ");
            write_scalar("field", &cause.field, 0, out);
            write_scalar("message", &cause.message, 4, out);
            write_scalar("reason", cause.reason, 4, out);
        }
    }
    for (name, value) in fields {
        if !value.is_empty() {
            write_scalar(name, value, 2, out);
        }
    }
}

/// Writes `name: value` as libyaml's emitter does: plain where that reads back as the same text, else in
/// quotes; a space beyond the width is a line break.
fn write_scalar(name: &str, value: &str, indent: usize, out: &mut String) {
    const WIDTH: usize = 80;
    let style = style(value);
    let open = format!("{}{name}: ", " ".repeat(indent));
    let mut column = open.chars().count() + usize::from(style != Style::Plain);
    out.push_str(&open);
    match style {
        Style::Plain => {}
        Style::Single => out.push('\''),
        Style::Double => {
            // What needs escapes is written as JSON writes it: the same text, not always the same folds.
            out.push_str(&serde_json::Value::from(value).to_string());
            out.push('\n');
            return;
        }
    }
    let characters: Vec<char> = value.chars().collect();
    for (i, &c) in characters.iter().enumerate() {
        let inner = i > 0 && i + 1 < characters.len();
        let next_is_space = characters.get(i + 1) == Some(&' ');
        let after_space = i > 0 && characters[i - 1] == ' ';
        if c == ' ' && column > WIDTH && inner && !next_is_space && !after_space {
            out.push('\n');
            out.push_str(&" ".repeat(indent + 2));
            column = indent + 2;
            continue;
        }
        if c == '\'' && style == Style::Single {
            out.push('\'');
            column += 1;
        }
        out.push(c);
        column += 1;
    }
    if style == Style::Single {
        out.push('\'');
    }
    out.push('\n');
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
}

fn style(value: &str) -> Style {
    if value.chars().any(|c| c.is_control()) {
        return Style::Double;
    }
    let first = value.chars().next().unwrap_or(' ');
    let indicator = "-?:,[]{}#&*!|>'\"%@`".contains(first);
    let risky = value.is_empty()
        || value.starts_with(' ')
        || value.ends_with([' ', ':'])
        || value.contains(": ")
        || value.contains(" #")
        || indicator
        || reads_otherwise(value);
    if risky { Style::Single } else { Style::Plain }
}

/// Whether a plain scalar would be read as something else than text.
fn reads_otherwise(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let words = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~",
    ];
    words.contains(&&*lower) || value.parse::<f64>().is_ok()
}

/// The Status in the server's protobuf envelope. Bytes that are no UTF-8 are replaced, as a reader of text
/// sees them.
pub fn protobuf(status: &Status) -> String {
    let mut inner = Vec::new();
    // An empty ListMeta holds two empty strings.
    field(1, &[0x0a, 0x00, 0x12, 0x00, 0x1a, 0x00], &mut inner);
    field(2, b"Failure", &mut inner);
    field(3, status.message.as_bytes(), &mut inner);
    field(4, status.reason.as_bytes(), &mut inner);
    if let Some(details) = &status.details {
        let mut bytes = Vec::new();
        field(1, details.name.as_bytes(), &mut bytes);
        field(2, details.group.as_bytes(), &mut bytes);
        field(3, details.kind.as_bytes(), &mut bytes);
        for cause in &details.causes {
            let mut one = Vec::new();
            field(1, cause.reason.as_bytes(), &mut one);
            field(2, cause.message.as_bytes(), &mut one);
            field(3, cause.field.as_bytes(), &mut one);
            field(4, &one, &mut bytes);
        }
        bytes.extend([0x28, 0x00]);
        field(6, b"", &mut bytes);
        field(5, &bytes, &mut inner);
    }
    inner.push(0x30);
    varint(usize::from(status.code), &mut inner);
    let mut kind = Vec::new();
    field(1, b"v1", &mut kind);
    field(2, b"Status", &mut kind);
    let mut out = b"k8s\0".to_vec();
    field(1, &kind, &mut out);
    field(2, &inner, &mut out);
    field(3, b"", &mut out);
    field(4, b"", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn field(number: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(number << 3 | 2);
    varint(bytes.len(), out);
    out.extend_from_slice(bytes);
}

fn varint(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &str) -> MediaType {
        negotiated(&Headers::from_iter([("accept", accept)]))
    }

    #[test]
    fn negotiates() {
        assert_eq!(asked(""), MediaType::Json);
        assert_eq!(asked("text/html"), MediaType::Json);
        assert_eq!(asked("application/yaml"), MediaType::Yaml);
        assert_eq!(asked("application/yaml;q=0.5, */*"), MediaType::Json);
        assert_eq!(
            asked("application/vnd.kubernetes.protobuf, */*"),
            MediaType::Protobuf
        );
    }

    #[test]
    fn scalars() {
        let mut out = String::new();
        write_scalar("a", "it's: b", 0, &mut out);
        write_scalar("a", "plain \"text\"", 0, &mut out);
        write_scalar("a", &"word ".repeat(20), 2, &mut out);
        write_scalar("a", "x\ny", 0, &mut out);
        let words = "word ".repeat(16);
        let folded = format!("  a: '{}\n    word word word word '\n", words.trim_end());
        assert_eq!(
            out,
            format!("a: 'it''s: b'\na: plain \"text\"\n{folded}a: \"x\\ny\"\n")
        );
    }
}
