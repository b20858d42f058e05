//! From verified claims to a user, and the rules that both must keep, in the server's order: username, groups,
//! uid, extra, required claims, expressions about claims, expressions about the user. The first failure is told.

use super::claims::{Claims, Unconvertible};
use super::trace::Trace;
use super::verifier::Refusal;
use crate::apiserver::authentication_config::JwtAuthenticator;
use crate::apiserver::authentication_config::mapper::{Expression, Mapper, Rule};
use crate::cel::Value;
use crate::model::{Quoted, UserInfo};
use std::collections::BTreeMap;

/// The key of the extra value with the token's `jti`.
const CREDENTIAL_ID: &str = "authentication.kubernetes.io/credential-id";

const NO_STRINGS: &str = "expression must return a string or a list of strings";

/// Makes a user of verified claims.
pub(super) struct Mapping<'m> {
    jwt: &'m JwtAuthenticator,
    mapper: &'m Mapper,
    claims: &'m Claims<'m>,
    /// The claims for expressions, if there are any.
    value: Value,
}

impl<'m> Mapping<'m> {
    pub(super) fn new(
        jwt: &'m JwtAuthenticator,
        mapper: &'m Mapper,
        claims: &'m Claims<'m>,
    ) -> Result<Self, Refusal> {
        let value = match mapper.reads_claims() {
            true => Value::object(&claims.to_json().map_err(|error| match error {
                Unconvertible::Refused(text) => Refusal::Refused(format!(
                    "oidc: could not convert claims to unstructured: {text}"
                )),
                Unconvertible::Unknown(why) => Refusal::Unknown(why),
            })?),
            false => Value::Null,
        };
        Ok(Mapping {
            jwt,
            mapper,
            claims,
            value,
        })
    }

    /// The user, before `system:authenticated` is added.
    pub(super) fn user(&self, trace: &mut Trace) -> Result<UserInfo, String> {
        let user = UserInfo {
            username: self.username(trace)?,
            groups: self.groups(trace)?,
            uid: self.uid(trace)?,
            extra: self.extra(trace)?,
        };
        self.required_claims(trace)?;
        let about_claims = "oidc: error evaluating claim validation expression: ";
        check_rules(
            "claim rule",
            &self.mapper.claim_rules,
            &self.value,
            about_claims,
            trace,
        )?;
        if !self.mapper.user_rules.is_empty() {
            let value = user_value(&user);
            let about_user = "oidc: error evaluating user info validation rule: ";
            check_rules(
                "user rule",
                &self.mapper.user_rules,
                &value,
                about_user,
                trace,
            )?;
        }
        Ok(user)
    }

    fn username(&self, trace: &mut Trace) -> Result<String, String> {
        if let Some(expression) = &self.mapper.username {
            let result = self.username_expression(expression);
            trace.result("username", &expression.text, &result, String::clone);
            return result;
        }
        let mapping = &self.jwt.claim_mappings.username;
        let name = self.username_claim(&mapping.claim);
        trace.result(
            "username",
            &format!("claim {}", mapping.claim),
            &name,
            String::clone,
        );
        let prefix = mapping.prefix.as_deref().unwrap_or("");
        let name = format!("{prefix}{}", name?);
        if !prefix.is_empty() {
            trace.value("username prefix", prefix, || name.clone());
        }
        Ok(name)
    }

    fn username_expression(&self, expression: &Expression) -> Result<String, String> {
        let head = "oidc: error evaluating username claim expression: ";
        let value = evaluate(expression, &self.value).map_err(|text| format!("{head}{text}"))?;
        match value.as_str() {
            None => Err(format!(
                "{head}username claim expression must return a string"
            )),
            Some("") => Err("oidc: empty username via CEL expression is not allowed".to_owned()),
            Some(name) => Ok(name.to_owned()),
        }
    }

    fn username_claim(&self, claim: &str) -> Result<String, String> {
        let name = self.claims.text(claim).map_err(|text| {
            let claim = Quoted(claim);
            format!("oidc: parse username claims {claim}: {text}")
        })?;
        if claim == "email" {
            match self.claims.truth("email_verified") {
                Some(Err(text)) => {
                    return Err(format!("oidc: parse 'email_verified' claim: {text}"));
                }
                Some(Ok(false)) => return Err("oidc: email not verified".to_owned()),
                Some(Ok(true)) | None => {}
            }
        }
        Ok(name)
    }

    fn groups(&self, trace: &mut Trace) -> Result<Vec<String>, String> {
        let mapping = &self.jwt.claim_mappings.groups;
        let claim = &mapping.claim;
        if !claim.is_empty() {
            let Some(groups) = self.claims.texts(claim) else {
                trace.value("groups", &format!("claim {claim}"), || {
                    "none: the token has no such claim".to_owned()
                });
                return Ok(Vec::new());
            };
            let groups = groups
                .map_err(|text| format!("oidc: parse groups claim {}: {text}", Quoted(claim)));
            trace.result("groups", &format!("claim {claim}"), &groups, |groups| {
                groups.join(", ")
            });
            let mut groups = groups?;
            if let Some(prefix) = mapping
                .prefix
                .as_deref()
                .filter(|prefix| !prefix.is_empty())
            {
                for group in &mut groups {
                    group.insert_str(0, prefix);
                }
                trace.value("groups prefix", prefix, || groups.join(", "));
            }
            return Ok(groups);
        }
        let Some(expression) = &self.mapper.groups else {
            return Ok(Vec::new());
        };
        let result = evaluate(expression, &self.value)
            .and_then(|value| value.to_strings().ok_or_else(|| NO_STRINGS.to_owned()))
            .map_err(|text| format!("oidc: error evaluating group claim expression: {text}"));
        trace.result("groups", &expression.text, &result, |groups| {
            groups.join(", ")
        });
        result
    }

    fn uid(&self, trace: &mut Trace) -> Result<String, String> {
        let claim = &self.jwt.claim_mappings.uid.claim;
        if !claim.is_empty() {
            let uid = self
                .claims
                .text(claim)
                .map_err(|text| format!("oidc: parse uid claim {}: {text}", Quoted(claim)));
            trace.result("uid", &format!("claim {claim}"), &uid, String::clone);
            return uid;
        }
        let Some(expression) = &self.mapper.uid else {
            return Ok(String::new());
        };
        let text = |value: Value| match value.as_str() {
            Some(uid) => Ok(uid.to_owned()),
            None => Err("uid claim expression must return a string".to_owned()),
        };
        let uid = evaluate(expression, &self.value)
            .and_then(text)
            .map_err(|text| format!("oidc: error evaluating uid claim expression: {text}"));
        trace.result("uid", &expression.text, &uid, String::clone);
        uid
    }

    fn extra(&self, trace: &mut Trace) -> Result<BTreeMap<String, Vec<String>>, String> {
        let mut extra = BTreeMap::new();
        if let Ok(id) = self.claims.text("jti")
            && !id.is_empty()
        {
            let id = format!("JTI={id}");
            trace.value(&format!("extra {CREDENTIAL_ID}"), "claim jti", || {
                id.clone()
            });
            extra.insert(CREDENTIAL_ID.to_owned(), vec![id]);
        }
        // All are evaluated before the first is looked at.
        let mut values = Vec::new();
        for (key, expression) in &self.mapper.extra {
            let value = evaluate(expression, &self.value);
            if value.is_err() {
                trace.result(&format!("extra {key}"), &expression.text, &value, |_| {
                    String::new()
                });
            }
            values.push((key, expression, value?));
        }
        for (key, expression, value) in values {
            let strings = value.to_strings().ok_or_else(|| {
                let text = &expression.text;
                format!("oidc: error evaluating extra claim expression: {text}: {NO_STRINGS}")
            });
            trace.result(
                &format!("extra {key}"),
                &expression.text,
                &strings,
                |strings| strings.join(", "),
            );
            let strings = strings?;
            if !strings.is_empty() {
                extra.insert(key.clone(), strings);
            }
        }
        Ok(extra)
    }

    fn required_claims(&self, trace: &mut Trace) -> Result<(), String> {
        for rule in &self.jwt.claim_validation_rules {
            let (claim, wanted) = (&rule.claim, &rule.required_value);
            if claim.is_empty() {
                continue;
            }
            let result = match self.claims.get(claim) {
                None => Err(format!(
                    "oidc: required claim {claim} not present in ID token"
                )),
                Some(_) => match self.claims.text(claim) {
                    Err(text) => Err(format!("oidc: parse claim {claim}: {text}")),
                    Ok(found) if found == *wanted => Ok(found),
                    Ok(found) => Err(format!(
                        "oidc: required claim {claim} value does not match. Got = {found}, want = {wanted}"
                    )),
                },
            };
            trace.result(
                "required claim",
                &format!("claim {claim}"),
                &result,
                String::clone,
            );
            result?;
        }
        Ok(())
    }
}

fn evaluate(expression: &Expression, input: &Value) -> Result<Value, String> {
    let value = expression.program.evaluate(input);
    value.map_err(|error| {
        format!(
            "expression '{}' resulted in error: {error}",
            expression.text
        )
    })
}

/// Whether all rules hold; `head` is what the server says before the words about one that does not. All are evaluated before the first is looked at.
fn check_rules(
    step: &str,
    rules: &[Rule],
    input: &Value,
    head: &str,
    trace: &mut Trace,
) -> Result<(), String> {
    let mut values = Vec::new();
    for rule in rules {
        let value = evaluate(&rule.expression, input).map_err(|text| format!("{head}{text}"));
        if value.is_err() {
            trace.result(step, &rule.expression.text, &value, |_| String::new());
        }
        values.push(value?);
    }
    for (rule, value) in rules.iter().zip(values) {
        let text = &rule.expression.text;
        let result = match value.as_bool() {
            Some(true) => Ok(()),
            Some(false) => Err(format!(
                "{head}validation expression '{text}' failed: {}",
                rule.message
            )),
            None => Err(format!("{head}validation expression must return a boolean")),
        };
        trace.result(step, text, &result, |()| "holds".to_owned());
        result?;
    }
    Ok(())
}

/// The user for expressions: every field is there.
fn user_value(user: &UserInfo) -> Value {
    let fields = [
        ("username", serde_json::json!(user.username)),
        ("uid", serde_json::json!(user.uid)),
        ("groups", serde_json::json!(user.groups)),
        ("extra", serde_json::json!(user.extra)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    Value::object(&fields.into_iter().collect())
}
