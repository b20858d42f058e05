//! `trace --batch`: lines of `requests.jsonl` in, their answers out.

use crate::answer::serve::encoding::{self, MediaType};
use crate::answer::serve::{Answer, Body, Options, Sender, Serving, Stage};
use crate::cli::server::Server;
use crate::cli::{Exit, input, print_with};
use crate::impersonation::telling_modes;
use crate::model::{Secret, UserInfo};
use crate::pki::Certificate;
use crate::request::headers::Headers;
use crate::request::{HttpRequest, RequestInfo};
use anyhow::{Result, anyhow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

/// The question's fields of a line.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    id: &'l RawValue,
    user: Option<UserInfo>,
    credential: Option<Credential>,
    now: Option<Timestamp>,
    #[serde(default, borrow)]
    headers: Vec<(Cow<'l, str>, Cow<'l, str>)>,
    #[serde(borrow)]
    method: Cow<'l, str>,
    #[serde(borrow)]
    path: Cow<'l, str>,
    #[serde(borrow)]
    body: Option<&'l RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Credential {
    cert: Option<String>,
    #[serde(rename = "clientCertificate")]
    client_certificate: Option<String>,
    token: Option<Secret>,
    headers: Vec<(String, String)>,
}

/// An answer, in the fields that the conformance data has.
#[derive(Serialize)]
struct Out<'a> {
    id: &'a RawValue,
    code: Option<u16>,
    status: Option<&'a crate::answer::status::Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    user: Option<&'a UserInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<&'a UserInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Attributes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warm: Vec<Warm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
}

/// What is asked, as the audit log tells it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attributes<'a> {
    verb: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    api_group: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    api_version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    resource: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subresource: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(info: &'a RequestInfo<'_>) -> Self {
        Attributes {
            verb: &info.verb,
            api_group: &info.group,
            api_version: &info.version,
            resource: &info.resource,
            subresource: &info.subresource,
            namespace: &info.namespace,
            name: &info.name,
            path: (!info.is_resource).then_some(&*info.path),
        }
    }
}

/// How the answer differs where the asker last impersonated in a mode.
#[derive(Serialize)]
struct Warm {
    after: &'static str,
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<Option<UserInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint: Option<Option<&'static str>>,
}

pub(super) fn run(server: &Server, serving: &Serving<'_, '_>, path: &Path) -> Result<Exit> {
    let (name, text) = input::read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut out = Vec::with_capacity(text.len());
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let line: Line<'_> = serde_json::from_str(line).map_err(|error| {
            anyhow!(
                "{name}:{number}:{}: expected a JSON object of this command's batch form: {}",
                error.column().max(1),
                input::json_problem(&error)
            )
        })?;
        answer(server, serving, folder, &line, &mut out)?;
        out.push(b'\n');
    }
    print_with(|stdout| stdout.write_all(&out))?;
    Ok(Exit::Yes)
}

/// Header values are given as Latin-1: a character is a byte on the wire.
fn wire(value: &str) -> Cow<'_, str> {
    if value.is_ascii() {
        return Cow::Borrowed(value);
    }
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(value),
    }
}

fn answer(
    server: &Server,
    serving: &Serving<'_, '_>,
    folder: &Path,
    line: &Line<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut headers = Headers::default();
    let credential = line.credential.as_ref();
    if let Some(token) = credential.and_then(|credential| credential.token.as_ref()) {
        headers.add("Authorization", &format!("Bearer {}", token.expose()));
    }
    let more = credential.map_or(&[][..], |credential| &credential.headers);
    for (name, value) in &line.headers {
        headers.add(name, &wire(value));
    }
    for (name, value) in more {
        headers.add(name, &wire(value));
    }
    let body = body(line.body);
    let request = HttpRequest {
        method: &line.method,
        target: &line.path,
        headers: &headers,
        body: body.as_bytes(),
    };
    let certificates = match credential {
        Some(credential) => certificates(server, credential, folder)?,
        None => Vec::new(),
    };
    // A header that authenticates stands over a user that is given.
    let sender = match &line.user {
        Some(user) if headers.first("Authorization").is_empty() => Sender::User(user),
        _ => Sender::Credentials(&certificates),
    };
    let options = Options {
        now: line.now.unwrap_or(server.now),
        last: None,
        keep_checks: false,
    };
    let target = match request.head() {
        Ok(target) => target,
        Err(malformed) => {
            return write(
                line,
                &request,
                &Answer::malformed(malformed),
                Vec::new(),
                out,
            );
        }
    };
    let answer = serving.answer(sender, &request, &target, options);
    let warm = match &answer.wanted {
        Some(_) if serving.gates.constrained_impersonation => {
            warm(serving, sender, &request, &target, options, &answer)
        }
        _ => Vec::new(),
    };
    write(line, &request, &answer, warm, out)
}

/// The answers after a success in each of the modes, where they differ.
fn warm<'r>(
    serving: &Serving<'_, '_>,
    sender: Sender<'r>,
    request: &HttpRequest<'r>,
    target: &'r crate::request::Target<'r>,
    options: Options,
    cold: &Answer<'_>,
) -> Vec<Warm> {
    let mut differing = Vec::new();
    let (Some(wanted), Some(asker)) = (&cold.wanted, &cold.user) else {
        return differing;
    };
    for mode in telling_modes(wanted, asker) {
        let last = Some(mode);
        let options = Options { last, ..options };
        let answer = serving.answer(sender, request, target, options);
        let constraint = |answer: &Answer<'_>| {
            answer
                .granted
                .as_ref()
                .and_then(|granted| granted.mode.constraint())
        };
        let effective = |answer: &Answer<'_>| answer.granted.as_ref().map(|g| g.user.clone());
        let message = |answer: &Answer<'_>| match &answer.body {
            Body::Status(status) => Some(status.message.clone()),
            _ => None,
        };
        let same = answer.code == cold.code
            && message(&answer) == message(cold)
            && constraint(&answer) == constraint(cold)
            && effective(&answer) == effective(cold);
        if same {
            continue;
        }
        differing.push(Warm {
            after: mode.verb(),
            code: answer.code,
            message: message(&answer),
            effective: (effective(&answer) != effective(cold)).then(|| effective(&answer)),
            constraint: (constraint(&answer) != constraint(cold)).then(|| constraint(&answer)),
        });
    }
    differing
}

/// The bytes of a body: a text as it is, anything else as its JSON.
fn body(given: Option<&RawValue>) -> Cow<'_, str> {
    match given.map(RawValue::get) {
        None | Some("null") => Cow::Borrowed(""),
        Some(text) if text.starts_with('"') => match serde_json::from_str::<String>(text) {
            Ok(text) => Cow::Owned(text),
            Err(_) => Cow::Borrowed(text),
        },
        Some(json) => Cow::Borrowed(json),
    }
}

fn certificates(
    server: &Server,
    credential: &Credential,
    folder: &Path,
) -> Result<Vec<Certificate>> {
    let named = credential
        .cert
        .as_ref()
        .or(credential.client_certificate.as_ref());
    let pem = match named {
        Some(text) if text.contains("-----BEGIN") => text.clone(),
        Some(file) => input::read(&folder.join(file))?.1,
        None => return Ok(Vec::new()),
    };
    server
        .authenticators
        .handshake(pem.as_bytes())
        .map_err(|why| anyhow!("the TLS handshake fails: {why}"))
}

/// The user after impersonation; also where a review of oneself tells it.
fn effective<'a>(answer: &'a Answer<'_>) -> Option<&'a UserInfo> {
    match &answer.granted {
        Some(granted) => Some(&granted.user),
        None if answer.is_self_subject_review() => answer.user.as_deref(),
        None => None,
    }
}

fn write(
    line: &Line<'_>,
    request: &HttpRequest<'_>,
    answer: &Answer<'_>,
    warm: Vec<Warm>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let encoded;
    let (status, text) = match &answer.body {
        // Nothing is written to HEAD.
        Body::Status(_) | Body::Text(_) if request.method == "HEAD" => (None, Some("")),
        Body::Content => (None, None),
        Body::Text(text) => (None, Some(&text[..])),
        Body::Status(status) => match encoding::negotiated(request.headers) {
            MediaType::Json => (Some(&**status), None),
            MediaType::Yaml => {
                encoded = encoding::yaml(status);
                (None, Some(&encoded[..]))
            }
            MediaType::Protobuf => {
                encoded = encoding::protobuf(status);
                (None, Some(&encoded[..]))
            }
        },
    };
    let audited = answer.stage > Stage::Authentication || answer.stage == Stage::Deadline;
    let warnings = answer.authentication.iter().flat_map(|a| &a.warnings);
    let out_line = Out {
        id: line.id,
        code: answer.code,
        status,
        text,
        user: answer.user.as_deref(),
        effective: effective(answer),
        constraint: answer
            .granted
            .as_ref()
            .and_then(|granted| granted.mode.constraint()),
        attributes: answer
            .info
            .as_ref()
            .filter(|_| audited)
            .map(Attributes::new),
        decision: answer.decision().map(|allowed| match allowed {
            true => "allow",
            false => "forbid",
        }),
        reason: &answer.reason,
        warnings: warnings.map(|text| format!("299 - {text:?}")).collect(),
        warm,
        unknown: answer.unknown.as_deref(),
    };
    serde_json::to_writer(&mut *out, &out_line)?;
    Ok(())
}
