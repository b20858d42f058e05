//! Which extra keys and values constrained impersonation takes.

use crate::model::FieldError;
use crate::model::names::dns_subdomain_errors;

/// What is wrong with a key and its values, in the server's words (`validateExtra`).
pub fn extra_key_error(key: &str, values: &[&str]) -> Option<String> {
    if key.is_empty() {
        return Some("impersonating the empty string key in extra is not allowed".to_owned());
    }
    if let Some(errors) = domain_prefixed_path_errors(key) {
        return Some(format!(
            "impersonating an invalid key in extra is not allowed: {errors}"
        ));
    }
    if key != key.to_lowercase() {
        return Some(format!(
            "impersonating a non-lowercase key in extra is not allowed: {}",
            crate::model::Quoted(key)
        ));
    }
    if values.contains(&"") {
        return Some("impersonating the empty string value in extra is not allowed".to_owned());
    }
    None
}

/// `IsDomainPrefixedPath`, its errors as one text.
fn domain_prefixed_path_errors(key: &str) -> Option<String> {
    const FIELD: &str = "extra.key";
    let (host, path) = key.split_once('/').unwrap_or((key, ""));
    if host.is_empty() || path.is_empty() {
        let why = "must be a domain-prefixed path (such as \"acme.io/foo\")";
        return Some(FieldError::invalid(FIELD, key, why).to_string());
    }
    let mut errors: Vec<String> = dns_subdomain_errors(host)
        .into_iter()
        .map(|why| FieldError::invalid(FIELD, host, why).to_string())
        .collect();
    let in_path = |b: u8| b.is_ascii_alphanumeric() || b"/\\-._~%!$&'()*+,;=:".contains(&b);
    // In Go's expression the backslash escapes the hyphen.
    if !path.bytes().all(|b| in_path(b) && b != b'\\') {
        let why = r"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')";
        errors.push(FieldError::invalid(FIELD, path, why).to_string());
    }
    match &errors[..] {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("[{}]", several.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::extra_key_error;

    #[test]
    fn keys() {
        for (key, value, expected) in [
            ("a.io/b", "v", None),
            ("a.io/b", "", Some("the empty string value")),
            ("", "v", Some("the empty string key")),
            (
                "scopes",
                "v",
                Some(r#""scopes": must be a domain-prefixed path"#),
            ),
            ("a.io/", "v", Some("must be a domain-prefixed path")),
            ("A.io/b", "v", Some("lowercase RFC 1123 subdomain")),
            ("a.io/b c", "v", Some("Invalid path (regex")),
            (r"a.io/b\c", "v", Some("Invalid path (regex")),
            (
                "a.io/B",
                "v",
                Some(r#"non-lowercase key in extra is not allowed: "a.io/B""#),
            ),
            ("-/ ", "v", Some("[extra.key: ")),
        ] {
            let error = extra_key_error(key, &[value]);
            match expected {
                None => assert_eq!(error, None, "{key}"),
                Some(text) => assert!(
                    error.as_ref().is_some_and(|e| e.contains(text)),
                    "{error:?}"
                ),
            }
        }
    }
}
