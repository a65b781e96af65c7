//! The rows of the JSON report, borrowed from the assessment. Their shape is published: see
//! `docs/schema/report-1.schema.json`.

use onus_model::{
    AssessedResource, Basis, Blocker, Control, DeliveryModel, Diagnostic, Duty, EcoString,
    Evidence, Finding, Layer, Level, Origin, Reason, ServiceClass, Settles, Severity, Span, Status,
    UnreadPart, Verb, Verdict,
};
use serde::{Serialize, Serializer};

use crate::view::View;

/// What made the report.
#[derive(Serialize)]
pub(crate) struct Tool<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
}

/// A place; `line` 0 stands for the file as a whole.
#[derive(Serialize)]
pub(crate) struct PlaceRow {
    file: EcoString,
    line: u32,
}

#[derive(Serialize)]
pub(crate) struct UnreadRow<'a> {
    scope: &'a str,
    address: &'a str,
    settles: &'a str,
    #[serde(flatten)]
    place: PlaceRow,
}

#[derive(Serialize)]
pub(crate) struct DiagnosticRow<'a> {
    level: Level,
    message: &'a str,
    help: &'a str,
    #[serde(flatten)]
    place: PlaceRow,
    column: u32,
}

#[derive(Serialize)]
pub(crate) struct SettlesRow<'a> {
    settles: &'a str,
    reason: Reason,
    scope: &'a str,
    findings: &'a [u32],
    allocations: u32,
}

#[derive(Serialize)]
pub(crate) struct ProfileRow<'a> {
    id: usize,
    duties: &'a [Duty],
}

#[derive(Serialize)]
pub(crate) struct AliasRow<'a> {
    scheme: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
pub(crate) struct ControlRow<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    service: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    layer: Layer,
    verb: Verb,
    why: &'a str,
    fix_terraform: &'a str,
    fix_cloudformation: &'a str,
    basis: &'a [Basis],
    aliases: Vec<AliasRow<'a>>,
}

#[derive(Serialize)]
pub(crate) struct EvidenceRow<'a> {
    fact: &'a str,
    value: &'a str,
    #[serde(flatten)]
    place: PlaceRow,
    origin: Origin,
}

#[derive(Serialize)]
pub(crate) struct BlockerRow<'a> {
    fact: &'a str,
    settles: &'a str,
    reason: Reason,
    #[serde(flatten)]
    place: PlaceRow,
}

#[derive(Serialize)]
pub(crate) struct ShiftRow<'a> {
    id: &'a str,
    evidence: Vec<EvidenceRow<'a>>,
}

/// The duties that the customer holds, as `layer/verb`, by status.
#[derive(Serialize)]
pub(crate) struct StatusRow<'a> {
    #[serde(rename = "not-satisfied")]
    not_satisfied: DutyNames<'a>,
    unknown: DutyNames<'a>,
    satisfied: DutyNames<'a>,
    unverified: DutyNames<'a>,
}

/// Those of one status. Written as they are found: a large estate has millions.
struct DutyNames<'a>(&'a [(Layer, Verb, Status)], Status);

impl Serialize for DutyNames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let duties = self.0.iter().filter(|(_, _, status)| *status == self.1);
        serializer.collect_seq(duties.map(|(layer, verb, _)| DutyName(*layer, *verb)))
    }
}

struct DutyName(Layer, Verb);

impl Serialize for DutyName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.0.name(), self.1.name()))
    }
}

#[derive(Serialize)]
pub(crate) struct ResourceRow<'a> {
    address: &'a str,
    scope: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    native_type: &'a str,
    service: &'a str,
    service_name: &'a str,
    class: Option<ServiceClass>,
    delivery: Option<DeliveryModel>,
    in_depth: bool,
    #[serde(flatten)]
    place: PlaceRow,
    region: Option<&'a str>,
    possible: Option<&'a str>,
    part_of: Option<&'a str>,
    profile: u32,
    shifts: Vec<ShiftRow<'a>>,
    undetermined: Vec<BlockerRow<'a>>,
    status: StatusRow<'a>,
}

#[derive(Serialize)]
pub(crate) struct FindingRow<'a> {
    control: &'a str,
    resource: &'a str,
    scope: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    #[serde(flatten)]
    place: PlaceRow,
    severity: Option<Severity>,
    title: &'a str,
    layer: Option<Layer>,
    verb: Option<Verb>,
    verdict: Verdict,
    evidence: Vec<EvidenceRow<'a>>,
    blockers: Vec<BlockerRow<'a>>,
}

/// Makes rows: knows where names and places are kept.
pub(crate) struct Rows<'a>(pub(crate) View<'a>);

impl<'a> Rows<'a> {
    fn place(&self, span: Span) -> PlaceRow {
        PlaceRow { file: self.0.path(span), line: span.line }
    }

    pub(crate) fn unread(&self, part: &'a UnreadPart) -> UnreadRow<'a> {
        UnreadRow {
            scope: self.0.scope(part.scope),
            address: &part.address,
            settles: &part.settles,
            place: self.place(part.span),
        }
    }

    pub(crate) fn diagnostic(&self, said: &'a Diagnostic) -> DiagnosticRow<'a> {
        DiagnosticRow {
            level: said.level,
            message: &said.message,
            help: &said.help,
            place: self.place(said.span),
            column: said.span.column,
        }
    }

    pub(crate) fn settles(&self, settles: &'a Settles) -> SettlesRow<'a> {
        SettlesRow {
            settles: &settles.settles,
            reason: settles.reason,
            scope: self.0.scope(settles.scope),
            findings: &settles.findings,
            allocations: settles.allocations,
        }
    }

    pub(crate) fn profiles(&self) -> impl Iterator<Item = ProfileRow<'a>> + use<'a> {
        let profiles = self.0.assessment.profiles.iter().enumerate();
        profiles.map(|(id, profile)| ProfileRow { id, duties: &profile.duties })
    }

    fn evidence(&self, evidence: &'a [Evidence]) -> Vec<EvidenceRow<'a>> {
        let row = |evidence: &'a Evidence| EvidenceRow {
            fact: &evidence.fact,
            value: &evidence.value,
            place: self.place(evidence.span),
            origin: evidence.origin,
        };
        evidence.iter().map(row).collect()
    }

    fn blockers(&self, blockers: &'a [Blocker]) -> Vec<BlockerRow<'a>> {
        let row = |blocker: &'a Blocker| BlockerRow {
            fact: &blocker.fact,
            settles: &blocker.settles,
            reason: blocker.reason,
            place: self.place(blocker.span),
        };
        blockers.iter().map(row).collect()
    }

    pub(crate) fn resource(&self, resource: &'a AssessedResource) -> ResourceRow<'a> {
        let shift = |(id, evidence): &'a (EcoString, Vec<Evidence>)| ShiftRow {
            id,
            evidence: self.evidence(evidence),
        };
        ResourceRow {
            address: &resource.address,
            scope: self.0.scope(resource.scope),
            type_name: &resource.type_name,
            native_type: &resource.native_type,
            service: &resource.service,
            service_name: &resource.service_name,
            class: resource.class,
            delivery: resource.delivery,
            in_depth: resource.in_depth,
            place: self.place(resource.span),
            region: resource.region.as_deref(),
            possible: resource.possible.as_deref(),
            part_of: resource
                .part_of
                .and_then(|index| self.0.resource(index))
                .map(|whole| whole.address.as_str()),
            profile: resource.profile,
            shifts: resource.shifts.iter().map(shift).collect(),
            undetermined: self.blockers(&resource.undetermined),
            status: status(&resource.status),
        }
    }

    pub(crate) fn finding(&self, finding: &'a Finding) -> FindingRow<'a> {
        let sides = self.0.sides(finding);
        let control = sides.map(|(control, _)| control);
        let resource = sides.map(|(_, resource)| resource);
        FindingRow {
            control: control.map_or("", |control| &control.id),
            resource: resource.map_or("", |resource| &resource.address),
            scope: resource.map_or("", |resource| self.0.scope(resource.scope)),
            type_name: resource.map_or("", |resource| &resource.type_name),
            place: self.place(resource.map_or(Span::NONE, |resource| resource.span)),
            severity: control.map(|control| control.severity),
            title: control.map_or("", |control| &control.title),
            layer: control.map(|control| control.layer),
            verb: control.map(|control| control.verb),
            verdict: finding.verdict,
            evidence: self.evidence(&finding.evidence),
            blockers: self.blockers(&finding.blockers),
        }
    }
}

fn status(status: &[(Layer, Verb, Status)]) -> StatusRow<'_> {
    StatusRow {
        not_satisfied: DutyNames(status, Status::NotSatisfied),
        unknown: DutyNames(status, Status::Unknown),
        satisfied: DutyNames(status, Status::Satisfied),
        unverified: DutyNames(status, Status::Unverified),
    }
}

/// The row of a control.
pub(crate) fn control(control: &Control) -> ControlRow<'_> {
    ControlRow {
        id: &control.id,
        title: &control.title,
        severity: control.severity,
        service: &control.service,
        type_name: &control.type_name,
        layer: control.layer,
        verb: control.verb,
        why: &control.why,
        fix_terraform: &control.fix_terraform,
        fix_cloudformation: &control.fix_cloudformation,
        basis: &control.basis,
        aliases: control.aliases.iter().map(|(scheme, id)| AliasRow { scheme, id }).collect(),
    }
}
