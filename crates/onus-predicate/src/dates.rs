//! Values that end on a day: runtimes by name, versions by their first parts.

use ecow::EcoString;
use onus_model::Truth;

/// Whether the day of `text` has come. A table's "8.0" stands for "8.0.35" as well, and the longest entry decides; a
/// text that is the beginning of entries ("8" of "8.0" and "8.4") is decided where they agree. What is not in the
/// table has no day.
pub(crate) fn passed(
    text: &str,
    dates: &[(EcoString, EcoString)],
    has_come: impl Fn(&str) -> bool,
) -> Truth {
    let text = text.trim();
    let begins = |whole: &str, part: &str| {
        whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let named = dates.iter().filter(|(value, _)| begins(text, value));
    if let Some((_, day)) = named.max_by_key(|(value, _)| value.len()) {
        return has_come(day).into();
    }
    let mut longer = dates.iter().filter(|(value, _)| begins(value, text));
    let Some((_, first)) = longer.next() else { return Truth::False };
    let first: Truth = has_come(first).into();
    longer.fold(first, |agreed, (_, day)| agreed.agree(has_come(day).into()))
}

#[cfg(test)]
mod tests {
    use super::passed;
    use onus_model::Truth;

    #[test]
    fn the_longest_entry_decides_and_short_versions_only_where_entries_agree() {
        let dates = [("8.0", "2026-04-30"), ("8.4", "2029-04-30"), ("8.0.99", "2030-01-01")];
        let dates = dates.map(|(value, day)| (value.into(), day.into()));
        let cases = [
            ("8.0", "2026-04-29", Truth::False),
            ("8.0", "2026-04-30", Truth::True),
            ("8.0.35", "2026-05-01", Truth::True),
            ("8.0.99", "2026-05-01", Truth::False),
            ("8.00", "2026-05-01", Truth::False),
            ("8", "2026-05-01", Truth::Unknown),
            ("8", "2020-01-01", Truth::False),
            ("8", "2031-01-01", Truth::True),
            ("9.1", "2031-01-01", Truth::False),
        ];
        for (text, day, wanted) in cases {
            assert_eq!(passed(text, &dates, |ends| ends <= day), wanted, "{text} on {day}");
        }
    }
}
