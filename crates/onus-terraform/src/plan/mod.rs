//! Plans and states of Terraform as JSON: what `terraform show -json` writes of both, and state files of
//! version 4 as they are. They are recognised by their content.

mod address;
mod configuration;
mod document;
mod reader;
mod references;
mod regions;
#[cfg(test)]
mod tests;
mod text;
mod values;

use std::borrow::Cow;

use ecow::{EcoString, eco_format};
use onus_ingest::{Root, Source, Tree, World};
use onus_model::{Files, RawEstate, SourceKind};

use reader::Reader;

/// Plans: resources as they will be once the plan is applied.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerraformPlan;

/// States: resources as Terraform last saw them.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerraformState;

/// How much of a file is looked at to recognise it, in bytes.
const HEAD: usize = 64 * 1024;

/// The endings of names of files that are looked into.
const ENDINGS: [&str; 4] = [".json", ".tfstate", ".tfplan", ".plan"];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plan,
    State,
    StateFile,
}

impl Source for TerraformPlan {
    fn name(&self) -> &'static str {
        SourceKind::TerraformPlan.name()
    }

    fn find(&self, world: &dyn World, _: &Files, tree: &Tree) -> Vec<Root> {
        find(world, tree, |form| (form == Form::Plan).then_some("a plan: it has planned values"))
    }

    fn read(&self, world: &dyn World, files: &Files, root: &Root) -> Vec<RawEstate> {
        vec![read(world, files, root, SourceKind::TerraformPlan, |reader, _| reader.plan())]
    }
}

impl Source for TerraformState {
    fn name(&self) -> &'static str {
        SourceKind::TerraformState.name()
    }

    fn find(&self, world: &dyn World, _: &Files, tree: &Tree) -> Vec<Root> {
        find(world, tree, |form| match form {
            Form::Plan => None,
            Form::State => Some("a state: it has values and no plan"),
            Form::StateFile => Some("a state file: it has a lineage"),
        })
    }

    fn read(&self, world: &dyn World, files: &Files, root: &Root) -> Vec<RawEstate> {
        let kind = SourceKind::TerraformState;
        vec![read(world, files, root, kind, |reader, form| match form {
            Some(Form::StateFile) => reader.state_file(),
            _ => reader.state(),
        })]
    }
}

fn find(world: &dyn World, tree: &Tree, because: fn(Form) -> Option<&'static str>) -> Vec<Root> {
    let candidates = tree.files.iter().filter(|path| ENDINGS.iter().any(|end| path.ends_with(end)));
    let root = |path: &EcoString| {
        let form = form(&world.read(path).ok()?)?;
        let because = because(form)?.into();
        Some(Root { path: path.clone(), files: vec![path.clone()], because })
    };
    candidates.filter_map(root).collect()
}

fn read(
    world: &dyn World,
    files: &Files,
    root: &Root,
    kind: SourceKind,
    with: fn(Reader<'_>, Option<Form>) -> RawEstate,
) -> RawEstate {
    let (path, file) = (root.path.as_str(), files.id(&root.path));
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = eco_format!("{path} cannot be read: {error}");
            return reader::unreadable(kind, path, file, message);
        }
    };
    match text(&bytes) {
        Some(text) => with(Reader::new(&text, file, kind, path), form(&bytes)),
        None => {
            let message = eco_format!("{path} is neither UTF-8 nor UTF-16 text");
            reader::unreadable(kind, path, file, message)
        }
    }
}

/// The text of a file. PowerShell writes the output of Terraform as UTF-16.
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => {
            let text = std::str::from_utf8(bytes).ok()?;
            Some(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)))
        }
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    String::from_utf16(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>()).ok()
}

/// What a file is, by the names at its beginning; `None` for anything else.
fn form(bytes: &[u8]) -> Option<Form> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    // A character may be cut in two at the end.
    let head = text(head).unwrap_or_else(|| String::from_utf8_lossy(head));
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if !head.starts_with('{') {
        return None;
    }
    let at = |name: &str| head.find(name);
    let versions = at("\"format_version\"").is_some() && at("\"terraform_version\"").is_some();
    let plan = ["\"planned_values\"", "\"resource_changes\"", "\"prior_state\"", "\"variables\""];
    let plan = plan.iter().filter_map(|name| at(name)).min();
    let values = at("\"values\"");
    match (versions, plan, values) {
        (true, Some(plan), Some(values)) if values < plan => Some(Form::State),
        (true, Some(_), _) => Some(Form::Plan),
        (true, None, Some(_)) => Some(Form::State),
        (true, None, None) => at("\"configuration\"").map(|_| Form::Plan),
        (false, _, _) => {
            let planned = at("\"planned_values\"").is_some() && at("\"root_module\"").is_some();
            let lineage = at("\"lineage\"").is_some() && at("\"serial\"").is_some();
            match (planned, lineage) {
                (true, _) => Some(Form::Plan),
                (false, true) => Some(Form::StateFile),
                (false, false) => None,
            }
        }
    }
}
