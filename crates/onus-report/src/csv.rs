//! One row a finding, for a spreadsheet.

use std::io::{self, Write};

use onus_model::{Assessment, Files};

use crate::Options;
use crate::escape::csv::record;
use crate::view::View;
use crate::words;

const COLUMNS: [&str; 15] = [
    "verdict", "severity", "control", "title", "resource", "type", "service", "scope", "file",
    "line", "layer", "verb", "evidence", "blockers", "fix",
];

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    _: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    out.write_all(record(&COLUMNS).as_bytes())?;
    for finding in &assessment.findings {
        let Some((control, resource)) = view.sides(finding) else { continue };
        let evidence: Vec<String> = finding
            .evidence
            .iter()
            .map(|one| format!("{} = {} ({})", one.fact, one.value, view.files.display(one.span)))
            .collect();
        let blockers: Vec<String> = finding
            .blockers
            .iter()
            .map(|one| format!("{} waits for {}", one.fact, one.settles))
            .collect();
        let fields = [
            finding.verdict.name(),
            control.severity.name(),
            &control.id,
            &control.title,
            &resource.address,
            &resource.type_name,
            &resource.service_name,
            view.scope(resource.scope),
            &view.path(resource.span),
            &resource.span.line.to_string(),
            control.layer.name(),
            control.verb.name(),
            &evidence.join("; "),
            &blockers.join("; "),
            words::fix(view.source_kind(resource), control),
        ];
        out.write_all(record(&fields).as_bytes())?;
    }
    Ok(())
}
