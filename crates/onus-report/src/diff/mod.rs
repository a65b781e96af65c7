//! What changed between two reports: duties that moved, opened and closed, and new unknowns.

mod compare;
mod json;
mod markdown;
mod scopes;
mod terminal;

use std::io::{self, Write};

use onus_model::{Allocation, Because, EcoString, Layer, Severity, Verb, Verdict};

use crate::{Format, Options, ReportBlocker, ReportEvidence};

/// What changed from one report to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Duties of resources in both that changed hands, by scope, resource, layer and verb.
    pub moved: Vec<Moved>,
    /// Controls that are open now and were not, worst first.
    pub opened: Vec<Changed>,
    /// Controls that were open and no longer are, the resource's end included; worst first.
    pub closed: Vec<Changed>,
    /// Controls that are undecided now and were not; worst first.
    pub new_unknowns: Vec<Changed>,
    /// Controls that were undecided and are decided now; worst first.
    pub settled: Vec<Changed>,
    /// Resources that only the second report has.
    pub added: Vec<Came>,
    /// Resources that only the first report has.
    pub removed: Vec<Came>,
    /// How many resources are in both.
    pub kept: usize,
}

/// A duty that changed hands.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The resource's address.
    pub resource: EcoString,
    /// The path of its scope in the second report.
    pub scope: EcoString,
    /// Its type in the second report.
    pub type_name: EcoString,
    /// The file where it is declared there.
    pub file: EcoString,
    /// The line.
    pub line: u32,
    /// The layer.
    pub layer: Layer,
    /// The verb.
    pub verb: Verb,
    /// Who held it.
    pub from: Allocation,
    /// Who holds it now.
    pub to: Allocation,
    /// What decided it before.
    pub was_because: Because,
    /// What decides it now.
    pub because: Because,
    /// What would settle who holds it; empty unless it is undetermined now.
    pub settles: Vec<EcoString>,
    /// AWS's side now, in words.
    pub aws: EcoString,
    /// The customer's side now, in words.
    pub you: EcoString,
}

/// A control on a resource whose verdict changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The control's id.
    pub control: EcoString,
    /// The passing state in one line.
    pub title: EcoString,
    /// How bad it is when open.
    pub severity: Option<Severity>,
    /// The resource's address.
    pub resource: EcoString,
    /// The path of its scope.
    pub scope: EcoString,
    /// The file where the resource is declared.
    pub file: EcoString,
    /// The line there.
    pub line: u32,
    /// The verdict before; `None` when the control did not speak of it.
    pub from: Option<Verdict>,
    /// The verdict now; `None` when the control does not speak of it.
    pub to: Option<Verdict>,
    /// What the verdict now rests on (before, when there is none now).
    pub evidence: Vec<ReportEvidence>,
    /// What the verdict now waits for.
    pub blockers: Vec<ReportBlocker>,
}

/// A resource that came or went.
#[derive(Clone, Debug, PartialEq)]
pub struct Came {
    /// Its address.
    pub resource: EcoString,
    /// The path of its scope.
    pub scope: EcoString,
    /// Its type.
    pub type_name: EcoString,
    /// The file where it is declared.
    pub file: EcoString,
    /// The line.
    pub line: u32,
    /// How many of its duties are the customer's.
    pub yours: usize,
}

impl Diff {
    /// The formats that a diff is written in.
    pub const FORMATS: &'static [Format] = &[Format::Terminal, Format::Json, Format::Markdown];

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Diff { kept: self.kept, ..Diff::default() }
    }

    /// Writes the diff.
    ///
    /// # Errors
    /// When `out` cannot be written to, or `format` is not one of [`Diff::FORMATS`].
    pub fn write(
        &self,
        format: Format,
        options: &Options<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Terminal => terminal::write(self, options, out),
            Format::Json => json::write(self, options, out),
            Format::Markdown => markdown::write(self, out),
            other => Err(other.unsupported("a diff", Diff::FORMATS)),
        }
    }
}

/// The duties that moved of one resource, together.
fn by_resource(moved: &[Moved]) -> impl Iterator<Item = &[Moved]> {
    moved.chunk_by(|one, other| (&one.scope, &one.resource) == (&other.scope, &other.resource))
}
