//! Who holds the layers of a class, service or type before any configuration speaks.

use ecow::EcoString;
use onus_model::{Allocation, Basis, Layer, ServiceClass};

use crate::{Catalog, LayerAllocation, TypeEntry};

/// A layer, with the words for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The layer.
    pub layer: Layer,
    /// Who holds each verb, in the order of [`onus_model::Verb::ALL`].
    pub holders: [Allocation; 4],
    /// AWS's side.
    pub aws: EcoString,
    /// The customer's side.
    pub you: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

impl Catalog {
    /// Every layer of a service, in the order of the model.
    pub fn held_by_service(&self, id: &str) -> Vec<Held> {
        self.service(id)
            .map(|service| self.held(service.class, &[&service.allocations]))
            .unwrap_or_default()
    }

    /// Every layer of a type, in the order of the model.
    pub fn held_by_type(&self, entry: &TypeEntry) -> Vec<Held> {
        let service =
            self.service(&entry.service).map_or(&[][..], |service| service.allocations.as_slice());
        self.held(entry.class, &[service, &entry.allocations])
    }

    fn held(&self, class: ServiceClass, statements: &[&[LayerAllocation]]) -> Vec<Held> {
        let class = self.class(class).map_or(&[][..], |class| class.layers.as_slice());
        let layer = |layer: &Layer| {
            let mut held = Held {
                layer: *layer,
                holders: [Allocation::Undetermined; 4],
                aws: EcoString::new(),
                you: EcoString::new(),
                basis: Vec::new(),
            };
            let all = class.iter().chain(statements.iter().copied().flatten());
            for said in all.filter(|said| said.layer == *layer) {
                for (holder, new) in held.holders.iter_mut().zip(said.verbs) {
                    *holder = new.unwrap_or(*holder);
                }
                for (kept, new) in [(&mut held.aws, &said.aws), (&mut held.you, &said.you)] {
                    if !new.is_empty() {
                        kept.clone_from(new);
                    }
                }
                held.basis.clone_from(&said.basis);
            }
            if held.holders.iter().all(|holder| *holder == Allocation::NotApplicable) {
                held.aws.clear();
                held.you.clear();
            }
            held
        };
        Layer::ALL.iter().map(layer).collect()
    }
}
