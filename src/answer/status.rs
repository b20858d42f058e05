//! What the API server says when it refuses: `metav1.Status`.

use crate::model::{FieldError, Quoted};
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

    /// 404, as `errors.NewNotFound` makes it: `RESOURCE.GROUP "NAME" not found`.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} {} not found", join_group(resource, group), Quoted(name));
        let mut status = Status::failure(404, "NotFound", message);
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
            causes: errors.iter().map(cause).collect(),
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

fn cause(error: &FieldError) -> StatusCause {
    StatusCause {
        reason: error.kind.words().1,
        message: error.message(),
        field: error.field.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BadValue;

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
}
