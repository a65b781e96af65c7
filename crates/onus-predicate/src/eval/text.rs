//! Operations on text, also on text of which only some pieces are known.
//!
//! Pieces hold for the text if it is there; unless it is known to be set, it may also be absent, and
//! then every question is answered "no". So "no" needs only the pieces, "yes" needs both.

use std::borrow::Cow;

use onus_model::{EcoString, Node, Piece, Reason, Truth, Value};

use super::Eval;
use super::compare::Scalar;
use super::operand::Operand;
use super::trace::{Cause, Trace};
use crate::address::Block;
use crate::dates;
use crate::version;
use crate::view::View;

/// "Yes" if the text is known to be there.
fn yes_if(set: bool) -> Truth {
    if set { Truth::True } else { Truth::Unknown }
}

/// The pieces with neighbouring texts joined, so that each text stands between holes.
fn joined(pieces: &[Piece]) -> Cow<'_, [Piece]> {
    let neighbours = pieces.windows(2).any(|two| matches!(two, [Piece::Text(_), Piece::Text(_)]));
    if !neighbours {
        return Cow::Borrowed(pieces);
    }
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(more)) => last.push_str(more),
            _ => out.push(piece.clone()),
        }
    }
    Cow::Owned(out)
}

/// The whole text, if the pieces leave no hole. (No pieces at all leave everything open.)
fn whole(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

fn lead(pieces: &[Piece]) -> &str {
    match pieces.first() {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}

fn tail(pieces: &[Piece]) -> &str {
    match pieces.last() {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}

/// Whether `text` could be what the (joined) pieces are part of.
fn fits(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text;
    let mut anchored = !pieces.is_empty();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(known) = piece else {
            anchored = false;
            continue;
        };
        if index + 1 == pieces.len() && !anchored {
            return rest.ends_with(known.as_str());
        }
        let found = if anchored {
            rest.strip_prefix(known.as_str())
        } else {
            rest.split_once(known.as_str()).map(|(_, after)| after)
        };
        let Some(after) = found else { return false };
        rest = after;
        anchored = true;
    }
    !anchored || rest.is_empty()
}

/// Whether partly known text equals `known`.
pub(super) fn equals(set: bool, pieces: &[Piece], known: &str) -> Truth {
    let pieces = joined(pieces);
    if (set && known.is_empty()) || !fits(&pieces, known) {
        Truth::False
    } else if whole(&pieces).is_some() {
        yes_if(set)
    } else {
        Truth::Unknown
    }
}

/// Whether two partly known texts are equal: never, if their beginnings or ends cannot be.
pub(super) fn agree(a: &[Piece], b: &[Piece]) -> Truth {
    let (a, b) = (joined(a), joined(b));
    let apart = match (whole(&a), whole(&b)) {
        (Some(text), _) => !fits(&b, text),
        (_, Some(text)) => !fits(&a, text),
        (None, None) => {
            let ((x, y), (p, q)) = ((lead(&a), lead(&b)), (tail(&a), tail(&b)));
            let leads = x.starts_with(y) || y.starts_with(x);
            let tails = p.ends_with(q) || q.ends_with(p);
            !leads || !tails
        }
    };
    if apart { Truth::False } else { Truth::Unknown }
}

fn partial_starts_with(set: bool, pieces: &[Piece], part: &str) -> Truth {
    let pieces = joined(pieces);
    let lead = lead(&pieces);
    if lead.starts_with(part) {
        yes_if(set)
    } else if !part.starts_with(lead) || whole(&pieces).is_some() {
        Truth::False
    } else {
        Truth::Unknown
    }
}

fn partial_ends_with(set: bool, pieces: &[Piece], part: &str) -> Truth {
    let pieces = joined(pieces);
    let tail = tail(&pieces);
    if tail.ends_with(part) {
        yes_if(set)
    } else if !part.ends_with(tail) || whole(&pieces).is_some() {
        Truth::False
    } else {
        Truth::Unknown
    }
}

fn partial_contains(set: bool, pieces: &[Piece], part: &str) -> Truth {
    let pieces = joined(pieces);
    let known = pieces.iter().any(|piece| match piece {
        Piece::Text(text) => text.contains(part),
        Piece::Hole => false,
    });
    if known || part.is_empty() {
        yes_if(set)
    } else if whole(&pieces).is_some() {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// Whether the content of JSON text, or any text, is written in the source.
fn written(node: &Node) -> Truth {
    let mut out = Truth::True;
    node.walk(&mut |node| {
        out = out.and(match &node.value {
            Value::Unknown(unknown) => match unknown.reason {
                Reason::Redacted => Truth::True,
                Reason::Input | Reason::Lookup | Reason::Computed => Truth::False,
                _ => Truth::Unknown,
            },
            // CloudFormation puts the value in its place, also where Terraform hands the text on.
            Value::String(text) if text.contains("{{resolve:") => Truth::False,
            Value::List(list) if list.rest.is_some() => Truth::Unknown,
            Value::Map(map) if map.rest.is_some() => Truth::Unknown,
            _ => Truth::True,
        });
    });
    out
}

/// The length of a text in characters, as a number.
#[expect(clippy::cast_precision_loss, reason = "no text has more than 2^53 characters")]
fn length(characters: usize) -> f64 {
    characters as f64
}

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    /// A question about two texts, the second usually a literal.
    fn about(
        &mut self,
        text: &Operand<'a, T::Origin>,
        part: &Operand<'a, T::Origin>,
        known: impl Fn(&str, &str) -> bool,
        partly: impl Fn(bool, &[Piece], &str) -> Truth,
    ) -> Truth {
        match (Scalar::of(text), Scalar::of(part)) {
            (Scalar::Absent, _) | (_, Scalar::Absent) => Truth::False,
            (Scalar::Text(text), Scalar::Text(part)) => known(text, part).into(),
            (Scalar::Partial(set, pieces), Scalar::Text(part)) => partly(set, pieces, part),
            (Scalar::Text(_) | Scalar::Partial(..), Scalar::Partial(..)) => Truth::Unknown,
            _ => {
                self.mismatch(text);
                self.mismatch(part)
            }
        }
    }

    pub(super) fn starts_with(
        &mut self,
        text: &Operand<'a, T::Origin>,
        part: &Operand<'a, T::Origin>,
    ) -> Truth {
        self.about(text, part, |text, part| text.starts_with(part), partial_starts_with)
    }

    pub(super) fn ends_with(
        &mut self,
        text: &Operand<'a, T::Origin>,
        part: &Operand<'a, T::Origin>,
    ) -> Truth {
        self.about(text, part, |text, part| text.ends_with(part), partial_ends_with)
    }

    pub(super) fn contains(
        &mut self,
        text: &Operand<'a, T::Origin>,
        part: &Operand<'a, T::Origin>,
    ) -> Truth {
        self.about(text, part, |text, part| text.contains(part), partial_contains)
    }

    pub(super) fn cidr_contains(
        &mut self,
        outer: &Operand<'a, T::Origin>,
        inner: &Operand<'a, T::Origin>,
    ) -> Truth {
        let contains = |outer: &str, inner: &str| {
            Block::parse(outer)
                .zip(Block::parse(inner))
                .is_some_and(|(outer, inner)| outer.contains(inner))
        };
        self.about(outer, inner, contains, |_, _, inner| {
            if Block::parse(inner).is_some() { Truth::Unknown } else { Truth::False }
        })
    }

    /// A question about one text.
    fn about_one(
        &mut self,
        text: &Operand<'a, T::Origin>,
        known: impl Fn(&str) -> Truth,
        partly: impl Fn(bool, &[Piece]) -> Truth,
    ) -> Truth {
        match Scalar::of(text) {
            Scalar::Absent => Truth::False,
            Scalar::Text(text) => known(text),
            Scalar::Partial(set, pieces) => {
                let pieces = joined(pieces);
                match whole(&pieces) {
                    Some(text) => known(text).and(yes_if(set)),
                    None => partly(set, &pieces),
                }
            }
            Scalar::Truth(_) | Scalar::Number(..) | Scalar::Mismatch => self.mismatch(text),
        }
    }

    pub(super) fn matches(&mut self, text: &Operand<'a, T::Origin>, pattern: u16) -> Truth {
        let pattern = self.program.pattern(pattern);
        let known = |text: &str| {
            pattern.and_then(|pattern| pattern.is_match(text)).map_or(Truth::Unknown, Truth::from)
        };
        self.about_one(text, known, |_, _| Truth::Unknown)
    }

    pub(super) fn is_any_address(&mut self, text: &Operand<'a, T::Origin>) -> Truth {
        let known = |text: &str| Block::is_any(text).into();
        self.about_one(text, known, |_, pieces| {
            // Only a block of length 0 is any address, and the length stands at the end.
            let length = tail(pieces).rsplit_once('/').map(|(_, length)| length.trim());
            match length {
                Some(length) if length.bytes().any(|digit| digit != b'0') => Truth::False,
                _ => Truth::Unknown,
            }
        })
    }

    pub(super) fn is_private_address(&mut self, text: &Operand<'a, T::Origin>) -> Truth {
        let known = |text: &str| Block::parse(text).is_some_and(Block::is_private).into();
        self.about_one(text, known, |_, _| Truth::Unknown)
    }

    pub(super) fn prefix_length(
        &mut self,
        text: &Operand<'a, T::Origin>,
    ) -> Operand<'a, T::Origin> {
        self.touch(text);
        match Scalar::of(text) {
            Scalar::Absent => Operand::Absent,
            Scalar::Text(text) => match Block::parse(text) {
                Some(block) => Operand::Number(block.length().into(), block.length().into()),
                None => Operand::Absent,
            },
            Scalar::Partial(..) => Operand::Opaque,
            Scalar::Truth(_) | Scalar::Number(..) | Scalar::Mismatch => {
                self.mismatch(text);
                Operand::Opaque
            }
        }
    }

    pub(super) fn version(
        &mut self,
        text: &Operand<'a, T::Origin>,
        wanted: &str,
        below: bool,
    ) -> Truth {
        let at_least = |text: &str| {
            if below { !version::at_least(text, wanted) } else { version::at_least(text, wanted) }
        };
        let truth = self.about_one(text, at_least, |set, pieces| {
            // What follows the last dot of the beginning may go on in the hole.
            let complete = lead(pieces).rsplit_once('.').map_or("", |(complete, _)| complete);
            match at_least(complete) {
                Truth::True => yes_if(set),
                other => other,
            }
        });
        self.blame_short_version(truth, text);
        truth
    }

    /// Whether the day has come on which `dates` let the text end.
    pub(super) fn passed(
        &mut self,
        text: &Operand<'a, T::Origin>,
        dates: &[(EcoString, EcoString)],
    ) -> Truth {
        let view = self.view;
        let has_come = |day: &str| day <= view.as_of();
        let truth = self.about_one(
            text,
            |text| dates::passed(text, dates, has_come),
            |_, pieces| {
                let pieces = joined(pieces);
                let reached = |value: &str| {
                    let (lead, short) = (lead(&pieces), value.len());
                    lead.starts_with(value) || (lead.len() < short && value.starts_with(lead))
                };
                let open = dates.iter().any(|(value, day)| reached(value) && has_come(day));
                if open { Truth::Unknown } else { Truth::False }
            },
        );
        self.blame_short_version(truth, text);
        truth
    }

    /// A known version that leaves a question open lacks parts: that is what to settle.
    fn blame_short_version(&mut self, truth: Truth, text: &Operand<'a, T::Origin>) {
        if let (Truth::Unknown, Scalar::Text(_)) = (truth, Scalar::of(text)) {
            let origin = match text {
                Operand::Node(_, origin) => *origin,
                _ => self.trace.whole(self.resource),
            };
            self.trace.block(origin, Cause::Version);
        }
    }

    pub(super) fn is_literal(&mut self, text: &Operand<'a, T::Origin>) -> Truth {
        match text {
            Operand::Absent => Truth::False,
            Operand::Text(_) => Truth::True,
            Operand::Node(node, _) if node.is_absent() => Truth::False,
            Operand::Node(node, _) => written(node),
            Operand::Hidden(unknown, _) => match unknown.reason {
                Reason::Input | Reason::Lookup | Reason::Computed => Truth::False,
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    /// Whether the value was taken from a resource of a type.
    pub(super) fn refers_to(&mut self, text: &Operand<'a, T::Origin>, type_index: u32) -> Truth {
        match text {
            Operand::Absent | Operand::Text(_) => Truth::False,
            Operand::Node(node, _) => self.view.refers_to(self.resource, node, type_index),
            _ => Truth::Unknown,
        }
    }

    pub(super) fn lower_ascii(&mut self, text: Operand<'a, T::Origin>) -> Operand<'a, T::Origin> {
        self.touch(&text);
        match Scalar::of(&text) {
            Scalar::Absent => Operand::Absent,
            Scalar::Text(known) => Operand::Text(Cow::Owned(known.to_ascii_lowercase())),
            Scalar::Partial(set, pieces) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => Piece::Text(text.to_ascii_lowercase()),
                    Piece::Hole => Piece::Hole,
                });
                Operand::Partial(set, pieces.collect())
            }
            Scalar::Truth(_) | Scalar::Number(..) | Scalar::Mismatch => {
                self.mismatch(&text);
                Operand::Opaque
            }
        }
    }

    /// The length of a text in characters; of an absent one 0.
    pub(super) fn size_of_text(&mut self, text: &Operand<'a, T::Origin>) -> Operand<'a, T::Origin> {
        self.touch(text);
        match Scalar::of(text) {
            Scalar::Absent => Operand::Number(0.0, 0.0),
            Scalar::Text(known) => {
                let length = length(known.chars().count());
                Operand::Number(length, length)
            }
            Scalar::Partial(set, pieces) => {
                let known: usize = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => text.chars().count(),
                        Piece::Hole => 0,
                    })
                    .sum();
                let least = if set { length(known).max(1.0) } else { 0.0 };
                let open = pieces.is_empty() || pieces.contains(&Piece::Hole);
                let most = if open { f64::INFINITY } else { length(known) };
                Operand::Number(least.min(most), most)
            }
            Scalar::Truth(_) | Scalar::Number(..) | Scalar::Mismatch => {
                self.mismatch(text);
                Operand::Opaque
            }
        }
    }
}
