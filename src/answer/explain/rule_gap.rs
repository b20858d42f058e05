//! How far one rule is from allowing a request.

use super::difference::ResourceRelation;
use super::spelling::misspelling;
use crate::authz::rbac::matches::{Question, holds, name_matches, url_matches};
use crate::model::{Cluster, PolicyRule, Request, Symbol};
use hashbrown::HashMap;

/// What of a rule is not as the request needs it. All of it absent: the rule allows the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    pub verb: bool,
    pub group: bool,
    pub resource: Option<(Symbol, ResourceRelation)>,
    pub name: bool,
    pub url: Option<Symbol>,
}

impl Gap {
    /// How many things differ.
    pub(super) fn count(&self) -> u32 {
        u32::from(self.verb)
            + u32::from(self.group)
            + u32::from(self.resource.is_some())
            + u32::from(self.name)
            + u32::from(self.url.is_some())
    }
}

/// Measures rules against one request.
pub(super) struct Ruler<'a> {
    cluster: &'a Cluster,
    question: Question<'a>,
    asked: Asked<'a>,
    /// What was found out about a word of `resources`, for the other rules that hold it.
    relations: HashMap<Symbol, Option<ResourceRelation>, foldhash::fast::RandomState>,
}

enum Asked<'a> {
    Resource {
        resource: &'a str,
        subresource: &'a str,
        /// `RESOURCE[/SUBRESOURCE]`.
        whole: String,
        known: bool,
        /// Words by which people call the resource, but rules do not.
        aliases: Vec<String>,
    },
    Path,
}

impl<'a> Ruler<'a> {
    pub(super) fn new(cluster: &'a Cluster, request: &Request<'a>) -> Self {
        let asked = match *request {
            Request::NonResource { .. } => Asked::Path,
            Request::Resource {
                group,
                resource,
                subresource,
                ..
            } => {
                let found = cluster.api_resources().find(group, resource);
                let mut aliases: Vec<String> = Vec::new();
                if let Some(found) = found {
                    let kind = found.kind().to_lowercase();
                    aliases.extend(found.short_names().map(str::to_owned));
                    aliases.extend([found.singular().to_owned(), kind]);
                }
                aliases.push(format!("{resource}.{group}"));
                let mut whole = resource.to_owned();
                if !subresource.is_empty() {
                    for alias in &mut aliases {
                        *alias = format!("{alias}/{subresource}");
                    }
                    whole = format!("{whole}/{subresource}");
                }
                let known = found.is_some();
                Asked::Resource {
                    resource,
                    subresource,
                    whole,
                    known,
                    aliases,
                }
            }
        };
        Ruler {
            cluster,
            question: Question::new(cluster.interner(), request),
            asked,
            relations: HashMap::default(),
        }
    }

    /// What a rule lacks; `None` where it is about something else.
    pub(super) fn gap(&mut self, rule: &PolicyRule) -> Option<Gap> {
        let mut gap = Gap::default();
        match self.question {
            Question::Resource(q) => {
                if rule.verbs.is_empty() || rule.api_groups.is_empty() {
                    return None;
                }
                gap.verb = !holds(&rule.verbs, q.verb);
                gap.group = !holds(&rule.api_groups, q.group);
                gap.name = !name_matches(rule, q.name);
                // Most rules are about something else: cheap questions first.
                if gap.count() > 2 {
                    return None;
                }
                let any = q.any_with_subresource;
                let covered = holds(&rule.resources, q.resource)
                    || any.is_some_and(|any| rule.resources.contains(&any));
                if !covered {
                    gap.resource = Some(self.nearest_resource(&rule.resources)?);
                }
            }
            Question::NonResource {
                interner,
                verb,
                path,
            } => {
                gap.verb = !holds(&rule.verbs, verb);
                let urls = &rule.non_resource_urls;
                if !urls
                    .iter()
                    .any(|&url| url_matches(interner.resolve(url), path))
                {
                    let near = |url: &&Symbol| near_url(interner.resolve(**url), path);
                    gap.url = Some(*urls.iter().find(near)?);
                }
            }
        }
        Some(gap)
    }

    fn nearest_resource(&mut self, entries: &[Symbol]) -> Option<(Symbol, ResourceRelation)> {
        let mut best: Option<(Symbol, ResourceRelation)> = None;
        for &entry in entries {
            let relation = match self.relations.get(&entry) {
                Some(&known) => known,
                None => {
                    let found = self.relation(self.cluster.str(entry));
                    self.relations.insert(entry, found);
                    found
                }
            };
            if let Some(relation) = relation
                && best.is_none_or(|(_, b)| relation < b)
            {
                best = Some((entry, relation));
            }
        }
        best
    }

    /// What an entry of `resources` that does not cover the request has to do with it.
    fn relation(&self, entry: &str) -> Option<ResourceRelation> {
        let Asked::Resource {
            resource,
            subresource,
            whole,
            known,
            aliases,
        } = &self.asked
        else {
            return None;
        };
        if entry.is_empty() {
            return None;
        }
        if entry == "*/*" {
            return Some(ResourceRelation::NoWildcard);
        }
        let below = entry
            .strip_prefix(resource)
            .and_then(|rest| rest.strip_prefix('/'));
        match below {
            Some("*") => return Some(ResourceRelation::NoWildcard),
            Some(_) if subresource.is_empty() => return Some(ResourceRelation::Subresource),
            Some(_) => return None,
            None => {}
        }
        if entry == *resource {
            return Some(ResourceRelation::Parent);
        }
        if aliases.iter().any(|alias| alias == entry) {
            return Some(ResourceRelation::Misspelling);
        }
        // Two resources that exist are two resources, however alike their names.
        misspelling(entry, whole)?;
        let plural = entry.split('/').next().unwrap_or(entry);
        let both_known = *known && !self.cluster.api_resources().by_name(plural).is_empty();
        (!both_known).then_some(ResourceRelation::Misspelling)
    }

    /// Whether the question is about a path.
    pub(super) fn asks_for_path(&self) -> bool {
        matches!(self.asked, Asked::Path)
    }
}

/// Whether a URL of a rule that does not cover a path is about the same place.
fn near_url(url: &str, path: &str) -> bool {
    let stem = |s: &str| -> String {
        let s = s.trim_matches(['*', '/']);
        s.to_lowercase()
    };
    let (a, b) = (stem(url), stem(path));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let below = |long: &str, short: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    a == b || below(&a, &b) || below(&b, &a) || misspelling(&a, &b).is_some()
}

#[cfg(test)]
mod tests {
    use super::near_url;

    #[test]
    fn urls() {
        let cases = [
            ("/logs/*", "/logs", true),
            ("/healthz", "/healthz/etcd", true),
            ("/healthz/etcd", "/healthz", true),
            ("/metrics/", "/metrics", true),
            ("/metrics", "/metric", true),
            ("/version", "/metrics", false),
            ("/*", "/metrics", false),
        ];
        for (url, path, expected) in cases {
            assert_eq!(near_url(url, path), expected, "{url} {path}");
        }
    }
}
