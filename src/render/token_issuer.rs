//! What the configuration of an issuer makes of a token, step by step.

use super::credential::{Rows, line, shown, shown_list};
use super::explain::Style;
use crate::answer::token_inspection::AtIssuer;
use crate::authn::oidc::{Finding, Judgement};
use crate::authn::opinion::Opinion;
use serde_json::{Value, json};

/// How much of an expression is shown to people, in characters.
const SOURCE: usize = 120;

/// The steps for people.
pub(super) fn steps(at: &AtIssuer, style: &impl Style) -> String {
    let judgement = match at {
        AtIssuer::Judged(judgement) => judgement,
        AtIssuer::Strange { named, configured } => {
            let mut rows = Rows::default();
            rows.add("token", shown(named));
            rows.add("configured", shown_list(configured));
            let heading = style.heading("no configured issuer is the token's, to the letter:");
            return format!("{heading}\n{}", rows.text(2));
        }
    };
    let issuer = judgement.issuer.as_deref().unwrap_or_default();
    let heading = format!(
        "what the issuer {} is configured to make of it:",
        shown(issuer)
    );
    let mut rows = Rows::default();
    for finding in &judgement.findings {
        rows.add(&finding.step, step(finding, style));
    }
    match &judgement.opinion {
        Opinion::User(_) | Opinion::Pass => {}
        Opinion::Refused(words)
            if judgement
                .findings
                .iter()
                .any(|f| f.outcome.as_ref() == Err(words)) => {}
        Opinion::Refused(words) => {
            rows.add("", format!("{}: {}", style.bad("refused"), line(words)));
        }
        Opinion::Unknown(why) => rows.add("", format!("unverified: {}", line(why))),
    }
    format!("{}\n{}", style.heading(&heading), rows.text(2))
}

fn step(finding: &Finding, style: &impl Style) -> String {
    let value = match &finding.outcome {
        Ok(value) if value.is_empty() => "(empty)".to_owned(),
        Ok(value) => shown(value),
        Err(words) => format!("{}: {}", style.bad("fails"), line(words)),
    };
    match finding.source.char_indices().nth(SOURCE) {
        _ if finding.source.is_empty() => value,
        Some((end, _)) => format!("{}… → {value}", line(&finding.source[..end])),
        None => format!("{} → {value}", line(&finding.source)),
    }
}

/// The steps for programs.
pub(super) fn value(at: &AtIssuer) -> Value {
    match at {
        AtIssuer::Strange { named, configured } => json!({
            "issuer": Value::Null,
            "outcome": "notConfigured",
            "named": named,
            "configured": configured,
        }),
        AtIssuer::Judged(judgement) => {
            let (outcome, error) = match &judgement.opinion {
                Opinion::User(_) => ("accepted", None),
                Opinion::Pass => ("notKnown", None),
                Opinion::Refused(words) => ("refused", Some(words)),
                Opinion::Unknown(why) => ("unknown", Some(why)),
            };
            let mut value = json!({
                "issuer": judgement.issuer,
                "outcome": outcome,
                "steps": findings(judgement),
            });
            if let Some(error) = error {
                value["error"] = json!(error);
            }
            value
        }
    }
}

fn findings(judgement: &Judgement) -> Vec<Value> {
    let finding = |finding: &Finding| {
        let mut value = json!({"step": finding.step, "source": finding.source});
        match &finding.outcome {
            Ok(result) => value["value"] = json!(result),
            Err(words) => value["error"] = json!(words),
        }
        value
    };
    judgement.findings.iter().map(finding).collect()
}
