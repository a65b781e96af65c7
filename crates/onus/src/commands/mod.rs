//! One file a command.

pub(crate) mod assess;
pub(crate) mod catalog;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod listing;
pub(crate) mod matrix;
mod settings;

use std::io;
use std::sync::Arc;

use clap::CommandFactory;
use onus_report::Options;

use crate::cli::Cli;
use crate::out::{Outcome, colour_on_stdout, to, width};

/// Prints completions for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "onus", &mut script);
    print(&script)
}

/// Prints the man page.
pub(crate) fn man() -> Outcome {
    let mut page = Vec::new();
    match clap_mangen::Man::new(Cli::command()).render(&mut page) {
        Ok(()) => print(&page),
        Err(_) => Outcome::Failed,
    }
}

/// How reports are rendered here and now; `to_stdout`: and not into a file.
fn rendering(to_stdout: bool) -> Options<'static> {
    Options {
        color: to_stdout && colour_on_stdout(),
        width: width(),
        sources: &|path| std::fs::read(path).ok().map(Arc::from),
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn print(bytes: &[u8]) -> Outcome {
    let write = |out: &mut dyn io::Write| out.write_all(bytes);
    to(None, write).err().unwrap_or(Outcome::Clean)
}
