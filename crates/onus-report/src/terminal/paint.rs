//! Colour and weight. Nothing is said by colour alone: every colour has a word or a mark beside it.

use onus_model::{Severity, Status, Verdict};

/// A look of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Strong,
    Faint,
    Worst,
    Bad,
    Doubt,
    Good,
    Name,
}

/// Paints, or leaves plain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    /// The text in that look.
    pub(crate) fn text(self, look: Look, text: &str) -> String {
        let code = match look {
            Look::Plain => "",
            Look::Strong => "1",
            Look::Faint => "2",
            Look::Worst => "1;31",
            Look::Bad => "31",
            Look::Doubt => "33",
            Look::Good => "32",
            Look::Name => "36",
        };
        if self.color && !code.is_empty() && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The look of a severity.
pub(crate) fn severity(severity: Severity) -> Look {
    match severity {
        Severity::Critical => Look::Worst,
        Severity::High => Look::Bad,
        Severity::Medium => Look::Doubt,
        Severity::Low => Look::Name,
    }
}

/// The look of a status.
pub(crate) fn status(status: Option<Status>) -> Look {
    match status {
        Some(Status::NotSatisfied) => Look::Bad,
        Some(Status::Unknown) => Look::Doubt,
        Some(Status::Satisfied) => Look::Good,
        Some(Status::Unverified) | None => Look::Plain,
    }
}

/// The mark of a verdict.
pub(crate) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotSatisfied => "✗",
        Verdict::Unknown => "?",
        Verdict::Satisfied => "✓",
        Verdict::NotApplicable => "·",
    }
}
