//! Which scope of one report is which of the other: they were read from two folders, or two plans.

use std::collections::BTreeMap;

use onus_model::EcoString;

/// For each scope of `base` that has a counterpart: its path in `head`. Equal paths first, then equal
/// paths below what all have in common, then equal last parts as long as they are telling, then the
/// one left over on each side.
pub(super) fn pair(base: &[&str], head: &[&str]) -> BTreeMap<EcoString, EcoString> {
    let mut pairs = Pairs { base: base.to_vec(), head: head.to_vec(), found: BTreeMap::new() };
    pairs.by(|path, _| Some(path.to_owned()), |path, _| Some(path.to_owned()));
    pairs.by(below, below);
    let deepest = base.iter().chain(head).map(|path| path.split('/').count()).max().unwrap_or(0);
    for parts in (1..=deepest.min(64)).rev() {
        pairs.by(|path, _| ending(path, parts), |path, _| ending(path, parts));
    }
    if let ([base], [head]) = (pairs.base.as_slice(), pairs.head.as_slice()) {
        pairs.found.insert((*base).into(), (*head).into());
    }
    pairs.found
}

/// Scopes that still look for their counterpart, and those that found it.
struct Pairs<'a> {
    base: Vec<&'a str>,
    head: Vec<&'a str>,
    found: BTreeMap<EcoString, EcoString>,
}

impl Pairs<'_> {
    /// Pairs scopes whose keys are equal and, on each side, unique.
    fn by(
        &mut self,
        key_of_base: impl Fn(&str, &[&str]) -> Option<String>,
        key_of_head: impl Fn(&str, &[&str]) -> Option<String>,
    ) {
        let base = unique(&self.base, key_of_base);
        let head = unique(&self.head, key_of_head);
        for (key, path) in base {
            if let Some(other) = head.get(&key) {
                self.found.insert(path.into(), (*other).into());
                self.base.retain(|left| *left != path);
                self.head.retain(|left| left != other);
            }
        }
    }
}

fn unique<'a>(
    paths: &[&'a str],
    key: impl Fn(&str, &[&str]) -> Option<String>,
) -> BTreeMap<String, &'a str> {
    let mut seen: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for path in paths {
        if let Some(key) = key(path, paths) {
            seen.entry(key).or_default().push(path);
        }
    }
    seen.into_iter()
        .filter_map(|(key, paths)| match paths.as_slice() {
            [path] => Some((key, *path)),
            _ => None,
        })
        .collect()
}

/// The path below the folder that all paths have in common.
fn below(path: &str, all: &[&str]) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let shared = all
        .iter()
        .map(|other| other.split('/').zip(&parts).take_while(|(one, two)| one == *two).count())
        .min()?;
    Some(parts.get(shared..)?.join("/"))
}

/// The last parts of a path; `None` when it has fewer.
fn ending(path: &str, count: usize) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    Some(parts.get(parts.len().checked_sub(count)?..)?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths of base, of head, and the pairs.
    type Case =
        (&'static [&'static str], &'static [&'static str], &'static [(&'static str, &'static str)]);

    #[test]
    fn scopes_find_their_counterpart() {
        let cases: [Case; 7] = [
            (&["."], &["."], &[(".", ".")]),
            (&["base"], &["head"], &[("base", "head")]),
            (&["base.json"], &["plans/head.json"], &[("base.json", "plans/head.json")]),
            (
                &["base", "base/x"],
                &["head", "head/new", "head/x"],
                &[("base", "head"), ("base/x", "head/x")],
            ),
            (
                &["a/one/x", "a/two/x"],
                &["b/two/x", "b/one/x"],
                &[("a/one/x", "b/one/x"), ("a/two/x", "b/two/x")],
            ),
            (&["a/x", "a/y"], &["b/y"], &[("a/y", "b/y")]),
            (&["a", "b"], &["c", "d"], &[]),
        ];
        for (base, head, expected) in cases {
            let expected: BTreeMap<EcoString, EcoString> =
                expected.iter().map(|(one, two)| ((*one).into(), (*two).into())).collect();
            assert_eq!(pair(base, head), expected, "{base:?} {head:?}");
        }
    }
}
