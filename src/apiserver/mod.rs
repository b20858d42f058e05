//! The API server's configuration: from the file that holds its flags to what it would start with, or
//! to the words with which it would refuse to start.
//!
//! [`flags`] reads command lines, [`authentication`], [`authentication_config`], [`authorizers`] and
//! [`authorization_config`] make options of them, [`files`] finds what they name, and [`startup`] judges all of it in the server's order.

pub mod always_allow_paths;
pub mod authentication;
pub mod authentication_config;
pub mod authorization_config;
pub mod authorizers;
pub mod controller_manager;
pub mod csv;
pub mod fetched;
pub mod files;
pub mod flags;
pub mod go_url;
pub mod policy_file;
pub mod scheme;
pub mod startup;
pub mod token_file;
pub mod webhook_kubeconfig;

pub use authentication::AuthenticationOptions;
pub use fetched::Fetched;
pub use files::Files;
pub use flags::{CommandLine, Flags};
pub use startup::{LoadedConfig, running, validate};

/// Several errors as the server tells them together (`utilerrors.Aggregate`): equal ones once, more
/// than one in brackets.
fn aggregate(errors: &[String]) -> Option<String> {
    let mut told: Vec<&str> = Vec::new();
    for error in errors {
        if !told.contains(&&error[..]) {
            told.push(error);
        }
    }
    match &told[..] {
        [] => None,
        [one] => Some((*one).to_owned()),
        several => Some(format!("[{}]", several.join(", "))),
    }
}
