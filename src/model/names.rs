//! Which names are well formed (docs page "Object Names and IDs", "Labels and Selectors"), and the
//! server's words about those that are not.

/// What is wrong with a label key, in the server's words (`IsQualifiedName`); nothing where it is
/// one: a name of at most 63 bytes, before which a DNS subdomain and `/` may stand.
pub fn label_key_errors(key: &str) -> Vec<String> {
    const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    let mut errors = Vec::new();
    let name = match key.split_once('/') {
        None => key,
        Some((_, name)) if name.contains('/') => {
            errors.push(format!("a qualified name {NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"));
            return errors;
        }
        Some((prefix, name)) => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                let found = dns_subdomain_errors(prefix);
                errors.extend(found.into_iter().map(|e| format!("prefix part {e}")));
            }
            name
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        errors.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_label_name(name) {
        errors.push(format!("name part {NAME}"));
    }
    errors
}

/// What is wrong with a label value, in the server's words (`IsValidLabelValue`); nothing where it is
/// one: empty, or a name of at most 63 bytes.
pub fn label_value_errors(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > 63 {
        errors.push("must be no more than 63 bytes".to_owned());
    }
    if !value.is_empty() && !is_label_name(value) {
        errors.push("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')".to_owned());
    }
    errors
}

/// What is wrong with a DNS subdomain, in the server's words (`IsDNS1123Subdomain`).
pub fn dns_subdomain_errors(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > 253 {
        errors.push("must be no more than 253 characters".to_owned());
    }
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !value.split('.').all(|label| spans(label, inner)) {
        errors.push("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')".to_owned());
    }
    errors
}

fn is_label_name(text: &str) -> bool {
    spans(text, |b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// Whether `text` consists of `inner` bytes, the first and the last of which are letters or digits.
fn spans(text: &str, inner: impl Fn(u8) -> bool) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(|&b| inner(b))
}

/// What is wrong with the name of an RBAC object, in the server's words (`ValidatePathSegmentName`): it
/// stands in a URL.
pub fn path_segment_errors(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    let bad = ['/', '%'].into_iter().filter(|bad| name.contains(*bad));
    bad.map(|bad| format!("may not contain '{bad}'")).collect()
}

/// Whether [`path_segment_errors`] finds nothing.
pub fn is_path_segment(name: &str) -> bool {
    name != "." && name != ".." && !name.bytes().any(|b| matches!(b, b'/' | b'%'))
}

/// Whether [`dns_subdomain_errors`] finds nothing.
pub fn is_dns_subdomain(text: &str) -> bool {
    // Each label begins and ends with a letter or digit: no dot or dash at an end, no dot beside either.
    let mut before = b'.';
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'-' if before != b'.' => {}
            b'.' if before.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        before = byte;
    }
    before.is_ascii_alphanumeric() && text.len() <= 253
}

/// Whether a text is a DNS label: a namespace's name.
pub fn is_dns_label(text: &str) -> bool {
    text.len() <= 63 && !text.contains('.') && dns_subdomain_errors(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_agree_with_the_errors() {
        let pieces = ["", "a", "0", "-", ".", "A", "_", "/", "%", "é"];
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    let long = "x".repeat(if a == "0" { 251 } else { 0 });
                    let text = format!("{a}{b}{long}{c}");
                    let subdomain = dns_subdomain_errors(&text).is_empty();
                    assert_eq!(is_dns_subdomain(&text), subdomain, "{text}");
                    let segment = path_segment_errors(&text).is_empty();
                    assert_eq!(is_path_segment(&text), segment, "{text}");
                }
            }
        }
    }

    #[test]
    fn label_syntax() {
        let long = |n| "x".repeat(n);
        let starts = |errors: Vec<String>, want: &[&str]| {
            assert_eq!(errors.len(), want.len(), "{errors:?}");
            for (error, want) in errors.iter().zip(want) {
                assert!(error.starts_with(want), "{error}");
            }
        };
        let prefixed = format!("{}/x", long(253));
        for key in ["a", "A-_.b", "a.b-c/X", &long(63), &prefixed] {
            starts(label_key_errors(key), &[]);
        }
        let empty = ["name part must be non-empty", "name part must consist"];
        starts(label_key_errors("a/"), &empty);
        starts(label_key_errors("/a"), &["prefix part must be non-empty"]);
        starts(
            label_key_errors("A/a"),
            &["prefix part a lowercase RFC 1123 subdomain must"],
        );
        starts(
            label_key_errors("a..b/a-"),
            &["prefix part a lowercase", "name part must"],
        );
        starts(
            label_key_errors("a/b/c"),
            &["a qualified name must consist"],
        );
        starts(
            label_key_errors(&long(64)),
            &["name part must be no more than 63 bytes"],
        );
        let prefix = format!("{}/x", long(254));
        starts(
            label_key_errors(&prefix),
            &["prefix part must be no more than 253 characters"],
        );
        assert!(label_value_errors("").is_empty() && label_value_errors("a_B.9").is_empty());
        let value = format!("{}-", long(63));
        starts(
            label_value_errors(&value),
            &["must be no more than 63", "a valid label must"],
        );
    }
}
