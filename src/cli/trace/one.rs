//! One request, raw or from VERB RESOURCE.

use super::batch::Attributes;
use super::{is_yaml, why};
use crate::answer::pasted::Origin;
use crate::answer::resource_arg::{self, CanIFlags, Question, Warning};
use crate::answer::serve::{Answer, Body, Options, Sender, Serving, Stage};
use crate::answer::trace::{message, refused_question, steps};
use crate::cli::args::{Output, TraceArgs};
use crate::cli::can_i::Colours;
use crate::cli::credential::credential;
use crate::cli::identity::{impersonation, read_user_info};
use crate::cli::server::Server;
use crate::cli::terminal::messages;
use crate::cli::{Exit, input, print, print_value};
use crate::impersonation::{Impersonation, Mode, held_modes, telling_modes};
use crate::model::{Request, UserInfo};
use crate::render;
use crate::request::compose;
use crate::request::headers::Headers;
use crate::request::{HttpRequest, Target};
use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};
use std::io::Write;

/// A request as it was asked for.
struct Composed {
    method: String,
    target: String,
    headers: Headers,
    body: Vec<u8>,
    /// It was not said what the body holds: it is taken to be what it should be.
    body_assumed: bool,
}

pub(super) fn run(server: &Server, serving: &Serving<'_, '_>, args: &TraceArgs) -> Result<Exit> {
    let (context, credential) = credential(&args.who)?;
    let wanted = impersonation(&args.who, &credential);
    let mut composed = compose(serving, args, &context.namespace)?;
    let mut assumed = false;
    let user = match &args.who.user_info {
        Some(path) => Some(read_user_info(path)?),
        // As everywhere: nobody in particular who impersonates is an administrator.
        None if !wanted.is_empty()
            && (!credential.given || (!server.given() && !args.who.has_credential())) =>
        {
            assumed = true;
            Some(administrator())
        }
        None => None,
    };
    if user.is_none() {
        if let Some(why) = &credential.unknown {
            print(format!("unknown - {why}\n"))?;
            return Ok(Exit::Unknown);
        }
        let given = std::mem::take(&mut composed.headers);
        for (name, value) in credential.headers.lines().chain(given.lines()) {
            composed.headers.add(name, value);
        }
    }
    impersonate(&wanted, &mut composed.headers);
    let certificates = match server.authenticators.handshake(&credential.certificates) {
        Ok(certificates) => certificates,
        Err(why) => {
            let _ = writeln!(messages(), "error: the TLS handshake fails: {why}");
            return Ok(Exit::No);
        }
    };
    let sender = match &user {
        Some(user) => Sender::User(user),
        None => Sender::Credentials(&certificates),
    };
    let request = HttpRequest {
        method: &composed.method,
        target: &composed.target,
        headers: &composed.headers,
        body: &composed.body,
    };
    let options = Options {
        now: server.now,
        last: args.last_mode,
        keep_checks: true,
    };
    let target = match request.head() {
        Ok(target) => target,
        Err(malformed) => {
            let answer = Answer::malformed(malformed);
            return tell(serving, args, &request, &answer, Vec::new(), assumed);
        }
    };
    let answer = serving.answer(sender, &request, &target, options);
    let answer = match composed.body_assumed {
        true => with_good_body(answer),
        false => answer,
    };
    let warm = match assumed {
        // Who may impersonate in every way gets the same user in each.
        true => Vec::new(),
        false => warm(serving, sender, &request, &target, options, &answer),
    };
    tell(serving, args, &request, &answer, warm, assumed)
}

/// Who asks where nobody is named: somebody who may impersonate in every way.
fn administrator() -> UserInfo {
    UserInfo {
        username: "kubernetes-admin".to_owned(),
        groups: vec![
            "system:masters".to_owned(),
            "system:authenticated".to_owned(),
        ],
        ..UserInfo::default()
    }
}

/// Headers as kubectl sends them for `--as` and its companions.
fn impersonate(wanted: &Impersonation, headers: &mut Headers) {
    if !wanted.user.is_empty() {
        headers.add("Impersonate-User", &wanted.user);
    }
    if !wanted.uid.is_empty() {
        headers.add("Impersonate-Uid", &wanted.uid);
    }
    for group in &wanted.groups {
        headers.add("Impersonate-Group", group);
    }
    for (key, value) in &wanted.extra {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&b);
        let mut name = String::from("Impersonate-Extra-");
        for byte in key.bytes() {
            match token(byte) {
                true => name.push(char::from(byte)),
                false => name.push_str(&format!("%{byte:02X}")),
            }
        }
        headers.add(&name, value);
    }
}

fn compose(serving: &Serving<'_, '_>, args: &TraceArgs, namespace: &str) -> Result<Composed> {
    let mut headers = Headers::default();
    for line in &args.header {
        let Some((name, value)) = line.split_once(':') else {
            bail!("--header {line:?}: expected 'NAME: VALUE'");
        };
        if line.contains(['\r', '\n', '\0']) {
            bail!(
                "--header {name:?}: a header line holds no line break; give --header once for each line"
            );
        }
        headers.add(name, value);
    }
    let body = match &args.body {
        Some(path) => Some(input::read(path)?.1.into_bytes()),
        None => None,
    };
    let (method, target) = match &args.path {
        Some(path) => {
            let method = args.method.clone().unwrap_or_else(|| "GET".to_owned());
            (method, path.clone())
        }
        None => words(serving, args, namespace)?,
    };
    Ok(Composed {
        method,
        target,
        headers,
        body_assumed: body.is_none() && args.path.is_none(),
        body: body.unwrap_or_default(),
    })
}

/// The request that VERB RESOURCE stands for.
fn words(serving: &Serving<'_, '_>, args: &TraceArgs, namespace: &str) -> Result<(String, String)> {
    let resources = serving.chain.cluster().api_resources();
    let flags = CanIFlags {
        subresource: &args.subresource,
        all_namespaces: args.all_namespaces,
        namespace: &args.namespace,
        context_namespace: namespace,
        ..CanIFlags::default()
    };
    let asked = resource_arg::can_i(&args.words, &flags, resources);
    // Of a cluster-scoped resource the request has no namespace, which is worth a word only to who named one.
    let implied = args.namespace.is_empty();
    let needless =
        |warning: &Warning<'_>| implied && matches!(warning, Warning::NotNamespaced { .. });
    for warning in asked.warnings.iter().filter(|w| !needless(w)) {
        let _ = messages().write_all(warning.printed().as_bytes());
    }
    let Question::May(request) = asked.question.map_err(|error| anyhow!("{error}"))? else {
        bail!("expected VERB RESOURCE");
    };
    let mut request = request;
    let mut version = "v1";
    if let Request::Resource {
        group,
        resource,
        namespace,
        ..
    } = &mut request
        && let Some(found) = resources.find(group, resource)
    {
        version = found.version;
        if !found.namespaced() {
            *namespace = "";
        }
    }
    if let Request::Resource {
        subresource, name, ..
    } = request
        && !subresource.is_empty()
        && name.is_empty()
    {
        bail!(
            "a subresource belongs to one object: name it, as in pods/web-0 --subresource {subresource}"
        );
    }
    compose::request(&request, version).ok_or_else(|| {
        anyhow!(
            "no HTTP request asks {:?} of {:?}: ask can-i, or give --method and --path",
            request.verb(),
            args.words.get(1).map_or("", String::as_str)
        )
    })
}

/// The answer where the body is what it should be.
fn with_good_body(mut answer: Answer<'_>) -> Answer<'_> {
    let about_body = matches!(answer.code, Some(400 | 415)) && answer.stage == Stage::Handler;
    if about_body {
        let verb = answer.info.as_ref().map_or("", |info| &info.verb);
        answer.code = Some(if verb == "create" { 201 } else { 200 });
        answer.body = Body::Content;
    }
    answer
}

/// The modes of impersonation after whose success the answer would be another, with that answer.
fn warm<'r>(
    serving: &Serving<'_, '_>,
    sender: Sender<'r>,
    request: &HttpRequest<'r>,
    target: &'r Target<'r>,
    options: Options,
    cold: &Answer<'_>,
) -> Vec<(Mode, Answer<'r>)> {
    let (Some(wanted), Some(asker), None) = (&cold.wanted, &cold.user, options.last) else {
        return Vec::new();
    };
    if !serving.gates.constrained_impersonation {
        return Vec::new();
    }
    let differs = |answer: &Answer<'_>| {
        let constraint = |answer: &Answer<'_>| answer.granted.as_ref().map(|g| g.mode);
        message(answer) != message(cold) || constraint(answer) != constraint(cold)
    };
    // In a mode that it holds no right of, the asker never succeeded.
    let held = held_modes(asker, serving.chain);
    let modes = telling_modes(wanted, asker).filter(|mode| held.contains(mode));
    let answers = modes.map(|mode| {
        let options = Options {
            last: Some(mode),
            keep_checks: false,
            ..options
        };
        (mode, serving.answer(sender, request, target, options))
    });
    answers.filter(|(_, answer)| differs(answer)).collect()
}

fn tell(
    serving: &Serving<'_, '_>,
    args: &TraceArgs,
    request: &HttpRequest<'_>,
    answer: &Answer<'_>,
    warm: Vec<(Mode, Answer<'_>)>,
    assumed: bool,
) -> Result<Exit> {
    let steps = steps(serving, request, answer);
    let question = refused_question(answer);
    let why = question.and_then(|(user, request)| why(serving.chain, user, request));
    let exit = match answer {
        answer if answer.succeeds() => Exit::Yes,
        answer if answer.code.is_none() => Exit::Unknown,
        _ => Exit::No,
    };
    if args.output != Output::Table {
        let mut value = answer_json(answer);
        value["stages"] = render::trace::steps_json(&steps);
        if let Some((_, explanation)) = why {
            value["explanation"] = explanation;
        }
        let warm: Vec<Value> = warm
            .iter()
            .map(|(mode, answer)| {
                let mut value = answer_json(answer);
                value["after"] = json!(mode.verb());
                value
            })
            .collect();
        if !warm.is_empty() {
            value["warm"] = json!(warm);
        }
        print_value(&value, is_yaml(args.output))?;
        return Ok(exit);
    }
    let mut out = render::trace::picture(&steps, answer, &Colours);
    if assumed {
        out.push_str("\nno credential was given: the asker is taken to be an administrator, who may impersonate anybody\n");
    }
    if let Some(refused) = &answer.refused {
        let origin = Origin::Impersonation {
            mode: Some(refused.mode),
            on_request: refused.asked.verb.starts_with("impersonate-on:"),
        };
        out.push_str(&format!("\n{}\n", render::trace::origin(&origin).1));
    }
    if let Some((text, _)) = why {
        out.push('\n');
        out.push_str(&text);
    } else if answer.stage == Stage::Authentication
        && let Some(authentication) = &answer.authentication
        && answer.code.is_some()
    {
        out.push('\n');
        let said = render::authentication::refusal(authentication);
        for hint in said.lines().filter(|line| line.starts_with("hint:")) {
            out.push_str(hint);
            out.push('\n');
        }
    }
    for (mode, answer) in &warm {
        let line = match &answer.granted {
            Some(granted) => format!(
                "\nafter a success by {mode} the same request goes by {}\n",
                granted.mode
            ),
            None => format!(
                "\nafter a success by {mode} the server answers instead:\n  {}\n",
                message(answer)
            ),
        };
        out.push_str(&line);
    }
    print(out)?;
    Ok(exit)
}

/// The answer as JSON, without its stages.
fn answer_json(answer: &Answer<'_>) -> Value {
    let mut value = json!({
        "code": answer.code,
        "status": match &answer.body {
            Body::Status(status) => json!(status),
            _ => Value::Null,
        },
        "user": answer.user,
        "impersonatedUser": answer.granted.as_ref().map(|granted| &granted.user),
        "attributes": answer.info.as_ref().map(|info| json!(Attributes::new(info))),
    });
    if let Body::Text(text) = &answer.body {
        value["text"] = json!(text);
    }
    if let Some(constraint) = answer.granted.as_ref().and_then(|g| g.mode.constraint()) {
        value["constraint"] = json!(constraint);
    }
    if let Some(allowed) = answer.decision() {
        value["decision"] = json!(if allowed { "allow" } else { "forbid" });
    }
    if !answer.reason.is_empty() {
        value["reason"] = json!(answer.reason);
    }
    let warnings = answer.authentication.iter().flat_map(|a| &a.warnings);
    let warnings: Vec<&String> = warnings.collect();
    if !warnings.is_empty() {
        value["warnings"] = json!(warnings);
    }
    if let Some(why) = &answer.unknown {
        value["unknown"] = json!(why);
    }
    value
}
