//! Reading the catalog's YAML: mappings with known keys, each mistake told with its place.

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Map, Node, Span, Value};

/// Collects what is wrong.
#[derive(Default)]
pub(crate) struct Mistakes(pub(crate) Vec<Diagnostic>);

impl Mistakes {
    pub(crate) fn add(&mut self, message: impl Into<EcoString>, span: Span) {
        self.0.push(Diagnostic::error(message, span));
    }

    pub(crate) fn add_with_help(
        &mut self,
        message: impl Into<EcoString>,
        span: Span,
        help: impl Into<EcoString>,
    ) {
        self.0.push(Diagnostic::error(message, span).help(help));
    }
}

/// A mapping of which every key is accounted for: those that nobody asked about are mistakes.
pub(crate) struct Fields<'a> {
    entries: Option<&'a Map>,
    pub(crate) span: Span,
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The mapping `node`; if it is none, that is told and the result is empty.
    pub(crate) fn of(node: &'a Node, what: &'static str, mistakes: &mut Mistakes) -> Fields<'a> {
        let entries = match &node.value {
            Value::Map(map) => Some(map.as_ref()),
            _ => {
                mistakes.add(
                    eco_format!("{what} is written as a mapping, this is {}", kind(node)),
                    node.span,
                );
                None
            }
        };
        Fields { entries, span: node.span, what, asked: Vec::new() }
    }

    /// The entry `key`, if there is one and it is not null.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.and_then(|map| map.entries.get(key)).filter(|node| !node.is_absent())
    }

    /// The entry `key`; told if missing.
    pub(crate) fn required(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> Option<&'a Node> {
        let node = self.optional(key);
        if node.is_none() && self.entries.is_some() {
            mistakes.add(eco_format!("{} needs `{key}`", self.what), self.span);
        }
        node
    }

    /// The text under `key`; empty and told if missing or not text.
    pub(crate) fn text(&mut self, key: &'static str, mistakes: &mut Mistakes) -> EcoString {
        self.required(key, mistakes).map(|node| text(node, mistakes)).unwrap_or_default()
    }

    /// The text under `key`; empty if missing.
    pub(crate) fn optional_text(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> EcoString {
        self.optional(key).map(|node| text(node, mistakes)).unwrap_or_default()
    }

    /// The list of texts under `key` (one text stands for a list of one); empty if missing.
    pub(crate) fn texts(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Vec<EcoString> {
        self.optional(key).map(|node| texts(node, mistakes)).unwrap_or_default()
    }

    /// `true` if the entry says so; false if missing.
    pub(crate) fn flag(&mut self, key: &'static str, mistakes: &mut Mistakes) -> bool {
        match self.optional(key).map(|node| (&node.value, node.span)) {
            None => false,
            Some((Value::Bool(value), _)) => *value,
            Some((_, span)) => {
                mistakes.add(eco_format!("`{key}` is true or false"), span);
                false
            }
        }
    }

    /// A word of a closed list under `key`.
    pub(crate) fn word<T: std::str::FromStr>(
        &mut self,
        key: &'static str,
        choices: &str,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let node = self.required(key, mistakes)?;
        word(node, key, choices, mistakes)
    }

    /// Tells the keys that nobody asked about.
    pub(crate) fn finish(self, mistakes: &mut Mistakes) {
        let Some(map) = self.entries else { return };
        for (key, node) in &map.entries {
            if !self.asked.iter().any(|asked| asked == key) {
                let help = eco_format!("{} may have: {}", self.what, self.asked.join(", "));
                mistakes.add_with_help(
                    eco_format!("{} has no `{key}`", self.what),
                    node.span,
                    help,
                );
            }
        }
    }
}

/// The entries of a mapping with free keys.
pub(crate) fn entries<'a>(
    node: Option<&'a Node>,
    what: &'static str,
    mistakes: &mut Mistakes,
) -> Vec<(&'a EcoString, &'a Node)> {
    match node.map(|node| (&node.value, node.span)) {
        None => Vec::new(),
        Some((Value::Map(map), _)) => map.entries.iter().collect(),
        Some((_, span)) => {
            mistakes.add(eco_format!("{what} is written as a mapping"), span);
            Vec::new()
        }
    }
}

/// The elements of a list.
pub(crate) fn elements<'a>(
    node: Option<&'a Node>,
    what: &'static str,
    mistakes: &mut Mistakes,
) -> Vec<&'a Node> {
    match node.map(|node| (&node.value, node.span)) {
        None => Vec::new(),
        Some((Value::List(list), _)) => list.items.iter().collect(),
        Some((_, span)) => {
            mistakes.add(eco_format!("{what} is written as a list"), span);
            Vec::new()
        }
    }
}

/// Text; numbers and truth values count as the text that spells them.
pub(crate) fn text(node: &Node, mistakes: &mut Mistakes) -> EcoString {
    match &node.value {
        Value::String(text) => text.trim().into(),
        Value::Bool(value) => eco_format!("{value}"),
        Value::Number(value) => eco_format!("{value}"),
        _ => {
            mistakes.add(eco_format!("text is wanted here, this is {}", kind(node)), node.span);
            EcoString::new()
        }
    }
}

/// A list of texts, or one text.
pub(crate) fn texts(node: &Node, mistakes: &mut Mistakes) -> Vec<EcoString> {
    match &node.value {
        Value::List(list) => list.items.iter().map(|item| text(item, mistakes)).collect(),
        _ => vec![text(node, mistakes)],
    }
}

/// A word of a closed list.
pub(crate) fn word<T: std::str::FromStr>(
    node: &Node,
    what: &str,
    choices: &str,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let spelled = text(node, mistakes);
    let word = spelled.parse().ok();
    if word.is_none() && !spelled.is_empty() {
        mistakes.add_with_help(
            eco_format!("`{spelled}` is no {what}"),
            node.span,
            eco_format!("one of: {choices}"),
        );
    }
    word
}

/// The published names of a closed list, for help.
pub(crate) fn names<T: std::fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A date, checked to look like `YYYY-MM-DD`.
pub(crate) fn date(node: &Node, mistakes: &mut Mistakes) -> EcoString {
    let spelled = text(node, mistakes);
    let shaped = spelled.len() == 10
        && spelled.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
        });
    if !shaped {
        mistakes.add(eco_format!("`{spelled}` is no date"), node.span);
    }
    spelled
}

fn kind(node: &Node) -> &'static str {
    match &node.value {
        Value::Absent => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
        Value::Encoded(_) | Value::Choice(_) | Value::Unknown(_) => "undecided",
    }
}
