//! "Did you mean": the known name that is nearest to a mistyped one.

use ecow::EcoString;

/// Help that names the nearest of `names`, or says what there is.
pub(super) fn suggestion(wrong: &str, names: &[EcoString], kind: &str) -> EcoString {
    let nearest = names
        .iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(far, _)| *far <= 1 + wrong.len() / 4)
        .min();
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?").into(),
        None if names.is_empty() => format!("there are no {kind}").into(),
        None => {
            let shown: Vec<&str> = names.iter().take(12).map(EcoString::as_str).collect();
            let more = if names.len() > shown.len() { ", …" } else { "" };
            format!("{kind}: {}{more}", shown.join(", ")).into()
        }
    }
}

/// Levenshtein's distance, in one row. Names longer than 64 bytes are as far as can be.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(b.bytes()) {
            let cost = (diagonal + usize::from(from != to)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
    }
    row.last().copied().unwrap_or(0)
}
