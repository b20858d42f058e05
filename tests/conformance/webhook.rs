//! Recorded authentication by webhook: `whoami --batch` against `authn.jsonl`, for the configurations without
//! issuers of tokens.

use crate::Report;
use crate::suite::Suite;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const ANSWER: [&str; 4] = ["code", "user", "message", "errors"];

pub fn run(suite: &Suite, report: &mut Report) {
    let mut calls: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in suite.lines("authn.jsonl") {
        let config = line["config"].as_str().expect("a config").to_owned();
        calls.entry(config).or_default().push(line);
    }
    for (config, lines) in calls {
        let manifest = fs::read_to_string(suite.folder.join(&config)).expect("a manifest");
        if manifest.contains("--oidc-") || manifest.contains("--authentication-config") {
            continue;
        }
        let answers = ask(suite, &config, &lines);
        assert_eq!(answers.len(), lines.len(), "{config}");
        for (line, answer) in lines.iter().zip(answers) {
            let id = format!("{}/{}", suite.name(), line["id"].as_str().expect("an id"));
            report.line("authn-oidc", "webhook", &id, compare(line, &answer));
        }
    }
}

fn ask(suite: &Suite, config: &str, lines: &[Value]) -> Vec<Value> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let empty = scratch.join("no-objects");
    fs::create_dir_all(&empty).expect("a scratch folder");
    let questions = lines.iter().map(|line| question(suite, line).to_string());
    let file = scratch.join("webhook-questions.jsonl");
    fs::write(&file, questions.collect::<Vec<_>>().join("\n")).expect("a writable file");
    let manifests = suite.folder.join("input/manifests.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rbac-check"));
    command
        .args(["whoami", "--batch"])
        .arg(file)
        .arg("--apiserver")
        .arg(suite.folder.join(config))
        .arg("--root")
        .arg(&suite.folder)
        .arg("--webhook-answers")
        .arg(suite.folder.join("input/webhook.jsonl"))
        .arg("-f")
        .arg(if manifests.exists() {
            &manifests
        } else {
            &empty
        });
    for (flag, file) in [
        ("client-ca-file", "input/ca.crt"),
        ("service-account-key-file", "input/sa.pub"),
    ] {
        if suite.folder.join(file).exists() {
            command
                .arg("--apiserver-flag")
                .arg(format!("{flag}={file}"));
        }
    }
    let output = command.output().expect("our binary runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{config}: {stderr}");
    let stdout = String::from_utf8(output.stdout).expect("text");
    let answers = stdout.lines();
    answers
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The fields of a line that ask.
fn question(suite: &Suite, line: &Value) -> Value {
    let mut question = json!({
        "id": line["id"], "now": line["now"], "config": line["config"], "credential": line["credential"],
    });
    for field in ["clientCertificate", "clientKey"] {
        if let Some(file) = line["credential"][field].as_str() {
            question["credential"][field] = json!(suite.folder.join(file));
        }
    }
    if line["headers"].is_object() {
        question["headers"] = line["headers"].clone();
    }
    if let Some(reviews) = line["tokenreview"].as_array() {
        let asked = reviews.iter().map(|review| match &review["audiences"] {
            Value::Null => json!({}),
            audiences => json!({ "audiences": audiences }),
        });
        question["tokenreview"] = asked.collect();
    }
    question
}

fn compare(line: &Value, answer: &Value) -> Result<(), String> {
    let mut differences = Vec::new();
    for field in ANSWER {
        if line[field] != answer[field] {
            let (recorded, ours) = (&line[field], &answer[field]);
            differences.push(format!("{field}: recorded {recorded}, ours {ours}"));
        }
    }
    if let Some(reviews) = line["tokenreview"].as_array() {
        let recorded = reviews.iter().cloned().map(|mut review| {
            // Which of them reached the webhook.
            review.as_object_mut().expect("a review").remove("asked");
            review
        });
        let recorded: Value = recorded.collect();
        if recorded != answer["tokenreview"] {
            let ours = &answer["tokenreview"];
            differences.push(format!("tokenreview: recorded {recorded}, ours {ours}"));
        }
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(differences.join("; ")),
    }
}
