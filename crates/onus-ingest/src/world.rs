//! The one door to files.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ecow::EcoString;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// The system refused.
    Denied,
    /// Larger than the limit, in bytes.
    TooLarge(u64),
    /// The path leads out of what the user named.
    Outside,
    /// A folder where a file was wanted, a device, a broken link: the system's words.
    Other(EcoString),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotFound => f.write_str("no such file"),
            ReadError::Denied => f.write_str("permission denied"),
            ReadError::TooLarge(bytes) => {
                write!(f, "{bytes} bytes, more than onus reads of one file")
            }
            ReadError::Outside => f.write_str("the path leads outside of what was named"),
            ReadError::Other(words) => f.write_str(words),
        }
    }
}

/// Where files come from.
pub trait World: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// When there is no such file, or it may not be or should not be read.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError>;

    /// The first bytes of a file, at most `bytes` of them: enough to tell what it is.
    ///
    /// # Errors
    /// As [`World::read`].
    fn head(&self, path: &str, bytes: usize) -> Result<Arc<[u8]>, ReadError> {
        let all = self.read(path)?;
        Ok(all.get(..bytes).map_or_else(|| all.clone(), Into::into))
    }

    /// The names in a folder, ascending; folders end with `/`. Empty when there is no such folder.
    fn list(&self, folder: &str) -> Vec<EcoString>;
}

/// Files in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<EcoString, Arc<[u8]>>,
}

impl MemoryWorld {
    /// These files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> MemoryWorld {
        MemoryWorld {
            files: files
                .into_iter()
                .map(|(path, text)| (path.into(), text.as_bytes().into()))
                .collect(),
        }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: &str, bytes: &[u8]) {
        self.files.insert(path.into(), bytes.into());
    }

    /// All its files.
    pub fn tree(&self) -> crate::Tree {
        crate::Tree { files: self.files.keys().cloned().collect() }
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.files.get(path).cloned().ok_or(ReadError::NotFound)
    }

    fn list(&self, folder: &str) -> Vec<EcoString> {
        let prefix =
            if folder.is_empty() || folder == "." { String::new() } else { format!("{folder}/") };
        let mut names: Vec<EcoString> = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(prefix.as_str()))
            .map(|rest| match rest.split_once('/') {
                Some((folder, _)) => ecow::eco_format!("{folder}/"),
                None => rest.into(),
            })
            .collect();
        names.dedup();
        names
    }
}
