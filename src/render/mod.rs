//! Words and tables: data in, text out.

pub mod authentication;
pub mod certificate;
mod credential;
pub mod explain;
pub mod impersonation;
pub mod lint;
pub mod opinions;
pub mod rules_table;
pub mod token;
mod token_issuer;
pub mod trace;
pub mod who_can;
pub mod whoami;

use crate::model::{Cluster, Position, Quoted};

/// A word of the input, safe to print: quoted where it is empty or holds anything that a terminal or a
/// reader could mistake for something else.
pub(crate) fn word(text: &str) -> String {
    // Names hardly ever hold anything that needs more thought.
    let common = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b'"' | b'\\');
    if !text.is_empty() && text.bytes().all(common) {
        return text.to_owned();
    }
    let quoted = Quoted(text).to_string();
    let plain =
        !text.is_empty() && quoted.len() == text.len() + 2 && !text.contains([' ', ',', '"']);
    if plain { text.to_owned() } else { quoted }
}

/// `FILE:LINE:COLUMN` or `built-in`, safe to print.
pub(crate) fn place(cluster: &Cluster, position: Position) -> String {
    let place = cluster.place(position);
    if place.chars().any(char::is_control) {
        Quoted(&place).to_string()
    } else {
        place
    }
}
