//! A UserInfo of `authentication.k8s.io/v1` from a file, as JSON or YAML.

use super::decode::{DecodeError, list, mapping, string, string_field};
use super::tree::{Entry, Kind, Tree, Value};
use super::{LoadError, whole};
use crate::model::UserInfo;

const FIELDS: [&str; 4] = ["username", "uid", "groups", "extra"];

/// Reads a UserInfo; what the server would ignore in it is told as warnings.
///
/// # Errors
/// [`LoadError::Malformed`] with the place.
pub fn user_info(name: &str, text: &str) -> Result<(UserInfo, Vec<String>), LoadError> {
    let malformed = |line, column, message| LoadError::Malformed {
        file: name.to_owned(),
        line,
        column,
        message,
    };
    let documents = whole::documents(text).map_err(|e| malformed(e.line, e.column, e.message))?;
    let root = match documents.first().map(Tree::root) {
        Some(Some(root)) if documents.len() == 1 => root,
        _ => {
            let message = format!("expected one UserInfo, found {}", documents.len());
            return Err(malformed(1, 1, message));
        }
    };
    let user = decode(root).map_err(|e| malformed(e.line, e.column, e.message))?;
    let place = |value: Value<'_>| format!("{name}:{}:{}", value.line(), value.column());
    let unknown = root
        .entries()
        .filter(|entry| !FIELDS.contains(&entry.name))
        .map(|entry| {
            let (place, field) = (place(entry.key), entry.name);
            format!("{place}: unknown field {field:?}, which is ignored: a UserInfo has username, uid, groups and extra")
        });
    let repeated = documents[0].duplicates().map(|entry| {
        let (place, field) = (place(entry.key), entry.name);
        format!("{place}: key {field:?} is given twice; the last one counts")
    });
    Ok((user, unknown.chain(repeated).collect()))
}

fn decode(root: Value<'_>) -> Result<UserInfo, DecodeError> {
    if root.kind() != Kind::Mapping {
        return Err(DecodeError::at(
            root,
            "expected a UserInfo (a mapping with username, uid, groups and extra)",
        ));
    }
    let mut user = UserInfo {
        username: string_field(root, "username", format_args!("username"))?.to_owned(),
        uid: string_field(root, "uid", format_args!("uid"))?.to_owned(),
        groups: strings(root.get("groups"), "groups")?,
        ..UserInfo::default()
    };
    let extra = mapping(root.get("extra"), format_args!("extra"))?;
    for Entry { name, value, .. } in extra.iter().flat_map(|extra| extra.entries()) {
        let values = strings(Some(value), &format!("extra.{name}"))?;
        user.extra.insert(name.to_owned(), values);
    }
    if user.username.is_empty() && user.groups.is_empty() {
        return Err(DecodeError::at(
            root,
            "a UserInfo with neither username nor groups is nobody",
        ));
    }
    Ok(user)
}

fn strings(value: Option<Value<'_>>, path: &str) -> Result<Vec<String>, DecodeError> {
    let Some(items) = list(value, format_args!("{path}"))? else {
        return Ok(Vec::new());
    };
    let items = items.items().enumerate();
    items
        .map(|(i, item)| {
            Ok(string(item, format_args!("{path}[{i}]"))?
                .unwrap_or("")
                .to_owned())
        })
        .collect()
}
