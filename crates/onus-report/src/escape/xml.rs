//! XML 1.0 and HTML text.

/// Text or an attribute's value. Characters that XML 1.0 does not have become U+FFFD.
pub(crate) fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_ends_a_text_or_an_attribute() {
        assert_eq!(
            super::text("]]><a b='\"&\u{0}\u{fffe}\n"),
            "]]&gt;&lt;a b=&#39;&quot;&amp;\u{fffd}\u{fffd}\n"
        );
    }
}
