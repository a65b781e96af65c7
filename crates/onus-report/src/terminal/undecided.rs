//! What is undecided, by what would settle it.

use std::io;

use onus_model::{Reason, Settles};

use super::ELSEWHERE;
use super::paint::Look;
use super::screen::Screen;
use crate::text::{cut, cut_start, plain, width, wrap};
use crate::view::View;
use crate::words::{counted, size};

const SHOWN: usize = 8;

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let counts = &view.assessment.counts;
    let settles = &view.assessment.settles;
    if settles.is_empty() {
        return Ok(());
    }
    let title = format!(
        "Undecided: {}, {} without a holder yet",
        counted(size(counts.unknown), "finding", "findings"),
        counted(size(counts.undetermined), "duty", "duties"),
    );
    screen.heading(&title)?;
    let mut reasons: Vec<Reason> = Vec::new();
    for settles in settles {
        if !reasons.contains(&settles.reason) {
            reasons.push(settles.reason);
        }
    }
    for reason in reasons {
        screen.gap()?;
        screen.prose(2, (Look::Plain, ""), 0, Look::Plain, sentence(reason))?;
        let rows: Vec<&Settles> = settles.iter().filter(|row| row.reason == reason).collect();
        for row in rows.iter().take(SHOWN) {
            write_row(screen, view, row)?;
        }
        screen.more(4, rows.len().saturating_sub(SHOWN), ELSEWHERE)?;
    }
    Ok(())
}

fn write_row(screen: &mut Screen<'_>, view: View<'_>, row: &Settles) -> io::Result<()> {
    let mut settled = Vec::new();
    if !row.findings.is_empty() {
        settled.push(counted(row.findings.len(), "finding", "findings"));
    }
    if row.allocations > 0 {
        let resources = counted(size(row.allocations), "resource", "resources");
        settled.push(ecow::eco_format!("who holds {resources}"));
    }
    let settled = format!("settles {}", settled.join(" and "));
    let room = screen.width.saturating_sub(6 + width(&settled)).max(30);
    let what = plain(&row.settles).into_owned();
    let mut lines = wrap(&what, room).into_iter();
    let first = lines.next().unwrap_or_default();
    let left = room.saturating_sub(width(&first));
    let scope = match view.assessment.scopes.len() {
        0 | 1 => String::new(),
        _ => format!("   {}", plain(view.scope(row.scope))),
    };
    let scope = if left > 12 { cut_start(&scope, left).into_owned() } else { String::new() };
    screen.sides(
        4,
        &[(Look::Doubt, &cut(&first, room)), (Look::Faint, &scope)],
        &[(Look::Faint, &settled)],
    )?;
    for line in lines {
        screen.sides(6, &[(Look::Doubt, &line)], &[])?;
    }
    Ok(())
}

/// What to do about unknowns of one kind.
fn sentence(reason: Reason) -> &'static str {
    match reason {
        Reason::Input => "Without a value: set these, or give a plan",
        Reason::Lookup => "Looked up by the provider: give a plan or a state",
        Reason::Computed => "Known after apply: give a plan or a state",
        Reason::Missing => "Not there to read: bring these in",
        Reason::Function => "Made by a function that onus does not evaluate: give a plan",
        Reason::NotCollected => "Not in this kind of source: add a source that has it",
        Reason::Denied => "Not allowed to read: allow it, and run again",
        Reason::Redacted => "Sensitive and withheld: look at these by hand",
        Reason::Cycle => "Depends on itself: mend these",
        Reason::Invalid => "Written wrongly: mend these, see the messages at the end",
        Reason::Limit => "Beyond a limit of onus: give a plan",
    }
}
