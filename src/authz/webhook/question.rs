//! What a webhook is asked: a SubjectAccessReview, as the server fills it in.

use crate::model::{Attributes, Comparison, ParsedRequirement, Request};
use crate::webhook::review::Review;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A whole question, with all that a webhook is told.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The user's name.
    pub user: &'a str,
    /// The user's uid; empty where there is none.
    pub uid: &'a str,
    /// The user's groups.
    pub groups: Vec<&'a str>,
    /// What else the authenticator told.
    pub extra: BTreeMap<&'a str, Vec<&'a str>>,
    /// What is wanted.
    pub request: Request<'a>,
    /// The API version of the resource; `*` of a review that names none.
    pub version: &'a str,
    /// What was understood of the field selector.
    pub field_selector: Vec<Requirement<'a>>,
    /// What was understood of the label selector.
    pub label_selector: Vec<Requirement<'a>>,
}

fn requirements<'a>(parsed: &'a [ParsedRequirement<'_>]) -> Vec<Requirement<'a>> {
    let requirement = |parsed: &'a ParsedRequirement<'_>| {
        let operator = match parsed.comparison {
            Comparison::In | Comparison::Equals => "In",
            Comparison::NotIn | Comparison::NotEquals => "NotIn",
            Comparison::Exists => "Exists",
            Comparison::DoesNotExist => "DoesNotExist",
            Comparison::GreaterThan | Comparison::LessThan => return None,
        };
        Some(Requirement {
            key: parsed.key,
            operator,
            values: parsed.values.iter().map(ToString::to_string).collect(),
        })
    };
    parsed.iter().filter_map(requirement).collect()
}

/// A requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// The field's path or the label's key.
    pub key: &'a str,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: &'static str,
    /// The values of In and NotIn.
    pub values: Vec<String>,
}

impl<'a> Question<'a> {
    /// What is told of a question. What a selector compares in a way that reviews cannot say is left out.
    pub fn of<S: AsRef<str>>(attributes: &'a Attributes<'_, S>) -> Self {
        let extra = attributes.extra.into_iter().flatten();
        Question {
            user: attributes.user,
            uid: attributes.uid,
            groups: attributes.groups.iter().map(AsRef::as_ref).collect(),
            extra: extra
                .map(|(key, values)| (key.as_ref(), values.iter().map(AsRef::as_ref).collect()))
                .collect(),
            request: attributes.request,
            version: attributes.version,
            field_selector: requirements(attributes.selectors.field),
            label_selector: requirements(attributes.selectors.label),
        }
    }

    /// The review that is sent, in the version that the webhook speaks.
    pub fn review(&self, review: &Review) -> Value {
        let groups = match review.is_beta() {
            true => "group",
            false => "groups",
        };
        let mut spec = json!({
            "user": self.user,
            "uid": self.uid,
            groups: self.groups,
            "extra": self.extra,
        });
        let (field, attributes) = self.attributes(false);
        spec[field] = Value::Object(attributes);
        json!({
            "apiVersion": review.api_version(),
            "kind": review.kind(),
            "spec": spec,
        })
    }

    /// The variable `request` of match conditions: every text is there, empty or not, and `extra` too.
    pub fn variable(&self) -> Map<String, Value> {
        let mut variable = Map::from_iter([
            ("user".to_owned(), json!(self.user)),
            ("uid".to_owned(), json!(self.uid)),
            ("groups".to_owned(), json!(self.groups)),
            ("extra".to_owned(), json!(self.extra)),
        ]);
        let (field, attributes) = self.attributes(true);
        variable.insert(field.to_owned(), Value::Object(attributes));
        variable
    }

    fn attributes(&self, whole: bool) -> (&'static str, Map<String, Value>) {
        match self.request {
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            } => {
                let texts = [
                    ("namespace", namespace),
                    ("verb", verb),
                    ("group", group),
                    ("version", self.version),
                    ("resource", resource),
                    ("subresource", subresource),
                    ("name", name),
                ];
                let texts = texts
                    .into_iter()
                    .filter(|(_, text)| whole || !text.is_empty());
                let texts = texts.map(|(field, text)| (field.to_owned(), json!(text)));
                let mut attributes = Map::from_iter(texts);
                for (field, selector) in [
                    ("fieldSelector", &self.field_selector),
                    ("labelSelector", &self.label_selector),
                ] {
                    if !selector.is_empty() {
                        let selector = selector.iter().map(|requirement| {
                            json!({
                                "key": requirement.key,
                                "operator": requirement.operator,
                                "values": requirement.values,
                            })
                        });
                        let requirements = selector.collect::<Vec<_>>();
                        attributes
                            .insert(field.to_owned(), json!({ "requirements": requirements }));
                    }
                }
                ("resourceAttributes", attributes)
            }
            Request::NonResource { verb, path } => (
                "nonResourceAttributes",
                Map::from_iter([
                    ("path".to_owned(), json!(path)),
                    ("verb".to_owned(), json!(verb)),
                ]),
            ),
        }
    }
}
