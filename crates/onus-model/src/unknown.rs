//! Values that could not be resolved: why not, what is still known of them, what would settle them.

use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// Why a value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A variable or parameter without a value.
    Input,
    /// A data source, import or lookup that only a provider can answer.
    Lookup,
    /// Computed by the provider when the change is applied.
    Computed,
    /// A module, template or file that was not there to read.
    Missing,
    /// A function that is impure, or that onus does not know.
    Function,
    /// The source has no place for it.
    NotCollected,
    /// The source was not allowed to tell.
    Denied,
    /// Known to the source and withheld from reports because it is sensitive.
    Redacted,
    /// It depends on itself.
    Cycle,
    /// What is written is wrong; a diagnostic says how.
    Invalid,
    /// Working it out would have gone beyond a limit of the program.
    Limit,
}

/// A value that is not known, with all that is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Why.
    pub reason: Reason,
    /// What would settle it, in the user's words: `var.kms_key_arn`, `parameter Env`,
    /// `data.aws_ami.base.id`, `aws_kms_key.main.arn`. Blockers are grouped by this text.
    pub settles: EcoString,
    /// It is known to be set (not null, not absent, not empty), although not to what.
    pub set: bool,
    /// For text: its known parts in order, with holes; empty when nothing is known.
    pub pieces: Vec<Piece>,
    /// For text put together of known and unknown parts: how, each part by its name. Values with the same recipe
    /// are the same value; empty where the source does not tell.
    pub recipe: EcoString,
}

/// A part of a partly known text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters.
    Text(EcoString),
    /// Any characters, possibly none.
    Hole,
}

impl Unknown {
    /// Not known at all, perhaps not even set.
    pub fn new(reason: Reason, settles: impl Into<EcoString>) -> Unknown {
        Unknown {
            reason,
            settles: settles.into(),
            set: false,
            pieces: Vec::new(),
            recipe: EcoString::new(),
        }
    }

    /// Set, but to what is not known.
    pub fn set(reason: Reason, settles: impl Into<EcoString>) -> Unknown {
        Unknown { set: true, ..Unknown::new(reason, settles) }
    }
}

/// That a value was taken from an attribute of another resource of the same scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// The address of the resource, as the source writes it.
    pub target: EcoString,
    /// The attribute that was read, in the source's own name; empty for the resource as a whole.
    pub attribute: EcoString,
}
