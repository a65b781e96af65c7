//! How a native type finds its entry, and an entry what speaks of it.

use std::collections::BTreeMap;

use ecow::{EcoString, eco_format};
use serde::{Deserialize, Serialize};

use crate::catalog::Entries;
use crate::service::{awscc_key, awscc_name};
use crate::{Lazy, Service, Syntaxes, TypeEntry};

/// What a native type is to the catalog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NativeType {
    /// It is this type in depth.
    pub is: Option<(u32, Syntaxes)>,
    /// It is a part of these types.
    pub roles: Vec<Role>,
}

/// A native type as a part of a type in depth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// The tables that are worked out when a catalog is assembled.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Index {
    /// Native types by the [`hash`] of their names, ascending.
    native: Vec<(u64, Lazy<NativeType>)>,
    /// Prefixes of native types with the index of their service, ascending.
    prefixes: Lazy<Vec<(EcoString, u32)>>,
    /// Type and shift, ascending.
    shifts: Vec<(u32, u32)>,
    /// Type and control, ascending.
    controls: Vec<(u32, u32)>,
}

impl Index {
    pub(crate) fn new(entries: &Entries) -> Index {
        let mut shifts: Vec<(u32, u32)> =
            (0u32..).zip(&entries.shifts).map(|(at, shift)| (shift.type_index, at)).collect();
        shifts.sort_unstable();
        let mut controls: Vec<(u32, u32)> =
            (0u32..).zip(&entries.controls).map(|(at, control)| (control.type_index, at)).collect();
        controls.sort_unstable();
        let native = natives(&entries.types);
        Index {
            native: native.into_iter().map(|(hash, native)| (hash, Lazy::from(native))).collect(),
            prefixes: Lazy::from(prefixes(&entries.services)),
            shifts,
            controls,
        }
    }

    pub(crate) fn native(&self, name: &str) -> Option<&NativeType> {
        let wanted = hash(name);
        let at = self.native.binary_search_by_key(&wanted, |(hash, _)| *hash).ok()?;
        self.native.get(at).map(|(_, native)| &**native)
    }

    /// The index of the service with the longest prefix of the name.
    pub(crate) fn service_of(&self, native_type: &str) -> Option<u32> {
        let known = |prefix: &str| {
            let at =
                self.prefixes.binary_search_by(|(known, _)| known.as_str().cmp(prefix)).ok()?;
            self.prefixes.get(at).map(|(_, service)| *service)
        };
        let mut end = native_type.len();
        loop {
            let prefix = native_type.get(..end)?;
            // `aws_lb` is the name of a type, and the beginning of `aws_lb_listener`.
            let words = prefix.trim_end_matches('_');
            if let Some(service) = known(prefix).or_else(|| known(words)) {
                return Some(service);
            }
            end = prefix.trim_end_matches(['_', ':']).rfind(['_', ':'])? + 1;
        }
    }

    pub(crate) fn shifts_of(&self, type_index: u32) -> impl Iterator<Item = u32> {
        of_type(&self.shifts, type_index)
    }

    pub(crate) fn controls_of(&self, type_index: u32) -> impl Iterator<Item = u32> {
        of_type(&self.controls, type_index)
    }
}

fn of_type(pairs: &[(u32, u32)], type_index: u32) -> impl Iterator<Item = u32> {
    let start = pairs.partition_point(|(of, _)| *of < type_index);
    let rest = pairs.get(start..).unwrap_or_default().iter();
    rest.take_while(move |(of, _)| *of == type_index).map(|(_, at)| *at)
}

/// FNV-1a, which is the same in every build. Two of a few thousand names have one hash once in 10^12 catalogs.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn natives(types: &[TypeEntry]) -> BTreeMap<u64, NativeType> {
    let mut all: BTreeMap<u64, NativeType> = BTreeMap::new();
    for (type_index, entry) in (0u32..).zip(types) {
        let mut is = |name: &str, syntax| {
            all.entry(hash(name)).or_default().is = Some((type_index, syntax));
        };
        is(&entry.name, Syntaxes::Cloudformation);
        entry.terraform.iter().for_each(|name| is(name, Syntaxes::Terraform));
        if let Some(name) = awscc_name(&entry.name) {
            is(&name, Syntaxes::Awscc);
        }
        for (part, found) in (0u16..).zip(&entry.parts) {
            let mut role = |native: &str, key: EcoString, syntax| {
                let role = Role { type_index, part, key, syntax };
                all.entry(hash(native)).or_default().roles.push(role);
            };
            if found.native.contains("::") {
                role(&found.native, found.key.clone(), Syntaxes::Cloudformation);
                if let Some(name) = awscc_name(&found.native) {
                    role(&name, awscc_key(&found.key), Syntaxes::Awscc);
                }
            } else {
                role(&found.native, found.key.clone(), Syntaxes::Terraform);
            }
        }
    }
    all
}

fn prefixes(services: &[Service]) -> Vec<(EcoString, u32)> {
    let mut prefixes = Vec::new();
    for (index, service) in (0u32..).zip(services) {
        for namespace in &service.namespaces {
            prefixes.push((eco_format!("{namespace}::"), index));
            if let Some(short) = namespace.strip_prefix("AWS::") {
                prefixes.push((eco_format!("awscc_{}_", short.to_ascii_lowercase()), index));
            }
        }
        prefixes.extend(service.terraform.iter().map(|prefix| (prefix.clone(), index)));
    }
    prefixes.sort();
    prefixes
}
