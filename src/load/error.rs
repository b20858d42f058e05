//! What stops a load.

use crate::model::Quoted;
use std::borrow::Cow;
use std::path::PathBuf;

/// Input that cannot be read. Its message names the file and, where there is one, line and column.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file or folder cannot be read.
    #[error("{}: {reason}", printable(&path.display().to_string()))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The content is malformed.
    #[error("{}: {message}", printable(&format!("{file}:{line}:{column}")))]
    Malformed {
        /// The file, as the user gave it.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
        /// What was expected and what to do.
        message: String,
    },
    /// The file as a whole is unsuitable.
    #[error("{}: {message}", printable(file))]
    Unsuitable {
        /// The file, folder or pattern, as the user gave it.
        file: String,
        /// What was expected and what to do.
        message: String,
    },
}

/// A name of a file as a line of a message may hold it: one that could move the cursor or begin another line is
/// quoted.
fn printable(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_control) {
        Cow::Owned(Quoted(name).to_string())
    } else {
        Cow::Borrowed(name)
    }
}
