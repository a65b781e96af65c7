//! Instances: of modules, resources and data sources, and what tells them apart.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Node, Presence, Unknown};
use rustc_hash::FxHashMap;

use super::provider::Provider;
use super::resource::Expansion;
use crate::module::Module;

/// A module called from one place with one set of arguments.
#[derive(Default)]
pub(crate) struct ModuleInstance {
    pub(super) module: Arc<Module>,
    /// `module.a["k"].module.b`; empty for the root.
    pub(super) address: EcoString,
    /// The names of the calls that lead to it: `a.b`.
    pub(super) key: EcoString,
    /// How many calls lead to it.
    pub(super) depth: u32,
    /// Where it is called from; the root has its variables in `given`.
    pub(super) caller: Option<(Rc<ModuleInstance>, EcoString)>,
    pub(super) repetition: Repetition,
    /// Values of variables given from outside of the configuration.
    pub(super) given: FxHashMap<EcoString, Node>,
    pub(super) presence: Option<Unknown>,
    /// It stands for any number of instances.
    pub(super) any_number: bool,
    pub(super) variables: Memo<Node>,
    pub(super) locals: Memo<Node>,
    pub(super) outputs: Memo<Node>,
    pub(super) resources: Memo<Rc<Expansion>>,
    pub(super) data: Memo<Rc<Expansion>>,
    pub(super) calls: Memo<Rc<super::module::Calls>>,
    pub(super) providers: Memo<Rc<Provider>>,
}

impl ModuleInstance {
    /// `name` as an address seen from the root.
    pub(super) fn full(&self, name: &str) -> EcoString {
        if self.address.is_empty() { name.into() } else { eco_format!("{}.{name}", self.address) }
    }
}

/// What tells one instance of a block with `count` or `for_each` from the others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repetition {
    /// Full address with the key; empty where nothing is repeated.
    pub(super) address: EcoString,
    /// Its key.
    pub(super) key: Key,
    /// `count.index`.
    pub(super) count: Option<Node>,
    /// `each.key` and `each.value`.
    pub(super) each: Option<(Node, Node)>,
    /// It may not exist: what would settle that.
    pub(super) possible: Option<Unknown>,
    /// It stands for any number of instances.
    pub(super) any_number: bool,
}

/// The key of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Key {
    /// Not repeated, or not known.
    #[default]
    None,
    /// With `count`.
    Index(usize),
    /// With `for_each`.
    Text(EcoString),
}

impl Key {
    /// The address of the instance of `address` with this key.
    pub(super) fn of(&self, address: &str) -> EcoString {
        match self {
            Key::None => address.into(),
            Key::Index(index) => eco_format!("{address}[{index}]"),
            Key::Text(text) => {
                let escaped = text.as_str().replace('\\', "\\\\").replace('"', "\\\"");
                eco_format!("{address}[\"{escaped}\"]")
            }
        }
    }
}

/// Whether something exists that exists when both of these do.
pub(super) fn presence(module: &ModuleInstance, own: &Repetition) -> Presence {
    match own.possible.as_ref().or(module.presence.as_ref()) {
        Some(unknown) if own.any_number || module.any_number => {
            Presence::AnyNumber(unknown.clone())
        }
        Some(unknown) => Presence::Possible(unknown.clone()),
        None => Presence::Certain,
    }
}

/// Things worked out once by name, which notices when one needs itself.
pub(super) struct Memo<T>(RefCell<FxHashMap<EcoString, Option<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// The thing called `name`, made by `make` at the first time; `None` while it is being made.
    pub(super) fn get(&self, name: &str, make: impl FnOnce() -> T) -> Option<T> {
        if let Some(known) = self.0.borrow().get(name) {
            return known.clone();
        }
        self.0.borrow_mut().insert(name.into(), None);
        let made = make();
        self.0.borrow_mut().insert(name.into(), Some(made.clone()));
        Some(made)
    }

    /// Forgets the thing called `name`, to be made again.
    pub(super) fn forget(&self, name: &str) {
        self.0.borrow_mut().remove(name);
    }
}
