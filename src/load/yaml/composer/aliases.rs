//! Anchors, aliases and merge keys.

use libyaml_safer::Mark;

use super::{Composer, Home, error_at};
use crate::load::tree::{Kind, MAX_DEPTH, ParseError, Sink};

const TOO_LONG: &str = "document contains excessive aliasing of long text";

/// What a merge key wants.
pub(super) const MERGE_VALUE: &str = "map merge requires map or sequence of maps as the value";

impl<S: Sink> Composer<'_, '_, S> {
    pub(super) fn alias(&mut self, name: &str, mark: Mark) -> Result<(), S::Error> {
        let fail = |message: String| Err(error_at(mark, message).into());
        let Some(&id) = self.names.get(name) else {
            return fail(format!("unknown anchor '{name}' referenced"));
        };
        let anchor = self.anchors[id];
        let Some((home, node)) = anchor.place else {
            return fail(format!("anchor '{name}' value contains itself"));
        };
        self.decoded += 1 + anchor.decodes;
        self.aliased += anchor.decodes;
        if excessive(self.aliased, self.decoded) {
            return fail("document contains excessive aliasing".to_string());
        }
        if self.frames.len() as u32 + anchor.height > MAX_DEPTH {
            return fail(format!("exceeded max depth of {MAX_DEPTH}"));
        }
        let here = self.home();
        let source = match home {
            Home::Rest => &self.output.rest,
            Home::Item => &self.output.item,
            Home::Store => &self.store,
        };
        let (kind, end) = {
            let node = &source.nodes[node as usize];
            (node.kind, node.end)
        };
        let frame = self.frames.last();
        if frame.is_some_and(|frame| frame.mapping && frame.key) {
            let text = match kind {
                Kind::String | Kind::Number => source.str_at(node as usize).to_string(),
                Kind::Bool(value) => value.to_string(),
                _ => {
                    let what = kind.json_name();
                    return fail(format!("found {what} as a mapping key, expected a string"));
                }
            };
            return self.key(&text, mark);
        }
        let merge = frame.is_some_and(|frame| frame.merge);
        if merge && kind != Kind::Mapping {
            return fail(MERGE_VALUE.to_string());
        }
        let from = node + u32::from(merge);
        let Some(left) = self.budget.checked_sub(source.text_size(from, end)) else {
            return fail(TOO_LONG.to_string());
        };
        self.budget = left;
        let copy = match (home, here) {
            (Home::Rest, Home::Item) => self.output.item.copy(&self.output.rest, from, end),
            (Home::Store, Home::Item) => self.output.item.copy(&self.store, from, end),
            (Home::Store, _) => self.output.rest.copy(&self.store, from, end),
            _ => self.tree().repeat(from, end),
        };
        if !merge {
            let root = &mut self.tree().nodes[copy as usize];
            (root.line, root.column) = (mark.line as u32 + 1, mark.column as u32 + 1);
        }
        self.complete(if merge {
            anchor.height - 1
        } else {
            anchor.height
        })
    }

    /// Replaces the value of a merge key, at the end of the tree, by the entries that it brings.
    pub(super) fn flatten(&mut self, node: u32) -> Result<(), String> {
        self.save_anchors(node).map_err(|error| error.message)?;
        let nodes = self.tree().nodes.split_off(node as usize);
        let size = (nodes.len() * size_of_val(&nodes[0])) as u64;
        let left = self.budget.checked_sub(size);
        self.budget = left.ok_or("document contains excessive merging")?;
        // The mappings, by their place in `nodes`: one, or those of the sequence from last to first.
        let mut mappings = vec![0];
        if nodes[0].kind == Kind::Sequence {
            mappings.clear();
            let mut at = 1;
            while at < nodes.len() {
                if nodes[at].kind != Kind::Mapping {
                    return Err(MERGE_VALUE.to_string());
                }
                mappings.push(at);
                at = (nodes[at].end - node) as usize;
            }
            mappings.reverse();
        }
        let tree = self.tree();
        for at in mappings {
            let from = node + at as u32 + 1;
            let to = tree.len();
            for entry in &nodes[at + 1..(nodes[at].end - node) as usize] {
                tree.nodes.push(*entry);
                let last = tree.nodes.len() - 1;
                tree.nodes[last].end = entry.end - from + to;
            }
        }
        Ok(())
    }

    /// Brings the anchored nodes of the current tree from an index on to the store.
    pub(super) fn save_anchors(&mut self, from: u32) -> Result<(), ParseError> {
        let (tree, list) = match self.output.streaming {
            true => (&self.output.item, &mut self.item_anchors),
            false => (&self.output.rest, &mut self.rest_anchors),
        };
        let mut moving = Vec::new();
        while let Some(&id) = list.last() {
            match self.anchors[id].place {
                Some((_, node)) if node >= from => moving.push((node, id)),
                _ => break,
            }
            list.pop();
        }
        moving.sort_unstable();
        // The outermost node that is being moved: where it was, and where it is now.
        let (mut start, mut end, mut base) = (0, 0, 0);
        for (node, id) in moving {
            if node >= end {
                (start, end) = (node, tree.nodes[node as usize].end);
                let at = &tree.nodes[node as usize];
                let left = self.budget.checked_sub(tree.text_size(start, end));
                self.budget = left.ok_or_else(|| ParseError::new(at.line, at.column, TOO_LONG))?;
                base = self.store.copy(tree, start, end);
            }
            self.anchors[id].place = Some((Home::Store, base + node - start));
        }
        Ok(())
    }
}

/// goyaml's rule of how many of the decoded nodes may come from aliases.
fn excessive(aliased: u64, decoded: u64) -> bool {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let allowed = 0.99 - 0.89 * ((decoded as f64 - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
    aliased > 100 && decoded > 1000 && aliased as f64 / decoded as f64 > allowed
}
