//! Who is impersonated: from the fields of a request to the user that it is judged as
//! (docs page "User Impersonation").

use crate::authz::{Chain, is_privileged};
use crate::model::names::{dns_subdomain_errors, is_dns_label};
use crate::model::{Attributes, Request, UserInfo};
use std::collections::BTreeMap;

/// What `--as`, `--as-group`, `--as-uid` and `--as-user-extra` ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonation {
    /// The user; empty is nobody.
    pub user: String,
    /// The groups, in order.
    pub groups: Vec<String>,
    /// The uid; empty is none.
    pub uid: String,
    /// Extra keys and values, in order.
    pub extra: Vec<(String, String)>,
}

/// What becomes of a request to impersonate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The request is judged as this user.
    As(UserInfo),
    /// Whether the asker may impersonate cannot be told; why.
    Unknown(String),
}

const ANONYMOUS: &str = "system:anonymous";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";

impl Impersonation {
    /// Whether anything is impersonated.
    pub fn is_empty(&self) -> bool {
        self.user.is_empty()
    }

    /// Whether a group, uid or extra is asked for without a user, which kubectl refuses.
    pub fn lacks_user(&self) -> bool {
        self.user.is_empty()
            && !(self.groups.is_empty() && self.uid.is_empty() && self.extra.is_empty())
    }

    /// The user that the request is judged as, for an asker who may impersonate in every way.
    pub fn unrestricted(&self) -> UserInfo {
        // The mode for nodes comes first and applies only when nothing but the user name is given.
        let only_user = self.groups.is_empty() && self.uid.is_empty() && self.extra.is_empty();
        self.effective(only_user && node_name(&self.user).is_some())
    }

    /// The user that the request is judged as when `asker` impersonates.
    pub fn judge(&self, asker: &UserInfo, chain: &Chain<'_>) -> Outcome {
        if is_privileged(&asker.groups) {
            return Outcome::As(self.unrestricted());
        }
        let refused = self.questions().into_iter().find(|question| {
            let attributes = Attributes {
                user: &asker.username,
                uid: &asker.uid,
                extra: Some(&asker.extra),
                groups: &asker.groups,
                request: question.request(),
                ..Attributes::default()
            };
            !chain.decide(&attributes).allowed()
        });
        if let Some(question) = refused {
            return Outcome::Unknown(format!(
                "{:?} may not impersonate {} {:?} by the verb impersonate; whether constrained impersonation (KEP-5284) lets it through is not evaluated yet",
                asker.username, question.resource, question.name
            ));
        }
        if node_name(&self.user).is_some() {
            return Outcome::Unknown(format!(
                "the groups of {:?} depend on the mode of constrained impersonation (KEP-5284), which is not evaluated yet",
                self.user
            ));
        }
        Outcome::As(self.effective(false))
    }

    /// The verb of the refusal that the server answers first when a plain user is impersonated and the asker
    /// may in no way: constrained impersonation (KEP-5284) asks for it on what is requested. `None` where
    /// the asker has that right, or where other modes come first.
    pub fn refused_verb(
        &self,
        asker: &UserInfo,
        request: Request<'_>,
        chain: &Chain<'_>,
    ) -> Option<String> {
        if service_account(&self.user).is_some() || node_name(&self.user).is_some() {
            return None;
        }
        let wanted = format!("impersonate-on:user-info:{}", request.verb());
        let attributes = Attributes {
            user: &asker.username,
            uid: &asker.uid,
            extra: Some(&asker.extra),
            groups: &asker.groups,
            request: request.with_verb(&wanted),
            ..Attributes::default()
        };
        chain.decide(&attributes).refused().then_some(wanted)
    }

    /// What the verb `impersonate` is asked for.
    fn questions(&self) -> Vec<Question> {
        let question =
            |group, resource: &'static str, namespace: &str, subresource: &str, name: &str| {
                Question {
                    group,
                    resource,
                    namespace: namespace.to_owned(),
                    subresource: subresource.to_owned(),
                    name: name.to_owned(),
                }
            };
        const AUTHENTICATION: &str = "authentication.k8s.io";
        let mut asked = vec![match service_account(&self.user) {
            Some((namespace, name)) => question("", "serviceaccounts", namespace, "", name),
            None => question("", "users", "", "", &self.user),
        }];
        for group in &self.groups {
            asked.push(question("", "groups", "", "", group));
        }
        if !self.uid.is_empty() {
            asked.push(question(AUTHENTICATION, "uids", "", "", &self.uid));
        }
        for (key, value) in &self.extra {
            let key = key.to_ascii_lowercase();
            asked.push(question(AUTHENTICATION, "userextras", "", &key, value));
        }
        asked
    }

    fn effective(&self, as_node: bool) -> UserInfo {
        let mut groups = self.groups.clone();
        if groups.is_empty() {
            if let Some((namespace, _)) = service_account(&self.user) {
                groups.push("system:serviceaccounts".to_owned());
                groups.push(format!("system:serviceaccounts:{namespace}"));
            } else if as_node {
                groups.push("system:nodes".to_owned());
            }
        }
        let has = |groups: &[String], name: &str| groups.iter().any(|g| g == name);
        if self.user == ANONYMOUS {
            if !has(&groups, UNAUTHENTICATED) {
                groups.push(UNAUTHENTICATED.to_owned());
            }
        } else if !has(&groups, AUTHENTICATED) && !has(&groups, UNAUTHENTICATED) {
            groups.push(AUTHENTICATED.to_owned());
        }
        let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in &self.extra {
            // Keys travel in header names, which ignore case.
            let values = extra.entry(key.to_ascii_lowercase()).or_default();
            values.push(value.clone());
        }
        UserInfo {
            username: self.user.clone(),
            uid: self.uid.clone(),
            groups,
            extra,
        }
    }
}

struct Question {
    group: &'static str,
    resource: &'static str,
    namespace: String,
    subresource: String,
    name: String,
}

impl Question {
    fn request(&self) -> Request<'_> {
        Request::Resource {
            verb: "impersonate",
            group: self.group,
            resource: self.resource,
            subresource: &self.subresource,
            namespace: &self.namespace,
            name: &self.name,
        }
    }
}

/// Namespace and name of a ServiceAccount's user name; `None` for anything that does not parse.
pub fn service_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user
        .strip_prefix("system:serviceaccount:")?
        .split_once(':')?;
    (is_dns_label(namespace) && dns_subdomain_errors(name).is_empty()).then_some((namespace, name))
}

/// The node's name in a kubelet's user name; `None` for anything that does not parse.
pub fn node_name(user: &str) -> Option<&str> {
    let name = user.strip_prefix("system:node:")?;
    dns_subdomain_errors(name).is_empty().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(user: &str, named: &[&str]) -> Vec<String> {
        let impersonation = Impersonation {
            user: user.to_owned(),
            groups: named.iter().map(|g| (*g).to_owned()).collect(),
            ..Impersonation::default()
        };
        impersonation.unrestricted().groups
    }

    #[test]
    fn implied_groups() {
        let cases: [(&str, &[&str], &[&str]); 11] = [
            ("jane", &[], &["system:authenticated"]),
            ("jane", &["b", "a"], &["b", "a", "system:authenticated"]),
            (
                "jane",
                &["system:unauthenticated"],
                &["system:unauthenticated"],
            ),
            ("system:anonymous", &[], &["system:unauthenticated"]),
            (
                "system:anonymous",
                &["system:authenticated"],
                &["system:authenticated", "system:unauthenticated"],
            ),
            (
                "system:serviceaccount:dev:builder",
                &[],
                &[
                    "system:serviceaccounts",
                    "system:serviceaccounts:dev",
                    "system:authenticated",
                ],
            ),
            (
                "system:serviceaccount:dev:builder",
                &["g"],
                &["g", "system:authenticated"],
            ),
            (
                "system:serviceaccount:a.b:c",
                &[],
                &["system:authenticated"],
            ),
            (
                "system:serviceaccount:a:b:c",
                &[],
                &["system:authenticated"],
            ),
            (
                "system:node:n1",
                &[],
                &["system:nodes", "system:authenticated"],
            ),
            ("system:node:Bad_Name", &[], &["system:authenticated"]),
        ];
        for (user, named, expected) in cases {
            assert_eq!(groups(user, named), expected, "{user} {named:?}");
        }
    }
}
