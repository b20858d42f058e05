//! The API server's configuration, from the flags that name it.

use super::args::ServerArgs;
use super::input;
use crate::apiserver::{CommandLine, Files, flags};
use anyhow::{Result, bail};

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
