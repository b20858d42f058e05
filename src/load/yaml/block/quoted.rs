//! Scalars in quotes.

use std::borrow::Cow;

use super::Unsure;
use super::cursor::Cursor;

impl<'t> Cursor<'t> {
    /// A quoted scalar, of one line or more; the cursor is left after it.
    pub(super) fn quoted(&mut self) -> Result<Cow<'t, str>, Unsure> {
        let start = self.at + 1;
        let quote = self.bytes[self.at];
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None => return Err(Unsure),
                Some(&byte) if byte == quote => break,
                Some(b'\\') if quote == b'"' => return self.folded(quote).map(Cow::Owned),
                Some(b'\n' | b'\r') => return self.folded(quote).map(Cow::Owned),
                Some(_) => at += 1,
            }
        }
        if quote == b'\'' && self.bytes.get(at + 1) == Some(&quote) {
            return self.folded(quote).map(Cow::Owned);
        }
        self.line_start += self.check(start, at)?;
        self.at = at + 1;
        self.slice(start, at).map(Cow::Borrowed)
    }

    /// The same for what is not simply the text between the quotes: libyaml's loop, step by step.
    fn folded(&mut self, quote: u8) -> Result<String, Unsure> {
        let mut text = String::new();
        self.at += 1;
        loop {
            if self.indentation() == 0 && (self.at_marker(b'-') || self.at_marker(b'.')) {
                return Err(Unsure);
            }
            let mut joined = false;
            while let Some(byte) = self.byte().filter(|b| !b" \t\n\r".contains(b)) {
                if byte == quote && quote == b'\'' && self.bytes.get(self.at + 1) == Some(&quote) {
                    text.push('\'');
                    self.at += 2;
                } else if byte == quote {
                    self.at += 1;
                    return Ok(text);
                } else if byte == b'\\' && quote == b'"' {
                    self.at += 1;
                    if matches!(self.byte(), Some(b'\n' | b'\r')) {
                        joined = self.line_break();
                        break;
                    }
                    text.push(self.escape()?);
                } else {
                    self.letters(quote, &mut text)?;
                }
            }
            let start = self.at;
            let (mut breaks, mut folds) = (0, false);
            loop {
                match self.byte() {
                    None => return Err(Unsure),
                    Some(b' ' | b'\t') => self.at += 1,
                    Some(b'\n' | b'\r') => {
                        if !self.line_break() {
                            return Err(Unsure);
                        }
                        if joined {
                            breaks += 1;
                        } else {
                            (joined, folds) = (true, true);
                        }
                    }
                    Some(_) => break,
                }
            }
            if !joined {
                text.push_str(self.slice(start, self.at)?);
            } else if folds && breaks == 0 {
                text.push(' ');
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
            }
        }
    }

    /// Characters that mean themselves, at least one.
    fn letters(&mut self, quote: u8, text: &mut String) -> Result<(), Unsure> {
        let rest = &self.bytes[self.at..];
        let stops = |b: &u8| *b == quote || b" \t\n\r\\".contains(b);
        let length = rest.iter().skip(1).position(stops);
        let end = self.at + 1 + length.unwrap_or(rest.len() - 1);
        let extra = self.check(self.at, end)?;
        text.push_str(self.slice(self.at, end)?);
        self.at = end;
        self.line_start += extra;
        Ok(())
    }

    /// An escape, from after its backslash.
    fn escape(&mut self) -> Result<char, Unsure> {
        let byte = self.byte().ok_or(Unsure)?;
        self.at += 1;
        let digits = match byte {
            b'0' => return Ok('\0'),
            b'a' => return Ok('\u{7}'),
            b'b' => return Ok('\u{8}'),
            b't' | b'\t' => return Ok('\t'),
            b'n' => return Ok('\n'),
            b'v' => return Ok('\u{b}'),
            b'f' => return Ok('\u{c}'),
            b'r' => return Ok('\r'),
            b'e' => return Ok('\u{1b}'),
            b' ' => return Ok(' '),
            b'"' => return Ok('"'),
            b'\\' => return Ok('\\'),
            b'N' => return Ok('\u{85}'),
            b'_' => return Ok('\u{a0}'),
            b'L' => return Ok('\u{2028}'),
            b'P' => return Ok('\u{2029}'),
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return Err(Unsure),
        };
        let code = self.slice(self.at, self.at + digits)?;
        if !code.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Unsure);
        }
        self.at += digits;
        let code = u32::from_str_radix(code, 16).map_err(|_| Unsure)?;
        char::from_u32(code).ok_or(Unsure)
    }
}
