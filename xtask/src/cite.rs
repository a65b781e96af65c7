//! The sources of a page: cited by number in its text, each listed once at its end.

use std::fmt::Write;

use onus_model::Basis;

/// What a page has cited so far.
#[derive(Default)]
pub(crate) struct Sources {
    listed: Vec<Basis>,
}

impl Sources {
    /// The numbers of these sources, each a link.
    pub(crate) fn cite(&mut self, all: &[Basis]) -> String {
        let mut numbers = Vec::with_capacity(all.len());
        for basis in all {
            let at = self.listed.iter().position(|known| known == basis).unwrap_or_else(|| {
                self.listed.push(basis.clone());
                self.listed.len() - 1
            });
            numbers.push(format!("[{}]({})", at + 1, basis.url));
        }
        numbers.join(", ")
    }

    /// The list that the numbers stand for.
    pub(crate) fn list(&self, out: &mut String) {
        if self.listed.is_empty() {
            return;
        }
        out.push_str("\n## Sources\n\n");
        for (at, basis) in self.listed.iter().enumerate() {
            let _ = writeln!(out, "{}. <{}>, read {}", at + 1, basis.url, basis.as_of);
        }
    }
}
