//! The report as Markdown: for a wiki, an issue, a job summary.

use std::io::{self, Write};

use onus_model::{Assessment, Control, Files, Finding, Severity, Split, Verdict};

use crate::Options;
use crate::escape::markdown::{block, cell, code, text};
use crate::view::View;
use crate::words::{self, counted, size, thousands};

/// Resources listed of one control; a job summary holds a megabyte.
const SHOWN: usize = 50;

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    writeln!(out, "# Who holds which duty\n")?;
    writeln!(out, "onus {} · as of {}\n", text(options.version), text(&assessment.as_of))?;
    summary(view, out)?;
    services(view, out)?;
    open(view, out)?;
    undecided(view, out)?;
    not_read(view, out)
}

fn summary(view: View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = &view.assessment.counts;
    let worst: Vec<String> = Severity::ALL
        .iter()
        .zip(counts.open_by_severity)
        .rev()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let number = |count: u32| thousands(size(count));
    writeln!(out, "| | |\n|---|---|")?;
    writeln!(
        out,
        "| resources | {}, {} in depth |",
        number(counts.resources),
        number(counts.in_depth)
    )?;
    writeln!(
        out,
        "| duties | {} AWS's, {} yours, {} undetermined |",
        number(counts.provider),
        number(counts.customer),
        number(counts.undetermined)
    )?;
    let worst = if worst.is_empty() { String::new() } else { format!(" ({})", worst.join(", ")) };
    writeln!(
        out,
        "| findings | **{} open**{worst}, {} undecided, {} satisfied |\n",
        number(counts.not_satisfied),
        number(counts.unknown),
        number(counts.satisfied)
    )
}

fn services(view: View<'_>, out: &mut dyn Write) -> io::Result<()> {
    if view.assessment.services.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Split by service\n")?;
    writeln!(out, "| service | resources | AWS | split | yours | undetermined | your part |")?;
    writeln!(out, "|---|---:|---|---|---|---|---|")?;
    for service in &view.assessment.services {
        let of = |splits: &[Split]| -> String {
            let layers = service.layers.iter().filter(|row| splits.contains(&row.split));
            layers.map(|row| words::layer(row.layer)).collect::<Vec<_>>().join(", ")
        };
        let sum = |count: fn(&onus_model::LayerSummary) -> u32| -> u32 {
            service.layers.iter().map(count).fold(0, u32::saturating_add)
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} open, {} undecided, {} satisfied |",
            cell(&service.name),
            service.resources,
            of(&[Split::Provider]),
            of(&[Split::SharedDependent, Split::SharedIndependent]),
            of(&[Split::Customer, Split::ThirdParty]),
            of(&[Split::Undetermined]),
            sum(|row| row.open),
            sum(|row| row.unknown),
            sum(|row| row.satisfied)
        )?;
    }
    writeln!(out)
}

fn open(view: View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Open\n")?;
    let findings = &view.assessment.findings;
    let mut by_control: Vec<(&Control, Vec<&Finding>)> = Vec::new();
    let mut places = vec![None; view.assessment.controls.len()];
    for finding in findings.iter().filter(|one| one.verdict == Verdict::NotSatisfied) {
        let Some((control, _)) = view.sides(finding) else { continue };
        let Some(place) = places.get_mut(size(finding.control)) else { continue };
        let place = *place.get_or_insert_with(|| {
            by_control.push((control, Vec::new()));
            by_control.len() - 1
        });
        if let Some((_, list)) = by_control.get_mut(place) {
            list.push(finding);
        }
    }
    if by_control.is_empty() {
        writeln!(out, "Nothing that onus can see.\n")?;
    }
    for (control, findings) in by_control {
        open_control(view, control, &findings, out)?;
    }
    Ok(())
}

fn open_control(
    view: View<'_>,
    control: &Control,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "### {} · {} {}\n", control.severity, text(&control.title), code(&control.id))?;
    writeln!(out, "{}\n", text(&control.why))?;
    writeln!(out, "| resource | place | evidence |\n|---|---|---|")?;
    for finding in findings.iter().take(SHOWN) {
        let Some((_, resource)) = view.sides(finding) else { continue };
        let evidence: Vec<String> = finding
            .evidence
            .iter()
            .map(|one| {
                let origin = match one.origin {
                    onus_model::Origin::Set => cell(&view.files.display(one.span)),
                    onus_model::Origin::Default => "AWS's default".to_owned(),
                };
                format!("{} {origin}", code(&format!("{} = {}", one.fact, one.value)))
            })
            .collect();
        writeln!(
            out,
            "| {} | {} | {} |",
            code(&resource.address),
            cell(&view.files.display(resource.span)),
            evidence.join("<br>")
        )?;
    }
    if findings.len() > SHOWN {
        writeln!(
            out,
            "\nand {} more (`--format html` or `json` lists all)",
            findings.len() - SHOWN
        )?;
    }
    writeln!(out)?;
    for (language, fix) in [("hcl", &control.fix_terraform), ("yaml", &control.fix_cloudformation)]
    {
        if !fix.is_empty() {
            let name = if language == "hcl" { "Terraform" } else { "CloudFormation" };
            writeln!(
                out,
                "<details><summary>Fix in {name}</summary>\n\n{}\n\n</details>\n",
                block(language, fix)
            )?;
        }
    }
    Ok(())
}

fn undecided(view: View<'_>, out: &mut dyn Write) -> io::Result<()> {
    if view.assessment.settles.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Undecided, by what would settle it\n")?;
    writeln!(out, "| what | why | where | findings | allocations |\n|---|---|---|---:|---:|")?;
    for row in view.assessment.settles.iter().take(SHOWN * 4) {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            code(&row.settles),
            words::reason_clause(row.reason),
            cell(view.scope(row.scope)),
            row.findings.len(),
            row.allocations
        )?;
    }
    if let Some(left) = view.assessment.settles.len().checked_sub(SHOWN * 4 + 1) {
        writeln!(out, "\nand {} more (`--format json` lists all)", left + 1)?;
    }
    writeln!(out)
}

fn not_read(view: View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## What was read\n")?;
    for scope in &view.assessment.scopes {
        let resources = counted(size(scope.resources), "resource", "resources");
        writeln!(out, "- {} {}: {resources}", scope.kind.name(), code(&scope.path))?;
    }
    for part in &view.assessment.unread {
        let place = text(&view.files.display(part.span));
        writeln!(out, "- **not read** {} {place}: {}", code(&part.address), text(&part.settles))?;
    }
    for said in &view.assessment.diagnostics {
        let (level, place) = (words::level(said.level), text(&view.files.display(said.span)));
        let help =
            if said.help.is_empty() { String::new() } else { format!(" ({})", text(&said.help)) };
        writeln!(out, "- **{level}** {place}: {}{help}", text(&said.message))?;
    }
    Ok(())
}
