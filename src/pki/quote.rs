//! Strings as Go's `%q` writes them. This room uses no other, so it has its own.

/// Quotes as Go's `strconv.Quote` does.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            '\0'..='\x7f' => out.push_str(&format!("\\x{:02x}", c as u32)),
            // Behind a first character Rust escapes what is not printable, and nothing else.
            _ if format!("a{c}").escape_debug().nth(1) == Some(c) => out.push(c),
            '\0'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            _ => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn as_go_does() {
        assert_eq!(quote("a\"\\\n\0é\u{200b}"), r#""a\"\\\n\x00é\u200b""#);
    }
}
