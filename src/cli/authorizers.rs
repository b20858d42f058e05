//! From the API server's configuration to its authorizers.

use super::server::Configured;
use crate::apiserver::LoadedConfig;
use crate::apiserver::authorization_config::AuthorizerConfiguration;
use crate::authz::abac::Abac;
use crate::authz::node::{Node, NodeGates};
use crate::authz::rbac::Rbac;
use crate::authz::webhook::WebhookAuthorizer;
use crate::authz::{Assumption, Authorizer, Chain, Member};
use crate::model::Cluster;
use crate::webhook::Recordings;
use anyhow::{Result, bail};

/// The authorizers of a server, or those of one whose configuration nobody names. What depends on a file
/// that is missing is unknown.
///
/// # Errors
/// When something is assumed of a webhook that there is not.
pub(super) fn of<'c>(
    configured: &Configured,
    recordings: &Recordings,
    cluster: &'c Cluster,
    assumed: &[(String, Assumption)],
) -> Result<Chain<'c>> {
    let default = || -> [Member<'c>; 2] {
        let rbac = Authorizer::Rbac(Box::new(Rbac::new(cluster)));
        [node(cluster, NodeGates::default()).into(), rbac.into()]
    };
    let mut members: Vec<Member<'c>> = match configured {
        Configured::Nothing => default().into(),
        Configured::ApiServer(config) => match missing(config, "authorization-config") {
            Some(why) => {
                let kind = "AuthorizationConfiguration";
                vec![Authorizer::Missing { kind, why }.into()]
            }
            None => {
                let authorizers = config.authorization.authorizers.iter();
                authorizers
                    .map(|of| member(of, config, recordings, cluster))
                    .collect()
            }
        },
        Configured::Delegating(delegation) => {
            let paths = Authorizer::Paths(delegation.always_allow_paths.clone());
            let mut members = vec![paths.into()];
            if delegation.asks_api_server {
                members.extend(default());
            }
            members
        }
    };
    for (name, assumption) in assumed {
        assume(&mut members, name, *assumption)?;
    }
    Ok(Chain::of(cluster, members))
}

/// What is missing of a file that a flag names.
fn missing(config: &LoadedConfig, flag: &str) -> Option<String> {
    let path = config.flags.file(flag);
    let path = path.filter(|path| config.is_missing(Some(path)));
    path.map(|path| format!("{path} (--{flag}) is not there"))
}

fn node(cluster: &Cluster, gates: NodeGates) -> Authorizer<'_> {
    Authorizer::Node(Node::new(cluster, gates))
}

/// What the Node authorizer is told by `--feature-gates`.
fn gates(config: &LoadedConfig) -> NodeGates {
    let gates = config.flags.gates();
    NodeGates {
        pod_certificate_request: gates.enabled("PodCertificateRequest"),
        credential_provider_tokens: gates
            .enabled("KubeletServiceAccountTokenForCredentialProviders"),
        trust_bundles: gates.enabled("ClusterTrustBundle")
            && gates.enabled("ClusterTrustBundleProjection"),
    }
}

/// One configured authorizer; its type was checked before.
fn member<'c>(
    of: &AuthorizerConfiguration,
    config: &LoadedConfig,
    recordings: &Recordings,
    cluster: &'c Cluster,
) -> Member<'c> {
    let authorizer = match &of.kind[..] {
        "AlwaysAllow" => Authorizer::AlwaysAllow,
        "AlwaysDeny" => Authorizer::AlwaysDeny,
        "Node" => node(cluster, gates(config)),
        "ABAC" => match missing(config, "authorization-policy-file") {
            Some(why) => Authorizer::Missing { kind: "ABAC", why },
            None => Authorizer::Abac(Abac::new(config.policies.clone())),
        },
        "RBAC" => Authorizer::Rbac(Box::new(Rbac::new(cluster))),
        _ => webhook(of, config, recordings),
    };
    Member {
        name: of.name.clone(),
        authorizer,
        assumed: None,
    }
}

/// A webhook, with what it was recorded to answer.
fn webhook(
    of: &AuthorizerConfiguration,
    config: &LoadedConfig,
    recordings: &Recordings,
) -> Authorizer<'static> {
    let webhooks = config
        .authorization
        .authorizers
        .iter()
        .filter(|a| a.webhook.is_some());
    let alone = webhooks.count() == 1;
    let recording = recordings.authorizer(&of.name, alone).cloned();
    let connection = config.authorization_webhooks.get(&of.name);
    let webhook = of.webhook.as_ref().zip(connection);
    let webhook = webhook.and_then(|(of_kind, connection)| {
        WebhookAuthorizer::new(&of.name, of_kind, connection, recording)
    });
    match webhook {
        Some(webhook) => Authorizer::Webhook(Box::new(webhook)),
        None => Authorizer::Missing {
            kind: "Webhook",
            why: "how it is reached is not known".to_owned(),
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
