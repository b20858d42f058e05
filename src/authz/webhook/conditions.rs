//! Match conditions: which requests a webhook is asked about (`authorization/cel` of kubernetes/apiserver).

use super::Question;

/// The conditions of a webhook; none is every request.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    expressions: Vec<String>,
}

/// Whether a webhook is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matched {
    /// Every condition is true.
    Yes,
    /// One is false, whatever becomes of the others.
    No,
    /// None is false, and at least one cannot be evaluated; in the server's words.
    Failed(String),
    /// It cannot be told.
    Unknown(String),
}

impl Conditions {
    /// Takes the expressions of a configuration that is valid.
    pub fn new(expressions: &[String]) -> Self {
        Conditions {
            expressions: expressions.to_vec(),
        }
    }

    /// Evaluates the conditions for a question.
    pub fn matches(&self, question: &Question<'_>) -> Matched {
        let _ = question.variable();
        match self.expressions.is_empty() {
            true => Matched::Yes,
            false => Matched::Unknown("its match conditions are not evaluated yet".to_owned()),
        }
    }
}
