//! Impersonation with the feature gate `ConstrainedImpersonation`: several modes, each with a question about
//! what is requested and questions about who is impersonated, and the verb `impersonate` after them
//! (KEP-5284; `pkg/endpoints/filters/impersonation/mode.go`).

use super::ask::{AUTHENTICATION, Ask, Stop};
use super::extra_key::extra_key_error;
use super::{Granted, Impersonation, Mode, Outcome, node_name, service_account};
use crate::model::{Attributes, Request, UserInfo};

/// With so many groups or extra values, the name `*` is asked about before each of them.
const MANY: usize = 4;

/// The extra value of a token that is bound to a node or to a pod on it.
const NODE_NAME: &str = "authentication.kubernetes.io/node-name";

/// Tries the modes one after the other; the mode of the last success first, where there is one.
pub(super) fn judge(
    wanted: &Impersonation,
    ask: &mut Ask<'_, '_>,
    asked: &Attributes<'_>,
    last: Option<Mode>,
) -> Outcome {
    let mut first_refusal = None;
    let others = Mode::ALL.into_iter().filter(|mode| Some(*mode) != last);
    for mode in last.into_iter().chain(others) {
        if !applies(wanted, ask.asker, mode) {
            continue;
        }
        ask.refused_before = first_refusal.is_some();
        match in_mode(wanted, ask, asked, mode) {
            Ok(()) => {
                let node = mode != Mode::Legacy && node_name(&wanted.user).is_some();
                let user = wanted.effective(node);
                return Outcome::As(Granted { user, mode });
            }
            Err(Stop::Refused(refusal)) => first_refusal = first_refusal.or(refusal),
            Err(Stop::Unknown(why)) => return Outcome::Unknown(why),
        }
    }
    match first_refusal {
        Some(refusal) => Outcome::Refused(refusal),
        // The verb impersonate applies always, so that a refusal is there.
        None => Outcome::Unknown("all impersonation modes failed".to_owned()),
    }
}

/// Whether a mode is for such a user.
pub(super) fn applies(wanted: &Impersonation, asker: &UserInfo, mode: Mode) -> bool {
    match mode {
        Mode::AssociatedNode => wanted.only_user() && is_associated(&wanted.user, asker),
        Mode::ArbitraryNode => wanted.only_user() && node_name(&wanted.user).is_some(),
        Mode::ServiceAccount => wanted.only_user() && service_account(&wanted.user).is_some(),
        Mode::UserInfo => {
            node_name(&wanted.user).is_none() && service_account(&wanted.user).is_none()
        }
        Mode::Legacy => true,
    }
}

/// Whether the asker is a service account whose token is bound to that node.
fn is_associated(user: &str, asker: &UserInfo) -> bool {
    let Some(node) = node_name(user) else {
        return false;
    };
    let bound_to = asker.extra.get(NODE_NAME).map(Vec::as_slice);
    service_account(&asker.username).is_some() && matches!(bound_to, Some([one]) if one == node)
}

fn in_mode(
    wanted: &Impersonation,
    ask: &mut Ask<'_, '_>,
    asked: &Attributes<'_>,
    mode: Mode,
) -> Result<(), Stop> {
    if let Some(name) = mode.name() {
        let verb = format!("impersonate-on:{name}:{}", asked.request.verb());
        let request = asked.request.with_verb(&verb);
        ask.question(mode, Attributes { request, ..*asked })?;
    }
    username(wanted, ask, mode)?;
    if !wanted.uid.is_empty() {
        ask.may(mode, about(mode, AUTHENTICATION, "uids", "", &wanted.uid))?;
    }
    groups(wanted, ask, mode)?;
    extra(wanted, ask, mode)
}

/// A question about who is impersonated, at the cluster scope.
fn about<'q>(
    mode: Mode,
    group: &'q str,
    resource: &'q str,
    subresource: &'q str,
    name: &'q str,
) -> Request<'q> {
    Request::Resource {
        verb: mode.verb(),
        group,
        resource,
        subresource,
        namespace: "",
        name,
    }
}

fn username(wanted: &Impersonation, ask: &mut Ask<'_, '_>, mode: Mode) -> Result<(), Stop> {
    if let Some((namespace, name)) = service_account(&wanted.user) {
        let request = Request::Resource {
            verb: mode.verb(),
            group: mode.group(),
            resource: "serviceaccounts",
            subresource: "",
            namespace,
            name,
        };
        return ask.may(mode, request);
    }
    let (resource, name) = match node_name(&wanted.user) {
        // The server asks about all nodes at once: its memory of this answer knows no names.
        Some(_) if mode == Mode::AssociatedNode => ("nodes", "*"),
        Some(name) if mode != Mode::Legacy => ("nodes", name),
        _ => ("users", &wanted.user[..]),
    };
    ask.may(mode, about(mode, mode.group(), resource, "", name))
}

fn groups(wanted: &Impersonation, ask: &mut Ask<'_, '_>, mode: Mode) -> Result<(), Stop> {
    let question = |name| about(mode, mode.group(), "groups", "", name);
    if mode != Mode::Legacy {
        let has = |group: &str| wanted.groups.iter().any(|g| g == group);
        if has("") {
            let why = "impersonating the empty string group is not allowed";
            return Err(ask.refuse(mode, question(""), why.to_owned()));
        }
        if has("system:masters") {
            let why = "impersonating the system:masters group is not allowed";
            return Err(ask.refuse(mode, question("system:masters"), why.to_owned()));
        }
        if wanted.groups.len() >= MANY && all_at_once(ask, mode, question("*"))? {
            return Ok(());
        }
    }
    let mut groups = wanted.groups.iter();
    groups.try_for_each(|group| ask.may(mode, question(group)))
}

fn extra(wanted: &Impersonation, ask: &mut Ask<'_, '_>, mode: Mode) -> Result<(), Stop> {
    if wanted.extra.is_empty() {
        return Ok(());
    }
    let by_key = wanted.extra_by_key();
    let question = |key, value| about(mode, AUTHENTICATION, "userextras", key, value);
    if mode != Mode::Legacy {
        for (key, values) in &by_key {
            if let Some(why) = extra_key_error(key, values) {
                return Err(ask.refuse(mode, question("", ""), why));
            }
        }
        if wanted.extra.len() >= MANY && all_at_once(ask, mode, question("*", "*"))? {
            return Ok(());
        }
    }
    for (key, values) in by_key {
        for value in values {
            ask.may(mode, question(key, value))?;
        }
    }
    Ok(())
}

/// Asks about all names at once; a refusal says nothing.
fn all_at_once(ask: &mut Ask<'_, '_>, mode: Mode, question: Request<'_>) -> Result<bool, Stop> {
    let before = std::mem::replace(&mut ask.refused_before, true);
    let answer = ask.may(mode, question);
    ask.refused_before = before;
    match answer {
        Ok(()) => Ok(true),
        Err(Stop::Refused(_)) => Ok(false),
        Err(unknown) => Err(unknown),
    }
}
