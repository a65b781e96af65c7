//! Evaluation in Kleene's three-valued logic, over borrowed values.

mod compare;
mod list;
mod operand;
mod related;
mod text;
mod trace;

use std::cell::Cell;

use onus_model::Truth;

use crate::program::{Id, Op, Program, Run};
use crate::view::View;
use list::Quantifier;
use operand::{Agreement, Operand};
pub use trace::Cause;
pub(crate) use trace::{Mark, Silent, Trace};

/// How many elements, related resources and options one evaluation looks at before it gives up.
const FUEL: u32 = 500_000;

/// An element bound by a macro, and those bound around it.
pub(crate) struct Frame<'e, 'a, O> {
    element: Operand<'a, O>,
    outer: Env<'e, 'a, O>,
}

/// The bound elements, innermost first.
pub(crate) type Env<'e, 'a, O> = Option<&'e Frame<'e, 'a, O>>;

/// A choice taken for granted: key and label.
pub(crate) type Assumption<'a> = (&'a str, &'a str);

/// One evaluation of one program on one resource.
pub(crate) struct Eval<'a, V, T> {
    program: &'a Program,
    view: &'a V,
    resource: u32,
    pub(crate) trace: T,
    assumed: Vec<Assumption<'a>>,
    splits: u32,
    fuel: Cell<u32>,
}

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    pub(crate) fn new(program: &'a Program, view: &'a V, resource: u32, trace: T) -> Self {
        let fuel = Cell::new(FUEL);
        Eval { program, view, resource, trace, assumed: Vec::new(), splits: 0, fuel }
    }

    /// Takes these choices for granted.
    pub(crate) fn assuming(mut self, assumed: &[Assumption<'a>]) -> Self {
        self.assumed.extend_from_slice(assumed);
        self
    }

    /// The truth of the whole program.
    #[inline]
    pub(crate) fn run(&mut self) -> Truth {
        self.truth(self.program.root(), None)
    }

    /// Pays for some work; false when there is nothing left to pay with.
    fn spend(&self, cost: u32) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(cost));
        left > cost
    }

    /// The truth of a part. A truth value that is absent counts as false.
    pub(crate) fn truth(&mut self, id: Id, env: Env<'_, 'a, T::Origin>) -> Truth {
        let Some(op) = self.program.op(id) else { return Truth::Unknown };
        match op {
            Op::Bool(value) => (*value).into(),
            Op::Not(of) => !self.truth(*of, env),
            Op::And(run) => self.junction(*run, env, Truth::False),
            Op::Or(run) => self.junction(*run, env, Truth::True),
            Op::Conditional { test, then, other } => self.conditional(*test, *then, *other, env),
            Op::Compare { how, left, right } => {
                self.both(*left, *right, env, |eval, left, right| eval.compare(*how, left, right))
            }
            Op::In { item, list } => self.membership(*item, *list, env),
            Op::Has(of) => self.one(*of, env, |_, of| Self::is_there(of)),
            Op::Exists { list, body } => self.quantified(Quantifier::Exists, *list, *body, env),
            Op::All { list, body } => self.quantified(Quantifier::All, *list, *body, env),
            Op::StartsWith(text, part) => self.both(*text, *part, env, Self::starts_with),
            Op::EndsWith(text, part) => self.both(*text, *part, env, Self::ends_with),
            Op::Contains(text, part) => self.both(*text, *part, env, Self::contains),
            Op::Matches { text, pattern } => {
                self.one(*text, env, |eval, text| eval.matches(text, *pattern))
            }
            Op::IsLiteral(text) => self.one(*text, env, Self::is_literal),
            Op::RefersTo { text, type_index } => {
                self.one(*text, env, |eval, text| eval.refers_to(text, *type_index))
            }
            Op::IsAnyAddress(text) => self.one(*text, env, Self::is_any_address),
            Op::IsPrivateAddress(text) => self.one(*text, env, Self::is_private_address),
            Op::CidrContains(outer, inner) => self.both(*outer, *inner, env, Self::cidr_contains),
            Op::VersionAtLeast { text, wanted } => {
                self.one(*text, env, |eval, text| eval.version(text, wanted, false))
            }
            Op::VersionBelow { text, wanted } => {
                self.one(*text, env, |eval, text| eval.version(text, wanted, true))
            }
            Op::Passed { text, dates } => {
                self.one(*text, env, |eval, text| eval.passed(text, dates))
            }
            _ => self.one(id, env, Self::truth_value),
        }
    }

    /// `&&` if `decisive` is false, `||` if it is true. For the record only the decisive parts count.
    fn junction(&mut self, run: Run, env: Env<'_, 'a, T::Origin>, decisive: Truth) -> Truth {
        let start = self.trace.mark();
        let mut out = !decisive;
        for &id in self.program.run(run) {
            let before = self.trace.mark();
            let truth = self.truth(id, env);
            if truth == decisive && T::BRIEF {
                return decisive;
            }
            if truth == decisive && out != decisive {
                self.trace.forget(start, before);
            }
            if truth != decisive && out == decisive {
                let now = self.trace.mark();
                self.trace.forget(before, now);
            }
            out = if decisive == Truth::True { out.or(truth) } else { out.and(truth) };
        }
        self.trace.settle(start, out);
        out
    }

    fn conditional(&mut self, test: Id, then: Id, other: Id, env: Env<'_, 'a, T::Origin>) -> Truth {
        let start = self.trace.mark();
        let out = match self.truth(test, env) {
            Truth::True => self.truth(then, env),
            Truth::False => self.truth(other, env),
            Truth::Unknown => self.truth(then, env).agree(self.truth(other, env)),
        };
        self.trace.settle(start, out);
        out
    }

    /// An operation on one operand, in each way that it may turn out.
    #[inline]
    fn one(
        &mut self,
        id: Id,
        env: Env<'_, 'a, T::Origin>,
        test: impl Fn(&mut Self, &Operand<'a, T::Origin>) -> Truth,
    ) -> Truth {
        let start = self.trace.mark();
        let truth = if let Some(operand) = self.simple(id, env) {
            self.touch(&operand);
            test(self, &operand)
        } else {
            let mut agreement = Agreement::default();
            self.each_way(id, env, &mut |eval, operand| {
                if T::BRIEF && agreement.lost() {
                    return;
                }
                eval.touch(&operand);
                agreement.add(test(eval, &operand));
            });
            agreement.truth()
        };
        self.trace.settle(start, truth);
        truth
    }

    /// An operation on two operands, in each way that they may turn out together.
    #[inline]
    fn both(
        &mut self,
        left: Id,
        right: Id,
        env: Env<'_, 'a, T::Origin>,
        test: impl Fn(&mut Self, &Operand<'a, T::Origin>, &Operand<'a, T::Origin>) -> Truth,
    ) -> Truth {
        let start = self.trace.mark();
        let simple = match self.simple(left, env) {
            Some(left) => self.simple(right, env).map(|right| (left, right)),
            None => None,
        };
        let truth = if let Some((left, right)) = simple {
            self.touch(&left);
            self.touch(&right);
            test(self, &left, &right)
        } else {
            let mut agreement = Agreement::default();
            self.each_way(left, env, &mut |eval, left| {
                eval.touch(&left);
                eval.each_way(right, env, &mut |eval, right| {
                    if T::BRIEF && agreement.lost() {
                        return;
                    }
                    eval.touch(&right);
                    agreement.add(test(eval, &left, &right));
                });
            });
            agreement.truth()
        };
        self.trace.settle(start, truth);
        truth
    }
}
