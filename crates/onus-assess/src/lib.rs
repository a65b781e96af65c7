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

use onus_catalog::Catalog;
use onus_model::{
    AssessedResource, AssessedScope, Assessment, Estate, Finding, Presence, Resource, Span,
    UnreadPart, Value,
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
    let decided: Vec<(Duties, Vec<Finding>)> = indexes.par_iter().filter_map(one).collect();

    let controls = decide::summaries(catalog, options);
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
        diagnostics: estate.diagnostics.clone(),
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
        possible: match &resource.presence {
            Presence::Certain => None,
            Presence::Possible(unknown) => Some(unknown.settles.clone()),
        },
        region,
        part_of: resource.part_of,
        profile,
        undetermined: duties.blockers,
        shifts: duties.shifts,
        status,
    }
}

/// The name to show for a service that the catalog does not know, or for what is not AWS's.
fn unknown_service(native_type: &str) -> onus_model::EcoString {
    if native_type.contains("::") {
        let mut parts = native_type.split("::");
        let (vendor, service) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        return onus_model::eco_format!("{vendor}::{service}");
    }
    let provider = native_type.split('_').next().unwrap_or(native_type);
    if allocate::is_aws(native_type) {
        native_type.into()
    } else {
        onus_model::eco_format!("{provider} (not AWS)")
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
