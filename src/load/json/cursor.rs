//! A place in a JSON text, and steps over what stands there in its plainest form.
//!
//! For those who know which fields to expect and can begin anew with [`super::parse`] where anything else
//! stands: every step gives `None` for what is not plain, wrong or not. What a step accepts is correct
//! JSON. Strings are plain if they are ASCII and hold no escapes, so that they are the text between
//! their quotes, and a column is a distance.

use super::{HIGH_BITS, LOW_BITS};
use crate::model::{FileId, Position};

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'t> {
    text: &'t str,
    pub(super) at: usize,
    pub(super) line: u32,
    /// Where the line starts, moved on by one for each byte that is not a character of its own.
    pub(super) line_start: usize,
}

impl<'t> Cursor<'t> {
    /// The beginning of a text.
    pub fn start(text: &'t str) -> Self {
        Cursor::new(text, 0, 1, 0)
    }

    /// The text since an earlier place of this cursor.
    pub fn since(&self, earlier: Cursor<'t>) -> Option<&'t str> {
        self.text.get(earlier.at..self.at)
    }

    /// Whether nothing but white space follows.
    pub fn at_end(&mut self) -> bool {
        self.space().is_none()
    }

    /// Takes `null`.
    pub fn null(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(b"null").then(|| self.at += 4)
    }

    pub(super) fn new(text: &'t str, at: usize, line: u32, line_start: usize) -> Self {
        Cursor {
            text,
            at,
            line,
            line_start,
        }
    }

    /// The position of what stands here.
    #[inline]
    pub fn position(&self, file: FileId) -> Position {
        Position {
            file,
            line: self.line,
            column: (self.at - self.line_start) as u32 + 1,
        }
    }

    /// Skips white space; the byte that follows.
    #[inline(always)]
    pub fn space(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match *bytes.get(self.at)? {
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    self.line_start = self.at;
                    self.at = skip_spaces(bytes, self.at);
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                other => return Some(other),
            }
        }
    }

    /// Takes a byte.
    #[inline(always)]
    pub fn byte(&mut self, expected: u8) -> Option<()> {
        let found = *self.text.as_bytes().get(self.at)?;
        (found == expected).then(|| self.at += 1)
    }

    /// Takes a plain string.
    #[inline(always)]
    pub fn string(&mut self) -> Option<&'t str> {
        self.byte(b'"')?;
        let (start, end) = (self.at, self.plain_end()?);
        if *self.text.as_bytes().get(end)? != b'"' {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Takes a string whose value nobody needs: ASCII, with any correct escapes.
    pub fn skip_string(&mut self) -> Option<()> {
        self.byte(b'"')?;
        let bytes = self.text.as_bytes();
        loop {
            self.at = self.plain_end()?;
            match *bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => match *bytes.get(self.at + 1)? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
                    b'u' => {
                        let digits = bytes.get(self.at + 2..self.at + 6)?;
                        if !digits.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        self.at += 6;
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    /// Where the first byte stands, from here on, that is a quote, a backslash, a control character or
    /// not ASCII.
    #[inline(always)]
    fn plain_end(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*eight);
            let quote = word ^ (LOW_BITS * u64::from(b'"'));
            let backslash = word ^ (LOW_BITS * u64::from(b'\\'));
            // The lowest set bit is exact: a borrow can only spoil the bytes after a hit.
            let hits = (quote.wrapping_sub(LOW_BITS) & !quote
                | backslash.wrapping_sub(LOW_BITS) & !backslash
                | word.wrapping_sub(LOW_BITS * 0x20)
                | word)
                & HIGH_BITS;
            if hits != 0 {
                return Some(at + (hits.trailing_zeros() / 8) as usize);
            }
            at += 8;
        }
        let plain = |byte: &u8| matches!(byte, b' '..=b'\x7f') && !matches!(byte, b'"' | b'\\');
        let rest = bytes.get(at..)?;
        Some(at + rest.iter().take_while(|byte| plain(byte)).count())
    }

    /// Takes an object; `field` takes the value of each key.
    #[inline(always)]
    pub fn object(
        &mut self,
        mut field: impl FnMut(&mut Self, &'t str) -> Option<()>,
    ) -> Option<()> {
        self.byte(b'{')?;
        if self.space()? == b'}' {
            return self.byte(b'}');
        }
        loop {
            let key = self.string()?;
            self.space()?;
            self.byte(b':')?;
            self.space()?;
            field(self, key)?;
            if !self.more(b'}')? {
                return Some(());
            }
        }
    }

    /// Takes an array; `item` takes each value.
    #[inline(always)]
    pub fn array(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.byte(b'[')?;
        if self.space()? == b']' {
            return self.byte(b']');
        }
        loop {
            item(self)?;
            if !self.more(b']')? {
                return Some(());
            }
        }
    }

    /// Takes a comma and what space follows it, or the closing bracket; whether it was the comma.
    #[inline(always)]
    fn more(&mut self, closing: u8) -> Option<bool> {
        let found = self.space()?;
        self.at += 1;
        if found == b',' {
            self.space()?;
            return Some(true);
        }
        (found == closing).then_some(false)
    }
}

/// Skips spaces, eight at a time: half of an indented dump is indentation.
#[inline(always)]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = LOW_BITS * b' ' as u64;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let others = u64::from_le_bytes(*eight) ^ SPACES;
        if others != 0 {
            return at + (others.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at
}
