//! From an HTTP request to what is asked of the API: verb, resource, name (docs page "Authorization",
//! request attributes).

use super::Request;

/// What a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestInfo {
    /// It is about an API resource; else about [`RequestInfo::path`].
    pub is_resource: bool,
    /// The decoded path.
    pub path: String,
    /// The verb, as the authorizers know it.
    pub verb: String,
    /// The API group.
    pub group: String,
    /// The resource, in plural.
    pub resource: String,
    /// The subresource.
    pub subresource: String,
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl RequestInfo {
    /// Reads a method and the target of a request line. `None` where the target is no path: the server
    /// answers 400.
    pub fn new(method: &str, target: &str) -> Option<RequestInfo> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = String::from_utf8_lossy(&percent_decoded(path)?).into_owned();
        let mut info = RequestInfo {
            verb: method.to_ascii_lowercase(),
            path,
            ..RequestInfo::default()
        };
        let path = info.path.clone();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (group, rest) = match parts[..] {
            ["api", ref rest @ ..] if rest.len() >= 2 => ("", rest),
            ["apis", group, ref rest @ ..] if rest.len() >= 2 => (group, rest),
            _ => return Some(info),
        };
        info.is_resource = true;
        info.group = group.to_owned();
        info.resource(method, &rest[1..], query)?;
        Some(info)
    }

    /// Reads what follows the version.
    fn resource(&mut self, method: &str, mut parts: &[&str], query: &str) -> Option<()> {
        self.verb = match method {
            "POST" => "create",
            "GET" | "HEAD" => "get",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ => "",
        }
        .to_owned();
        if let [verb @ ("proxy" | "watch"), rest @ ..] = parts {
            if rest.is_empty() {
                return None;
            }
            self.verb = (*verb).to_owned();
            parts = rest;
        }
        if let ["namespaces", namespace, rest @ ..] = parts {
            self.namespace = (*namespace).to_owned();
            if !matches!(rest.first(), None | Some(&("status" | "finalize"))) {
                parts = rest;
            }
        }
        self.resource = (*parts.first()?).to_owned();
        self.name = parts.get(1).copied().unwrap_or_default().to_owned();
        if self.verb != "proxy" {
            self.subresource = parts.get(2).copied().unwrap_or_default().to_owned();
        }
        if self.name.is_empty() {
            let watch = query.split('&').any(|pair| {
                matches!(
                    pair.split_once('=').unwrap_or((pair, "")),
                    ("watch", value) if !matches!(value, "false" | "0")
                )
            });
            match &*self.verb {
                "get" if watch => self.verb = "watch".to_owned(),
                "get" => self.verb = "list".to_owned(),
                "delete" => self.verb = "deletecollection".to_owned(),
                _ => {}
            }
        }
        Some(())
    }

    /// What the authorizers are asked.
    pub fn request(&self) -> Request<'_> {
        if self.is_resource {
            Request::Resource {
                verb: &self.verb,
                group: &self.group,
                resource: &self.resource,
                subresource: &self.subresource,
                namespace: &self.namespace,
                name: &self.name,
            }
        } else {
            Request::NonResource {
                verb: &self.verb,
                path: &self.path,
            }
        }
    }
}

/// Percent-decoding, `+` kept; `None` for an escape that is none.
pub fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            plain => plain,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(method: &str, target: &str) -> String {
        let info = RequestInfo::new(method, target).expect("a path");
        if !info.is_resource {
            return format!("{} {}", info.verb, info.path);
        }
        [
            info.verb,
            info.group,
            info.resource,
            info.subresource,
            info.namespace,
            info.name,
        ]
        .join("|")
    }

    #[test]
    fn attributes_of_requests() {
        for (method, target, expected) in [
            ("GET", "/livez?verbose", "get /livez"),
            ("GET", "/%6civez", "get /livez"),
            ("GET", "/api/v1", "get /api/v1"),
            ("GET", "/apis/apps", "get /apis/apps"),
            ("GET", "/api/v1/namespaces", "list||namespaces|||"),
            ("GET", "/api/v1/namespaces/a", "get||namespaces||a|a"),
            (
                "PUT",
                "/api/v1/namespaces/a/finalize",
                "update||namespaces|finalize|a|a",
            ),
            (
                "GET",
                "/api/v1/namespaces/a/pods/p/log",
                "get||pods|log|a|p",
            ),
            (
                "GET",
                "/apis/apps/v1/deployments?watch=true",
                "watch|apps|deployments|||",
            ),
            (
                "DELETE",
                "/apis/apps/v1/namespaces/a/deployments",
                "deletecollection|apps|deployments||a|",
            ),
        ] {
            assert_eq!(words(method, target), expected, "{method} {target}");
        }
        assert_eq!(RequestInfo::new("GET", "/%zz"), None);
    }
}
