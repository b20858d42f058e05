//! `token`: a look into a token, and what the API server says of it.

use super::args::{Common, Output, TokenCommand, TokenInspectArgs, TokenSource, TokenVerifyArgs};
use super::can_i::Colours;
use super::credential::credential;
use super::server::Server;
use super::terminal::messages;
use super::{Exit, load_cluster, print, print_value};
use crate::answer::token_inspection::{self, Fitness, Surroundings, Taker};
use crate::answer::token_review::authenticate_token;
use crate::authn::bearer::{Bearer, bearer};
use crate::load::discover::Source;
use crate::load::{Loader, Options};
use crate::model::Secret;
use crate::render;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// The longest token that is read, in bytes. A header holds far less.
const LONGEST: u64 = 16 << 20;

pub(super) fn run(common: &Common, command: &TokenCommand) -> Result<Exit> {
    match command {
        TokenCommand::Inspect(args) => inspect(common, args),
        TokenCommand::Verify(args) => verify(common, args),
    }
}

/// A token, or why it is not known what would be sent.
enum Found {
    Token(Secret),
    Unknown(String),
}

fn inspect(common: &Common, args: &TokenInspectArgs) -> Result<Exit> {
    let token = match find(&args.source)? {
        Found::Token(token) => token,
        Found::Unknown(why) => return unknown(args.output, &why),
    };
    // The current folder is not what is asked about: objects are looked up if they are named.
    let cluster = match common.filename.is_empty() {
        true => Loader::new(Options::default()).finish(),
        false => load_cluster(common)?,
    };
    let server = Server::load(&common.server)?;
    let surroundings = Surroundings {
        server: server.given().then_some(&server.authenticators),
        cluster: &cluster,
        now: server.now,
    };
    let inspection = token_inspection::inspect(token.expose(), &surroundings);
    let shown = args.show_token.then(|| token.expose());
    match args.output {
        Output::Table => print(render::token::inspection(
            &inspection,
            shown,
            server.now,
            &Colours,
        ))?,
        output => {
            let value = render::token::inspection_value(&inspection, shown, server.now);
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(match inspection.fitness() {
        Fitness::Fine => Exit::Yes,
        Fitness::Invalid => Exit::No,
        Fitness::Unknown => Exit::Unknown,
    })
}

fn verify(common: &Common, args: &TokenVerifyArgs) -> Result<Exit> {
    let token = match find(&args.source)? {
        Found::Token(token) => token,
        Found::Unknown(why) => return unknown(args.output, &why),
    };
    let token = token.expose();
    let cluster = load_cluster(common)?;
    let server = Server::load(&common.server)?;
    let authenticators = &server.authenticators;
    let authentication =
        authenticate_token(token, &args.audience, authenticators, &cluster, server.now);
    for warning in &authentication.warnings {
        let _ = writeln!(messages(), "Warning: {warning}");
    }
    let exit = match Taker::of(&authentication) {
        Taker::Accepted { .. } => Exit::Yes,
        Taker::Unknown { .. } => Exit::Unknown,
        Taker::Refused { .. } | Taker::ByShape(_) => Exit::No,
    };
    match args.output {
        Output::Table => print(render::token::verification(&authentication, &Colours))?,
        output => {
            let value = render::token::verification_value(&authentication, &args.audience);
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(exit)
}

fn unknown(output: Output, why: &str) -> Result<Exit> {
    match output {
        Output::Table => print(format!("unknown - {why}\n"))?,
        output => {
            let error = format!("unknown: {why}");
            let value = json!({"valid": Value::Null, "error": error});
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(Exit::Unknown)
}

/// Finds the token that the flags mean.
fn find(source: &TokenSource) -> Result<Found> {
    let text = match (&source.input, &source.token, &source.token_file) {
        (Some(input), ..) if input == "-" || Path::new(input).exists() => read(Path::new(input))?,
        (Some(input), ..) => {
            if looks_like_a_path(input) {
                bail!("{input}: no such file, and no token");
            }
            input.clone()
        }
        (None, Some(token), _) => token.clone(),
        (None, None, Some(file)) => read(file)?,
        (None, None, None) => return of_kubeconfig(source),
    };
    Ok(Found::Token(Secret::new(text.trim())))
}

/// Whether a word that names no file was meant to. Only what does is shown in a message: another may be
/// a secret.
fn looks_like_a_path(word: &str) -> bool {
    let starts = ["/", "./", "../", "~"];
    let ends = [
        ".jwt",
        ".token",
        ".txt",
        ".json",
        ".yaml",
        ".yml",
        ".pem",
        ".conf",
        ".kubeconfig",
    ];
    starts.iter().any(|start| word.starts_with(start)) || ends.iter().any(|end| word.ends_with(end))
}

fn read(path: &Path) -> Result<String> {
    let source = match path == Path::new("-") {
        true => Source::Stdin,
        false => Source::File(path.to_path_buf()),
    };
    let bytes = source.read_bytes(LONGEST)?;
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{}: holds no token, which is UTF-8 text", source.name());
    };
    Ok(in_status(&text).unwrap_or(text))
}

/// The token of a TokenRequest or an ExecCredential.
fn in_status(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let object: Value = serde_json::from_str(text).ok()?;
    Some(object.pointer("/status/token")?.as_str()?.to_owned())
}

fn of_kubeconfig(source: &TokenSource) -> Result<Found> {
    let (context, credential) = credential(&source.who())?;
    if let Some(why) = credential.unknown {
        return Ok(Found::Unknown(why));
    }
    match bearer(&credential.headers) {
        Bearer::Token(token) => Ok(Found::Token(Secret::new(token))),
        _ if !credential.certificates.is_empty() => bail!(
            "user {:?} of the kubeconfig has a client certificate and no token: see cert inspect",
            context.user
        ),
        _ if credential.given || !context.user.is_empty() => {
            bail!("user {:?} of the kubeconfig has no token", context.user)
        }
        _ => bail!("no token: name a file, - for standard input, or a kubeconfig with a user"),
    }
}
