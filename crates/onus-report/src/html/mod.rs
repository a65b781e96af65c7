//! One self-contained page to explore the assessment.

use std::io::{self, Write};

use onus_model::{Assessment, Files};

use crate::Options;

/// Writes the report.
pub(crate) fn write(
    _: &Assessment,
    _: &Files,
    _: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"<!doctype html>")
}
