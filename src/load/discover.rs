//! From what the user names (files, folders, patterns, `-`) to texts, in a fixed order.

use super::LoadError;
use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The endings that a folder is searched for.
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "jsonl"];

/// The largest file that is read, in bytes. A dump of 100 000 bindings has about 50 MB.
const MAX_FILE: u64 = 1 << 30;

/// The name of our own configuration, which is no manifest.
pub const CONFIGURATION: &str = "rbac-check.yaml";

/// How deep folders may be nested.
const MAX_DEPTH: usize = 256;

/// What was read from standard input is gone: a second reader would find nothing and say nothing.
static STDIN_READ: AtomicBool = AtomicBool::new(false);

/// A file to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// The name for messages.
    pub fn name(&self) -> String {
        match self {
            Source::Stdin => "<stdin>".to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Reads the text, refusing what is too large or no UTF-8.
    ///
    /// # Errors
    /// [`LoadError`], naming the file and the place of the first byte that is no text.
    pub fn read(&self) -> Result<String, LoadError> {
        let bytes = self.read_bytes(MAX_FILE)?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(LoadError::Unsuitable {
                file: self.name(),
                message: "is UTF-16; convert it to UTF-8".to_owned(),
            });
        }
        String::from_utf8(bytes).map_err(|error| {
            let (valid, rest) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
            self.not_text(valid, rest.first().copied().unwrap_or(0))
        })
    }

    /// Reads the bytes, refusing what has more of them than `most`.
    ///
    /// # Errors
    /// [`LoadError`], naming the file.
    pub fn read_bytes(&self, most: u64) -> Result<Vec<u8>, LoadError> {
        let io = |reason| LoadError::Io {
            path: PathBuf::from(self.name()),
            reason,
        };
        let mut bytes = Vec::new();
        match self {
            Source::Stdin if STDIN_READ.swap(true, Ordering::Relaxed) => {
                return Err(LoadError::Unsuitable {
                    file: self.name(),
                    message: "can be read only once; name a file in one of the places".to_owned(),
                });
            }
            Source::Stdin => read_bounded(std::io::stdin().lock(), most, &mut bytes).map_err(io)?,
            Source::File(path) => {
                let file = fs::File::open(path).map_err(io)?;
                let metadata = file.metadata().map_err(io)?;
                if metadata.is_dir() {
                    return Err(io(std::io::ErrorKind::IsADirectory.into()));
                }
                if metadata.len() > most {
                    return Err(self.too_large(most));
                }
                bytes.reserve_exact(usize::try_from(metadata.len()).unwrap_or(0) + 1);
                read_bounded(file, most, &mut bytes).map_err(io)?;
            }
        }
        if bytes.len() as u64 > most {
            return Err(self.too_large(most));
        }
        Ok(bytes)
    }

    fn too_large(&self, most: u64) -> LoadError {
        let advice = if most == MAX_FILE { "; split it" } else { "" };
        LoadError::Unsuitable {
            file: self.name(),
            message: format!(
                "is larger than {} MiB, the most that is read from one file{advice}",
                most >> 20
            ),
        }
    }

    fn not_text(&self, before: &[u8], byte: u8) -> LoadError {
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let column = String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count()
            + 1;
        LoadError::Malformed {
            file: self.name(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            message: format!(
                "byte 0x{byte:02x} is no UTF-8; manifests are UTF-8 text (is this a binary file?)"
            ),
        }
    }
}

fn read_bounded(reader: impl Read, most: u64, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    reader
        .take(most.saturating_add(1))
        .read_to_end(bytes)
        .map(drop)
}

/// Lists the sources that the user's words name: a file as it is, a folder's manifests in the order of
/// their names, a pattern's matches, `-` for standard input.
///
/// # Errors
/// [`LoadError`] for what does not exist, cannot be read or matches nothing.
pub fn discover(named: &[String]) -> Result<Vec<Source>, LoadError> {
    let mut found = Vec::new();
    for name in named {
        if name == "-" {
            found.push(Source::Stdin);
            continue;
        }
        let path = Path::new(name);
        if path.exists() || !name.contains(['*', '?', '[']) {
            add(path, &mut found)?;
            continue;
        }
        let unsuitable = |message: String| LoadError::Unsuitable {
            file: name.clone(),
            message,
        };
        let matches = glob::glob(name).map_err(|e| unsuitable(format!("is no pattern: {e}")))?;
        let before = found.len();
        for entry in matches {
            let path = entry.map_err(|e| LoadError::Io {
                path: e.path().to_path_buf(),
                reason: e.into(),
            })?;
            add(&path, &mut found)?;
        }
        if found.len() == before {
            return Err(unsuitable("matches no file".to_owned()));
        }
    }
    Ok(found)
}

fn add(path: &Path, found: &mut Vec<Source>) -> Result<(), LoadError> {
    let metadata = fs::metadata(path).map_err(|reason| LoadError::Io {
        path: path.to_path_buf(),
        reason,
    })?;
    if metadata.is_dir() {
        walk(path, &mut HashSet::new(), 0, found)
    } else {
        found.push(Source::File(path.to_path_buf()));
        Ok(())
    }
}

/// Files before deeper ones only as their names sort, as `kubectl apply -R -f` walks. A folder that was
/// entered before, through a symbolic link, is not entered again: its files are loaded already.
fn walk(
    folder: &Path,
    entered: &mut HashSet<PathBuf>,
    depth: usize,
    found: &mut Vec<Source>,
) -> Result<(), LoadError> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |reason| LoadError::Io { path, reason }
    };
    if !entered.insert(folder.canonicalize().map_err(io(folder))?) {
        return Ok(());
    }
    if depth > MAX_DEPTH {
        return Err(LoadError::Unsuitable {
            file: folder.display().to_string(),
            message: format!("folders are nested more than {MAX_DEPTH} deep"),
        });
    }
    let mut paths = fs::read_dir(folder)
        .map_err(io(folder))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io(folder))?;
    paths.sort();
    for path in paths {
        let wanted = path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| EXTENSIONS.contains(&e));
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => walk(&path, entered, depth + 1, found)?,
            Ok(_) if path.file_name().is_some_and(|name| name == CONFIGURATION) => {}
            Ok(metadata) if wanted && !metadata.is_file() => {
                return Err(LoadError::Unsuitable {
                    file: path.display().to_string(),
                    message: "is no regular file, and reading it might never end; \
                              name it by itself to read it, or move it out of the folder"
                        .to_owned(),
                });
            }
            Ok(_) if wanted => found.push(Source::File(path)),
            Ok(_) => {}
            // A broken link of another name would not have been loaded anyway.
            Err(_) if !wanted => {}
            Err(reason) => return Err(LoadError::Io { path, reason }),
        }
    }
    Ok(())
}
