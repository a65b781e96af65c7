//! The summaries of a sample, as an assessment would have them.

use onus_model::{
    Allocation, Assessment, Counts, EcoString, Layer, LayerSummary, Reason, ServiceSummary,
    Settles, Split, Status, Verdict,
};

use super::{KINDS, Kind, allocations, words};

pub(super) fn services(made: &Assessment) -> Vec<ServiceSummary> {
    let mut rows: Vec<ServiceSummary> = Vec::new();
    for kind in &KINDS {
        let own: Vec<usize> = made
            .resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| resource.service == kind.service)
            .map(|(index, _)| index)
            .collect();
        if own.is_empty() {
            continue;
        }
        let layers =
            Layer::ALL.iter().map(|layer| layer_summary(made, kind, *layer, &own)).collect();
        rows.push(ServiceSummary {
            service: kind.service.into(),
            name: kind.name.into(),
            classes: vec![kind.class],
            resources: own.len() as u32,
            in_depth: if kind.in_depth { own.len() as u32 } else { 0 },
            layers,
        });
    }
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows
}

fn layer_summary(made: &Assessment, kind: &Kind, layer: Layer, own: &[usize]) -> LayerSummary {
    let set = allocations(kind.class, layer);
    let undetermined = layer == Layer::Keys
        && own.iter().any(|index| !made.resources[*index].undetermined.is_empty());
    let split = if undetermined {
        Split::Undetermined
    } else if set.iter().all(|one| *one == Allocation::Provider) {
        Split::Provider
    } else if set.iter().all(|one| *one == Allocation::Customer) {
        Split::Customer
    } else if layer == Layer::GuestOs || layer == Layer::Runtime {
        Split::SharedDependent
    } else {
        Split::SharedIndependent
    };
    let count = |verdict: Verdict| {
        made.findings
            .iter()
            .filter(|finding| {
                let control = &made.controls[finding.control as usize];
                control.service == kind.service
                    && control.layer == layer
                    && finding.verdict == verdict
            })
            .count() as u32
    };
    let (open, unknown, satisfied) =
        (count(Verdict::NotSatisfied), count(Verdict::Unknown), count(Verdict::Satisfied));
    let status = match (split, open, unknown, satisfied) {
        (Split::Provider, ..) => None,
        (_, 1.., ..) => Some(Status::NotSatisfied),
        (_, _, 1.., _) => Some(Status::Unknown),
        (_, _, _, 1..) => Some(Status::Satisfied),
        _ => Some(Status::Unverified),
    };
    let (aws, you) = words(layer);
    let list = |text: &str| if text.is_empty() { Vec::new() } else { vec![EcoString::from(text)] };
    LayerSummary {
        layer,
        split,
        mixed: undetermined,
        status,
        open,
        unknown,
        satisfied,
        aws: list(aws),
        you: if split == Split::Provider { Vec::new() } else { list(you) },
    }
}

pub(super) fn settle(made: &mut Assessment) {
    let mut rows: Vec<Settles> = Vec::new();
    for (index, finding) in made.findings.iter().enumerate() {
        for blocker in &finding.blockers {
            let scope = made.resources[finding.resource as usize].scope;
            match rows.iter_mut().find(|row| row.settles == blocker.settles && row.scope == scope) {
                Some(row) => row.findings.push(index as u32),
                None => rows.push(Settles {
                    settles: blocker.settles.clone(),
                    reason: blocker.reason,
                    scope,
                    findings: vec![index as u32],
                    allocations: u32::from(blocker.reason == Reason::Input) * 3,
                }),
            }
        }
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.findings.len()), row.settles.clone(), row.scope));
    made.settles = rows;
}

pub(super) fn counts(made: &Assessment) -> Counts {
    let verdicts = |verdict: Verdict| {
        made.findings.iter().filter(|finding| finding.verdict == verdict).count() as u32
    };
    let held = |allocation: Allocation| {
        made.resources
            .iter()
            .map(|resource| {
                made.profiles[resource.profile as usize]
                    .duties
                    .iter()
                    .filter(|duty| duty.allocation == allocation)
                    .count() as u32
            })
            .sum()
    };
    let mut open_by_severity = [0; 4];
    for finding in made.findings.iter().filter(|finding| finding.verdict == Verdict::NotSatisfied) {
        open_by_severity[made.controls[finding.control as usize].severity as usize] += 1;
    }
    Counts {
        resources: made.resources.len() as u32,
        in_depth: made.resources.iter().filter(|resource| resource.in_depth).count() as u32,
        unknown_service: 0,
        not_aws: 0,
        possible: made.resources.iter().filter(|resource| resource.possible.is_some()).count()
            as u32,
        provider: held(Allocation::Provider),
        customer: held(Allocation::Customer),
        third_party: 0,
        not_applicable: 0,
        undetermined: held(Allocation::Undetermined),
        satisfied: verdicts(Verdict::Satisfied),
        not_satisfied: verdicts(Verdict::NotSatisfied),
        unknown: verdicts(Verdict::Unknown),
        open_by_severity,
    }
}
