//! `onus catalog check` and `show`.

use std::io::Write;

use onus_model::{EcoString, Files, Level};

use super::settings::as_of;
use super::{explain, listing};
use crate::check;
use crate::cli::ExplainFormat;
use crate::embedded;
use crate::out::{Outcome, complain, tell, to};

/// Checks a catalog folder and says what it counted.
pub(crate) fn check(folder: &str, extends: bool, only: &check::Only) -> Outcome {
    let files = Files::default();
    let source = |path: &str| std::fs::read_to_string(path).ok().map(EcoString::from);
    let loaded = if extends {
        embedded::extended(folder, &files)
    } else {
        embedded::from_folder(folder, &files)
    };
    let mut loaded = match loaded {
        Ok(loaded) => loaded,
        Err(mistakes) => {
            tell(&mistakes, &files, &source);
            return Outcome::Failed;
        }
    };
    only.narrow(&mut loaded, &files);
    tell(&loaded.mistakes, &files, &source);
    let wrong = loaded.mistakes.iter().filter(|mistake| mistake.level == Level::Error).count();
    if wrong > 0 {
        complain(&format!("{wrong} mistakes; examples and cases were not run"), "");
        return Outcome::Failed;
    }
    let Ok(as_of) = as_of(None) else { return Outcome::Failed };
    let (ran, mistakes) = check::run(&loaded, &files, &as_of);
    tell(&mistakes, &files, &source);
    let summary = listing::summary(&loaded.catalog);
    let write = |out: &mut dyn Write| {
        write!(out, "{summary}")?;
        let check::Ran { examples, withheld, expectations } = ran;
        writeln!(
            out,
            "{examples} examples (facts withheld {withheld} times), {expectations} expectations of cases"
        )
    };
    let wrong = mistakes.iter().filter(|mistake| mistake.level == Level::Error).count();
    match (to(None, write), wrong) {
        (Ok(()), 0) => Outcome::Clean,
        (Ok(()), _) => {
            complain(&format!("{wrong} of them did not come out"), "");
            Outcome::Failed
        }
        (Err(outcome), _) => outcome,
    }
}

/// Shows one entry.
pub(crate) fn show(id: &str, format: ExplainFormat) -> Outcome {
    let catalog = match embedded::builtin() {
        Ok(catalog) => catalog,
        Err(error) => {
            complain(&error.message, &error.help);
            return Outcome::Failed;
        }
    };
    match explain::of_catalog(id, &catalog) {
        Some(explanation) => explain::show(&explanation, format),
        None => {
            complain(
                &format!("the catalog has no service, type, shift or control `{id}`"),
                "see `onus catalog list services`, or types, shifts, controls",
            );
            Outcome::Failed
        }
    }
}
