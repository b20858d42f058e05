//! What the user decides.

use super::Severity;
use crate::model::names::{is_dns_label, is_dns_subdomain};
use std::collections::{BTreeMap, BTreeSet};

/// What the user decides about the rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Namespaces that are to be judged as grave as kube-system.
    pub privileged_namespaces: Vec<String>,
    /// Whether everything of the cluster was loaded; by default it is told from what was.
    pub complete: Option<bool>,
    /// Kinds that make Pods, beside those of Kubernetes.
    pub workload_kinds: Vec<GroupResource>,
    /// How many subjects may be cluster-admin before it is too many.
    pub most_cluster_admins: usize,
    /// Severities in place of a rule's own.
    pub severities: BTreeMap<String, Severity>,
    /// Who there is, where a list of users and groups was given.
    pub identities: Option<Inventory>,
    /// The instant at which tokens are judged.
    pub now: jiff::Timestamp,
}

/// A resource of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupResource {
    /// The group.
    pub group: String,
    /// The resource, as a rule names it.
    pub resource: String,
}

impl GroupResource {
    /// `RESOURCE.GROUP`, as kubectl names it.
    pub fn parse(text: &str) -> Option<Self> {
        let (resource, group) = text.split_once('.')?;
        (is_dns_label(resource) && is_dns_subdomain(group)).then(|| GroupResource {
            group: group.to_owned(),
            resource: resource.to_owned(),
        })
    }
}

/// Users and groups that somebody keeps a list of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Names of users.
    pub users: BTreeSet<String>,
    /// Names of groups.
    pub groups: BTreeSet<String>,
}

impl Inventory {
    /// Reads a list: `User NAME` or `Group NAME` a line; a line that begins with `#` is a remark.
    ///
    /// # Errors
    /// The first line that is neither, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut inventory = Inventory::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (kind, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let names = match kind {
                "User" => &mut inventory.users,
                "Group" => &mut inventory.groups,
                _ => {
                    return Err((
                        number,
                        format!("{line:?} is neither `User NAME` nor `Group NAME`"),
                    ));
                }
            };
            if name.trim().is_empty() {
                return Err((number, format!("the {kind} has no name")));
            }
            names.insert(name.trim().to_owned());
        }
        Ok(inventory)
    }
}

impl Settings {
    /// What holds unless the user says otherwise.
    pub fn new(now: jiff::Timestamp) -> Self {
        Settings {
            privileged_namespaces: Vec::new(),
            complete: None,
            workload_kinds: Vec::new(),
            most_cluster_admins: 3,
            severities: BTreeMap::new(),
            identities: None,
            now,
        }
    }
}
