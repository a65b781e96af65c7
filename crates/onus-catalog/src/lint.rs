//! What a catalog owes its readers beyond being readable: native types that exist, and examples in each source.

use ecow::{EcoString, eco_format};
use onus_model::Verdict;

use crate::control::{Example, Syntax};
use crate::place::{Places, Syntaxes};
use crate::{Catalog, ControlEntry, TypeEntry};

/// Native types that no source has, most often a slip of the pen, and those that are two types at once.
pub(crate) fn native_types(catalog: &Catalog, entry: &TypeEntry) -> Vec<EcoString> {
    if catalog.registry.is_empty() {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    for other in catalog.types.iter().filter(|other| other.name != entry.name) {
        for native in entry.terraform.iter().filter(|native| other.terraform.contains(native)) {
            wrong.push(eco_format!("`{native}` is `{}` and `{}`", entry.name, other.name));
        }
    }
    let parts = entry.parts.iter().map(|part| &part.native);
    let named = entry.terraform.iter().chain(parts);
    wrong.extend(named.filter(|native| !catalog.registry.knows(native)).map(|native| {
        eco_format!("`{}` names `{native}`, which types.tsv does not have", entry.name)
    }));
    wrong
}

/// The examples that a control lacks.
pub(crate) fn examples(
    catalog: &Catalog,
    control: &ControlEntry,
    examples: &[&Example],
    existence: bool,
    sources: &[EcoString],
) -> Vec<EcoString> {
    let Some(entry) = catalog.type_entry(control.type_index) else { return Vec::new() };
    let mut lacks = Vec::new();
    for (syntax, naming, source) in [
        (Syntax::Terraform, Syntaxes::Terraform, "Terraform"),
        (Syntax::Cloudformation, Syntaxes::Cloudformation, "CloudFormation"),
    ] {
        let left_out =
            !sources.is_empty() && !sources.contains(&source.to_ascii_lowercase().into());
        if left_out || !can_say(catalog, entry, control, naming) {
            continue;
        }
        let of_source = || examples.iter().filter(|example| example.syntax == syntax);
        if !of_source().any(|example| example.is_fix) {
            lacks.push(eco_format!("no fix for {source}"));
        }
        for (verdict, wanted) in [(Verdict::NotSatisfied, !existence), (Verdict::Unknown, true)] {
            if wanted && !of_source().any(|example| example.verdict == verdict) {
                lacks.push(eco_format!("no example in {source} is {}", verdict.name()));
            }
        }
    }
    let not_applicable = |example: &&Example| example.verdict == Verdict::NotApplicable;
    if control.when.is_some() && !examples.iter().any(not_applicable) {
        lacks.push("it has a `when`, and no example is not-applicable".into());
    }
    lacks
}

/// Whether a source has the type, and a place for each fact that the control requires.
fn can_say(catalog: &Catalog, entry: &TypeEntry, control: &ControlEntry, naming: Syntaxes) -> bool {
    let has_type = match naming {
        Syntaxes::Terraform => !entry.terraform.is_empty(),
        _ => catalog.registry.knows(&entry.name),
    };
    has_type
        && control.require.reads().iter().all(|slot| {
            let fact = entry.facts.get(usize::from(*slot));
            fact.is_none_or(|fact| matches!(fact.places(naming), Places::In(_)))
        })
}
