//! `onus assess`.

use onus_model::{Assessment, Files, Level, Severity, Verdict};
use onus_report::Format;

use super::rendering;
use super::settings::Settings;
use crate::cli::{AssessArgs, FailOn, FormatArg};
use crate::out::{Outcome, complain, to};
use crate::progress::Progress;
use crate::run::assess_paths;

/// Reads, assesses, reports.
pub(crate) fn run(args: &AssessArgs) -> Outcome {
    let files = Files::default();
    let targets = match targets(args) {
        Ok(targets) => targets,
        Err(outcome) => return outcome,
    };
    let settings = match Settings::of(&args.read, &files) {
        Ok(settings) => settings,
        Err(outcome) => return outcome,
    };
    let progress = Progress::new(args.read.quiet);
    let assessment = assess_paths(
        &args.paths,
        &files,
        &settings.inputs,
        &settings.catalog,
        &settings.options,
        &progress,
    );
    for (format, path) in &targets {
        if let Err(outcome) = report(*format, path.as_deref(), &assessment, &files) {
            return outcome;
        }
    }
    outcome(&assessment, args.fail_on)
}

/// Each format with where it goes.
fn targets(args: &AssessArgs) -> Result<Vec<(Format, Option<String>)>, Outcome> {
    if args.format.is_empty() && args.output.is_empty() {
        return Ok(vec![(Format::Terminal, None)]);
    }
    if args.format.is_empty() {
        return args.output.iter().map(|path| Ok((by_ending(path)?, Some(path.clone())))).collect();
    }
    if args.output.len() > args.format.len()
        || (args.format.len() > 1 && args.output.len() + 1 < args.format.len())
    {
        let counts = format!("{} formats and {} outputs", args.format.len(), args.output.len());
        complain(
            &counts,
            "give one --output for each --format; one of them may go to standard output",
        );
        return Err(Outcome::Failed);
    }
    let outputs = args.output.iter().cloned().map(Some).chain(std::iter::repeat(None));
    Ok(args.format.iter().map(|format| format_of(*format)).zip(outputs).collect())
}

fn format_of(format: FormatArg) -> Format {
    match format {
        FormatArg::Terminal => Format::Terminal,
        FormatArg::Json => Format::Json,
        FormatArg::Markdown => Format::Markdown,
        FormatArg::Html => Format::Html,
        FormatArg::Sarif => Format::Sarif,
        FormatArg::Csv => Format::Csv,
        FormatArg::Junit => Format::Junit,
    }
}

fn by_ending(path: &str) -> Result<Format, Outcome> {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    Ok(match ending.as_str() {
        "json" => Format::Json,
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        "sarif" => Format::Sarif,
        "csv" => Format::Csv,
        "xml" => Format::Junit,
        "txt" => Format::Terminal,
        _ => {
            complain(&format!("{path}: the ending does not say which format"), "give --format");
            return Err(Outcome::Failed);
        }
    })
}

fn report(
    format: Format,
    path: Option<&str>,
    assessment: &Assessment,
    files: &Files,
) -> Result<(), Outcome> {
    let options = rendering(path.is_none());
    to(path, |out| format.write(assessment, files, &options, out))
}

/// What the exit code says of an assessment.
fn outcome(assessment: &Assessment, fail_on: FailOn) -> Outcome {
    let unreadable = assessment.scopes.is_empty() && !assessment.diagnostics.is_empty()
        || assessment.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
    let open = assessment.findings.iter().any(|finding| {
        let control =
            usize::try_from(finding.control).ok().and_then(|at| assessment.controls.get(at));
        finding.verdict == Verdict::NotSatisfied
            && control.is_some_and(|control| reaches(control.severity, fail_on))
    });
    match (unreadable, open) {
        (true, _) => Outcome::Failed,
        (_, true) => Outcome::Open,
        _ => Outcome::Clean,
    }
}

/// Whether a severity is at or above the one that was chosen.
pub(crate) fn reaches(severity: Severity, fail_on: FailOn) -> bool {
    let chosen = match fail_on {
        FailOn::Low => Severity::Low,
        FailOn::Medium => Severity::Medium,
        FailOn::High => Severity::High,
        FailOn::Critical => Severity::Critical,
        FailOn::Never => return false,
    };
    severity >= chosen
}
