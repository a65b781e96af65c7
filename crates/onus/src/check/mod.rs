//! Running what the catalog promises: the examples of its controls, and its end-to-end cases.

mod cases;
mod examples;
#[cfg(test)]
mod soundness;

use onus_assess::Options;
use onus_catalog::{Catalog, Loaded, Syntax};
use onus_ingest::MemoryWorld;
use onus_model::{Diagnostic, EcoString, Estate, Files, Level, Span, eco_format};

use crate::progress::Progress;
use crate::run::{Inputs, read};

/// What was run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ran {
    /// Examples, fixes included.
    pub(crate) examples: usize,
    /// Times that a fact was withheld from an example.
    pub(crate) withheld: usize,
    /// Expectations of cases.
    pub(crate) expectations: usize,
}

/// The services of which mistakes, examples and cases are asked for; none: all.
#[derive(Debug)]
pub(crate) struct Only(pub(crate) Vec<String>);

impl Only {
    /// Leaves of a loaded catalog's mistakes, examples and cases those that are asked for. The catalog itself stays
    /// whole; what is broken elsewhere is not in it.
    pub(crate) fn narrow(&self, loaded: &mut Loaded, files: &Files) {
        if self.0.is_empty() {
            return;
        }
        let in_folder =
            |path: &str| self.0.iter().any(|service| path.contains(&format!("aws/{service}/")));
        let of_service = |id: &str| {
            self.0.iter().any(|service| id.split_once('/').is_some_and(|(of, _)| of == service))
        };
        loaded.mistakes.retain(|mistake| {
            let path = files.path(mistake.span.file);
            path.is_empty() || in_folder(&path)
        });
        loaded.examples.retain(|(control, _)| of_service(control));
        loaded.shifts.retain(|shift| of_service(shift));
        loaded.cases.retain(|case| in_folder(&case.path));
    }
}

/// Runs everything; what does not come out as promised is a mistake with its place.
pub(crate) fn run(loaded: &Loaded, files: &Files, as_of: &str) -> (Ran, Vec<Diagnostic>) {
    let mut ran = Ran::default();
    let mut mistakes = examples::run(loaded, as_of, &mut ran);
    mistakes.extend(cases::run(loaded, files, as_of, &mut ran));
    (ran, mistakes)
}

/// The estate of a configuration that stands in the catalog.
fn estate_of(syntax: Syntax, text: &str, catalog: &Catalog, as_of: &str) -> (Estate, Files) {
    let name = match syntax {
        Syntax::Terraform => "main.tf",
        Syntax::Cloudformation => "template.yaml",
        Syntax::Plan => "plan.json",
    };
    let world = MemoryWorld::new([(name, text)]);
    let files = Files::default();
    let tree = world.tree();
    let estate = read(&world, &files, &tree, &Inputs::default(), catalog, as_of, &Progress::none());
    (estate, files)
}

/// What is wrong with the configuration itself.
fn reading_mistakes(estate: &Estate, files: &Files, span: Span) -> Vec<Diagnostic> {
    let wrong = estate.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
    wrong
        .map(|diagnostic| {
            let place = files.display(diagnostic.span);
            Diagnostic::error(
                eco_format!("the configuration cannot be read: {place}: {}", diagnostic.message),
                span,
            )
        })
        .collect()
}

fn options(as_of: &str) -> Options {
    Options { as_of: EcoString::from(as_of), ..Options::default() }
}
