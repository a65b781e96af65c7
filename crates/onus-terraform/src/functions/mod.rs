//! The functions of the Terraform language, one file a family.
//!
//! [`call`] evaluates a function over nodes that may be unknown in whole or in part, and keeps all that
//! is certain. `try` and `can` are not here: they decide whether their arguments are evaluated at all,
//! which only the evaluator can do.

mod call;
mod collection;
pub(crate) mod convert;
mod dispatch;
mod encoding;
mod file;
mod format;
mod glob;
mod hash;
mod json;
mod network;
mod numeric;
mod pattern;
pub(crate) mod pieces;
mod placeholder;
mod provider;
mod sets;
mod string;
#[cfg(test)]
mod tests;
mod time;
mod types;
mod yaml;

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use onus_ingest::ReadError;
use onus_model::{Map, Node, Span};

pub(crate) use call::Stop;
pub(crate) use dispatch::{call, exists};
pub(crate) use json::decode as decode_json;
#[cfg(test)]
pub(crate) use json::encoded_text;

/// What functions ask of the evaluator: files, and the rendering of templates.
pub(crate) trait FunctionWorld {
    /// The bytes of the file that an argument names: a path as the configuration writes it, relative to
    /// the folder of the root module.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError>;

    /// The names in a folder (a path as for [`FunctionWorld::read`]), ascending; folders end with `/`.
    fn list(&self, folder: &str) -> Vec<EcoString>;

    /// Evaluates `text` as a template in which only `variables` can be named.
    fn render_template(&self, text: &str, variables: &Map, span: Span) -> Result<Node, CallError>;
}

/// Why a call failed, in the user's words. Terraform would refuse the configuration, or take the next
/// argument of an enclosing `try`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallError {
    /// One lower-case sentence.
    pub(crate) message: EcoString,
}

impl CallError {
    /// With this message.
    pub(crate) fn new(message: impl Into<EcoString>) -> CallError {
        CallError { message: message.into() }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
