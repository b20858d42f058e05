//! The cursor over a tree.

use super::{Kind, Node, Tree};

/// Deeper values have no [`Value::to_json`]: dropping a `serde_json::Value` recurses.
const MAX_JSON_DEPTH: usize = 1_000;

/// A node and the tree that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    pub(super) tree: &'t Tree,
    pub(super) index: usize,
}

/// One entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The text of the key.
    pub name: &'t str,
    /// The key, for its position.
    pub key: Value<'t>,
    /// The value.
    pub value: Value<'t>,
}

impl<'t> Value<'t> {
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.index]
    }

    pub(crate) fn index(self) -> u32 {
        self.index as u32
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == Kind::String).then(|| self.tree.str_at(self.index))
    }

    /// The letter `y` or `n`, if a boolean was written so.
    pub fn as_letter(self) -> Option<&'t str> {
        let text = self.tree.str_at(self.index);
        (matches!(self.kind(), Kind::Bool(_)) && text.len() == 1).then_some(text)
    }

    /// The JSON form of the number, if it is one.
    pub fn as_number(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.tree.str_at(self.index))
    }

    /// Line, from 1.
    pub fn line(self) -> u32 {
        self.node().line
    }

    /// Column in characters, from 1.
    pub fn column(self) -> u32 {
        self.node().column
    }

    /// The items of a sequence; none for anything else.
    pub fn items(self) -> Items<'t> {
        Items(self.children(Kind::Sequence))
    }

    /// The entries of a mapping in text order, duplicates included; none for anything else.
    pub fn entries(self) -> Entries<'t> {
        Entries(self.children(Kind::Mapping))
    }

    /// The value of a key; of several, the last, as the server has it.
    pub fn get(self, name: &str) -> Option<Value<'t>> {
        self.entries()
            .filter(|e| e.name == name)
            .last()
            .map(|e| e.value)
    }

    fn children(self, kind: Kind) -> Children<'t> {
        let end = self.node().end as usize;
        Children {
            tree: self.tree,
            next: if self.kind() == kind {
                self.index + 1
            } else {
                end
            },
            end,
        }
    }

    /// The value as `serde_json` has it, the last of duplicate keys winning; `None` if it nests deeper than
    /// 1000 levels, because such a value could not be dropped safely.
    pub fn to_json(self) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        // An open container: the finished JSON, where its subtree ends, and the key that awaits a value.
        let mut open: Vec<(Json, usize, String)> = Vec::new();
        let mut at = self.index;
        loop {
            let node = &self.tree.nodes[at];
            let container = match node.kind {
                Kind::Sequence => Some(Json::Array(Vec::new())),
                Kind::Mapping => Some(Json::Object(serde_json::Map::new())),
                _ => None,
            };
            at += 1;
            let mut done = match container {
                Some(json) if node.end as usize > at => {
                    if open.len() == MAX_JSON_DEPTH {
                        return None;
                    }
                    open.push((json, node.end as usize, String::new()));
                    None
                }
                Some(json) => Some(json),
                None => Some(self.tree.value(at - 1).scalar_to_json()),
            };
            while let Some(json) = done.take() {
                let Some((parent, end, key)) = open.last_mut() else {
                    return Some(json);
                };
                match parent {
                    Json::Array(items) => items.push(json),
                    Json::Object(map) => drop(map.insert(std::mem::take(key), json)),
                    _ => {}
                }
                if at == *end {
                    done = open.pop().map(|(json, ..)| json);
                }
            }
            if let Some((Json::Object(_), _, key)) = open.last_mut() {
                key.push_str(self.tree.str_at(at));
                at += 1;
            }
        }
    }

    fn scalar_to_json(self) -> serde_json::Value {
        match self.kind() {
            Kind::Bool(value) => value.into(),
            Kind::String => self.tree.str_at(self.index).into(),
            // A number beyond the range of a float keeps its digits as text.
            Kind::Number => {
                let text = self.tree.str_at(self.index);
                serde_json::from_str(text).unwrap_or_else(|_| text.into())
            }
            _ => serde_json::Value::Null,
        }
    }
}

#[derive(Clone, Debug)]
struct Children<'t> {
    tree: &'t Tree,
    next: usize,
    end: usize,
}

/// The items of a sequence.
#[derive(Clone, Debug)]
pub struct Items<'t>(Children<'t>);

impl<'t> Iterator for Items<'t> {
    type Item = Value<'t>;

    fn next(&mut self) -> Option<Value<'t>> {
        let Children { tree, next, end } = &mut self.0;
        (next < end).then(|| {
            let item = tree.value(*next);
            *next = item.node().end as usize;
            item
        })
    }
}

/// The entries of a mapping.
#[derive(Clone, Debug)]
pub struct Entries<'t>(Children<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        let Children { tree, next, end } = &mut self.0;
        (next < end).then(|| {
            let entry = tree.entry(*next);
            *next = entry.value.node().end as usize;
            entry
        })
    }
}
