//! Service accounts that there are, and that are named.

use super::Lint;
use crate::model::{SubjectKind, Symbol};
use std::collections::{BTreeMap, BTreeSet};

impl<'c> Lint<'c> {
    /// The Secrets that hold a token of a service account.
    pub(super) fn token_secrets(&self, namespace: &str, account: &str) -> &[String] {
        let all = self.token_secrets.get_or_init(|| {
            let mut all: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
            for (namespace, name, secret) in self.cluster.core_objects().secrets() {
                let account = secret.account.clone().unwrap_or_default();
                if secret.type_ == "kubernetes.io/service-account-token" {
                    let of = all.entry((namespace.to_owned(), account)).or_default();
                    of.push(name.to_owned());
                }
            }
            all
        });
        let of = all.get(&(namespace.to_owned(), account.to_owned()));
        of.map_or(&[], Vec::as_slice)
    }

    /// The first service account of a namespace (`None`: of any) to which something is bound and that does not
    /// exist although others of its namespace were loaded.
    pub fn awaited_account(&self, namespace: Option<&'c str>) -> Option<(&'c str, &'c str)> {
        let awaited = self.awaited_accounts.get_or_init(|| {
            let accounts = self.cluster.service_accounts();
            let bindings = self.bindings().filter(|(id, _)| !self.known.binding(*id));
            let subjects = bindings.flat_map(|(_, binding)| &binding.subjects);
            let awaited = subjects.filter(|subject| {
                subject.kind == SubjectKind::ServiceAccount
                    && self.str(subject.name) != "default"
                    && self.has_accounts_of(subject.namespace)
                    && !accounts.contains_key(&(subject.namespace, subject.name))
            });
            awaited
                .map(|subject| (self.str(subject.namespace), self.str(subject.name)))
                .collect()
        });
        first_of(awaited, namespace)
    }

    /// The first service account of a namespace (`None`: of any) that has an identity of a cloud by an annotation.
    pub fn cloud_account(&self, namespace: Option<&'c str>) -> Option<(&'c str, &'c str)> {
        let annotated = self.cloud_accounts.get_or_init(|| {
            let accounts = self.cluster.notes().accounts.iter();
            let annotated = accounts.filter(|(_, note)| note.cloud.is_some());
            annotated
                .map(|((namespace, name), _)| (&**namespace, &**name))
                .collect()
        });
        first_of(annotated, namespace)
    }

    /// Whether any service account of a namespace was loaded.
    pub fn has_accounts_of(&self, namespace: Symbol) -> bool {
        let namespaces = self.account_namespaces.get_or_init(|| {
            let accounts = self.cluster.service_accounts().keys();
            accounts.map(|(namespace, _)| *namespace).collect()
        });
        namespaces.contains(&namespace)
    }

    /// Whether a namespace has service accounts, beside an account `default` without grants.
    pub fn has_accounts(&self, namespace: Symbol) -> bool {
        let made = self.made_accounts.get_or_init(|| {
            let accounts = self.cluster.service_accounts().keys();
            let made = accounts.filter(|(_, name)| self.str(*name) != "default");
            made.map(|(namespace, _)| *namespace).collect()
        });
        self.of_bindings.granted.contains(&namespace) || made.contains(&namespace)
    }
}

/// The first pair of a namespace, or of any.
fn first_of<'a>(
    pairs: &BTreeSet<(&'a str, &'a str)>,
    namespace: Option<&'a str>,
) -> Option<(&'a str, &'a str)> {
    let first = pairs.range((namespace.unwrap_or(""), "")..).next();
    let of_it = |(found, _): &&(&str, &str)| namespace.is_none_or(|wanted| wanted == *found);
    first.filter(of_it).copied()
}
