//! The predicate language: a subset of CEL over typed facts, type-checked when it is loaded, compiled
//! to slots, evaluated in Kleene's three-valued logic over borrowed values.

mod address;
mod ast;
mod check;
mod decide;
mod eval;
mod explain;
mod lexer;
mod mistake;
mod parser;
mod program;
mod types;
mod version;
mod view;

pub use check::compile;
pub use eval::Cause;
pub use explain::{Block, Explanation, Read, Search};
pub use mistake::Mistake;
pub use program::{Program, Relation};
pub use types::{Schema, Type};
pub use view::{Related, View};
