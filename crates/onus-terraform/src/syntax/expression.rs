//! Expressions: operators by binding strength, traversals, brackets, calls.

use ecow::{EcoString, eco_format};
use onus_model::Diagnostic;

use super::ast::{Call, Conditional, Expr, ExprKind, For, Operator, Step};
use super::cursor::{Cursor, Parsed};

/// How many operators one expression may have in a row.
const CHAIN_LIMIT: u32 = 256;

impl Cursor<'_> {
    /// An expression and nothing else.
    pub(super) fn whole_expression(mut self) -> Result<Expr, Diagnostic> {
        self.lines_matter = false;
        let expression = self.expression().map_err(|error| *error)?;
        self.skip();
        if self.is_end() {
            return Ok(expression);
        }
        match self.error("expected the end of the expression here") {
            Ok(never) => Ok(never),
            Err(error) => Err(*error),
        }
    }

    /// An expression; line ends matter as they do where it stands.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(self.lines_matter, Self::conditional)
    }

    fn conditional(&mut self) -> Parsed<Expr> {
        let when = self.binary(0)?;
        self.skip();
        if !self.eat("?") {
            return Ok(when);
        }
        let span = when.span;
        let then = self.expression()?;
        self.skip();
        if !self.eat(":") {
            return self.error("expected `:` and the value for when the condition does not hold");
        }
        let otherwise = self.expression()?;
        let kind = ExprKind::Conditional(Box::new(Conditional { when, then, otherwise }));
        Ok(Expr { span, kind })
    }

    fn binary(&mut self, at_least: u8) -> Parsed<Expr> {
        let mut left = self.unary()?;
        let mut chain = 0;
        loop {
            self.skip();
            let Some((operator, length)) = self.operator() else { return Ok(left) };
            if operator.binding() <= at_least {
                return Ok(left);
            }
            chain += 1;
            if chain > CHAIN_LIMIT {
                return self.error("more operators in one expression than onus reads");
            }
            self.at += length;
            let right = self.binary(operator.binding())?;
            left =
                Expr { span: left.span, kind: ExprKind::Binary(operator, Box::new((left, right))) };
        }
    }

    /// The operator at the cursor and its length.
    fn operator(&self) -> Option<(Operator, usize)> {
        Some(match (self.peek(), self.peek_at(1)) {
            (b'|', b'|') => (Operator::Or, 2),
            (b'&', b'&') => (Operator::And, 2),
            (b'=', b'=') => (Operator::Equal, 2),
            (b'!', b'=') => (Operator::NotEqual, 2),
            (b'<', b'=') => (Operator::LessEqual, 2),
            (b'>', b'=') => (Operator::GreaterEqual, 2),
            (b'<', _) => (Operator::Less, 1),
            (b'>', _) => (Operator::Greater, 1),
            (b'+', _) => (Operator::Add, 1),
            (b'-', _) => (Operator::Subtract, 1),
            (b'*', _) => (Operator::Multiply, 1),
            (b'/', _) => (Operator::Divide, 1),
            (b'%', after) if after != b'{' => (Operator::Remainder, 1),
            _ => return None,
        })
    }

    fn unary(&mut self) -> Parsed<Expr> {
        self.skip();
        let span = self.span();
        let wrap: fn(Box<Expr>) -> ExprKind = match self.peek() {
            b'-' => ExprKind::Negate,
            b'!' => ExprKind::Not,
            _ => return self.traversal(),
        };
        self.at += 1;
        let operand = self.nested(self.lines_matter, Self::unary)?;
        Ok(Expr { span, kind: wrap(Box::new(operand)) })
    }

    fn traversal(&mut self) -> Parsed<Expr> {
        let of = self.term()?;
        let mut steps = Vec::new();
        loop {
            let before = self.at;
            self.skip();
            match self.peek() {
                b'.' if self.peek_at(1) != b'.' => self.dot_steps(&mut steps)?,
                b'[' => {
                    self.at += 1;
                    let step = self.nested(false, Self::bracket_step)?;
                    steps.push(step);
                }
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        if steps.is_empty() {
            return Ok(of);
        }
        Ok(Expr { span: of.span, kind: ExprKind::Traversal(Box::new(of), steps) })
    }

    fn dot_steps(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        self.at += 1;
        self.skip();
        if self.eat("*") {
            steps.push(Step::AttributeSplat);
            return Ok(());
        }
        if self.peek().is_ascii_digit() {
            let span = self.span();
            let start = self.at;
            while self.peek().is_ascii_digit() {
                self.at += 1;
            }
            let number = self.slice(start, self.at).parse().unwrap_or(f64::MAX);
            steps.push(Step::Index(Expr { span, kind: ExprKind::Number(number) }));
            return Ok(());
        }
        match self.word() {
            Some(name) => steps.push(Step::Attribute(name.into())),
            None => return self.error("expected the name of an attribute after `.`"),
        }
        Ok(())
    }

    fn bracket_step(&mut self) -> Parsed<Step> {
        self.skip();
        let step = if self.peek() == b'*' {
            self.at += 1;
            Step::Splat
        } else {
            Step::Index(self.expression()?)
        };
        self.skip();
        if self.eat("]") { Ok(step) } else { self.error("expected `]` after the index") }
    }

    fn term(&mut self) -> Parsed<Expr> {
        let span = self.span();
        let kind = match self.peek() {
            b'"' => self.quoted()?,
            b'<' if self.peek_at(1) == b'<' => self.heredoc()?,
            b'(' => {
                self.at += 1;
                self.nested(false, Self::parens)?
            }
            b'[' => {
                self.at += 1;
                self.nested(false, Self::tuple)?
            }
            b'{' => {
                self.at += 1;
                self.nested(true, Self::object)?
            }
            byte if byte.is_ascii_digit() => self.number()?,
            _ => match self.word() {
                Some(word) => self.word_term(word)?,
                None => return self.error("expected a value here"),
            },
        };
        Ok(Expr { span, kind })
    }

    fn parens(&mut self) -> Parsed<ExprKind> {
        let inner = self.expression()?;
        self.skip();
        if self.eat(")") {
            Ok(ExprKind::Parens(Box::new(inner)))
        } else {
            self.error("expected `)` here")
        }
    }

    fn number(&mut self) -> Parsed<ExprKind> {
        let start = self.at;
        self.digits();
        if self.peek() == b'.' && self.peek_at(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(), b'e' | b'E') {
            let signed = usize::from(matches!(self.peek_at(1), b'+' | b'-'));
            if self.peek_at(1 + signed).is_ascii_digit() {
                self.at += 1 + signed;
                self.digits();
            }
        }
        if !self.peek_word().is_empty() {
            return self.error("a number cannot be followed by letters");
        }
        Ok(ExprKind::Number(self.slice(start, self.at).parse().unwrap_or(0.0)))
    }

    fn digits(&mut self) {
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
    }

    fn word_term(&mut self, word: &str) -> Parsed<ExprKind> {
        let after = self.at;
        self.skip();
        let mut name = EcoString::from(word);
        while self.eat("::") {
            self.skip();
            let Some(part) = self.word() else {
                return self.error("expected the name of a function after `::`");
            };
            name = eco_format!("{name}::{part}");
            self.skip();
            if self.peek() != b'(' && !self.rest().starts_with("::") {
                return self.error("expected `(` after the name of a function");
            }
        }
        if self.eat("(") {
            return self.nested(false, |cursor| cursor.call(name));
        }
        self.at = after;
        Ok(match word {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => ExprKind::Name(name),
        })
    }

    fn call(&mut self, name: EcoString) -> Parsed<ExprKind> {
        let mut arguments = Vec::new();
        let mut spread = false;
        loop {
            self.skip();
            if self.eat(")") {
                break;
            }
            arguments.push(self.expression()?);
            self.skip();
            if self.eat("...") {
                spread = true;
                self.skip();
                self.eat(",");
                self.skip();
                if !self.eat(")") {
                    return self.error("expected `)` after `...`");
                }
                break;
            }
            if !self.eat(",") && self.peek() != b')' {
                return self.error(eco_format!("expected `,` or `)` in the arguments of `{name}`"));
            }
        }
        Ok(ExprKind::Call(Box::new(Call { name, arguments, spread })))
    }

    fn tuple(&mut self) -> Parsed<ExprKind> {
        self.skip();
        if self.peek_word() == "for" {
            return self.for_expression(b']');
        }
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.eat("]") {
                return Ok(ExprKind::Tuple(items));
            }
            items.push(self.expression()?);
            self.skip();
            if !self.eat(",") && self.peek() != b']' {
                return self.error("expected `,` or `]` after an element of a list");
            }
        }
    }

    fn object(&mut self) -> Parsed<ExprKind> {
        self.skip_lines();
        if self.peek_word() == "for" {
            return self.nested(false, |cursor| cursor.for_expression(b'}'));
        }
        let mut entries = Vec::new();
        loop {
            self.skip_lines();
            if self.eat("}") {
                return Ok(ExprKind::Object(entries));
            }
            let mut key = self.expression()?;
            if let ExprKind::Name(word) = &key.kind {
                key.kind = ExprKind::Text(word.clone());
            }
            self.skip();
            if !self.eat("=") && !self.eat(":") {
                return self.error("expected `=` or `:` after a key");
            }
            let value = self.expression()?;
            entries.push((key, value));
            self.skip();
            if !self.eat(",") && !matches!(self.peek(), b'\n' | b'}') {
                return self.error("expected `,`, a new line or `}` after an entry of an object");
            }
        }
    }

    fn for_expression(&mut self, close: u8) -> Parsed<ExprKind> {
        let is_object = close == b'}';
        let (key_name, value_name, of) = self.for_intro()?;
        if !self.eat(":") {
            return self.error("expected `:` after what `for` goes through");
        }
        let mut value = self.expression()?;
        let mut key = None;
        self.skip();
        if self.eat("=>") {
            key = Some(std::mem::replace(&mut value, self.expression()?));
        }
        if key.is_some() != is_object {
            return self.error("`{for …}` needs `key => value`, and `[for …]` a value alone");
        }
        self.skip();
        let group = self.eat("...");
        self.skip();
        let when = match self.peek_word() {
            "if" => {
                self.word();
                Some(self.expression()?)
            }
            _ => None,
        };
        self.skip();
        if self.peek() != close {
            return self.error("expected the end of the `for` expression here");
        }
        self.at += 1;
        let whole = For { key_name, value_name, of, key, value, group, when };
        Ok(ExprKind::For(Box::new(whole)))
    }

    /// `for k, v in x`.
    pub(super) fn for_intro(&mut self) -> Parsed<(Option<EcoString>, EcoString, Expr)> {
        self.word();
        let mut key_name = None;
        self.skip();
        let Some(mut value_name) = self.word().map(EcoString::from) else {
            return self.error("expected a name after `for`");
        };
        self.skip();
        if self.eat(",") {
            self.skip();
            let Some(second) = self.word() else {
                return self.error("expected a second name after `,`");
            };
            key_name = Some(std::mem::replace(&mut value_name, second.into()));
            self.skip();
        }
        if self.word() != Some("in") {
            return self.error("expected `in` after the names of `for`");
        }
        let of = self.expression()?;
        self.skip();
        Ok((key_name, value_name, of))
    }
}
