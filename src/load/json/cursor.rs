//! A place in a JSON text, and steps over what stands there in its plainest form.
//!
//! For those who know which fields to expect and can begin anew with [`super::parse`] where anything else
//! stands: every step gives `None` for what is not plain, wrong or not. What a step accepts is correct
//! JSON. Strings are plain if they are ASCII and hold no escapes, so that they are the text between
//! their quotes, and a column is a distance.

use super::seams::Seams;
use crate::model::{FileId, Position};
use wide::{i8x16, u8x16};

/// A key that is expected, as it stands in a text.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    quoted: &'static str,
    /// Its first eight bytes, those that it has, and its last eight: a key is told by comparing numbers.
    head: u64,
    mask: u64,
    tail: u64,
}

impl Key {
    /// Of a key with its quotes.
    pub const fn new(quoted: &'static str) -> Self {
        let bytes = quoted.as_bytes();
        let (mut head, mut mask, mut tail, mut i) = (0, 0, 0, 0);
        while i < bytes.len() {
            if i < 8 {
                head |= (bytes[i] as u64) << (8 * i);
                mask |= 0xff << (8 * i);
            }
            tail = tail >> 8 | (bytes[i] as u64) << 56;
            i += 1;
        }
        Key {
            quoted,
            head,
            mask,
            tail,
        }
    }

    #[inline(always)]
    fn begins(&self, text: &[u8], head: u64) -> bool {
        let length = self.quoted.len();
        if head & self.mask != self.head {
            return false;
        }
        if length <= 8 {
            return true;
        }
        let tail = text
            .get(length - 8..length)
            .and_then(<[u8]>::first_chunk::<8>);
        tail.is_some_and(|tail| u64::from_le_bytes(*tail) == self.tail)
            && (length <= 16 || text.starts_with(self.quoted.as_bytes()))
    }
}

/// How objects of some keys were printed.
#[derive(Debug)]
pub struct Form<const N: usize> {
    first: Seams,
    after: [Seams; N],
}

impl<const N: usize> Default for Form<N> {
    fn default() -> Self {
        Form {
            first: Seams::default(),
            after: [Seams::default(); N],
        }
    }
}

/// How arrays of one place were printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListForm {
    first: Seams,
    after: Seams,
}

/// The [`Key`]s of an object, in the order in which they usually stand.
macro_rules! keys {
    ($($key:literal),*) => {
        [$(const { $crate::load::json::Key::new(concat!("\"", $key, "\"")) }),*]
    };
}
pub(crate) use keys;

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
                // No other white space is above it.
                other if other > b' ' => return Some(other),
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

    /// Takes a plain string that is likely to be this one.
    #[inline(always)]
    pub fn string_like(&mut self, likely: &'static str) -> Option<&'t str> {
        let (start, end) = (self.at + 1, self.at + 1 + likely.len());
        let text: &'t str = self.text;
        let found = text.as_bytes().get(self.at..=end)?;
        if found.starts_with(b"\"")
            && found.ends_with(b"\"")
            && found[1..].starts_with(likely.as_bytes())
        {
            self.at = end + 1;
            return text.get(start..end);
        }
        self.string()
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
        while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
            let chunk = i8x16::new(chunk.map(|byte| byte as i8));
            // Bytes that are not ASCII are negative.
            let special = chunk.simd_lt(i8x16::splat(0x20))
                | chunk.simd_eq(i8x16::splat(b'"' as i8))
                | chunk.simd_eq(i8x16::splat(b'\\' as i8));
            let hits = special.to_bitmask();
            if hits != 0 {
                return Some(at + hits.trailing_zeros() as usize);
            }
            at += 16;
        }
        let plain = |byte: &u8| matches!(byte, b' '..=b'\x7f') && !matches!(byte, b'"' | b'\\');
        let rest = bytes.get(at..)?;
        Some(at + rest.iter().take_while(|byte| plain(byte)).count())
    }

    /// Takes an object of these keys, each at most once; `field` takes the value of each, told by its
    /// number. The quickest where the keys stand in their order, or as in the object before.
    #[inline(always)]
    pub fn object<const N: usize>(
        &mut self,
        keys: &[Key; N],
        form: &mut Form<N>,
        mut field: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<()> {
        self.byte(b'{')?;
        let mut seen = 0u32;
        let mut before = None;
        loop {
            let seams = match before {
                None => &mut form.first,
                Some(key) => &mut form.after[key],
            };
            let key = self.across(seams, |cursor| cursor.next_key(keys, before))?;
            if key == N {
                return Some(());
            }
            let bit = 1 << key;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            field(self, key)?;
            before = Some(key);
        }
    }

    /// Goes on to the next value, or over the end; which it is.
    #[inline(always)]
    fn across(
        &mut self,
        seams: &mut Seams,
        read: impl FnOnce(&mut Self) -> Option<usize>,
    ) -> Option<usize> {
        let text = self.text.as_bytes().get(self.at..)?;
        if let Some(step) = seams.step(text) {
            self.at += step.length;
            if step.lines > 0 {
                self.line += step.lines;
                self.line_start = self.at - step.tail;
            }
            return Some(step.next);
        }
        let start = self.at;
        let next = read(self)?;
        seams.learn(text.get(..self.at - start)?, next);
        Some(next)
    }

    /// Goes on to the value of the next key, or over the end of the object; the key's number, or as many
    /// as there are keys.
    fn next_key<const N: usize>(
        &mut self,
        keys: &[Key; N],
        before: Option<usize>,
    ) -> Option<usize> {
        match before {
            None if self.space()? == b'}' => return self.byte(b'}').map(|()| N),
            Some(_) if !self.more(b'}')? => return Some(N),
            _ => {}
        }
        let key = self.key_of(keys, before.map_or(0, |before| before + 1))?;
        self.colon()?;
        Some(key)
    }

    /// Takes the key that stands here; those from `next` on are tried first.
    #[inline(always)]
    fn key_of<const N: usize>(&mut self, keys: &[Key; N], next: usize) -> Option<usize> {
        let text = self.text.as_bytes().get(self.at..)?;
        // Even the shortest object that holds a key of three letters goes on for as long.
        let head = u64::from_le_bytes(*text.first_chunk::<8>()?);
        let mut order = (next..N).chain(0..next);
        let found = order.find(|&i| keys[i].begins(text, head))?;
        self.at += keys[found].quoted.len();
        Some(found)
    }

    /// Takes an object of any keys; `entry` takes the value of each.
    #[inline(always)]
    pub fn map(&mut self, mut entry: impl FnMut(&mut Self, &'t str) -> Option<()>) -> Option<()> {
        self.byte(b'{')?;
        if self.space()? == b'}' {
            return self.byte(b'}');
        }
        loop {
            let key = self.string()?;
            self.colon()?;
            entry(self, key)?;
            if !self.more(b'}')? {
                return Some(());
            }
        }
    }

    #[inline(always)]
    fn colon(&mut self) -> Option<()> {
        // As it is printed: a colon, a space, the value.
        match self.text.as_bytes().get(self.at..self.at + 3) {
            Some(&[b':', b' ', value]) if value > b' ' => {
                self.at += 2;
                return Some(());
            }
            _ => {}
        }
        self.space()?;
        self.byte(b':')?;
        self.space().map(drop)
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

    /// [`Cursor::array`], the quicker where it is printed as the one before.
    #[inline(always)]
    pub fn list(
        &mut self,
        form: &mut ListForm,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        const END: usize = 1;
        self.byte(b'[')?;
        let begin = |cursor: &mut Self| match cursor.space()? {
            b']' => cursor.byte(b']').map(|()| END),
            _ => Some(0),
        };
        let mut next = self.across(&mut form.first, begin)?;
        while next != END {
            item(self)?;
            let go_on = |cursor: &mut Self| cursor.more(b']').map(|more| usize::from(!more));
            next = self.across(&mut form.after, go_on)?;
        }
        Some(())
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

/// Skips spaces, sixteen at a time: half of an indented dump is indentation.
#[inline(always)]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let spaces = u8x16::new(*chunk).simd_eq(u8x16::splat(b' ')).to_bitmask();
        if spaces != 0xffff {
            return at + (!spaces).trailing_zeros() as usize;
        }
        at += 16;
    }
    at
}
