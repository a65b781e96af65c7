//! Lists: streamed element by element, so that `filter` and `map` never build one.

use std::ops::ControlFlow;

use onus_model::{Node, Truth, Unknown, Value};

use super::operand::{Agreement, Operand, Visit};
use super::trace::{Cause, Mark, Trace};
use super::{Env, Eval, Frame};
use crate::program::{Id, Op, Relation};
use crate::view::View;

/// Which question is put to the elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    All,
}

impl Quantifier {
    /// The answer of one element that settles the question for the list.
    fn decisive(self) -> Truth {
        match self {
            Quantifier::Exists => Truth::True,
            Quantifier::All => Truth::False,
        }
    }

    /// `a` and `b` taken together.
    fn join(self, a: Truth, b: Truth) -> Truth {
        match self {
            Quantifier::Exists => a.or(b),
            Quantifier::All => a.and(b),
        }
    }

    /// The answer of an element that is there as far as `there` says; one that is not there has no
    /// say.
    fn if_there(self, there: Truth, answer: Truth) -> Truth {
        match self {
            Quantifier::Exists => there.and(answer),
            Quantifier::All => (!there).or(answer),
        }
    }
}

/// An element on its way through the list operations.
pub(super) struct Element<'a, O> {
    /// Perhaps an open choice.
    pub(super) value: Operand<'a, O>,
    /// False when a filter on the way could not be decided.
    pub(super) kept: bool,
    /// When set, the resource that it is may not exist.
    pub(super) doubt: Option<(u32, &'a Unknown)>,
    /// What was recorded before it was looked at.
    pub(super) mark: Mark,
}

/// How a list ended.
#[derive(Clone, Copy, Default)]
pub(super) struct End {
    /// There may be further elements; what would settle that is on record.
    pub(super) open: bool,
    /// There is at least one element, even if none is known.
    pub(super) some: bool,
}

/// Takes the elements one by one until it has seen enough.
pub(super) type Take<'f, 'a, V, T> = &'f mut dyn FnMut(
    &mut Eval<'a, V, T>,
    Element<'a, <T as Trace<'a>>::Origin>,
) -> ControlFlow<()>;

/// What to do with each way that the list at the bottom may turn out.
type VisitBase<'f, 'a, V, T> =
    &'f mut dyn FnMut(&mut Eval<'a, V, T>, Option<&Operand<'a, <T as Trace<'a>>::Origin>>);

/// What is asked of one element, which is no open choice.
type Ask<'f, 'a, V, T> =
    &'f mut dyn FnMut(&mut Eval<'a, V, T>, &Operand<'a, <T as Trace<'a>>::Origin>) -> Truth;

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    pub(super) fn quantified(
        &mut self,
        how: Quantifier,
        list: Id,
        body: Id,
        env: Env<'_, 'a, T::Origin>,
    ) -> Truth {
        self.each_list(how, list, env, &mut |eval, element| {
            let frame = Frame { element: element.clone(), outer: env };
            eval.truth(body, Some(&frame))
        })
    }

    pub(super) fn membership(&mut self, item: Id, list: Id, env: Env<'_, 'a, T::Origin>) -> Truth {
        self.one_in(item, env, &mut |eval, item| match Self::is_there(item) {
            Truth::False => Truth::False,
            Truth::True | Truth::Unknown => {
                if let Some(truth) = eval.among(item, list, env) {
                    return truth;
                }
                eval.each_list(Quantifier::Exists, list, env, &mut |eval, element| {
                    eval.touch(element);
                    eval.equal(item, element)
                })
            }
        })
    }

    /// Whether the item is one of a list that is written out in the predicate. `None` if there is
    /// more to it than to compare one with the other.
    fn among(
        &mut self,
        item: &Operand<'a, T::Origin>,
        list: Id,
        env: Env<'_, 'a, T::Origin>,
    ) -> Option<Truth> {
        let Some(Op::List(run)) = self.program.op(list) else { return None };
        let mut out = Truth::False;
        for &id in self.program.run(*run) {
            let element = self.simple(id, env)?;
            self.touch(&element);
            out = out.or(self.equal(item, &element));
            if out == Truth::True {
                break;
            }
        }
        Some(out)
    }

    /// A question about one operand that itself asks about a list.
    fn one_in(&mut self, id: Id, env: Env<'_, 'a, T::Origin>, ask: Ask<'_, 'a, V, T>) -> Truth {
        let start = self.trace.mark();
        let mut agreement = Agreement::default();
        self.each_way(id, env, &mut |eval, operand| {
            if T::BRIEF && agreement.lost() {
                return;
            }
            let truth = ask(eval, &operand);
            eval.touch(&operand);
            agreement.add(truth);
        });
        let truth = agreement.truth();
        self.trace.settle(start, truth);
        truth
    }

    /// A quantified question, in each way that the list may turn out.
    fn each_list(
        &mut self,
        how: Quantifier,
        list: Id,
        env: Env<'_, 'a, T::Origin>,
        ask: Ask<'_, 'a, V, T>,
    ) -> Truth {
        let start = self.trace.mark();
        let mut agreement = Agreement::default();
        self.each_base(list, env, &mut |eval, base| {
            if !(T::BRIEF && agreement.lost()) {
                agreement.add(eval.ask_all(how, list, env, base, ask));
            }
        });
        let truth = agreement.truth();
        self.trace.settle(start, truth);
        truth
    }

    fn ask_all(
        &mut self,
        how: Quantifier,
        list: Id,
        env: Env<'_, 'a, T::Origin>,
        base: Option<&Operand<'a, T::Origin>>,
        ask: Ask<'_, 'a, V, T>,
    ) -> Truth {
        let start = self.trace.mark();
        let mut out = !how.decisive();
        let end = self.elements(list, env, base, &mut |eval, element| {
            let mark = element.mark;
            let answer = eval.ask(how, element, ask);
            out = how.join(out, answer);
            if answer == how.decisive() {
                eval.trace.forget(start, mark);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        if end.open {
            out = how.join(out, Truth::Unknown);
        }
        if let (Some(base), true) = (base, self.trace.nothing_read(start)) {
            self.touch(base);
        }
        self.trace.settle(start, out);
        out
    }

    /// The answer of one element, in each way that it may turn out.
    fn ask(
        &mut self,
        how: Quantifier,
        element: Element<'a, T::Origin>,
        ask: Ask<'_, 'a, V, T>,
    ) -> Truth {
        let Element { value, kept, doubt, mark } = element;
        let mut agreement = Agreement::default();
        self.split(value, &mut |eval, value| {
            if !(T::BRIEF && agreement.lost()) {
                agreement.add(eval.ask_one(how, &value, ask));
            }
        });
        let mut truth = agreement.truth();
        if !kept {
            truth = how.if_there(Truth::Unknown, truth);
        }
        if let Some((resource, unknown)) = doubt {
            truth = how.if_there(Truth::Unknown, truth);
            let origin = self.trace.whole(resource);
            self.trace.block(origin, Cause::Unknown(unknown));
        }
        self.trace.settle(mark, truth);
        truth
    }

    /// The answer of one element in one way that it may turn out.
    fn ask_one(
        &mut self,
        how: Quantifier,
        value: &Operand<'a, T::Origin>,
        ask: Ask<'_, 'a, V, T>,
    ) -> Truth {
        match Self::is_there(value) {
            Truth::True => ask(self, value),
            Truth::False => how.if_there(Truth::False, Truth::Unknown),
            Truth::Unknown => {
                self.touch(value);
                let answer = ask(self, value);
                how.if_there(Truth::Unknown, answer)
            }
        }
    }

    /// The number of elements, in each way that the list may turn out.
    pub(super) fn size_of_list(
        &mut self,
        list: Id,
        env: Env<'_, 'a, T::Origin>,
        visit: Visit<'_, 'a, V, T>,
    ) {
        self.each_base(list, env, &mut |eval, base| {
            let (mut least, mut most) = (0.0, 0.0);
            let end = eval.elements(list, env, base, &mut |eval, element| {
                let repeats = element.doubt.is_some_and(|(of, _)| eval.view.any_number(of))
                    || matches!(&element.value, Operand::Node(Node { value: Value::Choice(choice), .. }, _)
                        if choice.repeats());
                let there = eval.ask(Quantifier::Exists, element, &mut |_, _| Truth::True);
                least += f64::from(u8::from(there == Truth::True));
                most += f64::from(u8::from(there != Truth::False));
                if repeats && there != Truth::False {
                    most = f64::INFINITY;
                }
                ControlFlow::Continue(())
            });
            if let Some(base) = base {
                eval.touch(base);
            }
            if end.open {
                most = f64::INFINITY;
            }
            if end.some {
                least = f64::max(least, 1.0);
            }
            visit(eval, Operand::Number(least, most));
        });
    }

    /// Calls `visit` with each way that the list at the bottom of filters and maps may turn out;
    /// `None` if it is made by an operation and not a value.
    fn each_base(&mut self, list: Id, env: Env<'_, 'a, T::Origin>, visit: VisitBase<'_, 'a, V, T>) {
        let mut base = list;
        while let Some(Op::Filter { list, .. } | Op::Map { list, .. }) = self.program.op(base) {
            base = *list;
        }
        match self.program.op(base) {
            Some(Op::List(_) | Op::Referrers { .. } | Op::Estate { .. } | Op::Targets { .. }) => {
                visit(self, None)
            }
            _ => self.each_way(base, env, &mut |eval, base| {
                eval.decoded(base, &mut |eval, base| visit(eval, Some(&base)));
            }),
        }
    }

    /// Streams the elements of a list to `take`. `base` is the value at the bottom of it.
    fn elements(
        &mut self,
        list: Id,
        env: Env<'_, 'a, T::Origin>,
        base: Option<&Operand<'a, T::Origin>>,
        take: Take<'_, 'a, V, T>,
    ) -> End {
        match self.program.op(list) {
            Some(Op::Filter { list, body }) => {
                let end = self.elements(*list, env, base, &mut |eval, element| {
                    eval.filtered(element, *body, env, take)
                });
                End { some: false, ..end }
            }
            Some(Op::Map { list, body }) => {
                let end = self.elements(*list, env, base, &mut |eval, element| {
                    eval.mapped(element, *body, env, take)
                });
                End { some: false, ..end }
            }
            Some(Op::List(run)) => {
                for &id in self.program.run(*run) {
                    let mark = self.trace.mark();
                    if self.element_of(id, true, None, mark, env, take).is_break() {
                        break;
                    }
                }
                End::default()
            }
            Some(Op::Referrers { of, type_index }) => {
                self.related(*of, env, take, Relation::Referrers, *type_index, |view, resource| {
                    view.referrers(resource, *type_index)
                })
            }
            Some(Op::Estate { type_index }) => {
                self.related(None, env, take, Relation::Estate, *type_index, |view, resource| {
                    view.estate(resource, *type_index)
                })
            }
            Some(Op::Targets { of, fact }) => self.targets(*of, fact, env, take),
            _ => self.written(base, take),
        }
    }

    fn filtered(
        &mut self,
        element: Element<'a, T::Origin>,
        body: Id,
        env: Env<'_, 'a, T::Origin>,
        take: Take<'_, 'a, V, T>,
    ) -> ControlFlow<()> {
        let frame = Frame { element: element.value.clone(), outer: env };
        match self.truth(body, Some(&frame)) {
            Truth::False => ControlFlow::Continue(()),
            Truth::True => take(self, element),
            Truth::Unknown => take(self, Element { kept: false, ..element }),
        }
    }

    fn mapped(
        &mut self,
        element: Element<'a, T::Origin>,
        body: Id,
        env: Env<'_, 'a, T::Origin>,
        take: Take<'_, 'a, V, T>,
    ) -> ControlFlow<()> {
        let Element { value, kept, doubt, mark } = element;
        let mut there = Agreement::default();
        self.split(value.clone(), &mut |eval, value| {
            eval.touch(&value);
            there.add(Self::is_there(&value));
        });
        if there.truth() == Truth::False {
            return ControlFlow::Continue(());
        }
        let kept = kept && there.truth() == Truth::True;
        let frame = Frame { element: value, outer: env };
        self.element_of(body, kept, doubt, mark, Some(&frame), take)
    }

    /// Passes on an element that has to be computed. If it may turn out in several ways, each is
    /// passed on as an element that may not be there.
    fn element_of(
        &mut self,
        id: Id,
        kept: bool,
        doubt: Option<(u32, &'a Unknown)>,
        mark: Mark,
        env: Env<'_, 'a, T::Origin>,
        take: Take<'_, 'a, V, T>,
    ) -> ControlFlow<()> {
        if let Some(value) = self.unsplit(id, env) {
            return take(self, Element { value, kept, doubt, mark });
        }
        let mut ways = Vec::new();
        self.each_way(id, env, &mut |_, value| ways.push(value));
        let single = ways.len() == 1;
        let kept = kept && single;
        for value in ways {
            // What made several ways of it blocks each of them, whatever becomes of the others.
            let mark = if single { mark } else { self.trace.mark() };
            take(self, Element { value, kept, doubt, mark })?;
        }
        ControlFlow::Continue(())
    }

    /// The elements of a list that a source wrote.
    fn written(&mut self, base: Option<&Operand<'a, T::Origin>>, take: Take<'_, 'a, V, T>) -> End {
        let open = End { open: true, some: false };
        let (node, origin) = match base {
            Some(Operand::Node(node, origin)) => (*node, *origin),
            Some(Operand::Absent) => return End::default(),
            Some(hidden @ Operand::Hidden(..)) => {
                self.touch(hidden);
                return open;
            }
            _ => return open,
        };
        let list = match &node.value {
            Value::List(list) => list,
            Value::Absent => return End::default(),
            Value::Unknown(unknown) => {
                self.trace.block(origin, Cause::Unknown(unknown));
                return End { open: true, some: unknown.set };
            }
            _ => {
                self.trace.block(origin, Cause::Mismatch);
                return open;
            }
        };
        for (index, item) in list.items.iter().enumerate() {
            if item.is_absent() {
                continue;
            }
            if !self.spend(1) {
                self.trace.block(origin, Cause::Limit);
                return open;
            }
            let mark = self.trace.mark();
            let value = Operand::Node(item, self.trace.element(origin, index, item));
            if take(self, Element { value, kept: true, doubt: None, mark }).is_break() {
                return End::default();
            }
        }
        if let Some(rest) = &list.rest {
            self.trace.block(origin, Cause::Unknown(rest));
        }
        End { open: list.rest.is_some(), some: false }
    }
}
