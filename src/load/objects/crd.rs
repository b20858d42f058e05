//! CustomResourceDefinitions (`apiextensions.k8s.io/v1`): which resources they add to the API.

use crate::load::decode::{DecodeError, boolean, list, mapping, string, string_field};
use crate::load::tree::{Kind, Value};
use crate::model::api_resources::{CustomResource, CustomResourceVersion};

/// The resource that a CustomResourceDefinition defines.
pub(super) fn custom_resource(root: Value<'_>) -> Result<CustomResource, DecodeError> {
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
            .map(|item| {
                Ok(string(item, format_args!("{path}[]"))?
                    .unwrap_or("")
                    .to_owned())
            })
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
