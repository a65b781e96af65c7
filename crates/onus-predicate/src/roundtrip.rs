//! Tests of the grammar: what is printed parses to the same, and no text whatever brings it down.

use std::fmt::Write as _;

use ecow::EcoString;

use crate::ast::{Comparison, Expr, Kind};
use crate::parser::parse;

fn print(expr: &Expr, out: &mut String) {
    let join = |items: &[Expr], between: &str, out: &mut String| {
        for (index, item) in items.iter().enumerate() {
            out.push_str(if index > 0 { between } else { "" });
            print(item, out);
        }
    };
    match &expr.kind {
        Kind::Bool(value) => write!(out, "{value}").unwrap(),
        Kind::Number(value) => write!(out, "{value}").unwrap(),
        Kind::Text(value) => write!(out, "{:?}", value.as_str()).unwrap(),
        Kind::Name(name) => out.push_str(name),
        Kind::List(items) => {
            out.push('[');
            join(items, ", ", out);
            out.push(']');
        }
        Kind::Field(of, name) => {
            print(of, out);
            write!(out, ".{name}").unwrap();
        }
        Kind::Call { on, name, arguments } => {
            if let Some(on) = on {
                print(on, out);
                out.push('.');
            }
            write!(out, "{name}(").unwrap();
            join(arguments, ", ", out);
            out.push(')');
        }
        Kind::Not(of) => {
            out.push('!');
            print(of, out);
        }
        Kind::And(_) | Kind::Or(_) | Kind::Compare(..) | Kind::In(..) | Kind::Conditional(..) => {
            out.push('(');
            infix(&expr.kind, join, out);
            out.push(')');
        }
    }
}

fn infix(kind: &Kind, join: impl Fn(&[Expr], &str, &mut String), out: &mut String) {
    let (first, sign, second) = match kind {
        Kind::And(parts) => return join(parts, " && ", out),
        Kind::Or(parts) => return join(parts, " || ", out),
        Kind::In(item, list) => (item, " in ", list),
        Kind::Compare(how, left, right) => {
            let sign = match how {
                Comparison::Equal => " == ",
                Comparison::NotEqual => "!=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
            };
            (left, sign, right)
        }
        Kind::Conditional(test, then, other) => {
            print(test, out);
            out.push_str(" ? ");
            print(then, out);
            (other, " : ", other)
        }
        _ => return,
    };
    if matches!(kind, Kind::Conditional(..)) {
        out.push_str(sign);
        return print(second, out);
    }
    print(first, out);
    out.push_str(sign);
    print(second, out);
}

/// The expression with every place forgotten.
fn placeless(expr: Expr) -> Expr {
    let all = |items: Vec<Expr>| items.into_iter().map(placeless).collect::<Vec<_>>();
    let one = |expr: Box<Expr>| Box::new(placeless(*expr));
    let kind = match expr.kind {
        Kind::List(items) => Kind::List(all(items)),
        Kind::And(parts) => Kind::And(all(parts)),
        Kind::Or(parts) => Kind::Or(all(parts)),
        Kind::Field(of, name) => Kind::Field(one(of), name),
        Kind::Call { on, name, arguments } => {
            Kind::Call { on: on.map(one), name, arguments: all(arguments) }
        }
        Kind::Not(of) => Kind::Not(one(of)),
        Kind::Compare(how, a, b) => Kind::Compare(how, one(a), one(b)),
        Kind::In(a, b) => Kind::In(one(a), one(b)),
        Kind::Conditional(a, b, c) => Kind::Conditional(one(a), one(b), one(c)),
        plain => plain,
    };
    Expr::new(kind, 0)
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn expr(&mut self, depth: u64) -> Expr {
        let name = |random: &mut Random| {
            EcoString::from(["a", "b_1", "size", "True"][random.below(4) as usize])
        };
        let boxed = |random: &mut Random| Box::new(random.expr(depth - 1));
        let several = |random: &mut Random, least: u64| {
            let count = least + random.below(3);
            (0..count).map(|_| random.expr(depth - 1)).collect::<Vec<_>>()
        };
        let kind = match self.below(if depth == 0 { 4 } else { 14 }) {
            0 => Kind::Bool(self.below(2) == 0),
            1 => Kind::Number(self.below(1_000) as f64 / 8.0 - 20.0),
            2 => Kind::Text(
                ["", "x", "it's", "a\"b\\n", "\n\t\r", "ü→"][self.below(6) as usize].into(),
            ),
            3 => Kind::Name(name(self)),
            4 => Kind::List(several(self, 0)),
            5 => Kind::Field(Box::new(Expr::new(Kind::Name(name(self)), 0)), name(self)),
            6 => Kind::Call { on: None, name: name(self), arguments: several(self, 0) },
            7 => Kind::Call {
                on: Some(Box::new(Expr::new(Kind::Name(name(self)), 0))),
                name: name(self),
                arguments: several(self, 0),
            },
            8 => Kind::Not(boxed(self)),
            9 => Kind::And(several(self, 2)),
            10 => Kind::Or(several(self, 2)),
            11 => Kind::Compare(Comparison::LessOrEqual, boxed(self), boxed(self)),
            12 => Kind::In(boxed(self), boxed(self)),
            _ => Kind::Conditional(boxed(self), boxed(self), boxed(self)),
        };
        Expr::new(kind, 0)
    }
}

#[test]
fn what_is_printed_parses_to_the_same() {
    let mut random = Random(7);
    for _ in 0..2_000 {
        let mut text = String::new();
        print(&random.expr(4), &mut text);
        // Chains of && are flattened when they are read, so the first reading is the reference.
        let read = placeless(parse(&text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}")));
        let mut again = String::new();
        print(&read, &mut again);
        let reread = parse(&again).unwrap_or_else(|mistake| panic!("{again}: {mistake:?}"));
        assert_eq!(placeless(reread), read, "{text}");
    }
}

#[test]
fn operators_bind_as_in_cel() {
    for (text, printed) in [
        ("a && b || c && d", "((a && b) || (c && d))"),
        ("!a == b", "(!a == b)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a || b ? c : d", "((a || b) ? c : d)"),
        ("a && (b && c) // why", "(a && b && c)"),
        ("x in [1, -2,] && y == 'z'", "((x in [1, -2]) && (y == \"z\"))"),
        ("!r.f.g(x, y.h).i", "!r.f.g(x, y.h).i"),
        (r"r'\d' == '\u0041\t'", r#"("\\d" == "A\t")"#),
    ] {
        let mut out = String::new();
        print(&parse(text).unwrap(), &mut out);
        assert_eq!(out, printed, "{text}");
    }
}

#[test]
fn no_text_brings_the_parser_down() {
    const SHARDS: [&str; 30] = [
        "a", ".", "(", ")", "[", "]", ",", "&&", "||", "!", "?", ":", "==", "<", "in", "'", "\"",
        "\\", "r'", "1", "1.", "-", "//", "\n", "ü", "\u{0}", "true", "exists", "has(", "'\\u00",
    ];
    let mut random = Random(11);
    for _ in 0..20_000 {
        let count = random.below(12);
        let text: String =
            (0..count).map(|_| SHARDS[random.below(SHARDS.len() as u64) as usize]).collect();
        if let Err(mistake) = parse(&text) {
            assert!(mistake.offset as usize <= text.len(), "{text}");
            let located = mistake.locate(&text);
            assert!(located.line >= 1 && located.column >= 1);
        }
    }
}
