//! The API server's configuration, from the flags that name it.

use super::args::ServerArgs;
use super::{authenticators, fetched, input, webhook_answers};
use crate::apiserver::{CommandLine, Fetched, Files, flags, running};
use crate::authn::Authenticators;
use anyhow::{Result, bail};
use jiff::Timestamp;
use std::sync::Arc;

/// The server's command line, and where the files are that it names.
pub(super) fn command_line(args: &ServerArgs) -> Result<(CommandLine, Files)> {
    if let Some(root) = &args.root
        && !root.is_dir()
    {
        bail!("--root {}: is no folder", root.display());
    }
    let mut line = match &args.apiserver {
        Some(path) => {
            let (name, text) = input::read(path)?;
            flags::read(&name, &text)?
        }
        None => CommandLine::default(),
    };
    for flag in &args.apiserver_flag {
        if flag.trim_start_matches('-').is_empty() {
            bail!("--apiserver-flag {flag:?}: expected NAME=VALUE");
        }
        line.override_flag(flag);
    }
    let files = Files::new(args.root.as_deref(), args.apiserver.as_deref());
    Ok((line, files))
}

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
    /// Reads the configuration, and the files that it names.
    ///
    /// # Errors
    /// What cannot be read; and what the server would refuse to start with, in its words. A file that is
    /// not there is no error: what depends on it is unknown.
    pub(super) fn load(args: &ServerArgs) -> Result<Server> {
        let given = args.apiserver.is_some() || !args.apiserver_flag.is_empty();
        let fetched = args.fetched.as_deref().map(fetched::load).transpose()?;
        let authenticators = match given {
            true => configured(args, fetched.as_ref())?,
            false => Authenticators::unconfigured(),
        };
        Ok(Server {
            authenticators,
            given,
            now: args.now.unwrap_or_else(Timestamp::now),
        })
    }
}

fn configured(args: &ServerArgs, fetched: Option<&Arc<Fetched>>) -> Result<Authenticators> {
    let (line, files) = command_line(args)?;
    let recordings = webhook_answers::load(&args.webhook_answers)?;
    match running(&line, &files) {
        Ok(config) => Ok(authenticators::of(config, &recordings, fetched)),
        Err(refusal) => bail!("the API server would refuse to start: {refusal}"),
    }
}
