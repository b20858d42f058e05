//! The files that the configuration names: found below a root, read with a limit, and refused in the
//! words of the server.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;

/// Where the paths of a configuration are found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    root: Option<PathBuf>,
    beside: Option<PathBuf>,
}

/// A file that cannot be read; displayed in Go's words, with the path as the flag names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// What was tried: `open`, `read` or `stat`.
    pub operation: &'static str,
    /// The path as the flag names it.
    pub path: String,
    /// What the system says, or why it was not even asked.
    pub reason: String,
    /// Whether there is no such file.
    pub absent: bool,
    /// Whether even its folder is not there: this copy of a configuration left all of it out.
    pub folder_absent: bool,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.path, self.reason)
    }
}

impl Files {
    /// With a root, absolute paths are below it and relative ones start from it. Without, they are taken
    /// as they are, then relative to the folder of `named_in`, the file that names them.
    pub fn new(root: Option<&Path>, named_in: Option<&Path>) -> Self {
        Files {
            root: root.map(Path::to_path_buf),
            beside: named_in.and_then(Path::parent).map(Path::to_path_buf),
        }
    }

    /// Where a path of the configuration is on this machine.
    pub fn locate(&self, path: &str) -> PathBuf {
        let named = Path::new(path);
        match (&self.root, &self.beside) {
            (Some(root), _) if named.is_absolute() => below(root, named),
            (Some(root), _) => root.join(named),
            (None, Some(folder)) if !named.exists() => {
                let beside = folder.join(named);
                if beside.exists() {
                    beside
                } else {
                    named.to_path_buf()
                }
            }
            (None, _) => named.to_path_buf(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`FileError`] if it cannot be read, is no regular file, or is larger than 64 MiB.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let error = |operation, reason: &io::Error| self.error(operation, path, reason);
        let refused = |reason: String| FileError {
            operation: "read",
            path: path.to_owned(),
            reason,
            absent: false,
            folder_absent: false,
        };
        let located = self.locate(path);
        // Opening a pipe would wait for its other end.
        let metadata = fs::metadata(&located).map_err(|e| error("open", &e))?;
        if metadata.is_dir() {
            return Err(refused("is a directory".to_owned()));
        }
        if !metadata.is_file() {
            return Err(refused("is not a regular file".to_owned()));
        }
        let file = File::open(&located).map_err(|e| error("open", &e))?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| error("read", &e))?;
        if bytes.len() as u64 > MAX_FILE {
            let most = MAX_FILE >> 20;
            return Err(refused(format!(
                "is larger than {most} MiB, the most that is read"
            )));
        }
        Ok(bytes)
    }

    /// Whether there is a file of this name.
    ///
    /// # Errors
    /// [`FileError`] as the server's `stat` tells it.
    pub fn stat(&self, path: &str) -> Result<(), FileError> {
        fs::metadata(self.locate(path))
            .map(drop)
            .map_err(|reason| self.error("stat", path, &reason))
    }

    /// Whether what has this name is a regular file.
    ///
    /// # Errors
    /// [`FileError`] as the server's `stat` tells it.
    pub fn is_regular(&self, path: &str) -> Result<bool, FileError> {
        fs::metadata(self.locate(path))
            .map(|metadata| metadata.is_file())
            .map_err(|reason| self.error("stat", path, &reason))
    }

    fn error(&self, operation: &'static str, path: &str, reason: &io::Error) -> FileError {
        let absent = reason.kind() == io::ErrorKind::NotFound;
        let has_folder = |file: &Path| match file.parent() {
            Some(folder) if folder != Path::new("") => folder.is_dir(),
            _ => true,
        };
        FileError {
            operation,
            path: path.to_owned(),
            reason: words(reason),
            absent,
            folder_absent: absent && !has_folder(&self.locate(path)),
        }
    }
}

/// An absolute path inside a root, out of which `..` does not lead.
fn below(root: &Path, path: &Path) -> PathBuf {
    let mut inside = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => inside.push(name),
            Component::ParentDir => {
                inside.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    let mut located = root.to_path_buf();
    located.extend(inside);
    located
}

/// What Go says of an error of the system.
fn words(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::NotADirectory => "not a directory",
        io::ErrorKind::IsADirectory => "is a directory",
        io::ErrorKind::InvalidInput => "invalid argument",
        io::ErrorKind::InvalidFilename => "file name too long",
        _ => return error.to_string(),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::Files;
    use std::path::Path;

    #[test]
    fn finds_paths_below_the_root() {
        let files = Files::new(Some(Path::new("/r")), Some(Path::new("/m/server.yaml")));
        for (path, located) in [
            ("/etc/pki/ca.crt", "/r/etc/pki/ca.crt"),
            ("/../../ca.crt", "/r/ca.crt"),
            ("pki/ca.crt", "/r/pki/ca.crt"),
        ] {
            assert_eq!(files.locate(path), Path::new(located));
        }
    }

    #[test]
    fn tells_errors_as_go_does() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let files = Files::new(Some(Path::new(folder)), None);
        let error = |path: &str| files.read(path).expect_err("no file").to_string();
        assert_eq!(
            error("none.crt"),
            "open none.crt: no such file or directory"
        );
        assert_eq!(error("src"), "read src: is a directory");
        assert_eq!(error("Cargo.toml/x"), "open Cargo.toml/x: not a directory");
        let beside = Files::new(None, Some(&Path::new(folder).join("src/lib.rs")));
        assert!(beside.read("apiserver/files.rs").is_ok());
    }
}
