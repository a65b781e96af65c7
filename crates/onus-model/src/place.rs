//! Where something stands: a file, a line, a column.

use std::sync::Mutex;

use ecow::EcoString;
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// A file of the run, as registered in [`Files`]. `FileId::NONE` is "no file".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct FileId(u32);

impl FileId {
    /// No file: values that the program made itself.
    pub const NONE: FileId = FileId(0);
}

/// A place in a source. `line` and `column` count from 1; 0 means "the file as a whole".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Span {
    /// A place that is in no file.
    pub const NONE: Span = Span { file: FileId::NONE, line: 0, column: 0 };

    /// The place at `line` and `column` (both from 1) of `file`.
    pub fn new(file: FileId, line: u32, column: u32) -> Span {
        Span { file, line, column }
    }

    /// The file as a whole.
    pub fn file(file: FileId) -> Span {
        Span { file, line: 0, column: 0 }
    }
}

/// The paths of one run, each registered once. Shared between threads: the numbers depend on the
/// order of registration, so order output by path, never by [`FileId`].
#[derive(Debug, Default)]
pub struct Files {
    paths: Mutex<IndexSet<EcoString, FxBuildHasher>>,
}

impl Files {
    /// The id of `path`, registering it at first sight. `path` is relative to where the run began,
    /// with `/` between its parts.
    pub fn id(&self, path: &str) -> FileId {
        let mut paths = match self.paths.lock() {
            Ok(paths) => paths,
            Err(poisoned) => poisoned.into_inner(),
        };
        let index = match paths.get_index_of(path) {
            Some(index) => index,
            None => paths.insert_full(path.into()).0,
        };
        FileId(u32::try_from(index).unwrap_or(u32::MAX - 1).saturating_add(1))
    }

    /// The path of `file`; empty for [`FileId::NONE`].
    pub fn path(&self, file: FileId) -> EcoString {
        let paths = match self.paths.lock() {
            Ok(paths) => paths,
            Err(poisoned) => poisoned.into_inner(),
        };
        let index = usize::try_from(file.0).unwrap_or(0);
        index.checked_sub(1).and_then(|index| paths.get_index(index)).cloned().unwrap_or_default()
    }

    /// `path:line` as people and editors write it, `path` alone for a whole file.
    pub fn display(&self, span: Span) -> EcoString {
        let path = self.path(span.file);
        if span.line == 0 { path } else { ecow::eco_format!("{path}:{}", span.line) }
    }
}
