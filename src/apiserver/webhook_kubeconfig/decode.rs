//! A kubeconfig as client-go decodes it: unknown fields do not matter, wrong types do. No secret is kept.

use crate::load::tree::Value;
use crate::load::typed::{Document, Struct, Type, items, present, text};
use crate::model::Quoted;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use Type::{Any, Bool, List, Map, String as Text};

const SCHEME: &str = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50";

static CONFIG: Struct = Struct {
    name: "Config",
    fields: &[
        ("kind", Text),
        ("apiVersion", Text),
        ("preferences", Any),
        ("clusters", List(&Type::Struct(&NAMED_CLUSTER))),
        ("users", List(&Type::Struct(&NAMED_USER))),
        ("contexts", List(&Type::Struct(&NAMED_CONTEXT))),
        ("current-context", Text),
    ],
};

static NAMED_CLUSTER: Struct = Struct {
    name: "NamedCluster",
    fields: &[("name", Text), ("cluster", Type::Struct(&CLUSTER))],
};

static NAMED_USER: Struct = Struct {
    name: "NamedAuthInfo",
    fields: &[("name", Text), ("user", Type::Struct(&USER))],
};

static NAMED_CONTEXT: Struct = Struct {
    name: "NamedContext",
    fields: &[("name", Text), ("context", Type::Struct(&CONTEXT))],
};

static CLUSTER: Struct = Struct {
    name: "Cluster",
    fields: &[
        ("server", Text),
        ("tls-server-name", Text),
        ("insecure-skip-tls-verify", Bool),
        ("certificate-authority", Text),
        ("certificate-authority-data", Type::Bytes),
        ("proxy-url", Text),
        ("disable-compression", Bool),
    ],
};

static USER: Struct = Struct {
    name: "AuthInfo",
    fields: &[
        ("client-certificate", Text),
        ("client-certificate-data", Type::Bytes),
        ("client-key", Text),
        ("client-key-data", Type::Bytes),
        ("token", Text),
        ("tokenFile", Text),
        ("as", Text),
        ("as-uid", Text),
        ("as-groups", List(&Text)),
        ("as-user-extra", Map(&List(&Text))),
        ("username", Text),
        ("password", Text),
        ("auth-provider", Type::Struct(&AUTH_PROVIDER)),
        ("exec", Type::Struct(&EXEC)),
    ],
};

static AUTH_PROVIDER: Struct = Struct {
    name: "AuthProviderConfig",
    fields: &[("name", Text), ("config", Map(&Text))],
};

static EXEC: Struct = Struct {
    name: "ExecConfig",
    fields: &[
        ("command", Text),
        ("args", List(&Text)),
        ("env", List(&Type::Struct(&ENV))),
        ("apiVersion", Text),
        ("installHint", Text),
        ("provideClusterInfo", Bool),
        ("interactiveMode", Text),
    ],
};

static ENV: Struct = Struct {
    name: "ExecEnvVar",
    fields: &[("name", Text), ("value", Text)],
};

static CONTEXT: Struct = Struct {
    name: "Context",
    fields: &[("cluster", Text), ("user", Text), ("namespace", Text)],
};

/// A kubeconfig, as far as it says how a server is reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    pub(super) current_context: String,
    clusters: Vec<(String, Cluster)>,
    users: Vec<(String, User)>,
    contexts: Vec<(String, Context)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cluster {
    pub(super) server: String,
    pub(super) insecure: bool,
    pub(super) ca_file: String,
    pub(super) ca_data: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) cluster: String,
    pub(super) user: String,
}

/// A user entry: what it has, never what it is.
#[derive(Clone, Debug, Default)]
pub(super) struct User {
    pub(super) cert_file: String,
    pub(super) has_cert_data: bool,
    pub(super) key_file: String,
    pub(super) has_key_data: bool,
    pub(super) has_token: bool,
    pub(super) token_file: String,
    pub(super) has_basic: bool,
    pub(super) has_auth_provider: bool,
    pub(super) impersonates_nobody: bool,
    pub(super) exec: Option<Exec>,
}

impl User {
    pub(super) fn has_cert(&self) -> bool {
        self.has_cert_data || !self.cert_file.is_empty()
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Exec {
    pub(super) command: String,
    pub(super) api_version: String,
    pub(super) interactive_mode: String,
    pub(super) has_nameless_env: bool,
}

impl Config {
    pub(super) fn cluster(&self, name: &str) -> Option<&Cluster> {
        find(&self.clusters, name)
    }

    pub(super) fn user(&self, name: &str) -> Option<&User> {
        find(&self.users, name)
    }

    pub(super) fn context(&self, name: &str) -> Option<&Context> {
        find(&self.contexts, name)
    }
}

fn find<'a, T>(entries: &'a [(String, T)], name: &str) -> Option<&'a T> {
    let mut entries = entries.iter();
    entries.find(|(n, _)| n == name).map(|(_, value)| value)
}

/// Decodes a kubeconfig; nothing at all is an empty one.
///
/// # Errors
/// client-go's words. They quote nothing of the file but names of entries, kinds and versions.
pub(super) fn decode(data: &[u8]) -> Result<Config, String> {
    if data.is_empty() {
        return Ok(Config::default());
    }
    let Ok(content) = std::str::from_utf8(data) else {
        return Err("yaml: invalid leading UTF-8 octet".to_owned());
    };
    let document = Document::parse_yaml(content)?;
    let (api_version, kind) = document.type_meta()?;
    // What is left out is as awaited.
    if !matches!((api_version, kind), ("" | "v1", "" | "Config")) {
        let version = if api_version.is_empty() {
            "v1"
        } else {
            api_version
        };
        let kind = if kind.is_empty() { "Config" } else { kind };
        let (kind, version) = (Quoted(kind), Quoted(version));
        return Err(format!(
            "no kind {kind} is registered for version {version} in scheme \"{SCHEME}\""
        ));
    }
    if let Some(error) = document.check(&CONFIG, "v1").error {
        return Err(error);
    }
    let Some(root) = document.root() else {
        return Ok(Config::default());
    };
    Ok(Config {
        current_context: text(root, "current-context"),
        clusters: entries(root, "clusters", "cluster", "Cluster", cluster)?,
        users: entries(root, "users", "user", "AuthInfo", user)?,
        contexts: entries(root, "contexts", "context", "Context", |value| Context {
            cluster: text(value, "cluster"),
            user: text(value, "user"),
        })?,
    })
}

fn entries<T: Default>(
    root: Value<'_>,
    list: &str,
    field: &str,
    go: &str,
    of: impl Fn(Value<'_>) -> T,
) -> Result<Vec<(String, T)>, String> {
    let mut found: Vec<(String, T)> = Vec::new();
    let entries = items(root, list, |item| {
        let value = present(item, field).map(&of).unwrap_or_default();
        (text(item, "name"), value)
    });
    for (name, value) in entries {
        if found.iter().any(|(seen, _)| *seen == name) {
            return Err(format!(
                "error converting *[]Named{go} into *map[string]*api.{go}: duplicate name \"{name}\" in list"
            ));
        }
        found.push((name, value));
    }
    Ok(found)
}

fn cluster(value: Value<'_>) -> Cluster {
    let flag = value.get("insecure-skip-tls-verify");
    let data = text(value, "certificate-authority-data");
    let plain: String = data.split(['\r', '\n']).collect();
    Cluster {
        server: text(value, "server"),
        insecure: flag.and_then(Value::as_bool).unwrap_or(false),
        ca_file: text(value, "certificate-authority"),
        ca_data: STANDARD.decode(plain).unwrap_or_default(),
    }
}

fn user(value: Value<'_>) -> User {
    let has = |name: &str| !text(value, name).is_empty();
    let more = ["as-groups", "as-user-extra"].into_iter().any(|name| {
        let given = value.get(name);
        given
            .is_some_and(|given| given.items().next().is_some() || given.entries().next().is_some())
    });
    User {
        cert_file: text(value, "client-certificate"),
        has_cert_data: has("client-certificate-data"),
        key_file: text(value, "client-key"),
        has_key_data: has("client-key-data"),
        has_token: has("token"),
        token_file: text(value, "tokenFile"),
        has_basic: has("username") || has("password"),
        has_auth_provider: present(value, "auth-provider").is_some(),
        impersonates_nobody: !has("as") && (has("as-uid") || more),
        exec: present(value, "exec").map(|exec| Exec {
            command: text(exec, "command"),
            api_version: text(exec, "apiVersion"),
            interactive_mode: text(exec, "interactiveMode"),
            has_nameless_env: items(exec, "env", |env| text(env, "name").is_empty())
                .contains(&true),
        }),
    }
}
