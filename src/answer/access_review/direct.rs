//! Reviews of the usual form in one pass: no repeated, escaped or unknown field, nothing of a wrong type,
//! no selectors, no extra. Whatever is not of it is `None` here and left to
//! [`AccessReview::from_json`], which knows all cases; a test compares the two.

use super::{AccessReview, Metadata, NonResourceAttributes, ResourceAttributes, Spec};
use crate::load::json::Cursor;
use std::borrow::Cow;

/// A review and its text.
#[derive(Debug, PartialEq)]
pub struct Direct<'a> {
    /// The review.
    pub review: AccessReview<'a>,
    /// The texts of `apiVersion`, `kind`, `metadata` and `spec`.
    pub echoed: [Option<&'a str>; 4],
    /// Whether the text is an object of all four in this order, with no space between them.
    pub whole: bool,
}

impl<'a> Direct<'a> {
    /// Reads a review of the usual form.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut cursor = Cursor::start(text);
        let mut review = AccessReview::default();
        let mut echoed = [None; 4];
        let mut in_order = true;
        cursor.space()?;
        cursor.map(|cursor, key| {
            let start = *cursor;
            let field = match key {
                "apiVersion" => {
                    review.api_version = string(cursor)?;
                    0
                }
                "kind" => {
                    review.kind = string(cursor)?;
                    1
                }
                "metadata" => {
                    metadata(cursor, &mut review.metadata)?;
                    2
                }
                "spec" => {
                    spec(cursor, &mut review.spec)?;
                    3
                }
                _ => return None,
            };
            in_order &= field == 0 || echoed[field - 1].is_some();
            let earlier = echoed[field].replace(cursor.since(start)?);
            earlier.is_none().then_some(())
        })?;
        if !cursor.at_end() {
            return None;
        }
        // Quotes, colons, commas and braces, and the four names.
        const AROUND: usize = r#"{"apiVersion":,"kind":,"metadata":,"spec":}"#.len();
        let values: usize = echoed.iter().flatten().map(|value| value.len()).sum();
        Some(Direct {
            review,
            echoed,
            whole: in_order && echoed[3].is_some() && AROUND + values == text.len(),
        })
    }
}

#[inline(always)]
fn string<'a>(cursor: &mut Cursor<'a>) -> Option<Cow<'a, str>> {
    cursor.string().map(Cow::Borrowed)
}

/// Takes a string for a field that was not there before.
#[inline(always)]
fn once<'a>(cursor: &mut Cursor<'a>, field: &mut Option<Cow<'a, str>>) -> Option<()> {
    field.replace(string(cursor)?).is_none().then_some(())
}

fn metadata<'a>(cursor: &mut Cursor<'a>, metadata: &mut Metadata<'a>) -> Option<()> {
    let (mut namespace, mut time) = (None, None);
    cursor.map(|cursor, key| match key {
        "namespace" => once(cursor, &mut namespace),
        "creationTimestamp" => time.replace(cursor.null()?).is_none().then_some(()),
        _ => None,
    })?;
    metadata.namespace = namespace.unwrap_or_default();
    Some(())
}

fn spec<'a>(cursor: &mut Cursor<'a>, spec: &mut Spec<'a>) -> Option<()> {
    let (mut user, mut uid, mut groups) = (None, None, None);
    cursor.map(|cursor, key| match key {
        "user" => once(cursor, &mut user),
        "uid" => once(cursor, &mut uid),
        "groups" => {
            let mut list = Vec::with_capacity(2);
            cursor.array(|cursor| {
                list.push(string(cursor)?);
                Some(())
            })?;
            groups.replace(list).is_none().then_some(())
        }
        "resourceAttributes" => {
            let read = resource_attributes(cursor)?;
            spec.resource_attributes
                .replace(read)
                .is_none()
                .then_some(())
        }
        "nonResourceAttributes" => {
            let read = non_resource_attributes(cursor)?;
            spec.non_resource_attributes
                .replace(read)
                .is_none()
                .then_some(())
        }
        _ => None,
    })?;
    spec.user = user.unwrap_or_default();
    spec.uid = uid.unwrap_or_default();
    spec.groups = groups.unwrap_or_default();
    Some(())
}

fn resource_attributes<'a>(cursor: &mut Cursor<'a>) -> Option<ResourceAttributes<'a>> {
    let mut fields = [const { None }; 7];
    cursor.map(|cursor, key| {
        let field = match key {
            "namespace" => 0,
            "verb" => 1,
            "group" => 2,
            "version" => 3,
            "resource" => 4,
            "subresource" => 5,
            "name" => 6,
            _ => return None,
        };
        once(cursor, &mut fields[field])
    })?;
    let [namespace, verb, group, version, resource, subresource, name] =
        fields.map(Option::unwrap_or_default);
    Some(ResourceAttributes {
        namespace,
        verb,
        group,
        version,
        resource,
        subresource,
        name,
        field_selector: None,
        label_selector: None,
    })
}

fn non_resource_attributes<'a>(cursor: &mut Cursor<'a>) -> Option<NonResourceAttributes<'a>> {
    let (mut path, mut verb) = (None, None);
    cursor.map(|cursor, key| match key {
        "path" => once(cursor, &mut path),
        "verb" => once(cursor, &mut verb),
        _ => None,
    })?;
    Some(NonResourceAttributes {
        path: path.unwrap_or_default(),
        verb: verb.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REVIEWS: [&str; 3] = [
        r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","metadata":{"creationTimestamp":null},"spec":{"user":"u","groups":["a","b"],"uid":"1","resourceAttributes":{"namespace":"n","verb":"get","group":"g","version":"v1","resource":"pods","subresource":"log","name":"x"}}}"#,
        r#"{"kind":"LocalSubjectAccessReview","metadata":{"namespace":"n"},"spec":{"nonResourceAttributes":{"path":"/a","verb":"get"},"groups":[]},"apiVersion":"v"}"#,
        r#" { "spec" : { } , "metadata" : { } } "#,
    ];

    /// What is read directly is what the careful decoder reads; whether it was.
    fn check(text: &str) -> bool {
        let Some(direct) = Direct::read(text) else {
            return false;
        };
        let careful = AccessReview::from_json(text).expect("a review");
        assert_eq!(direct.review, careful, "{text}");
        let whole: serde_json::Value = serde_json::from_str(text).expect("JSON");
        for (name, text) in ["apiVersion", "kind", "metadata", "spec"]
            .into_iter()
            .zip(direct.echoed)
        {
            let value = text.map(|text| serde_json::from_str(text).expect("JSON"));
            assert_eq!(value.as_ref(), whole.get(name));
        }
        if direct.whole {
            let [a, b, c, d] = direct.echoed.map(Option::unwrap_or_default);
            let joined = format!(r#"{{"apiVersion":{a},"kind":{b},"metadata":{c},"spec":{d}}}"#);
            assert_eq!(joined, text);
        }
        true
    }

    #[test]
    fn the_usual_form_is_read() {
        for text in REVIEWS {
            assert!(check(text), "{text}");
        }
        assert!(Direct::read(REVIEWS[0]).is_some_and(|direct| direct.whole));
    }

    #[test]
    fn damaged_reviews_are_read_the_same_or_not_at_all() {
        let pieces = [
            "",
            "\"",
            "\"\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "\\",
            "\\u0041",
            "é",
            "\t",
            "\n",
            "\u{1}",
            "1",
            "\"verb\":\"x\",",
            "\"kind\":\"x\",",
            " ",
        ];
        let mut read = 0;
        for text in REVIEWS {
            for at in 0..text.len() {
                for piece in pieces {
                    for kept in [at, at + 1] {
                        let text = format!("{}{piece}{}", &text[..at], &text[kept..]);
                        read += usize::from(check(&text));
                    }
                }
            }
        }
        assert!(read > 1000, "{read}");
    }
}
