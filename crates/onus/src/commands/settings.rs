//! What the arguments of several commands mean.

use onus_assess::{Filter, Options};
use onus_catalog::Catalog;
use onus_model::{EcoString, Files, Layer, Severity, eco_format};

use crate::cli::ReadArgs;
use crate::embedded;
use crate::out::{Outcome, complain, tell};
use crate::run::Inputs;

/// Catalog, inputs and options, checked.
pub(crate) struct Settings {
    pub(crate) catalog: Catalog,
    pub(crate) inputs: Inputs,
    pub(crate) options: Options,
}

impl Settings {
    /// What `args` ask for.
    ///
    /// # Errors
    /// After it has told what is wrong.
    pub(crate) fn of(args: &ReadArgs, files: &Files) -> Result<Settings, Outcome> {
        let catalog = embedded::with_folders(&args.catalog, files).map_err(|mistakes| {
            tell(&mistakes, files, &|path| std::fs::read_to_string(path).ok().map(EcoString::from));
            Outcome::Failed
        })?;
        let options = Options {
            as_of: as_of(args.as_of.as_deref())?,
            only: filters(&args.only, &catalog)?,
            skip: filters(&args.skip, &catalog)?,
            allowed_regions: args.allowed_regions.iter().map(EcoString::from).collect(),
        };
        let inputs = Inputs {
            variables: pairs(&args.variables, "--var")?,
            variable_files: args.variable_files.iter().map(EcoString::from).collect(),
            parameters: pairs(&args.parameters, "--parameter")?,
        };
        Ok(Settings { catalog, inputs, options })
    }
}

/// The day for which the model holds: the one that was asked for, else today (UTC).
pub(crate) fn as_of(asked: Option<&str>) -> Result<EcoString, Outcome> {
    let Some(asked) = asked else { return Ok(today()) };
    match asked.parse::<jiff::civil::Date>() {
        Ok(date) => Ok(eco_format!("{date}")),
        Err(_) => {
            complain(&format!("`{asked}` is no date"), "write it as 2026-11-22");
            Err(Outcome::Failed)
        }
    }
}

fn today() -> EcoString {
    eco_format!("{}", jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn pairs(asked: &[String], flag: &str) -> Result<Vec<(EcoString, EcoString)>, Outcome> {
    let split = |pair: &String| match pair.split_once('=') {
        Some((name, value)) => Ok((name.trim().into(), value.into())),
        None => {
            complain(&format!("{flag} {pair} has no `=`"), &format!("write {flag} name=value"));
            Err(Outcome::Failed)
        }
    };
    asked.iter().map(split).collect()
}

fn filters(asked: &[String], catalog: &Catalog) -> Result<Vec<Filter>, Outcome> {
    asked.iter().map(|word| filter(word, catalog)).collect()
}

/// A layer, a severity, a service or a control, told apart by name.
fn filter(word: &str, catalog: &Catalog) -> Result<Filter, Outcome> {
    if let Ok(layer) = word.parse::<Layer>() {
        return Ok(Filter::Layer(layer));
    }
    if let Ok(severity) = word.parse::<Severity>() {
        return Ok(Filter::Severity(severity));
    }
    if catalog.service(word).is_some() {
        return Ok(Filter::Service(word.into()));
    }
    let is_control = |control: &onus_catalog::ControlEntry| {
        control.id == word || control.prose.aliases.iter().any(|(_, alias)| alias == word)
    };
    if catalog.controls.iter().any(|control| is_control(control)) {
        return Ok(Filter::Control(word.into()));
    }
    complain(
        &format!("`{word}` is no layer, severity, service or control"),
        "see `onus catalog list services` and `onus catalog list controls`",
    );
    Err(Outcome::Failed)
}
