//! What stops a load.

use std::path::PathBuf;

/// Input that cannot be read. Its message names the file and, where there is one, line and column.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file or folder cannot be read.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The content is malformed.
    #[error("{file}:{line}:{column}: {message}")]
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
    #[error("{file}: {message}")]
    Unsuitable {
        /// The file, folder or pattern, as the user gave it.
        file: String,
        /// What was expected and what to do.
        message: String,
    },
}
