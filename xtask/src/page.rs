//! Pages of the book from the catalog: readable by somebody who has never seen the tool, citable by an auditor.

use std::collections::BTreeMap;
use std::fmt::Write;

use onus_catalog::{
    Catalog, ControlEntry, FactEntry, Held, LayerAllocation, Service, Shift, TypeEntry,
};
use onus_model::{Allocation, Layer, Verb};

use crate::cite::Sources;
use crate::predicate;

/// Every page, by its path below `docs/src`.
pub(crate) fn all(catalog: &Catalog) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    pages.insert("catalog/services.md".to_owned(), services(catalog));
    pages.insert("catalog/shifts.md".to_owned(), shifts(catalog));
    for service in catalog.services.iter().filter(|service| service.in_depth) {
        pages.insert(format!("catalog/{}/index.md", service.id), service_page(catalog, service));
    }
    for control in &catalog.controls {
        pages.insert(format!("catalog/{}.md", control.id), control_page(catalog, control));
    }
    pages
}

/// Text within a table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The layer as the model calls it.
fn titled(catalog: &Catalog, layer: Layer) -> &str {
    catalog.model.layers.get(layer.index()).map_or(layer.name(), |words| words.title.as_str())
}

fn party(allocation: Allocation) -> &'static str {
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
    out.push_str("| service | configuration | what moves | sources |\n| --- | --- | --- | --- |\n");
    for shift in &catalog.shifts {
        let service = shift.id.split('/').next().unwrap_or_default();
        let moves: Vec<String> = shift.moves.iter().map(|said| moved(catalog, said)).collect();
        let _ = writeln!(
            out,
            "| {} | [{}]({service}/index.md#where-the-line-moves) | {} | {} |",
            catalog.service(service).map_or(service, |known| known.name.as_str()),
            cell(&shift.title),
            cell(&moves.join("<br>")),
            sources.cite(&shift.basis)
        );
    }
    sources.list(&mut out);
    out
}

/// The verbs that a statement allocates, those of one holder together.
fn moved(catalog: &Catalog, said: &LayerAllocation) -> String {
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

fn service_page(catalog: &Catalog, service: &Service) -> String {
    let mut out = format!("# {}\n\n{}\n\n", service.name, service.summary);
    let _ =
        writeln!(out, "Class: **{}**. Delivery model: **{}**.\n", service.class, service.delivery);
    let types: Vec<&TypeEntry> =
        catalog.types.iter().filter(|entry| entry.service == service.id).collect();
    let mut sources = Sources::default();
    out.push_str("## Who does what\n\nOn each layer somebody **provides** the means or the fix, **decides** whether and how, **applies** it, and **verifies** that it holds. ");
    out.push_str(
        "This is who, before any configuration speaks. [More on the words](../../index.md).\n\n",
    );
    table(&mut out, catalog, &catalog.held_by_service(&service.id), &mut sources);
    for entry in &types {
        if entry.allocations.is_empty() && entry.class == service.class {
            continue;
        }
        let _ = writeln!(out, "\n### {}: `{}`\n", entry.title, entry.name);
        if entry.class != service.class {
            let _ = writeln!(out, "Class of this type: **{}**.\n", entry.class);
        }
        let differing = catalog.held_by_type(entry);
        let said: Vec<Layer> = entry.allocations.iter().map(|said| said.layer).collect();
        let rows: Vec<Held> = differing
            .into_iter()
            .filter(|row| said.contains(&row.layer) || entry.class != service.class)
            .collect();
        table(&mut out, catalog, &rows, &mut sources);
    }
    shift_section(&mut out, catalog, &types, &mut sources);
    control_section(&mut out, catalog, service);
    fact_section(&mut out, &types, &mut sources);
    sources.list(&mut out);
    out
}

fn table(out: &mut String, catalog: &Catalog, rows: &[Held], sources: &mut Sources) {
    let (empty, relevant): (Vec<&Held>, Vec<&Held>) = rows
        .iter()
        .partition(|row| row.holders.iter().all(|holder| *holder == Allocation::NotApplicable));
    if !relevant.is_empty() {
        out.push_str(
            "| layer | provide | decide | apply | verify | AWS's side | your side | sources |\n",
        );
        out.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    }
    for row in relevant {
        let [provide, decide, apply, verify] = row.holders.map(party);
        let _ = writeln!(
            out,
            "| {} | {provide} | {decide} | {apply} | {verify} | {} | {} | {} |",
            titled(catalog, row.layer),
            cell(&row.aws),
            cell(&row.you),
            sources.cite(&row.basis)
        );
    }
    let empty: Vec<&str> = empty.iter().map(|row| titled(catalog, row.layer)).collect();
    if !empty.is_empty() {
        let gap = if empty.len() < rows.len() { "\n" } else { "" };
        let _ = writeln!(out, "{gap}Nothing to do on: {}.", empty.join(", "));
    }
}

fn shift_section(out: &mut String, catalog: &Catalog, types: &[&TypeEntry], sources: &mut Sources) {
    let of_service = |shift: &&Shift| {
        let entry = catalog.type_entry(shift.type_index);
        entry.is_some_and(|entry| types.iter().any(|known| known.name == entry.name))
    };
    let shifts: Vec<&Shift> = catalog.shifts.iter().filter(of_service).collect();
    out.push_str("\n## Where the line moves\n\n");
    if shifts.is_empty() {
        out.push_str("No configuration of this service is known to move a duty.\n");
    }
    for shift in shifts {
        let _ = writeln!(out, "### {}\n", shift.title);
        let _ = writeln!(
            out,
            "Shift `{}` ({}). It holds where\n\n```\n{}\n```\n",
            shift.id,
            sources.cite(&shift.basis),
            predicate::lines(shift.when.text())
        );
        if !shift.valid_from.is_empty() {
            let _ = writeln!(out, "Since {}.\n", shift.valid_from);
        }
        if !shift.valid_until.is_empty() {
            let _ = writeln!(out, "Until {}.\n", shift.valid_until);
        }
        for said in shift.moves.iter() {
            let _ = writeln!(out, "- **{}.** {} {}", moved(catalog, said), said.aws, said.you);
        }
        out.push('\n');
    }
}

fn control_section(out: &mut String, catalog: &Catalog, service: &Service) {
    let controls: Vec<&ControlEntry> =
        catalog.controls.iter().filter(|control| control.service == service.id).collect();
    if controls.is_empty() {
        return;
    }
    out.push_str("## Controls\n\n| severity | control | tests the duty |\n| --- | --- | --- |\n");
    for control in controls {
        let name = control.id.rsplit('/').next().unwrap_or(&control.id);
        let _ = writeln!(
            out,
            "| {} | [{}]({name}.md) | {}: {} |",
            control.severity,
            cell(&control.prose.title),
            titled(catalog, control.layer),
            control.verb
        );
    }
}

fn fact_section(out: &mut String, types: &[&TypeEntry], sources: &mut Sources) {
    out.push_str("\n## Facts\n\nWhat predicates can ask about each type.\n\n");
    for entry in types.iter().filter(|entry| !entry.facts.is_empty()) {
        let _ = writeln!(out, "### `{}`\n", entry.name);
        if !entry.terraform.is_empty() {
            let _ = writeln!(
                out,
                "In Terraform: {}.\n",
                entry
                    .terraform
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        out.push_str("| fact | tells | AWS's default |\n| --- | --- | --- |\n");
        for fact in entry.facts.iter() {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} |",
                fact.name,
                cell(&fact.says),
                default(fact, sources)
            );
        }
        out.push('\n');
    }
}

fn default(fact: &FactEntry, sources: &mut Sources) -> String {
    let Some(default) = &fact.default else { return String::new() };
    let since =
        if default.since.is_empty() { String::new() } else { format!(" since {}", default.since) };
    let cited = sources.cite(&fact.basis);
    let cited = if cited.is_empty() { cited } else { format!(" ({cited})") };
    format!("`{}`{since}{cited}", cell(&spelled(&default.value)))
}

fn spelled(constant: &onus_catalog::Constant) -> String {
    use onus_catalog::Constant;
    match constant {
        Constant::Absent => "not set".to_owned(),
        Constant::Bool(value) => value.to_string(),
        Constant::Number(value) => value.to_string(),
        Constant::Text(text) => text.to_string(),
        Constant::List(items) => {
            format!("[{}]", items.iter().map(spelled).collect::<Vec<_>>().join(", "))
        }
        Constant::Record(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", spelled(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn control_page(catalog: &Catalog, control: &ControlEntry) -> String {
    let mut out = format!("# {}\n\n", control.prose.title);
    let mut sources = Sources::default();
    let entry = catalog.type_entry(control.type_index);
    let type_name = entry.map(|entry| entry.name.clone()).unwrap_or_default();
    let service = catalog.service(&control.service).map_or("", |known| known.name.as_str());
    let _ = writeln!(
        out,
        "Severity: **{}**. Service: [{service}](index.md). Type: `{type_name}`. Control: `{}`.\n",
        control.severity, control.id
    );
    let _ = writeln!(out, "{} ({})\n", control.prose.why, sources.cite(&control.prose.basis));
    let _ = writeln!(
        out,
        "It tests a duty of yours: **{}: {}** (`{}/{}`).\n",
        titled(catalog, control.layer),
        control.verb,
        control.layer,
        control.verb
    );
    if let Some(when) = &control.when {
        let _ = writeln!(out, "Asked where\n\n```\n{}\n```\n", predicate::lines(when.text()));
    }
    let _ = writeln!(
        out,
        "Satisfied where\n\n```\n{}\n```\n",
        predicate::lines(control.require.text())
    );
    for (title, language, text) in [
        ("Terraform", "hcl", &control.prose.fix_terraform),
        ("CloudFormation", "yaml", &control.prose.fix_cloudformation),
    ] {
        if !text.is_empty() {
            let _ = writeln!(
                out,
                "## How to do it in {title}\n\n```{language}\n{}\n```\n",
                text.trim_end()
            );
        }
    }
    if !control.prose.aliases.is_empty() {
        let aliases = control.prose.aliases.iter().map(|(list, id)| format!("{list} `{id}`"));
        let _ = writeln!(out, "Also known as: {}.\n", aliases.collect::<Vec<_>>().join(", "));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    sources.list(&mut out);
    out
}
