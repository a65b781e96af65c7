//! Tokens to an expression, by operator precedence (Pratt's method).

use ecow::EcoString;

use crate::ast::{Comparison, Expr, Kind};
use crate::lexer::{Token, tokens};
use crate::mistake::Mistake;

/// The longest text that is taken, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// The deepest nesting that is taken.
pub(crate) const MAX_DEPTH: u16 = 64;

/// The expression that `text` spells.
pub(crate) fn parse(text: &str) -> Result<Expr, Mistake> {
    if text.len() > MAX_TEXT {
        return Err(Mistake::new(0, format!("the predicate is longer than {MAX_TEXT} bytes"))
            .help("split it into several controls"));
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
    let expr = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => Err(Mistake::new(parser.at(), format!("{} is not expected here", shown(other)))
            .help("join conditions with && or ||")),
    }
}

/// An operator that stands between its operands.
enum Infix {
    Conditional,
    Or,
    And,
    Compare(Comparison),
    In,
}

impl Infix {
    fn of(token: &Token) -> Option<Infix> {
        Some(match token {
            Token::Sign("?") => Infix::Conditional,
            Token::Sign("||") => Infix::Or,
            Token::Sign("&&") => Infix::And,
            Token::Sign("==") => Infix::Compare(Comparison::Equal),
            Token::Sign("!=") => Infix::Compare(Comparison::NotEqual),
            Token::Sign("<") => Infix::Compare(Comparison::Less),
            Token::Sign("<=") => Infix::Compare(Comparison::LessOrEqual),
            Token::Sign(">") => Infix::Compare(Comparison::Greater),
            Token::Sign(">=") => Infix::Compare(Comparison::GreaterOrEqual),
            Token::Name(name) if name == "in" => Infix::In,
            _ => return None,
        })
    }

    fn power(&self) -> u8 {
        match self {
            Infix::Conditional => 1,
            Infix::Or => 2,
            Infix::And => 3,
            Infix::Compare(_) | Infix::In => 4,
        }
    }
}

struct Parser {
    tokens: Vec<(Token, u32)>,
    next: usize,
    depth: u16,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> u32 {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(_, at)| *at)
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = *self.peek() == Token::Sign(sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Mistake> {
        if self.take(sign) {
            return Ok(());
        }
        Err(Mistake::new(
            self.at(),
            format!("`{sign}` is expected here, not {}", shown(self.peek())),
        ))
    }

    /// Refuses what is nested too deep, whether by recursion here or by a long chain.
    fn build(&self, kind: Kind, at: u32) -> Result<Expr, Mistake> {
        let expr = Expr::new(kind, at);
        if expr.depth > MAX_DEPTH { Err(too_deep(at)) } else { Ok(expr) }
    }

    fn expression(&mut self, weakest: u8) -> Result<Expr, Mistake> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.at()));
        }
        let mut left = self.prefix()?;
        while let Some(infix) = Infix::of(self.peek()) {
            if infix.power() < weakest {
                break;
            }
            left = self.infix(left, &infix)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn infix(&mut self, left: Expr, infix: &Infix) -> Result<Expr, Mistake> {
        let at = left.at;
        self.advance();
        let kind = match infix {
            Infix::Conditional => {
                let then = self.expression(infix.power())?;
                self.expect(":")?;
                let other = self.expression(infix.power())?;
                Kind::Conditional(Box::new(left), Box::new(then), Box::new(other))
            }
            Infix::Or => {
                let right = self.expression(infix.power() + 1)?;
                Kind::Or(joined(left, right, |kind| match kind {
                    Kind::Or(parts) => Ok(parts),
                    other => Err(other),
                }))
            }
            Infix::And => {
                let right = self.expression(infix.power() + 1)?;
                Kind::And(joined(left, right, |kind| match kind {
                    Kind::And(parts) => Ok(parts),
                    other => Err(other),
                }))
            }
            Infix::Compare(how) => {
                let right = self.comparand()?;
                Kind::Compare(*how, Box::new(left), Box::new(right))
            }
            Infix::In => {
                let right = self.comparand()?;
                Kind::In(Box::new(left), Box::new(right))
            }
        };
        self.build(kind, at)
    }

    /// The right side of a comparison. A chain such as `1 < x < 9` compares a truth value with a
    /// number, which nobody means.
    fn comparand(&mut self) -> Result<Expr, Mistake> {
        let right = self.expression(Infix::In.power() + 1)?;
        let again = Infix::of(self.peek()).is_some_and(|next| next.power() == Infix::In.power());
        if again {
            return Err(Mistake::new(self.at(), "comparisons cannot be chained")
                .help("write `a < b && b < c`, or set parentheses"));
        }
        Ok(right)
    }

    fn prefix(&mut self) -> Result<Expr, Mistake> {
        let at = self.at();
        if self.take("!") {
            let of = self.expression(5)?;
            return self.build(Kind::Not(Box::new(of)), at);
        }
        if self.take("-") {
            return match self.advance() {
                Token::Number(number) => self.build(Kind::Number(-number), at),
                _ => Err(Mistake::new(at, "`-` stands only before a number")),
            };
        }
        let mut expr = self.primary()?;
        while self.take(".") {
            let place = self.at();
            let Token::Name(name) = self.advance() else {
                return Err(Mistake::new(place, "a name is expected after `.`"));
            };
            let kind = if self.take("(") {
                let arguments = self.items(")")?;
                Kind::Call { on: Some(Box::new(expr)), name, arguments }
            } else {
                Kind::Field(Box::new(expr), name)
            };
            expr = self.build(kind, at)?;
        }
        if *self.peek() == Token::Sign("[") {
            return Err(Mistake::new(self.at(), "elements cannot be taken by index")
                .help("use exists, all, filter or map: `xs.exists(x, …)`"));
        }
        Ok(expr)
    }

    fn primary(&mut self) -> Result<Expr, Mistake> {
        let at = self.at();
        let kind = match self.advance() {
            Token::Number(number) => Kind::Number(number),
            Token::Text(text) => Kind::Text(text),
            Token::Sign("[") => Kind::List(self.items("]")?),
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Name(name) => self.name(name, at)?,
            other => {
                return Err(Mistake::new(at, format!("{} is not expected here", shown(&other)))
                    .help("a fact, a literal or `(` begins an expression"));
            }
        };
        self.build(kind, at)
    }

    fn name(&mut self, name: EcoString, at: u32) -> Result<Kind, Mistake> {
        match name.as_str() {
            "true" => return Ok(Kind::Bool(true)),
            "false" => return Ok(Kind::Bool(false)),
            "null" => {
                return Err(
                    Mistake::new(at, "there is no null").help("has(x) tells whether x is set")
                );
            }
            "in" => return Err(Mistake::new(at, "`in` needs something before it")),
            _ => {}
        }
        if self.take("(") {
            let arguments = self.items(")")?;
            return Ok(Kind::Call { on: None, name, arguments });
        }
        Ok(Kind::Name(name))
    }

    /// Expressions with commas between them, up to and with the closing bracket.
    fn items(&mut self, close: &'static str) -> Result<Vec<Expr>, Mistake> {
        let mut items = Vec::new();
        while !self.take(close) {
            if !items.is_empty() {
                self.expect(",")?;
                if self.take(close) {
                    break;
                }
            }
            items.push(self.expression(0)?);
        }
        Ok(items)
    }
}

/// One flat list of the parts of both sides: `a && (b && c)` means `a && b && c`, and a long chain
/// must not become a deep tree.
fn joined(left: Expr, right: Expr, parts: impl Fn(Kind) -> Result<Vec<Expr>, Kind>) -> Vec<Expr> {
    let mut out = Vec::new();
    for side in [left, right] {
        let Expr { kind, at, depth } = side;
        match parts(kind) {
            Ok(more) => out.extend(more),
            Err(kind) => out.push(Expr { kind, at, depth }),
        }
    }
    out
}

fn too_deep(at: u32) -> Mistake {
    Mistake::new(at, format!("the predicate is nested deeper than {MAX_DEPTH}"))
        .help("split it into several controls")
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("`{name}`"),
        Token::Number(number) => format!("`{number}`"),
        Token::Text(_) => "text".to_owned(),
        Token::Sign(sign) => format!("`{sign}`"),
        Token::End => "the end".to_owned(),
    }
}
