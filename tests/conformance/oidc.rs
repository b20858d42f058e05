//! Recorded authentication by OpenID Connect, alone and with every other authenticator: `whoami --batch` against
//! `authn.jsonl`.

use crate::Report;
use crate::suite::Suite;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the recorded servers had beside the configuration that a line names.
const FLAGS: [&str; 2] = [
    "service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "authorization-mode=Node,RBAC",
];

pub fn run(suite: &Suite, report: &mut Report) {
    let mut calls: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in suite.lines("authn.jsonl") {
        let config = line["config"].as_str().expect("a configuration");
        calls.entry(config.to_owned()).or_default().push(line);
    }
    for (config, lines) in calls {
        let answers = ask(suite, &config, &lines);
        for (line, answer) in lines.iter().zip(&answers) {
            let id = line["id"].as_str().expect("an id");
            let id = format!("{}/{id}", suite.name());
            report.line("authn-oidc", "authn", &id, compare(line, answer));
            if let Some(reviews) = line["tokenreview"].as_array() {
                let result = compare_reviews(reviews, &answer["tokenreview"]);
                report.line("authn-oidc", "tokenreview", &id, result);
            }
        }
    }
}

fn ask(suite: &Suite, config: &str, lines: &[Value]) -> Vec<Value> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // File names in the lines are relative to the folder of the file that holds them.
    let file = scratch.join("oidc-questions.jsonl");
    let questions: Vec<String> = lines.iter().map(|line| question(suite, line)).collect();
    fs::write(&file, questions.join("\n")).expect("a writable scratch file");
    let objects = scratch.join("no-objects");
    fs::create_dir_all(&objects).expect("a scratch folder");

    let input = suite.folder.join("input");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rbac-check"));
    command.args(["whoami", "--batch"]).arg(&file);
    command.arg("--root").arg(&suite.folder);
    command.arg("--fetched").arg(input.join("fetch.json"));
    if config.ends_with("kube-apiserver.yaml") {
        command.arg("--apiserver").arg(suite.folder.join(config));
    } else {
        for flag in FLAGS {
            command.args(["--apiserver-flag", flag]);
        }
        let flag = format!("authentication-config={config}");
        command.args(["--apiserver-flag", &flag]);
    }
    for (flag, name) in [
        ("client-ca-file", "ca.crt"),
        ("service-account-key-file", "sa.pub"),
    ] {
        if input.join(name).exists() {
            let flag = format!("{flag}=input/{name}");
            command.args(["--apiserver-flag", &flag]);
        }
    }
    let manifests = input.join("manifests.yaml");
    let objects = if manifests.exists() {
        manifests
    } else {
        objects
    };
    command.arg("-f").arg(objects);
    if input.join("webhook.jsonl").exists() {
        command
            .arg("--webhook-answers")
            .arg(input.join("webhook.jsonl"));
    }
    let output = command.output().expect("our binary runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{config}: {stderr}");
    let answers = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), lines.len(), "{config}: {stderr}");
    answers
}

/// The fields of a line that ask, with the certificates themselves for the names of their files.
fn question(suite: &Suite, line: &Value) -> String {
    let mut question = json!({});
    for field in ["id", "now", "credential", "config", "headers"] {
        if !line[field].is_null() {
            question[field] = line[field].clone();
        }
    }
    let certificate = &mut question["credential"]["clientCertificate"];
    if let Some(file) = certificate.as_str() {
        let pem = fs::read_to_string(suite.folder.join(file)).expect("a certificate");
        *certificate = json!(pem);
    }
    if let Some(reviews) = line["tokenreview"].as_array() {
        let asked = reviews.iter().map(|review| match &review["audiences"] {
            Value::Null => json!({}),
            audiences => json!({"audiences": audiences}),
        });
        question["tokenreview"] = asked.collect();
    }
    question.to_string()
}

fn compare(line: &Value, answer: &Value) -> Result<(), String> {
    let mut differences = Vec::new();
    for field in ["code", "user", "message", "errors"] {
        let (recorded, ours) = (steady(&line[field]), steady(&answer[field]));
        if recorded != ours {
            differences.push(format!("{field}: recorded {recorded}, ours {ours}"));
        }
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(differences.join("; ")),
    }
}

fn compare_reviews(recorded: &[Value], ours: &Value) -> Result<(), String> {
    for (i, recorded) in recorded.iter().enumerate() {
        let ours = &ours[i];
        for field in ["audiences", "status"] {
            let (recorded, ours) = (steady(&recorded[field]), steady(&ours[field]));
            if recorded != ours {
                return Err(format!("{i} {field}: recorded {recorded}, ours {ours}"));
            }
        }
    }
    Ok(())
}

/// A value without the readings of clocks that it tells.
fn steady(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(without_clock(text)),
        Value::Array(items) => items.iter().map(steady).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), steady(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

fn without_clock(text: &str) -> String {
    const BEFORE: &str = "current time ";
    const AFTER: &str = " before the nbf";
    let Some(start) = text.find(BEFORE).map(|at| at + BEFORE.len()) else {
        return text.to_owned();
    };
    match text[start..].find(AFTER) {
        Some(end) => format!("{}NOW{}", &text[..start], &text[start + end..]),
        None => text.to_owned(),
    }
}
