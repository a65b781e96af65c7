//! Files, blocks and attributes, and how reading goes on after an error.

use ecow::{EcoString, eco_format};
use onus_model::Diagnostic;

use super::ast::{Attribute, Block, Body};
use super::cursor::{Cursor, Parsed};

/// One thing in a body.
enum Item {
    Attribute(Attribute),
    Block(Block),
}

impl Cursor<'_> {
    /// A whole file.
    pub(super) fn file(&mut self) -> Body {
        let mut body = Body::default();
        while let Err(error) = self.items(&mut body, false) {
            self.unbalanced = false;
            let goes_on = self.report(*error);
            if !goes_on || !self.skip_to_line_start() {
                break;
            }
        }
        body
    }

    /// Items up to the closing brace, which is left, or to the end of the text.
    fn items(&mut self, body: &mut Body, in_block: bool) -> Parsed<()> {
        loop {
            self.skip_lines();
            if self.is_end() || (in_block && self.peek() == b'}') {
                return Ok(());
            }
            let start = self.at;
            match self.item().and_then(|item| self.line_end().map(|()| item)) {
                Ok(Item::Attribute(attribute)) => body.attributes.push(attribute),
                Ok(Item::Block(block)) => body.blocks.push(block),
                Err(error) => self.recover(start, error)?,
            }
        }
    }

    /// After an error in the item that began at `start`: goes to the line after it when its brackets
    /// are balanced, else hands the error on.
    fn recover(&mut self, start: usize, error: Box<Diagnostic>) -> Parsed<()> {
        if self.unbalanced {
            return Err(error);
        }
        let Some(next) = self.end_of_item(start, self.at) else { return Err(error) };
        if !self.report(*error) {
            self.at = self.end;
            return Ok(());
        }
        self.at = next;
        Ok(())
    }

    /// The end of the line on which all brackets opened since `start` are closed again, at or after
    /// `beyond`. Texts and comments are stepped over roughly.
    fn end_of_item(&mut self, start: usize, beyond: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (mut at, mut open) = (start, 0_u32);
        while at < self.end {
            match bytes.get(at).copied().unwrap_or(0) {
                b'{' | b'[' | b'(' => open += 1,
                b'}' | b']' | b')' => open = open.checked_sub(1)?,
                b'"' => at = end_of_text(bytes, at),
                b'#' => at = end_of_line(bytes, at).saturating_sub(1),
                b'\n' if open == 0 && at >= beyond => return Some(at),
                _ => {}
            }
            at += 1;
        }
        self.unbalanced = open > 0;
        None
    }

    /// Goes to the next line that begins with a word in its first column; false when there is none.
    fn skip_to_line_start(&mut self) -> bool {
        // An open bracket is often noticed at the beginning of the next block.
        let before = self.at.checked_sub(1).map(|before| self.slice(before, self.at));
        if before == Some("\n") && !self.peek_word().is_empty() {
            return true;
        }
        loop {
            self.skip_line();
            if self.is_end() {
                return false;
            }
            self.at += 1;
            if !self.peek_word().is_empty() {
                return true;
            }
        }
    }

    fn item(&mut self) -> Parsed<Item> {
        let span = self.span();
        let Some(name) = self.word().map(EcoString::from) else {
            return self.error("expected the name of an argument or a block here");
        };
        self.skip();
        if self.peek() == b'=' && self.peek_at(1) != b'=' {
            self.at += 1;
            let value = self.expression()?;
            return Ok(Item::Attribute(Attribute { name, span, value }));
        }
        let mut labels = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                b'{' => break,
                b'"' => labels.push(self.label()?),
                _ => match self.word() {
                    Some(word) => labels.push(word.into()),
                    None => {
                        return self.error(eco_format!(
                            "expected `=` for an argument or `{{` for a block after `{name}`"
                        ));
                    }
                },
            }
        }
        self.at += 1;
        let body = self.nested(true, Self::block_body)?;
        Ok(Item::Block(Block { kind: name, labels, span, body }))
    }

    /// What follows the opening brace, with the closing one.
    fn block_body(&mut self) -> Parsed<Body> {
        let mut body = Body::default();
        self.skip();
        if matches!(self.peek(), b'\n' | b'}') || self.is_end() {
            self.items(&mut body, true)?;
            if self.is_end() {
                let span = self.span();
                let error = Diagnostic::error("the file ends within a block", span)
                    .help("close it with `}`");
                self.report(error);
                return Ok(body);
            }
        } else {
            let Item::Attribute(attribute) = self.item()? else {
                return self.error("a block on one line can hold one argument and no blocks");
            };
            body.attributes.push(attribute);
            self.skip();
        }
        if self.eat("}") {
            Ok(body)
        } else {
            self.error("a block on one line holds one argument: expected `}` here")
        }
    }

    /// The end of the line after an item.
    fn line_end(&mut self) -> Parsed<()> {
        self.skip();
        if self.is_end() || self.eat("\n") {
            return Ok(());
        }
        self.error("expected the end of the line here")
    }
}

/// The offset of the quote that ends the text beginning at `at`, or of the end of its line.
fn end_of_text(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'"' => return end,
            b'\n' => return end - 1,
            _ => {}
        }
        end += 1;
    }
    end
}

/// The offset of the next line end.
fn end_of_line(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length)
}
