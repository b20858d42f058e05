//! An HTTP request as the server's Go code reads it, before anybody asks who sent it: its target, its query,
//! and what it asks of the API.

pub mod compose;
pub mod duration;
pub mod headers;
pub mod info;
pub mod list_options;
pub mod message;
pub mod query;
pub mod target;

pub use info::RequestInfo;
pub use message::{HttpRequest, Malformed};
pub use target::Target;
