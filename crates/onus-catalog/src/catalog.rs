//! The checked catalog, and how a native type finds its entry.

use ecow::EcoString;
use onus_model::ServiceClass;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::service::{awscc_key, awscc_name};
use crate::{ClassModel, ControlEntry, Model, Registry, Service, Shift, Syntaxes, TypeEntry};

/// What onus knows about AWS.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Layers, verbs, classes.
    pub model: Model,
    /// Services, by id.
    pub services: Vec<Service>,
    /// Types in depth. The index of a type is its identity.
    pub types: Vec<TypeEntry>,
    /// Shifts, in the order of their files.
    pub shifts: Vec<Shift>,
    /// Controls, by id.
    pub controls: Vec<ControlEntry>,
    /// Every type there is, in depth or not.
    pub registry: Registry,
    native: FxHashMap<EcoString, NativeType>,
    shifts_by_type: FxHashMap<u32, Vec<u32>>,
    controls_by_type: FxHashMap<u32, Vec<u32>>,
    /// Prefixes of native types with the index of their service, in ascending order.
    prefixes: Vec<(EcoString, u32)>,
}

/// The stored form: what cannot be worked out from the rest.
#[derive(Serialize, Deserialize)]
struct Stored {
    model: Model,
    services: Vec<Service>,
    types: Vec<TypeEntry>,
    shifts: Vec<Shift>,
    controls: Vec<ControlEntry>,
    registry: Registry,
}

/// What a native type is to the catalog.
#[derive(Clone, Debug, Default)]
pub struct NativeType {
    /// It is this type in depth.
    pub is: Option<(u32, Syntaxes)>,
    /// It is a part of these types.
    pub roles: Vec<Role>,
}

/// A native type as a part of a type in depth.
#[derive(Clone, Debug)]
pub struct Role {
    /// The type that it is a part of.
    pub type_index: u32,
    /// Index in that type's parts.
    pub part: u16,
    /// The attribute that says of which resource, as this source names it.
    pub key: EcoString,
    /// How this source names properties.
    pub syntax: Syntaxes,
}

impl Catalog {
    pub(crate) fn assemble(
        model: Model,
        services: Vec<Service>,
        types: Vec<TypeEntry>,
        shifts: Vec<Shift>,
        controls: Vec<ControlEntry>,
        registry: Registry,
    ) -> Catalog {
        let mut catalog =
            Catalog { model, services, types, shifts, controls, registry, ..Catalog::default() };
        catalog.index();
        catalog
    }

    /// The form that the binary embeds.
    ///
    /// # Errors
    /// When the encoder fails, which it does only for want of memory.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        let stored = (
            &self.model,
            &self.services,
            &self.types,
            &self.shifts,
            &self.controls,
            &self.registry,
        );
        postcard::to_stdvec(&stored)
    }

    /// Reads the embedded form.
    ///
    /// # Errors
    /// When the bytes are not what [`Catalog::to_bytes`] of this version wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Catalog, postcard::Error> {
        let stored: Stored = postcard::from_bytes(bytes)?;
        Ok(Catalog::assemble(
            stored.model,
            stored.services,
            stored.types,
            stored.shifts,
            stored.controls,
            stored.registry,
        ))
    }

    fn index(&mut self) {
        for (type_index, entry) in (0u32..).zip(&self.types) {
            let mut is = |name: EcoString, syntax| {
                self.native.entry(name).or_default().is = Some((type_index, syntax))
            };
            is(entry.name.clone(), Syntaxes::Cloudformation);
            entry.terraform.iter().for_each(|name| is(name.clone(), Syntaxes::Terraform));
            if let Some(name) = awscc_name(&entry.name) {
                is(name, Syntaxes::Awscc);
            }
            for (part, found) in (0u16..).zip(&entry.parts) {
                let mut role = |native: EcoString, key: EcoString, syntax| {
                    self.native.entry(native).or_default().roles.push(Role {
                        type_index,
                        part,
                        key,
                        syntax,
                    });
                };
                if found.native.contains("::") {
                    role(found.native.clone(), found.key.clone(), Syntaxes::Cloudformation);
                    if let Some(name) = awscc_name(&found.native) {
                        role(name, awscc_key(&found.key), Syntaxes::Awscc);
                    }
                } else {
                    role(found.native.clone(), found.key.clone(), Syntaxes::Terraform);
                }
            }
        }
        for (index, shift) in (0u32..).zip(&self.shifts) {
            self.shifts_by_type.entry(shift.type_index).or_default().push(index);
        }
        for (index, control) in (0u32..).zip(&self.controls) {
            self.controls_by_type.entry(control.type_index).or_default().push(index);
        }
        for (index, service) in (0u32..).zip(&self.services) {
            for namespace in &service.namespaces {
                self.prefixes.push((ecow::eco_format!("{namespace}::"), index));
                if let Some(short) = namespace.strip_prefix("AWS::") {
                    self.prefixes
                        .push((ecow::eco_format!("awscc_{}_", short.to_ascii_lowercase()), index));
                }
            }
            self.prefixes.extend(service.terraform.iter().map(|prefix| (prefix.clone(), index)));
        }
        self.prefixes.sort();
    }

    /// What a native type (`aws_s3_bucket`, `AWS::S3::Bucket`) is to the catalog.
    pub fn native(&self, name: &str) -> Option<&NativeType> {
        self.native.get(name)
    }

    /// The service of a native type: that of its entry, else the one with the longest prefix of its name.
    pub fn service_of(&self, native_type: &str) -> Option<&Service> {
        if let Some(NativeType { is: Some((type_index, _)), .. }) = self.native(native_type) {
            return self.type_entry(*type_index).and_then(|entry| self.service(&entry.service));
        }
        let mut end = native_type.len();
        loop {
            let prefix = native_type.get(..end)?;
            if let Ok(at) = self.prefixes.binary_search_by(|(known, _)| known.as_str().cmp(prefix))
            {
                let index = usize::try_from(self.prefixes.get(at)?.1).ok()?;
                return self.services.get(index);
            }
            end = prefix.trim_end_matches(['_', ':']).rfind(['_', ':'])? + 1;
        }
    }

    /// The type with this index.
    pub fn type_entry(&self, index: u32) -> Option<&TypeEntry> {
        self.types.get(usize::try_from(index).ok()?)
    }

    /// The service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        let at = self.services.binary_search_by(|service| service.id.as_str().cmp(id)).ok()?;
        self.services.get(at)
    }

    /// What the model says of a class.
    pub fn class(&self, class: ServiceClass) -> Option<&ClassModel> {
        self.model.classes.get(class as usize)
    }

    /// The shifts that speak of a type, with their index, in the order of the file.
    pub fn shifts_of(&self, type_index: u32) -> impl Iterator<Item = (u32, &Shift)> {
        let indexes = self.shifts_by_type.get(&type_index).map_or(&[][..], Vec::as_slice);
        indexes
            .iter()
            .filter_map(|index| Some((*index, self.shifts.get(usize::try_from(*index).ok()?)?)))
    }

    /// The controls that speak of a type, with their index, by id.
    pub fn controls_of(&self, type_index: u32) -> impl Iterator<Item = (u32, &ControlEntry)> {
        let indexes = self.controls_by_type.get(&type_index).map_or(&[][..], Vec::as_slice);
        indexes
            .iter()
            .filter_map(|index| Some((*index, self.controls.get(usize::try_from(*index).ok()?)?)))
    }
}
