//! A credential → the user that the API server makes of it, or the 401 and why.

pub mod bootstrap;
pub mod opinion;
pub mod service_account;
