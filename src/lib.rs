//! Answers, offline and exactly as a Kubernetes 1.36 API server would, what a user may do and why.
//!
//! Data flows one way: [`load`] (disk → documents with positions) → [`model`] (one immutable
//! [`model::Cluster`]) → [`impersonation`] (who is judged) → [`authz`] (a question → a decision) →
//! [`answer`] and [`lint`] (what people ask, and what is dangerous, as data) → [`render`] (words and tables). No room knows its callers:
//! impersonation asks authz whether it is allowed, answer asks both, and [`cli`] alone sees all.

pub mod answer;
pub mod apiserver;
pub mod authn;
pub mod authz;
pub mod cel;
pub mod cli;
pub mod defaults;
pub mod impersonation;
pub mod jwt;
pub mod lint;
pub mod load;
pub mod model;
pub mod pki;
pub mod render;
pub mod request;
pub mod webhook;
