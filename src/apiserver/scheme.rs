//! Configuration files of `apiserver.config.k8s.io`: strictly decoded, in the server's order and words.

use crate::load::typed::{Document, Struct};
use crate::model::Quoted;

const GROUP: &str = "apiserver.config.k8s.io";

/// The versions of the configurations of authentication and authorization.
const VERSIONS: &[&str] = &["v1", "v1beta1", "v1alpha1"];

/// The kinds that the server's scheme knows, and their fields.
const KINDS: [(&str, &[&str], &[&str]); 5] = [
    (
        "AuthenticationConfiguration",
        VERSIONS,
        &["jwt", "anonymous"],
    ),
    ("AuthorizationConfiguration", VERSIONS, &["authorizers"]),
    ("AdmissionConfiguration", &["v1", "v1alpha1"], &["plugins"]),
    (
        "EgressSelectorConfiguration",
        &["v1beta1", "v1alpha1"],
        &["egressSelections"],
    ),
    (
        "TracingConfiguration",
        VERSIONS,
        &["endpoint", "samplingRatePerMillion"],
    ),
];

/// Decodes the content of a file as the kind that `of` describes. `scheme` is where the server made the
/// scheme that it decodes with: it says so.
///
/// # Errors
/// The server's words, without the file's name.
pub(super) fn decode(data: &[u8], of: &Struct, scheme: &str) -> Result<Document, String> {
    let Ok(text) = std::str::from_utf8(data) else {
        return Err("yaml: invalid leading UTF-8 octet".to_owned());
    };
    let document = Document::parse(text)?;
    let (api_version, kind) = document.type_meta()?;
    for (found, name) in [(kind, "Kind"), (api_version, "apiVersion")] {
        if found.is_empty() {
            return Err(format!("Object '{name}' is missing in '{text}'"));
        }
    }
    let version = api_version
        .split_once('/')
        .filter(|(group, _)| *group == GROUP)
        .map_or("", |(_, version)| version);
    let known = KINDS
        .iter()
        .find(|(name, versions, _)| *name == kind && versions.contains(&version));
    let Some((_, _, fields)) = known else {
        let (kind, api_version) = (Quoted(kind), Quoted(api_version));
        return Err(format!(
            "no kind {kind} is registered for version {api_version} in scheme {}",
            Quoted(scheme)
        ));
    };
    if kind == of.name {
        let findings = document.check(of, version);
        if let Some(error) = findings.error {
            return Err(error);
        }
        return match document.strict(&findings.unknown) {
            Some(error) => Err(error),
            None => Ok(document),
        };
    }
    let mut unknown: Vec<String> = document
        .root()
        .iter()
        .flat_map(|root| root.entries())
        .map(|entry| entry.name)
        .filter(|name| !["apiVersion", "kind"].contains(name) && !fields.contains(name))
        .map(str::to_owned)
        .collect();
    unknown.sort();
    Err(document
        .strict(&unknown)
        .unwrap_or_else(|| format!("expected {}, got *apiserver.{kind}", of.name)))
}
