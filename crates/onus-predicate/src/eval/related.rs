//! The resources at the other end of a relation, as elements of a list.

use std::ops::ControlFlow;

use onus_model::{Node, Value};

use super::list::{Element, End, Take};
use super::operand::Operand;
use super::trace::{Cause, Trace};
use super::{Env, Eval};
use crate::program::{Followed, Id, Relation};
use crate::view::{Related, View};

impl<'a, V: View, T: Trace<'a>> Eval<'a, V, T> {
    /// The resources at the other end of a relation.
    pub(super) fn related(
        &mut self,
        of: Option<Id>,
        env: Env<'_, 'a, T::Origin>,
        take: Take<'_, 'a, V, T>,
        relation: Relation,
        type_index: u32,
        follow: impl Fn(&'a V, u32) -> Related<'a>,
    ) -> End {
        let ways = self.resources(of, env);
        let kept = ways.len() == 1;
        let mut end = End::default();
        for way in ways {
            match way {
                Operand::Absent => {}
                Operand::Resource(resource) => {
                    let found = follow(self.view, resource);
                    self.trace.search(resource, relation, type_index, found.resources.len());
                    match self.each_related(resource, found, kept, take) {
                        ControlFlow::Break(end) => return end,
                        ControlFlow::Continue(open) => end.open |= open,
                    }
                }
                _ => end.open = true,
            }
        }
        end
    }

    /// The resources of which a relation is asked: the judged one, or the ways in which another turns out.
    fn resources(
        &mut self,
        of: Option<Id>,
        env: Env<'_, 'a, T::Origin>,
    ) -> Vec<Operand<'a, T::Origin>> {
        let mut ways = Vec::new();
        match of {
            None => ways.push(Operand::Resource(self.resource)),
            Some(of) => match self.simple(of, env) {
                Some(one) => ways.push(one),
                None => self.each_way(of, env, &mut |_, way| ways.push(way)),
            },
        }
        ways
    }

    /// Passes on the resources at the other end; then whether there may be more, or how it was broken off.
    fn each_related(
        &mut self,
        resource: u32,
        found: Related<'a>,
        kept: bool,
        take: Take<'_, 'a, V, T>,
    ) -> ControlFlow<End, bool> {
        for &found in found.resources.iter() {
            let mark = self.trace.mark();
            if !self.spend(1) {
                let origin = self.trace.whole(resource);
                self.trace.block(origin, Cause::Limit);
                return ControlFlow::Break(End { open: true, some: false });
            }
            let doubt = self.view.presence(found).map(|unknown| (found, unknown));
            let value = Operand::Resource(found);
            if take(self, Element { value, kept, doubt, mark }).is_break() {
                return ControlFlow::Break(End::default());
            }
        }
        if let Some(unknown) = found.rest {
            let origin = self.trace.whole(resource);
            self.trace.block(origin, Cause::Unknown(unknown));
        }
        ControlFlow::Continue(found.rest.is_some())
    }

    /// The resources that a fact refers to.
    pub(super) fn targets(
        &mut self,
        of: Option<Id>,
        fact: &'a Followed,
        env: Env<'_, 'a, T::Origin>,
        take: Take<'_, 'a, V, T>,
    ) -> End {
        let Followed { slot, ref name, type_index } = *fact;
        let ways = self.resources(of, env);
        let kept = ways.len() == 1;
        let mut end = End::default();
        for way in ways {
            match way {
                Operand::Absent => {}
                Operand::Resource(resource) => {
                    let node = self.view.fact(resource, slot);
                    let origin = self.trace.fact(resource, slot, name, node);
                    let mut values = Vec::new();
                    self.plain_values(node, origin, kept, &mut values);
                    for (value, kept) in values {
                        let found = self.view.target(resource, slot, value, type_index);
                        let count = found.resources.len();
                        self.trace.search(resource, Relation::Target, type_index, count);
                        match self.each_related(resource, found, kept, take) {
                            ControlFlow::Break(end) => return end,
                            ControlFlow::Continue(open) => end.open |= open,
                        }
                    }
                }
                _ => end.open = true,
            }
        }
        end
    }

    /// The parts of a value in which no choice is open, each with whether it is certainly there.
    fn plain_values(
        &mut self,
        node: &'a Node,
        origin: T::Origin,
        kept: bool,
        out: &mut Vec<(&'a Node, bool)>,
    ) {
        match &node.value {
            Value::Choice(choice) => match self.chosen(choice) {
                Some(option) => self.plain_values(option, origin, kept, out),
                None => {
                    self.trace.block(origin, Cause::Choice(choice));
                    for (_, option) in &choice.options {
                        self.plain_values(option, origin, false, out);
                    }
                }
            },
            Value::List(list)
                if list.items.iter().any(|item| matches!(item.value, Value::Choice(_))) =>
            {
                for item in &list.items {
                    self.plain_values(item, origin, kept, out);
                }
                if let Some(rest) = &list.rest {
                    self.trace.block(origin, Cause::Unknown(rest));
                    out.push((node, false));
                }
            }
            _ => out.push((node, kept)),
        }
    }
}
