//! The page of a control: what it asks, why, how to do it, and who says so.

use std::fmt::Write;

use onus_catalog::{Catalog, ControlEntry};

use crate::cite::Sources;
use crate::page::titled;
use crate::predicate;

/// The page.
pub(crate) fn write(catalog: &Catalog, control: &ControlEntry) -> String {
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
