//! A parsed document: YAML and JSON give the same tree, so that one decoder serves both.
//!
//! Nodes stand in one vector in pre-order; a node knows where its subtree ends. The vector and the text
//! are reused from document to document, so that a large dump costs no allocation per value.

#[cfg(test)]
mod tests;
mod value;

use super::json::Cursor;
use std::collections::HashSet;

pub use value::{Entries, Entry, Items, Value};

/// How deep values may nest, aliases included: the limit of the API server's own decoders.
pub const MAX_DEPTH: u32 = 10_000;

/// Text that is not a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ParseError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What was found, what was expected, what helps; lower case, no final stop.
    pub message: String,
}

impl ParseError {
    /// An error at a place.
    pub fn new(line: u32, column: u32, message: impl Into<String>) -> Self {
        ParseError {
            line,
            column,
            message: message.into(),
        }
    }
}

/// Takes the documents of a text in turn.
///
/// The items of a top-level `items` sequence come first, each as its own tree, because `kind` may stand
/// after them; [`Sink::document`] then says how many belong to the document.
pub trait Sink {
    /// What the sink refuses with; parse errors become it.
    type Error: From<ParseError>;

    /// One entry of the top-level `items` of the document that is being read.
    fn item(&mut self, item: &Tree) -> Result<(), Self::Error>;

    /// Takes the next entry of `items` straight from JSON text, if the sink can; it then counts as an item.
    /// With `false`, whatever the cursor did, the entry is parsed and given to [`Sink::item`] after all.
    fn direct_item(&mut self, cursor: &mut Cursor<'_>) -> bool {
        let _ = cursor;
        false
    }

    /// The items given since the last document do not count: a later `items` key replaces them.
    fn discard_items(&mut self);

    /// The document that is being read is read again from its start: its items come again.
    fn rewind(&mut self) {
        self.discard_items();
    }

    /// A document is complete. With `Some(n)` its `items` were given as `n` calls of [`Sink::item`] and the
    /// tree holds an empty sequence in their place; with `None` the tree is all there is.
    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), Self::Error>;

    /// A document without content, or `null`.
    fn empty(&mut self, line: u32) -> Result<(), Self::Error> {
        let _ = line;
        Ok(())
    }
}

/// What a node is, after the scalar rules of `sigs.k8s.io/yaml` have been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`, `~`, nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer or float; its text is the JSON form of the number.
    Number,
    /// A string.
    String,
    /// A sequence; its items are its children.
    Sequence,
    /// A mapping; its children are key, value, key, value … Keys are always [`Kind::String`].
    Mapping,
}

impl Kind {
    /// The word that the server's decode errors use.
    pub fn json_name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Sequence => "array",
            Kind::Mapping => "object",
        }
    }
}

/// One node of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Whether it is a key that its mapping already holds.
    pub repeated: bool,
    /// Index just after this node's subtree.
    pub end: u32,
    /// Its text in [`Tree`], for numbers and strings.
    pub text: (u32, u32),
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The nodes of one document; index 0 is the root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The nodes, in pre-order.
    pub nodes: Vec<Node>,
    /// The text that [`Node::text`] points into.
    pub text: String,
    /// Whether any key is repeated.
    pub has_duplicates: bool,
}

impl Tree {
    /// The root value; `None` if nothing was parsed into the tree yet.
    pub fn root(&self) -> Option<Value<'_>> {
        (!self.nodes.is_empty()).then_some(Value {
            tree: self,
            index: 0,
        })
    }

    /// The keys that their mapping already held, in the order in which the server would report them.
    pub fn duplicates(&self) -> impl Iterator<Item = Entry<'_>> {
        let count = if self.has_duplicates {
            self.nodes.len()
        } else {
            0
        };
        (0..count)
            .filter(|&i| self.nodes[i].repeated)
            .map(|i| self.entry(i))
    }

    /// The path of a value of this tree as the server writes it, such as `rules[0].verbs`.
    ///
    /// Each level costs the siblings before it: ask for few paths of a hostile text.
    pub fn path(&self, value: Value<'_>) -> String {
        let mut path = String::new();
        let mut at = 0;
        while at != value.index {
            let mapping = self.nodes[at].kind == Kind::Mapping;
            let mut child = at + 1;
            let mut position = 0usize;
            // The child whose subtree holds the value; a mapping's key stands for its entry.
            loop {
                let node = if mapping { child + 1 } else { child };
                let end = self.nodes[node].end as usize;
                if value.index < end {
                    if mapping {
                        if !path.is_empty() {
                            path.push('.');
                        }
                        path.push_str(self.str_at(child));
                        if child == value.index {
                            return path;
                        }
                    } else {
                        path.push_str(&format!("[{position}]"));
                    }
                    at = node;
                    break;
                }
                child = end;
                position += 1;
            }
        }
        path
    }

    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.text.clear();
        self.has_duplicates = false;
    }

    pub(crate) fn len(&self) -> u32 {
        // A text is below 4 GiB and aliases are limited, so that nodes are as well.
        self.nodes.len() as u32
    }

    /// Adds a node whose text, if any, stands at the end of [`Tree::text`] from `start`.
    #[inline]
    pub(crate) fn push(&mut self, kind: Kind, start: u32, line: u32, column: u32) -> u32 {
        let index = self.len();
        self.nodes.push(Node {
            kind,
            repeated: false,
            end: index + 1,
            text: (start, self.text.len() as u32),
            line,
            column,
        });
        index
    }

    /// Adds a sequence or mapping, which ends with [`Tree::close`].
    #[inline]
    pub(crate) fn open(&mut self, kind: Kind, line: u32, column: u32) -> u32 {
        self.push(kind, self.text.len() as u32, line, column)
    }

    /// Ends a container: everything since belongs to it.
    #[inline]
    pub(crate) fn close(&mut self, index: u32) {
        let end = self.len();
        self.nodes[index as usize].end = end;
        if self.nodes[index as usize].kind == Kind::Mapping {
            self.mark_repeated(index);
        }
    }

    fn mark_repeated(&mut self, mapping: u32) {
        const SMALL: usize = 16;
        let (mut key, end) = (mapping as usize + 1, self.nodes.len());
        let mut seen = [(0u32, 0u32); SMALL];
        let mut count = 0;
        while key < end {
            let text = self.nodes[key].text;
            let repeated = seen[..count].iter().any(|&s| {
                s.1 - s.0 == text.1 - text.0 && (s == text || self.slice(s) == self.slice(text))
            });
            self.nodes[key].repeated = repeated;
            self.has_duplicates |= repeated;
            if !repeated {
                if count == SMALL {
                    return self.mark_repeated_large(mapping);
                }
                seen[count] = text;
                count += 1;
            }
            key = self.nodes[key + 1].end as usize;
        }
    }

    fn mark_repeated_large(&mut self, mapping: u32) {
        let (mut key, end) = (mapping as usize + 1, self.nodes.len());
        let mut seen = HashSet::new();
        while key < end {
            let (start, stop) = self.nodes[key].text;
            let repeated = !seen.insert(&self.text[start as usize..stop as usize]);
            self.nodes[key].repeated = repeated;
            self.has_duplicates |= repeated;
            key = self.nodes[key + 1].end as usize;
        }
    }

    /// Copies `from..to` of this tree to its end; the text is shared. Returns the index of the copy.
    pub(crate) fn repeat(&mut self, from: u32, to: u32) -> u32 {
        let index = self.len();
        self.nodes.extend_from_within(from as usize..to as usize);
        for node in &mut self.nodes[index as usize..] {
            node.end = node.end - from + index;
        }
        index
    }

    /// Copies `from..to` of another tree to the end of this one. Returns the index of the copy.
    pub(crate) fn copy(&mut self, other: &Tree, from: u32, to: u32) -> u32 {
        let index = self.len();
        for node in &other.nodes[from as usize..to as usize] {
            let start = self.text.len() as u32;
            self.text.push_str(other.slice(node.text));
            self.nodes.push(Node {
                end: node.end - from + index,
                text: (start, self.text.len() as u32),
                ..*node
            });
        }
        self.has_duplicates |= other.has_duplicates;
        index
    }

    /// The bytes of text that [`Tree::copy`] of `from..to` would copy.
    pub(crate) fn text_size(&self, from: u32, to: u32) -> u64 {
        let nodes = &self.nodes[from as usize..to as usize];
        nodes.iter().map(|n| u64::from(n.text.1 - n.text.0)).sum()
    }

    pub(crate) fn str_at(&self, index: usize) -> &str {
        self.slice(self.nodes[index].text)
    }

    fn slice(&self, (start, end): (u32, u32)) -> &str {
        &self.text[start as usize..end as usize]
    }

    fn value(&self, index: usize) -> Value<'_> {
        Value { tree: self, index }
    }

    fn entry(&self, key: usize) -> Entry<'_> {
        Entry {
            name: self.str_at(key),
            key: self.value(key),
            value: self.value(key + 1),
        }
    }
}

/// The bytes of a file as text.
pub fn utf8(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let valid = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
        let (line, column) = position(valid, at);
        let hint = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is UTF-16; convert it to UTF-8".into(),
            _ => format!("found byte 0x{:02x}, which is not UTF-8", bytes[at]),
        };
        ParseError::new(line, column, hint)
    })
}

/// Line and column of a byte of a text.
pub(crate) fn position(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |i| i + 1);
    let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count() as u32;
    let column = before[start..].chars().count() as u32;
    (lines + 1, column + 1)
}
