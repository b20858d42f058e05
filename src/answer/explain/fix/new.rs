//! Objects to write.

use crate::model::{BindingKind, RoleKind, SubjectKind};

/// A list of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleList {
    /// `verbs`.
    Verbs,
    /// `apiGroups`.
    ApiGroups,
    /// `resources`.
    Resources,
    /// `resourceNames`.
    ResourceNames,
    /// `nonResourceURLs`.
    NonResourceUrls,
}

impl RuleList {
    /// The field as manifests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            RuleList::Verbs => "verbs",
            RuleList::ApiGroups => "apiGroups",
            RuleList::Resources => "resources",
            RuleList::ResourceNames => "resourceNames",
            RuleList::NonResourceUrls => "nonResourceURLs",
        }
    }
}

/// A rule to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRule {
    /// `verbs`.
    pub verbs: Vec<String>,
    /// `apiGroups`.
    pub api_groups: Vec<String>,
    /// `resources`.
    pub resources: Vec<String>,
    /// `resourceNames`.
    pub resource_names: Vec<String>,
    /// `nonResourceURLs`.
    pub non_resource_urls: Vec<String>,
}

/// A role to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// Role or ClusterRole.
    pub kind: RoleKind,
    /// The namespace; empty for a ClusterRole.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Its only rule.
    pub rule: NewRule,
}

/// A binding to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBinding {
    /// RoleBinding or ClusterRoleBinding.
    pub kind: BindingKind,
    /// The namespace; empty for a ClusterRoleBinding.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The kind of the role that is bound.
    pub role_kind: RoleKind,
    /// Its name.
    pub role_name: String,
    /// Its only subject.
    pub subject: NewSubject,
}

/// A subject to write into a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubject {
    /// The kind.
    pub kind: SubjectKind,
    /// A ServiceAccount's namespace, else empty.
    pub namespace: String,
    /// The name.
    pub name: String,
}
