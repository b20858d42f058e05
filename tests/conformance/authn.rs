//! Recorded authentication: `whoami --batch` against `authn.jsonl`, `review` against TokenReviews.

use crate::Report;
use crate::suite::Suite;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The fields of an answer, in the order in which a difference is told.
const ANSWER: [&str; 4] = ["code", "user", "message", "errors"];

pub fn run(suite: &Suite, report: &mut Report) {
    let servers = suite.about["servers"].clone();
    // One call for each server and each state of the stored objects.
    let mut calls: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    for line in suite.lines("authn.jsonl") {
        let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        let call = (text("server"), text("objects"));
        calls.entry(call).or_default().push(line);
    }
    for ((server, objects), lines) in calls {
        let call = Call::new(suite, &servers[&server], &objects);
        let questions: Vec<Value> = lines.iter().map(|line| question(suite, line)).collect();
        let answers = call.ask(&["whoami", "--batch"], &questions);
        for (line, answer) in lines.iter().zip(answers) {
            let id = line["id"].as_str().expect("an id");
            let id = format!("{}/{id}", suite.name());
            report.line("authn-local", "authn", &id, compare(line, &answer));
            if let Some(reviews) = line["tokenreview"].as_array() {
                let same = json!(reviews) == answer["tokenreview"];
                let told = || format!("{} differs from {reviews:?}", answer["tokenreview"]);
                let result = if same { Ok(()) } else { Err(told()) };
                report.line("authn-local", "tokenreview", &id, result);
            }
        }
    }
    token_reviews(suite, &servers, report);
}

/// The TokenReviews of `requests.jsonl`; TokenRequests are compared in `tests/tokens.rs`.
fn token_reviews(suite: &Suite, servers: &Value, report: &mut Report) {
    for line in suite.lines("requests.jsonl") {
        if line["body"]["kind"] != "TokenReview" {
            continue;
        }
        let text = |field: &str| line[field].as_str().unwrap_or_default();
        let mut call = Call::new(suite, &servers[text("server")], text("objects"));
        call.now = text("now").to_owned();
        let answer = call
            .ask(&["review"], std::slice::from_ref(&line["body"]))
            .remove(0);
        let (field, recorded) = match line["response"].is_null() {
            true => ("error", &line["status"]),
            false => ("status", &line["response"]["status"]),
        };
        let result = match &answer[field] == recorded {
            true => Ok(()),
            false => Err(format!("recorded {recorded}, ours {answer}")),
        };
        let id = format!("{}/{}", suite.name(), text("id"));
        report.line("authn-local", "review", &id, result);
    }
}

/// One configuration: a server and the objects that it stores.
struct Call {
    flags: PathBuf,
    root: PathBuf,
    objects: PathBuf,
    now: String,
}

impl Call {
    fn new(suite: &Suite, server: &Value, objects: &str) -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let flags = scratch.join("server.flags");
        let words = server["flags"].as_array().expect("flags").iter();
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        fs::write(&flags, words.join("\n")).expect("a writable scratch file");
        let empty = scratch.join("no-objects");
        fs::create_dir_all(&empty).expect("a scratch folder");
        Call {
            flags,
            root: suite.folder.clone(),
            objects: match objects {
                "" => empty,
                objects => suite.folder.join(objects),
            },
            now: "2026-11-23T18:00:00Z".to_owned(),
        }
    }

    /// Runs a command that reads JSON Lines and answers in the same order.
    fn ask(&self, command: &[&str], questions: &[Value]) -> Vec<Value> {
        let file = self.flags.with_file_name("questions.jsonl");
        let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
        fs::write(&file, lines.join("\n")).expect("a writable scratch file");
        let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
            .args(command)
            .arg(file)
            .arg("--apiserver")
            .arg(&self.flags)
            .arg("--root")
            .arg(&self.root)
            .arg("--now")
            .arg(&self.now)
            .arg("-f")
            .arg(&self.objects)
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

/// The fields of a line that ask, with the certificates themselves for the names of their files.
fn question(suite: &Suite, line: &Value) -> Value {
    let mut question =
        json!({"id": line["id"], "now": line["now"], "credential": line["credential"]});
    if let Some(file) = line["credential"]["cert"].as_str() {
        let pem = fs::read_to_string(suite.folder.join(file)).expect("a certificate");
        question["credential"]["cert"] = json!(pem);
    }
    if line["request"].is_object() {
        question["request"] = line["request"].clone();
    }
    if let Some(reviews) = line["tokenreview"].as_array() {
        let reviews = reviews.iter();
        let asked = reviews.map(|review| json!({"audiences": review["audiences"]}));
        question["tokenreview"] = asked.collect();
    }
    question
}

fn compare(line: &Value, answer: &Value) -> Result<(), String> {
    let mut differences = Vec::new();
    let recorded_only = ["warnings", "details"].into_iter();
    let recorded_only = recorded_only.filter(|field| !line[*field].is_null());
    for field in ANSWER.into_iter().chain(recorded_only) {
        if line[field] != answer[field] {
            let (recorded, ours) = (&line[field], &answer[field]);
            differences.push(format!("{field}: recorded {recorded}, ours {ours}"));
        }
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(differences.join("; ")),
    }
}
