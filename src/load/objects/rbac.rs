//! Roles and bindings (`rbac.authorization.k8s.io/v1`), decoded, defaulted and validated as the server
//! does.

use super::meta::ObjectMeta;
use super::{Context, Object, RBAC_GROUP, refused};
use crate::load::decode::{DecodeError, letter, list, mapping, string, string_field};
use crate::load::tree::{Entry, Value};
use crate::model::names::{
    dns_subdomain_errors, label_key_errors, label_value_errors, path_segment_errors,
};
use crate::model::{
    AggregationRule, BadValue, Binding, BindingKind, FieldError, LabelSelector,
    LabelSelectorOperator, LabelSelectorRequirement, PolicyRule, Role, RoleKind, RoleRef, Subject,
    SubjectKind, Symbol, WordList,
};
use std::sync::Arc;

const ROLE_FIELDS: &[&str] = &["apiVersion", "kind", "metadata", "rules", "aggregationRule"];
const BINDING_FIELDS: &[&str] = &["apiVersion", "kind", "metadata", "roleRef", "subjects"];
const RULE_FIELDS: [&str; 5] = [
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
];

impl Context<'_> {
    pub(super) fn role(&mut self, root: Value<'_>, kind: RoleKind) -> Result<Object, DecodeError> {
        let mut errors = Vec::new();
        let object = self.object_meta(root, kind.as_str(), &mut errors)?;
        // A Role has no aggregationRule, the last of the fields.
        let known = ROLE_FIELDS.len() - usize::from(kind == RoleKind::Role);
        self.check_fields(root, "", &ROLE_FIELDS[..known]);
        let mut rules = Vec::new();
        if let Some(items) = list(root.get("rules"), format_args!("rules"))? {
            for (i, item) in items.items().enumerate() {
                let rule = self.rule(item, i)?;
                self.check_rule(&rule, i, kind, &mut errors);
                rules.push(Arc::new(rule));
            }
        }
        let aggregation_rule = match kind {
            RoleKind::Role => None,
            RoleKind::ClusterRole => {
                self.aggregation_rule(root.get("aggregationRule"), &mut errors)?
            }
        };
        let position = self.position(root);
        if !errors.is_empty() {
            return Ok(refused(kind.as_str(), &object.name, position, &errors));
        }
        Ok(Object::Role(Role {
            kind,
            namespace: match kind {
                RoleKind::Role => self.namespace_of(&object),
                RoleKind::ClusterRole => Symbol::EMPTY,
            },
            name: self.interner.intern(&object.name),
            labels: object.labels,
            rules,
            aggregation_rule,
            position,
        }))
    }

    fn rule(&mut self, item: Value<'_>, index: usize) -> Result<PolicyRule, DecodeError> {
        let position = self.position(item);
        mapping(Some(item), format_args!("rules[{index}]"))?;
        let mut fields: [WordList; 5] = Default::default();
        let mut unknown = false;
        for Entry { name, value, .. } in item.entries() {
            // The last of duplicate keys wins.
            match RULE_FIELDS.iter().position(|known| *known == name) {
                Some(field) => fields[field] = self.strings(value, index, name)?,
                None => unknown = true,
            }
        }
        if unknown {
            self.check_fields(item, &format!("rules[{index}]"), &RULE_FIELDS);
        }
        let [
            verbs,
            api_groups,
            resources,
            resource_names,
            non_resource_urls,
        ] = fields;
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
    ) -> Result<WordList, DecodeError> {
        let Some(items) = list(Some(value), format_args!("rules[{rule}].{field}"))? else {
            return Ok(WordList::new());
        };
        let mut symbols = WordList::new();
        for (i, item) in items.items().enumerate() {
            let text = match letter(item) {
                Some(letter) if field == "resourceNames" => letter,
                _ => string(item, format_args!("rules[{rule}].{field}[{i}]"))?.unwrap_or(""),
            };
            symbols.push(self.interner.intern(text));
        }
        Ok(symbols)
    }

    /// Whether the server takes a rule; if not, why.
    pub(in crate::load) fn check_rule(
        &self,
        rule: &PolicyRule,
        index: usize,
        kind: RoleKind,
        errors: &mut Vec<FieldError>,
    ) {
        let mut required = |field: &str, why: &str| {
            errors.push(FieldError::required(format!("rules[{index}].{field}"), why));
        };
        if rule.verbs.is_empty() {
            required("verbs", "verbs must contain at least one value");
        }
        if rule.non_resource_urls.is_empty() {
            if rule.api_groups.is_empty() {
                let why = "resource rules must supply at least one api group";
                required("apiGroups", why);
            }
            if rule.resources.is_empty() {
                required(
                    "resources",
                    "resource rules must supply at least one resource",
                );
            }
            return;
        }
        let mut invalid = |why: &str| {
            let urls = rule.non_resource_urls.iter();
            let urls: Vec<&str> = urls.map(|url| self.interner.resolve(*url)).collect();
            let field = format!("rules[{index}].nonResourceURLs");
            errors.push(FieldError::invalid(field, BadValue::json(&urls), why));
        };
        if kind == RoleKind::Role {
            invalid("namespaced rules cannot apply to non-resource URLs");
        }
        let resource_lists = [&rule.api_groups, &rule.resources, &rule.resource_names];
        if resource_lists.iter().any(|list| !list.is_empty()) {
            invalid("rules cannot apply to both regular resources and non-resource URLs");
        }
    }

    fn aggregation_rule(
        &mut self,
        value: Option<Value<'_>>,
        errors: &mut Vec<FieldError>,
    ) -> Result<Option<AggregationRule>, DecodeError> {
        let Some(rule) = mapping(value, format_args!("aggregationRule"))? else {
            return Ok(None);
        };
        self.check_fields(rule, "aggregationRule", &["clusterRoleSelectors"]);
        let field = "aggregationRule.clusterRoleSelectors";
        let mut selectors = Vec::new();
        if let Some(items) = list(rule.get("clusterRoleSelectors"), format_args!("{field}"))? {
            for (i, item) in items.items().enumerate() {
                let path = format!("{field}[{i}]");
                let before = errors.len();
                selectors.push(self.label_selector(item, &path, errors)?);
                if errors.len() > before {
                    let null = BadValue::Json("null".to_owned());
                    errors.push(FieldError::invalid(path, null, "invalid label selector."));
                }
            }
        }
        if selectors.is_empty() {
            let why = "at least one clusterRoleSelector required if aggregationRule is non-nil";
            errors.push(FieldError::required(field, why));
        }
        Ok(Some(AggregationRule {
            cluster_role_selectors: selectors,
        }))
    }

    fn label_selector(
        &mut self,
        value: Value<'_>,
        path: &str,
        errors: &mut Vec<FieldError>,
    ) -> Result<LabelSelector, DecodeError> {
        let mut selector = LabelSelector {
            match_labels: Vec::new(),
            match_expressions: Vec::new(),
        };
        let Some(value) = mapping(Some(value), format_args!("{path}"))? else {
            return Ok(selector);
        };
        self.check_fields(value, path, &["matchLabels", "matchExpressions"]);
        let labels = format!("{path}.matchLabels");
        selector.match_labels = self.string_map(value.get("matchLabels"), &labels)?;
        self.check_labels(&selector.match_labels, &labels, errors);
        let path = format!("{path}.matchExpressions");
        if let Some(items) = list(value.get("matchExpressions"), format_args!("{path}"))? {
            for (i, item) in items.items().enumerate() {
                let requirement = self.requirement(item, &format!("{path}[{i}]"), errors)?;
                selector.match_expressions.extend(requirement);
            }
        }
        Ok(selector)
    }

    fn requirement(
        &mut self,
        item: Value<'_>,
        path: &str,
        errors: &mut Vec<FieldError>,
    ) -> Result<Option<LabelSelectorRequirement>, DecodeError> {
        mapping(Some(item), format_args!("{path}"))?;
        self.check_fields(item, path, &["key", "operator", "values"]);
        let key = string_field(item, "key", format_args!("{path}.key"))?;
        let operator = string_field(item, "operator", format_args!("{path}.operator"))?;
        let mut values = Vec::new();
        if let Some(list) = list(item.get("values"), format_args!("{path}.values"))? {
            for (i, value) in list.items().enumerate() {
                let text = string(value, format_args!("{path}.values[{i}]"))?.unwrap_or("");
                values.push(text);
            }
        }
        let known = match operator {
            "In" => Some(LabelSelectorOperator::In),
            "NotIn" => Some(LabelSelectorOperator::NotIn),
            "Exists" => Some(LabelSelectorOperator::Exists),
            "DoesNotExist" => Some(LabelSelectorOperator::DoesNotExist),
            _ => None,
        };
        match (operator, values.is_empty()) {
            ("In" | "NotIn", true) => {
                let why = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.push(FieldError::required(format!("{path}.values"), why));
            }
            ("Exists" | "DoesNotExist", false) => {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.push(FieldError::forbidden(format!("{path}.values"), why));
            }
            ("In" | "NotIn" | "Exists" | "DoesNotExist", _) => {}
            _ => {
                let field = format!("{path}.operator");
                let why = "not a valid selector operator";
                errors.push(FieldError::invalid(field, operator, why));
            }
        }
        let wrong = label_key_errors(key).into_iter();
        errors.extend(wrong.map(|e| FieldError::invalid(format!("{path}.key"), key, e)));
        for (i, value) in values.iter().enumerate() {
            let field = format!("{path}.values[{i}]");
            let wrong = label_value_errors(value).into_iter();
            errors.extend(wrong.map(|e| FieldError::invalid(&*field, *value, e)));
        }
        let Some(operator) = known else {
            return Ok(None);
        };
        Ok(Some(LabelSelectorRequirement {
            key: self.interner.intern(key),
            operator,
            values: values.iter().map(|v| self.interner.intern(v)).collect(),
        }))
    }

    pub(super) fn binding(
        &mut self,
        root: Value<'_>,
        kind: BindingKind,
    ) -> Result<Object, DecodeError> {
        let mut errors = Vec::new();
        let object: ObjectMeta<'_> = self.object_meta(root, kind.as_str(), &mut errors)?;
        self.check_fields(root, "", BINDING_FIELDS);
        let namespace = match kind {
            BindingKind::RoleBinding => self.namespace_of(&object),
            BindingKind::ClusterRoleBinding => Symbol::EMPTY,
        };
        let role_ref = self.role_ref(root, kind, &mut errors)?;
        let mut subjects = Vec::new();
        if let Some(items) = list(root.get("subjects"), format_args!("subjects"))? {
            for (i, item) in items.items().enumerate() {
                subjects.extend(self.subject(item, i, namespace, &mut errors)?);
            }
        }
        let position = self.position(root);
        let Some(role_ref) = role_ref.filter(|_| errors.is_empty()) else {
            return Ok(refused(kind.as_str(), &object.name, position, &errors));
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
        errors: &mut Vec<FieldError>,
    ) -> Result<Option<RoleRef>, DecodeError> {
        let Some(role_ref) = mapping(root.get("roleRef"), format_args!("roleRef"))? else {
            let kind = kind.as_str();
            return Err(DecodeError::at(
                root,
                format!("{kind} without roleRef: expected the role that is granted"),
            ));
        };
        self.check_fields(role_ref, "roleRef", &["apiGroup", "kind", "name"]);
        let group = string_field(role_ref, "apiGroup", format_args!("roleRef.apiGroup"))?;
        let role_kind = string_field(role_ref, "kind", format_args!("roleRef.kind"))?;
        let name = string_field(role_ref, "name", format_args!("roleRef.name"))?;
        if !group.is_empty() && group != RBAC_GROUP {
            let error = FieldError::not_supported("roleRef.apiGroup", group, &[RBAC_GROUP]);
            errors.push(error);
        }
        let supported: &[&str] = match kind {
            BindingKind::RoleBinding => &["Role", "ClusterRole"],
            BindingKind::ClusterRoleBinding => &["ClusterRole"],
        };
        if !supported.contains(&role_kind) {
            let error = FieldError::not_supported("roleRef.kind", role_kind, supported);
            errors.push(error);
        }
        if name.is_empty() {
            errors.push(FieldError::required("roleRef.name", ""));
        }
        let wrong = path_segment_errors(name).into_iter();
        errors.extend(wrong.map(|e| FieldError::invalid("roleRef.name", name, e)));
        let kind = match role_kind {
            "Role" => RoleKind::Role,
            "ClusterRole" => RoleKind::ClusterRole,
            _ => return Ok(None),
        };
        Ok(Some(RoleRef {
            kind,
            name: self.interner.intern(name),
            position: self.position(role_ref),
        }))
    }

    fn subject(
        &mut self,
        item: Value<'_>,
        index: usize,
        binding_namespace: Symbol,
        errors: &mut Vec<FieldError>,
    ) -> Result<Option<Subject>, DecodeError> {
        mapping(Some(item), format_args!("subjects[{index}]"))?;
        let (mut kind, mut group, mut name, mut namespace) = ("", "", "", "");
        let mut unknown = false;
        for entry in item.entries() {
            let field = match entry.name {
                "kind" => &mut kind,
                "apiGroup" => &mut group,
                "name" => &mut name,
                "namespace" => &mut namespace,
                _ => {
                    unknown = true;
                    continue;
                }
            };
            let path = format_args!("subjects[{index}].{}", entry.name);
            *field = string(entry.value, path)?.unwrap_or("");
        }
        if unknown {
            let known = ["kind", "apiGroup", "name", "namespace"];
            self.check_fields(item, &format!("subjects[{index}]"), &known);
        }
        let path = |name: &str| format!("subjects[{index}].{name}");
        if name.is_empty() {
            errors.push(FieldError::required(path("name"), ""));
        }
        let kind = match kind {
            "User" => SubjectKind::User,
            "Group" => SubjectKind::Group,
            "ServiceAccount" => SubjectKind::ServiceAccount,
            other => {
                let supported = ["ServiceAccount", "User", "Group"];
                errors.push(FieldError::not_supported(path("kind"), other, &supported));
                return Ok(None);
            }
        };
        if kind == SubjectKind::ServiceAccount && !name.is_empty() {
            let wrong = dns_subdomain_errors(name).into_iter();
            errors.extend(wrong.map(|e| FieldError::invalid(path("name"), name, e)));
        }
        let supported = match kind {
            SubjectKind::ServiceAccount => "",
            SubjectKind::User | SubjectKind::Group => RBAC_GROUP,
        };
        if !group.is_empty() && group != supported {
            errors.push(FieldError::not_supported(
                path("apiGroup"),
                group,
                &[supported],
            ));
        }
        let position = self.position(item);
        let name = self.interner.intern(name);
        let (namespace, matches) = match kind {
            SubjectKind::User | SubjectKind::Group => (Symbol::EMPTY, name),
            SubjectKind::ServiceAccount => {
                if namespace.is_empty() && binding_namespace == Symbol::EMPTY {
                    errors.push(FieldError::required(path("namespace"), ""));
                }
                let namespace = match namespace {
                    "" => binding_namespace,
                    named => self.interner.intern(named),
                };
                (namespace, self.service_account_user(namespace, name))
            }
        };
        Ok(Some(Subject {
            kind,
            namespace,
            name,
            matches,
            position,
        }))
    }

    /// The user name of a ServiceAccount.
    fn service_account_user(&mut self, namespace: Symbol, name: Symbol) -> Symbol {
        self.buffer.clear();
        let [namespace, name] = [namespace, name].map(|symbol| self.interner.resolve(symbol));
        write_service_account_user(namespace, name, &mut self.buffer);
        self.interner.intern(&self.buffer)
    }
}

/// Appends the user name of a ServiceAccount.
pub(in crate::load) fn write_service_account_user(namespace: &str, name: &str, out: &mut String) {
    for part in ["system:serviceaccount:", namespace, ":", name] {
        out.push_str(part);
    }
}
