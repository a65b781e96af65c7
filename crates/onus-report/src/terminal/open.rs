//! The duties that are open, worst first, by control: on what, why, and the fix.

use std::io;

use onus_model::{AssessedResource, Control, EcoString, Evidence, Finding, Origin, Span, Verdict};

use super::ELSEWHERE;
use super::paint::{self, Look};
use super::screen::Screen;
use crate::Options;
use crate::text::cut_start;
use crate::view::View;
use crate::words;

const CONTROLS: usize = 15;
const RESOURCES: usize = 3;
const EVIDENCE: usize = 3;

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
        _ => format!("Open: {}, worst first", words::counted(open, "control", "controls")),
    };
    screen.heading(&title)?;
    for group in groups.iter().take(CONTROLS) {
        write_group(screen, view, options, group)?;
    }
    let left: usize = groups.iter().skip(CONTROLS).map(|group| group.findings.len()).sum();
    if left > 0 {
        screen.gap()?;
    }
    screen.more(2, left, &format!(" open{ELSEWHERE}"))
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

fn write_group(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
    group: &Group<'_>,
) -> io::Result<()> {
    let control = group.control;
    let severity = format!("{:<9}", control.severity.name());
    screen.gap()?;
    screen.sides(
        2,
        &[(paint::severity(control.severity), &severity), (Look::Strong, &control.title)],
        &[(Look::Name, &control.id)],
    )?;
    screen.prose(11, (Look::Plain, ""), 0, Look::Faint, &control.why)?;
    let shown = if group.findings.len() == RESOURCES + 1 { RESOURCES + 1 } else { RESOURCES };
    for (finding, resource) in group.findings.iter().take(shown) {
        write_finding(screen, view, options, finding, resource)?;
    }
    screen.more(11, group.findings.len().saturating_sub(shown), ELSEWHERE)?;
    write_fixes(screen, view, group)
}

fn write_finding(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
    finding: &Finding,
    resource: &AssessedResource,
) -> io::Result<()> {
    let place = view.files.display(resource.span);
    let place = cut_start(&place, screen.width / 2).into_owned();
    screen.sides(
        9,
        &[(Look::Bad, "✗ "), (Look::Plain, &resource.address)],
        &[(Look::Faint, &place)],
    )?;
    for evidence in finding.evidence.iter().take(EVIDENCE) {
        write_evidence(screen, view, options, evidence, resource.span)?;
    }
    screen.more(13, finding.evidence.len().saturating_sub(EVIDENCE), " facts")
}

fn write_evidence(
    screen: &mut Screen<'_>,
    view: View<'_>,
    options: &Options<'_>,
    evidence: &Evidence,
    home: Span,
) -> io::Result<()> {
    let fact = format!("{} = ", evidence.fact);
    let room = screen.width.saturating_sub(13 + crate::text::width(&fact) + 14).max(20);
    let value = crate::text::plain(&evidence.value).into_owned();
    let value = crate::text::cut(&value, room).into_owned();
    let place = match evidence.origin {
        Origin::Default => EcoString::from("AWS's default"),
        Origin::Set if evidence.span == home => EcoString::new(),
        Origin::Set if evidence.span.file == home.file => {
            ecow::eco_format!("line {}", evidence.span.line)
        }
        Origin::Set => view.files.display(evidence.span),
    };
    screen.sides(13, &[(Look::Faint, &fact), (Look::Plain, &value)], &[(Look::Faint, &place)])?;
    if evidence.origin == Origin::Default || evidence.span == home {
        return Ok(());
    }
    let Some(line) = source_line(view, options, evidence.span) else { return Ok(()) };
    let number = format!("{:>5} │ ", evidence.span.line);
    let line = crate::text::plain(line.trim()).into_owned();
    let line = crate::text::cut(&line, screen.width.saturating_sub(21)).into_owned();
    screen.sides(13, &[(Look::Faint, &number), (Look::Faint, &line)], &[])
}

/// The line of a place, when its file can be shown.
fn source_line(view: View<'_>, options: &Options<'_>, span: Span) -> Option<String> {
    let index = words::size(span.line).checked_sub(1)?;
    let bytes = (options.sources)(&view.path(span))?;
    let line = bytes.split(|byte| *byte == b'\n').nth(index)?;
    let line = line.get(..line.len().min(400)).unwrap_or(line);
    let line = String::from_utf8_lossy(line).into_owned();
    (!line.trim().is_empty()).then_some(line)
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
        for line in fix.lines() {
            let indent = line.chars().take_while(|c| *c == ' ').count().min(20);
            screen.prose(11, label, 5 + indent, Look::Plain, line)?;
            label = (Look::Plain, "");
        }
    }
    Ok(())
}
