//! `can-i`: kubectl's standard output and warnings, and why.

use super::args::{CanIArgs, Common, Output};
use super::identity::{AskedBy, Identity, identity, unverified};
use super::server::Server;
use super::terminal::{messages, shown};
use super::{Exit, input, load_cluster, print, print_value};
use crate::answer::forbidden::forbidden;
use crate::answer::resource_arg::{self, CanIFlags, Question};
use crate::answer::rules_review::{SubjectRulesReviewStatus, rules_review};
use crate::answer::serve::impersonation_refusal;
use crate::answer::status::Status;
use crate::answer::{explain, hints};
use crate::authn::{aggregate, grouped};
use crate::authz::{Chain, Verdict};
use crate::model::{Attributes, Quoted, Request, UserInfo};
use crate::render;
use crate::render::explain::Style;
use crate::render::explain::explanation_json;
use crate::render::rules_table::{NonResourceRuleRef, ResourceRuleRef, rules_table};
use anyhow::{Result, anyhow};
use colored::Colorize;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

pub(super) fn run(common: &Common, args: &CanIArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let server = Server::load(&common.server)?;
    let chain = server.chain(&cluster)?;
    if let Some(batch) = &args.batch {
        return list_batch(&chain, batch);
    }
    let review = review_request(match args.list {
        true => "selfsubjectrulesreviews",
        false => "selfsubjectaccessreviews",
    });
    let (context, identity) = identity(&args.who, &server, &cluster, &chain, review)?;
    let flags = CanIFlags {
        subresource: &args.subresource,
        all_namespaces: args.all_namespaces,
        namespace: &args.namespace,
        context_namespace: &context.namespace,
        list: args.list,
        quiet: args.quiet,
        no_headers: args.no_headers,
    };
    let asked = resource_arg::can_i(&args.words, &flags, cluster.api_resources());
    // kubectl learns of resources by the same credential: refused there, it has nothing to warn of.
    let refused = matches!(identity, Identity::Refused(..));
    for warning in asked.warnings.iter().filter(|_| !refused) {
        let _ = messages().write_all(warning.printed().as_bytes());
    }
    let question = asked.question.map_err(|error| anyhow!("{error}"))?;
    let mut asked_by = None;
    let user = match identity {
        Identity::User(user) => user,
        Identity::As(asker, granted) => {
            let mode = granted.mode;
            asked_by = Some(AskedBy { asker, mode });
            granted.user
        }
        Identity::Refused(asker, refused) => {
            let status = impersonation_refusal(&asker.username, &refused);
            let _ = writeln!(
                messages(),
                "Error from server (Forbidden): {}",
                status.message
            );
            return Ok(Exit::No);
        }
        Identity::Unknown(why) => return unknown(args, &why),
        Identity::Unverified(authentication) => {
            return unknown(args, &unverified(&authentication));
        }
        Identity::NoHandshake(why) => {
            let _ = writeln!(messages(), "error: the TLS handshake fails: {why}");
            return Ok(Exit::No);
        }
        Identity::Unauthorized(authentication) => {
            let _ = writeln!(
                messages(),
                "error: You must be logged in to the server (Unauthorized)"
            );
            if args.explain {
                let text = render::authentication::refusal(&authentication);
                let _ = messages().write_all(text.as_bytes());
            }
            return Ok(Exit::No);
        }
    };
    let resource = match question {
        Question::May(_) => "selfsubjectaccessreviews",
        Question::List { .. } => "selfsubjectrulesreviews",
    };
    // Without the built-in policy nobody could ask, and that is not the question.
    if !common.no_defaults
        && let Some(refused) = may_ask(&chain, &user, resource)
    {
        let _ = writeln!(messages(), "Error from server {}", refused.told);
        if args.explain {
            let _ = write!(io::stderr(), "{}", refused.why);
        }
        return Ok(Exit::No);
    }
    match question {
        Question::List { namespace } => list(&chain, args, &user, namespace),
        Question::May(request) => may(&chain, args, &user, asked_by.as_ref(), request),
    }
}

/// The colours of an explanation; [`super::main`] decides whether there are any.
pub(super) struct Colours;

impl Style for Colours {
    fn heading(&self, text: &str) -> String {
        text.bold().to_string()
    }

    fn good(&self, text: &str) -> String {
        text.green().to_string()
    }

    fn bad(&self, text: &str) -> String {
        text.red().to_string()
    }
}

/// A review that may not even be made.
struct Refused {
    status: Status,
    /// As kubectl tells it.
    told: String,
    /// What helps, or whose word it is.
    why: String,
}

/// The refusal of the review itself, if the user may not create it.
fn may_ask(chain: &Chain<'_>, user: &UserInfo, resource: &'static str) -> Option<Refused> {
    let request = review_request(resource);
    let status = forbidden(chain, user, request)?;
    let attributes = Attributes::of(user, request);
    let errors: Vec<String> = chain.decide(&attributes).errors().cloned().collect();
    let opinions = chain.opinions(&attributes);
    if let Some(error) = aggregate(&errors) {
        let body = format!("Internal Server Error: \"/apis/{GROUP}/v1/{resource}\": {error}");
        let body = Quoted(&body);
        let told = format!(
            "(InternalError): an error on the server ({body}) has prevented the request from succeeding (post {resource}.{GROUP})"
        );
        let why = render::opinions::table(chain, &opinions, &Colours);
        return Some(Refused { status, told, why });
    }
    let told = format!("(Forbidden): {}", status.message);
    let why = match chain.rbac() {
        Some(_) => format!(
            "hint: kubectl asks by creating {resource}, which this user may not do; ClusterRole system:basic-user grants it to group system:authenticated\n"
        ),
        None => render::opinions::table(chain, &opinions, &Colours),
    };
    Some(Refused { status, told, why })
}

/// The API group of access reviews.
const GROUP: &str = "authorization.k8s.io";

/// The request that creates a review.
fn review_request(resource: &'static str) -> Request<'static> {
    Request::Resource {
        verb: "create",
        group: GROUP,
        resource,
        subresource: "",
        namespace: "",
        name: "",
    }
}

fn unknown(args: &CanIArgs, why: &str) -> Result<Exit> {
    match args.output {
        _ if args.quiet => {}
        Output::Table => print(format!("unknown - {why}\n"))?,
        Output::Json | Output::Yaml => {
            let status = json!({"allowed": false, "evaluationError": format!("unknown: {why}")});
            let review = json!({
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SubjectAccessReview",
                "status": status,
            });
            print_value(&review, args.output == Output::Yaml)?;
        }
    }
    Ok(Exit::Unknown)
}

fn may(
    chain: &Chain<'_>,
    args: &CanIArgs,
    user: &UserInfo,
    asked_by: Option<&AskedBy>,
    request: Request<'_>,
) -> Result<Exit> {
    let attributes = Attributes::of(user, request);
    let verdict = chain.decide(&attributes);
    let mut reason = String::new();
    chain.write_reason(&attributes, &verdict, &mut reason);
    let mut unknown = String::new();
    chain.write_unknown(&verdict, &mut unknown);
    let exit = match &verdict {
        Verdict::Privileged | Verdict::Allowed { .. } => Exit::Yes,
        Verdict::Denied { .. } | Verdict::NoOpinion(_) => Exit::No,
        Verdict::Unknown(_) => Exit::Unknown,
    };
    let errors: Vec<String> = verdict.errors().cloned().collect();
    let error = aggregate(&errors);
    let words = args.words.get(1).map_or("", String::as_str);
    let explained = || {
        let rbac = explain::rbac_in(chain, &verdict)?;
        let decision = rbac.decide(&attributes);
        let explanation = explain::explain(rbac, &attributes, &decision);
        let hints = hints::hints(rbac, &attributes, &decision, words);
        Some((explanation, hints))
    };
    let cluster = chain.cluster();
    if args.quiet {
        return Ok(exit);
    }
    if args.output != Output::Table {
        let mut review = review_json(user, &request);
        let mut status = json!({"allowed": verdict.allowed()});
        if verdict.denied() {
            status["denied"] = json!(true);
        }
        if !reason.is_empty() {
            status["reason"] = json!(reason);
        }
        if exit == Exit::Unknown {
            status["evaluationError"] = json!(unknown);
        } else if let Some(error) = error {
            status["evaluationError"] = json!(error);
        }
        review["status"] = status;
        if let Some(asked_by) = asked_by {
            review["impersonation"] = asked_by.json();
        }
        if args.explain {
            let mut explanation = match explained() {
                Some((explanation, hints)) => {
                    explanation_json(cluster, &attributes, &explanation, &hints)
                }
                None => json!({"allowed": verdict.allowed(), "privileged": false}),
            };
            let opinions = chain.opinions(&attributes);
            explanation["authorizers"] = render::opinions::opinions_json(chain, &opinions);
            review["explanation"] = explanation;
        }
        print_value(&review, args.output == Output::Yaml)?;
        return Ok(exit);
    }
    let mut out = String::new();
    match exit {
        Exit::Yes => writeln!(out, "yes")?,
        Exit::Unknown => {
            writeln!(out, "unknown - {}", unknown.trim_start_matches("unknown: "))?;
        }
        _ => {
            out.push_str("no");
            let said = [reason.as_str(), error.as_deref().unwrap_or_default()];
            for words in said.into_iter().filter(|words| !words.is_empty()) {
                write!(out, " - {}", shown(words))?;
            }
            out.push('\n');
        }
    }
    if args.explain {
        if let Some(AskedBy { asker, mode }) = asked_by {
            out.push_str(&render::impersonation::line(asker, user, *mode));
        }
        out.push('\n');
        if let Some((explanation, hints)) = explained() {
            let text =
                render::explain::explanation(cluster, &attributes, &explanation, &hints, &Colours);
            out.push_str(&text);
        }
        let opinions = chain.opinions(&attributes);
        out.push_str(&render::opinions::table(chain, &opinions, &Colours));
    }
    print(out)?;
    Ok(exit)
}

/// The question as a SubjectAccessReview.
fn review_json(user: &UserInfo, request: &Request<'_>) -> Value {
    let mut spec = serde_json::Map::new();
    let (field, attributes): (&str, &[(&str, &str)]) = match request {
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } => (
            "resourceAttributes",
            &[
                ("namespace", namespace),
                ("verb", verb),
                ("group", group),
                ("resource", resource),
                ("subresource", subresource),
                ("name", name),
            ],
        ),
        Request::NonResource { verb, path } => {
            ("nonResourceAttributes", &[("path", path), ("verb", verb)])
        }
    };
    let attributes: serde_json::Map<String, Value> = attributes
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| ((*key).to_owned(), json!(value)))
        .collect();
    spec.insert(field.to_owned(), Value::Object(attributes));
    if !user.username.is_empty() {
        spec.insert("user".to_owned(), json!(user.username));
    }
    if !user.groups.is_empty() {
        spec.insert("groups".to_owned(), json!(user.groups));
    }
    if !user.uid.is_empty() {
        spec.insert("uid".to_owned(), json!(user.uid));
    }
    if !user.extra.is_empty() {
        spec.insert("extra".to_owned(), json!(user.extra));
    }
    json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": spec,
    })
}

fn list(chain: &Chain<'_>, args: &CanIArgs, user: &UserInfo, namespace: &str) -> Result<Exit> {
    let status = rules_review(chain, user, namespace);
    if args.explain {
        let _ = writeln!(
            messages(),
            "note: --explain says nothing about a list; ask for one of its lines, as in can-i VERB RESOURCE --explain"
        );
    }
    if args.output == Output::Table {
        if status.incomplete {
            let why = &status.evaluation_error;
            let _ = writeln!(messages(), "Warning: the list may be incomplete: {why}");
        }
        let text = table(&status, !args.no_headers);
        print(&*shown(&text))?;
    } else {
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": namespace},
            "status": status,
        });
        print_value(&review, args.output == Output::Yaml)?;
    }
    Ok(Exit::Yes)
}

fn table(status: &SubjectRulesReviewStatus<'_>, headers: bool) -> String {
    let resource_rules: Vec<ResourceRuleRef<'_>> = status
        .resource_rules
        .iter()
        .map(|rule| ResourceRuleRef {
            verbs: rule.verbs.clone(),
            api_groups: rule.api_groups.clone(),
            resources: rule.resources.clone(),
            resource_names: rule.resource_names.clone(),
        })
        .collect();
    let non_resource_rules: Vec<NonResourceRuleRef<'_>> = status
        .non_resource_rules
        .iter()
        .map(|rule| NonResourceRuleRef {
            verbs: rule.verbs.clone(),
            non_resource_urls: rule.non_resource_urls.clone(),
        })
        .collect();
    rules_table(&resource_rules, &non_resource_rules, headers)
}

/// A line of `rules.jsonl`; only the question's fields are read.
#[derive(Deserialize)]
struct RulesQuestion {
    id: Value,
    #[serde(default)]
    user: UserInfo,
    #[serde(default)]
    namespace: String,
}

fn list_batch(chain: &Chain<'_>, batch: &Path) -> Result<Exit> {
    let mut out = String::new();
    for line in input::json_lines::<RulesQuestion>(batch)? {
        // The review is made by somebody who was authenticated.
        let user = grouped(line.user);
        let refused = may_ask(chain, &user, "selfsubjectrulesreviews");
        let refused = refused.map(|refused| refused.status).or_else(|| {
            (line.namespace.is_empty()).then(|| Status::bad_request("no namespace on request"))
        });
        let answer = match refused {
            Some(status) => json!({"id": line.id, "code": status.code, "error": status}),
            None => {
                let status = rules_review(chain, &user, &line.namespace);
                json!({"id": line.id, "status": status})
            }
        };
        writeln!(out, "{answer}")?;
    }
    print(out)?;
    Ok(Exit::Yes)
}
