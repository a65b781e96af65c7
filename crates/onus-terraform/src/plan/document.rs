//! The documents that `terraform show -json` writes, as far as they are read here.

use std::borrow::Cow;

use ecow::EcoString;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::values::Marks;

/// A plan, or a state (`values`).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Document<'a> {
    pub(super) format_version: Option<EcoString>,
    #[serde(borrow)]
    pub(super) variables: Option<FxHashMap<EcoString, Variable<'a>>>,
    #[serde(borrow)]
    pub(super) planned_values: Option<Values<'a>>,
    #[serde(borrow)]
    pub(super) values: Option<Values<'a>>,
    #[serde(borrow)]
    pub(super) resource_changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) deferred_changes: Option<Vec<Deferred<'a>>>,
    #[serde(borrow)]
    pub(super) configuration: Option<&'a RawValue>,
    pub(super) errored: bool,
}

/// The value of a variable.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Variable<'a> {
    #[serde(borrow)]
    pub(super) value: Option<&'a RawValue>,
}

/// Resources by module.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Values<'a> {
    #[serde(borrow)]
    pub(super) root_module: Module<'a>,
}

/// A module with its resources and those below it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Module<'a> {
    #[serde(borrow)]
    pub(super) resources: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub(super) child_modules: Vec<Module<'a>>,
}

/// A resource with its values.
#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    pub(super) address: EcoString,
    #[serde(borrow, default)]
    pub(super) mode: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    pub(super) native_type: EcoString,
    #[serde(borrow, default)]
    pub(super) values: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) sensitive_values: Marks,
}

/// A resource and what is going to happen to it.
#[derive(Deserialize)]
pub(super) struct ResourceChange<'a> {
    pub(super) address: EcoString,
    #[serde(borrow, default)]
    pub(super) mode: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    pub(super) native_type: EcoString,
    #[serde(default)]
    pub(super) deposed: Option<EcoString>,
    #[serde(borrow)]
    pub(super) change: Change<'a>,
}

/// What is going to happen to a resource.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Change<'a> {
    pub(super) actions: Vec<EcoString>,
    #[serde(borrow)]
    pub(super) after: Option<&'a RawValue>,
    pub(super) after_unknown: Marks,
    pub(super) after_sensitive: Marks,
}

/// A change that Terraform puts off to a later run.
#[derive(Deserialize)]
pub(super) struct Deferred<'a> {
    #[serde(borrow)]
    pub(super) resource_change: &'a RawValue,
}

/// `terraform.tfstate` of version 4.
#[derive(Deserialize)]
pub(super) struct StateFile<'a> {
    pub(super) version: u64,
    #[serde(borrow, default)]
    pub(super) resources: Vec<&'a RawValue>,
}

/// A resource block of a state file.
#[derive(Deserialize)]
pub(super) struct StateResource<'a> {
    #[serde(default)]
    pub(super) module: Option<EcoString>,
    #[serde(borrow, default)]
    pub(super) mode: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    pub(super) native_type: EcoString,
    pub(super) name: EcoString,
    #[serde(borrow, default)]
    pub(super) instances: Vec<Instance<'a>>,
}

/// An instance of a resource block.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Instance<'a> {
    #[serde(borrow)]
    pub(super) index_key: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) attributes: Option<&'a RawValue>,
    pub(super) sensitive_attributes: Option<Vec<Vec<Step>>>,
    pub(super) deposed: Option<EcoString>,
}

/// A step of the path to a sensitive value: `{"type": "get_attr", "value": "password"}`, or
/// `{"type": "index", "value": {"type": "number", "value": 0}}`.
#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) value: StepValue,
}

/// The name or index of a step.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum StepValue {
    Name(EcoString),
    Number(f64),
    Typed { value: Box<StepValue> },
}
