//! Conditions: true, false, or one of both depending on what is not decided.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Choice, Node, Piece, Presence, Reason, Span, Truth, Unknown, Value};

use crate::stack::Stack;
use crate::{choices, text};

/// Conditions that hang on more ways than this are decided by their own name alone.
const MAX_WAYS: usize = 8;

/// How far a condition has been worked out.
pub(crate) enum State {
    /// It is being worked out: whoever asks now asks in a circle.
    Open,
    /// A truth value, or a choice of truth values.
    Done(Node),
}

impl Stack<'_, '_> {
    /// The condition `name`: a truth value, or a choice of truth values.
    pub(crate) fn condition(&mut self, name: &EcoString, span: Span) -> Node {
        match self.conditions.get(name) {
            Some(State::Done(node)) => return node.clone(),
            Some(State::Open) => {
                let message = eco_format!("the condition `{name}` depends on itself");
                self.error(message.clone(), span);
                return self.undecided(name, &message, span);
            }
            None => {}
        }
        let Some(written) = self.template.conditions.get(name) else {
            let message = eco_format!("there is no condition `{name}`");
            self.error(message.clone(), span);
            return self.undecided(name, &message, span);
        };
        self.conditions.insert(name.clone(), State::Open);
        let tested = self.test(written);
        let decided = match &tested.value {
            Value::Bool(_) => tested,
            Value::Choice(choice) if choices::leaves(&tested) > MAX_WAYS || !truths(&tested) => {
                self.undecided(name, &choice.settles, tested.span)
            }
            Value::Choice(_) => tested,
            Value::Unknown(unknown) => self.undecided(name, &unknown.settles, tested.span),
            _ => {
                let settles = eco_format!("condition {}{name}", self.call.path);
                self.undecided(name, &settles, tested.span)
            }
        };
        self.conditions.insert(name.clone(), State::Done(decided.clone()));
        decided
    }

    /// What a condition function says: a truth value, a choice or an unknown.
    pub(crate) fn test(&mut self, node: &Node) -> Node {
        let span = node.span;
        if self.run.depth >= 100 {
            let message = "conditions name conditions too deep to be followed here";
            return self.invalid(message.into(), span);
        }
        let call = node.as_map().filter(|map| map.entries.len() == 1);
        let Some((name, argument)) = call.and_then(|map| map.entries.first()) else {
            return truth_of(&self.resolve(node));
        };
        if name == "Condition" {
            return match argument.as_str() {
                Some(name) => {
                    let name = name.into();
                    self.run.depth += 1;
                    let decided = self.condition(&name, span);
                    self.run.depth -= 1;
                    decided
                }
                None => self.invalid("`Condition` takes the name of a condition".into(), span),
            };
        }
        let parts = argument.as_list().map_or(std::slice::from_ref(argument), |list| &list.items);
        self.run.depth += 1;
        let tested = match name.as_str() {
            "Fn::And" => self.junction(parts, span, Truth::True, Truth::and),
            "Fn::Or" => self.junction(parts, span, Truth::False, Truth::or),
            "Fn::Not" => {
                let parts: Vec<Node> = parts.iter().map(|part| self.test(part)).collect();
                choices::over(parts, span, &mut |parts| {
                    let part = parts.first().map_or(Truth::Unknown, truth);
                    settled(!part, parts, span)
                })
            }
            "Fn::Equals" => {
                let parts: Vec<Node> = parts.iter().map(|part| self.resolve(part)).collect();
                choices::over(parts, span, &mut |parts| match parts {
                    [left, right] => settled(equal(left, right), parts, span),
                    _ => settled(Truth::Unknown, parts, span),
                })
            }
            _ => truth_of(&self.resolve(node)),
        };
        self.run.depth -= 1;
        tested
    }

    /// Either way, decided by the condition's own name.
    fn undecided(&self, name: &str, settles: &str, span: Span) -> Node {
        let option = |value: bool| (eco_format!("{value}"), Node::new(Value::Bool(value), span));
        let choice = Choice {
            key: eco_format!("condition {}{name}", self.call.path),
            settles: settles.into(),
            options: vec![option(true), option(false)],
        };
        Node::new(Value::Choice(Arc::new(choice)), span)
    }

    fn junction(
        &mut self,
        parts: &[Node],
        span: Span,
        empty: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Node {
        let parts: Vec<Node> = parts.iter().map(|part| self.test(part)).collect();
        choices::over(parts, span, &mut |parts| {
            settled(parts.iter().map(truth).fold(empty, join), parts, span)
        })
    }

    /// Whether something with this condition is there; `None` when it is not.
    pub(crate) fn presence(&mut self, condition: Option<&Node>) -> Option<Presence> {
        let Some(condition) = condition.filter(|node| !node.is_absent()) else {
            return Some(Presence::Certain);
        };
        let Some(name) = condition.as_str() else {
            self.error("`Condition` takes the name of a condition".into(), condition.span);
            let unknown = Unknown::new(Reason::Invalid, "the resource's `Condition`");
            return Some(Presence::Possible(unknown));
        };
        let name = name.into();
        match self.condition(&name, condition.span).value {
            Value::Bool(true) => Some(Presence::Certain),
            Value::Bool(false) => None,
            Value::Choice(choice) => {
                Some(Presence::Possible(Unknown::new(Reason::Input, choice.settles.clone())))
            }
            _ => Some(Presence::Possible(Unknown::new(
                Reason::Input,
                eco_format!("condition {}{name}", self.call.path),
            ))),
        }
    }
}

fn truths(node: &Node) -> bool {
    match &node.value {
        Value::Bool(_) => true,
        Value::Choice(choice) => choice.options.iter().all(|(_, option)| truths(option)),
        _ => false,
    }
}

fn truth_of(node: &Node) -> Node {
    match text::of(node).as_deref() {
        Some("true") => Node::new(Value::Bool(true), node.span),
        Some("false") => Node::new(Value::Bool(false), node.span),
        _ => node.clone(),
    }
}

fn truth(node: &Node) -> Truth {
    match node.value {
        Value::Bool(value) => value.into(),
        _ => Truth::Unknown,
    }
}

/// A truth as a value; when unknown, the first unknown of what it was worked out from.
fn settled(truth: Truth, parts: &[Node], span: Span) -> Node {
    let value = match truth {
        Truth::True => Value::Bool(true),
        Truth::False => Value::Bool(false),
        Truth::Unknown => {
            let known = parts.iter().find_map(|part| match &part.value {
                Value::Unknown(unknown) => Some(unknown.clone()),
                _ => None,
            });
            let invalid = || Arc::new(Unknown::new(Reason::Invalid, "the condition"));
            Value::Unknown(known.unwrap_or_else(invalid))
        }
    };
    Node::new(value, span)
}

/// Whether two values are equal, as far as is known.
fn equal(left: &Node, right: &Node) -> Truth {
    match (text::of(left), text::of(right)) {
        (Some(left), Some(right)) => return (left == right).into(),
        (Some(known), None) => return differs(right, &known),
        (None, Some(known)) => return differs(left, &known),
        (None, None) => {}
    }
    match (&left.value, &right.value) {
        (Value::List(left), Value::List(right))
            if left.rest.is_none()
                && right.rest.is_none()
                && left.items.len() == right.items.len() =>
        {
            let pairs = left.items.iter().zip(&right.items);
            pairs.map(|(left, right)| equal(left, right)).fold(Truth::True, Truth::and)
        }
        _ => Truth::Unknown,
    }
}

/// False where what is known of `node` rules out that it is `text`.
fn differs(node: &Node, text: &str) -> Truth {
    let Value::Unknown(unknown) = &node.value else { return Truth::Unknown };
    let clashes = (unknown.set && text.is_empty())
        || matches!(unknown.pieces.first(), Some(Piece::Text(start)) if !text.starts_with(start.as_str()))
        || matches!(unknown.pieces.last(), Some(Piece::Text(end)) if !text.ends_with(end.as_str()));
    if clashes { Truth::False } else { Truth::Unknown }
}
