//! `onus catalog list`: what the catalog has, in figures and in rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use onus_catalog::Catalog;
use onus_model::{Basis, Severity};

use crate::cli::ListWhat;
use crate::embedded;
use crate::out::{Outcome, complain, to};

/// Lists what the catalog has.
pub(crate) fn list(what: ListWhat, basis: bool) -> Outcome {
    let catalog = match embedded::builtin() {
        Ok(catalog) => catalog,
        Err(error) => {
            complain(&error.message, &error.help);
            return Outcome::Failed;
        }
    };
    let write = |out: &mut dyn Write| rows(out, &catalog, what, basis);
    to(None, write).err().unwrap_or(Outcome::Clean)
}

fn rows(out: &mut dyn Write, catalog: &Catalog, what: ListWhat, basis: bool) -> io::Result<()> {
    let mut row = |text: String, pages: &[Basis]| -> io::Result<()> {
        writeln!(out, "{}", text.trim_end())?;
        for page in pages.iter().filter(|_| basis) {
            writeln!(out, "    {} ({})", page.url, page.as_of)?;
        }
        Ok(())
    };
    match what {
        ListWhat::Summary => write!(out, "{}", summary(catalog)),
        ListWhat::Services => catalog.services.iter().try_for_each(|service| {
            let depth = if service.in_depth { "in depth" } else { "" };
            let (id, class, delivery) = (&service.id, service.class, service.delivery);
            let pages = distinct(service.allocations.iter().flat_map(|said| &said.basis));
            row(format!("{id:<28} {class:<14} {delivery:<6} {depth:<9} {}", service.name), &pages)
        }),
        ListWhat::Types => catalog.types.iter().try_for_each(|entry| {
            let said = entry.allocations.iter().flat_map(|said| &said.basis);
            let pages = distinct(said.chain(entry.facts.iter().flat_map(|fact| &fact.basis)));
            row(format!("{:<56} {:<14} {}", entry.name, entry.class, entry.service), &pages)
        }),
        ListWhat::Shifts => catalog
            .shifts
            .iter()
            .try_for_each(|shift| row(format!("{:<48} {}", shift.id, shift.title), &shift.basis)),
        ListWhat::Controls => catalog.controls.iter().try_for_each(|control| {
            let (id, severity) = (&control.id, control.severity);
            row(format!("{id:<56} {severity:<9} {}", control.prose.title), &control.prose.basis)
        }),
        ListWhat::Pages => pages(catalog)
            .into_iter()
            .try_for_each(|(url, days)| row(format!("{} {url}", days.join(", ")), &[])),
    }
}

fn distinct<'a>(pages: impl Iterator<Item = &'a Basis>) -> Vec<Basis> {
    let mut all: Vec<Basis> = Vec::new();
    for page in pages {
        if !all.contains(page) {
            all.push(page.clone());
        }
    }
    all
}

/// Every page that is a basis, with the days on which it was read.
fn pages(catalog: &Catalog) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for page in statements(catalog).into_iter().flatten() {
        all.entry(page.url.to_string()).or_default().insert(page.as_of.to_string());
    }
    all.into_iter().map(|(url, days)| (url, days.into_iter().collect())).collect()
}

/// The basis of each statement: allocations, shifts, controls, defaults and dated tables.
fn statements(catalog: &Catalog) -> Vec<Vec<Basis>> {
    let mut all: Vec<Vec<Basis>> = Vec::new();
    for class in &catalog.model.classes {
        all.push(class.basis.clone());
        all.extend(class.layers.iter().map(|said| said.basis.clone()));
    }
    for service in &catalog.services {
        all.extend(service.allocations.iter().map(|said| said.basis.clone()));
        all.extend(service.dates.iter().map(|table| table.basis.clone()));
    }
    for entry in &catalog.types {
        all.extend(entry.allocations.iter().map(|said| said.basis.clone()));
        let defaults = entry.facts.iter().filter(|fact| fact.default.is_some());
        all.extend(defaults.map(|fact| fact.basis.clone()));
    }
    all.extend(catalog.shifts.iter().map(|shift| shift.basis.to_vec()));
    all.extend(catalog.controls.iter().map(|control| control.prose.basis.clone()));
    all
}

/// What the catalog has, in figures.
pub(crate) fn summary(catalog: &Catalog) -> String {
    let mut out = String::new();
    let in_depth = catalog.services.iter().filter(|service| service.in_depth).count();
    let facts: usize = catalog.types.iter().map(|entry| entry.facts.len()).sum();
    let registry = &catalog.registry;
    let _ = writeln!(out, "{} services, {in_depth} of them in depth", catalog.services.len());
    let _ = writeln!(
        out,
        "{} types of CloudFormation and {} of Terraform; {} in depth with {facts} facts",
        registry.all_cloudformation().count(),
        registry.all_terraform().count(),
        catalog.types.len()
    );
    let _ = writeln!(out, "{} shifts", catalog.shifts.len());
    let of = |severity: Severity| {
        let count = catalog.controls.iter().filter(|control| control.severity == severity).count();
        format!("{count} {severity}")
    };
    let severities: Vec<String> = Severity::ALL.iter().rev().copied().map(of).collect();
    let _ = writeln!(
        out,
        "{} controls ({}), {} ids of Security Hub, {} rules of AWS Config",
        catalog.controls.len(),
        severities.join(", "),
        aliases(catalog, "security-hub"),
        aliases(catalog, "config-rule")
    );
    let statements = statements(catalog);
    let bare = statements.iter().filter(|pages| pages.is_empty()).count();
    let pages = pages(catalog);
    let days: BTreeSet<&String> = pages.values().flatten().collect();
    let _ = writeln!(
        out,
        "{} statements, {bare} of them without a basis; {} pages read from {} to {}",
        statements.len(),
        pages.len(),
        days.first().map_or("", |day| day.as_str()),
        days.last().map_or("", |day| day.as_str())
    );
    out
}

fn aliases(catalog: &Catalog, list: &str) -> usize {
    let named = catalog.controls.iter().flat_map(|control| &control.prose.aliases);
    named.filter(|(of, _)| of == list).map(|(_, id)| id).collect::<BTreeSet<_>>().len()
}
