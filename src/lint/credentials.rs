//! The credentials that rules judge, and the API server that they are judged by.
//!
//! What of them stands in manifests is noted by the loader; what stands in files of its own is read by
//! whoever runs the rules. A token is looked into as `token inspect` does it, once for all rules.

use super::Lint;
use crate::answer::audit_event::AuditEvent;
use crate::answer::token_inspection::{Surroundings, TokenInspection, TokenKind, inspect};
use crate::apiserver::LoadedConfig;
use crate::authn::Authenticators;
use crate::impersonation::ask::Asked;
use crate::model::{Position, Secret};
use std::collections::HashMap;

/// What was requested, as audit logs tell.
#[derive(Debug, Default)]
pub struct AuditLog {
    requests: Vec<Requested>,
    by_user: HashMap<String, Vec<usize>>,
    by_group: HashMap<String, Vec<usize>>,
    /// The first and the last instant, as they are written.
    window: Option<(String, String)>,
}

/// A request of an audit log.
#[derive(Debug)]
pub struct Requested {
    /// What was asked.
    pub asked: Asked,
}

impl Requested {
    /// The namespace that was asked about; empty where there is none.
    pub fn namespace(&self) -> &str {
        match &self.asked.about {
            Ok([_, _, _, namespace, _]) => namespace,
            Err(_) => "",
        }
    }
}

impl AuditLog {
    /// Adds an event.
    pub fn add(&mut self, event: &AuditEvent) {
        let number = self.requests.len();
        let user = event.effective();
        let of_user = self.by_user.entry(user.username.clone()).or_default();
        of_user.push(number);
        for group in &user.groups {
            self.by_group.entry(group.clone()).or_default().push(number);
        }
        self.requests.push(Requested {
            asked: event.asked(),
        });
        let at = &event.request_received_timestamp;
        if at.is_empty() {
            return;
        }
        let (first, last) = self.window.get_or_insert_with(|| (at.clone(), at.clone()));
        // The server writes all of them in one form, whose order is that of time.
        if at < first {
            first.clone_from(at);
        }
        if at > last {
            last.clone_from(at);
        }
    }

    /// What a user requested.
    pub fn of_user(&self, name: &str) -> impl Iterator<Item = &Requested> {
        self.numbered(self.by_user.get(name))
    }

    /// What members of a group requested.
    pub fn of_group(&self, name: &str) -> impl Iterator<Item = &Requested> {
        self.numbered(self.by_group.get(name))
    }

    fn numbered(&self, numbers: Option<&Vec<usize>>) -> impl Iterator<Item = &Requested> {
        let numbers = numbers.map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.requests.get(*number))
    }

    /// From when to when, in words.
    pub fn window(&self) -> String {
        use crate::answer::danger::quoted;
        match &self.window {
            Some((first, last)) => {
                format!(
                    "in the audit log from {} to {}",
                    quoted(first),
                    quoted(last)
                )
            }
            None => "in the audit log, which tells no time".to_owned(),
        }
    }
}

/// What was given beside the manifests.
#[derive(Debug, Default)]
pub struct Credentials<'s> {
    /// The configured API server.
    pub server: Option<Server<'s>>,
    /// Why there is none, although one is configured.
    pub unusable: Option<String>,
    /// Tokens in files of their own.
    pub tokens: Vec<Held>,
    /// Files that are named and could not be read, and why.
    pub unread: Vec<String>,
    /// Files that hold secrets, where it is known who may read them.
    pub files: Vec<SecretFile>,
    /// Files of static tokens.
    pub token_files: Vec<StaticTokens>,
    /// What was requested, where audit logs were given.
    pub audit: Option<AuditLog>,
}

/// An API server.
#[derive(Clone, Copy, Debug)]
pub struct Server<'s> {
    /// Its authenticators.
    pub authenticators: &'s Authenticators,
    /// Its configuration.
    pub config: &'s LoadedConfig,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A Secret of a service account's token.
    Secret,
    /// The user entry of a kubeconfig.
    Kubeconfig {
        /// The entry's name.
        user: String,
    },
    /// An object that is no place for it.
    Clear,
    /// A file of its own.
    File,
}

/// A token and where it is.
#[derive(Clone, Debug)]
pub struct Held {
    /// The token.
    pub token: Secret,
    /// Who holds it.
    pub holder: Holder,
    /// What holds it, in words; with the holder, all that findings are told apart by.
    pub object: String,
    /// Where.
    pub at: Position,
    /// The file, where it is not a loaded one.
    pub file: Option<String>,
}

/// A file that holds a secret.
#[derive(Clone, Debug)]
pub struct SecretFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub what: &'static str,
    /// The permissions of Unix; `None` where there are none.
    pub mode: Option<u32>,
}

/// A file of static tokens.
#[derive(Clone, Debug)]
pub struct StaticTokens {
    /// Its name.
    pub name: String,
    /// What is in it; without the tokens.
    pub rows: Vec<crate::apiserver::token_file::RowLook>,
    /// Why it could not be read to its end.
    pub trouble: Option<String>,
}

/// A token that was looked into.
#[derive(Debug)]
pub struct Inspected {
    /// Where it is.
    pub held: Held,
    /// What it says.
    pub inspection: TokenInspection,
}

impl Inspected {
    /// Whether it is for an API server by its form or by who holds it: other services have tokens, too,
    /// and nothing is known of what they take.
    pub fn concerns_the_server(&self) -> bool {
        let of_accounts = matches!(
            self.inspection.kind,
            TokenKind::BoundServiceAccount | TokenKind::LegacyServiceAccount
        );
        of_accounts || self.held.holder != Holder::Clear || self.inspection.issuer.is_some()
    }

    /// Whether a danger of this id was found that makes the server refuse it.
    pub fn has(&self, id: &str) -> bool {
        let mut dangers = self.inspection.dangers.iter();
        dangers.any(|danger| danger.id == id)
    }

    /// Whether its time is over.
    pub fn is_expired(&self, lint: &Lint<'_>) -> bool {
        let expires = self.inspection.times.expires;
        expires.is_some_and(|at| at < lint.settings.now.as_second())
            && self.inspection.kind != TokenKind::LegacyServiceAccount
    }
}

/// Looks into every token.
pub(super) fn inspected(lint: &Lint<'_>) -> Vec<Inspected> {
    let surroundings = Surroundings {
        server: lint.server().map(|server| server.authenticators),
        cluster: lint.cluster,
        now: lint.settings.now,
    };
    let look = |held: Held| Inspected {
        inspection: inspect(held.token.expose(), &surroundings),
        held,
    };
    held(lint).into_iter().map(look).collect()
}

/// Every token, in the order of its place.
fn held(lint: &Lint<'_>) -> Vec<Held> {
    let core = lint.cluster.core_objects();
    let mut secrets: Vec<_> = core.secrets().collect();
    secrets.sort_by_key(|(namespace, name, _)| (*namespace, *name));
    let mut held = Vec::new();
    for (namespace, name, secret) in secrets {
        let token = secret.data.get("token").map(|bytes| bytes.expose());
        if secret.type_ == "kubernetes.io/service-account-token"
            && let Some(text) = token.and_then(|bytes| std::str::from_utf8(bytes).ok())
            && !text.trim().is_empty()
        {
            held.push(Held {
                token: Secret::new(text.trim()),
                holder: Holder::Secret,
                object: format!("Secret/{namespace}/{name}"),
                at: secret.identity.position,
                file: None,
            });
        }
    }
    let notes = lint.cluster.notes();
    for clear in &notes.clear {
        held.extend(clear.token.clone().map(|token| Held {
            token,
            holder: Holder::Clear,
            object: clear.object.clone(),
            at: clear.position,
            file: None,
        }));
    }
    for entry in &notes.kubeconfigs {
        // Clients send what the file holds.
        let token = entry.token.clone().filter(|_| entry.token_file.is_none());
        held.extend(token.map(|token| Held {
            token,
            holder: Holder::Kubeconfig {
                user: entry.user.clone(),
            },
            object: kubeconfig_entry(&entry.object, &entry.user),
            at: entry.position,
            file: None,
        }));
    }
    if let Some(credentials) = lint.credentials {
        held.extend(credentials.tokens.iter().cloned());
    }
    held
}

/// What a user entry of a kubeconfig is called.
pub fn kubeconfig_entry(object: &str, user: &str) -> String {
    let user = crate::answer::danger::quoted(user);
    match object {
        "" => format!("kubeconfig user {user}"),
        object => format!("{object}, kubeconfig user {user}"),
    }
}
