//! What AWS holds, layer by layer, in a sentence each.

use std::io;

use onus_model::{Layer, LayerSummary, Split};

use super::paint::Look;
use super::screen::Screen;
use crate::text::{cut, plain};
use crate::view::View;
use crate::words;

const NAMES: usize = 24;

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let services = &view.assessment.services;
    if view.assessment.counts.provider == 0 {
        return Ok(());
    }
    screen.heading("What AWS does for you")?;
    for layer in Layer::ALL {
        let rows: Vec<&LayerSummary> = services
            .iter()
            .flat_map(|service| &service.layers)
            .filter(|row| row.layer == *layer)
            .filter(|row| !matches!(row.split, Split::Customer | Split::NotApplicable))
            .collect();
        write_layer(screen, *layer, &rows)?;
    }
    Ok(())
}

fn write_layer(screen: &mut Screen<'_>, layer: Layer, rows: &[&LayerSummary]) -> io::Result<()> {
    let whole = rows.iter().filter(|row| row.split == Split::Provider).count();
    let Some(sentence) = said_most(rows) else { return Ok(()) };
    let mut extent = match whole {
        0 => "in part".to_owned(),
        whole if whole == rows.len() => "wholly".to_owned(),
        whole => format!("wholly for {whole} of {}", rows.len()),
    };
    extent.insert_str(0, "  ");
    let room = screen.width.saturating_sub(2 + NAMES + crate::text::width(&extent));
    let sentence = plain(sentence).into_owned();
    let sentence = cut(&sentence, room).into_owned();
    let name = format!("{:<NAMES$}", words::layer(layer));
    screen.sides(2, &[(Look::Plain, &name), (Look::Faint, &sentence)], &[(Look::Faint, &extent)])
}

/// The sentence about AWS's part that holds for most services; the first of equals.
fn said_most<'a>(rows: &[&'a LayerSummary]) -> Option<&'a str> {
    let mut said: Vec<(&str, usize)> = Vec::new();
    for sentence in rows.iter().flat_map(|row| &row.aws) {
        match said.iter_mut().find(|(known, _)| *known == sentence.as_str()) {
            Some((_, count)) => *count += 1,
            None => said.push((sentence, 1)),
        }
    }
    let most = said.iter().map(|(_, count)| *count).max()?;
    said.iter().find(|(_, count)| *count == most).map(|(sentence, _)| *sentence)
}
