//! The API server's configuration, from the flags that name it.

use super::args::ServerArgs;
use super::{authenticators, authorizers, fetched, input, webhook_answers};
use crate::answer::serve::{Component, Gates};
use crate::apiserver::controller_manager::{Delegation, delegation};
use crate::apiserver::flags::Program;
use crate::apiserver::{CommandLine, Files, LoadedConfig, flags, running};
use crate::authn::Authenticators;
use crate::authz::{Assumption, Chain};
use crate::model::Cluster;
use crate::webhook::Recordings;
use anyhow::{Result, anyhow, bail};
use jiff::Timestamp;

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

/// What the configuration is of.
pub(super) enum Configured {
    /// None was given.
    Nothing,
    /// The API server.
    ApiServer(Box<LoadedConfig>),
    /// A component that asks an API server, of which nothing else is known.
    Delegating(Delegation),
}

/// A configured server.
pub(super) struct Server {
    /// Its authenticators.
    pub(super) authenticators: Authenticators,
    /// Its configuration.
    configured: Configured,
    /// What its webhooks answer.
    recordings: Recordings,
    /// What is assumed of its webhooks.
    assumed: Vec<(String, Assumption)>,
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
        let configured = match given {
            true => configured(args)?,
            false => Configured::Nothing,
        };
        let fetched = args.fetched.as_deref().map(fetched::load).transpose()?;
        let recordings = webhook_answers::load(&args.webhook_answers)?;
        Ok(Server {
            authenticators: match &configured {
                Configured::ApiServer(config) => {
                    authenticators::of(config, &recordings, fetched.as_ref())
                }
                _ => Authenticators::unconfigured(),
            },
            configured,
            recordings,
            assumed: args.assume.clone(),
            now: args.now.unwrap_or_else(Timestamp::now),
        })
    }

    /// Whether a configuration was given.
    pub(super) fn given(&self) -> bool {
        !matches!(self.configured, Configured::Nothing)
    }

    /// The API server's configuration, if it is one.
    pub(super) fn config(&self) -> Option<&LoadedConfig> {
        match &self.configured {
            Configured::ApiServer(config) => Some(config),
            _ => None,
        }
    }

    /// Its feature gates.
    pub(super) fn gates(&self) -> Gates {
        match &self.configured {
            Configured::ApiServer(config) => {
                let gates = config.flags.gates();
                Gates {
                    constrained_impersonation: gates.enabled("ConstrainedImpersonation"),
                    pod_create_permission: gates
                        .enabled("AuthorizePodWebsocketUpgradeCreatePermission"),
                }
            }
            _ => Gates::default(),
        }
    }

    /// Which component it is.
    pub(super) fn component(&self) -> Component {
        match &self.configured {
            Configured::Delegating(_) => Component::ControllerManager,
            _ => Component::ApiServer,
        }
    }

    /// Its authorizers over a cluster.
    ///
    /// # Errors
    /// When something is assumed of a webhook that is not configured.
    pub(super) fn chain<'c>(&self, cluster: &'c Cluster) -> Result<Chain<'c>> {
        authorizers::of(&self.configured, &self.recordings, cluster, &self.assumed)
    }
}

fn configured(args: &ServerArgs) -> Result<Configured> {
    let (line, files) = command_line(args)?;
    let refused =
        |server: &str, words: String| anyhow!("the {server} would refuse to start: {words}");
    match line.program() {
        Program::ApiServer => running(&line, &files)
            .map(|config| Configured::ApiServer(Box::new(config)))
            .map_err(|words| refused("API server", words)),
        Program::ControllerManager => delegation(&line)
            .map(Configured::Delegating)
            .map_err(|words| refused("controller manager", words)),
    }
}
