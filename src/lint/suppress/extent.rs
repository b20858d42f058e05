//! What the items and objects of a text take up.

use crate::load::tree::{Kind, Tree};
use crate::model::{FileId, Position};

/// A part of a file: a line of it, and what an item or object takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub(super) file: FileId,
    /// The line; 0 for none.
    pub(super) line: u32,
    pub(super) extent: Extent,
}

impl Part {
    pub(super) fn holds(&self, position: Position) -> bool {
        let at = (position.line, position.column);
        let Extent { start, end } = self.extent;
        position.file == self.file && (position.line == self.line || (start <= at && at < end))
    }
}

/// What is written from one line and column up to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: (u32, u32),
    pub(super) end: (u32, u32),
}

/// The objects of a text with what each of them takes up, in their order.
pub(super) fn extents(objects: &[Tree]) -> Vec<(Extent, &Tree)> {
    let mut found: Vec<(Extent, &Tree)> = objects
        .iter()
        .filter_map(|tree| {
            let root = tree.root()?;
            let start = (root.line(), root.column());
            let end = (u32::MAX, u32::MAX);
            Some((Extent { start, end }, tree))
        })
        .collect();
    found.sort_by_key(|(extent, _)| extent.start);
    // What a reader gave up is read again.
    found.dedup_by_key(|(extent, _)| extent.start);
    for i in 1..found.len() {
        found[i - 1].0.end = found[i].0.start;
    }
    found
}

/// Of each value, in their order: its line, and what is taken up by the innermost mapping in a list that it is
/// a part of, or else by its object.
pub(super) fn innermost(objects: &[(Extent, &Tree)]) -> Vec<(u32, Extent)> {
    let mut found: Vec<(u32, Extent)> = Vec::new();
    for (object, tree) in objects {
        // What is open: its end, whether it is a list, and the innermost extent in it.
        let mut open: Vec<(usize, bool, Extent)> = Vec::new();
        for (index, node) in tree.nodes.iter().enumerate() {
            while open.last().is_some_and(|(end, ..)| *end <= index) {
                open.pop();
            }
            let (in_list, mut extent) = match open.last() {
                Some((_, list, extent)) => (*list, *extent),
                None => (false, *object),
            };
            if in_list && node.kind == Kind::Mapping {
                let after = tree.nodes.get(node.end as usize);
                extent = Extent {
                    start: (node.line, node.column),
                    end: after.map_or(object.end, |node| (node.line, node.column)),
                };
            }
            open.push((node.end as usize, node.kind == Kind::Sequence, extent));
            // Aliases stand at their anchors.
            let line = found
                .last()
                .map_or(node.line, |(line, _)| node.line.max(*line));
            found.push((line, extent));
        }
    }
    found
}
