//! Recorded answers against the library's.

use crate::Report;
use crate::suite::Suite;
use rbac_check::answer::access_review::AccessReview;
use rbac_check::answer::grants::all_grants;
use rbac_check::answer::rules_review::rules_review;
use rbac_check::answer::who_can as answer;
use rbac_check::authz::rbac::Decision;
use rbac_check::authz::{Chain, Verdict};
use rbac_check::model::{Cluster, PolicyRule, Request, RoleKind, UserInfo};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// `access.jsonl`
pub fn access(suite: &Suite, world: &Cluster, area: &str, report: &mut Report) {
    let chain = Chain::new(world);
    for line in suite.lines("access.jsonl") {
        let id = line["id"].as_str().expect("an id");
        report.line(area, "access", id, access_line(&chain, &line));
    }
}

fn access_line(chain: &Chain<'_>, line: &Value) -> Result<(), String> {
    let text = line["review"].to_string();
    let review = AccessReview::from_json(&text).map_err(|e| e.to_string())?;
    let kind = review.review_kind().ok_or("no access review")?;
    if let Err(status) = review.validate(kind) {
        let ours = serde_json::to_value(&status).map_err(|e| e.to_string())?;
        return same(&ours, &line["error"]);
    }
    if line.get("error").is_some() {
        return Err("taken, but the server refuses it".to_owned());
    }
    let recorded = &line["review"]["status"];
    let selectors = review.spec.selectors();
    let attributes = review.spec.attributes(&selectors).ok_or("no attributes")?;
    let verdict = chain.decide(&attributes);
    if let Verdict::Unknown(_) = verdict {
        return Err("unknown, but the server knows".to_owned());
    }
    let allowed = verdict.allowed();
    same(&json!(allowed), &recorded["allowed"])?;
    same(
        &json!(review.spec.evaluation_error().unwrap_or_default()),
        &json!(recorded["evaluationError"].as_str().unwrap_or("")),
    )?;
    let mut ours = String::new();
    chain.write_reason(&attributes, &verdict, &mut ours);
    // Which binding is named, and the order of errors, varies from call to call: each recorded wording
    // must be one that we could give, and ours the first of those.
    let also = line["also"].as_array().map_or(&[][..], Vec::as_slice);
    let mut accepted: BTreeSet<String> = match verdict {
        Verdict::Allowed { .. } => {
            let rbac = chain.rbac().ok_or("no RBAC")?;
            let mut grants = all_grants(rbac, &attributes);
            // The server names the first subject of a binding, of the first rule that allows.
            grants.dedup_by_key(|g| g.binding);
            let reason = |allow| rbac.reason(&attributes, &Decision::Allow(allow));
            grants.into_iter().map(reason).collect()
        }
        _ => BTreeSet::from([unordered(&ours)]),
    };
    if !accepted.remove(&unordered(&ours)) && !ours.is_empty() {
        return Err(format!("our reason {ours:?} is none of {accepted:?}"));
    }
    accepted.insert(unordered(&ours));
    for status in also.iter().chain([recorded]) {
        let reason = status["reason"].as_str().unwrap_or("");
        if !accepted.contains(&unordered(reason)) {
            return Err(format!(
                "recorded reason {reason:?} is none of ours: {accepted:?}"
            ));
        }
    }
    Ok(())
}

/// The errors of a text in a fixed order.
pub fn unordered(text: &str) -> String {
    let Some((head, list)) = text.split_once('[').filter(|_| text.ends_with(']')) else {
        return text.to_owned();
    };
    let mut errors: Vec<&str> = list.trim_end_matches(']').split(", ").collect();
    errors.sort_unstable();
    format!("{head}[{}]", errors.join(", "))
}

/// `rules.jsonl`
pub fn rules(suite: &Suite, world: &Cluster, area: &str, report: &mut Report) {
    let chain = Chain::new(world);
    for line in suite.lines("rules.jsonl") {
        let id = line["id"].as_str().expect("an id");
        // What the API refuses is compared through the command line, which answers these lines whole.
        if line.get("error").is_none() {
            report.line(area, "rules", id, rules_line(&chain, &line));
        }
    }
}

fn rules_line(chain: &Chain<'_>, line: &Value) -> Result<(), String> {
    let user: UserInfo = serde_json::from_value(line["user"].clone()).map_err(|e| e.to_string())?;
    let namespace = line["namespace"].as_str().unwrap_or("");
    let status = rules_review(chain, &user, namespace);
    let ours = serde_json::to_value(status).map_err(|e| e.to_string())?;
    compare_rules_status(&ours, &line["status"], &line["alsoEvaluationError"])
}

/// A rules review status against a recorded one: rules as multisets, errors in any order.
pub fn compare_rules_status(ours: &Value, recorded: &Value, also: &Value) -> Result<(), String> {
    for field in ["resourceRules", "nonResourceRules"] {
        let sorted = |value: &Value| -> Vec<String> {
            let rules = value[field].as_array().map_or(&[][..], Vec::as_slice);
            let mut rules: Vec<String> = rules.iter().map(Value::to_string).collect();
            rules.sort();
            rules
        };
        let (ours, recorded) = (sorted(ours), sorted(recorded));
        if ours != recorded {
            return Err(format!("{field}: ours {ours:?}, recorded {recorded:?}"));
        }
    }
    same(&ours["incomplete"], &recorded["incomplete"])?;
    let error = |value: &Value| unordered(value.as_str().unwrap_or(""));
    let ours = error(&ours["evaluationError"]);
    let also = also.as_array().map_or(&[][..], Vec::as_slice);
    let mut accepted = also.iter().chain([&recorded["evaluationError"]]);
    if accepted.all(|a| error(a) != ours) {
        return Err(format!(
            "evaluationError: ours {ours:?}, recorded {recorded}"
        ));
    }
    Ok(())
}

/// `settled.jsonl` and `aggregated.jsonl`
pub fn settled(suite: &Suite, world: &Cluster, area: &str, report: &mut Report) {
    for (file, kind, ordered) in [
        ("settled.jsonl", "settled", true),
        ("aggregated.jsonl", "aggregated", false),
    ] {
        for line in suite.lines(file) {
            let id = line["id"].as_str().expect("an id");
            report.line(area, kind, id, settled_line(world, &line, ordered));
        }
    }
}

fn settled_line(world: &Cluster, line: &Value, ordered: bool) -> Result<(), String> {
    let name = line["name"].as_str().ok_or("no name")?;
    let role = world
        .roles()
        .iter()
        .find(|r| r.kind == RoleKind::ClusterRole && world.str(r.name) == name)
        .ok_or("no such ClusterRole")?;
    let mut ours: Vec<String> = role.rules.iter().map(|r| rule_json(world, r)).collect();
    let recorded = line["rules"].as_array().map_or(&[][..], Vec::as_slice);
    let mut recorded: Vec<String> = recorded.iter().map(Value::to_string).collect();
    if !ordered {
        ours.sort();
        recorded.sort();
    }
    if ours == recorded {
        Ok(())
    } else {
        Err(format!("ours {ours:?}, recorded {recorded:?}"))
    }
}

fn rule_json(world: &Cluster, rule: &PolicyRule) -> String {
    let mut value = json!({});
    for (field, list) in [
        ("verbs", &rule.verbs),
        ("apiGroups", &rule.api_groups),
        ("resources", &rule.resources),
        ("resourceNames", &rule.resource_names),
        ("nonResourceURLs", &rule.non_resource_urls),
    ] {
        if !list.is_empty() {
            value[field] = list.iter().map(|s| world.str(*s)).collect();
        }
    }
    value.to_string()
}

/// `who-can.jsonl`
pub fn who_can(suite: &Suite, world: &Cluster, area: &str, report: &mut Report) {
    let chain = Chain::new(world);
    // Recorded were the subjects that the suite lists.
    let asked: Option<BTreeSet<String>> = suite.about["subjects"]
        .as_array()
        .map(|subjects| subjects.iter().map(Value::to_string).collect());
    for line in suite.lines("who-can.jsonl") {
        let id = line["id"].as_str().expect("an id");
        let word = |field: &str| line[field].as_str().unwrap_or("");
        let request = Request::Resource {
            verb: word("verb"),
            group: word("group"),
            resource: word("resource"),
            subresource: word("subresource"),
            namespace: word("namespace"),
            name: word("name"),
        };
        let ours: BTreeSet<String> = who_can_names(&chain, request);
        let recorded = line["subjects"].as_array().map_or(&[][..], Vec::as_slice);
        let recorded: BTreeSet<String> = recorded.iter().map(Value::to_string).collect();
        let ours: BTreeSet<String> = match &asked {
            Some(asked) => ours.intersection(asked).cloned().collect(),
            None => ours,
        };
        let result = if ours == recorded {
            Ok(())
        } else {
            let more: Vec<_> = ours.difference(&recorded).collect();
            let fewer: Vec<_> = recorded.difference(&ours).collect();
            Err(format!("only ours {more:?}, only recorded {fewer:?}"))
        };
        report.line(area, "who-can", id, result);
    }
}

fn who_can_names(chain: &Chain<'_>, request: Request<'_>) -> BTreeSet<String> {
    answer::who_can(chain, request)
        .may
        .iter()
        .map(|who| {
            let mut subject = json!({"kind": who.kind.as_str(), "name": who.name});
            if !who.namespace.is_empty() {
                subject["namespace"] = json!(who.namespace);
            }
            subject.to_string()
        })
        .collect()
}

/// Two values that must be equal.
pub fn same(ours: &Value, recorded: &Value) -> Result<(), String> {
    if ours == recorded {
        Ok(())
    } else {
        Err(format!("ours {ours}, recorded {recorded}"))
    }
}
