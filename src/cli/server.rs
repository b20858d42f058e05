//! The API server that is asked: its configuration from flags and files.

use super::args::ServerArgs;
use crate::authn::Authenticators;
use anyhow::Result;
use jiff::Timestamp;

/// A configured API server.
pub(super) struct Server {
    /// Its authenticators.
    pub(super) authenticators: Authenticators,
    /// Whether a configuration was given at all.
    pub(super) given: bool,
    /// The instant at which it is asked.
    pub(super) now: Timestamp,
}

impl Server {
    /// Reads the configuration.
    pub(super) fn load(args: &ServerArgs) -> Result<Server> {
        Ok(Server {
            authenticators: Authenticators::unconfigured(),
            given: args.apiserver.is_some() || !args.apiserver_flag.is_empty(),
            now: args.now.unwrap_or_else(Timestamp::now),
        })
    }
}
