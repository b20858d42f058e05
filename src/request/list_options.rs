//! The parameters of a list request, as far as they say what is asked (`metav1.ListOptions`).

use super::query;
use crate::model::is_path_segment;
use crate::model::selectors::{Comparison, parse_field_selector, parse_label_selector};

/// What the parameters of a GET without a name make of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// It watches.
    pub watch: bool,
    /// The name that the field selector asks for.
    pub name: String,
}

impl ListOptions {
    /// Decodes the parameters. Where one of them cannot be decoded nothing counts but `watch`.
    pub fn decode(text: &str) -> ListOptions {
        if text.is_empty() {
            return ListOptions::default();
        }
        let watch = query::first(text, "watch").is_some_and(|value| is_true(&value));
        let name = name(text).unwrap_or_default();
        ListOptions { watch, name }
    }
}

/// Any value but `false` and `0` is true (`Convert_Slice_string_To_bool`).
fn is_true(value: &str) -> bool {
    !(value == "0" || value.eq_ignore_ascii_case("false"))
}

/// The name that the field selector asks for; `None` also where a parameter cannot be decoded.
fn name(text: &str) -> Option<String> {
    for number in ["timeoutSeconds", "limit"] {
        if let Some(value) = query::first(text, number) {
            parse_int(&value)?;
        }
    }
    if let Some(selector) = query::first(text, "labelSelector") {
        parse_label_selector(&selector)?;
    }
    let selector = query::first(text, "fieldSelector")?;
    let requirements = parse_field_selector(&selector)?;
    let exact = requirements
        .iter()
        .find(|r| r.key == "metadata.name" && r.comparison == Comparison::Equals)?;
    let name = exact.values.first()?;
    is_path_segment(name).then(|| name.to_string())
}

/// `strconv.ParseInt(text, 10, 64)`.
fn parse_int(text: &str) -> Option<i64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_watches() {
        for (query, watch, name) in [
            ("", false, ""),
            ("watch", true, ""),
            ("watch=f", true, ""),
            ("watch=FALSE&watch=1", false, ""),
            ("fieldSelector=metadata.name=x", false, "x"),
            ("fieldSelector=metadata.name!=x", false, ""),
            ("fieldSelector=metadata.name=a/b", false, ""),
            (
                "fieldSelector=a=b,metadata.name%3D%3Dx,metadata.name=y",
                false,
                "x",
            ),
            ("limit=&fieldSelector=metadata.name=x&watch=1", true, ""),
            ("labelSelector=!!&fieldSelector=metadata.name=x", false, ""),
            (
                "fieldSelector=metadata.name=x&fieldSelector=bad",
                false,
                "x",
            ),
        ] {
            let options = ListOptions::decode(query);
            assert_eq!((options.watch, &*options.name), (watch, name), "{query}");
        }
    }
}
