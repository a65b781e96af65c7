//! Reading a JSON report back, as far as two reports are compared.

use std::fmt;

use onus_model::{
    Allocation, Assessment, Because, EcoString, Files, Layer, Reason, Severity, SourceKind, Verb,
    Verdict,
};
use serde::Deserialize;

/// A report, as far as two of them are compared.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Report {
    /// The shape of the report; [`crate::SCHEMA`].
    pub schema: EcoString,
    /// The date for which the model was evaluated, `YYYY-MM-DD`.
    pub as_of: EcoString,
    /// What was read.
    pub scopes: Vec<ReportScope>,
    /// The distinct sets of duties.
    pub profiles: Vec<ReportProfile>,
    /// Every resource.
    pub resources: Vec<ReportResource>,
    /// Every control on every resource.
    pub findings: Vec<ReportFinding>,
}

/// A root that was read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportScope {
    /// What it was read as.
    pub kind: SourceKind,
    /// Its folder or file.
    pub path: EcoString,
}

/// A set of duties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportProfile {
    /// The duties, by layer and verb.
    pub duties: Vec<ReportDuty>,
}

/// One duty.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportDuty {
    /// The layer.
    pub layer: Layer,
    /// The verb.
    pub verb: Verb,
    /// Who holds it.
    pub allocation: Allocation,
    /// What decided that.
    pub because: Because,
    /// AWS's side in words.
    pub aws: EcoString,
    /// The customer's side in words.
    pub you: EcoString,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportResource {
    /// The source's own address.
    pub address: EcoString,
    /// The path of its scope.
    pub scope: EcoString,
    /// Its type.
    #[serde(rename = "type")]
    pub type_name: EcoString,
    /// The service's name.
    pub service_name: EcoString,
    /// The file where it is declared.
    pub file: EcoString,
    /// The line there; 0 for the file as a whole.
    pub line: u32,
    /// Index in [`Report::profiles`].
    pub profile: u32,
    /// What its undetermined duties wait for.
    pub undetermined: Vec<ReportBlocker>,
    /// The customer's duties, as `layer/verb`, by status.
    pub status: ReportStatus,
}

/// The customer's duties of a resource, as `layer/verb`, by status.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReportStatus {
    /// Those that a control found open.
    pub not_satisfied: Vec<EcoString>,
    /// Those that are undecided.
    pub unknown: Vec<EcoString>,
    /// Those whose controls are all satisfied.
    pub satisfied: Vec<EcoString>,
    /// Those that nothing tests.
    pub unverified: Vec<EcoString>,
}

/// A control on a resource.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportFinding {
    /// The control's id.
    pub control: EcoString,
    /// The resource's address.
    pub resource: EcoString,
    /// The path of its scope.
    pub scope: EcoString,
    /// The file where the resource is declared.
    pub file: EcoString,
    /// The line there.
    pub line: u32,
    /// How bad it is when open.
    pub severity: Option<Severity>,
    /// The passing state in one line.
    pub title: EcoString,
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub evidence: Vec<ReportEvidence>,
    /// What it waits for.
    pub blockers: Vec<ReportBlocker>,
}

/// A fact that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportEvidence {
    /// The fact.
    pub fact: EcoString,
    /// Its value as shown to people.
    pub value: EcoString,
    /// The file where it is written.
    pub file: EcoString,
    /// The line there.
    pub line: u32,
}

/// An unknown that something waits for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportBlocker {
    /// The fact that is not known.
    pub fact: EcoString,
    /// What would settle it.
    pub settles: EcoString,
    /// Why it is not known.
    pub reason: Reason,
}

/// Why a text is not a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON, or not of the shape of a report.
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        what: EcoString,
    },
    /// It is JSON of another kind or version: its `schema`.
    Schema(EcoString),
    /// A resource names a profile that is not there.
    NoProfile {
        /// The resource's address.
        resource: EcoString,
        /// The profile it names.
        profile: u32,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Shape { line, column, what } => write!(
                f,
                "not a report of onus, line {line}, column {column}: {what}; \
                 make one with `onus assess --format json`"
            ),
            ReadError::Schema(found) => write!(
                f,
                "a report of the kind {found:?}, and this version of onus reads {:?}; \
                 make it anew with `onus assess --format json`",
                super::SCHEMA
            ),
            ReadError::NoProfile { resource, profile } => write!(
                f,
                "resource {resource:?} names profile {profile}, which the report does not have; \
                 the report was changed after it was written"
            ),
        }
    }
}

impl std::error::Error for ReadError {}

/// Enough of any report to tell its version.
#[derive(Deserialize)]
struct Head {
    schema: EcoString,
}

impl Report {
    /// Reads a JSON report.
    ///
    /// # Errors
    /// When it is not JSON, not a report, a report of another version, or at odds with itself.
    pub fn read(json: &str) -> Result<Report, ReadError> {
        let report: Report = match serde_json::from_str(json) {
            Ok(report) => report,
            Err(error) => return Err(shape(json, &error)),
        };
        if report.schema != super::SCHEMA {
            return Err(ReadError::Schema(report.schema));
        }
        let strayed = report
            .resources
            .iter()
            .find(|resource| crate::view::get(&report.profiles, resource.profile).is_none());
        match strayed {
            None => Ok(report),
            Some(resource) => Err(ReadError::NoProfile {
                resource: resource.address.clone(),
                profile: resource.profile,
            }),
        }
    }

    /// The report of an assessment, without the way through JSON.
    pub fn new(assessment: &Assessment, files: &Files) -> Report {
        super::made::report(crate::view::View { assessment, files })
    }
}

/// A report of a later version need not have the shape of this one: its version is the better news.
fn shape(json: &str, error: &serde_json::Error) -> ReadError {
    match serde_json::from_str::<Head>(json) {
        Ok(head) if head.schema != super::SCHEMA => ReadError::Schema(head.schema),
        _ => ReadError::Shape {
            line: error.line(),
            column: error.column(),
            what: ecow::eco_format!("{error}"),
        },
    }
}
