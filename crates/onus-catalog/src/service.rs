//! `service.yaml` and `services.yaml`: services and their types.

use std::collections::BTreeMap;

use ecow::{EcoString, eco_format};
use onus_model::{Basis, DeliveryModel, Node, ServiceClass, Span, Value};
use serde::{Deserialize, Serialize};

use crate::decode::{Fields, Mistakes, date, elements, entries, names, text, texts};
use crate::path::snake_case;
use crate::{DateTable, FactEntry, LayerAllocation, Lazy, allocation, dates, fact};

/// A service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Service {
    /// `s3`.
    pub id: EcoString,
    /// `Amazon S3`.
    pub name: EcoString,
    /// Its class.
    pub class: ServiceClass,
    /// Its delivery model.
    pub delivery: DeliveryModel,
    /// CloudFormation namespaces: `AWS::S3`.
    pub namespaces: Vec<EcoString>,
    /// Prefixes of Terraform types: `aws_s3_`.
    pub terraform: Vec<EcoString>,
    /// What it is, and where the line runs, for a newcomer; empty unless in depth.
    pub summary: EcoString,
    /// Statements for every type of the service.
    pub allocations: Lazy<Vec<LayerAllocation>>,
    /// What of it ends, and when.
    pub dates: Lazy<Vec<DateTable>>,
    /// The catalog describes types of it in depth.
    pub in_depth: bool,
    /// Its resources belong to no Region.
    pub global: bool,
}

/// An entry that says nothing, in place of one that cannot be decoded.
impl Default for Service {
    fn default() -> Service {
        Service {
            id: EcoString::new(),
            name: EcoString::new(),
            class: ServiceClass::Infrastructure,
            delivery: DeliveryModel::Iaas,
            namespaces: Vec::new(),
            terraform: Vec::new(),
            summary: EcoString::new(),
            allocations: Lazy::default(),
            dates: Lazy::default(),
            in_depth: false,
            global: false,
        }
    }
}

/// A type that the catalog describes in depth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct TypeEntry {
    /// As CloudFormation names it.
    pub name: EcoString,
    /// Id of its service.
    pub service: EcoString,
    /// As in "this bucket".
    pub title: EcoString,
    /// The same type in the `aws` provider of Terraform.
    pub terraform: Vec<EcoString>,
    /// Its class.
    pub class: ServiceClass,
    /// Its delivery model.
    pub delivery: DeliveryModel,
    /// Attributes whose value names a resource of this type: in Terraform, in CloudFormation.
    pub names: (Vec<EcoString>, Vec<EcoString>),
    /// Resources that are configuration of one of this type.
    pub parts: Vec<Part>,
    /// Statements for this type.
    pub allocations: Lazy<Vec<LayerAllocation>>,
    /// Its facts; a fact's slot is its index here.
    pub facts: Lazy<Vec<FactEntry>>,
}

/// An entry that says nothing, in place of one that cannot be decoded.
impl Default for TypeEntry {
    fn default() -> TypeEntry {
        TypeEntry {
            name: EcoString::new(),
            service: EcoString::new(),
            title: EcoString::new(),
            terraform: Vec::new(),
            class: ServiceClass::Infrastructure,
            delivery: DeliveryModel::Iaas,
            names: (Vec::new(), Vec::new()),
            parts: Vec::new(),
            allocations: Lazy::default(),
            facts: Lazy::default(),
        }
    }
}

/// A kind of resource that is configuration of another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its type in its source: `aws_s3_bucket_versioning`, `AWS::S3::BucketPolicy`.
    pub native: EcoString,
    /// Its attribute that says of which resource.
    pub key: EcoString,
}

/// The name of a CloudFormation type in the `awscc` provider: `AWS::S3::BucketPolicy` to `awscc_s3_bucket_policy`.
pub(crate) fn awscc_name(type_name: &str) -> Option<EcoString> {
    let mut words = type_name.split("::");
    let (_, service, resource) = (words.next()?, words.next()?, words.next()?);
    Some(eco_format!("awscc_{}_{}", service.to_ascii_lowercase(), snake_case(resource)))
}

/// The pages that a service names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bases(BTreeMap<EcoString, Basis>);

impl Bases {
    pub(crate) fn read_named(node: Option<&Node>, mistakes: &mut Mistakes) -> Bases {
        let named = entries(node, "`bases`", mistakes)
            .into_iter()
            .filter_map(|(name, node)| Some((name.clone(), one_basis(node, mistakes)?)));
        Bases(named.collect())
    }

    /// A list of names and pages, or one of them.
    pub(crate) fn read(&self, node: &Node, mistakes: &mut Mistakes) -> Vec<Basis> {
        let items = match &node.value {
            Value::List(list) => list.items.iter().collect(),
            _ => vec![node],
        };
        if items.is_empty() {
            mistakes.add("`basis` is empty: name the page that says this", node.span);
        }
        let read = items.into_iter().filter_map(|item| match &item.value {
            Value::String(name) => {
                let known = self.0.get(name).cloned();
                if known.is_none() {
                    mistakes.add_with_help(
                        eco_format!("no basis is named `{name}`"),
                        item.span,
                        "name it under `bases:`, or write {url: …, as_of: …}",
                    );
                }
                known
            }
            _ => one_basis(item, mistakes),
        });
        read.collect()
    }
}

fn one_basis(node: &Node, mistakes: &mut Mistakes) -> Option<Basis> {
    let mut fields = Fields::of(node, "a basis", mistakes);
    let url = fields.text("url", mistakes);
    let as_of = fields.required("as_of", mistakes).map(|node| date(node, mistakes));
    if !url.is_empty() && !url.starts_with("https://") {
        mistakes.add(eco_format!("`{url}` is no https address"), node.span);
    }
    fields.finish(mistakes);
    Some(Basis { url, as_of: as_of? })
}

/// A service with what still refers to types by name.
pub(crate) struct ServiceDraft<'a> {
    pub(crate) service: Service,
    pub(crate) bases: Bases,
    pub(crate) types: Vec<TypeEntry>,
    /// Where each type stands.
    pub(crate) places: Vec<(EcoString, Span)>,
    pub(crate) shifts: Vec<(&'a EcoString, &'a Node)>,
}

/// Reads `service.yaml`. `known`: the service as the built-in catalog has it, which a user's file may extend.
pub(crate) fn read<'a>(
    id: &str,
    node: &'a Node,
    known: Option<&Service>,
    mistakes: &mut Mistakes,
) -> Option<ServiceDraft<'a>> {
    let mut fields = Fields::of(node, "a service", mistakes);
    let bases = Bases::read_named(fields.optional("bases"), mistakes);
    let mut service = match known {
        Some(known) => known.clone(),
        None => Service {
            id: id.into(),
            name: fields.text("name", mistakes),
            class: fields.word("class", &names(ServiceClass::ALL), mistakes)?,
            delivery: fields.word("delivery", &names(DeliveryModel::ALL), mistakes)?,
            namespaces: fields.texts("namespaces", mistakes),
            terraform: fields.texts("terraform", mistakes),
            summary: fields.text("summary", mistakes),
            allocations: Lazy::default(),
            dates: Lazy::default(),
            in_depth: true,
            global: fields.flag("global", mistakes),
        },
    };
    let said: Vec<LayerAllocation> =
        elements(fields.optional("allocations"), "`allocations`", mistakes)
            .into_iter()
            .filter_map(|node| allocation::entry(node, &bases, None, mistakes))
            .collect();
    service.allocations.change(|all| all.extend(said));
    let dates = dates::read(id, fields.optional("dates"), &bases, mistakes);
    service.dates.change(|all| all.extend(dates));
    let described = entries(fields.optional("types"), "`types`", mistakes);
    let places = described.iter().map(|(name, node)| ((*name).clone(), node.span)).collect();
    let types = described
        .into_iter()
        .map(|(name, node)| read_type(name, node, &service, &bases, mistakes))
        .collect();
    service.in_depth = true;
    let shifts = entries(fields.optional("shifts"), "`shifts`", mistakes);
    fields.finish(mistakes);
    Some(ServiceDraft { service, bases, types, places, shifts })
}

fn read_type(
    name: &EcoString,
    node: &Node,
    service: &Service,
    bases: &Bases,
    mistakes: &mut Mistakes,
) -> TypeEntry {
    let mut fields = Fields::of(node, "a type", mistakes);
    let title = fields.text("title", mistakes);
    let terraform = fields.texts("terraform", mistakes);
    let class = fields
        .optional("class")
        .is_some()
        .then(|| fields.word("class", &names(ServiceClass::ALL), mistakes));
    let delivery = fields
        .optional("delivery")
        .is_some()
        .then(|| fields.word("delivery", &names(DeliveryModel::ALL), mistakes));
    let naming = fields.optional("names").map(|node| {
        let mut fields = Fields::of(node, "`names`", mistakes);
        let both = (fields.texts("terraform", mistakes), fields.texts("cloudformation", mistakes));
        fields.finish(mistakes);
        both
    });
    let parts: Vec<Part> = entries(fields.optional("parts"), "`parts`", mistakes)
        .into_iter()
        .map(|(native, node)| Part { native: native.clone(), key: text(node, mistakes) })
        .collect();
    let allocations: Vec<LayerAllocation> =
        elements(fields.optional("allocations"), "`allocations`", mistakes)
            .into_iter()
            .filter_map(|node| allocation::entry(node, bases, None, mistakes))
            .collect();
    let facts: Vec<FactEntry> = entries(fields.optional("facts"), "`facts`", mistakes)
        .into_iter()
        .map(|(name, node)| fact::read(name, node, &parts, bases, mistakes))
        .collect();
    fields.finish(mistakes);
    TypeEntry {
        name: name.clone(),
        service: service.id.clone(),
        title,
        terraform,
        class: class.flatten().unwrap_or(service.class),
        delivery: delivery.flatten().unwrap_or(service.delivery),
        names: naming.unwrap_or_default(),
        parts,
        allocations: Lazy::from(allocations),
        facts: Lazy::from(facts),
    }
}

/// Reads `services.yaml`: services that are classified and not described in depth.
pub(crate) fn read_classified(node: &Node, mistakes: &mut Mistakes) -> Vec<Service> {
    let mut services = Vec::new();
    for (id, node) in entries(Some(node), "`services.yaml`", mistakes) {
        let mut fields = Fields::of(node, "a service", mistakes);
        let name = fields.text("name", mistakes);
        let class = fields.word("class", &names(ServiceClass::ALL), mistakes);
        let delivery = fields.word("delivery", &names(DeliveryModel::ALL), mistakes);
        let namespaces =
            fields.optional("namespaces").map(|node| texts(node, mistakes)).unwrap_or_default();
        let terraform =
            fields.optional("terraform").map(|node| texts(node, mistakes)).unwrap_or_default();
        let global = fields.flag("global", mistakes);
        fields.finish(mistakes);
        let (Some(class), Some(delivery)) = (class, delivery) else { continue };
        services.push(Service {
            id: id.clone(),
            name,
            class,
            delivery,
            namespaces,
            terraform,
            summary: EcoString::new(),
            allocations: Lazy::default(),
            dates: Lazy::default(),
            in_depth: false,
            global,
        });
    }
    services
}

/// `part.key` under the `awscc` provider's naming.
pub(crate) fn awscc_key(key: &str) -> EcoString {
    snake_case(key)
}
