//! A place in the text, and how far lines, comments and unquoted scalars go.

use std::borrow::Cow;

use super::Unsure;
use crate::load::yaml::reader::Place;

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// What a line is.
pub(super) enum Line {
    /// Content, this far in; the cursor is at it.
    Content(usize),
    /// The start of a document; the cursor is at it.
    Marker,
    /// The end of one, as `...`; the cursor is at it.
    Stop,
    /// There are no more lines.
    End,
}

/// What ends an unquoted scalar in its line.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Run {
    Break,
    Colon,
    Comment,
}

pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    /// The line, from 1.
    pub(super) line: u32,
    /// Where the line starts, moved on by one for each byte that is not a character of its own.
    pub(super) line_start: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, from: Place) -> Self {
        Cursor {
            text,
            bytes: text.as_bytes(),
            at: from.at,
            line: from.line + 1,
            line_start: from.at,
        }
    }

    pub(super) fn place(&self) -> Place {
        Place {
            at: self.at,
            line: self.line - 1,
        }
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// How far in it is, from 0.
    #[inline]
    pub(super) fn indentation(&self) -> usize {
        self.at - self.line_start
    }

    /// Line and column, from 1, and the byte.
    #[inline]
    pub(super) fn here(&self) -> (u32, u32, usize) {
        (self.line, self.indentation() as u32 + 1, self.at)
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> Result<&'t str, Unsure> {
        self.text.get(from..to).ok_or(Unsure)
    }

    /// Whether a byte is a blank, a line break or the end, as far as ASCII goes.
    #[inline]
    fn is_gap(&self, at: usize) -> bool {
        matches!(
            self.bytes.get(at),
            None | Some(b' ' | b'\n' | b'\r' | b'\t')
        )
    }

    #[inline]
    pub(super) fn at_dash(&self) -> bool {
        self.byte() == Some(b'-') && self.is_gap(self.at + 1)
    }

    #[inline]
    pub(super) fn at_colon(&self) -> bool {
        self.byte() == Some(b':') && self.is_gap(self.at + 1)
    }

    /// Whether `---` or `...` is here.
    pub(super) fn at_marker(&self, byte: u8) -> bool {
        self.bytes.get(self.at..self.at + 3) == Some(&[byte; 3]) && self.is_gap(self.at + 3)
    }

    /// Skips spaces, eight at a time.
    #[inline]
    pub(super) fn spaces(&mut self) {
        const SPACES: u64 = LOW_BITS * b' ' as u64;
        while let Some(eight) = self.eight(self.at) {
            let others = eight ^ SPACES;
            if others != 0 {
                self.at += (others.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    #[inline]
    fn eight(&self, at: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at + 8)?;
        <[u8; 8]>::try_from(bytes).ok().map(u64::from_le_bytes)
    }

    /// Takes a line break, if one is here. The end of the text is one, as libyaml is given it.
    #[inline]
    pub(super) fn line_break(&mut self) -> bool {
        self.at += match self.bytes.get(self.at..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            Some([]) => 0,
            _ => return false,
        };
        self.line += 1;
        self.line_start = self.at;
        true
    }

    /// Goes to the next line with content; before the cursor, the line has nothing but spaces.
    #[inline]
    pub(super) fn next_line(&mut self) -> Result<Line, Unsure> {
        loop {
            self.spaces();
            let column = self.indentation();
            match self.byte() {
                None => {
                    if column > 0 {
                        self.line_break();
                    }
                    return Ok(Line::End);
                }
                Some(b'\n' | b'\r') => {
                    if !self.line_break() {
                        return Err(Unsure);
                    }
                }
                Some(b'#') => self.comment()?,
                Some(b'-') if column == 0 && self.at_marker(b'-') => return Ok(Line::Marker),
                Some(b'.') if column == 0 && self.at_marker(b'.') => return Ok(Line::Stop),
                Some(_) => return Ok(Line::Content(column)),
            }
        }
    }

    /// Goes to the next line, if but for spaces and a comment this is the end of one.
    #[inline]
    pub(super) fn end_line(&mut self) -> Result<bool, Unsure> {
        self.spaces();
        match self.byte() {
            Some(b'#') if self.bytes[self.at - 1] == b' ' => {
                self.comment()?;
                Ok(true)
            }
            _ => Ok(self.line_break()),
        }
    }

    /// A comment with its line break.
    fn comment(&mut self) -> Result<(), Unsure> {
        let rest = &self.bytes[self.at..];
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let comment = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        if memchr::memchr(b'\r', comment).is_some() {
            return Err(Unsure);
        }
        self.check(self.at, self.at + comment.len())?;
        self.at += comment.len();
        // A carriage return at the very end is left.
        if self.line_break() {
            Ok(())
        } else {
            Err(Unsure)
        }
    }

    /// Refuses what is a line break to libyaml alone; gives the bytes that are no characters of their own.
    pub(super) fn check(&self, from: usize, to: usize) -> Result<usize, Unsure> {
        let mut extra = 0;
        for at in from..to {
            match self.bytes[at] {
                ..0x80 => {}
                0x80..0xc0 => extra += 1,
                _ => self.check_wide(at)?,
            }
        }
        Ok(extra)
    }

    /// Refuses a line break that is no ASCII, and a byte order mark.
    #[inline]
    fn check_wide(&self, at: usize) -> Result<(), Unsure> {
        match self.bytes[at..] {
            [0xc2, 0x85, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..] | [0xef, 0xbb, 0xbf, ..] => {
                Err(Unsure)
            }
            _ => Ok(()),
        }
    }

    /// An unquoted scalar as far as it goes in its line, the cursor being left at what ends it.
    #[inline]
    pub(super) fn plain(&mut self) -> Result<(&'t str, Run), Unsure> {
        let start = self.at;
        let may_start = match self.byte() {
            None => false,
            Some(b'-') => !self.is_gap(start + 1),
            Some(byte) => !matches!(
                byte,
                0..=b' '
                    | b'?'
                    | b':'
                    | b','
                    | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b'#'
                    | b'&'
                    | b'*'
                    | b'!'
                    | b'|'
                    | b'>'
                    | b'\''
                    | b'"'
                    | b'%'
                    | b'@'
                    | b'`'
            ),
        };
        if !may_start {
            return Err(Unsure);
        }
        self.run(start)
    }

    /// The same without a look at its first character.
    #[inline]
    fn run(&mut self, start: usize) -> Result<(&'t str, Run), Unsure> {
        let mut extra = 0;
        let mut at = start;
        let end = loop {
            at = self.special(at);
            match self.bytes.get(at) {
                None | Some(b'\n') => break Run::Break,
                Some(b'\r') if self.bytes.get(at + 1) == Some(&b'\n') => break Run::Break,
                Some(b':') if self.is_gap(at + 1) => break Run::Colon,
                Some(b'#') if at > start && self.bytes[at - 1] == b' ' => break Run::Comment,
                Some(b':' | b'#') => {}
                Some(0x80..0xc0) => extra += 1,
                Some(0xc0..) => self.check_wide(at)?,
                Some(_) => return Err(Unsure),
            }
            at += 1;
        };
        self.at = at;
        let mut last = at;
        while last > start && self.bytes[last - 1] == b' ' {
            last -= 1;
        }
        self.line_start += extra;
        Ok((self.slice(start, last)?, end))
    }

    /// The next byte that might end an unquoted scalar, is a control character or not ASCII.
    #[inline]
    fn special(&self, mut at: usize) -> usize {
        while let Some(word) = self.eight(at) {
            let colon = word ^ (LOW_BITS * u64::from(b':'));
            let hash = word ^ (LOW_BITS * u64::from(b'#'));
            // The lowest set bit is exact: a borrow can only spoil the bytes after a hit.
            let hits = ((colon.wrapping_sub(LOW_BITS) & !colon)
                | (hash.wrapping_sub(LOW_BITS) & !hash)
                | (word.wrapping_sub(LOW_BITS * 0x20) & !word)
                | word)
                & HIGH_BITS;
            if hits != 0 {
                return at + (hits.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
        while let Some(&byte) = self.bytes.get(at) {
            if matches!(byte, b':' | b'#' | ..0x20 | 0x80..) {
                break;
            }
            at += 1;
        }
        at
    }

    /// The whole of an unquoted value whose first line ends here: with the lines that are further in than its
    /// collection, as far as they go. Leaves the cursor where a line was looked at.
    #[inline]
    pub(super) fn more_plain(
        &mut self,
        first: &'t str,
        indentation: usize,
    ) -> Result<Cow<'t, str>, Unsure> {
        let mut text = Cow::Borrowed(first);
        loop {
            let mut breaks = 0;
            while self.line_break() {
                if self.byte().is_none() {
                    return Ok(text);
                }
                breaks += 1;
                self.spaces();
            }
            match self.byte() {
                None => return Ok(text),
                Some(_) if self.indentation() <= indentation => return Ok(text),
                Some(b'#') => return Ok(text),
                Some(_) => {}
            }
            let (more, end) = self.run(self.at)?;
            if end == Run::Colon {
                return Err(Unsure);
            }
            let whole = text.to_mut();
            // One line break is a space, and each further one itself.
            match breaks {
                1 => whole.push(' '),
                _ => whole.extend(std::iter::repeat_n('\n', breaks - 1)),
            }
            whole.push_str(more);
            if end == Run::Comment {
                return if self.end_line()? {
                    Ok(text)
                } else {
                    Err(Unsure)
                };
            }
        }
    }
}
