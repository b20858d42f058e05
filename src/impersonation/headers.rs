//! The headers that ask for impersonation.

use super::Impersonation;
use crate::model::Quoted;
use crate::request::headers::Headers;
use crate::request::target::unescape;
use std::fmt::Write;

const PREFIX: &str = "impersonate-extra-";

/// Reads the headers; `None` where nobody is impersonated.
///
/// # Errors
/// The message of the server's 400, for a group, uid or extra value without a user. It differs with the
/// feature gate `ConstrainedImpersonation`.
pub fn impersonation(
    headers: &Headers,
    constrained: bool,
) -> Result<Option<Impersonation>, String> {
    let mut wanted = Impersonation::default();
    let (mut has_user, mut has_uid) = (false, false);
    for (name, value) in headers.lines() {
        if !name
            .get(..12)
            .is_some_and(|start| start.eq_ignore_ascii_case("impersonate-"))
        {
            continue;
        }
        let rest = &name[12..];
        // Of several lines with a user or a uid the first counts, empty or not.
        if rest.eq_ignore_ascii_case("user") {
            if !std::mem::replace(&mut has_user, true) {
                value.clone_into(&mut wanted.user);
            }
        } else if rest.eq_ignore_ascii_case("uid") {
            if !std::mem::replace(&mut has_uid, true) {
                value.clone_into(&mut wanted.uid);
            }
        } else if rest.eq_ignore_ascii_case("group") {
            wanted.groups.push(value.to_owned());
        } else if name.len() >= PREFIX.len()
            && name
                .get(..PREFIX.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
        {
            let key = name[PREFIX.len()..].to_ascii_lowercase();
            let key = match unescape(&key, false) {
                Some((key, _)) => key.into_owned(),
                None => key,
            };
            wanted.extra.push((key, value.to_owned()));
        }
    }
    if wanted.lacks_user() {
        return Err(match constrained {
            true => go_user(&wanted),
            false => go_references(&wanted),
        });
    }
    Ok((!wanted.is_empty()).then_some(wanted))
}

/// `%#v` of the `user.DefaultInfo` that the headers make.
fn go_user(wanted: &Impersonation) -> String {
    let list = |values: &[&str]| -> String {
        let quoted: Vec<String> = values.iter().map(|v| Quoted(v).to_string()).collect();
        format!("[]string{{{}}}", quoted.join(", "))
    };
    let groups: Vec<&str> = wanted.groups.iter().map(String::as_str).collect();
    let groups = match groups.is_empty() {
        true => "[]string(nil)".to_owned(),
        false => list(&groups),
    };
    let extra: Vec<String> = wanted
        .extra_by_key()
        .iter()
        .map(|(key, values)| format!("{}:{}", Quoted(key), list(values)))
        .collect();
    let extra = match extra.is_empty() {
        true => "(nil)".to_owned(),
        false => format!("{{{}}}", extra.join(", ")),
    };
    format!(
        "requested &user.DefaultInfo{{Name:\"\", UID:{}, Groups:{groups}, Extra:map[string][]string{extra}}} without impersonating a user name",
        Quoted(&wanted.uid)
    )
}

/// `%v` of the object references that the headers make.
fn go_references(wanted: &Impersonation) -> String {
    const VERSION: &str = "authentication.k8s.io/v1";
    let mut references: Vec<String> = Vec::new();
    // Kind, namespace, name, uid, version, resource version and path of the field, a space after each.
    let mut add = |kind: &str, name: &str, version: &str, path: &str| {
        references.push(format!("{{{kind}  {name}  {version}  {path}}}"));
    };
    for group in &wanted.groups {
        add("Group", group, "", "");
    }
    for (key, values) in wanted.extra_by_key() {
        for value in values {
            add("UserExtra", value, VERSION, key);
        }
    }
    if !wanted.uid.is_empty() {
        add("UID", &wanted.uid, VERSION, "");
    }
    let mut text = String::from("requested [");
    let _ = write!(text, "{}", references.join(" "));
    text.push_str("] without impersonating a user");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[(&str, &str)]) -> Result<Option<Impersonation>, String> {
        impersonation(&Headers::from_iter(lines.iter().copied()), true)
    }

    #[test]
    fn reads_headers() {
        let wanted = read(&[
            ("IMPERSONATE-USER", " jane "),
            ("Impersonate-User", "second"),
            ("Impersonate-Group", "b,a"),
            ("impersonate-group", ""),
            ("Impersonate-Extra-A.io%2fB", "1"),
            ("Impersonate-Extra-%zz", "2"),
            ("Impersonate-Extra", "ignored"),
            ("Impersonate-Uid", ""),
            ("Impersonate-Uid", "second"),
        ]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let expected = Impersonation {
            user: "jane".to_owned(),
            groups: vec!["b,a".to_owned(), String::new()],
            uid: String::new(),
            extra: vec![pair("a.io/b", "1"), pair("%zz", "2")],
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[("Impersonate-User", "")]), Ok(None));
        assert_eq!(read(&[("Impersonate-é", "x")]), Ok(None));
        assert_eq!(wanted, Ok(Some(expected)));
    }
}
