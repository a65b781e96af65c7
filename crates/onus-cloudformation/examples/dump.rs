//! Prints what a folder's or a file's templates hold: `dump PATH [name=value…] [--quiet]`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::sync::Arc;

use onus_cloudformation::Cloudformation;
use onus_ingest::{ReadError, Source, Tree, World};
use onus_model::{EcoString, Files, Node, Value};

struct Disk;

impl World for Disk {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        std::fs::read(path).map(Into::into).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Other(error.to_string().into()),
        })
    }

    fn list(&self, _: &str) -> Vec<EcoString> {
        Vec::new()
    }
}

fn walk(path: &std::path::Path, files: &mut Vec<EcoString>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        return files.push(path.to_string_lossy().as_ref().into());
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            walk(&path, files);
        }
    }
}

fn show(node: &Node) -> String {
    let references = match node.references() {
        [] => String::new(),
        some => {
            let some: Vec<_> =
                some.iter().map(|one| format!("{}.{}", one.target, one.attribute)).collect();
            format!("<{}>", some.join(","))
        }
    };
    let value = match &node.value {
        Value::Absent => "-".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(list) => {
            let rest = list.rest.as_ref().map(|rest| format!("..{}", rest.settles));
            let items = list.items.iter().map(show).chain(rest);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Map(map) => {
            let rest = map.rest.as_ref().map(|rest| format!("..{}", rest.settles));
            let items = map.entries.iter().map(|(key, node)| format!("{key}: {}", show(node)));
            format!("{{{}}}", items.chain(rest).collect::<Vec<_>>().join(", "))
        }
        Value::Encoded(inner) => format!("json({})", show(inner)),
        Value::Choice(choice) => {
            let options =
                choice.options.iter().map(|(label, node)| format!("{label}: {}", show(node)));
            format!("({} ? {})", choice.key, options.collect::<Vec<_>>().join(" | "))
        }
        Value::Unknown(unknown) => format!(
            "?{:?}{}({}){:?}",
            unknown.reason,
            if unknown.set { "!" } else { "" },
            unknown.settles,
            unknown.pieces
        ),
    };
    value + &references
}

fn main() {
    let (mut parameters, mut tree, mut quiet) = (Vec::new(), Tree::default(), false);
    for argument in std::env::args().skip(1) {
        match argument.split_once('=') {
            Some((name, value)) => parameters.push((name.into(), value.into())),
            None if argument == "--quiet" => quiet = true,
            None => walk(std::path::Path::new(&argument), &mut tree.files),
        }
    }
    let source = Cloudformation { parameters, region: None };
    let files = Files::default();
    let roots = source.find(&Disk, &files, &tree);
    let (mut resources, mut unread, mut diagnostics) = (0, 0, 0);
    for root in &roots {
        for estate in source.read(&Disk, &files, root) {
            resources += estate.resources.len();
            unread += estate.unread.len();
            diagnostics += estate.diagnostics.len();
            println!("== {} {}", estate.scope.path, estate.resources.len());
            for one in &estate.diagnostics {
                println!("{:?} {}: {}", one.level, files.display(one.span), one.message);
            }
            for one in &estate.unread {
                println!("unread {} {}: {}", files.display(one.span), one.address, one.settles);
            }
            for one in estate.resources.iter().filter(|_| !quiet) {
                let presence = match one.presence.unknown() {
                    None => String::new(),
                    Some(unknown) => format!(" if {}", unknown.settles),
                };
                let place = files.display(one.span);
                println!("{place} {} {}{presence}", one.address, one.native_type);
                for (key, node) in one.attributes.as_map().into_iter().flat_map(|map| &map.entries)
                {
                    println!("    {key}: {}", show(node));
                }
            }
        }
    }
    println!(
        "{} files, {} roots, {resources} resources, {unread} unread, {diagnostics} diagnostics",
        tree.files.len(),
        roots.len()
    );
}
