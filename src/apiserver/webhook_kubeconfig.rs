//! The kubeconfig with which the server reaches a webhook: loaded as client-go loads it, and refused in its
//! words (`LoadKubeconfig` of the server's webhook package, `clientcmd` and `rest` of client-go).

mod decode;

use super::files::FileError;
use super::{aggregate, go_url};
use crate::model::Quoted;
use crate::pki;
use decode::{Cluster, Config, User};

const EMPTY: &str =
    "no configuration has been provided, try setting KUBERNETES_MASTER environment variable";

/// How the server reaches a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The URL without its query, as errors show it; empty where it cannot be known.
    pub url: String,
}

/// Reads the files that a kubeconfig names; what is only not part of this copy is `None`.
pub type Read<'r> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, FileError> + 'r;

/// Loads the kubeconfig at `path`. One that is not part of this copy gives an empty connection.
///
/// # Errors
/// The words with which the server refuses it.
pub fn load(path: &str, read: &mut Read<'_>) -> Result<Connection, String> {
    let data = match read(path) {
        Ok(Some(data)) => data,
        Ok(None) => return Ok(Connection::default()),
        // Whether it is there, is asked before it is opened.
        Err(FileError { reason, absent, .. }) if absent => {
            return Err(format!("stat {path}: {reason}"));
        }
        Err(error) => return Err(format!("error loading config file \"{path}\": {error}")),
    };
    let config = decode::decode(&data)
        .map_err(|error| format!("error loading config file \"{path}\": {error}"))?;
    let mut loader = Loader {
        folder: path.rsplit_once('/').map_or("", |(folder, _)| folder),
        read,
    };
    loader.connection(&config)
}

struct Loader<'r, 'f> {
    folder: &'r str,
    read: &'r mut Read<'f>,
}

impl Loader<'_, '_> {
    /// Relative names start from the kubeconfig's folder.
    fn path(&self, name: &str) -> String {
        match name.starts_with('/') || self.folder.is_empty() {
            true => name.to_owned(),
            false => format!("{}/{name}", self.folder),
        }
    }

    fn connection(&mut self, config: &Config) -> Result<Connection, String> {
        let context = config.context(&config.current_context);
        let (cluster_name, user_name) = match context {
            Some(context) => (&context.cluster[..], &context.user[..]),
            None => ("", ""),
        };
        let cluster = config.cluster(cluster_name);
        let mut errors = Vec::new();
        if context.is_none() && !config.current_context.is_empty() {
            let name = &config.current_context;
            errors.push(format!(
                "context was not found for specified context: {name}"
            ));
        }
        let user = config.user(user_name).cloned().unwrap_or_default();
        self.check_user(user_name, &user, &mut errors);
        let before = errors.len();
        match cluster {
            None => errors.push("cluster has no server defined".to_owned()),
            Some(cluster) => self.check_cluster(cluster_name, cluster, &mut errors),
        }
        if before == 0 && cluster.is_none() {
            errors = vec![EMPTY.to_owned()];
        }
        if let Some(error) = aggregate(&errors) {
            return Err(format!("invalid configuration: {error}"));
        }
        let Some(cluster) = cluster else {
            return Ok(Connection::default());
        };
        let url = url(cluster)?;
        if url.starts_with("https://") {
            self.check_tls(cluster, &user)?;
        }
        Ok(Connection { url })
    }

    /// `validateClusterInfo`
    fn check_cluster(&mut self, name: &str, cluster: &Cluster, errors: &mut Vec<String>) {
        if cluster.server.is_empty() {
            errors.push(format!("no server found for cluster {}", Quoted(name)));
        }
        if !cluster.ca_file.is_empty() {
            if !cluster.ca_data.is_empty() {
                errors.push(format!("certificate-authority-data and certificate-authority are both specified for {name}. certificate-authority-data will override."));
            }
            self.check_file("certificate-authority", &cluster.ca_file, name, errors);
        }
    }

    fn check_file(&mut self, what: &str, file: &str, of: &str, errors: &mut Vec<String>) {
        let path = self.path(file);
        if let Err(error) = (self.read)(&path) {
            errors.push(format!(
                "unable to read {what} {path} for {of} due to {error}"
            ));
        }
    }

    /// `validateAuthInfo`
    fn check_user(&mut self, name: &str, user: &User, errors: &mut Vec<String>) {
        let basic = user.has_basic;
        if user.has_cert() {
            if !user.cert_file.is_empty() && user.has_cert_data {
                errors.push(format!("client-cert-data and client-cert are both specified for {name}. client-cert-data will override."));
            }
            if !user.key_file.is_empty() && user.has_key_data {
                errors.push(format!("client-key-data and client-key are both specified for {name}; client-key-data will override"));
            }
            if user.key_file.is_empty() && !user.has_key_data {
                errors.push(format!("client-key-data or client-key must be specified for {name} to use the clientCert authentication method."));
            }
            for (what, file) in [
                ("client-cert", &user.cert_file),
                ("client-key", &user.key_file),
            ] {
                if !file.is_empty() {
                    self.check_file(what, file, name, errors);
                }
            }
        }
        if let Some(exec) = &user.exec {
            if user.has_auth_provider {
                errors.push(format!(
                    "authProvider cannot be provided in combination with an exec plugin for {name}"
                ));
            }
            for (field, value) in [
                ("command", &exec.command),
                ("apiVersion", &exec.api_version),
            ] {
                if value.is_empty() {
                    errors.push(format!(
                        "{field} must be specified for {name} to use exec authentication plugin"
                    ));
                }
            }
            if exec.has_nameless_env {
                errors.push(format!("env variable name must be specified for {name} to use exec authentication plugin"));
            }
            match &exec.interactive_mode[..] {
                "" if exec.api_version == "client.authentication.k8s.io/v1" => errors.push(format!(
                    "interactiveMode must be specified for {name} to use exec authentication plugin"
                )),
                // Older versions of the plugin have a default.
                "" | "Never" | "IfAvailable" | "Always" => {}
                other => errors.push(format!(
                    "invalid interactiveMode for {name}: {}",
                    Quoted(other)
                )),
            }
        }
        if user.has_token && basic {
            errors.push(format!("more than one authentication method found for {name}; found [token basicAuth], only one is allowed"));
        }
        if user.impersonates_nobody {
            errors.push(format!(
                "requesting uid, groups or user-extra for {name} without impersonating a user"
            ));
        }
    }

    /// What needs a connection that is encrypted.
    fn check_tls(&mut self, cluster: &Cluster, user: &User) -> Result<(), String> {
        if !user.has_token && !user.token_file.is_empty() {
            let path = self.path(&user.token_file);
            (self.read)(&path).map_err(|error| error.to_string())?;
        }
        let ca = match (&cluster.ca_data[..], &cluster.ca_file[..]) {
            ([], "") => return Ok(()),
            ([], file) => {
                let path = self.path(file);
                let read = (self.read)(&path).map_err(|error| error.to_string())?;
                match read {
                    Some(data) => data,
                    None => return Ok(()),
                }
            }
            (data, _) => data.to_vec(),
        };
        if cluster.insecure {
            return Err(
                "specifying a root certificates file with the insecure flag is not allowed"
                    .to_owned(),
            );
        }
        let mut blocks = pki::pem::blocks(&ca).peekable();
        if blocks.peek().is_none() && !ca.is_empty() {
            return Err(
                "unable to load root certificates: unable to parse bytes as PEM block".to_owned(),
            );
        }
        Ok(())
    }
}

/// The URL that requests go to (`DefaultServerURL`, and what `rest.Request` makes of it).
fn url(cluster: &Cluster) -> Result<String, String> {
    let server = &cluster.server[..];
    let parsed = go_url::parse(server);
    let whole = parsed
        .as_ref()
        .is_ok_and(|url| !url.scheme.is_empty() && !url.host.is_empty());
    let url = match parsed {
        Ok(url) if whole => url,
        _ => {
            let tls =
                cluster.insecure || !cluster.ca_data.is_empty() || !cluster.ca_file.is_empty();
            let scheme = if tls { "https://" } else { "http://" };
            let url = go_url::parse(&format!("{scheme}{server}"))?;
            if !matches!(&url.path[..], "" | "/") {
                return Err(format!(
                    "host must be a URL or a host:port pair: {}",
                    Quoted(server)
                ));
            }
            url
        }
    };
    Ok(format!("{}://{}{}", url.scheme, url.host, clean(&url.path)))
}

/// `path.Join("/", path)`
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::apiserver::files::FileError;

    fn told(text: &str) -> Result<String, String> {
        let mut read = |path: &str| match path {
            "etc/k" => Ok(Some(text.as_bytes().to_vec())),
            "etc/ca" => Ok(Some(b"no PEM".to_vec())),
            _ => Err(FileError {
                operation: "open",
                path: path.to_owned(),
                reason: "no such file or directory".to_owned(),
                absent: true,
                folder_absent: false,
            }),
        };
        load("etc/k", &mut read).map(|connection| connection.url)
    }

    fn with(cluster: &str, user: &str) -> Result<String, String> {
        told(&format!(
            "clusters: [{{name: c, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\ncurrent-context: x\n"
        ))
    }

    #[test]
    fn urls_are_client_gos() {
        for (server, url) in [
            ("http://127.0.0.1:1/default", "http://127.0.0.1:1/default"),
            ("http://h", "http://h/"),
            ("https://h/a/../b/?q=1#f", "https://h/b"),
            ("127.0.0.1:1", "http://127.0.0.1:1/"),
            ("authorize", "http://authorize/"),
        ] {
            let found = with(&format!("server: '{server}'"), "");
            assert_eq!(found.as_deref(), Ok(url), "{server}");
        }
        assert_eq!(
            with("server: a/b", ""),
            Err("host must be a URL or a host:port pair: \"a/b\"".to_owned())
        );
    }

    #[test]
    fn refuses_as_client_go_does() {
        for (cluster, user, error) in [
            (
                "",
                "",
                "invalid configuration: no server found for cluster \"c\"",
            ),
            (
                "server: 'https://h', certificate-authority: none",
                "token: t, username: me",
                "invalid configuration: [more than one authentication method found for u; found [token basicAuth], only one is allowed, unable to read certificate-authority etc/none for c due to open etc/none: no such file or directory]",
            ),
            (
                "server: 'https://h', certificate-authority: ca",
                "",
                "unable to load root certificates: unable to parse bytes as PEM block",
            ),
            (
                "server: 'https://h', certificate-authority: ca, insecure-skip-tls-verify: true",
                "",
                "specifying a root certificates file with the insecure flag is not allowed",
            ),
            (
                "server: 5",
                "",
                "error loading config file \"etc/k\": json: cannot unmarshal number into Go struct field Cluster.clusters.cluster.server of type string",
            ),
            (
                "server: 'http://h'",
                "client-certificate-data: YQ==",
                "invalid configuration: client-key-data or client-key must be specified for u to use the clientCert authentication method.",
            ),
        ] {
            assert_eq!(with(cluster, user), Err(error.to_owned()));
        }
        assert_eq!(
            told("kind: Pod\napiVersion: v1\n"),
            Err("error loading config file \"etc/k\": no kind \"Pod\" is registered for version \"v1\" in scheme \"k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50\"".to_owned())
        );
        let mut read = |path: &str| {
            Err(FileError {
                operation: "open",
                path: path.to_owned(),
                reason: "no such file or directory".to_owned(),
                absent: true,
                folder_absent: false,
            })
        };
        assert_eq!(
            load("x", &mut read),
            Err("stat x: no such file or directory".to_owned())
        );
    }
}
