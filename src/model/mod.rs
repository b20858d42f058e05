//! The plain types of the in-memory cluster. No input or output here.

mod aggregation;
pub mod api_resources;
mod attributes;
mod cluster;
pub mod core_objects;
pub mod duration;
mod field_error;
pub mod names;
pub mod node_objects;
pub mod notes;
mod position;
mod quote;
mod rbac;
mod secret;
mod selector;
pub mod selectors;
pub mod stored;
mod symbol;
mod user;

pub use aggregation::selects;
pub use attributes::{Attributes, Request};
pub use cluster::{BindingId, Cluster, ClusterBuilder, Refusal, RoleId};
pub use field_error::{BadValue, FieldError, FieldErrorKind};
pub use names::is_path_segment;
pub use position::{FileId, Position};
pub use quote::{Quoted, QuotedPath};
pub use rbac::{
    AggregationRule, Binding, BindingKind, LabelSelector, LabelSelectorOperator,
    LabelSelectorRequirement, PolicyRule, Role, RoleKind, RoleRef, Subject, SubjectKind, WordList,
};
pub use secret::Secret;
pub use selector::{Comparison, ParsedRequirement, Selectors};
pub use symbol::{Interner, Lookup, Symbol};
pub use user::UserInfo;
