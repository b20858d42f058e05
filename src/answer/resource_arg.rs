//! The arguments of `kubectl auth can-i`: which question they ask, with which warnings.
//!
//! kubectl resolves TYPE against the server's discovery: first short names, then plural and singular
//! names, then by the priority of groups and versions
//! (<https://kubernetes.io/docs/reference/kubectl/generated/kubectl_auth/kubectl_auth_can-i/>).

use crate::model::Request;
use crate::model::api_resources::ApiResources;
use std::fmt;

/// The verbs that kubectl knows for resources. Another one is asked for all the same, with a warning.
pub const RESOURCE_VERBS: &[&str] = &[
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
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];

/// The verbs that kubectl knows for paths.
pub const NON_RESOURCE_VERBS: &[&str] = &[
    "get", "put", "post", "head", "options", "delete", "patch", "*",
];

/// Resources of authorization alone, which no discovery lists and kubectl does not warn about.
const UNLISTED: &[&str] = &["users", "groups"];

/// The flags of `kubectl auth can-i` that shape the question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CanIFlags<'a> {
    /// `--subresource`.
    pub subresource: &'a str,
    /// `--all-namespaces`.
    pub all_namespaces: bool,
    /// `--namespace`; empty when not given.
    pub namespace: &'a str,
    /// The namespace of the current context; empty for none, which means `default`.
    pub context_namespace: &'a str,
    /// `--list`.
    pub list: bool,
    /// `--quiet`.
    pub quiet: bool,
    /// `--no-headers`.
    pub no_headers: bool,
}

/// What a `kubectl auth can-i` command line means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanI<'a> {
    /// What goes to stderr before the answer or the error, in this order. `--quiet` does not hide it.
    pub warnings: Vec<Warning<'a>>,
    /// The question, or why there is none. kubectl exits with 1 after an error.
    pub question: Result<Question<'a>, CanIError>,
}

/// What `kubectl auth can-i` asks the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    /// May the user do this?
    May(Request<'a>),
    /// `--list`: what may the user do in this namespace?
    List {
        /// The namespace, never empty.
        namespace: &'a str,
    },
}

/// Why a `kubectl auth can-i` command line asks nothing. The text is kubectl's, without the line's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanIError {
    /// Not exactly VERB and TYPE.
    NotTwoArguments,
    /// `--list` with arguments.
    ListWithArguments,
    /// `--list` with a flag that it excludes.
    ListWithOtherFlags,
    /// `--subresource` with a path.
    SubresourceOfPath,
    /// `--no-headers` without `--list`.
    NoHeadersWithoutList,
}

impl fmt::Display for CanIError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CanIError::NotTwoArguments => {
                "error: you must specify two arguments: verb resource or verb resource/resourceName.\n\
                 See 'kubectl auth can-i -h' for help and examples."
            }
            CanIError::ListWithArguments => {
                "error: list option must be specified with no arguments"
            }
            CanIError::ListWithOtherFlags => {
                "error: list option can't be specified with neither quiet, all-namespaces nor \
                 subresource options"
            }
            CanIError::SubresourceOfPath => {
                "error: --subresource can not be used with NonResourceURL"
            }
            CanIError::NoHeadersWithoutList => {
                "error: --no-headers cannot be set without --list specified"
            }
        })
    }
}

impl std::error::Error for CanIError {}

/// A warning of kubectl. Its text ends without a line's end: see [`Warning::printed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning<'a> {
    /// Discovery lists no such resource; it is asked for as written.
    UnknownType {
        /// The resource as looked for, in lower case.
        resource: String,
        /// The group as looked for, in lower case; empty when none was named.
        group: String,
    },
    /// The resource lives in no namespace, and the question names one all the same.
    NotNamespaced {
        /// The resource.
        resource: &'a str,
        /// Its group.
        group: &'a str,
    },
    /// kubectl does not know the verb.
    UnknownVerb(&'a str),
    /// A short name of several resources: this one was not chosen.
    AmbiguousShortName {
        /// The short name, in lower case.
        short: String,
        /// The other resource.
        resource: &'a str,
        /// Its group.
        group: &'a str,
    },
}

impl Warning<'_> {
    /// The bytes on stderr. The warnings of `can-i` itself are followed by an empty line, those of the
    /// resource lookup are not.
    pub fn printed(&self) -> String {
        match self {
            Warning::AmbiguousShortName { .. } => format!("{self}\n"),
            _ => format!("{self}\n\n"),
        }
    }
}

impl fmt::Display for Warning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Warning: ")?;
        let group = match self {
            Warning::UnknownType { resource, group } => {
                write!(f, "the server doesn't have a resource type '{resource}'")?;
                group
            }
            Warning::NotNamespaced { resource, group } => {
                write!(f, "resource '{resource}' is not namespace scoped")?;
                *group
            }
            Warning::UnknownVerb(verb) => return write!(f, "verb '{verb}' is not a known verb"),
            Warning::AmbiguousShortName {
                short,
                resource,
                group,
            } => {
                let dot = if group.is_empty() { "" } else { "." };
                return write!(
                    f,
                    "short name \"{short}\" could also match lower priority resource {resource}{dot}{group}"
                );
            }
        };
        if group.is_empty() {
            Ok(())
        } else {
            write!(f, " in group '{group}'")
        }
    }
}

/// What TYPE means. What discovery does not list has no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeArg<'a> {
    /// The API group; empty for the core group and for an unknown TYPE.
    pub group: &'a str,
    /// The version; empty for an unknown TYPE.
    pub version: &'a str,
    /// The plural name, or TYPE as written.
    pub resource: &'a str,
}

/// Reads the positional arguments and the flags of `kubectl auth can-i` as kubectl does.
///
/// `-n ''` is no namespace given. TYPE may be `TYPE/NAME`, or a path that starts with `/`.
pub fn can_i<'a, S: AsRef<str>>(
    args: &'a [S],
    flags: &CanIFlags<'a>,
    resources: &'a ApiResources,
) -> CanI<'a> {
    let mut warnings = Vec::new();
    let question = ask(args, flags, resources, &mut warnings);
    CanI { warnings, question }
}

fn ask<'a, S: AsRef<str>>(
    args: &'a [S],
    flags: &CanIFlags<'a>,
    resources: &'a ApiResources,
    warnings: &mut Vec<Warning<'a>>,
) -> Result<Question<'a>, CanIError> {
    let default = [flags.namespace, flags.context_namespace, "default"]
        .into_iter()
        .find(|n| !n.is_empty())
        .unwrap_or_default();
    if flags.list {
        if !args.is_empty() {
            return Err(CanIError::ListWithArguments);
        }
        if flags.quiet || flags.all_namespaces || !flags.subresource.is_empty() {
            return Err(CanIError::ListWithOtherFlags);
        }
        return Ok(Question::List { namespace: default });
    }
    let [verb, type_arg] = args else {
        return Err(CanIError::NotTwoArguments);
    };
    let (verb, type_arg) = (verb.as_ref(), type_arg.as_ref());
    let request = if type_arg.starts_with('/') {
        if !flags.subresource.is_empty() {
            return Err(CanIError::SubresourceOfPath);
        }
        if !NON_RESOURCE_VERBS.contains(&verb) {
            warnings.push(Warning::UnknownVerb(verb));
        }
        Request::NonResource {
            verb,
            path: type_arg,
        }
    } else {
        let (type_arg, name) = type_arg.split_once('/').unwrap_or((type_arg, ""));
        let found = resource_for(type_arg, resources, warnings);
        // With --all-namespaces, and for an empty TYPE, kubectl checks neither scope nor verb.
        if !flags.all_namespaces && !found.resource.is_empty() {
            let listed = resources.find_version(found.group, found.version, found.resource);
            if listed.is_some_and(|r| !r.namespaced()) {
                let TypeArg {
                    group, resource, ..
                } = found;
                warnings.push(Warning::NotNamespaced { resource, group });
            }
            if !RESOURCE_VERBS.contains(&verb) {
                warnings.push(Warning::UnknownVerb(verb));
            }
        }
        Request::Resource {
            verb,
            group: found.group,
            resource: found.resource,
            subresource: flags.subresource,
            namespace: if flags.all_namespaces { "" } else { default },
            name,
        }
    };
    if flags.no_headers {
        return Err(CanIError::NoHeadersWithoutList);
    }
    Ok(Question::May(request))
}

/// Resolves TYPE (without `/NAME`): a plural, singular or short name, in any case, alone or followed by
/// `.GROUP` or `.VERSION.GROUP`. A group may be cut short. What is unknown is taken as written, without a
/// group, after a warning; `*` is the resource `*` of the core group.
pub fn resource_for<'a>(
    type_arg: &'a str,
    resources: &'a ApiResources,
    warnings: &mut Vec<Warning<'a>>,
) -> TypeArg<'a> {
    let as_written = TypeArg {
        group: "",
        version: "",
        resource: type_arg,
    };
    if type_arg == "*" {
        return as_written;
    }
    // Character by character, as kubectl's language does it, hence no String::to_lowercase.
    let lower: String = type_arg
        .chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    let (resource, group) = lower.split_once('.').unwrap_or((&lower, ""));
    if let Some((version, group)) = group.split_once('.') {
        let wanted = Wanted {
            group,
            version,
            resource,
        };
        if let Some(found) = lookup(wanted, resources, warnings) {
            return found;
        }
    }
    let wanted = Wanted {
        group,
        version: "",
        resource,
    };
    if let Some(found) = lookup(wanted, resources, warnings) {
        return found;
    }
    if !group.is_empty() || !UNLISTED.contains(&resource) {
        warnings.push(Warning::UnknownType {
            resource: resource.to_owned(),
            group: group.to_owned(),
        });
    }
    as_written
}

/// What is looked for; an empty group or version is any.
#[derive(Clone, Copy)]
struct Wanted<'b> {
    group: &'b str,
    version: &'b str,
    resource: &'b str,
}

fn lookup<'a>(
    wanted: Wanted<'_>,
    resources: &'a ApiResources,
    warnings: &mut Vec<Warning<'a>>,
) -> Option<TypeArg<'a>> {
    if wanted.resource.is_empty() {
        return None;
    }
    match long_form(wanted, resources, warnings) {
        Some(long) => most_preferred(long, resources),
        None => most_preferred(wanted, resources),
    }
}

/// Expands a short name. None where the word is no short name, or is a plural or singular name itself.
fn long_form<'a: 'b, 'b>(
    wanted: Wanted<'b>,
    resources: &'a ApiResources,
    warnings: &mut Vec<Warning<'a>>,
) -> Option<Wanted<'b>> {
    let in_group = |group: &str| wanted.group.is_empty() || wanted.group == group;
    let is_name = |r: &str, s: &str| wanted.resource == r || wanted.resource == s;
    let mut all = resources.resources();
    if all.any(|r| in_group(r.group) && is_name(r.name(), r.singular())) {
        return None;
    }
    let candidates = resources.by_short_name(wanted.resource);
    let mut matching = candidates.iter().filter(|r| in_group(r.group));
    if let Some(first) = matching.next() {
        warnings.extend(matching.map(|other| Warning::AmbiguousShortName {
            short: wanted.resource.to_owned(),
            resource: other.name(),
            group: other.group,
        }));
        // kubectl forgets the version here, so that `deploy.v9.apps` is deployments of apps.
        return Some(Wanted {
            group: first.group,
            version: "",
            resource: first.name(),
        });
    }
    // Cut-short groups. Without a group, the search above was complete.
    let first = candidates
        .iter()
        .find(|r| r.group.starts_with(wanted.group))?;
    Some(Wanted {
        group: first.group,
        version: wanted.version,
        resource: first.name(),
    })
}

/// Among the resources that match, the one of the most preferred group and version; None where none
/// matches or two of one version do.
fn most_preferred<'a>(wanted: Wanted<'_>, resources: &'a ApiResources) -> Option<TypeArg<'a>> {
    let mut found = Vec::new();
    for group in resources.groups() {
        for version in group.versions() {
            if !wanted.version.is_empty() && wanted.version != version.name() {
                continue;
            }
            let exact = wanted.group.is_empty() || wanted.group == group.name();
            // A version asks for the whole group; without one, a group's beginning will do.
            let begun = wanted.version.is_empty() && group.name().starts_with(wanted.group);
            if !exact && !begun {
                continue;
            }
            let hit = |resource| TypeArg {
                group: group.name(),
                version: version.name(),
                resource,
            };
            found.extend(
                version
                    .resources()
                    .filter(|r| r.name() == wanted.resource || r.singular() == wanted.resource)
                    .map(|r| hit(r.name())),
            );
            // kubectl knows a kind List in every version, as a resource that no server serves.
            if ["lists", "list"].contains(&wanted.resource) {
                found.push(hit("lists"));
            }
        }
    }
    // kubectl filters by ever lower priorities until one is left: the core group's v1, then each group's
    // versions in order, then each group. `found` is in that order, so only a tie within the first
    // version stays undecided.
    let first = *found.first()?;
    let tied = |t: &&TypeArg| t.group == first.group && t.version == first.version;
    (found.iter().filter(tied).count() == 1).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::api_resources::{CustomResource, CustomResourceVersion};

    /// Forms that follow from kubectl's rules and that nothing recorded shows.
    #[test]
    fn a_type_is_resolved_in_every_form() {
        let mut resources = ApiResources::built_in();
        resources.extend([CustomResource {
            group: "example.org".into(),
            versions: vec![CustomResourceVersion {
                name: "v1".into(),
                served: true,
                subresources: Vec::new(),
            }],
            plural: "widgets".into(),
            kind: "Widget".into(),
            short_names: vec!["wd".into()],
            namespaced: true,
            ..CustomResource::default()
        }]);
        for (arg, group, version, resource, warnings) in [
            ("list", "", "v1", "lists", 0),
            ("po.v1.", "", "v1", "pods", 0),
            ("deployments.v1.", "apps", "v1", "deployments", 0),
            ("deploy.v9.apps", "apps", "v1", "deployments", 0),
            ("deployments.app", "apps", "v1", "deployments", 0),
            (
                "storageclass.storage",
                "storage.k8s.io",
                "v1",
                "storageclasses",
                0,
            ),
            ("ev.v1.", "", "v1", "events", 1),
            ("ev.events", "events.k8s.io", "v1", "events", 0),
            ("wd.example", "example.org", "v1", "widgets", 0),
            ("Users", "", "", "Users", 0),
            ("users.x", "", "", "users.x", 1),
            (".apps", "", "", ".apps", 1),
        ] {
            let mut printed = Vec::new();
            let found = resource_for(arg, &resources, &mut printed);
            assert_eq!(
                found,
                TypeArg {
                    group,
                    version,
                    resource
                },
                "{arg}"
            );
            assert_eq!(printed.len(), warnings, "{arg}");
        }
    }
}
