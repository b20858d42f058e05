//! Impersonation without the feature gate `ConstrainedImpersonation`: the verb `impersonate` alone
//! (`pkg/endpoints/filters/impersonation/impersonation.go`).

use super::ask::{AUTHENTICATION, Ask, Stop};
use super::{Granted, Impersonation, Mode, Outcome, service_account};
use crate::model::Request;

/// Asks about the user, each group, each extra value and the uid, in this order.
pub(super) fn judge(wanted: &Impersonation, ask: &mut Ask<'_, '_>) -> Outcome {
    // The server takes an authorizer's reason alone.
    ask.tells_errors = false;
    match all(wanted, ask) {
        Ok(()) => Outcome::As(Granted {
            user: wanted.effective(false),
            mode: Mode::Legacy,
        }),
        Err(Stop::Refused(Some(refusal))) => Outcome::Refused(refusal),
        Err(Stop::Refused(None)) => Outcome::Unknown("who refused was not kept".to_owned()),
        Err(Stop::Unknown(why)) => Outcome::Unknown(why),
    }
}

fn all(wanted: &Impersonation, ask: &mut Ask<'_, '_>) -> Result<(), Stop> {
    let question = |group, resource, namespace, subresource, name| Request::Resource {
        verb: Mode::Legacy.verb(),
        group,
        resource,
        subresource,
        namespace,
        name,
    };
    let user = match service_account(&wanted.user) {
        Some((namespace, name)) => question("", "serviceaccounts", namespace, "", name),
        None => question("", "users", "", "", &wanted.user[..]),
    };
    ask.may(Mode::Legacy, user)?;
    for group in &wanted.groups {
        ask.may(Mode::Legacy, question("", "groups", "", "", group))?;
    }
    for (key, values) in wanted.extra_by_key() {
        for value in values {
            let extra = question(AUTHENTICATION, "userextras", "", key, value);
            ask.may(Mode::Legacy, extra)?;
        }
    }
    if !wanted.uid.is_empty() {
        let uid = question(AUTHENTICATION, "uids", "", "", &wanted.uid);
        ask.may(Mode::Legacy, uid)?;
    }
    Ok(())
}
