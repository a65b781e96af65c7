//! What every source does: recognise its roots among the files, and read one root.

use ecow::EcoString;
use onus_model::{Files, RawEstate};

use crate::World;

/// All files below what the user named, as `/`-separated paths in ascending order. Hidden folders
/// are left out but for `.terraform/modules`.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The paths.
    pub files: Vec<EcoString>,
}

/// One thing to read: a root module, a template, a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its folder or file; the path of the scope.
    pub path: EcoString,
    /// The files of the tree that belong to it, those of the modules that it calls included.
    pub files: Vec<EcoString>,
    /// Why it was taken for that, in a few words: `root module: no other module calls it`.
    pub because: EcoString,
}

/// A kind of input.
pub trait Source: Sync {
    /// The published name of what it reads: `terraform`, `cloudformation`.
    fn name(&self) -> &'static str;

    /// The roots among the files of the tree, in ascending order of path. A file that looks like its
    /// kind but cannot be parsed is a root all the same: [`Source::read`] then says what is wrong.
    fn find(&self, world: &dyn World, files: &Files, tree: &Tree) -> Vec<Root>;

    /// Reads one root. Never fails: what could not be read is in the result's diagnostics and `unread`.
    /// Usually one scope; several where one root holds several (a CDK assembly, nested stacks).
    fn read(&self, world: &dyn World, files: &Files, root: &Root) -> Vec<RawEstate>;
}
