//! Webhook authorizers against recorded answers: every line of `access.jsonl` of the suites of webhooks, with
//! the authorizers of its configuration in their order.

use rbac_check::answer::access_review::{AccessReview, Spec};
use rbac_check::answer::grants::all_grants;
use rbac_check::answer::selectors::{Comparison, Selector, SelectorKind};
use rbac_check::apiserver::{Files, LoadedConfig, flags, running};
use rbac_check::authz::rbac::{Decision as RbacDecision, Rbac};
use rbac_check::authz::webhook::{
    Decision, Question, Requirement, WebhookAuthorizer, WebhookOpinion,
};
use rbac_check::authz::{is_node, is_privileged};
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::Cluster;
use rbac_check::webhook::Recordings;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What differs from one call to the next: which of two timers tells that the time is over.
const RACES: [(&str, &str); 2] = [
    (
        "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        "<time is over>",
    ),
    ("context deadline exceeded", "<time is over>"),
];

fn area() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/authz-chain")
}

fn cluster(suite: &str) -> Cluster {
    let file = area().join(suite).join("input/manifests/rbac.yaml");
    let text = std::fs::read_to_string(file).expect("manifests");
    let mut loader = Loader::new(Options {
        defaults: true,
        ..Options::default()
    });
    loader
        .add_text("rbac.yaml", &text, Format::Guess)
        .expect("manifests that the server takes");
    loader.finish()
}

/// A configuration and the traffic of its webhooks.
struct Server {
    config: LoadedConfig,
    webhooks: BTreeMap<String, WebhookAuthorizer>,
}

impl Server {
    fn load(suite: &str, config: &str) -> Self {
        let folder = area().join(suite).join("input").join(config);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("access-{suite}-{config}"));
        let etc = root.join("etc");
        std::fs::create_dir_all(&etc).expect("a scratch folder");
        let link = etc.join("kubernetes");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(&folder, link).expect("a link");
        let pod = folder.join("kube-apiserver.yaml");
        let text = std::fs::read_to_string(&pod).expect("a manifest");
        let line = flags::read("kube-apiserver.yaml", &text).expect("flags");
        let config = running(&line, &Files::new(Some(&root), Some(&pod))).expect("a server");
        let mut recordings = Recordings::default();
        let mut webhooks = BTreeMap::new();
        for authorizer in &config.authorization.authorizers {
            let Some(webhook) = &authorizer.webhook else {
                continue;
            };
            let name = &authorizer.name[..];
            let file = format!("webhook-{name}.jsonl");
            if let Ok(text) = std::fs::read_to_string(folder.join(&file)) {
                recordings.add(Some(name), &file, &text).expect("lines");
            }
            let recording = recordings.authorizer(name, false).cloned();
            let connection = &config.authorization_webhooks[name];
            let webhook = WebhookAuthorizer::new(name, webhook, connection, recording);
            webhooks.insert(name.to_owned(), webhook.expect("a version"));
        }
        Server { config, webhooks }
    }

    /// The status of a review; `Err` where it cannot be told.
    fn answer(
        &self,
        cluster: &Cluster,
        spec: &Spec<'_>,
    ) -> Result<(Value, BTreeSet<String>), String> {
        let attributes = spec.attributes().expect("attributes");
        if is_privileged(attributes.groups) {
            return Ok((json!({"allowed": true}), BTreeSet::new()));
        }
        let rbac = Rbac::new(cluster);
        let (mut reasons, mut errors) = (Vec::new(), Vec::new());
        for authorizer in &self.config.authorization.authorizers {
            let opinion = match &authorizer.kind[..] {
                "AlwaysAllow" => opinion(Decision::Allow, ""),
                "AlwaysDeny" => opinion(Decision::NoOpinion, "Everything is forbidden."),
                "Node" if is_node(&attributes) => return Err("a node".to_owned()),
                "Node" => opinion(Decision::NoOpinion, ""),
                "RBAC" => match rbac.decide(&attributes) {
                    RbacDecision::Allow(_) => {
                        let grants = all_grants(&rbac, &attributes).into_iter();
                        let all = grants
                            .map(|grant| rbac.reason(&attributes, &RbacDecision::Allow(grant)))
                            .collect();
                        return Ok((json!({"allowed": true}), all));
                    }
                    decision => {
                        let reason = rbac.reason(&attributes, &decision);
                        opinion(Decision::NoOpinion, &reason)
                    }
                },
                _ => self.webhooks[&authorizer.name].decide(&question(spec)),
            };
            let WebhookOpinion {
                decision,
                reason,
                error,
            } = opinion;
            match decision {
                Decision::Unknown => return Err(reason),
                Decision::NoOpinion => {
                    reasons.extend(Some(reason).filter(|reason| !reason.is_empty()));
                    errors.extend(error.filter(|error| !errors.contains(error)));
                }
                decided => {
                    let mut status = json!({"allowed": decided == Decision::Allow});
                    if decided == Decision::Deny {
                        status["denied"] = json!(true);
                    }
                    return Ok((with(status, &reason, error), BTreeSet::new()));
                }
            }
        }
        let error = match &errors[..] {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(format!("[{}]", several.join(", "))),
        };
        let status = with(json!({"allowed": false}), &reasons.join("\n"), error);
        Ok((status, BTreeSet::new()))
    }
}

fn opinion(decision: Decision, reason: &str) -> WebhookOpinion {
    WebhookOpinion {
        decision,
        reason: reason.to_owned(),
        error: None,
    }
}

fn with(mut status: Value, reason: &str, error: Option<String>) -> Value {
    if !reason.is_empty() {
        status["reason"] = json!(reason);
    }
    if let Some(error) = error {
        status["evaluationError"] = json!(error);
    }
    status
}

fn question<'a>(spec: &'a Spec<'a>) -> Question<'a> {
    let resource = spec.resource_attributes.as_ref();
    let version = resource.map_or("", |resource| &resource.version);
    Question {
        user: &spec.user,
        uid: &spec.uid,
        groups: spec.groups.iter().map(|group| &**group).collect(),
        extra: spec
            .extra
            .iter()
            .map(|(key, values)| (&**key, values.iter().map(|value| &**value).collect()))
            .collect(),
        request: spec.request().expect("a request"),
        version: if version.is_empty() { "*" } else { version },
        field_selector: requirements(
            resource.and_then(|r| r.field_selector.as_ref()),
            SelectorKind::Field,
        ),
        label_selector: requirements(
            resource.and_then(|r| r.label_selector.as_ref()),
            SelectorKind::Label,
        ),
    }
}

fn requirements<'a>(
    selector: Option<&'a Selector<'a>>,
    kind: SelectorKind,
) -> Vec<Requirement<'a>> {
    let Some(selector) = selector else {
        return Vec::new();
    };
    let parsed = selector.parse(kind).requirements.into_iter();
    parsed
        .filter_map(|requirement| {
            let operator = match requirement.comparison {
                Comparison::In | Comparison::Equals => "In",
                Comparison::NotIn | Comparison::NotEquals => "NotIn",
                Comparison::Exists => "Exists",
                Comparison::DoesNotExist => "DoesNotExist",
                Comparison::GreaterThan | Comparison::LessThan => return None,
            };
            Some(Requirement {
                key: requirement.key,
                operator,
                values: requirement.values.into_iter().map(String::from).collect(),
            })
        })
        .collect()
}

fn without_races(status: &Value) -> Value {
    let mut status = status.clone();
    if let Some(error) = status["evaluationError"].as_str() {
        let mut error = error.to_owned();
        for (found, shown) in RACES {
            error = error.replace(found, shown);
        }
        status["evaluationError"] = json!(error);
    }
    status
}

#[test]
fn decides_as_recorded() {
    let (mut right, mut nodes) = (0, 0);
    let mut wrong = Vec::new();
    for suite in ["webhook-flags", "structured"] {
        let cluster = cluster(suite);
        let mut servers: BTreeMap<String, Server> = BTreeMap::new();
        let text = std::fs::read_to_string(area().join(suite).join("access.jsonl")).expect("lines");
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).expect("a line");
            let config = line["config"].as_str().expect("a config");
            let server = servers
                .entry(config.to_owned())
                .or_insert_with(|| Server::load(suite, config));
            let review = line["review"].to_string();
            let review = AccessReview::from_json(&review).expect("a review");
            let recorded = without_races(&line["review"]["status"]);
            let (mut status, reasons) = match server.answer(&cluster, &review.spec) {
                Ok(answer) => answer,
                Err(why) if why == "a node" => {
                    nodes += 1;
                    continue;
                }
                Err(why) => {
                    wrong.push(format!("{} {config}: unknown: {why}", line["id"]));
                    continue;
                }
            };
            if let Some(recorded) = recorded["reason"].as_str()
                && reasons.contains(recorded)
            {
                // RBAC names any binding that allows.
                status["reason"] = json!(recorded);
            }
            if let Some(error) = review.spec.evaluation_error() {
                status["evaluationError"] = match status["evaluationError"].as_str() {
                    Some(own) => json!(format!("{own}; {error}")),
                    None => json!(error),
                };
            }
            match without_races(&status) == recorded {
                true => right += 1,
                false => wrong.push(format!(
                    "{} {config}\n  recorded: {recorded}\n  here:     {status}",
                    line["id"]
                )),
            }
        }
    }
    println!("{right} decisions as recorded, {nodes} left to the Node authorizer");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right + nodes >= 1863, "lines are missing");
}
