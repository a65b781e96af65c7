//! `onus matrix`.

use std::sync::Arc;

use onus_assess::split;
use onus_catalog::{Catalog, Held};
use onus_model::{Allocation, Assessment, Basis, EcoString, Files, ServiceClass, Verb, eco_format};
use onus_report::{Format, Matrix, MatrixLayer, MatrixService, Options as ReportOptions};

use super::settings::Settings;
use crate::cli::{MatrixArgs, TableFormat};
use crate::out::{Outcome, colour_on_stdout, complain, to, width};
use crate::progress::Progress;
use crate::run::assess_paths;

/// Works out the matrix of an estate, or of services, and writes it.
pub(crate) fn run(args: &MatrixArgs) -> Outcome {
    let files = Files::default();
    let settings = match Settings::of(&args.read, &files) {
        Ok(settings) => settings,
        Err(outcome) => return outcome,
    };
    let made = if args.paths.is_empty() && !args.service.is_empty() {
        of_services(&args.service, &settings.catalog)
    } else {
        let here = [".".to_owned()];
        let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
        let progress = Progress::new(args.read.quiet);
        let assessment = assess_paths(
            paths,
            &files,
            &settings.inputs,
            &settings.catalog,
            &settings.options,
            &progress,
        );
        if assessment.scopes.is_empty() {
            complain(
                "there is no infrastructure code there",
                "name a folder or file, or services with --service s3,rds",
            );
            return Outcome::Failed;
        }
        Ok(of_assessment(&assessment, &args.service))
    };
    let services = match made {
        Ok(services) => services,
        Err(outcome) => return outcome,
    };
    let matrix = Matrix { as_of: settings.options.as_of, services };
    let format = match args.format {
        TableFormat::Terminal => Format::Terminal,
        TableFormat::Json => Format::Json,
        TableFormat::Markdown => Format::Markdown,
        TableFormat::Html => Format::Html,
        TableFormat::Csv => Format::Csv,
    };
    let sources = |path: &str| std::fs::read(path).ok().map(Arc::from);
    let options = ReportOptions {
        color: args.output.is_none() && colour_on_stdout(),
        width: width(),
        sources: &sources,
        version: env!("CARGO_PKG_VERSION"),
    };
    to(args.output.as_deref(), |out| matrix.write(format, &options, out))
        .err()
        .unwrap_or(Outcome::Clean)
}

/// One row group for each way in which the resources of a service are held.
fn of_assessment(assessment: &Assessment, only: &[String]) -> Vec<MatrixService> {
    let mut groups: Vec<(EcoString, Option<ServiceClass>, u32, Vec<EcoString>)> = Vec::new();
    for resource in assessment.resources.iter().filter(|resource| resource.part_of.is_none()) {
        if !only.is_empty() && !only.iter().any(|id| resource.service == id.as_str()) {
            continue;
        }
        let type_name = resource.type_name.rsplit("::").next().unwrap_or_default().into();
        match groups.iter_mut().find(|(name, _, profile, _)| {
            *name == resource.service_name && *profile == resource.profile
        }) {
            Some((_, _, _, types)) if types.contains(&type_name) => {}
            Some((_, _, _, types)) => types.push(type_name),
            None => groups.push((
                resource.service_name.clone(),
                resource.class,
                resource.profile,
                vec![type_name],
            )),
        }
    }
    groups.sort();
    let several =
        |name: &EcoString, groups: &[(EcoString, Option<ServiceClass>, u32, Vec<EcoString>)]| {
            groups.iter().filter(|(other, ..)| other == name).count() > 1
        };
    let row =
        |(name, class, profile, types): &(EcoString, Option<ServiceClass>, u32, Vec<EcoString>)| {
            let profile =
                usize::try_from(*profile).ok().and_then(|at| assessment.profiles.get(at))?;
            let shifts: Vec<EcoString> = shifts_of(profile);
            let apart = if shifts.is_empty() {
                types.join(", ")
            } else {
                format!("{}: {}", types.join(", "), shifts.join(", "))
            };
            let shown = if several(name, &groups) || !shifts.is_empty() {
                eco_format!("{name} ({apart})")
            } else {
                name.clone()
            };
            let layers = profile.duties.chunks(Verb::ALL.len()).filter_map(|duties| {
                let first = duties.first()?;
                let holders: Vec<Allocation> = duties.iter().map(|duty| duty.allocation).collect();
                let mut basis: Vec<Basis> = Vec::new();
                for found in duties.iter().flat_map(|duty| &duty.basis) {
                    if !basis.contains(found) {
                        basis.push(found.clone());
                    }
                }
                Some(MatrixLayer {
                    layer: first.layer,
                    split: split(&holders),
                    verbs: duties.iter().map(|duty| (duty.verb, duty.allocation)).collect(),
                    aws: words(duties.iter().map(|duty| &duty.aws)),
                    you: words(duties.iter().map(|duty| &duty.you)),
                    basis,
                })
            });
            Some(MatrixService { name: shown, class: *class, layers: layers.collect() })
        };
    groups.iter().filter_map(row).collect()
}

/// Different sentences of the duties of one layer, each once.
fn words<'a>(all: impl Iterator<Item = &'a EcoString>) -> EcoString {
    let mut kept: Vec<&str> = Vec::new();
    for said in all {
        if !said.is_empty() && !kept.contains(&said.as_str()) {
            kept.push(said);
        }
    }
    kept.join(" ").into()
}

fn shifts_of(profile: &onus_model::Profile) -> Vec<EcoString> {
    let mut found: Vec<EcoString> = Vec::new();
    for duty in &profile.duties {
        if let onus_model::Because::Shift(id) = &duty.because {
            let name: EcoString = id.rsplit('/').next().unwrap_or(id).into();
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// What the catalog says of services before any configuration speaks: the service as a whole, then each type that differs.
fn of_services(ids: &[String], catalog: &Catalog) -> Result<Vec<MatrixService>, Outcome> {
    let mut rows = Vec::new();
    for id in ids {
        let Some(service) = catalog.service(id) else {
            complain(
                &format!("the catalog has no service `{id}`"),
                "see `onus catalog list services`",
            );
            return Err(Outcome::Failed);
        };
        let layers = catalog.held_by_service(id).into_iter().map(row_of).collect();
        rows.push(MatrixService { name: service.name.clone(), class: Some(service.class), layers });
        for entry in catalog.types.iter().filter(|entry| entry.service == service.id) {
            if entry.allocations.is_empty() && entry.class == service.class {
                continue;
            }
            let layers = catalog.held_by_type(entry).into_iter().map(row_of).collect();
            let name = eco_format!("{} ({})", service.name, entry.title);
            rows.push(MatrixService { name, class: Some(entry.class), layers });
        }
    }
    Ok(rows)
}

fn row_of(held: Held) -> MatrixLayer {
    let Held { layer, holders, aws, you, basis } = held;
    let verbs = Verb::ALL.iter().copied().zip(holders).collect();
    MatrixLayer { layer, split: split(&holders), verbs, aws, you, basis }
}
