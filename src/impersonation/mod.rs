//! Who is impersonated: from the headers of a request to the user that it is judged as, or to the refusal
//! (docs page "User Impersonation"; KEP-5284).

pub mod ask;
pub mod constrained;
pub mod extra_key;
pub mod headers;
pub mod legacy;
pub mod mode;
mod usual;

use crate::authz::Chain;
use crate::model::names::{dns_subdomain_errors, is_dns_label};
use crate::model::{Attributes, UserInfo};
use ask::{Check, Refusal};
pub use mode::Mode;
use std::collections::BTreeMap;
pub use usual::{held_modes, telling_modes, usual_mode};

/// Who and what is asked for, by headers or by `--as`, `--as-group`, `--as-uid` and `--as-user-extra`.
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

/// A user that is impersonated, and how the asker came to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The user that the request is judged as.
    pub user: UserInfo,
    /// What let the asker through.
    pub mode: Mode,
}

/// What becomes of a request to impersonate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The request is judged as this user.
    As(Granted),
    /// 403.
    Refused(Box<Refusal>),
    /// Whether the asker may impersonate cannot be told; why.
    Unknown(String),
}

/// How a server judges impersonation.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a, 'c> {
    /// The server's authorizers.
    pub chain: &'a Chain<'c>,
    /// Whether the feature gate `ConstrainedImpersonation` is on.
    pub constrained: bool,
    /// The mode in which the asker last succeeded, as the server remembers it by the asker's name.
    pub last: Option<Mode>,
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

    /// Whether nothing but a user name is asked for.
    pub fn only_user(&self) -> bool {
        self.groups.is_empty() && self.uid.is_empty() && self.extra.is_empty()
    }

    /// The user that the request is judged as, for an asker who may impersonate in every way.
    pub fn unrestricted(&self) -> UserInfo {
        // The modes for nodes come first and apply only when nothing but the user name is given.
        self.effective(self.only_user() && node_name(&self.user).is_some())
    }

    /// What becomes of it when `asker` impersonates to ask for `asked`. Every question that is asked on the
    /// way is noted in `log`, where there is one.
    pub fn judge(
        &self,
        asker: &UserInfo,
        asked: &Attributes<'_>,
        rules: Rules<'_, '_>,
        log: Option<&mut Vec<Check>>,
    ) -> Outcome {
        let mut ask = ask::Ask::new(rules.chain, asker, log);
        match rules.constrained {
            true => constrained::judge(self, &mut ask, asked, rules.last),
            false => legacy::judge(self, &mut ask),
        }
    }

    /// The extra values by their keys, in the order in which each is asked about. The server's own order of
    /// keys varies from request to request.
    fn extra_by_key(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut extra: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, value) in &self.extra {
            extra.entry(key).or_default().push(value);
        }
        extra
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
            extra.entry(key.clone()).or_default().push(value.clone());
        }
        UserInfo {
            username: self.user.clone(),
            uid: self.uid.clone(),
            groups,
            extra,
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
