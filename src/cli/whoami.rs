//! `whoami`: the user that the credential becomes, or the 401 and why.

mod batch;

use super::args::{Common, WhoamiArgs};
use super::identity::{AskedBy, Identity, identity, unverified};
use super::server::Server;
use super::terminal::{messages, shown};
use super::{Exit, load_cluster, print, print_value};
use crate::answer::forbidden::forbidden;
use crate::answer::serve::impersonation_refusal;
use crate::authn::{Authentication, Outcome};
use crate::model::Request;
use crate::render;
use anyhow::{Result, anyhow};
use serde_json::json;
use std::io::Write;

/// The request that `kubectl auth whoami` makes.
const REVIEW: Request<'static> = Request::Resource {
    verb: "create",
    group: "authentication.k8s.io",
    resource: "selfsubjectreviews",
    subresource: "",
    namespace: "",
    name: "",
};

/// What kubectl says of every refusal of the review.
const NOT_ALLOWED: &str = "the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it";

pub(super) fn run(common: &Common, args: &WhoamiArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let server = Server::load(&common.server)?;
    let chain = server.chain(&cluster)?;
    if let Some(path) = &args.batch {
        return batch::run(&server, &cluster, &chain, path);
    }
    // kubectl has no format of this name; here it names the default.
    let output = args.output.as_deref().filter(|output| *output != "table");
    let mut asked_by = None;
    let user = match identity(&args.who, &server, &cluster, &chain, REVIEW)?.1 {
        Identity::User(user) => user,
        Identity::As(asker, granted) => {
            let mode = granted.mode;
            asked_by = Some(AskedBy { asker, mode });
            granted.user
        }
        // kubectl says the same whatever the reason.
        Identity::Refused(asker, refused) => {
            let message = impersonation_refusal(&asker.username, &refused).message;
            let said = match args.explain {
                true => format!("the server's answer: {message}\n"),
                false => String::new(),
            };
            return refused_as(output, 403, &message, NOT_ALLOWED, &[], &said);
        }
        Identity::Unknown(why) => return unknown(output, &why),
        Identity::Unverified(authentication) => return unverified_user(output, &authentication),
        Identity::NoHandshake(why) => {
            return refused(
                output,
                0,
                &format!("the TLS handshake fails: {why}"),
                &[],
                "",
            );
        }
        Identity::Unauthorized(authentication) => {
            let Outcome::Unauthorized(errors) = &authentication.outcome else {
                return unknown(output, "the outcome of authentication");
            };
            let said = render::authentication::refusal(&authentication);
            return refused(output, 401, "Unauthorized", errors, &said);
        }
    };
    let now = common.server.now.unwrap_or_else(jiff::Timestamp::now);
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let text = render::whoami::whoami(&user, &now, output).map_err(|error| anyhow!("{error}"))?;
    if !common.no_defaults && forbidden(&chain, &user, REVIEW).is_some() {
        let _ = writeln!(messages(), "error: {NOT_ALLOWED}");
        return Ok(Exit::No);
    }
    print(&*shown(&text))?;
    if let Some(AskedBy { asker, mode }) = asked_by.filter(|_| args.explain) {
        let line = render::impersonation::line(&asker, &user, mode);
        let _ = messages().write_all(line.as_bytes());
    }
    Ok(Exit::Yes)
}

/// `-o json` or `-o yaml`; true for YAML.
fn structured(output: Option<&str>) -> Option<bool> {
    match output {
        Some(output) if output.eq_ignore_ascii_case("json") => Some(false),
        Some(output) if output.eq_ignore_ascii_case("yaml") => Some(true),
        _ => None,
    }
}

fn unknown(output: Option<&str>, why: &str) -> Result<Exit> {
    match structured(output) {
        Some(yaml) => {
            let status = json!({"evaluationError": format!("unknown: {why}")});
            print_value(&review(status), yaml)?;
        }
        None => print(format!("unknown - {why}\n"))?,
    }
    Ok(Exit::Unknown)
}

fn review(status: serde_json::Value) -> serde_json::Value {
    json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
        "status": status,
    })
}

/// Who it would be, and what is missing to tell.
fn unverified_user(output: Option<&str>, authentication: &Authentication) -> Result<Exit> {
    let Outcome::Unverified { user, missing } = &authentication.outcome else {
        return unknown(output, &unverified(authentication));
    };
    if let Some(yaml) = structured(output) {
        let why = format!("unknown: {}", missing.join("; "));
        let status = match user {
            Some(user) => json!({"evaluationError": why, "unverifiedUserInfo": user}),
            None => json!({"evaluationError": why}),
        };
        print_value(&review(status), yaml)?;
        return Ok(Exit::Unknown);
    }
    if let Some(user) = user {
        print(render::whoami::whoami(user, "", None).map_err(|error| anyhow!("{error}"))?)?;
    }
    let mut stderr = messages();
    let _ = writeln!(
        stderr,
        "unverified: {}",
        match user {
            Some(_) => "the credential says so, and nothing here proves it",
            None => "who it is cannot be told",
        }
    );
    for what in missing {
        let _ = writeln!(stderr, "missing: {what}");
    }
    Ok(Exit::Unknown)
}

fn refused(
    output: Option<&str>,
    code: u16,
    message: &str,
    errors: &[String],
    said: &str,
) -> Result<Exit> {
    let head = match code {
        401 => format!("You must be logged in to the server ({message})"),
        _ => message.to_owned(),
    };
    refused_as(output, code, message, &head, errors, said)
}

/// A refusal: the server's message in JSON, kubectl's for people.
fn refused_as(
    output: Option<&str>,
    code: u16,
    message: &str,
    head: &str,
    errors: &[String],
    said: &str,
) -> Result<Exit> {
    if let Some(yaml) = structured(output) {
        let answer = json!({"code": code, "message": message, "errors": errors});
        print_value(&answer, yaml)?;
        return Ok(Exit::No);
    }
    let mut stderr = messages();
    let _ = writeln!(stderr, "error: {head}");
    for error in errors {
        let _ = writeln!(stderr, "the server's log: {error}");
    }
    let _ = stderr.write_all(said.as_bytes());
    Ok(Exit::No)
}
