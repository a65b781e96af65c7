//! Comma-separated values after RFC 4180, safe to open in a spreadsheet.

/// Appends a field. A value that a spreadsheet would run as a formula gets an apostrophe before it.
fn push(record: &mut String, text: &str) {
    let harmless =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b':' | b' ');
    if text.bytes().all(harmless) {
        record.push_str(text);
        return;
    }
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    let quoted = formula || text.contains(['"', ',', '\n', '\r', '\'', ';', '\t']);
    if quoted {
        record.push('"');
    }
    if formula {
        record.push('\'');
    }
    for c in text.chars() {
        match c {
            '"' => record.push_str("\"\""),
            '\n' | '\r' | '\t' => record.push(c),
            c if c.is_control() => record.push('\u{fffd}'),
            c => record.push(c),
        }
    }
    if quoted {
        record.push('"');
    }
}

/// A record, with the line break that RFC 4180 asks for.
pub(crate) fn record<T: AsRef<str>>(fields: &[T]) -> String {
    let mut record = String::with_capacity(256);
    for (place, text) in fields.iter().enumerate() {
        if place > 0 {
            record.push(',');
        }
        push(&mut record, text.as_ref());
    }
    record.push_str("\r\n");
    record
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
            assert_eq!(record(&[text, "x"]), format!("{expected},x\r\n"));
        }
    }
}
