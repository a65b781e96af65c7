//! The way out: standard output, files, messages, and what the exit code says.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};

use onus_model::{Diagnostic, EcoString, Files, Level};

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing open.
    Clean,
    /// Open duties.
    Open,
    /// The input or the catalog could not be read or understood.
    Failed,
}

/// Writes with `write` to `path`, or to standard output. A reader that went away is no failure.
pub(crate) fn to(
    path: Option<&str>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Outcome> {
    let result = match path {
        None | Some("-") => {
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            write(&mut out).and_then(|()| out.flush())
        }
        Some(path) => File::create(path).and_then(|file| {
            let mut out = BufWriter::with_capacity(1 << 16, file);
            write(&mut out).and_then(|()| out.flush())
        }),
    };
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            complain(
                &format!("cannot write {}: {error}", path.unwrap_or("to standard output")),
                "",
            );
            Err(Outcome::Failed)
        }
    }
}

/// A message on standard error, with help.
pub(crate) fn complain(message: &str, help: &str) {
    let mut out = io::stderr().lock();
    let (on, off) = if colour_on_stderr() { ("\x1b[31;1m", "\x1b[0m") } else { ("", "") };
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(out, "{on}error{off}: {message}");
    if !help.is_empty() {
        let _ = writeln!(out, "  help: {help}");
    }
}

/// Diagnostics on standard error, each with its place and the line it speaks of.
pub(crate) fn tell(
    diagnostics: &[Diagnostic],
    files: &Files,
    source: &dyn Fn(&str) -> Option<EcoString>,
) {
    let mut out = io::stderr().lock();
    for diagnostic in diagnostics {
        let word = match diagnostic.level {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let place = files.display(diagnostic.span);
        let _ = writeln!(out, "{word}: {}", diagnostic.message);
        if !place.is_empty() {
            let _ = writeln!(out, "  --> {place}");
        }
        if let Some(line) = line_of(&files.path(diagnostic.span.file), diagnostic.span.line, source)
        {
            let _ = writeln!(out, "   | {}", line.trim_end());
        }
        if !diagnostic.help.is_empty() {
            let _ = writeln!(out, "  help: {}", diagnostic.help);
        }
    }
}

fn line_of(path: &str, line: u32, source: &dyn Fn(&str) -> Option<EcoString>) -> Option<String> {
    let index = usize::try_from(line.checked_sub(1)?).ok()?;
    source(path)?.lines().nth(index).map(str::to_owned)
}

/// Whether standard output takes colours.
pub(crate) fn colour_on_stdout() -> bool {
    wants_colour(io::stdout().is_terminal())
}

fn colour_on_stderr() -> bool {
    wants_colour(io::stderr().is_terminal())
}

fn wants_colour(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    set("CLICOLOR_FORCE") || (is_terminal && !dumb)
}

/// Columns of the terminal; 100 where there is none.
pub(crate) fn width() -> u16 {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| width.0);
    said.or_else(|| if io::stdout().is_terminal() { seen() } else { None }).unwrap_or(100)
}
