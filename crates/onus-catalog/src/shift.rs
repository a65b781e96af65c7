//! Configurations that move a duty from one party to another.

use ecow::EcoString;
use onus_model::{Basis, Node};
use onus_predicate::Program;
use serde::{Deserialize, Serialize};

use crate::allocation;
use crate::decode::{Fields, Mistakes, date, elements};
use crate::service::Bases;
use crate::{LayerAllocation, Lazy};

/// A shift.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Shift {
    /// `lambda/container-image`.
    pub id: EcoString,
    /// The configuration, in a few words.
    pub title: EcoString,
    /// Index of the type that it speaks of, in [`crate::Catalog::types`].
    pub type_index: u32,
    /// Whether it holds for a resource.
    pub when: Program,
    /// Who holds which duties then.
    pub moves: Lazy<Vec<LayerAllocation>>,
    /// The sources.
    pub basis: Lazy<Vec<Basis>>,
    /// First day on which it holds, `YYYY-MM-DD`; empty: always.
    pub valid_from: EcoString,
    /// Last day on which it holds; empty: until today.
    pub valid_until: EcoString,
}

/// A shift as read, before its type and predicate are resolved.
pub(crate) struct ShiftDraft<'a> {
    pub(crate) id: EcoString,
    pub(crate) title: EcoString,
    pub(crate) type_name: Option<&'a Node>,
    pub(crate) when: Option<&'a Node>,
    pub(crate) moves: Vec<LayerAllocation>,
    pub(crate) basis: Vec<Basis>,
    pub(crate) valid_from: EcoString,
    pub(crate) valid_until: EcoString,
}

pub(crate) fn read<'a>(
    id: EcoString,
    node: &'a Node,
    bases: &Bases,
    mistakes: &mut Mistakes,
) -> ShiftDraft<'a> {
    let mut fields = Fields::of(node, "a shift", mistakes);
    let basis = fields
        .required("basis", mistakes)
        .map(|node| bases.read(node, mistakes))
        .unwrap_or_default();
    let moves = elements(fields.required("moves", mistakes), "`moves`", mistakes)
        .into_iter()
        .filter_map(|node| allocation::entry(node, bases, Some(&basis), mistakes))
        .collect();
    let draft = ShiftDraft {
        id,
        title: fields.text("title", mistakes),
        type_name: fields.required("type", mistakes),
        when: fields.required("when", mistakes),
        moves,
        basis,
        valid_from: fields
            .optional("valid_from")
            .map(|node| date(node, mistakes))
            .unwrap_or_default(),
        valid_until: fields
            .optional("valid_until")
            .map(|node| date(node, mistakes))
            .unwrap_or_default(),
    };
    fields.finish(mistakes);
    draft
}
