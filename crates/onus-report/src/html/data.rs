//! The assessment as `page.js` reads it: rows are arrays, and what repeats is a number in a dictionary.
//! Whoever changes a row here changes its reader at the head of `page.js`.

use std::io::{self, Write};

use onus_model::{
    Allocation, AssessedResource, Basis, Blocker, Control, EcoString, Evidence, Finding, Layer,
    LayerSummary, Origin, Reason, ServiceClass, ServiceSummary, Severity, Split, Status, Verb,
    Verdict,
};
use serde::Serialize;

use super::dictionary::Dictionary;
use crate::Options;
use crate::json::Document;
use crate::view::View;
use crate::words;

/// Type, native type, service id, service name, class, in depth.
type Type<'a> = (&'a str, &'a str, &'a str, &'a str, Option<ServiceClass>, bool);
/// Allocation, what decided it, AWS's words, the customer's words, basis.
type DutyRow = (Allocation, usize, usize, usize, Vec<usize>);
/// Fact, value, file, line, 1 for AWS's default.
type EvidenceRow = (usize, usize, usize, u32, u8);
/// Fact, what settles it, reason, file, line.
type BlockerRow = (usize, usize, Reason, usize, u32);

/// What has been numbered so far.
struct Numbers<'a> {
    view: View<'a>,
    strings: Dictionary<EcoString>,
    types: Dictionary<Type<'a>>,
    duties: Dictionary<DutyRow>,
    basis: Dictionary<&'a Basis>,
    status: Dictionary<String>,
}

/// Writes the data. Dictionaries come after the rows that fill them.
pub(super) fn write(view: View<'_>, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let assessment = view.assessment;
    let mut numbers = Numbers {
        view,
        strings: Dictionary::new(),
        types: Dictionary::new(),
        duties: Dictionary::new(),
        basis: Dictionary::new(),
        status: Dictionary::new(),
    };
    numbers.strings.number(EcoString::new());
    let mut document = Document::new(out);
    document.member("version", &options.version)?;
    document.member("as_of", &assessment.as_of)?;
    document.member("counts", &assessment.counts)?;
    document
        .members("layers", Layer::ALL.iter().map(|layer| (layer.name(), words::layer(*layer))))?;
    document.member("verbs", &Verb::ALL)?;
    document.members("scopes", assessment.scopes.iter())?;
    document.members("files", assessment.files.iter())?;
    document.members("unread", unread(view))?;
    document.members("diagnostics", diagnostics(view))?;
    document.members("settles", settles(view))?;
    document.members("services", assessment.services.iter().map(|row| numbers.service(row)))?;
    document.members("controls", assessment.controls.iter().map(|row| numbers.control(row)))?;
    document.members("profiles", assessment.profiles.iter().map(|row| numbers.profile(row)))?;
    document.members("resources", assessment.resources.iter().map(|row| numbers.resource(row)))?;
    document.members("findings", assessment.findings.iter().map(|row| numbers.finding(row)))?;
    document.members("types", numbers.types.iter())?;
    document.members("duties", numbers.duties.iter())?;
    document.members("basis", numbers.basis.iter().map(|basis| (&basis.url, &basis.as_of)))?;
    document.members("status", numbers.status.iter())?;
    document.members("strings", numbers.strings.iter())?;
    document.end()
}

/// Address, what would bring it in, place.
fn unread<'a>(view: View<'a>) -> impl Iterator<Item = (&'a str, &'a str, EcoString)> + use<'a> {
    let row = move |part: &'a onus_model::UnreadPart| {
        (part.address.as_str(), part.settles.as_str(), view.files.display(part.span))
    };
    view.assessment.unread.iter().map(row)
}

/// Level, message, help, place.
fn diagnostics<'a>(
    view: View<'a>,
) -> impl Iterator<Item = (&'a str, &'a str, &'a str, EcoString)> + use<'a> {
    let row = move |said: &'a onus_model::Diagnostic| {
        let (message, help) = (said.message.as_str(), said.help.as_str());
        (words::level(said.level), message, help, view.files.display(said.span))
    };
    view.assessment.diagnostics.iter().map(row)
}

/// What settles it, why it is not known, scope, findings, allocations.
fn settles<'a>(
    view: View<'a>,
) -> impl Iterator<Item = (&'a str, &'a str, &'a str, &'a [u32], u32)> + use<'a> {
    let row = move |row: &'a onus_model::Settles| {
        let (what, why) = (row.settles.as_str(), words::reason_clause(row.reason));
        (what, why, view.scope(row.scope), row.findings.as_slice(), row.allocations)
    };
    view.assessment.settles.iter().map(row)
}

#[derive(Serialize)]
struct ServiceRow<'a> {
    id: &'a str,
    name: &'a str,
    classes: &'a [ServiceClass],
    resources: u32,
    in_depth: u32,
    layers: Vec<LayerRow>,
}

/// Split, mixed, status, open, unknown, satisfied, AWS's words, the customer's words.
type LayerRow = (Split, bool, Option<Status>, u32, u32, u32, Vec<usize>, Vec<usize>);

#[derive(Serialize)]
struct ControlRow<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    service: &'a str,
    layer: usize,
    verb: usize,
    why: &'a str,
    terraform: &'a str,
    cloudformation: &'a str,
    basis: Vec<usize>,
    aliases: &'a [(EcoString, EcoString)],
}

/// Address, scope, type, file, line, region, possible, part of, profile, status, shifts, undetermined.
type ResourceRow<'a> = (
    &'a str,
    u32,
    usize,
    usize,
    u32,
    usize,
    usize,
    Option<u32>,
    u32,
    usize,
    Vec<(usize, Vec<EvidenceRow>)>,
    Vec<BlockerRow>,
);

/// Control, resource, verdict, evidence, blockers.
type FindingRow = (u32, u32, Verdict, Vec<EvidenceRow>, Vec<BlockerRow>);

impl<'a> Numbers<'a> {
    fn string(&mut self, text: &EcoString) -> usize {
        self.strings.number(text.clone())
    }

    fn list(&mut self, texts: &[EcoString]) -> Vec<usize> {
        texts.iter().map(|text| self.string(text)).collect()
    }

    fn basis(&mut self, basis: &'a [Basis]) -> Vec<usize> {
        basis.iter().map(|one| self.basis.number(one)).collect()
    }

    fn service(&mut self, service: &'a ServiceSummary) -> ServiceRow<'a> {
        ServiceRow {
            id: &service.service,
            name: &service.name,
            classes: &service.classes,
            resources: service.resources,
            in_depth: service.in_depth,
            layers: service.layers.iter().map(|layer| self.layer(layer)).collect(),
        }
    }

    fn layer(&mut self, layer: &LayerSummary) -> LayerRow {
        let (aws, you) = (self.list(&layer.aws), self.list(&layer.you));
        let (open, unknown, satisfied) = (layer.open, layer.unknown, layer.satisfied);
        (layer.split, layer.mixed, layer.status, open, unknown, satisfied, aws, you)
    }

    fn control(&mut self, control: &'a Control) -> ControlRow<'a> {
        ControlRow {
            id: &control.id,
            title: &control.title,
            severity: control.severity,
            service: &control.service,
            layer: control.layer.index(),
            verb: control.verb.index(),
            why: &control.why,
            terraform: &control.fix_terraform,
            cloudformation: &control.fix_cloudformation,
            basis: self.basis(&control.basis),
            aliases: &control.aliases,
        }
    }

    fn profile(&mut self, profile: &'a onus_model::Profile) -> Vec<usize> {
        let duty = |duty: &'a onus_model::Duty| {
            let row = (
                duty.allocation,
                self.string(&words::because(&duty.because)),
                self.string(&duty.aws),
                self.string(&duty.you),
                self.basis(&duty.basis),
            );
            self.duties.number(row)
        };
        profile.duties.iter().map(duty).collect()
    }

    fn evidence(&mut self, evidence: &[Evidence]) -> Vec<EvidenceRow> {
        let row = |one: &Evidence| {
            let file = self.view.path(one.span);
            let default = u8::from(one.origin == Origin::Default);
            let (fact, value) = (self.string(&one.fact), self.string(&one.value));
            (fact, value, self.string(&file), one.span.line, default)
        };
        evidence.iter().map(row).collect()
    }

    fn blockers(&mut self, blockers: &[Blocker]) -> Vec<BlockerRow> {
        let row = |one: &Blocker| {
            let file = self.view.path(one.span);
            let (fact, settles) = (self.string(&one.fact), self.string(&one.settles));
            (fact, settles, one.reason, self.string(&file), one.span.line)
        };
        blockers.iter().map(row).collect()
    }

    fn resource(&mut self, resource: &'a AssessedResource) -> ResourceRow<'a> {
        let file = self.view.path(resource.span);
        let shifts = resource
            .shifts
            .iter()
            .map(|(id, evidence)| (self.string(id), self.evidence(evidence)))
            .collect();
        let kind: Type<'a> = (
            &resource.type_name,
            &resource.native_type,
            &resource.service,
            &resource.service_name,
            resource.class,
            resource.in_depth,
        );
        (
            &resource.address,
            resource.scope,
            self.types.number(kind),
            self.string(&file),
            resource.span.line,
            self.optional(resource.region.as_ref()),
            self.optional(resource.possible.as_ref()),
            resource.part_of,
            resource.profile,
            self.status.number(status(&resource.status)),
            shifts,
            self.blockers(&resource.undetermined),
        )
    }

    /// The number of a text; 0, the empty text's, for none.
    fn optional(&mut self, text: Option<&EcoString>) -> usize {
        text.map_or(0, |text| self.string(text))
    }

    fn finding(&mut self, finding: &Finding) -> FindingRow {
        let evidence = self.evidence(&finding.evidence);
        let blockers = self.blockers(&finding.blockers);
        (finding.control, finding.resource, finding.verdict, evidence, blockers)
    }
}

/// One letter for each layer and verb in the order of the model: `-` where the customer holds nothing.
fn status(status: &[(Layer, Verb, Status)]) -> String {
    let mut letters = vec!['-'; Layer::ALL.len() * Verb::ALL.len()];
    for (layer, verb, status) in status {
        let place = layer.index() * Verb::ALL.len() + verb.index();
        if let Some(letter) = letters.get_mut(place) {
            *letter = match status {
                Status::NotSatisfied => 'o',
                Status::Unknown => 'u',
                Status::Satisfied => 's',
                Status::Unverified => 'n',
            };
        }
    }
    letters.into_iter().collect()
}
