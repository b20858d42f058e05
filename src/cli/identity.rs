//! Who asks: from flags to the user that is judged.

use super::args::Who;
use super::credential::{Credential, credential};
use super::input;
use super::server::Server;
use crate::authn::{Authentication, Outcome as AuthnOutcome, Request};
use crate::authz::Chain;
use crate::impersonation::{Impersonation, Outcome};
use crate::load::{kubeconfig::Context, user_info};
use crate::model::{Cluster, UserInfo};
use anyhow::{Result, bail};
use std::io::{self, Write};

/// Who asks, as far as can be told.
pub(super) enum Identity {
    /// The user that the request is judged as.
    User(UserInfo),
    /// The handshake fails: there is no answer.
    NoHandshake(String),
    /// 401.
    Unauthorized(Authentication),
    /// It depends on what was not given.
    Unverified(Authentication),
    /// It cannot be told; why.
    Unknown(String),
}

/// Settles who asks: a credential is authenticated, `--user-info` is taken as authenticated, `--as`
/// impersonates.
pub(super) fn identity(
    who: &Who,
    server: &Server,
    cluster: &Cluster,
    chain: &Chain<'_>,
) -> Result<(Context, Identity)> {
    let (context, credential) = credential(who)?;
    let impersonation = impersonation(who, &credential);
    if impersonation.lacks_user() {
        bail!(
            "error: requesting uid, groups or user-extra for {} without impersonating a user",
            context.user
        );
    }
    let identity = judged(who, server, cluster, chain, &credential, &impersonation)?;
    Ok((context, identity))
}

fn judged(
    who: &Who,
    server: &Server,
    cluster: &Cluster,
    chain: &Chain<'_>,
    credential: &Credential,
    impersonation: &Impersonation,
) -> Result<Identity> {
    let asker = match &who.user_info {
        Some(path) => read_user_info(path)?,
        // Nobody in particular runs kubectl --as: an administrator.
        None if !credential.given && !impersonation.is_empty() => {
            return Ok(Identity::User(impersonation.unrestricted()));
        }
        None => {
            // Of a kubeconfig beside --as, without a server to judge its credential, the context was meant.
            if !server.given() && !impersonation.is_empty() && !who.has_credential() {
                return Ok(Identity::User(impersonation.unrestricted()));
            }
            if let Some(why) = &credential.unknown {
                return Ok(Identity::Unknown(why.clone()));
            }
            match authenticated(server, cluster, credential) {
                Identity::User(user) => user,
                other => return Ok(other),
            }
        }
    };
    if impersonation.is_empty() {
        return Ok(Identity::User(asker));
    }
    Ok(match impersonation.judge(&asker, chain) {
        Outcome::As(user) => Identity::User(user),
        Outcome::Unknown(why) => Identity::Unknown(why),
    })
}

/// What the server makes of a credential.
fn authenticated(server: &Server, cluster: &Cluster, credential: &Credential) -> Identity {
    let certificates = match server.authenticators.handshake(&credential.certificates) {
        Ok(certificates) => certificates,
        Err(why) => return Identity::NoHandshake(why),
    };
    let request = Request {
        certificates: &certificates,
        headers: &credential.headers,
        path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        audiences: None,
    };
    let authentication = server
        .authenticators
        .authenticate(&request, cluster, server.now);
    for warning in &authentication.warnings {
        let _ = writeln!(io::stderr(), "Warning: {warning}");
    }
    match &authentication.outcome {
        AuthnOutcome::User(user) => Identity::User(user.user.clone()),
        AuthnOutcome::Unauthorized(_) => Identity::Unauthorized(authentication),
        AuthnOutcome::Unverified { .. } => Identity::Unverified(authentication),
    }
}

/// Flags stand over the fields of the kubeconfig, each by itself.
fn impersonation(who: &Who, credential: &Credential) -> Impersonation {
    let configured = &credential.impersonate;
    let extra: Vec<(String, String)> = who
        .as_user_extra
        .iter()
        // kubectl drops what has no equals sign.
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let configured_extra = || {
        let pairs = configured.extra.iter();
        pairs
            .flat_map(|(key, values)| values.iter().map(|v| (key.clone(), v.clone())))
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

fn read_user_info(path: &std::path::Path) -> Result<UserInfo> {
    let (name, text) = input::read(path)?;
    let (user, warnings) = user_info::user_info(&name, &text)?;
    for warning in warnings {
        let _ = writeln!(io::stderr(), "warning: {warning}");
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
