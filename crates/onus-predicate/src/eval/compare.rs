//! Comparison of operands. With an absent side `==` and the orders are false, and `!=` is true.

use onus_model::{Piece, Reason, Truth, Unknown, Value};

use super::operand::Operand;
use super::trace::Trace;
use super::{Eval, text};
use crate::ast::Comparison;
use crate::view::View;

/// What can be compared.
pub(crate) enum Scalar<'v> {
    Absent,
    Truth(Truth),
    /// Between these two.
    Number(f64, f64),
    Text(&'v str),
    /// Not known but for this: it is set and not empty; it is absent or follows these pieces.
    Partial(bool, &'v [Piece]),
    Mismatch,
}

impl<'v> Scalar<'v> {
    pub(crate) fn of<O>(operand: &'v Operand<'_, O>) -> Scalar<'v> {
        match operand {
            Operand::Absent => Scalar::Absent,
            Operand::Truth(truth) => Scalar::Truth(*truth),
            Operand::Number(low, high) => Scalar::Number(*low, *high),
            Operand::Text(text) => Scalar::Text(text),
            Operand::Partial(set, pieces) => Scalar::Partial(*set, pieces),
            Operand::Hidden(..) | Operand::Opaque => Scalar::Partial(false, &[]),
            Operand::Resource(_) => Scalar::Mismatch,
            Operand::Node(node, _) => match &node.value {
                Value::Absent => Scalar::Absent,
                Value::Bool(value) => Scalar::Truth((*value).into()),
                Value::Number(value) => Scalar::Number(*value, *value),
                Value::String(value) => Scalar::Text(value),
                Value::Unknown(unknown) => Scalar::Partial(unknown.set, &unknown.pieces),
                Value::Encoded(_) => Scalar::Partial(true, &[]),
                Value::List(_) | Value::Map(_) | Value::Choice(_) => Scalar::Mismatch,
            },
        }
    }
}

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    /// A truth value on its own; absent is false.
    pub(crate) fn truth_value(&mut self, operand: &Operand<'a, T::Origin>) -> Truth {
        match Scalar::of(operand) {
            Scalar::Absent => Truth::False,
            Scalar::Truth(truth) => truth,
            Scalar::Partial(..) => Truth::Unknown,
            Scalar::Number(..) | Scalar::Text(_) | Scalar::Mismatch => self.mismatch(operand),
        }
    }

    pub(crate) fn compare(
        &mut self,
        how: Comparison,
        left: &Operand<'a, T::Origin>,
        right: &Operand<'a, T::Origin>,
    ) -> Truth {
        match how {
            Comparison::Equal => self.equal(left, right),
            Comparison::NotEqual => !self.equal(left, right),
            Comparison::Less => self.before(left, right, false),
            Comparison::LessOrEqual => self.before(left, right, true),
            Comparison::Greater => self.before(right, left, false),
            Comparison::GreaterOrEqual => self.before(right, left, true),
        }
    }

    pub(crate) fn equal(
        &mut self,
        left: &Operand<'a, T::Origin>,
        right: &Operand<'a, T::Origin>,
    ) -> Truth {
        match (Scalar::of(left), Scalar::of(right)) {
            (Scalar::Absent, _) | (_, Scalar::Absent) => Truth::False,
            (Scalar::Text(a), Scalar::Text(b)) => (a == b).into(),
            (Scalar::Partial(set, pieces), Scalar::Text(known))
            | (Scalar::Text(known), Scalar::Partial(set, pieces)) => {
                text::equals(set, pieces, known)
            }
            (Scalar::Partial(set, a), Scalar::Partial(_, b)) => {
                if a == b && one_source(left, right) {
                    if set { Truth::True } else { Truth::Unknown }
                } else {
                    text::agree(a, b)
                }
            }
            (Scalar::Partial(..), Scalar::Truth(_) | Scalar::Number(..))
            | (Scalar::Truth(_) | Scalar::Number(..), Scalar::Partial(..)) => Truth::Unknown,
            (Scalar::Truth(a), Scalar::Truth(b)) => match (a, b) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                _ => (a == b).into(),
            },
            (Scalar::Number(a, a_high), Scalar::Number(b, b_high)) => {
                if a_high < b || b_high < a {
                    Truth::False
                } else if same(a, a_high) && same(b, b_high) {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            _ => self.not_comparable(left, right),
        }
    }

    /// Whether `left` comes before `right`, or is equal to it where `or_equal` allows that.
    fn before(
        &mut self,
        left: &Operand<'a, T::Origin>,
        right: &Operand<'a, T::Origin>,
        or_equal: bool,
    ) -> Truth {
        match (Scalar::of(left), Scalar::of(right)) {
            (Scalar::Absent, _) | (_, Scalar::Absent) => Truth::False,
            (Scalar::Partial(..), _) | (_, Scalar::Partial(..)) => Truth::Unknown,
            (Scalar::Text(a), Scalar::Text(b)) => (a < b || (or_equal && a == b)).into(),
            (Scalar::Number(a, a_high), Scalar::Number(b, b_high)) => {
                if a_high < b || (or_equal && a_high <= b) {
                    Truth::True
                } else if a > b_high || (!or_equal && a >= b_high) {
                    Truth::False
                } else {
                    Truth::Unknown
                }
            }
            _ => self.not_comparable(left, right),
        }
    }

    fn not_comparable(
        &mut self,
        left: &Operand<'a, T::Origin>,
        right: &Operand<'a, T::Origin>,
    ) -> Truth {
        self.mismatch(left);
        self.mismatch(right)
    }
}

/// Whether two unknown values are the same attribute of the same resource.
fn one_source<O>(left: &Operand<'_, O>, right: &Operand<'_, O>) -> bool {
    let (Operand::Node(left, _), Operand::Node(right, _)) = (left, right) else { return false };
    let (Value::Unknown(a), Value::Unknown(b)) = (&left.value, &right.value) else { return false };
    let whole = |unknown: &Unknown| {
        unknown.reason == Reason::Computed
            && matches!(unknown.pieces.as_slice(), [] | [Piece::Text(_), Piece::Hole])
    };
    match (left.references(), right.references()) {
        ([one], [other]) => one == other && a.settles == b.settles && whole(a) && whole(b),
        _ => false,
    }
}

/// Whether a range of numbers is one number.
#[expect(clippy::float_cmp, reason = "a known number has both ends equal, bit for bit")]
fn same(low: f64, high: f64) -> bool {
    low == high
}
