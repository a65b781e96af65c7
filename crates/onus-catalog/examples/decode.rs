//! How long the embedded form of the catalog takes to decode: `decode CATALOG_FOLDER`. For `docs/src/speed.md`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use onus_catalog::{Catalog, CatalogFile, load};
use onus_model::Files;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "catalog".to_owned());
    let mut found = Vec::new();
    collect(Path::new(&folder), Path::new(&folder), &mut found)?;
    let bytes: &[u8] = load(None, &found, &Files::default()).catalog.to_bytes()?.leak();
    let mut times = Vec::new();
    for _ in 0..201 {
        let began = Instant::now();
        let catalog = Catalog::from_bytes(bytes)?;
        times.push(began.elapsed());
        drop(catalog);
    }
    times.sort();
    let (first, median) = (times.first().copied(), times.get(100).copied());
    println!("{} KiB; best {first:?}, median {median:?} of 201", bytes.len() >> 10);
    Ok(())
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<CatalogFile>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else {
            let shown = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let bytes = std::fs::read(&path)?.into();
            found.push(CatalogFile { path: shown.as_str().into(), shown: shown.into(), bytes });
        }
    }
    Ok(())
}
