//! cel-go's string library, version 2.

use super::{core, text};
use crate::cel::eval::{EvalError, Evaluated, MAX_BYTES};
use crate::cel::value::{List, Value};

/// Runs a function over strings.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    if let ("list_join" | "list_join_string", [Value::List(list), rest @ ..]) = (overload, args) {
        return Some(join(
            list,
            rest.first().and_then(Value::as_str).unwrap_or(""),
        ));
    }
    let [Value::String(s), rest @ ..] = args else {
        return None;
    };
    let number = |i: usize| rest.get(i).and_then(core::index).unwrap_or(0);
    let string = |i: usize| rest.get(i).and_then(Value::as_str).unwrap_or("");
    Some(match overload {
        "string_char_at_int" => char_at(s, number(0)),
        "string_index_of_string" => index_of(s, string(0), 0),
        "string_index_of_string_int" => index_of(s, string(0), number(1)),
        "string_last_index_of_string" => {
            let length = s.chars().count() as i64;
            if string(0).is_empty() {
                Ok(Value::Int(length))
            } else {
                last_index_of(s, string(0), length - 1)
            }
        }
        "string_last_index_of_string_int" => last_index_of(s, string(0), number(1)),
        "string_lower_ascii" => text(s.to_ascii_lowercase()),
        "string_upper_ascii" => text(s.to_ascii_uppercase()),
        "string_replace_string_string" => replace(s, string(0), string(1), -1),
        "string_replace_string_string_int" => replace(s, string(0), string(1), number(2)),
        "string_split_string" => Ok(split(s, string(0), -1)),
        "string_split_string_int" => Ok(split(s, string(0), number(1))),
        "string_substring_int" => substring(s, number(0), None),
        "string_substring_int_int" => substring(s, number(0), Some(number(1))),
        "string_trim" => text(s.trim_matches(is_space).to_owned()),
        "string_format" => match rest {
            [Value::List(list)] => super::format::format(s, list),
            _ => return None,
        },
        "strings_quote" => text(quote(s)),
        _ => return None,
    })
}

/// Go's `unicode.IsSpace`.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

fn out_of_range(index: i64) -> EvalError {
    EvalError::new(format!("index out of range: {index}"))
}

fn char_at(s: &str, index: i64) -> Evaluated {
    let at = usize::try_from(index).map_err(|_| out_of_range(index))?;
    match s.chars().nth(at) {
        Some(c) => Ok(Value::from(c.to_string())),
        None if at == s.chars().count() => Ok(Value::from("")),
        None => Err(out_of_range(index)),
    }
}

fn index_of(s: &str, wanted: &str, offset: i64) -> Evaluated {
    if wanted.is_empty() {
        return Ok(Value::Int(offset));
    }
    let length = s.chars().count();
    let at = usize::try_from(offset)
        .ok()
        .filter(|at| *at < length)
        .ok_or_else(|| out_of_range(offset))?;
    let start = s.char_indices().nth(at).map_or(s.len(), |(i, _)| i);
    Ok(Value::Int(match s[start..].find(wanted) {
        Some(found) => (at + s[start..start + found].chars().count()) as i64,
        None => -1,
    }))
}

fn last_index_of(s: &str, wanted: &str, offset: i64) -> Evaluated {
    if wanted.is_empty() {
        return Ok(Value::Int(offset));
    }
    let length = s.chars().count();
    let at = usize::try_from(offset)
        .ok()
        .filter(|at| *at < length)
        .ok_or_else(|| out_of_range(offset))?;
    let end = s
        .char_indices()
        .nth(at + wanted.chars().count())
        .map_or(s.len(), |(i, _)| i);
    Ok(Value::Int(match s[..end].rfind(wanted) {
        Some(found) => s[..found].chars().count() as i64,
        None => -1,
    }))
}

/// Go's `strings.Replace`: an empty `old` stands before every character and at the end.
fn replace(s: &str, old: &str, new: &str, count: i64) -> Evaluated {
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    let matches = if old.is_empty() {
        s.chars().count() + 1
    } else {
        s.matches(old).count()
    };
    let matches = matches.min(limit);
    if s.len().saturating_add(matches.saturating_mul(new.len())) > MAX_BYTES {
        return Err(EvalError::cost());
    }
    text(s.replacen(old, new, limit))
}

/// Go's `strings.SplitN`: an empty separator splits into characters.
fn split(s: &str, separator: &str, count: i64) -> Value {
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    let parts: Vec<String> = if limit == 0 {
        Vec::new()
    } else if separator.is_empty() {
        let mut parts: Vec<String> = Vec::new();
        let mut rest = s;
        while let Some(c) = rest.chars().next() {
            if parts.len() + 1 == limit {
                parts.push(rest.to_owned());
                break;
            }
            parts.push(c.to_string());
            rest = &rest[c.len_utf8()..];
        }
        parts
    } else {
        s.splitn(limit, separator).map(str::to_owned).collect()
    };
    Value::List(List::strings(parts))
}

fn substring(s: &str, start: i64, end: Option<i64>) -> Evaluated {
    let length = s.chars().count() as i64;
    if let Some(end) = end
        && start > end
    {
        let message = format!("invalid substring range. start: {start}, end: {end}");
        return Err(EvalError::new(message));
    }
    for index in [Some(start), end].into_iter().flatten() {
        if !(0..=length).contains(&index) {
            return Err(out_of_range(index));
        }
    }
    let end = end.unwrap_or(length);
    let (start, end) = (start as usize, end as usize);
    text(s.chars().skip(start).take(end - start).collect())
}

fn join(list: &List, separator: &str) -> Evaluated {
    let mut size = 0usize;
    let mut parts = Vec::with_capacity(list.items().len());
    for item in list.items() {
        let Value::String(s) = item else {
            let shown = super::text::go_text(item);
            return Err(EvalError::new(format!("join: invalid input: {shown}")));
        };
        size = size.saturating_add(s.len() + separator.len());
        if size > MAX_BYTES {
            return Err(EvalError::cost());
        }
        parts.push(&**s);
    }
    text(parts.join(separator))
}

fn quote(s: &str) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
