//! `SelfSubjectRulesReview`: all that a user may do in a namespace.

use crate::authn::aggregate;
use crate::authz::Chain;
use crate::model::UserInfo;
use serde::Serialize;

/// `status` of a SelfSubjectRulesReview.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectRulesReviewStatus<'c> {
    /// Rules about resources.
    pub resource_rules: Vec<ResourceRule<'c>>,
    /// Rules about paths.
    pub non_resource_rules: Vec<NonResourceRule<'c>>,
    /// Whether an authorizer could not list its rules. RBAC and ABAC always can.
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

/// The rules that all authorizers give a user in a namespace.
pub fn rules_review<'a>(
    chain: &'a Chain<'_>,
    user: &UserInfo,
    namespace: &str,
) -> SubjectRulesReviewStatus<'a> {
    let rules = chain.rules_for(&user.username, &user.groups, namespace);
    let resource_rules = rules.resources.into_iter().map(|rule| ResourceRule {
        verbs: rule.verbs,
        api_groups: rule.api_groups,
        resources: rule.resources,
        resource_names: rule.resource_names,
    });
    let non_resource_rules = rules.paths.into_iter().map(|rule| NonResourceRule {
        verbs: rule.verbs,
        non_resource_urls: rule.paths,
    });
    SubjectRulesReviewStatus {
        resource_rules: resource_rules.collect(),
        non_resource_rules: non_resource_rules.collect(),
        incomplete: rules.incomplete,
        evaluation_error: aggregate(&rules.errors).unwrap_or_default(),
    }
}
