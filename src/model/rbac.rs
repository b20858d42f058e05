//! The objects of `rbac.authorization.k8s.io/v1`, their strings interned, their places kept.

use super::{Position, Symbol};
use smallvec::SmallVec;
use std::sync::Arc;

/// Role or ClusterRole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleKind {
    /// Namespaced.
    Role,
    /// Cluster-scoped.
    ClusterRole,
}

impl RoleKind {
    /// The kind as manifests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            RoleKind::Role => "Role",
            RoleKind::ClusterRole => "ClusterRole",
        }
    }
}

/// RoleBinding or ClusterRoleBinding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BindingKind {
    /// Grants everywhere.
    ClusterRoleBinding,
    /// Grants in its namespace.
    RoleBinding,
}

impl BindingKind {
    /// The kind as manifests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            BindingKind::ClusterRoleBinding => "ClusterRoleBinding",
            BindingKind::RoleBinding => "RoleBinding",
        }
    }
}

/// The words of a list of a rule. Most lists are short, and there are very many: those of up to four words lie in the
/// rule itself.
pub type WordList = SmallVec<[Symbol; 4]>;

/// One rule of a role. A value absent in the manifest is an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRule {
    /// Verbs; `*` alone is a wildcard.
    pub verbs: WordList,
    /// API groups; `*` alone is a wildcard.
    pub api_groups: WordList,
    /// Resources, `RESOURCE/SUBRESOURCE`, `*` or `*/SUBRESOURCE`.
    pub resources: WordList,
    /// Object names; empty is no restriction.
    pub resource_names: WordList,
    /// URL paths, exact or with trailing `*`.
    pub non_resource_urls: WordList,
    /// Where the rule begins.
    pub position: Position,
}

impl PolicyRule {
    /// Whether both grant the same in the same words and order, wherever they stand.
    pub fn same_content(&self, other: &PolicyRule) -> bool {
        self.content() == other.content()
    }

    pub(super) fn content(&self) -> [&[Symbol]; 5] {
        [
            &self.verbs,
            &self.api_groups,
            &self.resources,
            &self.resource_names,
            &self.non_resource_urls,
        ]
    }
}

/// A Role or ClusterRole.
#[derive(Clone, Debug)]
pub struct Role {
    /// Which of the two.
    pub kind: RoleKind,
    /// The namespace; empty for a ClusterRole.
    pub namespace: Symbol,
    /// The name.
    pub name: Symbol,
    /// `metadata.labels`.
    pub labels: Box<[(Symbol, Symbol)]>,
    /// The rules: after the cluster is built, what the aggregation controller leaves there.
    pub rules: Vec<Arc<PolicyRule>>,
    /// Which ClusterRoles' rules are gathered here.
    pub aggregation_rule: Option<AggregationRule>,
    /// Where the object begins.
    pub position: Position,
}

/// `aggregationRule` of a ClusterRole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregationRule {
    /// Selectors, ORed.
    pub cluster_role_selectors: Vec<LabelSelector>,
}

/// A `metav1.LabelSelector`: all of it must hold. An empty one selects everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSelector {
    /// `matchLabels`.
    pub match_labels: Vec<(Symbol, Symbol)>,
    /// `matchExpressions`.
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// One `matchExpressions` entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSelectorRequirement {
    /// The label's key.
    pub key: Symbol,
    /// The operator.
    pub operator: LabelSelectorOperator,
    /// The values of In and NotIn.
    pub values: Vec<Symbol>,
}

/// The operators of a label selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LabelSelectorOperator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// A RoleBinding or ClusterRoleBinding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Which of the two.
    pub kind: BindingKind,
    /// The namespace; empty for a ClusterRoleBinding.
    pub namespace: Symbol,
    /// The name.
    pub name: Symbol,
    /// The role that is granted.
    pub role_ref: RoleRef,
    /// To whom, in the manifest's order.
    pub subjects: Vec<Subject>,
    /// Where the object begins.
    pub position: Position,
}

/// `roleRef` of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleRef {
    /// The kind of role.
    pub kind: RoleKind,
    /// Its name.
    pub name: Symbol,
    /// Where `roleRef` stands.
    pub position: Position,
}

/// The kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum SubjectKind {
    Group,
    ServiceAccount,
    User,
}

impl SubjectKind {
    /// The kind as manifests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            SubjectKind::User => "User",
            SubjectKind::Group => "Group",
            SubjectKind::ServiceAccount => "ServiceAccount",
        }
    }
}

/// One subject of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind.
    pub kind: SubjectKind,
    /// A ServiceAccount's namespace: the binding's own where a RoleBinding's subject names none.
    /// Empty for users and groups.
    pub namespace: Symbol,
    /// The name.
    pub name: Symbol,
    /// What the user name or the group of a request must equal: the name, or
    /// `system:serviceaccount:NAMESPACE:NAME`.
    pub matches: Symbol,
    /// Where the subject stands.
    pub position: Position,
}
