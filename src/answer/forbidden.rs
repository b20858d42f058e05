//! The 403 of a request that nobody allows, as the server words it.

use super::status::Status;
use crate::authz::Chain;
use crate::model::{Attributes, Quoted, Request, UserInfo};
use std::borrow::Cow;

/// The refusal of a request; `None` where it is allowed, or where that cannot be told.
pub fn forbidden(chain: &Chain<'_>, user: &UserInfo, request: Request<'_>) -> Option<Status> {
    let attributes = Attributes {
        user: &user.username,
        uid: &user.uid,
        groups: &user.groups,
        extra: Some(&user.extra),
        request,
        ..Attributes::default()
    };
    let verdict = chain.decide(&attributes);
    if !verdict.refused() {
        return None;
    }
    let mut reason = String::new();
    chain.write_reason(&attributes, &verdict, &mut reason);
    Some(refusal(&user.username, request, &reason))
}

/// Characters of HTML, as the server writes them in messages of its own (`responsewriters.sanitizer`).
pub(super) fn sanitized(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('&', "&amp;");
    Cow::Owned(text.replace('<', "&lt;").replace('>', "&gt;"))
}

/// The refusal itself, with the authorizers' reason, which the server leaves as it is.
pub fn refusal(user: &str, request: Request<'_>, reason: &str) -> Status {
    let user = Quoted(user);
    let (mut why, group, resource, name) = match request {
        Request::NonResource { verb, path } => (
            format!("User {user} cannot {verb} path {}", Quoted(path)),
            "",
            "",
            "",
        ),
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } => {
            let mut what = resource.to_owned();
            if !subresource.is_empty() {
                what = format!("{resource}/{subresource}");
            }
            let place = match namespace {
                "" => "at the cluster scope".to_owned(),
                namespace => format!("in the namespace {}", Quoted(namespace)),
            };
            let why = format!(
                "User {user} cannot {verb} resource {} in API group {} {place}",
                Quoted(&what),
                Quoted(group)
            );
            (why, group, resource, name)
        }
    };
    if let Cow::Owned(escaped) = sanitized(&why) {
        why = escaped;
    }
    if !reason.is_empty() {
        why.push_str(": ");
        why.push_str(reason);
    }
    Status::forbidden(group, resource, name, &why)
}
