//! The report for a person at a terminal: what was read, who holds what, what is open, what is
//! undecided, what AWS does, and what to do next. Long lists are cut, and say so.

mod ending;
mod open;
pub(crate) mod paint;
mod provider;
mod reading;
pub(crate) mod screen;
mod split;
mod undecided;

use std::io::{self, Write};

use onus_model::{Assessment, Files};

use crate::Options;
use crate::view::View;
use paint::Look;
use screen::Screen;

/// Said where a list is cut.
pub(crate) const ELSEWHERE: &str = " (--format html or json lists all)";

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    let screen = &mut Screen::new(out, options.color, options.width);
    let version = format!(" {}", options.version);
    let date = format!("as of {}", assessment.as_of);
    screen.sides(0, &[(Look::Strong, "onus"), (Look::Faint, &version)], &[(Look::Faint, &date)])?;
    reading::write(screen, view)?;
    split::write(screen, view)?;
    open::write(screen, view, options)?;
    undecided::write(screen, view)?;
    provider::write(screen, view)?;
    ending::write(screen, view)
}
