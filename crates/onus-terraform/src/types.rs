//! Type constraints of variables, and conversion to them.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Choice, List, Map, Node, Span, Value};

use crate::functions::Stop;
use crate::functions::convert::{bool_of, number_of, text_of};
use crate::syntax::{Expr, ExprKind};

/// A type constraint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// `any`, or what onus cannot read as a type.
    Any,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    Text,
    /// `list(…)`.
    List(Box<Type>),
    /// `set(…)`.
    Set(Box<Type>),
    /// `map(…)`.
    Map(Box<Type>),
    /// `object({…})`.
    Object(Vec<Field>),
    /// `tuple([…])`.
    Tuple(Vec<Type>),
}

/// An attribute of an object type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    name: EcoString,
    of: Type,
    /// The value when it is not given.
    default: Node,
}

impl Type {
    /// The type that an expression spells. `evaluate` gives the values of `optional(…, default)`.
    pub(crate) fn read(expression: &Expr, evaluate: &mut dyn FnMut(&Expr) -> Node) -> Type {
        match &expression.kind {
            ExprKind::Parens(inner) => Type::read(inner, evaluate),
            ExprKind::Name(name) | ExprKind::Text(name) => match name.as_str() {
                "bool" => Type::Bool,
                "number" => Type::Number,
                "string" => Type::Text,
                "list" => Type::List(Box::new(Type::Any)),
                "set" => Type::Set(Box::new(Type::Any)),
                "map" => Type::Map(Box::new(Type::Any)),
                _ => Type::Any,
            },
            ExprKind::Call(call) => {
                let Some(of) = call.arguments.first() else { return Type::Any };
                match (call.name.as_str(), &of.kind) {
                    ("list", _) => Type::List(Box::new(Type::read(of, evaluate))),
                    ("set", _) => Type::Set(Box::new(Type::read(of, evaluate))),
                    ("map", _) => Type::Map(Box::new(Type::read(of, evaluate))),
                    ("optional", _) => Type::read(of, evaluate),
                    ("tuple", ExprKind::Tuple(items)) => {
                        Type::Tuple(items.iter().map(|item| Type::read(item, evaluate)).collect())
                    }
                    ("object", ExprKind::Object(entries)) => Type::Object(
                        entries
                            .iter()
                            .filter_map(|(name, of)| {
                                let name = name.as_text()?.clone();
                                Some(Field::read(name, of, evaluate))
                            })
                            .collect(),
                    ),
                    _ => Type::Any,
                }
            }
            _ => Type::Any,
        }
    }

    /// `node` as a value of this type; a message when it cannot be one.
    pub(crate) fn convert(&self, node: Node) -> Result<Node, EcoString> {
        match (&node.value, self) {
            (Value::Unknown(_) | Value::Absent, _) | (_, Type::Any) => return Ok(node),
            (Value::Choice(choice), _) => {
                let options = choice
                    .options
                    .iter()
                    .map(|(label, option)| Ok((label.clone(), self.convert(option.clone())?)))
                    .collect::<Result<_, EcoString>>()?;
                let choice =
                    Choice { key: choice.key.clone(), settles: choice.settles.clone(), options };
                return Ok(Node { value: Value::Choice(Arc::new(choice)), ..node });
            }
            (Value::Encoded(_), Type::Text) => return Ok(node),
            _ => {}
        }
        let value = match self {
            Type::Any => return Ok(node),
            Type::Bool => primitive(bool_of(&node)).map(Value::Bool)?,
            Type::Number => primitive(number_of(&node)).map(Value::Number)?,
            Type::Text => primitive(text_of(&node)).map(Value::String)?,
            Type::List(of) => Value::List(Arc::new(convert_items(list(&node)?, of)?)),
            Type::Set(of) => Value::List(Arc::new(as_set(convert_items(list(&node)?, of)?))),
            Type::Map(of) => Value::Map(Arc::new(convert_entries(&node, of)?)),
            Type::Object(fields) => Value::Map(Arc::new(convert_object(&node, fields)?)),
            Type::Tuple(types) => {
                let list = list(&node)?;
                let items = list.items.iter().zip(types);
                let items =
                    items.map(|(item, of)| of.convert(item.clone())).collect::<Result<_, _>>()?;
                Value::List(Arc::new(List { items, rest: list.rest.clone() }))
            }
        };
        Ok(Node { value, ..node })
    }
}

impl Field {
    fn read(name: EcoString, of: &Expr, evaluate: &mut dyn FnMut(&Expr) -> Node) -> Field {
        let mut default = Node::default();
        if let ExprKind::Call(call) = &of.kind
            && call.name == "optional"
            && let Some(given) = call.arguments.get(1)
        {
            default = evaluate(given);
        }
        let of = Type::read(of, evaluate);
        // The default of an object is completed like a given one.
        let default = of.convert(default.clone()).unwrap_or(default);
        Field { name, of, default }
    }
}

fn primitive<T>(outcome: Result<T, Stop>) -> Result<T, EcoString> {
    outcome.map_err(|stop| match stop {
        Stop::Error(error) => error.message,
        _ => EcoString::from("the value is not known"),
    })
}

fn list(node: &Node) -> Result<&List, EcoString> {
    node.as_list().ok_or_else(|| EcoString::from("a list is needed"))
}

fn convert_items(list: &List, of: &Type) -> Result<List, EcoString> {
    let items = list
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            of.convert(item.clone()).map_err(|message| eco_format!("element {index}: {message}"))
        })
        .collect::<Result<_, _>>()?;
    Ok(List { items, rest: list.rest.clone() })
}

/// A list without repetitions; texts in ascending order, as Terraform keeps sets of them.
fn as_set(mut list: List) -> List {
    let plain = list.items.iter().all(|item| item.as_str().is_some());
    if plain {
        list.items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        list.items.dedup_by(|a, b| a.value == b.value);
    }
    list
}

fn convert_entries(node: &Node, of: &Type) -> Result<Map, EcoString> {
    let map = node.as_map().ok_or_else(|| EcoString::from("a map is needed"))?;
    let entries = map
        .entries
        .iter()
        .map(|(key, entry)| match of.convert(entry.clone()) {
            Ok(entry) => Ok((key.clone(), entry)),
            Err(message) => Err(eco_format!("entry `{key}`: {message}")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Map { entries, rest: map.rest.clone() })
}

fn convert_object(node: &Node, fields: &[Field]) -> Result<Map, EcoString> {
    let map = node.as_map().ok_or_else(|| EcoString::from("an object is needed"))?;
    let entries = fields
        .iter()
        .filter_map(|field| {
            let given = map.entries.get(&field.name).filter(|given| !given.is_absent());
            let converted = match given {
                Some(given) => field.of.convert(given.clone()),
                None if map.rest.is_some() => return None,
                None => {
                    Ok(Node { span: place(&field.default, node.span), ..field.default.clone() })
                }
            };
            Some(match converted {
                Ok(node) => Ok((field.name.clone(), node)),
                Err(message) => Err(eco_format!("attribute `{}`: {message}", field.name)),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Map { entries, rest: map.rest.clone() })
}

fn place(default: &Node, otherwise: Span) -> Span {
    if default.span == Span::NONE { otherwise } else { default.span }
}
