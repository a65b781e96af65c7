//! Tasks of contributors: `new-control`, `docs`, `types`. Run with `cargo run -p xtask -- <task>`.

mod cite;
mod control_page;
mod docs;
mod links;
mod new_control;
mod page;
mod predicate;
mod service_page;
#[cfg(test)]
mod tidy;
mod types;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "tasks:
  new-control SERVICE NAME   scaffold catalog/aws/SERVICE/controls/NAME.yaml
  docs [--check]             generate docs/src/catalog from the catalog; with --check, only say what is out of date or broken
  types [--check]            generate catalog/types.tsv from packages of PyPI; with --check, only say whether it is up to date";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["new-control", service, name] => new_control::run(&root(), service, name),
        ["docs"] => docs::run(&root(), false),
        ["docs", "--check"] => docs::run(&root(), true),
        ["types"] => types::run(&root(), false),
        ["types", "--check"] => types::run(&root(), true),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(message) => {
            // A closed pipe is nobody's problem here.
            let _ = writeln!(std::io::stdout(), "{message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
