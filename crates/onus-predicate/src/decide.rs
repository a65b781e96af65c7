//! The three questions to a program: its truth, its truth once open choices are played through, and
//! why.

use onus_model::{Choice, Truth};

use crate::eval::{Assumption, Cause, Eval, Silent};
use crate::explain::{Explanation, Recorder};
use crate::program::Program;
use crate::view::View;

/// How many combinations of open choices are played through.
const MAX_LEAVES: u32 = 64;

impl Program {
    /// The truth on a resource, with each open choice taken on its own. Allocates nothing for
    /// ordinary predicates over known facts.
    pub fn truth<V: View>(&self, view: &V, resource: u32) -> Truth {
        Eval::new(self, view, resource, Silent).run()
    }

    /// The truth on a resource. What open choices leave undecided is decided after all if every
    /// combination of them (64 at most) comes to the same.
    pub fn decide<V: View>(&self, view: &V, resource: u32) -> Truth {
        match self.truth(view, resource) {
            Truth::Unknown => Cases::new(self, view, resource).truth(),
            decided => decided,
        }
    }

    /// What [`Program::decide`] says, and why.
    pub fn explain<'a, V: View>(&'a self, view: &'a V, resource: u32) -> Explanation<'a> {
        let mut eval = Eval::new(self, view, resource, Recorder::default());
        let truth = eval.run();
        let explained = eval.trace.explain(truth);
        let choices = explained.blocks.iter().any(|b| matches!(b.cause, Cause::Choice(_)));
        if truth != Truth::Unknown || !choices {
            return explained;
        }
        let mut cases = Cases::new(self, view, resource);
        match cases.truth() {
            Truth::Unknown => explained,
            decided => Explanation { truth: decided, ..cases.found },
        }
    }
}

/// The combinations of open choices, played through one by one.
struct Cases<'a, V> {
    program: &'a Program,
    view: &'a V,
    resource: u32,
    assumed: Vec<Assumption<'a>>,
    leaves: u32,
    /// What decided, over all combinations.
    found: Explanation<'a>,
}

impl<'a, V: View> Cases<'a, V> {
    fn new(program: &'a Program, view: &'a V, resource: u32) -> Self {
        Cases {
            program,
            view,
            resource,
            assumed: Vec::new(),
            leaves: MAX_LEAVES,
            found: Recorder::default().explain(Truth::Unknown),
        }
    }

    fn truth(&mut self) -> Truth {
        let recorder = Recorder::default();
        let mut eval =
            Eval::new(self.program, self.view, self.resource, recorder).assuming(&self.assumed);
        let truth = eval.run();
        if truth != Truth::Unknown {
            self.leaves = self.leaves.saturating_sub(1);
            eval.trace.add_to(&mut self.found);
            return truth;
        }
        let open = self.open_choices(eval.trace.causes());
        let Some((key, labels)) = open else { return Truth::Unknown };
        let mut common = None;
        for label in labels {
            if self.leaves == 0 {
                return Truth::Unknown;
            }
            self.assumed.push((key, label));
            let truth = self.truth();
            self.assumed.pop();
            if truth == Truth::Unknown || common.is_some_and(|common| common != truth) {
                return Truth::Unknown;
            }
            common = Some(truth);
        }
        common.unwrap_or(Truth::Unknown)
    }

    /// The first choice that is neither decided nor assumed, with its labels: those of all choices
    /// with this key, because one of them may have been narrowed to what is possible where it stands.
    fn open_choices<'c>(
        &self,
        causes: impl Iterator<Item = &'c Cause<'a>>,
    ) -> Option<(&'a str, Vec<&'a str>)>
    where
        'a: 'c,
    {
        let mut open: Option<(&'a str, Vec<&'a str>)> = None;
        for cause in causes {
            let Cause::Choice(choice) = cause else { continue };
            let choice: &'a Choice = choice;
            let key = choice.key.as_str();
            let settled = self.assumed.iter().any(|(assumed, _)| *assumed == key)
                || self.view.chosen(key).is_some();
            if settled {
                continue;
            }
            let (first, labels) = open.get_or_insert_with(|| (key, Vec::new()));
            if *first == key {
                for (label, _) in &choice.options {
                    if !labels.contains(&label.as_str()) {
                        labels.push(label);
                    }
                }
            }
        }
        open
    }
}
