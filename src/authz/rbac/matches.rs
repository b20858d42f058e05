//! What a rule matches. Nothing but a whole `*` is a wildcard, and every comparison is byte for byte.

use crate::model::{Interner, PolicyRule, Request, Symbol};

/// A request whose words have been looked up once. A word that no loaded object mentions is `None`:
/// only a wildcard can match it.
#[derive(Clone, Copy, Debug)]
pub enum Question<'a> {
    /// About a resource.
    Resource(ResourceQuestion),
    /// About a URL path.
    NonResource {
        /// The strings of the cluster, for prefix matches.
        interner: &'a Interner,
        /// The verb.
        verb: Option<Symbol>,
        /// The path.
        path: &'a str,
    },
}

/// The words of a question about a resource.
#[derive(Clone, Copy, Debug)]
pub struct ResourceQuestion {
    /// The verb.
    pub verb: Option<Symbol>,
    /// The API group.
    pub group: Option<Symbol>,
    /// `RESOURCE` or `RESOURCE/SUBRESOURCE`.
    pub resource: Option<Symbol>,
    /// `*/SUBRESOURCE`, where there is a subresource.
    pub any_with_subresource: Option<Symbol>,
    /// The object's name; the empty name where there is none.
    pub name: Option<Symbol>,
}

/// The lists of a rule, wherever they are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleLists<'r> {
    pub(super) verbs: &'r [Symbol],
    pub(super) api_groups: &'r [Symbol],
    pub(super) resources: &'r [Symbol],
    pub(super) resource_names: &'r [Symbol],
    pub(super) non_resource_urls: &'r [Symbol],
}

impl<'r> From<&'r PolicyRule> for RuleLists<'r> {
    fn from(rule: &'r PolicyRule) -> Self {
        RuleLists {
            verbs: &rule.verbs,
            api_groups: &rule.api_groups,
            resources: &rule.resources,
            resource_names: &rule.resource_names,
            non_resource_urls: &rule.non_resource_urls,
        }
    }
}

impl<'a> Question<'a> {
    /// Looks the words of a request up.
    pub fn new(interner: &'a Interner, request: &Request<'a>) -> Self {
        match *request {
            Request::NonResource { verb, path } => Question::NonResource {
                interner,
                verb: interner.get(verb),
                path,
            },
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                let (resource, any_with_subresource) = if subresource.is_empty() {
                    (interner.get(resource), None)
                } else {
                    (
                        get_joined(interner, resource, subresource),
                        get_joined(interner, "*", subresource),
                    )
                };
                Question::Resource(ResourceQuestion {
                    verb: interner.get(verb),
                    group: interner.get(group),
                    resource,
                    any_with_subresource,
                    name: interner.get(name),
                })
            }
        }
    }

    /// The same question about another verb.
    pub(super) fn with_verb(mut self, other: Option<Symbol>) -> Self {
        match &mut self {
            Question::Resource(ResourceQuestion { verb, .. })
            | Question::NonResource { verb, .. } => *verb = other,
        }
        self
    }

    /// Whether a rule allows the request.
    pub fn matches(&self, rule: &PolicyRule) -> bool {
        self.matches_lists(&RuleLists::from(rule))
    }

    /// [`Question::matches`], wherever the lists of the rule are kept.
    pub(super) fn matches_lists(&self, rule: &RuleLists<'_>) -> bool {
        match self {
            Question::Resource(q) => {
                holds(rule.verbs, q.verb)
                    && holds(rule.api_groups, q.group)
                    && (holds(rule.resources, q.resource)
                        || q.any_with_subresource
                            .is_some_and(|any| rule.resources.contains(&any)))
                    && name_is_in(rule.resource_names, q.name)
            }
            Question::NonResource {
                interner,
                verb,
                path,
            } => {
                holds(rule.verbs, *verb)
                    && rule
                        .non_resource_urls
                        .iter()
                        .any(|&url| url_matches(interner.resolve(url), path))
            }
        }
    }
}

/// Whether a list holds `*` or the word.
pub fn holds(list: &[Symbol], word: Option<Symbol>) -> bool {
    list.iter()
        .any(|&entry| entry == Symbol::ANY || Some(entry) == word)
}

/// Whether the rule's resourceNames let the name pass: no list is no restriction, and a request without
/// a name passes only a list that holds the empty string.
pub fn name_matches(rule: &PolicyRule, name: Option<Symbol>) -> bool {
    name_is_in(&rule.resource_names, name)
}

fn name_is_in(resource_names: &[Symbol], name: Option<Symbol>) -> bool {
    resource_names.is_empty() || name.is_some_and(|name| resource_names.contains(&name))
}

/// Whether a nonResourceURL of a rule covers a path: exactly, or as a prefix once all of its trailing
/// stars are cut.
pub fn url_matches(rule_url: &str, path: &str) -> bool {
    rule_url == path
        || (rule_url.ends_with('*') && path.starts_with(rule_url.trim_end_matches('*')))
}

fn get_joined(interner: &Interner, resource: &str, subresource: &str) -> Option<Symbol> {
    // On the stack: a decision must not allocate.
    let mut buffer = [0u8; 256];
    let length = resource.len() + 1 + subresource.len();
    if length > buffer.len() {
        return interner.get(&format!("{resource}/{subresource}"));
    }
    buffer[..resource.len()].copy_from_slice(resource.as_bytes());
    buffer[resource.len()] = b'/';
    buffer[resource.len() + 1..length].copy_from_slice(subresource.as_bytes());
    interner.get(std::str::from_utf8(&buffer[..length]).ok()?)
}

#[cfg(test)]
mod tests {
    use super::url_matches;

    #[test]
    fn urls() {
        let cases = [
            ("*", "", true),
            ("/*", "", false),
            ("/*", "healthz", false),
            ("/logs/*", "/logs", false),
            ("/logs/*", "/logs/", true),
            ("/double**", "/doubled", true),
            ("**", "", true),
            ("/a/*/b", "/a/x/b", false),
            ("/a/*/b", "/a/*/b", true),
            ("healthz", "healthz", true),
        ];
        for (rule, path, expected) in cases {
            assert_eq!(url_matches(rule, path), expected, "{rule} against {path}");
        }
    }
}
