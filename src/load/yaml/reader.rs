//! Feeds text to libyaml's parser, keeps from it the few inputs that it cannot bear, and words its errors.

use std::io::{BufRead, Read};

use libyaml_safer::{
    Encoding, ErrorKind, Event, EventData, MappingStyle, Mark, Parser, SequenceStyle,
};

use crate::load::tree::{MAX_DEPTH, ParseError, position};

/// Small pieces, because the parser keeps four bytes for each character it was fed.
pub(super) const PIECE: usize = 8 * 1024;

/// A number written in short grows fourfold as JSON; the trees count text in 32 bits.
const MAX_TEXT: usize = 512 << 20;

/// The parser compares each tag with each directive.
const MAX_TAG_DIRECTIVES: usize = 256;

/// Ends a text whose last line lacks a line break. It is kept apart from the text's own line feeds because
/// libyaml neither folds nor normalizes it.
pub(super) const END: char = '\u{2028}';

/// The text, piece by piece, then a line break if it lacks one.
struct Pieces<'t> {
    text: &'t str,
    end: &'static str,
    piece: &'t [u8],
}

impl<'t> Pieces<'t> {
    fn new(text: &'t str) -> Self {
        let ended = text.is_empty() || text.ends_with(is_break);
        Pieces {
            text,
            end: if ended { "" } else { "\u{2028}" },
            piece: &[],
        }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Pieces<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.piece.is_empty() {
            if self.text.is_empty() {
                self.text = std::mem::take(&mut self.end);
            }
            let (piece, rest) = self.text.split_at(self.text.floor_char_boundary(PIECE));
            self.piece = piece.as_bytes();
            self.text = rest;
        }
        Ok(self.piece)
    }

    fn consume(&mut self, count: usize) {
        self.piece = &self.piece[count..];
    }
}

/// Checks what can be checked beforehand. The text has no byte order mark.
pub(super) fn check(text: &str) -> Result<(), ParseError> {
    if text.len() > MAX_TEXT {
        let message = "the file is larger than 512 MiB; split it, or give it as JSON";
        return Err(ParseError::new(1, 1, message));
    }
    let mut directives = memchr::memmem::find_iter(text.as_bytes(), "%TAG");
    if let Some(at) = directives.nth(MAX_TAG_DIRECTIVES) {
        let (line, column) = position(text, at);
        return Err(ParseError::new(
            line,
            column,
            "found more than 256 %TAG directives",
        ));
    }
    check_tags(text)
}

/// The work that the parser may do for a text: each token costs it the flow depth.
pub(super) fn work(text: &str) -> u64 {
    500 * text.len() as u64 + 60_000_000
}

/// The start of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The byte.
    pub(super) at: usize,
    /// The line, from 0.
    pub(super) line: u32,
}

impl Place {
    /// What a mark that counts from here is from the start of the text.
    fn shift(self, mark: &mut Mark) {
        mark.index += self.at as u64;
        mark.line += u64::from(self.line);
    }
}

/// The events of a text.
pub(super) struct Events<'t> {
    text: &'t str,
    parser: Parser<Pieces<'t>>,
    /// Where the parser began: to its marks, this is the start of the text.
    from: Place,
    /// Open collections, and how many of them are flow collections.
    depth: u32,
    flow: u64,
    /// What is left of the work.
    work: u64,
    /// What Go's parser says of the last error, line included.
    pub(super) goyaml: Option<String>,
}

impl<'t> Events<'t> {
    /// The events from a place on, where a document starts. The text has no byte order mark and was
    /// checked; `work` is what [`work`] gives, less what was spent.
    pub(super) fn new(text: &'t str, from: Place, work: u64) -> Self {
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        parser.set_input(Pieces::new(text.get(from.at..).unwrap_or_default()));
        Events {
            text,
            parser,
            from,
            depth: 0,
            flow: 0,
            work,
            goyaml: None,
        }
    }

    /// What is left of the work.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    pub(super) fn next(&mut self) -> Result<Event, ParseError> {
        let mut event = self.parse()?;
        self.from.shift(&mut event.start_mark);
        self.from.shift(&mut event.end_mark);
        let (opens, flow) = match event.data {
            EventData::SequenceStart { style, .. } => (true, style == SequenceStyle::Flow),
            EventData::MappingStart { style, .. } => (true, style == MappingStyle::Flow),
            EventData::SequenceEnd | EventData::MappingEnd => {
                self.depth -= 1;
                // All that is in a flow collection is one as well.
                self.flow = self.flow.saturating_sub(1);
                (false, false)
            }
            _ => (false, false),
        };
        self.depth += u32::from(opens);
        self.flow += u64::from(flow);
        let mark = event.start_mark;
        let fail = |message: String| {
            let (line, column) = (mark.line as u32 + 1, mark.column as u32 + 1);
            Err(ParseError::new(line, column, message))
        };
        if self.depth > MAX_DEPTH {
            return fail(format!("exceeded max depth of {MAX_DEPTH}"));
        }
        match self.work.checked_sub(self.flow) {
            Some(left) => self.work = left,
            None => return fail("found too many values this deep in brackets".to_string()),
        }
        Ok(event)
    }

    fn parse(&mut self) -> Result<Event, ParseError> {
        self.parser.parse().map_err(|error| {
            self.goyaml = Some(goyaml(&error));
            if error.kind() == ErrorKind::Reader {
                let at = self.text.find(is_forbidden).unwrap_or(self.text.len());
                let (line, column) = position(self.text, at);
                let message = match self.text[at..].chars().next() {
                    Some(found) => {
                        format!("found control character {found:?}; write it as an escape")
                    }
                    None => error.problem().to_string(),
                };
                return ParseError::new(line, column, message);
            }
            let mut mark = error.problem_mark().unwrap_or_default();
            self.from.shift(&mut mark);
            let mut message = error.problem().to_string();
            if let (Some(context), Some(start)) = (error.context(), error.context_mark()) {
                message.push_str(&format!(
                    " {context} that starts at line {}",
                    start.line + 1 + u64::from(self.from.line)
                ));
            }
            if message.starts_with("found character that cannot start any token") {
                message = match self.text[mark.index as usize..].chars().next() {
                    Some('\t') => {
                        "found a tab where an indentation must be; use spaces".to_string()
                    }
                    Some(found) => format!("found `{found}`, which cannot start a value; quote it"),
                    None => message,
                };
            }
            ParseError::new(mark.line as u32 + 1, mark.column as u32 + 1, message)
        })
    }
}

/// Go's port of the parser tells of an error what it found wrong and one line, counted from 0 if it is no
/// error of the scanner, and none if that is 0.
fn goyaml(error: &libyaml_safer::Error) -> String {
    let line = |mark: Option<Mark>| mark.map(|mark| mark.line).filter(|line| *line != 0);
    let found = line(error.context_mark()).or_else(|| line(error.problem_mark()));
    let more = u64::from(error.kind() == ErrorKind::Scanner);
    let problem = error.problem();
    match found {
        Some(line) => format!("line {}: {problem}", line + more),
        None => problem.to_owned(),
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether libyaml's reader refuses nothing of the text.
pub(super) fn is_readable(text: &str) -> bool {
    // Only these two bytes begin what is not ASCII and refused.
    let (mut control, mut wide) = (false, false);
    for &byte in text.as_bytes() {
        control |= (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) | (byte == 0x7f);
        wide |= matches!(byte, 0xc2 | 0xef);
    }
    !(control || wide && text.contains(is_forbidden))
}

/// What libyaml's reader refuses.
fn is_forbidden(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-;/?:@&=+$.%!~*'()".contains(&byte)
}

/// The ends of what might be a tag with a comma directly after it: the commas' indices, in order.
fn commas_after_tags(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let run = |mut at: usize, more: &[u8]| {
        while bytes
            .get(at)
            .is_some_and(|b| is_tag_byte(*b) || more.contains(b))
        {
            at += 1;
        }
        at
    };
    let mut commas = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'!', &bytes[at..]) {
        at = run(at + found, b"");
        match bytes.get(at) {
            Some(b',') => commas.push(at),
            Some(b'<') => {
                let end = run(at + 1, b",[]");
                if bytes[end..].starts_with(b">,") {
                    commas.push(end + 1);
                }
            }
            _ => {}
        }
    }
    commas.sort_unstable();
    commas.dedup();
    commas
}

/// Refuses a tag with a comma directly after it, on which the parser panics.
///
/// Whether `!x,` is a tag depends on all that stands before it. A space put before each such comma keeps the
/// structure and is no danger, so that the parser itself can tell.
fn check_tags(text: &str) -> Result<(), ParseError> {
    if memchr::memchr(b'!', text.as_bytes()).is_none() {
        return Ok(());
    }
    let commas = commas_after_tags(text);
    if commas.is_empty() {
        return Ok(());
    }
    let mut spaced = String::with_capacity(text.len() + commas.len());
    // Where the spaces are in the spaced text.
    let mut spaces = Vec::with_capacity(commas.len());
    let mut start = 0;
    for comma in commas {
        spaced.push_str(&text[start..comma]);
        spaces.push(spaced.len());
        spaced.push(' ');
        start = comma;
    }
    spaced.push_str(&text[start..]);
    let mut events = Events::new(&spaced, Place::default(), work(&spaced));
    loop {
        let event = events.next()?;
        let tag = match &event.data {
            EventData::StreamEnd => return Ok(()),
            EventData::Scalar { tag, .. }
            | EventData::SequenceStart { tag, .. }
            | EventData::MappingStart { tag, .. } => tag,
            _ => continue,
        };
        if tag.is_none() {
            continue;
        }
        let bytes = spaced.as_bytes();
        let first = event.start_mark.index as usize;
        let mut last = first;
        if bytes.get(first) == Some(&b'!') {
            while bytes
                .get(last)
                .is_some_and(|b| is_tag_byte(*b) || b"<>,[]".contains(b))
            {
                last += 1;
            }
        } else {
            // An anchor comes first; the tag is somewhere before the end.
            last = event.end_mark.index as usize;
        }
        let next = spaces.partition_point(|&space| space < first);
        if spaces.get(next).is_some_and(|&space| space <= last) {
            let (line, column) = position(text, spaces[next] - next);
            let message = "found `,` directly after a tag; put a space between them";
            return Err(ParseError::new(line, column, message));
        }
    }
}
