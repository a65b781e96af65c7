//! Writes a report of a made-up estate: `sample FORMAT [RESOURCES]`. The browser test uses it.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::sync::Arc;

use onus_report::{Format, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let format: Format = arguments.next().as_deref().unwrap_or("terminal").parse()?;
    let count = arguments.next().as_deref().unwrap_or("60").parse()?;
    let (assessment, files) = sample::assessment(count);
    let sources = |_: &str| -> Option<Arc<[u8]>> {
        Some("  line = \"of the source\"\n".repeat(500).into_bytes().into())
    };
    let options = Options { color: true, width: 100, sources: &sources, version: "0.1.0" };
    format.write(&assessment, &files, &options, &mut std::io::stdout().lock())?;
    Ok(())
}
