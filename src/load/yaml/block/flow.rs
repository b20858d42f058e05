//! Flow collections of one line: `["get", "list"]`, `{app: web}`.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::{Halt, MAX_KEY, Reader, Shape, Unsure};
use crate::load::scalar::{Scalar, resolve_plain};
use crate::load::tree::{Kind, Sink};
use crate::load::yaml::composer::push_scalar;

/// Deeper ones are left to the other reader.
const MAX_NESTED: u64 = 8;

impl<'t, S: Sink> Reader<'t, '_, '_, S> {
    /// A collection in brackets or braces; the cursor is left after it.
    pub(super) fn flow(&mut self) -> Result<(), Halt<S::Error>> {
        self.nested(1)
    }

    fn nested(&mut self, depth: u64) -> Result<(), Halt<S::Error>> {
        if depth > MAX_NESTED {
            return Err(Halt::Unsure);
        }
        let (kind, closing) = match self.cursor.byte() {
            Some(b'[') => (Kind::Sequence, b']'),
            _ => (Kind::Mapping, b'}'),
        };
        let (line, column, _) = self.cursor.here();
        self.open_at(kind, Shape::Flow, 0, line, column)?;
        self.cursor.at += 1;
        // What the parser would count: its start and its end, and each scalar.
        self.spent += 2 * depth - 1;
        loop {
            self.cursor.spaces();
            if self.cursor.byte() == Some(closing) {
                break;
            }
            if kind == Kind::Mapping {
                self.flow_key()?;
                self.spent += depth;
            }
            if matches!(self.cursor.byte(), Some(b'[' | b'{')) {
                self.nested(depth + 1)?;
            } else {
                let (line, column, _) = self.cursor.here();
                let (text, plain) = self.cursor.flow_scalar()?;
                let scalar = match plain {
                    true => resolve_plain(&text),
                    false => Scalar::String(Cow::Borrowed(&text)),
                };
                self.scalar(&scalar, &text, line, column)?;
                self.spent += depth;
            }
            self.cursor.spaces();
            match self.cursor.byte() {
                Some(b',') => self.cursor.at += 1,
                Some(byte) if byte == closing => break,
                _ => return Err(Halt::Unsure),
            }
        }
        self.cursor.at += 1;
        self.close()
    }

    /// A key with its colon and the spaces after it.
    fn flow_key(&mut self) -> Result<(), Halt<S::Error>> {
        let (line, column, at) = self.cursor.here();
        let (text, plain) = self.cursor.flow_scalar()?;
        self.cursor.spaces();
        if self.cursor.byte() != Some(b':') || self.cursor.at - at > MAX_KEY {
            return Err(Halt::Unsure);
        }
        let key = match plain {
            true if text == "<<" => return Err(Halt::Unsure),
            true => resolve_plain(&text).into_key().map_err(|_| Unsure)?.into(),
            false => text,
        };
        self.cursor.at += 1;
        self.cursor.spaces();
        let key = Scalar::String(key);
        push_scalar(self.output.tree(), &key, "", line, column).ok_or(Unsure)?;
        Ok(())
    }
}

impl<'t> Cursor<'t> {
    /// A scalar of one line between brackets, and whether it is unquoted.
    fn flow_scalar(&mut self) -> Result<(Cow<'t, str>, bool), Unsure> {
        if matches!(self.byte(), Some(b'\'' | b'"')) {
            let line = self.line;
            let text = self.quoted()?;
            return if self.line == line {
                Ok((text, false))
            } else {
                Err(Unsure)
            };
        }
        let start = self.at;
        let first = match self.bytes.get(start) {
            Some(b'-') => self.bytes.get(start + 1),
            first => first,
        };
        let is_letter = |b: &u8| b.is_ascii_alphanumeric() || b"*/._~<=+$^();\\".contains(b);
        if !first.is_some_and(is_letter) || self.byte() == Some(b'*') {
            return Err(Unsure);
        }
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                Some(b',' | b'[' | b']' | b'{' | b'}') => break,
                Some(b':') => match self.bytes.get(at + 1) {
                    Some(b' ') => break,
                    Some(next) if is_letter(next) || *next == b':' => at += 1,
                    _ => return Err(Unsure),
                },
                // goyaml ends it at a question mark, and space before a hash begins a comment.
                Some(b'?' | b'#' | ..b' ' | 0x80..) | None => return Err(Unsure),
                Some(_) => at += 1,
            }
        }
        self.at = at;
        let text = self.slice(start, at)?.trim_end_matches(' ');
        Ok((Cow::Borrowed(text), true))
    }
}
