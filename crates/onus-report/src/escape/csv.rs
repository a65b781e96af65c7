//! Comma-separated values after RFC 4180, safe to open in a spreadsheet.

/// A field. A value that a spreadsheet would run as a formula gets an apostrophe before it.
pub(crate) fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@']);
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { '\u{fffd}' } else { c })
        .collect();
    let shown = if formula { format!("'{shown}") } else { shown };
    if shown.contains(['"', ',', '\n', '\r', '\'', ';', '\t']) || formula {
        format!("\"{}\"", shown.replace('"', "\"\""))
    } else {
        shown
    }
}

/// A record, with the line break that RFC 4180 asks for.
pub(crate) fn record<T: AsRef<str>>(fields: &[T]) -> String {
    let fields: Vec<String> = fields.iter().map(|text| field(text.as_ref())).collect();
    fields.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            (" +1", "\"' +1\""),
            ("@x", "\"'@x\""),
            ("a\nb", "\"a\nb\""),
            ("a\u{0}b", "a\u{fffd}b"),
        ] {
            assert_eq!(field(text), expected);
        }
    }
}
