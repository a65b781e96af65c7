//! An expression to a program: names are resolved to slots, and every part has a type that fits.
//! All mistakes of a text are found in one go, not only the first.

mod calls;
mod suggest;

use std::collections::BTreeSet;

use ecow::{EcoString, eco_format};

use crate::ast::{Comparison, Expr, Kind};
use crate::mistake::Mistake;
use crate::parser::parse;
use crate::program::{Id, Op, Parts, Pattern, Program, Reading, Relation, Run};
use crate::types::{Schema, Type};
use suggest::suggestion;

/// Compiles the text of a predicate over resources of the type `type_index`.
///
/// # Errors
/// All mistakes that were found: what cannot be read, names that nobody declared, types that do not fit.
pub fn compile(text: &str, type_index: u32, schema: &dyn Schema) -> Result<Program, Vec<Mistake>> {
    let expr = parse(text).map_err(|mistake| vec![mistake.locate(text)])?;
    let mut checker = Checker::new(type_index, schema);
    let _ = checker.expect(&expr, &Type::Bool);
    if checker.mistakes.is_empty() {
        checker.finish(text).map_err(|mistake| vec![mistake.locate(text)])
    } else {
        Err(checker.mistakes.into_iter().map(|mistake| mistake.locate(text)).collect())
    }
}

/// An operation with the type of its result.
type Typed = (Id, Type);

struct Checker<'s> {
    type_index: u32,
    schema: &'s dyn Schema,
    /// Names bound by the macros around, outermost first.
    bound: Vec<(EcoString, Type)>,
    ops: Vec<Op>,
    operands: Vec<Id>,
    patterns: Vec<Pattern>,
    slots: BTreeSet<u16>,
    related: BTreeSet<(u32, u16)>,
    relations: BTreeSet<(Relation, u32)>,
    mistakes: Vec<Mistake>,
}

/// Every method gives `None` after it has recorded a mistake.
impl<'s> Checker<'s> {
    fn new(type_index: u32, schema: &'s dyn Schema) -> Checker<'s> {
        Checker {
            type_index,
            schema,
            bound: Vec::new(),
            ops: Vec::new(),
            operands: Vec::new(),
            patterns: Vec::new(),
            slots: BTreeSet::new(),
            related: BTreeSet::new(),
            relations: BTreeSet::new(),
            mistakes: Vec::new(),
        }
    }

    fn finish(self, text: &str) -> Result<Program, Mistake> {
        let reading = Reading {
            slots: self.slots.into_iter().collect(),
            related: self.related.into_iter().collect(),
            relations: self.relations.into_iter().collect(),
        };
        let parts = Parts {
            text: text.into(),
            ops: self.ops.into(),
            operands: self.operands.into(),
            patterns: self.patterns.into(),
            reading,
        };
        Program::try_from(parts).map_err(|message| Mistake::new(0, message))
    }

    fn mistake<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistakes.push(mistake);
        None
    }

    /// The text is at most 16 KiB, so indexes fit; the check keeps it so.
    fn push(&mut self, op: Op) -> Option<Id> {
        let id = Id::try_from(self.ops.len()).ok()?;
        self.ops.push(op);
        Some(id)
    }

    fn push_run(&mut self, ids: &[Id], op: impl Fn(Run) -> Op) -> Option<Id> {
        let start = u16::try_from(self.operands.len()).ok()?;
        let length = u16::try_from(ids.len()).ok()?;
        self.operands.extend_from_slice(ids);
        self.push(op(Run { start, length }))
    }

    /// `expr`, which has to be of the type `wanted`.
    fn expect(&mut self, expr: &Expr, wanted: &Type) -> Option<Id> {
        let (id, found) = self.expression(expr)?;
        if found == *wanted {
            return Some(id);
        }
        let mistake =
            Mistake::new(expr.at, format!("a {wanted} is needed here, this is a {found}"));
        let help = match (&found, wanted) {
            (Type::Resource(_) | Type::Record(_), Type::Bool) => "has(x) tells whether x is there",
            (Type::List(_), Type::Bool) => "ask something of it: xs.exists(x, …), size(xs) > 0",
            (Type::String | Type::Number, Type::Bool) => "compare it with something, or ask has(x)",
            _ => "",
        };
        self.mistake(mistake.help(help))
    }

    fn expression(&mut self, expr: &Expr) -> Option<Typed> {
        match &expr.kind {
            Kind::Bool(value) => Some((self.push(Op::Bool(*value))?, Type::Bool)),
            Kind::Number(value) => Some((self.push(Op::Number(*value))?, Type::Number)),
            Kind::Text(value) => Some((self.push(Op::Text(value.clone()))?, Type::String)),
            Kind::List(items) => self.list(expr, items),
            Kind::Name(name) => self.name(name, expr.at),
            Kind::Field(of, name) => self.field(of, name, expr.at),
            Kind::Call { on, name, arguments } => {
                self.call(on.as_deref(), name, arguments, expr.at)
            }
            Kind::Not(of) => {
                let of = self.expect(of, &Type::Bool)?;
                Some((self.push(Op::Not(of))?, Type::Bool))
            }
            Kind::And(parts) => self.junction(parts, Op::And),
            Kind::Or(parts) => self.junction(parts, Op::Or),
            Kind::Compare(how, left, right) => self.compare(*how, left, right),
            Kind::In(item, list) => self.membership(item, list),
            Kind::Conditional(test, then, other) => self.conditional(test, then, other),
        }
    }

    fn list(&mut self, expr: &Expr, items: &[Expr]) -> Option<Typed> {
        let mut ids = Vec::with_capacity(items.len());
        let mut of: Option<Type> = None;
        for item in items {
            let (id, found) = self.scalar(item)?;
            if of.as_ref().is_some_and(|of| *of != found) {
                return self.mistake(Mistake::new(
                    item.at,
                    format!("a list has elements of one type, and this is a {found}"),
                ));
            }
            of = Some(found);
            ids.push(id);
        }
        let Some(of) = of else {
            return self.mistake(
                Mistake::new(expr.at, "an empty list says nothing")
                    .help("size(xs) == 0 asks whether a list is empty"),
            );
        };
        Some((self.push_run(&ids, Op::List)?, Type::List(Box::new(of))))
    }

    /// `expr`, which has to be a truth value, a number or text.
    fn scalar(&mut self, expr: &Expr) -> Option<Typed> {
        let (id, found) = self.expression(expr)?;
        match found {
            Type::Bool | Type::Number | Type::String => Some((id, found)),
            Type::List(_) | Type::Record(_) | Type::Resource(_) => {
                let mistake =
                    Mistake::new(expr.at, format!("a {found} cannot be compared as a whole"));
                let help = match found {
                    Type::List(_) => "ask its elements: xs.exists(x, …), xs.all(x, …), y in xs",
                    _ => "compare its fields, or ask has(x)",
                };
                self.mistake(mistake.help(help))
            }
        }
    }

    fn name(&mut self, name: &EcoString, at: u32) -> Option<Typed> {
        let found = self.bound.iter().rev().position(|(bound, _)| bound == name);
        if let Some(up) = found {
            let of = self.bound.iter().rev().nth(up).map(|(_, of)| of.clone())?;
            return Some((self.push(Op::Bound(u16::try_from(up).ok()?))?, of));
        }
        if let Some((slot, of)) = self.schema.fact(self.type_index, name) {
            self.slots.insert(slot);
            return Some((self.push(Op::Fact { slot, name: name.clone() })?, of));
        }
        let mut names: Vec<EcoString> = self.bound.iter().map(|(name, _)| name.clone()).collect();
        names.extend(self.schema.names(self.type_index));
        let help = suggestion(name, &names, "facts");
        self.mistake(Mistake::new(at, format!("there is no fact `{name}`")).help(help))
    }

    fn field(&mut self, of: &Expr, name: &EcoString, at: u32) -> Option<Typed> {
        let (id, found) = self.expression(of)?;
        match found {
            Type::Record(fields) => {
                let field = fields.iter().find(|(field, _)| field == name);
                if let Some((_, of)) = field {
                    return Some((
                        self.push(Op::Field { of: id, name: name.clone() })?,
                        of.clone(),
                    ));
                }
                let names: Vec<EcoString> = fields.iter().map(|(name, _)| name.clone()).collect();
                let help = suggestion(name, &names, "fields");
                self.mistake(Mistake::new(at, format!("the record has no `{name}`")).help(help))
            }
            Type::Resource(type_index) => {
                if let Some((slot, of)) = self.schema.fact(type_index, name) {
                    self.related.insert((type_index, slot));
                    let op = Op::FactOf { of: id, slot, name: name.clone() };
                    return Some((self.push(op)?, of));
                }
                let help = suggestion(name, &self.schema.names(type_index), "facts");
                self.mistake(
                    Mistake::new(at, format!("the resource has no fact `{name}`")).help(help),
                )
            }
            Type::List(_) => self.mistake(
                Mistake::new(at, format!("a list has no field `{name}`"))
                    .help(eco_format!("ask its elements: xs.exists(x, x.{name} …)")),
            ),
            found => self.mistake(Mistake::new(at, format!("a {found} has no field `{name}`"))),
        }
    }

    fn junction(&mut self, parts: &[Expr], op: impl Fn(Run) -> Op) -> Option<Typed> {
        let ids: Vec<Option<Id>> =
            parts.iter().map(|part| self.expect(part, &Type::Bool)).collect();
        let ids: Option<Vec<Id>> = ids.into_iter().collect();
        Some((self.push_run(&ids?, op)?, Type::Bool))
    }

    fn compare(&mut self, how: Comparison, left: &Expr, right: &Expr) -> Option<Typed> {
        let (a, b) = (self.scalar(left), self.scalar(right));
        let ((a, of_a), (b, of_b)) = (a?, b?);
        if of_a != of_b {
            return self.mistake(Mistake::new(
                right.at,
                format!("a {of_a} is compared with a {of_b}: they are never equal"),
            ));
        }
        if of_a == Type::Bool && !matches!(how, Comparison::Equal | Comparison::NotEqual) {
            return self.mistake(Mistake::new(left.at, "truth values have no order"));
        }
        Some((self.push(Op::Compare { how, left: a, right: b })?, Type::Bool))
    }

    fn membership(&mut self, item: &Expr, list: &Expr) -> Option<Typed> {
        let (a, b) = (self.scalar(item), self.expression(list));
        let ((a, of_item), (b, of_list)) = (a?, b?);
        match &of_list {
            Type::List(of) if **of == of_item => {
                Some((self.push(Op::In { item: a, list: b })?, Type::Bool))
            }
            Type::List(of) => self.mistake(Mistake::new(
                item.at,
                format!("a {of_item} is looked for in a list of {of}"),
            )),
            Type::String => self.mistake(
                Mistake::new(list.at, "`in` looks into lists, and this is a string")
                    .help("write text.contains(part)"),
            ),
            found => self.mistake(Mistake::new(
                list.at,
                format!("`in` looks into lists, and this is a {found}"),
            )),
        }
    }

    fn conditional(&mut self, test: &Expr, then: &Expr, other: &Expr) -> Option<Typed> {
        let test = self.expect(test, &Type::Bool);
        let (then_typed, other_typed) = (self.scalar(then), self.scalar(other));
        let ((then, of), (other_id, of_other)) = (then_typed?, other_typed?);
        if of != of_other {
            return self.mistake(Mistake::new(
                other.at,
                format!("one branch is a {of}, the other a {of_other}"),
            ));
        }
        Some((self.push(Op::Conditional { test: test?, then, other: other_id })?, of))
    }
}
