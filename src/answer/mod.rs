//! What people ask, answered as data: no output here.

pub mod access_review;
pub mod audit_event;
pub mod certificate_inspection;
pub mod danger;
pub mod explain;
pub mod forbidden;
pub mod grants;
pub mod hints;
pub mod pasted;
pub mod resource_arg;
pub mod rules_review;
pub mod serve;
pub mod status;
pub mod token_inspection;
pub mod token_request;
pub mod token_review;
pub mod trace;
pub mod who_can;
