//! One file a command.

pub(crate) mod assess;
pub(crate) mod catalog;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod matrix;
mod settings;

use std::io;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::out::{Outcome, to};

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

fn print(bytes: &[u8]) -> Outcome {
    let write = |out: &mut dyn io::Write| out.write_all(bytes);
    to(None, write).err().unwrap_or(Outcome::Clean)
}
