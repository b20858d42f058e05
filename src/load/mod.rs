//! Disk → documents with positions → a [`Cluster`].
//!
//! [`discover`] finds files, [`yaml`] and [`json`] turn their texts into trees, [`objects`] turns trees
//! into typed objects. Nothing is skipped silently: what is not in the cluster is in
//! [`Cluster::refusals`], or stops the load.

pub mod decode;
mod defaults;
mod direct;
pub mod discover;
mod documents;
mod error;
pub mod go_json;
pub mod json;
pub mod kubeconfig;
pub mod objects;
pub mod scalar;
pub mod tree;
pub mod typed;
pub mod user_info;
pub mod whole;
pub mod yaml;

pub use error::LoadError;
pub use tree::{ParseError, Sink};

use crate::model::{Cluster, ClusterBuilder, Symbol};
use decode::DecodeError;
use discover::Source;
use documents::{Documents, Stop};
use objects::{Object, TypeMeta};
use std::path::Path;

/// How much text there is for each distinct string in it, about, in an indented dump of JSON: a guess at
/// how much room the strings will need. A wrong one costs little.
const BYTES_A_STRING: usize = 640;

/// How manifests become a cluster.
#[derive(Clone, Debug)]
pub struct Options {
    /// The namespace of namespaced objects that name none.
    pub manifest_namespace: String,
    /// Whether the built-in objects of a fresh cluster are there.
    pub defaults: bool,
    /// Whether aggregated ClusterRoles are settled.
    pub aggregation: bool,
    /// Whether documents that are no Kubernetes objects are noted and left out instead of stopping the
    /// load: for a folder that nobody named.
    pub skip_foreign: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            manifest_namespace: "default".to_owned(),
            defaults: true,
            aggregation: true,
            skip_foreign: false,
        }
    }
}

/// Loads what the user names: files, folders, patterns, `-`.
///
/// # Errors
/// [`LoadError`] at the first input that cannot be read.
pub fn load(named: &[String], options: &Options) -> Result<Cluster, LoadError> {
    let mut loader = Loader::new(options.clone());
    for source in discover::discover(named)? {
        let text = source.read()?;
        loader.add_text(&source.name(), &text, Format::of(&source))?;
    }
    Ok(loader.finish())
}

/// The type that kustomize gives to a file of its own that names none.
fn implied_type(name: &str) -> Option<TypeMeta<'static>> {
    let file = Path::new(name).file_name()?.to_str()?;
    ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        .contains(&file)
        .then_some(TypeMeta {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
        })
}

/// What to do about a line that is no YAML because it is a template of some.
fn template_hint(text: &str, line: u32) -> &'static str {
    let line = usize::try_from(line).unwrap_or(usize::MAX);
    // A reader that waits for the end of something complains on the line after it.
    let mut lines = text.lines().take(line).skip(line.saturating_sub(2));
    if lines.any(|line| line.contains("{{")) {
        "; a template is no manifest: load what helm template makes of it"
    } else {
        ""
    }
}

/// How a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As JSON if it begins with a brace and can be read as JSON, else as YAML.
    Guess,
    /// As JSON.
    Json,
}

impl Format {
    /// The form that the name of a source promises.
    pub fn of(source: &Source) -> Format {
        match source {
            Source::File(path)
                if path
                    .extension()
                    .is_some_and(|e| e == "json" || e == "jsonl") =>
            {
                Format::Json
            }
            _ => Format::Guess,
        }
    }
}

/// Gathers texts into a cluster.
#[derive(Debug)]
pub struct Loader {
    options: Options,
    builder: ClusterBuilder,
    shortcuts: bool,
}

impl Loader {
    /// A loader with nothing but (by the options) the built-in objects.
    pub fn new(options: Options) -> Self {
        let mut builder = ClusterBuilder::new();
        if options.defaults {
            defaults::add(&mut builder);
        }
        Loader {
            options,
            builder,
            shortcuts: true,
        }
    }

    /// From here on, reads every text in the one way that knows all cases. Nothing but the time that it
    /// takes may depend on that: it is for the tests that prove it.
    pub fn take_no_shortcuts(&mut self) {
        self.shortcuts = false;
    }

    /// From here on, the namespace of namespaced objects that name none.
    pub fn set_manifest_namespace(&mut self, namespace: &str) {
        namespace.clone_into(&mut self.options.manifest_namespace);
    }

    /// Adds the objects of one text.
    ///
    /// # Errors
    /// [`LoadError::Malformed`] with the place.
    pub fn add_text(&mut self, name: &str, text: &str, format: Format) -> Result<(), LoadError> {
        let file = self.builder.add_file(name);
        let looks_like_json = text.trim_start().starts_with(['{', '[']);
        self.builder.interner.reserve(text.len() / BYTES_A_STRING);
        let mut documents = Documents::new(
            &mut self.builder.interner,
            file,
            &self.options.manifest_namespace,
            self.options.skip_foreign,
        );
        documents.implied = implied_type(name);
        documents.shortcuts = self.shortcuts;
        let error = match format {
            Format::Json => json::parse(text, &mut documents).err(),
            Format::Guess if looks_like_json => match json::parse(text, &mut documents) {
                Ok(_) => None,
                Err(Stop::Decode(error)) => Some(Stop::Decode(error)),
                Err(Stop::Parse(json_error)) => {
                    // A flow mapping of YAML begins with a brace, too.
                    documents.reset();
                    match yaml::parse(text, &mut documents) {
                        Err(Stop::Parse(_)) => Some(Stop::Parse(json_error)),
                        other => other.err(),
                    }
                }
            },
            Format::Guess => yaml::parse(text, &mut documents).err(),
        };
        let malformed = |line, column, message| LoadError::Malformed {
            file: name.to_owned(),
            line,
            column,
            message,
        };
        match error {
            Some(Stop::Parse(e)) => {
                let message = e.message + template_hint(text, e.line);
                return Err(malformed(e.line, e.column, message));
            }
            Some(Stop::Decode(e)) => return Err(malformed(e.line, e.column, e.message)),
            None => {}
        }
        let Documents {
            objects,
            notes,
            foreign,
            ..
        } = documents;
        if foreign > 0 {
            self.builder.leave_out(file, foreign);
        }
        self.builder.reserve(objects.len());
        for (kind, object) in objects {
            self.add_object(kind, object);
        }
        for (position, message) in notes {
            self.builder.refuse(position, message);
        }
        Ok(())
    }

    /// Settles aggregation and freezes the cluster.
    pub fn finish(self) -> Cluster {
        self.builder.build(self.options.aggregation)
    }

    fn add_object(&mut self, kind: Symbol, object: Object) {
        if let Object::Noted(notes) = object {
            for note in notes {
                self.builder.notes.add(note);
            }
            return;
        }
        self.builder.count_kind(kind);
        match object {
            Object::Role(role) => self.builder.add_role(role),
            Object::Binding(binding) => self.builder.add_binding(binding),
            Object::Core(object) => self.builder.core_objects.add(*object),
            Object::ServiceAccount(namespace, name, position) => {
                self.builder.add_service_account(namespace, name, position);
            }
            Object::Namespace(name, position) => self.builder.add_namespace(name, position),
            Object::CustomResource(resource) => self.builder.add_custom_resource(*resource),
            Object::Stored(object) => self.builder.other_objects.add(*object),
            Object::Linked(stored, object) => {
                self.builder.other_objects.add(*stored);
                self.builder.node_objects.add(object);
            }
            Object::Other | Object::Noted(_) => {}
            Object::Refused(position, message) => self.builder.refuse(position, message),
        }
    }
}
