//! The JSON form of the language: the same tree as the native form.
//!
//! After Terraform's "JSON configuration syntax": text is a template, blocks are objects keyed by their
//! labels, and where several blocks are meant there is a list of objects. Inside of a resource, what
//! is a block cannot be told from the text alone: it stays an argument whose value is an object or list.

use ecow::EcoString;
use onus_model::{Diagnostic, FileId, Node, Value};

use super::ast::{Attribute, Block, Body, Expr, ExprKind};
use super::parse_template;

/// Reads a file of JSON syntax.
pub(crate) fn parse_json(text: &str, file: FileId) -> (Body, Vec<Diagnostic>) {
    let (documents, diagnostics) = onus_yaml::parse(text, file, &onus_yaml::Options::default());
    let mut reader = Reader { diagnostics };
    let mut body = Body::default();
    for node in documents.iter().flat_map(objects) {
        for (kind, value) in entries(node) {
            reader.blocks(kind, value, labels_of(kind), &mut Vec::new(), &mut body.blocks);
        }
    }
    (body, reader.diagnostics)
}

struct Reader {
    diagnostics: Vec<Diagnostic>,
}

/// How many labels a block of this kind has.
fn labels_of(kind: &str) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" => 2,
        "variable" | "output" | "module" | "provider" | "check" => 1,
        _ => 0,
    }
}

impl Reader {
    fn blocks(
        &mut self,
        kind: &EcoString,
        value: &Node,
        labels_left: usize,
        labels: &mut Vec<EcoString>,
        into: &mut Vec<Block>,
    ) {
        // A key of this name is a comment, says the documentation.
        if kind == "//" {
            return;
        }
        for object in objects(value) {
            if labels_left == 0 {
                let body = self.body(object, kind);
                let (kind, labels) = (kind.clone(), labels.clone());
                into.push(Block { kind, labels, span: value.span, body });
                continue;
            }
            for (label, inner) in entries(object) {
                labels.push(label.clone());
                self.blocks(kind, inner, labels_left - 1, labels, into);
                labels.pop();
            }
        }
    }

    fn body(&mut self, object: &Node, kind: &str) -> Body {
        let mut body = Body::default();
        for (name, value) in entries(object) {
            match (kind, name.as_str()) {
                (_, "//") => {}
                ("resource" | "data" | "content", "dynamic") => {
                    self.blocks(name, value, 1, &mut Vec::new(), &mut body.blocks);
                }
                ("dynamic", "content")
                | ("resource", "lifecycle" | "connection")
                | ("provider", "default_tags") => {
                    self.blocks(name, value, 0, &mut Vec::new(), &mut body.blocks);
                }
                ("variable", "type") => {
                    let text = value.as_str().unwrap_or("any");
                    match super::parse_expression(text, value.span) {
                        Ok(value) => body.attributes.push(attribute(name, value)),
                        Err(error) => self.diagnostics.push(error),
                    }
                }
                // What refers to blocks is written as text and means the reference.
                (_, "provider" | "depends_on" | "providers") => {
                    let value = self.reference(value);
                    body.attributes.push(attribute(name, value));
                }
                ("variable", _) => {
                    body.attributes.push(attribute(name, literal(value)));
                }
                _ => {
                    let value = self.expression(value);
                    body.attributes.push(attribute(name, value));
                }
            }
        }
        body
    }

    fn expression(&mut self, node: &Node) -> Expr {
        let Value::String(text) = &node.value else {
            return compound(node, &mut |inner| self.expression(inner));
        };
        if !text.contains("${") && !text.contains("%{") {
            return literal(node);
        }
        match parse_template(text, node.span) {
            Ok(expression) => expression,
            Err(error) => {
                self.diagnostics.push(error);
                literal(node)
            }
        }
    }

    fn reference(&mut self, node: &Node) -> Expr {
        let Value::String(text) = &node.value else {
            return compound(node, &mut |inner| self.reference(inner));
        };
        let plain = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match super::parse_expression(plain.unwrap_or(text), node.span) {
            Ok(expression) => expression,
            Err(error) => {
                self.diagnostics.push(error);
                literal(node)
            }
        }
    }
}

fn attribute(name: &EcoString, value: Expr) -> Attribute {
    Attribute { name: name.clone(), span: value.span, value }
}

/// A value with nothing to evaluate in it.
fn literal(node: &Node) -> Expr {
    match &node.value {
        Value::String(text) => Expr { span: node.span, kind: ExprKind::Text(text.clone()) },
        _ => compound(node, &mut literal),
    }
}

fn compound(node: &Node, inner: &mut dyn FnMut(&Node) -> Expr) -> Expr {
    let kind = match &node.value {
        Value::Bool(truth) => ExprKind::Bool(*truth),
        Value::Number(number) => ExprKind::Number(*number),
        Value::String(text) => ExprKind::Text(text.clone()),
        Value::List(list) => ExprKind::Tuple(list.items.iter().map(inner).collect()),
        Value::Map(map) => ExprKind::Object(
            map.entries
                .iter()
                .filter(|(name, _)| *name != "//")
                .map(|(name, value)| {
                    let key = Expr { span: value.span, kind: ExprKind::Text(name.clone()) };
                    (key, inner(value))
                })
                .collect(),
        ),
        Value::Absent | Value::Encoded(_) | Value::Choice(_) | Value::Unknown(_) => ExprKind::Null,
    };
    Expr { span: node.span, kind }
}

/// An object, or the objects of a list.
fn objects(node: &Node) -> impl Iterator<Item = &Node> {
    let items = node.as_list().map_or(&[][..], |list| &list.items);
    let own = node.as_map().map(|_| node);
    own.into_iter().chain(items.iter().filter(|item| item.as_map().is_some()))
}

fn entries(object: &Node) -> impl Iterator<Item = (&EcoString, &Node)> {
    object.as_map().into_iter().flat_map(|map| map.entries.iter())
}
