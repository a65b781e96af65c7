//! The comparison. Resources are matched by scope and address; nothing else makes them the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use onus_model::{Allocation, EcoString, Verdict};

use super::scopes::pair;
use super::{Came, Changed, Diff, Moved};
use crate::json::{Report, ReportDuty, ReportFinding, ReportProfile, ReportResource};
use crate::view::get;

/// Scope (as the second report names it) and address.
type Key<'a> = (&'a str, &'a str);
/// Scope, address and control.
type FindingKey<'a> = (&'a str, &'a str, &'a str);

impl Diff {
    /// What changed from `base` to `head`.
    pub fn new(base: &Report, head: &Report) -> Diff {
        let names = pair(&scopes(base), &scopes(head));
        let rename = |scope: &'_ EcoString| -> EcoString {
            names.get(scope).cloned().unwrap_or_else(|| ecow::eco_format!("\u{0}{scope}"))
        };
        let renamed: BTreeMap<&str, EcoString> =
            base.scopes.iter().map(|scope| (scope.path.as_str(), rename(&scope.path))).collect();
        let name = |scope: &str| -> &str { renamed.get(scope).map_or("", EcoString::as_str) };
        let before: BTreeMap<Key<'_>, &ReportResource> = base
            .resources
            .iter()
            .map(|row| ((name(&row.scope), row.address.as_str()), row))
            .collect();
        let after: BTreeMap<Key<'_>, &ReportResource> = head
            .resources
            .iter()
            .map(|row| ((row.scope.as_str(), row.address.as_str()), row))
            .collect();
        let mut diff = Diff::default();
        resources(&mut diff, (base, &before), (head, &after));
        let before: BTreeMap<FindingKey<'_>, &ReportFinding> = base
            .findings
            .iter()
            .map(|row| ((name(&row.scope), row.resource.as_str(), row.control.as_str()), row))
            .collect();
        let after: BTreeMap<FindingKey<'_>, &ReportFinding> = head
            .findings
            .iter()
            .map(|row| ((row.scope.as_str(), row.resource.as_str(), row.control.as_str()), row))
            .collect();
        findings(&mut diff, &before, &after);
        diff
    }
}

fn scopes(report: &Report) -> Vec<&str> {
    let mut paths: Vec<&str> = report.scopes.iter().map(|scope| scope.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// A report with its resources by key.
type Side<'a> = (&'a Report, &'a BTreeMap<Key<'a>, &'a ReportResource>);

fn resources(diff: &mut Diff, (base, before): Side<'_>, (head, after): Side<'_>) {
    let mut compared = BTreeMap::new();
    for (key, now) in after {
        let Some(was) = before.get(key) else {
            diff.added.push(came(head, now));
            continue;
        };
        diff.kept += 1;
        let moves = compared.entry((was.profile, now.profile)).or_insert_with(|| {
            moves(get(&base.profiles, was.profile), get(&head.profiles, now.profile))
        });
        diff.moved.extend(moves.iter().map(|(was, duty)| moved(now, was, duty)));
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    diff.removed.extend(gone.map(|(_, was)| came(base, was)));
}

/// The duties that differ between two profiles: before and after. Once for each pair of profiles,
/// however many resources share it.
fn moves<'a>(
    was: Option<&'a ReportProfile>,
    now: Option<&'a ReportProfile>,
) -> Vec<(&'a ReportDuty, &'a ReportDuty)> {
    let (Some(was), Some(now)) = (was, now) else { return Vec::new() };
    let before: BTreeMap<_, _> =
        was.duties.iter().map(|duty| ((duty.layer, duty.verb), duty)).collect();
    now.duties
        .iter()
        .filter_map(|duty| Some((*before.get(&(duty.layer, duty.verb))?, duty)))
        .filter(|(was, duty)| was.allocation != duty.allocation)
        .collect()
}

fn moved(resource: &ReportResource, was: &ReportDuty, duty: &ReportDuty) -> Moved {
    let mut settles: Vec<EcoString> = Vec::new();
    if duty.allocation == Allocation::Undetermined {
        for blocker in &resource.undetermined {
            if !settles.contains(&blocker.settles) {
                settles.push(blocker.settles.clone());
            }
        }
    }
    Moved {
        resource: resource.address.clone(),
        scope: resource.scope.clone(),
        type_name: resource.type_name.clone(),
        file: resource.file.clone(),
        line: resource.line,
        layer: duty.layer,
        verb: duty.verb,
        from: was.allocation,
        to: duty.allocation,
        was_because: was.because.clone(),
        because: duty.because.clone(),
        settles,
        aws: duty.aws.clone(),
        you: duty.you.clone(),
    }
}

fn came(report: &Report, resource: &ReportResource) -> Came {
    let duties = get(&report.profiles, resource.profile).map_or(&[][..], |profile| &profile.duties);
    Came {
        resource: resource.address.clone(),
        scope: resource.scope.clone(),
        type_name: resource.type_name.clone(),
        file: resource.file.clone(),
        line: resource.line,
        yours: duties.iter().filter(|duty| duty.allocation == Allocation::Customer).count(),
    }
}

fn findings(
    diff: &mut Diff,
    before: &BTreeMap<FindingKey<'_>, &ReportFinding>,
    after: &BTreeMap<FindingKey<'_>, &ReportFinding>,
) {
    for (key, now) in after {
        let was = before.get(key).copied();
        let from = was.map(|was| was.verdict);
        let changed = || changed(was, Some(*now));
        match (from, now.verdict) {
            (from, to) if from == Some(to) => {}
            (_, Verdict::NotSatisfied) => diff.opened.extend(changed()),
            (_, Verdict::Unknown) => diff.new_unknowns.extend(changed()),
            (Some(Verdict::NotSatisfied), _) => diff.closed.extend(changed()),
            _ => {}
        }
        if from == Some(Verdict::Unknown) && now.verdict != Verdict::Unknown {
            diff.settled.extend(changed());
        }
    }
    let ended = before
        .iter()
        .filter(|(key, was)| was.verdict == Verdict::NotSatisfied && !after.contains_key(*key));
    diff.closed.extend(ended.filter_map(|(_, was)| changed(Some(was), None)));
    for list in [&mut diff.opened, &mut diff.closed, &mut diff.new_unknowns, &mut diff.settled] {
        list.sort_by(|one, other| order(one).cmp(&order(other)));
    }
}

fn order(row: &Changed) -> (Reverse<Option<onus_model::Severity>>, &str, &str, &str) {
    (Reverse(row.severity), &row.control, &row.scope, &row.resource)
}

fn changed(was: Option<&ReportFinding>, now: Option<&ReportFinding>) -> Option<Changed> {
    let shown = now.or(was)?;
    Some(Changed {
        control: shown.control.clone(),
        title: shown.title.clone(),
        severity: shown.severity,
        resource: shown.resource.clone(),
        scope: shown.scope.clone(),
        file: shown.file.clone(),
        line: shown.line,
        from: was.map(|was| was.verdict),
        to: now.map(|now| now.verdict),
        evidence: shown.evidence.clone(),
        blockers: shown.blockers.clone(),
    })
}
