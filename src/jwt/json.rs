//! JSON as bytes: checked once as a whole, then walked without a tree and without recursion.
//!
//! Go takes any bytes inside strings and replaces what is no UTF-8, which no Rust reader does, and
//! tokens are hostile: neither depth nor size may cost more than one pass.

use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashSet;

/// How deep Go's `encoding/json` reads.
pub const GO_DEPTH: usize = 10_000;

/// The text is no JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The offset of the byte that does not fit.
    pub at: usize,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// Go's word for it in messages about wrong types.
    pub fn go_name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "bool",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
        }
    }
}

/// One value of a text that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'t>(&'t [u8]);

/// Checks that a text is one JSON value, at most `depth` containers deep.
///
/// # Errors
/// [`Invalid`] at the first byte that does not fit.
pub fn check(text: &[u8], depth: usize) -> Result<Raw<'_>, Invalid> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.space();
    let start = scanner.at;
    scanner.value(depth)?;
    let end = scanner.at;
    scanner.space();
    if scanner.at < text.len() {
        return Err(Invalid { at: scanner.at });
    }
    Ok(Raw(&text[start..end]))
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn fail<T>(&self) -> Result<T, Invalid> {
        Err(Invalid { at: self.at })
    }

    fn expect(&mut self, byte: u8) -> Result<(), Invalid> {
        if self.peek() != Some(byte) {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<(), Invalid> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => self.string()?,
                Some(byte @ (b'{' | b'[')) => {
                    if open.len() >= depth {
                        return self.fail();
                    }
                    self.at += 1;
                    self.space();
                    let closing = byte + 2;
                    if self.peek() == Some(closing) {
                        self.at += 1;
                    } else {
                        open.push(closing);
                        if closing == b'}' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return self.fail(),
            }
            loop {
                let Some(&closing) = open.last() else {
                    return Ok(());
                };
                self.space();
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if closing == b'}' {
                            self.space();
                            self.key()?;
                        }
                        break;
                    }
                    Some(byte) if byte == closing => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return self.fail(),
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Invalid> {
        if self.peek() != Some(b'"') {
            return self.fail();
        }
        self.string()?;
        self.space();
        self.expect(b':')
    }

    fn string(&mut self) -> Result<(), Invalid> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.at += 1;
                        }
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|b| b.is_ascii_hexdigit()) {
                                    return self.fail();
                                }
                                self.at += 1;
                            }
                        }
                        _ => return self.fail(),
                    }
                }
                Some(byte) if byte >= b' ' => self.at += 1,
                _ => return self.fail(),
            }
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Invalid> {
        word.iter().try_for_each(|&byte| self.expect(byte))
    }

    fn digits(&mut self) -> Result<(), Invalid> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return self.fail();
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Invalid> {
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }
}

/// Where the string that begins at `at` ends, in a checked text.
fn string_end(text: &[u8], mut at: usize) -> usize {
    at += 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or(&[])) {
        at += found;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// Where the value that begins at `at` ends, in a checked text.
fn value_end(text: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ if depth > 0 => at += 1,
            _ => {
                let rest = &text[at..];
                let ends = |b: &u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                return at + rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

impl<'t> Raw<'t> {
    /// The value as it stands in the text.
    pub fn bytes(self) -> &'t [u8] {
        self.0
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.0.first() {
            Some(b'"') => Kind::String,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') | None => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The text of a string, in which Go replaces what is no UTF-8; `None` of any other value.
    pub fn string(self) -> Option<Cow<'t, str>> {
        let inside = self.0.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(unquote(inside))
    }

    /// A boolean.
    pub fn boolean(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.0 == b"true")
    }

    /// A number as Go's `strconv.ParseFloat` reads it; `None` beyond its range and of any other value.
    pub fn float(self) -> Option<f64> {
        if self.kind() != Kind::Number {
            return None;
        }
        let number: f64 = std::str::from_utf8(self.0).ok()?.parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// The entries of an object, in order; none of any other value.
    pub fn entries(self) -> Entries<'t> {
        Entries {
            text: match self.kind() {
                Kind::Object => self.0,
                _ => &[],
            },
            at: 1,
        }
    }

    /// The elements of an array, in order; none of any other value.
    pub fn elements(self) -> impl Iterator<Item = Raw<'t>> {
        let (text, mut at) = match self.kind() {
            Kind::Array => (self.0, 1),
            _ => (&[][..], 0),
        };
        std::iter::from_fn(move || {
            let start = next_token(text, at)?;
            at = value_end(text, start);
            Some(Raw(&text[start..at]))
        })
    }

    /// What go-jose's reader says when the value is read into anything (`interface{}`): a key that stands
    /// twice in one object, or else a number that is too large.
    pub fn trouble(self) -> Option<String> {
        let text = self.0;
        let mut open: Vec<Option<Keys<'t>>> = Vec::new();
        let mut before_value = false;
        let mut too_large = None;
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'{' => open.push(Some(Keys::default())),
                b'[' => open.push(None),
                b'}' | b']' => {
                    open.pop();
                    before_value = false;
                }
                b':' => before_value = true,
                b',' => before_value = false,
                b'"' => {
                    let end = string_end(text, at);
                    if let (false, Some(Some(keys))) = (before_value, open.last_mut()) {
                        let key = Raw(&text[at..end]).string().unwrap_or_default();
                        if let Err(text) = keys.add(key) {
                            return Some(text);
                        }
                    }
                    at = end;
                    continue;
                }
                b'-' | b'0'..=b'9' => {
                    let end = value_end(text, at);
                    let number = Raw(&text[at..end]);
                    if too_large.is_none() && number.float().is_none() {
                        let shown = String::from_utf8_lossy(number.0);
                        too_large = Some(format!(
                            "json: cannot unmarshal number {shown} into Go value of type float64"
                        ));
                    }
                    at = end;
                    continue;
                }
                _ => {}
            }
            // An object that opens as a value begins with a key again.
            if byte == b'{' {
                before_value = false;
            }
            at += 1;
        }
        too_large
    }
}

/// The keys of one object, of which none may stand twice.
#[derive(Debug, Default)]
pub struct Keys<'t> {
    few: Vec<Cow<'t, str>>,
    many: HashSet<Cow<'t, str>, RandomState>,
}

impl<'t> Keys<'t> {
    /// Adds a key.
    ///
    /// # Errors
    /// go-jose's text if it is there already.
    pub fn add(&mut self, key: Cow<'t, str>) -> Result<(), String> {
        if self.few.contains(&key) || self.many.contains(&key) {
            return Err(format!("json: duplicate key '{key}' in object"));
        }
        if self.few.len() < 16 {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        Ok(())
    }
}

/// The entries of an object.
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Iterator for Entries<'t> {
    type Item = (Cow<'t, str>, Raw<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = next_token(self.text, self.at)?;
        let end = string_end(self.text, start);
        let key = Raw(&self.text[start..end]).string()?;
        let value = next_token(self.text, end)?;
        self.at = value_end(self.text, value);
        Some((key, Raw(&self.text[value..self.at])))
    }
}

/// Where the next key or value begins; `None` at the end of the container.
fn next_token(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let skipped = |b: &u8| matches!(b, b',' | b':' | b' ' | b'\t' | b'\r' | b'\n');
    let found = rest.iter().position(|b| !skipped(b))?;
    (!matches!(rest[found], b'}' | b']')).then_some(at + found)
}

fn unquote(inside: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'\\', inside).is_none()
        && let Ok(text) = std::str::from_utf8(inside)
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while !rest.is_empty() {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        push_utf8(&mut out, &rest[..plain]);
        rest = escape(&mut out, &rest[plain..]);
    }
    Cow::Owned(out)
}

/// Reads the escape that a text begins with, if it does; what follows it.
fn escape<'t>(out: &mut String, text: &'t [u8]) -> &'t [u8] {
    let Some(&letter) = text.get(1) else {
        return &[];
    };
    match letter {
        b'b' => out.push('\x08'),
        b'f' => out.push('\x0c'),
        b'n' => out.push('\n'),
        b'r' => out.push('\r'),
        b't' => out.push('\t'),
        b'u' => {
            let unit = |text: &[u8]| -> Option<u32> {
                let digits = text.strip_prefix(b"\\u")?.get(..4)?;
                u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
            };
            let first = unit(text).unwrap_or(0xfffd);
            let rest = text.get(6..).unwrap_or(&[]);
            if let (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) = (first, unit(rest)) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                return &rest[6..];
            }
            out.push(char::from_u32(first).unwrap_or('\u{fffd}'));
            return rest;
        }
        other => out.push(char::from(other)),
    }
    &text[2..]
}

/// Adds text in which Go replaces each byte that is no UTF-8.
fn push_utf8(out: &mut String, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match std::str::from_utf8(bytes) {
            Ok(text) => return out.push_str(text),
            Err(error) => {
                let (good, bad) = bytes.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(good).unwrap_or_default());
                out.push('\u{fffd}');
                bytes = &bad[1..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &[u8]) -> Raw<'_> {
        check(text, usize::MAX).unwrap_or(Raw(b"null"))
    }

    #[test]
    fn checks_the_grammar() {
        let good: [&[u8]; 13] = [
            b" 1 ",
            b"-0.5e+7",
            b"\"\\u00e4\\/\"",
            b"\"\xff\"",
            b"[]",
            b"{ }",
            b"[[],{}]",
            b"{\"a\" : [1 , {\"b\":null}]}",
            b"true",
            b"false",
            b"null",
            b"0",
            b"\"\x7f\"",
        ];
        for text in good {
            assert!(check(text, 10).is_ok(), "{}", String::from_utf8_lossy(text));
        }
        let bad: [&[u8]; 19] = [
            b"",
            b" ",
            b"01",
            b"1.",
            b"-",
            b"1e",
            b"+1",
            b"nul",
            b"nulll",
            b"\"",
            b"\"\\x\"",
            b"\"\n\"",
            b"[1,]",
            b"[,]",
            b"{\"a\"}",
            b"{a:1}",
            b"{\"a\":1,}",
            b"1 2",
            b"\xef\xbb\xbf1",
        ];
        for text in bad {
            assert!(
                check(text, 10).is_err(),
                "{}",
                String::from_utf8_lossy(text)
            );
        }
        let deep = |n: usize| [b"[".repeat(n), b"]".repeat(n)].concat();
        assert!(check(&deep(10), 10).is_ok() && check(&deep(11), 10).is_err());
        assert!(check(&deep(1_000_000), usize::MAX).is_ok());
    }

    #[test]
    fn reads_strings_as_go_does() {
        for (text, expected) in [
            (&b"\"plain\""[..], "plain"),
            (b"\"\\u0041\\n\\\"\\/\"", "A\n\"/"),
            (b"\"\\ud83d\\ude00\"", "\u{1f600}"),
            (b"\"\\ud83dx\\ude00\"", "\u{fffd}x\u{fffd}"),
            (b"\"a\xe2\x82b\xff\"", "a\u{fffd}\u{fffd}b\u{fffd}"),
            (b"\"\xed\xa0\x80\"", "\u{fffd}\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(raw(text).string().as_deref(), Some(expected));
        }
    }

    #[test]
    fn walks_containers() {
        let object = raw(b"{ \"a\" : 1 ,\"b\\\"\":[ \"x,}\" , {\"y\":[]} ],\"c\":\"\",\"d\":{} }");
        let entries: Vec<_> = object
            .entries()
            .map(|(key, value)| (key.into_owned(), value.kind()))
            .collect();
        let expected = [
            ("a", Kind::Number),
            ("b\"", Kind::Array),
            ("c", Kind::String),
            ("d", Kind::Object),
        ];
        assert_eq!(entries, expected.map(|(key, kind)| (key.to_owned(), kind)));
        let elements: Vec<_> = raw(b"[1, \"]\" ,[2,3],{\"a\":[]}, null]")
            .elements()
            .map(Raw::kind)
            .collect();
        assert_eq!(
            elements,
            [
                Kind::Number,
                Kind::String,
                Kind::Array,
                Kind::Object,
                Kind::Null
            ]
        );
        assert_eq!(raw(b"[ ]").elements().count(), 0);
    }

    #[test]
    fn finds_what_an_interface_cannot_hold() {
        let of = |text: &[u8]| raw(text).trouble().unwrap_or_default();
        for fine in [
            &b"{\"a\":{\"a\":\"a\"},\"b\":[\"b\",\"b\",{\"b\":1}]}"[..],
            b"[\"x\",\"x\"]",
            b"{\"a\":[{\"k\":1},{\"k\":1}],\"c\":\"a\",\"k\":2}",
            b"\"x\"",
        ] {
            assert_eq!(of(fine), "", "{}", String::from_utf8_lossy(fine));
        }
        let twice = "json: duplicate key 'a' in object";
        assert_eq!(
            of(b"[1e999,{\"x\":{\"a\":1,\"b\":[],\"\\u0061\":2}}]"),
            twice
        );
        assert_eq!(of(b"{\"a\":{},\"b\":2,\"a\":3}"), twice);
        assert_eq!(
            of(b"[1e999]"),
            "json: cannot unmarshal number 1e999 into Go value of type float64"
        );
        let keys: Vec<String> = (0..100).map(|i| format!("\"{i}\":0")).collect();
        let many = format!("{{{},\"77\":1}}", keys.join(","));
        assert_eq!(of(many.as_bytes()), "json: duplicate key '77' in object");
    }
}
