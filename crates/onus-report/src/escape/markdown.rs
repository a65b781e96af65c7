//! GitHub-flavoured Markdown, after the CommonMark rules for backslash escapes and code spans.

use crate::text::plain;

/// Running text, in one line. Unlike in [`cell`] a `|` needs no escape, and gets one all the same.
pub(crate) fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in plain(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$'
        ) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// Running text in a cell of a table.
pub(crate) fn cell(words: &str) -> String {
    text(words)
}

/// A code span that also fits in a cell of a table. Fenced by more backticks than the text has in a
/// row, so that nothing in it ends it.
pub(crate) fn code(text: &str) -> String {
    let shown = plain(text).replace('|', "\\|");
    if shown.trim().is_empty() {
        return String::new();
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// A block of code of a language.
pub(crate) fn block(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<_> = text.lines().map(plain).collect();
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_code_span_or_a_cell() {
        assert_eq!(code("a`b|c\nd"), "`` a`b\\|c d ``");
        assert_eq!(code(" "), "");
        assert_eq!(text("<b>[x](y)|"), "\\<b\\>\\[x\\](y)\\|");
        assert_eq!(block("hcl", "a\n```\nb"), "````hcl\na\n```\nb\n````");
    }
}
