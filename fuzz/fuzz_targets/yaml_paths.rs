#![no_main]
//! Whatever the text, the reader of blocks and libyaml's give the same trees, places and errors.

use libfuzzer_sys::fuzz_target;
use rbac_check::load::tree::{Kind, Node, ParseError, Sink, Tree, utf8};
use rbac_check::load::yaml;

type Seen = (Kind, bool, u32, String, u32, u32);

#[derive(Debug, PartialEq)]
enum Given {
    Item(Vec<Seen>, bool),
    Document(Vec<Seen>, bool, Option<usize>),
    Empty(u32),
    Discarded,
}

/// Notes all that it is given.
#[derive(Default)]
struct Record {
    given: Vec<Given>,
    /// How much of it belongs to documents that are complete.
    settled: usize,
}

fn nodes(tree: &Tree) -> Vec<Seen> {
    let seen = |node: &Node| {
        let text = tree.text[node.text.0 as usize..node.text.1 as usize].to_owned();
        (node.kind, node.repeated, node.end, text, node.line, node.column)
    };
    tree.nodes.iter().map(seen).collect()
}

impl Sink for Record {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        self.given.push(Given::Item(nodes(item), item.has_duplicates));
        Ok(())
    }

    fn discard_items(&mut self) {
        self.given.push(Given::Discarded);
    }

    fn rewind(&mut self) {
        self.given.truncate(self.settled);
    }

    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), ParseError> {
        let given = Given::Document(nodes(document), document.has_duplicates, items);
        self.given.push(given);
        self.settled = self.given.len();
        Ok(())
    }

    fn empty(&mut self, line: u32) -> Result<(), ParseError> {
        self.given.push(Given::Empty(line));
        self.settled = self.given.len();
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = utf8(data) {
        let (mut ours, mut theirs) = (Record::default(), Record::default());
        let result = yaml::parse(text, &mut ours);
        assert_eq!(result, yaml::parse_by_events(text, &mut theirs));
        assert_eq!(ours.given, theirs.given);
    }
});
