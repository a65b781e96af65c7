//! `for`: in expressions and in templates.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{List, Map, Node, Reason, Span, Unknown, Value};

use super::expression::with_inner_references;
use super::operator::truth_of;
use super::sets::{index_node, is_set};
use super::{Evaluated, Frame, Run, Scope, refuse};
use crate::choice;
use crate::functions::Stop;
use crate::functions::convert::text_of;
use crate::syntax::For;

/// One turn: whether it is taken, its key (objects only), its value.
struct Turn {
    when: Node,
    key: Node,
    value: Node,
}

impl Run<'_> {
    pub(super) fn for_expression(&self, each: &For, span: Span, scope: &Scope<'_>) -> Evaluated {
        let of = self.evaluate(&each.of, scope)?;
        choice::over(&[of], span, &mut |nodes| {
            let Some(of) = nodes.first() else { return Ok(Node::default()) };
            let (turns, rest) = self.turns_of(each, of, scope)?;
            // What decides the shape of the result: which turns are taken, under which keys.
            let shape: Vec<Node> =
                turns.iter().flat_map(|turn| [turn.when.clone(), turn.key.clone()]).collect();
            if let Some(settles) = too_open(&shape) {
                let unknown = Arc::new(Unknown::new(Reason::Limit, settles));
                let built = beginning(each, &turns, &unknown, span)?;
                return Ok(built.with_references(of.references()));
            }
            let built = choice::over(&shape, span, &mut |shape| {
                if each.key.is_some() {
                    object(&turns, shape, rest.clone(), each.group, span)
                } else {
                    list(&turns, shape, rest.clone(), span)
                }
            })?;
            Ok(built.with_references(of.references()))
        })
    }

    pub(super) fn template_for(&self, each: &For, span: Span, scope: &Scope<'_>) -> Evaluated {
        let of = self.evaluate(&each.of, scope)?;
        choice::over(&[of], span, &mut |nodes| {
            let Some(of) = nodes.first() else { return Ok(Node::default()) };
            let (turns, rest) = self.turns_of(each, of, scope)?;
            let mut texts: Vec<Node> = turns.into_iter().map(|turn| turn.value).collect();
            if let Some(rest) = rest {
                texts.push(Node::unknown(Unknown::clone(&rest), span));
            }
            let whole = super::expression::join_texts(&texts, span)?;
            Ok(whole.with_references(of.references()))
        })
    }

    fn turns_of(
        &self,
        each: &For,
        of: &Node,
        scope: &Scope<'_>,
    ) -> Evaluated<(Vec<Turn>, Option<Arc<Unknown>>)> {
        let mut turns = Vec::new();
        let rest = match &of.value {
            Value::List(list) => {
                let of_set = each.key_name.is_some() && is_set(&each.of, scope);
                for (index, item) in list.items.iter().enumerate() {
                    let key = if of_set { item.clone() } else { index_node(index, item.span) };
                    turns.push(self.turn_of(each, key, item.clone(), scope)?);
                }
                list.rest.clone()
            }
            Value::Map(map) => {
                // Terraform goes through maps in the order of their keys.
                let mut entries: Vec<_> = map.entries.iter().collect();
                entries.sort_by(|a, b| a.0.cmp(b.0));
                for (key, item) in entries {
                    let key = Node::string(key.clone(), item.span);
                    turns.push(self.turn_of(each, key, item.clone(), scope)?);
                }
                map.rest.clone()
            }
            Value::Unknown(unknown) => Some(unknown.clone()),
            _ => return refuse("`for` goes through lists and maps, and this is neither", of.span),
        };
        Ok((turns, rest))
    }

    fn turn_of(&self, each: &For, key: Node, value: Node, scope: &Scope<'_>) -> Evaluated<Turn> {
        let mut names = vec![(each.value_name.clone(), value)];
        if let Some(name) = &each.key_name {
            names.push((name.clone(), key));
        }
        let frame = Frame { names, outer: scope.frame, turn: self.turn() };
        let inner = scope.within(&frame);
        let when = match &each.when {
            Some(when) => self.condition(when, &inner)?,
            None => Node::new(Value::Bool(true), each.of.span),
        };
        if matches!(when.value, Value::Bool(false)) {
            return Ok(Turn { when, key: Node::default(), value: Node::default() });
        }
        let key = match &each.key {
            Some(key) => self.evaluate(key, &inner)?,
            None => Node::default(),
        };
        let value = self.evaluate(&each.value, &inner)?;
        Ok(Turn { when, key, value })
    }
}

/// Decisions that a `for` may depend on before the ways are too many to go through.
const MAX_DECISIONS: usize = 5;

/// What would settle the first of the decisions, when there are too many of them.
fn too_open(shape: &[Node]) -> Option<EcoString> {
    let mut keys: Vec<&EcoString> = Vec::new();
    let mut first = None;
    for node in shape {
        if let Value::Choice(choice) = &node.value
            && keys.len() <= MAX_DECISIONS
            && !keys.contains(&&choice.key)
        {
            keys.push(&choice.key);
            first.get_or_insert(&choice.settles);
        }
    }
    first.filter(|_| keys.len() > MAX_DECISIONS).cloned()
}

fn list(turns: &[Turn], shape: &[Node], rest: Option<Arc<Unknown>>, span: Span) -> Evaluated {
    let mut list = List { items: Vec::with_capacity(turns.len()), rest };
    for (turn, decided) in turns.iter().zip(shape.chunks(2)) {
        let Some(when) = decided.first() else { continue };
        match truth_of(when)? {
            Some(true) => list.items.push(turn.value.clone()),
            Some(false) => {}
            None => {
                list.rest = Some(unknown_of(when));
                break;
            }
        }
    }
    Ok(Node::new(Value::List(Arc::new(list)), span))
}

fn object(
    turns: &[Turn],
    shape: &[Node],
    rest: Option<Arc<Unknown>>,
    group: bool,
    span: Span,
) -> Evaluated {
    let mut map = Map { rest, ..Map::default() };
    let mut references = Vec::new();
    for (turn, decided) in turns.iter().zip(shape.chunks(2)) {
        let [when, key] = decided else { continue };
        match truth_of(when)? {
            Some(true) => {}
            Some(false) => continue,
            None => {
                map.rest = Some(unknown_of(when));
                references.extend_from_slice(turn.value.references());
                continue;
            }
        }
        match text_of(key) {
            Ok(key) if group => gather(&mut map, key, turn.value.clone(), span),
            Ok(key) => {
                map.entries.insert(key, turn.value.clone());
            }
            Err(Stop::Error(error)) => return refuse(error.message, key.span),
            Err(_) => {
                map.rest = Some(unknown_of(key));
                references.extend_from_slice(turn.value.references());
            }
        }
    }
    Ok(Node::new(Value::Map(Arc::new(map)), span).with_references(&references))
}

fn gather(map: &mut Map, key: EcoString, value: Node, span: Span) {
    let entry = map.entries.entry(key).or_insert_with(|| Node::list(Vec::new(), span));
    if let Value::List(list) = &mut entry.value {
        Arc::make_mut(list).items.push(value);
    }
}

/// The turns before the first one of which it is not certain whether, or under which key, it is taken.
fn beginning(each: &For, turns: &[Turn], unknown: &Arc<Unknown>, span: Span) -> Evaluated {
    let certain = turns
        .iter()
        .take_while(|turn| {
            !matches!(turn.when.value, Value::Choice(_))
                && !matches!(turn.key.value, Value::Choice(_))
        })
        .count();
    let (known, others) = turns.split_at(certain);
    let shape: Vec<Node> =
        known.iter().flat_map(|turn| [turn.when.clone(), turn.key.clone()]).collect();
    let rest = Some(unknown.clone());
    let built = if each.key.is_some() {
        object(known, &shape, rest, each.group, span)?
    } else {
        list(known, &shape, rest, span)?
    };
    Ok(others.iter().fold(built, |built, turn| with_inner_references(built, &turn.value)))
}

fn unknown_of(node: &Node) -> Arc<Unknown> {
    match &node.value {
        Value::Unknown(unknown) => Arc::new(Unknown::new(unknown.reason, unknown.settles.clone())),
        Value::Choice(choice) => Arc::new(Unknown::new(Reason::Input, choice.settles.clone())),
        _ => Arc::new(Unknown::new(Reason::Limit, "a condition")),
    }
}
