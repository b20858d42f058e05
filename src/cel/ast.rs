//! Expressions as trees, macros already expanded.

use super::source::Offset;

/// The name that macros give their accumulator; nobody can write it.
pub(super) const ACCUMULATOR: &str = "@result";

/// A part of an expression. Copies that a macro makes share the `id`.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub id: u32,
    pub at: Offset,
    pub kind: Kind,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Stands where something could not be read.
    Unspecified,
    Literal(Literal),
    Ident(String),
    Select {
        operand: Box<Expr>,
        field: String,
        test_only: bool,
    },
    Call {
        function: String,
        target: Option<Box<Expr>>,
        args: Vec<Expr>,
    },
    /// The elements and whether each is optional.
    List(Vec<(Expr, bool)>),
    Map(Vec<Entry>),
    Struct {
        name: String,
        fields: Vec<Field>,
    },
    Fold(Box<Fold>),
}

/// An entry of a map; its place is that of the colon.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: Expr,
    pub value: Expr,
    pub optional: bool,
}

/// A field of a message.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub at: Offset,
    pub name: String,
    pub value: Expr,
    pub optional: bool,
}

/// A loop over a list or a map.
#[derive(Clone, Debug)]
pub(super) struct Fold {
    pub range: Expr,
    pub var: String,
    pub second: Option<String>,
    pub accumulator: String,
    pub init: Expr,
    pub condition: Expr,
    pub step: Expr,
    pub result: Expr,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(String),
    Bytes(Vec<u8>),
}

impl Expr {
    /// The dotted name that it may be, as `a.b.c`.
    pub fn qualified_name(&self) -> Option<String> {
        match &self.kind {
            Kind::Ident(name) => Some(name.clone()),
            Kind::Select {
                operand,
                field,
                test_only: false,
            } => Some(format!("{}.{field}", operand.qualified_name()?)),
            _ => None,
        }
    }

    /// Calls a function for every part, parents first.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Expr)) {
        see(self);
        self.children(&mut |child| child.visit(see));
    }

    /// Calls a function for every direct part.
    pub fn children<'a>(&'a self, see: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            Kind::Unspecified | Kind::Literal(_) | Kind::Ident(_) => {}
            Kind::Select { operand, .. } => see(operand),
            Kind::Call { target, args, .. } => {
                target.iter().for_each(|t| see(t));
                args.iter().for_each(see);
            }
            Kind::List(elements) => elements.iter().for_each(|(e, _)| see(e)),
            Kind::Map(entries) => entries.iter().for_each(|e| {
                see(&e.key);
                see(&e.value);
            }),
            Kind::Struct { fields, .. } => fields.iter().for_each(|f| see(&f.value)),
            Kind::Fold(fold) => {
                for part in [
                    &fold.range,
                    &fold.init,
                    &fold.condition,
                    &fold.step,
                    &fold.result,
                ] {
                    see(part);
                }
            }
        }
    }

    /// How many parts the tree has.
    pub fn size(&self) -> usize {
        let mut size = 1;
        self.children(&mut |child| size += child.size());
        size
    }

    /// How deep the tree is.
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        self.children(&mut |child| deepest = deepest.max(child.depth()));
        deepest + 1
    }
}
