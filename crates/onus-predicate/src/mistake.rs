//! What is wrong with the text of a predicate.

use ecow::EcoString;

/// A mistake in the text of a predicate, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, in one lower-case sentence.
    pub message: EcoString,
    /// Where it begins: bytes from the start of the text.
    pub offset: u32,
    /// Line of the text, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What to do about it; may be empty.
    pub help: EcoString,
}

impl Mistake {
    /// A mistake at a byte of the text; [`Mistake::locate`] gives it line and column.
    pub(crate) fn new(offset: u32, message: impl Into<EcoString>) -> Mistake {
        Mistake { message: message.into(), offset, line: 1, column: 1, help: EcoString::new() }
    }

    /// The same mistake with help.
    pub(crate) fn help(mut self, help: impl Into<EcoString>) -> Mistake {
        self.help = help.into();
        self
    }

    /// The same mistake with the line and column of its offset in `text`.
    pub(crate) fn locate(mut self, text: &str) -> Mistake {
        let before = text.get(..self.offset as usize).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.line = count(before.matches('\n').count() + 1);
        self.column = count(before.get(line_start..).map_or(0, |l| l.chars().count()) + 1);
        self
    }
}
