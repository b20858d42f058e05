//! What each authorizer says to a question.

use super::explain::Style;
use crate::authz::{Chain, Opined, Said};
use crate::render::word;
use serde_json::{Value, json};

fn said(said: Said) -> &'static str {
    match said {
        Said::Allow => "allow",
        Said::Deny => "deny",
        Said::NoOpinion => "no opinion",
        Said::Unknown => "unknown",
        Said::NotAsked => "not asked",
    }
}

/// A short table for people: the authorizers in the order in which they are asked.
pub fn table(chain: &Chain<'_>, opinions: &[Opined], style: &dyn Style) -> String {
    let name = |opined: &Opined| {
        let member = chain.members().get(opined.member);
        member.map_or_else(String::new, ToString::to_string)
    };
    let names: Vec<String> = opinions.iter().map(name).collect();
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or_default();
    let mut text = style.heading("authorizers:");
    text.push('\n');
    for (opined, name) in opinions.iter().zip(&names) {
        let mut line = format!("  {name:<width$}  {:<10}", said(opined.said));
        let words = opined
            .reason
            .lines()
            .chain(opined.errors.iter().map(String::as_str));
        let policy = opined.policy.map(|line| format!("(policy, line {line})"));
        let assumed = opined.assumed.then(|| "(assumed)".to_owned());
        let words: Vec<String> = words.map(one_line).chain(policy).chain(assumed).collect();
        line.push_str("  ");
        line.push_str(&words.join("; "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Words of others, without what would move the cursor.
fn one_line(text: &str) -> String {
    match text.chars().any(char::is_control) {
        true => word(text),
        false => text.to_owned(),
    }
}

/// The same for programs.
pub fn opinions_json(chain: &Chain<'_>, opinions: &[Opined]) -> Value {
    let opinions = opinions.iter().map(|opined| {
        let member = chain.members().get(opined.member);
        let mut value = json!({
            "type": member.map(|member| member.authorizer.kind()),
            "opinion": said(opined.said),
        });
        if let Some(member) = member.filter(|member| !member.name.is_empty()) {
            value["name"] = json!(member.name);
        }
        if !opined.reason.is_empty() {
            value["reason"] = json!(opined.reason);
        }
        if !opined.errors.is_empty() {
            value["errors"] = json!(opined.errors);
        }
        if let Some(line) = opined.policy {
            value["policy"] = json!({"line": line});
        }
        if opined.assumed {
            value["assumed"] = json!(true);
        }
        value
    });
    opinions.collect()
}
