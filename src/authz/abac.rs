//! ABAC: a list of policies, the first that matches allows (`pkg/auth/authorizer/abac`).

use super::rules::RuleSet;
use crate::apiserver::policy_file::Policy;
use crate::model::{Attributes, Request};

/// What it says where nothing matches.
pub const REASON: &str = "No policy matched.";

const READING: [&str; 3] = ["get", "list", "watch"];

/// The ABAC authorizer.
#[derive(Clone, Debug, Default)]
pub struct Abac {
    policies: Vec<Policy>,
}

impl Abac {
    /// The authorizer of these policies.
    pub fn new(policies: Vec<Policy>) -> Self {
        Abac { policies }
    }

    /// The policies, in the order of the file.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The index of the first policy that allows; without one it has no opinion.
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Option<usize> {
        self.policies.iter().position(|policy| {
            is_for(policy, attributes.user, attributes.groups)
                && (!policy.readonly || READING.contains(&attributes.request.verb()))
                && covers(policy, &attributes.request)
        })
    }

    /// Adds a rule for each policy that is about the user and the namespace, those about paths included.
    pub(super) fn add_rules<'a, S: AsRef<str>>(
        &'a self,
        user: &str,
        groups: &[S],
        namespace: &str,
        rules: &mut RuleSet<'a>,
    ) {
        for policy in &self.policies {
            if !is_for(policy, user, groups) || !matches(&policy.namespace, namespace) {
                continue;
            }
            let verbs = || match policy.readonly {
                true => READING.to_vec(),
                false => vec!["*"],
            };
            if !policy.resource.is_empty() {
                let (group, resource) = (&*policy.api_group, &*policy.resource);
                rules.add_resource_rule(verbs(), vec![group], vec![resource], Vec::new());
            }
            if !policy.non_resource_path.is_empty() {
                rules.add_path_rule(verbs(), vec![&policy.non_resource_path]);
            }
        }
    }
}

/// Whether user and group, as far as the policy names them, are those who ask; one must be named.
fn is_for<S: AsRef<str>>(policy: &Policy, user: &str, groups: &[S]) -> bool {
    let named = |name: &str| !name.is_empty();
    if !named(&policy.user) && !named(&policy.group) {
        return false;
    }
    let user_fits = !named(&policy.user) || matches(&policy.user, user);
    let in_group =
        || policy.group == "*" || groups.iter().any(|group| group.as_ref() == policy.group);
    user_fits && (!named(&policy.group) || in_group())
}

fn covers(policy: &Policy, request: &Request<'_>) -> bool {
    match request {
        Request::Resource {
            group,
            resource,
            namespace,
            ..
        } => {
            matches(&policy.namespace, namespace)
                && matches(&policy.resource, resource)
                && matches(&policy.api_group, group)
        }
        Request::NonResource { path, .. } => {
            let pattern = &policy.non_resource_path;
            // All stars at the end are cut, so that a lone one is an empty beginning.
            let beginning = pattern.trim_end_matches('*');
            pattern == path || (beginning.len() < pattern.len() && path.starts_with(beginning))
        }
    }
}

/// A star alone matches anything, empty only what is empty.
fn matches(pattern: &str, text: &str) -> bool {
    pattern == "*" || pattern == text
}

#[cfg(test)]
mod tests {
    use super::Abac;
    use crate::apiserver::policy_file::policies;
    use crate::model::{Attributes, Request};

    fn allows(policy: &str, user: &str, groups: &[&str], request: Request<'_>) -> bool {
        let head =
            r#"{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":"#;
        let text = format!("{head}{policy}}}");
        let abac = Abac::new(policies("f", text.as_bytes()).expect("a policy"));
        let attributes = Attributes {
            user,
            groups,
            request,
            ..Attributes::default()
        };
        abac.decide(&attributes).is_some()
    }

    fn pods(verb: &str) -> Request<'_> {
        Request::Resource {
            verb,
            group: "",
            resource: "pods",
            subresource: "log",
            namespace: "n",
            name: "",
        }
    }

    #[test]
    fn subjects() {
        let cases = [
            (r#""user":"a""#, "a", &[][..], true),
            (r#""user":"a","group":"g""#, "a", &["g"], true),
            (r#""user":"a","group":"g""#, "a", &["h"], false),
            (r#""user":"a","group":"g""#, "b", &["g"], false),
            (
                r#""user":"a","group":"*""#,
                "b",
                &["system:authenticated"],
                true,
            ),
            (r#""user":"*""#, "a", &[], false),
            (r#""user":"**""#, "a", &["system:authenticated"], false),
            ("\"readonly\":false", "", &["system:authenticated"], false),
        ];
        for (subject, user, groups, allowed) in cases {
            let policy = format!("{{{subject},\"namespace\":\"*\",\"resource\":\"pods\"}}");
            assert_eq!(
                allows(&policy, user, groups, pods("create")),
                allowed,
                "{policy} {user}"
            );
        }
    }

    #[test]
    fn requests() {
        let path = |path, verb| Request::NonResource { verb, path };
        let cases = [
            (r#""namespace":"n","resource":"pods""#, pods("create"), true),
            (
                r#""namespace":"n","resource":"pods","readonly":true"#,
                pods("create"),
                false,
            ),
            (
                r#""namespace":"n","resource":"pods","readonly":true"#,
                pods("watch"),
                true,
            ),
            (
                r#""namespace":"n","resource":"pods/log""#,
                pods("get"),
                false,
            ),
            (r#""namespace":"n","resource":"pod*""#, pods("get"), false),
            (r#""resource":"pods""#, pods("get"), false),
            (r#""nonResourcePath":"*""#, pods("get"), false),
            (r#""nonResourcePath":"/api*""#, path("/apis", "get"), true),
            (
                r#""nonResourcePath":"/logs/*""#,
                path("/logs", "get"),
                false,
            ),
            (
                r#""nonResourcePath":"/logs/**""#,
                path("/logs/", "get"),
                true,
            ),
            (
                r#""nonResourcePath":"*","readonly":true"#,
                path("/x", "head"),
                false,
            ),
            (r#""resource":"*""#, path("", "get"), true),
        ];
        for (object, request, allowed) in cases {
            let policy = format!("{{\"user\":\"a\",{object}}}");
            assert_eq!(allows(&policy, "a", &[], request), allowed, "{policy}");
        }
    }
}
