//! The `onus` command: arguments, files, clock, exit codes, progress. Everything else is in the crates below it.

mod check;
mod cli;
mod commands;
mod disk;
mod embedded;
mod out;
mod progress;
mod run;

use std::process::ExitCode;

use clap::Parser;

use cli::{CatalogCommand, Cli, Command};
use out::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Assess(args) => commands::assess::run(&args),
        Command::Matrix(args) => commands::matrix::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Catalog(CatalogCommand::Check { folder, extends, only }) => {
            commands::catalog::check(&folder, extends, &check::Only(only))
        }
        Command::Catalog(CatalogCommand::List { what, basis }) => {
            commands::listing::list(what, basis)
        }
        Command::Catalog(CatalogCommand::Show { id, format }) => {
            commands::catalog::show(&id, format)
        }
        Command::Completions { shell } => commands::completions(shell),
        Command::Man => commands::man(),
    };
    ExitCode::from(match outcome {
        Outcome::Clean => 0,
        Outcome::Open => 1,
        Outcome::Failed => 2,
    })
}
