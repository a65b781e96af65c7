//! Files and their paths. A file that is not there is often made before Terraform runs (an archive of
//! code), so its content is unknown and not an error.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecow::{EcoString, eco_format};
use onus_ingest::ReadError;
use onus_model::{Node, Reason, Unknown};

use super::call::{Call, Function, Outcome, Stop, fail};
use super::glob::{MAX_PATTERN, matches};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("abspath", 1, 1, abspath).set(),
    Function::new("basename", 1, 1, |call| call.give_text(basename(&call.text(0)?))).set(),
    Function::new("dirname", 1, 1, |call| call.give_text(dirname(&call.text(0)?))).set(),
    Function::new("file", 1, 1, |call| call.give_text(read_text(call, &call.text(0)?)?)),
    Function::new("filebase64", 1, 1, |call| {
        call.give_text(STANDARD.encode(read(call, &call.text(0)?)?))
    }),
    Function::new("fileexists", 1, 1, fileexists).set(),
    Function::new("fileset", 2, 2, fileset),
    Function::new("pathexpand", 1, 1, pathexpand).set(),
    Function::new("templatefile", 2, 2, |call| {
        let text = read_text(call, &call.text(0)?)?;
        template(call, &text)
    }),
    Function::new("templatestring", 2, 2, |call| template(call, &call.text(0)?)),
];

/// The most files that `fileset` looks at, and how deep it goes.
const MAX_FILES: usize = 100_000;
const MAX_DEPTH: usize = 32;

fn missing(path: &str, error: &ReadError) -> Stop {
    let settles = eco_format!("the file \"{path}\" ({error})");
    Stop::Unknown(Unknown::new(Reason::Missing, settles))
}

/// The bytes of a file.
pub(super) fn read(call: &Call<'_>, path: &str) -> Outcome<Arc<[u8]>> {
    call.world.read(path).map_err(|error| missing(path, &error))
}

fn read_text(call: &Call<'_>, path: &str) -> Outcome<EcoString> {
    let bytes = read(call, path)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => fail(eco_format!("the file \"{path}\" is not UTF-8 text")),
    }
}

fn fileexists(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    match call.world.read(&path) {
        Ok(_) | Err(ReadError::TooLarge(_)) => call.give_bool(true),
        Err(ReadError::NotFound) => call.give_bool(false),
        Err(error) => Err(missing(&path, &error)),
    }
}

fn template(call: &Call<'_>, text: &str) -> Outcome {
    let variables = call.map(1)?;
    let rendered = call.world.render_template(text, variables, call.span);
    rendered.map_err(Stop::Error)
}

fn fileset(call: &Call<'_>) -> Outcome {
    let (folder, pattern) = (call.text(0)?, call.text(1)?);
    if pattern.len() > MAX_PATTERN {
        return call.refuse(1, "the pattern is too long");
    }
    let mut found = Vec::new();
    let mut seen = 0;
    let mut folders = vec![(EcoString::new(), 0)];
    while let Some((below, depth)) = folders.pop() {
        let full = match below.as_str() {
            "" => folder.clone(),
            below => eco_format!("{}/{below}", folder.trim_end_matches('/')),
        };
        for name in call.world.list(&full) {
            seen += 1;
            if seen > MAX_FILES {
                let settles = eco_format!("fileset(\"{folder}\", \"{pattern}\")");
                return Err(Stop::Unknown(Unknown::new(Reason::Limit, settles)));
            }
            let prefix = if below.is_empty() { "" } else { "/" };
            match name.strip_suffix('/') {
                Some(name) if depth < MAX_DEPTH => {
                    folders.push((eco_format!("{below}{prefix}{name}"), depth + 1));
                }
                Some(_) => {}
                None => found.push(eco_format!("{below}{prefix}{name}")),
            }
        }
    }
    found.retain(|path| matches(&pattern, path));
    found.sort();
    call.give_texts(found)
}

fn basename(path: &str) -> EcoString {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".".into(),
        "" => "/".into(),
        trimmed => onus_ingest::file_name(trimmed).into(),
    }
}

fn dirname(path: &str) -> EcoString {
    match path.rsplit_once('/') {
        None => ".".into(),
        Some(("", _)) => "/".into(),
        Some((folder, _)) => onus_ingest::join(".", folder),
    }
}

fn abspath(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('/') {
        return call.give_text(onus_ingest::join("/", &path));
    }
    elsewhere(call, &path)
}

fn pathexpand(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path == "~" || path.starts_with("~/") {
        return elsewhere(call, &path);
    }
    call.give_text(path)
}

/// A path that depends on where Terraform runs.
fn elsewhere(call: &Call<'_>, path: &str) -> Outcome {
    let settles = eco_format!("{}(\"{path}\")", call.name);
    Ok(Node::unknown(Unknown::set(Reason::Function, settles), call.span))
}
