//! What Go's `encoding/json` says of a text that is no JSON: its scanner, for the words alone.

/// How deep Go reads.
const MAX_DEPTH: usize = 10_000;

/// What is awaited next.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Value,
    /// Just after `[`: a value, or the end.
    FirstItem,
    /// Just after `{`: a key, or the end.
    FirstKey,
    Key,
    AfterKey,
    AfterValue,
}

/// What Go says of a text that is not exactly one JSON value; `None` if it is one.
pub fn complaint(text: &[u8]) -> Option<String> {
    let mut scanner = Scanner { text, at: 0 };
    match scanner.whole() {
        Ok(()) => None,
        Err(context) if scanner.at >= text.len() => {
            let _ = context;
            Some("unexpected end of JSON input".to_owned())
        }
        Err("exceeded max depth") => Some("exceeded max depth".to_owned()),
        Err(context) => {
            let shown = quoted(text[scanner.at]);
            Some(format!("invalid character {shown} {context}"))
        }
    }
}

/// Go shows a byte as the character of that number.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => {
            let text = char::from(byte).to_string();
            let quoted = crate::model::Quoted(&text).to_string();
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

type Step = Result<(), &'static str>;

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn whole(&mut self) -> Step {
        let mut open: Vec<bool> = Vec::new();
        let mut state = State::Value;
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                self.at += 1;
            }
            let Some(byte) = self.peek() else {
                let done = open.is_empty() && state == State::AfterValue;
                return if done { Ok(()) } else { Err("") };
            };
            state = match (state, byte) {
                (State::FirstItem, b']') | (State::FirstKey, b'}') => {
                    self.at += 1;
                    open.pop();
                    State::AfterValue
                }
                (State::Value | State::FirstItem, b'{' | b'[') => {
                    if open.len() == MAX_DEPTH {
                        return Err("exceeded max depth");
                    }
                    self.at += 1;
                    open.push(byte == b'{');
                    if byte == b'{' {
                        State::FirstKey
                    } else {
                        State::FirstItem
                    }
                }
                (State::Value | State::FirstItem, _) => {
                    self.scalar(byte)?;
                    State::AfterValue
                }
                (State::FirstKey | State::Key, b'"') => {
                    self.string()?;
                    State::AfterKey
                }
                (State::FirstKey | State::Key, _) => {
                    return Err("looking for beginning of object key string");
                }
                (State::AfterKey, b':') => {
                    self.at += 1;
                    State::Value
                }
                (State::AfterKey, _) => return Err("after object key"),
                (State::AfterValue, byte) => match (open.last(), byte) {
                    (None, _) => return Err("after top-level value"),
                    (Some(true), b'}') | (Some(false), b']') => {
                        self.at += 1;
                        open.pop();
                        State::AfterValue
                    }
                    (Some(true), b',') => {
                        self.at += 1;
                        State::Key
                    }
                    (Some(false), b',') => {
                        self.at += 1;
                        State::Value
                    }
                    (Some(true), _) => return Err("after object key:value pair"),
                    (Some(false), _) => return Err("after array element"),
                },
            };
        }
    }

    fn scalar(&mut self, first: u8) -> Step {
        match first {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal(
                b"true",
                &[
                    "in literal true (expecting 'r')",
                    "in literal true (expecting 'u')",
                    "in literal true (expecting 'e')",
                ],
            ),
            b'f' => self.literal(
                b"false",
                &[
                    "in literal false (expecting 'a')",
                    "in literal false (expecting 'l')",
                    "in literal false (expecting 's')",
                    "in literal false (expecting 'e')",
                ],
            ),
            b'n' => self.literal(
                b"null",
                &[
                    "in literal null (expecting 'u')",
                    "in literal null (expecting 'l')",
                    "in literal null (expecting 'l')",
                ],
            ),
            _ => Err("looking for beginning of value"),
        }
    }

    fn literal(&mut self, word: &[u8], contexts: &[&'static str]) -> Step {
        self.at += 1;
        for (expected, context) in word[1..].iter().zip(contexts) {
            if self.peek() != Some(*expected) {
                return Err(context);
            }
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Step {
        self.at += 1;
        loop {
            match self.peek() {
                None | Some(0..=0x1f) => return Err("in string literal"),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"') => {
                            self.at += 1;
                        }
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|b| b.is_ascii_hexdigit()) {
                                    return Err("in \\u hexadecimal character escape");
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err("in string escape code"),
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn digits(&mut self, context: &'static str) -> Step {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(context);
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Step {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn speaks_as_go() {
        for (text, expected) in [
            ("{}", None),
            (" [1, -0.5e+3, \"a\\u00e9\", true, null] ", None),
            ("", Some("unexpected end of JSON input")),
            ("{\"a\":{\"b", Some("unexpected end of JSON input")),
            (
                "{a: 1}",
                Some("invalid character 'a' looking for beginning of object key string"),
            ),
            ("{\"a\" 1}", Some("invalid character '1' after object key")),
            (
                "{\"a\":1 \"b\"}",
                Some("invalid character '\"' after object key:value pair"),
            ),
            ("[1 2]", Some("invalid character '2' after array element")),
            ("{} x", Some("invalid character 'x' after top-level value")),
            (
                "<html>",
                Some("invalid character '<' looking for beginning of value"),
            ),
            (
                "trUe",
                Some("invalid character 'U' in literal true (expecting 'u')"),
            ),
            ("\"a\n\"", Some("invalid character '\\n' in string literal")),
            (
                "\"\\x\"",
                Some("invalid character 'x' in string escape code"),
            ),
            (
                "é",
                Some("invalid character 'Ã' looking for beginning of value"),
            ),
            ("01", Some("invalid character '1' after top-level value")),
            (
                "1.x",
                Some("invalid character 'x' after decimal point in numeric literal"),
            ),
            (
                "{'a': 1}",
                Some("invalid character '\\'' looking for beginning of object key string"),
            ),
        ] {
            assert_eq!(complaint(text.as_bytes()).as_deref(), expected, "{text:?}");
        }
        let deep = "[".repeat(10_001);
        assert_eq!(
            complaint(deep.as_bytes()).as_deref(),
            Some("exceeded max depth")
        );
    }
}
