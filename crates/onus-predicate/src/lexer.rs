//! Text to tokens, each with the byte where it begins.

use ecow::EcoString;

use crate::mistake::Mistake;

/// A word, a literal or a sign.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Name(EcoString),
    Number(f64),
    Text(EcoString),
    /// An operator or a bracket, as written.
    Sign(&'static str),
    End,
}

/// Longer signs before those that they begin with.
const SIGNS: [&str; 19] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "?", ":", ".", ",", "(", ")", "[", "]", "-",
    "+",
];

/// All tokens of `text`, closed by [`Token::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, u32)>, Mistake> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::new();
    loop {
        lexer.skip_blank();
        let at = lexer.offset();
        let token = lexer.token()?;
        let end = token == Token::End;
        out.push((token, at));
        if end {
            return Ok(out);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, Mistake> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        if first == '\'' || first == '"' {
            return self.text_literal(false);
        }
        if first == 'r' && (rest.starts_with("r'") || rest.starts_with("r\"")) {
            self.at += 1;
            return self.text_literal(true);
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Name(
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').into(),
            ));
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        Err(self.unreadable(first))
    }

    fn unreadable(&self, first: char) -> Mistake {
        let mistake = Mistake::new(self.offset(), format!("`{first}` has no meaning here"));
        match first {
            '=' => mistake.help("write `==` for equality"),
            '&' => mistake.help("write `&&` for both"),
            '|' => mistake.help("write `||` for either"),
            _ => mistake,
        }
    }

    fn number(&mut self) -> Result<Token, Mistake> {
        let at = self.offset();
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let fraction = self.rest().strip_prefix('.').and_then(|r| r.chars().next());
        if fraction.is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let written = self.text.get(start..self.at).unwrap_or("");
        match written.parse::<f64>() {
            Ok(number) if word.is_empty() && number.is_finite() => Ok(Token::Number(number)),
            _ => Err(Mistake::new(at, format!("`{written}` is not a number"))
                .help("write it in digits, like 30 or 0.5")),
        }
    }

    fn text_literal(&mut self, raw: bool) -> Result<Token, Mistake> {
        let at = self.offset();
        let rest = self.rest();
        let mut chars = rest.char_indices();
        let quote = chars.next().map_or('"', |(_, c)| c);
        let mut out = EcoString::new();
        while let Some((place, c)) = chars.next() {
            if c == quote {
                self.at += place + 1;
                return Ok(Token::Text(out));
            }
            if c == '\\' && !raw {
                let mut following = chars.clone().map(|(_, c)| c);
                let (meant, used) = escape(&mut following).ok_or_else(|| {
                    let place = u32::try_from(place).unwrap_or(u32::MAX);
                    Mistake::new(at.saturating_add(place), "this escape is not known")
                        .help(r#"known are \\ \' \" \n \r \t and \uXXXX; or write r"..." for text without escapes"#)
                })?;
                for _ in 0..used {
                    chars.next();
                }
                out.push(meant);
            } else {
                out.push(c);
            }
        }
        Err(Mistake::new(at, "this text has no end").help(format!("close it with {quote}")))
    }
}

/// The character that an escape stands for, and how many characters after the backslash it takes.
fn escape(following: &mut impl Iterator<Item = char>) -> Option<(char, usize)> {
    let meant = match following.next()? {
        c @ ('\\' | '\'' | '"' | '`' | '?') => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let digits: String = following.take(4).collect();
            let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
            return Some((char::from_u32(code)?, 5));
        }
        _ => return None,
    };
    Some((meant, 1))
}
