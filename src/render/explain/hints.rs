//! The text of the hints.

use super::words::{self, list, named, place, word};
use crate::answer::hints::Hint;
use crate::model::Cluster;

/// `; did you mean a or b?`, or nothing.
fn meant(suggestions: &[String]) -> String {
    let words: Vec<String> = suggestions.iter().map(|s| word(s)).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [most @ .., last] => format!("; did you mean {} or {last}?", most.join(", ")),
    }
}

fn joined(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|s| word(s)).collect();
    list(&words)
}

/// One line for one hint. `user` is the name of the user who is asked about.
pub(super) fn hint_text(cluster: &Cluster, user: &str, hint: &Hint) -> String {
    match hint {
        Hint::ServiceAccountMeant { accounts } => {
            let full: Vec<String> = (accounts.iter())
                .map(|(namespace, name)| word(&format!("system:serviceaccount:{namespace}:{name}")))
                .collect();
            let (namespace, name) = match accounts.first() {
                Some((namespace, name)) => (namespace.as_str(), name.as_str()),
                None => ("", ""),
            };
            let (user, account, full) = (word(user), named(namespace, name), full.join(" or "));
            format!(
                "User {user} is not ServiceAccount {account}; to ask as the account: --as {full}"
            )
        }
        Hint::NotAServiceAccount => format!(
            "{} is no service account's name; those are system:serviceaccount:NAMESPACE:NAME",
            word(user)
        ),
        Hint::NoPods => {
            "no Pods are loaded; the Node authorizer lets a kubelet read what the Pods of its \
             node refer to"
                .to_owned()
        }
        Hint::SubresourceMeant {
            resource,
            subresource,
        } => {
            let (resource, subresource) = (word(resource), word(subresource));
            format!(
                "{resource}/{subresource} asks about an object named {subresource}; for the \
                 subresource: {resource} --subresource={subresource}"
            )
        }
        Hint::UnknownResource {
            resource,
            suggestions,
        } => {
            let end = match suggestions.as_slice() {
                [] => "; if a CustomResourceDefinition defines it, load that too".to_owned(),
                suggestions => meant(suggestions),
            };
            format!("the API serves no resource {}{end}", word(resource))
        }
        Hint::UnknownSubresource {
            resource,
            subresource,
            suggestions,
        } => {
            let end = match suggestions.as_slice() {
                [] => "; it has none".to_owned(),
                suggestions => format!("; it has {}", joined(suggestions)),
            };
            format!(
                "{} has no subresource {}{end}",
                word(resource),
                word(subresource)
            )
        }
        Hint::UnknownVerb {
            verb,
            meaning: Some(meaning),
            ..
        } => {
            format!("{} is no verb of the API; it needs {meaning}", word(verb))
        }
        Hint::UnknownVerb {
            verb,
            meaning: None,
            suggestions,
        } => {
            format!("{} is no verb of the API{}", word(verb), meant(suggestions))
        }
        Hint::VerbNotServed {
            verb,
            resource,
            served,
        } => format!(
            "the API does not serve {} on {}, only {}",
            word(verb),
            word(resource),
            joined(served)
        ),
        Hint::MissingRole { binding, similar } => {
            let binding = cluster.binding(*binding);
            let similar = similar.map(|id| {
                let role = cluster.role(id);
                format!(
                    "; there is a {} ({})",
                    words::role(cluster, role),
                    place(cluster, role.position)
                )
            });
            format!(
                "{} grants nothing: its roleRef names {} {}, which does not exist ({}){}",
                words::binding(cluster, binding),
                binding.role_ref.kind.as_str(),
                word(cluster.str(binding.role_ref.name)),
                place(cluster, binding.role_ref.position),
                similar.unwrap_or_default()
            )
        }
        Hint::ClusterScoped {
            resource,
            namespace,
            refused_without,
        } => {
            let (resource, namespace) = (word(resource), word(namespace));
            let end = match refused_without {
                true => {
                    format!("would be refused, for only a RoleBinding in {namespace} allows this")
                }
                false => format!("no RoleBinding in {namespace} counts for it"),
            };
            format!("{resource} is cluster-scoped: a real request has no namespace and {end}")
        }
        Hint::UnknownNamespace {
            namespace,
            suggestions,
        } => {
            format!(
                "nothing loaded mentions namespace {}{}",
                word(namespace),
                meant(suggestions)
            )
        }
        Hint::UnknownUser { suggestions } => {
            format!("no binding names user {}{}", word(user), meant(suggestions))
        }
        Hint::UnknownGroup { group, suggestions } => {
            format!(
                "no binding names group {}{}",
                word(group),
                meant(suggestions)
            )
        }
    }
}
