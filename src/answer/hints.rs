//! What people overlook for hours: words that exist nowhere, names of another kind, roleRefs to nothing.

mod identity;

use super::explain::spelling::suggestions;
use super::resource_arg::{NON_RESOURCE_VERBS, RESOURCE_VERBS};
use crate::authz::is_privileged;
use crate::authz::rbac::{Decision, Rbac};
use crate::model::api_resources::ApiResource;
use crate::model::{Attributes, BindingId, Cluster, Request, RoleId, Symbol};
use identity::{about_identity, about_roles};
use std::collections::BTreeSet;

/// The most ServiceAccounts, subresources and the like that one hint names.
const MOST: usize = 3;

/// Resources that exist for authorization alone, and the beginning of the verbs that go with them.
const VIRTUAL: &[(&str, &str)] = &[
    ("users", "impersonate"),
    ("groups", "impersonate"),
    ("uids", "impersonate"),
    ("userextras", "impersonate"),
    ("nodes", "impersonate"),
    ("signers", ""),
];

/// What every resource has for authorization alone: who blocks the deletion of an owner must be allowed to update
/// its finalizers (`OwnerReferencesPermissionEnforcement`).
const VIRTUAL_SUBRESOURCE: &str = "finalizers";

/// Verbs that some admission or authentication step asks for, on resources that are not served with them.
const SPECIAL_VERBS: &[&str] = &[
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
    "attest",
    "*",
];

/// kubectl commands that people take for verbs, and what they ask the server.
const COMMANDS: &[(&str, &str)] = &[
    ("attach", "create pods/attach"),
    ("apply", "get, create and patch"),
    ("cp", "create pods/exec"),
    ("describe", "get, and list events"),
    ("drain", "patch nodes, list pods and create pods/eviction"),
    ("cordon", "patch nodes"),
    ("edit", "get and patch"),
    ("evict", "create pods/eviction"),
    (
        "exec",
        "create pods/exec (and get pods/exec for older clients)",
    ),
    ("log", "get pods/log"),
    ("logs", "get pods/log"),
    ("port-forward", "create pods/portforward"),
    ("portforward", "create pods/portforward"),
    ("read", "get, list and watch"),
    ("remove", "delete"),
    ("rollout", "get and patch"),
    ("scale", "patch or update on the subresource scale"),
    ("write", "create, update, patch and delete"),
];

/// Something about a question that its author may not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The user is asked about as a User, but a ServiceAccount has this name: it is the user
    /// `system:serviceaccount:NAMESPACE:NAME`.
    ServiceAccountMeant {
        /// (namespace, name) of ServiceAccounts, those of the namespace that is asked about first.
        accounts: Vec<(String, String)>,
    },
    /// A user name that begins like a ServiceAccount's, but is none.
    NotAServiceAccount,
    /// A kubelet asks, and nothing loaded runs on any node.
    NoPods,
    /// TYPE/NAME asks about an object of this name; the resource has a subresource of the same name.
    SubresourceMeant {
        /// The resource.
        resource: String,
        /// The subresource.
        subresource: String,
    },
    /// The API serves no such resource.
    UnknownResource {
        /// `RESOURCE[.GROUP]`.
        resource: String,
        /// Likely resources, as `RESOURCE[.GROUP]`.
        suggestions: Vec<String>,
    },
    /// The resource has no such subresource.
    UnknownSubresource {
        /// `RESOURCE[.GROUP]`.
        resource: String,
        /// The subresource.
        subresource: String,
        /// Likely subresources, or else some that exist.
        suggestions: Vec<String>,
    },
    /// Nothing in the API is served with this verb.
    UnknownVerb {
        /// The verb.
        verb: String,
        /// What the word asks of the server, where it is a command of kubectl or the like.
        meaning: Option<&'static str>,
        /// Likely verbs.
        suggestions: Vec<String>,
    },
    /// The verb exists, but the resource is not served with it.
    VerbNotServed {
        /// The verb.
        verb: String,
        /// `RESOURCE[.GROUP][/SUBRESOURCE]`.
        resource: String,
        /// What it is served with.
        served: Vec<String>,
    },
    /// A binding of the user refers to a role that does not exist.
    MissingRole {
        /// The binding.
        binding: BindingId,
        /// A role that may be meant: of the same name elsewhere or of the other kind, or nearly the same
        /// name.
        similar: Option<RoleId>,
    },
    /// A cluster-scoped resource is asked about in a namespace.
    ClusterScoped {
        /// `RESOURCE[.GROUP]`.
        resource: String,
        /// The namespace of the question.
        namespace: String,
        /// Whether only a RoleBinding there allows it, so that a real request would be refused.
        refused_without: bool,
    },
    /// Nothing that was loaded mentions the namespace.
    UnknownNamespace {
        /// The namespace.
        namespace: String,
        /// Likely namespaces.
        suggestions: Vec<String>,
    },
    /// No binding names the user, so that only the groups can grant.
    UnknownUser {
        /// Likely users.
        suggestions: Vec<String>,
    },
    /// No binding names the group.
    UnknownGroup {
        /// The group.
        group: String,
        /// Likely groups.
        suggestions: Vec<String>,
    },
}

/// What its author may not know about a question, most likely cause first.
///
/// `type_arg` is the TYPE[/NAME] word of the command line, or empty where the question came otherwise.
pub fn hints<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    decision: &Decision,
    type_arg: &str,
) -> Vec<Hint> {
    let cluster = rbac.cluster();
    let privileged = is_privileged(attributes.groups);
    let allowed = privileged || matches!(decision, Decision::Allow(_));
    let mut hints = Vec::new();
    match attributes.request {
        Request::Resource { .. } => {
            let scope = |hints: &mut Vec<Hint>| about_scope(rbac, attributes, allowed, hints);
            about_resource(cluster, attributes.request, type_arg, scope, &mut hints);
        }
        Request::NonResource { verb, .. } => about_path_verb(verb, &mut hints),
    }
    if !privileged {
        about_identity(cluster, attributes, allowed, &mut hints);
    }
    if !allowed {
        about_roles(rbac, attributes, &mut hints);
    }
    // kubectl asks in a namespace where nobody named one: seldom the cause.
    hints.sort_by_key(|hint| {
        matches!(
            hint,
            Hint::ClusterScoped {
                refused_without: false,
                ..
            }
        )
    });
    hints
}

/// What its author may not know about the words of a question, whoever asks it.
///
/// `type_arg` is the TYPE[/NAME] word of the command line.
pub fn about_words(cluster: &Cluster, request: Request<'_>, type_arg: &str) -> Vec<Hint> {
    let mut hints = Vec::new();
    match request {
        Request::Resource { .. } => {
            about_resource(cluster, request, type_arg, |_| (), &mut hints);
        }
        Request::NonResource { verb, .. } => about_path_verb(verb, &mut hints),
    }
    // One project's manifests seldom mention the namespaces that its users live in.
    hints.retain(|hint| {
        !matches!(hint, Hint::UnknownNamespace { suggestions, .. } if suggestions.is_empty())
    });
    hints
}

fn qualified(group: &str, resource: &str) -> String {
    match group {
        "" => resource.to_owned(),
        group => format!("{resource}.{group}"),
    }
}

fn owned(words: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    words.into_iter().map(Into::into).collect()
}

/// `scope` looks at a cluster-scoped resource that is asked about in a namespace.
fn about_resource(
    cluster: &Cluster,
    request: Request<'_>,
    type_arg: &str,
    scope: impl FnOnce(&mut Vec<Hint>),
    hints: &mut Vec<Hint>,
) {
    let Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace,
        name,
    } = request
    else {
        return;
    };
    let api = cluster.api_resources();
    let known = api.find(group, resource);
    let is_virtual = |(word, with): &(&str, &str)| *word == resource && verb.starts_with(with);
    if let Some(known) = known {
        let word_is_name = type_arg
            .split_once('/')
            .is_some_and(|(_, word)| word == name);
        let subresources = || known.subresources().map(|s| s.name);
        let named = |word: &str| word == VIRTUAL_SUBRESOURCE || subresources().any(|s| s == word);
        if word_is_name && subresource.is_empty() && named(name) {
            hints.push(Hint::SubresourceMeant {
                resource: resource.to_owned(),
                subresource: name.to_owned(),
            });
        }
        about_verb(cluster, &known, subresource, verb, hints);
        if !matches!(subresource, "" | "*") && !named(subresource) {
            let mut likely = suggestions(subresource, subresources());
            if likely.is_empty() {
                likely = subresources().take(2 * MOST).collect();
            }
            hints.push(Hint::UnknownSubresource {
                resource: qualified(group, resource),
                subresource: subresource.to_owned(),
                suggestions: owned(likely),
            });
        }
        if !namespace.is_empty() && !known.namespaced() {
            scope(hints);
        }
    } else if resource != "*" && group != "*" && !VIRTUAL.iter().any(is_virtual) {
        hints.push(Hint::UnknownResource {
            resource: qualified(group, resource),
            suggestions: likely_resources(cluster, group, resource),
        });
        about_unknown_verb(cluster, verb, hints);
    } else {
        about_unknown_verb(cluster, verb, hints);
    }
    about_namespace(cluster, namespace, hints);
}

fn likely_resources(cluster: &Cluster, group: &str, resource: &str) -> Vec<String> {
    let api = cluster.api_resources();
    let name = |r: &ApiResource<'_>| qualified(r.group, r.name());
    // `deployments.apps` may have come as one word, and a right word in a wrong group is the likeliest
    // mistake.
    let mut word = resource.to_lowercase();
    if group.is_empty()
        && let Some((plural, _)) = resource.split_once('.')
    {
        word = plural.to_lowercase();
    }
    for found in [api.by_name(&word), api.by_short_name(&word)] {
        if !found.is_empty() {
            return found.iter().take(MOST).map(name).collect();
        }
    }
    let likely = suggestions(&word, api.names());
    let mut resources: Vec<String> = Vec::new();
    for likely in likely {
        let found = api
            .by_name(likely)
            .into_iter()
            .chain(api.by_short_name(likely))
            .next();
        let found = found.map(|r| name(&r));
        resources.extend(found.filter(|name| !resources.contains(name)));
    }
    resources
}

fn about_verb(
    cluster: &Cluster,
    resource: &ApiResource<'_>,
    subresource: &str,
    verb: &str,
    hints: &mut Vec<Hint>,
) {
    let before = hints.len();
    about_unknown_verb(cluster, verb, hints);
    if hints.len() > before || special_verb(verb) {
        return;
    }
    let mut what = qualified(resource.group, resource.name());
    let served = if subresource.is_empty() {
        resource.verbs()
    } else {
        what = format!("{what}/{subresource}");
        let api = cluster.api_resources();
        match api.subresource(resource.group, resource.name(), subresource) {
            Some(found) => found.verbs,
            None => return,
        }
    };
    if !served.contains(&verb) {
        hints.push(Hint::VerbNotServed {
            verb: verb.to_owned(),
            resource: what,
            served: owned(served.iter().copied()),
        });
    }
}

/// Whether a verb goes with resources that are not served with it.
fn special_verb(verb: &str) -> bool {
    // Constrained impersonation has verbs such as `impersonate:user-info` (KEP-5284).
    verb.starts_with("impersonate:")
        || verb.starts_with("impersonate-on:")
        || SPECIAL_VERBS.contains(&verb)
}

fn about_unknown_verb(cluster: &Cluster, verb: &str, hints: &mut Vec<Hint>) {
    let mut known: BTreeSet<&str> = cluster.api_resources().verbs();
    known.extend(RESOURCE_VERBS);
    if !known.contains(verb) && !special_verb(verb) {
        hints.push(unknown_verb(verb, known));
    }
}

fn about_path_verb(verb: &str, hints: &mut Vec<Hint>) {
    if !NON_RESOURCE_VERBS.contains(&verb) {
        let known = NON_RESOURCE_VERBS.iter().copied();
        hints.push(unknown_verb(verb, known.collect()));
    }
}

fn unknown_verb(verb: &str, known: BTreeSet<&str>) -> Hint {
    let word = verb.to_lowercase();
    let command = COMMANDS.iter().find(|(command, _)| *command == word);
    let likely = if command.is_some() {
        Vec::new()
    } else {
        suggestions(verb, known)
    };
    Hint::UnknownVerb {
        verb: verb.to_owned(),
        meaning: command.map(|(_, meaning)| *meaning),
        suggestions: owned(likely),
    }
}

fn about_scope<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    allowed: bool,
    hints: &mut Vec<Hint>,
) {
    let Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace,
        name,
    } = attributes.request
    else {
        return;
    };
    // A request for one namespace does carry it.
    let real_namespace = if group.is_empty() && resource == "namespaces" {
        name
    } else {
        ""
    };
    if namespace == real_namespace {
        return;
    }
    let mut real = *attributes;
    real.request = Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace: real_namespace,
        name,
    };
    let refused = !is_privileged(real.groups) && rbac.decide(&real) == Decision::NoOpinion;
    if allowed && !refused {
        return;
    }
    hints.push(Hint::ClusterScoped {
        resource: qualified(group, resource),
        namespace: namespace.to_owned(),
        refused_without: allowed,
    });
}

fn about_namespace(cluster: &Cluster, namespace: &str, hints: &mut Vec<Hint>) {
    if namespace.is_empty() {
        return;
    }
    let mut known: BTreeSet<Symbol> = cluster.namespaces().keys().copied().collect();
    known.extend(cluster.bindings().iter().map(|binding| binding.namespace));
    known.extend(cluster.roles().iter().map(|role| role.namespace));
    known.extend(
        cluster
            .service_accounts()
            .keys()
            .map(|(namespace, _)| *namespace),
    );
    let names = known.into_iter().map(|namespace| cluster.str(namespace));
    let names: BTreeSet<&str> = names
        .chain(["default", "kube-system", "kube-public"])
        .collect();
    if names.contains(namespace) {
        return;
    }
    let likely = suggestions(namespace, names);
    // Without any Namespace object, the input says nothing about which ones exist.
    if !cluster.namespaces().is_empty() || !likely.is_empty() {
        hints.push(Hint::UnknownNamespace {
            namespace: namespace.to_owned(),
            suggestions: owned(likely),
        });
    }
}
