//! Kubeconfigs (docs page "Organizing Cluster Access Using kubeconfig Files"): which namespace a command
//! is about, and with which credential it asks. Several files are merged as kubectl merges them.

use super::decode::{DecodeError, list, mapping, string, string_field};
use super::discover::Source;
use super::tree::{Entry, Kind, Tree, Value};
use super::{LoadError, whole};
use crate::model::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One or more kubeconfigs, merged: of two entries of one name, the first counts.
#[derive(Debug, Default)]
pub struct Kubeconfig {
    /// The files, for messages.
    name: String,
    current_context: String,
    contexts: BTreeMap<String, Context>,
    users: BTreeMap<String, AuthInfo>,
}

/// The context that a command runs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The namespace; empty where the context names none.
    pub namespace: String,
    /// The name of the kubeconfig's user entry.
    pub user: String,
}

/// The credential of a user entry.
#[derive(Clone, Debug, Default)]
pub struct AuthInfo {
    /// Where the entry stands.
    pub place: String,
    /// The client certificate in PEM, with its chain.
    pub client_certificate: Option<Pem>,
    /// A bearer token.
    pub token: Option<Secret>,
    /// A file that holds one; what it holds is sent instead of `token`.
    pub token_file: Option<PathBuf>,
    /// User name and password.
    pub basic: Option<(String, Secret)>,
    /// The name of an `auth-provider`.
    pub auth_provider: Option<String>,
    /// The command of an `exec` plugin.
    pub exec: Option<String>,
    /// Whom it impersonates.
    pub impersonate: Impersonate,
}

/// The impersonation fields of a user entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonate {
    /// `as`.
    pub user: String,
    /// `as-uid`.
    pub uid: String,
    /// `as-groups`.
    pub groups: Vec<String>,
    /// `as-user-extra`.
    pub extra: BTreeMap<String, Vec<String>>,
}

/// A certificate in a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pem {
    /// Inline.
    Data(Vec<u8>),
    /// In a file.
    File(PathBuf),
}

impl Kubeconfig {
    /// Reads and merges kubeconfigs. Of several, those that do not exist are left out, as kubectl does
    /// with `KUBECONFIG`.
    ///
    /// # Errors
    /// [`LoadError`] for what cannot be read.
    pub fn load(paths: &[PathBuf], may_be_missing: bool) -> Result<Kubeconfig, LoadError> {
        let mut merged = Kubeconfig::default();
        let mut names = Vec::new();
        for path in paths {
            if may_be_missing && !path.exists() {
                continue;
            }
            let source = Source::File(path.clone());
            let one = parse(&source.name(), &source.read()?, path.parent())?;
            names.push(source.name());
            if merged.current_context.is_empty() {
                merged.current_context = one.current_context;
            }
            for (name, context) in one.contexts {
                merged.contexts.entry(name).or_insert(context);
            }
            for (name, user) in one.users {
                merged.users.entry(name).or_insert(user);
            }
        }
        merged.name = names.join(", ");
        Ok(merged)
    }

    /// The named context, or the current one. No current context is an empty context.
    ///
    /// # Errors
    /// [`LoadError`] for a context that does not exist.
    pub fn context(&self, name: Option<&str>) -> Result<Context, LoadError> {
        let wanted = name.unwrap_or(&self.current_context);
        if wanted.is_empty() {
            return Ok(Context::default());
        }
        self.contexts
            .get(wanted)
            .cloned()
            .ok_or_else(|| self.lacks("context", wanted))
    }

    /// The credential of a user entry; an empty one for the empty name.
    ///
    /// # Errors
    /// [`LoadError`] for a user that does not exist.
    pub fn user(&self, name: &str) -> Result<AuthInfo, LoadError> {
        if name.is_empty() {
            return Ok(AuthInfo::default());
        }
        self.users
            .get(name)
            .cloned()
            .ok_or_else(|| self.lacks("user", name))
    }

    /// Every user entry, by name.
    pub fn users(&self) -> impl Iterator<Item = (&str, &AuthInfo)> {
        self.users.iter().map(|(name, user)| (&**name, user))
    }

    fn lacks(&self, what: &str, name: &str) -> LoadError {
        LoadError::Unsuitable {
            file: self.name.clone(),
            message: format!("has no {what} {name:?}"),
        }
    }
}

/// Reads the text of one kubeconfig; relative file names in it are resolved from `folder`.
///
/// # Errors
/// [`LoadError::Malformed`] with the place. It quotes nothing of the text: it may hold credentials.
pub fn parse(name: &str, text: &str, folder: Option<&Path>) -> Result<Kubeconfig, LoadError> {
    let malformed = |line, column, message| LoadError::Malformed {
        file: name.to_owned(),
        line,
        column,
        message,
    };
    let documents = whole::documents(text).map_err(|e| {
        let message = format!("is no kubeconfig that can be read: {}", e.message);
        malformed(e.line, e.column, message)
    })?;
    // kubectl reads the first document.
    let Some(root) = documents.first().and_then(Tree::root) else {
        return Ok(Kubeconfig::default());
    };
    let reader = Reader { name, folder };
    reader
        .kubeconfig(root)
        .map_err(|e| malformed(e.line, e.column, e.message))
}

struct Reader<'a> {
    name: &'a str,
    folder: Option<&'a Path>,
}

impl Reader<'_> {
    fn kubeconfig(&self, root: Value<'_>) -> Result<Kubeconfig, DecodeError> {
        if root.kind() != Kind::Mapping {
            let message = "expected a kubeconfig (a mapping with contexts and users)";
            return Err(DecodeError::at(root, message));
        }
        let kind = string_field(root, "kind", format_args!("kind"))?;
        if !matches!(kind, "" | "Config") {
            let message = "expected a kubeconfig: apiVersion v1, kind Config";
            return Err(DecodeError::at(root.get("kind").unwrap_or(root), message));
        }
        let mut config = Kubeconfig {
            name: self.name.to_owned(),
            current_context: string_field(
                root,
                "current-context",
                format_args!("current-context"),
            )?
            .to_owned(),
            ..Kubeconfig::default()
        };
        for (name, entry) in named(root, "contexts", "context")? {
            let field = |field: &str| match entry {
                Some(entry) => {
                    string_field(entry, field, format_args!("contexts[].context.{field}"))
                }
                None => Ok(""),
            };
            let context = Context {
                namespace: field("namespace")?.to_owned(),
                user: field("user")?.to_owned(),
            };
            config.contexts.insert(name, context);
        }
        for (name, entry) in named(root, "users", "user")? {
            let user = match entry {
                Some(entry) => self.auth_info(entry)?,
                None => AuthInfo::default(),
            };
            config.users.insert(name, user);
        }
        Ok(config)
    }

    fn auth_info(&self, entry: Value<'_>) -> Result<AuthInfo, DecodeError> {
        let field = |name: &str| string_field(entry, name, format_args!("users[].user.{name}"));
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let file =
            |text: &str| given(text).map(|text| self.folder.unwrap_or(Path::new("")).join(text));
        let data = field("client-certificate-data")?;
        let client_certificate = match data {
            "" => file(field("client-certificate")?).map(Pem::File),
            text => {
                let plain: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
                let bytes = STANDARD.decode(plain).map_err(|_| {
                    DecodeError::at(
                        entry.get("client-certificate-data").unwrap_or(entry),
                        "users[].user.client-certificate-data: expected base64",
                    )
                })?;
                Some(Pem::Data(bytes))
            }
        };
        let (username, password) = (field("username")?, field("password")?);
        let under = |parent: &str, name: &str| -> Result<Option<String>, DecodeError> {
            let Some(found) = mapping(entry.get(parent), format_args!("users[].user.{parent}"))?
            else {
                return Ok(None);
            };
            string_field(found, name, format_args!("users[].user.{parent}.{name}"))
                .map(|text| Some(text.to_owned()))
        };
        let mut impersonate = Impersonate {
            user: field("as")?.to_owned(),
            uid: field("as-uid")?.to_owned(),
            groups: strings(entry.get("as-groups"), "users[].user.as-groups")?,
            extra: BTreeMap::new(),
        };
        let extra = entry.get("as-user-extra");
        let extra = mapping(extra, format_args!("users[].user.as-user-extra"))?;
        for Entry { name, value, .. } in extra.iter().flat_map(|extra| extra.entries()) {
            let path = format!("users[].user.as-user-extra.{name}");
            let values = strings(Some(value), &path)?;
            impersonate.extra.insert(name.to_owned(), values);
        }
        Ok(AuthInfo {
            place: format!("{}:{}:{}", self.name, entry.line(), entry.column()),
            client_certificate,
            token: given(field("token")?).map(Secret::new),
            token_file: file(field("tokenFile")?),
            basic: (!username.is_empty() || !password.is_empty())
                .then(|| (username.to_owned(), Secret::new(password))),
            auth_provider: under("auth-provider", "name")?,
            exec: under("exec", "command")?,
            impersonate,
        })
    }
}

/// The entries of a list of named things: the name, and what it names.
fn named<'t>(
    root: Value<'t>,
    field: &str,
    inner: &str,
) -> Result<Vec<(String, Option<Value<'t>>)>, DecodeError> {
    let mut found: Vec<(String, Option<Value<'t>>)> = Vec::new();
    let Some(items) = list(root.get(field), format_args!("{field}"))? else {
        return Ok(found);
    };
    for (i, item) in items.items().enumerate() {
        let Some(item) = mapping(Some(item), format_args!("{field}[{i}]"))? else {
            continue;
        };
        let name = string_field(item, "name", format_args!("{field}[{i}].name"))?;
        if found.iter().any(|(seen, _)| seen == name) {
            return Err(DecodeError::at(
                item,
                format!(
                    "{field}: the name {name:?} is given twice in one file, which kubectl refuses"
                ),
            ));
        }
        let path = format_args!("{field}[{i}].{inner}");
        found.push((name.to_owned(), mapping(item.get(inner), path)?));
    }
    Ok(found)
}

fn strings(value: Option<Value<'_>>, path: &str) -> Result<Vec<String>, DecodeError> {
    let Some(items) = list(value, format_args!("{path}"))? else {
        return Ok(Vec::new());
    };
    let items = items.items();
    items
        .map(|item| {
            Ok(string(item, format_args!("{path}[]"))?
                .unwrap_or("")
                .to_owned())
        })
        .collect()
}

/// The files that kubectl reads without `--kubeconfig`: those of `KUBECONFIG`, or `~/.kube/config`.
pub fn default_paths() -> Vec<PathBuf> {
    let named = std::env::var_os("KUBECONFIG").filter(|paths| !paths.is_empty());
    let mut paths: Vec<PathBuf> = match named {
        Some(paths) => std::env::split_paths(&paths)
            .filter(|path| !path.as_os_str().is_empty())
            .collect(),
        None => std::env::var_os("HOME")
            .map(|home| PathBuf::from(home).join(".kube/config"))
            .into_iter()
            .collect(),
    };
    paths.dedup();
    paths
}
