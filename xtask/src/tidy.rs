//! The house rules that a machine can check.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The crates in their order: each uses only those before it.
const ORDER: &[&str] = &[
    "onus-model",
    "onus-yaml",
    "onus-predicate",
    "onus-catalog",
    "onus-ingest",
    "onus-facts",
    "onus-terraform",
    "onus-cloudformation",
    "onus-assess",
    "onus-report",
    "onus",
];

/// Crates that may not know each other, although the order would let them.
const STRANGERS: &[(&str, &str)] = &[
    ("onus-ingest", "onus-catalog"),
    ("onus-terraform", "onus-catalog"),
    ("onus-terraform", "onus-facts"),
    ("onus-cloudformation", "onus-catalog"),
    ("onus-cloudformation", "onus-facts"),
    ("onus-cloudformation", "onus-terraform"),
    ("onus-assess", "onus-facts"),
    ("onus-assess", "onus-ingest"),
    ("onus-assess", "onus-terraform"),
    ("onus-assess", "onus-cloudformation"),
    ("onus-report", "onus-assess"),
    ("onus-report", "onus-catalog"),
];

fn dependencies() -> BTreeMap<String, Vec<String>> {
    let crates = crate::root().join("crates");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(crates).unwrap() {
        let manifest = entry.unwrap().path().join("Cargo.toml");
        let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let uses = manifest.get("dependencies").and_then(|table| table.as_table()).unwrap();
        found.insert(name, uses.keys().filter(|name| name.starts_with("onus")).cloned().collect());
    }
    found
}

#[test]
fn crates_use_only_those_before_them() {
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    for (name, uses) in dependencies() {
        let own =
            rank(&name).unwrap_or_else(|| panic!("{name} has no place in the order of crates"));
        for used in &uses {
            assert!(rank(used).unwrap() < own, "{name} uses {used}, which comes after it");
            let pair = (name.as_str(), used.as_str());
            assert!(!STRANGERS.contains(&pair), "{name} may not know {used}");
        }
    }
}

#[test]
fn sources_open_with_their_purpose() {
    for file in rust_files(&crate::root()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("//!"),
            "{}: the first line does not say what the file is for",
            file.display()
        );
    }
}

#[test]
fn exceptions_in_the_program_are_expected_ones() {
    // Put together here, so that this file does not find itself.
    let allow = ["#[", "allow("].concat();
    let allow_all = ["#![", "allow("].concat();
    for file in rust_files(&crate::root()) {
        // What several test binaries share is not used alike in each of them.
        if file.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains(&allow) && !text.contains(&allow_all),
            "{}: write #[expect(…, reason)]",
            file.display()
        );
    }
}

fn rust_files(root: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.join("crates"), root.join("xtask")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}
