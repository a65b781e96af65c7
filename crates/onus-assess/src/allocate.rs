//! Who holds each duty of a resource: class, then service, then type, then the first shift that holds.

use std::sync::OnceLock;

use onus_catalog::{Catalog, LayerAllocation, Shift};
use onus_model::{
    Allocation, Because, Blocker, Duty, EcoString, Evidence, Layer, Profile, Resource,
    ServiceClass, Truth, Verb,
};
use rustc_hash::FxHashMap;

use crate::evidence;
use crate::view::EstateView;

/// What decides the duties of a resource before its configuration speaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Ground {
    /// A type in depth.
    Type(u32),
    /// A service, by id.
    Service(EcoString),
    /// Configuration of another resource, whose duties cover it.
    Part,
    /// Nothing known.
    Unknown,
    /// No resource of AWS.
    NotAws,
}

/// The outcome of one shift that speaks of a resource's type and does not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Outcome {
    shift: u32,
    holds: bool,
}

/// The duties of one resource, not yet spelled out.
pub(crate) struct Duties {
    ground: Ground,
    outcomes: Vec<Outcome>,
    /// The holder of each duty, in the order of [`Layer::ALL`] and [`Verb::ALL`].
    pub(crate) holders: [Allocation; DUTIES],
    /// What the undetermined ones wait for.
    pub(crate) blockers: Vec<Blocker>,
    /// The shifts that hold, and the facts that they rest on.
    pub(crate) shifts: Vec<(EcoString, Vec<Evidence>)>,
}

/// Layers times verbs.
const DUTIES: usize = 18 * 4;

impl Duties {
    pub(crate) fn holder(&self, layer: Layer, verb: Verb) -> Allocation {
        self.holders.get(slot(layer, verb)).copied().unwrap_or(Allocation::Undetermined)
    }
}

fn slot(layer: Layer, verb: Verb) -> usize {
    layer.index() * Verb::ALL.len() + verb.index()
}

/// What a ground says, worked out at first need.
struct Base {
    duties: Vec<Duty>,
    holders: [Allocation; DUTIES],
}

impl Base {
    fn new(duties: Vec<Duty>) -> Base {
        let mut holders = [Allocation::Undetermined; DUTIES];
        for (holder, duty) in holders.iter_mut().zip(&duties) {
            *holder = duty.allocation;
        }
        Base { duties, holders }
    }
}

/// Allocates the duties of resources.
pub(crate) struct Allocator<'a> {
    catalog: &'a Catalog,
    as_of: &'a str,
    types: Vec<OnceLock<Base>>,
    services: Vec<OnceLock<Base>>,
    part: Base,
    unknown: Base,
    not_aws: Base,
}

impl<'a> Allocator<'a> {
    pub(crate) fn new(catalog: &'a Catalog, as_of: &'a str) -> Allocator<'a> {
        let part = Because::Type("part of another resource".into());
        Allocator {
            catalog,
            as_of,
            types: catalog.types.iter().map(|_| OnceLock::new()).collect(),
            services: catalog.services.iter().map(|_| OnceLock::new()).collect(),
            part: Base::new(uniform(Allocation::NotApplicable, &part)),
            unknown: Base::new(uniform(Allocation::Undetermined, &Because::UnknownService)),
            not_aws: Base::new(uniform(Allocation::NotApplicable, &Because::NotAws)),
        }
    }

    fn base(&self, ground: &Ground) -> &Base {
        let found = match ground {
            Ground::Type(index) => {
                let cell = usize::try_from(*index).ok().and_then(|at| self.types.get(at));
                cell.map(|cell| cell.get_or_init(|| Base::new(self.type_duties(*index))))
            }
            Ground::Service(id) => {
                let cell = self.catalog.service_position(id).and_then(|at| self.services.get(at));
                cell.map(|cell| cell.get_or_init(|| Base::new(self.service_duties(id))))
            }
            Ground::Part => Some(&self.part),
            Ground::NotAws => Some(&self.not_aws),
            Ground::Unknown => None,
        };
        found.unwrap_or(&self.unknown)
    }

    fn type_duties(&self, index: u32) -> Vec<Duty> {
        let Some(entry) = self.catalog.type_entry(index) else { return Vec::new() };
        let service = self.catalog.service(&entry.service);
        let statements = service.map_or(&[][..], |service| service.allocations.as_slice());
        let mut duties = class_duties(self.catalog, entry.class);
        statements
            .iter()
            .for_each(|said| apply(&mut duties, said, &Because::Service(entry.service.clone())));
        entry
            .allocations
            .iter()
            .for_each(|said| apply(&mut duties, said, &Because::Type(entry.name.clone())));
        duties
    }

    fn service_duties(&self, id: &EcoString) -> Vec<Duty> {
        let Some(service) = self.catalog.service(id) else { return Vec::new() };
        let mut duties = class_duties(self.catalog, service.class);
        service
            .allocations
            .iter()
            .for_each(|said| apply(&mut duties, said, &Because::Service(id.clone())));
        duties
    }

    pub(crate) fn duties(&self, view: &EstateView<'_>, at: u32, resource: &Resource) -> Duties {
        let ground = match (resource.type_index, resource.part_of) {
            (Some(index), _) => Ground::Type(index),
            (None, Some(_)) => Ground::Part,
            (None, None) if !is_aws(&resource.native_type) => Ground::NotAws,
            (None, None) if resource.service.is_empty() => Ground::Unknown,
            (None, None) => Ground::Service(resource.service.clone()),
        };
        let mut outcomes = Vec::new();
        let mut shifts = Vec::new();
        let mut waiting: Vec<(u32, Vec<Blocker>)> = Vec::new();
        if let Some(type_index) = resource.type_index {
            for (index, shift) in
                self.catalog.shifts_of(type_index).filter(|(_, shift)| self.is_valid(shift))
            {
                match shift.when.decide(view, at) {
                    Truth::False => {}
                    Truth::True => {
                        outcomes.push(Outcome { shift: index, holds: true });
                        shifts.push((
                            shift.id.clone(),
                            evidence::reads(&shift.when, view, self.catalog, at),
                        ));
                    }
                    Truth::Unknown => {
                        outcomes.push(Outcome { shift: index, holds: false });
                        waiting.push((index, evidence::blockers(&shift.when, view, at)));
                    }
                }
            }
        }
        let holders = self.base(&ground).holders;
        let mut duties = Duties { ground, outcomes, holders, blockers: Vec::new(), shifts };
        if duties.outcomes.is_empty() {
            return duties;
        }
        let spelled = self.spell_out(&duties);
        for (holder, duty) in duties.holders.iter_mut().zip(&spelled) {
            *holder = duty.allocation;
        }
        for (index, blockers) in waiting {
            if self.leaves_open(index, &spelled) {
                duties.blockers.extend(blockers);
            }
        }
        duties
    }

    fn is_valid(&self, shift: &Shift) -> bool {
        shift.valid_from.as_str() <= self.as_of
            && (shift.valid_until.is_empty() || self.as_of <= shift.valid_until.as_str())
    }

    /// Whether a duty is undetermined because of this shift.
    fn leaves_open(&self, shift: u32, duties: &[Duty]) -> bool {
        let Some(shift) = self.shift(shift) else { return false };
        duties.iter().any(|duty| {
            duty.allocation == Allocation::Undetermined
                && moved(shift, duty.layer, duty.verb).is_some()
        })
    }

    fn shift(&self, index: u32) -> Option<&'a Shift> {
        self.catalog.shift(index)
    }

    /// Every duty with its reason.
    fn spell_out(&self, duties: &Duties) -> Vec<Duty> {
        let mut spelled = self.base(&duties.ground).duties.clone();
        if duties.outcomes.is_empty() {
            return spelled;
        }
        for duty in &mut spelled {
            self.shift_duty(duty, &duties.outcomes);
        }
        spelled
    }

    /// The first shift that holds decides; those before it that may hold leave the duty open unless all agree.
    fn shift_duty(&self, duty: &mut Duty, outcomes: &[Outcome]) {
        let mut perhaps: Vec<(&Shift, Allocation)> = Vec::new();
        let mut decided = None;
        for outcome in outcomes {
            let Some(shift) = self.shift(outcome.shift) else { continue };
            let Some((said, holder)) = moved(shift, duty.layer, duty.verb) else { continue };
            let holder = holder.unwrap_or(duty.allocation);
            if outcome.holds {
                decided = Some((shift, said, holder));
                break;
            }
            perhaps.push((shift, holder));
        }
        if let Some((shift, said, holder)) = decided {
            duty.allocation = holder;
            duty.because = Because::Shift(shift.id.clone());
            words(duty, said);
            duty.basis.clone_from(&said.basis);
        }
        if let Some((shift, _)) = perhaps.iter().find(|(_, holder)| *holder != duty.allocation) {
            duty.allocation = Allocation::Undetermined;
            duty.because = Because::Shift(shift.id.clone());
            duty.basis.clone_from(&shift.basis);
        }
    }
}

/// Whether a type is one of AWS, by how its source names it.
pub(crate) fn is_aws(native_type: &str) -> bool {
    ["aws_", "awscc_", "AWS::"].iter().any(|prefix| native_type.starts_with(prefix))
}

/// What a shift says of a duty, and to whom it moves it; `None` if it does not speak of it.
fn moved(
    shift: &Shift,
    layer: Layer,
    verb: Verb,
) -> Option<(&LayerAllocation, Option<Allocation>)> {
    let said = shift.moves.iter().find(|said| said.layer == layer)?;
    let holder = said.verbs.get(verb.index()).copied().flatten();
    (holder.is_some() || said.verbs.iter().all(Option::is_none)).then_some((said, holder))
}

fn class_duties(catalog: &Catalog, class: ServiceClass) -> Vec<Duty> {
    let mut duties = uniform(Allocation::Undetermined, &Because::Class(class));
    let layers = catalog.class(class).map_or(&[][..], |model| model.layers.as_slice());
    layers.iter().for_each(|said| apply(&mut duties, said, &Because::Class(class)));
    duties
}

fn uniform(allocation: Allocation, because: &Because) -> Vec<Duty> {
    let duty = |layer: Layer, verb: Verb| Duty {
        layer,
        verb,
        allocation,
        because: because.clone(),
        aws: EcoString::new(),
        you: EcoString::new(),
        basis: Vec::new(),
    };
    Layer::ALL
        .iter()
        .flat_map(|layer| Verb::ALL.iter().map(move |verb| duty(*layer, *verb)))
        .collect()
}

fn apply(duties: &mut [Duty], said: &LayerAllocation, because: &Because) {
    for duty in duties.iter_mut().filter(|duty| duty.layer == said.layer) {
        words(duty, said);
        if let Some(holder) = said.verbs.get(duty.verb.index()).copied().flatten() {
            duty.allocation = holder;
            duty.because = because.clone();
            duty.basis.clone_from(&said.basis);
        } else {
            duty.basis.extend(
                said.basis
                    .iter()
                    .filter(|basis| !duty.basis.contains(basis))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
    }
}

fn words(duty: &mut Duty, said: &LayerAllocation) {
    if !said.aws.is_empty() {
        duty.aws = said.aws.clone();
    }
    if !said.you.is_empty() {
        duty.you = said.you.clone();
    }
}

/// The distinct profiles of an assessment.
#[derive(Default)]
pub(crate) struct ProfileTable {
    known: FxHashMap<(Ground, Vec<Outcome>), u32>,
    profiles: Vec<Profile>,
}

impl ProfileTable {
    pub(crate) fn intern(&mut self, allocator: &Allocator<'_>, duties: &Duties) -> u32 {
        let key = (duties.ground.clone(), duties.outcomes.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let index = u32::try_from(self.profiles.len()).unwrap_or(u32::MAX);
        self.profiles.push(Profile { duties: allocator.spell_out(duties) });
        self.known.insert(key, index);
        index
    }

    pub(crate) fn into_profiles(self) -> Vec<Profile> {
        self.profiles
    }
}
