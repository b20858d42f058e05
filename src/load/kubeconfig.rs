//! A kubeconfig's contexts (docs page "Organizing Cluster Access Using kubeconfig Files"): which
//! namespace and which user a command is about. Credentials are not read.

use super::LoadError;
use super::discover::Source;
use serde::Deserialize;
use std::path::Path;

/// The context that a command runs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The namespace; empty where the context names none.
    pub namespace: String,
    /// The name of the kubeconfig's user entry.
    pub user: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    #[serde(rename = "current-context")]
    current_context: Option<String>,
    contexts: Option<Vec<NamedContext>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamedContext {
    name: Option<String>,
    context: Option<ContextEntry>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContextEntry {
    namespace: Option<String>,
    user: Option<String>,
}

/// Reads the named context of a kubeconfig, or its current one. No current context is an empty context.
///
/// # Errors
/// [`LoadError`] for what cannot be read, and for a context that does not exist.
pub fn context(path: &Path, name: Option<&str>) -> Result<Context, LoadError> {
    let source = Source::File(path.to_path_buf());
    let text = source.read()?;
    let config: Config = serde_yaml::from_str(&text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |l| (l.line(), l.column()));
        LoadError::Malformed {
            file: source.name(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            // Its text could quote a credential.
            message: "is no kubeconfig that can be read".to_owned(),
        }
    })?;
    let wanted = name.map(str::to_owned).or(config.current_context);
    let Some(wanted) = wanted.filter(|name| !name.is_empty()) else {
        return Ok(Context::default());
    };
    let mut contexts = config.contexts.unwrap_or_default().into_iter();
    match contexts.find(|context| context.name.as_deref() == Some(&wanted)) {
        Some(found) => {
            let entry = found.context.unwrap_or_default();
            Ok(Context {
                namespace: entry.namespace.unwrap_or_default(),
                user: entry.user.unwrap_or_default(),
            })
        }
        None => Err(LoadError::Unsuitable {
            file: source.name(),
            message: format!("has no context {wanted:?}"),
        }),
    }
}
