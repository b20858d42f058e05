//! Strict decoding in the server's order and words.

use super::schema::{CONFIGURATION, OTHER_KINDS, Struct, Type};
use super::{
    Anonymous, AuthenticationConfiguration, ClaimMappings, ClaimOrExpression, ClaimValidationRule,
    ExtraMapping, Issuer, JwtAuthenticator, PrefixedClaimOrExpression, UserValidationRule,
};
use crate::load::tree::{Entry, Kind, Tree, Value};
use crate::load::{ParseError, Sink, json, yaml};
use crate::model::Quoted;

const SCHEME: &str = "pkg/kubeapiserver/options/authentication.go:879";
const GROUP: &str = "apiserver.config.k8s.io";

/// Decodes the content of the file.
///
/// # Errors
/// The server's words, without the file's name.
pub fn decode(data: &[u8]) -> Result<AuthenticationConfiguration, String> {
    if data.is_empty() {
        return Err("empty config data".to_owned());
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return Err("yaml: invalid leading UTF-8 octet".to_owned());
    };
    let (tree, is_json) = parse(text)?;
    let root = tree.root().filter(|root| !root.is_null());
    let (api_version, kind) = type_meta(root)?;
    for (found, name) in [(kind, "Kind"), (api_version, "apiVersion")] {
        if found.is_empty() {
            return Err(format!("Object '{name}' is missing in '{text}'"));
        }
    }
    let Some(root) = root else {
        return Ok(AuthenticationConfiguration::default());
    };
    let version = api_version
        .split_once('/')
        .filter(|(group, _)| *group == GROUP)
        .map_or("", |(_, version)| version);
    let own = kind == CONFIGURATION.name && ["v1", "v1beta1", "v1alpha1"].contains(&version);
    let other = OTHER_KINDS
        .iter()
        .find(|(name, versions, _)| *name == kind && versions.contains(&version));
    let mut walk = Walk {
        version,
        ..Walk::default()
    };
    match (own, other) {
        (true, _) => walk.structure(root, &CONFIGURATION, "", ""),
        (false, Some((_, _, fields))) => {
            let meta = ["apiVersion", "kind"];
            let unknown = sorted(root)
                .into_iter()
                .filter(|entry| !meta.contains(&entry.name) && !fields.contains(&entry.name));
            walk.unknown
                .extend(unknown.map(|entry| entry.name.to_owned()));
        }
        (false, None) => {
            let (kind, api_version) = (Quoted(kind), Quoted(api_version));
            return Err(format!(
                "no kind {kind} is registered for version {api_version} in scheme \"{SCHEME}\""
            ));
        }
    }
    if let Some(error) = walk.wrong_type {
        return Err(error);
    }
    let mut strict = duplicates(&tree, is_json);
    strict.extend(
        walk.unknown
            .iter()
            .map(|path| format!("unknown field {}", Quoted(path))),
    );
    if !strict.is_empty() {
        return Err(format!("strict decoding error: {}", strict.join(", ")));
    }
    if !own {
        return Err(format!(
            "expected AuthenticationConfiguration, got *apiserver.{kind}"
        ));
    }
    Ok(configuration(root))
}

/// The first document alone is read.
#[derive(Default)]
struct First(Option<Tree>);

enum Stop {
    Done,
    Parse(ParseError),
}

impl From<ParseError> for Stop {
    fn from(error: ParseError) -> Self {
        Stop::Parse(error)
    }
}

impl Sink for First {
    type Error = Stop;

    fn item(&mut self, _item: &Tree) -> Result<(), Stop> {
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), Stop> {
        self.0 = Some(document.clone());
        Err(Stop::Done)
    }

    fn empty(&mut self, _line: u32) -> Result<(), Stop> {
        Err(Stop::Done)
    }
}

/// The document's tree, and whether it was read as JSON.
fn parse(text: &str) -> Result<(Tree, bool), String> {
    let mut first = First::default();
    if text.trim_start().starts_with('{') {
        match json::parse(text, &mut first) {
            Ok(_) | Err(Stop::Done) => return Ok((first.0.unwrap_or_default(), true)),
            // A flow mapping of YAML begins with a brace, too.
            Err(Stop::Parse(_)) => first.0 = None,
        }
    }
    match yaml::parse(text, &mut first) {
        Ok(_) | Err(Stop::Done) => Ok((first.0.unwrap_or_default(), false)),
        Err(Stop::Parse(error)) => Err(format!("yaml: line {}: {}", error.line, error.message)),
    }
}

fn type_meta<'t>(root: Option<Value<'t>>) -> Result<(&'t str, &'t str), String> {
    let Some(root) = root else {
        return Ok(("", ""));
    };
    let head = "couldn't get version/kind; json parse error: json: cannot unmarshal";
    let found = root.kind();
    if found != Kind::Mapping {
        return Err(format!(
            r#"{head} {} into Go value of type struct {{ APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }}"#,
            found.json_name()
        ));
    }
    let field = |name: &str| match root.get(name) {
        None => Ok(""),
        Some(value) => match value.kind() {
            Kind::Null => Ok(""),
            Kind::String => Ok(value.as_str().unwrap_or("")),
            kind => Err(format!(
                "{head} {} into Go struct field .{name} of type string",
                kind.json_name()
            )),
        },
    };
    Ok((field("apiVersion")?, field("kind")?))
}

/// The entries in the order in which the server meets them: it sorts the keys of YAML.
fn sorted(mapping: Value<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> = mapping.entries().collect();
    entries.sort_by_key(|entry| entry.name);
    entries
}

fn duplicates(tree: &Tree, is_json: bool) -> Vec<String> {
    let entries: Vec<_> = tree.duplicates().take(100).collect();
    if entries.is_empty() {
        return Vec::new();
    }
    if is_json {
        return entries
            .iter()
            .map(|entry| format!("duplicate field {}", Quoted(&tree.path(entry.key))))
            .collect();
    }
    let mut text = "yaml: unmarshal errors:".to_owned();
    for entry in &entries {
        // goyaml tells where the value stands.
        let (line, name) = (entry.value.line(), Quoted(entry.name));
        text.push_str(&format!("\n  line {line}: key {name} already set in map"));
    }
    vec![text]
}

/// What is wrong with the types and names of a document.
#[derive(Default)]
struct Walk<'a> {
    version: &'a str,
    /// The first value of a wrong type.
    wrong_type: Option<String>,
    /// Paths of fields that do not exist.
    unknown: Vec<String>,
}

impl Walk<'_> {
    /// `shown` is the path with indices, `fields` the one of names alone.
    fn structure(&mut self, value: Value<'_>, of: &Struct, shown: &str, fields: &str) {
        let join = |path: &str, name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        for Entry { name, value, .. } in sorted(value) {
            let shown = join(shown, name);
            let Some((_, kind)) = of.fields.iter().find(|(field, _)| *field == name) else {
                self.unknown.push(shown);
                continue;
            };
            self.value(value, *kind, of.name, &shown, &join(fields, name));
        }
    }

    fn value(&mut self, value: Value<'_>, kind: Type, owner: &str, shown: &str, fields: &str) {
        match (kind, value.kind()) {
            (_, Kind::Null) | (Type::Bool, Kind::Bool(_)) | (Type::String, Kind::String) => {}
            (Type::Struct(of), Kind::Mapping) => self.structure(value, of, shown, fields),
            (Type::List(of), Kind::Sequence) => {
                for (i, item) in value.items().enumerate() {
                    self.value(item, *of, owner, &format!("{shown}[{i}]"), fields);
                }
            }
            (_, found) => {
                self.wrong_type.get_or_insert_with(|| {
                    let (found, kind) = (found.json_name(), kind.go_name(self.version));
                    format!("json: cannot unmarshal {found} into Go struct field {owner}.{fields} of type {kind}")
                });
            }
        }
    }
}

/// From here on every value has the right type.
fn configuration(root: Value<'_>) -> AuthenticationConfiguration {
    AuthenticationConfiguration {
        jwt: items(root, "jwt", jwt),
        anonymous: present(root, "anonymous").map(|anonymous| Anonymous {
            enabled: anonymous
                .get("enabled")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            paths: items(anonymous, "conditions", |condition| text(condition, "path")),
        }),
    }
}

fn present<'t>(value: Value<'t>, name: &str) -> Option<Value<'t>> {
    value.get(name).filter(|value| !value.is_null())
}

fn optional(value: Value<'_>, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}

fn text(value: Value<'_>, name: &str) -> String {
    optional(value, name).unwrap_or_default()
}

fn items<T>(value: Value<'_>, name: &str, of: impl Fn(Value<'_>) -> T) -> Vec<T> {
    let list = present(value, name);
    list.into_iter().flat_map(Value::items).map(of).collect()
}

fn jwt(value: Value<'_>) -> JwtAuthenticator {
    JwtAuthenticator {
        issuer: present(value, "issuer").map(issuer).unwrap_or_default(),
        claim_validation_rules: items(value, "claimValidationRules", |rule| ClaimValidationRule {
            claim: text(rule, "claim"),
            required_value: text(rule, "requiredValue"),
            expression: text(rule, "expression"),
            message: text(rule, "message"),
        }),
        claim_mappings: present(value, "claimMappings")
            .map(mappings)
            .unwrap_or_default(),
        user_validation_rules: items(value, "userValidationRules", |rule| UserValidationRule {
            expression: text(rule, "expression"),
            message: text(rule, "message"),
        }),
    }
}

fn issuer(value: Value<'_>) -> Issuer {
    Issuer {
        url: text(value, "url"),
        discovery_url: text(value, "discoveryURL"),
        certificate_authority: text(value, "certificateAuthority"),
        audiences: items(value, "audiences", |audience| {
            audience.as_str().unwrap_or("").to_owned()
        }),
        audience_match_policy: text(value, "audienceMatchPolicy"),
        egress_selector_type: text(value, "egressSelectorType"),
    }
}

fn mappings(value: Value<'_>) -> ClaimMappings {
    let prefixed = |value: Value<'_>| PrefixedClaimOrExpression {
        claim: text(value, "claim"),
        prefix: optional(value, "prefix"),
        expression: text(value, "expression"),
    };
    let username = present(value, "username");
    let groups = present(value, "groups");
    ClaimMappings {
        username: username.map(prefixed).unwrap_or_default(),
        groups: groups.map(prefixed).unwrap_or_default(),
        uid: present(value, "uid")
            .map(|uid| ClaimOrExpression {
                claim: text(uid, "claim"),
                expression: text(uid, "expression"),
            })
            .unwrap_or_default(),
        extra: items(value, "extra", |extra| ExtraMapping {
            key: text(extra, "key"),
            value_expression: text(extra, "valueExpression"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";

    #[test]
    fn refuses_as_the_server_does() {
        let cases = [
            (
                "jwt:\n- issuer:\n    audience: api\n    url: https://x\nzz: 1\n",
                "strict decoding error: unknown field \"jwt[0].issuer.audience\", unknown field \"zz\"",
            ),
            (
                "jwt:\n  issuer: {}\n",
                "json: cannot unmarshal object into Go struct field AuthenticationConfiguration.jwt of type []v1.JWTAuthenticator",
            ),
            (
                "jwt: [{issuer: {audiences: api}}]\n",
                "json: cannot unmarshal string into Go struct field Issuer.jwt.issuer.audiences of type []string",
            ),
            (
                "jwt: [{claimMappings: {username: {prefix: 5}}}]\n",
                "json: cannot unmarshal number into Go struct field PrefixedClaimOrExpression.jwt.claimMappings.username.prefix of type string",
            ),
            (
                "anonymous: 5\n",
                "json: cannot unmarshal number into Go struct field AuthenticationConfiguration.anonymous of type v1.AnonymousAuthConfig",
            ),
        ];
        for (text, error) in cases {
            let text = format!("{HEAD}{text}");
            assert_eq!(decode(text.as_bytes()), Err(error.to_owned()));
        }
        let whole = [
            ("", "empty config data"),
            ("# nothing\n", "Object 'Kind' is missing in '# nothing\n'"),
            (
                "{\"kind\": \"AuthenticationConfiguration\", \"jwt\": [], \"jwt\": [], \"apiVersion\": \"apiserver.config.k8s.io/v1\"}",
                "strict decoding error: duplicate field \"jwt\"",
            ),
        ];
        for (text, error) in whole {
            assert_eq!(decode(text.as_bytes()), Err(error.to_owned()));
        }
    }

    #[test]
    fn reads_every_section_of_the_first_document() {
        let text = format!(
            "{HEAD}anonymous: {{enabled: true, conditions: [{{path: /livez}}]}}\njwt:\n- issuer: {{url: 'https://x', audiences: [a, b]}}\n  claimMappings:\n    username: {{claim: sub, prefix: ''}}\n    extra: [{{key: k/x, valueExpression: claims.x}}]\n  userValidationRules: [{{expression: 'true'}}]\n---\nnothing: [\n"
        );
        let config = decode(text.as_bytes()).expect("a configuration");
        let anonymous = config.anonymous.expect("anonymous");
        assert!(anonymous.allows("/livez") && !anonymous.allows("/livez/"));
        let jwt = &config.jwt[0];
        assert_eq!(jwt.issuer.audiences, ["a", "b"]);
        assert_eq!(jwt.claim_mappings.username.prefix.as_deref(), Some(""));
        assert_eq!(jwt.claim_mappings.groups.prefix, None);
        assert_eq!(jwt.claim_mappings.extra[0].value_expression, "claims.x");
        assert_eq!(jwt.user_validation_rules[0].expression, "true");
    }
}
