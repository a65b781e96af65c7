//! The text of a document, and the lines on which its parts stand.

use onus_model::{FileId, Span};

/// How many bytes are counted as one when lines are looked up.
const STRIDE: usize = 16 * 1024;

/// A document.
pub(super) struct Text<'a> {
    text: &'a str,
    file: FileId,
    /// The lines that end before each stride.
    lines: Vec<u32>,
}

fn line_ends(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

impl<'a> Text<'a> {
    /// The text of a file.
    pub(super) fn new(text: &'a str, file: FileId) -> Text<'a> {
        let mut lines = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut before = 0_u32;
        for stride in text.as_bytes().chunks(STRIDE) {
            lines.push(before);
            before = before.saturating_add(line_ends(stride));
        }
        Text { text, file, lines }
    }

    /// Where `part`, a slice of this text, begins.
    pub(super) fn place(&self, part: &str) -> Span {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let start = offset / STRIDE * STRIDE;
        let (Some(before), Some(bytes)) =
            (self.lines.get(offset / STRIDE), self.text.as_bytes().get(start..offset))
        else {
            return Span::file(self.file);
        };
        Span::new(self.file, before.saturating_add(line_ends(bytes)).saturating_add(1), 1)
    }

    /// Where an error within `part` is.
    pub(super) fn error(&self, part: &str, error: &serde_json::Error) -> Span {
        let start = self.place(part);
        let below = u32::try_from(error.line().saturating_sub(1)).unwrap_or(0);
        let column = u32::try_from(error.column()).unwrap_or(0);
        Span::new(self.file, start.line.saturating_add(below), column)
    }
}
