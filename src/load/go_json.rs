//! What Go's `encoding/json` says of a text that is no JSON (its `checkValid`).

use crate::model::Quoted;

/// How deep Go reads.
const MAX_DEPTH: usize = 10_000;

/// Why a text is not one JSON value; `None` where it is one.
pub fn complaint(text: &[u8]) -> Option<String> {
    let mut scanner = Scanner {
        state: State::BeginValue,
        open: Vec::new(),
    };
    for &byte in text {
        if let Err(context) = scanner.step(byte) {
            return Some(invalid(byte, &context));
        }
    }
    if scanner.state == State::EndTop {
        return None;
    }
    // At the end Go feeds one more blank, and tells what that does not fit.
    match scanner.step(b' ') {
        Err(context) => Some(invalid(b' ', &context)),
        Ok(()) if scanner.state == State::EndTop => None,
        Ok(()) => Some("unexpected end of JSON input".to_owned()),
    }
}

fn invalid(byte: u8, context: &str) -> String {
    let shown = match byte {
        b'\'' => "\\'".to_owned(),
        b'"' => "\"".to_owned(),
        // Go takes the byte for a character.
        byte => {
            let text = char::from(byte).to_string();
            let quoted = Quoted(&text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    };
    format!("invalid character '{shown}' {context}")
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    BeginValueOrEmpty,
    BeginValue,
    BeginStringOrEmpty,
    BeginString,
    EndValue,
    EndTop,
    InString,
    Escape,
    /// So many hexadecimal digits are still to come.
    Hex(u8),
    Minus,
    Zero,
    Digits,
    Dot,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// A word, and how much of it was read.
    Word(&'static str, usize),
}

/// What an open container is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Key,
    Value,
    Element,
}

struct Scanner {
    state: State,
    open: Vec<Open>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl Scanner {
    /// Takes one byte; an error is where it does not fit, in Go's words.
    fn step(&mut self, byte: u8) -> Result<(), String> {
        let fail = |context: &str| Err(context.to_owned());
        match self.state {
            State::BeginValueOrEmpty | State::BeginValue if is_space(byte) => {}
            State::BeginValueOrEmpty if byte == b']' => return self.end_value(byte),
            State::BeginValueOrEmpty | State::BeginValue => return self.begin_value(byte),
            State::BeginStringOrEmpty | State::BeginString if is_space(byte) => {}
            State::BeginStringOrEmpty if byte == b'}' => {
                if let Some(open) = self.open.last_mut() {
                    *open = Open::Value;
                }
                return self.end_value(byte);
            }
            State::BeginStringOrEmpty | State::BeginString => match byte {
                b'"' => self.state = State::InString,
                _ => return fail("looking for beginning of object key string"),
            },
            State::EndValue => return self.end_value(byte),
            State::EndTop if is_space(byte) => {}
            State::EndTop => return fail("after top-level value"),
            State::InString => match byte {
                b'"' => self.state = State::EndValue,
                b'\\' => self.state = State::Escape,
                ..0x20 => return fail("in string literal"),
                _ => {}
            },
            State::Escape => match byte {
                b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {
                    self.state = State::InString;
                }
                b'u' => self.state = State::Hex(4),
                _ => return fail("in string escape code"),
            },
            State::Hex(left) if byte.is_ascii_hexdigit() => {
                self.state = match left {
                    ..=1 => State::InString,
                    _ => State::Hex(left - 1),
                };
            }
            State::Hex(_) => return fail("in \\u hexadecimal character escape"),
            State::Minus => match byte {
                b'0' => self.state = State::Zero,
                b'1'..=b'9' => self.state = State::Digits,
                _ => return fail("in numeric literal"),
            },
            State::Digits if byte.is_ascii_digit() => {}
            State::Digits | State::Zero => match byte {
                b'.' => self.state = State::Dot,
                b'e' | b'E' => self.state = State::Exponent,
                _ => return self.end_value(byte),
            },
            State::Dot if byte.is_ascii_digit() => self.state = State::Fraction,
            State::Dot => return fail("after decimal point in numeric literal"),
            State::Fraction if byte.is_ascii_digit() => {}
            State::Fraction => match byte {
                b'e' | b'E' => self.state = State::Exponent,
                _ => return self.end_value(byte),
            },
            State::Exponent if matches!(byte, b'+' | b'-') => self.state = State::ExponentSign,
            State::Exponent | State::ExponentSign => match byte {
                b'0'..=b'9' => self.state = State::ExponentDigits,
                _ => return fail("in exponent of numeric literal"),
            },
            State::ExponentDigits if byte.is_ascii_digit() => {}
            State::ExponentDigits => return self.end_value(byte),
            State::Word(word, read) => {
                let expected = word.as_bytes().get(read).copied().unwrap_or_default();
                if byte != expected {
                    let expected = char::from(expected);
                    return Err(format!("in literal {word} (expecting '{expected}')"));
                }
                self.state = match read + 1 == word.len() {
                    true => State::EndValue,
                    false => State::Word(word, read + 1),
                };
            }
        }
        Ok(())
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), String> {
        self.state = match byte {
            b'{' | b'[' => {
                if self.open.len() >= MAX_DEPTH {
                    return Err("exceeded max depth".to_owned());
                }
                let object = byte == b'{';
                self.open
                    .push(if object { Open::Key } else { Open::Element });
                match object {
                    true => State::BeginStringOrEmpty,
                    false => State::BeginValueOrEmpty,
                }
            }
            b'"' => State::InString,
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Digits,
            b't' => State::Word("true", 1),
            b'f' => State::Word("false", 1),
            b'n' => State::Word("null", 1),
            _ => return Err("looking for beginning of value".to_owned()),
        };
        Ok(())
    }

    fn end_value(&mut self, byte: u8) -> Result<(), String> {
        let Some(open) = self.open.last_mut() else {
            self.state = State::EndTop;
            return self.step(byte);
        };
        self.state = match (*open, byte) {
            (_, byte) if is_space(byte) => State::EndValue,
            (Open::Key, b':') => {
                *open = Open::Value;
                State::BeginValue
            }
            (Open::Key, _) => return Err("after object key".to_owned()),
            (Open::Value, b',') => {
                *open = Open::Key;
                State::BeginString
            }
            (Open::Element, b',') => State::BeginValue,
            (Open::Value, b'}') | (Open::Element, b']') => {
                self.open.pop();
                match self.open.is_empty() {
                    true => State::EndTop,
                    false => State::EndValue,
                }
            }
            (Open::Value, _) => return Err("after object key:value pair".to_owned()),
            (Open::Element, _) => return Err("after array element".to_owned()),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn tells_what_go_tells() {
        let cases = [
            (
                "{user: x}",
                "invalid character 'u' looking for beginning of object key string",
            ),
            (
                "{\"a\":1,}",
                "invalid character '}' looking for beginning of object key string",
            ),
            ("{\"a\"", "unexpected end of JSON input"),
            ("", "unexpected end of JSON input"),
            ("{} {", "invalid character '{' after top-level value"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            (
                "{\"a\":1 \"b\"}",
                "invalid character '\"' after object key:value pair",
            ),
            ("[1 2]", "invalid character '2' after array element"),
            (
                "[1,]",
                "invalid character ']' looking for beginning of value",
            ),
            (
                "'",
                "invalid character '\\'' looking for beginning of value",
            ),
            (
                "\u{feff}{}",
                "invalid character 'ï' looking for beginning of value",
            ),
            ("\"\t\"", "invalid character '\\t' in string literal"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            (
                "\"\\u12g\"",
                "invalid character 'g' in \\u hexadecimal character escape",
            ),
            ("-x", "invalid character 'x' in numeric literal"),
            ("01", "invalid character '1' after top-level value"),
            (
                "1.x",
                "invalid character 'x' after decimal point in numeric literal",
            ),
            (
                "1e+",
                "invalid character ' ' in exponent of numeric literal",
            ),
            (
                "trie",
                "invalid character 'i' in literal true (expecting 'u')",
            ),
            (
                "nul",
                "invalid character ' ' in literal null (expecting 'l')",
            ),
        ];
        for (text, error) in cases {
            assert_eq!(complaint(text.as_bytes()).as_deref(), Some(error), "{text}");
        }
        for text in [
            "{}",
            " [ ] ",
            "{\"a\":[1,-0.5e3,\"\\u00e4\",true,null,{}]}",
            "0",
            "1e5 ",
        ] {
            assert_eq!(complaint(text.as_bytes()), None, "{text}");
        }
        let deep = "[".repeat(10_001);
        let error = complaint(deep.as_bytes());
        assert_eq!(
            error.as_deref(),
            Some("invalid character '[' exceeded max depth")
        );
    }
}
