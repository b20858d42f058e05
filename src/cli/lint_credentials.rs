//! What `lint` reads beside manifests: tokens and kubeconfigs in files, who may read these, and the API
//! server's configuration.

use super::args::{Common, LintArgs};
use super::server::{Server, command_line};
use crate::answer::token_inspection::{self, TokenKind};
use crate::apiserver::{LoadedConfig, token_file};
use crate::lint::credentials::{
    Credentials, Held, Holder, SecretFile, Server as LintServer, StaticTokens, kubeconfig_entry,
};
use crate::load::discover::Source;
use crate::model::{Cluster, FileId, Position, Secret};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The longest token that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// The server, or why none can be made of its configuration.
pub(super) fn server(common: &Common) -> Result<(Option<Server>, Option<String>)> {
    let given = common.server.apiserver.is_some() || !common.server.apiserver_flag.is_empty();
    if !given {
        return Ok((None, None));
    }
    // What cannot be read stops the command; what no server starts with is no server to judge by.
    command_line(&common.server)?;
    match Server::load(&common.server) {
        Ok(server) => Ok((Some(server), None)),
        Err(error) if error.to_string().contains("would refuse to start") => {
            Ok((None, Some(error.to_string())))
        }
        Err(error) => Err(error),
    }
}

/// Files that the paths of `lint` name and that are no manifests.
#[derive(Debug, Default)]
pub(super) struct Beside {
    tokens: Vec<(String, Secret)>,
    csv: Vec<PathBuf>,
}

impl Beside {
    /// Takes a file that was named by itself and is no manifest; whether it is one.
    pub(super) fn take(&mut self, source: &Source, text: &str) -> bool {
        if let Source::File(path) = source
            && path.extension().is_some_and(|e| e == "csv")
        {
            self.csv.push(path.clone());
            return true;
        }
        let text = text.trim();
        if text.is_empty() || text.len() > 1 << 16 || text.contains(char::is_whitespace) {
            return false;
        }
        let is_token = matches!(
            token_inspection::kind(text).0,
            TokenKind::BoundServiceAccount
                | TokenKind::LegacyServiceAccount
                | TokenKind::Oidc
                | TokenKind::OtherJwt
                | TokenKind::Bootstrap
        );
        if is_token {
            self.tokens.push((source.name(), Secret::new(text)));
        }
        is_token
    }
}

/// Everything that is judged beside the policy.
pub(super) fn gather<'s>(
    common: &Common,
    args: &LintArgs,
    cluster: &Cluster,
    beside: Beside,
    server: Option<&'s Server>,
    unusable: Option<String>,
) -> Result<Credentials<'s>> {
    let config = server.and_then(Server::config);
    let mut credentials = Credentials {
        server: server.zip(config).map(|(server, config)| LintServer {
            authenticators: &server.authenticators,
            config,
        }),
        unusable,
        ..Credentials::default()
    };
    for (name, token) in beside.tokens {
        credentials.note_file(Path::new(&name), "a token");
        credentials.tokens.push(in_file(&name, token));
    }
    for path in &args.token_file {
        let source = match path == Path::new("-") {
            true => Source::Stdin,
            false => Source::File(path.clone()),
        };
        let Ok(text) = String::from_utf8(source.read_bytes(LONGEST)?) else {
            bail!("{}: holds no token, which is UTF-8 text", source.name());
        };
        credentials.note_file(path, "a token");
        let token = Secret::new(text.trim());
        credentials.tokens.push(in_file(&source.name(), token));
    }
    of_kubeconfigs(cluster, &mut credentials);
    for path in &beside.csv {
        credentials.static_tokens(&path.display().to_string(), path)?;
    }
    of_server(common, config, &mut credentials)?;
    for path in &args.audit_log {
        let log = credentials.audit.get_or_insert_default();
        for event in crate::cli::trace::audit::read(path)? {
            log.add(&event);
        }
    }
    Ok(credentials)
}

fn in_file(name: &str, token: Secret) -> Held {
    Held {
        token,
        holder: Holder::File,
        object: crate::answer::danger::quoted(name),
        at: Position {
            file: FileId::BUILT_IN,
            line: 1,
            column: 1,
        },
        file: Some(name.to_owned()),
    }
}

fn of_kubeconfigs(cluster: &Cluster, credentials: &mut Credentials<'_>) {
    let mut seen = None;
    for entry in &cluster.notes().kubeconfigs {
        let name = cluster.file_name(entry.position.file);
        let path = Path::new(name);
        if entry.object.is_empty() && entry.holds_secret && seen != Some(entry.position.file) {
            seen = Some(entry.position.file);
            credentials.note_file(path, "a kubeconfig with credentials");
        }
        // What a pod would find below its root is not on this machine.
        let Some(file) = entry
            .token_file
            .as_ref()
            .filter(|_| entry.object.is_empty())
        else {
            continue;
        };
        let file = path.parent().unwrap_or(Path::new("")).join(file);
        let text = Source::File(file.clone()).read_bytes(LONGEST).ok();
        let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            let why = format!(
                "{}, which the {} names, cannot be read",
                file.display(),
                kubeconfig_entry("", &entry.user)
            );
            credentials.unread.push(why);
            continue;
        };
        credentials.note_file(&file, "a token");
        credentials.tokens.push(Held {
            token: Secret::new(text.trim()),
            holder: Holder::Kubeconfig {
                user: entry.user.clone(),
            },
            object: kubeconfig_entry("", &entry.user),
            at: entry.position,
            file: None,
        });
    }
}

/// The secret files that the server's command line names, whether it would start with them or not.
fn of_server(
    common: &Common,
    config: Option<&LoadedConfig>,
    credentials: &mut Credentials<'_>,
) -> Result<()> {
    let given = common.server.apiserver.is_some() || !common.server.apiserver_flag.is_empty();
    if !given {
        return Ok(());
    }
    let (line, files) = command_line(&common.server)?;
    let parsed = line.parse().ok();
    let flags = config.map(|config| &config.flags).or(parsed.as_ref());
    let named = |flag| {
        flags
            .and_then(|flags| flags.file(flag))
            .map(|path| files.locate(&path))
    };
    if let Some(path) = named("token-auth-file")
        && path.is_file()
    {
        credentials.note_file(&path, "static tokens");
        credentials.static_tokens(&path.display().to_string(), &path)?;
    }
    if let Some(path) = named("service-account-signing-key-file")
        && path.is_file()
    {
        credentials.note_file(&path, "the key that signs service account tokens");
    }
    Ok(())
}

impl Credentials<'_> {
    fn static_tokens(&mut self, name: &str, path: &Path) -> Result<()> {
        if self.token_files.iter().any(|file| file.name == name) {
            return Ok(());
        }
        let text = Source::File(path.to_path_buf()).read_bytes(64 << 20)?;
        let (rows, trouble) = token_file::look(&text);
        self.token_files.push(StaticTokens {
            name: name.to_owned(),
            rows,
            trouble,
        });
        Ok(())
    }

    /// Notes who may read a file; what is no file, such as standard input, has no permissions.
    fn note_file(&mut self, path: &Path, what: &'static str) {
        let Ok(metadata) = std::fs::metadata(path) else {
            return;
        };
        if metadata.is_file() {
            self.files.push(SecretFile {
                name: path.display().to_string(),
                what,
                mode: mode(&metadata),
            });
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode())
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> Option<u32> {
    None
}
