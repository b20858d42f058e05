//! From the API server's configuration to its authorizers.

use crate::apiserver::LoadedConfig;
use crate::apiserver::authorization_config::AuthorizerConfiguration;
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
            let configured = config.authorization.authorizers.iter();
            configured.map(|of| member(of, config, cluster)).collect()
        }
    };
    for (name, assumption) in assumed {
        assume(&mut members, name, *assumption)?;
    }
    Ok(Chain::of(cluster, members))
}

/// One configured authorizer; its type was checked before.
fn member<'c>(
    of: &AuthorizerConfiguration,
    config: &LoadedConfig,
    cluster: &'c Cluster,
) -> Member<'c> {
    let missing = |flag: &str| {
        let path = config.flags.file(flag);
        let path = path.filter(|path| config.is_missing(Some(path)));
        path.map(|path| format!("{path} (--{flag}) is not there"))
    };
    let authorizer = match &of.kind[..] {
        "AlwaysAllow" => Authorizer::AlwaysAllow,
        "AlwaysDeny" => Authorizer::AlwaysDeny,
        "Node" => Authorizer::Node,
        "ABAC" => match missing("authorization-policy-file") {
            Some(why) => Authorizer::Missing { kind: "ABAC", why },
            None => Authorizer::Abac(Abac::new(config.policies.clone())),
        },
        "RBAC" => Authorizer::Rbac(Rbac::new(cluster)),
        _ => Authorizer::Missing {
            kind: "Webhook",
            why: "its answers are not read yet".to_owned(),
        },
    };
    Member {
        name: of.name.clone(),
        authorizer,
        assumed: None,
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
