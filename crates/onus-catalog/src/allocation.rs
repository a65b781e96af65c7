//! Statements on who holds a duty.

use ecow::EcoString;
use onus_model::{Allocation, Basis, Layer, Node};
use serde::{Deserialize, Serialize};

use crate::decode::{Fields, Mistakes, names, word};
use crate::service::Bases;

/// What a statement says of one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerAllocation {
    /// The layer.
    pub layer: Layer,
    /// For each verb, in the order of [`onus_model::Verb::ALL`], the holder; `None` leaves it as it was.
    pub verbs: DutyChange,
    /// AWS's side in plain words; empty leaves the words as they were.
    pub aws: EcoString,
    /// The customer's side in plain words; empty leaves the words as they were.
    pub you: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// The holders that a statement names, by verb.
pub type DutyChange = [Option<Allocation>; 4];

/// Reads the four verbs, or `all`.
pub(crate) fn verbs(fields: &mut Fields<'_>, mistakes: &mut Mistakes) -> DutyChange {
    let all = fields.optional("all").and_then(|node| holder(node, mistakes));
    let mut one = |key: &'static str, mistakes: &mut Mistakes| {
        fields.optional(key).and_then(|node| holder(node, mistakes)).or(all)
    };
    [
        one("provide", mistakes),
        one("decide", mistakes),
        one("apply", mistakes),
        one("verify", mistakes),
    ]
}

/// Reads one entry of `allocations:` or of a shift's `moves:`. `default_basis`: that of the shift around it.
pub(crate) fn entry(
    node: &Node,
    bases: &Bases,
    default_basis: Option<&[Basis]>,
    mistakes: &mut Mistakes,
) -> Option<LayerAllocation> {
    let mut fields = Fields::of(node, "an allocation", mistakes);
    let layer = fields.word::<Layer>("layer", &names(Layer::ALL), mistakes);
    let verbs = verbs(&mut fields, mistakes);
    let aws = fields.optional_text("aws", mistakes);
    let you = fields.optional_text("you", mistakes);
    let basis = match (fields.optional("basis"), default_basis) {
        (Some(node), _) => bases.read(node, mistakes),
        (None, Some(basis)) => basis.to_vec(),
        (None, None) => {
            mistakes.add("an allocation needs `basis`", fields.span);
            Vec::new()
        }
    };
    if aws.is_empty() && you.is_empty() && verbs.iter().all(Option::is_none) {
        mistakes.add("this allocation says nothing: no verb, no words", fields.span);
    }
    fields.finish(mistakes);
    Some(LayerAllocation { layer: layer?, verbs, aws, you, basis })
}

fn holder(node: &Node, mistakes: &mut Mistakes) -> Option<Allocation> {
    let spelled: Option<Holder> =
        word(node, "holder of a duty", "provider, customer, third-party, not-applicable", mistakes);
    spelled.map(|holder| holder.0)
}

struct Holder(Allocation);

impl std::str::FromStr for Holder {
    type Err = ();

    fn from_str(text: &str) -> Result<Holder, ()> {
        let all = [
            Allocation::Provider,
            Allocation::Customer,
            Allocation::ThirdParty,
            Allocation::NotApplicable,
        ];
        all.into_iter().find(|allocation| allocation.name() == text).map(Holder).ok_or(())
    }
}
