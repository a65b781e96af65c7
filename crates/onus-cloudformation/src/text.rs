//! Text from parts of which some are not known.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Node, Piece, Reason, Reference, Span, Unknown, Value};
use rustc_hash::FxHashSet;

/// The text of a known plain value.
pub(crate) fn of(node: &Node) -> Option<EcoString> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(eco_format!("{number}")),
        Value::Bool(value) => Some(if *value { "true".into() } else { "false".into() }),
        _ => None,
    }
}

/// A part of a `Fn::Sub` text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// These characters.
    Text(&'a str),
    /// `${name}`.
    Name(&'a str),
}

/// The parts of a `Fn::Sub` text; `${!x}` stands for `${x}`.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, next)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        match name.strip_prefix('!') {
            Some(_) => {
                parts.push(Part::Text("${"));
                let literal = after.get(1..=name.len()).unwrap_or_default();
                parts.push(Part::Text(literal));
            }
            None => parts.push(Part::Name(name.trim())),
        }
        rest = next;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Text under construction.
#[derive(Default)]
pub(crate) struct Text {
    pieces: Vec<Piece>,
    known: String,
    unknown: Option<(Reason, EcoString)>,
    set: bool,
    references: Vec<Reference>,
    recipe: EcoString,
    /// A part has no name by which it could be told from others.
    unnamed: bool,
}

impl Text {
    /// Adds known characters.
    pub(crate) fn push(&mut self, text: &str) {
        self.known.push_str(text);
        self.recipe.push_str(text);
    }

    /// Adds a value; false when it is nothing that text can hold.
    pub(crate) fn add(&mut self, node: &Node) -> bool {
        self.references.extend(node.references().iter().cloned());
        match &node.value {
            Value::String(text) => self.push(text),
            Value::Unknown(unknown) => self.add_unknown(unknown),
            _ => match of(node) {
                Some(text) => self.push(&text),
                None => return false,
            },
        }
        true
    }

    fn add_unknown(&mut self, unknown: &Unknown) {
        self.set |= unknown.set;
        // Blockers are grouped by what settles them: prefer what the user decides to what only the
        // deployment does.
        let deployment = |settles: &str| settles.starts_with("AWS::");
        match &self.unknown {
            Some((_, settles)) if !deployment(settles) || deployment(&unknown.settles) => {}
            _ => self.unknown = Some((unknown.reason, unknown.settles.clone())),
        }
        match (unknown.recipe.as_str(), unknown.reason) {
            ("", Reason::Input | Reason::Lookup) if unknown.pieces.is_empty() => {
                self.recipe.push_str(&eco_format!("\0{}\0", unknown.settles));
            }
            ("", _) => self.unnamed = true,
            (recipe, _) => self.recipe.push_str(recipe),
        }
        if unknown.pieces.is_empty() {
            return self.hole();
        }
        for piece in &unknown.pieces {
            match piece {
                Piece::Text(text) => self.known.push_str(text),
                Piece::Hole => self.hole(),
            }
        }
    }

    fn hole(&mut self) {
        self.flush();
        if self.pieces.last() != Some(&Piece::Hole) {
            self.pieces.push(Piece::Hole);
        }
    }

    fn flush(&mut self) {
        if !self.known.is_empty() {
            self.pieces.push(Piece::Text(self.known.as_str().into()));
            self.known.clear();
        }
    }

    /// The text as a value.
    pub(crate) fn finish(mut self, span: Span) -> Node {
        let Some((reason, settles)) = self.unknown.take() else {
            let node = Node::string(self.known, span);
            return taken_from(dynamic(&node).unwrap_or(node), self.references);
        };
        self.flush();
        let texts = || self.pieces.iter().filter(|piece| matches!(piece, Piece::Text(_)));
        let set = self.set || texts().count() > 0;
        let lookup = texts().any(|piece| matches!(piece, Piece::Text(text) if is_dynamic(text)));
        let unknown = if lookup {
            Unknown::set(Reason::Lookup, settles)
        } else {
            let recipe = if self.unnamed { EcoString::new() } else { self.recipe };
            Unknown { reason, settles, set, pieces: self.pieces, recipe }
        };
        taken_from(Node::unknown(unknown, span), self.references)
    }
}

/// `node`, taken from all of these, once each.
pub(crate) fn taken_from(node: Node, mut references: Vec<Reference>) -> Node {
    once_each(&mut references);
    let references = (!references.is_empty()).then(|| Arc::new(references));
    Node { references, ..node }
}

/// Keeps the first of equal references.
pub(crate) fn once_each(references: &mut Vec<Reference>) {
    if references.len() > 1 {
        let mut seen = FxHashSet::default();
        references.retain(|reference| seen.insert(reference.clone()));
    }
}

/// The text holds `{{resolve:…}}`, which CloudFormation replaces when it deploys.
pub(crate) fn is_dynamic(text: &str) -> bool {
    text.len() > 10 && text.contains("{{resolve:")
}

/// Text with a dynamic reference as the unknown that it stands for; `None` for other values.
pub(crate) fn dynamic(node: &Node) -> Option<Node> {
    let text = node.as_str().filter(|text| is_dynamic(text))?;
    let from = text.find("{{resolve:")?;
    let reference = text.get(from..)?;
    let reference = reference.split_inclusive("}}").next().unwrap_or(reference);
    let mut unknown = Unknown::set(Reason::Lookup, reference);
    for (at, part) in text.split("{{resolve:").enumerate() {
        let written = match at {
            0 => part,
            _ => part.split_once("}}").map_or("", |(_, after)| after),
        };
        if at > 0 {
            unknown.pieces.push(Piece::Hole);
        }
        if !written.is_empty() {
            unknown.pieces.push(Piece::Text(written.into()));
        }
    }
    Some(Node::unknown(unknown, node.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_text_falls_into_parts() {
        let cases: &[(&str, &[Part<'_>])] = &[
            ("", &[]),
            ("a", &[Part::Text("a")]),
            ("a${B}c", &[Part::Text("a"), Part::Name("B"), Part::Text("c")]),
            ("${A.B}${C}", &[Part::Name("A.B"), Part::Name("C")]),
            ("${!lit}x", &[Part::Text("${"), Part::Text("lit}"), Part::Text("x")]),
            ("a${b", &[Part::Text("a${b")]),
            ("$a $ {b}", &[Part::Text("$a $ {b}")]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), *expected, "{text}");
        }
    }
}
