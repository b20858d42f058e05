//! One line of the policy file, from its tree to a policy.

use super::{AUTHENTICATED, Policy};
use crate::load::tree::{Entry, Kind, Value};
use crate::load::typed::Document;
use crate::model::Quoted;

const GROUP: &str = "abac.authorization.kubernetes.io";
const SCHEME: &str = "pkg/apis/abac/register.go:33";

/// The forms of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    V0,
    V1beta1,
    /// The server's own: nothing of it is converted.
    Internal,
}

/// Decodes a line, which `text` is.
pub(super) fn policy(document: &Document, text: &str) -> Result<Policy, String> {
    let root = document.root();
    let meta = TypeMeta::of(root)?;
    let (form, versioned) = meta.form(text)?;
    let mut fields = Fields {
        form,
        document,
        policy: Policy::default(),
        wrong_type: None,
    };
    match form {
        Form::V0 => fields.read(root, "Policy", ""),
        _ => fields.object(root, "Policy", ""),
    }
    if let Some(error) = fields.wrong_type {
        return Err(error);
    }
    // Read as unversioned after all, it would have to become what it is not.
    if form == Form::V1beta1 && !versioned {
        return Err("converting (v1beta1.Policy) to (v0.Policy): unknown conversion".to_owned());
    }
    if form == Form::Internal && !versioned {
        return Err("converting (abac.Policy) to (v0.Policy): unknown conversion".to_owned());
    }
    Ok(converted(fields.policy, form))
}

/// What the fields of a form mean to the authorizer.
fn converted(mut policy: Policy, form: Form) -> Policy {
    if form == Form::Internal {
        return policy;
    }
    let (no_namespace, no_resource) = (policy.namespace.is_empty(), policy.resource.is_empty());
    let anybody = policy.user == "*" || policy.group == "*";
    let nobody = policy.user.is_empty() && policy.group.is_empty();
    if anybody {
        policy.user.clear();
    }
    if anybody || (nobody && form == Form::V0) {
        AUTHENTICATED.clone_into(&mut policy.group);
    }
    if form == Form::V0 {
        let star = |empty: bool, field: &mut String| {
            if empty {
                "*".clone_into(field);
            }
        };
        star(no_namespace, &mut policy.namespace);
        star(no_resource, &mut policy.resource);
        star(true, &mut policy.api_group);
        star(no_namespace && no_resource, &mut policy.non_resource_path);
    }
    policy
}

struct TypeMeta<'t> {
    group: &'t str,
    version: &'t str,
    kind: &'t str,
}

impl<'t> TypeMeta<'t> {
    /// Reads apiVersion and kind as `encoding/json` does: in any case of the letters, the last one counts.
    fn of(root: Option<Value<'t>>) -> Result<Self, String> {
        let head = "couldn't get version/kind; json parse error: json: cannot unmarshal";
        if let Some(root) = root
            && root.kind() != Kind::Mapping
        {
            return Err(format!(
                r#"{head} {} into Go value of type struct {{ APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }}"#,
                root.kind().json_name()
            ));
        }
        let (mut api_version, mut kind) = ("", "");
        for Entry { name, value, .. } in root.into_iter().flat_map(Value::entries) {
            let (name, field) = match name {
                name if same(name, "apiversion") => ("apiVersion", &mut api_version),
                name if same(name, "kind") => ("kind", &mut kind),
                _ => continue,
            };
            match value.as_str() {
                Some(text) => *field = text,
                None if value.is_null() => {}
                None => {
                    let found = value.kind().json_name();
                    return Err(format!(
                        "{head} {found} into Go struct field .{name} of type string"
                    ));
                }
            }
        }
        let (group, version) = match api_version {
            "" | "/" => ("", ""),
            text => text.split_once('/').unwrap_or(("", text)),
        };
        if version.contains('/') {
            return Err(format!("unexpected GroupVersion string: {api_version}"));
        }
        Ok(TypeMeta {
            group,
            version,
            kind,
        })
    }

    /// The form that is read, and whether the line itself says so; an error where no form is of that name.
    fn form(&self, line: &str) -> Result<(Form, bool), String> {
        let known = |group: &str, version: &str, kind: &str| match (group, version, kind) {
            (GROUP, "v0", "Policy") => Some(Form::V0),
            (GROUP, "v1beta1", "Policy") => Some(Form::V1beta1),
            (GROUP, "__internal", "Policy") => Some(Form::Internal),
            _ => None,
        };
        if let Some(form) = known(self.group, self.version, self.kind) {
            return Ok((form, true));
        }
        // Read as unversioned: what is missing is filled in.
        let kind = or(self.kind, "Policy");
        let group = match (self.group, self.version) {
            ("", "") => GROUP,
            (group, _) => group,
        };
        let version = match self.version {
            "" if group == GROUP => "v0",
            version => version,
        };
        if version.is_empty() {
            return Err(format!("Object 'apiVersion' is missing in '{line}'"));
        }
        if let Some(form) = known(group, version, kind) {
            return Ok((form, false));
        }
        let kind = Quoted(kind);
        if version == "__internal" {
            let group = Quoted(group);
            return Err(format!(
                "no kind {kind} is registered for the internal version of group {group} in scheme \"{SCHEME}\""
            ));
        }
        let version = match group {
            "" => version.to_owned(),
            group => format!("{group}/{version}"),
        };
        let version = Quoted(&version);
        Err(format!(
            "no kind {kind} is registered for version {version} in scheme \"{SCHEME}\""
        ))
    }
}

fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}

/// Whether a key is that of a field as Go folds letters, which takes the Kelvin sign for a k and the long s
/// for an s.
fn same(key: &str, lower: &str) -> bool {
    let folded = |c: char| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        c => c.to_ascii_lowercase(),
    };
    key.len() <= 3 * lower.len() && key.chars().map(folded).eq(lower.chars())
}

/// The fields of a policy, and the first value of a wrong type.
struct Fields<'d> {
    form: Form,
    document: &'d Document,
    policy: Policy,
    wrong_type: Option<String>,
}

impl Fields<'_> {
    /// The entries in the order in which the server meets them.
    fn entries<'t>(&self, value: Option<Value<'t>>) -> Vec<Entry<'t>> {
        value.map_or_else(Vec::new, |value| self.document.entries(value))
    }

    /// A policy whose fields are in `spec`.
    fn object(&mut self, value: Option<Value<'_>>, owner: &str, path: &str) {
        let (name, package) = match self.form {
            Form::Internal => ("Spec", "abac"),
            _ => ("spec", "v1beta1"),
        };
        for entry in self.entries(value) {
            if entry.name != name {
                continue;
            }
            match entry.value.kind() {
                Kind::Null => {}
                Kind::Mapping => self.read(Some(entry.value), "PolicySpec", &format!("{name}.")),
                found => {
                    self.wrong(found, owner, path, name, &format!("{package}.PolicySpec"));
                }
            }
        }
    }

    /// The fields themselves; a later value of a field replaces an earlier one.
    fn read(&mut self, value: Option<Value<'_>>, owner: &str, path: &str) {
        for entry in self.entries(value) {
            let (name, value) = (entry.name, entry.value);
            if name == self.named("readonly", "Readonly") {
                match value.kind() {
                    Kind::Null => {}
                    Kind::Bool(readonly) => self.policy.readonly = readonly,
                    found => self.wrong(found, owner, path, name, "bool"),
                }
                continue;
            }
            match (self.field(name).is_some(), value.as_str()) {
                (true, Some(text)) => {
                    if let Some(field) = self.field(name) {
                        text.clone_into(field);
                    }
                }
                (true, None) if !value.is_null() => {
                    self.wrong(value.kind(), owner, path, name, "string");
                }
                _ => {}
            }
        }
    }

    fn named(&self, name: &'static str, internal: &'static str) -> &'static str {
        match self.form {
            Form::Internal => internal,
            _ => name,
        }
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        let has_paths = self.form != Form::V0;
        let internal = self.form == Form::Internal;
        let policy = &mut self.policy;
        match (name, internal) {
            ("user", false) | ("User", true) => Some(&mut policy.user),
            ("group", false) | ("Group", true) => Some(&mut policy.group),
            ("resource", false) | ("Resource", true) => Some(&mut policy.resource),
            ("namespace", false) | ("Namespace", true) => Some(&mut policy.namespace),
            ("apiGroup", false) | ("APIGroup", true) if has_paths => Some(&mut policy.api_group),
            ("nonResourcePath", false) | ("NonResourcePath", true) if has_paths => {
                Some(&mut policy.non_resource_path)
            }
            _ => None,
        }
    }

    fn wrong(&mut self, found: Kind, owner: &str, path: &str, name: &str, kind: &str) {
        self.wrong_type.get_or_insert_with(|| {
            let found = found.json_name();
            format!("json: cannot unmarshal {found} into Go struct field {owner}.{path}{name} of type {kind}")
        });
    }
}
