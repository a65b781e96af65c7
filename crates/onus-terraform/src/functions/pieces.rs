//! Text put together from parts of which some may not be known.

use ecow::EcoString;
use onus_model::{Node, Piece, Reason, Span, Unknown, Value};

use super::call::{MAX_TEXT, Outcome, Stop, too_long};
use super::convert::text_of;

/// Text in the making.
#[derive(Default)]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    last: EcoString,
    unknown: Option<Unknown>,
    set: bool,
    length: usize,
}

impl Pieces {
    /// Adds known text.
    pub(crate) fn text(&mut self, text: &str) {
        self.length = self.length.saturating_add(text.len());
        if self.length <= MAX_TEXT {
            self.last.push_str(text);
        }
    }

    /// Adds one character.
    pub(crate) fn character(&mut self, c: char) {
        self.text(c.encode_utf8(&mut [0; 4]));
    }

    /// Adds a part of which nothing is known.
    pub(crate) fn hole(&mut self, unknown: &Unknown) {
        self.flush();
        if self.pieces.last() != Some(&Piece::Hole) {
            self.pieces.push(Piece::Hole);
        }
        self.set |= unknown.set;
        self.unknown.get_or_insert_with(|| unknown.clone());
    }

    /// Adds a node as text, as far as it is known.
    pub(crate) fn node(&mut self, node: &Node) -> Outcome<()> {
        match text_of(node) {
            Ok(text) => self.text(&text),
            Err(Stop::Unknown(unknown)) if matches!(node.value, Value::Unknown(_)) => {
                self.partly(&unknown);
            }
            Err(Stop::Unknown(unknown)) => self.hole(&unknown),
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    fn partly(&mut self, unknown: &Unknown) {
        if unknown.pieces.is_empty() {
            return self.hole(unknown);
        }
        for piece in &unknown.pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Hole => self.hole(unknown),
            }
        }
    }

    /// The whole: text, or an unknown that keeps its known parts.
    pub(crate) fn finish(mut self, span: Span) -> Node {
        if self.length > MAX_TEXT {
            return Node::unknown(Unknown::set(Reason::Limit, too_long()), span);
        }
        let Some(unknown) = self.unknown.take() else {
            return Node::string(self.last, span);
        };
        self.flush();
        let text = self.pieces.iter().any(|piece| matches!(piece, Piece::Text(_)));
        let pieces = if text { self.pieces } else { Vec::new() };
        Node::unknown(Unknown { set: self.set || text, pieces, ..unknown }, span)
    }

    fn flush(&mut self) {
        if !self.last.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.last)));
        }
    }
}
