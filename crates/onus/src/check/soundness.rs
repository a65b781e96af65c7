//! The properties that hold over the real catalog: allocation is total, and no completion of what is not known
//! contradicts a decided verdict or allocation.

use std::collections::BTreeMap;
use std::sync::Arc;

use onus_assess::{Options, assess};
use onus_catalog::{Catalog, Loaded, Syntax};
use onus_model::{
    Allocation, Assessment, EcoString, Estate, Fact, Files, Layer, Node, Origin, Reason, Unknown,
    Value, Verb, Verdict,
};

use super::{estate_of, options};

const AS_OF: &str = "2026-11-22";

/// A small generator of numbers (Marsaglia's xorshift), so that a failure can be run again.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % below.max(1)
    }
}

fn catalog() -> Loaded {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog");
    crate::embedded::from_folder(folder, &Files::default()).unwrap()
}

/// The estates of the catalog's examples, every `step`th of them.
fn estates(loaded: &Loaded, step: usize) -> Vec<Estate> {
    let examples = loaded.examples.iter().step_by(step);
    examples
        .map(|(_, example)| estate_of(example.syntax, &example.text, &loaded.catalog, AS_OF).0)
        .collect()
}

/// What facts were seen to be, by type and slot: what an unknown may turn out to be.
fn seen(estates: &[Estate]) -> BTreeMap<(u32, usize), Vec<Fact>> {
    let mut seen: BTreeMap<(u32, usize), Vec<Fact>> = BTreeMap::new();
    for resource in estates.iter().flat_map(|estate| &estate.resources) {
        let Some(type_index) = resource.type_index else { continue };
        for (slot, fact) in resource.facts.iter().enumerate() {
            let known = seen.entry((type_index, slot)).or_default();
            if known.len() < 24 && known.iter().all(|other| other.node.value != fact.node.value) {
                known.push(fact.clone());
            }
        }
    }
    seen
}

fn hidden(fact: &Fact) -> Fact {
    let value = Value::Unknown(Arc::new(Unknown::new(Reason::NotCollected, "a hidden fact")));
    Fact { node: Node { value, span: fact.node.span, references: None }, origin: Origin::Set }
}

/// Decided verdicts, by resource and control.
fn decided(assessment: &Assessment) -> BTreeMap<(u32, EcoString), Verdict> {
    let known = assessment.findings.iter().filter(|finding| finding.verdict != Verdict::Unknown);
    known
        .map(|finding| {
            let control = &assessment.controls[usize::try_from(finding.control).unwrap()];
            ((finding.resource, control.id.clone()), finding.verdict)
        })
        .collect()
}

fn verdicts(assessment: &Assessment) -> BTreeMap<(u32, EcoString), Verdict> {
    let all = assessment.findings.iter().map(|finding| {
        let control = &assessment.controls[usize::try_from(finding.control).unwrap()];
        ((finding.resource, control.id.clone()), finding.verdict)
    });
    all.collect()
}

fn holders(assessment: &Assessment, at: usize) -> Vec<Allocation> {
    let profile = &assessment.profiles[usize::try_from(assessment.resources[at].profile).unwrap()];
    profile.duties.iter().map(|duty| duty.allocation).collect()
}

#[test]
fn no_completion_contradicts_what_was_decided() {
    let loaded = catalog();
    let estates = estates(&loaded, loaded.examples.len() / 400 + 1);
    let seen = seen(&estates);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let options: Options = options(AS_OF);
    for mut estate in estates {
        let mut hid = Vec::new();
        let kept: Vec<Vec<Fact>> =
            estate.resources.iter().map(|resource| resource.facts.clone()).collect();
        for (at, resource) in estate.resources.iter_mut().enumerate() {
            for (slot, fact) in resource.facts.iter_mut().enumerate() {
                if random.next(3) == 0 {
                    hid.push((at, resource.type_index, slot));
                    *fact = hidden(fact);
                }
            }
        }
        let before = assess(&estate, &loaded.catalog, &options);
        let verdicts_before = decided(&before);
        for round in 0..3 {
            for (at, type_index, slot) in &hid {
                let candidates = type_index.and_then(|index| seen.get(&(index, *slot)));
                let fact = match candidates {
                    Some(candidates) if round > 0 => {
                        candidates[random.next(candidates.len())].clone()
                    }
                    _ => kept[*at][*slot].clone(),
                };
                estate.resources[*at].facts[*slot] = fact;
            }
            let after = assess(&estate, &loaded.catalog, &options);
            contradictions(&estate, &before, &verdicts_before, &after);
        }
    }
}

fn contradictions(
    estate: &Estate,
    before: &Assessment,
    verdicts_before: &BTreeMap<(u32, EcoString), Verdict>,
    after: &Assessment,
) {
    let verdicts_after = verdicts(after);
    for ((resource, control), verdict) in verdicts_before {
        let now = verdicts_after
            .get(&(*resource, control.clone()))
            .copied()
            .unwrap_or(Verdict::NotApplicable);
        let address = &estate.resources[usize::try_from(*resource).unwrap()].address;
        // What is fulfilled, whoever turns out to hold the duty, is not asked of the customer if AWS holds it.
        let not_asked = now == Verdict::NotApplicable
            && *verdict == Verdict::Satisfied
            && is_undetermined(before, *resource, control);
        // What a completion leaves unknown is not a completion of it.
        assert!(
            now == *verdict || now == Verdict::Unknown || not_asked,
            "{control} on {address} was {verdict:?} and became {now:?}"
        );
    }
    for at in 0..estate.resources.len() {
        for (was, is) in holders(before, at).into_iter().zip(holders(after, at)) {
            let open = [was, is].contains(&Allocation::Undetermined);
            assert!(
                open || was == is,
                "{}: a duty of {was:?} became one of {is:?}",
                estate.resources[at].address
            );
        }
    }
}

/// Whether it was open who holds the duty that a control tests.
fn is_undetermined(assessment: &Assessment, resource: u32, control: &str) -> bool {
    let control = assessment.controls.iter().find(|known| known.id == control).unwrap();
    let resource = &assessment.resources[usize::try_from(resource).unwrap()];
    let profile = &assessment.profiles[usize::try_from(resource.profile).unwrap()];
    let duty = |duty: &&onus_model::Duty| duty.layer == control.layer && duty.verb == control.verb;
    profile.duties.iter().find(duty).unwrap().allocation == Allocation::Undetermined
}

#[test]
fn every_duty_is_allocated_once() {
    let loaded = catalog();
    let wanted: Vec<(Layer, Verb)> = Layer::ALL
        .iter()
        .flat_map(|layer| Verb::ALL.iter().map(move |verb| (*layer, *verb)))
        .collect();
    for estate in estates(&loaded, loaded.examples.len() / 400 + 1) {
        let assessment = assess(&estate, &loaded.catalog, &options(AS_OF));
        assert_eq!(assessment.resources.len(), estate.resources.len(), "a resource disappeared");
        for profile in &assessment.profiles {
            let duties: Vec<(Layer, Verb)> =
                profile.duties.iter().map(|duty| (duty.layer, duty.verb)).collect();
            assert_eq!(duties, wanted);
        }
    }
}

#[test]
fn an_allocation_to_a_party_has_a_basis() {
    let loaded = catalog();
    let text = "resource \"aws_s3_bucket\" \"b\" {}\nresource \"aws_glue_job\" \"j\" {}";
    let (estate, _) = estate_of(Syntax::Terraform, text, &loaded.catalog, AS_OF);
    for profile in assess(&estate, &loaded.catalog, &options(AS_OF)).profiles {
        for duty in profile.duties.iter().filter(|duty| duty.allocation.party().is_some()) {
            assert!(!duty.basis.is_empty(), "{}/{} has no basis", duty.layer, duty.verb);
        }
    }
}

#[test]
fn the_same_estate_gives_the_same_assessment() {
    let loaded = catalog();
    let estate = |catalog: &Catalog| {
        let (_, example) = &loaded.examples[0];
        estate_of(example.syntax, &example.text, catalog, AS_OF).0
    };
    let one = assess(&estate(&loaded.catalog), &loaded.catalog, &options(AS_OF));
    let other = assess(&estate(&loaded.catalog), &loaded.catalog, &options(AS_OF));
    assert_eq!(one.findings, other.findings);
    assert_eq!(one.profiles, other.profiles);
}

#[test]
fn the_embedded_form_is_the_catalog() {
    let loaded = catalog();
    let bytes: &[u8] = loaded.catalog.to_bytes().unwrap().leak();
    let read = Catalog::from_bytes(bytes).unwrap();
    assert_eq!(read.services, loaded.catalog.services);
    assert_eq!(read.types, loaded.catalog.types);
    assert_eq!(read.controls.len(), loaded.catalog.controls.len());
    assert_eq!(read.to_bytes().unwrap(), bytes);
}

#[test]
fn every_example_and_case_comes_out() {
    let loaded = catalog();
    let (ran, mistakes) = super::run(&loaded, &Files::default(), AS_OF);
    let told: Vec<&EcoString> = mistakes.iter().map(|mistake| &mistake.message).collect();
    assert!(told.is_empty(), "{told:#?}");
    assert!(ran.examples > 100 && ran.expectations > 100, "{ran:?}");
}
