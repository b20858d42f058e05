//! Finds the function that a call means at run time, and what it costs.

use super::declarations;
use super::eval::{EvalError, Evaluated};
use super::library::{self, core};
use super::types::Type;
use super::value::Value;

pub(super) use super::library::text::go_text;

/// Calls a function. `overload` is the one that the checker settled on, empty if several fit.
///
/// # Errors
/// cel-go's words: a function with one implementation for all its types says `no such overload: f`, one with an
/// implementation for each says with which types.
pub(super) fn call(function: &str, overload: &str, args: &[Value]) -> Evaluated {
    if let Some(result) = core::operator(function, args) {
        return result;
    }
    let found = declarations::function(function).and_then(|declared| {
        declared
            .overloads
            .iter()
            .filter(|o| overload.is_empty() || o.id == overload)
            .find(|o| {
                o.args.len() == args.len() && o.args.iter().zip(args).all(|(t, v)| accepts(t, v))
            })
    });
    match found {
        Some(overload) => library::run(overload.id, args),
        None => {
            let types: Vec<&str> = args.iter().map(Value::type_name).collect();
            Err(EvalError::new(format!(
                "no such overload: {function}({})",
                types.join(", ")
            )))
        }
    }
}

/// Whether a value may be an argument of a type; of lists and maps, the first element decides.
fn accepts(t: &Type, value: &Value) -> bool {
    match (t, value) {
        (Type::Dyn | Type::Any | Type::Param(_), _) => true,
        (Type::List(inner), Value::List(list)) => list
            .items()
            .first()
            .is_none_or(|first| accepts(inner, first)),
        (Type::Map(key, inner), Value::Map(map)) => map
            .entries
            .first_key_value()
            .is_none_or(|(k, v)| accepts(key, &k.to_value()) && accepts(inner, v)),
        (Type::List(_) | Type::Map(..), _) => false,
        (t, value) => t.name() == value.type_name(),
    }
}

/// A tenth of a length, rounded up: what walking over a string costs.
fn tenth(size: u64, factor: u64) -> u64 {
    (size * factor).div_ceil(10)
}

/// What a call costs whose work grows with the square of its input; 0 for all others.
pub(super) fn early_cost(function: &str, args: &[Value]) -> u64 {
    let size = |i: usize| args.get(i).map_or(1, Value::size);
    let square = |n: u64| n.saturating_mul(n).saturating_mul(2).saturating_add(11);
    match function {
        "distinct" | "sort" => square(size(0)),
        "@sortByAssociatedKeys" => square(size(1)),
        "lists.range" => match args.first() {
            Some(Value::Int(n)) => u64::try_from(*n).unwrap_or(0).saturating_add(11),
            _ => 11,
        },
        "sets.contains" | "sets.intersects" => size(0).saturating_mul(size(1)).saturating_add(1),
        "sets.equivalent" => size(0)
            .saturating_mul(size(1))
            .saturating_mul(2)
            .saturating_add(1),
        _ => 0,
    }
}

/// What a call cost: Kubernetes' estimator, then cel-go's own figures.
pub(super) fn cost(function: &str, overload: &str, args: &[Value], result: &Value) -> u64 {
    let size = |i: usize| args.get(i).map_or(1, Value::size);
    match function {
        "isSorted" | "sum" | "max" | "min" => match args.first() {
            Some(Value::List(list)) => list.items().iter().map(core::traversal).sum::<u64>(),
            _ => 1,
        },
        "indexOf" | "lastIndexOf" => match args.first() {
            Some(Value::List(list)) => list.items().iter().map(core::traversal).sum(),
            Some(other) => core::traversal(other),
            None => 1,
        },
        "url" | "lowerAscii" | "upperAscii" | "substring" | "trim" | "cidr" | "isIP" | "isCIDR"
        | "quantity" | "isQuantity" => tenth(size(0), 1),
        "replace" | "split" | "ip.isCanonical" => tenth(size(0), 2),
        "join" => tenth(result.size(), 2),
        "ip" if overload == "cidr_ip" => 1,
        "ip" => tenth(size(0), 1),
        "find" | "findAll" | "matches" => tenth(size(0) + 1, 1) * size(1).div_ceil(4),
        "containsIP" => {
            let other = if overload == "cidr_contains_ip_string" {
                tenth(size(1), 1)
            } else {
                0
            };
            tenth(size(0), 2) + other
        }
        "containsCIDR" => {
            let other = if overload == "cidr_contains_cidr_string" {
                tenth(size(1), 1)
            } else {
                0
            };
            tenth(size(0), 2) + tenth(size(0), 1) + 1 + other
        }
        "slice" | "reverse" => result.size() + 11,
        "flatten" => {
            let depth = match args.get(1) {
                Some(Value::Int(n)) => u64::try_from(*n).unwrap_or(1),
                _ => 1,
            };
            depth.saturating_mul(size(0)).saturating_add(11)
        }
        "startsWith" | "endsWith" => tenth(size(0), 1),
        "contains" => tenth(size(0), 1) * tenth(size(1), 1),
        "@in" if matches!(args.get(1), Some(Value::List(_))) => size(1),
        "_==_" | "_!=_" => tenth(size(0).min(size(1)), 1),
        "_<_" | "_<=_" | "_>_" | "_>=_"
            if matches!(args.first(), Some(Value::String(_) | Value::Bytes(_))) =>
        {
            tenth(size(0).min(size(1)), 1)
        }
        "_+_" if matches!(args.first(), Some(Value::String(_) | Value::Bytes(_))) => {
            tenth(size(0) + size(1), 1)
        }
        "bytes" | "string" if matches!(overload, "string_to_bytes" | "bytes_to_string") => {
            tenth(size(0), 1)
        }
        _ => 1,
    }
}
