//! `requests/validation`: what the server takes is in the cluster, what it refuses is not, and what it
//! cannot decode stops the load.

use crate::Report;
use crate::suite::Suite;
use rbac_check::load::{Format, Loader, Options};
use serde_json::Value;

#[derive(Debug, PartialEq)]
enum Outcome {
    Taken,
    Refused(String),
    Stopped(String),
}

pub fn run(suite: &Suite, report: &mut Report) {
    for line in suite.lines("validate.jsonl") {
        // An update is judged against what is stored, and Strict against nothing but itself.
        if line.get("verb").is_some() || line["fieldValidation"] == "Strict" {
            continue;
        }
        let id = line["id"].as_str().expect("an id");
        if let Some(result) = compare(&line) {
            report.line("requests", "loading", id, result);
        }
    }
}

fn compare(line: &Value) -> Option<Result<(), String>> {
    let code = line["code"].as_u64().expect("a code");
    if about_the_request(line) {
        return None;
    }
    let (text, format) = match line["body"].as_str() {
        Some(body) if line["contentType"] == "application/json" => (body.to_owned(), Format::Json),
        Some(body) => (body.to_owned(), Format::Guess),
        None => (line["object"].to_string(), Format::Json),
    };
    let ours = load(&text, format);
    let same = match (code, &ours) {
        (201, Outcome::Taken) => true,
        (422, Outcome::Refused(message)) => {
            let recorded = line["message"].as_str().unwrap_or("");
            let causes = recorded
                .split_once(" is invalid: ")
                .map_or("", |(_, causes)| causes);
            message.ends_with(causes)
        }
        (400 | 422, Outcome::Stopped(_)) => true,
        // A version or kind that the server does not serve.
        (400 | 404, Outcome::Refused(_)) => true,
        _ => false,
    };
    Some(if same {
        Ok(())
    } else {
        Err(format!(
            "ours {ours:?}, recorded {code}: {} of {text:?}",
            line["message"]
        ))
    })
}

/// Answers to the request rather than to the object: a manifest has no URL to disagree with, no media
/// type, and no query. Where the URL supplies the kind, a file must say it.
fn about_the_request(line: &Value) -> bool {
    let message = line["message"].as_str().unwrap_or("");
    let object = &line["object"];
    let media_type = line["contentType"].as_str().unwrap_or("application/json");
    let body = line["body"].as_str().unwrap_or("{}");
    let says = |field: &str| {
        body.contains(field) || object[field].as_str().is_some_and(|text| !text.is_empty())
    };
    line["code"] == 415
        || !matches!(media_type, "application/json" | "application/yaml")
        || message.contains("namespace of the provided object")
        || message.contains("fieldValidation: Unsupported")
        || message.contains("unknown conversion")
        || message.starts_with("namespaces ")
        || !(says("kind") && says("apiVersion"))
        // Of several documents the server reads the first, kubectl and we read all.
        || body.starts_with("---\n---")
        // The name that the server generates is random.
        || message.contains("generateName: Invalid")
}

fn load(text: &str, format: Format) -> Outcome {
    let mut loader = Loader::new(Options {
        defaults: false,
        ..Options::default()
    });
    if let Err(error) = loader.add_text("body", text, format) {
        return Outcome::Stopped(error.to_string());
    }
    let cluster = loader.finish();
    let refused = cluster
        .refusals()
        .iter()
        .find(|r| r.message.contains("not in the cluster"));
    match refused {
        Some(refusal) => Outcome::Refused(refusal.message.clone()),
        None if cluster.roles().is_empty() && cluster.bindings().is_empty() => {
            Outcome::Refused("nothing was loaded".to_owned())
        }
        None => Outcome::Taken,
    }
}
