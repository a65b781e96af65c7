//! `onus catalog check`, `list` and `show`.

use std::io::Write;

use onus_catalog::Catalog;
use onus_model::{EcoString, Files, Level};

use super::explain;
use super::settings::as_of;
use crate::check;
use crate::cli::{ExplainFormat, ListWhat};
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
    let summary = summary(&loaded.catalog);
    let write = |out: &mut dyn Write| {
        writeln!(out, "{summary}")?;
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

fn summary(catalog: &Catalog) -> String {
    let in_depth = catalog.services.iter().filter(|service| service.in_depth).count();
    let facts: usize = catalog.types.iter().map(|entry| entry.facts.len()).sum();
    format!(
        "{} services, {in_depth} of them in depth with {} types and {facts} facts; {} shifts; {} controls",
        catalog.services.len(),
        catalog.types.len(),
        catalog.shifts.len(),
        catalog.controls.len()
    )
}

/// Lists what the catalog has.
pub(crate) fn list(what: ListWhat) -> Outcome {
    let catalog = match embedded::builtin() {
        Ok(catalog) => catalog,
        Err(error) => {
            complain(&error.message, &error.help);
            return Outcome::Failed;
        }
    };
    let write = |out: &mut dyn Write| match what {
        ListWhat::Summary => writeln!(out, "{}", summary(&catalog)),
        ListWhat::Services => catalog.services.iter().try_for_each(|service| {
            writeln!(
                out,
                "{:<28} {:<14} {:<6} {}",
                service.id, service.class, service.delivery, service.name
            )
        }),
        ListWhat::Types => catalog
            .types
            .iter()
            .try_for_each(|entry| writeln!(out, "{:<48} {}", entry.name, entry.service)),
        ListWhat::Shifts => catalog
            .shifts
            .iter()
            .try_for_each(|shift| writeln!(out, "{:<44} {}", shift.id, shift.title)),
        ListWhat::Controls => catalog.controls.iter().try_for_each(|control| {
            writeln!(out, "{:<52} {:<9} {}", control.id, control.severity, control.prose.title)
        }),
    };
    to(None, write).err().unwrap_or(Outcome::Clean)
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
