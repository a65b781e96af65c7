//! The catalog in the binary, and the user's own beside it.

use std::path::Path;

use onus_catalog::{Catalog, CatalogFile, Loaded, load};
use onus_model::{Diagnostic, EcoString, Files, Level, Span, eco_format};

const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));

/// The catalog of the binary.
///
/// # Errors
/// When the binary is damaged.
pub(crate) fn builtin() -> Result<Catalog, Diagnostic> {
    Catalog::from_bytes(EMBEDDED).map_err(|error| {
        let message = eco_format!("the catalog in this binary cannot be read: {error}");
        Diagnostic::error(message, Span::NONE).help("build or install onus again")
    })
}

/// The catalog of the binary with the folders of the user added to it. A folder with a `model.yaml` is a whole
/// catalog and takes the place of what was there before.
///
/// # Errors
/// The mistakes in the user's folders, each with its place.
pub(crate) fn with_folders(folders: &[String], files: &Files) -> Result<Catalog, Vec<Diagnostic>> {
    let mut catalog = builtin().map_err(|error| vec![error])?;
    for folder in folders {
        let read = read_folder(folder, files)?;
        let whole = read.iter().any(|file| file.path == "model.yaml");
        let loaded = load((!whole).then_some(catalog), &read, files);
        if loaded.mistakes.iter().any(|mistake| mistake.level == Level::Error) {
            return Err(loaded.mistakes);
        }
        catalog = loaded.catalog;
    }
    Ok(catalog)
}

/// A whole catalog from a folder, in place of the binary's.
///
/// # Errors
/// When the folder cannot be read; mistakes in its files are in the result.
pub(crate) fn from_folder(folder: &str, files: &Files) -> Result<Loaded, Vec<Diagnostic>> {
    Ok(load(None, &read_folder(folder, files)?, files))
}

/// The binary's catalog with one more folder, its examples and cases included.
///
/// # Errors
/// When the folder cannot be read; mistakes in its files are in the result.
pub(crate) fn extended(folder: &str, files: &Files) -> Result<Loaded, Vec<Diagnostic>> {
    let catalog = builtin().map_err(|error| vec![error])?;
    Ok(load(Some(catalog), &read_folder(folder, files)?, files))
}

fn read_folder(folder: &str, files: &Files) -> Result<Vec<CatalogFile>, Vec<Diagnostic>> {
    let (tree, problems) = crate::disk::walk(&[folder.to_owned()], files);
    if problems.iter().any(|problem| problem.level == Level::Error) {
        return Err(problems);
    }
    let root = crate::disk::shown(Path::new(folder));
    let mut found = Vec::new();
    for path in &tree.files {
        let relative = path
            .strip_prefix(root.as_str())
            .map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
        match std::fs::read(Path::new(path.as_str())) {
            Ok(bytes) => {
                found.push(CatalogFile {
                    path: relative.into(),
                    shown: path.clone(),
                    bytes: bytes.into(),
                });
            }
            Err(error) => {
                let message: EcoString = eco_format!("cannot be read: {error}");
                return Err(vec![Diagnostic::error(message, Span::file(files.id(path)))]);
            }
        }
    }
    Ok(found)
}
