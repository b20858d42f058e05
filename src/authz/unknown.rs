//! Which answer of which authorizer would settle what is unknown.

use super::{Authorizer, Member, Unknown, Verdict};

/// Writes one line: each authorizer whose opinion is not known, and what each opinion of it would lead to.
pub(super) fn write(members: &[Member<'_>], unknown: &Unknown, out: &mut String) {
    let named = |index: usize| {
        members
            .get(index)
            .map_or_else(String::new, ToString::to_string)
    };
    for (i, open) in unknown.open.iter().enumerate() {
        let Some(member) = members.get(open.member) else {
            continue;
        };
        if i > 0 {
            out.push_str("; then ");
        }
        let left = match (unknown.open.get(i + 1), &unknown.otherwise) {
            (Some(next), _) => format!("leaves it to {}", named(next.member)),
            (None, Verdict::Allowed { by, .. }) => {
                format!("leaves it to {}, which allows it", named(*by))
            }
            (None, Verdict::Denied { by, .. }) => {
                format!("leaves it to {}, which denies it", named(*by))
            }
            (None, _) => "leaves it refused, as nobody else allows it".to_owned(),
        };
        let denies = match member.authorizer {
            Authorizer::Webhook(_) if member.denies_on_failure() => {
                "deny or no answer (failurePolicy Deny) refuses it, no opinion"
            }
            Authorizer::Webhook(_) => {
                "deny refuses it, no opinion or no answer (failurePolicy NoOpinion)"
            }
            Authorizer::Missing {
                kind: "Webhook", ..
            } => "deny refuses it, no opinion",
            _ => "no opinion",
        };
        let why = &open.why;
        for part in [
            &member.to_string(),
            " decides: allow allows it, ",
            denies,
            " ",
            &left,
            " (",
            why,
            ")",
        ] {
            out.push_str(part);
        }
    }
}
