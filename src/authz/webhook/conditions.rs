//! Match conditions: which requests a webhook is asked about (`authorization/cel` of kubernetes/apiserver).

use super::Question;
use crate::cel::{self, Environment, Expected, Program, Value};
use std::sync::Arc;

/// The conditions of a webhook; none is every request.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    programs: Arc<Vec<(String, Program)>>,
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
}

impl Conditions {
    /// Compiles the expressions of a configuration.
    ///
    /// # Errors
    /// What the server says of an expression that it does not take; of one in a valid configuration there is
    /// none.
    pub fn new(expressions: &[String]) -> Result<Self, String> {
        let environment = Environment::subject_access_review();
        let programs = expressions.iter().map(|expression| {
            cel::compile(expression, &environment, Expected::Bool)
                .map(|program| (expression.clone(), program))
                .map_err(|error| error.to_string())
        });
        Ok(Conditions {
            programs: Arc::new(programs.collect::<Result<_, _>>()?),
        })
    }

    /// Evaluates the conditions for a question.
    pub fn matches(&self, question: &Question<'_>) -> Matched {
        if self.programs.is_empty() {
            return Matched::Yes;
        }
        let variable = Value::from(&serde_json::Value::Object(question.variable()));
        let mut errors = Vec::new();
        for (expression, program) in self.programs.iter() {
            let what = match program.evaluate(&variable) {
                Ok(value) => match value.as_bool() {
                    Some(true) => continue,
                    Some(false) => return Matched::No,
                    None => "eval result type should be bool".to_owned(),
                },
                Err(error) => format!("resulted in error: {error}"),
            };
            let error = format!("cel evaluation error: expression '{expression}' {what}");
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
        match &errors[..] {
            [] => Matched::Yes,
            [one] => Matched::Failed(one.clone()),
            several => Matched::Failed(format!("[{}]", several.join(", "))),
        }
    }
}
