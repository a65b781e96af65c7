//! Lines on a screen of a given width: headings, rows, flowing words.

use std::io::{self, Write};

use super::paint::{Look, Paint};
use crate::text::{plain, width, wrap};

/// Where a terminal report is written.
pub(crate) struct Screen<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) paint: Paint,
    pub(crate) width: usize,
}

/// A piece of a flowing line that is not broken: its columns, and how it is painted.
pub(crate) struct Word {
    pub(crate) columns: usize,
    pub(crate) painted: String,
}

impl<'a> Screen<'a> {
    /// A screen of that many columns; fewer than 60 are not laid out for.
    pub(crate) fn new(out: &'a mut dyn Write, color: bool, columns: u16) -> Screen<'a> {
        Screen { out, paint: Paint { color }, width: usize::from(columns.clamp(60, 140)) }
    }

    /// One line as it is; trailing blanks are left out.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.trim_end())
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) -> io::Result<()> {
        self.line("")
    }

    /// A heading, with a rule to the right edge.
    pub(crate) fn heading(&mut self, title: &str) -> io::Result<()> {
        let rule = "─".repeat(self.width.saturating_sub(width(title) + 1));
        let title = self.paint.text(Look::Strong, title);
        let rule = self.paint.text(Look::Faint, &rule);
        self.gap()?;
        self.line(&format!("{title} {rule}"))
    }

    /// Text at the left, and a note at the right edge, or on a line of its own where both do not fit.
    pub(crate) fn sides(
        &mut self,
        indent: usize,
        left: &[(Look, &str)],
        right: &[(Look, &str)],
    ) -> io::Result<()> {
        let columns = |parts: &[(Look, &str)]| -> usize {
            parts.iter().map(|(_, text)| width(&plain(text))).sum()
        };
        let (left_columns, right_columns) = (columns(left), columns(right));
        let (left, right) = (self.painted(left), self.painted(right));
        if indent + left_columns + 2 + right_columns > self.width && right_columns > 0 {
            self.line(&format!("{:indent$}{left}", ""))?;
            let before = self.width.saturating_sub(right_columns).max(indent + 2);
            return self.line(&format!("{:before$}{right}", ""));
        }
        let between = self.width.saturating_sub(indent + left_columns + right_columns);
        self.line(&format!("{:indent$}{left}{:between$}{right}", "", ""))
    }

    fn painted(&self, parts: &[(Look, &str)]) -> String {
        parts.iter().map(|(look, text)| self.paint.text(*look, &plain(text))).collect()
    }

    /// A word of a flowing line.
    pub(crate) fn word(&self, look: Look, text: &str) -> Word {
        let text = plain(text);
        Word { columns: width(&text), painted: self.paint.text(look, &text) }
    }

    /// A label and then words, wrapped and aligned behind it.
    pub(crate) fn flow(
        &mut self,
        indent: usize,
        label: (Look, &str),
        label_columns: usize,
        words: &[Word],
    ) -> io::Result<()> {
        let start = indent + label_columns;
        let pad = label_columns.saturating_sub(width(label.1));
        let label = self.paint.text(label.0, label.1);
        let mut line = format!("{:indent$}{label}{:pad$}", "", "");
        let mut used = start;
        for word in words {
            if used > start && used + 1 + word.columns > self.width {
                self.line(&line)?;
                line = " ".repeat(start);
                used = start;
            } else if used > start {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word.painted);
            used += word.columns;
        }
        self.line(&line)
    }

    /// A label and then running text.
    pub(crate) fn prose(
        &mut self,
        indent: usize,
        label: (Look, &str),
        label_columns: usize,
        look: Look,
        text: &str,
    ) -> io::Result<()> {
        let columns = self.width.saturating_sub(indent + label_columns).max(20);
        let mut label = label;
        for line in wrap(&plain(text), columns) {
            let word = self.word(look, &line);
            self.flow(indent, label, label_columns, &[word])?;
            label = (Look::Plain, "");
        }
        Ok(())
    }

    /// That a list goes on.
    pub(crate) fn more(&mut self, indent: usize, count: usize, where_to: &str) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let text = format!("and {} more{where_to}", crate::words::thousands(count));
        self.sides(indent, &[(Look::Faint, &text)], &[])
    }
}
