//! Dated tables: what ends, and on which day, so that a verdict follows the day of the assessment.

use ecow::{EcoString, eco_format};
use onus_model::{Basis, Node};
use serde::{Deserialize, Serialize};

use crate::decode::{Fields, Mistakes, date, entries};
use crate::service::Bases;

/// A table of values and the day on which each of them ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateTable {
    /// `lambda/runtime-deprecation`.
    pub id: EcoString,
    /// What happens on the day, beginning with "the day".
    pub says: EcoString,
    /// Value and day, as they are written.
    pub values: Vec<(EcoString, EcoString)>,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// Later than every day of an assessment.
const NEVER: &str = "9999-12-31";

fn end(day: &Node, mistakes: &mut Mistakes) -> EcoString {
    match day.as_str() {
        Some("never") => NEVER.into(),
        _ => date(day, mistakes),
    }
}

/// Reads the tables of one service.
pub(crate) fn read(
    service: &str,
    node: Option<&Node>,
    bases: &Bases,
    mistakes: &mut Mistakes,
) -> Vec<DateTable> {
    let one = |(name, node): (&EcoString, &Node), mistakes: &mut Mistakes| {
        let mut fields = Fields::of(node, "a dated table", mistakes);
        let says = fields.text("says", mistakes);
        let values: Vec<(EcoString, EcoString)> =
            entries(fields.required("values", mistakes), "`values`", mistakes)
                .into_iter()
                .map(|(value, day)| (value.clone(), end(day, mistakes)))
                .collect();
        let basis = fields
            .required("basis", mistakes)
            .map(|node| bases.read(node, mistakes))
            .unwrap_or_default();
        fields.finish(mistakes);
        DateTable { id: eco_format!("{service}/{name}"), says, values, basis }
    };
    let tables = entries(node, "`dates`", mistakes);
    tables.into_iter().map(|table| one(table, mistakes)).collect()
}
