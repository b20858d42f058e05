//! The words that the server knows.

use std::collections::BTreeSet;

pub(super) const VERBS_OF_API: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
    "attest",
    "request-serviceaccounts-token-audience",
];

pub(super) const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Verbs whose resources are no API resources.
pub(super) fn is_special(verb: &str) -> bool {
    matches!(
        verb,
        "use" | "approve" | "sign" | "attest" | "request-serviceaccounts-token-audience"
    ) || verb.starts_with("impersonate")
}

/// The group that is meant by one with a version, or by a word for the core group.
pub(super) fn meant_group(group: &str) -> &str {
    match group.split_once('/') {
        Some((name, _)) => name,
        None if group == "core" || group == "v1" => "",
        None => group,
    }
}

/// Whether some request of the API has the verb.
pub(super) fn is_known_verb(verb: &str) -> bool {
    VERBS_OF_API.contains(&verb)
        || verb.starts_with("impersonate:")
        || verb.starts_with("impersonate-on:")
        // How drivers report on the claims of their node (resource.k8s.io).
        || verb
            .strip_prefix("associated-node:")
            .or_else(|| verb.strip_prefix("arbitrary-node:"))
            .is_some_and(|verb| VERBS_OF_API.contains(&verb))
}

/// Whether a verb is among those that a resource serves.
pub(super) fn is_served(verbs: &BTreeSet<&'static str>, verb: &str) -> bool {
    // Since 1.35 a GET that upgrades is asked as create, too, and connecting takes both.
    verb == "*"
        || verbs.contains(verb)
        || (verbs.contains("create") && verb == "get")
        || !VERBS_OF_API[..8].contains(&verb)
}

/// Whether the server asks for exactly this, of somebody who impersonates with many extra values at once.
pub(super) fn is_all_extras(verb: &str, resource: &str) -> bool {
    resource == "userextras/*" && verb.starts_with("impersonate:")
}

/// Whether the verb `impersonate` is asked of the resource in the group.
pub(super) fn is_impersonated(group: &str, resource: &str) -> bool {
    match group {
        "" => matches!(resource, "users" | "groups" | "serviceaccounts"),
        "authentication.k8s.io" => resource == "uids" || resource.starts_with("userextras/"),
        _ => false,
    }
}

/// A character that nobody sees.
pub(in crate::lint::rules) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// A space, or a character that nobody sees.
pub(super) fn is_odd(word: &str) -> bool {
    word.chars().any(|c| c.is_whitespace() || is_invisible(c))
}
