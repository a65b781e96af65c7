//! Checks the catalog and turns it into the form that the binary embeds.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use onus_catalog::CatalogFile;
use onus_model::{Files, Level};

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let folder = manifest.join("../../catalog");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut found = Vec::new();
    collect(&folder, &folder, &mut found)?;
    let files = Files::default();
    let loaded = onus_catalog::load(None, &found, &files);
    let mut wrong = 0;
    for mistake in loaded.mistakes.iter().filter(|mistake| mistake.level == Level::Error) {
        println!(
            "cargo::error={}: {} {}",
            files.display(mistake.span),
            mistake.message,
            mistake.help
        );
        wrong += 1;
    }
    if wrong > 0 {
        return Err(format!("{wrong} mistakes in the catalog").into());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("catalog.bin");
    fs::write(out, loaded.catalog.to_bytes()?)?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<CatalogFile>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else {
            let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let shown = format!("catalog/{relative}");
            found.push(CatalogFile {
                path: relative.into(),
                shown: shown.into(),
                bytes: fs::read(&path)?.into(),
            });
        }
    }
    Ok(())
}
