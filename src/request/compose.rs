//! From a question to the request that asks it, as kubectl and client-go make requests.

use crate::model::Request;
use std::fmt::Write;

/// Method and target of the request that asks a question; `None` for a verb that no HTTP request has.
/// `version` is that of the API resource.
pub fn request(asked: &Request<'_>, version: &str) -> Option<(String, String)> {
    let (verb, group, resource, subresource, namespace, name) = match *asked {
        Request::NonResource { verb, path } => {
            let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
            let method = verb.to_ascii_uppercase();
            let fits = !verb.is_empty() && verb != "*" && verb.bytes().all(token);
            return fits.then(|| (method, path_of(path)));
        }
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } => (verb, group, resource, subresource, namespace, name),
    };
    let method = match verb {
        "get" | "list" | "watch" => "GET",
        "create" => "POST",
        "update" => "PUT",
        "patch" => "PATCH",
        "delete" | "deletecollection" => "DELETE",
        _ => return None,
    };
    let mut target = match group {
        "" => String::from("/api"),
        group => format!("/apis/{}", segment(group)),
    };
    let _ = write!(target, "/{}", segment(version));
    if !namespace.is_empty() {
        let _ = write!(target, "/namespaces/{}", segment(namespace));
    }
    let _ = write!(target, "/{}", segment(resource));
    let by_selector = matches!(verb, "list" | "watch") && !name.is_empty();
    // Who creates an object names it in the body; a subresource belongs to one that is there.
    let named = !name.is_empty()
        && !by_selector
        && verb != "deletecollection"
        && (verb != "create" || !subresource.is_empty());
    match (named, subresource) {
        (true, "") => {
            let _ = write!(target, "/{}", segment(name));
        }
        (true, subresource) => {
            let _ = write!(target, "/{}/{}", segment(name), segment(subresource));
        }
        (false, "") => {}
        (false, _) => return None,
    }
    let mut query = Vec::new();
    if verb == "watch" {
        query.push("watch=true".to_owned());
    }
    if by_selector {
        query.push(format!("fieldSelector=metadata.name%3D{}", segment(name)));
    }
    if !query.is_empty() {
        let _ = write!(target, "?{}", query.join("&"));
    }
    Some((method.to_owned(), target))
}

/// A path with everything escaped that cannot stand in a request line.
fn path_of(path: &str) -> String {
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// One segment, escaped.
fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || b"-_.~:*!$'()@".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{RequestInfo, Target};

    #[test]
    fn what_is_composed_asks_the_same() {
        for (verb, group, resource, subresource, namespace, name) in [
            ("get", "", "pods", "log", "a b", "x%/y"),
            ("list", "apps", "deployments", "", "dev", ""),
            ("watch", "", "secrets", "", "dev", "one"),
            ("create", "", "pods", "exec", "dev", "p"),
            ("create", "", "pods", "", "dev", ""),
            (
                "update",
                "rbac.authorization.k8s.io",
                "clusterroles",
                "",
                "",
                "system:x",
            ),
            ("deletecollection", "", "pods", "", "", ""),
        ] {
            let asked = Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            };
            let (method, target) = request(&asked, "v1").expect("an HTTP verb");
            let parsed = Target::parse(&target).expect("a target");
            // A slash in a name is one of the path: no request can ask for such an object.
            let info = RequestInfo::new(&method, &parsed).expect("attributes");
            if !name.contains('/') {
                assert_eq!(info.request(), asked, "{target}");
            }
        }
        let odd = Request::NonResource {
            verb: "get",
            path: "/a b/<c>",
        };
        assert_eq!(
            request(&odd, ""),
            Some(("GET".to_owned(), "/a%20b/%3Cc%3E".to_owned()))
        );
        let none = Request::NonResource {
            verb: "*",
            path: "/",
        };
        assert_eq!(request(&none, ""), None);
    }
}
