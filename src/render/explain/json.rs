//! `--explain` for programs: the object `explanation` of the JSON output.

use super::fix::fix_text;
use super::hints::hint_text;
use super::{Asked, aggregated_from, miss_text};
use crate::answer::explain::Explanation;
use crate::answer::explain::difference::{Difference, ResourceRelation};
use crate::answer::explain::fix::{Fix, NewBinding, NewRole, NewRule};
use crate::answer::explain::likeness::{AskedAs, SubjectRelation};
use crate::answer::explain::misses::NearMiss;
use crate::answer::grants::Grant;
use crate::answer::hints::Hint;
use crate::model::{
    Attributes, Binding, Cluster, PolicyRule, Position, Role, RoleId, Subject, Symbol,
};
use serde_json::{Map, Value, json};

/// An explanation and the hints as a JSON object. Positions are `FILE:LINE:COLUMN` or `built-in`.
pub fn explanation_json<S: AsRef<str>>(
    cluster: &Cluster,
    attributes: &Attributes<'_, S>,
    explanation: &Explanation,
    hints: &[Hint],
) -> Value {
    let json = Json { cluster };
    let asked = Asked::new(attributes);
    let misses = explanation.nearest_misses.iter();
    let misses: Vec<Value> = misses.map(|miss| json.miss(&asked, miss)).collect();
    let hints = hints.iter().map(|hint| {
        json!({ "kind": hint_kind(hint), "message": hint_text(cluster, attributes.user, hint) })
    });
    json!({
        "allowed": explanation.allowed,
        "privileged": explanation.privileged,
        "grants": explanation.grants.iter().map(|grant| json.grant(grant)).collect::<Vec<_>>(),
        "nearestMisses": misses,
        "totalMisses": explanation.total_misses,
        "fix": explanation.fix.as_ref().map(|fix| json.fix(fix)),
        "hints": hints.collect::<Vec<_>>(),
    })
}

struct Json<'a> {
    cluster: &'a Cluster,
}

/// Puts `value` under `key` unless it says nothing.
fn put(object: &mut Map<String, Value>, key: &str, value: Value) {
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if !empty {
        object.insert(key.to_owned(), value);
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut object = Map::new();
    for (key, value) in fields {
        put(&mut object, key, value);
    }
    Value::Object(object)
}

impl Json<'_> {
    fn str(&self, symbol: Symbol) -> Value {
        self.cluster.str(symbol).into()
    }

    fn list(&self, symbols: &[Symbol]) -> Value {
        symbols
            .iter()
            .map(|symbol| self.cluster.str(*symbol))
            .collect()
    }

    fn place(&self, position: Position) -> Value {
        self.cluster.place(position).into()
    }

    fn binding(&self, binding: &Binding) -> Value {
        object([
            ("kind", binding.kind.as_str().into()),
            ("namespace", self.str(binding.namespace)),
            ("name", self.str(binding.name)),
            ("position", self.place(binding.position)),
        ])
    }

    fn role(&self, role: &Role) -> Value {
        object([
            ("kind", role.kind.as_str().into()),
            ("namespace", self.str(role.namespace)),
            ("name", self.str(role.name)),
            ("position", self.place(role.position)),
        ])
    }

    fn subject(&self, subject: &Subject) -> Value {
        object([
            ("kind", subject.kind.as_str().into()),
            ("namespace", self.str(subject.namespace)),
            ("name", self.str(subject.name)),
            ("position", self.place(subject.position)),
        ])
    }

    fn rule(&self, role: RoleId, index: u32) -> Value {
        let rule: &PolicyRule = &self.cluster.role(role).rules[index as usize];
        let source = aggregated_from(self.cluster, role, index);
        object([
            ("verbs", self.list(&rule.verbs)),
            ("apiGroups", self.list(&rule.api_groups)),
            ("resources", self.list(&rule.resources)),
            ("resourceNames", self.list(&rule.resource_names)),
            ("nonResourceURLs", self.list(&rule.non_resource_urls)),
            ("position", self.place(rule.position)),
            (
                "aggregatedFrom",
                source.map_or(Value::Null, |id| self.role(self.cluster.role(id))),
            ),
        ])
    }

    fn grant(&self, grant: &Grant) -> Value {
        let binding = self.cluster.binding(grant.binding);
        json!({
            "binding": self.binding(binding),
            "role": self.role(self.cluster.role(grant.role)),
            "rule": self.rule(grant.role, grant.rule),
            "subject": self.subject(&binding.subjects[grant.subject as usize]),
        })
    }

    fn miss(&self, asked: &Asked<'_>, miss: &NearMiss) -> Value {
        let binding = miss.binding.map(|id| self.cluster.binding(id));
        let subject = binding
            .zip(miss.subject)
            .map(|(b, index)| &b.subjects[index as usize]);
        let differences: Vec<Value> = miss
            .differences
            .iter()
            .map(|d| self.difference(d))
            .collect();
        let rule = miss
            .role
            .zip(miss.rule)
            .map(|(role, rule)| self.rule(role, rule));
        let role_ref = binding.filter(|_| miss.role.is_none()).map(|binding| {
            object([
                ("kind", binding.role_ref.kind.as_str().into()),
                ("name", self.str(binding.role_ref.name)),
                ("position", self.place(binding.role_ref.position)),
            ])
        });
        object([
            ("message", miss_text(self.cluster, asked, miss).into()),
            ("cost", miss.cost.into()),
            ("differences", differences.into()),
            ("binding", binding.map_or(Value::Null, |b| self.binding(b))),
            ("roleRef", role_ref.unwrap_or_default()),
            (
                "role",
                miss.role
                    .map_or(Value::Null, |id| self.role(self.cluster.role(id))),
            ),
            ("rule", rule.unwrap_or_default()),
            ("subject", subject.map_or(Value::Null, |s| self.subject(s))),
        ])
    }

    fn difference(&self, difference: &Difference) -> Value {
        match difference {
            Difference::Verb { granted } => json!({"kind": "verb", "granted": self.list(granted)}),
            Difference::Group { granted } => {
                json!({"kind": "apiGroup", "granted": self.list(granted)})
            }
            Difference::Resource { granted, relation } => {
                let relation = match relation {
                    ResourceRelation::NoWildcard => "noPattern",
                    ResourceRelation::Misspelling => "misspelling",
                    ResourceRelation::Parent => "parent",
                    ResourceRelation::Subresource => "subresource",
                };
                json!({"kind": "resource", "granted": self.str(*granted), "relation": relation})
            }
            Difference::Name { pinned, .. } => {
                json!({"kind": "name", "granted": self.list(pinned)})
            }
            Difference::Namespace { bound_in } => {
                json!({"kind": "namespace", "granted": self.str(*bound_in)})
            }
            Difference::Subject { relation, asked } => {
                let relation = match relation {
                    SubjectRelation::OtherKind => "otherKind",
                    SubjectRelation::Case => "case",
                    SubjectRelation::OtherNamespace => "otherNamespace",
                    SubjectRelation::Spelling => "spelling",
                };
                let asked = match asked {
                    AskedAs::User => "user",
                    AskedAs::Group(_) => "group",
                };
                json!({"kind": "subject", "relation": relation, "askedAs": asked})
            }
            Difference::Url { granted } => {
                json!({"kind": "nonResourceURL", "granted": self.str(*granted)})
            }
            Difference::UrlInNamespace => json!({"kind": "nonResourceURLInRoleBinding"}),
            Difference::RoleMissing => json!({"kind": "roleMissing"}),
            Difference::NotBound => json!({"kind": "notBound"}),
        }
    }

    fn fix(&self, fix: &Fix) -> Value {
        let role = |id: &RoleId| self.role(self.cluster.role(*id));
        let text = fix_text(self.cluster, fix);
        match fix {
            Fix::ExtendRule {
                role: id,
                rule,
                list,
                add,
                ..
            } => json!({
                "kind": "extendRule",
                "role": role(id),
                "rule": self.rule(*id, *rule),
                "list": list.as_str(),
                "add": add,
                "text": text,
            }),
            Fix::AddRule { role: id, rule, .. } => {
                json!({"kind": "addRule", "role": role(id), "rule": new_rule(rule), "text": text})
            }
            Fix::CreateMissingRole { binding, role } => json!({
                "kind": "createMissingRole",
                "binding": self.binding(self.cluster.binding(*binding)),
                "newRole": new_role(role),
                "text": text,
            }),
            Fix::BindRole { role: id, binding } => json!({
                "kind": "bindRole",
                "role": role(id),
                "newBinding": new_binding(binding),
                "text": text,
            }),
            Fix::NewRole { role, binding } => json!({
                "kind": "newRole",
                "newRole": new_role(role),
                "newBinding": new_binding(binding),
                "text": text,
            }),
        }
    }
}

fn new_rule(rule: &NewRule) -> Value {
    object([
        ("verbs", rule.verbs.clone().into()),
        ("apiGroups", rule.api_groups.clone().into()),
        ("resources", rule.resources.clone().into()),
        ("resourceNames", rule.resource_names.clone().into()),
        ("nonResourceURLs", rule.non_resource_urls.clone().into()),
    ])
}

fn new_role(role: &NewRole) -> Value {
    object([
        ("kind", role.kind.as_str().into()),
        ("namespace", role.namespace.clone().into()),
        ("name", role.name.clone().into()),
        ("rules", vec![new_rule(&role.rule)].into()),
    ])
}

fn new_binding(binding: &NewBinding) -> Value {
    let subject = object([
        ("kind", binding.subject.kind.as_str().into()),
        ("namespace", binding.subject.namespace.clone().into()),
        ("name", binding.subject.name.clone().into()),
    ]);
    object([
        ("kind", binding.kind.as_str().into()),
        ("namespace", binding.namespace.clone().into()),
        ("name", binding.name.clone().into()),
        (
            "roleRef",
            json!({"kind": binding.role_kind.as_str(), "name": binding.role_name}),
        ),
        ("subjects", vec![subject].into()),
    ])
}

fn hint_kind(hint: &Hint) -> &'static str {
    match hint {
        Hint::ServiceAccountMeant { .. } => "serviceAccountMeant",
        Hint::NotAServiceAccount => "notAServiceAccount",
        Hint::NoPods => "noPods",
        Hint::SubresourceMeant { .. } => "subresourceMeant",
        Hint::UnknownResource { .. } => "unknownResource",
        Hint::UnknownSubresource { .. } => "unknownSubresource",
        Hint::UnknownVerb { .. } => "unknownVerb",
        Hint::VerbNotServed { .. } => "verbNotServed",
        Hint::MissingRole { .. } => "missingRole",
        Hint::ClusterScoped { .. } => "clusterScoped",
        Hint::UnknownNamespace { .. } => "unknownNamespace",
        Hint::UnknownUser { .. } => "unknownUser",
        Hint::UnknownGroup { .. } => "unknownGroup",
    }
}
