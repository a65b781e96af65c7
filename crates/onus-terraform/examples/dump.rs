//! Prints what is read of directories: `cargo run --example dump -- [--quiet] DIR…`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::path::Path;
use std::sync::Arc;

use ecow::EcoString;
use onus_ingest::{ReadError, Source, Tree, World};
use onus_model::{Files, Node, Presence, RawEstate, Value};
use onus_terraform::Terraform;

struct Disk;

impl World for Disk {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        std::fs::read(path).map(Into::into).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Other(error.to_string().into()),
        })
    }

    fn list(&self, folder: &str) -> Vec<EcoString> {
        let mut names: Vec<EcoString> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder { name + "/" } else { name }.into()
            })
            .collect();
        names.sort();
        names
    }
}

fn main() {
    let mut quiet = false;
    let mut files = Vec::new();
    let mut folders = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "--quiet" { quiet = true } else { folders.push(argument) }
    }
    folders.iter().for_each(|folder| walk(Path::new(folder), &mut files));
    files.sort();
    let tree = Tree { files };
    let names = Files::default();
    let source = Terraform::default();
    let mut resources = 0;
    let mut diagnostics = 0;
    for root in source.find(&Disk, &names, &tree) {
        println!("root {} ({} files): {}", root.path, root.files.len(), root.because);
        for estate in source.read(&Disk, &names, &root) {
            resources += estate.resources.len();
            diagnostics += estate.diagnostics.len();
            print(&estate, &names, quiet);
        }
    }
    println!("{resources} resources, {diagnostics} diagnostics");
}

fn walk(folder: &Path, into: &mut Vec<EcoString>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !name.starts_with('.') || name == ".terraform" {
                walk(&path, into);
            }
        } else {
            into.push(path.to_string_lossy().into_owned().into());
        }
    }
}

fn print(estate: &RawEstate, names: &Files, quiet: bool) {
    for diagnostic in &estate.diagnostics {
        println!(
            "  {:?} {}: {}",
            diagnostic.level,
            names.display(diagnostic.span),
            diagnostic.message
        );
    }
    for unread in &estate.unread {
        println!("  unread {} ({})", unread.settles, unread.references.len());
    }
    if quiet {
        return;
    }
    for resource in &estate.resources {
        let presence = match &resource.presence {
            Presence::Certain => String::new(),
            Presence::Possible(unknown) => format!(" possible: {}", unknown.settles),
            Presence::AnyNumber(unknown) => format!(" any number: {}", unknown.settles),
        };
        println!("  {} ({}){presence}", resource.address, names.display(resource.span));
        if let Value::Map(map) = &resource.attributes.value {
            for (name, node) in &map.entries {
                println!("    {name} = {}", show(node));
            }
        }
    }
}

fn show(node: &Node) -> String {
    let value = match &node.value {
        Value::Absent => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(list) => {
            let items: Vec<String> = list.items.iter().map(show).collect();
            let rest = if list.rest.is_some() { ", …" } else { "" };
            format!("[{}{rest}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries: Vec<String> =
                map.entries.iter().map(|(key, entry)| format!("{key} = {}", show(entry))).collect();
            let rest = if map.rest.is_some() { ", …" } else { "" };
            format!("{{{}{rest}}}", entries.join(", "))
        }
        Value::Encoded(inner) => format!("json({})", show(inner)),
        Value::Choice(choice) => {
            let options: Vec<String> = choice
                .options
                .iter()
                .map(|(label, option)| format!("{label}: {}", show(option)))
                .collect();
            format!("<{}? {}>", choice.key, options.join(" | "))
        }
        Value::Unknown(unknown) => {
            let set = if unknown.set { "!" } else { "" };
            format!("?{set}{:?}({}){}", unknown.reason, unknown.settles, show_pieces(unknown))
        }
    };
    let references: Vec<String> = node
        .references()
        .iter()
        .map(|reference| format!("{}.{}", reference.target, reference.attribute))
        .collect();
    if references.is_empty() { value } else { format!("{value} @{}", references.join(",")) }
}

fn show_pieces(unknown: &onus_model::Unknown) -> String {
    let pieces = unknown.pieces.iter().map(|piece| match piece {
        onus_model::Piece::Text(text) => text.as_str(),
        onus_model::Piece::Hole => "*",
    });
    pieces.collect()
}
