//! The predicate language: a subset of [CEL](https://cel.dev) over typed facts. Predicates are
//! type-checked when they are loaded, compiled to slots, and evaluated in Kleene's three-valued logic
//! over borrowed values. [`compile`] makes a [`Program`] of a text; [`Program::truth`],
//! [`Program::decide`] and [`Program::explain`] ask it about a resource of a [`View`].
//!
//! # Language
//!
//! | form | meaning |
//! |---|---|
//! | `true` `3` `0.5` `-1` `'text'` `"text"` `r'raw\text'` `['a', 'b']` | literals |
//! | `name` `record.field` | a fact, a field |
//! | `!` `&&` `\|\|` `? :` | logic |
//! | `==` `!=` `<` `<=` `>` `>=` | numbers, text (dates as `YYYY-MM-DD`), truth values (equality) |
//! | `x in list` | an element equals `x` |
//! | `has(x)` | the fact, field or target is set |
//! | `xs.exists(x, p)` `xs.all(x, p)` | some element, every element |
//! | `xs.filter(x, p)` `xs.map(x, e)` `size(xs)` | lists |
//! | `t.startsWith(u)` `t.endsWith(u)` `t.contains(u)` `t.matches(r'…')` `t.lowerAscii()` `size(t)` | text |
//! | `refers_to(t, "AWS::A::B")` | the value was taken from a resource of that type |
//! | `is_literal(t)` | the text is written in the source, be it redacted; it is no reference |
//! | `prefix_length(c)` `is_any_address(c)` `is_private_address(c)` `cidr_contains(outer, inner)` | address blocks |
//! | `version_at_least(v, '8.0.35')` `version_below(v, '8.0.35')` | numbers with dots |
//! | `passed('service/table', t)` | the day on which a dated table lets `t` end has come |
//! | `referrers('T')` `r.referrers('T')` | resources of type `T` that refer to this one, or to `r` |
//! | `target(fact, 'T')` `targets(fact, 'T')` | the resource, the resources, of type `T` that a fact refers to |
//! | `estate('T')` | all resources of type `T` in the scope |
//!
//! # Absent values
//!
//! Any fact may be absent. `has(x)` is the test; everything else has an answer too, so that a known
//! estate always gives a known truth (but for versions that do not name the parts that would decide).
//! With an absent side `==`, the orders and `in` are false and `!=` is true; an absent truth value is
//! false; functions of absent text, and of text that is no address, are false or again absent; an
//! absent list has no elements, so that `exists` is false, `all` true and the size 0; a field of an
//! absent record is absent. Absent elements of a list are no elements.
//!
//! # Unknown values
//!
//! What is known of an unknown is used: that it is set (neither absent nor empty), the pieces of a
//! text, the known elements of a list that may go on, that every option of a choice gives the same.
//! Choices with one key are decided alike. A resource that may not exist counts both ways. A decided
//! truth holds however the unknowns turn out; the tests complete them at random to see that it does.

mod address;
mod ast;
mod check;
mod dates;
mod decide;
mod eval;
mod explain;
mod lexer;
mod mistake;
mod parser;
mod program;
#[cfg(test)]
mod roundtrip;
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
