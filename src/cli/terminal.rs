//! Terminals, which nothing that was loaded may drive.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

/// Messages to standard error. Control characters other than the end of a line and the tab are escaped as
/// Go's `%q` does, for file names and values come from whoever wrote the input.
pub(super) struct Messages;

/// Standard error for messages.
pub(super) fn messages() -> Messages {
    Messages
}

impl Write for Messages {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(text);
        io::stderr().write_all(escaped(&text).as_bytes())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }

    /// A message is one write, so that two commands that share a terminal do not mix their lines.
    fn write_fmt(&mut self, message: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(message.to_string().as_bytes())
    }
}

/// A text of kubectl's form for standard output: to the letter for a script, escaped for a person.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if io::stdout().is_terminal() {
        escaped(text)
    } else {
        Cow::Borrowed(text)
    }
}

fn escaped(text: &str) -> Cow<'_, str> {
    let drives = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.chars().any(drives) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if !drives(c) => out.push(c),
            '\r' => out.push_str("\\r"),
            _ if c.is_ascii() => _ = write!(out, "\\x{:02x}", u32::from(c)),
            _ => _ = write!(out, "\\u{:04x}", u32::from(c)),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_drives_a_terminal_is_escaped() {
        let cases = [
            ("plain:1:2: ünï\n\tnext\n", "plain:1:2: ünï\n\tnext\n"),
            (
                "\u{1b}]0;x\u{7}\r\u{7f}\u{9b}",
                "\\x1b]0;x\\x07\\r\\x7f\\u009b",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
        }
    }
}
