//! Walking over the text: white space, comments, words, places, limits.

use ecow::EcoString;
use onus_model::{Diagnostic, Span};

/// How deep expressions, templates and blocks may be nested.
pub(super) const DEPTH_LIMIT: u32 = 128;

/// Errors after which the rest of a file is not looked at.
const ERROR_LIMIT: usize = 100;

/// Reading stopped: what is wrong and where.
pub(super) type Parsed<T> = Result<T, Box<Diagnostic>>;

/// A position in a text, with all that parsing needs to know there.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Reading stops here: the end of the text, or of the heredoc being read.
    pub(super) end: usize,
    /// Line ends separate things here; inside brackets they do not.
    pub(super) lines_matter: bool,
    pub(super) depth: u32,
    /// A bracket is never closed: blocks around it cannot be told apart from what follows.
    pub(super) unbalanced: bool,
    known: Known,
    diagnostics: Vec<Diagnostic>,
}

/// A place that was worked out last: offsets ask in ascending order, so each byte is counted once.
struct Known {
    offset: usize,
    span: Span,
}

impl<'t> Cursor<'t> {
    /// At the beginning of `text`, which stands at `span`. A byte-order mark is skipped.
    pub(super) fn new(text: &'t str, span: Span) -> Cursor<'t> {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Cursor {
            text,
            at,
            end: text.len(),
            lines_matter: true,
            depth: 0,
            unbalanced: false,
            known: Known { offset: at, span },
            diagnostics: Vec::new(),
        }
    }

    /// What went wrong.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Notes an error; false when there were too many to go on.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> bool {
        self.diagnostics.push(diagnostic);
        self.diagnostics.len() < ERROR_LIMIT
    }

    /// The place of the cursor.
    pub(super) fn span(&mut self) -> Span {
        self.span_at(self.at)
    }

    /// The place of an offset.
    pub(super) fn span_at(&mut self, offset: usize) -> Span {
        if offset < self.known.offset {
            return self.earlier_span(offset);
        }
        let passed = self.text.get(self.known.offset..offset).unwrap_or_default();
        advance(&mut self.known.span, passed);
        self.known.offset = offset;
        self.known.span
    }

    /// The place of an offset before the one last asked for; only errors need it.
    fn earlier_span(&self, offset: usize) -> Span {
        let between = self.text.get(offset..self.known.offset).unwrap_or_default();
        let mut span = self.known.span;
        let line_ends = between.bytes().filter(|&byte| byte == b'\n').count();
        span.line = span.line.saturating_sub(u32::try_from(line_ends).unwrap_or(u32::MAX)).max(1);
        let before = self.text.get(..offset).unwrap_or_default();
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        span.column = u32::try_from(column).unwrap_or(u32::MAX);
        span
    }

    /// An error at the cursor.
    pub(super) fn error<T>(&mut self, message: impl Into<EcoString>) -> Parsed<T> {
        let span = self.span();
        Err(Box::new(Diagnostic::error(message, span)))
    }

    /// The byte at the cursor; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// The byte some places on; 0 at the end.
    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at >= self.end { 0 } else { self.text.as_bytes().get(at).copied().unwrap_or(0) }
    }

    /// Nothing is left.
    pub(super) fn is_end(&self) -> bool {
        self.at >= self.end
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// The text between two offsets.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Goes over `token` if it is next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().as_bytes().starts_with(token.as_bytes());
        if found {
            self.at += token.len();
        }
        found
    }

    /// Goes over white space and comments, and over line ends where they do not matter.
    pub(super) fn skip(&mut self) {
        self.skip_space(!self.lines_matter);
    }

    /// Goes over white space, comments and line ends.
    pub(super) fn skip_lines(&mut self) {
        self.skip_space(true);
    }

    fn skip_space(&mut self, line_ends: bool) {
        loop {
            match self.peek() {
                b' ' | b'\t' => self.at += 1,
                b'\r' if line_ends || self.peek_at(1) == b'\n' => self.at += 1,
                b'\n' if line_ends => self.at += 1,
                b'#' => self.skip_line(),
                b'/' if self.peek_at(1) == b'/' => self.skip_line(),
                b'/' if self.peek_at(1) == b'*' => match self.rest().find("*/") {
                    Some(length) => self.at += length + 2,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// Goes to the end of the line, before its end mark.
    pub(super) fn skip_line(&mut self) {
        self.at = match self.rest().bytes().position(|byte| byte == b'\n') {
            Some(length) => self.at + length,
            None => self.end,
        };
    }

    /// A word, if one is next.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let length = word_length(rest);
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        Some(word)
    }

    /// The word that is next, left where it is.
    pub(super) fn peek_word(&self) -> &'t str {
        let rest = self.rest();
        rest.get(..word_length(rest)).unwrap_or_default()
    }

    /// One level deeper, with line ends mattering or not, and back again.
    pub(super) fn nested<T>(
        &mut self,
        lines_matter: bool,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        if self.depth >= DEPTH_LIMIT {
            return self.error("nested more deeply than onus reads");
        }
        let before = std::mem::replace(&mut self.lines_matter, lines_matter);
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        self.lines_matter = before;
        result
    }
}

/// The length in bytes of the word at the beginning of `text`; 0 when there is none.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let plain = bytes
        .iter()
        .position(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'))
        .unwrap_or(bytes.len());
    if bytes.get(plain).is_none_or(|&byte| byte < 0x80) {
        let starts = bytes.first().is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_');
        return if starts { plain } else { 0 };
    }
    let mut length = 0;
    for c in text.chars() {
        let fits = c.is_alphabetic() || c == '_';
        let goes_on = length > 0 && (c.is_alphanumeric() || c == '-');
        if !fits && !goes_on {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// Moves `span` over `text`.
fn advance(span: &mut Span, text: &str) {
    for byte in text.bytes() {
        if byte == b'\n' {
            span.line = span.line.saturating_add(1);
            span.column = 1;
        } else if byte & 0xc0 != 0x80 {
            span.column = span.column.saturating_add(1);
        }
    }
}
