//! Facts: typed, named properties of a type.

use ecow::{EcoString, eco_format};
use onus_model::{Basis, Node, Value};
use onus_predicate::Type;
use serde::{Deserialize, Serialize};

use crate::decode::{Fields, Mistakes, date, text};
use crate::place::{self, Places};
use crate::service::{Bases, Part};
use crate::{Constant, Syntaxes};

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FactType {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// An IAM policy document, as [`policy_type`].
    Policy,
    /// A list.
    List(Box<FactType>),
    /// Named fields.
    Record(Vec<(EcoString, FactType)>),
}

/// A fact of a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactEntry {
    /// Its name.
    pub name: EcoString,
    /// What it tells, beginning with "whether", "the", "how".
    pub says: EcoString,
    /// Its type.
    pub ty: FactType,
    /// Where each way of naming keeps it, in the order of [`Syntaxes`].
    pub places: [Places; 3],
    /// AWS's own default.
    pub default: Option<FactDefault>,
    /// Its value never leaves.
    pub sensitive: bool,
    /// The sources of the default.
    pub basis: Vec<Basis>,
}

/// AWS's own default of a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactDefault {
    /// The default.
    pub value: Constant,
    /// Since when; empty: always.
    pub since: EcoString,
    /// What it was before that.
    pub before: Option<Constant>,
    /// What the `aws` provider of Terraform sets where its argument is left out, if that differs.
    pub terraform: Option<Constant>,
}

impl FactEntry {
    /// Gives each part that a place names its new index.
    pub(crate) fn renumber_parts(&mut self, parts: &[u16]) {
        for places in &mut self.places {
            if let Places::In(places) = places {
                places.iter_mut().for_each(|place| place.renumber_parts(parts));
            }
        }
    }

    /// Where this way of naming keeps the fact.
    pub fn places(&self, syntax: Syntaxes) -> &Places {
        let [cloudformation, terraform, awscc] = &self.places;
        match syntax {
            Syntaxes::Cloudformation => cloudformation,
            Syntaxes::Terraform => terraform,
            Syntaxes::Awscc => awscc,
        }
    }
}

impl FactType {
    /// The fields of a record, or of the records of a list.
    pub(crate) fn record(&self) -> Option<&[(EcoString, FactType)]> {
        match self {
            FactType::Record(fields) => Some(fields),
            FactType::List(inner) => inner.record(),
            _ => None,
        }
    }

    /// The type as predicates see it.
    pub fn predicate_type(&self) -> Type {
        match self {
            FactType::Bool => Type::Bool,
            FactType::Number => Type::Number,
            FactType::String => Type::String,
            FactType::Policy => policy_type().predicate_type(),
            FactType::List(inner) => Type::List(Box::new(inner.predicate_type())),
            FactType::Record(fields) => Type::Record(
                fields.iter().map(|(name, ty)| (name.clone(), ty.predicate_type())).collect(),
            ),
        }
    }

    /// Whether a known value is of this type; `Absent` is of every type.
    pub fn admits(&self, constant: &Constant) -> bool {
        match (self, constant) {
            (_, Constant::Absent)
            | (FactType::Bool, Constant::Bool(_))
            | (FactType::Number, Constant::Number(_))
            | (FactType::String, Constant::Text(_)) => true,
            (FactType::List(inner), Constant::List(items)) => {
                items.iter().all(|item| inner.admits(item))
            }
            (FactType::Record(fields), Constant::Record(entries)) => {
                entries.iter().all(|(key, value)| {
                    fields.iter().any(|(name, ty)| name == key && ty.admits(value))
                })
            }
            _ => false,
        }
    }
}

/// The shape of a policy document as a fact.
pub fn policy_type() -> FactType {
    let texts = || FactType::List(Box::new(FactType::String));
    let field = |name: &str, ty: FactType| (EcoString::from(name), ty);
    let condition = FactType::Record(vec![
        field("operator", FactType::String),
        field("key", FactType::String),
        field("values", texts()),
    ]);
    let statement = FactType::Record(vec![
        field("sid", FactType::String),
        field("effect", FactType::String),
        field("principals", texts()),
        field("not_principals", texts()),
        field("actions", texts()),
        field("not_actions", texts()),
        field("resources", texts()),
        field("not_resources", texts()),
        field("conditions", FactType::List(Box::new(condition))),
    ]);
    FactType::Record(vec![field("statements", FactType::List(Box::new(statement)))])
}

pub(crate) fn read(
    name: &EcoString,
    node: &Node,
    parts: &[Part],
    bases: &Bases,
    mistakes: &mut Mistakes,
) -> FactEntry {
    let mut fields = Fields::of(node, "a fact", mistakes);
    let says = fields.text("says", mistakes);
    let ty = fields
        .required("type", mistakes)
        .map_or(FactType::String, |node| read_type(node, 0, mistakes));
    let cloudformation = fields.optional("cloudformation");
    let terraform = fields.optional("terraform");
    if cloudformation.is_none() && terraform.is_none() {
        mistakes.add(
            eco_format!("no source has the fact `{name}`: give `cloudformation` or `terraform`"),
            node.span,
        );
    }
    let places = place::read_all(cloudformation, terraform, &ty, parts, mistakes);
    let default = fields.optional("default").map(|node| read_default(node, &ty, mistakes));
    let basis = fields.optional("basis").map(|node| bases.read(node, mistakes)).unwrap_or_default();
    if default.is_some() && basis.is_empty() {
        mistakes.add(eco_format!("the default of `{name}` needs `basis`"), node.span);
    }
    let sensitive = fields.flag("sensitive", mistakes);
    fields.finish(mistakes);
    FactEntry { name: name.clone(), says, ty, places, default, sensitive, basis }
}

fn read_type(node: &Node, depth: u8, mistakes: &mut Mistakes) -> FactType {
    if depth > 6 {
        mistakes.add("the type is nested too deeply", node.span);
        return FactType::String;
    }
    match &node.value {
        Value::List(list) => match list.items.as_slice() {
            [inner] => FactType::List(Box::new(read_type(inner, depth + 1, mistakes))),
            _ => {
                mistakes.add(
                    "a list type is written with the type of its elements: [string]",
                    node.span,
                );
                FactType::List(Box::new(FactType::String))
            }
        },
        Value::Map(map) => FactType::Record(
            map.entries
                .iter()
                .map(|(name, node)| (name.clone(), read_type(node, depth + 1, mistakes)))
                .collect(),
        ),
        _ => match text(node, mistakes).as_str() {
            "bool" => FactType::Bool,
            "number" => FactType::Number,
            "string" => FactType::String,
            "policy" => FactType::Policy,
            other => {
                mistakes.add_with_help(
                    eco_format!("`{other}` is no type"),
                    node.span,
                    "bool, number, string, policy, [type], or {field: type}",
                );
                FactType::String
            }
        },
    }
}

fn read_default(node: &Node, ty: &FactType, mistakes: &mut Mistakes) -> FactDefault {
    let dated = node.get("value").is_some() && !matches!(ty, FactType::Record(_));
    let constant = |node: &Node, mistakes: &mut Mistakes| {
        let constant = Constant::of(node).unwrap_or(Constant::Absent);
        if !ty.admits(&constant) {
            mistakes.add("the default is not of the fact's type", node.span);
        }
        constant
    };
    if !dated {
        return FactDefault {
            value: constant(node, mistakes),
            since: EcoString::new(),
            before: None,
            terraform: None,
        };
    }
    let mut fields = Fields::of(node, "a default", mistakes);
    let value = fields
        .required("value", mistakes)
        .map_or(Constant::Absent, |node| constant(node, mistakes));
    let since = fields.optional("since").map(|node| date(node, mistakes)).unwrap_or_default();
    let before = fields.optional("before").map(|node| constant(node, mistakes));
    let terraform = fields.optional("terraform").map(|node| constant(node, mistakes));
    fields.finish(mistakes);
    FactDefault { value, since, before, terraform }
}
