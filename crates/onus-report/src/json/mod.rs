//! The documented JSON report: one row a line, in a fixed order, streamed.

mod made;
mod read;
mod rows;

use std::io::{self, Write};

use onus_model::{Assessment, Files};
use serde::Serialize;

use crate::Options;
use crate::view::View;

pub use read::{
    ReadError, Report, ReportBlocker, ReportDuty, ReportEvidence, ReportFinding, ReportProfile,
    ReportResource, ReportScope, ReportStatus,
};

/// The version of the report's shape. A change that could break a reader gets a new number.
pub const SCHEMA: &str = "onus-report/1";

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = rows::Rows(View { assessment, files });
    let mut document = Document::new(out);
    document.member("schema", &SCHEMA)?;
    document.tool(options)?;
    document.member("as_of", &assessment.as_of)?;
    document.member("counts", &assessment.counts)?;
    document.members("scopes", assessment.scopes.iter())?;
    document.members("files", assessment.files.iter())?;
    document.members("unread", assessment.unread.iter().map(|part| rows.unread(part)))?;
    document
        .members("diagnostics", assessment.diagnostics.iter().map(|said| rows.diagnostic(said)))?;
    document.members("services", assessment.services.iter())?;
    document.members("settles", assessment.settles.iter().map(|settles| rows.settles(settles)))?;
    document.members("profiles", rows.profiles())?;
    document.members("controls", assessment.controls.iter().map(rows::control))?;
    document.members(
        "resources",
        assessment.resources.iter().map(|resource| rows.resource(resource)),
    )?;
    document
        .members("findings", assessment.findings.iter().map(|finding| rows.finding(finding)))?;
    document.end()
}

/// A JSON object that is written member by member.
pub(crate) struct Document<'a> {
    out: &'a mut dyn Write,
    /// Reused, so that a row is one write.
    row: Vec<u8>,
    first: bool,
}

impl<'a> Document<'a> {
    /// An object without members yet; the first must be `schema`.
    pub(crate) fn new(out: &'a mut dyn Write) -> Document<'a> {
        Document { out, row: Vec::with_capacity(4096), first: true }
    }

    /// What made the document.
    pub(crate) fn tool(&mut self, options: &Options<'_>) -> io::Result<()> {
        self.member("tool", &rows::Tool { name: "onus", version: options.version })
    }

    /// Ends the object.
    pub(crate) fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")
    }

    fn key(&mut self, name: &str) -> io::Result<()> {
        let before = if self.first { "{\n" } else { ",\n" };
        self.first = false;
        write!(self.out, "{before}\"{name}\": ")
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.row.clear();
        serde_json::to_writer(&mut self.row, value)?;
        self.out.write_all(&self.row)
    }

    /// A member.
    pub(crate) fn member(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.key(name)?;
        self.value(value)
    }

    /// A member that is a list, one row a line.
    pub(crate) fn members(
        &mut self,
        name: &str,
        rows: impl Iterator<Item = impl Serialize>,
    ) -> io::Result<()> {
        self.key(name)?;
        self.out.write_all(b"[")?;
        for (index, row) in rows.enumerate() {
            self.out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
            self.value(&row)?;
        }
        self.out.write_all(b"]")
    }
}
