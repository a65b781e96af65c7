//! Parser events to nodes, without recursion.

use std::borrow::Cow;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use onus_model::{Diagnostic, FileId, List, Map, Node, Reason, Span, Unknown, Value};
use rustc_hash::FxHashMap;

use crate::{MAX_ALIASED, MAX_DEPTH, Options, scalar};

/// YAML text to nodes.
pub(crate) fn parse(text: &str, file: FileId, options: &Options) -> (Vec<Node>, Vec<Diagnostic>) {
    let limits = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        // Minified JSON has keys far into a line, and long ones.
        simple_key_max_lookahead: 65_536,
    };
    let mut builder = Builder::new(file, *options);
    for event in Parser::new_from_str_with_options(text, limits) {
        let stop = match event {
            Ok((event, span)) => builder.event(event, span.start).is_break(),
            Err(error) => {
                let span = builder.place(*error.marker());
                let message = eco_format!("this is not valid YAML: {}", error.info());
                builder.diagnostics.push(
                    Diagnostic::error(message, span)
                        .help("mend the file; what comes after this place was not read"),
                );
                true
            }
        };
        if stop {
            builder.break_off();
            break;
        }
    }
    (builder.documents, builder.diagnostics)
}

/// The warning for a key that was there before.
pub(crate) fn duplicate(key: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(eco_format!("the key `{key}` is written twice; the last one counts"), span)
}

/// A finished node with what an alias to it would cost.
#[derive(Clone)]
struct Built {
    node: Node,
    size: usize,
    height: usize,
}

/// A collection whose end has not come yet.
struct Frame {
    span: Span,
    anchor: usize,
    tag: Option<EcoString>,
    size: usize,
    height: usize,
    shape: Shape,
}

enum Shape {
    List(Vec<Node>),
    Map(Entries),
}

#[derive(Default)]
struct Entries {
    map: Map,
    key: Option<Key>,
    merged: Vec<Node>,
}

/// A key that waits for its value.
enum Key {
    Name(EcoString, Span),
    Merge(Span),
    /// A list or mapping as key, which nothing that onus reads has.
    Unusable,
}

struct Builder {
    file: FileId,
    options: Options,
    documents: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
    stack: Vec<Frame>,
    anchors: FxHashMap<usize, Built>,
    aliased: usize,
}

type Flow = std::ops::ControlFlow<()>;

impl Builder {
    fn new(file: FileId, options: Options) -> Builder {
        Builder {
            file,
            options,
            documents: Vec::new(),
            diagnostics: Vec::new(),
            stack: Vec::new(),
            anchors: FxHashMap::default(),
            aliased: 0,
        }
    }

    fn place(&self, marker: Marker) -> Span {
        let line = u32::try_from(marker.line()).unwrap_or(u32::MAX);
        let column = u32::try_from(marker.col() + 1).unwrap_or(u32::MAX);
        Span::new(self.file, line, column)
    }

    fn event(&mut self, event: Event<'_>, at: Marker) -> Flow {
        let span = self.place(at);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(_, anchor, tag) => {
                return self.open(Shape::List(Vec::new()), anchor, tag, span);
            }
            Event::MappingStart(_, anchor, tag) => {
                return self.open(Shape::Map(Entries::default()), anchor, tag, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = eco_format!("the alias `*{name}` has no anchor before it");
                self.refuse(message, Reason::Invalid, span);
            }
            Event::DocumentStart(..) => self.anchors.clear(),
            _ => {}
        }
        Flow::Continue(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let plain = style == ScalarStyle::Plain;
        if self.wants_key() && tag.is_none_or(|tag| tag.is_yaml_core_schema()) {
            let merge = plain && text == "<<";
            if anchor != 0 {
                let node = Node::string(text, span);
                self.anchors.insert(anchor, Built { node, size: 1, height: 1 });
            }
            let key = if merge { Key::Merge(span) } else { Key::Name(text.into(), span) };
            return self.set_key(key);
        }
        let (value, key) = match tag.map(|tag| (tag, self.tag(tag, span))) {
            // What a function is given is text, however it looks.
            Some((_, Some(key))) => (Value::String(text.into()), Some(key)),
            Some((tag, None)) if tag.is_yaml_core_schema_tag("str") => {
                (Value::String(text.into()), None)
            }
            _ if plain => (scalar::plain(text, self.options.yaml_1_1), None),
            _ => (Value::String(text.into()), None),
        };
        let built = Built { node: Node::new(value, span), size: 1, height: 1 };
        self.finish(built, anchor, key);
    }

    fn open(&mut self, shape: Shape, anchor: usize, tag: Option<Cow<'_, Tag>>, at: Span) -> Flow {
        if self.stack.len() >= MAX_DEPTH {
            let message = eco_format!("this is nested more than {MAX_DEPTH} deep");
            self.diagnostics.push(
                Diagnostic::error(message, at)
                    .help("nest less; what comes after this place was not read"),
            );
            return Flow::Break(());
        }
        let tag = tag.and_then(|tag| self.tag(&tag, at));
        let key = match self.stack.last() {
            Some(Frame { shape: Shape::Map(Entries { key, .. }), .. }) => key.as_ref(),
            _ => None,
        };
        let span = match key {
            Some(Key::Name(_, span) | Key::Merge(span)) => *span,
            Some(Key::Unusable) | None => at,
        };
        self.stack.push(Frame { span, anchor, tag, size: 1, height: 1, shape });
        Flow::Continue(())
    }

    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        let value = match frame.shape {
            Shape::List(items) => Value::List(Arc::new(List { items, rest: None })),
            Shape::Map(entries) => self.map(entries),
        };
        let node = Node::new(value, frame.span);
        self.finish(
            Built { node, size: frame.size, height: frame.height },
            frame.anchor,
            frame.tag,
        );
    }

    /// A mapping with the entries of its merge keys, which its own entries override.
    fn map(&mut self, entries: Entries) -> Value {
        let Entries { mut map, merged, .. } = entries;
        for node in merged {
            match &node.value {
                Value::Map(other) => {
                    for (key, value) in &other.entries {
                        if !map.entries.contains_key(key) {
                            map.entries.insert(key.clone(), value.clone());
                        }
                    }
                    map.rest = map.rest.or_else(|| other.rest.clone());
                }
                Value::Unknown(unknown) => map.rest = Some(unknown.clone()),
                _ => {
                    let message = "a merge key `<<` needs a mapping or a list of mappings";
                    self.diagnostics.push(Diagnostic::error(message, node.span));
                    map.rest = Some(Arc::new(Unknown::new(Reason::Invalid, "the merge key `<<`")));
                }
            }
        }
        Value::Map(Arc::new(map))
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let Some(built) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside of what it stands for".into();
            return self.refuse(message, Reason::Cycle, span);
        };
        if self.wants_key() {
            let key = match &built.node.value {
                Value::String(text) => Key::Name(text.clone(), span),
                _ => self.unusable_key(span),
            };
            return self.set_key(key);
        }
        let aliased = self.aliased.saturating_add(built.size);
        if aliased > MAX_ALIASED || self.stack.len() + built.height > MAX_DEPTH {
            let message = "the aliases of this file stand for more than onus expands".into();
            return self.refuse(message, Reason::Limit, span);
        }
        let built = built.clone();
        self.aliased = aliased;
        self.attach(built);
    }

    /// An error, and an unknown value in its place.
    fn refuse(&mut self, message: EcoString, reason: Reason, span: Span) {
        let unknown = Unknown::new(reason, message.clone());
        self.diagnostics.push(Diagnostic::error(message, span));
        if self.wants_key() {
            return self.set_key(Key::Unusable);
        }
        self.attach(Built { node: Node::unknown(unknown, span), size: 1, height: 1 });
    }

    /// Wraps a node in its short-form tag, remembers it under its anchor, and attaches it.
    fn finish(&mut self, mut built: Built, anchor: usize, tag: Option<EcoString>) {
        if let Some(key) = tag {
            let span = built.node.span;
            if key.is_empty() {
                let unknown = Unknown::new(Reason::Function, "what its tag makes of it");
                return self.attach(Built { node: Node::unknown(unknown, span), ..built });
            }
            built.node = Node::map([(key, built.node)], span);
            built.size += 1;
            built.height += 1;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        self.attach(built);
    }

    fn attach(&mut self, built: Built) {
        if self.wants_key() {
            let key = self.unusable_key(built.node.span);
            return self.set_key(key);
        }
        let Some(frame) = self.stack.last_mut() else {
            return self.documents.push(built.node);
        };
        frame.size = frame.size.saturating_add(built.size);
        frame.height = frame.height.max(built.height + 1);
        let entries = match &mut frame.shape {
            Shape::List(items) => return items.push(built.node),
            Shape::Map(entries) => entries,
        };
        match entries.key.take() {
            Some(Key::Name(key, span)) => {
                let mut node = built.node;
                if node.is_absent() {
                    node.span = span;
                }
                let name = key.clone();
                if entries.map.entries.insert(key, node).is_some() {
                    self.diagnostics.push(duplicate(&name, span));
                }
            }
            Some(Key::Merge(_)) => match &built.node.value {
                Value::List(list) => entries.merged.extend(list.items.iter().cloned()),
                _ => entries.merged.push(built.node),
            },
            Some(Key::Unusable) | None => {}
        }
    }

    fn wants_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame { shape: Shape::Map(Entries { key: None, .. }), .. })
        )
    }

    fn set_key(&mut self, key: Key) {
        if let Some(Frame { shape: Shape::Map(entries), .. }) = self.stack.last_mut() {
            entries.key = Some(key);
        }
    }

    fn unusable_key(&mut self, span: Span) -> Key {
        let message = "a key must be text; this entry was left out";
        self.diagnostics.push(Diagnostic::error(message, span));
        Key::Unusable
    }

    /// The key that a short-form tag stands for; empty for one that means nothing.
    fn tag(&mut self, tag: &Tag, span: Span) -> Option<EcoString> {
        if tag.is_yaml_core_schema()
            || tag.handle() == "tag:yaml.org,2002:"
            || tag.suffix().is_empty()
        {
            return None;
        }
        let key = (tag.handle() == "!").then(|| (self.options.tags)(tag.suffix())).flatten();
        if key.is_none() {
            let message = eco_format!(
                "the tag `{}` means nothing here; its value is not known",
                tag.original()
            );
            self.diagnostics.push(Diagnostic::warning(message, span));
        }
        Some(key.unwrap_or_default())
    }

    /// Closes what is open, each collection marked as going on beyond what was read.
    fn break_off(&mut self) {
        let line = self.diagnostics.last().map_or(0, |error| error.span.line);
        let settles = eco_format!("mending the error in line {line}");
        let rest = Arc::new(Unknown::new(Reason::Invalid, settles));
        self.doubt_last(&rest);
        while let Some(frame) = self.stack.last_mut() {
            match &mut frame.shape {
                Shape::List(items) => {
                    let list = List { items: std::mem::take(items), rest: Some(rest.clone()) };
                    let node = Node::new(Value::List(Arc::new(list)), frame.span);
                    let built = Built { node, size: frame.size, height: frame.height };
                    let tag = frame.tag.take();
                    self.stack.pop();
                    self.finish(built, 0, tag);
                }
                Shape::Map(entries) => {
                    if let Some(Key::Name(key, span)) = entries.key.take() {
                        let node = Node::new(Value::Unknown(rest.clone()), span);
                        entries.map.entries.insert(key, node);
                    }
                    entries.map.rest = Some(rest.clone());
                    self.close();
                }
            }
        }
    }

    /// The scalar read last may have swallowed what is wrong after it.
    fn doubt_last(&mut self, rest: &Arc<Unknown>) {
        let last = match self.stack.last_mut().map(|frame| &mut frame.shape) {
            Some(Shape::List(items)) => items.last_mut(),
            Some(Shape::Map(Entries { key: None, map, .. })) => {
                map.entries.last_mut().map(|(_, node)| node)
            }
            _ => None,
        };
        if let Some(node) = last
            && !matches!(node.value, Value::List(_) | Value::Map(_))
        {
            node.value = Value::Unknown(rest.clone());
        }
    }
}
