//! What the API serves, by name: looked up once for each word of a rule.

use crate::model::api_resources::ApiResources;
use foldhash::fast::RandomState;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A group that serves a resource, whether it is namespaced, and its verbs.
type Served = (String, bool, BTreeSet<&'static str>);

/// Resources, subresources and groups of the API.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// `RESOURCE[/SUBRESOURCE]` → the groups that serve it, whether it is namespaced, and its verbs.
    served: HashMap<String, Vec<Served>, RandomState>,
    groups: HashSet<String, RandomState>,
    /// Groups that Kubernetes itself serves: all of what they serve is known.
    built_in: HashSet<String, RandomState>,
    /// Singular names, kinds in lower case and short names → plural.
    other_names: HashMap<String, String, RandomState>,
}

/// Groups that old manifests name and no server serves any more.
const REMOVED_GROUPS: [&str; 2] = ["extensions", "settings.k8s.io"];

/// What rules name and no discovery lists: asked by the kubelet, by approvers, by admission.
const UNLISTED: [(&str, &str); 36] = [
    ("", "users"),
    ("", "groups"),
    ("", "serviceaccounts"),
    ("authentication.k8s.io", "users"),
    ("authentication.k8s.io", "groups"),
    ("authentication.k8s.io", "serviceaccounts"),
    ("authentication.k8s.io", "nodes"),
    ("authentication.k8s.io", "uids"),
    ("certificates.k8s.io", "signers"),
    (
        "certificates.k8s.io",
        "certificatesigningrequests/nodeclient",
    ),
    (
        "certificates.k8s.io",
        "certificatesigningrequests/selfnodeclient",
    ),
    (
        "certificates.k8s.io",
        "certificatesigningrequests/selfnodeserver",
    ),
    ("", "nodes/metrics"),
    ("", "nodes/stats"),
    ("", "nodes/log"),
    ("", "nodes/spec"),
    ("", "nodes/pods"),
    ("", "nodes/healthz"),
    ("", "nodes/configz"),
    ("", "nodes/checkpoint"),
    ("", "pods/resize"),
    ("", "pods/checkpoint"),
    ("policy", "podsecuritypolicies"),
    // OpenShift's admission asks for these.
    ("", "endpoints/restricted"),
    ("discovery.k8s.io", "endpointslices/restricted"),
    // What only a feature gate turns on.
    ("resource.k8s.io", "resourceclaims/binding"),
    ("resource.k8s.io", "resourceclaims/driver"),
    ("resource.k8s.io", "devicetaintrules"),
    ("resource.k8s.io", "resourcepoolstatusrequests"),
    ("certificates.k8s.io", "clustertrustbundles"),
    ("certificates.k8s.io", "podcertificaterequests"),
    ("certificates.k8s.io", "podcertificaterequests/status"),
    ("scheduling.k8s.io", "workloads"),
    ("scheduling.k8s.io", "podgroups"),
    ("coordination.k8s.io", "leasecandidates"),
    ("networking.k8s.io", "servicecidrs"),
];

impl Catalogue {
    /// The names of an API.
    pub fn new(resources: &ApiResources) -> Self {
        let mut catalogue = Catalogue::default();
        for resource in resources.resources() {
            let (group, name) = (resource.group, resource.name());
            catalogue.groups.insert(group.to_owned());
            if !resource.is_custom() {
                catalogue.built_in.insert(group.to_owned());
            }
            catalogue.add(
                name.to_owned(),
                group,
                resource.namespaced(),
                resource.verbs(),
            );
            for sub in resource.subresources() {
                catalogue.add(
                    format!("{name}/{}", sub.name),
                    group,
                    resource.namespaced(),
                    sub.verbs,
                );
            }
            let kind = resource.kind().to_lowercase();
            for other in resource.short_names().chain([resource.singular(), &kind]) {
                if other != name && !other.is_empty() {
                    catalogue
                        .other_names
                        .entry(other.to_owned())
                        .or_insert_with(|| name.to_owned());
                }
            }
        }
        catalogue
    }

    fn add(&mut self, name: String, group: &str, namespaced: bool, verbs: &'static [&'static str]) {
        let of_name = self.served.entry(name).or_default();
        match of_name.iter_mut().find(|(other, ..)| other == group) {
            Some((_, _, known)) => known.extend(verbs),
            None => of_name.push((
                group.to_owned(),
                namespaced,
                verbs.iter().copied().collect(),
            )),
        }
    }

    /// Whether the API has the group, or had it once: then what it serves is known.
    pub fn knows_group(&self, group: &str) -> bool {
        self.groups.contains(group) || REMOVED_GROUPS.contains(&group)
    }

    /// Whether Kubernetes itself serves the group, or did so once: a definition that was not loaded cannot
    /// add to it.
    pub fn is_built_in(&self, group: &str) -> bool {
        self.built_in.contains(group) || self.is_removed(group)
    }

    /// Whether the group is one of old versions.
    pub fn is_removed(&self, group: &str) -> bool {
        REMOVED_GROUPS.contains(&group)
    }

    /// The groups that serve a resource or subresource.
    pub fn groups_of(&self, resource: &str) -> impl Iterator<Item = &str> {
        let of_name = self.served.get(resource).into_iter().flatten();
        of_name.map(|(group, ..)| group.as_str())
    }

    /// Whether a group serves a resource, and then whether it is namespaced, and its verbs.
    pub fn served(&self, group: &str, resource: &str) -> Option<(bool, &BTreeSet<&'static str>)> {
        let of_name = self.served.get(resource)?;
        let (_, namespaced, verbs) = of_name.iter().find(|(other, ..)| other == group)?;
        Some((*namespaced, verbs))
    }

    /// Whether rules name it although no discovery lists it.
    pub fn is_unlisted(&self, group: &str, resource: &str) -> bool {
        let finalizers = resource.strip_suffix("/finalizers");
        UNLISTED.contains(&(group, resource))
            || finalizers.is_some_and(|parent| self.served(group, parent).is_some())
            || (group == "authentication.k8s.io" && resource.starts_with("userextras"))
    }

    /// The plural name that a singular, a kind or a short name stands for.
    pub fn plural(&self, name: &str) -> Option<&str> {
        self.other_names
            .get(&name.to_lowercase())
            .map(String::as_str)
    }

    /// The name that is most like another one, if any is.
    pub fn alike(&self, name: &str) -> Option<&str> {
        let names = self.served.keys().map(String::as_str);
        super::catalogue::alike(name, names)
    }

    /// The name of these groups that is one letter away, if any is.
    pub fn alike_in(&self, name: &str, groups: &[&str]) -> Option<&str> {
        let served = self.served.iter().filter(|(_, of_name)| {
            let mut of_name = of_name.iter();
            of_name.any(|(group, ..)| groups.contains(&group.as_str()))
        });
        let near = super::catalogue::alike(name, served.map(|(name, _)| name.as_str()));
        near.filter(|near| strsim::osa_distance(name, near) == 1)
    }
}

/// The word that is most like another one, if any is like enough.
pub fn alike<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Long words of hostile files are not compared at all.
    if word.len() > 64 {
        return None;
    }
    let most = if word.len() <= 4 { 1 } else { 2 };
    let letters = letters(word);
    words
        .filter(|other| may_be_alike(letters, self::letters(other), most))
        .map(|other| (strsim::osa_distance(word, other), other))
        .filter(|(distance, _)| *distance > 0 && *distance <= most)
        .min()
        .map(|(_, other)| other)
}

/// How long an ASCII word is and which letters it has; of another word, nothing.
fn letters(word: &str) -> Option<(usize, u64)> {
    let mut set = 0u64;
    for byte in word.bytes() {
        if !byte.is_ascii() {
            return None;
        }
        set |= 1 << (byte % 64);
    }
    Some((word.len(), set))
}

/// Whether words of these letters can be so few changes apart: a change adds and takes one letter at most.
fn may_be_alike(a: Option<(usize, u64)>, b: Option<(usize, u64)>, most: usize) -> bool {
    let (Some((a_length, a)), Some((b_length, b))) = (a, b) else {
        return true;
    };
    a_length.abs_diff(b_length) <= most && (a ^ b).count_ones() as usize <= 2 * most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn letters_rule_out_nothing_that_is_alike(a in "[a-eé@A-C]{0,7}", b in "[a-eé@A-C]{0,7}") {
            let most = strsim::osa_distance(&a, &b);
            prop_assert!(may_be_alike(letters(&a), letters(&b), most));
        }
    }
}
