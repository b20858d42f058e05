//! From method and target to what is asked of the API: verb, resource, name (docs page "Authorization",
//! request attributes; `pkg/endpoints/request/requestinfo.go`).

use super::list_options::ListOptions;
use super::query;
use super::target::Target;
use crate::model::selectors::{parse_field_selector, parse_label_selector};
use crate::model::{ParsedRequirement, Request};
use std::borrow::Cow;

/// What a request asks for (`request.RequestInfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestInfo<'t> {
    /// It is about an API resource; else about [`RequestInfo::path`].
    pub is_resource: bool,
    /// The decoded path.
    pub path: Cow<'t, str>,
    /// The verb, as the authorizers know it.
    pub verb: Cow<'t, str>,
    /// The API group.
    pub group: Cow<'t, str>,
    /// The version of the API group.
    pub version: Cow<'t, str>,
    /// The resource, in plural.
    pub resource: Cow<'t, str>,
    /// The subresource.
    pub subresource: Cow<'t, str>,
    /// The namespace.
    pub namespace: Cow<'t, str>,
    /// The name.
    pub name: Cow<'t, str>,
    /// What the path names behind the resource, where [`RequestInfo::subresource`] leaves it out.
    pub parts: usize,
    /// `fieldSelector`, where the server honours it for this verb.
    pub field_selector: Option<Cow<'t, str>>,
    /// `labelSelector`, where the server honours it for this verb.
    pub label_selector: Option<Cow<'t, str>>,
}

/// Why the server cannot tell what is asked: it answers 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unresolvable;

impl<'t> RequestInfo<'t> {
    /// Reads a method and a target, as a server with the prefixes `api` and `apis` does.
    ///
    /// # Errors
    /// A path that ends after `/watch` or `/proxy`.
    pub fn new(method: &str, target: &'t Target<'_>) -> Result<RequestInfo<'t>, Unresolvable> {
        let path: &'t str = &target.path;
        let Some((group, version, parts)) = split(path) else {
            return Ok(RequestInfo::non_resource(method, target));
        };
        let mut info = RequestInfo {
            is_resource: true,
            path: Cow::Borrowed(path),
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            ..RequestInfo::default()
        };
        info.resource(method, parts, target.query)?;
        Ok(info)
    }

    /// Reads them as a server does that knows no API.
    pub fn non_resource(method: &str, target: &'t Target<'_>) -> RequestInfo<'t> {
        RequestInfo {
            path: Cow::Borrowed(&target.path),
            verb: match method {
                "GET" => Cow::Borrowed("get"),
                "POST" => Cow::Borrowed("post"),
                other => Cow::Owned(other.to_lowercase()),
            },
            ..RequestInfo::default()
        }
    }

    /// Reads what follows the version.
    fn resource(
        &mut self,
        method: &str,
        rest: &'t str,
        query: &'t str,
    ) -> Result<(), Unresolvable> {
        // Four parts at most are looked at: namespaces, its name, and three of the resource.
        let mut storage = [""; 6];
        let mut parts: &[&str] = collect(rest, &mut storage);
        let mut by_path = false;
        self.verb = Cow::Borrowed(match parts[0] {
            verb @ ("proxy" | "watch") => {
                if parts.len() < 2 {
                    return Err(Unresolvable);
                }
                parts = &parts[1..];
                by_path = true;
                verb
            }
            _ => match method {
                "POST" => "create",
                "GET" | "HEAD" => "get",
                "PUT" => "update",
                "PATCH" => "patch",
                "DELETE" => "delete",
                _ => "",
            },
        });
        if let ["namespaces", namespace, rest @ ..] = parts {
            self.namespace = Cow::Borrowed(namespace);
            if !matches!(rest.first(), None | Some(&("status" | "finalize"))) {
                parts = rest;
            }
        }
        self.parts = parts.len();
        let part = |index: usize| Cow::Borrowed(parts.get(index).copied().unwrap_or_default());
        self.resource = part(0);
        self.name = part(1);
        if self.verb != "proxy" {
            self.subresource = part(2);
        }
        if self.name.is_empty() && self.verb == "get" {
            let options = ListOptions::decode(query);
            self.verb = Cow::Borrowed(if options.watch { "watch" } else { "list" });
            if !options.name.is_empty() {
                self.name = Cow::Owned(options.name);
            }
        }
        if self.name.is_empty() && self.verb == "delete" {
            self.verb = Cow::Borrowed("deletecollection");
        }
        if !by_path
            && !query.is_empty()
            && matches!(&*self.verb, "list" | "watch" | "deletecollection")
        {
            let selector = |key| query::first(query, key).filter(|value| !value.is_empty());
            self.field_selector = selector("fieldSelector");
            self.label_selector = selector("labelSelector");
        }
        Ok(())
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

    /// What authorizers see of the field selector: nothing of one that cannot be read.
    pub fn field_requirements(&self) -> Vec<ParsedRequirement<'_>> {
        let text = self.field_selector.as_deref();
        text.and_then(parse_field_selector).unwrap_or_default()
    }

    /// What authorizers see of the label selector: nothing of one that cannot be read.
    pub fn label_requirements(&self) -> Vec<ParsedRequirement<'_>> {
        let text = self.label_selector.as_deref();
        text.and_then(parse_label_selector).unwrap_or_default()
    }

    /// Whether the server sets no time limit for it (`BasicLongRunningRequestCheck`).
    pub fn is_long_running(&self) -> bool {
        match self.is_resource {
            true => {
                matches!(&*self.verb, "watch" | "proxy")
                    || matches!(
                        &*self.subresource,
                        "attach" | "exec" | "proxy" | "log" | "portforward"
                    )
            }
            false => self.path.starts_with("/debug/pprof/"),
        }
    }
}

/// Group, version and the rest of the path of a resource; `None` for any other path.
fn split(path: &str) -> Option<(&str, &str, &str)> {
    let path = path.trim_matches('/');
    let (prefix, rest) = path.split_once('/')?;
    let (group, rest) = match prefix {
        "api" => ("", rest),
        "apis" => rest.split_once('/')?,
        _ => return None,
    };
    let (version, rest) = rest.split_once('/')?;
    Some((group, version, rest))
}

/// The first segments of a path.
fn collect<'p, 's>(path: &'p str, storage: &'s mut [&'p str; 6]) -> &'s [&'p str] {
    let mut count = 0;
    for (slot, part) in storage.iter_mut().zip(path.split('/')) {
        *slot = part;
        count += 1;
    }
    &storage[..count]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(method: &str, target: &str) -> String {
        let target = Target::parse(target).expect("a target");
        let Ok(info) = RequestInfo::new(method, &target) else {
            return "500".to_owned();
        };
        if !info.is_resource {
            return format!("{} {}", info.verb, info.path);
        }
        let parts = [
            &info.verb,
            &info.group,
            &info.resource,
            &info.subresource,
            &info.namespace,
            &info.name,
        ];
        parts.map(|part| &**part).join("|")
    }

    #[test]
    fn attributes_of_requests() {
        for (method, target, expected) in [
            ("GET", "/livez?verbose", "get /livez"),
            ("GET", "/%6civez", "get /livez"),
            ("GET", "/", "get /"),
            ("GET", "/api/v1", "get /api/v1"),
            ("GET", "/api/v1//", "get /api/v1//"),
            ("GET", "/apis/apps", "get /apis/apps"),
            ("GET", "/apis/v1/pods", "get /apis/v1/pods"),
            ("Foo", "/x", "foo /x"),
            ("GET", "/api//v1/pods", "get||v1|||pods"),
            ("GET", "/apis//v1/pods", "list||pods|||"),
            ("GET", "/api/v1/namespaces", "list||namespaces|||"),
            ("GET", "/api/v1/namespaces/a", "get||namespaces||a|a"),
            (
                "PUT",
                "/api/v1/namespaces/a/finalize/x",
                "update||namespaces|finalize|a|a",
            ),
            ("GET", "/api/v1/namespaces//pods", "list||pods|||"),
            ("GET", "/api/v1/pods//x1", "list||pods|x1||"),
            (
                "GET",
                "/api/v1/namespaces/a/pods/p/log/more/and/more",
                "get||pods|log|a|p",
            ),
            ("GET", "/api/v1/namespaces/a/pods/p%2Fq", "get||pods|q|a|p"),
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
            ("PROPFIND", "/api/v1/pods", "||pods|||"),
            (
                "POST",
                "/api/v1/watch/namespaces/a/pods/p",
                "watch||pods||a|p",
            ),
            ("GET", "/api/v1/watch", "500"),
            ("GET", "/api/v1/proxy/", "500"),
            (
                "GET",
                "/api/v1/proxy/namespaces/a/pods/p/x",
                "proxy||pods||a|p",
            ),
            (
                "GET",
                "/api/v1/pods?fieldSelector=metadata.name=x",
                "list||pods|||x",
            ),
            (
                "GET",
                "/api/v1/watch/pods?fieldSelector=metadata.name=x",
                "watch||pods|||",
            ),
        ] {
            assert_eq!(words(method, target), expected, "{method} {target}");
        }
    }

    #[test]
    fn selectors_are_kept_where_they_count() {
        for (method, target, expected) in [
            ("GET", "/api/v1/pods?fieldSelector=bad&limit=x", Some("bad")),
            ("DELETE", "/api/v1/pods?fieldSelector=a=b", Some("a=b")),
            ("GET", "/api/v1/watch/pods?fieldSelector=a=b", None),
            ("GET", "/api/v1/pods/x?fieldSelector=a=b", None),
            ("GET", "/api/v1/pods?fieldSelector=", None),
        ] {
            let target = Target::parse(target).expect("a target");
            let info = RequestInfo::new(method, &target).expect("attributes");
            assert_eq!(info.field_selector.as_deref(), expected, "{target}");
        }
    }
}
