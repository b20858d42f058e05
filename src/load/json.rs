//! JSON as the API server reads it: strict RFC 8259, several values after one another allowed.

mod cursor;
mod seams;
#[cfg(test)]
mod tests;

pub(crate) use cursor::keys;
pub use cursor::{Cursor, Form, Key, ListForm};

use super::tree::{Kind, MAX_DEPTH, ParseError, Sink, Tree, position};

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Reads all values of a text, separated by any white space or none; returns how many there were.
pub fn parse<S: Sink>(text: &str, sink: &mut S) -> Result<usize, S::Error> {
    if text.len() > (u32::MAX / 2) as usize {
        return Err(ParseError::new(1, 1, "the file is larger than 2 GiB; split it").into());
    }
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        line_start: 0,
        open: Vec::new(),
    };
    let mut tree = Tree::default();
    let mut item = Tree::default();
    let mut documents = 0;
    while scanner.peek().is_some() {
        tree.clear();
        let line = scanner.line;
        let items = scanner.document(&mut tree, &mut item, sink)?;
        documents += 1;
        match tree.root() {
            Some(root) if root.is_null() => sink.empty(line)?,
            _ => sink.document(&tree, items)?,
        }
    }
    Ok(documents)
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    /// Where the line starts, moved on by one for each byte that is not a character of its own.
    line_start: usize,
    /// The open containers of the value that is being read.
    open: Vec<u32>,
}

impl Scanner<'_> {
    fn error(&self, at: usize, message: impl Into<String>) -> ParseError {
        let (line, column) = position(self.text, at);
        ParseError::new(line, column, message)
    }

    /// What stands here instead of what was expected.
    fn unexpected(&self, expected: &str) -> ParseError {
        let found = match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the end of the text".to_string(),
            Some('\u{feff}') => "a byte order mark, which JSON does not allow".to_string(),
            Some(found) if found.is_control() => format!("{found:?}"),
            Some(found) => format!("`{found}`"),
        };
        self.error(self.at, format!("found {found}, expected {expected}"))
    }

    fn column(&self, at: usize) -> u32 {
        (at - self.line_start) as u32 + 1
    }

    /// Skips white space; the byte that follows.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    self.line_start = self.at;
                    self.skip_indentation();
                }
                other => return other.copied(),
            }
        }
    }

    #[inline]
    fn skip_indentation(&mut self) {
        self.at = cursor::skip_spaces(self.bytes, self.at);
    }

    /// One top-level value; how many items were streamed, if they were.
    fn document<S: Sink>(
        &mut self,
        tree: &mut Tree,
        item: &mut Tree,
        sink: &mut S,
    ) -> Result<Option<usize>, S::Error> {
        if self.peek() != Some(b'{') {
            self.value(tree, 0)?;
            return Ok(None);
        }
        let root = tree.open(Kind::Mapping, self.line, self.column(self.at));
        self.at += 1;
        let mut items = None;
        let mut more = self.peek() != Some(b'}');
        while more {
            let is_items = self.key(tree)? == "items";
            if is_items && items.take().is_some() {
                sink.discard_items();
            }
            if is_items && self.peek() == Some(b'[') {
                items = Some(self.items(tree, item, sink)?);
            } else {
                self.value(tree, 1)?;
            }
            more = self.separator(b'}', "`,` or `}` after an entry")?;
        }
        self.at += 1;
        tree.close(root);
        Ok(items)
    }

    fn items<S: Sink>(
        &mut self,
        tree: &mut Tree,
        item: &mut Tree,
        sink: &mut S,
    ) -> Result<usize, S::Error> {
        tree.open(Kind::Sequence, self.line, self.column(self.at));
        self.at += 1;
        let mut count = 0;
        let mut more = self.peek() != Some(b']');
        while more {
            self.peek();
            let mut cursor = Cursor::new(self.text, self.at, self.line, self.line_start);
            if sink.direct_item(&mut cursor) {
                (self.at, self.line, self.line_start) = (cursor.at, cursor.line, cursor.line_start);
            } else {
                item.clear();
                self.value(item, 2)?;
                sink.item(item)?;
            }
            count += 1;
            more = self.separator(b']', "`,` or `]` after an item")?;
        }
        self.at += 1;
        Ok(count)
    }

    /// Takes a comma, or stays before the closing bracket; whether another value follows.
    #[inline]
    fn separator(&mut self, closing: u8, expected: &str) -> Result<bool, ParseError> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == closing => Ok(false),
            _ => Err(self.unexpected(expected)),
        }
    }

    #[inline]
    fn key<'a>(&mut self, tree: &'a mut Tree) -> Result<&'a str, ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let node = self.string(tree)?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:` after a key"));
        }
        self.at += 1;
        Ok(tree.str_at(node as usize))
    }

    /// One value with all that is in it, which is `depth` levels down.
    fn value(&mut self, tree: &mut Tree, depth: u32) -> Result<(), ParseError> {
        self.open.clear();
        loop {
            let Some(byte) = self.peek() else {
                return Err(self.unexpected("a value"));
            };
            match byte {
                b'"' => {
                    self.string(tree)?;
                }
                b'{' | b'[' => {
                    if depth + self.open.len() as u32 >= MAX_DEPTH {
                        return Err(
                            self.error(self.at, format!("exceeded max depth of {MAX_DEPTH}"))
                        );
                    }
                    let (kind, closing) = match byte {
                        b'{' => (Kind::Mapping, b'}'),
                        _ => (Kind::Sequence, b']'),
                    };
                    let node = tree.open(kind, self.line, self.column(self.at));
                    self.at += 1;
                    if self.peek() == Some(closing) {
                        self.at += 1;
                    } else {
                        self.open.push(node);
                        if kind == Kind::Mapping {
                            self.key(tree)?;
                        }
                        continue;
                    }
                }
                b't' => self.word(tree, "true", Kind::Bool(true))?,
                b'f' => self.word(tree, "false", Kind::Bool(false))?,
                b'n' => self.word(tree, "null", Kind::Null)?,
                b'-' | b'0'..=b'9' => self.number(tree)?,
                _ => return Err(self.unexpected("a value")),
            }
            // After a value: the next one of the same container, or the end of it and then likewise.
            loop {
                let Some(&node) = self.open.last() else {
                    return Ok(());
                };
                if tree.nodes[node as usize].kind == Kind::Mapping {
                    if self.separator(b'}', "`,` or `}` after an entry")? {
                        self.key(tree)?;
                        break;
                    }
                } else if self.separator(b']', "`,` or `]` after an item")? {
                    break;
                }
                self.at += 1;
                tree.close(node);
                self.open.pop();
            }
        }
    }

    fn word(&mut self, tree: &mut Tree, word: &str, kind: Kind) -> Result<(), ParseError> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.unexpected(&format!("a value such as `{word}`")));
        }
        tree.open(kind, self.line, self.column(self.at));
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(self.unexpected("a digit")),
        }
    }

    fn number(&mut self, tree: &mut Tree) -> Result<(), ParseError> {
        let start = self.at;
        self.at += usize::from(self.bytes[start] == b'-');
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let first = self.at;
        self.digits()?;
        if zero && self.at > first + 1 {
            self.at = first + 1;
            return Err(self.unexpected("no digit after a leading zero"));
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = tree.text.len() as u32;
        tree.text.push_str(&self.text[start..self.at]);
        tree.push(Kind::Number, text, self.line, self.column(start));
        Ok(())
    }

    /// A string, from its opening quote; its node.
    #[inline]
    fn string(&mut self, tree: &mut Tree) -> Result<u32, ParseError> {
        let column = self.column(self.at);
        let text = tree.text.len() as u32;
        self.at += 1;
        loop {
            let start = self.at;
            let wide = self.plain_run();
            let run = &self.text[start..self.at];
            tree.text.push_str(run);
            if wide {
                self.line_start += run.len() - run.chars().count();
            }
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(tree.push(Kind::String, text, self.line, column));
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    tree.text.push(c);
                }
                Some(_) => {
                    let message = "found a control character in a string; write it as an escape";
                    return Err(self.error(self.at, message));
                }
                None => return Err(self.unexpected("`\"` at the end of a string")),
            }
        }
    }

    /// Goes on to the next quote, backslash or control character; whether a byte was not ASCII.
    #[inline]
    fn plain_run(&mut self) -> bool {
        let mut wide = 0;
        let mut at = self.at;
        while let Some(Ok(eight)) = self.bytes.get(at..at + 8).map(<[u8; 8]>::try_from) {
            let word = u64::from_le_bytes(eight);
            let quote = word ^ (LOW_BITS * u64::from(b'"'));
            let backslash = word ^ (LOW_BITS * u64::from(b'\\'));
            // The lowest set bit is exact: a borrow can only spoil the bytes after a hit.
            let hits = ((quote.wrapping_sub(LOW_BITS) & !quote)
                | (backslash.wrapping_sub(LOW_BITS) & !backslash)
                | (word.wrapping_sub(LOW_BITS * 0x20) & !word))
                & HIGH_BITS;
            if hits != 0 {
                let before = hits.trailing_zeros() / 8;
                wide |= word & HIGH_BITS & ((1u64 << (8 * before)) - 1);
                self.at = at + before as usize;
                return wide != 0;
            }
            wide |= word & HIGH_BITS;
            at += 8;
        }
        while let Some(&byte) = self.bytes.get(at) {
            if byte == b'"' || byte == b'\\' || byte < 0x20 {
                break;
            }
            wide |= u64::from(byte & 0x80);
            at += 1;
        }
        self.at = at;
        wide != 0
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let start = self.at;
        self.at += 2;
        Ok(match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(unit) = self.hex(start) else {
                    let message = "found an escape `\\u` without four hexadecimal digits";
                    return Err(self.error(start, message));
                };
                self.at = start + 6;
                // The second half of a pair counts only with the first; a lone half is U+FFFD, as in Go.
                let pair = match self.hex(self.at) {
                    Some(low @ 0xdc00..0xe000) if (0xd800..0xdc00).contains(&unit) => {
                        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
                    }
                    _ => None,
                };
                if pair.is_some() {
                    self.at += 6;
                }
                let single = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
                pair.unwrap_or(single)
            }
            _ => return Err(self.error(start, "found an unknown escape in a string")),
        })
    }

    /// The code unit of an escape `\uXXXX`.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, &byte| {
            Some(unit << 4 | char::from(byte).to_digit(16)?)
        })
    }
}
