//! `who-can`: every subject that may, with the path of each.

use super::args::{Common, Output, WhoCanArgs};
use super::server::Server;
use super::terminal::messages;
use super::{Exit, input, load_cluster, print, print_value};
use crate::answer::hints;
use crate::answer::resource_arg::{self, CanIFlags, Question, Warning};
use crate::answer::who_can::{WhoCan, who_can};
use crate::authz::Chain;
use crate::model::{Request, SubjectKind};
use crate::render;
use anyhow::{Result, anyhow};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

pub(super) fn run(common: &Common, args: &WhoCanArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let chain = Server::load(&common.server)?.chain(&cluster)?;
    if let Some(path) = &args.batch {
        return batch(&chain, path);
    }
    let flags = CanIFlags {
        subresource: &args.subresource,
        all_namespaces: args.all_namespaces,
        namespace: &args.namespace,
        ..CanIFlags::default()
    };
    let asked = resource_arg::can_i(&args.words, &flags, cluster.api_resources());
    let scope_implied = args.namespace.is_empty() && !args.all_namespaces;
    let cluster_scoped =
        |warning: &Warning<'_>| scope_implied && matches!(warning, Warning::NotNamespaced { .. });
    for warning in asked.warnings.iter().filter(|w| !cluster_scoped(w)) {
        let _ = messages().write_all(warning.printed().as_bytes());
    }
    let mut request = match asked.question {
        Ok(Question::May(request)) => request,
        _ => {
            return Err(anyhow!(
                "expected VERB RESOURCE, VERB RESOURCE/NAME or VERB /PATH, such as: who-can get secrets -n prod"
            ));
        }
    };
    // Nobody named a namespace. A real request about such a resource has none, but for one about a
    // namespace, which is in itself.
    if let Request::Resource {
        group,
        resource,
        namespace,
        name,
        ..
    } = &mut request
        && asked.warnings.iter().any(cluster_scoped)
    {
        let itself = group.is_empty() && *resource == "namespaces";
        *namespace = if itself { name } else { "" };
    }
    let type_arg = args.words.get(1).map_or("", String::as_str);
    let hints = hints::about_words(&cluster, request, type_arg);
    for hint in render::explain::hint_lines(&cluster, "", &hints) {
        let _ = writeln!(messages(), "hint: {hint}");
    }
    let answer = who_can(&chain, request);
    match args.output {
        Output::Table => {
            let text = render::who_can::table(&chain, &answer);
            print(text)?;
        }
        output => {
            let subjects = |subjects: &[WhoCan<'_>]| -> Vec<Value> {
                let with_ways = |who: &WhoCan<'_>| {
                    let mut subject = subject(who);
                    let ways = who.via.iter();
                    subject["via"] = ways
                        .map(|via| render::who_can::via_json(&chain, via))
                        .collect();
                    subject
                };
                subjects.iter().map(with_ways).collect()
            };
            let mut value = json!({"subjects": subjects(&answer.may)});
            if !answer.unless.is_empty() {
                value["unknown"] = json!(subjects(&answer.unless));
            }
            if !answer.not_listed.is_empty() {
                value["notListed"] = json!(render::who_can::not_listed(&chain, &answer));
            }
            print_value(&value, output == Output::Yaml)?;
        }
    }
    Ok(Exit::Yes)
}

fn subject(who: &WhoCan<'_>) -> Value {
    let mut subject = json!({"kind": who.kind.as_str()});
    if who.kind == SubjectKind::ServiceAccount {
        subject["namespace"] = json!(who.namespace);
    }
    subject["name"] = json!(who.name);
    subject
}

/// A line of `who-can.jsonl`; only the question's fields are read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WhoCanQuestion {
    id: Value,
    verb: String,
    group: String,
    resource: String,
    subresource: String,
    namespace: String,
    name: String,
    path: String,
}

fn batch(chain: &Chain<'_>, path: &Path) -> Result<Exit> {
    let mut out = String::new();
    for line in input::json_lines::<WhoCanQuestion>(path)? {
        let request = if line.path.is_empty() {
            Request::Resource {
                verb: &line.verb,
                group: &line.group,
                resource: &line.resource,
                subresource: &line.subresource,
                namespace: &line.namespace,
                name: &line.name,
            }
        } else {
            Request::NonResource {
                verb: &line.verb,
                path: &line.path,
            }
        };
        let answer = who_can(chain, request);
        let subjects =
            |subjects: &[WhoCan<'_>]| -> Vec<Value> { subjects.iter().map(subject).collect() };
        let mut value = json!({"id": line.id, "subjects": subjects(&answer.may)});
        if !answer.unless.is_empty() {
            value["unknown"] = json!(subjects(&answer.unless));
        }
        if !answer.not_listed.is_empty() {
            value["notListed"] = json!(render::who_can::not_listed(chain, &answer));
        }
        writeln!(out, "{value}")?;
    }
    print(out)?;
    Ok(Exit::Yes)
}
