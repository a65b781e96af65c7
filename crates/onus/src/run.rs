//! From files to an assessment: the one pipeline that every command shares.

use std::collections::BTreeSet;

use onus_assess::{Options, assess};
use onus_catalog::Catalog;
use onus_cloudformation::Cloudformation;
use onus_facts::ingest;
use onus_ingest::{Root, Source, Tree, World};
use onus_model::{Assessment, Diagnostic, EcoString, Estate, Files, RawEstate, SourceFile, Span};
use onus_terraform::{Terraform, TerraformPlan, TerraformState};
use rayon::prelude::*;

use crate::progress::Progress;

/// What the sources are told beforehand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// `--var name=value`.
    pub(crate) variables: Vec<(EcoString, EcoString)>,
    /// `--var-file path`.
    pub(crate) variable_files: Vec<EcoString>,
    /// `--parameter name=value`.
    pub(crate) parameters: Vec<(EcoString, EcoString)>,
}

/// Reads everything below the tree into an estate.
pub(crate) fn read(
    world: &dyn World,
    files: &Files,
    tree: &Tree,
    inputs: &Inputs,
    catalog: &Catalog,
    as_of: &str,
    progress: &Progress,
) -> Estate {
    let cloudformation = Cloudformation { parameters: inputs.parameters.clone(), region: None };
    let terraform = Terraform::new(inputs.variables.clone(), inputs.variable_files.clone());
    let sources: [&dyn Source; 4] = [&terraform, &TerraformPlan, &TerraformState, &cloudformation];

    progress.stage("finding", tree.files.len());
    let roots: Vec<(&dyn Source, Root)> = sources
        .par_iter()
        .flat_map_iter(|source| {
            source.find(world, files, tree).into_iter().map(|root| (*source, root))
        })
        .collect();
    progress.stage("reading", roots.len());
    let read = |(source, root): &(&dyn Source, Root)| {
        let raw = source.read(world, files, root);
        progress.step();
        raw
    };
    let raw: Vec<Vec<RawEstate>> = roots.par_iter().with_max_len(1).map(read).collect();
    progress.stage("assessing", 0);
    let mut estate = ingest(raw.into_iter().flatten().collect(), catalog, as_of);
    estate.files = taken(tree, &roots);
    estate
}

/// What each file was taken for.
fn taken(tree: &Tree, roots: &[(&dyn Source, Root)]) -> Vec<SourceFile> {
    let mut all: Vec<SourceFile> = Vec::new();
    let mut claimed: BTreeSet<&EcoString> = BTreeSet::new();
    for (source, root) in roots {
        for path in &root.files {
            if claimed.insert(path) {
                all.push(SourceFile {
                    path: path.clone(),
                    taken_as: source.name().into(),
                    because: root.because.clone(),
                });
            }
        }
    }
    let skipped = tree.files.iter().filter(|path| !claimed.contains(path));
    all.extend(skipped.map(|path| SourceFile {
        path: path.clone(),
        taken_as: "skipped".into(),
        because: "no infrastructure code that onus reads".into(),
    }));
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Reads and assesses what the user named.
pub(crate) fn assess_paths(
    paths: &[String],
    files: &Files,
    inputs: &Inputs,
    catalog: &Catalog,
    options: &Options,
    progress: &Progress,
) -> Assessment {
    let world = crate::disk::DiskWorld::of(paths);
    let (tree, problems) = crate::disk::walk(paths, files);
    let mut estate = read(&world, files, &tree, inputs, catalog, &options.as_of, progress);
    estate.diagnostics.splice(0..0, problems);
    if estate.scopes.is_empty() && estate.diagnostics.is_empty() {
        let shown = paths.join(", ");
        let message = onus_model::eco_format!("there is no infrastructure code in {shown}");
        let help = "name a folder with Terraform or CloudFormation files, a template, a plan or a state (terraform show -json)";
        estate.diagnostics.push(Diagnostic::error(message, Span::NONE).help(help));
    }
    let assessment = assess(&estate, catalog, options);
    progress.finish();
    assessment
}
