//! Who asks: from flags to the user that is judged.

use super::args::Who;
use super::input;
use crate::authz::Chain;
use crate::impersonation::{Impersonation, Outcome};
use crate::load::{kubeconfig, user_info};
use crate::model::UserInfo;
use anyhow::{Result, bail};
use std::io::{self, Write};
use std::path::PathBuf;

/// Who asks, as far as can be told.
pub(super) enum Identity {
    /// The user that the request is judged as.
    User(UserInfo),
    /// It cannot be told; why.
    Unknown(String),
}

/// The context of the kubeconfig that is named, or an empty one.
pub(super) fn context(who: &Who) -> Result<kubeconfig::Context> {
    Ok(match &who.kubeconfig {
        Some(path) => kubeconfig::context(path, who.context.as_deref())?,
        None => kubeconfig::Context::default(),
    })
}

/// Settles who asks: `--user-info` authenticates, `--as` impersonates, with neither the request is
/// anonymous unless kubectl would use a kubeconfig.
pub(super) fn identity(
    who: &Who,
    context: &kubeconfig::Context,
    chain: &Chain<'_>,
) -> Result<Identity> {
    let impersonation = Impersonation {
        user: who.as_user.clone().unwrap_or_default(),
        groups: who.as_group.clone(),
        uid: who.as_uid.clone().unwrap_or_default(),
        extra: who
            .as_user_extra
            .iter()
            // kubectl drops what has no equals sign.
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
    };
    if impersonation.lacks_user() {
        bail!(
            "error: requesting uid, groups or user-extra for {} without impersonating a user",
            context.user
        );
    }
    let asker = match &who.user_info {
        Some(path) => Some(read_user_info(path)?),
        None => None,
    };
    Ok(match (asker, impersonation.is_empty()) {
        (Some(asker), true) => Identity::User(asker),
        (Some(asker), false) => match impersonation.judge(&asker, chain) {
            Outcome::As(user) => Identity::User(user),
            Outcome::Unknown(why) => Identity::Unknown(why),
        },
        (None, false) => Identity::User(impersonation.unrestricted()),
        (None, true) => match who.kubeconfig.clone().or_else(default_kubeconfig) {
            Some(path) => Identity::Unknown(format!(
                "kubectl would use the credential of {}, which is not authenticated here yet; say who asks with --as USER or --user-info FILE",
                path.display()
            )),
            None => Identity::User(anonymous()),
        },
    })
}

fn anonymous() -> UserInfo {
    UserInfo {
        username: "system:anonymous".to_owned(),
        groups: vec!["system:unauthenticated".to_owned()],
        ..UserInfo::default()
    }
}

/// The kubeconfig that kubectl would use, if it exists.
fn default_kubeconfig() -> Option<PathBuf> {
    let named = std::env::var_os("KUBECONFIG").filter(|paths| !paths.is_empty());
    let paths: Vec<PathBuf> = match named {
        Some(paths) => std::env::split_paths(&paths).collect(),
        None => vec![PathBuf::from(std::env::var_os("HOME")?).join(".kube/config")],
    };
    paths.into_iter().find(|path| path.is_file())
}

fn read_user_info(path: &std::path::Path) -> Result<UserInfo> {
    let (name, text) = input::read(path)?;
    let (user, warnings) = user_info::user_info(&name, &text)?;
    for warning in warnings {
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
    Ok(user)
}
