//! Writes a report of a made-up estate: `sample FORMAT [RESOURCES]`; the browser test uses it. With
//! `diff` before the format it writes what changed between that estate and a changed one.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::sync::Arc;

use onus_report::{Diff, Format, Options, Report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let diff = arguments.next_if(|word| word == "diff").is_some();
    let format: Format = arguments.next().as_deref().unwrap_or("terminal").parse()?;
    let count = arguments.next().as_deref().unwrap_or("60").parse()?;
    let (mut assessment, files) = sample::assessment(count);
    let sources = |_: &str| -> Option<Arc<[u8]>> {
        Some("  line = \"of the source\"\n".repeat(500).into_bytes().into())
    };
    let options = Options { color: true, width: 100, sources: &sources, version: "0.1.0" };
    let out = &mut std::io::stdout().lock();
    if !diff {
        format.write(&assessment, &files, &options, out)?;
        return Ok(());
    }
    let base = Report::new(&assessment, &files);
    assessment.resources.truncate(count.saturating_sub(2));
    if let Some(resource) = assessment.resources.get_mut(1) {
        resource.profile = 0;
    }
    for finding in assessment.findings.iter_mut().step_by(9) {
        finding.verdict = onus_model::Verdict::NotSatisfied;
    }
    Diff::new(&base, &Report::new(&assessment, &files)).write(format, &options, out)?;
    Ok(())
}
