#![no_main]
//! Whatever the text, parsing ends without a panic and every tree it gives can be walked.

use libfuzzer_sys::fuzz_target;
use rbac_check::load::tree::{ParseError, Sink, Tree, utf8};
use rbac_check::load::yaml;

/// Walks all that it is given.
struct Walk;

impl Walk {
    fn walk(tree: &Tree) {
        if let Some(root) = tree.root() {
            let _ = root.to_json();
            let _ = root.get("items");
        }
        if let Some(repeated) = tree.duplicates().last() {
            assert!(!tree.path(repeated.key).is_empty() || repeated.name.is_empty());
        }
    }
}

impl Sink for Walk {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        Walk::walk(item);
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), ParseError> {
        Walk::walk(document);
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = utf8(data) {
        let _ = yaml::parse(text, &mut Walk);
    }
});
