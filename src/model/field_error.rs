//! What the server complains about in an object, in its words (`field.Error` of apimachinery).

use super::Quoted;
use serde::Serialize;

/// The classes of field error (`field.ErrorType` of apimachinery) that occur here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldErrorKind {
    Required,
    Duplicate,
    Invalid,
    NotSupported,
    Forbidden,
    TooMany,
    Internal,
}

impl FieldErrorKind {
    /// How a message names the class, and the `reason` of a cause of this class (`metav1.CauseType`).
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            FieldErrorKind::Required => ("Required value", "FieldValueRequired"),
            FieldErrorKind::Duplicate => ("Duplicate value", "FieldValueDuplicate"),
            FieldErrorKind::Invalid => ("Invalid value", "FieldValueInvalid"),
            FieldErrorKind::NotSupported => ("Unsupported value", "FieldValueNotSupported"),
            FieldErrorKind::Forbidden => ("Forbidden", "FieldValueForbidden"),
            FieldErrorKind::Internal => ("Internal error", "InternalError"),
            FieldErrorKind::TooMany => ("Too many", "FieldValueTooMany"),
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

    /// `field.Duplicate`: the value was given before.
    pub fn duplicate(field: impl Into<String>, value: impl Into<BadValue>) -> Self {
        let field = field.into();
        FieldError::new(
            FieldErrorKind::Duplicate,
            field,
            value.into(),
            String::new(),
        )
    }

    /// `field.Forbidden`: no value may stand here.
    pub fn forbidden(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        FieldError::new(FieldErrorKind::Forbidden, field, BadValue::Omitted, detail)
    }

    /// `field.InternalError`: the server itself is at its wits' end.
    pub fn internal(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        FieldError::new(FieldErrorKind::Internal, field, BadValue::Omitted, detail)
    }

    /// `field.TooMany`: the list is longer than it may be.
    pub fn too_many(field: impl Into<String>, found: usize, most: usize) -> Self {
        let items = if most == 1 { "item" } else { "items" };
        FieldError::new(
            FieldErrorKind::TooMany,
            field.into(),
            BadValue::Json(found.to_string()),
            format!("must have at most {most} {items}"),
        )
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
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.message())
    }
}
