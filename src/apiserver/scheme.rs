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

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In the server's words, all at once.
    pub message: String,
    /// The same, each complaint by itself and with its place, as far as it has one.
    pub places: Vec<Place>,
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Refusal {
            message,
            places: Vec::new(),
        }
    }
}

/// A complaint and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The complaint in the server's words.
    pub message: String,
}

/// Decodes the content of a file as the kind that `of` describes. `scheme` is where the server made the
/// scheme that it decodes with: it says so.
///
/// # Errors
/// The server's words, without the file's name.
pub(super) fn decode(data: &[u8], of: &Struct, scheme: &str) -> Result<Document, Refusal> {
    let Ok(text) = std::str::from_utf8(data) else {
        return Err("yaml: invalid leading UTF-8 octet".to_owned().into());
    };
    let document = Document::parse(text)?;
    let (api_version, kind) = document.type_meta()?;
    for (found, name) in [(kind, "Kind"), (api_version, "apiVersion")] {
        if found.is_empty() {
            return Err(format!("Object '{name}' is missing in '{text}'").into());
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
        )
        .into());
    };
    if kind == of.name {
        let findings = document.check(of, version);
        if let Some(message) = findings.error {
            let (line, column) = findings.error_at;
            let places = vec![Place {
                line,
                column,
                message: message.clone(),
            }];
            return Err(Refusal { message, places });
        }
        return match document.strict(&findings.unknown) {
            Some(message) => {
                let unknown = findings.unknown.iter().zip(&findings.unknown_at);
                let unknown = unknown.map(|(path, &(line, column))| Place {
                    line,
                    column,
                    message: format!("unknown field {}", Quoted(path)),
                });
                let repeated = document.tree().duplicates().map(|entry| Place {
                    line: entry.key.line(),
                    column: entry.key.column(),
                    message: format!("key {} already set in map", Quoted(entry.name)),
                });
                let places = repeated.take(100).chain(unknown).collect();
                Err(Refusal { message, places })
            }
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
        .unwrap_or_else(|| format!("expected {}, got *apiserver.{kind}", of.name))
        .into())
}
