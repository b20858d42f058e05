//! Takes the documents of one text, decodes them, and knows a List when its kind comes at last.

use super::decode::list;
use super::direct;
use super::json::Cursor;
use super::objects::{self, Context, Object, TypeMeta};
use super::tree::{Kind, Tree, Value};
use super::{DecodeError, ParseError, Sink};
use crate::model::{FileId, Interner, Position, Symbol};

/// Why a text could not be taken.
#[derive(Debug)]
pub(super) enum Stop {
    /// It cannot be parsed.
    Parse(ParseError),
    /// A value has the wrong type.
    Decode(DecodeError),
}

impl From<ParseError> for Stop {
    fn from(error: ParseError) -> Self {
        Stop::Parse(error)
    }
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        Stop::Decode(error)
    }
}

/// An entry of a list whose kind is not known yet, where it is not simply an object.
enum Pending {
    /// Without a kind of its own: a typed list implies it.
    Untyped(Tree),
    /// Wrong, if the document is a list at all.
    Wrong(DecodeError),
    /// No mapping: `items` of something that is no list.
    Foreign(Position),
}

/// The sink of one text.
pub(super) struct Documents<'a> {
    cx: Context<'a>,
    skip_foreign: bool,
    /// The type of documents that do not say theirs, for files whose name implies it.
    pub(super) implied: Option<TypeMeta<'static>>,
    /// Whether items may be decoded without a tree.
    pub(super) shortcuts: bool,
    /// What waits for the kind of the list, and how many objects stand before it.
    pending: Vec<(usize, Pending)>,
    /// Where the objects of the `items` that are being read begin.
    items: usize,
    scratch: direct::Scratch,
    /// How the objects before were printed.
    forms: Box<direct::Forms>,
    /// Kind and object, in the order of the text.
    pub(super) objects: Vec<(Symbol, Object)>,
    /// How many documents were left out as no Kubernetes objects.
    pub(super) foreign: usize,
    /// What the server drops or does not take as written.
    pub(super) notes: Vec<(Position, String)>,
    /// How many notes and unknown fields the documents before had.
    settled: (usize, usize),
}

impl<'a> Documents<'a> {
    pub(super) fn new(
        interner: &'a mut Interner,
        file: FileId,
        namespace: &'a str,
        skip_foreign: bool,
    ) -> Self {
        Documents {
            cx: Context {
                interner,
                file,
                namespace,
                buffer: String::new(),
                unknown_fields: Vec::new(),
            },
            skip_foreign,
            implied: None,
            shortcuts: true,
            pending: Vec::new(),
            items: 0,
            scratch: direct::Scratch::default(),
            forms: Box::default(),
            objects: Vec::new(),
            foreign: 0,
            notes: Vec::new(),
            settled: (0, 0),
        }
    }

    /// Forgets everything, for another try at the same text.
    pub(super) fn reset(&mut self) {
        self.pending.clear();
        self.items = 0;
        self.objects.clear();
        self.foreign = 0;
        self.notes.clear();
        self.cx.unknown_fields.clear();
        self.settled = (0, 0);
    }

    fn position(&self, value: Value<'_>) -> Position {
        Position {
            file: self.cx.file,
            line: value.line(),
            column: value.column(),
        }
    }

    fn note_duplicates(&mut self, tree: &Tree) {
        if !tree.has_duplicates {
            return;
        }
        for entry in tree.duplicates() {
            let position = self.position(entry.key);
            let message = format!("key {:?} is given twice; the last one counts", entry.name);
            self.notes.push((position, message));
        }
    }

    /// Decodes an object, and the objects of lists in it, however deep.
    fn decode(&mut self, root: Value<'_>, implied: Option<TypeMeta<'_>>) -> Result<(), Stop> {
        let own = TypeMeta::of(root)?;
        if !own.kind.is_empty() && !own.kind.ends_with("List") {
            return self.decode_one(root, own);
        }
        let mut stack = vec![(root, implied.map(|m| (m.api_version, m.kind)))];
        while let Some((value, implied)) = stack.pop() {
            let own = TypeMeta::of(value)?;
            let (api_version, kind) = match (own.kind, implied) {
                ("", Some(implied)) => implied,
                _ => (own.api_version, own.kind),
            };
            let meta = TypeMeta { api_version, kind };
            if let Some(items) = nested_items(value, meta)? {
                let at = stack.len();
                let item_kind = item_kind(kind).map(|kind| (api_version, kind));
                stack.extend(items.into_iter().map(|item| (item, item_kind)));
                stack[at..].reverse();
                continue;
            }
            self.decode_one(value, meta)?;
        }
        Ok(())
    }

    fn decode_one(&mut self, value: Value<'_>, meta: TypeMeta<'_>) -> Result<(), Stop> {
        let object = objects::decode(value, meta, &mut self.cx)?;
        let kind = self.cx.interner.intern(meta.kind);
        self.objects.push((kind, object));
        let notes = objects::notes(value, meta, self.cx.file, self.cx.namespace);
        if !notes.is_empty() {
            self.objects.push((kind, objects::Object::Noted(notes)));
        }
        Ok(())
    }

    fn take_notes(&mut self) {
        self.notes.append(&mut self.cx.unknown_fields);
    }
}

/// The items of a list kind.
fn nested_items<'t>(
    value: Value<'t>,
    meta: TypeMeta<'_>,
) -> Result<Option<Vec<Value<'t>>>, DecodeError> {
    if !meta.kind.ends_with("List") {
        return Ok(None);
    }
    let items = value.get("items");
    if !is_surely_list(meta) {
        let items = items.filter(|items| {
            items.kind() == Kind::Sequence && items.items().all(|i| i.kind() == Kind::Mapping)
        });
        return Ok(items.map(|items| items.items().collect()));
    }
    let Some(items) = list(items, format_args!("items"))? else {
        return Ok(Some(Vec::new()));
    };
    match items.items().find(|item| item.kind() != Kind::Mapping) {
        Some(item) => Err(DecodeError::at(item, NO_OBJECT)),
        None => Ok(Some(items.items().collect())),
    }
}

/// Whether this is a list whatever its items are: a custom kind may end with `List`, too.
fn is_surely_list(meta: TypeMeta<'_>) -> bool {
    meta.kind == "List" || (meta.kind.ends_with("List") && objects::is_rbac(meta))
}

const NO_OBJECT: &str = "items: expected a Kubernetes object (a mapping)";

/// The kind that a typed list implies for items that do not say theirs.
fn item_kind(list_kind: &str) -> Option<&str> {
    list_kind
        .strip_suffix("List")
        .filter(|kind| !kind.is_empty())
}

impl Sink for Documents<'_> {
    type Error = Stop;

    fn item(&mut self, item: &Tree) -> Result<(), Stop> {
        self.note_duplicates(item);
        let Some(root) = item.root() else {
            return Ok(());
        };
        let before = self.objects.len();
        let pending = if root.kind() != Kind::Mapping {
            Pending::Foreign(self.position(root))
        } else if matches!(TypeMeta::of(root), Ok(TypeMeta { kind: "", .. })) {
            Pending::Untyped(item.clone())
        } else {
            match self.decode(root, None) {
                Ok(()) => return Ok(()),
                Err(Stop::Decode(error)) => {
                    self.objects.truncate(before);
                    Pending::Wrong(error)
                }
                Err(stop) => return Err(stop),
            }
        };
        self.pending.push((before, pending));
        Ok(())
    }

    fn direct_item(&mut self, cursor: &mut Cursor<'_>) -> bool {
        if !self.shortcuts {
            return false;
        }
        let decoded = direct::object(cursor, &mut self.cx, &mut self.scratch, &mut self.forms);
        let before = self.objects.len();
        self.objects.extend(decoded);
        self.objects.len() > before
    }

    fn discard_items(&mut self) {
        self.pending.clear();
        self.objects.truncate(self.items);
    }

    fn rewind(&mut self) {
        self.pending.clear();
        self.objects.truncate(self.items);
        self.notes.truncate(self.settled.0);
        self.cx.unknown_fields.truncate(self.settled.1);
    }

    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), Stop> {
        self.take(document, items)?;
        self.settled = (self.notes.len(), self.cx.unknown_fields.len());
        Ok(())
    }
}

impl Documents<'_> {
    fn take(&mut self, document: &Tree, items: Option<usize>) -> Result<(), Stop> {
        self.note_duplicates(document);
        if let Some(root) = document.root() {
            self.settle(root, items)?;
        }
        self.items = self.objects.len();
        Ok(())
    }
}

impl Documents<'_> {
    /// Now that the whole document is known: what its items were.
    fn settle(&mut self, root: Value<'_>, items: Option<usize>) -> Result<(), Stop> {
        let pending = std::mem::take(&mut self.pending);
        if self.skip_foreign && self.implied.is_none() && is_foreign(root) {
            self.objects.truncate(self.items);
            self.foreign += 1;
            return Ok(());
        }
        let meta = TypeMeta::of(root)?;
        let is_list = items.is_some()
            && meta.kind.ends_with("List")
            && (is_surely_list(meta)
                || !pending
                    .iter()
                    .any(|p| matches!(p, (_, Pending::Foreign(_)))));
        if !is_list {
            self.objects.truncate(self.items);
            // Unknown fields were noted of things that turned out to be no objects.
            if items.is_some() {
                self.cx.unknown_fields.clear();
            }
            if items.is_some() {
                // Its items are not in the tree, so that it must not be looked at as a list again.
                let object = objects::decode(root, meta, &mut self.cx)?;
                let kind = self.cx.interner.intern(meta.kind);
                self.objects.push((kind, object));
            } else {
                self.decode(root, self.implied)?;
            }
            self.take_notes();
            return Ok(());
        }
        self.settle_pending(pending, meta)?;
        self.take_notes();
        Ok(())
    }

    /// Decodes the items that waited for the kind of their list, each at its place.
    fn settle_pending(
        &mut self,
        pending: Vec<(usize, Pending)>,
        list: TypeMeta<'_>,
    ) -> Result<(), Stop> {
        if pending.is_empty() {
            return Ok(());
        }
        let implied = item_kind(list.kind).map(|kind| TypeMeta { kind, ..list });
        let mut at = self.items;
        let mut objects = self.objects.split_off(at).into_iter();
        for (before, item) in pending {
            self.objects.extend(objects.by_ref().take(before - at));
            at = before;
            match item {
                Pending::Untyped(tree) => {
                    if let Some(root) = tree.root() {
                        self.decode(root, implied)?;
                    }
                }
                Pending::Wrong(error) => return Err(error.into()),
                Pending::Foreign(position) => {
                    return Err(Stop::Decode(DecodeError {
                        line: position.line,
                        column: position.column,
                        message: NO_OBJECT.to_owned(),
                    }));
                }
            }
        }
        self.objects.extend(objects);
        Ok(())
    }
}

/// Whether this is no Kubernetes object, nor one that lacks something: a Helm chart's `Chart.yaml` has an
/// apiVersion, too.
fn is_foreign(root: Value<'_>) -> bool {
    let lacks = |field: &str| root.get(field).is_none();
    root.kind() != Kind::Mapping || (lacks("kind") && (lacks("apiVersion") || lacks("metadata")))
}
