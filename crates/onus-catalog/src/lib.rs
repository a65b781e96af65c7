//! The catalog: knowledge about AWS as data, read from YAML, checked, and kept in a compact form.
//!
//! [`load`] turns files into a [`Catalog`] and tells every mistake with its place. [`Catalog::to_bytes`] and
//! [`Catalog::from_bytes`] are the form that the binary embeds. The format is described in `catalog/README.md`.

mod allocation;
mod catalog;
mod constant;
mod control;
mod dates;
mod decode;
mod fact;
mod held;
mod index;
mod lazy;
mod lint;
mod load;
mod model;
mod path;
mod place;
mod registry;
mod schema;
mod service;
mod shift;

pub use allocation::{DutyChange, LayerAllocation};
pub use catalog::Catalog;
pub use constant::Constant;
pub use control::{ControlEntry, ControlProse, Example, Syntax};
pub use dates::DateTable;
pub use fact::{FactDefault, FactEntry, FactType, policy_type};
pub use held::Held;
pub use index::{NativeType, Role};
pub use lazy::Lazy;
pub use load::{CatalogFile, Loaded, lacking, load};
pub use model::{ClassModel, LayerWords, Model, RegionControl};
pub use path::{Path, Step};
pub use place::{Place, Places, Syntaxes};
pub use registry::Registry;
pub use service::{Part, Service, TypeEntry};
pub use shift::Shift;
