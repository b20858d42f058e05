//! Static types, as cel-go's checker has and prints them.

use std::fmt;
use std::sync::Arc;

/// The static type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// The type of what is already known to be wrong.
    Error,
    /// Known at run time only.
    Dyn,
    /// A value of unknown type that is not `dyn`: macros refuse to loop over it.
    Any,
    /// `null`.
    Null,
    /// `true` and `false`.
    Bool,
    /// Whole numbers of 64 bits.
    Int,
    /// Whole numbers from 0.
    Uint,
    /// Floating point numbers.
    Double,
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// A point in time.
    Timestamp,
    /// A length of time.
    Duration,
    /// A list of elements of one type.
    List(Arc<Type>),
    /// A map from one type to another.
    Map(Arc<Type>, Arc<Type>),
    /// An object with declared fields, or a value that only functions understand.
    Object(&'static str),
    /// `optional_type(T)`.
    Optional(Arc<Type>),
    /// An address or network, which functions alone understand.
    Opaque(&'static str),
    /// The type of types.
    Type(Option<Arc<Type>>),
    /// A type to be found out.
    Param(u32),
}

impl Type {
    /// `list(element)`.
    #[must_use]
    pub fn list(element: Type) -> Self {
        Type::List(Arc::new(element))
    }

    /// `map(key, value)`.
    #[must_use]
    pub fn map(key: Type, value: Type) -> Self {
        Type::Map(Arc::new(key), Arc::new(value))
    }

    /// `optional_type(inner)`.
    #[must_use]
    pub fn optional(inner: Type) -> Self {
        Type::Optional(Arc::new(inner))
    }

    /// The name that the type has at run time, without what is inside of it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Type::Error => "!error!",
            Type::Dyn => "dyn",
            Type::Any => "google.protobuf.Any",
            Type::Null => "null_type",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::Duration => "google.protobuf.Duration",
            Type::List(_) => "list",
            Type::Map(..) => "map",
            Type::Object(name) | Type::Opaque(name) => name,
            Type::Optional(_) => "optional_type",
            Type::Type(_) => "type",
            Type::Param(_) => "_var",
        }
    }

    /// What is inside.
    pub(super) fn parameters(&self) -> [Option<&Type>; 2] {
        match self {
            Type::List(t) | Type::Optional(t) => [Some(t), None],
            Type::Map(k, v) => [Some(k), Some(v)],
            Type::Type(t) => [t.as_deref(), None],
            _ => [None, None],
        }
    }

    pub(super) fn is_dyn(&self) -> bool {
        matches!(self, Type::Dyn | Type::Any)
    }

    pub(super) fn is_dyn_or_error(&self) -> bool {
        self.is_dyn() || *self == Type::Error
    }

    /// The text of cel-go's `Type.String`, which `must evaluate to bool but got …` uses.
    #[must_use]
    pub fn declared(&self) -> String {
        let inner: Vec<String> = self
            .parameters()
            .iter()
            .flatten()
            .map(|t| t.declared())
            .collect();
        if inner.is_empty() {
            self.name().to_owned()
        } else {
            format!("{}({})", self.name(), inner.join(", "))
        }
    }
}

/// As the checker's errors print it.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::Null => f.write_str("null"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Duration => f.write_str("duration"),
            Type::List(t) => write!(f, "list({t})"),
            Type::Map(k, v) => write!(f, "map({k}, {v})"),
            Type::Optional(t) => write!(f, "optional_type({t})"),
            Type::Type(Some(t)) => write!(f, "type({t})"),
            Type::Param(n) => write!(f, "_var{n}"),
            other => f.write_str(other.name()),
        }
    }
}
