//! `completions` and `man`: made from the clap definitions.

use super::Exit;
use super::args::Cli;
use anyhow::{Context, Result};
use clap::CommandFactory;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rbac-check", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Yes)
}

pub(super) fn man(dir: Option<&Path>) -> Result<Exit> {
    match dir {
        Some(dir) => std::fs::create_dir_all(dir)
            .and_then(|()| clap_mangen::generate_to(pages(), dir))
            .with_context(|| format!("{}: cannot write the manual pages", dir.display()))?,
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(pages()).render(&mut page)?;
            io::stdout().lock().write_all(&page)?;
        }
    }
    Ok(Exit::Yes)
}

/// The commands that have a page; `help` explains itself.
fn pages() -> clap::Command {
    Cli::command().disable_help_subcommand(true)
}
