//! Texts with holes: quoted, heredocs, whole files.

use ecow::{EcoString, EcoVec};
use onus_model::Diagnostic;

use super::ast::{Expr, ExprKind, For, Part};
use super::cursor::{Cursor, Parsed};

/// Where the text of a template comes from, which decides what is special in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Between quotes: backslashes escape, and the line must not end.
    Quoted,
    /// A heredoc or a file; the indentation that is taken from each line.
    Raw { indent: usize },
}

/// A flat piece of a template, before `if` and `for` are put together.
enum Token {
    Text(EcoString),
    Value(Expr),
    If(Expr),
    Else,
    EndIf,
    For(Option<EcoString>, EcoString, Expr),
    EndFor,
}

impl Cursor<'_> {
    /// All of the text as a template.
    pub(super) fn whole_template(mut self) -> Result<Expr, Diagnostic> {
        let span = self.span();
        let parts = self.template(Form::Raw { indent: 0 }).map_err(|error| *error)?;
        Ok(Expr { span, kind: simplify(parts) })
    }

    /// A quoted text.
    pub(super) fn quoted(&mut self) -> Parsed<ExprKind> {
        self.at += 1;
        let parts = self.template(Form::Quoted)?;
        if !self.eat("\"") {
            return self.error("this text has no closing quote on its line");
        }
        Ok(simplify(parts))
    }

    /// A label of a block: quoted, without holes.
    pub(super) fn label(&mut self) -> Parsed<EcoString> {
        match self.quoted()? {
            ExprKind::Text(text) => Ok(text),
            _ => self.error("a label cannot have `${…}` in it"),
        }
    }

    /// `<<EOT` or `<<-EOT`.
    pub(super) fn heredoc(&mut self) -> Parsed<ExprKind> {
        let start = self.at;
        self.at += 2;
        let flush = self.eat("-");
        let Some(marker) = self.word() else {
            self.at = start;
            return self.error("expected the name of the end mark after `<<`");
        };
        self.eat("\r");
        if !self.eat("\n") {
            return self.error("expected the end of the line after the mark of a heredoc");
        }
        let Some((length, indent)) = heredoc_extent(self.rest(), marker) else {
            self.at = start;
            return self.error(ecow::eco_format!("this text has no line `{marker}` to end it"));
        };
        let outer_end = std::mem::replace(&mut self.end, self.at + length);
        let parts = self.template(Form::Raw { indent: if flush { indent } else { 0 } });
        let end = std::mem::replace(&mut self.end, outer_end);
        let kind = simplify(parts?);
        self.at = end;
        while matches!(self.peek(), b' ' | b'\t') {
            self.at += 1;
        }
        self.at += marker.len();
        // A heredoc without holes and with one is text all the same: it always ends with its line.
        Ok(kind)
    }

    fn template(&mut self, form: Form) -> Parsed<Vec<Part>> {
        let mut tokens = self.tokens(form)?.into_iter();
        let parts = self.assemble(&mut tokens, &mut None, 0)?;
        Ok(parts)
    }

    /// Goes through a template once; white space next to `~` is taken away here.
    fn tokens(&mut self, form: Form) -> Parsed<Vec<Token>> {
        let mut tokens = Vec::new();
        let mut trim_next = false;
        loop {
            let mut text = self.literal(form)?;
            if std::mem::take(&mut trim_next) {
                text = text.trim_start().into();
            }
            let opened = self.eat("${") || self.peek() == b'%';
            let directive = opened && self.eat("%{");
            if opened && self.eat("~") {
                text = text.trim_end().into();
            }
            if !text.is_empty() {
                tokens.push(Token::Text(text));
            }
            if !opened {
                return Ok(tokens);
            }
            let token = self.nested(false, |cursor| {
                if directive {
                    return cursor.directive();
                }
                cursor.expression().map(Token::Value)
            })?;
            tokens.push(token);
            self.skip_lines();
            trim_next = self.eat("~");
            if !self.eat("}") {
                return self.error("expected `}` at the end of `${…}`");
            }
        }
    }

    fn directive(&mut self) -> Parsed<Token> {
        self.skip();
        match self.peek_word() {
            "for" => self.for_intro().map(|(key, value, of)| Token::For(key, value, of)),
            "if" => {
                self.word();
                self.expression().map(Token::If)
            }
            "else" => {
                self.word();
                Ok(Token::Else)
            }
            "endif" => {
                self.word();
                Ok(Token::EndIf)
            }
            "endfor" => {
                self.word();
                Ok(Token::EndFor)
            }
            _ => self.error("expected `if`, `else`, `endif`, `for` or `endfor` after `%{`"),
        }
    }

    /// Parts up to the token that ends this level, which is put into `ended_by`.
    fn assemble(
        &mut self,
        tokens: &mut impl Iterator<Item = Token>,
        ended_by: &mut Option<Token>,
        level: u32,
    ) -> Parsed<Vec<Part>> {
        if level > super::cursor::DEPTH_LIMIT {
            return self.error("nested more deeply than onus reads");
        }
        let mut parts = Vec::new();
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(text) => parts.push(Part::Text(text)),
                Token::Value(value) => parts.push(Part::Value(value)),
                Token::If(when) => {
                    let mut end = None;
                    let then = self.assemble(tokens, &mut end, level + 1)?;
                    let otherwise = match end {
                        Some(Token::Else) => self.assemble(tokens, &mut end, level + 1)?,
                        _ => Vec::new(),
                    };
                    if !matches!(end, Some(Token::EndIf)) {
                        return self.error("`%{if …}` needs a `%{endif}`");
                    }
                    parts.push(Part::If(Box::new((when, then, otherwise))));
                }
                Token::For(key_name, value_name, of) => {
                    let mut end = None;
                    let within = self.assemble(tokens, &mut end, level + 1)?;
                    if !matches!(end, Some(Token::EndFor)) {
                        return self.error("`%{for …}` needs an `%{endfor}`");
                    }
                    let value = Expr { span: of.span, kind: ExprKind::Template(within) };
                    let (key, group, when) = (None, false, None);
                    let whole = For { key_name, value_name, of, key, value, group, when };
                    parts.push(Part::For(Box::new(whole)));
                }
                end if level > 0 => {
                    *ended_by = Some(end);
                    return Ok(parts);
                }
                _ => return self.error("`%{else}`, `%{endif}` or `%{endfor}` without a beginning"),
            }
        }
        *ended_by = None;
        Ok(parts)
    }

    /// Text up to a hole or the end.
    fn literal(&mut self, form: Form) -> Parsed<EcoString> {
        let bytes = self.text.as_bytes();
        let mut text = EcoVec::<u8>::new();
        let mut from = self.at;
        if let Form::Raw { indent } = form
            && (self.at == 0 || bytes.get(self.at - 1) == Some(&b'\n'))
        {
            self.dedent(indent);
            from = self.at;
        }
        while !self.is_end() {
            match (self.peek(), form) {
                (b'"', Form::Quoted) => break,
                (b'\n', Form::Quoted) => {
                    return self.error("a quoted text cannot go over several lines");
                }
                (b'\n', Form::Raw { indent }) if indent > 0 => {
                    self.at += 1;
                    text.extend_from_slice(bytes.get(from..self.at).unwrap_or_default());
                    self.dedent(indent);
                    from = self.at;
                }
                (b'\\', Form::Quoted) => {
                    text.extend_from_slice(bytes.get(from..self.at).unwrap_or_default());
                    let c = self.escape()?;
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    from = self.at;
                }
                (mark @ (b'$' | b'%'), _) if self.peek_at(1) == b'{' => {
                    // `$${` is the text `${`.
                    if self.at > from && bytes.get(self.at - 1) == Some(&mark) {
                        let kept = bytes.get(from..self.at - 1).unwrap_or_default();
                        text.extend_from_slice(kept);
                        from = self.at;
                        self.at += 2;
                    } else {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        text.extend_from_slice(bytes.get(from..self.at).unwrap_or_default());
        Ok(std::str::from_utf8(&text).map(EcoString::from).unwrap_or_default())
    }

    /// Goes over up to `indent` spaces at the beginning of a line.
    fn dedent(&mut self, indent: usize) {
        for _ in 0..indent {
            if matches!(self.peek(), b' ' | b'\t') {
                self.at += 1;
            }
        }
    }

    /// The character that a backslash and what follows it stand for.
    fn escape(&mut self) -> Parsed<char> {
        let digits = match self.peek_at(1) {
            b'n' => return self.escaped('\n'),
            b'r' => return self.escaped('\r'),
            b't' => return self.escaped('\t'),
            b'"' => return self.escaped('"'),
            b'\\' => return self.escaped('\\'),
            b'u' => 4,
            b'U' => 8,
            _ => return self.error("no such escape; a backslash itself is written `\\\\`"),
        };
        let code = u32::from_str_radix(self.slice(self.at + 2, self.at + 2 + digits), 16);
        let Some(c) = code.ok().map(|code| char::from_u32(code).unwrap_or('\u{fffd}')) else {
            return self.error("expected the hexadecimal number of a character");
        };
        self.at += 2 + digits;
        Ok(c)
    }

    fn escaped(&mut self, c: char) -> Parsed<char> {
        self.at += 2;
        Ok(c)
    }
}

/// The simplest expression that says the same as these parts.
fn simplify(mut parts: Vec<Part>) -> ExprKind {
    if parts.len() > 1 {
        return ExprKind::Template(parts);
    }
    match parts.pop() {
        None => ExprKind::Text(EcoString::new()),
        Some(Part::Text(text)) => ExprKind::Text(text),
        Some(Part::Value(value)) => ExprKind::Parens(Box::new(value)),
        Some(part) => ExprKind::Template(vec![part]),
    }
}

/// The length of a heredoc's text up to the line of its end mark, and the smallest indentation of its
/// lines.
fn heredoc_extent(text: &str, marker: &str) -> Option<(usize, usize)> {
    let mut length = 0;
    let mut indent = usize::MAX;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed == marker {
            return Some((length, if indent == usize::MAX { 0 } else { indent }));
        }
        if !trimmed.is_empty() {
            let spaces = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            indent = indent.min(spaces);
        }
        length += line.len();
    }
    None
}
