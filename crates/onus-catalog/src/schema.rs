//! The catalog's facts as predicates see them.

use ecow::EcoString;
use onus_predicate::{Schema, Type};
use rustc_hash::FxHashMap;

use crate::{Service, TypeEntry};

/// The types of a catalog, by name.
pub(crate) struct TypeTable {
    by_name: FxHashMap<EcoString, u32>,
    facts: Vec<Vec<(EcoString, Type)>>,
    dates: FxHashMap<EcoString, Dates>,
}

/// Values and days.
type Dates = Vec<(EcoString, EcoString)>;

impl TypeTable {
    pub(crate) fn new(types: &[TypeEntry], services: &[Service]) -> TypeTable {
        let by_name = (0..).zip(types).map(|(index, entry)| (entry.name.clone(), index)).collect();
        let facts = types
            .iter()
            .map(|entry| {
                entry
                    .facts
                    .iter()
                    .map(|fact| (fact.name.clone(), fact.ty.predicate_type()))
                    .collect()
            })
            .collect();
        let dates = services
            .iter()
            .flat_map(|service| service.dates.iter())
            .map(|table| (table.id.clone(), table.values.clone()))
            .collect();
        TypeTable { by_name, facts, dates }
    }

    pub(crate) fn index(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &EcoString> {
        self.by_name.keys()
    }
}

impl Schema for TypeTable {
    fn fact(&self, type_index: u32, name: &str) -> Option<(u16, Type)> {
        let facts = self.facts.get(usize::try_from(type_index).ok()?)?;
        let slot = facts.iter().position(|(fact, _)| fact == name)?;
        Some((u16::try_from(slot).ok()?, facts.get(slot)?.1.clone()))
    }

    fn type_index(&self, type_name: &str) -> Option<u32> {
        self.index(type_name)
    }

    fn dates(&self, table: &str) -> Option<&[(EcoString, EcoString)]> {
        self.dates.get(table).map(Vec::as_slice)
    }

    fn names(&self, type_index: u32) -> Vec<EcoString> {
        let facts = usize::try_from(type_index).ok().and_then(|index| self.facts.get(index));
        facts.map(|facts| facts.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default()
    }
}
