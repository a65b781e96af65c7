//! The duties that are open, worst first, by control: on what, why, and the fix. The worst in full,
//! the rest in short, and the command that says more.

use std::io;

use onus_model::{AssessedResource, Control, EcoString, Evidence, Finding, Origin, Span, Verdict};

use super::ELSEWHERE;
use super::paint::{self, Look};
use super::screen::Screen;
use crate::Options;
use crate::text::{cut, cut_start, plain, width};
use crate::view::View;
use crate::words::{self, counted};

const IN_FULL: usize = 8;
const CONTROLS: usize = 24;
const RESOURCES: usize = 3;
const EVIDENCE: usize = 3;
const FIX_LINES: usize = 14;
/// Where the title of a control begins.
const TITLE: usize = 11;

/// The open findings of one control.
struct Group<'a> {
    control: &'a Control,
    findings: Vec<(&'a Finding, &'a AssessedResource)>,
}

pub(super) fn write(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
) -> io::Result<()> {
    let groups = groups(view);
    let open = words::size(view.assessment.counts.not_satisfied);
    let title = match open {
        0 => "Open: nothing that onus can see".to_owned(),
        _ => format!(
            "Open: {} of {}, worst first",
            counted(open, "finding", "findings"),
            counted(groups.len(), "control", "controls")
        ),
    };
    screen.heading(&title)?;
    let (full, short) = groups.split_at(groups.len().min(IN_FULL));
    for group in full {
        screen.gap()?;
        write_group(screen, view, options, group)?;
    }
    if let Some(first) = short.first() {
        screen.gap()?;
        let command = format!("onus explain {}", first.control.id);
        let parts = [
            (Look::Faint, "the rest in short; why and how to fix: "),
            (Look::Name, command.as_str()),
        ];
        screen.sides(2, &parts, &[])?;
    }
    for group in short.iter().take(CONTROLS - IN_FULL) {
        screen.gap()?;
        write_short(screen, view, group)?;
    }
    let left = short.get(CONTROLS - IN_FULL..).unwrap_or(&[]);
    let findings: usize = left.iter().map(|group| group.findings.len()).sum();
    if findings > 0 {
        screen.gap()?;
    }
    let controls = counted(left.len(), "control", "controls");
    screen.more(2, findings, &format!(" of {controls}{ELSEWHERE}"))
}

/// By control, in the order of the first finding of each.
fn groups(view: View<'_>) -> Vec<Group<'_>> {
    let mut places = vec![None; view.assessment.controls.len()];
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in &view.assessment.findings {
        if finding.verdict != Verdict::NotSatisfied {
            continue;
        }
        let Some((control, resource)) = view.sides(finding) else { continue };
        let Some(place) = places.get_mut(words::size(finding.control)) else { continue };
        let place = *place.get_or_insert_with(|| {
            groups.push(Group { control, findings: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.findings.push((finding, resource));
        }
    }
    groups
}

/// Severity and title, with the id at the right edge of the last line.
fn write_title(screen: &mut Screen<'_>, control: &Control) -> io::Result<()> {
    let severity = format!("{:<9}", control.severity.name());
    let room = screen.width.saturating_sub(TITLE);
    let title = plain(&control.title).into_owned();
    let lines = crate::text::wrap(&title, room);
    let mut label = (paint::severity(control.severity), severity.as_str());
    for (number, line) in lines.iter().enumerate() {
        let parts = [label, (Look::Strong, line.as_str())];
        let id: &[(Look, &str)] =
            if number + 1 == lines.len() { &[(Look::Name, &control.id)] } else { &[] };
        screen.sides(2, &parts, id)?;
        label = (Look::Plain, "         ");
    }
    Ok(())
}

fn write_group(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
    group: &Group<'_>,
) -> io::Result<()> {
    write_title(screen, group.control)?;
    screen.prose(TITLE, (Look::Plain, ""), 0, Look::Faint, &group.control.why)?;
    let shown = shown(group);
    for (finding, resource) in group.findings.iter().take(shown) {
        write_resource(screen, view, resource)?;
        for evidence in finding.evidence.iter().take(EVIDENCE) {
            write_evidence(screen, view, options, evidence, resource.span)?;
        }
        let left = finding.evidence.len().saturating_sub(EVIDENCE);
        screen.more(TITLE + 2, left, if left == 1 { " fact" } else { " facts" })?;
    }
    screen.more(TITLE, group.findings.len().saturating_sub(shown), ELSEWHERE)?;
    write_fixes(screen, view, group)
}

fn write_short(screen: &mut Screen<'_>, view: View<'_>, group: &Group<'_>) -> io::Result<()> {
    write_title(screen, group.control)?;
    let shown = shown(group);
    for (finding, resource) in group.findings.iter().take(shown) {
        write_resource(screen, view, resource)?;
        if let Some(evidence) = finding.evidence.first() {
            let text = format!("{} = {}", evidence.fact, evidence.value);
            let text = plain(&text).into_owned();
            let room = screen.width.saturating_sub(TITLE + 20);
            let text = cut(&text, room).into_owned();
            let note = match (evidence.origin, finding.evidence.len()) {
                (Origin::Default, _) => EcoString::from("AWS's default"),
                (Origin::Set, 1) => EcoString::new(),
                (Origin::Set, count) => ecow::eco_format!("and {} more", count - 1),
            };
            screen.sides(TITLE + 2, &[(Look::Faint, &text)], &[(Look::Faint, &note)])?;
        }
    }
    screen.more(TITLE, group.findings.len().saturating_sub(shown), "")
}

/// One more than the limit is shown whole: a line that says "and 1 more" is no shorter.
fn shown(group: &Group<'_>) -> usize {
    if group.findings.len() == RESOURCES + 1 { RESOURCES + 1 } else { RESOURCES }
}

fn write_resource(
    screen: &mut Screen<'_>,
    view: View<'_>,
    resource: &AssessedResource,
) -> io::Result<()> {
    let place = view.files.display(resource.span);
    let place = cut_start(&place, screen.width / 2).into_owned();
    screen.sides(
        TITLE - 2,
        &[(Look::Bad, "✗ "), (Look::Plain, &resource.address)],
        &[(Look::Faint, &place)],
    )
}

fn write_evidence(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
    evidence: &Evidence,
    home: Span,
) -> io::Result<()> {
    let fact = format!("{} = ", evidence.fact);
    let room = screen.width.saturating_sub(TITLE + 2 + width(&fact) + 15).max(20);
    let value = plain(&evidence.value).into_owned();
    let value = cut(&value, room).into_owned();
    let place = match evidence.origin {
        Origin::Default => EcoString::from("AWS's default"),
        Origin::Set if evidence.span == home => EcoString::new(),
        Origin::Set if evidence.span.file == home.file => {
            ecow::eco_format!("line {}", evidence.span.line)
        }
        Origin::Set => view.files.display(evidence.span),
    };
    screen.sides(
        TITLE + 2,
        &[(Look::Faint, &fact), (Look::Plain, &value)],
        &[(Look::Faint, &place)],
    )?;
    if evidence.origin == Origin::Default || evidence.span == home {
        return Ok(());
    }
    let Some(line) = source_line(view, options, evidence) else { return Ok(()) };
    let number = format!("{:>5} │ ", evidence.span.line);
    let line = plain(line.trim()).into_owned();
    let line = cut(&line, screen.width.saturating_sub(TITLE + 10)).into_owned();
    screen.sides(TITLE + 2, &[(Look::Faint, &number), (Look::Faint, &line)], &[])
}

/// The line of a piece of evidence, when it says more than the value does. A line with a literal of
/// its own is not shown: what stands beside a fact may be a secret, which ingest could not withhold.
fn source_line(view: View<'_>, options: &Options<'_>, evidence: &Evidence) -> Option<String> {
    let index = words::size(evidence.span.line).checked_sub(1)?;
    let bytes = (options.sources)(&view.path(evidence.span))?;
    let line = bytes.split(|byte| *byte == b'\n').nth(index)?;
    let line = String::from_utf8_lossy(line.get(..line.len().min(160))?).into_owned();
    let literal = line.contains(['"', '\'', ',', '{']);
    let said = line.contains(evidence.value.as_str());
    let withheld = evidence.value.contains("withheld");
    (!literal && !said && !withheld && !line.trim().is_empty()).then_some(line)
}

/// The fix for each kind of source that the group's resources come from, each once.
fn write_fixes(screen: &mut Screen<'_>, view: View<'_>, group: &Group<'_>) -> io::Result<()> {
    let mut fixes: Vec<&EcoString> = Vec::new();
    for (_, resource) in &group.findings {
        let fix = words::fix(view.source_kind(resource), group.control);
        if !fix.is_empty() && !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    for fix in fixes {
        let mut label = (Look::Good, "fix");
        for line in fix.lines().take(FIX_LINES) {
            let indent = line.chars().take_while(|c| *c == ' ').count().min(20);
            screen.prose(TITLE, label, 5 + indent, Look::Plain, line)?;
            label = (Look::Plain, "");
        }
        if fix.lines().count() > FIX_LINES {
            let command = format!("… onus explain {} shows all of it", group.control.id);
            screen.prose(TITLE, (Look::Plain, ""), 5, Look::Faint, &command)?;
        }
    }
    Ok(())
}
