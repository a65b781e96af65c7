//! Nothing makes an evaluation run away: neither a large estate, nor many choices, nor a damaged
//! program.

#[cfg(test)]
mod world;

use std::time::{Duration, Instant};

use onus_model::Truth::{False, True, Unknown};
use onus_model::Value::Bool;
use onus_predicate::{Cause, Program};
use world::{choice, encoded, list, main_with, map, number, program, text};

#[test]
fn cubic_questions_to_a_large_estate_end_as_unknown() {
    let mut world = main_with(&[]);
    let logs: Vec<u32> = (0..2_000).map(|_| world.log(text("x"), number(1.0))).collect();
    world.estate.insert(1, world::End { resources: logs, rest: None });
    let linear = program("estate('Test::Log').exists(l, l.traffic == 'ALL')");
    assert_eq!(linear.truth(&world, 0), False);
    let cubic = program(
        "estate('Test::Log').exists(a, estate('Test::Log').exists(b, \
         estate('Test::Log').exists(c, a.days > b.days && b.days > c.days)))",
    );
    let start = Instant::now();
    assert_eq!(cubic.truth(&world, 0), Unknown);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn more_choices_than_can_be_played_through_stay_undecided() {
    let texts =
        (0..10).map(|key| choice(&format!("Key{key}"), [("a", text("a")), ("b", text("b"))]));
    let world = main_with(&[("cidrs", list(texts))]);
    let start = Instant::now();
    let three = "size(cidrs.filter(c, c == 'a')) == 3";
    let tautology = program(&format!("{three} || !({three})"));
    assert_eq!(tautology.decide(&world, 0), Unknown, "1,024 ways are more than 64");
    assert_eq!(program("cidrs.all(c, c in ['a', 'b'])").decide(&world, 0), True);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn deeply_nested_values_end_as_unknown() {
    let (mut choices, mut codes) = (text("x"), map([("port", number(1.0))]));
    for depth in 0..500 {
        choices = choice(&format!("Key{depth}"), [("only", choices)]);
        codes = encoded(codes);
    }
    let world = main_with(&[("name", choices), ("rule", codes)]);
    let too_deep = program("name == 'x'");
    assert_eq!(too_deep.truth(&world, 0), Unknown);
    let blocks = too_deep.explain(&world, 0).blocks;
    assert!(blocks.iter().any(|block| block.cause == Cause::Limit));
    assert_eq!(program("rule.port == 1").truth(&world, 0), Unknown);
}

#[test]
fn nested_questions_up_to_the_limit_fit_the_stack() {
    let mut text = "encrypted".to_owned();
    for depth in 0..30 {
        text = format!("cidrs.filter(f{depth}, true).exists(e{depth}, {text})");
    }
    let world = main_with(&[("cidrs", list([world::text("a")])), ("encrypted", Bool(true))]);
    assert_eq!(program(&text).decide(&world, 0), True);
    assert_eq!(program(&text).explain(&world, 0).truth, True);
}

#[test]
fn a_damaged_program_is_refused_or_harmless() {
    let world = main_with(&[("name", text("x")), ("cidrs", list([text("a")]))]);
    let whole = program(
        "cidrs.exists(c, c == name && c.matches('^a')) ? size(cidrs) > 0 : name in ['x', 'y']",
    );
    let bytes = postcard::to_stdvec(&whole).unwrap();
    let text_ends = whole.text().len();
    let mut refused = 0;
    for place in text_ends..bytes.len() {
        for change in [1, 2, 7, 0x40, 0x80] {
            let mut damaged = bytes.clone();
            damaged[place] ^= change;
            match postcard::from_bytes::<Program>(&damaged) {
                // A slot that does not exist is for the view to bear, and this one does not.
                Ok(program) if program.reads() == whole.reads() && !has_other_slots(&program) => {
                    let _ = program.explain(&world, 0).truth;
                }
                Ok(_) => {}
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

#[cfg(test)]
fn has_other_slots(program: &Program) -> bool {
    // Debug output names every slot that an operation uses.
    format!("{program:?}").split("slot: ").skip(1).any(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u16>().is_ok_and(|slot| slot > 6)
    })
}
