//! Every example of every control gives its verdict, and no withheld fact turns that verdict into another.

use std::sync::Arc;

use onus_assess::{Filter, assess};
use onus_catalog::{ControlEntry, Example, Loaded};
use onus_model::{
    Assessment, Diagnostic, EcoString, Estate, Fact, Node, Origin, Reason, Unknown, Value, Verdict,
    eco_format,
};
use rayon::prelude::*;

use super::{Ran, estate_of, options, reading_mistakes};

/// Runs every example.
pub(super) fn run(loaded: &Loaded, as_of: &str, ran: &mut Ran) -> Vec<Diagnostic> {
    let each = |(id, example): &(EcoString, Example)| {
        let control = loaded.catalog.controls.iter().find(|control| control.id == *id)?;
        Some(check(loaded, control, example, as_of))
    };
    let results: Vec<(Vec<Diagnostic>, usize)> =
        loaded.examples.par_iter().filter_map(each).collect();
    ran.examples = results.len();
    ran.withheld = results.iter().map(|(_, withheld)| withheld).sum();
    results.into_iter().flat_map(|(mistakes, _)| mistakes).collect()
}

fn check(
    loaded: &Loaded,
    control: &ControlEntry,
    example: &Example,
    as_of: &str,
) -> (Vec<Diagnostic>, usize) {
    let catalog = &loaded.catalog;
    let (mut estate, files) = estate_of(example.syntax, &example.text, catalog, as_of);
    let mut mistakes = reading_mistakes(&estate, &files, example.span);
    let mut options = options(as_of);
    options.only.push(Filter::Control(control.id.clone()));
    let assessment = assess(&estate, catalog, &options);
    let wanted: Vec<u32> = (0u32..)
        .zip(&estate.resources)
        .filter(|(_, resource)| resource.type_index == Some(control.type_index))
        .filter(|(_, resource)| example.resource.is_empty() || resource.address == example.resource)
        .map(|(at, _)| at)
        .collect();
    if wanted.is_empty() {
        let type_name = catalog
            .type_entry(control.type_index)
            .map(|entry| entry.name.clone())
            .unwrap_or_default();
        mistakes
            .push(Diagnostic::error(eco_format!("the example has no {type_name}"), example.span));
    }
    let mut withheld = 0;
    for at in wanted {
        let (verdict, why) = verdict_on(&assessment, at);
        let address = address(&estate, at);
        if verdict != example.verdict {
            let what = if example.is_fix { "the fix" } else { "the example" };
            let message = eco_format!(
                "{what} should be {} and {address} is {}{why}",
                example.verdict.name(),
                verdict.name()
            );
            mistakes.push(Diagnostic::error(message, example.span));
            continue;
        }
        for slot in
            control.require.reads().iter().chain(control.when.iter().flat_map(|when| when.reads()))
        {
            let Some(kept) = withhold(&mut estate, at, *slot) else { continue };
            let (without, _) = verdict_on(&assess(&estate, catalog, &options), at);
            put_back(&mut estate, at, *slot, kept);
            withheld += 1;
            if without != verdict && without != Verdict::Unknown {
                let message = eco_format!(
                    "{address} is {}, and {} when one of its facts is withheld: a guess was called a fact",
                    verdict.name(),
                    without.name()
                );
                mistakes.push(Diagnostic::error(message, example.span));
            }
        }
    }
    (mistakes, withheld)
}

fn address(estate: &Estate, at: u32) -> EcoString {
    let resource = usize::try_from(at).ok().and_then(|at| estate.resources.get(at));
    resource.map(|resource| resource.address.clone()).unwrap_or_default()
}

/// The verdict of the one control that was asked for, and what it rests on or waits for.
fn verdict_on(assessment: &Assessment, at: u32) -> (Verdict, EcoString) {
    let Some(finding) = assessment.findings.iter().find(|finding| finding.resource == at) else {
        return (Verdict::NotApplicable, EcoString::new());
    };
    let evidence =
        finding.evidence.iter().map(|evidence| format!("{} = {}", evidence.fact, evidence.value));
    let blockers = finding
        .blockers
        .iter()
        .map(|blocker| format!("{} waits for {}", blocker.fact, blocker.settles));
    let all: Vec<String> = evidence.chain(blockers).collect();
    (
        finding.verdict,
        if all.is_empty() { EcoString::new() } else { eco_format!(" ({})", all.join("; ")) },
    )
}

fn withhold(estate: &mut Estate, at: u32, slot: u16) -> Option<Fact> {
    let fact = fact_mut(estate, at, slot)?;
    let unknown = Unknown::new(Reason::NotCollected, "withheld");
    let hidden =
        Node { value: Value::Unknown(Arc::new(unknown)), span: fact.node.span, references: None };
    Some(std::mem::replace(fact, Fact { node: hidden, origin: Origin::Set }))
}

fn put_back(estate: &mut Estate, at: u32, slot: u16, kept: Fact) {
    if let Some(fact) = fact_mut(estate, at, slot) {
        *fact = kept;
    }
}

fn fact_mut(estate: &mut Estate, at: u32, slot: u16) -> Option<&mut Fact> {
    estate.resources.get_mut(usize::try_from(at).ok()?)?.facts.get_mut(usize::from(slot))
}
