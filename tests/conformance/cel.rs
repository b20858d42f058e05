//! CEL expressions: what the server said of them at start, and what they gave for recorded tokens.
//!
//! `compile.jsonl` has every expression of the recorded configurations with the error text, null where the server took
//! it. `evaluate.jsonl` has expressions with the claims of a recorded token, or the user that came of it, and what was
//! seen of the outcome: an `error`, a `value`, the `strings` of groups or an extra key (null where the server wants
//! strings), or `text: false` where it wants a string.

use crate::Report;
use rbac_check::cel::{self, Environment, Expected, Value};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Compiled {
    id: String,
    environment: String,
    expected: String,
    expression: String,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Evaluated {
    id: String,
    environment: String,
    expression: String,
    input: serde_json::Value,
    error: Option<String>,
    value: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "given")]
    strings: Option<Option<Vec<String>>>,
    text: Option<bool>,
}

/// Null is given as well.
fn given<'de, D: serde::Deserializer<'de>>(
    reader: D,
) -> Result<Option<Option<Vec<String>>>, D::Error> {
    Deserialize::deserialize(reader).map(Some)
}

fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
        .collect()
}

fn environment(name: &str) -> Environment {
    match name {
        "claims" => Environment::claims(),
        "user" => Environment::user(),
        _ => Environment::subject_access_review(),
    }
}

/// Compares all lines.
pub fn run(folder: &Path, report: &mut Report) {
    for line in lines::<Compiled>(&folder.join("compile.jsonl")) {
        let expected = if line.expected == "bool" {
            Expected::Bool
        } else {
            Expected::Any
        };
        let told = cel::compile(&line.expression, &environment(&line.environment), expected)
            .err()
            .map(|error| error.to_string());
        let result = if told == line.error {
            Ok(())
        } else {
            Err(format!(
                "{:?}\n  server {:?}\n  ours   {told:?}",
                line.expression, line.error
            ))
        };
        report.line("cel", "compile", &line.id, result);
    }
    for line in lines::<Evaluated>(&folder.join("evaluate.jsonl")) {
        let result = evaluate(&line).map_err(|e| format!("{:?}: {e}", line.expression));
        report.line("cel", "evaluate", &line.id, result);
    }
}

fn evaluate(line: &Evaluated) -> Result<(), String> {
    let program = cel::compile(
        &line.expression,
        &environment(&line.environment),
        Expected::Any,
    )
    .map_err(|e| e.to_string())?;
    let input = match (&*line.environment, line.input.as_object()) {
        ("claims" | "user", Some(fields)) => Value::object(fields),
        _ => Value::from(&line.input),
    };
    let result = program.evaluate(&input);
    let same = match (&result, &line.error) {
        (Err(ours), Some(theirs)) => ours.to_string() == *theirs,
        (Ok(value), None) => {
            line.strings
                .as_ref()
                .is_none_or(|strings| value.to_strings() == *strings)
                && line
                    .text
                    .is_none_or(|text| value.as_str().is_some() == text)
                && line.value.as_ref().is_none_or(|expected| match expected {
                    serde_json::Value::Bool(b) => value.as_bool() == Some(*b),
                    other => value.as_str() == other.as_str(),
                })
        }
        _ => false,
    };
    if same {
        return Ok(());
    }
    Err(format!(
        "\n  input {}\n  server {:?} {:?} {:?} {:?}\n  ours {result:?}",
        line.input, line.error, line.value, line.strings, line.text
    ))
}
