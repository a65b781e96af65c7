//! Predicates over several lines, for pages.

/// Shorter predicates stay on one line.
const LINE: usize = 80;

/// The text, broken before `&&` and `||` where they are not nested deeply.
pub(crate) fn lines(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.len() <= LINE {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        let operator = next == ' ' && !quoted && depth <= 1 && {
            let after = rest.as_str();
            after.starts_with("&& ") || after.starts_with("|| ")
        };
        if operator {
            out.push('\n');
            out.push_str(&"  ".repeat(depth + 1));
            continue;
        }
        match next {
            '"' if !escaped => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = quoted && next == '\\' && !escaped;
        out.push(next);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn long_predicates_break_at_operators_and_never_within_text() {
        let name = "a_fact_with_a_long_name";
        let cases = [
            ("a && b".to_owned(), "a && b".to_owned()),
            (
                format!(
                    "{name} == \"x && y\" && ({name} > 1 || ({name} < 3 && {name} != 2)) || other"
                ),
                format!(
                    "{name} == \"x && y\"\n  && ({name} > 1\n    || ({name} < 3 && {name} != 2))\n  || other"
                ),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(&text), expected);
        }
    }
}
