//! A small estate to evaluate predicates over, and short ways to write its values.
#![expect(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use onus_model::{Choice, EcoString, List, Map, Node, Piece, Reason, Span, Unknown, Value};
use onus_predicate::{Program, Related, Schema, Type, View, compile};

/// Types by index: name, and facts by slot.
#[derive(Clone, Debug, Default)]
pub struct Types(pub Vec<(EcoString, Vec<(EcoString, Type)>)>, pub Vec<(EcoString, EcoString)>);

impl Schema for Types {
    fn fact(&self, type_index: u32, name: &str) -> Option<(u16, Type)> {
        let (_, facts) = self.0.get(type_index as usize)?;
        let slot = facts.iter().position(|(fact, _)| fact == name)?;
        Some((slot as u16, facts[slot].1.clone()))
    }

    fn type_index(&self, type_name: &str) -> Option<u32> {
        Some(self.0.iter().position(|(name, _)| name == type_name)? as u32)
    }

    fn dates(&self, table: &str) -> Option<&[(EcoString, EcoString)]> {
        (table == "test/ends").then_some(&self.1)
    }

    fn names(&self, type_index: u32) -> Vec<EcoString> {
        let facts = self.0.get(type_index as usize).map(|(_, facts)| facts.as_slice());
        facts.unwrap_or(&[]).iter().map(|(name, _)| name.clone()).collect()
    }
}

/// The other end of a relation: known resources, and that there may be more.
#[derive(Clone, Debug, Default)]
pub struct End {
    pub resources: Vec<u32>,
    pub rest: Option<Unknown>,
}

#[derive(Clone, Debug, Default)]
pub struct Resource {
    pub type_index: u32,
    pub facts: Vec<Node>,
    pub presence: Option<Unknown>,
    /// It stands for any number, if its presence is not known.
    pub any_number: bool,
}

#[derive(Clone, Debug, Default)]
pub struct World {
    pub resources: Vec<Resource>,
    /// By resource and type.
    pub referrers: HashMap<(u32, u32), End>,
    /// By resource, slot and type.
    pub targets: HashMap<(u32, u16, u32), End>,
    /// By type.
    pub estate: HashMap<u32, End>,
    pub chosen: HashMap<EcoString, EcoString>,
}

fn related(end: Option<&End>) -> Related<'_> {
    end.map_or_else(Related::default, |end| Related {
        resources: Cow::Borrowed(&end.resources),
        rest: end.rest.as_ref(),
    })
}

impl View for World {
    fn fact(&self, resource: u32, slot: u16) -> &Node {
        &self.resources[resource as usize].facts[slot as usize]
    }

    fn referrers(&self, resource: u32, type_index: u32) -> Related<'_> {
        related(self.referrers.get(&(resource, type_index)))
    }

    fn target<'a>(&'a self, resource: u32, slot: u16, _: &'a Node, type_index: u32) -> Related<'a> {
        related(self.targets.get(&(resource, slot, type_index)))
    }

    fn estate(&self, _: u32, type_index: u32) -> Related<'_> {
        related(self.estate.get(&type_index))
    }

    fn as_of(&self) -> &str {
        "2026-06-01"
    }

    fn presence(&self, resource: u32) -> Option<&Unknown> {
        self.resources[resource as usize].presence.as_ref()
    }

    fn any_number(&self, resource: u32) -> bool {
        self.resources[resource as usize].any_number
    }

    fn chosen(&self, key: &str) -> Option<&str> {
        self.chosen.get(key).map(EcoString::as_str)
    }
}

pub fn record(fields: &[(&str, Type)]) -> Type {
    Type::Record(fields.iter().map(|(name, of)| (EcoString::from(*name), of.clone())).collect())
}

pub fn list_of(of: Type) -> Type {
    Type::List(Box::new(of))
}

/// A bucket-like type with a fact of every kind, and a log-like type that refers to it.
pub fn types() -> Types {
    let rule = record(&[
        ("port", Type::Number),
        ("cidrs", list_of(Type::String)),
        ("inner", record(&[("deep", Type::String)])),
    ]);
    let fact = |name: &str, of: Type| (EcoString::from(name), of);
    Types(
        vec![
            (
                "Test::Main".into(),
                vec![
                    fact("encrypted", Type::Bool),
                    fact("days", Type::Number),
                    fact("name", Type::String),
                    fact("other", Type::String),
                    fact("cidrs", list_of(Type::String)),
                    fact("rules", list_of(rule.clone())),
                    fact("rule", rule),
                ],
            ),
            ("Test::Log".into(), vec![fact("traffic", Type::String), fact("days", Type::Number)]),
        ],
        ends(),
    )
}

/// A dated table of which some days have come.
pub fn ends() -> Vec<(EcoString, EcoString)> {
    let days = [
        ("a", "2020-01-01"),
        ("8.0", "2026-05-31"),
        ("8.1", "2026-06-02"),
        ("8.0.35", "2030-01-01"),
    ];
    days.map(|(value, day)| (value.into(), day.into())).to_vec()
}

/// One resource of the first of [`types`], with these facts; the others are absent.
pub fn main_with(facts: &[(&str, Value)]) -> World {
    let types = types();
    let mut resource = Resource { facts: vec![Node::default(); 7], ..Resource::default() };
    for (name, value) in facts {
        let (slot, _) = types.fact(0, name).expect("a fact of the test type");
        resource.facts[slot as usize] = node(value.clone());
    }
    World { resources: vec![resource], ..World::default() }
}

impl World {
    /// Adds a resource of the second of [`types`] and gives its index.
    pub fn log(&mut self, traffic: Value, days: Value) -> u32 {
        let facts = vec![node(traffic), node(days)];
        self.resources.push(Resource { type_index: 1, facts, ..Resource::default() });
        self.resources.len() as u32 - 1
    }
}

pub fn program(text: &str) -> Program {
    compile(text, 0, &types()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

pub fn node(value: Value) -> Node {
    Node::new(value, Span::NONE)
}

pub fn text(text: &str) -> Value {
    Value::String(text.into())
}

pub fn number(number: f64) -> Value {
    Value::Number(number)
}

pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(Arc::new(List { items: items.into_iter().map(node).collect(), rest: None }))
}

pub fn open_list(items: impl IntoIterator<Item = Value>) -> Value {
    let rest = Some(Arc::new(Unknown::new(Reason::Input, "var.rest")));
    Value::List(Arc::new(List { items: items.into_iter().map(node).collect(), rest }))
}

pub fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let entries = entries.into_iter().map(|(key, value)| (key.into(), node(value))).collect();
    Value::Map(Arc::new(Map { entries, rest: None }))
}

pub fn unknown() -> Value {
    Value::Unknown(Arc::new(Unknown::new(Reason::Input, "var.x")))
}

pub fn set() -> Value {
    Value::Unknown(Arc::new(Unknown::set(Reason::Input, "var.x")))
}

/// Set text with known pieces; `*` is a hole.
pub fn partial(pattern: &str) -> Value {
    let mut pieces = Vec::new();
    for (index, part) in pattern.split('*').enumerate() {
        if index > 0 {
            pieces.push(Piece::Hole);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.into()));
        }
    }
    Value::Unknown(Arc::new(Unknown { pieces, ..Unknown::set(Reason::Input, "var.x") }))
}

pub fn choice<'k>(key: &str, options: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let options = options.into_iter().map(|(label, value)| (label.into(), node(value))).collect();
    Value::Choice(Arc::new(Choice { key: key.into(), settles: key.into(), options }))
}

pub fn encoded(value: Value) -> Value {
    Value::Encoded(Arc::new(node(value)))
}
