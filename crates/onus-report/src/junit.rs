//! JUnit XML for a build server: a suite a control, a case a resource; open is a failure, undecided is
//! skipped with the reason, an error in reading is a suite of its own.

use std::io::{self, Write};

use onus_model::{Assessment, Control, Files, Finding, Level, Verdict};

use crate::Options;
use crate::escape::xml::text;
use crate::view::View;
use crate::words;

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    _: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    let errors: Vec<_> =
        assessment.diagnostics.iter().filter(|said| said.level == Level::Error).collect();
    let counts = &assessment.counts;
    let tests = assessment.findings.len() + errors.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"onus\" tests=\"{tests}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        counts.not_satisfied,
        errors.len(),
        counts.unknown
    )?;
    let mut by_control: Vec<Vec<&Finding>> = vec![Vec::new(); assessment.controls.len()];
    for finding in &assessment.findings {
        if let Some(list) = by_control.get_mut(words::size(finding.control)) {
            list.push(finding);
        }
    }
    for (control, findings) in assessment.controls.iter().zip(by_control) {
        suite(view, control, &findings, out)?;
    }
    if !errors.is_empty() {
        let count = errors.len();
        writeln!(
            out,
            "  <testsuite name=\"onus/input\" tests=\"{count}\" failures=\"0\" errors=\"{count}\" skipped=\"0\">"
        )?;
        for said in errors {
            let place = text(&view.files.display(said.span));
            let message = text(&said.message);
            writeln!(out, "    <testcase classname=\"onus/input\" name=\"{place}\">")?;
            writeln!(
                out,
                "      <error type=\"error\" message=\"{message}\">{}</error>",
                text(&said.help)
            )?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(
    view: View<'_>,
    control: &Control,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let of = |verdict: Verdict| findings.iter().filter(|one| one.verdict == verdict).count();
    let id = text(&control.id);
    writeln!(
        out,
        "  <testsuite name=\"{id}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
        findings.len(),
        of(Verdict::NotSatisfied),
        of(Verdict::Unknown)
    )?;
    for finding in findings {
        case(view, control, finding, &id, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(
    view: View<'_>,
    control: &Control,
    finding: &Finding,
    id: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((_, resource)) = view.sides(finding) else { return Ok(()) };
    let (name, file) = (text(&resource.address), text(&view.path(resource.span)));
    let line = resource.span.line;
    write!(
        out,
        "    <testcase classname=\"{id}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""
    )?;
    match finding.verdict {
        Verdict::Satisfied | Verdict::NotApplicable => writeln!(out, "/>"),
        Verdict::NotSatisfied => {
            let mut lines =
                vec![format!("{} ({})", control.title, view.files.display(resource.span))];
            lines.extend(finding.evidence.iter().map(|one| {
                format!("{} = {} ({})", one.fact, one.value, view.files.display(one.span))
            }));
            lines.push(words::fix(view.source_kind(resource), control).to_string());
            let (kind, title) = (control.severity.name(), text(&control.title));
            writeln!(
                out,
                ">\n      <failure type=\"{kind}\" message=\"{title}\">{}</failure>\n    </testcase>",
                text(&lines.join("\n"))
            )
        }
        Verdict::Unknown => {
            let blockers: Vec<String> = finding
                .blockers
                .iter()
                .map(|one| {
                    format!("{} {}: {}", one.fact, words::reason_clause(one.reason), one.settles)
                })
                .collect();
            writeln!(
                out,
                ">\n      <skipped message=\"{}\"/>\n    </testcase>",
                text(&blockers.join("; "))
            )
        }
    }
}
