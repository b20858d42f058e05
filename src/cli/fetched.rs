//! What stands in for the network, from the flag that names it.

use super::input;
use crate::apiserver::Fetched;
use crate::apiserver::fetched::{self, Page};
use crate::load::discover::Source;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest page that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Reads the file of `--fetched` and the pages that it names.
///
/// # Errors
/// What cannot be read, and what is no such file, with its place.
pub(super) fn load(path: &Path) -> Result<Arc<Fetched>> {
    let (name, text) = input::read(path)?;
    let entries = fetched::entries(&text).map_err(|error| {
        let (line, column) = (error.line().max(1), error.column().max(1));
        let problem = input::json_problem(&error);
        anyhow!(
            "{name}:{line}:{column}: expected an object from URL to {{\"file\", \"status\", \"authorization\"}}: {problem}"
        )
    })?;
    let root = above(path);
    let page = |(url, entry): (String, fetched::PageEntry)| {
        let body = match &entry.file {
            Some(file) => Source::File(root.join(file))
                .read_bytes(LARGEST)
                .with_context(|| format!("{name}: the page of {url}"))?,
            None => Vec::new(),
        };
        let page = Page {
            status: entry.status,
            body,
            authorization: entry.authorization,
        };
        Ok((url, page))
    };
    let pages: Result<Vec<(String, Page)>> = entries.into_iter().map(page).collect();
    Ok(Arc::new(pages?.into_iter().collect()))
}

/// The folder above the one that a file is in.
fn above(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    match folder.file_name() {
        Some(_) => folder.parent().unwrap_or(Path::new("")).to_path_buf(),
        None => folder.join(".."),
    }
}
