//! `count` and `for_each`: which instances there are, certain and possible.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, List, Map, Node, Reason, Span, Unknown, Value};

use rustc_hash::FxHashMap;

use super::instance::{Key, Repetition};
use super::{Evaluated, INSTANCE_LIMIT, Run, Scope};
use crate::choice::{self, NOTHING_THERE};
use crate::functions::convert::{number_of, text_of};
use crate::syntax::Body;

/// How a block is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Single,
    Count,
    ForEach,
}

/// The instances of a block.
#[derive(Debug)]
pub(super) struct Members {
    pub(super) kind: Kind,
    /// The value of `count` or `for_each`.
    of: Node,
    pub(super) list: Vec<Repetition>,
    /// Indexes by key, for `for_each`.
    by_key: FxHashMap<EcoString, usize>,
    /// Index of the one that stands for all those that are not known.
    open: Option<usize>,
    /// Decides whether there are any that are not known.
    key: EcoString,
}

impl Members {
    fn position(&self, key: &Key) -> Option<usize> {
        match key {
            // Indexes come first and in order.
            Key::Index(index) => {
                self.list.get(*index).filter(|member| member.key == *key).map(|_| *index)
            }
            Key::Text(name) => self.by_key.get(name).copied(),
            Key::None => None,
        }
    }

    /// The instance called `key`, in the case that `count` or `for_each` is `of`.
    fn find(&self, of: &Node, key: &Node) -> Option<usize> {
        match &of.value {
            Value::Number(count) => {
                let index = number_of(key).ok().filter(|index| index >= &0.0 && index < count)?;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and the number of instances"
                )]
                self.position(&Key::Index(index as usize))
            }
            Value::Map(map) => {
                let name = text_of(key).ok()?;
                let index = self.position(&Key::Text(name.clone()))?;
                (map.entries.contains_key(&name) || map.rest.is_some()).then_some(index)
            }
            Value::List(list) => {
                let name = text_of(key).ok()?;
                let index = self.position(&Key::Text(name.clone()))?;
                let has = list.items.iter().any(|item| item.as_str() == Some(&name));
                (has || list.rest.is_some()).then_some(index)
            }
            _ => None,
        }
    }
}

impl Run<'_> {
    /// The instances of a block at `address` (full, without a key).
    pub(super) fn members(&self, body: &Body, address: &str, scope: &Scope<'_>) -> Members {
        let (kind, attribute) = match (body.attribute("count"), body.attribute("for_each")) {
            (Some(count), _) => (Kind::Count, Some(count)),
            (None, Some(for_each)) => (Kind::ForEach, Some(for_each)),
            (None, None) => (Kind::Single, None),
        };
        let key = eco_format!("existence of {address}");
        let Some(attribute) = attribute else {
            let only = Repetition { address: address.into(), ..Repetition::default() };
            let of = Node::default();
            let by_key = FxHashMap::default();
            return Members { kind, of, list: vec![only], by_key, open: None, key };
        };
        let what = eco_format!("{} of {address}", attribute.name);
        let of = self.settled(self.evaluate(&attribute.value, scope), &what, attribute.span);
        let mut maker = Maker { run: self, address, of: &of, list: Vec::new(), open: None };
        match kind {
            Kind::Count => maker.count(attribute.span),
            _ => maker.for_each(attribute.span),
        }
        let Maker { mut list, open, .. } = maker;
        let open = open.map(|open| {
            list.push(open);
            list.len() - 1
        });
        let by_key = list.iter().enumerate().filter_map(|(index, member)| match &member.key {
            Key::Text(name) => Some((name.clone(), index)),
            _ => None,
        });
        Members { kind, by_key: by_key.collect(), of, list, open, key }
    }

    /// What `value` gives for the instance with this key.
    pub(super) fn select(
        &self,
        members: &Members,
        key: Node,
        span: Span,
        value: &mut dyn FnMut(usize) -> Evaluated,
    ) -> Evaluated {
        choice::over(&[members.of.clone(), key], span, &mut |nodes| {
            let [of, key] = nodes else { return Ok(Node::default()) };
            if let Some(index) = members.find(of, key) {
                return value(index);
            }
            if let (Some(open), true) = (members.open, may_have_more(of, key)) {
                let some = value(open)?;
                let Value::Unknown(unknown) = &of.value else { return Ok(some) };
                let nothing = Node::unknown(Unknown::new(Reason::Invalid, NOTHING_THERE), span);
                let options = vec![("some".into(), some), ("none".into(), nothing)];
                return Ok(choice::join(
                    members.key.clone(),
                    unknown.settles.clone(),
                    options,
                    span,
                ));
            }
            if matches!(key.value, Value::Unknown(_)) {
                let whole = self.whole_of(members, of, span, value)?;
                return self.index(whole, key.clone(), span);
            }
            let message = eco_format!("{NOTHING_THERE}: no instance with this key");
            Err(Box::new(Diagnostic::error(message, span)))
        })
    }

    /// All instances as one value: a list for `count`, a map for `for_each`.
    pub(super) fn whole(
        &self,
        members: &Members,
        span: Span,
        value: &mut dyn FnMut(usize) -> Evaluated,
    ) -> Evaluated {
        if members.kind == Kind::Single {
            return value(0);
        }
        choice::over(std::slice::from_ref(&members.of), span, &mut |nodes| {
            let Some(of) = nodes.first() else { return Ok(Node::default()) };
            self.whole_of(members, of, span, value)
        })
    }

    fn whole_of(
        &self,
        members: &Members,
        of: &Node,
        span: Span,
        value: &mut dyn FnMut(usize) -> Evaluated,
    ) -> Evaluated {
        let keys: Vec<Node> = match &of.value {
            Value::Number(count) => {
                let known = members.list.len();
                let indexes = (0..known).map(|index| index_node(index, span));
                indexes.take_while(|index| number_of(index).is_ok_and(|n| n < *count)).collect()
            }
            Value::Map(map) => {
                map.entries.keys().map(|key| Node::string(key.clone(), span)).collect()
            }
            Value::List(list) => list.items.clone(),
            _ => Vec::new(),
        };
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            self.step(span)?;
            if let Some(index) = members.find(of, &key) {
                values.push((text_of(&key).unwrap_or_default(), value(index)?));
            }
        }
        let rest = rest_of(of);
        if members.kind == Kind::ForEach {
            let map = Map { entries: values.into_iter().collect(), rest: rest.clone() };
            let references = match (members.open, rest) {
                (Some(open), Some(_)) => value(open)?.references().to_vec(),
                _ => Vec::new(),
            };
            return Ok(Node::new(Value::Map(Arc::new(map)), span).with_references(&references));
        }
        let mut list =
            List { items: values.into_iter().map(|(_, value)| value).collect(), rest: None };
        let (Some(open), Some(rest)) = (members.open, rest) else {
            return Ok(Node::new(Value::List(Arc::new(list)), span));
        };
        list.items.push(value(open)?);
        list.rest = Some(rest.clone());
        let some = Node::new(Value::List(Arc::new(list)), span);
        let none = Node::list(Vec::new(), span);
        let options = vec![("some".into(), some), ("none".into(), none)];
        Ok(choice::join(members.key.clone(), rest.settles.clone(), options, span))
    }
}

/// There may be instances with other keys than those known.
fn may_have_more(of: &Node, key: &Node) -> bool {
    match &of.value {
        Value::Unknown(_) => true,
        _ => rest_of(of).is_some() || matches!(key.value, Value::Unknown(_)),
    }
}

fn rest_of(of: &Node) -> Option<Arc<Unknown>> {
    match &of.value {
        Value::Map(map) => map.rest.clone(),
        Value::List(list) => {
            let open = list.items.iter().find_map(|item| match &item.value {
                Value::Unknown(unknown) => Some(unknown.clone()),
                _ => None,
            });
            list.rest.clone().or(open)
        }
        Value::Unknown(unknown) => Some(unknown.clone()),
        _ => None,
    }
}

fn index_node(index: usize, span: Span) -> Node {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    Node::new(Value::Number(index as f64), span)
}

/// The making of a list of instances.
struct Maker<'m, 'w> {
    run: &'m Run<'w>,
    address: &'m str,
    of: &'m Node,
    list: Vec<Repetition>,
    open: Option<Repetition>,
}

/// The ways that a value may turn out, without the choices above them; and what settles which.
fn ways<'n>(node: &'n Node, settles: &mut Option<EcoString>, into: &mut Vec<&'n Node>) {
    match &node.value {
        Value::Choice(choice) => {
            settles.get_or_insert_with(|| choice.settles.clone());
            choice.options.iter().for_each(|(_, option)| ways(option, settles, into));
        }
        _ => into.push(node),
    }
}

impl Maker<'_, '_> {
    fn count(&mut self, span: Span) {
        let mut settles = None;
        let mut ways_found = Vec::new();
        ways(self.of, &mut settles, &mut ways_found);
        let (mut least, mut most) = (usize::MAX, 0);
        for way in ways_found {
            match number_of(way) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates, and is limited below"
                )]
                Ok(count) => {
                    least = least.min(count as usize);
                    most = most.max(count as usize);
                }
                Err(_) => {
                    least = 0;
                    self.open(way, span);
                }
            }
        }
        for index in 0..self.limited(most, span) {
            let key = Key::Index(index);
            let settles = settles.clone().unwrap_or_default();
            self.list.push(Repetition {
                address: key.of(self.address),
                key,
                count: Some(index_node(index, span)),
                each: None,
                possible: (index >= least).then(|| Unknown::new(Reason::Input, settles)),
                any_number: false,
            });
        }
    }

    fn for_each(&mut self, span: Span) {
        let mut settles = None;
        let mut ways_found = Vec::new();
        ways(self.of, &mut settles, &mut ways_found);
        let mut keys: indexmap::IndexMap<EcoString, usize, rustc_hash::FxBuildHasher> =
            indexmap::IndexMap::default();
        let all = ways_found.len();
        for way in ways_found {
            match &way.value {
                Value::Map(map) => {
                    for key in map.entries.keys() {
                        *keys.entry(key.clone()).or_default() += 1;
                    }
                }
                Value::List(list) => {
                    let texts = list.items.iter().filter_map(|item| text_of(item).ok());
                    let unique: indexmap::IndexSet<EcoString> = texts.collect();
                    for key in unique {
                        *keys.entry(key).or_default() += 1;
                    }
                }
                _ => {}
            }
            if let Some(rest) = rest_of(way) {
                self.open(&Node::unknown((*rest).clone(), span), span);
            } else if !matches!(way.value, Value::Map(_) | Value::List(_)) {
                self.open(way, span);
            }
        }
        let count = self.limited(keys.len(), span);
        for (name, ways) in keys.into_iter().take(count) {
            let settles = settles.clone().unwrap_or_default();
            let value = each_value(self.of, &name, span);
            let key = Key::Text(name.clone());
            self.list.push(Repetition {
                address: key.of(self.address),
                key,
                count: None,
                each: Some((Node::string(name, span), value)),
                possible: (ways < all).then(|| Unknown::new(Reason::Input, settles)),
                any_number: false,
            });
        }
    }

    /// Notes that there may be instances that are not known.
    fn open(&mut self, way: &Node, span: Span) {
        let unknown = match &way.value {
            Value::Unknown(unknown) => Unknown::new(unknown.reason, unknown.settles.clone()),
            _ => {
                let message =
                    eco_format!("the number of instances of {} makes no sense", self.address);
                self.run.report(Diagnostic::error(message, span));
                Unknown::new(Reason::Invalid, eco_format!("instances of {}", self.address))
            }
        };
        let each = |of| {
            let settles = unknown.settles.clone();
            Node::unknown(Unknown { set: of, ..Unknown::new(unknown.reason, settles) }, span)
        };
        self.open.get_or_insert_with(|| Repetition {
            address: self.address.into(),
            key: Key::None,
            count: Some(each(true)),
            each: Some((each(true), each(false))),
            possible: Some(unknown.clone()),
            any_number: true,
        });
    }

    fn limited(&mut self, count: usize, span: Span) -> usize {
        if count <= INSTANCE_LIMIT {
            return count;
        }
        let message = eco_format!(
            "{} has {count} instances, of which onus looks at {INSTANCE_LIMIT}",
            self.address
        );
        self.run.report(Diagnostic::warning(message, span));
        let unknown = Unknown::new(Reason::Limit, eco_format!("instances of {}", self.address));
        self.open(&Node::unknown(unknown, span), span);
        INSTANCE_LIMIT
    }
}

/// `each.value` of the instance called `name`.
fn each_value(of: &Node, name: &str, span: Span) -> Node {
    match &of.value {
        Value::Map(map) => map.entries.get(name).cloned().unwrap_or_default(),
        Value::List(list) => {
            let item = list.items.iter().find(|item| item.as_str() == Some(name));
            item.cloned().unwrap_or_else(|| Node::string(name, span))
        }
        Value::Choice(choice) => {
            let options = choice
                .options
                .iter()
                .filter(|(_, option)| {
                    !matches!(&option.value, Value::Map(map)
                    if map.rest.is_none() && !map.entries.contains_key(name))
                })
                .map(|(label, option)| (label.clone(), each_value(option, name, span)))
                .collect();
            choice::join(choice.key.clone(), choice.settles.clone(), options, span)
        }
        _ => Node::default(),
    }
}
