//! `model.yaml`: layers, verbs, and the default allocation of each class.

use ecow::{EcoString, eco_format};
use onus_model::{Allocation, Basis, DeliveryModel, Layer, Node, ServiceClass, Verb};
use serde::{Deserialize, Serialize};

use crate::allocation::verbs;
use crate::decode::{Fields, Mistakes, entries, names};
use crate::service::Bases;
use crate::{LayerAllocation, Lazy};

/// What the model says before any service speaks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Model {
    /// Every layer in words, in the order of [`Layer::ALL`].
    pub layers: Vec<LayerWords>,
    /// Every verb in words, in the order of [`Verb::ALL`].
    pub verbs: Vec<EcoString>,
    /// Every class, in the order of [`ServiceClass::ALL`].
    pub classes: Vec<ClassModel>,
    /// The control that a list of allowed Regions makes.
    pub allowed_regions: RegionControl,
}

/// The control that resources are in Regions that the customer allows: the one control whose predicate is the customer's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionControl {
    /// The passing state in one line.
    pub title: EcoString,
    /// Why it matters.
    pub why: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// A layer in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerWords {
    /// Its title.
    pub title: EcoString,
    /// What it is.
    pub says: EcoString,
}

/// A class and what it allocates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct ClassModel {
    /// Its title.
    pub title: EcoString,
    /// What it is.
    pub says: EcoString,
    /// The delivery model that goes with it unless a service says otherwise.
    pub delivery: DeliveryModel,
    /// The sources.
    pub basis: Vec<Basis>,
    /// Every layer once, in the order of [`Layer::ALL`], each with all four verbs.
    pub layers: Lazy<Vec<LayerAllocation>>,
}

/// Reads `model.yaml`.
pub(crate) fn read(node: &Node, mistakes: &mut Mistakes) -> Model {
    let mut fields = Fields::of(node, "the model", mistakes);
    let bases = Bases::read_named(fields.optional("bases"), mistakes);
    let layers_node = fields.required("layers", mistakes);
    let verbs_node = fields.required("verbs", mistakes);
    let classes_node = fields.required("classes", mistakes);
    let allowed_regions = fields.required("allowed_regions", mistakes).map(|node| {
        let mut fields = Fields::of(node, "the control on Regions", mistakes);
        let control = RegionControl {
            title: fields.text("title", mistakes),
            why: fields.text("why", mistakes),
            basis: fields
                .required("basis", mistakes)
                .map(|node| bases.read(node, mistakes))
                .unwrap_or_default(),
        };
        fields.finish(mistakes);
        control
    });
    fields.finish(mistakes);

    let layers = Layer::ALL.iter().map(|layer| {
        let node = pick(layers_node, layer.name(), "layer", mistakes);
        let words = node.map(|node| {
            let mut fields = Fields::of(node, "a layer", mistakes);
            let words = LayerWords {
                title: fields.text("title", mistakes),
                says: fields.text("says", mistakes),
            };
            fields.finish(mistakes);
            words
        });
        words.unwrap_or(LayerWords { title: layer.name().into(), says: EcoString::new() })
    });
    let layers = layers.collect();
    let verbs = Verb::ALL.iter().map(|verb| {
        let node = pick(verbs_node, verb.name(), "verb", mistakes);
        node.map(|node| {
            let mut fields = Fields::of(node, "a verb", mistakes);
            let says = fields.text("says", mistakes);
            fields.finish(mistakes);
            says
        })
        .unwrap_or_default()
    });
    let verbs = verbs.collect();
    let classes = ServiceClass::ALL
        .iter()
        .filter_map(|class| {
            pick(classes_node, class.name(), "class", mistakes)
                .map(|node| read_class(node, &bases, mistakes))
        })
        .collect();
    unknown_names(layers_node, &names(Layer::ALL), "layer", mistakes);
    unknown_names(verbs_node, &names(Verb::ALL), "verb", mistakes);
    unknown_names(classes_node, &names(ServiceClass::ALL), "class", mistakes);
    Model { layers, verbs, classes, allowed_regions: allowed_regions.unwrap_or_default() }
}

fn read_class(node: &Node, bases: &Bases, mistakes: &mut Mistakes) -> ClassModel {
    let mut fields = Fields::of(node, "a class", mistakes);
    let title = fields.text("title", mistakes);
    let says = fields.text("says", mistakes);
    let delivery = fields
        .word("delivery", &names(DeliveryModel::ALL), mistakes)
        .unwrap_or(DeliveryModel::Paas);
    let basis = fields
        .required("basis", mistakes)
        .map(|node| bases.read(node, mistakes))
        .unwrap_or_default();
    let layers_node = fields.required("layers", mistakes);
    fields.finish(mistakes);
    unknown_names(layers_node, &names(Layer::ALL), "layer", mistakes);
    let layers = Layer::ALL.iter().filter_map(|layer| {
        let node = pick(layers_node, layer.name(), "layer", mistakes)?;
        let mut fields = Fields::of(node, "a layer of a class", mistakes);
        let verbs = verbs(&mut fields, mistakes);
        for (verb, holder) in Verb::ALL.iter().zip(verbs) {
            if holder.is_none() {
                mistakes.add(eco_format!("nobody holds `{verb}` of `{layer}`"), node.span);
            }
        }
        let entry = LayerAllocation {
            layer: *layer,
            verbs: verbs.map(|holder| Some(holder.unwrap_or(Allocation::Undetermined))),
            aws: fields.optional_text("aws", mistakes),
            you: fields.optional_text("you", mistakes),
            basis: fields
                .optional("basis")
                .map_or_else(|| basis.clone(), |node| bases.read(node, mistakes)),
        };
        fields.finish(mistakes);
        Some(entry)
    });
    let layers = Lazy::from(layers.collect::<Vec<_>>());
    ClassModel { title, says, delivery, basis, layers }
}

fn pick<'a>(
    node: Option<&'a Node>,
    key: &str,
    what: &str,
    mistakes: &mut Mistakes,
) -> Option<&'a Node> {
    let node = node?;
    let found = node.get(key);
    if found.is_none() {
        mistakes.add(eco_format!("the {what} `{key}` is missing"), node.span);
    }
    found
}

fn unknown_names(node: Option<&Node>, known: &str, what: &'static str, mistakes: &mut Mistakes) {
    for (key, node) in entries(node, "this", mistakes) {
        if !known.split(", ").any(|name| name == key) {
            mistakes.add_with_help(
                eco_format!("`{key}` is no {what}"),
                node.span,
                eco_format!("one of: {known}"),
            );
        }
    }
}
