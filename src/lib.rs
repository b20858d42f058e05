//! Answers, offline and exactly as a Kubernetes 1.36 API server would, what a user may do and why.
//!
//! Data flows one way through the rooms below; a room uses the rooms before it and never one after it:
//! [`load`] (disk → documents with positions) → [`model`] (one immutable [`model::Cluster`]) →
//! [`impersonation`] → [`authz`] (a question → a decision) → [`answer`] (what people ask, as data) →
//! [`render`] (words and tables). [`cli`] alone sees all of them.

pub mod answer;
pub mod authz;
pub mod cli;
pub mod defaults;
pub mod impersonation;
pub mod load;
pub mod model;
pub mod render;
