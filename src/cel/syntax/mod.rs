//! From text to a tree: the grammar of cel-go, with the errors that its ANTLR parser reports.

mod grammar;
mod lexer;
mod macros;
mod parser;
mod unescape;

pub(super) use parser::parse;
