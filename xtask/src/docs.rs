//! `docs`: the catalog as pages of the book, one a service and one a control, and the summary that lists them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use onus_catalog::{Catalog, CatalogFile, load};
use onus_model::{Files, Level};

use crate::{links, page};

/// Generates the pages, or says what is out of date.
pub(crate) fn run(root: &Path, check: bool) -> Result<String, String> {
    let catalog = read(&root.join("catalog"))?;
    let mut pages = page::all(&catalog);
    let summary = summary(root, &catalog)?;
    pages.insert("SUMMARY.md".to_owned(), summary);
    let book = root.join("docs/src");
    let mut stale = Vec::new();
    for (path, text) in &pages {
        let file = book.join(path);
        if fs::read_to_string(&file).is_ok_and(|old| old == *text) {
            continue;
        }
        stale.push(path.clone());
        if !check {
            fs::create_dir_all(file.parent().unwrap_or(&book))
                .map_err(|error| error.to_string())?;
            fs::write(&file, text).map_err(|error| error.to_string())?;
        }
    }
    for path in generated(&book)? {
        if !pages.contains_key(&path) {
            if !check {
                fs::remove_file(book.join(&path)).map_err(|error| error.to_string())?;
            }
            stale.push(path);
        }
    }
    if check && !stale.is_empty() {
        return Err(format!("out of date: {}\nrun: cargo run -p xtask -- docs", stale.join(", ")));
    }
    let broken = links::broken(root)?;
    if !broken.is_empty() {
        return Err(format!("broken links:\n{}", broken.join("\n")));
    }
    Ok(format!(
        "{} pages, {} of them new or changed; every link leads somewhere",
        pages.len(),
        stale.len()
    ))
}

pub(crate) fn read(folder: &Path) -> Result<Catalog, String> {
    let mut found = Vec::new();
    collect(folder, folder, &mut found)?;
    let files = Files::default();
    let loaded = load(None, &found, &files);
    let wrong: Vec<String> = loaded
        .mistakes
        .iter()
        .filter(|mistake| mistake.level == Level::Error)
        .map(|mistake| format!("{}: {}", files.display(mistake.span), mistake.message))
        .collect();
    if wrong.is_empty() { Ok(loaded.catalog) } else { Err(wrong.join("\n")) }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<CatalogFile>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
            continue;
        }
        let relative = path
            .strip_prefix(root)
            .map_err(|error| error.to_string())?
            .to_string_lossy()
            .replace('\\', "/");
        let bytes = fs::read(&path).map_err(|error| error.to_string())?;
        found.push(CatalogFile {
            shown: format!("catalog/{relative}").into(),
            path: relative.into(),
            bytes: bytes.into(),
        });
    }
    Ok(())
}

/// The files below `catalog/` of the book, as paths from its root.
fn generated(book: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![book.join("catalog")];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(book) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

/// The book's summary: the guide's part as `docs/guide.md` lists it, then the catalog.
fn summary(root: &Path, catalog: &Catalog) -> Result<String, String> {
    let guide = fs::read_to_string(root.join("docs/guide.md"))
        .map_err(|error| format!("docs/guide.md: {error}"))?;
    let mut out = format!("# Summary\n\n{}\n\n# The catalog\n\n", guide.trim());
    out.push_str(
        "- [Services](catalog/services.md)\n- [Where the line moves](catalog/shifts.md)\n",
    );
    let mut controls: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for control in &catalog.controls {
        controls.entry(control.service.as_str()).or_default().push(control.id.as_str());
    }
    for service in catalog.services.iter().filter(|service| service.in_depth) {
        out.push_str(&format!("- [{}](catalog/{}/index.md)\n", service.name, service.id));
        for id in controls.get(service.id.as_str()).into_iter().flatten() {
            let name = id.rsplit('/').next().unwrap_or(id);
            out.push_str(&format!("  - [{name}](catalog/{id}.md)\n"));
        }
    }
    Ok(out)
}
