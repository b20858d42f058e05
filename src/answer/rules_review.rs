//! `SelfSubjectRulesReview`: all that a user may do in a namespace.

use crate::authz::rbac::Rbac;
use crate::model::{Cluster, Symbol, UserInfo};
use serde::Serialize;

/// `status` of a SelfSubjectRulesReview.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectRulesReviewStatus<'c> {
    /// Rules about resources.
    pub resource_rules: Vec<ResourceRule<'c>>,
    /// Rules about paths.
    pub non_resource_rules: Vec<NonResourceRule<'c>>,
    /// Whether an authorizer could not list its rules. RBAC always can.
    pub incomplete: bool,
    /// What went wrong, such as roleRefs that lead nowhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub evaluation_error: String,
}

/// A rule about resources. Absent lists are those that the rule does not have.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRule<'c> {
    /// The verbs.
    pub verbs: Vec<&'c str>,
    /// The API groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api_groups: Vec<&'c str>,
    /// The resources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<&'c str>,
    /// The names, if the rule is restricted to some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_names: Vec<&'c str>,
}

/// A rule about paths.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NonResourceRule<'c> {
    /// The verbs.
    pub verbs: Vec<&'c str>,
    /// The paths.
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub non_resource_urls: Vec<&'c str>,
}

/// The rules that RBAC holds for a user in a namespace. URLs granted by a RoleBinding are listed,
/// though they grant nothing.
pub fn rules_review<'c>(
    rbac: &Rbac<'c>,
    user: &UserInfo,
    namespace: &str,
) -> SubjectRulesReviewStatus<'c> {
    let cluster = rbac.cluster();
    let rules = rbac.rules_for(&user.username, &user.groups, namespace);
    let mut status = SubjectRulesReviewStatus {
        resource_rules: Vec::new(),
        non_resource_rules: Vec::new(),
        incomplete: false,
        evaluation_error: rules.evaluation_error,
    };
    for (_, rule) in rules.rules {
        if !rule.resources.is_empty() {
            status.resource_rules.push(ResourceRule {
                verbs: strings(cluster, &rule.verbs),
                api_groups: strings(cluster, &rule.api_groups),
                resources: strings(cluster, &rule.resources),
                resource_names: strings(cluster, &rule.resource_names),
            });
        }
        if !rule.non_resource_urls.is_empty() {
            status.non_resource_rules.push(NonResourceRule {
                verbs: strings(cluster, &rule.verbs),
                non_resource_urls: strings(cluster, &rule.non_resource_urls),
            });
        }
    }
    status
}

fn strings<'c>(cluster: &'c Cluster, symbols: &[Symbol]) -> Vec<&'c str> {
    symbols.iter().map(|&symbol| cluster.str(symbol)).collect()
}
