//! Operands: the values that operations work on, and how a value that may turn out in several ways is
//! taken apart.
//!
//! An operation is told of each way on its own ([`Eval::each_way`]) and agrees on a common result, or
//! on none. While one option of a choice is looked at, other choices with the same key follow it.

use std::borrow::Cow;

use onus_model::{Choice, Node, Piece, Truth, Unknown, Value};

use super::trace::{Cause, Trace};
use super::{Env, Eval};
use crate::program::{Followed, Id, Op, Relation};
use crate::view::{Related, View};

/// What stands for a field or a fact that is not there.
pub(crate) static ABSENT: Node =
    Node { value: Value::Absent, span: onus_model::Span::NONE, references: None };

/// Nested choices and encodings deeper than this are not followed.
const MAX_SPLITS: u32 = 64;

/// An operand. `O` is the tracer's notion of a place.
#[derive(Clone)]
pub(crate) enum Operand<'a, O> {
    /// Not there.
    Absent,
    Truth(Truth),
    /// A number between two others; both the same when it is known.
    Number(f64, f64),
    Text(Cow<'a, str>),
    /// Text of which only some is known, changed from what the source says.
    Partial(bool, Vec<Piece>),
    /// A value of the estate.
    Node(&'a Node, O),
    /// A part of something that is not known: it may be anything, or absent.
    Hidden(&'a Unknown, O),
    Resource(u32),
    /// Not known; what blocks it is on record already.
    Opaque,
}

/// The common result of the ways in which something may turn out.
#[derive(Clone, Copy, Default)]
pub(crate) struct Agreement(Option<Truth>);

impl Agreement {
    pub(crate) fn add(&mut self, truth: Truth) {
        self.0 = Some(self.0.map_or(truth, |so_far| so_far.agree(truth)));
    }

    pub(crate) fn truth(self) -> Truth {
        self.0.unwrap_or(Truth::Unknown)
    }

    pub(crate) fn lost(self) -> bool {
        self.0 == Some(Truth::Unknown)
    }
}

/// What to do with each way that an operand may turn out.
pub(crate) type Visit<'f, 'a, V, T> =
    &'f mut dyn FnMut(&mut Eval<'a, V, T>, Operand<'a, <T as Trace<'a>>::Origin>);

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    /// The operand, if it can be had without looking at several ways: no open choice in sight.
    #[inline]
    pub(crate) fn simple(
        &mut self,
        id: Id,
        env: Env<'_, 'a, T::Origin>,
    ) -> Option<Operand<'a, T::Origin>> {
        let operand = self.unsplit(id, env)?;
        match &operand {
            Operand::Node(node, _) if matches!(node.value, Value::Choice(_)) => None,
            _ => Some(operand),
        }
    }

    /// The operand as it is written, perhaps itself an open choice. `None` if it has to be computed.
    pub(crate) fn unsplit(
        &mut self,
        id: Id,
        env: Env<'_, 'a, T::Origin>,
    ) -> Option<Operand<'a, T::Origin>> {
        match self.program.op(id)? {
            Op::Bool(value) => Some(Operand::Truth((*value).into())),
            Op::Number(value) => Some(Operand::Number(*value, *value)),
            Op::Text(value) => Some(Operand::Text(Cow::Borrowed(value))),
            Op::Fact { slot, name } => Some(self.fact(self.resource, *slot, name)),
            Op::FactOf { of, slot, name } => match self.simple(*of, env)? {
                Operand::Resource(resource) => Some(self.fact(resource, *slot, name)),
                _ => None,
            },
            Op::Field { of, name } => match self.simple(*of, env)? {
                Operand::Node(node, _) if matches!(node.value, Value::Encoded(_)) => None,
                record => Some(self.field(&record, name)),
            },
            Op::Bound(up) => Some(self.bound(*up, env)),
            Op::SizeOfList(list) => {
                let list = self.simple(*list, env)?;
                let size = Self::plain_size(&list)?;
                self.touch(&list);
                Some(Operand::Number(size, size))
            }
            _ => None,
        }
    }

    /// Calls `visit` with each way that the operand may turn out.
    pub(crate) fn each_way(
        &mut self,
        id: Id,
        env: Env<'_, 'a, T::Origin>,
        visit: Visit<'_, 'a, V, T>,
    ) {
        if let Some(operand) = self.unsplit(id, env) {
            return self.split(operand, visit);
        }
        match self.program.op(id) {
            Some(Op::FactOf { of, slot, name }) => {
                self.each_way(*of, env, &mut |eval, of| match of {
                    Operand::Resource(resource) => {
                        let fact = eval.fact(resource, *slot, name);
                        eval.split(fact, visit);
                    }
                    Operand::Absent => visit(eval, Operand::Absent),
                    _ => visit(eval, Operand::Opaque),
                });
            }
            Some(Op::Field { of, name }) => self.each_way(*of, env, &mut |eval, of| {
                eval.decoded(of, &mut |eval, record| {
                    let field = eval.field(&record, name);
                    eval.split(field, visit);
                });
            }),
            Some(Op::Conditional { test, then, other }) => match self.truth(*test, env) {
                Truth::True => self.each_way(*then, env, visit),
                Truth::False => self.each_way(*other, env, visit),
                Truth::Unknown => {
                    self.each_way(*then, env, visit);
                    self.each_way(*other, env, visit);
                }
            },
            Some(Op::SizeOfText(text)) => self.each_way(*text, env, &mut |eval, text| {
                let size = eval.size_of_text(&text);
                visit(eval, size);
            }),
            Some(Op::SizeOfList(list)) => self.size_of_list(*list, env, visit),
            Some(Op::LowerAscii(text)) => self.each_way(*text, env, &mut |eval, text| {
                let lower = eval.lower_ascii(text);
                visit(eval, lower);
            }),
            Some(Op::PrefixLength(text)) => self.each_way(*text, env, &mut |eval, text| {
                let length = eval.prefix_length(&text);
                visit(eval, length);
            }),
            Some(Op::Target { of, fact }) => {
                self.target(*of, fact, env, visit);
            }
            // Lists are never operands: only a damaged program has one here.
            Some(
                Op::List(_)
                | Op::Filter { .. }
                | Op::Map { .. }
                | Op::Referrers { .. }
                | Op::Estate { .. }
                | Op::Targets { .. },
            )
            | None => visit(self, Operand::Opaque),
            Some(_) => {
                let truth = self.truth(id, env);
                visit(self, Operand::Truth(truth));
            }
        }
    }

    /// Calls `visit` with each option of an open choice, or with the operand itself.
    pub(crate) fn split(&mut self, operand: Operand<'a, T::Origin>, visit: Visit<'_, 'a, V, T>) {
        let Operand::Node(node, origin) = operand else { return visit(self, operand) };
        let Value::Choice(choice) = &node.value else { return visit(self, operand) };
        self.splits += 1;
        if self.splits > MAX_SPLITS || !self.spend(16) || choice.options.is_empty() {
            self.trace.block(origin, Cause::Limit);
            visit(self, Operand::Opaque);
        } else if let Some(node) = self.chosen(choice) {
            self.split(Operand::Node(node, origin), visit);
        } else {
            for (label, node) in &choice.options {
                self.assumed.push((&choice.key, label));
                self.split(Operand::Node(node, origin), visit);
                self.assumed.pop();
            }
            self.trace.block(origin, Cause::Choice(choice));
        }
        self.splits -= 1;
    }

    /// The option that was decided for, or is being assumed.
    pub(super) fn chosen(&self, choice: &'a Choice) -> Option<&'a Node> {
        let assumed = self.assumed.iter().rev().find(|(key, _)| *key == choice.key);
        let label = match assumed {
            Some((_, label)) => label,
            None => self.view.chosen(&choice.key)?,
        };
        choice.options.iter().find(|(option, _)| option == label).map(|(_, node)| node)
    }

    /// Looks through JSON text to what it encodes.
    pub(crate) fn decoded(&mut self, operand: Operand<'a, T::Origin>, visit: Visit<'_, 'a, V, T>) {
        let Operand::Node(node, origin) = operand else { return visit(self, operand) };
        let Value::Encoded(inner) = &node.value else { return visit(self, operand) };
        self.splits += 1;
        if self.splits > MAX_SPLITS {
            self.trace.block(origin, Cause::Limit);
            visit(self, Operand::Opaque);
        } else {
            self.split(Operand::Node(inner, origin), &mut |eval, inner| {
                eval.decoded(inner, visit);
            });
        }
        self.splits -= 1;
    }

    #[inline]
    fn fact(&mut self, resource: u32, slot: u16, name: &'a str) -> Operand<'a, T::Origin> {
        let node = self.view.fact(resource, slot);
        let origin = self.trace.fact(resource, slot, name, node);
        self.open(node, origin)
    }

    /// The node, or the option of it that is decided for.
    fn open(&self, mut node: &'a Node, origin: T::Origin) -> Operand<'a, T::Origin> {
        for _ in 0..MAX_SPLITS {
            let Value::Choice(choice) = &node.value else { break };
            let Some(chosen) = self.chosen(choice) else { break };
            node = chosen;
        }
        Operand::Node(node, origin)
    }

    /// The size of a list that is written and known, element by element.
    fn plain_size(list: &Operand<'a, T::Origin>) -> Option<f64> {
        let Operand::Node(node, _) = list else { return None };
        let list = match &node.value {
            Value::List(list) if list.rest.is_none() => list,
            Value::Absent => return Some(0.0),
            _ => return None,
        };
        let mut size = 0_u32;
        for item in &list.items {
            match &item.value {
                Value::Absent => {}
                Value::Choice(_) | Value::Unknown(_) => return None,
                _ => size += 1,
            }
        }
        Some(size.into())
    }

    fn bound(&self, up: u16, env: Env<'_, 'a, T::Origin>) -> Operand<'a, T::Origin> {
        let mut frame = env;
        for _ in 0..up {
            frame = frame.and_then(|frame| frame.outer);
        }
        match frame.map(|frame| &frame.element) {
            Some(Operand::Node(node, origin)) => self.open(node, *origin),
            Some(element) => element.clone(),
            None => Operand::Opaque,
        }
    }

    /// A field of a record that is no open choice and not encoded.
    fn field(&mut self, record: &Operand<'a, T::Origin>, name: &'a str) -> Operand<'a, T::Origin> {
        let (node, origin) = match record {
            Operand::Node(node, origin) => (*node, *origin),
            Operand::Hidden(unknown, origin) => {
                return Operand::Hidden(unknown, self.trace.field(*origin, name, &ABSENT));
            }
            Operand::Absent => return Operand::Absent,
            _ => return Operand::Opaque,
        };
        match &node.value {
            Value::Map(map) => match (map.entries.get(name), &map.rest) {
                (Some(entry), _) => {
                    let origin = self.trace.field(origin, name, entry);
                    self.open(entry, origin)
                }
                (None, Some(rest)) => Operand::Hidden(rest, self.trace.field(origin, name, node)),
                (None, None) => Operand::Node(&ABSENT, self.trace.field(origin, name, &ABSENT)),
            },
            Value::Absent => Operand::Node(&ABSENT, self.trace.field(origin, name, &ABSENT)),
            Value::Unknown(unknown) => {
                Operand::Hidden(unknown, self.trace.field(origin, name, node))
            }
            _ => {
                self.trace.block(origin, Cause::Mismatch);
                Operand::Opaque
            }
        }
    }

    fn target(
        &mut self,
        of: Option<Id>,
        fact: &'a Followed,
        env: Env<'_, 'a, T::Origin>,
        visit: Visit<'_, 'a, V, T>,
    ) {
        let Some(of) = of else {
            return self.target_of(self.resource, fact, visit);
        };
        self.each_way(of, env, &mut |eval, of| match of {
            Operand::Resource(resource) => eval.target_of(resource, fact, visit),
            Operand::Absent => visit(eval, Operand::Absent),
            _ => visit(eval, Operand::Opaque),
        });
    }

    fn target_of(&mut self, resource: u32, fact: &'a Followed, visit: Visit<'_, 'a, V, T>) {
        let value = self.fact(resource, fact.slot, &fact.name);
        self.split(value, &mut |eval, way| match way {
            Operand::Node(value, _) => eval.target_in(resource, fact, value, visit),
            _ => visit(eval, Operand::Opaque),
        });
    }

    /// The target of a value in which no choice is open.
    fn target_in(
        &mut self,
        resource: u32,
        fact: &'a Followed,
        value: &'a Node,
        visit: Visit<'_, 'a, V, T>,
    ) {
        let Followed { slot, type_index, .. } = *fact;
        let Related { resources, rest } = self.view.target(resource, slot, value, type_index);
        self.trace.search(resource, Relation::Target, type_index, resources.len());
        for &target in resources.iter() {
            if let Some(unknown) = self.view.presence(target) {
                let origin = self.trace.whole(target);
                self.trace.block(origin, Cause::Unknown(unknown));
                visit(self, Operand::Absent);
            }
            visit(self, Operand::Resource(target));
        }
        if let Some(unknown) = rest {
            let origin = self.trace.whole(resource);
            self.trace.block(origin, Cause::Unknown(unknown));
            visit(self, Operand::Opaque);
        } else if resources.is_empty() {
            visit(self, Operand::Absent);
        }
    }

    /// Whether the operand, which is no open choice, is there at all.
    pub(crate) fn is_there(operand: &Operand<'a, T::Origin>) -> Truth {
        match operand {
            Operand::Absent => Truth::False,
            Operand::Hidden(..) | Operand::Opaque => Truth::Unknown,
            Operand::Partial(set, _) => {
                if *set {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            Operand::Node(node, _) => match &node.value {
                Value::Absent => Truth::False,
                Value::Unknown(unknown) if !unknown.set => Truth::Unknown,
                _ => Truth::True,
            },
            _ => Truth::True,
        }
    }

    /// Records that an operand was looked at, and what is not known of it.
    #[inline]
    pub(crate) fn touch(&mut self, operand: &Operand<'a, T::Origin>) {
        match operand {
            Operand::Node(node, origin) => {
                self.trace.read(*origin, node);
                match &node.value {
                    Value::Unknown(unknown) => {
                        self.trace.block(*origin, Cause::Unknown(unknown));
                    }
                    Value::Encoded(_) => self.trace.block(*origin, Cause::Encoded),
                    _ => {}
                }
            }
            Operand::Hidden(unknown, origin) => {
                self.trace.block(*origin, Cause::Unknown(unknown));
            }
            _ => {}
        }
    }

    /// Records that an operand is not of the declared type.
    pub(crate) fn mismatch(&mut self, operand: &Operand<'a, T::Origin>) -> Truth {
        if let Operand::Node(_, origin) = operand {
            self.trace.block(*origin, Cause::Mismatch);
        }
        Truth::Unknown
    }
}
