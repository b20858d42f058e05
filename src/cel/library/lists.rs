//! Lists: cel-go's library, version 3, its sets, and Kubernetes' own functions.

use super::core::{self, same};
use crate::cel::eval::{EvalError, Evaluated, MAX_BYTES};
use crate::cel::value::{List, Value};
use std::cmp::Ordering;

fn list(items: Vec<Value>) -> Evaluated {
    Ok(Value::List(List::new(items)))
}

fn optional(value: Option<Value>) -> Evaluated {
    Ok(Value::Optional(value.map(std::sync::Arc::new)))
}

/// Runs a function over lists.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    if let ("lists_range", [Value::Int(n)]) = (overload, args) {
        return Some(list((0..*n).map(Value::Int).collect()));
    }
    let [Value::List(first), rest @ ..] = args else {
        return None;
    };
    let items = first.items();
    Some(match (overload, rest) {
        ("list_slice", [Value::Int(start), Value::Int(end)]) => slice(items, *start, *end),
        ("list_reverse", []) => list(items.iter().rev().cloned().collect()),
        ("list_distinct", []) if items.is_empty() => Ok(args[0].clone()),
        ("list_distinct", []) => {
            let mut kept: Vec<Value> = Vec::new();
            for item in items {
                if !kept.iter().any(|other| same(item, other)) {
                    kept.push(item.clone());
                }
            }
            list(kept)
        }
        ("list_first", []) => optional(first.get(0)),
        ("list_last", []) => optional(items.len().checked_sub(1).and_then(|i| first.get(i))),
        ("optional_unwrap" | "optional_unwrapOpt", []) => {
            let mut kept = Vec::new();
            for item in items {
                match item {
                    Value::Optional(inner) => kept.extend(inner.iter().map(|v| (**v).clone())),
                    other => {
                        let shown = super::text::go_text(other);
                        return Some(Err(EvalError::new(format!(
                            "value {shown} is not optional"
                        ))));
                    }
                }
            }
            list(kept)
        }
        ("list_sets_contains_list", [Value::List(other)]) => Ok(Value::Bool(covers(first, other))),
        ("list_sets_equivalent_list", [Value::List(other)]) => {
            Ok(Value::Bool(covers(first, other) && covers(other, first)))
        }
        ("list_sets_intersects_list", [Value::List(other)]) => Ok(Value::Bool(
            items
                .iter()
                .any(|item| other.items().iter().any(|o| same(item, o))),
        )),
        ("list_a_index_of_int", [wanted]) => Ok(Value::Int(
            items
                .iter()
                .position(|v| same(v, wanted))
                .map_or(-1, |i| i as i64),
        )),
        ("list_a_last_index_of_int", [wanted]) => Ok(Value::Int(
            items
                .iter()
                .rposition(|v| same(v, wanted))
                .map_or(-1, |i| i as i64),
        )),
        (name, []) if name.ends_with("_is_sorted_bool") => is_sorted(items),
        (name, []) if name.contains("_sum_") => sum(name, items),
        (name, []) if name.contains("_max_") => best("max", items, Ordering::Less),
        (name, []) if name.contains("_min_") => best("min", items, Ordering::Greater),
        _ => return None,
    })
}

fn covers(all: &List, some: &List) -> bool {
    some.items()
        .iter()
        .all(|item| all.items().iter().any(|other| same(item, other)))
}

fn slice(items: &[Value], start: i64, end: i64) -> Evaluated {
    let fail = |why: String| {
        Err(EvalError::new(format!(
            "cannot slice({start}, {end}), {why}"
        )))
    };
    if start < 0 || end < 0 {
        return fail("negative indexes not supported".to_owned());
    }
    if start > end {
        return fail("start index must be less than or equal to end index".to_owned());
    }
    match items.get(start as usize..end as usize) {
        Some(part) => list(part.to_vec()),
        None => fail(format!("list is length {}", items.len())),
    }
}

/// `flatten` takes any value, since it knows lists that are flat already.
pub(super) fn flatten(value: &Value, depth: Option<&Value>) -> Evaluated {
    let Value::List(first) = value else {
        return Err(EvalError::no_overload());
    };
    let depth = match depth {
        None => 1,
        Some(Value::Int(n)) if *n < 0 => {
            return Err(EvalError::new("level must be non-negative"));
        }
        Some(Value::Int(n)) => usize::try_from(*n).unwrap_or(usize::MAX),
        Some(_) => return Err(EvalError::no_overload()),
    };
    let mut out = Vec::new();
    flatten_into(&mut out, first, depth)?;
    list(out)
}

fn flatten_into(out: &mut Vec<Value>, from: &List, depth: usize) -> Result<(), EvalError> {
    for item in from.items() {
        match item {
            Value::List(inner) if depth > 0 => flatten_into(out, inner, depth - 1)?,
            other => out.push(other.clone()),
        }
        if out.len() > MAX_BYTES / 64 {
            return Err(EvalError::cost());
        }
    }
    Ok(())
}

/// Sorts a list by keys of the same number.
pub(super) fn sort_by(values: &Value, keys: &Value) -> Evaluated {
    let (Value::List(items), Value::List(keys)) = (values, keys) else {
        return Err(EvalError::no_overload());
    };
    let (items, keys) = (items.items(), keys.items());
    if items.len() != keys.len() {
        return Err(EvalError::new(format!(
            "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got {} and {} elements respectively",
            items.len(),
            keys.len()
        )));
    }
    let Some(first) = keys.first() else {
        return Ok(values.clone());
    };
    if !core::has_order(first) {
        return Err(EvalError::new("list elements must be comparable"));
    }
    if keys.iter().any(|key| key.type_name() != first.type_name()) {
        return Err(EvalError::new("list elements must have the same type"));
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| core::compare(&keys[*a], &keys[*b]).unwrap_or(Ordering::Equal));
    list(order.into_iter().map(|i| items[i].clone()).collect())
}

fn is_sorted(items: &[Value]) -> Evaluated {
    for pair in items.windows(2) {
        if !core::has_order(&pair[1]) {
            return Err(EvalError::no_overload());
        }
        if core::compare(&pair[0], &pair[1]) == Ok(Ordering::Greater) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum(name: &str, items: &[Value]) -> Evaluated {
    let mut total = match name {
        "list_int_sum_int" => Value::Int(0),
        "list_uint_sum_uint" => Value::Uint(0),
        "list_double_sum_double" => Value::Double(0.0),
        _ => Value::Duration(0),
    };
    for item in items {
        total = match core::operator("_+_", &[total, item.clone()]) {
            Some(sum) => sum?,
            None => return Err(EvalError::no_overload()),
        };
    }
    Ok(total)
}

fn best(name: &str, items: &[Value], worse: Ordering) -> Evaluated {
    let mut result: Option<&Value> = None;
    for item in items {
        if !core::has_order(item) {
            return Err(EvalError::no_overload());
        }
        match result {
            Some(best) if core::compare(best, item) != Ok(worse) => {}
            _ => result = Some(item),
        }
    }
    result
        .cloned()
        .ok_or_else(|| EvalError::new(format!("{name} called on empty list")))
}
