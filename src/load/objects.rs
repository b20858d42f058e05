//! From a document's tree to the typed objects of the model.
//!
//! What cannot be decoded stops the load. What the server would decode but refuse (422, or a version it
//! does not serve) is left out of the cluster, as it would not be there, and noted.

mod core;
mod crd;
mod meta;
mod node;
mod notes;
mod rbac;

pub(super) use notes::notes;
pub(super) use rbac::write_service_account_user;

use super::decode::{DecodeError, string_field};
use super::tree::{Entry, Kind, Value};
use crate::model::api_resources::CustomResource;
use crate::model::core_objects::{CoreObject, ObjectIdentity};
use crate::model::node_objects::NodeObject;
use crate::model::notes::Note;
use crate::model::stored::StoredName;
use crate::model::{
    Binding, BindingKind, FieldError, FileId, Interner, Position, Role, RoleKind, Symbol,
};

pub(super) const RBAC_GROUP: &str = "rbac.authorization.k8s.io";

/// A decoded object.
#[derive(Debug)]
pub enum Object {
    /// A Role or ClusterRole.
    Role(Role),
    /// A RoleBinding or ClusterRoleBinding.
    Binding(Binding),
    /// A ServiceAccount.
    ServiceAccount(Symbol, Symbol, ObjectIdentity),
    /// A Secret, Pod or Node.
    Core(Box<CoreObject>),
    /// A Namespace.
    Namespace(Symbol, Position),
    /// What a CustomResourceDefinition defines.
    CustomResource(Box<CustomResource>),
    /// A kind of which the chain needs no more than the name.
    Stored(Box<StoredName>),
    /// Such a kind that is tied to nodes.
    Linked(Box<StoredName>, NodeObject),
    /// What has no name.
    Other,
    /// What lint looks at beside the policy, of the object before.
    Noted(Vec<Note>),
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

/// Whether the type is of the RBAC group, in any version.
pub(super) fn is_rbac(meta: TypeMeta<'_>) -> bool {
    meta.group_version().0 == RBAC_GROUP
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
            format!("{missing} not set: expected a Kubernetes object"),
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
        // These kinds exist in no other group of the server, and nobody means another.
        (
            ("" | "rbac", _),
            kind @ ("Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding"),
        ) => Ok(Object::Refused(
            cx.position(root),
            format!(
                "{kind} is not in the cluster: the server knows no {kind} of {:?}; expected apiVersion {RBAC_GROUP}/v1",
                meta.api_version
            ),
        )),
        (("", "v1"), "ServiceAccount") => {
            let mut errors = Vec::new();
            let object = cx.object_meta(root, meta.kind, &mut errors)?;
            if !errors.is_empty() {
                return Ok(refused(meta.kind, &object.name, cx.position(root), &errors));
            }
            let namespace = cx.namespace_of(&object);
            let name = cx.interner.intern(&object.name);
            Ok(Object::ServiceAccount(namespace, name, cx.account(root)?))
        }
        (("", "v1"), "Namespace") => {
            let object = cx.object_meta(root, meta.kind, &mut Vec::new())?;
            let name = cx.interner.intern(&object.name);
            Ok(Object::Namespace(name, cx.position(root)))
        }
        (("", "v1"), "Secret" | "Pod" | "Node") => cx.core_object(root, meta.kind),
        (("apiextensions.k8s.io", "v1"), "CustomResourceDefinition") => {
            cx.object_meta(root, meta.kind, &mut Vec::new())?;
            Ok(Object::CustomResource(Box::new(crd::custom_resource(
                root,
            )?)))
        }
        ((group, _), kind) => {
            let object = cx.node_object(root, group, kind)?;
            Ok(match (cx.stored_name(root, group, kind), object) {
                (Object::Stored(stored), Some(object)) => Object::Linked(stored, object),
                (stored, _) => stored,
            })
        }
    }
}

/// An object that the server refuses as invalid (422), with its words.
fn refused(kind: &str, name: &str, position: Position, errors: &[FieldError]) -> Object {
    let mut causes: Vec<String> = Vec::new();
    for error in errors {
        let text = error.to_string();
        if !causes.contains(&text) {
            causes.push(text);
        }
    }
    let causes = match &causes[..] {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    let message = format!(
        "{kind} {name:?} is not in the cluster: the server refuses it as invalid: {causes}"
    );
    Object::Refused(position, message)
}

impl Context<'_> {
    /// Keeps the name of an object. A manifest that the server would refuse is no concern here.
    fn stored_name(&self, root: Value<'_>, group: &str, kind: &str) -> Object {
        let field = |name: &str| {
            let metadata = root.get("metadata").filter(|m| m.kind() == Kind::Mapping);
            let value = metadata.and_then(|metadata| metadata.get(name));
            value.and_then(|value| value.as_str()).unwrap_or_default()
        };
        let (name, namespace) = (field("name"), field("namespace"));
        if name.is_empty() {
            return Object::Other;
        }
        Object::Stored(Box::new(StoredName {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: match namespace {
                "" => self.namespace.to_owned(),
                named => named.to_owned(),
            },
            name: name.to_owned(),
        }))
    }

    fn position(&self, value: Value<'_>) -> Position {
        Position {
            file: self.file,
            line: value.line(),
            column: value.column(),
        }
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
}
