//! libyaml's events to trees: merge keys, aliases with a limit, keys that are always strings.

mod aliases;

use std::collections::HashMap;

use libyaml_safer::{Event, EventData, MappingStyle, Mark, ScalarStyle, SequenceStyle};

use self::aliases::MERGE_VALUE;
use super::output::Output;
use super::reader;
use crate::load::scalar::{Scalar, resolve};
use crate::load::tree::{Kind, ParseError, Sink, Tree};

const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

/// An open sequence or mapping.
struct Frame {
    /// Its node, in the tree of its time.
    node: u32,
    mapping: bool,
    flow: bool,
    /// Whether a key comes next.
    key: bool,
    /// Whether the last key was `<<`.
    merge: bool,
    /// Whether the last key was `items`.
    items: bool,
    /// Levels of nesting in it, itself included.
    height: u32,
    anchor: Option<usize>,
    /// [`Composer::decoded`] before it.
    decoded: u64,
}

/// The trees that a node may be in.
#[derive(Clone, Copy, PartialEq)]
enum Home {
    Rest,
    Item,
    Store,
}

#[derive(Clone, Copy)]
struct Anchor {
    /// Where the node is; `None` as long as it is not complete.
    place: Option<(Home, u32)>,
    height: u32,
    /// What decoding it once counts for goyaml.
    decodes: u64,
}

pub(super) struct Composer<'t, 's, S> {
    text: &'t str,
    pub(super) output: Output<'s, S>,
    frames: Vec<Frame>,
    /// Anchored nodes of items that are gone.
    store: Tree,
    names: HashMap<String, usize>,
    anchors: Vec<Anchor>,
    /// The anchors in the output's document and in its item, in the order of their ends.
    rest_anchors: Vec<usize>,
    item_anchors: Vec<usize>,
    /// goyaml's counts of decoded nodes, and of those that aliases are to blame for.
    decoded: u64,
    aliased: u64,
    /// How much more aliases and merges may copy.
    budget: u64,
}

fn error_at(mark: Mark, message: impl Into<String>) -> ParseError {
    ParseError::new(mark.line as u32 + 1, mark.column as u32 + 1, message)
}

impl<'t, 's, S: Sink> Composer<'t, 's, S> {
    pub(super) fn new(text: &'t str, sink: &'s mut S) -> Self {
        Composer {
            text,
            output: Output::new(sink),
            frames: Vec::new(),
            store: Tree::default(),
            names: HashMap::new(),
            anchors: Vec::new(),
            rest_anchors: Vec::new(),
            item_anchors: Vec::new(),
            decoded: 0,
            aliased: 0,
            budget: 0,
        }
    }

    pub(super) fn event(&mut self, event: Event) -> Result<(), S::Error> {
        let mark = event.start_mark;
        match event.data {
            EventData::DocumentStart {
                version_directive, ..
            } => {
                if version_directive.is_some_and(|version| version.minor != 1) {
                    let message =
                        "found incompatible YAML document; use `%YAML 1.1`, or no directive";
                    return Err(error_at(mark, message).into());
                }
                self.start();
                Ok(())
            }
            EventData::DocumentEnd { .. } => self.output.finish(),
            EventData::Alias { anchor } => self.alias(&anchor, mark),
            EventData::Scalar { .. } => self.scalar(event),
            EventData::SequenceStart { anchor, style, .. } => {
                self.open(false, style == SequenceStyle::Flow, anchor, mark)
            }
            EventData::MappingStart { anchor, style, .. } => {
                self.open(true, style == MappingStyle::Flow, anchor, mark)
            }
            EventData::SequenceEnd | EventData::MappingEnd => self.close(mark),
            EventData::StreamStart { .. } | EventData::StreamEnd => Ok(()),
        }
    }

    fn start(&mut self) {
        self.output.start();
        self.store.clear();
        self.names.clear();
        self.anchors.clear();
        self.rest_anchors.clear();
        self.item_anchors.clear();
        self.decoded = 1;
        self.aliased = 0;
        self.budget = (64 << 20) + 2 * self.text.len() as u64;
    }

    fn in_flow(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.flow)
    }

    fn home(&self) -> Home {
        if self.output.streaming {
            Home::Item
        } else {
            Home::Rest
        }
    }

    fn tree(&mut self) -> &mut Tree {
        self.output.tree()
    }

    fn scalar(&mut self, event: Event) -> Result<(), S::Error> {
        let EventData::Scalar {
            anchor,
            tag,
            mut value,
            plain_implicit,
            style,
            ..
        } = event.data
        else {
            return Ok(());
        };
        let mark = event.start_mark;
        match style {
            ScalarStyle::Plain if self.in_flow() && value.contains('?') => {
                // goyaml ends a plain scalar there, libyaml does not.
                return Err(
                    error_at(mark, "found `?` in an unquoted value in brackets; quote it").into(),
                );
            }
            ScalarStyle::DoubleQuoted => self.check_escapes(&event.start_mark, &event.end_mark)?,
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let last = event.end_mark.index as usize > self.text.len();
                if last && value.ends_with(reader::END) {
                    value.pop();
                }
            }
            _ => {}
        }
        let parent = self.frames.last();
        let is_key = parent.is_some_and(|frame| frame.mapping && frame.key);
        if is_key && value == "<<" && (plain_implicit || tag.as_deref() == Some(MERGE_TAG)) {
            if let Some(frame) = self.frames.last_mut() {
                (frame.key, frame.merge, frame.items) = (false, true, false);
            }
            return Ok(());
        }
        if parent.is_some_and(|frame| frame.merge) {
            return Err(error_at(mark, MERGE_VALUE).into());
        }
        self.decoded += 1;
        let scalar =
            resolve(tag.as_deref(), &value, plain_implicit).map_err(|m| error_at(mark, m))?;
        if is_key {
            if let Some(name) = anchor {
                let node = push(&mut self.store, &scalar, &value, mark)?;
                self.name(name, Some((Home::Store, node)), 0, 1);
            }
            return match scalar {
                Scalar::String(text) => self.key(&text, mark),
                other => {
                    let text = other.into_key().map_err(|m| error_at(mark, m))?;
                    self.key(&text, mark)
                }
            };
        }
        let node = push(self.tree(), &scalar, &value, mark)?;
        if let Some(name) = anchor {
            let id = self.name(name, Some((self.home(), node)), 0, 1);
            self.anchors_here().push(id);
        }
        self.complete(0)
    }

    /// Refuses `\/`, which is YAML 1.2; goyaml and with it the server know only YAML 1.1.
    fn check_escapes(&self, start: &Mark, end: &Mark) -> Result<(), ParseError> {
        let raw = self.text.get(start.index as usize..end.index as usize);
        let mut rest = raw.unwrap_or_default();
        while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
            if rest.as_bytes().get(at + 1) == Some(&b'/') {
                let message = "found unknown escape character in `\\/`; write `/`";
                return Err(error_at(*start, message));
            }
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        Ok(())
    }

    fn key(&mut self, text: &str, mark: Mark) -> Result<(), S::Error> {
        let top = self.frames.len() == 1;
        push_text(self.tree(), Kind::String, text, mark);
        if let Some(frame) = self.frames.last_mut() {
            (frame.key, frame.merge) = (false, false);
            frame.items = top && text == "items";
        }
        Ok(())
    }

    fn open(
        &mut self,
        mapping: bool,
        flow: bool,
        anchor: Option<String>,
        mark: Mark,
    ) -> Result<(), S::Error> {
        let decoded = self.decoded;
        let mut stream = false;
        if let Some(frame) = self.frames.last() {
            if frame.mapping && frame.key {
                let what = if mapping { "mapping" } else { "sequence" };
                let message =
                    format!("found a {what} as a mapping key, expected a string; quote it");
                return Err(error_at(mark, message).into());
            }
            // goyaml does not decode the sequence of a merge as such.
            self.decoded += u64::from(mapping || !frame.merge);
            stream = frame.items && !frame.merge && !mapping && anchor.is_none();
        } else {
            self.decoded += 1;
        }
        let kind = if mapping {
            Kind::Mapping
        } else {
            Kind::Sequence
        };
        let (line, column) = (mark.line as u32 + 1, mark.column as u32 + 1);
        let node = self.tree().open(kind, line, column);
        if stream {
            self.output.stream(node);
        }
        let anchor = anchor.map(|name| self.name(name, None, 0, 0));
        self.frames.push(Frame {
            node,
            mapping,
            flow,
            key: mapping,
            merge: false,
            items: false,
            height: 1,
            anchor,
            decoded,
        });
        Ok(())
    }

    fn close(&mut self, mark: Mark) -> Result<(), S::Error> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if self.frames.len() == 1 {
            self.output.streaming = false;
        }
        self.tree().close(frame.node);
        if let Some(id) = frame.anchor {
            self.anchors[id] = Anchor {
                place: Some((self.home(), frame.node)),
                height: frame.height,
                decodes: self.decoded - frame.decoded,
            };
            self.anchors_here().push(id);
        }
        if self.frames.last().is_some_and(|parent| parent.merge) {
            self.flatten(frame.node).map_err(|m| error_at(mark, m))?;
        }
        self.complete(frame.height)
    }

    /// A value is complete; it nests `height` levels.
    fn complete(&mut self, height: u32) -> Result<(), S::Error> {
        if let Some(frame) = self.frames.last_mut() {
            frame.height = frame.height.max(height + 1);
            (frame.key, frame.merge) = (frame.mapping, false);
        }
        if self.output.streaming && self.frames.len() == 2 {
            self.save_anchors(0)?;
            self.output.give_item()?;
        }
        Ok(())
    }

    fn anchors_here(&mut self) -> &mut Vec<usize> {
        if self.output.streaming {
            &mut self.item_anchors
        } else {
            &mut self.rest_anchors
        }
    }

    fn name(
        &mut self,
        name: String,
        place: Option<(Home, u32)>,
        height: u32,
        decodes: u64,
    ) -> usize {
        let id = self.anchors.len();
        self.anchors.push(Anchor {
            place,
            height,
            decodes,
        });
        self.names.insert(name, id);
        id
    }
}

fn push_text(tree: &mut Tree, kind: Kind, text: &str, mark: Mark) -> u32 {
    let start = tree.text.len() as u32;
    tree.text.push_str(text);
    tree.push(kind, start, mark.line as u32 + 1, mark.column as u32 + 1)
}

fn push(tree: &mut Tree, scalar: &Scalar<'_>, source: &str, mark: Mark) -> Result<u32, ParseError> {
    let (line, column) = (mark.line as u32 + 1, mark.column as u32 + 1);
    push_scalar(tree, scalar, source, line, column).ok_or_else(|| {
        let message = "found a number without a JSON form (infinite or not a number); quote it";
        error_at(mark, message)
    })
}

/// Adds a scalar, `source` being its text before it was resolved; nothing if it has no JSON form.
#[inline]
pub(super) fn push_scalar(
    tree: &mut Tree,
    scalar: &Scalar<'_>,
    source: &str,
    line: u32,
    column: u32,
) -> Option<u32> {
    let start = tree.text.len() as u32;
    let kind = match scalar {
        Scalar::Null => Kind::Null,
        // The word is kept: `y` is a boolean to the server, but a string to many who write YAML.
        Scalar::Bool(value) => {
            tree.text.push_str(source);
            Kind::Bool(*value)
        }
        Scalar::Integer(_) | Scalar::Float(_) => {
            scalar.write_number(&mut tree.text)?;
            Kind::Number
        }
        Scalar::String(text) => {
            tree.text.push_str(text);
            Kind::String
        }
    };
    Some(tree.push(kind, start, line, column))
}
