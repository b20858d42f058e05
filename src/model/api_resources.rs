//! Which API resources a server serves: the built-in ones and those of CustomResourceDefinitions.
//!
//! The order is that of the server's aggregated discovery (KEP-3352): groups by the priority of their
//! APIServices, then by name; versions by priority, then by Kubernetes version order. Clients resolve
//! ambiguous names by it.

use crate::defaults::{self, DefaultResource};
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

/// What a custom resource of any CustomResourceDefinition can do.
const CUSTOM_VERBS: &[&str] = &[
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
];
const CUSTOM_SUBRESOURCE_VERBS: &[&str] = &["get", "patch", "update"];

/// The names and versions of a CustomResourceDefinition (`apiextensions.k8s.io/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomResource {
    /// `spec.group`.
    pub group: String,
    /// `spec.versions`.
    pub versions: Vec<CustomResourceVersion>,
    /// `spec.names.plural`.
    pub plural: String,
    /// `spec.names.singular`; when empty, the kind in lower case.
    pub singular: String,
    /// `spec.names.kind`.
    pub kind: String,
    /// `spec.names.shortNames`.
    pub short_names: Vec<String>,
    /// `spec.names.categories`.
    pub categories: Vec<String>,
    /// Whether `spec.scope` is `Namespaced`.
    pub namespaced: bool,
}

/// One entry of `spec.versions` of a CustomResourceDefinition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomResourceVersion {
    /// The name, such as `v1beta1`.
    pub name: String,
    /// Whether the server serves it. A version that is not served does not exist for clients.
    pub served: bool,
    /// The names of its subresources: `status`, `scale` or both.
    pub subresources: Vec<String>,
}

/// The API resources of a server.
#[derive(Clone, Debug)]
pub struct ApiResources {
    custom: Vec<CustomResource>,
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct Group {
    name: Cow<'static, str>,
    versions: Vec<Version>,
}

#[derive(Clone, Debug)]
struct Version {
    name: Cow<'static, str>,
    built_in: &'static [DefaultResource],
    /// Indices into `ApiResources::custom`.
    custom: Vec<usize>,
}

impl Default for ApiResources {
    fn default() -> Self {
        Self::built_in()
    }
}

impl ApiResources {
    /// The resources of a server without CustomResourceDefinitions. Borrows the embedded tables.
    pub fn built_in() -> ApiResources {
        ApiResources {
            custom: Vec::new(),
            groups: built_in_groups(),
        }
    }

    /// Adds custom resources. One of a group and plural name that was added before replaces it.
    ///
    /// A custom group comes after the built-in ones, by name, because the server gives all of them one
    /// low priority. A definition in a built-in group joins that group, its new versions first.
    pub fn extend(&mut self, resources: impl IntoIterator<Item = CustomResource>) {
        for mut new in resources {
            if new.singular.is_empty() {
                new.singular = new.kind.to_lowercase();
            }
            self.custom.push(new);
        }
        // The server lists the custom resources of one version in no fixed order; the name is one.
        self.custom
            .sort_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
        self.custom.dedup_by(|new, old| {
            let same = (&new.group, &new.plural) == (&old.group, &old.plural);
            same.then(|| std::mem::swap(new, old)).is_some()
        });
        self.arrange();
    }

    fn arrange(&mut self) {
        self.groups = built_in_groups();
        for (index, resource) in self.custom.iter().enumerate() {
            for version in resource.versions.iter().filter(|v| v.served) {
                let group = Group {
                    name: Cow::Owned(resource.group.clone()),
                    versions: Vec::new(),
                };
                let version = Version {
                    name: Cow::Owned(version.name.clone()),
                    built_in: &[],
                    custom: Vec::new(),
                };
                let group = find_or_push(&mut self.groups, group, |g| &g.name);
                let version = find_or_push(&mut group.versions, version, |v| &v.name);
                version.custom.push(index);
            }
        }
        for group in &mut self.groups {
            // The APIService of a custom version has priority 100, more than any built-in one. The
            // built-in versions keep their recorded order.
            let built_in = |v: &Version| !v.built_in.is_empty();
            group
                .versions
                .sort_by(|a, b| match (built_in(a), built_in(b)) {
                    (false, false) => compare_versions(&a.name, &b.name),
                    (a, b) => a.cmp(&b),
                });
        }
    }

    /// The groups in the server's order.
    pub fn groups(&self) -> impl Iterator<Item = ApiGroup<'_>> {
        self.groups
            .iter()
            .map(|group| ApiGroup { all: self, group })
    }

    /// Every resource of every version, in the server's order.
    pub fn resources(&self) -> impl Iterator<Item = ApiResource<'_>> {
        self.groups()
            .flat_map(|group| group.versions())
            .flat_map(|version| version.resources())
    }

    /// The resource of this group and plural name, in the most preferred version that has it.
    pub fn find(&self, group: &str, resource: &str) -> Option<ApiResource<'_>> {
        self.of_group(group).find(|r| r.name() == resource)
    }

    /// The resource of this group, version and plural name.
    pub fn find_version(&self, group: &str, version: &str, name: &str) -> Option<ApiResource<'_>> {
        self.of_group(group)
            .find(|r| r.version == version && r.name() == name)
    }

    fn of_group<'a>(&'a self, group: &str) -> impl Iterator<Item = ApiResource<'a>> {
        self.resources().filter(move |r| r.group == group)
    }

    /// The resources of any group whose plural or singular name is `name`, most preferred first; a
    /// resource with several versions comes once.
    pub fn by_name(&self, name: &str) -> Vec<ApiResource<'_>> {
        self.distinct(|r| r.name() == name || r.singular() == name)
    }

    /// The resources of any group with this short name, most preferred first, each once.
    pub fn by_short_name(&self, short: &str) -> Vec<ApiResource<'_>> {
        self.distinct(|r| r.short_names().any(|s| s == short))
    }

    /// A subresource, of the most preferred version of the resource that has it.
    pub fn subresource(
        &self,
        group: &str,
        resource: &str,
        subresource: &str,
    ) -> Option<ApiSubresource<'_>> {
        self.of_group(group)
            .filter(|r| r.name() == resource)
            .flat_map(|r| r.subresources())
            .find(|s| s.name == subresource)
    }

    /// Every verb that some resource or subresource is served with.
    pub fn verbs(&self) -> BTreeSet<&'static str> {
        self.resources()
            .flat_map(|r| {
                let below = r.subresources().flat_map(|s| s.verbs);
                r.verbs().iter().chain(below).copied()
            })
            .collect()
    }

    /// Every plural, singular and short name, each once: what a misspelt word may have meant.
    pub fn names(&self) -> BTreeSet<&str> {
        self.resources()
            .flat_map(|r| r.short_names().chain([r.name(), r.singular()]))
            .collect()
    }

    fn distinct<'a>(&'a self, wanted: impl Fn(&ApiResource<'a>) -> bool) -> Vec<ApiResource<'a>> {
        let mut found: Vec<ApiResource<'a>> = Vec::new();
        for resource in self.resources().filter(wanted) {
            let same = |r: &ApiResource| r.group == resource.group && r.name() == resource.name();
            if !found.iter().any(same) {
                found.push(resource);
            }
        }
        found
    }
}

/// An API group and what it serves.
#[derive(Clone, Copy, Debug)]
pub struct ApiGroup<'a> {
    all: &'a ApiResources,
    group: &'a Group,
}

impl<'a> ApiGroup<'a> {
    /// The name; empty for the core group.
    pub fn name(self) -> &'a str {
        &self.group.name
    }

    /// The versions in order of preference, the preferred one first.
    pub fn versions(self) -> impl Iterator<Item = ApiVersion<'a>> {
        let versions = self.group.versions.iter();
        versions.map(move |version| ApiVersion { of: self, version })
    }
}

/// A version of an API group and what it serves.
#[derive(Clone, Copy, Debug)]
pub struct ApiVersion<'a> {
    of: ApiGroup<'a>,
    version: &'a Version,
}

impl<'a> ApiVersion<'a> {
    /// The name, such as `v1`.
    pub fn name(self) -> &'a str {
        &self.version.name
    }

    /// The resources, in the server's order.
    pub fn resources(self) -> impl Iterator<Item = ApiResource<'a>> {
        let built_in = self.version.built_in.iter().map(Source::BuiltIn);
        let all = &self.of.all.custom;
        let custom = self.version.custom.iter().map(|&i| Source::Custom(&all[i]));
        built_in.chain(custom).map(move |source| ApiResource {
            group: self.of.name(),
            version: self.name(),
            source,
        })
    }
}

/// An API resource in one version of its group.
#[derive(Clone, Copy, Debug)]
pub struct ApiResource<'a> {
    /// The API group; empty for the core group.
    pub group: &'a str,
    /// The version.
    pub version: &'a str,
    source: Source<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    BuiltIn(&'static DefaultResource),
    Custom(&'a CustomResource),
}

/// A subresource of an API resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiSubresource<'a> {
    /// The name, after the slash.
    pub name: &'a str,
    /// The kind that it takes or returns.
    pub kind: &'a str,
    /// The verbs that the server serves.
    pub verbs: &'static [&'static str],
}

impl<'a> ApiResource<'a> {
    /// The plural name that requests and rules use.
    pub fn name(self) -> &'a str {
        match self.source {
            Source::BuiltIn(r) => r.name,
            Source::Custom(r) => &r.plural,
        }
    }

    /// The singular name.
    pub fn singular(self) -> &'a str {
        match self.source {
            Source::BuiltIn(r) => r.singular,
            Source::Custom(r) => &r.singular,
        }
    }

    /// The kind of its objects.
    pub fn kind(self) -> &'a str {
        match self.source {
            Source::BuiltIn(r) => r.kind,
            Source::Custom(r) => &r.kind,
        }
    }

    /// Whether its objects live in namespaces.
    pub fn namespaced(self) -> bool {
        match self.source {
            Source::BuiltIn(r) => r.namespaced,
            Source::Custom(r) => r.namespaced,
        }
    }

    /// Whether a CustomResourceDefinition serves it.
    pub fn is_custom(self) -> bool {
        matches!(self.source, Source::Custom(_))
    }

    /// The verbs that the server serves.
    pub fn verbs(self) -> &'static [&'static str] {
        match self.source {
            Source::BuiltIn(r) => r.verbs,
            Source::Custom(_) => CUSTOM_VERBS,
        }
    }

    /// The short names.
    pub fn short_names(self) -> impl Iterator<Item = &'a str> {
        self.names(|r| r.short_names, |r| &r.short_names)
    }

    /// The categories, such as `all`.
    pub fn categories(self) -> impl Iterator<Item = &'a str> {
        self.names(|r| r.categories, |r| &r.categories)
    }

    fn names(
        self,
        built_in: fn(&DefaultResource) -> defaults::Strs,
        custom: fn(&CustomResource) -> &[String],
    ) -> impl Iterator<Item = &'a str> {
        let (built_in, custom) = match self.source {
            Source::BuiltIn(r) => (built_in(r), &[][..]),
            Source::Custom(r) => (&[][..], custom(r)),
        };
        let custom = custom.iter().map(String::as_str);
        built_in.iter().copied().chain(custom)
    }

    /// The subresources.
    pub fn subresources(self) -> impl Iterator<Item = ApiSubresource<'a>> {
        let version = self.version;
        let (built_in, custom) = match self.source {
            Source::BuiltIn(r) => (r.subresources, None),
            Source::Custom(r) => (&[][..], Some(r)),
        };
        let built_in = built_in.iter().map(|s| ApiSubresource {
            name: s.name,
            kind: s.kind,
            verbs: s.verbs,
        });
        built_in.chain(custom.into_iter().flat_map(move |r| {
            let served = r
                .versions
                .iter()
                .filter(move |v| v.served && v.name == version);
            served
                .flat_map(|v| &v.subresources)
                .map(|name| ApiSubresource {
                    name,
                    kind: if name == "scale" { "Scale" } else { &r.kind },
                    verbs: CUSTOM_SUBRESOURCE_VERBS,
                })
        }))
    }
}

fn built_in_groups() -> Vec<Group> {
    let version = |v: &defaults::DefaultVersion| Version {
        name: Cow::Borrowed(v.name),
        built_in: v.resources,
        custom: Vec::new(),
    };
    defaults::api_resources::GROUPS
        .iter()
        .map(|group| Group {
            name: Cow::Borrowed(group.name),
            versions: group.versions.iter().map(version).collect(),
        })
        .collect()
}

/// The element of the same name, or the new one where there is none.
fn find_or_push<T>(list: &mut Vec<T>, new: T, name: impl Fn(&T) -> &str) -> &mut T {
    let found = list.iter().rposition(|old| name(old) == name(&new));
    let index = found.unwrap_or(list.len());
    if found.is_none() {
        list.push(new);
    }
    &mut list[index]
}

/// Orders API versions by preference: stable before beta before alpha, higher numbers first, then names
/// of any other form in alphabetical order.
///
/// See "Version priority" in
/// <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/>.
pub fn compare_versions(a: &str, b: &str) -> Ordering {
    match (parse_version(a), parse_version(b)) {
        (Some(a), Some(b)) => Reverse(a).cmp(&Reverse(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Stability (2 stable, 1 beta, 0 alpha), major, minor of `vMAJOR[(alpha|beta)MINOR]`.
fn parse_version(name: &str) -> Option<(u8, u64, u64)> {
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let rest = name.strip_prefix('v')?;
    let (stability, major, minor) = match (rest.split_once("alpha"), rest.split_once("beta")) {
        (Some((major, minor)), _) => (0, major, Some(minor)),
        (_, Some((major, minor))) => (1, major, Some(minor)),
        _ => (2, rest, None),
    };
    Some((stability, number(major)?, minor.map_or(Some(0), number)?))
}
