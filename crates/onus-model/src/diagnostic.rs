//! What went wrong, where, and what to do.

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something was not understood; the rest was read, and the report says what is missing.
    Warning,
    /// A file or resource could not be read.
    Error,
}

/// A message with its place. The message is one lower-case sentence in the user's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad.
    pub level: Level,
    /// What is wrong.
    pub message: EcoString,
    /// Where.
    pub span: Span,
    /// What to do about it; may be empty.
    pub help: EcoString,
}

impl Diagnostic {
    /// An error without help.
    pub fn error(message: impl Into<EcoString>, span: Span) -> Diagnostic {
        Diagnostic { level: Level::Error, message: message.into(), span, help: EcoString::new() }
    }

    /// A warning without help.
    pub fn warning(message: impl Into<EcoString>, span: Span) -> Diagnostic {
        Diagnostic { level: Level::Warning, ..Diagnostic::error(message, span) }
    }

    /// A note without help.
    pub fn note(message: impl Into<EcoString>, span: Span) -> Diagnostic {
        Diagnostic { level: Level::Note, ..Diagnostic::error(message, span) }
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<EcoString>) -> Diagnostic {
        self.help = help.into();
        self
    }
}
