//! The end: what could not be read, the counts, and what to run next.

use std::io;

use onus_model::{Level, Severity, Verdict};

use super::ELSEWHERE;
use super::paint::{Look, mark};
use super::screen::Screen;
use crate::view::View;
use crate::words::{self, counted, size};

const SHOWN: usize = 12;

pub(super) fn write(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    not_read(screen, view)?;
    messages(screen, view)?;
    counts(screen, view)?;
    next(screen, view)
}

fn not_read(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let unread = &view.assessment.unread;
    if unread.is_empty() {
        return Ok(());
    }
    screen.heading(&format!("Not read: {}", counted(unread.len(), "part", "parts")))?;
    for part in unread.iter().take(SHOWN) {
        let place = view.files.display(part.span);
        screen.sides(
            2,
            &[(Look::Doubt, "! "), (Look::Plain, &part.address)],
            &[(Look::Faint, &place)],
        )?;
        screen.prose(4, (Look::Plain, ""), 0, Look::Faint, &part.settles)?;
    }
    screen.more(2, unread.len().saturating_sub(SHOWN), ELSEWHERE)
}

fn messages(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let mut said: Vec<_> =
        view.assessment.diagnostics.iter().filter(|said| said.level > Level::Note).collect();
    let notes = view.assessment.diagnostics.len().saturating_sub(said.len());
    if view.assessment.diagnostics.is_empty() {
        return Ok(());
    }
    said.sort_by_key(|said| std::cmp::Reverse(said.level));
    screen.heading("Messages")?;
    for said in said.iter().take(SHOWN) {
        let look = if said.level == Level::Error { Look::Bad } else { Look::Doubt };
        let level = format!("{}: ", words::level(said.level));
        let place = view.files.display(said.span);
        let columns = crate::text::width(&level);
        screen.prose(2, (look, &level), columns, Look::Plain, &said.message)?;
        screen.prose(4, (Look::Plain, ""), 0, Look::Faint, &place)?;
        screen.prose(4, (Look::Good, "help: "), 6, Look::Plain, &said.help)?;
    }
    screen.more(2, said.len().saturating_sub(SHOWN), ELSEWHERE)?;
    if notes > 0 {
        let notes = format!("{}{ELSEWHERE}", counted(notes, "note", "notes"));
        screen.sides(2, &[(Look::Faint, &notes)], &[])?;
    }
    Ok(())
}

fn counts(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    let counts = &view.assessment.counts;
    screen.heading("In all")?;
    let mut duties = vec![
        format!("{} AWS's", words::thousands(size(counts.provider))),
        format!("{} yours", words::thousands(size(counts.customer))),
    ];
    for (count, who) in
        [(counts.third_party, "a third party's"), (counts.undetermined, "undetermined")]
    {
        if count > 0 {
            duties.push(format!("{} {who}", words::thousands(size(count))));
        }
    }
    screen.prose(2, (Look::Plain, "duties"), 10, Look::Plain, &duties.join(", "))?;
    let worst: Vec<String> = Severity::ALL
        .iter()
        .zip(counts.open_by_severity)
        .rev()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let worst = if worst.is_empty() { String::new() } else { format!(" ({})", worst.join(", ")) };
    let rows = [
        (Look::Bad, Verdict::NotSatisfied, counts.not_satisfied, format!("open{worst}")),
        (Look::Doubt, Verdict::Unknown, counts.unknown, "undecided".to_owned()),
        (Look::Good, Verdict::Satisfied, counts.satisfied, "satisfied".to_owned()),
    ];
    let words: Vec<_> = rows
        .into_iter()
        .map(|(look, verdict, count, what)| {
            let count = words::thousands(size(count));
            screen.word(look, &format!("{} {count} {what}  ", mark(verdict)))
        })
        .collect();
    screen.flow(2, (Look::Plain, "findings"), 10, &words)
}

fn next(screen: &mut Screen<'_>, view: View<'_>) -> io::Result<()> {
    if view.assessment.scopes.is_empty() {
        return Ok(());
    }
    let read = common_path(view);
    let (named, within) = match read {
        "" | "." => (String::new(), String::new()),
        path => (format!(" {}", quoted(path)), format!(" --in {}", quoted(path))),
    };
    let worst = view.assessment.findings.first().and_then(|finding| view.sides(finding));
    screen.gap()?;
    let mut rows = Vec::new();
    if let Some((_, resource)) = worst {
        let command = format!("onus explain {}{within}", quoted(&resource.address));
        rows.push((command, "why, step by step"));
    }
    rows.push((format!("onus assess{named} --output onus.html"), "all of it, to explore"));
    rows.push((format!("onus matrix{named}"), "the responsibility matrix"));
    for (command, what) in &rows {
        screen.sides(
            2,
            &[(Look::Faint, "next  "), (Look::Name, command)],
            &[(Look::Faint, what)],
        )?;
    }
    Ok(())
}

/// The path of the only scope; of several, the folder that holds them all.
fn common_path<'a>(view: View<'a>) -> &'a str {
    let mut paths = view.assessment.scopes.iter().map(|scope| scope.path.as_str());
    let first = paths.next().unwrap_or_default();
    paths.fold(first, |common, path| {
        let mut shared = common;
        while !(path == shared
            || path.strip_prefix(shared).is_some_and(|rest| rest.starts_with('/')))
        {
            shared = shared.rsplit_once('/').map_or("", |(folder, _)| folder);
            if shared.is_empty() {
                break;
            }
        }
        shared
    })
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':');
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
