//! The trees of the document that is being read, on their way to a sink.

use crate::load::tree::{Sink, Tree};

/// What both readers of YAML fill.
pub(super) struct Output<'s, S> {
    sink: &'s mut S,
    /// The document, but for its streamed items.
    pub(super) rest: Tree,
    /// The streamed item that is being read.
    pub(super) item: Tree,
    /// Whether nodes go to the item.
    pub(super) streaming: bool,
    /// The node of the streamed sequence, and how many items were given.
    streamed: Option<(u32, usize)>,
    /// How many documents were given, empty ones included.
    pub(super) documents: usize,
}

impl<'s, S: Sink> Output<'s, S> {
    pub(super) fn new(sink: &'s mut S) -> Self {
        Output {
            sink,
            rest: Tree::default(),
            item: Tree::default(),
            streaming: false,
            streamed: None,
            documents: 0,
        }
    }

    /// A document begins.
    pub(super) fn start(&mut self) {
        self.rest.clear();
        self.item.clear();
        self.streaming = false;
        self.streamed = None;
    }

    /// The document will be read again from its start.
    pub(super) fn rewind(&mut self) {
        if self.streamed.is_some() {
            self.sink.rewind();
        }
    }

    /// The tree that the next node belongs to.
    #[inline]
    pub(super) fn tree(&mut self) -> &mut Tree {
        if self.streaming {
            &mut self.item
        } else {
            &mut self.rest
        }
    }

    /// The items of an open sequence are given one by one from here on.
    pub(super) fn stream(&mut self, sequence: u32) {
        if self.streamed.is_some() {
            self.sink.discard_items();
        }
        self.streamed = Some((sequence, 0));
        self.streaming = true;
    }

    /// A streamed item is complete.
    pub(super) fn give_item(&mut self) -> Result<(), S::Error> {
        self.sink.item(&self.item)?;
        self.item.clear();
        if let Some((_, count)) = &mut self.streamed {
            *count += 1;
        }
        Ok(())
    }

    /// The document is complete.
    pub(super) fn finish(&mut self) -> Result<(), S::Error> {
        self.documents += 1;
        let Some(root) = self.rest.root() else {
            return Ok(());
        };
        if root.is_null() {
            return self.sink.empty(root.line());
        }
        let mut items = None;
        if let Some((node, count)) = self.streamed {
            if root.get("items").is_some_and(|v| v.index() == node) {
                items = Some(count);
            } else {
                self.sink.discard_items();
            }
        }
        self.sink.document(&self.rest, items)
    }
}
