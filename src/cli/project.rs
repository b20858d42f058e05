//! `rbac-check.yaml`: where it is, and what it says is to be loaded.

use crate::lint::config::{self, Config};
use crate::load::discover::Source;
use crate::load::tree::utf8;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// A configuration that was read.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// What it says.
    pub(super) config: Config,
    /// Where it was read; none where there is no such file.
    pub(super) path: Option<PathBuf>,
}

impl Project {
    /// Reads the file that is named, else the nearest of the current folder and those above it.
    pub(super) fn read(named: Option<&Path>) -> Result<Project> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => match nearest()? {
                Some(path) => path,
                None => return Ok(Project::default()),
            },
        };
        let name = path.display().to_string();
        let text = read(&path)?;
        let config = config::parse(&name, &text).map_err(|error| anyhow!("{name}:{error}"))?;
        Ok(Project {
            config,
            path: Some(path),
        })
    }

    /// What is loaded where no flag names anything.
    pub(super) fn sources(&self) -> Vec<String> {
        let sources = self.config.sources.iter();
        sources.map(|source| self.beside(source)).collect()
    }

    /// ` (FILE skips some)` where the file skips rules.
    pub(super) fn named_in(&self) -> String {
        match &self.path {
            Some(path) if !self.config.skip.is_empty() => {
                format!(" ({} skips some)", path.display())
            }
            _ => String::new(),
        }
    }

    /// A path that the file names, as seen from the current folder.
    pub(super) fn beside(&self, path: &str) -> String {
        let folder = self.path.as_deref().and_then(Path::parent);
        match folder.filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => folder.join(path).display().to_string(),
            None => path.to_owned(),
        }
    }
}

/// How large a configuration or a baseline may be: hundreds of thousands of findings.
const MOST: u64 = 128 << 20;

/// Reads a configuration or a baseline.
pub(super) fn read(path: &Path) -> Result<String> {
    let name = path.display();
    let bytes = Source::File(path.to_owned()).read_bytes(MOST)?;
    let text = utf8(&bytes)
        .map_err(|error| anyhow!("{name}:{}:{}: {}", error.line, error.column, error.message))?;
    Ok(text.to_owned())
}

/// The nearest configuration; that of the current folder by its bare name, since places are shown by it.
fn nearest() -> Result<Option<PathBuf>> {
    // A folder or a broken link of this name is an error, not the lack of a configuration.
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if is_there(Path::new(config::FILE)) {
        return Ok(Some(PathBuf::from(config::FILE)));
    }
    let here = std::env::current_dir().context("the current folder")?;
    let above = here.ancestors().skip(1);
    Ok(above
        .map(|folder| folder.join(config::FILE))
        .find(|path| is_there(path)))
}
