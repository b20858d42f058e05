//! The functions themselves.

pub(super) mod core;
mod format;
pub(super) mod image;
mod lists;
pub(super) mod named_format;
pub(super) mod net;
pub(super) mod quantity;
pub(super) mod regex;
pub(super) mod semver;
mod strings;
pub(super) mod text;
mod time;
pub(super) mod url;

use super::eval::{EvalError, Evaluated};
use super::value::Value;

/// What the literals of a program must be, said before it runs.
pub(super) use format::check_literal as check_format;

/// Runs one overload, with arguments that it takes.
pub(super) fn run(overload: &str, args: &[Value]) -> Evaluated {
    core::convert(overload, args)
        .or_else(|| strings::run(overload, args))
        .or_else(|| lists::run(overload, args))
        .or_else(|| time::run(overload, args))
        .or_else(|| regex::run(overload, args))
        .or_else(|| url::run(overload, args))
        .or_else(|| net::run(overload, args))
        .or_else(|| quantity::run(overload, args))
        .or_else(|| semver::run(overload, args))
        .or_else(|| named_format::run(overload, args))
        .or_else(|| image::run(overload, args))
        .unwrap_or_else(|| Err(EvalError::no_overload()))
}

/// A text, if it is not beyond all measure.
fn text(value: String) -> Evaluated {
    if value.len() > super::eval::MAX_BYTES {
        return Err(EvalError::cost());
    }
    Ok(Value::from(value))
}
