//! Links of the Markdown in this repository: every relative one leads to a file.

use std::fs;
use std::path::{Path, PathBuf};

/// The links that lead nowhere, as `file: target`.
pub(crate) fn broken(root: &Path) -> Result<Vec<String>, String> {
    let mut broken = Vec::new();
    for file in markdown(root)? {
        // Part of the book's summary, and read from there.
        if file.ends_with("docs/guide.md") {
            continue;
        }
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let folder = file.parent().unwrap_or(root);
        for target in targets(&text) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            if !folder.join(path).exists() {
                let shown = file.strip_prefix(root).unwrap_or(&file);
                broken.push(format!("{}: {target}", shown.display()));
            }
        }
    }
    Ok(broken)
}

fn markdown(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules"
            {
                open.push(path);
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The targets of `[text](target)` outside of code.
fn targets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence || line.starts_with("    ") {
            continue;
        }
        for (at, piece) in line.split('`').enumerate() {
            if at % 2 == 1 {
                continue;
            }
            let mut rest = piece;
            while let Some((_, after)) = rest.split_once("](") {
                let Some((target, tail)) = after.split_once(')') else { break };
                found.push(target);
                rest = tail;
            }
        }
    }
    found
}
