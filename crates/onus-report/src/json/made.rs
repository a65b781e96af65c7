//! The comparable form of a report straight from its assessment.

use onus_model::{
    AssessedResource, Blocker, Duty, Evidence, Finding, Layer, Status, Verb, eco_format,
};

use super::{
    Report, ReportBlocker, ReportDuty, ReportEvidence, ReportFinding, ReportProfile,
    ReportResource, ReportScope, ReportStatus, SCHEMA,
};
use crate::view::View;

/// What reading the JSON report of the assessment would give.
pub(crate) fn report(view: View<'_>) -> Report {
    let assessment = view.assessment;
    let scope = |scope: &onus_model::AssessedScope| ReportScope {
        kind: scope.kind,
        path: scope.path.clone(),
    };
    let profile = |profile: &onus_model::Profile| ReportProfile {
        duties: profile.duties.iter().map(duty).collect(),
    };
    Report {
        schema: SCHEMA.into(),
        as_of: assessment.as_of.clone(),
        scopes: assessment.scopes.iter().map(scope).collect(),
        profiles: assessment.profiles.iter().map(profile).collect(),
        resources: assessment.resources.iter().map(|row| resource(view, row)).collect(),
        findings: assessment.findings.iter().map(|row| finding(view, row)).collect(),
    }
}

fn duty(duty: &Duty) -> ReportDuty {
    ReportDuty {
        layer: duty.layer,
        verb: duty.verb,
        allocation: duty.allocation,
        because: duty.because.clone(),
        aws: duty.aws.clone(),
        you: duty.you.clone(),
    }
}

fn resource(view: View<'_>, resource: &AssessedResource) -> ReportResource {
    ReportResource {
        address: resource.address.clone(),
        scope: view.scope(resource.scope).into(),
        type_name: resource.type_name.clone(),
        service_name: resource.service_name.clone(),
        file: view.path(resource.span),
        line: resource.span.line,
        profile: resource.profile,
        undetermined: resource.undetermined.iter().map(blocker).collect(),
        status: status(&resource.status),
    }
}

fn status(status: &[(Layer, Verb, Status)]) -> ReportStatus {
    let mut by = ReportStatus::default();
    for (layer, verb, status) in status {
        let list = match status {
            Status::NotSatisfied => &mut by.not_satisfied,
            Status::Unknown => &mut by.unknown,
            Status::Satisfied => &mut by.satisfied,
            Status::Unverified => &mut by.unverified,
        };
        list.push(eco_format!("{layer}/{verb}"));
    }
    by
}

fn finding(view: View<'_>, finding: &Finding) -> ReportFinding {
    let sides = view.sides(finding);
    let control = sides.map(|(control, _)| control);
    let resource = sides.map(|(_, resource)| resource);
    let evidence = |evidence: &Evidence| ReportEvidence {
        fact: evidence.fact.clone(),
        value: evidence.value.clone(),
        file: view.path(evidence.span),
        line: evidence.span.line,
    };
    ReportFinding {
        control: control.map(|control| control.id.clone()).unwrap_or_default(),
        resource: resource.map(|resource| resource.address.clone()).unwrap_or_default(),
        scope: resource.map_or("", |resource| view.scope(resource.scope)).into(),
        file: resource.map(|resource| view.path(resource.span)).unwrap_or_default(),
        line: resource.map_or(0, |resource| resource.span.line),
        severity: control.map(|control| control.severity),
        title: control.map(|control| control.title.clone()).unwrap_or_default(),
        verdict: finding.verdict,
        evidence: finding.evidence.iter().map(evidence).collect(),
        blockers: finding.blockers.iter().map(blocker).collect(),
    }
}

fn blocker(blocker: &Blocker) -> ReportBlocker {
    ReportBlocker {
        fact: blocker.fact.clone(),
        settles: blocker.settles.clone(),
        reason: blocker.reason,
    }
}
