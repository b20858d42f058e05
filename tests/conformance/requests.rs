//! Recorded requests: `trace --batch` against `requests.jsonl`.

use crate::Report;
use crate::compare::unordered;
use crate::suite::Suite;
use rbac_check::answer::grants::all_grants;
use rbac_check::authz::Chain;
use rbac_check::authz::rbac::Decision;
use rbac_check::model::{Attributes, Cluster, Request, UserInfo};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// The fields of an answer that must be the same where a line has them.
const SAME: [&str; 5] = [
    "effective",
    "constraint",
    "decision",
    "warnings",
    "attributes",
];

/// The Pod that the servers of `impersonation-*` had and none of the suites' files holds: recorded answers show
/// that it is found, and that it runs on node-a.
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: team-a}
spec: {nodeName: node-a}
";

pub fn run(suite: &Suite, report: &mut Report) {
    let lines = suite.lines("requests.jsonl");
    if lines.is_empty() {
        return;
    }
    let kind = match suite.name() {
        "messages" | "messages-noanon" => "messages",
        _ => "impersonation",
    };
    let world = suite.load();
    let answers = ask(suite);
    assert_eq!(answers.len(), lines.len(), "{}", suite.name());
    for (line, answer) in lines.iter().zip(&answers) {
        let id = line["id"].as_str().expect("an id");
        let id = format!("{}/{id}", suite.name());
        assert_eq!(line["id"], answer["id"]);
        report.line("requests", kind, &id, compare(&world, line, answer));
    }
}

/// Answers a suite in one call, with the flags that its server had.
fn ask(suite: &Suite) -> Vec<Value> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let input = suite.folder.join("input");
    let flags = suite.about["flags"].as_array().expect("flags");
    let flags: Vec<&str> = flags
        .iter()
        .filter_map(Value::as_str)
        // Some flags are told in words; the CA of client certificates is in no suite, nobody sends any.
        .filter(|flag| flag.starts_with("--") && !flag.contains('<') && !flag.contains("ca.crt"))
        .filter(|flag| !flag.contains("tokens.csv") || input.join("tokens.csv").exists())
        .collect();
    let file = scratch.join("requests.flags");
    std::fs::write(&file, flags.join("\n")).expect("a writable scratch file");
    let pod = scratch.join("requests-pod.yaml");
    std::fs::write(&pod, POD).expect("a writable scratch file");
    let pod = suite.name().starts_with("impersonation").then_some(pod);
    let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
        .args(["trace", "--batch"])
        .arg(suite.folder.join("requests.jsonl"))
        .arg("--apiserver")
        .arg(file)
        .arg("--root")
        .arg(&input)
        .arg("-f")
        .arg(input.join("*.yaml"))
        .args(pod.iter().flat_map(|pod| [Path::new("-f"), pod]))
        .output()
        .expect("our binary runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).expect("text");
    let parse = |line| serde_json::from_str(line).expect("JSON");
    stdout.lines().map(parse).collect()
}

fn compare(world: &Cluster, line: &Value, answer: &Value) -> Result<(), String> {
    let mut differences = Vec::new();
    let mut differs = |field: &str, recorded: &Value, ours: &Value| {
        differences.push(format!("{field}: recorded {recorded}, ours {ours}"));
    };
    if line["code"] != answer["code"] {
        differs("code", &line["code"], &answer["code"]);
    }
    if !same_status(line, &line["status"], &answer["status"]) {
        differs("status", &line["status"], &answer["status"]);
    }
    if !line["text"].is_null() && line["text"] != answer["text"] {
        differs("text", &line["text"], &answer["text"]);
    }
    // Only some suites have recorded attributes.
    let fields = SAME
        .into_iter()
        .filter(|field| *field != "attributes" || !line[*field].is_null() || line["code"] == 401);
    for field in fields {
        if line[field] != answer[field] {
            differs(field, &line[field], &answer[field]);
        }
    }
    if !same_reason(world, line, answer) {
        differs("reason", &line["reason"], &answer["reason"]);
    }
    for recorded in items(&line["warm"]) {
        let ours = items(&answer["warm"])
            .iter()
            .find(|warm| warm["after"] == recorded["after"]);
        let ours = ours.unwrap_or(&Value::Null);
        let same = without_order(line, recorded) == without_order(line, ours);
        if !same {
            differs("warm", recorded, ours);
        }
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(differences.join("; ")),
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Which of several extra values is refused first varies from try to try: their names are left out.
fn without_order(line: &Value, value: &Value) -> String {
    let mut text = value.to_string();
    let extra = items(&line["headers"]).iter().filter_map(|header| {
        let name = header[0].as_str()?.to_ascii_lowercase();
        let key = name.strip_prefix("impersonate-extra-")?;
        Some((key.replace("%2f", "/"), header[1].as_str()?.to_owned()))
    });
    let extra: Vec<(String, String)> = extra.collect();
    if extra.len() > 1 {
        for (key, value) in extra {
            text = text.replace(&format!("userextras/{key}\\\""), "userextras/KEY\\\"");
            let refused = format!("userextras.authentication.k8s.io \\\"{value}\\\"");
            text = text.replace(&refused, "userextras.authentication.k8s.io \\\"VALUE\\\"");
            text = text.replace(&format!("\"name\":\"{value}\""), "\"name\":\"VALUE\"");
        }
    }
    text
}

fn same_status(line: &Value, recorded: &Value, ours: &Value) -> bool {
    if without_order(line, recorded) == without_order(line, ours) {
        return true;
    }
    let message = |status: &Value| unordered(status["message"].as_str().unwrap_or_default());
    let also = items(&line["messages_any_of"]).iter();
    let mut accepted = also.map(|text| unordered(text.as_str().unwrap_or_default()));
    let fits = message(recorded) == message(ours) || accepted.any(|text| text == message(ours));
    let mut rest = [recorded.clone(), ours.clone()];
    for status in &mut rest {
        status["message"] = Value::Null;
    }
    fits && rest[0] == rest[1]
}

/// Of several bindings that allow, the server names any.
fn same_reason(world: &Cluster, line: &Value, answer: &Value) -> bool {
    let (recorded, ours) = (&line["reason"], &answer["reason"]);
    let text = |value: &Value| unordered(value.as_str().unwrap_or_default());
    if text(recorded) == text(ours) || items(&line["reasons"]).contains(ours) {
        return true;
    }
    let user = match answer["effective"].is_null() {
        true => &answer["user"],
        false => &answer["effective"],
    };
    let Ok(user) = serde_json::from_value::<UserInfo>(user.clone()) else {
        return false;
    };
    let part = |name: &str| answer["attributes"][name].as_str().unwrap_or_default();
    let request = match answer["attributes"]["path"].is_null() {
        true => Request::Resource {
            verb: part("verb"),
            group: part("apiGroup"),
            resource: part("resource"),
            subresource: part("subresource"),
            namespace: part("namespace"),
            name: part("name"),
        },
        false => Request::NonResource {
            verb: part("verb"),
            path: part("path"),
        },
    };
    let chain = Chain::new(world);
    let Some(rbac) = chain.rbac() else {
        return false;
    };
    let attributes = Attributes::of(&user, request);
    let mut grants = all_grants(rbac, &attributes);
    grants.dedup_by_key(|grant| grant.binding);
    let mut reasons = grants
        .into_iter()
        .map(|grant| rbac.reason(&attributes, &Decision::Allow(grant)));
    reasons.any(|reason| json!(reason) == *recorded)
}

/// Events of the audit log: the loaded policy decides as the server did.
pub fn audit(suite: &Suite, report: &mut Report) {
    let input = suite.folder.join("input");
    let log = input.join("audit.log");
    if !log.exists() {
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
        .args(["trace", "-o", "json", "--audit-event"])
        .arg(log)
        .arg("-f")
        .arg(input.join("rbac.yaml"))
        .output()
        .expect("our binary runs");
    let stdout = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(!lines.is_empty(), "no event was judged");
    for line in lines {
        let id = line["auditID"].as_str().expect("an id");
        // Without a decision nothing but the placing is judged: nobody was authenticated.
        let agrees = line["agrees"] == true
            || (line["agrees"].is_null()
                && line["code"] == 401
                && line["stage"] == "authentication");
        let result = match agrees {
            true => Ok(()),
            false => Err(line.to_string()),
        };
        report.line("requests", "audit", id, result);
    }
}
