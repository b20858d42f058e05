//! Access reviews as a client sends them: decoded, validated and turned into questions.
//!
//! The three kinds of `authorization.k8s.io/v1` (SubjectAccessReview, LocalSubjectAccessReview,
//! SelfSubjectAccessReview) differ little, so that one type holds any of them. Strings are borrowed
//! from the JSON text where they hold no escapes: a review costs hardly more than reading its JSON.

mod decode;
mod direct;

pub use direct::Direct;

use super::status::Status;
use crate::model::selectors::{Parsed, Selector, SelectorKind, evaluation_error};
use crate::model::{Attributes, BadValue, FieldError, Request, Selectors};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

const GROUP: &str = "authorization.k8s.io";

/// An access review of any kind. A value that was not sent is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessReview<'a> {
    /// The API group and version; only `authorization.k8s.io/v1` is answered.
    pub api_version: Cow<'a, str>,
    /// Which kind of review.
    pub kind: Cow<'a, str>,
    /// To be empty, but for a namespace.
    pub metadata: Metadata<'a>,
    /// The question.
    pub spec: Spec<'a>,
}

/// `metadata` of an access review. The server wants it empty, but for the namespace of a
/// LocalSubjectAccessReview.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata<'a> {
    /// `namespace`
    pub namespace: Cow<'a, str>,
    /// Every other field of ObjectMeta that is not empty, by its place in the server's order.
    rest: BTreeMap<usize, Value>,
}

/// `spec` of an access review (SubjectAccessReviewSpec; of a SelfSubjectAccessReview the attributes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec<'a> {
    /// An API resource is asked for.
    pub resource_attributes: Option<ResourceAttributes<'a>>,
    /// A path is asked for.
    pub non_resource_attributes: Option<NonResourceAttributes<'a>>,
    /// The user's name. With `groups`, taken literally: nothing is implied.
    pub user: Cow<'a, str>,
    /// The user's groups.
    pub groups: Vec<Cow<'a, str>>,
    /// What else the authenticator told. RBAC pays it no heed, webhooks do.
    pub extra: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    /// The user's UID.
    pub uid: Cow<'a, str>,
}

/// `spec.resourceAttributes`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceAttributes<'a> {
    /// Empty for cluster-scoped resources and for all namespaces.
    pub namespace: Cow<'a, str>,
    /// The verb, any text.
    pub verb: Cow<'a, str>,
    /// The API group; empty for the core group.
    pub group: Cow<'a, str>,
    /// The API version. RBAC pays it no heed.
    pub version: Cow<'a, str>,
    /// The resource, plural.
    pub resource: Cow<'a, str>,
    /// The subresource, or empty.
    pub subresource: Cow<'a, str>,
    /// The object's name; empty where none is named.
    pub name: Cow<'a, str>,
    /// Which objects, by their fields.
    pub field_selector: Option<Selector<'a>>,
    /// Which objects, by their labels.
    pub label_selector: Option<Selector<'a>>,
}

/// `spec.nonResourceAttributes`. Serialized as messages show it, by the names of the Go fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NonResourceAttributes<'a> {
    /// The path, which no API resource has.
    pub path: Cow<'a, str>,
    /// The verb, any text.
    pub verb: Cow<'a, str>,
}

/// The kinds of access review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewKind {
    /// SubjectAccessReview: may that user do it?
    Subject,
    /// LocalSubjectAccessReview: the same, in one namespace.
    LocalSubject,
    /// SelfSubjectAccessReview: may the asker do it?
    SelfSubject,
}

/// The selectors of a review, as far as they were understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedSelectors<'a> {
    /// The field selector.
    pub field: Vec<Parsed<'a>>,
    /// The label selector.
    pub label: Vec<Parsed<'a>>,
}

/// Why a text is no access review.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It is not JSON.
    #[error(transparent)]
    Syntax(serde_json::Error),
    /// A value has the wrong type: the 400 that the server answers, which names the field.
    #[error("{}", .0.message)]
    Type(Box<Status>),
}

impl<'a> AccessReview<'a> {
    /// Decodes a review as the server does: unknown fields are skipped, `null` is an empty value, names
    /// are case sensitive, and of a field that is there twice the later value counts.
    ///
    /// # Errors
    /// When the text is not JSON, or a value has the wrong type.
    pub fn from_json(text: &'a str) -> Result<Self, DecodeError> {
        serde_json::from_str(text).map_err(|error| {
            if !error.is_data() {
                return DecodeError::Syntax(error);
            }
            // The server checks the syntax of the whole text before it looks at types.
            let whole = match serde_json::from_str::<Value>(text) {
                Ok(whole) => whole,
                Err(error) => return DecodeError::Syntax(error),
            };
            let place = format!(" at line {} column {}", error.line(), error.column());
            let message = error.to_string();
            let message = message.strip_suffix(&place).unwrap_or(&message);
            let kind = whole["kind"].as_str().unwrap_or_default();
            let mut message = message.replace(" SubjectAccessReview.", &format!(" {kind}."));
            if kind == "SelfSubjectAccessReview" {
                message =
                    message.replace(" SubjectAccessReviewSpec", " SelfSubjectAccessReviewSpec");
            }
            let message =
                format!("{kind} in version \"v1\" cannot be handled as a {kind}: {message}");
            DecodeError::Type(Box::new(Status::bad_request(message)))
        })
    }

    /// Which kind of review it says it is; `None` for anything but the three kinds of version v1.
    pub fn review_kind(&self) -> Option<ReviewKind> {
        match (&*self.api_version, &*self.kind) {
            ("authorization.k8s.io/v1", "SubjectAccessReview") => Some(ReviewKind::Subject),
            ("authorization.k8s.io/v1", "LocalSubjectAccessReview") => {
                Some(ReviewKind::LocalSubject)
            }
            ("authorization.k8s.io/v1", "SelfSubjectAccessReview") => Some(ReviewKind::SelfSubject),
            _ => None,
        }
    }

    /// Checks what the server checks before it asks the authorizers (`ValidateSubjectAccessReview`
    /// and its siblings).
    ///
    /// # Errors
    /// The server's answer: 422 with all that is wrong, or 400 for a LocalSubjectAccessReview without
    /// a namespace.
    pub fn validate(&self, kind: ReviewKind) -> Result<(), Box<Status>> {
        let mut errors = Vec::new();
        self.spec.validate(kind, &mut errors);
        let local = kind == ReviewKind::LocalSubject;
        if !self.metadata.rest.is_empty() {
            let detail = if local {
                "must be empty except for namespace"
            } else {
                "must be empty"
            };
            errors.push(FieldError::invalid(
                "metadata",
                self.metadata.shown(local),
                detail,
            ));
        }
        if local {
            if let Some(resource) = &self.spec.resource_attributes
                && resource.namespace != self.metadata.namespace
            {
                let field = "spec.resourceAttributes.namespace";
                let detail = "must match metadata.namespace";
                errors.push(FieldError::invalid(field, &*resource.namespace, detail));
            }
            if let Some(url) = &self.spec.non_resource_attributes {
                let detail = "disallowed on this kind of request";
                let field = "spec.nonResourceAttributes";
                errors.push(FieldError::invalid(field, BadValue::json(url), detail));
            }
        }
        if !errors.is_empty() {
            // The kind is lost in the server's own conversion: its messages begin with the group.
            return Err(Box::new(Status::invalid(GROUP, "", "", &errors)));
        }
        if local && self.metadata.namespace.is_empty() {
            let status = Status::bad_request("namespace is required on this type: ");
            return Err(Box::new(status));
        }
        Ok(())
    }
}

impl Spec<'_> {
    fn validate(&self, kind: ReviewKind, errors: &mut Vec<FieldError>) {
        match (&self.resource_attributes, &self.non_resource_attributes) {
            (Some(_), Some(url)) => errors.push(FieldError::invalid(
                "spec.nonResourceAttributes",
                BadValue::json(url),
                "cannot be specified in combination with resourceAttributes",
            )),
            (None, None) => errors.push(FieldError::invalid(
                "spec.resourceAttributes",
                BadValue::json(&()),
                "exactly one of nonResourceAttributes or resourceAttributes must be specified",
            )),
            _ => {}
        }
        let somebody = !self.user.is_empty() || !self.groups.is_empty();
        if !somebody && kind != ReviewKind::SelfSubject {
            let detail = "at least one of user or group must be specified";
            errors.push(FieldError::invalid("spec.user", "", detail));
        }
        if let Some(resource) = &self.resource_attributes {
            if let Some(selector) = &resource.field_selector {
                let path = "spec.resourceAttributes.fieldSelector";
                selector.validate(SelectorKind::Field, path, errors);
            }
            if let Some(selector) = &resource.label_selector {
                let path = "spec.resourceAttributes.labelSelector";
                selector.validate(SelectorKind::Label, path, errors);
            }
        }
    }

    /// What is asked for; `None` where neither kind of attributes was sent, which validation refuses.
    pub fn request(&self) -> Option<Request<'_>> {
        if let Some(resource) = &self.resource_attributes {
            return Some(Request::Resource {
                verb: &resource.verb,
                group: &resource.group,
                resource: &resource.resource,
                subresource: &resource.subresource,
                namespace: &resource.namespace,
                name: &resource.name,
            });
        }
        self.non_resource_attributes
            .as_ref()
            .map(|url| Request::NonResource {
                verb: &url.verb,
                path: &url.path,
            })
    }

    /// What was understood of the selectors.
    pub fn selectors(&self) -> ParsedSelectors<'_> {
        let Some(resource) = &self.resource_attributes else {
            return ParsedSelectors::default();
        };
        let field = resource.field_selector.as_ref();
        let label = resource.label_selector.as_ref();
        ParsedSelectors {
            field: field.map_or_else(Vec::new, |s| s.parse(SelectorKind::Field).requirements),
            label: label.map_or_else(Vec::new, |s| s.parse(SelectorKind::Label).requirements),
        }
    }

    /// The whole question about the user of the spec, with its [`Spec::selectors`]; `None` as
    /// [`Spec::request`].
    pub fn attributes<'s>(
        &'s self,
        selectors: &'s ParsedSelectors<'s>,
    ) -> Option<Attributes<'s, Cow<'s, str>>> {
        let resource = self.resource_attributes.as_ref();
        let version = resource.map_or("", |resource| &*resource.version);
        Some(Attributes {
            user: &self.user,
            uid: &self.uid,
            groups: &self.groups,
            extra: Some(&self.extra),
            request: self.request()?,
            version: if version.is_empty() { "*" } else { version },
            selectors: Selectors {
                field: &selectors.field,
                label: &selectors.label,
            },
        })
    }

    /// What `status.evaluationError` says of selectors that were not understood, whatever is decided.
    /// An authorizer's own error goes before it, joined by `; `.
    pub fn evaluation_error(&self) -> Option<String> {
        let resource = self.resource_attributes.as_ref()?;
        evaluation_error(
            resource.field_selector.as_ref(),
            resource.label_selector.as_ref(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The recorded access reviews, as their lines and as JSON.
    fn recorded() -> Vec<(String, Value)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/rbac");
        let mut lines = Vec::new();
        for suite in std::fs::read_dir(&root).expect("the conformance data") {
            let file = suite.expect("a folder").path().join("access.jsonl");
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let parsed = |line: &str| (line.to_owned(), serde_json::from_str(line).expect("JSON"));
            lines.extend(text.lines().map(parsed));
        }
        lines
    }

    #[test]
    fn recorded_reviews() {
        let (mut refused, mut ignored, mut taken) = (0, 0, 0);
        for (line, case) in recorded() {
            let text = case["review"].to_string();
            let review = AccessReview::from_json(&text).expect("a review");
            let kind = review.review_kind().expect("a kind");
            let Err(status) = review.validate(kind) else {
                let want = case["review"]["status"]["evaluationError"].as_str();
                assert_eq!(review.spec.evaluation_error().as_deref(), want, "{line}");
                let selectors = review.spec.selectors();
                assert!(review.spec.attributes(&selectors).is_some(), "{line}");
                assert!(case.get("code").is_none(), "{line}");
                ignored += usize::from(want.is_some());
                taken += 1;
                continue;
            };
            let error = serde_json::to_string(&status).expect("JSON");
            let end = format!(r#","code":{},"error":{error}}}"#, status.code);
            assert!(line.ends_with(&end), "{line}\n{end}");
            refused += 1;
        }
        assert!(
            refused >= 34 && ignored >= 32 && taken > 11_000,
            "{refused} {ignored} {taken}"
        );
    }

    fn message(review: &str) -> String {
        let head = r#"{"apiVersion":"authorization.k8s.io/v1","kind":"#;
        let text = format!("{head}{review}}}");
        match AccessReview::from_json(&text) {
            Err(DecodeError::Type(status)) => status.message,
            Err(DecodeError::Syntax(error)) => format!("syntax: {error}"),
            Ok(review) => match review.validate(review.review_kind().expect("a kind")) {
                Err(status) => status.message,
                Ok(()) => String::new(),
            },
        }
    }

    #[test]
    fn validation() {
        let local = r#""LocalSubjectAccessReview","metadata""#;
        let subject = r#""SubjectAccessReview","metadata""#;
        let spec = r#""spec":{"user":"u","resourceAttributes":{"namespace":"a"}}"#;
        let url = r#""spec":{"user":"u","nonResourceAttributes":{"path":"/<"}}"#;
        let table = [
            (format!(r#"{local}:{{"namespace":"a"}},{spec}"#), ""),
            (
                format!(r#"{local}:{{"namespace":"b"}},{spec}"#),
                r#"spec.resourceAttributes.namespace: Invalid value: "a": must match metadata.namespace"#,
            ),
            (
                format!(r#"{local}:{{"namespace":"b","name":"n","uid":""}},{url}"#),
                r#"[metadata: Invalid value: {"name":"n","namespace":"b"}: must be empty except for namespace, spec.nonResourceAttributes: Invalid value: {"Path":"/\u003c","Verb":""}: disallowed on this kind of request]"#,
            ),
            (
                format!(r#"{subject}:{{"namespace":"a","labels":{{"b":"c"}}}},{spec}"#),
                r#"metadata: Invalid value: {"labels":{"b":"c"}}: must be empty"#,
            ),
            (
                format!(r#"{subject}:{{"namespace":"a","labels":{{}}}},{spec}"#),
                "",
            ),
            (
                r#""SelfSubjectAccessReview","spec":{"nonResourceAttributes":{}}"#.to_owned(),
                "",
            ),
        ];
        for (review, want) in table {
            let message = message(&review);
            let prefix = r#".authorization.k8s.io "" is invalid: "#;
            assert_eq!(message.strip_prefix(prefix).unwrap_or(&message), want);
        }
        let nowhere = r#""LocalSubjectAccessReview","spec":{"user":"u","resourceAttributes":{}}"#;
        assert_eq!(message(nowhere), "namespace is required on this type: ");
    }

    #[test]
    fn wrong_types() {
        let table = [
            (
                r#"{"user":5}"#,
                "number into Go struct field SubjectAccessReviewSpec.spec.user of type string",
            ),
            (
                r#"{"groups":"g"}"#,
                "string into Go struct field SubjectAccessReviewSpec.spec.groups of type []string",
            ),
            (
                r#"{"groups":[true]}"#,
                "bool into Go struct field SubjectAccessReviewSpec.spec.groups of type string",
            ),
            (
                r#"{"extra":{"a":"b"}}"#,
                "string into Go struct field SubjectAccessReviewSpec.spec.extra of type v1.ExtraValue",
            ),
            (
                r#"[]"#,
                "array into Go struct field SubjectAccessReview.spec of type v1.SubjectAccessReviewSpec",
            ),
            (
                r#"{"resourceAttributes":"x"}"#,
                "string into Go struct field SubjectAccessReviewSpec.spec.resourceAttributes of type v1.ResourceAttributes",
            ),
            (
                r#"{"resourceAttributes":{"fieldSelector":{"requirements":[{"operator":{}}]}}}"#,
                "object into Go struct field FieldSelectorRequirement.spec.resourceAttributes.fieldSelector.requirements.operator of type v1.FieldSelectorOperator",
            ),
            (
                r#"{"resourceAttributes":{"labelSelector":{"requirements":{}}}}"#,
                "object into Go struct field LabelSelectorAttributes.spec.resourceAttributes.labelSelector.requirements of type []v1.LabelSelectorRequirement",
            ),
        ];
        for (spec, want) in table {
            let message = message(&format!(r#""SubjectAccessReview","spec":{spec}"#));
            let want = format!(
                "SubjectAccessReview in version \"v1\" cannot be handled as a SubjectAccessReview: json: cannot unmarshal {want}"
            );
            assert_eq!(message, want);
        }
        assert!(message(r#""SubjectAccessReview","spec":5,"#).starts_with("syntax: "));
    }

    #[test]
    fn decodes_as_go() {
        let text = r#"{"spec":{"user":"a","User":"x","user":"b","uid":"1","uid":null,"groups":["g",null],
            "extra":{"k":["v"]},"resourceAttributes":{"verb":"get"},"new":[{}]},
            "spec":{"user":"\u0063","resourceAttributes":null,"groups":null}}"#;
        let review = AccessReview::from_json(text).expect("a review");
        let spec = &review.spec;
        assert_eq!((&*spec.user, &*spec.uid), ("c", "1"));
        assert_eq!((spec.groups.len(), spec.extra.len()), (0, 1));
        assert_eq!(spec.resource_attributes, None);
        let text = r#"{"spec":{"groups":["g","\u0063"]}}"#;
        let review = AccessReview::from_json(text).expect("a review");
        let groups = &review.spec.groups;
        assert!(matches!(groups[..], [Cow::Borrowed("g"), Cow::Owned(_)]));
    }
}
