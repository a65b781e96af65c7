//! The matrix as Markdown tables, one a service.

use std::io::{self, Write};

use onus_model::Verb;

use super::Matrix;
use crate::escape::markdown::{cell, text};
use crate::words;

pub(super) fn write(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Responsibility matrix\n")?;
    if !matrix.as_of.is_empty() {
        writeln!(out, "As of {}.\n", text(&matrix.as_of))?;
    }
    for service in &matrix.services {
        let class = service.class.map_or(String::new(), |class| format!(" ({class})"));
        writeln!(out, "## {}{class}\n", text(&service.name))?;
        writeln!(out, "| layer | held | provide | decide | apply | verify | AWS | you | basis |")?;
        writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
        for row in &service.layers {
            let verbs: Vec<&str> = Verb::ALL
                .iter()
                .map(|verb| row.holder(*verb).map_or("", words::allocation))
                .collect();
            let basis: Vec<String> = row
                .basis
                .iter()
                .map(|one| format!("{} ({})", cell(&one.url), cell(&one.as_of)))
                .collect();
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                words::layer(row.layer),
                words::split(row.split),
                verbs.join(" | "),
                cell(&row.aws),
                cell(&row.you),
                basis.join("<br>")
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
