//! What the user asked of an assessment.

use onus_catalog::ControlEntry;
use onus_model::{EcoString, Layer, Severity};

/// What to assess, and as of when.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The date for which the model holds, `YYYY-MM-DD`.
    pub as_of: EcoString,
    /// Only controls that match one of these; empty: all.
    pub only: Vec<Filter>,
    /// No control that matches one of these.
    pub skip: Vec<Filter>,
    /// The Regions where content may be; empty: anywhere.
    pub allowed_regions: Vec<EcoString>,
}

/// A choice of controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Of this service.
    Service(EcoString),
    /// That test this layer.
    Layer(Layer),
    /// This one, by id or by an id that others give it.
    Control(EcoString),
    /// Of this severity.
    Severity(Severity),
}

impl Options {
    pub(crate) fn wants(&self, control: &ControlEntry) -> bool {
        let any = |filters: &[Filter]| filters.iter().any(|filter| filter.matches(control));
        (self.only.is_empty() || any(&self.only)) && !any(&self.skip)
    }
}

impl Filter {
    fn matches(&self, control: &ControlEntry) -> bool {
        match self {
            Filter::Service(service) => control.service == *service,
            Filter::Layer(layer) => control.layer == *layer,
            Filter::Severity(severity) => control.severity == *severity,
            Filter::Control(id) => {
                control.id == *id || control.prose.aliases.iter().any(|(_, alias)| alias == id)
            }
        }
    }
}
