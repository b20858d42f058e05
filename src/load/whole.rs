//! Small files that are read whole: YAML or JSON, as documents with places.

use super::tree::Tree;
use super::{ParseError, Sink, json, yaml};

/// The documents of a text that are not empty.
#[derive(Default)]
struct Documents(Vec<Tree>);

impl Sink for Documents {
    type Error = ParseError;

    fn item(&mut self, _item: &Tree) -> Result<(), ParseError> {
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), ParseError> {
        self.0.push(document.clone());
        Ok(())
    }
}

/// The documents of a text and the items of its lists, which the readers give one by one.
#[derive(Default)]
struct Objects(Vec<Tree>);

impl Sink for Objects {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        self.0.push(item.clone());
        Ok(())
    }

    // What is read again is looked at twice.
    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), ParseError> {
        self.0.push(document.clone());
        Ok(())
    }
}

/// The documents of a text in YAML or JSON, and the items of its lists, each by itself. A text that cannot
/// be read ends where it is wrong.
pub fn objects(text: &str) -> Vec<Tree> {
    let mut objects = Objects::default();
    let json = text.trim_start().starts_with(['{', '[']) && json::parse(text, &mut objects).is_ok();
    if !json {
        objects.0.clear();
        // The load has said what is wrong.
        let _ = yaml::parse(text, &mut objects);
    }
    objects.0
}

/// The documents of a text, in YAML or JSON.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn documents(text: &str) -> Result<Vec<Tree>, ParseError> {
    let mut documents = Documents::default();
    if !text.trim_start().starts_with('{') {
        yaml::parse(text, &mut documents)?;
        return Ok(documents.0);
    }
    let Err(json_error) = json::parse(text, &mut documents) else {
        return Ok(documents.0);
    };
    // A flow mapping of YAML begins with a brace, too.
    documents.0.clear();
    match yaml::parse(text, &mut documents) {
        Ok(_) => Ok(documents.0),
        Err(_) => Err(json_error),
    }
}
