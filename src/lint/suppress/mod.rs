//! Exceptions: findings that somebody accepted, with a reason, at the line, on the object or in the
//! configuration.
//!
//! A comment `# rbac-check: ignore RBC108 until 2027-01-31 -- reason` speaks of its own line, or of the next
//! one if it stands alone, and of the innermost item or object of which that line is a part. The annotation
//! `rbac-check.dev/ignore` holds the same words after `ignore` and speaks of its object. What suppresses
//! nothing, or has expired, is a finding itself.

mod apply;
mod extent;
mod text;
mod words;

pub use apply::{apply, object_name, object_name_parts};
pub use extent::Part;
pub use text::in_text;
pub(super) use words::date;
pub use words::{parse, rule};

use super::Rule;
use crate::model::Position;
use jiff::civil::Date;

/// The annotation.
pub const ANNOTATION: &str = "rbac-check.dev/ignore";

/// A suppression that cannot be understood: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SuppressionError {
    /// Where it stands.
    pub position: Position,
    /// What is wrong, and what is expected.
    pub message: String,
}

/// An accepted finding.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The ids of the rules.
    pub rules: Vec<&'static Rule>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// What it speaks of.
    pub target: Target,
    /// Where it stands.
    pub position: Position,
    /// Where it stands, if that is no loaded file.
    pub file: Option<String>,
}

/// What a suppression speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// What is written there.
    Part(Part),
    /// Objects as `KIND/NAME` or `KIND/NAMESPACE/NAME`, where a name may end in `*`; none is all.
    Named(Vec<String>),
}
