//! Who asks: from flags to the user that is judged.

use super::args::Who;
use super::credential::{Credential, credential};
use super::input;
use super::server::Server;
use super::terminal::messages;
use crate::authn::{Authentication, Outcome as AuthnOutcome, Request as Sent};
use crate::authz::Chain;
use crate::impersonation::ask::Refusal;
use crate::impersonation::{Granted, Impersonation, Mode, Outcome, Rules, usual_mode};
use crate::load::{kubeconfig::Context, user_info};
use crate::model::{Attributes, Cluster, Request, UserInfo};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::io::Write;

/// Who asks, as far as can be told.
pub(super) enum Identity {
    /// The user that the request is judged as.
    User(UserInfo),
    /// The user that the request is judged as is impersonated: by whom, and how.
    As(UserInfo, Granted),
    /// 403: the asker may not impersonate.
    Refused(UserInfo, Box<Refusal>),
    /// The handshake fails: there is no answer.
    NoHandshake(String),
    /// 401.
    Unauthorized(Authentication),
    /// It depends on what was not given.
    Unverified(Authentication),
    /// It cannot be told; why.
    Unknown(String),
}

/// By whom the judged user is impersonated, and what let it.
pub(super) struct AskedBy {
    pub(super) asker: UserInfo,
    pub(super) mode: Mode,
}

impl AskedBy {
    /// As a field of JSON answers.
    pub(super) fn json(&self) -> Value {
        let mut value = json!({"requestedBy": self.asker, "verb": self.mode.verb()});
        if let Some(constraint) = self.mode.constraint() {
            value["constraint"] = json!(constraint);
        }
        value
    }
}

/// Settles who asks: a credential is authenticated, `--user-info` is taken as authenticated, `--as`
/// impersonates to make `request`.
pub(super) fn identity(
    who: &Who,
    server: &Server,
    cluster: &Cluster,
    chain: &Chain<'_>,
    request: Request<'_>,
) -> Result<(Context, Identity)> {
    let (context, credential) = credential(who)?;
    let impersonation = impersonation(who, &credential);
    if impersonation.lacks_user() {
        bail!(
            "error: requesting uid, groups or user-extra for {} without impersonating a user",
            context.user
        );
    }
    let asker = match asker(who, server, cluster, &credential, &impersonation)? {
        Asker::Known(asker) => asker,
        Asker::Settled(identity) => return Ok((context, identity)),
    };
    let identity = judged(asker, server, chain, &impersonation, request);
    Ok((context, identity))
}

/// Who sends the request, before impersonation.
enum Asker {
    Known(UserInfo),
    Settled(Identity),
}

fn asker(
    who: &Who,
    server: &Server,
    cluster: &Cluster,
    credential: &Credential,
    impersonation: &Impersonation,
) -> Result<Asker> {
    let settled = |identity| Ok(Asker::Settled(identity));
    Ok(Asker::Known(match &who.user_info {
        Some(path) => read_user_info(path)?,
        // Nobody in particular runs kubectl --as: an administrator.
        None if !credential.given && !impersonation.is_empty() => {
            return settled(Identity::User(impersonation.unrestricted()));
        }
        None => {
            // Of a kubeconfig beside --as, without a server to judge its credential, the context was meant.
            if !server.given() && !impersonation.is_empty() && !who.has_credential() {
                return settled(Identity::User(impersonation.unrestricted()));
            }
            if let Some(why) = &credential.unknown {
                return settled(Identity::Unknown(why.clone()));
            }
            match authenticated(server, cluster, credential) {
                Identity::User(user) => user,
                other => return settled(other),
            }
        }
    }))
}

fn judged(
    asker: UserInfo,
    server: &Server,
    chain: &Chain<'_>,
    impersonation: &Impersonation,
    request: Request<'_>,
) -> Identity {
    if impersonation.is_empty() {
        return Identity::User(asker);
    }
    let rules = Rules {
        chain,
        constrained: server.gates().constrained_impersonation,
        // Who runs kubectl --as has done so before.
        last: usual_mode(&asker, chain),
    };
    let asked = Attributes {
        version: "v1",
        ..Attributes::of(&asker, request)
    };
    match impersonation.judge(&asker, &asked, rules, None) {
        Outcome::As(granted) => Identity::As(asker, granted),
        Outcome::Refused(refused) => Identity::Refused(asker, refused),
        Outcome::Unknown(why) => Identity::Unknown(why),
    }
}

/// What the server makes of a credential.
fn authenticated(server: &Server, cluster: &Cluster, credential: &Credential) -> Identity {
    let certificates = match server.authenticators.handshake(&credential.certificates) {
        Ok(certificates) => certificates,
        Err(why) => return Identity::NoHandshake(why),
    };
    let request = Sent {
        certificates: &certificates,
        headers: &credential.headers,
        path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        audiences: None,
    };
    let authentication = server
        .authenticators
        .authenticate(&request, cluster, server.now);
    for warning in &authentication.warnings {
        let _ = writeln!(messages(), "Warning: {warning}");
    }
    match &authentication.outcome {
        AuthnOutcome::User(user) => Identity::User(user.user.clone()),
        AuthnOutcome::Unauthorized(_) => Identity::Unauthorized(authentication),
        AuthnOutcome::Unverified { .. } => Identity::Unverified(authentication),
    }
}

/// Flags stand over the fields of the kubeconfig, each by itself.
pub(super) fn impersonation(who: &Who, credential: &Credential) -> Impersonation {
    let configured = &credential.impersonate;
    let extra: Vec<(String, String)> = who
        .as_user_extra
        .iter()
        // kubectl drops what has no equals sign.
        .filter_map(|pair| pair.split_once('='))
        // Keys travel in header names, which ignore case.
        .map(|(key, value)| (key.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let configured_extra = || {
        let pairs = configured.extra.iter();
        pairs
            .flat_map(|(key, values)| {
                let key = key.to_ascii_lowercase();
                values.iter().map(move |v| (key.clone(), v.clone()))
            })
            .collect()
    };
    Impersonation {
        user: who.as_user.clone().unwrap_or(configured.user.clone()),
        groups: match who.as_group.is_empty() {
            true => configured.groups.clone(),
            false => who.as_group.clone(),
        },
        uid: who.as_uid.clone().unwrap_or(configured.uid.clone()),
        extra: match extra.is_empty() {
            true => configured_extra(),
            false => extra,
        },
    }
}

pub(super) fn read_user_info(path: &std::path::Path) -> Result<UserInfo> {
    let (name, text) = input::read(path)?;
    let (user, warnings) = user_info::user_info(&name, &text)?;
    for warning in warnings {
        let _ = writeln!(messages(), "warning: {warning}");
    }
    Ok(user)
}

/// What is missing to tell who asks, in one line.
pub(super) fn unverified(authentication: &Authentication) -> String {
    let AuthnOutcome::Unverified { user, missing } = &authentication.outcome else {
        return String::new();
    };
    let who = match user {
        Some(user) => format!(
            "the credential says that it is {}, unverified: ",
            user.username
        ),
        None => "who asks cannot be told: ".to_owned(),
    };
    format!("{who}{}", missing.join("; "))
}
