//! The patterns of `fileset`: `*`, `**`, `?`, `[a-z]`, `{a,b}`.

/// The longest pattern, in bytes.
pub(super) const MAX_PATTERN: usize = 512;

/// The most patterns that the braces of one pattern stand for.
const MAX_ALTERNATIVES: usize = 64;

/// Whether `path` matches `pattern`.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    alternatives(pattern).iter().any(|pattern| {
        let wanted: Vec<Vec<char>> = pattern.split('/').map(|p| p.chars().collect()).collect();
        path_matches(&wanted, &parts)
    })
}

/// The pattern with its braces written out.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(pattern) = open.pop() {
        match braces(&pattern) {
            Some((before, inner, after)) if open.len() + done.len() < MAX_ALTERNATIVES => {
                open.extend(inner.split(',').map(|one| format!("{before}{one}{after}")));
            }
            _ => done.push(pattern),
        }
    }
    done
}

/// The text around and within the last pair of braces, which has no others in it.
fn braces(pattern: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = pattern.rsplit_once('{')?;
    let (inner, after) = rest.split_once('}')?;
    Some((before, inner, after))
}

/// Row by row over the parts of the path, so that many `**` cost no more than one.
fn path_matches(pattern: &[Vec<char>], parts: &[&str]) -> bool {
    let mut reached = vec![false; parts.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for wanted in pattern {
        let mut next = vec![false; parts.len() + 1];
        let any = wanted.as_slice() == ['*', '*'];
        let mut before = false;
        for (index, slot) in next.iter_mut().enumerate() {
            let here = reached.get(index).copied().unwrap_or(false);
            if any {
                before |= here;
                *slot = before;
            } else if let Some(previous) = index.checked_sub(1) {
                let part = parts.get(previous).copied().unwrap_or_default();
                let from = reached.get(previous).copied().unwrap_or(false);
                *slot = from && part_matches(wanted, part);
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// One part of a path, again row by row.
fn part_matches(pattern: &[char], part: &str) -> bool {
    let part: Vec<char> = part.chars().collect();
    let mut reached = vec![false; part.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut rest = pattern;
    while let Some((symbol, after)) = rest.split_first() {
        rest = after;
        let class = if *symbol == '[' { class(after) } else { None };
        if let Some((_, after)) = &class {
            rest = after;
        }
        let mut next = vec![false; part.len() + 1];
        let mut before = false;
        for (index, slot) in next.iter_mut().enumerate() {
            before |= reached.get(index).copied().unwrap_or(false);
            let from = index.checked_sub(1);
            let from_here = from.and_then(|at| reached.get(at)).copied().unwrap_or(false);
            let c = from.and_then(|at| part.get(at)).copied();
            *slot = match (symbol, &class, c) {
                ('*', _, _) => before,
                ('?', _, Some(_)) => from_here,
                (_, Some((class, _)), Some(c)) => from_here && in_class(class, c),
                (_, None, Some(c)) => from_here && c == *symbol,
                (_, _, None) => false,
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// The inside of `[…]` and what follows it.
fn class(after: &[char]) -> Option<(&[char], &[char])> {
    let end = after.iter().position(|c| *c == ']')?;
    Some((after.get(..end)?, after.get(end + 1..)?))
}

fn in_class(class: &[char], c: char) -> bool {
    let (negated, mut class) = match class.split_first() {
        Some(('^' | '!', rest)) => (true, rest),
        _ => (false, class),
    };
    let mut inside = false;
    while let Some((first, after)) = class.split_first() {
        if let ['-', last, rest @ ..] = after {
            inside |= (*first..=*last).contains(&c);
            class = rest;
        } else {
            inside |= *first == c;
            class = after;
        }
    }
    inside != negated
}
