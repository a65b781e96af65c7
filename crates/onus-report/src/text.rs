//! Text for a terminal: made safe, measured, wrapped and cut.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Whether a character would steer the terminal, or reorder text around it, instead of being shown.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text in one line, with nothing in it that steers a terminal: what an input holds is shown,
/// never obeyed.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if steers(c) => shown.push('\u{fffd}'),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Columns that the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns`, with `…` where it was cut.
pub(crate) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// The end of the text in at most `columns`, with `…` where it was cut: for paths and addresses,
/// whose last part says most.
pub(crate) fn cut_start(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    Cow::Owned(kept.into_iter().rev().collect())
}

/// The words of the text in lines of at most `columns`; a longer word has a line of its own.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += wide;
    }
    if used > 0 {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        for hostile in ["\u{1b}[2Jx", "a\r\nb", "\u{202e}gnp.exe", "\u{7}\u{9b}31m", "a\tb"] {
            assert!(!plain(hostile).contains(steers), "{hostile:?}");
        }
        assert_eq!(plain("a\nb 🦀 \"<'"), "a b 🦀 \"<'");
    }

    #[test]
    fn no_line_is_wider_than_asked_unless_one_word_is() {
        let text =
            "AWS publishes patched engine versions; you choose the 窓口 and watch that it happened";
        for columns in 1..90 {
            for line in wrap(text, columns) {
                assert!(width(&line) <= columns || !line.contains(' '), "{columns}: {line}");
            }
            assert_eq!(wrap(text, columns).join(" "), text);
            assert!(width(&cut(text, columns)) <= columns);
            assert!(width(&cut_start(text, columns)) <= columns);
        }
    }
}
