//! The explanation for a person at a terminal.

use std::io::{self, Write};

use onus_model::{Allocation, Layer, Origin, Truth, Verdict};

use super::{Explanation, Stage, Step, StepDuty, StepValue};
use crate::Options;
use crate::terminal::paint::{Look, mark};
use crate::terminal::screen::Screen;
use crate::words;

const LABEL: usize = 11;

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
    screen.prose(3, (Look::Faint, "when"), LABEL, Look::Plain, &step.predicate)?;
    for value in &step.values {
        write_value(screen, value)?;
    }
    write_duties(screen, &step.duties)?;
    screen.prose(3, (Look::Faint, "AWS"), LABEL, Look::Plain, &step.aws)?;
    screen.prose(3, (Look::Faint, "you"), LABEL, Look::Plain, &step.you)?;
    for basis in &step.basis {
        let text = format!("{} (read {})", basis.url, basis.as_of);
        screen.prose(3, (Look::Faint, "basis"), LABEL, Look::Faint, &text)?;
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

/// One line a layer: its verbs by holder; what a narrower statement decides is faint.
fn write_duties(screen: &mut Screen<'_>, duties: &[StepDuty]) -> io::Result<()> {
    for rows in duties.chunk_by(|one, other| one.layer == other.layer) {
        let Some(first) = rows.first() else { continue };
        let words: Vec<_> = rows.iter().map(|row| word(screen, row)).collect();
        screen.flow(3, (Look::Plain, layer(first.layer)), LABEL + 13, &words)?;
    }
    Ok(())
}

fn layer(layer: Layer) -> &'static str {
    words::layer(layer)
}

fn word(screen: &Screen<'_>, row: &StepDuty) -> crate::terminal::screen::Word {
    let look = match (row.decides, row.allocation) {
        (false, _) => Look::Faint,
        (true, Allocation::Undetermined) => Look::Doubt,
        (true, Allocation::Customer) => Look::Strong,
        (true, _) => Look::Plain,
    };
    let overruled = if row.decides { "" } else { " (overruled)" };
    let text = format!("{}: {}{overruled}  ", row.verb, words::allocation(row.allocation));
    screen.word(look, &text)
}
