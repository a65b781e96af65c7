//! End-to-end cases: Markdown with configurations, and after each what must come out.

use onus_assess::{EstateView, assess};
use onus_catalog::{Catalog, CatalogFile, Loaded, Syntax, lacking};
use onus_model::{
    Allocation, Assessment, Because, Diagnostic, Duty, EcoString, Estate, FileId, Files, Finding,
    Layer, Span, Truth, Verb, Verdict, eco_format,
};
use rayon::prelude::*;

use super::{Ran, estate_of, options, reading_mistakes};

/// Runs every case of every file.
pub(super) fn run(loaded: &Loaded, files: &Files, as_of: &str, ran: &mut Ran) -> Vec<Diagnostic> {
    let each = |file: &CatalogFile| check_file(loaded, file, files.id(&file.shown), as_of);
    let results: Vec<Checked> = loaded.cases.par_iter().map(each).collect();
    ran.expectations = results.iter().map(|checked| checked.count).sum();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    for checked in results {
        mistakes.extend(checked.mistakes);
        seen.extend(checked.seen);
    }
    mistakes.extend(unproved_shifts(loaded, &seen));
    mistakes
}

/// What came out of a file.
#[derive(Default)]
struct Checked {
    mistakes: Vec<Diagnostic>,
    count: usize,
    seen: Vec<Seen>,
}

/// A duty as a case saw it.
struct Seen {
    type_name: EcoString,
    duty: Duty,
    /// The shifts of which it is open whether they hold for the resource, by index.
    open: Vec<u32>,
}

fn see(estate: &Estate, catalog: &Catalog, day: &str, at: u32, duty: Duty) -> Seen {
    let resource = usize::try_from(at).ok().and_then(|at| estate.resources.get(at));
    let view = EstateView::new(estate, day);
    let type_index = resource.and_then(|resource| resource.type_index);
    let shifts = type_index.into_iter().flat_map(|index| catalog.shifts_of(index));
    let open = shifts.filter(|(_, shift)| shift.when.decide(&view, at) == Truth::Unknown);
    Seen {
        type_name: resource.map(|resource| resource.type_name.clone()).unwrap_or_default(),
        duty,
        open: open.map(|(index, _)| index).collect(),
    }
}

/// Shifts without a case before, a case after, or a case in which it is not known whether they hold.
fn unproved_shifts(loaded: &Loaded, seen: &[Seen]) -> Vec<Diagnostic> {
    let mut lacks = Vec::new();
    for (at, shift) in (0u32..).zip(&loaded.catalog.shifts) {
        if !loaded.shifts.contains(&shift.id) {
            continue;
        }
        let Some(entry) = loaded.catalog.type_entry(shift.type_index) else { continue };
        let spoken: Vec<&Seen> = seen
            .iter()
            .filter(|seen| seen.type_name == entry.name)
            .filter(|seen| shift.moves.iter().any(|said| said.layer == seen.duty.layer))
            .collect();
        let by_it = |seen: &Seen| seen.duty.because == Because::Shift(shift.id.clone());
        let open = |seen: &Seen| seen.duty.allocation == Allocation::Undetermined;
        let asks = !shift.when.reads().is_empty() || !shift.when.relations().is_empty();
        for (what, found) in [
            ("before it", spoken.iter().any(|seen| !by_it(seen) && !open(seen))),
            ("after it", spoken.iter().any(|seen| by_it(seen) && !open(seen))),
            (
                "in which a fact is unknown",
                !asks || spoken.iter().any(|seen| open(seen) && seen.open.contains(&at)),
            ),
        ] {
            if !found {
                let message = eco_format!("the shift {} has no case {what}", shift.id);
                lacks.push(lacking(loaded.whole, message, Span::NONE));
            }
        }
    }
    lacks
}

/// A fence of the file.
struct Fence<'a> {
    kind: &'a str,
    /// Line of the first line inside.
    line: u32,
    lines: Vec<&'a str>,
}

fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut all = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                open = Some(Fence { kind: kind.trim(), line: number + 1, lines: Vec::new() })
            }
            (Some(_), Some("")) => all.extend(open.take()),
            (Some(fence), _) => fence.lines.push(line),
            (None, None) => {}
        }
    }
    all.extend(open);
    all
}

fn check_file(loaded: &Loaded, file: &CatalogFile, id: FileId, as_of: &str) -> Checked {
    let mut checked = Checked::default();
    let Checked { mistakes, count, seen } = &mut checked;
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        mistakes.push(Diagnostic::error("the file is not UTF-8", Span::file(id)));
        return checked;
    };
    let mut assessed: Option<(Estate, Assessment, &str)> = None;
    for fence in fences(text) {
        let span = Span::new(id, fence.line, 1);
        let (kind, day) = fence.kind.split_once(" as-of=").unwrap_or((fence.kind, as_of));
        let syntax = match kind {
            "terraform" => Syntax::Terraform,
            "cloudformation" => Syntax::Cloudformation,
            "plan" => Syntax::Plan,
            "expect" => {
                let Some((estate, assessment, day)) = &assessed else {
                    mistakes.push(Diagnostic::error("there is no configuration before this", span));
                    continue;
                };
                for (number, line) in (fence.line..).zip(&fence.lines) {
                    if line.trim().is_empty() || line.trim_start().starts_with('#') {
                        continue;
                    }
                    *count += 1;
                    match expect(line, assessment, &loaded.catalog) {
                        Ok(None) => {}
                        Ok(Some((at, duty))) => {
                            seen.push(see(estate, &loaded.catalog, day, at, duty));
                        }
                        Err(message) => {
                            mistakes.push(Diagnostic::error(message, Span::new(id, number, 1)));
                        }
                    }
                }
                continue;
            }
            _ => continue,
        };
        let (estate, read) = estate_of(syntax, &fence.lines.join("\n"), &loaded.catalog, day);
        mistakes.extend(reading_mistakes(&estate, &read, span));
        let assessment = assess(&estate, &loaded.catalog, &options(day));
        assessed = Some((estate, assessment, day));
    }
    if *count == 0 {
        mistakes.push(Diagnostic::error("the file expects nothing", Span::file(id)));
    }
    checked
}

/// `address layer/verb holder [shift]`, or `address control verdict`; the duty that the line speaks of, if any.
fn expect(
    line: &str,
    assessment: &Assessment,
    catalog: &Catalog,
) -> Result<Option<(u32, Duty)>, EcoString> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [address, subject, wanted, because @ ..] = words.as_slice() else {
        return Err(
            "an expectation is `address layer/verb holder [shift]` or `address control verdict`"
                .into(),
        );
    };
    let found =
        (0u32..).zip(&assessment.resources).find(|(_, resource)| resource.address == **address);
    let Some((at, resource)) = found else {
        let known: Vec<&str> =
            assessment.resources.iter().map(|resource| resource.address.as_str()).collect();
        return Err(eco_format!(
            "there is no resource `{address}`; there are {}",
            known.join(", ")
        ));
    };
    let duty = subject
        .split_once('/')
        .and_then(|(layer, verb)| Some((layer.parse::<Layer>().ok()?, verb.parse::<Verb>().ok()?)));
    let Some((layer, verb)) = duty else {
        if catalog.controls.iter().all(|known| known.id != *subject) {
            return Err(eco_format!("`{subject}` is neither a duty nor a control"));
        }
        return expect_verdict(assessment, at, subject, wanted).map(|()| None);
    };
    let profile = usize::try_from(resource.profile).ok().and_then(|at| assessment.profiles.get(at));
    let duty = profile.and_then(|profile| {
        profile.duties.iter().find(|duty| duty.layer == layer && duty.verb == verb)
    });
    let Some(duty) = duty else { return Err("the duty was not allocated".into()) };
    if duty.allocation.name() != *wanted {
        return Err(eco_format!(
            "{subject} of {address} is {}, not {wanted}",
            duty.allocation.name()
        ));
    }
    let seen = Ok(Some((at, duty.clone())));
    match (because, &duty.because) {
        ([], _) => seen,
        ([wanted], Because::Shift(shift)) if shift == wanted => seen,
        ([wanted, ..], other) => {
            Err(eco_format!("{subject} of {address} is not decided by {wanted} but by {other:?}"))
        }
    }
}

fn expect_verdict(
    assessment: &Assessment,
    at: u32,
    control: &str,
    wanted: &str,
) -> Result<(), EcoString> {
    let index = (0u32..).zip(&assessment.controls).find(|(_, known)| known.id == control);
    let finding = index.and_then(|(index, _)| {
        let of_both = |finding: &&Finding| finding.resource == at && finding.control == index;
        assessment.findings.iter().find(of_both)
    });
    let verdict = finding.map_or(Verdict::NotApplicable, |finding| finding.verdict);
    if verdict.name() == wanted {
        return Ok(());
    }
    let waits: Vec<String> = finding
        .map(|finding| {
            finding
                .blockers
                .iter()
                .map(|blocker| format!("{} waits for {}", blocker.fact, blocker.settles))
                .collect()
        })
        .unwrap_or_default();
    Err(eco_format!("{control} is {}, not {wanted} {}", verdict.name(), waits.join("; ")))
}
