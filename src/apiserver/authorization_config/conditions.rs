//! The expressions of match conditions.

use crate::cel::{self, CompileError, Environment, Expected};
use crate::model::FieldError;

/// Compiles the expression of a field.
///
/// # Errors
/// What the server has against it.
pub(super) fn compile(field: String, expression: &str) -> Result<(), FieldError> {
    let environment = Environment::subject_access_review();
    match cel::compile(expression, &environment, Expected::Bool) {
        Ok(_) => Ok(()),
        Err(error @ CompileError::Program(_)) => {
            Err(FieldError::internal(field, error.to_string()))
        }
        Err(error) => Err(FieldError::invalid(field, expression, error.to_string())),
    }
}
