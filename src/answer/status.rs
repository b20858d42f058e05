//! What the API server says when it refuses: `metav1.Status`, the field errors inside it, and its words
//! about malformed names.

use crate::model::Quoted;
use serde::Serialize;
use std::collections::HashSet;

/// A failure as the API server answers it (`metav1.Status`), serialized in the server's field order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    kind: &'static str,
    api_version: &'static str,
    metadata: Empty,
    status: &'static str,
    /// What went wrong, for people.
    pub message: String,
    /// The machine's word for it (`metav1.StatusReason`).
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reason: &'static str,
    /// Which object and which of its fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<StatusDetails>,
    /// The HTTP status code.
    pub code: u16,
}

/// Serialized as `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Empty {}

/// `details` of a Status (`metav1.StatusDetails`). Empty values are absent in the JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatusDetails {
    /// The object's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The API group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The kind, or (where a request was forbidden) the resource.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// One cause for each field error.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<StatusCause>,
}

/// One entry of `details.causes` (`metav1.StatusCause`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusCause {
    /// The class of the error, such as `FieldValueInvalid`.
    pub reason: &'static str,
    /// The error without the field's path.
    pub message: String,
    /// The field's path.
    pub field: String,
}

impl Status {
    /// A failure with the given HTTP code and reason, without details.
    pub fn failure(code: u16, reason: &'static str, message: String) -> Self {
        Status {
            kind: "Status",
            api_version: "v1",
            metadata: Empty {},
            status: "Failure",
            message,
            reason,
            details: None,
            code,
        }
    }

    /// 400, as `errors.NewBadRequest` makes it.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Status::failure(400, "BadRequest", message.into())
    }

    /// 403, as `errors.NewForbidden` makes it: `RESOURCE.GROUP "NAME" is forbidden: WHY`. A request
    /// that is for no resource (`resource` and `group` empty) reads `forbidden: WHY`.
    pub fn forbidden(group: &str, resource: &str, name: &str, why: &str) -> Self {
        let qualified = join_group(resource, group);
        let message = match (qualified.is_empty(), name.is_empty()) {
            (true, _) => format!("forbidden: {why}"),
            (_, true) => format!("{qualified} is forbidden: {why}"),
            _ => format!("{qualified} {} is forbidden: {why}", Quoted(name)),
        };
        let mut status = Status::failure(403, "Forbidden", message);
        status.details = Some(StatusDetails {
            name: name.to_owned(),
            group: group.to_owned(),
            kind: resource.to_owned(),
            causes: Vec::new(),
        });
        status
    }

    /// 422, as `errors.NewInvalid` makes it: `KIND.GROUP "NAME" is invalid: ERRORS`. Several errors
    /// stand in brackets, each text once; the causes list every error.
    pub fn invalid(group: &str, kind: &str, name: &str, errors: &[FieldError]) -> Self {
        let mut message = format!("{} {} is invalid", join_group(kind, group), Quoted(name));
        let mut texts: Vec<String> = errors.iter().map(FieldError::to_string).collect();
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        match texts.as_slice() {
            [] => {}
            [one] => message.extend([": ", one]),
            several => message.extend([": [", &several.join(", "), "]"]),
        }
        let mut status = Status::failure(422, "Invalid", message);
        status.details = Some(StatusDetails {
            name: name.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            causes: errors.iter().map(FieldError::cause).collect(),
        });
        status
    }
}

/// `schema.GroupKind.String` and `schema.GroupResource.String`: the core group adds nothing.
fn join_group(word: &str, group: &str) -> String {
    if group.is_empty() {
        word.to_owned()
    } else {
        format!("{word}.{group}")
    }
}

/// The classes of field error (`field.ErrorType` of apimachinery) that occur here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldErrorKind {
    Required,
    Invalid,
    NotSupported,
    Forbidden,
}

impl FieldErrorKind {
    /// How a message names the class, and the `reason` of a cause of this class (`metav1.CauseType`).
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            FieldErrorKind::Required => ("Required value", "FieldValueRequired"),
            FieldErrorKind::Invalid => ("Invalid value", "FieldValueInvalid"),
            FieldErrorKind::NotSupported => ("Unsupported value", "FieldValueNotSupported"),
            FieldErrorKind::Forbidden => ("Forbidden", "FieldValueForbidden"),
        }
    }
}

/// The value that a field error complains about, as its message shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadValue {
    /// Not shown: there is none, or it may not be there.
    Omitted,
    /// A string, shown quoted as Go's `%q` does.
    Text(String),
    /// Anything else, shown as this JSON (numbers and `null` too).
    Json(String),
}

impl BadValue {
    /// The JSON of `value` as Go's `encoding/json` writes it: without spaces, with `<`, `>`, `&` and
    /// the line separators escaped. What cannot be JSON is shown as `null`.
    pub fn json(value: &impl Serialize) -> Self {
        let mut text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        // These occur inside strings alone, so that escaping them anywhere is right.
        for c in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            if text.contains(c) {
                text = text.replace(c, &format!("\\u{:04x}", u32::from(c)));
            }
        }
        BadValue::Json(text)
    }
}

impl From<&str> for BadValue {
    fn from(text: &str) -> Self {
        BadValue::Text(text.to_owned())
    }
}

/// One complaint about one field (`field.Error` of apimachinery). Displayed `FIELD: MESSAGE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The class.
    pub kind: FieldErrorKind,
    /// The field's path, such as `spec.resourceAttributes.labelSelector.requirements[0].key`.
    pub field: String,
    /// The value complained about.
    pub bad_value: BadValue,
    /// What is wrong with it; may be empty.
    pub detail: String,
}

impl FieldError {
    /// `field.Invalid`: the value breaks a rule.
    pub fn invalid(
        field: impl Into<String>,
        value: impl Into<BadValue>,
        detail: impl Into<String>,
    ) -> Self {
        let (field, detail) = (field.into(), detail.into());
        FieldError::new(FieldErrorKind::Invalid, field, value.into(), detail)
    }

    /// `field.Required`: the value is missing.
    pub fn required(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        FieldError::new(FieldErrorKind::Required, field, BadValue::Omitted, detail)
    }

    /// `field.Forbidden`: no value may stand here.
    pub fn forbidden(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        FieldError::new(FieldErrorKind::Forbidden, field, BadValue::Omitted, detail)
    }

    /// `field.NotSupported`: the value is none of the listed ones.
    pub fn not_supported(
        field: impl Into<String>,
        value: impl Into<BadValue>,
        supported: &[&str],
    ) -> Self {
        let quoted: Vec<_> = supported.iter().map(|s| Quoted(s).to_string()).collect();
        let detail = format!("supported values: {}", quoted.join(", "));
        FieldError::new(
            FieldErrorKind::NotSupported,
            field.into(),
            value.into(),
            detail,
        )
    }

    fn new(kind: FieldErrorKind, field: String, bad_value: BadValue, detail: String) -> Self {
        FieldError {
            kind,
            field,
            bad_value,
            detail,
        }
    }

    /// The message without the field's path (`field.Error.ErrorBody`).
    pub fn message(&self) -> String {
        let mut text = self.kind.words().0.to_owned();
        let shown = match &self.bad_value {
            BadValue::Omitted => None,
            BadValue::Text(value) => Some(Quoted(value).to_string()),
            BadValue::Json(value) => Some(value.clone()),
        };
        if let Some(value) = shown {
            text.extend([": ", &value]);
        }
        if !self.detail.is_empty() {
            text.extend([": ", &self.detail]);
        }
        text
    }

    fn cause(&self) -> StatusCause {
        StatusCause {
            reason: self.kind.words().1,
            message: self.message(),
            field: self.field.clone(),
        }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.message())
    }
}

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
        errors.push("must be no more than 253 bytes".to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_bad_values() {
        let json = BadValue::json(&vec!["<a>&\u{2028}", "b"]);
        let table = [
            (
                FieldError::invalid("f", "x", "bad"),
                r#"f: Invalid value: "x": bad"#,
            ),
            (
                FieldError::invalid("f", json, ""),
                r#"f: Invalid value: ["\u003ca\u003e\u0026\u2028","b"]"#,
            ),
            (FieldError::required("f", ""), "f: Required value"),
            (FieldError::forbidden("f", "no"), "f: Forbidden: no"),
            (
                FieldError::not_supported("f", "x", &["a", "b"]),
                r#"f: Unsupported value: "x": supported values: "a", "b""#,
            ),
        ];
        for (error, want) in table {
            assert_eq!(error.to_string(), want);
        }
    }

    #[test]
    fn statuses() {
        let error = FieldError::required("f", "x");
        let status = Status::invalid("g", "K", "n", &[error.clone(), error]);
        assert_eq!(
            status.message,
            r#"K.g "n" is invalid: f: Required value: x"#
        );
        assert_eq!(status.details.map(|d| d.causes.len()), Some(2));
        let json = |status| serde_json::to_string(&status).unwrap_or_default();
        assert_eq!(
            json(Status::forbidden("", "", "", "no")),
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: no","reason":"Forbidden","details":{},"code":403}"#
        );
        assert_eq!(
            json(Status::forbidden("g", "rs", "n", "no")),
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"rs.g \"n\" is forbidden: no","reason":"Forbidden","details":{"name":"n","group":"g","kind":"rs"},"code":403}"#
        );
        assert_eq!(
            json(Status::bad_request("why")),
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"why","reason":"BadRequest","code":400}"#
        );
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
            &["prefix part must be no more than 253 bytes"],
        );
        assert!(label_value_errors("").is_empty() && label_value_errors("a_B.9").is_empty());
        let value = format!("{}-", long(63));
        starts(
            label_value_errors(&value),
            &["must be no more than 63", "a valid label must"],
        );
    }
}
