//! `trace --message`: an error from a terminal, placed and explained.

use super::{is_yaml, why};
use crate::answer::pasted::{self, Origin};
use crate::answer::trace::request_in_words;
use crate::authz::{Chain, Verdict};
use crate::cli::args::{Output, TraceArgs};
use crate::cli::{Exit, print, print_value};
use crate::impersonation::Impersonation;
use crate::model::{Attributes, UserInfo};
use crate::render;
use anyhow::{Result, bail};
use serde_json::json;

pub(super) fn run(chain: &Chain<'_>, args: &TraceArgs, text: &str) -> Result<Exit> {
    let Some(pasted) = pasted::parse(text) else {
        bail!(
            "--message: no server says this; expected a line such as 'Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"'"
        );
    };
    let user = user(args, &pasted)?;
    let (stage, meaning) = render::trace::origin(&pasted.origin);
    let judged = match (&user, &pasted.asked) {
        (Some(user), Some(asked)) => {
            let attributes = Attributes::of(user, asked.request());
            Some((user, asked, chain.decide(&attributes)))
        }
        _ => None,
    };
    let why = judged
        .as_ref()
        .and_then(|(user, asked, _)| why(chain, user, asked.request()));
    if args.output != Output::Table {
        let mut value = json!({
            "stage": stage,
            "meaning": meaning,
            "code": pasted.code,
            "user": user,
            "reason": pasted.reason,
        });
        if let Some((_, asked, verdict)) = &judged {
            value["question"] = json!(request_in_words(&asked.request()));
            value["decision"] = json!(decision(verdict));
        }
        if let Some((_, explanation)) = why {
            value["explanation"] = explanation;
        }
        print_value(&value, is_yaml(args.output))?;
        return Ok(exit(judged.as_ref().map(|(_, _, verdict)| verdict)));
    }
    let mut out = format!("{stage} says this ({}): {meaning}\n", pasted.code);
    if let (Some(user), Some((_, asked, verdict))) = (&user, &judged) {
        out.push_str(&format!(
            "asked: {} by {}\n",
            request_in_words(&asked.request()),
            render::impersonation::named(user)
        ));
        let now = match verdict {
            verdict if verdict.allowed() => {
                "the loaded policy allows it: the error is of another policy, or the user had other groups (give them with --as-group)"
            }
            verdict if verdict.refused() => "the loaded policy refuses it, too",
            _ => "what the loaded policy says cannot be told",
        };
        out.push_str(&format!("now: {now}\n"));
    } else if !pasted.reason.is_empty() && pasted.origin != Origin::Authorization {
        out.push_str(&format!(
            "objection: {}\n",
            pasted.reason.replace('\n', "; ")
        ));
    }
    if let Some((text, _)) = why {
        out.push('\n');
        out.push_str(&text);
    }
    print(out)?;
    Ok(exit(judged.as_ref().map(|(_, _, verdict)| verdict)))
}

/// What the loaded policy says now; of what it is not asked about, the error stands.
fn exit(verdict: Option<&Verdict>) -> Exit {
    match verdict {
        Some(verdict) if verdict.allowed() => Exit::Yes,
        Some(verdict) if !verdict.refused() => Exit::Unknown,
        _ => Exit::No,
    }
}

fn decision(verdict: &Verdict) -> &'static str {
    match verdict {
        verdict if verdict.allowed() => "allow",
        verdict if verdict.refused() => "forbid",
        _ => "unknown",
    }
}

/// The user that the error names, with the groups that such a user always has and those that are given.
fn user(args: &TraceArgs, pasted: &pasted::Pasted) -> Result<Option<UserInfo>> {
    if let Some(path) = &args.who.user_info {
        return crate::cli::identity::read_user_info(path).map(Some);
    }
    let name = match (&pasted.user, &args.who.as_user) {
        (Some(name), _) | (None, Some(name)) => name.clone(),
        (None, None) => return Ok(None),
    };
    let named = Impersonation {
        user: name,
        ..Impersonation::default()
    };
    let mut user = named.unrestricted();
    for group in pasted.groups.iter().chain(&args.who.as_group) {
        if !user.groups.contains(group) {
            user.groups.push(group.clone());
        }
    }
    Ok(Some(user))
}
