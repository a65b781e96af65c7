//! From duties and findings to what a reader sees first.

use std::collections::BTreeMap;

use onus_model::{
    Allocation, AssessedResource, Assessment, Control, Counts, EcoString, Finding, Layer,
    LayerSummary, Profile, ServiceSummary, Settles, Severity, Span, Split, Status, Verb, Verdict,
};
use rustc_hash::FxHashMap;

use crate::allocate::{Duties, is_aws};

/// The status of each duty that the customer holds.
pub(crate) fn status(
    duties: &Duties,
    findings: &[Finding],
    controls: &[Control],
) -> Vec<(Layer, Verb, Status)> {
    let mut all = Vec::new();
    for (layer, verb) in
        Layer::ALL.iter().flat_map(|layer| Verb::ALL.iter().map(move |verb| (*layer, *verb)))
    {
        if duties.holder(layer, verb) != Allocation::Customer {
            continue;
        }
        let tested = findings.iter().filter(|finding| {
            let control = usize::try_from(finding.control).ok().and_then(|at| controls.get(at));
            control.is_some_and(|control| control.layer == layer && control.verb == verb)
        });
        all.push((
            layer,
            verb,
            tested.fold(Status::Unverified, |status, finding| {
                worse(status, of_verdict(finding.verdict))
            }),
        ));
    }
    all
}

fn of_verdict(verdict: Verdict) -> Status {
    match verdict {
        Verdict::Satisfied => Status::Satisfied,
        Verdict::NotSatisfied => Status::NotSatisfied,
        Verdict::Unknown => Status::Unknown,
        Verdict::NotApplicable => Status::Unverified,
    }
}

/// Of the controls on one duty: open wins over undecided, undecided over satisfied.
fn worse(one: Status, other: Status) -> Status {
    let rank = |status: Status| match status {
        Status::NotSatisfied => 3,
        Status::Unknown => 2,
        Status::Satisfied => 1,
        Status::Unverified => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// How one layer is held, from the holders of its verbs in the order of [`Verb::ALL`].
pub fn split(holders: &[Allocation]) -> Split {
    if holders.contains(&Allocation::Undetermined) {
        return Split::Undetermined;
    }
    let has = |allocation: Allocation| holders.contains(&allocation);
    match (has(Allocation::Provider), has(Allocation::Customer), has(Allocation::ThirdParty)) {
        (false, false, false) => Split::NotApplicable,
        (true, false, false) => Split::Provider,
        (false, true, false) => Split::Customer,
        (false, false, true) => Split::ThirdParty,
        _ => {
            // Whoever provides must act before whoever decides, applies or verifies can.
            let first = holders.first();
            let dependent = holders
                .iter()
                .skip(1)
                .any(|holder| *holder != Allocation::NotApplicable && Some(holder) != first);
            if dependent && first != Some(&Allocation::NotApplicable) {
                Split::SharedDependent
            } else {
                Split::SharedIndependent
            }
        }
    }
}

/// Orders findings and works out the summaries and counts.
pub(crate) fn finish(mut assessment: Assessment) -> Assessment {
    order(&mut assessment);
    assessment.services = services(&assessment);
    assessment.settles = settles(&assessment);
    assessment.counts = counts(&assessment);
    assessment
}

fn order(assessment: &mut Assessment) {
    let (controls, resources) = (&assessment.controls, &assessment.resources);
    assessment.findings.sort_by_cached_key(|finding| {
        let control = usize::try_from(finding.control).ok().and_then(|at| controls.get(at));
        let resource = usize::try_from(finding.resource).ok().and_then(|at| resources.get(at));
        let severity = control.map_or(Severity::Low, |control| control.severity);
        let verdict = match finding.verdict {
            Verdict::NotSatisfied => 0,
            Verdict::Unknown => 1,
            Verdict::Satisfied => 2,
            Verdict::NotApplicable => 3,
        };
        let scope = resource.map_or(0, |resource| resource.scope);
        (verdict, std::cmp::Reverse(severity), finding.control, scope, finding.resource)
    });
}

/// What is gathered of one layer of one service.
#[derive(Default)]
struct Gathered {
    splits: Vec<Split>,
    status: Option<Status>,
    verdicts: [u32; 3],
    aws: Vec<EcoString>,
    you: Vec<EcoString>,
}

fn services(assessment: &Assessment) -> Vec<ServiceSummary> {
    let mut rows: BTreeMap<(EcoString, EcoString), (ServiceSummary, Vec<Gathered>)> =
        BTreeMap::new();
    let mut seen: FxHashMap<(EcoString, u32), ()> = FxHashMap::default();
    for resource in &assessment.resources {
        let key = (resource.service_name.clone(), resource.service.clone());
        let (row, layers) = rows.entry(key).or_insert_with(|| (empty_row(resource), new_layers()));
        row.resources += 1;
        row.in_depth += u32::from(resource.in_depth);
        if resource.part_of.is_some() {
            continue;
        }
        if let Some(class) = resource.class
            && !row.classes.contains(&class)
        {
            row.classes.push(class);
            row.classes.sort_unstable();
        }
        for (layer, _, status) in &resource.status {
            if let Some(gathered) = layers.get_mut(layer.index()) {
                gathered.status =
                    Some(gathered.status.map_or(*status, |before| worse(before, *status)));
            }
        }
        let first_sight =
            seen.insert((resource.service_name.clone(), resource.profile), ()).is_none();
        let profile =
            usize::try_from(resource.profile).ok().and_then(|at| assessment.profiles.get(at));
        if let (true, Some(profile)) = (first_sight, profile) {
            gather(profile, layers);
        }
    }
    for finding in &assessment.findings {
        let resource =
            usize::try_from(finding.resource).ok().and_then(|at| assessment.resources.get(at));
        let control =
            usize::try_from(finding.control).ok().and_then(|at| assessment.controls.get(at));
        let (Some(resource), Some(control)) = (resource, control) else { continue };
        let key = (resource.service_name.clone(), resource.service.clone());
        let layer =
            rows.get_mut(&key).and_then(|(_, layers)| layers.get_mut(control.layer.index()));
        let slot = match finding.verdict {
            Verdict::NotSatisfied => 0,
            Verdict::Unknown => 1,
            Verdict::Satisfied => 2,
            Verdict::NotApplicable => continue,
        };
        if let Some(count) = layer.and_then(|layer| layer.verdicts.get_mut(slot)) {
            *count += 1;
        }
    }
    rows.into_values()
        .map(|(row, layers)| ServiceSummary { layers: layer_rows(layers), ..row })
        .collect()
}

fn new_layers() -> Vec<Gathered> {
    Layer::ALL.iter().map(|_| Gathered::default()).collect()
}

fn empty_row(resource: &AssessedResource) -> ServiceSummary {
    ServiceSummary {
        service: resource.service.clone(),
        name: resource.service_name.clone(),
        classes: Vec::new(),
        resources: 0,
        in_depth: 0,
        layers: Vec::new(),
    }
}

fn gather(profile: &Profile, layers: &mut [Gathered]) {
    for (duties, gathered) in profile.duties.chunks(Verb::ALL.len()).zip(layers) {
        let holders: Vec<Allocation> = duties.iter().map(|duty| duty.allocation).collect();
        let split = split(&holders);
        if !gathered.splits.contains(&split) {
            gathered.splits.push(split);
        }
        for duty in duties.iter().filter(|_| split != Split::NotApplicable) {
            for (words, all) in [(&duty.aws, &mut gathered.aws), (&duty.you, &mut gathered.you)] {
                if !words.is_empty() && !all.contains(words) {
                    all.push(words.clone());
                }
            }
        }
    }
}

fn layer_rows(layers: Vec<Gathered>) -> Vec<LayerSummary> {
    let rows = Layer::ALL.iter().zip(layers).map(|(layer, gathered)| {
        let [open, unknown, satisfied] = gathered.verdicts;
        let relevant: Vec<Split> = gathered
            .splits
            .iter()
            .copied()
            .filter(|split| *split != Split::NotApplicable)
            .collect();
        LayerSummary {
            layer: *layer,
            split: overall(&relevant),
            mixed: relevant.len() > 1,
            status: gathered.status,
            open,
            unknown,
            satisfied,
            aws: gathered.aws,
            you: gathered.you,
        }
    });
    rows.collect()
}

/// One word for resources that differ: undetermined before shared, shared before one party alone.
fn overall(splits: &[Split]) -> Split {
    match splits {
        [] => Split::NotApplicable,
        [only] => *only,
        many => {
            let order = [Split::Undetermined, Split::SharedDependent];
            order.into_iter().find(|split| many.contains(split)).unwrap_or(Split::SharedIndependent)
        }
    }
}

fn settles(assessment: &Assessment) -> Vec<Settles> {
    let mut rows: FxHashMap<(u32, EcoString), Settles> = FxHashMap::default();
    let scope_of = |resource: u32| {
        let resource = usize::try_from(resource).ok().and_then(|at| assessment.resources.get(at));
        resource.map_or(0, |resource| resource.scope)
    };
    let new = |scope: u32, blocker: &onus_model::Blocker| Settles {
        settles: blocker.settles.clone(),
        reason: blocker.reason,
        scope,
        findings: Vec::new(),
        allocations: 0,
    };
    for (at, finding) in (0u32..).zip(&assessment.findings) {
        let scope = scope_of(finding.resource);
        for blocker in &finding.blockers {
            let row =
                rows.entry((scope, blocker.settles.clone())).or_insert_with(|| new(scope, blocker));
            if row.findings.last() != Some(&at) {
                row.findings.push(at);
            }
        }
    }
    for resource in &assessment.resources {
        let mut told: Vec<&EcoString> = Vec::new();
        for blocker in &resource.undetermined {
            if told.contains(&&blocker.settles) {
                continue;
            }
            told.push(&blocker.settles);
            let row = rows.entry((resource.scope, blocker.settles.clone()));
            row.or_insert_with(|| new(resource.scope, blocker)).allocations += 1;
        }
    }
    let mut rows: Vec<Settles> = rows.into_values().collect();
    rows.sort_by(|a, b| {
        let weight = |row: &Settles| std::cmp::Reverse(row.findings.len());
        (weight(a), std::cmp::Reverse(a.allocations), a.scope, &a.settles).cmp(&(
            weight(b),
            std::cmp::Reverse(b.allocations),
            b.scope,
            &b.settles,
        ))
    });
    rows
}

fn counts(assessment: &Assessment) -> Counts {
    let mut counts = Counts::default();
    let tallies: Vec<[u32; 5]> = assessment.profiles.iter().map(tally).collect();
    for resource in &assessment.resources {
        // The account is assessed like a resource, but was not read as one.
        let was_read = resource.span != Span::NONE;
        counts.resources += u32::from(was_read);
        counts.in_depth += u32::from(was_read && resource.in_depth);
        let not_aws = !is_aws(&resource.native_type);
        counts.not_aws += u32::from(not_aws);
        counts.unknown_service += u32::from(resource.service.is_empty() && !not_aws);
        counts.possible += u32::from(resource.possible.is_some());
        let tally = usize::try_from(resource.profile)
            .ok()
            .and_then(|at| tallies.get(at))
            .copied()
            .unwrap_or_default();
        let [provider, customer, third_party, not_applicable, undetermined] = tally;
        counts.provider += provider;
        counts.customer += customer;
        counts.third_party += third_party;
        counts.not_applicable += not_applicable;
        counts.undetermined += undetermined;
    }
    for finding in &assessment.findings {
        match finding.verdict {
            Verdict::Satisfied => counts.satisfied += 1,
            Verdict::Unknown => counts.unknown += 1,
            Verdict::NotApplicable => {}
            Verdict::NotSatisfied => {
                counts.not_satisfied += 1;
                let control = usize::try_from(finding.control)
                    .ok()
                    .and_then(|at| assessment.controls.get(at));
                let severity = control.map_or(Severity::Low, |control| control.severity);
                if let Some(count) = counts.open_by_severity.get_mut(severity as usize) {
                    *count += 1;
                }
            }
        }
    }
    counts
}

fn tally(profile: &Profile) -> [u32; 5] {
    let mut tally = [0; 5];
    for duty in &profile.duties {
        if let Some(count) = tally.get_mut(duty.allocation as usize) {
            *count += 1;
        }
    }
    tally
}
