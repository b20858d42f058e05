//! References of images, as github.com/google/go-containerregistry reads them.

use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::opaque::Opaque;
use crate::cel::value::Value;
use std::sync::Arc;

/// The parts of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    registry: String,
    repository: String,
    tag: String,
    digest: String,
}

const DEFAULT_REGISTRY: &str = "index.docker.io";

fn only(text: &str, allowed: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || allowed.contains(c))
}

fn repository(name: &str) -> Option<(String, String)> {
    let (registry, repository) = match name.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest),
        _ => ("", name),
    };
    if !(2..=255).contains(&repository.len())
        || !only(repository, "_-./")
        || repository.contains("//")
    {
        return None;
    }
    if repository.starts_with('/') || repository.ends_with('/') {
        return None;
    }
    let registry = match registry {
        "" | "docker.io" => DEFAULT_REGISTRY,
        other => other,
    };
    let authority = registry
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c));
    if !authority {
        return None;
    }
    let official = registry == DEFAULT_REGISTRY && !repository.contains('/');
    let repository = if official {
        format!("library/{repository}")
    } else {
        repository.to_owned()
    };
    Some((registry.to_owned(), repository))
}

fn parse(text: &str) -> Option<Image> {
    if let Some((base, digest)) = text.split_once('@') {
        let hex = digest.strip_prefix("sha256:")?;
        if digest.contains('@')
            || hex.len() != 64
            || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        {
            return None;
        }
        let name = match tag_of(base) {
            (name, Some(tag)) if valid_tag(tag) => name,
            _ => base,
        };
        let (registry, repository) = repository(name)?;
        return Some(Image {
            registry,
            repository,
            tag: String::new(),
            digest: digest.to_owned(),
        });
    }
    let (name, tag) = tag_of(text);
    let tag = tag.unwrap_or("latest");
    if !valid_tag(tag) {
        return None;
    }
    let (registry, repository) = repository(name)?;
    Some(Image {
        registry,
        repository,
        tag: tag.to_owned(),
        digest: String::new(),
    })
}

fn tag_of(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}

fn valid_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Runs a function over images.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    match (overload, args) {
        ("string_to_image", [Value::String(s)]) => Some(match parse(s) {
            Some(image) => Ok(Value::Opaque(Arc::new(Opaque::Image(image)))),
            None => Err(EvalError::new(format!("could not parse reference: {s}"))),
        }),
        ("is_image_string", [Value::String(s)]) => Some(Ok(Value::Bool(parse(s).is_some()))),
        (_, [Value::Opaque(opaque)]) => {
            let Opaque::Image(image) = &**opaque else {
                return None;
            };
            let identifier = if image.digest.is_empty() {
                &image.tag
            } else {
                &image.digest
            };
            Some(Ok(match overload {
                "image_contains_digest" => Value::Bool(!image.digest.is_empty()),
                "image_registry" => Value::from(image.registry.as_str()),
                "image_repository" => Value::from(image.repository.as_str()),
                "image_identifier" => Value::from(identifier.as_str()),
                "image_tag" => Value::from(image.tag.as_str()),
                "image_digest" => Value::from(image.digest.as_str()),
                _ => return None,
            }))
        }
        _ => None,
    }
}
