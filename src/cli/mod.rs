//! The commands: they read flags, ask the rooms, print, and choose the exit status.

pub mod args;
mod authenticators;
mod authorizers;
mod can_i;
mod cert;
mod credential;
mod fetched;
mod generate;
mod identity;
mod input;
mod lint;
mod lint_credentials;
mod project;
mod review;
mod server;
mod terminal;
mod token;
mod trace;
mod validate;
mod webhook_answers;
mod who_can;
mod whoami;

use crate::load;
use crate::model::Cluster;
use crate::render;
use anyhow::{Result, anyhow};
use args::{Cli, Color, Command, Common};
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;
use terminal::messages;

/// What the exit status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Yes; done.
    Yes = 0,
    /// No; refused.
    No = 1,
    /// Bad usage or unreadable input.
    Error = 2,
    /// It cannot be known offline.
    Unknown = 3,
}

/// Runs a command line and returns its exit status.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Printing may fail on a closed pipe; the status tells all the same.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    match cli.common.color {
        Color::Always => colored::control::set_override(true),
        Color::Never => colored::control::set_override(false),
        Color::Auto if !io::stdout().is_terminal() => colored::control::set_override(false),
        Color::Auto => {}
    }
    let exit = run(&cli).unwrap_or_else(|error| {
        let closed_pipe = error
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        if closed_pipe {
            // Nobody listens to a message, and what was not answered is no yes.
            return Exit::Error;
        }
        let text = format!("{error:#}");
        // kubectl's own error texts bring their head.
        let head = if text.starts_with("error: ") {
            ""
        } else {
            "error: "
        };
        let _ = writeln!(messages(), "{head}{text}");
        Exit::Error
    });
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli) -> Result<Exit> {
    match &cli.command {
        Command::CanI(args) => can_i::run(&cli.common, args),
        Command::WhoCan(args) => who_can::run(&cli.common, args),
        Command::Whoami(args) => whoami::run(&cli.common, args),
        Command::Trace(args) => trace::run(&cli.common, args),
        Command::Review(args) => review::run(&cli.common, args),
        Command::Lint(args) => lint::run(&cli.common, args),
        Command::Validate(args) => validate::run(&cli.common, args),
        Command::Token(command) => token::run(&cli.common, command),
        Command::Cert(command) => cert::run(&cli.common, command),
        Command::Completions { shell } => generate::completions(*shell),
        Command::Man { dir } => generate::man(dir.as_deref()),
    }
}

/// Loads what the flags name, and says on standard error what is not in the cluster as written.
fn load_cluster(common: &Common) -> Result<Cluster> {
    let mut named = common.filename.clone();
    if named.is_empty() {
        named = project::Project::read(None)?.sources();
    }
    let implied = named.is_empty();
    if implied {
        named.push(".".to_owned());
    }
    let options = load::Options {
        manifest_namespace: common.manifest_namespace.clone(),
        defaults: !common.no_defaults,
        aggregation: !common.no_aggregation,
        skip_foreign: implied,
    };
    let cluster = load::load(&named, &options).map_err(|error| {
        if implied {
            anyhow!(
                "{error}\nhint: without -f the current folder is loaded; name the manifests with -f"
            )
        } else {
            error.into()
        }
    })?;
    say_what_was_loaded(common, &cluster);
    Ok(cluster)
}

/// Says on standard error what is not in the cluster as written and, if asked, what was loaded.
fn say_what_was_loaded(common: &Common, cluster: &Cluster) {
    // The answer does not depend on whether somebody reads what is said beside it.
    let mut stderr = messages();
    for refusal in cluster.refusals() {
        let place = render::place(cluster, refusal.position);
        let _ = writeln!(stderr, "warning: {place}: {}", refusal.message);
    }
    for (file, count) in cluster.left_out().iter().filter(|_| common.verbose) {
        let (file, s) = (cluster.file_name(*file), if *count == 1 { "" } else { "s" });
        let _ = writeln!(
            stderr,
            "left out: {file}: {count} document{s} without apiVersion and kind"
        );
    }
    if !common.verbose && !cluster.left_out().is_empty() {
        let files = cluster.left_out().len();
        let s = if files == 1 { "" } else { "s" };
        let _ = writeln!(
            stderr,
            "left out: {files} file{s} of the current folder with documents that are no Kubernetes objects (-v names them, -f names manifests)"
        );
    }
    if common.verbose {
        let kinds: Vec<String> = cluster
            .loaded_kinds()
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let kinds = if kinds.is_empty() {
            "no objects".to_owned()
        } else {
            kinds.join(", ")
        };
        let files = cluster.file_count();
        let s = if files == 1 { "" } else { "s" };
        let built_in = if common.no_defaults {
            "without"
        } else {
            "with"
        };
        let _ = writeln!(
            stderr,
            "loaded {kinds} from {files} file{s}, {built_in} the built-in objects of Kubernetes 1.36"
        );
    }
}

/// Writes an answer to standard output. Who closes the pipe has read enough: that is no error, and the
/// exit status still answers.
fn print(answer: impl AsRef<[u8]>) -> Result<()> {
    print_with(|out| out.write_all(answer.as_ref()))
}

/// [`print`], of an answer that writes itself.
fn print_with(write: impl FnOnce(&mut BufWriter<StdoutLock<'_>>) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a JSON value as `-o json` or `-o yaml` asks.
fn print_value(value: &serde_json::Value, yaml: bool) -> Result<()> {
    print(if yaml {
        serde_yaml::to_string(value)?
    } else {
        format!("{value:#}\n")
    })
}
