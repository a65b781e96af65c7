//! The checked catalog, as it is assembled from files and as the binary embeds it.

use std::ops::Deref;

use onus_model::ServiceClass;
use serde::{Deserialize, Serialize};

use crate::index::{Index, NativeType};
use crate::{ClassModel, ControlEntry, Lazy, Model, Registry, Service, Shift, TypeEntry};

/// What onus knows about AWS. Its entries are decoded one by one, when they are first asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Catalog {
    /// Layers, verbs, classes.
    pub model: Model,
    /// Services, by id.
    pub services: Vec<Lazy<Service>>,
    /// Types in depth. The index of a type is its identity.
    pub types: Vec<Lazy<TypeEntry>>,
    /// Shifts, in the order of their files.
    pub shifts: Vec<Lazy<Shift>>,
    /// Controls, by id.
    pub controls: Vec<Lazy<ControlEntry>>,
    /// Every type there is, in depth or not.
    pub registry: Lazy<Registry>,
    index: Index,
}

/// The entries of a catalog while it is put together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    pub(crate) model: Model,
    pub(crate) services: Vec<Service>,
    pub(crate) types: Vec<TypeEntry>,
    pub(crate) shifts: Vec<Shift>,
    pub(crate) controls: Vec<ControlEntry>,
    pub(crate) registry: Registry,
}

impl Catalog {
    /// The catalog with these entries; services and controls are in the order of their ids.
    pub(crate) fn assemble(entries: Entries) -> Catalog {
        fn all<T>(entries: Vec<T>) -> Vec<Lazy<T>> {
            entries.into_iter().map(Lazy::from).collect()
        }
        let index = Index::new(&entries);
        let Entries { model, services, types, shifts, controls, registry } = entries;
        Catalog {
            model,
            services: all(services),
            types: all(types),
            shifts: all(shifts),
            controls: all(controls),
            registry: Lazy::from(registry),
            index,
        }
    }

    /// The entries, to be added to.
    pub(crate) fn into_entries(self) -> Entries {
        Entries {
            model: self.model,
            services: self.services.into_iter().map(Lazy::into_inner).collect(),
            types: self.types.into_iter().map(Lazy::into_inner).collect(),
            shifts: self.shifts.into_iter().map(Lazy::into_inner).collect(),
            controls: self.controls.into_iter().map(Lazy::into_inner).collect(),
            registry: self.registry.into_inner(),
        }
    }

    /// The form that the binary embeds.
    ///
    /// # Errors
    /// When the encoder fails, which it does only for want of memory.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(self)
    }

    /// Reads the embedded form.
    ///
    /// # Errors
    /// When the bytes are not what [`Catalog::to_bytes`] of this version wrote.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Catalog, postcard::Error> {
        postcard::from_bytes(bytes)
    }

    /// What a native type (`aws_s3_bucket`, `AWS::S3::Bucket`) is to the catalog.
    pub fn native(&self, name: &str) -> Option<&NativeType> {
        self.index.native(name)
    }

    /// The service of a native type: that of its entry, else the one with the longest prefix of its name.
    pub fn service_of(&self, native_type: &str) -> Option<&Service> {
        if let Some(NativeType { is: Some((type_index, _)), .. }) = self.native(native_type) {
            return self.type_entry(*type_index).and_then(|entry| self.service(&entry.service));
        }
        let index = usize::try_from(self.index.service_of(native_type)?).ok()?;
        self.services.get(index).map(Deref::deref)
    }

    /// The type with this index.
    pub fn type_entry(&self, index: u32) -> Option<&TypeEntry> {
        self.types.get(usize::try_from(index).ok()?).map(Deref::deref)
    }

    /// The service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.get(self.service_position(id)?).map(Deref::deref)
    }

    /// The place of a service among [`Catalog::services`].
    pub fn service_position(&self, id: &str) -> Option<usize> {
        self.services.binary_search_by(|service| service.id.as_str().cmp(id)).ok()
    }

    /// What the model says of a class.
    pub fn class(&self, class: ServiceClass) -> Option<&ClassModel> {
        self.model.classes.get(class as usize)
    }

    /// The shift with this index.
    pub fn shift(&self, index: u32) -> Option<&Shift> {
        self.shifts.get(usize::try_from(index).ok()?).map(Deref::deref)
    }

    /// The control with this index.
    pub fn control(&self, index: u32) -> Option<&ControlEntry> {
        self.controls.get(usize::try_from(index).ok()?).map(Deref::deref)
    }

    /// The shifts that speak of a type, with their index, in the order of the file.
    pub fn shifts_of(&self, type_index: u32) -> impl Iterator<Item = (u32, &Shift)> {
        let of_type = self.index.shifts_of(type_index);
        of_type.filter_map(|index| Some((index, self.shift(index)?)))
    }

    /// The controls that speak of a type, with their index, by id.
    pub fn controls_of(&self, type_index: u32) -> impl Iterator<Item = (u32, &ControlEntry)> {
        let of_type = self.index.controls_of(type_index);
        of_type.filter_map(|index| Some((index, self.control(index)?)))
    }
}
