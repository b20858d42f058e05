//! Secrets, Pods and Nodes (`v1`): what credentials are bound to. What neither a credential
//! nor the Node authorizer needs is not read.

use super::{Context, Object};
use crate::load::decode::{DecodeError, list, mapping, string, string_field, timestamp};
use crate::load::tree::Value;
use crate::model::core_objects::{
    CoreObject, ObjectIdentity, SecretBytes, StoredPod, StoredSecret,
};
use crate::model::node_objects::PodReferences;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use std::collections::BTreeMap;

/// Bits after the last byte do not matter to the server.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

impl Context<'_> {
    /// A Secret, Pod or Node; `Other` of a manifest whose name the server would make up.
    pub(super) fn core_object(
        &mut self,
        root: Value<'_>,
        kind: &str,
    ) -> Result<Object, DecodeError> {
        let Some(metadata) = mapping(root.get("metadata"), format_args!("metadata"))? else {
            return Ok(Object::Other);
        };
        let name = string_field(metadata, "name", format_args!("metadata.name"))?.to_owned();
        if name.is_empty() {
            return Ok(Object::Other);
        }
        let namespace = string_field(metadata, "namespace", format_args!("metadata.namespace"))?;
        let namespace = match namespace {
            "" => self.namespace.to_owned(),
            named => named.to_owned(),
        };
        let identity = self.identity(root)?;
        Ok(Object::Core(Box::new(match kind {
            "Node" => {
                let status = mapping(root.get("status"), format_args!("status"))?;
                let addresses = status.and_then(|status| status.get("addresses"));
                let addresses = list(addresses, format_args!("status.addresses"))?;
                let addressed = addresses.is_some_and(|list| list.items().next().is_some());
                CoreObject::Node(
                    name,
                    ObjectIdentity {
                        addressed,
                        ..identity
                    },
                )
            }
            "Pod" => {
                let references = self.pod_references(root, &namespace, &name)?;
                CoreObject::Pod(namespace, name, pod(root, identity, references)?)
            }
            _ => {
                let mut secret = StoredSecret {
                    identity,
                    type_: string_field(root, "type", format_args!("type"))?.to_owned(),
                    labels: strings(metadata.get("labels"), "metadata.labels", |_| true)?
                        .map(|(key, text, _)| (key.to_owned(), text.to_owned()))
                        .collect(),
                    account: metadata
                        .get("annotations")
                        .and_then(|a| a.get("kubernetes.io/service-account.name"))
                        .and_then(|name| name.as_str())
                        .map(str::to_owned),
                    data: BTreeMap::new(),
                };
                if secret.type_.is_empty() {
                    secret.type_ = "Opaque".to_owned();
                }
                let is_bootstrap = name.starts_with("bootstrap-token-")
                    || secret.type_ == "bootstrap.kubernetes.io/token";
                let holds_tokens = |key: &str| key == "token" || is_bootstrap;
                for (key, text, value) in strings(root.get("data"), "data", holds_tokens)? {
                    // Go's decoder skips line breaks.
                    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
                    let Ok(bytes) = BASE64.decode(text) else {
                        return Ok(Object::Refused(
                            self.position(value),
                            format!(
                                "Secret {name:?} is not in the cluster: data.{key} is not base64, which the server cannot decode (stringData takes plain text)"
                            ),
                        ));
                    };
                    secret.data.insert(key.to_owned(), SecretBytes::new(bytes));
                }
                let plain = strings(root.get("stringData"), "stringData", holds_tokens)?;
                for (key, text, _) in plain {
                    let bytes = SecretBytes::new(text.as_bytes().to_vec());
                    secret.data.insert(key.to_owned(), bytes);
                }
                CoreObject::Secret(namespace, name, secret)
            }
        })))
    }

    /// What is kept of a ServiceAccount.
    pub(super) fn account(&mut self, root: Value<'_>) -> Result<ObjectIdentity, DecodeError> {
        let mut identity = self.identity(root)?;
        let listed = list(root.get("secrets"), format_args!("secrets"))?;
        let entries = listed.into_iter().flat_map(|list| list.items());
        for (i, entry) in entries.enumerate() {
            let Some(entry) = mapping(Some(entry), format_args!("secrets[{i}]"))? else {
                continue;
            };
            let name = string_field(entry, "name", format_args!("secrets[{i}].name"))?;
            identity.secrets.push(name.to_owned());
        }
        Ok(identity)
    }

    /// What tells an object from another of its name.
    pub(super) fn identity(&self, root: Value<'_>) -> Result<ObjectIdentity, DecodeError> {
        let mut identity = ObjectIdentity {
            position: self.position(root),
            ..ObjectIdentity::default()
        };
        if let Some(metadata) = mapping(root.get("metadata"), format_args!("metadata"))? {
            identity.uid = string_field(metadata, "uid", format_args!("metadata.uid"))?.to_owned();
            if let Some(value) = metadata.get("deletionTimestamp") {
                identity.deletion_timestamp =
                    timestamp(value, format_args!("metadata.deletionTimestamp"))?;
            }
        }
        Ok(identity)
    }
}

fn pod(
    root: Value<'_>,
    identity: ObjectIdentity,
    references: PodReferences,
) -> Result<StoredPod, DecodeError> {
    let spec = mapping(root.get("spec"), format_args!("spec"))?;
    let field = |name: &str| match spec {
        Some(spec) => string_field(spec, name, format_args!("spec.{name}")),
        None => Ok(""),
    };
    // serviceAccount is the old name of the field; the server fills each from the other.
    let account = match (field("serviceAccountName")?, field("serviceAccount")?) {
        ("", "") => "default",
        ("", old) => old,
        (new, _) => new,
    };
    Ok(StoredPod {
        identity,
        service_account_name: account.to_owned(),
        node_name: field("nodeName")?.to_owned(),
        references,
    })
}

/// The wanted entries of a mapping of strings: key, text, and the value for its place.
fn strings<'t>(
    value: Option<Value<'t>>,
    path: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<impl Iterator<Item = (&'t str, &'t str, Value<'t>)>, DecodeError> {
    let mut found = Vec::new();
    if let Some(map) = mapping(value, format_args!("{path}"))? {
        for entry in map.entries().filter(|entry| wanted(entry.name)) {
            let text = string(entry.value, format_args!("{path}.{}", entry.name))?;
            found.push((entry.name, text.unwrap_or(""), entry.value));
        }
    }
    Ok(found.into_iter())
}
