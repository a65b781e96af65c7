//! `Fn::ForEach` of the language extensions.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{List, Map, Node, Reason, Unknown, Value};

use crate::stack::Stack;
use crate::template::{Section, Template};
use crate::text;

/// How many turns a loop and the loops in it may take.
const MAX_TURNS: usize = 20_000;

/// A turn that copies more nodes counts as several.
const NODES_A_TURN: usize = 64;

/// How deep loops may nest; CloudFormation allows five.
const MAX_NESTED: usize = 8;

/// What a loop makes: its entries, and when some are not known, what would settle them.
type Made = (Vec<(EcoString, Node)>, Option<Arc<Unknown>>);

impl Stack<'_, '_> {
    /// The entries that a loop makes, unevaluated; loops in it are expanded too.
    pub(crate) fn for_each(&mut self, name: &EcoString, argument: &Node) -> Made {
        let mut expansion = Expansion::default();
        let rest = self.expand(name, argument, &mut expansion, 0);
        (expansion.made, rest)
    }

    fn expand(
        &mut self,
        name: &EcoString,
        argument: &Node,
        expansion: &mut Expansion,
        depth: usize,
    ) -> Option<Arc<Unknown>> {
        let parts = argument.as_list().map_or(&[][..], |list| list.items.as_slice());
        let [identifier, collection, body] = parts else {
            return self.wrong_loop(name, argument);
        };
        let (Some(identifier), Some(body)) = (identifier.as_str(), body.as_map()) else {
            return self.wrong_loop(name, argument);
        };
        let collection = self.resolve(collection);
        let list = match &collection.value {
            Value::List(list) => list.clone(),
            Value::Unknown(unknown) => return Some(unknown.clone()),
            Value::Choice(choice) => {
                return Some(Arc::new(Unknown::new(Reason::Input, choice.settles.clone())));
            }
            _ => return self.wrong_loop(name, argument),
        };
        let mut nodes = 0;
        body.entries.values().for_each(|entry| entry.walk(&mut |_| nodes += 1));
        let turns = 1 + nodes / NODES_A_TURN;
        let mut rest = list.rest.clone();
        for item in &list.items {
            let Some(value) = text::of(item) else {
                let settles = match &item.value {
                    Value::Unknown(unknown) => unknown.settles.clone(),
                    _ => eco_format!("the collection of `{name}`"),
                };
                rest = Some(Arc::new(Unknown::new(Reason::Input, settles)));
                continue;
            };
            let variable = Variable::new(identifier, &value);
            for (key, entry) in &body.entries {
                let key = variable.text(key).unwrap_or_else(|| key.clone());
                let entry = variable.node(entry).unwrap_or_else(|| entry.clone());
                expansion.turns += turns;
                self.run.steps += turns;
                if expansion.turns > MAX_TURNS || depth > MAX_NESTED {
                    expansion.turns = expansion.turns.max(MAX_TURNS);
                    let message = eco_format!("`{name}` makes more than onus expands");
                    self.error(message, argument.span);
                    return Some(Arc::new(Unknown::new(Reason::Limit, name.clone())));
                }
                if key.starts_with("Fn::ForEach::") {
                    let inner = self.expand(&key, &entry, expansion, depth + 1);
                    rest = rest.or(inner);
                } else {
                    expansion.made.push((key, entry));
                }
            }
        }
        rest
    }

    fn wrong_loop(&mut self, name: &EcoString, argument: &Node) -> Option<Arc<Unknown>> {
        let message = eco_format!("`{name}` takes a name, a list and a mapping");
        self.error(message, argument.span);
        Some(Arc::new(Unknown::new(Reason::Invalid, name.clone())))
    }

    /// The template with the loops of its sections expanded; `None` when it has none. What could not
    /// be expanded stays under the loop's own key.
    pub(crate) fn without_loops(&mut self) -> Option<Template> {
        let template = self.template;
        let looping =
            |section: &Section| section.keys().any(|key| key.starts_with("Fn::ForEach::"));
        let sections = [&template.resources, &template.conditions, &template.outputs];
        if !sections.into_iter().any(looping) {
            return None;
        }
        Some(Template {
            conditions: self.looped(&template.conditions),
            resources: self.looped(&template.resources),
            outputs: self.looped(&template.outputs),
            ..template.clone()
        })
    }

    fn looped(&mut self, section: &Section) -> Section {
        let mut out = Section::default();
        for (key, node) in section {
            if !key.starts_with("Fn::ForEach::") {
                out.insert(key.clone(), node.clone());
                continue;
            }
            let (made, rest) = self.for_each(key, node);
            out.extend(made);
            if let Some(rest) = rest {
                out.insert(key.clone(), Node::new(Value::Unknown(rest), node.span));
            }
        }
        out
    }
}

/// What a loop has made so far.
#[derive(Default)]
struct Expansion {
    made: Vec<(EcoString, Node)>,
    turns: usize,
}

/// A loop's variable with one of its values.
struct Variable<'a> {
    name: &'a str,
    value: &'a str,
    plain: String,
    marks: [String; 2],
}

impl<'a> Variable<'a> {
    fn new(name: &'a str, value: &'a str) -> Variable<'a> {
        Variable {
            name,
            value,
            // `&{X}` is the value without what a logical id cannot hold.
            plain: value.chars().filter(char::is_ascii_alphanumeric).collect(),
            marks: [format!("${{{name}}}"), format!("&{{{name}}}")],
        }
    }

    fn text(&self, text: &str) -> Option<EcoString> {
        let [mark, plain] = &self.marks;
        if !text.contains(mark.as_str()) && !text.contains(plain.as_str()) {
            return None;
        }
        Some(text.replace(mark.as_str(), self.value).replace(plain.as_str(), &self.plain).into())
    }

    fn node(&self, node: &Node) -> Option<Node> {
        let value = match &node.value {
            Value::String(text) => Value::String(self.text(text)?),
            Value::List(list) => {
                let items: Vec<_> = list.items.iter().map(|item| self.node(item)).collect();
                if items.iter().all(Option::is_none) {
                    return None;
                }
                let pairs = items.into_iter().zip(&list.items);
                let items = pairs.map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect();
                Value::List(Arc::new(List { items, rest: list.rest.clone() }))
            }
            Value::Map(map) => {
                if map.entries.len() == 1
                    && map.entries.get("Ref").and_then(Node::as_str) == Some(self.name)
                {
                    return Some(Node::string(self.value, node.span));
                }
                let entries: Vec<_> = map
                    .entries
                    .iter()
                    .map(|(key, entry)| (self.text(key), self.node(entry)))
                    .collect();
                if entries.iter().all(|(key, entry)| key.is_none() && entry.is_none()) {
                    return None;
                }
                let pairs = entries.into_iter().zip(&map.entries);
                let entries = pairs
                    .map(|((key, entry), (old_key, old_entry))| {
                        let key = key.unwrap_or_else(|| old_key.clone());
                        (key, entry.unwrap_or_else(|| old_entry.clone()))
                    })
                    .collect();
                Value::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
            }
            _ => return None,
        };
        Some(Node { value, ..node.clone() })
    }
}
