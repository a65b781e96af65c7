//! Trees with functions in them to values.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, List, Map, Node, Reason, Span, Unknown, Value};

use crate::choices;
use crate::stack::Stack;
use crate::text;

/// How deep evaluation goes: a template's own nesting, and conditions that name conditions.
const MAX_DEPTH: usize = 160;

/// How many nodes one run of the reader evaluates, before it takes the template for a bomb.
pub(crate) const MAX_STEPS: usize = 20_000_000;

impl Stack<'_, '_> {
    /// The value of `node`. Parts that are not set are left out of lists and mappings.
    pub(crate) fn resolve(&mut self, node: &Node) -> Node {
        self.changed(node).unwrap_or_else(|| node.clone())
    }

    /// The value of `node` where it differs from what is written.
    fn changed(&mut self, node: &Node) -> Option<Node> {
        match &node.value {
            Value::String(_) => return text::dynamic(node),
            Value::List(_) | Value::Map(_) => {}
            _ => return None,
        }
        self.run.steps += 1;
        if self.run.depth >= MAX_DEPTH || self.run.steps > MAX_STEPS {
            return Some(self.beyond_limit(node.span));
        }
        self.run.depth += 1;
        let value = match &node.value {
            Value::List(list) => self.list(list, node.span),
            Value::Map(map) => self.map(map, node.span),
            _ => None,
        };
        self.run.depth -= 1;
        value
    }

    fn beyond_limit(&mut self, span: Span) -> Node {
        let message = "the template is nested too deep, or too large, to be evaluated here";
        self.error(message.into(), span);
        Node::unknown(Unknown::new(Reason::Limit, "a smaller template"), span)
    }

    fn list(&mut self, list: &Arc<List>, span: Span) -> Option<Node> {
        let mut new: Option<Vec<Node>> = None;
        for (index, item) in list.items.iter().enumerate() {
            let changed = self.changed(item);
            if new.is_none() && changed.is_none() && !item.is_absent() {
                continue;
            }
            let items = new.get_or_insert_with(|| list.items.iter().take(index).cloned().collect());
            let item = changed.unwrap_or_else(|| item.clone());
            if !item.is_absent() {
                items.push(item);
            }
        }
        let list = List { items: new?, rest: list.rest.clone() };
        Some(Node::new(Value::List(Arc::new(list)), span))
    }

    fn map(&mut self, map: &Arc<Map>, span: Span) -> Option<Node> {
        if map.entries.len() == 1
            && let Some((name, argument)) = map.entries.first()
            && let Some(value) = self.call(name, argument, span)
        {
            return Some(value);
        }
        let mut new: Option<Map> = None;
        for (index, (key, entry)) in map.entries.iter().enumerate() {
            if key.starts_with("Fn::") {
                let target = new.get_or_insert_with(|| first_entries(map, index));
                self.function_among_keys(key, entry, target);
                continue;
            }
            let changed = self.changed(entry);
            if new.is_none() && changed.is_none() && !entry.is_absent() {
                continue;
            }
            let target = new.get_or_insert_with(|| first_entries(map, index));
            let entry = changed.unwrap_or_else(|| entry.clone());
            if !entry.is_absent() {
                target.entries.insert(key.clone(), entry);
            }
        }
        Some(Node::new(Value::Map(Arc::new(new?)), span))
    }

    /// A function that stands beside other keys: a loop or a macro, which add entries.
    fn function_among_keys(&mut self, name: &EcoString, argument: &Node, target: &mut Map) {
        if name.starts_with("Fn::ForEach::") {
            let (entries, rest) = self.for_each(name, argument);
            for (key, entry) in entries {
                let entry = self.resolve(&entry);
                if !entry.is_absent() {
                    target.entries.insert(key, entry);
                }
            }
            target.rest = target.rest.take().or(rest);
            return;
        }
        if name != "Fn::Transform" {
            let message = eco_format!("`{name}` cannot stand beside other keys");
            self.error(message, argument.span);
        }
        let unknown = Unknown::new(Reason::Function, transform_name(argument));
        target.rest = Some(Arc::new(unknown));
    }

    /// The value of a function; `None` when `name` is no function but a plain key.
    fn call(&mut self, name: &str, argument: &Node, span: Span) -> Option<Node> {
        if name == "Ref" {
            return Some(self.reference(argument, span));
        }
        let function = name.strip_prefix("Fn::")?;
        let value = match function {
            "GetAtt" => self.get_att(argument, span),
            "Sub" => self.sub(argument, span),
            "If" => self.if_(argument, span),
            "FindInMap" => self.find_in_map(argument, span),
            "And" | "Or" | "Not" | "Equals" => {
                let map = Node::map([(name.into(), argument.clone())], span);
                self.test(&map)
            }
            "Transform" => {
                let unknown = Unknown::new(Reason::Function, transform_name(argument));
                self.opaque(argument, unknown, span)
            }
            "ImportValue" => self.import(argument, span),
            "GetAZs" => {
                let settles = "the Availability Zones of the Region";
                self.opaque(argument, Unknown::set(Reason::Lookup, settles), span)
            }
            "Join" | "Split" | "Select" | "Base64" | "Cidr" | "Length" | "ToJsonString" => {
                let argument = self.resolve(argument);
                self.apply(function, &argument, span)
            }
            _ if function.starts_with("ForEach::") => return None,
            _ => {
                let message = eco_format!("the function `{name}` is not known");
                self.run.report(
                    Diagnostic::warning(message, span)
                        .help("its value is taken as unknown; check the spelling"),
                );
                self.opaque(argument, Unknown::new(Reason::Function, name), span)
            }
        };
        Some(value)
    }

    /// An unknown that was taken from all that `argument` was taken from.
    fn opaque(&mut self, argument: &Node, unknown: Unknown, span: Span) -> Node {
        let argument = self.resolve(argument);
        let mut references = Vec::new();
        argument.walk(&mut |node| references.extend(node.references().iter().cloned()));
        text::taken_from(Node::unknown(unknown, span), references)
    }

    fn import(&mut self, argument: &Node, span: Span) -> Node {
        let name = self.resolve(argument);
        choices::over(vec![name], span, &mut |arguments| {
            let name = arguments.first();
            let settles = match name.map(|name| (text::of(name), &name.value)) {
                Some((Some(name), _)) => eco_format!("export {name}"),
                Some((None, Value::Unknown(unknown))) => {
                    eco_format!("the export named by {}", unknown.settles)
                }
                _ => "the exports of other stacks".into(),
            };
            Node::unknown(Unknown::set(Reason::Lookup, settles), span)
        })
    }

    fn if_(&mut self, argument: &Node, span: Span) -> Node {
        let parts = argument.as_list().map_or(&[][..], |list| list.items.as_slice());
        let [condition, then, otherwise] = parts else {
            let message = "`Fn::If` takes a condition's name and two values";
            return self.invalid(message.into(), span);
        };
        let test = match condition.as_str() {
            Some(name) => {
                let name = name.into();
                self.condition(&name, condition.span)
            }
            None => self.test(condition),
        };
        match test.value {
            Value::Bool(true) => self.resolve(then),
            Value::Bool(false) => self.resolve(otherwise),
            _ => {
                let then = self.resolve(then);
                let otherwise = self.resolve(otherwise);
                let picked = choices::pick(&test, &then, &otherwise, span);
                if choices::leaves(&picked) > choices::MAX_LEAVES {
                    let settles = eco_format!("condition {}", condition.as_str().unwrap_or(""));
                    return Node::unknown(Unknown::new(Reason::Limit, settles), span);
                }
                picked
            }
        }
    }

    /// An error, and an unknown in its place.
    pub(crate) fn invalid(&mut self, message: EcoString, span: Span) -> Node {
        let unknown = Unknown::new(Reason::Invalid, message.clone());
        self.error(message, span);
        Node::unknown(unknown, span)
    }

    /// Reports an error.
    pub(crate) fn error(&mut self, message: EcoString, span: Span) {
        self.run.report(Diagnostic::error(message, span));
    }
}

fn first_entries(map: &Map, count: usize) -> Map {
    let entries = map.entries.iter().take(count);
    Map {
        entries: entries.map(|(key, entry)| (key.clone(), entry.clone())).collect(),
        rest: map.rest.clone(),
    }
}

/// What settles the value of a macro; SAM's policy templates are written as macros here.
fn transform_name(argument: &Node) -> EcoString {
    match macro_name(argument) {
        "" => "Fn::Transform".into(),
        name if name.starts_with("SAM ") => name.into(),
        name => eco_format!("Fn::Transform {name}"),
    }
}

/// The name of the macro that `Fn::Transform` calls.
pub(crate) fn macro_name(argument: &Node) -> &str {
    argument.get("Name").and_then(Node::as_str).unwrap_or_default()
}
