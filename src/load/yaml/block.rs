//! Reads the YAML that machines print and most people write, without libyaml: block mappings and sequences,
//! scalars of every style, flow collections of one line.
//!
//! It is never wrong, only [`Unsure`]: of anchors, aliases, tags, merge keys, complex keys, directives, tabs, odd
//! line breaks, and of whatever libyaml might refuse. It then takes back what it gave of the document, and
//! somebody else reads it from its start. Where it is sure, nodes, places and limits are those of the events.
//!
//! libyaml's rules that make the structure this simple: a collection is as far in as its first entry; a line that
//! stands left of it ends it; a sequence may be as far in as the mapping whose value it is; nothing but the
//! end of the line may follow a value.

mod cursor;
mod flow;
mod literal;
mod quoted;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::cursor::{Cursor, Line, Run};
use super::composer::push_scalar;
use super::output::Output;
use super::reader::Place;
use crate::load::scalar::{Scalar, resolve_plain};
use crate::load::tree::{Kind, Sink};

/// Deeper documents are left to the other reader, which knows the limit.
const MAX_OPEN: usize = 500;

/// libyaml wants the colon within 1024 bytes; longer keys are left to it.
const MAX_KEY: usize = 1000;

/// This reader cannot tell what libyaml would do.
#[derive(Debug, PartialEq)]
struct Unsure;

/// Why a document is not read on.
enum Halt<E> {
    Unsure,
    /// The sink refuses it.
    Sink(E),
}

impl<E> From<Unsure> for Halt<E> {
    fn from(_: Unsure) -> Self {
        Halt::Unsure
    }
}

/// Reads documents from the start of one, as long as it is sure. Where the document starts that it is unsure
/// of; `None` at the end of the text.
pub(super) fn documents<S: Sink>(
    text: &str,
    from: Place,
    work: &mut u64,
    output: &mut Output<'_, S>,
) -> Result<Option<Place>, S::Error> {
    let mut reader = Reader {
        cursor: Cursor::new(text, from),
        open: Vec::new(),
        after_items: false,
        spent: 0,
        output,
    };
    let mut start = from;
    loop {
        reader.spent = 0;
        match reader.document(&mut start) {
            Ok(true) => *work = work.saturating_sub(reader.spent),
            Ok(false) => return Ok(None),
            Err(Halt::Sink(error)) => return Err(error),
            Err(Halt::Unsure) => {
                reader.output.rewind();
                return Ok(Some(start));
            }
        }
    }
}

/// Whether a document starts here, if this is the start of a line.
pub(super) fn is_marker(text: &str, at: usize) -> bool {
    Cursor::new(text, Place { at, line: 0 }).at_marker(b'-')
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Mapping,
    Sequence,
    /// A sequence that is as far in as its mapping.
    Flush,
    /// In brackets or braces.
    Flow,
}

/// An open collection.
#[derive(Clone, Copy)]
struct Open {
    shape: Shape,
    /// How far in it is, from 0.
    column: usize,
    node: u32,
}

/// What the lines so far wait for.
#[derive(Clone, Copy)]
enum Wait {
    /// An entry of what is open, or the end.
    Entry,
    /// The document's root.
    Root,
    /// The value of a key or a dash, which is null at this line and column if nothing comes.
    Value(u32, u32),
}

struct Reader<'t, 'o, 's, S> {
    cursor: Cursor<'t>,
    open: Vec<Open>,
    /// Whether the last key of the root was `items`.
    after_items: bool,
    /// How much of the parser's work the document would have cost.
    spent: u64,
    output: &'o mut Output<'s, S>,
}

impl<'t, S: Sink> Reader<'t, '_, '_, S> {
    /// Reads one document, and notes where it starts; whether there was one.
    fn document(&mut self, start: &mut Place) -> Result<bool, Halt<S::Error>> {
        match self.cursor.next_line()? {
            Line::End => return Ok(false),
            Line::Marker => {
                *start = self.cursor.place();
                self.cursor.at += 3;
                if !self.cursor.end_line()? {
                    return Err(Halt::Unsure);
                }
            }
            // Only a text may begin without a marker.
            Line::Content(_) => {}
            Line::Stop => return Err(Halt::Unsure),
        }
        self.output.start();
        self.open.clear();
        self.after_items = false;
        let mut wait = Wait::Root;
        let stopped = loop {
            match self.cursor.next_line()? {
                Line::Content(column) => wait = self.line(column, wait)?,
                Line::Marker | Line::End => break false,
                Line::Stop => break true,
            }
        };
        match wait {
            Wait::Root => self.null(self.cursor.line, 1)?,
            Wait::Value(line, column) => self.null(line, column)?,
            Wait::Entry => {}
        }
        while !self.open.is_empty() {
            self.close()?;
        }
        if stopped {
            self.skip_stops()?;
        }
        self.output.finish().map_err(Halt::Sink)?;
        Ok(true)
    }

    /// Takes `...`, after which only a marker may begin a document: to the reader that goes on at what follows, it
    /// would be the start of a text.
    fn skip_stops(&mut self) -> Result<(), Unsure> {
        loop {
            self.cursor.at += 3;
            if !self.cursor.end_line()? {
                return Err(Unsure);
            }
            match self.cursor.next_line()? {
                Line::Stop => {}
                Line::Marker | Line::End => return Ok(()),
                Line::Content(_) => return Err(Unsure),
            }
        }
    }

    /// One line, and what its last value has of the lines that follow.
    fn line(&mut self, column: usize, wait: Wait) -> Result<Wait, Halt<S::Error>> {
        let dash = self.cursor.at_dash();
        match (wait, self.open.last()) {
            (Wait::Root, _) => return self.node(),
            (Wait::Value(..), Some(top)) if column > top.column => return self.node(),
            (Wait::Value(..), Some(top))
                if dash && column == top.column && top.shape == Shape::Mapping =>
            {
                self.open(Shape::Flush, column)?;
            }
            (Wait::Value(line, column), _) => self.null(line, column)?,
            (Wait::Entry, _) => {}
        }
        while self.open.last().is_some_and(|top| top.column > column) {
            self.close()?;
        }
        if !dash && self.open.last().is_some_and(|t| t.shape == Shape::Flush) {
            self.close()?;
        }
        match self.open.last() {
            Some(top) if top.column == column && dash == (top.shape != Shape::Mapping) => {}
            _ => return Err(Halt::Unsure),
        }
        if dash { self.dash() } else { self.entry() }
    }

    /// A value at the start of a line, or after a dash.
    fn node(&mut self) -> Result<Wait, Halt<S::Error>> {
        if self.cursor.at_dash() {
            self.open(Shape::Sequence, self.cursor.indentation())?;
            return self.dash();
        }
        let (line, column, at) = self.cursor.here();
        let indentation = self.cursor.indentation();
        let scalar = match self.cursor.byte() {
            Some(b'\'' | b'"') => {
                let text = self.cursor.quoted()?;
                self.cursor.spaces();
                if !self.cursor.at_colon() {
                    return self.last_scalar(Scalar::String(text), "", line, column);
                }
                if self.cursor.line != line || self.cursor.at - at > MAX_KEY {
                    return Err(Halt::Unsure);
                }
                Scalar::String(text)
            }
            Some(b'[' | b'{' | b'|' | b'>') => return self.value(),
            _ => {
                let (text, end) = self.cursor.plain()?;
                if end != Run::Colon {
                    return self.plain(text, end, line, column);
                }
                self.plain_key(text, at)?
            }
        };
        self.open_at(Kind::Mapping, Shape::Mapping, indentation, line, column)?;
        self.key(scalar, line, column)
    }

    /// An entry of a sequence.
    fn dash(&mut self) -> Result<Wait, Halt<S::Error>> {
        self.cursor.at += 1;
        let (line, column, _) = self.cursor.here();
        if self.cursor.end_line()? {
            return Ok(Wait::Value(line, column));
        }
        // As deep as dashes stand in a line, which `open` limits.
        self.node()
    }

    /// An entry of a mapping.
    fn entry(&mut self) -> Result<Wait, Halt<S::Error>> {
        let (line, column, at) = self.cursor.here();
        let scalar = match self.cursor.byte() {
            Some(b'\'' | b'"') => {
                let text = self.cursor.quoted()?;
                self.cursor.spaces();
                if self.cursor.line != line || self.cursor.at - at > MAX_KEY {
                    return Err(Halt::Unsure);
                }
                Scalar::String(text)
            }
            _ => {
                let (text, _) = self.cursor.plain()?;
                self.plain_key(text, at)?
            }
        };
        if !self.cursor.at_colon() {
            return Err(Halt::Unsure);
        }
        self.key(scalar, line, column)
    }

    /// What an unquoted key is that ends at the cursor.
    fn plain_key(&self, text: &'t str, start: usize) -> Result<Scalar<'t>, Unsure> {
        if text == "<<" || self.cursor.at - start > MAX_KEY {
            return Err(Unsure);
        }
        Ok(match resolve_plain(text) {
            scalar @ Scalar::String(_) => scalar,
            other => Scalar::String(other.into_key().map_err(|_| Unsure)?.into()),
        })
    }

    /// Takes a key, the cursor being at its colon, and what follows in the line.
    fn key(&mut self, scalar: Scalar<'_>, line: u32, column: u32) -> Result<Wait, Halt<S::Error>> {
        if let (1, Scalar::String(text)) = (self.open.len(), &scalar) {
            self.after_items = text == "items";
        }
        push_scalar(self.output.tree(), &scalar, "", line, column).ok_or(Unsure)?;
        self.cursor.at += 1;
        let (line, column, _) = self.cursor.here();
        if self.cursor.end_line()? {
            return Ok(Wait::Value(line, column));
        }
        self.value()
    }

    /// A value that is no block collection, to the end of its line or lines.
    fn value(&mut self) -> Result<Wait, Halt<S::Error>> {
        let (line, column, _) = self.cursor.here();
        match self.cursor.byte() {
            Some(b'\'' | b'"') => {
                let text = self.cursor.quoted()?;
                self.last_scalar(Scalar::String(text), "", line, column)
            }
            Some(b'[' | b'{') => {
                if self.open.is_empty() {
                    return Err(Halt::Unsure);
                }
                self.flow()?;
                self.end()
            }
            Some(b'|' | b'>') => {
                let text = self.cursor.literal(self.open_column()?)?;
                self.scalar(&Scalar::String(text.into()), "", line, column)?;
                Ok(Wait::Entry)
            }
            _ => {
                let (text, end) = self.cursor.plain()?;
                self.plain(text, end, line, column)
            }
        }
    }

    /// An unquoted value of which the first line was read.
    fn plain(
        &mut self,
        text: &'t str,
        end: Run,
        line: u32,
        column: u32,
    ) -> Result<Wait, Halt<S::Error>> {
        let text = match end {
            Run::Colon => return Err(Halt::Unsure),
            Run::Comment if self.open.is_empty() => return Err(Halt::Unsure),
            Run::Comment => Cow::Borrowed(text),
            Run::Break => self.cursor.more_plain(text, self.open_column()?)?,
        };
        self.scalar(&resolve_plain(&text), &text, line, column)?;
        if end == Run::Comment {
            return self.end();
        }
        Ok(Wait::Entry)
    }

    /// A quoted value and the end of its line.
    fn last_scalar(
        &mut self,
        scalar: Scalar<'_>,
        source: &str,
        line: u32,
        column: u32,
    ) -> Result<Wait, Halt<S::Error>> {
        if self.open.is_empty() {
            return Err(Halt::Unsure);
        }
        self.scalar(&scalar, source, line, column)?;
        self.end()
    }

    /// Nothing follows in the line.
    fn end(&mut self) -> Result<Wait, Halt<S::Error>> {
        if self.cursor.end_line()? {
            Ok(Wait::Entry)
        } else {
            Err(Halt::Unsure)
        }
    }

    /// How far in the innermost collection is: its values go on where lines are further in.
    fn open_column(&self) -> Result<usize, Unsure> {
        self.open.last().map(|top| top.column).ok_or(Unsure)
    }

    fn null(&mut self, line: u32, column: u32) -> Result<(), Halt<S::Error>> {
        self.scalar(&Scalar::Null, "", line, column)
    }

    /// A value that is a scalar.
    #[inline]
    fn scalar(
        &mut self,
        scalar: &Scalar<'_>,
        source: &str,
        line: u32,
        column: u32,
    ) -> Result<(), Halt<S::Error>> {
        push_scalar(self.output.tree(), scalar, source, line, column).ok_or(Unsure)?;
        self.complete()
    }

    fn open(&mut self, shape: Shape, indentation: usize) -> Result<(), Unsure> {
        let (line, column, _) = self.cursor.here();
        self.open_at(Kind::Sequence, shape, indentation, line, column)
    }

    fn open_at(
        &mut self,
        kind: Kind,
        shape: Shape,
        indentation: usize,
        line: u32,
        column: u32,
    ) -> Result<(), Unsure> {
        if self.open.len() == MAX_OPEN {
            return Err(Unsure);
        }
        let node = self.output.tree().open(kind, line, column);
        if kind == Kind::Sequence && self.open.len() == 1 && self.after_items {
            self.output.stream(node);
        }
        self.open.push(Open {
            shape,
            column: indentation,
            node,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Halt<S::Error>> {
        if let Some(top) = self.open.pop() {
            if self.open.len() == 1 {
                self.output.streaming = false;
            }
            self.output.tree().close(top.node);
        }
        self.complete()
    }

    /// A value is complete.
    #[inline]
    fn complete(&mut self) -> Result<(), Halt<S::Error>> {
        if self.output.streaming && self.open.len() == 2 {
            self.output.give_item().map_err(Halt::Sink)?;
        }
        Ok(())
    }
}
