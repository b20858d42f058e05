//! From a document's tree to the typed objects of the model.
//!
//! What cannot be decoded stops the load. What the server would decode but refuse (422, or a version it
//! does not serve) is left out of the cluster, as it would not be there, and noted.

use super::decode::{DecodeError, boolean, list, mapping, string, string_field};
use super::tree::{Entry, Kind, Value};
use crate::model::api_resources::{CustomResource, CustomResourceVersion};
use crate::model::{
    AggregationRule, Binding, BindingKind, FileId, Interner, LabelSelector, LabelSelectorOperator,
    LabelSelectorRequirement, PolicyRule, Position, Role, RoleKind, RoleRef, Subject, SubjectKind,
    Symbol,
};
use std::sync::Arc;

const RBAC_GROUP: &str = "rbac.authorization.k8s.io";

/// A decoded object.
#[derive(Debug)]
pub enum Object {
    /// A Role or ClusterRole.
    Role(Role),
    /// A RoleBinding or ClusterRoleBinding.
    Binding(Binding),
    /// A ServiceAccount.
    ServiceAccount(Symbol, Symbol, Position),
    /// A Namespace.
    Namespace(Symbol, Position),
    /// What a CustomResourceDefinition defines.
    CustomResource(CustomResource),
    /// A kind that the chain does not need (yet).
    Other,
    /// An object that the server refuses, and why.
    Refused(Position, String),
}

/// What the decoding of a file needs to know.
pub struct Context<'a> {
    /// The strings of the cluster.
    pub interner: &'a mut Interner,
    /// The file.
    pub file: FileId,
    /// The namespace of namespaced objects that name none.
    pub namespace: &'a str,
    /// Scratch space for service account names.
    pub buffer: String,
    /// Unknown fields of RBAC objects, which the server drops with a warning.
    pub unknown_fields: Vec<(Position, String)>,
}

/// `apiVersion` and `kind` of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeMeta<'t> {
    /// `GROUP/VERSION`, or a version of the core group.
    pub api_version: &'t str,
    /// The kind.
    pub kind: &'t str,
}

impl<'t> TypeMeta<'t> {
    /// Reads both; absent ones are empty.
    pub fn of(root: Value<'t>) -> Result<Self, DecodeError> {
        if root.kind() != Kind::Mapping {
            return Err(DecodeError::at(
                root,
                "expected a Kubernetes object (a mapping with apiVersion and kind)",
            ));
        }
        Ok(TypeMeta {
            api_version: string_field(root, "apiVersion", format_args!("apiVersion"))?,
            kind: string_field(root, "kind", format_args!("kind"))?,
        })
    }

    fn group_version(self) -> (&'t str, &'t str) {
        self.api_version
            .split_once('/')
            .unwrap_or(("", self.api_version))
    }
}

/// Decodes one object, of the given type (its own, or what its list implies).
pub fn decode(
    root: Value<'_>,
    meta: TypeMeta<'_>,
    cx: &mut Context<'_>,
) -> Result<Object, DecodeError> {
    let missing = match (meta.api_version, meta.kind) {
        ("", "") => Some("apiVersion and kind"),
        ("", _) => Some("apiVersion"),
        (_, "") => Some("kind"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Err(DecodeError::at(
            root,
            format!("{missing} not set: this is no Kubernetes object; name the manifests with -f"),
        ));
    }
    match (meta.group_version(), meta.kind) {
        ((RBAC_GROUP, "v1"), "Role") => cx.role(root, RoleKind::Role),
        ((RBAC_GROUP, "v1"), "ClusterRole") => cx.role(root, RoleKind::ClusterRole),
        ((RBAC_GROUP, "v1"), "RoleBinding") => cx.binding(root, BindingKind::RoleBinding),
        ((RBAC_GROUP, "v1"), "ClusterRoleBinding") => {
            cx.binding(root, BindingKind::ClusterRoleBinding)
        }
        ((RBAC_GROUP, "v1"), kind) => Err(DecodeError::at(
            root.get("kind").unwrap_or(root),
            format!(
                "{RBAC_GROUP}/v1 has no kind {kind:?}; expected Role, ClusterRole, RoleBinding or ClusterRoleBinding"
            ),
        )),
        ((RBAC_GROUP, version), kind) => Ok(Object::Refused(
            cx.position(root),
            format!(
                "{kind} of {RBAC_GROUP}/{version} is not in the cluster: the server serves v1 alone (no matches for kind {kind:?} in version \"{RBAC_GROUP}/{version}\")"
            ),
        )),
        (("", "v1"), "ServiceAccount") => {
            let object = cx.object_meta(root, meta.kind)?;
            let namespace = cx.namespace_of(&object);
            let name = cx.interner.intern(&object.name);
            Ok(Object::ServiceAccount(namespace, name, cx.position(root)))
        }
        (("", "v1"), "Namespace") => {
            let object = cx.object_meta(root, meta.kind)?;
            Ok(Object::Namespace(
                cx.interner.intern(&object.name),
                cx.position(root),
            ))
        }
        (("apiextensions.k8s.io", "v1"), "CustomResourceDefinition") => {
            cx.object_meta(root, meta.kind)?;
            Ok(Object::CustomResource(custom_resource(root)?))
        }
        _ => Ok(Object::Other),
    }
}

/// The metadata that matters here.
struct ObjectMeta<'t> {
    name: std::borrow::Cow<'t, str>,
    namespace: &'t str,
    labels: Box<[(Symbol, Symbol)]>,
}

impl Context<'_> {
    fn position(&self, value: Value<'_>) -> Position {
        Position {
            file: self.file,
            line: value.line(),
            column: value.column(),
        }
    }

    fn object_meta<'t>(
        &mut self,
        root: Value<'t>,
        kind: &str,
    ) -> Result<ObjectMeta<'t>, DecodeError> {
        let metadata = mapping(root.get("metadata"), format_args!("metadata"))?;
        let Some(metadata) = metadata else {
            return Err(DecodeError::at(
                root,
                format!("{kind} without metadata: metadata.name is required"),
            ));
        };
        let name = string_field(metadata, "name", format_args!("metadata.name"))?;
        let generate = string_field(
            metadata,
            "generateName",
            format_args!("metadata.generateName"),
        )?;
        let name = match (name, generate) {
            ("", "") => {
                return Err(DecodeError::at(
                    metadata,
                    format!("{kind} without a name: metadata.name is required"),
                ));
            }
            ("", prefix) => format!("{prefix}<generated>").into(),
            (name, _) => name.into(),
        };
        let namespace = string_field(metadata, "namespace", format_args!("metadata.namespace"))?;
        let labels = self.string_map(metadata.get("labels"), "metadata.labels")?;
        Ok(ObjectMeta {
            name,
            namespace,
            labels: labels.into(),
        })
    }

    fn namespace_of(&mut self, object: &ObjectMeta<'_>) -> Symbol {
        if object.namespace.is_empty() {
            self.interner.intern(self.namespace)
        } else {
            self.interner.intern(object.namespace)
        }
    }

    fn string_map(
        &mut self,
        value: Option<Value<'_>>,
        path: &str,
    ) -> Result<Vec<(Symbol, Symbol)>, DecodeError> {
        let Some(map) = mapping(value, format_args!("{path}"))? else {
            return Ok(Vec::new());
        };
        let mut pairs = Vec::new();
        for Entry { name, value, .. } in map.entries() {
            let text = string(value, format_args!("{path}.{name}"))?.unwrap_or("");
            pairs.push((self.interner.intern(name), self.interner.intern(text)));
        }
        Ok(pairs)
    }

    /// Notes the fields that the server does not know.
    fn check_fields(&mut self, value: Value<'_>, path: &str, known: &[&str]) {
        for Entry { name, key, .. } in value.entries() {
            if !known.contains(&name) {
                let field = if path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{path}.{name}")
                };
                let position = self.position(key);
                let alike = known.iter().find(|k| k.eq_ignore_ascii_case(name));
                let hint = alike.map_or(String::new(), |k| format!(" (did you mean {k:?}?)"));
                self.unknown_fields.push((
                    position,
                    format!("unknown field {field:?}, which the server ignores{hint}"),
                ));
            }
        }
    }

    fn role(&mut self, root: Value<'_>, kind: RoleKind) -> Result<Object, DecodeError> {
        let object = self.object_meta(root, kind.as_str())?;
        let position = self.position(root);
        self.check_fields(
            root,
            "",
            &[
                "apiVersion",
                "kind",
                "metadata",
                "rules",
                "aggregationRule",
            ][..if kind == RoleKind::Role { 4 } else { 5 }],
        );
        let mut causes = Vec::new();
        check_name(&object.name, "metadata.name", &mut causes);
        let mut rules = Vec::new();
        if let Some(items) = list(root.get("rules"), format_args!("rules"))? {
            for (i, item) in items.items().enumerate() {
                rules.push(Arc::new(self.rule(item, i, kind, &mut causes)?));
            }
        }
        let aggregation_rule = match kind {
            RoleKind::Role => None,
            RoleKind::ClusterRole => {
                self.aggregation_rule(root.get("aggregationRule"), &mut causes)?
            }
        };
        if !causes.is_empty() {
            return Ok(refused(kind.as_str(), &object.name, position, &causes));
        }
        let namespace = match kind {
            RoleKind::Role => self.namespace_of(&object),
            RoleKind::ClusterRole => Symbol::EMPTY,
        };
        Ok(Object::Role(Role {
            kind,
            namespace,
            name: self.interner.intern(&object.name),
            labels: object.labels,
            rules,
            aggregation_rule,
            position,
        }))
    }

    fn rule(
        &mut self,
        item: Value<'_>,
        index: usize,
        kind: RoleKind,
        causes: &mut Vec<String>,
    ) -> Result<PolicyRule, DecodeError> {
        let position = self.position(item);
        let item = match mapping(Some(item), format_args!("rules[{index}]"))? {
            Some(item) => item,
            // A null rule is an empty one.
            None => item,
        };
        let mut fields: [Box<[Symbol]>; 5] = Default::default();
        const NAMES: [&str; 5] = [
            "verbs",
            "apiGroups",
            "resources",
            "resourceNames",
            "nonResourceURLs",
        ];
        let mut known = 0;
        for Entry { name, value, .. } in item.entries() {
            if let Some(slot) = NAMES.iter().position(|n| *n == name) {
                // The last of duplicate keys wins.
                fields[slot] = self.strings(value, index, name)?;
                known += 1;
            } else {
                known = usize::MAX;
                break;
            }
        }
        if known == usize::MAX {
            self.check_fields(item, &format!("rules[{index}]"), &NAMES);
            for (slot, name) in NAMES.iter().enumerate() {
                fields[slot] = match item.get(name) {
                    Some(value) => self.strings(value, index, name)?,
                    None => Box::default(),
                };
            }
        }
        let [verbs, api_groups, resources, resource_names, non_resource_urls] = fields;
        let required = "Required value";
        if verbs.is_empty() {
            causes.push(format!(
                "rules[{index}].verbs: {required}: verbs must contain at least one value"
            ));
        }
        if non_resource_urls.is_empty() {
            if api_groups.is_empty() {
                causes.push(format!(
                    "rules[{index}].apiGroups: {required}: resource rules must supply at least one api group"
                ));
            }
            if resources.is_empty() {
                causes.push(format!(
                    "rules[{index}].resources: {required}: resource rules must supply at least one resource"
                ));
            }
        } else if kind == RoleKind::Role {
            causes.push(format!(
                "rules[{index}].nonResourceURLs: Invalid value: namespaced rules cannot apply to non-resource URLs"
            ));
        } else if !(api_groups.is_empty() && resources.is_empty() && resource_names.is_empty()) {
            causes.push(format!(
                "rules[{index}].nonResourceURLs: Invalid value: rules cannot apply to both regular resources and non-resource URLs"
            ));
        }
        Ok(PolicyRule {
            verbs,
            api_groups,
            resources,
            resource_names,
            non_resource_urls,
            position,
        })
    }

    fn strings(
        &mut self,
        value: Value<'_>,
        rule: usize,
        field: &str,
    ) -> Result<Box<[Symbol]>, DecodeError> {
        let Some(items) = list(Some(value), format_args!("rules[{rule}].{field}"))? else {
            return Ok(Box::default());
        };
        let mut symbols = Vec::new();
        for (i, item) in items.items().enumerate() {
            let text = string(item, format_args!("rules[{rule}].{field}[{i}]"))?.unwrap_or("");
            symbols.push(self.interner.intern(text));
        }
        Ok(symbols.into())
    }

    fn aggregation_rule(
        &mut self,
        value: Option<Value<'_>>,
        causes: &mut Vec<String>,
    ) -> Result<Option<AggregationRule>, DecodeError> {
        let Some(rule) = mapping(value, format_args!("aggregationRule"))? else {
            return Ok(None);
        };
        let field = "aggregationRule.clusterRoleSelectors";
        let mut selectors = Vec::new();
        if let Some(items) = list(rule.get("clusterRoleSelectors"), format_args!("{field}"))? {
            for (i, item) in items.items().enumerate() {
                selectors.push(self.label_selector(item, &format!("{field}[{i}]"), causes)?);
            }
        }
        if selectors.is_empty() {
            causes.push(format!(
                "{field}: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil"
            ));
        }
        Ok(Some(AggregationRule {
            cluster_role_selectors: selectors,
        }))
    }

    fn label_selector(
        &mut self,
        value: Value<'_>,
        path: &str,
        causes: &mut Vec<String>,
    ) -> Result<LabelSelector, DecodeError> {
        let mut selector = LabelSelector {
            match_labels: Vec::new(),
            match_expressions: Vec::new(),
        };
        let Some(value) = mapping(Some(value), format_args!("{path}"))? else {
            return Ok(selector);
        };
        selector.match_labels =
            self.string_map(value.get("matchLabels"), &format!("{path}.matchLabels"))?;
        let path = format!("{path}.matchExpressions");
        let Some(items) = list(value.get("matchExpressions"), format_args!("{path}"))? else {
            return Ok(selector);
        };
        for (i, item) in items.items().enumerate() {
            let Some(item) = mapping(Some(item), format_args!("{path}[{i}]"))? else {
                causes.push(format!("{path}[{i}].operator: Invalid value: \"\""));
                continue;
            };
            let key = string_field(item, "key", format_args!("{path}[{i}].key"))?;
            let operator = string_field(item, "operator", format_args!("{path}[{i}].operator"))?;
            let mut values = Vec::new();
            if let Some(list) = list(item.get("values"), format_args!("{path}[{i}].values"))? {
                for (j, value) in list.items().enumerate() {
                    let text =
                        string(value, format_args!("{path}[{i}].values[{j}]"))?.unwrap_or("");
                    values.push(self.interner.intern(text));
                }
            }
            let operator = match (operator, values.is_empty()) {
                ("In", false) => LabelSelectorOperator::In,
                ("NotIn", false) => LabelSelectorOperator::NotIn,
                ("Exists", true) => LabelSelectorOperator::Exists,
                ("DoesNotExist", true) => LabelSelectorOperator::DoesNotExist,
                ("In" | "NotIn", true) => {
                    causes.push(format!(
                        "{path}[{i}].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
                    ));
                    continue;
                }
                ("Exists" | "DoesNotExist", false) => {
                    causes.push(format!(
                        "{path}[{i}].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                    ));
                    continue;
                }
                (other, _) => {
                    causes.push(format!(
                        "{path}[{i}].operator: Invalid value: {other:?}: not a valid selector operator"
                    ));
                    continue;
                }
            };
            let key = self.interner.intern(key);
            selector.match_expressions.push(LabelSelectorRequirement {
                key,
                operator,
                values,
            });
        }
        Ok(selector)
    }

    fn binding(&mut self, root: Value<'_>, kind: BindingKind) -> Result<Object, DecodeError> {
        let object = self.object_meta(root, kind.as_str())?;
        let position = self.position(root);
        self.check_fields(
            root,
            "",
            &["apiVersion", "kind", "metadata", "roleRef", "subjects"],
        );
        let mut causes = Vec::new();
        check_name(&object.name, "metadata.name", &mut causes);
        let namespace = match kind {
            BindingKind::RoleBinding => self.namespace_of(&object),
            BindingKind::ClusterRoleBinding => Symbol::EMPTY,
        };
        let role_ref = self.role_ref(root, kind, &mut causes)?;
        let mut subjects = Vec::new();
        if let Some(items) = list(root.get("subjects"), format_args!("subjects"))? {
            for (i, item) in items.items().enumerate() {
                subjects.extend(self.subject(item, i, namespace, &mut causes)?);
            }
        }
        let Some(role_ref) = role_ref.filter(|_| causes.is_empty()) else {
            return Ok(refused(kind.as_str(), &object.name, position, &causes));
        };
        Ok(Object::Binding(Binding {
            kind,
            namespace,
            name: self.interner.intern(&object.name),
            role_ref,
            subjects,
            position,
        }))
    }

    fn role_ref(
        &mut self,
        root: Value<'_>,
        kind: BindingKind,
        causes: &mut Vec<String>,
    ) -> Result<Option<RoleRef>, DecodeError> {
        let Some(role_ref) = mapping(root.get("roleRef"), format_args!("roleRef"))? else {
            return Err(DecodeError::at(
                root,
                format!(
                    "{} without roleRef: expected the role that is granted",
                    kind.as_str()
                ),
            ));
        };
        self.check_fields(role_ref, "roleRef", &["apiGroup", "kind", "name"]);
        let group = string_field(role_ref, "apiGroup", format_args!("roleRef.apiGroup"))?;
        let role_kind = string_field(role_ref, "kind", format_args!("roleRef.kind"))?;
        let name = string_field(role_ref, "name", format_args!("roleRef.name"))?;
        if !group.is_empty() && group != RBAC_GROUP {
            causes.push(format!(
                "roleRef.apiGroup: Unsupported value: {group:?}: supported values: \"{RBAC_GROUP}\""
            ));
        }
        let role_kind = match (role_kind, kind) {
            ("ClusterRole", _) => Some(RoleKind::ClusterRole),
            ("Role", BindingKind::RoleBinding) => Some(RoleKind::Role),
            (other, BindingKind::RoleBinding) => {
                causes.push(format!(
                    "roleRef.kind: Unsupported value: {other:?}: supported values: \"Role\", \"ClusterRole\""
                ));
                None
            }
            (other, BindingKind::ClusterRoleBinding) => {
                causes.push(format!(
                    "roleRef.kind: Unsupported value: {other:?}: supported values: \"ClusterRole\""
                ));
                None
            }
        };
        if name.is_empty() {
            causes.push("roleRef.name: Required value".to_owned());
        } else {
            check_name(name, "roleRef.name", causes);
        }
        let position = self.position(role_ref);
        Ok(role_kind.map(|kind| RoleRef {
            kind,
            name: self.interner.intern(name),
            position,
        }))
    }

    fn subject(
        &mut self,
        item: Value<'_>,
        index: usize,
        binding_namespace: Symbol,
        causes: &mut Vec<String>,
    ) -> Result<Option<Subject>, DecodeError> {
        let Some(subject) = mapping(Some(item), format_args!("subjects[{index}]"))? else {
            causes.push(format!("subjects[{index}].name: Required value"));
            return Ok(None);
        };
        let path = |field: &str| format!("subjects[{index}].{field}");
        self.check_fields(
            subject,
            "subjects[]",
            &["kind", "apiGroup", "name", "namespace"],
        );
        let kind = string_field(subject, "kind", format_args!("subjects[{index}].kind"))?;
        let group = string_field(
            subject,
            "apiGroup",
            format_args!("subjects[{index}].apiGroup"),
        )?;
        let name = string_field(subject, "name", format_args!("subjects[{index}].name"))?;
        let namespace = string_field(
            subject,
            "namespace",
            format_args!("subjects[{index}].namespace"),
        )?;
        if name.is_empty() {
            causes.push(format!("{}: Required value", path("name")));
        }
        let position = self.position(item);
        let kind = match kind {
            "User" => SubjectKind::User,
            "Group" => SubjectKind::Group,
            "ServiceAccount" => SubjectKind::ServiceAccount,
            other => {
                causes.push(format!(
                    "{}: Unsupported value: {other:?}: supported values: \"ServiceAccount\", \"User\", \"Group\"",
                    path("kind")
                ));
                return Ok(None);
            }
        };
        let supported = match kind {
            SubjectKind::ServiceAccount => "",
            SubjectKind::User | SubjectKind::Group => RBAC_GROUP,
        };
        if !group.is_empty() && group != supported {
            causes.push(format!(
                "{}: Unsupported value: {group:?}: supported values: {supported:?}",
                path("apiGroup")
            ));
        }
        let symbol = self.interner.intern(name);
        let (namespace, matches) = match kind {
            SubjectKind::User | SubjectKind::Group => (Symbol::EMPTY, symbol),
            SubjectKind::ServiceAccount => {
                if namespace.is_empty() && binding_namespace == Symbol::EMPTY {
                    causes.push(format!("{}: Required value", path("namespace")));
                }
                let namespace = if namespace.is_empty() {
                    binding_namespace
                } else {
                    self.interner.intern(namespace)
                };
                self.buffer.clear();
                self.buffer.push_str("system:serviceaccount:");
                self.buffer.push_str(self.interner.resolve(namespace));
                self.buffer.push(':');
                self.buffer.push_str(name);
                (namespace, self.interner.intern(&self.buffer))
            }
        };
        Ok(Some(Subject {
            kind,
            namespace,
            name: symbol,
            matches,
            position,
        }))
    }
}

fn refused(kind: &str, name: &str, position: Position, causes: &[String]) -> Object {
    let causes = match causes {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    Object::Refused(
        position,
        format!("{kind} {name:?} is not in the cluster: the server refuses it as invalid: {causes}"),
    )
}

/// RBAC names are path segments (docs page "Object Names and IDs").
fn check_name(name: &str, path: &str, causes: &mut Vec<String>) {
    if name == "." || name == ".." {
        causes.push(format!("{path}: Invalid value: {name:?}: may not be '{name}'"));
    }
    for bad in ['/', '%'] {
        if name.contains(bad) {
            causes.push(format!(
                "{path}: Invalid value: {name:?}: may not contain '{bad}'"
            ));
        }
    }
}

fn custom_resource(root: Value<'_>) -> Result<CustomResource, DecodeError> {
    let Some(spec) = mapping(root.get("spec"), format_args!("spec"))? else {
        return Err(DecodeError::at(
            root,
            "CustomResourceDefinition without spec: expected spec.group, spec.names and spec.versions",
        ));
    };
    let Some(names) = mapping(spec.get("names"), format_args!("spec.names"))? else {
        return Err(DecodeError::at(
            spec,
            "CustomResourceDefinition without spec.names",
        ));
    };
    let strings = |value: Option<Value<'_>>, path: &str| -> Result<Vec<String>, DecodeError> {
        let Some(items) = list(value, format_args!("{path}"))? else {
            return Ok(Vec::new());
        };
        items
            .items()
            .map(|item| Ok(string(item, format_args!("{path}[]"))?.unwrap_or("").to_owned()))
            .collect()
    };
    let name = |field: &str| {
        string_field(names, field, format_args!("spec.names.{field}")).map(str::to_owned)
    };
    let mut versions = Vec::new();
    if let Some(items) = list(spec.get("versions"), format_args!("spec.versions"))? {
        for (i, item) in items.items().enumerate() {
            let Some(item) = mapping(Some(item), format_args!("spec.versions[{i}]"))? else {
                continue;
            };
            let served = match item.get("served") {
                Some(value) => {
                    boolean(value, format_args!("spec.versions[{i}].served"))?.unwrap_or(false)
                }
                None => false,
            };
            let path = format!("spec.versions[{i}].subresources");
            let subresources = mapping(item.get("subresources"), format_args!("{path}"))?;
            let subresources = ["status", "scale"]
                .into_iter()
                .filter(|name| {
                    subresources
                        .and_then(|s| s.get(name))
                        .is_some_and(|s| s.kind() != Kind::Null)
                })
                .map(str::to_owned)
                .collect();
            versions.push(CustomResourceVersion {
                name: string_field(item, "name", format_args!("spec.versions[{i}].name"))?
                    .to_owned(),
                served,
                subresources,
            });
        }
    }
    Ok(CustomResource {
        group: string_field(spec, "group", format_args!("spec.group"))?.to_owned(),
        versions,
        plural: name("plural")?,
        singular: name("singular")?,
        kind: name("kind")?,
        short_names: strings(names.get("shortNames"), "spec.names.shortNames")?,
        categories: strings(names.get("categories"), "spec.names.categories")?,
        namespaced: string_field(spec, "scope", format_args!("spec.scope"))? != "Cluster",
    })
}
