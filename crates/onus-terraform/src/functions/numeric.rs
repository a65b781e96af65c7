//! Numbers: rounding, extremes, powers, parsing.

use ecow::eco_format;

use super::call::{Call, Function, MANY, Outcome, fail};
use super::convert::number_of;

/// The functions of this family. A number is never null nor empty.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("abs", 1, 1, |call| call.give_number(call.number(0)?.abs())).set(),
    Function::new("ceil", 1, 1, |call| call.give_number(call.number(0)?.ceil())).set(),
    Function::new("floor", 1, 1, |call| call.give_number(call.number(0)?.floor())).set(),
    Function::new("signum", 1, 1, signum).set(),
    Function::new("log", 2, 2, log).set(),
    Function::new("pow", 2, 2, |call| finite(call, call.number(0)?.powf(call.number(1)?))).set(),
    Function::new("max", 1, MANY, |call| extreme(call, f64::max)).set(),
    Function::new("min", 1, MANY, |call| extreme(call, f64::min)).set(),
    Function::new("sum", 1, 1, sum).set(),
    Function::new("parseint", 2, 2, parseint).set(),
];

fn finite(call: &Call<'_>, number: f64) -> Outcome {
    if number.is_finite() {
        return call.give_number(number);
    }
    fail(eco_format!("the result of {} is no finite number", call.name))
}

fn signum(call: &Call<'_>) -> Outcome {
    let number = call.number(0)?;
    call.give_number(if number == 0.0 { 0.0 } else { number.signum() })
}

fn log(call: &Call<'_>) -> Outcome {
    let (number, base) = (call.number(0)?, call.number(1)?);
    finite(call, number.ln() / base.ln())
}

fn extreme(call: &Call<'_>, choose: fn(f64, f64) -> f64) -> Outcome {
    let mut best = call.number(0)?;
    for index in 1..call.args.len() {
        best = choose(best, call.number(index)?);
    }
    call.give_number(best)
}

fn sum(call: &Call<'_>) -> Outcome {
    let items = call.items(0)?;
    if items.is_empty() {
        return fail("sum of an empty list");
    }
    let mut total = 0.0;
    for item in items {
        total += number_of(item)?;
    }
    call.give_number(total)
}

fn parseint(call: &Call<'_>) -> Outcome {
    let (text, base) = (call.text(0)?, call.integer(1)?);
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=62).contains(base)) else {
        return call.refuse(1, "a base from 2 to 62 is needed");
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.as_str()),
    };
    let mut total = 0.0_f64;
    for c in digits.chars() {
        match digit(c, base) {
            Some(value) => total = total * f64::from(base) + f64::from(value),
            None => return fail(eco_format!("\"{text}\" is no number in base {base}")),
        }
    }
    if digits.is_empty() {
        return fail("empty text is no number");
    }
    finite(call, sign * total)
}

/// The value of a digit; beyond base 36 small letters come before capitals.
fn digit(c: char, base: u32) -> Option<u32> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        'a'..='z' => u32::from(c) - u32::from('a') + 10,
        'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
        'A'..='Z' => u32::from(c) - u32::from('A') + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}
