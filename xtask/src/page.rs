//! Pages of the book from the catalog: readable by somebody who has never seen the tool, citable by an auditor.

use std::collections::BTreeMap;
use std::fmt::Write;

use onus_catalog::{Catalog, LayerAllocation, Shift};
use onus_model::{Allocation, Layer, Verb};

use crate::cite::Sources;
use crate::{control_page, service_page};

/// Every page, by its path below `docs/src`.
pub(crate) fn all(catalog: &Catalog) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    pages.insert("catalog/services.md".to_owned(), services(catalog));
    pages.insert("catalog/shifts.md".to_owned(), shifts(catalog));
    for service in catalog.services.iter().filter(|service| service.in_depth) {
        pages.insert(
            format!("catalog/{}/index.md", service.id),
            service_page::write(catalog, service),
        );
    }
    for control in &catalog.controls {
        pages.insert(format!("catalog/{}.md", control.id), control_page::write(catalog, control));
    }
    pages
}

/// Text within a table cell.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The layer as the model calls it.
pub(crate) fn titled(catalog: &Catalog, layer: Layer) -> &str {
    catalog.model.layers.get(layer.index()).map_or(layer.name(), |words| words.title.as_str())
}

pub(crate) fn party(allocation: Allocation) -> &'static str {
    match allocation {
        Allocation::Provider => "AWS",
        Allocation::Customer => "you",
        Allocation::ThirdParty => "third party",
        Allocation::NotApplicable => "–",
        Allocation::Undetermined => "depends",
    }
}

fn services(catalog: &Catalog) -> String {
    let mut out = String::from("# Services\n\n");
    let mut sources = Sources::default();
    out.push_str("The class of a service is the default: its own page, and its configuration, may say otherwise.\n\n");
    for class in &catalog.model.classes {
        let cited = sources.cite(&class.basis);
        let _ = writeln!(out, "**{}.** {} ({cited})\n", class.title, class.says);
    }
    out.push_str(
        "## In depth\n\n| service | class | types | controls |\n| --- | --- | --- | --- |\n",
    );
    for service in catalog.services.iter().filter(|service| service.in_depth) {
        let types = catalog.types.iter().filter(|entry| entry.service == service.id).count();
        let controls =
            catalog.controls.iter().filter(|control| control.service == service.id).count();
        let _ = writeln!(
            out,
            "| [{}]({}/index.md) | {} | {types} | {controls} |",
            service.name, service.id, service.class
        );
    }
    out.push_str("\n## Classified\n\nThese fall to their class. Where AWS does not name the class, it is inferred from what the service offers.\n\n");
    out.push_str("| service | class | delivery |\n| --- | --- | --- |\n");
    for service in catalog.services.iter().filter(|service| !service.in_depth) {
        let _ =
            writeln!(out, "| {} | {} | {} |", cell(&service.name), service.class, service.delivery);
    }
    sources.list(&mut out);
    out
}

fn shifts(catalog: &Catalog) -> String {
    let mut out = String::from("# Where the line moves\n\n");
    let mut sources = Sources::default();
    out.push_str("Configurations that move a duty from one party to the other. Each leads to the page of its service, which says what that means.\n\n");
    out.push_str("| service | configuration | what moves | when | sources |\n| --- | --- | --- | --- | --- |\n");
    for shift in &catalog.shifts {
        let service = shift.id.split('/').next().unwrap_or_default();
        let moves: Vec<String> = shift.moves.iter().map(|said| moved(catalog, said)).collect();
        let _ = writeln!(
            out,
            "| {} | [{}]({service}/index.md#where-the-line-moves) | {} | {} | {} |",
            catalog.service(service).map_or(service, |known| known.name.as_str()),
            cell(&shift.title),
            cell(&moves.join("<br>")),
            valid(shift),
            sources.cite(&shift.basis)
        );
    }
    sources.list(&mut out);
    out
}

/// The days between which a shift holds, where the line moved in time.
pub(crate) fn valid(shift: &Shift) -> String {
    let of = |word: &str, day: &str| match day {
        "" => String::new(),
        day => format!("{word} {day}"),
    };
    let days = [of("since", &shift.valid_from), of("until", &shift.valid_until)];
    days.into_iter().filter(|day| !day.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The verbs that a statement allocates, those of one holder together.
pub(crate) fn moved(catalog: &Catalog, said: &LayerAllocation) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (verb, holder) in Verb::ALL.iter().zip(said.verbs) {
        let Some(holder) = holder.map(party) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == holder) {
            Some((_, verbs)) => verbs.push(verb.name()),
            None => groups.push((holder, vec![verb.name()])),
        }
    }
    let spelled = groups.iter().map(|(holder, verbs)| match (verbs.len(), *holder) {
        (_, "–") => "nothing to do".to_owned(),
        (all, _) if all == Verb::ALL.len() => format!("all → {holder}"),
        _ => format!("{} → {holder}", verbs.join(", ")),
    });
    let spelled = spelled.collect::<Vec<_>>().join("; ");
    let layer = titled(catalog, said.layer);
    if spelled.is_empty() { layer.to_owned() } else { format!("{layer}: {spelled}") }
}
