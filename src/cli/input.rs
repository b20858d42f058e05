//! Files that a command reads itself, beside the manifests.

use crate::load::discover::Source;
use anyhow::{Context, Result};
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

/// The JSON values of a file of JSON Lines, each with its line's number.
pub(super) fn json_lines<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let (name, text) = read(path)?;
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{name}:{number}: expected a JSON object of this command's batch form"))
        })
        .collect()
}
