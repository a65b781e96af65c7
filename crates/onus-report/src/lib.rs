//! One file a report format. Reports render; they compute nothing.
//!
//! [`Format::write`] renders an assessment; [`Matrix`], [`Explanation`] and [`Diff`] render themselves.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use onus_model::{Assessment, Files};

mod csv;
mod diff;
mod escape;
mod explain;
mod html;
mod json;
mod junit;
mod markdown;
mod matrix;
mod sarif;
mod terminal;
mod text;
mod view;
mod words;

pub use diff::{Came, Changed, Diff, Moved};
pub use explain::{Explanation, Stage, Step, StepDuty, StepValue};
pub use json::{
    ReadError, Report, ReportBlocker, ReportDuty, ReportEvidence, ReportFinding, ReportProfile,
    ReportResource, ReportScope, ReportStatus, SCHEMA,
};
pub use matrix::{Matrix, MatrixLayer, MatrixService};

/// How a report is rendered, apart from its format.
pub struct Options<'a> {
    /// Whether a terminal report is coloured.
    pub color: bool,
    /// Columns of a terminal report.
    pub width: u16,
    /// The bytes of a file of the run, to show a line of it.
    pub sources: &'a dyn Fn(&str) -> Option<Arc<[u8]>>,
    /// The version of onus.
    pub version: &'a str,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// For programs: see `docs/schema/report-1.schema.json`.
    Json,
    /// For a wiki, an issue, a pull request.
    Markdown,
    /// One page to explore, without a network.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// For a spreadsheet: one row a finding.
    Csv,
    /// JUnit XML, for a build server.
    Junit,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Format] = &[
        Format::Terminal,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Sarif,
        Format::Csv,
        Format::Junit,
    ];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Json => "json",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Sarif => "sarif",
            Format::Csv => "csv",
            Format::Junit => "junit",
        }
    }

    /// Writes the report of an assessment. `files` are those of the run that made it.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(
        self,
        assessment: &Assessment,
        files: &Files,
        options: &Options<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut out = io::BufWriter::with_capacity(1 << 16, out);
        match self {
            Format::Terminal => terminal::write(assessment, files, options, &mut out),
            Format::Json => json::write(assessment, files, options, &mut out),
            Format::Markdown => markdown::write(assessment, files, options, &mut out),
            Format::Html => html::write(assessment, files, options, &mut out),
            Format::Sarif => sarif::write(assessment, files, options, &mut out),
            Format::Csv => csv::write(assessment, files, options, &mut out),
            Format::Junit => junit::write(assessment, files, options, &mut out),
        }?;
        out.flush()
    }

    /// That `what` is not written in this format.
    fn unsupported(self, what: &str, formats: &[Format]) -> io::Error {
        let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
        let message =
            format!("{what} is not written as {self}; choose one of {}", names.join(", "));
        io::Error::new(io::ErrorKind::Unsupported, message)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No format has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFormat;

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        write!(f, "no such format; choose one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        Format::ALL.iter().copied().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}
