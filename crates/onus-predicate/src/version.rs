//! Versions as numbers with dots between them.

use std::cmp::Ordering;

use onus_model::Truth;

/// Whether `text` is nothing but numbers with dots between them.
pub(crate) fn is_plain(text: &str) -> bool {
    text.split('.').all(|part| {
        part.len() <= 9
            && part.parse::<u32>().is_ok_and(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether `version` is `wanted` or later. Parts that `version` does not name are not decided: "8.0"
/// may be 8.0.35 or 8.0.36. It ends where something else than a number begins, so that
/// "8.0.mysql_aurora.3.04.0" names two parts.
pub(crate) fn at_least(version: &str, wanted: &str) -> Truth {
    let version = version.trim().trim_start_matches(['v', 'V']);
    let mut named = version.split('.');
    let mut ended = false;
    let mut wanted = wanted.split('.').map(|part| part.parse::<u64>().unwrap_or(0)).peekable();
    while let Some(part) = wanted.next() {
        let number =
            if ended { None } else { named.next().and_then(|text| leading(text, &mut ended)) };
        let Some(number) = number else {
            // Whatever follows, it is at least nothing.
            let only_zeros = part == 0 && wanted.all(|part| part == 0);
            return if only_zeros { Truth::True } else { Truth::Unknown };
        };
        match number.cmp(&part) {
            Ordering::Greater => return Truth::True,
            Ordering::Less => return Truth::False,
            Ordering::Equal => {}
        }
    }
    Truth::True
}

/// The number that a part begins with. `ended` is set when more than a number stands there.
fn leading(part: &str, ended: &mut bool) -> Option<u64> {
    let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    *ended = digits < part.len();
    part.get(..digits)?.parse().ok()
}
