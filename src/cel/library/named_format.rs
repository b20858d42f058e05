//! Kubernetes' named formats of strings, with the words for what does not fit.

use super::{time, url};
use crate::cel::eval::Evaluated;
use crate::cel::opaque::Opaque;
use crate::cel::value::{List, Value};
use std::sync::Arc;

/// A format.
#[derive(Debug)]
pub struct NamedFormat {
    name: &'static str,
    check: fn(&str) -> Vec<String>,
}

static FORMATS: [NamedFormat; 13] = [
    NamedFormat {
        name: "dns1123Label",
        check: |s| label(s),
    },
    NamedFormat {
        name: "dns1123Subdomain",
        check: |s| subdomain(s),
    },
    NamedFormat {
        name: "dns1035Label",
        check: |s| label_1035(s),
    },
    NamedFormat {
        name: "qualifiedName",
        check: qualified_name,
    },
    NamedFormat {
        name: "dns1123LabelPrefix",
        check: |s| label(&without_dash(s)),
    },
    NamedFormat {
        name: "dns1123SubdomainPrefix",
        check: |s| subdomain(&without_dash(s)),
    },
    NamedFormat {
        name: "dns1035LabelPrefix",
        check: |s| label_1035(&without_dash(s)),
    },
    NamedFormat {
        name: "labelValue",
        check: label_value,
    },
    NamedFormat {
        name: "uri",
        check: |s| url::parse_request(s).err().into_iter().collect(),
    },
    NamedFormat {
        name: "uuid",
        check: |s| unless(is_uuid(s), "does not match the UUID format"),
    },
    NamedFormat {
        name: "byte",
        check: |s| unless(is_base64(s), "invalid base64"),
    },
    NamedFormat {
        name: "date",
        check: |s| unless(is_date(s), "invalid date"),
    },
    NamedFormat {
        name: "datetime",
        check: |s| unless(is_datetime(s), "invalid datetime"),
    },
];

fn unless(good: bool, message: &str) -> Vec<String> {
    if good {
        Vec::new()
    } else {
        vec![message.to_owned()]
    }
}

fn without_dash(s: &str) -> String {
    match s.strip_suffix('-') {
        Some(rest) => format!("{rest}a"),
        None => s.to_owned(),
    }
}

fn lower(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

fn is_label(s: &str) -> bool {
    let bytes = s.as_bytes();
    !s.is_empty()
        && lower(bytes[0])
        && lower(bytes[s.len() - 1])
        && bytes.iter().all(|b| lower(*b) || *b == b'-')
}

fn too_long(s: &str, most: usize, errors: &mut Vec<String>) {
    if s.len() > most {
        errors.push(format!("must be no more than {most} bytes"));
    }
}

fn label(s: &str) -> Vec<String> {
    let mut errors = Vec::new();
    too_long(s, 63, &mut errors);
    if !is_label(s) {
        errors.push("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')".to_owned());
    }
    errors
}

fn subdomain(s: &str) -> Vec<String> {
    let mut errors = Vec::new();
    too_long(s, 253, &mut errors);
    if !s.split('.').all(is_label) {
        errors.push("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')".to_owned());
    }
    errors
}

fn label_1035(s: &str) -> Vec<String> {
    let mut errors = Vec::new();
    too_long(s, 63, &mut errors);
    if !(is_label(s) && s.as_bytes()[0].is_ascii_lowercase()) {
        errors.push("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')".to_owned());
    }
    errors
}

fn is_name(s: &str) -> bool {
    let bytes = s.as_bytes();
    !s.is_empty()
        && bytes[0].is_ascii_alphanumeric()
        && bytes[s.len() - 1].is_ascii_alphanumeric()
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

fn qualified_name(s: &str) -> Vec<String> {
    const NAME: &str = "name part ";
    let shape = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    let mut errors = Vec::new();
    let parts: Vec<&str> = s.split('/').collect();
    let name = match parts[..] {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                errors.extend(
                    subdomain(prefix)
                        .into_iter()
                        .map(|e| format!("prefix part {e}")),
                );
            }
            name
        }
        _ => {
            return vec!["a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')".replacen("a valid label key", "a qualified name", 1)];
        }
    };
    if name.is_empty() {
        errors.push(format!("{NAME}must be non-empty"));
    } else if name.len() > 63 {
        errors.push(format!("{NAME}must be no more than 63 bytes"));
    }
    if !is_name(name) {
        errors.push(format!("{NAME}{shape}"));
    }
    errors
}

fn label_value(s: &str) -> Vec<String> {
    let mut errors = Vec::new();
    too_long(s, 63, &mut errors);
    if !s.is_empty() && !is_name(s) {
        errors.push("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')".to_owned());
    }
    errors
}

fn is_uuid(s: &str) -> bool {
    // Dashes are optional, each one for itself.
    let mut rest = s;
    for (i, count) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if i > 0 {
            rest = rest.strip_prefix('-').unwrap_or(rest);
        }
        match rest.get(..count) {
            Some(part) if part.bytes().all(|b| b.is_ascii_hexdigit()) => rest = &rest[count..],
            _ => return false,
        }
    }
    rest.is_empty()
}

fn is_base64(s: &str) -> bool {
    let body = s.trim_end_matches('=');
    let padding = s.len() - body.len();
    !s.is_empty()
        && s.len().is_multiple_of(4)
        && padding <= 2
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

fn is_date(s: &str) -> bool {
    s.len() == 10 && time::parse_timestamp(&format!("{s}T00:00:00Z")).is_some()
}

fn is_datetime(s: &str) -> bool {
    let upper = s.to_ascii_uppercase();
    s.len() >= 20 && time::parse_timestamp(&upper).is_some()
}

fn wrap(format: &'static NamedFormat) -> Value {
    Value::Opaque(Arc::new(Opaque::Format(format)))
}

fn named(name: &str) -> Option<&'static NamedFormat> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Runs a function over formats.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    match (overload, args) {
        ("format-named", [Value::String(name)]) => Some(Ok(Value::Optional(
            named(name).map(|format| Arc::new(wrap(format))),
        ))),
        ("format-validate", [Value::Opaque(opaque), Value::String(s)]) => {
            let Opaque::Format(format) = &**opaque else {
                return None;
            };
            let errors = (format.check)(s);
            Some(Ok(Value::Optional(
                (!errors.is_empty()).then(|| Arc::new(Value::List(List::strings(errors)))),
            )))
        }
        (name, []) => named(name.strip_prefix("format.")?).map(|format| Ok(wrap(format))),
        _ => None,
    }
}
