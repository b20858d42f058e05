//! Hardening findings: what is dangerous in a cluster's policy, where, why, and what to do.
//!
//! A rule is judged by what a subject can really do, with the matcher of `authz`, never by the text of a
//! role alone. One file of [`rules`] holds a rule or a close family: its documentation and its check.
//! [`lint()`] runs them; [`suppress`], [`baseline`] and [`config`] decide what of it counts.

mod accounts;
pub mod baseline;
mod bindings;
mod catalogue;
pub mod config;
mod context;
mod covered;
pub mod credentials;
mod effective;
mod everything;
mod finding;
mod fingerprint;
mod grants;
mod held;
mod identities;
mod known;
mod locate;
mod marks;
mod overlap;
mod places;
mod powerful;
mod requests;
mod rights;
mod rule;
pub mod rules;
mod run;
mod server_groups;
mod settings;
mod severity;
pub mod suppress;

pub use context::Lint;
pub use finding::{Facet, Finding, Found, NotChecked, Text, Word};
pub use fingerprint::{Fingerprint, identify};
pub use grants::Judged;
pub use known::Standing;
pub use locate::locate;
pub use rule::{Check, Example, Grant, Rule, Scope};
pub use run::{Report, lint, sort as sort_findings};
pub use settings::{GroupResource, Inventory, Settings};
pub use severity::Severity;
