//! Files of this machine: the walk over what the user named, and reading within it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use onus_ingest::{ReadError, Tree, World};
use onus_model::{Diagnostic, EcoString, Files, Span, eco_format};

/// Larger files are not read: JSON (plans, states) and others, in bytes.
const LARGEST_JSON: u64 = 4 << 30;
const LARGEST_OTHER: u64 = 64 << 20;

/// Folders that hold no infrastructure code of the user's own.
const SKIPPED_FOLDERS: &[&str] = &["node_modules", "target", "__pycache__", "venv"];

/// Hidden folders that do.
const HIDDEN_FOLDERS: &[&str] = &[".terraform", ".aws-sam"];

/// Files of this machine, as far as they belong to what the user named.
pub(crate) struct DiskWorld {
    /// Canonical folders; nothing outside of them is read.
    allowed: Vec<PathBuf>,
}

impl DiskWorld {
    /// The world of these paths: each one's repository, or where there is none, its folder.
    pub(crate) fn of(paths: &[String]) -> DiskWorld {
        let allowed =
            paths.iter().filter_map(|path| enclosing(Path::new(path))).collect::<BTreeSet<_>>();
        DiskWorld { allowed: allowed.into_iter().collect() }
    }

    fn allows(&self, canonical: &Path) -> bool {
        self.allowed.iter().any(|folder| canonical.starts_with(folder))
    }

    fn open(&self, path: &str) -> Result<(fs::File, u64), ReadError> {
        let canonical = fs::canonicalize(path).map_err(|error| explain(&error))?;
        if !self.allows(&canonical) {
            return Err(ReadError::Outside);
        }
        let file = fs::File::open(&canonical).map_err(|error| explain(&error))?;
        let about = file.metadata().map_err(|error| explain(&error))?;
        if !about.is_file() {
            return Err(ReadError::Other("not a regular file".into()));
        }
        Ok((file, about.len()))
    }
}

fn enclosing(path: &Path) -> Option<PathBuf> {
    let canonical = fs::canonicalize(path).ok()?;
    let folder = if canonical.is_dir() { canonical.as_path() } else { canonical.parent()? };
    let repository = folder.ancestors().find(|folder| folder.join(".git").exists());
    Some(repository.unwrap_or(folder).to_path_buf())
}

fn explain(error: &std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound => ReadError::NotFound,
        ErrorKind::PermissionDenied => ReadError::Denied,
        _ => ReadError::Other(eco_format!("{error}")),
    }
}

impl World for DiskWorld {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let (mut file, length) = self.open(path)?;
        let json = Path::new(path)
            .extension()
            .is_some_and(|ending| ending == "json" || ending == "tfstate");
        if length > if json { LARGEST_JSON } else { LARGEST_OTHER } {
            return Err(ReadError::TooLarge(length));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
        file.read_to_end(&mut bytes).map_err(|error| explain(&error))?;
        Ok(bytes.into())
    }

    fn head(&self, path: &str, bytes: usize) -> Result<Arc<[u8]>, ReadError> {
        let (file, _) = self.open(path)?;
        let mut head = Vec::new();
        let limit = u64::try_from(bytes).unwrap_or(u64::MAX);
        file.take(limit).read_to_end(&mut head).map_err(|error| explain(&error))?;
        Ok(head.into())
    }

    fn list(&self, folder: &str) -> Vec<EcoString> {
        let is_inside = fs::canonicalize(folder).is_ok_and(|folder| self.allows(&folder));
        let entries = if is_inside { fs::read_dir(folder) } else { return Vec::new() };
        let Ok(entries) = entries else { return Vec::new() };
        let mut names: Vec<EcoString> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let is_folder = entry.path().is_dir();
                Some(if is_folder { eco_format!("{name}/") } else { name.into() })
            })
            .collect();
        names.sort();
        names
    }
}

/// All files below `paths`, and what could not be looked into.
pub(crate) fn walk(paths: &[String], files: &Files) -> (Tree, Vec<Diagnostic>) {
    let begun = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let (found, seen) = (BTreeSet::new(), BTreeSet::new());
    let mut walker = Walker { found, begun, seen, problems: Vec::new(), files };
    for path in paths {
        let shown = shown(Path::new(path));
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => walker.folder(&shown, 0),
            Ok(_) => {
                walker.found.insert(shown);
            }
            Err(error) => {
                let message = eco_format!("cannot read {shown}: {}", explain(&error));
                walker.problems.push(Diagnostic::error(message, Span::file(files.id(&shown))));
            }
        }
    }
    (Tree { files: walker.found.into_iter().collect() }, walker.problems)
}

struct Walker<'a> {
    found: BTreeSet<EcoString>,
    /// Where the walk began, canonical: what is below is found without links.
    begun: Vec<PathBuf>,
    /// Canonical folders that were entered through a link, so that loops end.
    seen: BTreeSet<PathBuf>,
    problems: Vec<Diagnostic>,
    files: &'a Files,
}

/// Folders nested deeper than this are taken for a loop.
const DEEPEST: usize = 64;

impl Walker<'_> {
    fn folder(&mut self, path: &EcoString, depth: usize) {
        if depth > DEEPEST {
            let message = eco_format!("folders are nested more than {DEEPEST} deep");
            self.problems.push(Diagnostic::warning(message, Span::file(self.files.id(path))));
            return;
        }
        let entries = match fs::read_dir(path.as_str()) {
            Ok(entries) => entries,
            Err(error) => {
                let message = eco_format!("cannot look into the folder: {}", explain(&error));
                self.problems.push(Diagnostic::error(message, Span::file(self.files.id(path))));
                return;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let Ok(name) = entry.file_name().into_string() else {
                let message = eco_format!(
                    "the name {:?} is not UTF-8, so it was left out",
                    entry.file_name()
                );
                self.problems.push(Diagnostic::warning(message, Span::file(self.files.id(path))));
                continue;
            };
            self.entry(path, &name, &entry, depth);
        }
    }

    fn entry(&mut self, folder: &EcoString, name: &str, entry: &fs::DirEntry, depth: usize) {
        let path =
            if folder == "." { EcoString::from(name) } else { eco_format!("{folder}/{name}") };
        let Ok(kind) = entry.file_type() else { return };
        let mut is_folder = kind.is_dir();
        if kind.is_symlink() {
            match fs::canonicalize(path.as_str()) {
                Ok(target) if target.is_dir() => {
                    let is_found_anyway = self
                        .begun
                        .iter()
                        .any(|begun| target.starts_with(begun) || begun.starts_with(&target));
                    if is_found_anyway || !self.seen.insert(target) {
                        return;
                    }
                    is_folder = true;
                }
                Ok(_) => {}
                Err(error) => {
                    let message = eco_format!("the link leads nowhere: {}", explain(&error));
                    self.problems
                        .push(Diagnostic::warning(message, Span::file(self.files.id(&path))));
                    return;
                }
            }
        }
        let hidden = name.starts_with('.') && !HIDDEN_FOLDERS.contains(&name);
        if is_folder {
            if !hidden && !SKIPPED_FOLDERS.contains(&name) {
                self.folder(&path, depth + 1);
            }
        } else if !hidden {
            self.found.insert(path);
        }
    }
}

/// A path as it is shown: `/` between parts, without `.` parts.
pub(crate) fn shown(path: &Path) -> EcoString {
    let mut out = EcoString::new();
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::RootDir => {
                out.push('/');
                continue;
            }
            Component::ParentDir | Component::Normal(_) | Component::Prefix(_) => {}
        }
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(&part.as_os_str().to_string_lossy());
    }
    if out.is_empty() { ".".into() } else { out }
}
