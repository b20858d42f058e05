//! The reviews that webhooks answer with, as the server's client decodes them: an object of the very version
//! that was sent, in JSON or YAML, unknown fields and all.

use crate::defaults::api_resources::GROUPS;
use crate::load::tree::{Kind, Value};
use crate::load::typed::{Document, Struct, Type};
use crate::model::Quoted;
use std::collections::BTreeMap;

use Type::{Any, Bool, List, Map, String as Text};

const SCHEME: &str = "k8s.io/client-go/kubernetes/scheme/register.go:82";

static TOKEN_REVIEW: Struct = Struct {
    name: "TokenReview",
    fields: &[
        ("apiVersion", Text),
        ("kind", Text),
        ("metadata", Type::Struct(&METADATA)),
        ("spec", Type::Struct(&TOKEN_SPEC)),
        ("status", Type::Struct(&TOKEN_STATUS)),
    ],
};

static TOKEN_SPEC: Struct = Struct {
    name: "TokenReviewSpec",
    fields: &[("token", Text), ("audiences", List(&Text))],
};

static TOKEN_STATUS: Struct = Struct {
    name: "TokenReviewStatus",
    fields: &[
        ("authenticated", Bool),
        ("user", Type::Struct(&USER)),
        ("audiences", List(&Text)),
        ("error", Text),
    ],
};

static USER: Struct = Struct {
    name: "UserInfo",
    fields: &[
        ("username", Text),
        ("uid", Text),
        ("groups", List(&Text)),
        ("extra", Map(&EXTRA_VALUE)),
    ],
};

static EXTRA_VALUE: Type = Type::Named("ExtraValue", &List(&Text));

static ACCESS_REVIEW: Struct = Struct {
    name: "SubjectAccessReview",
    fields: &[
        ("apiVersion", Text),
        ("kind", Text),
        ("metadata", Type::Struct(&METADATA)),
        ("spec", Type::Struct(&ACCESS_SPEC)),
        ("status", Type::Struct(&ACCESS_STATUS)),
    ],
};

static ACCESS_SPEC: Struct = Struct {
    name: "SubjectAccessReviewSpec",
    fields: &[
        ("resourceAttributes", Type::Struct(&RESOURCE)),
        ("nonResourceAttributes", Type::Struct(&NON_RESOURCE)),
        ("user", Text),
        ("groups", List(&Text)),
        ("group", List(&Text)),
        ("extra", Map(&EXTRA_VALUE)),
        ("uid", Text),
    ],
};

static RESOURCE: Struct = Struct {
    name: "ResourceAttributes",
    fields: &[
        ("namespace", Text),
        ("verb", Text),
        ("group", Text),
        ("version", Text),
        ("resource", Text),
        ("subresource", Text),
        ("name", Text),
    ],
};

static NON_RESOURCE: Struct = Struct {
    name: "NonResourceAttributes",
    fields: &[("path", Text), ("verb", Text)],
};

static ACCESS_STATUS: Struct = Struct {
    name: "SubjectAccessReviewStatus",
    fields: &[
        ("allowed", Bool),
        ("denied", Bool),
        ("reason", Text),
        ("evaluationError", Text),
    ],
};

static METADATA: Struct = Struct {
    name: "ObjectMeta",
    fields: &[
        ("name", Text),
        ("generateName", Text),
        ("namespace", Text),
        ("selfLink", Text),
        ("uid", Type::Named("types.UID", &Text)),
        ("resourceVersion", Text),
        ("labels", Map(&Text)),
        ("annotations", Map(&Text)),
        ("finalizers", List(&Text)),
        ("creationTimestamp", Any),
    ],
};

/// What the client awaits.
#[derive(Clone, Copy, Debug)]
pub struct Review {
    group: &'static str,
    version: &'static str,
    of: &'static Struct,
}

impl Review {
    /// TokenReviews of a version; `None` of one that the server does not know.
    pub fn token(version: &str) -> Option<Self> {
        Review::new("authentication.k8s.io", version, &TOKEN_REVIEW)
    }

    /// SubjectAccessReviews of a version; `None` of one that the server does not know.
    pub fn subject_access(version: &str) -> Option<Self> {
        Review::new("authorization.k8s.io", version, &ACCESS_REVIEW)
    }

    fn new(group: &'static str, version: &str, of: &'static Struct) -> Option<Self> {
        let versions = ["v1", "v1beta1"];
        let version = versions.into_iter().find(|known| *known == version)?;
        Some(Review { group, version, of })
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        self.of.name
    }

    /// Its `apiVersion`.
    pub fn api_version(&self) -> String {
        format!("{}/{}", self.group, self.version)
    }

    /// Whether it is of the older version.
    pub fn is_beta(&self) -> bool {
        self.version == "v1beta1"
    }

    /// Decodes a body.
    ///
    /// # Errors
    /// The server's words.
    pub(super) fn decode(&self, body: &str) -> Result<Document, String> {
        let document = Document::parse(body)?;
        let (api_version, kind) = document.type_meta()?;
        let (group, version) = match api_version.split('/').collect::<Vec<_>>()[..] {
            [version] => ("", version),
            [group, version] => (group, version),
            _ => {
                return Err(format!("unexpected GroupVersion string: {api_version}"));
            }
        };
        // What is left out is as awaited.
        let (group, version) = match (group, version) {
            ("", "") => (self.group, self.version),
            (group, "") if group == self.group => (group, self.version),
            other => other,
        };
        let kind = if kind.is_empty() { self.of.name } else { kind };
        let awaited = (self.group, self.version, self.of.name);
        if (group, version, kind) == awaited {
            return match document.check(self.of, self.version).error {
                Some(error) => Err(error),
                None => Ok(document),
            };
        }
        let other = match kind {
            // This one belongs to every version.
            "Status" => "v1",
            kind if is_registered(group, version, kind) => {
                // It is decoded as what it says that it is, before it is found to be another.
                let known = [Review::token(version), Review::subject_access(version)];
                let known = known.into_iter().flatten();
                let found = known.filter(|r| r.group == group && r.of.name == kind);
                let error = found
                    .filter_map(|r| document.check(r.of, r.version).error)
                    .next();
                match error {
                    Some(error) => return Err(error),
                    None => version,
                }
            }
            kind => {
                let version = match group {
                    "" => version.to_owned(),
                    group => format!("{group}/{version}"),
                };
                let (kind, version) = (Quoted(kind), Quoted(&version));
                return Err(format!(
                    "no kind {kind} is registered for version {version} in scheme \"{SCHEME}\""
                ));
            }
        };
        Err(format!(
            "converting ({other}.{kind}) to ({}.{}): unknown conversion",
            self.version, self.of.name
        ))
    }
}

/// Whether the client knows a kind: those of the API, their lists, and a few beside.
fn is_registered(group: &str, version: &str, kind: &str) -> bool {
    let reviews = [
        ("authentication.k8s.io", "v1beta1", "TokenReview"),
        ("authentication.k8s.io", "v1beta1", "SelfSubjectReview"),
        ("authorization.k8s.io", "v1beta1", "SubjectAccessReview"),
        (
            "authorization.k8s.io",
            "v1beta1",
            "LocalSubjectAccessReview",
        ),
        ("authorization.k8s.io", "v1beta1", "SelfSubjectAccessReview"),
        ("authorization.k8s.io", "v1beta1", "SelfSubjectRulesReview"),
    ];
    if reviews.contains(&(group, version, kind)) {
        return true;
    }
    let groups = GROUPS.iter().filter(|found| found.name == group);
    let versions = groups.flat_map(|group| group.versions.iter());
    let mut resources = versions
        .filter(|found| found.name == version)
        .flat_map(|version| version.resources.iter())
        .peekable();
    let options = [
        "WatchEvent",
        "ListOptions",
        "GetOptions",
        "DeleteOptions",
        "CreateOptions",
        "UpdateOptions",
        "PatchOptions",
    ];
    if resources.peek().is_some() && options.contains(&kind) {
        return true;
    }
    let listed = kind.strip_suffix("List");
    resources.any(|resource| {
        let mut of = resource.subresources.iter();
        resource.kind == kind
            || listed == Some(resource.kind)
            || of.any(|subresource| subresource.kind == kind)
    })
}

/// `status` of a TokenReview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct TokenStatus {
    pub authenticated: bool,
    pub username: String,
    pub uid: String,
    pub groups: Vec<String>,
    /// A list may be `null`.
    pub extra: BTreeMap<String, Option<Vec<String>>>,
    pub audiences: Vec<String>,
    pub error: String,
}

impl TokenStatus {
    /// Takes it from a decoded TokenReview. Of fields that are repeated, those inside add up, as in Go.
    pub fn of(document: &Document) -> Self {
        let mut status = TokenStatus::default();
        for value in nested(document, document.root(), "status") {
            for entry in document.entries(value) {
                match entry.name {
                    "authenticated" => set_bool(&mut status.authenticated, entry.value),
                    "audiences" => status.audiences = strings(entry.value).unwrap_or_default(),
                    "error" => set_text(&mut status.error, entry.value),
                    "user" => status.user(document, entry.value),
                    _ => {}
                }
            }
        }
        status
    }

    fn user(&mut self, document: &Document, user: Value<'_>) {
        for entry in document.entries(user) {
            match entry.name {
                "username" => set_text(&mut self.username, entry.value),
                "uid" => set_text(&mut self.uid, entry.value),
                "groups" => self.groups = strings(entry.value).unwrap_or_default(),
                "extra" => {
                    if entry.value.is_null() {
                        self.extra.clear();
                    }
                    for extra in document.entries(entry.value) {
                        self.extra
                            .insert(extra.name.to_owned(), strings(extra.value));
                    }
                }
                _ => {}
            }
        }
    }
}

/// `status` of a SubjectAccessReview, without what the server does not look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AccessStatus {
    pub allowed: bool,
    pub denied: bool,
    pub reason: String,
}

impl AccessStatus {
    /// Takes it from a decoded SubjectAccessReview.
    pub fn of(document: &Document) -> Self {
        let mut status = AccessStatus::default();
        for value in nested(document, document.root(), "status") {
            for entry in document.entries(value) {
                match entry.name {
                    "allowed" => set_bool(&mut status.allowed, entry.value),
                    "denied" => set_bool(&mut status.denied, entry.value),
                    "reason" => set_text(&mut status.reason, entry.value),
                    _ => {}
                }
            }
        }
        status
    }
}

fn nested<'d>(document: &'d Document, parent: Option<Value<'d>>, name: &str) -> Vec<Value<'d>> {
    let parent = parent.filter(|parent| parent.kind() == Kind::Mapping);
    let entries = parent.map(|parent| document.entries(parent));
    let entries = entries.into_iter().flatten();
    entries
        .filter(|entry| entry.name == name)
        .map(|entry| entry.value)
        .collect()
}

fn set_bool(field: &mut bool, value: Value<'_>) {
    if let Some(value) = value.as_bool() {
        *field = value;
    }
}

fn set_text(field: &mut String, value: Value<'_>) {
    if let Some(value) = value.as_str() {
        value.clone_into(field);
    }
}

/// The texts of a list; `None` of null.
fn strings(value: Value<'_>) -> Option<Vec<String>> {
    let texts = value.items().map(|item| item.as_str().unwrap_or(""));
    (!value.is_null()).then(|| texts.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::{AccessStatus, Review, TokenStatus};

    #[test]
    fn other_objects_are_told() {
        let review = Review::token("v1").expect("a version");
        for (body, expected) in [
            (
                "kind: Status",
                "converting (v1.Status) to (v1.TokenReview): unknown conversion",
            ),
            (
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
                "converting (v1.Pod) to (v1.TokenReview): unknown conversion",
            ),
            (
                "{\"apiVersion\":\"v1\",\"kind\":\"PodList\"}",
                "converting (v1.PodList) to (v1.TokenReview): unknown conversion",
            ),
            (
                "{\"apiVersion\":\"v1\"}",
                "no kind \"TokenReview\" is registered for version \"v1\" in scheme \"k8s.io/client-go/kubernetes/scheme/register.go:82\"",
            ),
            ("apiVersion: a/b/c", "unexpected GroupVersion string: a/b/c"),
            (
                "{\"status\":{\"user\":\"x\"}}",
                "json: cannot unmarshal string into Go struct field TokenReviewStatus.status.user of type v1.UserInfo",
            ),
            (
                "{\"status\":{\"user\":{\"extra\":[]}}}",
                "json: cannot unmarshal array into Go struct field UserInfo.status.user.extra of type map[string]v1.ExtraValue",
            ),
            (
                "{\"status\":{\"user\":{\"extra\":{\"k\":[1]}}}}",
                "json: cannot unmarshal number into Go struct field UserInfo.status.user.extra of type string",
            ),
        ] {
            assert_eq!(review.decode(body).map(drop), Err(expected.to_owned()));
        }
    }

    #[test]
    fn repeated_fields_add_up_in_json_alone() {
        let review = Review::token("v1").expect("a version");
        let json = r#"{"status":{"authenticated":true,"user":{"username":"a","uid":"1"}},"status":{"user":{"username":"b"},"error":null}}"#;
        let status = TokenStatus::of(&review.decode(json).expect("a review"));
        assert!(status.authenticated);
        assert_eq!((&status.username[..], &status.uid[..]), ("b", "1"));
        let access = Review::subject_access("v1beta1").expect("a version");
        let yaml = "status: {allowed: true}\nstatus: {reason: why}\n";
        let status = AccessStatus::of(&access.decode(yaml).expect("a review"));
        assert_eq!((status.allowed, &status.reason[..]), (false, "why"));
    }
}
