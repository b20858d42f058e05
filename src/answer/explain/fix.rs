//! The smallest change of the objects that would allow a request.

mod new;

pub use new::{NewBinding, NewRole, NewRule, NewSubject, RuleList};

use super::difference::Difference;
use super::likeness::service_account;
use super::misses::{Misses, NearMiss};
use super::width::{breadth, grants_everything, is_system};
use crate::authz::rbac::{Rbac, matches::Question};
use crate::model::{
    Attributes, BindingId, BindingKind, Cluster, PolicyRule, Request, Role, RoleId, RoleKind,
    SubjectKind, Symbol,
};

/// A role that allows more combinations of verb, API group and resource than this is not offered as the
/// way to allow one of them.
const NARROW: usize = 24;

/// The smallest change that would allow a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Add one word to a list of a rule that the user is bound to. Offered only where this allows
    /// nothing but the request (to all who have the role).
    ExtendRule {
        /// The binding that gives the role to the user.
        binding: BindingId,
        /// The role.
        role: RoleId,
        /// Index of the rule in the role.
        rule: u32,
        /// Which list.
        list: RuleList,
        /// The word to add.
        add: String,
    },
    /// Add a rule to a role that the user is bound to.
    AddRule {
        /// The binding that gives the role to the user.
        binding: BindingId,
        /// The role.
        role: RoleId,
        /// The rule to add.
        rule: NewRule,
    },
    /// Create the role that a binding of the user refers to.
    CreateMissingRole {
        /// The binding whose roleRef leads nowhere.
        binding: BindingId,
        /// The role to create.
        role: NewRole,
    },
    /// Bind a role that exists, allows the request and little else.
    BindRole {
        /// The role.
        role: RoleId,
        /// The binding to create.
        binding: NewBinding,
    },
    /// Create a role that allows nothing but the request, and bind it.
    NewRole {
        /// The role to create.
        role: NewRole,
        /// The binding to create.
        binding: NewBinding,
    },
}

/// The smallest fix for a request that is refused; `None` where the request comes from nobody.
pub fn smallest_fix<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    misses: &Misses,
) -> Option<Fix> {
    let fixer = Fixer {
        cluster: rbac.cluster(),
        request: attributes.request,
        scope: Scope::of(rbac.cluster(), &attributes.request),
    };
    let steps = &misses.one_step;
    (steps.iter().find_map(|miss| fixer.extend_rule(miss)))
        .or_else(|| steps.iter().find_map(|miss| fixer.missing_role(miss)))
        .or_else(|| {
            let subject = subject(attributes)?;
            fixer.bind_role(&subject)
        })
        .or_else(|| steps.iter().find_map(|miss| fixer.add_rule(miss)))
        .or_else(|| fixer.new_role(subject(attributes)?))
}

struct Fixer<'a> {
    cluster: &'a Cluster,
    request: Request<'a>,
    scope: Scope<'a>,
}

#[derive(Clone, Copy)]
enum Scope<'a> {
    Namespace(&'a str),
    Cluster,
}

impl<'a> Scope<'a> {
    /// Where a grant must be: a cluster-scoped resource is asked for without a namespace by a real
    /// request, whatever this one says.
    fn of(cluster: &Cluster, request: &Request<'a>) -> Self {
        let Request::Resource {
            group,
            resource,
            namespace,
            ..
        } = *request
        else {
            return Scope::Cluster;
        };
        let known = cluster.api_resources().find(group, resource);
        if namespace.is_empty() || known.is_some_and(|r| !r.namespaced()) {
            Scope::Cluster
        } else {
            Scope::Namespace(namespace)
        }
    }

    fn namespace(self) -> &'a str {
        match self {
            Scope::Namespace(namespace) => namespace,
            Scope::Cluster => "",
        }
    }
}

impl Fixer<'_> {
    /// The role of a miss, where it is the user's to change: the server and the aggregation controller
    /// write the others.
    fn editable(&self, miss: &NearMiss) -> Option<(BindingId, RoleId, u32)> {
        let (binding, role, rule) = (miss.binding?, miss.role?, miss.rule?);
        let edited = self.cluster.role(role);
        let reaches = matches!(self.scope, Scope::Namespace(_))
            || self.cluster.binding(binding).kind == BindingKind::ClusterRoleBinding;
        (reaches && !edited.position.is_built_in() && edited.aggregation_rule.is_none())
            .then_some((binding, role, rule))
    }

    fn extend_rule(&self, miss: &NearMiss) -> Option<Fix> {
        let (binding, role, index) = self.editable(miss)?;
        let rule = &self.cluster.role(role).rules[index as usize];
        let [difference] = miss.differences.as_slice() else {
            return None;
        };
        let wanted = self.rule();
        let (list, words) = match difference {
            Difference::Verb { .. } => (RuleList::Verbs, &wanted.verbs),
            Difference::Group { .. } => (RuleList::ApiGroups, &wanted.api_groups),
            Difference::Resource { .. } => (RuleList::Resources, &wanted.resources),
            Difference::Name {
                nameless: false, ..
            } => (RuleList::ResourceNames, &wanted.resource_names),
            Difference::Url { .. } => (RuleList::NonResourceUrls, &wanted.non_resource_urls),
            _ => return None,
        };
        let add = words.first()?.clone();
        adds_nothing_else(rule, list, &wanted).then_some(Fix::ExtendRule {
            binding,
            role,
            rule: index,
            list,
            add,
        })
    }

    fn add_rule(&self, miss: &NearMiss) -> Option<Fix> {
        let (binding, role, _) = self.editable(miss)?;
        // A Role cannot hold nonResourceURLs.
        let path = matches!(self.request, Request::NonResource { .. });
        (!path || self.cluster.role(role).kind == RoleKind::ClusterRole).then(|| Fix::AddRule {
            binding,
            role,
            rule: self.rule(),
        })
    }

    fn missing_role(&self, miss: &NearMiss) -> Option<Fix> {
        if miss.differences != [Difference::RoleMissing] {
            return None;
        }
        let id = miss.binding?;
        let binding = self.cluster.binding(id);
        if matches!(self.scope, Scope::Cluster) && binding.kind == BindingKind::RoleBinding {
            return None;
        }
        let kind = binding.role_ref.kind;
        Some(Fix::CreateMissingRole {
            binding: id,
            role: NewRole {
                kind,
                namespace: match kind {
                    RoleKind::Role => self.cluster.str(binding.namespace).to_owned(),
                    RoleKind::ClusterRole => String::new(),
                },
                name: self.cluster.str(binding.role_ref.name).to_owned(),
                rule: self.rule(),
            },
        })
    }

    fn bind_role(&self, subject: &NewSubject) -> Option<Fix> {
        let question = Question::new(self.cluster.interner(), &self.request);
        let namespace = self.scope.namespace();
        let fits = |role: &Role| match role.kind {
            RoleKind::ClusterRole => true,
            RoleKind::Role => {
                !namespace.is_empty() && self.cluster.str(role.namespace) == namespace
            }
        };
        let (_, id) = (0u32..)
            .map(RoleId)
            .zip(self.cluster.roles())
            .filter(|(_, role)| fits(role) && role.rules.iter().any(|rule| question.matches(rule)))
            .filter(|(_, role)| !is_system(self.cluster, role) && !grants_everything(role))
            .map(|(id, role)| (breadth(role), id))
            .filter(|(breadth, _)| *breadth <= NARROW)
            .min()?;
        let role = self.cluster.role(id);
        let name = self.cluster.str(role.name);
        let binding = self.binding(role.kind, name, subject.clone());
        Some(Fix::BindRole { role: id, binding })
    }

    fn new_role(&self, subject: NewSubject) -> Option<Fix> {
        let namespace = self.scope.namespace();
        let kind = match self.scope {
            Scope::Namespace(_) => RoleKind::Role,
            Scope::Cluster => RoleKind::ClusterRole,
        };
        let what = match self.request {
            Request::Resource {
                verb,
                resource,
                subresource,
                ..
            } => [verb, resource, subresource],
            Request::NonResource { verb, path } => [verb, path, ""],
        };
        let exists = |name: &str| {
            let namespace = self.cluster.interner().get(namespace);
            let name = self.cluster.interner().get(name);
            let roles = self.cluster.roles().iter();
            name.is_some_and(|name| {
                let same =
                    |r: &Role| r.kind == kind && r.name == name && Some(r.namespace) == namespace;
                roles.clone().any(same)
            })
        };
        let name = free_name(&object_name(&what), exists);
        let binding = self.binding(kind, &name, subject);
        let (namespace, rule) = (namespace.to_owned(), self.rule());
        let role = NewRole {
            kind,
            namespace,
            name,
            rule,
        };
        Some(Fix::NewRole { role, binding })
    }

    fn binding(&self, role_kind: RoleKind, role_name: &str, subject: NewSubject) -> NewBinding {
        let kind = match self.scope {
            Scope::Namespace(_) => BindingKind::RoleBinding,
            Scope::Cluster => BindingKind::ClusterRoleBinding,
        };
        let namespace = self.scope.namespace();
        let exists = |name: &str| {
            self.cluster.interner().get(name).is_some_and(|name| {
                let same_place = |ns: Symbol| self.cluster.str(ns) == namespace;
                let mut bindings = self.cluster.bindings().iter();
                bindings.any(|b| b.kind == kind && b.name == name && same_place(b.namespace))
            })
        };
        NewBinding {
            kind,
            namespace: namespace.to_owned(),
            name: free_name(&object_name(&[role_name, &subject.name]), exists),
            role_kind,
            role_name: role_name.to_owned(),
            subject,
        }
    }

    /// The rule that allows nothing but the request.
    fn rule(&self) -> NewRule {
        let one = |word: &str| vec![word.to_owned()];
        match self.request {
            Request::NonResource { verb, path } => NewRule {
                verbs: one(verb),
                non_resource_urls: one(path),
                ..NewRule::default()
            },
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                let whole = match subresource {
                    "" => resource.to_owned(),
                    subresource => format!("{resource}/{subresource}"),
                };
                // The server does not know the name of what is being created, nor of a collection.
                let nameless = name.is_empty()
                    || (verb == "create" && subresource.is_empty())
                    || verb == "deletecollection";
                NewRule {
                    verbs: one(verb),
                    api_groups: one(group),
                    resources: vec![whole],
                    resource_names: if nameless { Vec::new() } else { one(name) },
                    non_resource_urls: Vec::new(),
                }
            }
        }
    }
}

/// Whether a word more in a list of a rule grants exactly `wanted` in addition: the other lists hold
/// nothing but what is wanted.
fn adds_nothing_else(rule: &PolicyRule, list: RuleList, wanted: &NewRule) -> bool {
    let same = |of: RuleList, has: &[Symbol], wanted: &[String]| {
        of == list || (has.len() == wanted.len() && !has.contains(&Symbol::ANY))
    };
    same(RuleList::Verbs, &rule.verbs, &wanted.verbs)
        && same(RuleList::ApiGroups, &rule.api_groups, &wanted.api_groups)
        && same(RuleList::Resources, &rule.resources, &wanted.resources)
        && same(
            RuleList::ResourceNames,
            &rule.resource_names,
            &wanted.resource_names,
        )
        && same(
            RuleList::NonResourceUrls,
            &rule.non_resource_urls,
            &wanted.non_resource_urls,
        )
}

/// The user as a binding would name it; where there is no user, the first group that is not everybody's.
fn subject<S: AsRef<str>>(attributes: &Attributes<'_, S>) -> Option<NewSubject> {
    let of = |kind, namespace: &str, name: &str| NewSubject {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    };
    if let Some((namespace, name)) = service_account(attributes.user) {
        return Some(of(SubjectKind::ServiceAccount, namespace, name));
    }
    if !attributes.user.is_empty() {
        return Some(of(SubjectKind::User, "", attributes.user));
    }
    let mut groups = attributes.groups.iter().map(AsRef::as_ref);
    let group = groups.find(|group| !group.is_empty() && !group.starts_with("system:"))?;
    Some(of(SubjectKind::Group, "", group))
}

/// Words joined to a name that an object may have.
fn object_name(words: &[&str]) -> String {
    let mut name = String::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        if !name.is_empty() {
            name.push('-');
        }
        let plain = |c: char| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '.') => c,
            '*' => 'x',
            _ => '-',
        };
        name.extend(word.chars().take(60).map(plain));
    }
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        "allow".to_owned()
    } else {
        name.to_owned()
    }
}

fn free_name(wanted: &str, exists: impl Fn(&str) -> bool) -> String {
    if !exists(wanted) {
        return wanted.to_owned();
    }
    let numbered = (2u32..).map(|n| format!("{wanted}-{n}"));
    let mut free = numbered.filter(|name| !exists(name));
    free.next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
