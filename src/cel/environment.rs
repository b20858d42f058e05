//! What an expression is about: `claims`, `user`, or `request`, and their types.

use super::types::Type;

/// A declared object: its name and fields.
type Object = (&'static str, &'static [(&'static str, Field)]);

/// The declared type of a field.
#[derive(Clone, Copy, Debug)]
enum Field {
    String,
    Strings,
    StringsByName,
    Object(&'static str),
    Objects(&'static str),
}

impl Field {
    fn to_type(self) -> Type {
        match self {
            Field::String => Type::String,
            Field::Strings => Type::list(Type::String),
            Field::StringsByName => Type::map(Type::String, Type::list(Type::String)),
            Field::Object(name) => Type::Object(name),
            Field::Objects(name) => Type::list(Type::Object(name)),
        }
    }
}

const USER: Object = (
    "kubernetes.UserInfo",
    &[
        ("username", Field::String),
        ("uid", Field::String),
        ("groups", Field::Strings),
        ("extra", Field::StringsByName),
    ],
);

const REVIEW: [Object; 6] = [
    (
        "kubernetes.SubjectAccessReviewSpec",
        &[
            (
                "resourceAttributes",
                Field::Object("kubernetes.ResourceAttributes"),
            ),
            (
                "nonResourceAttributes",
                Field::Object("kubernetes.NonResourceAttributes"),
            ),
            ("user", Field::String),
            ("groups", Field::Strings),
            ("extra", Field::StringsByName),
            ("uid", Field::String),
        ],
    ),
    (
        "kubernetes.ResourceAttributes",
        &[
            ("namespace", Field::String),
            ("verb", Field::String),
            ("group", Field::String),
            ("version", Field::String),
            ("resource", Field::String),
            ("subresource", Field::String),
            ("name", Field::String),
            (
                "fieldSelector",
                Field::Object("kubernetes.FieldSelectorAttributes"),
            ),
            (
                "labelSelector",
                Field::Object("kubernetes.LabelSelectorAttributes"),
            ),
        ],
    ),
    (
        "kubernetes.NonResourceAttributes",
        &[("path", Field::String), ("verb", Field::String)],
    ),
    (
        "kubernetes.FieldSelectorAttributes",
        &[
            ("rawSelector", Field::String),
            (
                "requirements",
                Field::Objects("kubernetes.SelectorRequirement"),
            ),
        ],
    ),
    (
        "kubernetes.LabelSelectorAttributes",
        &[
            ("rawSelector", Field::String),
            (
                "requirements",
                Field::Objects("kubernetes.SelectorRequirement"),
            ),
        ],
    ),
    (
        "kubernetes.SelectorRequirement",
        &[
            ("key", Field::String),
            ("operator", Field::String),
            ("values", Field::Strings),
        ],
    ),
];

/// Where an expression stands: which one variable it sees, and in which words the server wants a bool.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    variable: &'static str,
    objects: &'static [Object],
    tells_the_type: bool,
}

impl Environment {
    /// `claims`, a map from strings to anything: claim mappings and claim validation rules of an
    /// AuthenticationConfiguration (`k8s.io/apiserver/pkg/authentication/cel`).
    #[must_use]
    pub const fn claims() -> Self {
        Self {
            variable: "claims",
            objects: &[],
            tells_the_type: false,
        }
    }

    /// `user`, a `kubernetes.UserInfo`: user validation rules of an AuthenticationConfiguration.
    #[must_use]
    pub const fn user() -> Self {
        Self {
            variable: "user",
            objects: &[USER],
            tells_the_type: false,
        }
    }

    /// `request`, a `kubernetes.SubjectAccessReviewSpec`: match conditions of a webhook authorizer
    /// (`k8s.io/apiserver/pkg/authorization/cel`).
    #[must_use]
    pub const fn subject_access_review() -> Self {
        Self {
            variable: "request",
            objects: &REVIEW,
            tells_the_type: true,
        }
    }

    /// The name of the variable.
    #[must_use]
    pub const fn variable(&self) -> &'static str {
        self.variable
    }

    /// The type of the variable.
    pub(super) fn variable_type(&self) -> Type {
        match self.objects.first() {
            Some((name, _)) => Type::Object(name),
            None => Type::map(Type::String, Type::Any),
        }
    }

    /// The declared object of that name.
    pub(super) fn object(&self, name: &str) -> Option<&'static str> {
        self.objects
            .iter()
            .map(|(object, _)| *object)
            .find(|object| *object == name)
    }

    /// The type of an object's field.
    pub(super) fn field(&self, object: &str, field: &str) -> Option<Type> {
        let (_, fields) = self.objects.iter().find(|(name, _)| *name == object)?;
        let (_, kind) = fields.iter().find(|(name, _)| *name == field)?;
        Some(kind.to_type())
    }

    /// The server's words for an expression of another type than bool.
    pub(super) fn not_bool(&self, found: &Type) -> String {
        if self.tells_the_type {
            format!("must evaluate to bool but got {}", found.declared())
        } else {
            "must evaluate to bool".to_owned()
        }
    }
}
