//! From flags and kubeconfigs to the credential that kubectl would send.

use super::args::Who;
use super::input;
use crate::load::discover::Source;
use crate::load::kubeconfig::{self, AuthInfo, Context, Impersonate, Kubeconfig, Pem};
use crate::model::Secret;
use crate::pki::pem;
use crate::request::headers::Headers;
use anyhow::{Result, bail};

/// What a client sends to say who it is.
#[derive(Default)]
pub(super) struct Credential {
    /// The certificates of the handshake, in PEM.
    pub(super) certificates: Vec<u8>,
    /// Header lines.
    pub(super) headers: Headers,
    /// Whom the kubeconfig impersonates.
    pub(super) impersonate: Impersonate,
    /// Why it cannot be told what would be sent.
    pub(super) unknown: Option<String>,
    /// Whether it is anything but an anonymous request.
    pub(super) given: bool,
}

/// The context of the kubeconfig that is named, or of the one that kubectl would use where nothing says
/// who asks; and the credential, of that kubeconfig or of flags.
pub(super) fn credential(who: &Who) -> Result<(Context, Credential)> {
    let (kubeconfig, named) = match &who.kubeconfig {
        Some(path) => (Kubeconfig::load(std::slice::from_ref(path), false)?, true),
        None if who.says_nothing() || who.context.is_some() || who.user.is_some() => {
            let paths = kubeconfig::default_paths();
            (
                Kubeconfig::load(&paths, true)?,
                who.context.is_some() || who.user.is_some(),
            )
        }
        None => (Kubeconfig::default(), false),
    };
    let mut context = kubeconfig.context(who.context.as_deref())?;
    if let Some(user) = &who.user {
        context.user.clone_from(user);
    }
    if who.user_info.is_some() {
        return Ok((context, Credential::default()));
    }
    let mut auth = match kubeconfig.user(&context.user) {
        // With a token on the command line kubectl needs no user.
        Err(_) if who.has_credential() && who.user.is_none() => AuthInfo::default(),
        // The context alone was asked for.
        Err(_) if who.as_user.is_some() && named && who.user.is_none() => AuthInfo::default(),
        found => found?,
    };
    if let Some(token) = &who.token {
        auth.token = Some(Secret::new(token));
        auth.token_file = None;
    }
    if let Some(file) = &who.token_file {
        let (name, text) = input::read(file)?;
        auth.token = Some(token_in(&name, &text)?);
        auth.token_file = None;
    }
    if let Some(file) = &who.client_certificate {
        auth.client_certificate = Some(Pem::File(file.clone()));
    }
    if who.has_credential() {
        // kubectl runs no plugin beside a token that it was given.
        auth.exec = None;
        auth.auth_provider = None;
    }
    Ok((context, sent(auth)?))
}

/// The token that a file holds. kubectl stops where there is none, too.
fn token_in(name: &str, text: &str) -> Result<Secret> {
    match text.trim() {
        "" => bail!("{name}: holds no token: expected a bearer token and nothing else"),
        token => Ok(Secret::new(token)),
    }
}

/// What kubectl sends for a user entry.
fn sent(auth: AuthInfo) -> Result<Credential> {
    let AuthInfo { place, .. } = &auth;
    let mut credential = Credential {
        impersonate: auth.impersonate.clone(),
        ..Credential::default()
    };
    let token = match &auth.token_file {
        Some(file) => {
            let source = Source::File(file.clone());
            Some(token_in(&source.name(), &source.read()?)?)
        }
        None => auth.token.clone(),
    };
    if token.is_some() && auth.basic.is_some() {
        bail!(
            "{place}: more than one authentication method found: token and basicAuth; kubectl takes one only"
        );
    }
    if let Some(pem) = &auth.client_certificate {
        let (name, bytes) = match pem {
            Pem::Data(bytes) => (format!("{place}: client-certificate-data"), bytes.clone()),
            Pem::File(path) => {
                let source = Source::File(path.clone());
                (source.name(), source.read()?.into_bytes())
            }
        };
        // Without one kubectl sends nothing at all, and an anonymous answer would be another's.
        if !pem::blocks(&bytes).any(|block| block.label == "CERTIFICATE") {
            bail!("{name}: holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        credential.certificates = bytes;
        credential.given = true;
    }
    if let Some(token) = &token {
        let value = format!("Bearer {}", token.expose());
        credential.headers.add("Authorization", &value);
        credential.given = true;
    } else if auth.basic.is_some() {
        // The server reads no basic authentication: what it says does not matter.
        credential.headers.add("Authorization", "Basic");
        credential.given = true;
    } else if let Some(command) = &auth.exec {
        credential.unknown = Some(format!(
            "{place}: the credential comes from the plugin {command:?}, which is never run; run it and give what it prints with --token-file or --client-certificate"
        ));
        credential.given = true;
    } else if let Some(provider) = &auth.auth_provider {
        credential.unknown = Some(format!(
            "{place}: the credential comes from the auth-provider {provider:?}, which is not asked; give its token with --token-file"
        ));
        credential.given = true;
    }
    Ok(credential)
}
