//! Selectors as the server understood them.

use std::borrow::Cow;

/// The comparison that a parsed requirement makes (`selection.Operator`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    Equals,
    NotEquals,
    GreaterThan,
    LessThan,
}

/// A requirement that the server understood. Of a field it is always Equals or NotEquals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedRequirement<'a> {
    /// The field's path or the label's key.
    pub key: &'a str,
    /// The comparison.
    pub comparison: Comparison,
    /// What is compared with; for a field exactly one value.
    pub values: Vec<Cow<'a, str>>,
}

impl<'a> ParsedRequirement<'a> {
    /// A requirement of these parts.
    pub fn new(key: &'a str, comparison: Comparison, values: Vec<Cow<'a, str>>) -> Self {
        ParsedRequirement {
            key,
            comparison,
            values,
        }
    }
}

/// The selectors of a request, as authorizers see them: what was not understood is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selectors<'a> {
    /// The field selector.
    pub field: &'a [ParsedRequirement<'a>],
    /// The label selector.
    pub label: &'a [ParsedRequirement<'a>],
}
