//! Recorded authorization by configured servers, through the command line: `review` against `access.jsonl`,
//! `can-i --list --batch` against `rules.jsonl`, and what `review` decides against `requests.jsonl`.

use crate::Report;
use crate::compare::{compare_rules_status, same, unordered};
use crate::suite::Suite;
use rbac_check::answer::forbidden::refusal;
use rbac_check::apiserver::flags::{self, Program};
use rbac_check::apiserver::{Files, running};
use rbac_check::authn::grouped;
use rbac_check::model::request_info::RequestInfo;
use rbac_check::model::{Quoted, Request, UserInfo};
use serde_json::{Value, json};
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
    for (config, lines) in by_config(suite, "requests.jsonl") {
        requests(suite, &config, &lines, report);
    }
    for (config, lines) in by_config(suite, "access.jsonl") {
        let questions: Vec<Value> = lines.iter().map(|line| question(&line["review"])).collect();
        let answers = Call::new(suite, &config).ask(&["review"], &questions);
        for (line, answer) in lines.iter().zip(answers) {
            let id = line["id"].as_str().expect("an id");
            let error = answer["status"]["evaluationError"].as_str();
            if error.is_some_and(|error| error.contains("not evaluated yet")) {
                report.waiting(AREA, "access");
                continue;
            }
            report.line(AREA, "access", id, access(line, &answer));
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

/// Real requests, as far as authorization decides about them: let in or not, and the refusal's words.
fn requests(suite: &Suite, config: &str, lines: &[Value], report: &mut Report) {
    let call = Call::new(suite, config);
    let text = fs::read_to_string(&call.flags).expect("a manifest");
    let line = flags::read("server.yaml", &text).expect("flags");
    let anonymous = match line.program() {
        Program::ApiServer => {
            let files = Files::new(Some(&call.root), None);
            Some(running(&line, &files).expect("a server").anonymous)
        }
        Program::ControllerManager => None,
    };
    let questions: Vec<Question> = lines
        .iter()
        .map(|line| Question::of(line, anonymous.is_some()))
        .collect();
    let reviews: Vec<Value> = questions.iter().map(Question::review).collect();
    let answers = call.ask(&["review"], &reviews);
    for ((line, question), answer) in lines.iter().zip(&questions).zip(answers) {
        let id = line["id"].as_str().expect("an id");
        let status = &answer["status"];
        if status["evaluationError"]
            .as_str()
            .is_some_and(|error| error.starts_with("unknown: "))
        {
            report.waiting(AREA, "requests");
            continue;
        }
        let nobody = line["user"].is_null();
        let let_in = anonymous
            .as_ref()
            .is_none_or(|anonymous| anonymous.allows(&question.info.path));
        let result = match nobody && !let_in {
            true => same(&json!(401), &line["code"]),
            false => answered(line, question, status),
        };
        report.line(AREA, "requests", id, result);
    }
}

fn answered(line: &Value, question: &Question, status: &Value) -> Result<(), String> {
    let code = line["code"].as_u64().expect("a code");
    let refused = [401, 403, 500].contains(&code);
    let differs = || Err(format!("decided {status}, recorded {line}"));
    if status["allowed"] == true {
        return if refused { differs() } else { Ok(()) };
    }
    if let Some(error) = status["evaluationError"].as_str() {
        let path = line["path"].as_str().unwrap_or_default();
        let body = format!("Internal Server Error: {}: {error}\n", Quoted(path));
        // Long bodies were not kept.
        let recorded = line["text"].as_str().unwrap_or(&body);
        let timeless = |text: &str| {
            RACE.iter()
                .fold(text.to_owned(), |t, over| t.replace(over, "<time is over>"))
        };
        let equal = timeless(recorded) == timeless(&body);
        return if code == 500 && equal {
            Ok(())
        } else {
            differs()
        };
    }
    let reason = status["reason"].as_str().unwrap_or_default();
    let refusal = refusal(&question.user.username, question.request(), reason);
    // HEAD has no body.
    let recorded = line["status"]["message"]
        .as_str()
        .unwrap_or(&refusal.message);
    match code == 403 && recorded == refusal.message {
        true => Ok(()),
        false => Err(format!("ours {:?}, recorded {line}", refusal.message)),
    }
}

/// What a request asks of the authorizers.
struct Question {
    user: UserInfo,
    info: RequestInfo,
}

impl Question {
    /// Only the API server knows of API resources; to others they are paths.
    fn of(line: &Value, knows_resources: bool) -> Self {
        let text = |field: &str| line[field].as_str().expect("a text");
        let mut info = RequestInfo::new(text("method"), text("path")).expect("a path");
        if !knows_resources {
            info.is_resource = false;
            info.verb = text("method").to_ascii_lowercase();
        }
        let user = match line["user"].is_null() {
            true => UserInfo {
                username: "system:anonymous".to_owned(),
                groups: vec!["system:unauthenticated".to_owned()],
                ..UserInfo::default()
            },
            false => grouped(serde_json::from_value(line["user"].clone()).expect("a user")),
        };
        Question { user, info }
    }

    fn request(&self) -> Request<'_> {
        match self.info.is_resource {
            true => self.info.request(),
            false => Request::NonResource {
                verb: &self.info.verb,
                path: &self.info.path,
            },
        }
    }

    fn review(&self) -> Value {
        let (field, attributes) = match self.request() {
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            } => (
                "resourceAttributes",
                json!({"verb": verb, "group": group, "version": "v1", "resource": resource,
                    "subresource": subresource, "namespace": namespace, "name": name}),
            ),
            Request::NonResource { verb, path } => {
                ("nonResourceAttributes", json!({"verb": verb, "path": path}))
            }
        };
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {field: attributes, "user": self.user.username, "groups": self.user.groups,
                "uid": self.user.uid, "extra": self.user.extra},
        })
    }
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
