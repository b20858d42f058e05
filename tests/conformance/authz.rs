//! Recorded authorization by configured servers, through the command line: `review` against `access.jsonl`,
//! `can-i --list --batch` against `rules.jsonl`, `trace --batch` against `requests.jsonl`.

use crate::Report;
use crate::compare::{compare_rules_status, unordered};
use crate::suite::Suite;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const AREA: &str = "authz-chain";

/// Which of two timers tells that the time is over differs from call to call.
const RACE: [&str; 2] = [
    "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
    "context deadline exceeded",
];

pub fn run(suite: &Suite, report: &mut Report) {
    for (config, lines) in by_config(suite, "access.jsonl") {
        let questions: Vec<Value> = lines.iter().map(|line| question(&line["review"])).collect();
        let answers = Call::new(suite, &config).ask(&["review"], &questions);
        for (line, answer) in lines.iter().zip(answers) {
            let id = line["id"].as_str().expect("an id");
            report.line(AREA, "access", id, access(line, &answer));
        }
    }
    for (config, lines) in by_config(suite, "requests.jsonl") {
        let answers = Call::new(suite, &config).ask(&["trace", "--batch"], &lines);
        for (line, answer) in lines.iter().zip(answers) {
            let id = line["id"].as_str().expect("an id");
            report.line(AREA, "requests", id, request(line, &answer));
        }
    }
    for (config, lines) in by_config(suite, "rules.jsonl") {
        let answers = Call::new(suite, &config).ask(&["can-i", "--list", "--batch"], &lines);
        for (line, answer) in lines.iter().zip(answers) {
            let id = line["id"].as_str().expect("an id");
            let result = compare_rules_status(&answer["status"], &line["status"], &Value::Null);
            report.line(AREA, "rules", id, result);
        }
    }
}

fn by_config(suite: &Suite, file: &str) -> BTreeMap<String, Vec<Value>> {
    let mut configs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in suite.lines(file) {
        let config = line["config"].as_str().expect("a config").to_owned();
        configs.entry(config).or_default().push(line);
    }
    configs
}

/// A review as it was sent.
fn question(review: &Value) -> Value {
    let mut question = review.clone();
    if let Some(fields) = question.as_object_mut() {
        fields.remove("status");
    }
    question
}

/// A configured server. Objects are those of the suite alone: where roles are aggregated, they were recorded
/// before anybody did it.
struct Call {
    flags: PathBuf,
    root: PathBuf,
    objects: PathBuf,
    webhooks: Vec<String>,
}

impl Call {
    fn new(suite: &Suite, config: &str) -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authz");
        let root = scratch.join(suite.name()).join(config);
        let folder = root.join("etc/kubernetes");
        fs::create_dir_all(&folder).expect("a scratch folder");
        let input = suite.folder.join("input");
        let mut webhooks = Vec::new();
        for file in fs::read_dir(input.join(config)).expect("a configuration") {
            let file = file.expect("a file").path();
            let name = file
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            fs::copy(&file, folder.join(name)).expect("a copy");
            let webhook = name.strip_prefix("webhook-");
            if let Some(webhook) = webhook.and_then(|name| name.strip_suffix(".jsonl")) {
                webhooks.push(format!("{webhook}={}", file.display()));
            }
        }
        let mut objects = input.join("manifests");
        if !objects.is_dir() {
            objects = scratch.join("no-objects");
            fs::create_dir_all(&objects).expect("a scratch folder");
        }
        Call {
            flags: ["kube-apiserver.yaml", "kube-controller-manager.yaml"]
                .map(|name| folder.join(name))
                .into_iter()
                .find(|file| file.exists())
                .expect("a manifest"),
            root,
            objects,
            webhooks,
        }
    }

    /// Runs a command that reads JSON Lines and answers in the same order.
    fn ask(&self, command: &[&str], questions: &[Value]) -> Vec<Value> {
        let file = self.root.join("questions.jsonl");
        let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
        fs::write(&file, lines.join("\n")).expect("a writable scratch file");
        let webhooks = self
            .webhooks
            .iter()
            .flat_map(|of| ["--webhook-answers", of]);
        let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
            .args(command)
            .arg(file)
            .arg("--apiserver")
            .arg(&self.flags)
            .arg("--root")
            .arg(&self.root)
            .arg("-f")
            .arg(&self.objects)
            .args(["--no-defaults", "--no-aggregation"])
            .args(webhooks)
            .output()
            .expect("our binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {stderr}");
        let stdout = String::from_utf8(output.stdout).expect("text");
        let answers = stdout.lines();
        let answers: Vec<Value> = answers
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(answers.len(), questions.len(), "{command:?}: {stderr}");
        answers
    }
}

/// Code and body must be the same.
fn request(line: &Value, answer: &Value) -> Result<(), String> {
    let settled = |value: &Value| value.to_string().replace(RACE[0], RACE[1]);
    let fields = ["code", "status"].into_iter();
    // What a healthy server lists of its checks is its own.
    let text = !line["text"].is_null() && !line["path"].as_str().unwrap_or("").contains("?verbose");
    for field in fields.chain(text.then_some("text")) {
        if settled(&line[field]) != settled(&answer[field]) {
            return Err(format!("{field}: ours {answer}, recorded {}", line[field]));
        }
    }
    Ok(())
}

/// All of a status must be the same; of several bindings that allow, RBAC names any.
fn access(line: &Value, answer: &Value) -> Result<(), String> {
    let recorded = &line["review"]["status"];
    let differs = || Err(format!("ours {answer}, recorded {recorded}"));
    let without_reason = |status: &Value| {
        let mut status = status.clone();
        if let Some(fields) = status.as_object_mut() {
            fields.remove("reason");
        }
        status
    };
    let same_time = |status: &Value| {
        let text = without_reason(status).to_string();
        RACE.iter()
            .fold(text, |text, over| text.replace(over, "<time is over>"))
    };
    if same_time(&answer["status"]) != same_time(recorded) {
        return differs();
    }
    let reason = |value: &Value| unordered(value.as_str().unwrap_or(""));
    let ours = reason(&answer["status"]["reason"]);
    let also = line["reasons"].as_array().map_or(&[][..], Vec::as_slice);
    let mut accepted = also.iter().chain([&recorded["reason"]]);
    // Not every binding that allows was seen to be named; the library's tests prove that ours is one.
    let by_rbac = |text: &str| text.starts_with("RBAC: allowed by ");
    match accepted.any(|recorded| {
        let recorded = reason(recorded);
        recorded == ours || (by_rbac(&recorded) && by_rbac(&ours))
    }) {
        true => Ok(()),
        false => differs(),
    }
}
