//! The explanation for a person at a terminal.

use std::io::{self, Write};

use onus_model::{Allocation, Basis, Layer, Origin, Truth, Verb, Verdict};

use super::{Explanation, Stage, Step, StepDuty, StepValue};
use crate::Options;
use crate::terminal::paint::{Look, mark};
use crate::terminal::screen::{Screen, Word};
use crate::words;

const LABEL: usize = 11;
const HOLDERS: usize = 47;

pub(super) fn write(
    explanation: &Explanation,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let screen = &mut Screen::new(out, options.color, options.width);
    screen.sides(
        0,
        &[(Look::Strong, &explanation.subject)],
        &[(Look::Faint, &explanation.place)],
    )?;
    let class = explanation.class.map_or(String::new(), |class| format!(" · {class}"));
    let about = format!("{}{class}", explanation.type_name);
    screen.prose(0, (Look::Plain, ""), 0, Look::Faint, &about)?;
    screen.prose(0, (Look::Plain, ""), 0, Look::Plain, &explanation.summary)?;
    for (number, step) in explanation.steps.iter().enumerate() {
        write_step(screen, number + 1, step)?;
    }
    for (language, fix) in &explanation.fixes {
        screen.heading(&format!("In {language}"))?;
        for line in fix.lines() {
            let indent = line.chars().take_while(|char| *char == ' ').count().min(20);
            screen.prose(2 + indent, (Look::Plain, ""), 0, Look::Plain, line.trim_start())?;
        }
    }
    Ok(())
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Class => "class",
        Stage::Service => "service",
        Stage::Type => "type",
        Stage::Shift => "shift",
        Stage::Control => "control",
    }
}

fn outcome(step: &Step) -> (Look, String) {
    if let Some(verdict) = step.verdict {
        let look = match verdict {
            Verdict::Satisfied => Look::Good,
            Verdict::NotSatisfied => Look::Bad,
            Verdict::Unknown => Look::Doubt,
            Verdict::NotApplicable => Look::Faint,
        };
        return (look, format!("{} {}", mark(verdict), verdict.name()));
    }
    match step.truth {
        Some(Truth::True) => (Look::Good, "holds".to_owned()),
        Some(Truth::False) => (Look::Faint, "does not hold".to_owned()),
        Some(Truth::Unknown) => (Look::Doubt, "not decided".to_owned()),
        None => (Look::Plain, String::new()),
    }
}

fn write_step(screen: &mut Screen<'_>, number: usize, step: &Step) -> io::Result<()> {
    let number = format!("{number}. ");
    let kind = format!("{} ", stage(step.stage));
    let (look, outcome) = outcome(step);
    screen.gap()?;
    screen.sides(
        0,
        &[(Look::Faint, &number), (Look::Plain, &kind), (Look::Name, &step.id)],
        &[(look, &outcome)],
    )?;
    screen.prose(3, (Look::Plain, ""), 0, Look::Plain, &step.title)?;
    let is_control = step.stage == Stage::Control;
    let label = if is_control { "requires" } else { "when" };
    screen.prose(3, (Look::Faint, label), LABEL, Look::Plain, &step.predicate)?;
    for value in &step.values {
        write_value(screen, value)?;
    }
    if step.truth != Some(Truth::False) {
        write_duties(screen, &step.duties)?;
    }
    screen.prose(3, (Look::Faint, "AWS"), LABEL, Look::Plain, &step.aws)?;
    let label = if is_control { "why" } else { "you" };
    screen.prose(3, (Look::Faint, label), LABEL, Look::Plain, &step.you)?;
    write_basis(screen, &step.basis)
}

/// The pages, each on a line of its own, by the day on which they were read.
fn write_basis(screen: &mut Screen<'_>, basis: &[Basis]) -> io::Result<()> {
    let mut label = (Look::Faint, "basis");
    for pages in basis.chunk_by(|one, other| one.as_of == other.as_of) {
        let day = pages.first().map_or("", |page| &page.as_of);
        screen.prose(3, label, LABEL, Look::Faint, &format!("read {day}"))?;
        label = (Look::Plain, "");
        for page in pages {
            screen.prose(3, label, LABEL, Look::Faint, &page.url)?;
        }
    }
    Ok(())
}

fn write_value(screen: &mut Screen<'_>, value: &StepValue) -> io::Result<()> {
    let text = if value.settles.is_empty() {
        format!("{} = {}", value.fact, value.value)
    } else {
        format!("{} is not known; settled by {}", value.fact, value.settles)
    };
    let place = match value.origin {
        Some(Origin::Default) => "AWS's default",
        _ => &value.place,
    };
    let look = if value.settles.is_empty() { Look::Plain } else { Look::Doubt };
    screen.sides(3 + LABEL, &[(look, &text)], &[(Look::Faint, place)])
}

/// Layers that a statement decides alike, together; then those that a narrower one overrules.
fn write_duties(screen: &mut Screen<'_>, duties: &[StepDuty]) -> io::Result<()> {
    let mut decided: Vec<(String, Vec<Layer>)> = Vec::new();
    let mut overruled: Vec<Layer> = Vec::new();
    for rows in duties.chunk_by(|one, other| one.layer == other.layer) {
        let Some(first) = rows.first() else { continue };
        let holders = holders(rows);
        match decided.iter_mut().find(|(known, _)| *known == holders) {
            _ if holders.is_empty() => {}
            Some((_, layers)) => layers.push(first.layer),
            None => decided.push((holders, vec![first.layer])),
        }
        if rows.iter().any(|row| !row.decides) {
            overruled.push(first.layer);
        }
    }
    for (holders, layers) in &decided {
        write_layers(screen, (Look::Strong, holders), layers, Look::Plain)?;
    }
    if overruled.is_empty() {
        return Ok(());
    }
    write_layers(
        screen,
        (Look::Faint, "overruled by a later step, wholly or in part"),
        &overruled,
        Look::Faint,
    )
}

fn write_layers(
    screen: &mut Screen<'_>,
    label: (Look, &str),
    layers: &[Layer],
    look: Look,
) -> io::Result<()> {
    let last = layers.len().saturating_sub(1);
    let words: Vec<Word> = layers
        .iter()
        .enumerate()
        .map(|(place, layer)| {
            let comma = if place == last { "" } else { "," };
            screen.word(look, &format!("{}{comma}", words::layer(*layer)))
        })
        .collect();
    screen.flow(3, label, HOLDERS, &words)
}

/// Who holds the verbs that this statement decides: `AWS provide; you decide, apply, verify`.
fn holders(rows: &[StepDuty]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut held: Option<Allocation> = None;
    for row in rows.iter().filter(|row| row.decides) {
        match (held == Some(row.allocation), parts.last_mut()) {
            (true, Some(part)) => part.push_str(&format!(", {}", row.verb)),
            _ => parts.push(format!("{} {}", words::allocation(row.allocation), row.verb)),
        }
        held = Some(row.allocation);
    }
    match parts.as_slice() {
        [_] if rows.len() == Verb::ALL.len() && rows.iter().all(|row| row.decides) => {
            format!("{} all", held.map_or("", words::allocation))
        }
        parts => parts.join("; "),
    }
}
