//! The page of a service: who does what, where the line moves, controls, dates and facts.

use std::fmt::Write;

use onus_catalog::{Catalog, ControlEntry, FactEntry, Held, Service, Shift, TypeEntry};
use onus_model::{Allocation, Layer};

use crate::cite::Sources;
use crate::page::{cell, moved, party, titled, valid};
use crate::predicate;

/// The page.
pub(crate) fn write(catalog: &Catalog, service: &Service) -> String {
    let mut out = format!("# {}\n\n{}\n\n", service.name, service.summary);
    let _ =
        writeln!(out, "Class: **{}**. Delivery model: **{}**.\n", service.class, service.delivery);
    let types: Vec<&TypeEntry> = catalog
        .types
        .iter()
        .map(|entry| &**entry)
        .filter(|entry| entry.service == service.id)
        .collect();
    let mut sources = Sources::default();
    in_short(&mut out, catalog, &catalog.held_by_service(&service.id));
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
    date_section(&mut out, service, &mut sources);
    fact_section(&mut out, &types, &mut sources);
    sources.list(&mut out);
    out
}

/// The layers by who holds them, for a reader in a hurry.
fn in_short(out: &mut String, catalog: &Catalog, rows: &[Held]) {
    let (mut aws, mut both, mut you) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let held: Vec<Allocation> =
            row.holders.into_iter().filter(|holder| *holder != Allocation::NotApplicable).collect();
        let all = |wanted: Allocation| held.iter().all(|holder| *holder == wanted);
        match held.as_slice() {
            [] => {}
            _ if all(Allocation::Provider) => aws.push(titled(catalog, row.layer)),
            _ if all(Allocation::Customer) => you.push(titled(catalog, row.layer)),
            _ => both.push(titled(catalog, row.layer)),
        }
    }
    for (who, layers) in [("AWS's alone", aws), ("Split", both), ("Yours alone", you)] {
        if !layers.is_empty() {
            let _ = writeln!(out, "- **{who}:** {}", layers.join(", "));
        }
    }
    out.push('\n');
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
    let shifts: Vec<&Shift> =
        catalog.shifts.iter().map(|shift| &**shift).filter(of_service).collect();
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
        let valid = valid(shift);
        if !valid.is_empty() {
            let _ = writeln!(out, "It holds {valid}.\n");
        }
        for said in shift.moves.iter() {
            let _ = writeln!(out, "- **{}.** {} {}", moved(catalog, said), said.aws, said.you);
        }
        out.push('\n');
    }
}

fn control_section(out: &mut String, catalog: &Catalog, service: &Service) {
    let controls: Vec<&ControlEntry> = catalog
        .controls
        .iter()
        .map(|control| &**control)
        .filter(|control| control.service == service.id)
        .collect();
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

fn date_section(out: &mut String, service: &Service, sources: &mut Sources) {
    if service.dates.is_empty() {
        return;
    }
    out.push_str("\n## Dates\n");
    for table in service.dates.iter() {
        let _ = writeln!(
            out,
            "\n`{}`: {} ({}).\n\n| what | day |\n| --- | --- |",
            table.id,
            table.says,
            sources.cite(&table.basis)
        );
        for (value, day) in &table.values {
            let day = if day.starts_with("9999") { "not set" } else { day };
            let _ = writeln!(out, "| `{value}` | {day} |");
        }
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
    let in_terraform = match &default.terraform {
        Some(value) => format!(", in Terraform `{}`", cell(&spelled(value))),
        None => String::new(),
    };
    let cited = sources.cite(&fact.basis);
    let cited = if cited.is_empty() { cited } else { format!(" ({cited})") };
    format!("`{}`{since}{in_terraform}{cited}", cell(&spelled(&default.value)))
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
