//! `onus diff`.

use onus_model::{Files, Level, Severity};
use onus_report::{Diff, Format, Report};

use super::assess::reaches;
use super::rendering;
use super::settings::Settings;
use crate::cli::{DiffArgs, DiffFormat, FailOn};
use crate::out::{Outcome, complain, tell, to};
use crate::progress::Progress;
use crate::run::assess_paths;

/// Assesses both sides and writes what changed.
pub(crate) fn run(args: &DiffArgs) -> Outcome {
    let sides =
        report_of(&args.base, args).and_then(|base| Ok((base, report_of(&args.head, args)?)));
    let (base, head) = match sides {
        Ok(sides) => sides,
        Err(outcome) => return outcome,
    };
    let diff = Diff::new(&base, &head);
    let format = match args.format {
        DiffFormat::Terminal => Format::Terminal,
        DiffFormat::Json => Format::Json,
        DiffFormat::Markdown => Format::Markdown,
    };
    let options = rendering(args.output.is_none());
    match to(args.output.as_deref(), |out| diff.write(format, &options, out)) {
        Ok(()) => outcome(&diff, args.fail_on),
        Err(outcome) => outcome,
    }
}

/// The report of one side: read if it is one, else made.
fn report_of(path: &str, args: &DiffArgs) -> Result<Report, Outcome> {
    if let Some(text) = json_report(path) {
        return Report::read(&text).map_err(|error| {
            complain(&format!("{path}: {error}"), "give a report of `onus assess --format json`");
            Outcome::Failed
        });
    }
    let files = Files::default();
    let settings = Settings::of(&args.read, &files)?;
    let progress = Progress::new(args.read.quiet);
    let paths = [path.to_owned()];
    let assessment = assess_paths(
        &paths,
        &files,
        &settings.inputs,
        &settings.catalog,
        &settings.options,
        &progress,
    );
    if assessment.scopes.is_empty()
        || assessment.diagnostics.iter().any(|problem| problem.level == Level::Error)
    {
        tell(&assessment.diagnostics, &files, &|path| {
            std::fs::read_to_string(path).ok().map(Into::into)
        });
    }
    if assessment.scopes.is_empty() {
        return Err(Outcome::Failed);
    }
    Ok(Report::new(&assessment, &files))
}

/// The text of a file that says of itself that it is a report.
fn json_report(path: &str) -> Option<String> {
    if !path.ends_with(".json") || !std::path::Path::new(path).is_file() {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    let start: String = text.chars().take(200).collect();
    start.contains("\"onus-report/").then_some(text)
}

fn outcome(diff: &Diff, fail_on: FailOn) -> Outcome {
    let reached =
        |severity: Option<Severity>| severity.is_some_and(|severity| reaches(severity, fail_on));
    if diff.opened.iter().any(|changed| reached(changed.severity)) {
        Outcome::Open
    } else {
        Outcome::Clean
    }
}
