//! Where a source keeps a fact.

use ecow::{EcoString, eco_format};
use onus_model::{Node, Value};
use serde::{Deserialize, Serialize};

use crate::decode::{Fields, Mistakes, entries, text};
use crate::fact::FactType;
use crate::path::{Path, pascal_case};
use crate::service::Part;

/// The ways in which sources name the same property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Syntaxes {
    /// CloudFormation's own names.
    Cloudformation,
    /// The `aws` provider of Terraform.
    Terraform,
    /// The `awscc` provider of Terraform: CloudFormation's names in snake_case.
    Awscc,
}

/// Where one source keeps one fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Places {
    /// The source has no place for it.
    Nowhere,
    /// In these, tried in order or joined.
    In(Vec<Place>),
}

/// One place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Taken from the parts of this kind (index in the type's parts) instead of the resource itself.
    pub from: Option<u16>,
    /// Only for resources of this type, in the words of the source; empty for all that stand for the type.
    pub only: EcoString,
    /// Where in the attributes.
    pub path: Path,
    /// Translations of values, by their text.
    pub values: Vec<(EcoString, EcoString)>,
    /// The fact is whether the path is set.
    pub present: bool,
    /// The fact is the opposite of what is written.
    pub not: bool,
    /// The fact is the list of the kinds of credential that are written in the text there; the text itself is not kept.
    pub secrets: bool,
    /// The object there is read as a list of records `{key, value}`, one for each of its entries.
    pub entries: bool,
    /// Only parts, or list elements, whose attributes have these values as text.
    pub filter: Vec<(EcoString, EcoString)>,
    /// For records: where each field is, in the order of the type's fields.
    pub fields: Vec<Vec<Place>>,
}

impl Place {
    /// Gives each part that it names its new index.
    pub(crate) fn renumber_parts(&mut self, parts: &[u16]) {
        self.from = self.from.and_then(|from| parts.get(usize::from(from)).copied());
        self.fields.iter_mut().flatten().for_each(|place| place.renumber_parts(parts));
    }

    /// The same place with names in snake_case.
    fn snake_case(&self) -> Place {
        Place {
            path: self.path.snake_case(),
            filter: self
                .filter
                .iter()
                .map(|(key, value)| (crate::path::snake_case(key), value.clone()))
                .collect(),
            fields: self
                .fields
                .iter()
                .map(|places| places.iter().map(Place::snake_case).collect())
                .collect(),
            ..self.clone()
        }
    }
}

/// The places of a fact in each of the three ways of naming, from what its entry says.
pub(crate) fn read_all(
    cloudformation: Option<&Node>,
    terraform: Option<&Node>,
    ty: &FactType,
    parts: &[Part],
    mistakes: &mut Mistakes,
) -> [Places; 3] {
    let cfn = match cloudformation {
        Some(node) => read_places(node, ty, parts, Syntaxes::Cloudformation, mistakes),
        None => Places::Nowhere,
    };
    let awscc = derived(&cfn, |_| true);
    let tf = match terraform {
        Some(node) => read_places(node, ty, parts, Syntaxes::Terraform, mistakes),
        None => derived(&cfn, |place| place.from.is_none()),
    };
    [cfn, tf, awscc]
}

fn derived(places: &Places, keep: impl Fn(&Place) -> bool) -> Places {
    match places {
        Places::Nowhere => Places::Nowhere,
        Places::In(places) => {
            Places::In(places.iter().filter(|place| keep(place)).map(Place::snake_case).collect())
        }
    }
}

fn read_places(
    node: &Node,
    ty: &FactType,
    parts: &[Part],
    syntax: Syntaxes,
    mistakes: &mut Mistakes,
) -> Places {
    match &node.value {
        Value::String(word) if word == "none" => Places::Nowhere,
        Value::List(list) => Places::In(
            list.items.iter().map(|item| read_place(item, ty, parts, syntax, mistakes)).collect(),
        ),
        _ => Places::In(vec![read_place(node, ty, parts, syntax, mistakes)]),
    }
}

fn read_place(
    node: &Node,
    ty: &FactType,
    parts: &[Part],
    syntax: Syntaxes,
    mistakes: &mut Mistakes,
) -> Place {
    let Value::Map(_) = &node.value else {
        let spelled = text(node, mistakes);
        let path = read_path(&spelled, node, mistakes);
        return Place { path, fields: derive_fields(ty, syntax), ..Place::default() };
    };
    let mut fields = Fields::of(node, "a place", mistakes);
    let from = fields.optional("from").and_then(|node| {
        let name = text(node, mistakes);
        let at = parts.iter().position(|part| part.native == name);
        if at.is_none() {
            let help = eco_format!(
                "the type's parts are: {}",
                parts.iter().map(|p| p.native.as_str()).collect::<Vec<_>>().join(", ")
            );
            mistakes.add_with_help(
                eco_format!("`{name}` is no part of this type"),
                node.span,
                help,
            );
        }
        at.and_then(|at| u16::try_from(at).ok())
    });
    let only = fields.optional_text("only", mistakes);
    let path = match fields.optional("path") {
        Some(node) => {
            let spelled = text(node, mistakes);
            read_path(&spelled, node, mistakes)
        }
        None => Path::default(),
    };
    let pairs = |node: Option<&Node>, mistakes: &mut Mistakes| -> Vec<(EcoString, EcoString)> {
        entries(node, "this", mistakes)
            .into_iter()
            .map(|(key, node)| (key.clone(), text(node, mistakes)))
            .collect()
    };
    let values = pairs(fields.optional("values"), mistakes);
    let filter = pairs(fields.optional("where"), mistakes);
    let present = fields.flag("present", mistakes);
    let not = fields.flag("not", mistakes);
    let secrets = fields.flag("secrets", mistakes);
    let entries_wanted = fields.flag("entries", mistakes);
    if entries_wanted
        && ty
            .record()
            .is_none_or(|record| record.iter().map(|(name, _)| name.as_str()).ne(["key", "value"]))
    {
        mistakes.add(
            "`entries` belongs to facts of the type [{key: string, value: string}]",
            fields.span,
        );
    }
    if secrets && *ty != FactType::List(Box::new(FactType::String)) {
        mistakes.add("`secrets` belongs to facts of the type [string]", fields.span);
    }
    let given = fields.optional("fields");
    let span = fields.span;
    fields.finish(mistakes);
    let record = ty.record();
    let mut named: Vec<(&EcoString, &Node)> = entries(given, "`fields`", mistakes);
    let resolved = record.unwrap_or(&[]).iter().map(|(name, ty)| {
        match named.iter().position(|(key, _)| *key == name).map(|at| named.remove(at).1) {
            Some(node) => match read_places(node, ty, parts, syntax, mistakes) {
                Places::Nowhere => Vec::new(),
                Places::In(places) => places,
            },
            None => vec![derive_field(name, ty, syntax)],
        }
    });
    let resolved: Vec<Vec<Place>> = resolved.collect();
    for (key, node) in named {
        mistakes.add(eco_format!("the fact's type has no field `{key}`"), node.span);
    }
    if given.is_some() && record.is_none() {
        mistakes.add("`fields` belongs to facts whose type is a record or a list of records", span);
    }
    Place {
        from,
        only,
        path,
        values,
        present,
        not,
        secrets,
        entries: entries_wanted,
        filter,
        fields: resolved,
    }
}

fn derive_fields(ty: &FactType, syntax: Syntaxes) -> Vec<Vec<Place>> {
    let record = ty.record().unwrap_or(&[]);
    record.iter().map(|(name, ty)| vec![derive_field(name, ty, syntax)]).collect()
}

fn derive_field(name: &EcoString, ty: &FactType, syntax: Syntaxes) -> Place {
    let name = match syntax {
        Syntaxes::Cloudformation => pascal_case(name),
        Syntaxes::Terraform | Syntaxes::Awscc => name.clone(),
    };
    let path = Path { steps: vec![crate::Step { name, select: Vec::new() }] };
    Place { path, fields: derive_fields(ty, syntax), ..Place::default() }
}

fn read_path(spelled: &str, node: &Node, mistakes: &mut Mistakes) -> Path {
    Path::parse(spelled).unwrap_or_else(|| {
        mistakes.add_with_help(
            eco_format!("`{spelled}` is no path"),
            node.span,
            "names joined by dots, with selectors in brackets: Attributes[Key=x].Value",
        );
        Path::default()
    })
}
