//! Which answer of which authorizer would settle what is unknown.

use super::{Authorizer, Member, Unknown, Verdict};
use std::fmt::Write;

/// Writes one line: each authorizer whose opinion is not known, and what each opinion of it would lead to.
pub(super) fn write(members: &[Member<'_>], unknown: &Unknown, out: &mut String) {
    let named = |index: usize| members.get(index).map(ToString::to_string);
    for (i, open) in unknown.open.iter().enumerate() {
        let Some(member) = members.get(open.member) else {
            continue;
        };
        if i > 0 {
            out.push_str("; then ");
        }
        let next = unknown.open.get(i + 1).and_then(|next| named(next.member));
        let left = match (next, &unknown.otherwise) {
            (Some(next), _) => format!("leaves it to {next}"),
            (None, Verdict::Allowed { by, .. }) => {
                format!(
                    "leaves it to {}, which allows it",
                    named(*by).unwrap_or_default()
                )
            }
            (None, Verdict::Denied { by, .. }) => {
                format!(
                    "leaves it to {}, which denies it",
                    named(*by).unwrap_or_default()
                )
            }
            (None, _) => "leaves it refused, as nobody else allows it".to_owned(),
        };
        let why = &open.why;
        // Writing to a String cannot fail.
        let _ = match member.authorizer {
            Authorizer::Node | Authorizer::Missing { .. } => {
                write!(
                    out,
                    "{member} is asked ({why}); if it allows, it is allowed, no opinion {left}"
                )
            }
            _ => write!(out, "{member} is asked ({why}); allow {left}"),
        };
    }
}
