//! `validate`: is a configuration accepted by the server, and if not, what does it say?

use super::args::{Common, Output, ValidateArgs};
use super::{Exit, input, print, print_value, server};
use crate::apiserver::authentication_config;
use crate::apiserver::validate;
use crate::load::LoadError;
use anyhow::{Result, bail};
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(common: &Common, args: &ValidateArgs) -> Result<Exit> {
    let has_server = common.server.apiserver.is_some() || !common.server.apiserver_flag.is_empty();
    let judged = match (&args.paths[..], has_server) {
        ([], false) => bail!(
            "nothing to validate: name the API server's configuration with --apiserver, or an AuthenticationConfiguration"
        ),
        ([], true) => {
            let (line, files) = server::command_line(&common.server)?;
            validate(&line, &files).map(|config| config.assumptions)
        }
        ([path], false) => authentication_file(path)?,
        (_, true) => bail!("--apiserver and PATH cannot be validated in one call"),
        ([_, _, ..], false) => bail!("more than one PATH: they are validated one at a time so far"),
    };
    let assumptions = judged.as_deref().unwrap_or_default();
    for assumption in assumptions {
        let _ = writeln!(io::stderr(), "assumed: {assumption}");
    }
    let error = judged.err();
    match args.output {
        Output::Table => print(match &error {
            None => "accepted\n".to_owned(),
            Some(error) => format!("{error}\n"),
        })?,
        output => print_value(
            &serde_json::json!({ "ok": error.is_none(), "error": error }),
            output == Output::Yaml,
        )?,
    }
    Ok(if error.is_none() { Exit::Yes } else { Exit::No })
}

/// Judges an AuthenticationConfiguration by itself. What holds no such thing is bad usage.
fn authentication_file(path: &Path) -> Result<Result<Vec<String>, String>> {
    let (name, text) = input::read(path)?;
    let named = |kind: &str| text.contains(kind);
    if !named("AuthenticationConfiguration") {
        let message = if named("rbac.authorization.k8s.io") {
            "RBAC objects are not validated yet: an AuthenticationConfiguration is, and with --apiserver a whole configuration"
        } else if named("AuthorizationConfiguration") {
            "an AuthorizationConfiguration is not validated yet: an AuthenticationConfiguration is, and with --apiserver a whole configuration"
        } else {
            "expected an AuthenticationConfiguration (an API server's configuration is named with --apiserver)"
        };
        let (file, message) = (name, message.to_owned());
        return Err(LoadError::Malformed {
            file,
            line: 1,
            column: 1,
            message,
        }
        .into());
    }
    let config = authentication_config::decode(text.as_bytes());
    Ok(config.and_then(|config| config.complaint().map_or(Ok(Vec::new()), Err)))
}
