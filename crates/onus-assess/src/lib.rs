//! Allocate duties, decide controls, roll up. Pure: no file, no clock, no environment.
//!
//! [`assess`] is the whole of it. Allocation is total, verdicts are sound, and the same estate gives the same
//! assessment, however many threads worked on it.

mod allocate;
mod decide;
mod evidence;
mod options;
mod region;
mod rollup;
mod trail;
mod view;

use std::collections::BTreeMap;

use onus_catalog::Catalog;
use onus_model::{
    AssessedResource, AssessedScope, Assessment, Diagnostic, EcoString, Estate, Finding, Resource,
    Span, UnreadPart, Value, eco_format,
};
use rayon::prelude::*;

pub use options::{Filter, Options};
pub use rollup::split;
pub use trail::{Stage, Statement, of_service, of_type};
pub use view::EstateView;

use allocate::{Allocator, Duties};

/// Who holds which duty in this estate, and whether the customer's are done.
pub fn assess(estate: &Estate, catalog: &Catalog, options: &Options) -> Assessment {
    let view = EstateView::new(estate, &options.as_of);
    let allocator = Allocator::new(catalog, &options.as_of);
    let indexes: Vec<u32> = (0u32..).take(estate.resources.len()).collect();
    let one = |at: &u32| {
        let resource = estate.resources.get(usize::try_from(*at).unwrap_or(usize::MAX))?;
        let duties = allocator.duties(&view, *at, resource);
        let found = decide::controls(&view, catalog, options, *at, resource, &duties);
        Some((duties, found))
    };
    let mut decided: Vec<(Duties, Vec<Finding>)> = indexes.par_iter().filter_map(one).collect();

    let found = decided.iter_mut().flat_map(|(_, found)| found);
    let controls = decide::name_controls(found, catalog, options);
    let mut profiles = allocate::ProfileTable::default();
    let mut resources = Vec::with_capacity(decided.len());
    let mut findings = Vec::new();
    for (resource, (duties, found)) in estate.resources.iter().zip(decided) {
        let profile = profiles.intern(&allocator, &duties);
        let status = rollup::status(&duties, &found, &controls);
        resources.push(assessed(resource, catalog, duties, profile, status));
        findings.extend(found);
    }
    rollup::finish(Assessment {
        as_of: options.as_of.clone(),
        scopes: scopes(estate),
        files: estate.files.clone(),
        unread: unread(estate),
        diagnostics: estate
            .diagnostics
            .iter()
            .cloned()
            .chain(unknown_types(estate, catalog))
            .collect(),
        resources,
        profiles: profiles.into_profiles(),
        controls,
        findings,
        ..Assessment::default()
    })
}

fn assessed(
    resource: &Resource,
    catalog: &Catalog,
    duties: Duties,
    profile: u32,
    status: Vec<(onus_model::Layer, onus_model::Verb, onus_model::Status)>,
) -> AssessedResource {
    let service = catalog.service(&resource.service);
    let entry = resource.type_index.and_then(|index| catalog.type_entry(index));
    let region = match &resource.region.value {
        Value::String(region) => Some(region.clone()),
        _ => None,
    };
    AssessedResource {
        address: resource.address.clone(),
        scope: resource.scope,
        native_type: resource.native_type.clone(),
        type_name: resource.type_name.clone(),
        service: resource.service.clone(),
        service_name: service
            .map_or_else(|| unknown_service(&resource.native_type), |service| service.name.clone()),
        class: entry.map(|entry| entry.class).or(service.map(|service| service.class)),
        delivery: entry.map(|entry| entry.delivery).or(service.map(|service| service.delivery)),
        in_depth: entry.is_some() || resource.part_of.is_some(),
        span: resource.span,
        possible: resource.presence.unknown().map(|unknown| unknown.settles.clone()),
        region,
        part_of: resource.part_of,
        profile,
        undetermined: duties.blockers,
        shifts: duties.shifts,
        status,
    }
}

/// One warning for each type that no registry of types has: its duties can only be those of its service's class.
fn unknown_types(estate: &Estate, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut found: BTreeMap<&EcoString, (Span, u32)> = BTreeMap::new();
    for resource in estate.resources.iter().filter(|resource| resource.type_index.is_none()) {
        let native = &resource.native_type;
        if resource.part_of.is_none()
            && allocate::is_aws(native)
            && catalog.native(native).is_none()
            && !catalog.registry.knows(native)
        {
            found.entry(native).or_insert((resource.span, 0)).1 += 1;
        }
    }
    let warning = |(native, (span, count)): (&EcoString, (Span, u32))| {
        let service = catalog.service_of(native);
        let taken = match service {
            Some(service) => eco_format!("by the class of {}", service.name),
            None => "as of no known service: nothing is allocated".into(),
        };
        let what = if count == 1 {
            "its resource is".into()
        } else {
            eco_format!("its {count} resources are")
        };
        Diagnostic::warning(
            eco_format!("the catalog does not know the type {native}; {what} taken {taken}"),
            span,
        )
        .help("look for a slip in the name; a newer version of onus may know it")
    };
    found.into_iter().map(warning).collect()
}

/// The name to show for a service that the catalog does not know, or for what is not AWS's.
fn unknown_service(native_type: &str) -> EcoString {
    if native_type.contains("::") {
        let mut parts = native_type.split("::");
        let (vendor, service) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        return eco_format!("{vendor}::{service}");
    }
    let provider = native_type.split('_').next().unwrap_or(native_type);
    if allocate::is_aws(native_type) {
        native_type.into()
    } else {
        eco_format!("{provider} (not AWS)")
    }
}

fn scopes(estate: &Estate) -> Vec<AssessedScope> {
    let mut counts = vec![0u32; estate.scopes.len()];
    for resource in estate.resources.iter().filter(|resource| resource.span != Span::NONE) {
        if let Some(count) = usize::try_from(resource.scope).ok().and_then(|at| counts.get_mut(at))
        {
            *count += 1;
        }
    }
    let scopes = estate.scopes.iter().zip(counts);
    scopes
        .map(|(scope, resources)| AssessedScope {
            kind: scope.kind,
            path: scope.path.clone(),
            resources,
        })
        .collect()
}

fn unread(estate: &Estate) -> Vec<UnreadPart> {
    let part = |(scope, unread): &(u32, onus_model::Unread)| UnreadPart {
        scope: *scope,
        address: unread.address.clone(),
        settles: unread.settles.clone(),
        span: unread.span,
    };
    estate.unread.iter().map(part).collect()
}
