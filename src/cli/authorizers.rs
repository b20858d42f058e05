//! From the API server's configuration to its authorizers.

use crate::apiserver::LoadedConfig;
use crate::authz::abac::Abac;
use crate::authz::rbac::Rbac;
use crate::authz::{Assumption, Authorizer, Chain, Member};
use crate::model::Cluster;
use anyhow::{Result, bail};

/// The authorizers of a server, or those of one whose configuration nobody names. What depends on a file
/// that is missing is unknown.
///
/// # Errors
/// When something is assumed of a webhook that there is not.
pub(super) fn of<'c>(
    config: Option<&LoadedConfig>,
    cluster: &'c Cluster,
    assumed: &[(String, Assumption)],
) -> Result<Chain<'c>> {
    let mut members = match config {
        None => vec![
            Authorizer::Node.into(),
            Authorizer::Rbac(Rbac::new(cluster)).into(),
        ],
        Some(config) => {
            let modes = config.authorization_modes.iter();
            modes.map(|mode| by_mode(mode, config, cluster)).collect()
        }
    };
    for (name, assumption) in assumed {
        assume(&mut members, name, *assumption)?;
    }
    Ok(Chain::of(cluster, members))
}

/// The authorizer of `--authorization-mode`, which was checked before.
fn by_mode<'c>(mode: &str, config: &LoadedConfig, cluster: &'c Cluster) -> Member<'c> {
    let missing = |flag: &str| {
        let path = config.flags.file(flag);
        let path = path.filter(|path| config.is_missing(Some(path)));
        path.map(|path| format!("{path} (--{flag}) is not there"))
    };
    match mode {
        "AlwaysAllow" => Authorizer::AlwaysAllow.into(),
        "AlwaysDeny" => Authorizer::AlwaysDeny.into(),
        "Node" => Authorizer::Node.into(),
        "ABAC" => match missing("authorization-policy-file") {
            Some(why) => Authorizer::Missing { kind: "ABAC", why }.into(),
            None => Authorizer::Abac(Abac::new(config.policies.clone())).into(),
        },
        "RBAC" => Authorizer::Rbac(Rbac::new(cluster)).into(),
        _ => Member {
            name: "default".to_owned(),
            authorizer: Authorizer::Missing {
                kind: "Webhook",
                why: "its answers are not read yet".to_owned(),
            },
            assumed: None,
        },
    }
}

fn assume(members: &mut [Member<'_>], name: &str, assumption: Assumption) -> Result<()> {
    let webhooks = || members.iter().filter(|m| m.authorizer.kind() == "Webhook");
    if webhooks().all(|member| member.name != name) {
        let names: Vec<&str> = webhooks().map(|member| &*member.name).collect();
        match &names[..] {
            [] => bail!("--assume {name}: no webhook is configured"),
            names => bail!(
                "--assume {name}: no such webhook is configured, there is {}",
                names.join(", ")
            ),
        }
    }
    for member in members {
        if member.name == name && member.authorizer.kind() == "Webhook" {
            member.assumed = Some(assumption);
        }
    }
    Ok(())
}
