//! Evaluation of one root module with everything it calls, lazily, each thing once.
//!
//! A value that is not known is evaluated with all the same: [`onus_model::Unknown`] and
//! [`onus_model::Choice`] go through every operator, and references stay with what they gave.

mod block;
mod expression;
mod for_each;
mod functions;
mod instance;
mod members;
mod module;
mod operator;
mod provider;
mod resource;
mod root;
mod sets;
mod traversal;
mod variable;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ecow::{EcoString, eco_format};
use onus_ingest::World;
use onus_model::{Diagnostic, Files, Node, Reason, Span, Unknown};
use rustc_hash::FxHashSet;

use crate::choice;
use crate::module::Modules;
pub(crate) use instance::ModuleInstance;
pub(crate) use module::is_local;
pub(crate) use root::{Given, read_root};

/// Steps of evaluation that one root may take.
const STEP_LIMIT: u64 = 20_000_000;

/// How large one value may be: its nodes, and its text in units of 64 bytes.
const SIZE_LIMIT: usize = 250_000;

/// How deep expressions may refer to expressions.
const DEPTH_LIMIT: u32 = 1_000;

/// Instances that one `count` or `for_each` may make.
const INSTANCE_LIMIT: usize = 10_000;

/// What an expression gives, or why Terraform would refuse it.
type Evaluated<T = Node> = Result<T, Box<Diagnostic>>;

/// The evaluation of one root.
pub(crate) struct Run<'w> {
    world: &'w dyn World,
    files: &'w Files,
    modules: &'w Modules,
    /// Folder of the root module.
    folder: EcoString,
    /// Key of a module call (`a.b`) to its folder, from `.terraform/modules/modules.json`.
    installed: rustc_hash::FxHashMap<EcoString, EcoString>,
    diagnostics: RefCell<Diagnostics>,
    unread: RefCell<Vec<onus_model::Unread>>,
    steps: Cell<u64>,
    depth: Cell<u32>,
    turns: Cell<u64>,
    /// Depth of bodies of instances that may not exist: what is wrong there may never matter.
    possible: Cell<u32>,
}

/// Diagnostics, each once however many instances of a module give it.
#[derive(Default)]
struct Diagnostics {
    list: Vec<Diagnostic>,
    seen: FxHashSet<(EcoString, Span)>,
}

/// Where an expression stands: what its names mean.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    module: &'s Rc<ModuleInstance>,
    /// `each`, `count` and the address of the resource or call around.
    repetition: &'s instance::Repetition,
    /// Names of `for` and `dynamic` around, and of a template.
    frame: Option<&'s Frame<'s>>,
    /// Only names of frames may be used (a template read by `templatefile`).
    closed: bool,
}

/// Names with their values, over those further out.
struct Frame<'s> {
    names: Vec<(EcoString, Node)>,
    outer: Option<&'s Frame<'s>>,
    /// Unique number of this turn of a loop.
    turn: u64,
}

impl Frame<'_> {
    fn get(&self, name: &str) -> Option<&Node> {
        let own = self.names.iter().find(|(own, _)| own == name).map(|(_, node)| node);
        own.or_else(|| self.outer.and_then(|outer| outer.get(name)))
    }
}

impl<'s> Scope<'s> {
    /// The same place with `frame` around.
    fn within(self, frame: &'s Frame<'s>) -> Scope<'s> {
        Scope { frame: Some(frame), ..self }
    }
}

impl Run<'_> {
    fn report(&self, mut diagnostic: Diagnostic) {
        if self.possible.get() > 0 {
            diagnostic.level = onus_model::Level::Note;
        }
        let mut diagnostics = self.diagnostics.borrow_mut();
        if diagnostics.seen.insert((diagnostic.message.clone(), diagnostic.span)) {
            diagnostics.list.push(diagnostic);
        }
    }

    /// The value, or an unknown and a diagnostic when Terraform would refuse it.
    fn settled(&self, evaluated: Evaluated, what: &str, span: Span) -> Node {
        let bounded = evaluated.and_then(|node| match is_small(&node, &mut { SIZE_LIMIT }) {
            true => Ok(node),
            false => {
                let message = "this value is larger than onus keeps";
                Err(Box::new(Diagnostic::note(message, span)))
            }
        });
        bounded.map(choice::prune).unwrap_or_else(|error| {
            let reason = match error.level {
                onus_model::Level::Note => Reason::Limit,
                _ => Reason::Invalid,
            };
            self.report(*error);
            Node::unknown(Unknown::new(reason, what), span)
        })
    }

    /// Does `work` on an instance that exists for certain, or may not exist.
    fn while_possible<T>(&self, is_possible: bool, work: impl FnOnce() -> T) -> T {
        let before = self.possible.get();
        self.possible.set(before + u32::from(is_possible));
        let result = work();
        self.possible.set(before);
        result
    }

    /// Counts a step; fails when the budget of the root is used up.
    fn step(&self, span: Span) -> Evaluated<()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps <= STEP_LIMIT {
            return Ok(());
        }
        let message = "evaluation takes more steps than onus allows one root module";
        let span = if steps == STEP_LIMIT + 1 { span } else { Span::NONE };
        Err(Box::new(Diagnostic::note(message, span)))
    }

    /// Does `work` one level deeper.
    fn deeper<T>(&self, span: Span, work: impl FnOnce() -> Evaluated<T>) -> Evaluated<T> {
        let depth = self.depth.get();
        if depth >= DEPTH_LIMIT {
            let message = "this refers to other expressions more deeply than onus follows";
            return Err(Box::new(Diagnostic::note(message, span)));
        }
        self.depth.set(depth + 1);
        let result = work();
        self.depth.set(depth);
        result
    }

    /// A number that no other turn of a loop has.
    fn turn(&self) -> u64 {
        let turn = self.turns.get() + 1;
        self.turns.set(turn);
        turn
    }

    /// A key for a decision taken at `span`: the same for the same decision, different for others.
    fn decision(&self, scope: &Scope<'_>, span: Span) -> EcoString {
        let place = self.files.display(span);
        let mut key = eco_format!("condition at {place}:{}", span.column);
        let within = scope.repetition.address.as_str();
        let within = if within.is_empty() { scope.module.address.as_str() } else { within };
        if !within.is_empty() {
            key.push_str(" in ");
            key.push_str(within);
        }
        if let Some(frame) = scope.frame {
            key.push_str(&eco_format!(" #{}", frame.turn));
        }
        key
    }
}

/// Whether a value fits into `left`, from which its size is taken. Values share their parts, so that a
/// short configuration can write down one that would not fit into memory when gone through.
fn is_small(node: &Node, left: &mut usize) -> bool {
    use onus_model::Value;
    let own = match &node.value {
        Value::String(text) => 1 + text.len() / 64,
        _ => 1,
    };
    let Some(rest) = left.checked_sub(own) else { return false };
    *left = rest;
    match &node.value {
        Value::List(list) => list.items.iter().all(|item| is_small(item, left)),
        Value::Map(map) => map.entries.values().all(|entry| is_small(entry, left)),
        Value::Encoded(inner) => is_small(inner, left),
        Value::Choice(choice) => choice.options.iter().all(|(_, option)| is_small(option, left)),
        Value::Absent
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(_) => true,
    }
}

/// A refusal at a place.
fn refuse<T>(message: impl Into<EcoString>, span: Span) -> Evaluated<T> {
    Err(Box::new(Diagnostic::error(message, span)))
}
