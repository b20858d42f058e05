//! `kubectl.jsonl`: recorded kubectl command lines against our binary.

use crate::Report;
use crate::suite::Suite;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

pub fn run(suite: &Suite, report: &mut Report) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("user-info.json");
    for line in suite.lines("kubectl.jsonl") {
        let args: Vec<&str> = strings(&line["args"]);
        let command = match args.as_slice() {
            ["auth", "can-i", ..] => "kubectl auth can-i",
            ["auth", "whoami", ..] => "kubectl auth whoami",
            // The words of refused requests of other commands need the request layer.
            _ => continue,
        };
        let id = line["id"].as_str().expect("an id");
        let output = ours(suite, &scratch, &args[1..], &line);
        report.line("rbac", command, id, compare(&args, &line, &output));
    }
}

fn strings(value: &Value) -> Vec<&str> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(Value::as_str).collect()
}

fn ours(suite: &Suite, scratch: &Path, args: &[&str], line: &Value) -> Output {
    std::fs::write(scratch, line["as"].to_string()).expect("a writable scratch file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rbac-check"));
    command.args(args).arg("--user-info").arg(scratch);
    command.arg("-f").arg(suite.folder.join("input"));
    // As recorded: one context named x, one user named u.
    let kubeconfig = scratch.with_file_name("kubeconfig.yaml");
    let namespace = line["contextNamespace"].as_str().unwrap_or("");
    let text = format!(
        "current-context: x\ncontexts: [{{name: x, context: {{cluster: c, user: u, namespace: \"{namespace}\"}}}}]\n"
    );
    std::fs::write(&kubeconfig, text).expect("a writable scratch file");
    command.arg("--kubeconfig").arg(kubeconfig);
    command.output().expect("our binary runs")
}

fn compare(args: &[&str], line: &Value, output: &Output) -> Result<(), String> {
    let stdout = without_time(&String::from_utf8_lossy(&output.stdout));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    if let Some(expected) = wider_than_kubectl(args) {
        // CLI.md gives these commands an output flag that kubectl has not, or not with this value.
        return if code == expected {
            Ok(())
        } else {
            Err(format!("exit status {code}, by the contract {expected}"))
        };
    }
    let also = line["also"].as_array().map_or(&[][..], Vec::as_slice);
    let mut differences = Vec::new();
    for recorded in also.iter().chain([line]) {
        let text = |field: &str| recorded[field].as_str().unwrap_or("");
        // kubectl exits with 1 for a no and for an error, we with 2 for bad usage.
        let usage = text("stderr").starts_with("error: ") && args[1] == "can-i"
            || text("stderr").contains("requesting uid, groups")
            || text("stderr").contains("unable to match a printer")
            || text("stderr").contains("unknown flag");
        let expected = if usage {
            2
        } else {
            recorded["exit"].as_i64().unwrap_or(-1)
        };
        if without_time(text("stdout")) != stdout {
            differences.push(format!("stdout {stdout:?}, recorded {:?}", text("stdout")));
        } else if i64::from(code) != expected {
            differences.push(format!("exit status {code}, expected {expected}: {stderr}"));
        } else if !stderr_matches(&stderr, text("stderr")) {
            differences.push(format!("stderr {stderr:?}, recorded {:?}", text("stderr")));
        } else {
            return Ok(());
        }
    }
    Err(differences.join("; or "))
}

fn wider_than_kubectl(args: &[&str]) -> Option<i32> {
    match args {
        [_, "can-i", .., "-o", "json"] => Some(0),
        [_, "whoami", .., "-o", "table"] => Some(0),
        _ => None,
    }
}

/// Warnings and answers of the server are kubectl's to the letter. Its words about flags that it does
/// not know are clap's here, and where discovery itself is refused (an offline reader needs none), only
/// the last line counts.
fn stderr_matches(ours: &str, recorded: &str) -> bool {
    if recorded.contains("memcache.go") {
        return ours.ends_with(recorded.lines().last().unwrap_or("").trim_end())
            || ours.lines().last() == recorded.lines().last();
    }
    if recorded.contains("--help' for usage") {
        return !ours.is_empty();
    }
    ours == recorded
}

/// The time of the review is the clock's.
fn without_time(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some(at) = rest.find("creationTimestamp") {
        let line = rest[at..].find('\n').map_or(rest.len(), |end| at + end);
        out.push_str(&rest[..at]);
        out.push_str("creationTimestamp");
        rest = &rest[line..];
    }
    out + rest
}
