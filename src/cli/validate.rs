//! `validate`: is a configuration accepted by the server, and if not, what does it say?

use super::args::{Common, Output, ValidateArgs};
use super::terminal::{messages, shown};
use super::{Exit, input, print, print_value, server};
use crate::apiserver::controller_manager::delegation;
use crate::apiserver::flags::Program;
use crate::apiserver::scheme::{Place, Refusal};
use crate::apiserver::{Files, authentication_config, authorizers, validate};
use crate::load::LoadError;
use anyhow::{Result, bail};
use std::io::Write;
use std::path::Path;

pub(super) fn run(common: &Common, args: &ValidateArgs) -> Result<Exit> {
    let has_server = common.server.apiserver.is_some() || !common.server.apiserver_flag.is_empty();
    let judged = match (&args.paths[..], has_server) {
        ([], false) => bail!(
            "nothing to validate: name the API server's configuration with --apiserver, an AuthenticationConfiguration or an AuthorizationConfiguration"
        ),
        ([], true) => {
            let (line, files) = server::command_line(&common.server)?;
            let judged = match line.program() {
                Program::ApiServer => validate(&line, &files).map(|config| config.assumptions),
                Program::ControllerManager => delegation(&line).map(|_| Vec::new()),
            };
            let (assumptions, refusal) = match judged {
                Ok(assumptions) => (assumptions, None),
                Err(error) => (Vec::new(), Some(error.into())),
            };
            Judged {
                assumptions,
                refusal,
                file: String::new(),
            }
        }
        ([path], false) => file(path, common)?,
        (_, true) => bail!("--apiserver and PATH cannot be validated in one call"),
        ([_, _, ..], false) => bail!("more than one PATH: they are validated one at a time so far"),
    };
    for assumption in &judged.assumptions {
        let _ = writeln!(messages(), "assumed: {assumption}");
    }
    let error = judged.refusal.as_ref().map(|refusal| &refusal.message);
    let places = judged.refusal.iter().flat_map(|refusal| &refusal.places);
    match args.output {
        Output::Table => {
            print(match error {
                None => "accepted\n".to_owned(),
                Some(error) => format!("{}\n", shown(error)),
            })?;
            for place in places {
                let (
                    file,
                    Place {
                        line,
                        column,
                        message,
                    },
                ) = (&judged.file, place);
                let _ = writeln!(messages(), "{file}:{line}:{column}: {message}");
            }
        }
        output => {
            let mut value = serde_json::json!({ "ok": error.is_none(), "error": error });
            let places: Vec<_> = places
                .map(|Place { line, column, message }| {
                    serde_json::json!({"file": judged.file, "line": line, "column": column, "message": message})
                })
                .collect();
            if !places.is_empty() {
                value["places"] = serde_json::Value::Array(places);
            }
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(if error.is_none() { Exit::Yes } else { Exit::No })
}

/// What is said of a configuration.
struct Judged {
    /// What could not be looked at and is taken to be in order.
    assumptions: Vec<String>,
    /// What the server has against it.
    refusal: Option<Refusal>,
    /// The file, where the places of the refusal are in one.
    file: String,
}

/// Judges a configuration file of authentication or authorization by itself. What holds no such thing is bad
/// usage.
fn file(path: &Path, common: &Common) -> Result<Judged> {
    let (name, text) = input::read(path)?;
    let named = |kind: &str| text.contains(kind);
    let authentication = named("AuthenticationConfiguration");
    if named("AuthorizationConfiguration") && !authentication {
        return Ok(authorization_file(name, &text, path, common));
    }
    if !authentication {
        let message = if named("rbac.authorization.k8s.io") {
            "RBAC objects are not validated yet: an AuthenticationConfiguration and an AuthorizationConfiguration are, and with --apiserver a whole configuration"
        } else {
            "expected an AuthenticationConfiguration or an AuthorizationConfiguration (an API server's configuration is named with --apiserver)"
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
    let refusal = authentication_config::judge(text.as_bytes()).err();
    Ok(Judged {
        assumptions: Vec::new(),
        refusal,
        file: name,
    })
}

/// The kubeconfigs that it names are looked for, but one whose whole folder is not here is taken to be there.
fn authorization_file(name: String, text: &str, path: &Path, common: &Common) -> Judged {
    let files = Files::new(common.server.root.as_deref(), Some(path));
    let mut assumptions = Vec::new();
    let mut stat = |kubeconfig: &str| {
        authorizers::stat(kubeconfig, &files, |error| {
            if !error.folder_absent {
                return Err(error);
            }
            assumptions.push(format!("{error}; taken to be there and in order"));
            Ok(())
        })
    };
    let refusal = authorizers::judge(text.as_bytes(), &mut stat).err();
    Judged {
        assumptions,
        refusal,
        file: name,
    }
}
