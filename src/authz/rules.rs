//! What a user may do in a namespace, as the authorizers list it (`authorizer.RuleResolver`).

/// A rule about resources. An empty list is one that the rule does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRule<'a> {
    /// The verbs.
    pub verbs: Vec<&'a str>,
    /// The API groups.
    pub api_groups: Vec<&'a str>,
    /// The resources.
    pub resources: Vec<&'a str>,
    /// The names, if the rule is restricted to some.
    pub resource_names: Vec<&'a str>,
}

/// A rule about paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRule<'a> {
    /// The verbs.
    pub verbs: Vec<&'a str>,
    /// The paths.
    pub paths: Vec<&'a str>,
}

/// The rules of all authorizers, added up without regard to denials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet<'a> {
    /// Rules about resources, in the order of the authorizers.
    pub resources: Vec<ResourceRule<'a>>,
    /// Rules about paths.
    pub paths: Vec<PathRule<'a>>,
    /// Whether an authorizer could not list its rules.
    pub incomplete: bool,
    /// What went wrong, each text once.
    pub errors: Vec<String>,
}

impl<'a> RuleSet<'a> {
    pub(super) fn add_resource_rule(
        &mut self,
        verbs: Vec<&'a str>,
        api_groups: Vec<&'a str>,
        resources: Vec<&'a str>,
        resource_names: Vec<&'a str>,
    ) {
        self.resources.push(ResourceRule {
            verbs,
            api_groups,
            resources,
            resource_names,
        });
    }

    pub(super) fn add_path_rule(&mut self, verbs: Vec<&'a str>, paths: Vec<&'a str>) {
        self.paths.push(PathRule { verbs, paths });
    }

    pub(super) fn add_error(&mut self, error: &str) {
        if !self.errors.iter().any(|told| told == error) {
            self.errors.push(error.to_owned());
        }
    }

    /// Notes that an authorizer lists no rules, in its words.
    pub(super) fn cannot_list(&mut self, error: &str) {
        self.incomplete = true;
        self.add_error(error);
    }
}
