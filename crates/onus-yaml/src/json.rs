//! JSON, read directly: several times faster than as YAML, which it nearly is.
//!
//! Whatever is not JSON to the letter is left to the YAML parser, which also words the errors.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{Diagnostic, FileId, Map, Node, Span, Value};

use crate::MAX_DEPTH;
use crate::scalar::json_number;

/// The one document of `text`, or `None` when this is not JSON.
pub(crate) fn parse(text: &str, file: FileId) -> Option<(Vec<Node>, Vec<Diagnostic>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, file, diagnostics: Vec::new() };
    reader.space();
    if !matches!(reader.peek()?, b'{' | b'[') {
        return None;
    }
    let span = reader.span();
    let node = reader.value(span, MAX_DEPTH)?;
    reader.space();
    if reader.at < text.len() {
        return None;
    }
    Some((vec![node], reader.diagnostics))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
    }

    fn span(&self) -> Span {
        let before = self.text.get(self.line_start..self.at).unwrap_or("");
        let column = if before.is_ascii() { before.len() } else { before.chars().count() };
        Span::new(self.file, self.line, u32::try_from(column + 1).unwrap_or(u32::MAX))
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Value, span: Span) -> Option<Node> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            Node::new(value, span)
        })
    }

    /// A value; `place` is where a collection counts as written (its key).
    fn value(&mut self, place: Span, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        let byte = self.peek()?;
        match byte {
            b'{' => self.object(place, depth),
            b'[' => self.array(place, depth),
            b'"' => {
                let span = self.span();
                let text = self.string()?;
                Some(Node::new(Value::String(text), span))
            }
            b't' => self.word("true", Value::Bool(true), self.span()),
            b'f' => self.word("false", Value::Bool(false), self.span()),
            b'n' => self.word("null", Value::Absent, self.span()),
            b'-' | b'0'..=b'9' => {
                let span = self.span();
                let rest = self.text.get(self.at..)?;
                let part =
                    |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let end = rest.bytes().position(|byte| !part(byte)).unwrap_or(rest.len());
                let text = rest.get(..end)?;
                let digits = text.strip_prefix('-').unwrap_or(text);
                let leading = digits.len() > 1
                    && digits.starts_with('0')
                    && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
                self.at += end;
                if leading { None } else { Some(Node::new(json_number(text)?, span)) }
            }
            _ => None,
        }
    }

    fn object(&mut self, place: Span, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut map = Map::default();
        self.space();
        if self.take(b'}').is_none() {
            loop {
                self.space();
                let span = self.span();
                let key = self.string()?;
                self.space();
                self.take(b':')?;
                self.space();
                let value = self.value(span, depth)?;
                if map.entries.contains_key(&key) {
                    self.diagnostics.push(crate::build::duplicate(&key, span));
                }
                map.entries.insert(key, value);
                self.space();
                if self.take(b',').is_none() {
                    self.take(b'}')?;
                    break;
                }
            }
        }
        Some(Node::new(Value::Map(Arc::new(map)), place))
    }

    fn array(&mut self, place: Span, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']').is_none() {
            loop {
                self.space();
                let span = self.span();
                items.push(self.value(span, depth)?);
                self.space();
                if self.take(b',').is_none() {
                    self.take(b']')?;
                    break;
                }
            }
        }
        Some(Node::list(items, place))
    }

    fn string(&mut self) -> Option<EcoString> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    let text = self.text.get(start..self.at)?;
                    self.at += 1;
                    return Some(text.into());
                }
                b'\\' => return self.escaped(start),
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// The rest of a string with escapes, of which the text from `start` to here is known.
    fn escaped(&mut self, start: usize) -> Option<EcoString> {
        let mut out = String::from(self.text.get(start..self.at)?);
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(out.into());
                }
                b'\\' => {
                    self.at += 1;
                    let escape = self.peek()?;
                    self.at += 1;
                    out.push(match escape {
                        b'"' => '"',
                        b'\\' => '\\',
                        b'/' => '/',
                        b'b' => '\u{8}',
                        b'f' => '\u{c}',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        b'u' => self.unicode()?,
                        _ => return None,
                    });
                }
                0..0x20 => return None,
                _ => {
                    let rest = self.text.get(self.at..)?;
                    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
                    let end = rest.bytes().position(|byte| !plain(byte)).unwrap_or(rest.len());
                    out.push_str(rest.get(..end)?);
                    self.at += end;
                }
            }
        }
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        self.take(b'\\')?;
        self.take(b'u')?;
        let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        u32::from_str_radix(digits, 16).ok()
    }
}
