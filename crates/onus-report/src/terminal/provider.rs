//! What AWS holds: the layers that it holds whole, in a sentence each, and those that it holds in part.

use std::io;

use onus_model::{Layer, LayerSummary, Split};

use super::paint::Look;
use super::screen::{Screen, Word};
use crate::text::{plain, wrap};
use crate::view::View;
use crate::words;

const NAMES: usize = 24;

/// One layer over all services.
struct Row<'a> {
    layer: Layer,
    /// Services where there is something to do on this layer.
    services: usize,
    /// Those where AWS does all of it.
    whole: usize,
    /// Those where AWS does part of it.
    part: usize,
    /// What AWS does where it does all of it: the sentence that holds for most services.
    sentence: &'a str,
}

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    if view.assessment.counts.provider == 0 {
        return Ok(());
    }
    let rows: Vec<Row<'_>> = Layer::ALL.iter().map(|layer| row(view, *layer)).collect();
    screen.heading("What AWS does for you")?;
    for row in rows.iter().filter(|row| row.whole > 0) {
        write_whole(screen, row)?;
    }
    let part: Vec<&Row<'_>> = rows.iter().filter(|row| row.whole == 0 && row.part > 0).collect();
    if part.is_empty() {
        return Ok(());
    }
    let last = part.len().saturating_sub(1);
    let words: Vec<Word> = part
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let comma = if place == last { "" } else { "," };
            screen.word(Look::Plain, &format!("{}{comma}", words::layer(row.layer)))
        })
        .collect();
    screen.flow(2, (Look::Faint, "its part only of"), NAMES, &words)
}

fn row(view: View<'_>, layer: Layer) -> Row<'_> {
    let rows: Vec<&LayerSummary> = view
        .assessment
        .services
        .iter()
        .flat_map(|service| &service.layers)
        .filter(|row| row.layer == layer && row.split != Split::NotApplicable)
        .collect();
    let of = |splits: &[Split]| rows.iter().filter(|row| splits.contains(&row.split)).count();
    Row {
        layer,
        services: rows.len(),
        whole: of(&[Split::Provider]),
        part: of(&[Split::SharedDependent, Split::SharedIndependent]),
        sentence: said_most(rows.iter().filter(|row| row.split == Split::Provider)),
    }
}

fn write_whole(screen: &mut Screen<'_>, row: &Row<'_>) -> io::Result<()> {
    let extent = match row.whole {
        whole if whole == row.services => String::new(),
        whole => format!("(all of it for {whole} of {} services)", row.services),
    };
    let columns = screen.width.saturating_sub(2 + NAMES);
    let mut lines = wrap(&plain(row.sentence), columns);
    let last = lines.pop().unwrap_or_default();
    let mut label = (Look::Plain, words::layer(row.layer));
    for line in lines {
        let word = screen.word(Look::Faint, &line);
        screen.flow(2, label, NAMES, &[word])?;
        label = (Look::Plain, "");
    }
    let mut words = vec![screen.word(Look::Faint, &last)];
    words.extend(extent.split_whitespace().map(|word| screen.word(Look::Plain, word)));
    screen.flow(2, label, NAMES, &words)
}

/// The sentence about AWS's part that most rows have; the first of equals.
fn said_most<'a: 'b, 'b>(rows: impl Iterator<Item = &'b &'a LayerSummary>) -> &'a str {
    let mut said: Vec<(&str, usize)> = Vec::new();
    for sentence in rows.flat_map(|row| &row.aws) {
        match said.iter_mut().find(|(known, _)| *known == sentence.as_str()) {
            Some((_, count)) => *count += 1,
            None => said.push((sentence, 1)),
        }
    }
    let most = said.iter().map(|(_, count)| *count).max().unwrap_or(0);
    said.iter().find(|(_, count)| *count == most).map_or("", |(sentence, _)| sentence)
}
