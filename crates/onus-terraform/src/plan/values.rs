//! The values of a resource: JSON straight into nodes, and the trees of marks that say which of them are
//! unknown or sensitive.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{List, Map, Node, Reason, Span, Unknown, Value};
use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What occurs again and again, kept once: names, and the empty list.
#[derive(Default)]
pub(super) struct Names {
    names: RefCell<FxHashSet<EcoString>>,
    empty: Arc<List>,
}

impl Names {
    /// The one copy of this name.
    pub(super) fn get(&self, name: &str) -> EcoString {
        let mut names = self.names.borrow_mut();
        match names.get(name) {
            Some(known) => known.clone(),
            None => {
                let new = EcoString::from(name);
                names.insert(new.clone());
                new
            }
        }
    }
}

/// Reads JSON text as a node, all of it at `span`; entries that are null are left out.
pub(super) fn read(text: &str, names: &Names, span: Span) -> serde_json::Result<Node> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    NodeSeed { names, span }.deserialize(&mut deserializer)
}

#[derive(Clone, Copy)]
struct NodeSeed<'n> {
    names: &'n Names,
    span: Span,
}

impl NodeSeed<'_> {
    fn node<E>(self, value: Value) -> Result<Node, E> {
        Ok(Node::new(value, self.span))
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        self.node(Value::Absent)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        self.node(Value::Bool(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        self.node(Value::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are f64 in the model")]
    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        self.node(Value::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are f64 in the model")]
    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        self.node(Value::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        self.node(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        if items.is_empty() {
            return self.node(Value::List(self.names.empty.clone()));
        }
        items.shrink_to_fit();
        Ok(Node::list(items, self.span))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut map = Map::default();
        while let Some(key) = access.next_key_seed(NameSeed(self.names))? {
            let node = access.next_value_seed(self)?;
            if !node.is_absent() {
                map.entries.insert(key, node);
            }
        }
        map.entries.shrink_to_fit();
        self.node(Value::Map(Arc::new(map)))
    }
}

struct NameSeed<'n>(&'n Names);

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = EcoString;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EcoString, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed<'_> {
    type Value = EcoString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<EcoString, E> {
        Ok(self.0.get(name))
    }
}

/// Which parts of a value are marked.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Marks {
    /// None.
    #[default]
    None,
    /// The whole.
    All,
    /// These entries.
    Map(Vec<(EcoString, Marks)>),
    /// These elements.
    List(Vec<(usize, Marks)>),
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Marks, D::Error> {
        deserializer.deserialize_any(MarksVisitor)
    }
}

struct MarksVisitor;

impl<'de> Visitor<'de> for MarksVisitor {
    type Value = Marks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("truth values in the shape of the resource's values")
    }

    fn visit_unit<E>(self) -> Result<Marks, E> {
        Ok(Marks::None)
    }

    fn visit_bool<E>(self, marked: bool) -> Result<Marks, E> {
        Ok(if marked { Marks::All } else { Marks::None })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Marks, A::Error> {
        let mut marked = Vec::new();
        let mut index = 0;
        while let Some(marks) = seq.next_element::<Marks>()? {
            if marks != Marks::None {
                marked.push((index, marks));
            }
            index += 1;
        }
        Ok(if marked.is_empty() { Marks::None } else { Marks::List(marked) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Marks, A::Error> {
        let mut marked = Vec::new();
        while let Some(name) = map.next_key::<EcoString>()? {
            let marks = map.next_value::<Marks>()?;
            if marks != Marks::None {
                marked.push((name, marks));
            }
        }
        Ok(if marked.is_empty() { Marks::None } else { Marks::Map(marked) })
    }

    fn visit_u64<E>(self, _: u64) -> Result<Marks, E> {
        Ok(Marks::None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Marks, E> {
        Ok(Marks::None)
    }
}

/// Withholds what is marked sensitive. What is null or empty stays so: that is no secret.
pub(super) fn withhold(node: &mut Node, marks: &Marks) {
    match marks {
        Marks::None => {}
        Marks::All => {
            let empty = node.is_absent() || node.as_str() == Some("");
            if !empty && !matches!(node.value, Value::Unknown(_)) {
                node.value = Value::redacted();
            }
        }
        Marks::Map(marked) => {
            if let Value::Map(map) = &mut node.value {
                let map = Arc::make_mut(map);
                for (name, marks) in marked {
                    if let Some(entry) = map.entries.get_mut(name) {
                        withhold(entry, marks);
                    }
                }
            }
        }
        Marks::List(marked) => {
            if let Value::List(list) = &mut node.value {
                let list = Arc::make_mut(list);
                for (index, marks) in marked {
                    if let Some(item) = list.items.get_mut(*index) {
                        withhold(item, marks);
                    }
                }
            }
        }
    }
}

/// Puts unknowns where the plan says that values are known only after it is applied. `address` is
/// what the settling text begins with.
pub(super) fn leave_open(node: &mut Node, marks: &Marks, address: &EcoString) {
    match marks {
        Marks::None => {}
        Marks::All => node.value = Value::Unknown(Arc::new(computed(address))),
        Marks::Map(marked) => {
            if !matches!(node.value, Value::Map(_)) {
                node.value = Value::Map(Arc::default());
            }
            let span = node.span;
            let Value::Map(map) = &mut node.value else { return };
            let map = Arc::make_mut(map);
            map.entries.reserve_exact(marked.len());
            for (name, marks) in marked {
                let entry = map.entries.entry(name.clone());
                let entry = entry.or_insert_with(|| Node::new(Value::Absent, span));
                leave_open(entry, marks, &below(address, name));
            }
        }
        Marks::List(marked) => {
            if !matches!(node.value, Value::List(_)) {
                node.value = Value::List(Arc::default());
            }
            let span = node.span;
            let Value::List(list) = &mut node.value else { return };
            let List { items, .. } = Arc::make_mut(list);
            for (index, marks) in marked {
                while items.len() <= *index && items.len() < MAX_GROWTH {
                    items.push(Node::new(Value::Absent, span));
                }
                if let Some(item) = items.get_mut(*index) {
                    leave_open(item, marks, &eco_format!("{address}[{index}]"));
                }
            }
        }
    }
}

/// `address.name`, in no more memory than it takes: a plan has many of these.
fn below(address: &str, name: &str) -> EcoString {
    let mut whole = EcoString::with_capacity(address.len() + name.len() + 1);
    whole.push_str(address);
    whole.push('.');
    whole.push_str(name);
    whole
}

/// How long a list may become by marks that point beyond its end.
const MAX_GROWTH: usize = 100_000;

/// An optional attribute that AWS fills in may turn out to be empty; an id or ARN never does.
fn computed(address: &EcoString) -> Unknown {
    let name = address.rsplit('.').next().unwrap_or_default();
    let set = matches!(name, "id" | "arn");
    Unknown { set, ..Unknown::new(Reason::Computed, address.clone()) }
}
