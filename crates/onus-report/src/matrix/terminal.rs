//! The matrix for a person at a terminal.

use std::io::{self, Write};

use onus_model::{Allocation, Verb};

use super::{Matrix, MatrixLayer, MatrixService};
use crate::Options;
use crate::terminal::paint::Look;
use crate::terminal::screen::Screen;
use crate::words;

const NAMES: usize = 24;

pub(super) fn write(matrix: &Matrix, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let screen = &mut Screen::new(out, options.color, options.width);
    for service in &matrix.services {
        write_service(screen, service)?;
    }
    if matrix.services.is_empty() {
        screen.line("No service to show.")?;
    }
    Ok(())
}

fn write_service(screen: &mut Screen<'_>, service: &MatrixService) -> io::Result<()> {
    let class = service.class.map_or(String::new(), |class| format!(" · {class}"));
    screen.heading(&format!("{}{class}", crate::text::plain(&service.name)))?;
    let head: String = Verb::ALL.iter().map(|verb| format!("{:<9}", verb.name())).collect();
    let head = format!("{:NAMES$}{head}", "layer");
    screen.sides(2, &[(Look::Faint, &head)], &[])?;
    for row in &service.layers {
        write_layer(screen, row)?;
    }
    Ok(())
}

fn write_layer(screen: &mut Screen<'_>, row: &MatrixLayer) -> io::Result<()> {
    let name = format!("{:NAMES$}", words::layer(row.layer));
    let verbs: Vec<(Look, String)> = Verb::ALL
        .iter()
        .map(|verb| match row.holder(*verb) {
            Some(held) => (look(held), format!("{:<9}", short(held))),
            None => (Look::Plain, " ".repeat(9)),
        })
        .collect();
    let mut parts: Vec<(Look, &str)> = vec![(Look::Plain, &name)];
    parts.extend(verbs.iter().map(|(look, text)| (*look, text.as_str())));
    screen.sides(2, &parts, &[(Look::Faint, words::split(row.split))])?;
    for (who, said) in [("AWS  ", &row.aws), ("you  ", &row.you)] {
        screen.prose(4, (Look::Faint, who), 5, Look::Faint, said)?;
    }
    Ok(())
}

fn short(held: Allocation) -> &'static str {
    match held {
        Allocation::NotApplicable => "–",
        Allocation::Undetermined => "?",
        Allocation::ThirdParty => "third",
        other => words::allocation(other),
    }
}

fn look(held: Allocation) -> Look {
    match held {
        Allocation::Customer => Look::Strong,
        Allocation::Undetermined => Look::Doubt,
        Allocation::ThirdParty => Look::Name,
        Allocation::Provider | Allocation::NotApplicable => Look::Faint,
    }
}
