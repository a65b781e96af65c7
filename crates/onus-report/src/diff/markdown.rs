//! The diff as a comment on a pull request: headline, moved duties in words, details folded away.

use std::io::{self, Write};

use onus_model::{Allocation, Verdict};

use super::terminal::{duties, hands, headline, same_move};
use super::{Came, Changed, Diff, Moved, by_resource};
use crate::escape::markdown::{cell, code, text};
use crate::words;

/// A comment holds 65,536 characters; a list this long stays far below.
const SHOWN: usize = 100;

pub(super) fn write(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### onus: {}\n", headline(diff))?;
    moved(diff, out)?;
    changed("Opened", &diff.opened, true, out)?;
    changed("New unknowns", &diff.new_unknowns, false, out)?;
    changed("Closed", &diff.closed, false, out)?;
    changed("Settled", &diff.settled, false, out)?;
    came("Resources added", &diff.added, out)?;
    came("Resources removed", &diff.removed, out)
}

fn moved(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    if diff.moved.is_empty() {
        return Ok(());
    }
    writeln!(out, "| resource | who | duty | because |\n|---|---|---|---|")?;
    let rows: Vec<&[Moved]> =
        by_resource(&diff.moved).flat_map(|resource| resource.chunk_by(same_move)).collect();
    for alike in rows.iter().take(SHOWN) {
        if let Some(row) = alike.first() {
            let because = cell(&because(row));
            let (resource, who, what) = (code(&row.resource), hands(row), duties(alike));
            writeln!(out, "| {resource} | **{who}** | {what} | {because} |")?;
        }
    }
    more(rows.len(), out)?;
    writeln!(out, "\n<details><summary>What that means</summary>\n")?;
    for alike in rows.iter().take(SHOWN) {
        let Some(row) = alike.first() else { continue };
        writeln!(out, "- {} · {} · **{}**", code(&row.resource), duties(alike), hands(row))?;
        for (who, said) in [("AWS", &row.aws), ("You", &row.you)] {
            if !said.is_empty() {
                writeln!(out, "  - {who}: {}", text(said))?;
            }
        }
    }
    writeln!(out, "\n</details>\n")
}

fn because(row: &Moved) -> String {
    let because = words::because(&row.because);
    if row.to == Allocation::Undetermined && !row.settles.is_empty() {
        format!("{because}; settled by {}", row.settles.join(", "))
    } else {
        because.to_string()
    }
}

fn changed(title: &str, rows: &[Changed], open: bool, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let state = if open { " open" } else { "" };
    writeln!(out, "<details{state}><summary>{title}: {}</summary>\n", rows.len())?;
    writeln!(out, "| control | severity | resource | why |\n|---|---|---|---|")?;
    for row in rows.iter().take(SHOWN) {
        let severity = row.severity.map_or("", |severity| severity.name());
        let (control, resource) = (code(&row.control), code(&row.resource));
        writeln!(
            out,
            "| {} {control} | {severity} | {resource} {} | {} |",
            cell(&row.title),
            cell(&place(&row.file, row.line)),
            why(row)
        )?;
    }
    more(rows.len(), out)?;
    writeln!(out, "\n</details>\n")
}

fn why(row: &Changed) -> String {
    let evidence = row
        .evidence
        .iter()
        .map(|evidence| code(&format!("{} = {}", evidence.fact, evidence.value)));
    let blockers = row
        .blockers
        .iter()
        .map(|blocker| format!("{} waits for {}", code(&blocker.fact), code(&blocker.settles)));
    let mut parts: Vec<String> = evidence.chain(blockers).take(4).collect();
    if row.to.is_none() {
        parts.insert(0, "no longer there".to_owned());
    } else if row.from == Some(Verdict::Unknown) && parts.is_empty() {
        parts.push("was undecided".to_owned());
    }
    parts.join("<br>")
}

fn came(title: &str, rows: &[Came], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details><summary>{title}: {}</summary>\n", rows.len())?;
    for row in rows.iter().take(SHOWN) {
        let yours = words::counted(row.yours, "duty yours", "duties yours");
        writeln!(out, "- {} {} · {yours}", code(&row.resource), code(&row.type_name))?;
    }
    more(rows.len(), out)?;
    writeln!(out, "\n</details>\n")
}

fn more(count: usize, out: &mut dyn Write) -> io::Result<()> {
    match count.saturating_sub(SHOWN) {
        0 => Ok(()),
        left => writeln!(out, "\nand {left} more (`--format json` lists all)"),
    }
}

fn place(file: &str, line: u32) -> String {
    if line == 0 { file.to_owned() } else { format!("{file}:{line}") }
}
