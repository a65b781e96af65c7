//! `onus matrix`.

use onus_assess::split;
use onus_catalog::{Catalog, Held};
use onus_model::{
    Allocation, Assessment, Basis, Because, Duty, EcoString, Files, Profile, ServiceClass, Verb,
    eco_format,
};
use onus_report::{Format, Matrix, MatrixLayer, MatrixService};

use super::rendering;
use super::settings::Settings;
use crate::cli::{MatrixArgs, TableFormat};
use crate::out::{Outcome, complain, to};
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
    let options = rendering(args.output.is_none());
    to(args.output.as_deref(), |out| matrix.write(format, &options, out))
        .err()
        .unwrap_or(Outcome::Clean)
}

/// What is held alike: types of one service whose layers are the same.
struct Group {
    service: EcoString,
    class: Option<ServiceClass>,
    titles: Vec<EcoString>,
    layers: Vec<MatrixLayer>,
}

/// Adds a type to the group that is held like it.
fn add(
    groups: &mut Vec<Group>,
    service: &EcoString,
    class: Option<ServiceClass>,
    title: EcoString,
    layers: Vec<MatrixLayer>,
) {
    let alike = |group: &&mut Group| {
        group.service == *service && group.class == class && group.layers == layers
    };
    match groups.iter_mut().find(alike) {
        Some(group) if group.titles.contains(&title) => {}
        Some(group) => group.titles.push(title),
        None => groups.push(Group { service: service.clone(), class, titles: vec![title], layers }),
    }
}

/// One entry for each way in which the resources of a service are held.
fn of_assessment(assessment: &Assessment, only: &[String]) -> Vec<MatrixService> {
    let mut groups: Vec<Group> = Vec::new();
    let mut seen: Vec<(u32, &str)> = Vec::new();
    for resource in assessment.resources.iter().filter(|resource| resource.part_of.is_none()) {
        let wanted = only.is_empty() || only.iter().any(|id| resource.service == id.as_str());
        if !wanted || seen.contains(&(resource.profile, resource.type_name.as_str())) {
            continue;
        }
        seen.push((resource.profile, resource.type_name.as_str()));
        let profile =
            usize::try_from(resource.profile).ok().and_then(|at| assessment.profiles.get(at));
        let Some(profile) = profile else { continue };
        let mut title: EcoString =
            resource.type_name.rsplit("::").next().unwrap_or_default().into();
        let shifts = shifts_of(profile);
        if !shifts.is_empty() {
            title = eco_format!("{title}: {}", shifts.join(", "));
        }
        add(&mut groups, &resource.service_name, resource.class, title, layers_of(profile));
    }
    groups.sort_by(|a, b| (&a.service, &a.titles).cmp(&(&b.service, &b.titles)));
    let alone = |group: &Group| {
        let of_service = groups.iter().filter(|other| other.service == group.service).count();
        of_service == 1 && !group.titles.iter().any(|title| title.contains(": "))
    };
    let named = groups.iter().map(|group| MatrixService {
        name: if alone(group) { group.service.clone() } else { name_of(group) },
        class: group.class,
        layers: group.layers.clone(),
    });
    named.collect()
}

fn name_of(group: &Group) -> EcoString {
    eco_format!("{} ({})", group.service, group.titles.join(", "))
}

fn layers_of(profile: &Profile) -> Vec<MatrixLayer> {
    let layer = |duties: &[Duty]| {
        let holders: Vec<Allocation> = duties.iter().map(|duty| duty.allocation).collect();
        // Where a shift decides part of a layer, its words speak for the layer.
        let is_shifted = |duty: &Duty| matches!(duty.because, Because::Shift(_));
        let any_shifted = duties.iter().any(is_shifted);
        let speaks = |duty: &&Duty| {
            duty.allocation != Allocation::NotApplicable && (!any_shifted || is_shifted(duty))
        };
        let held = || duties.iter().filter(speaks);
        let mut basis: Vec<Basis> = Vec::new();
        for found in duties.iter().flat_map(|duty| &duty.basis) {
            if !basis.contains(found) {
                basis.push(found.clone());
            }
        }
        Some(MatrixLayer {
            layer: duties.first()?.layer,
            split: split(&holders),
            verbs: duties.iter().map(|duty| (duty.verb, duty.allocation)).collect(),
            aws: words(held().map(|duty| &duty.aws)),
            you: words(held().map(|duty| &duty.you)),
            basis,
        })
    };
    profile.duties.chunks(Verb::ALL.len()).filter_map(layer).collect()
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

fn shifts_of(profile: &Profile) -> Vec<EcoString> {
    let mut found: Vec<EcoString> = Vec::new();
    for duty in &profile.duties {
        if let Because::Shift(id) = &duty.because {
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
        let mut groups = Vec::new();
        for entry in catalog.types.iter().filter(|entry| entry.service == service.id) {
            if entry.allocations.is_empty() && entry.class == service.class {
                continue;
            }
            let layers = catalog.held_by_type(entry).into_iter().map(row_of).collect();
            add(&mut groups, &service.name, Some(entry.class), entry.title.clone(), layers);
        }
        let named = |group: Group| MatrixService {
            name: name_of(&group),
            class: group.class,
            layers: group.layers,
        };
        rows.extend(groups.into_iter().map(named));
    }
    Ok(rows)
}

fn row_of(held: Held) -> MatrixLayer {
    let Held { layer, holders, aws, you, basis } = held;
    let verbs = Verb::ALL.iter().copied().zip(holders).collect();
    MatrixLayer { layer, split: split(&holders), verbs, aws, you, basis }
}
