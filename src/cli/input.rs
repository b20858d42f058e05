//! Files that a command reads itself, beside the manifests.

use crate::load::discover::Source;
use anyhow::{Result, anyhow};
use std::path::Path;

/// The text of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<(String, String)> {
    let source = if path == Path::new("-") {
        Source::Stdin
    } else {
        Source::File(path.to_path_buf())
    };
    Ok((source.name(), source.read()?))
}

/// What is wrong with a JSON text, without the place: the caller knows where the text itself stands.
pub(super) fn json_problem(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// The JSON values of a file of JSON Lines.
pub(super) fn json_lines<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let (name, text) = read(path)?;
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| {
                anyhow!(
                    "{name}:{number}:{}: expected a JSON object of this command's batch form: {}",
                    error.column().max(1),
                    json_problem(&error)
                )
            })
        })
        .collect()
}
