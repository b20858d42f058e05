//! Who asks, and as whom, for people.

use super::word;
use crate::impersonation::Mode;
use crate::model::UserInfo;

/// One line: the asker, whom it impersonates, and what let it through.
pub fn line(asker: &UserInfo, user: &UserInfo, mode: Mode) -> String {
    format!(
        "{} asks as {}, let through by {}\n",
        named(asker),
        named(user),
        by(mode)
    )
}

/// A user with groups, in a few words.
pub fn named(user: &UserInfo) -> String {
    let name = word(&user.username);
    match &user.groups[..] {
        [] => name,
        groups => {
            let groups: Vec<String> = groups.iter().map(|group| word(group)).collect();
            format!("{name} [{}]", groups.join(", "))
        }
    }
}

/// What a mode is, in words.
pub(super) fn by(mode: Mode) -> String {
    match mode.name() {
        None => "the verb impersonate".to_owned(),
        Some(name) => format!("constrained impersonation ({name})"),
    }
}
