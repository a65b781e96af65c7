//! `format` and `formatlist`: the verbs of Go's formatting that Terraform documents.

use std::fmt::Write as _;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{List, Node, Unknown, Value};

use super::call::{Call, Function, MANY, Outcome, Stop, fail};
use super::convert::{bool_of, first_open, number_of, number_text, text_of};
use super::json::encoded_text;
use super::pieces::Pieces;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("format", 1, MANY, |call| {
        render(call, &call.text(0)?, &call.rest(1).iter().collect::<Vec<_>>())
    }),
    Function::new("formatlist", 1, MANY, formatlist),
];

/// The widest field and the most digits that are written.
const MAX_WIDTH: usize = 1024;

/// One `%…` of a format.
#[derive(Default)]
struct Verb {
    minus: bool,
    plus: bool,
    zero: bool,
    space: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
    index: Option<usize>,
    letter: char,
}

fn render(call: &Call<'_>, format: &str, args: &[&Node]) -> Outcome {
    let mut out = Pieces::default();
    let mut chars = format.chars().peekable();
    let (mut next, mut most, mut explicit) = (0, 0, false);
    while let Some(c) = chars.next() {
        if c != '%' {
            out.character(c);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            out.character('%');
            continue;
        }
        let verb = verb(&mut chars)?;
        explicit |= verb.index.is_some();
        let at = verb.index.unwrap_or(next);
        next = at + 1;
        most = most.max(next);
        let Some(arg) = args.get(at) else {
            return fail(eco_format!("the format \"{format}\" needs more values than are given"));
        };
        write(&mut out, &verb, arg)?;
    }
    if most < args.len() && !explicit {
        return fail(eco_format!("the format \"{format}\" uses only {most} of the values given"));
    }
    Ok(out.finish(call.span))
}

fn verb(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Outcome<Verb> {
    let mut verb = Verb::default();
    while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '+' | '0' | ' ' | '#')) {
        match flag {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            '0' => verb.zero = true,
            ' ' => verb.space = true,
            _ => verb.sharp = true,
        }
    }
    if chars.peek().is_some_and(char::is_ascii_digit) {
        verb.width = Some(digits(chars)?);
    }
    if chars.next_if_eq(&'.').is_some() {
        verb.precision = Some(digits(chars)?);
    }
    if chars.next_if_eq(&'[').is_some() {
        let index = digits(chars)?.checked_sub(1);
        if chars.next() != Some(']') || index.is_none() {
            return fail("a value is chosen by [1], [2], …");
        }
        verb.index = index;
    }
    match chars.next() {
        Some(letter) => Ok(Verb { letter, ..verb }),
        None => fail("the format ends within a % sequence"),
    }
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Outcome<usize> {
    let mut number = 0_usize;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        number = number * 10 + usize::try_from(digit).unwrap_or(0);
        if number > MAX_WIDTH {
            return fail(eco_format!("a width of more than {MAX_WIDTH}"));
        }
    }
    Ok(number)
}

/// Writes one value. A value that is not known leaves a hole, unless the verb pads it or the like, in
/// which case it is a hole all the same: padding only adds to it.
fn write(out: &mut Pieces, verb: &Verb, arg: &Node) -> Outcome<()> {
    if let (Value::Unknown(_), 's' | 'v', None, None) =
        (&arg.value, verb.letter, verb.width, verb.precision)
    {
        return out.node(arg);
    }
    match field(verb, arg) {
        Ok(text) => out.text(&text),
        Err(Stop::Unknown(unknown)) => out.hole(&unknown),
        Err(stop) => return Err(stop),
    }
    Ok(())
}

fn field(verb: &Verb, arg: &Node) -> Outcome<EcoString> {
    let text: EcoString = match verb.letter {
        's' => cut(verb, text_of(arg)?),
        'q' => quoted(&cut(verb, text_of(arg)?)),
        'v' if verb.sharp => json(arg)?,
        'v' => plain(arg)?,
        't' => eco_format!("{}", bool_of(arg)?),
        'd' => return Ok(padded(verb, &signed(verb, number_of(arg)?.trunc(), number_text))),
        'b' => return Ok(padded(verb, &whole(verb, arg, |n| eco_format!("{n:b}"))?)),
        'o' => return Ok(padded(verb, &whole(verb, arg, |n| eco_format!("{n:o}"))?)),
        'x' => return Ok(padded(verb, &whole(verb, arg, |n| eco_format!("{n:x}"))?)),
        'X' => return Ok(padded(verb, &whole(verb, arg, |n| eco_format!("{n:X}"))?)),
        'f' | 'F' => {
            let digits = verb.precision.unwrap_or(6);
            let write = |number: f64| eco_format!("{number:.digits$}");
            return Ok(padded(verb, &signed(verb, number_of(arg)?, write)));
        }
        'e' | 'E' => {
            let write = |number| exponent(number, verb.precision.unwrap_or(6), verb.letter);
            return Ok(padded(verb, &signed(verb, number_of(arg)?, write)));
        }
        'g' | 'G' => return Ok(padded(verb, &signed(verb, number_of(arg)?, number_text))),
        letter => return fail(eco_format!("%{letter} is no verb that format knows")),
    };
    Ok(padded(&Verb { zero: false, ..*verb }, &text))
}

fn cut(verb: &Verb, text: EcoString) -> EcoString {
    match verb.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text,
    }
}

fn quoted(text: &str) -> EcoString {
    let mut out = String::new();
    super::json::write_text(text, &mut out);
    out.into()
}

fn json(node: &Node) -> Outcome<EcoString> {
    let encoding = Node::new(Value::Encoded(Arc::new(node.clone())), node.span);
    match (encoded_text(&encoding), first_open(node)) {
        (Some(text), _) => Ok(text),
        (None, Some(stop)) => Err(stop),
        (None, None) => fail("the value is nested too deeply"),
    }
}

fn plain(node: &Node) -> Outcome<EcoString> {
    match &node.value {
        Value::Absent => Ok("null".into()),
        Value::List(_) | Value::Map(_) => json(node),
        _ => text_of(node),
    }
}

fn signed(verb: &Verb, number: f64, write: impl Fn(f64) -> EcoString) -> EcoString {
    let body = write(number.abs());
    let sign = if number < 0.0 {
        "-"
    } else if verb.plus {
        "+"
    } else if verb.space {
        " "
    } else {
        ""
    };
    eco_format!("{sign}{body}")
}

fn whole(verb: &Verb, arg: &Node, write: impl Fn(u64) -> EcoString) -> Outcome<EcoString> {
    let number = number_of(arg)?.trunc();
    if number.abs() > 9.0e15 {
        return fail("the number is too large");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 2^53")]
    Ok(signed(verb, number, |number| write(number as u64)))
}

/// Scientific notation with at least two digits of exponent, as Go writes it.
fn exponent(number: f64, digits: usize, letter: char) -> EcoString {
    let text = format!("{number:.digits$e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = match power.strip_prefix('-') {
        Some(power) => ('-', power),
        None => ('+', power),
    };
    eco_format!("{mantissa}{letter}{sign}{power:0>2}")
}

fn padded(verb: &Verb, text: &str) -> EcoString {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.chars().count());
    if missing == 0 {
        return text.into();
    }
    let mut out = EcoString::new();
    if verb.minus {
        let _ = write!(out, "{text}{}", " ".repeat(missing));
    } else if verb.zero {
        let (sign, body) = match text.split_at_checked(1) {
            Some((sign @ ("-" | "+" | " "), body)) => (sign, body),
            _ => ("", text),
        };
        let _ = write!(out, "{sign}{}{body}", "0".repeat(missing));
    } else {
        let _ = write!(out, "{}{text}", " ".repeat(missing));
    }
    out
}

fn formatlist(call: &Call<'_>) -> Outcome {
    let format = call.text(0)?;
    let (length, rest) = common_length(call)?;
    let mut items = Vec::new();
    for index in 0..length {
        let row: Vec<&Node> = call
            .rest(1)
            .iter()
            .filter_map(|arg| match &arg.value {
                Value::List(list) => list.items.get(index),
                _ => Some(arg),
            })
            .collect();
        let references: Vec<_> = row.iter().flat_map(|n| n.references()).cloned().collect();
        items.push(render(call, &format, &row)?.with_references(&references));
    }
    call.give(Value::List(Arc::new(List { items, rest })))
}

/// The length that the lists among the arguments share, and what comes after it when there is but one.
fn common_length(call: &Call<'_>) -> Outcome<(usize, Option<Arc<Unknown>>)> {
    let mut length = None;
    let mut open: Option<Arc<Unknown>> = None;
    let mut unknown = None;
    for arg in call.rest(1) {
        match &arg.value {
            Value::List(list) => {
                open = open.or_else(|| list.rest.clone());
                match (length, &open) {
                    (Some(_), Some(open)) => return Err(Stop::Unknown((**open).clone())),
                    (Some(other), None) if other != list.items.len() => {
                        return fail("the lists given to formatlist differ in length");
                    }
                    _ => length = Some(list.items.len()),
                }
            }
            Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
            Value::Unknown(one) => unknown = Some(one.clone()),
            _ => {}
        }
    }
    match (length, unknown) {
        (None, Some(unknown)) => Err(Stop::Unknown((*unknown).clone())),
        (length, _) => Ok((length.unwrap_or(1), open)),
    }
}
