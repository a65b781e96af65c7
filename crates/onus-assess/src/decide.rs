//! Controls on one resource.

use onus_catalog::{Catalog, ControlEntry};
use onus_model::{Allocation, Blocker, Control, Finding, Resource, Truth, Verdict};

use crate::allocate::Duties;
use crate::evidence;
use crate::options::Options;
use crate::region;
use crate::view::EstateView;

/// Every control that speaks of the resource, decided; those that turn out not to apply are left out.
pub(crate) fn controls(
    view: &EstateView<'_>,
    catalog: &Catalog,
    options: &Options,
    at: u32,
    resource: &Resource,
    duties: &Duties,
) -> Vec<Finding> {
    let own = u32::try_from(catalog.controls.len()).unwrap_or(u32::MAX);
    let mut findings: Vec<Finding> =
        region::finding(catalog, options, own, at, resource).into_iter().collect();
    let Some(type_index) = resource.type_index else { return findings };
    for (index, control) in
        catalog.controls_of(type_index).filter(|(_, control)| options.wants(control))
    {
        let holder = duties.holder(control.layer, control.verb);
        let (verdict, blockers) = verdict(control, view, at, holder, duties);
        if verdict == Verdict::NotApplicable {
            continue;
        }
        let evidence = match verdict {
            Verdict::Unknown => Vec::new(),
            _ => evidence::reads(&control.require, view, catalog, at),
        };
        let mut once: Vec<Blocker> = Vec::with_capacity(blockers.len());
        for blocker in blockers {
            if !once.contains(&blocker) {
                once.push(blocker);
            }
        }
        findings.push(Finding { control: index, resource: at, verdict, evidence, blockers: once });
    }
    findings
}

fn verdict(
    control: &ControlEntry,
    view: &EstateView<'_>,
    at: u32,
    holder: Allocation,
    duties: &Duties,
) -> (Verdict, Vec<Blocker>) {
    // A duty that is not the customer's is not tested here.
    if !matches!(holder, Allocation::Customer | Allocation::Undetermined) {
        return (Verdict::NotApplicable, Vec::new());
    }
    let mut blockers = Vec::new();
    match control.when.as_ref().map_or(Truth::True, |when| when.decide(view, at)) {
        Truth::False => return (Verdict::NotApplicable, Vec::new()),
        Truth::True => {}
        Truth::Unknown => {
            if let Some(when) = &control.when {
                blockers.extend(evidence::blockers(when, view, at));
            }
        }
    }
    let applies = blockers.is_empty();
    match control.require.decide(view, at) {
        Truth::True if applies => (Verdict::Satisfied, Vec::new()),
        Truth::False if applies && holder == Allocation::Customer => {
            (Verdict::NotSatisfied, Vec::new())
        }
        Truth::Unknown => {
            blockers.extend(evidence::blockers(&control.require, view, at));
            (Verdict::Unknown, blockers)
        }
        // Open, or perhaps not even asked: it waits for who holds the duty, or whether the control applies.
        Truth::True | Truth::False => {
            if applies {
                blockers.extend(duties.blockers.iter().cloned());
            }
            (Verdict::Unknown, blockers)
        }
    }
}

/// The controls that gave findings, as reports need them; the findings get their indexes.
pub(crate) fn name_controls<'a>(
    findings: impl Iterator<Item = &'a mut Finding>,
    catalog: &Catalog,
    options: &Options,
) -> Vec<Control> {
    let findings: Vec<&mut Finding> = findings.collect();
    let mut used: Vec<u32> = findings.iter().map(|finding| finding.control).collect();
    used.sort_unstable();
    used.dedup();
    for finding in findings {
        let at = used.binary_search(&finding.control).unwrap_or_default();
        finding.control = u32::try_from(at).unwrap_or(u32::MAX);
    }
    let summary = |control: &ControlEntry| Control {
        id: control.id.clone(),
        title: control.prose.title.clone(),
        severity: control.severity,
        service: control.service.clone(),
        type_name: catalog
            .type_entry(control.type_index)
            .map(|entry| entry.name.clone())
            .unwrap_or_default(),
        layer: control.layer,
        verb: control.verb,
        why: control.prose.why.clone(),
        fix_terraform: control.prose.fix_terraform.clone(),
        fix_cloudformation: control.prose.fix_cloudformation.clone(),
        basis: control.prose.basis.clone(),
        aliases: control.prose.aliases.clone(),
    };
    used.into_iter()
        .filter_map(|index| match catalog.control(index) {
            Some(control) => Some(summary(control)),
            None => region::control(catalog, options),
        })
        .collect()
}
