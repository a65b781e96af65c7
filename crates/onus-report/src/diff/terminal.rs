//! The diff for a person at a terminal.

use std::io::{self, Write};

use onus_model::Allocation;

use super::{Came, Changed, Diff, Moved, by_resource};
use crate::Options;
use crate::terminal::paint::{self, Look, mark};
use crate::terminal::screen::Screen;
use crate::words::{self, counted};

const SHOWN: usize = 20;
const ELSEWHERE: &str = " (--format json lists all)";

pub(super) fn write(diff: &Diff, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    let screen = &mut Screen::new(out, options.color, options.width);
    screen.prose(0, (Look::Plain, ""), 0, Look::Strong, &headline(diff))?;
    moved(screen, &diff.moved)?;
    for (title, look, rows) in [
        ("Opened", Look::Bad, &diff.opened),
        ("Closed", Look::Good, &diff.closed),
        ("New unknowns", Look::Doubt, &diff.new_unknowns),
        ("Settled", Look::Good, &diff.settled),
    ] {
        changed(screen, title, look, rows)?;
    }
    came(screen, "Resources added", "+", &diff.added)?;
    came(screen, "Resources removed", "-", &diff.removed)
}

/// The diff in one sentence.
pub(super) fn headline(diff: &Diff) -> String {
    let parts: Vec<_> = [
        (diff.moved.len(), "duty moved", "duties moved"),
        (diff.opened.len(), "finding opened", "findings opened"),
        (diff.closed.len(), "closed", "closed"),
        (diff.new_unknowns.len(), "new unknown", "new unknowns"),
        (diff.settled.len(), "settled", "settled"),
        (diff.added.len(), "resource added", "resources added"),
        (diff.removed.len(), "resource removed", "resources removed"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| counted(count, one, many))
    .collect();
    let among = counted(diff.kept, "resource", "resources");
    match parts.is_empty() {
        true => format!("No duty moved, opened or closed; {among} compared"),
        false => format!("{}; {among} compared", parts.join(", ")),
    }
}

/// From whom to whom, in words.
pub(super) fn hands(row: &Moved) -> String {
    format!("{} → {}", words::allocation(row.from), words::allocation(row.to))
}

fn look(to: Allocation) -> Look {
    match to {
        Allocation::Customer | Allocation::ThirdParty => Look::Bad,
        Allocation::Provider | Allocation::NotApplicable => Look::Good,
        Allocation::Undetermined => Look::Doubt,
    }
}

fn moved(screen: &mut Screen<'_>, moved: &[Moved]) -> io::Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    screen.heading(&format!("Moved: {}", counted(moved.len(), "duty", "duties")))?;
    let resources: Vec<&[Moved]> = by_resource(moved).collect();
    for rows in resources.iter().take(SHOWN) {
        let Some(first) = rows.first() else { continue };
        screen.gap()?;
        screen.sides(
            2,
            &[
                (Look::Strong, &first.resource),
                (Look::Faint, "  "),
                (Look::Faint, &first.type_name),
            ],
            &[(Look::Faint, &place(&first.file, first.line))],
        )?;
        for alike in rows.chunk_by(same_move) {
            move_of_layer(screen, alike)?;
        }
    }
    screen.more(2, resources.len().saturating_sub(SHOWN), ELSEWHERE)
}

/// Verbs of one layer that made the same way are said together.
pub(super) fn same_move(one: &Moved, other: &Moved) -> bool {
    (one.layer, one.from, one.to, &one.because)
        == (other.layer, other.from, other.to, &other.because)
}

/// Layer and verbs of moves that are said together.
pub(super) fn duties(rows: &[Moved]) -> String {
    let verbs: Vec<_> = rows.iter().map(|row| row.verb.name()).collect();
    let layer = rows.first().map_or("", |row| words::layer(row.layer));
    format!("{layer}: {}", verbs.join(", "))
}

fn move_of_layer(screen: &mut Screen<'_>, rows: &[Moved]) -> io::Result<()> {
    let Some(row) = rows.first() else { return Ok(()) };
    let hands = format!("{:<20}", hands(row));
    let because = words::because(&row.because);
    screen.sides(
        4,
        &[(look(row.to), &hands), (Look::Plain, &duties(rows))],
        &[(Look::Faint, &because)],
    )?;
    let words = if row.to == Allocation::Provider { &row.aws } else { &row.you };
    screen.prose(24, (Look::Plain, ""), 0, Look::Faint, words)?;
    if !row.settles.is_empty() {
        let settles = format!("settled by {}", row.settles.join(", "));
        screen.prose(24, (Look::Plain, ""), 0, Look::Doubt, &settles)?;
    }
    Ok(())
}

fn changed(screen: &mut Screen<'_>, title: &str, look: Look, rows: &[Changed]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    screen.heading(&format!("{title}: {}", counted(rows.len(), "finding", "findings")))?;
    for row in rows.iter().take(SHOWN) {
        let sign = row.to.map_or("-", mark);
        let severity = row.severity.map_or("", |severity| severity.name());
        screen.sides(
            2,
            &[(look, sign), (Look::Plain, " "), (Look::Plain, &row.title)],
            &[
                (row.severity.map_or(Look::Plain, paint::severity), severity),
                (Look::Plain, "  "),
                (Look::Name, &row.control),
            ],
        )?;
        screen.sides(
            4,
            &[(Look::Plain, &row.resource)],
            &[(Look::Faint, &place(&row.file, row.line))],
        )?;
        for evidence in row.evidence.iter().take(3) {
            let text = format!("{} = {}", evidence.fact, evidence.value);
            screen.prose(6, (Look::Plain, ""), 0, Look::Faint, &text)?;
        }
        for blocker in row.blockers.iter().take(3) {
            let text = format!("{} waits for {}", blocker.fact, blocker.settles);
            screen.prose(6, (Look::Plain, ""), 0, Look::Faint, &text)?;
        }
    }
    screen.more(2, rows.len().saturating_sub(SHOWN), ELSEWHERE)
}

fn came(screen: &mut Screen<'_>, title: &str, sign: &str, rows: &[Came]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    screen.heading(&format!("{title}: {}", rows.len()))?;
    for row in rows.iter().take(SHOWN) {
        let yours = counted(row.yours, "duty yours", "duties yours");
        screen.sides(
            2,
            &[
                (Look::Plain, sign),
                (Look::Plain, " "),
                (Look::Plain, &row.resource),
                (Look::Faint, "  "),
                (Look::Faint, &row.type_name),
            ],
            &[(Look::Faint, &yours)],
        )?;
    }
    screen.more(2, rows.len().saturating_sub(SHOWN), ELSEWHERE)
}

fn place(file: &str, line: u32) -> String {
    if line == 0 { file.to_owned() } else { format!("{file}:{line}") }
}
