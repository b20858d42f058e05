//! Go's rendering of strings, in which the server writes its messages.

use std::fmt::{self, Write};

/// Displays a string as Go's `%q` (`strconv.Quote`) does.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl Quoted<'_> {
    /// Writes what is displayed, without the detour over a formatter.
    pub fn write_to(self, out: &mut impl Write) -> fmt::Result {
        out.write_str("\"")?;
        write_inside(self.0, out)?;
        out.write_str("\"")
    }
}

/// Displays two strings as Go's `%q` does the two of them joined by a slash.
#[derive(Clone, Copy, Debug)]
pub struct QuotedPath<'a>(pub &'a str, pub &'a str);

impl fmt::Display for QuotedPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl QuotedPath<'_> {
    /// Writes what is displayed, without the detour over a formatter.
    pub fn write_to(self, out: &mut impl Write) -> fmt::Result {
        out.write_str("\"")?;
        write_inside(self.0, out)?;
        out.write_str("/")?;
        write_inside(self.1, out)?;
        out.write_str("\"")
    }
}

fn write_inside(text: &str, f: &mut impl Write) -> fmt::Result {
    // Names hardly ever hold anything that needs more thought.
    let plain = |byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        return f.write_str(text);
    }
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\x07' => f.write_str("\\a")?,
            '\x08' => f.write_str("\\b")?,
            '\x0c' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\x0b' => f.write_str("\\v")?,
            '\'' => f.write_char(c)?,
            ' '..='~' => f.write_char(c)?,
            _ if (c as u32) < 0x80 => write!(f, "\\x{:02x}", c as u32)?,
            _ if is_print(c) => f.write_char(c)?,
            _ if (c as u32) < 0x10000 => write!(f, "\\u{:04x}", c as u32)?,
            _ => write!(f, "\\U{:08x}", c as u32)?,
        }
    }
    Ok(())
}

/// Go's `unicode.IsPrint` for characters beyond ASCII: what Rust's debug form leaves as it is after a
/// first character (a combining mark at the very beginning is escaped there, but is printable).
fn is_print(c: char) -> bool {
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let length = 1 + c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..length]).is_ok_and(|s| s.escape_debug().nth(1) == Some(c))
}

#[cfg(test)]
mod tests {
    use super::{Quoted, QuotedPath};

    #[test]
    fn quotes_as_go_does() {
        let cases = [
            ("plain", r#""plain""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            (
                "tab\tnl\n\u{7}\u{b}\u{0}\u{7f}",
                r#""tab\tnl\n\a\v\x00\x7f""#,
            ),
            ("it's", r#""it's""#),
            ("ünï 日本 u\u{308}", "\"ünï 日本 u\u{308}\""),
            ("\u{308}x", "\"\u{308}x\""),
            (
                "nb\u{a0}sp \u{200b} \u{e000} \u{10ffff}",
                r#""nb\u00a0sp \u200b \ue000 \U0010ffff""#,
            ),
        ];
        for (input, expected) in cases {
            assert_eq!(Quoted(input).to_string(), expected);
            let both = Quoted(&format!("{input}/{input}")).to_string();
            assert_eq!(QuotedPath(input, input).to_string(), both);
        }
    }
}
