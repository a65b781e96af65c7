//! Time per evaluation, load and compile: `cargo bench -p onus-predicate`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its times")]

#[path = "../tests/world/mod.rs"]
#[expect(clippy::indexing_slicing, clippy::expect_used, clippy::panic, reason = "fixtures")]
mod world;

use std::hint::black_box;
use std::time::Instant;

use onus_model::Value::Bool;
use onus_predicate::{Program, compile};
use world::{choice, list, main_with, map, number, program, text, unknown};

const PREDICATES: [&str; 9] = [
    "encrypted",
    "encrypted && size(cidrs) > 0",
    "encrypted && name.startsWith('logs-') && days >= 30",
    "name in ['a', 'b', 'logs-production']",
    "cidrs.exists(c, is_any_address(c))",
    "rules.all(r, r.port != 22 || !r.cidrs.exists(c, is_any_address(c)))",
    "size(rules.filter(r, r.port == 22)) > 0",
    "name.matches('^logs-[a-z]+$')",
    "referrers('Test::Log').exists(l, l.traffic == 'ALL')",
];

/// The best of many short batches: on a busy machine some of them are not interrupted.
fn nanoseconds(rounds: u32, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..400 {
        let start = Instant::now();
        (0..rounds).for_each(|_| work());
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(rounds));
    }
    best
}

fn main() {
    let rule = |port: f64| {
        map([("port", number(port)), ("cidrs", list([text("10.0.0.0/8"), text("10.1.0.0/16")]))])
    };
    let mut world = main_with(&[
        ("encrypted", Bool(true)),
        ("days", number(30.0)),
        ("name", text("logs-production")),
        ("cidrs", list([text("10.0.0.0/8"), text("192.168.0.0/16")])),
        ("rules", list([rule(22.0), rule(80.0), rule(443.0)])),
    ]);
    let logs = [world.log(text("ACCEPT"), number(1.0)), world.log(text("ALL"), number(2.0))];
    world.referrers.insert((0, 1), world::End { resources: logs.to_vec(), rest: None });

    println!("{:>8} {:>8}  predicate (nanoseconds: truth, explain)", "truth", "explain");
    for text in PREDICATES {
        let program = program(text);
        let truth = nanoseconds(500, || {
            black_box(black_box(&program).truth(black_box(&world), 0));
        });
        let explain = nanoseconds(200, || {
            black_box(black_box(&program).explain(black_box(&world), 0));
        });
        println!("{truth:>8.0} {explain:>8.0}  {text}");
    }

    let open = main_with(&[
        ("encrypted", choice("Env", [("dev", Bool(false)), ("prod", Bool(true))])),
        ("days", choice("Size", [("s", number(1.0)), ("l", number(2.0))])),
        ("name", unknown()),
    ]);
    let cases = program("encrypted || !encrypted && days < 3");
    let time = nanoseconds(100, || {
        black_box(cases.decide(black_box(&open), 0));
    });
    println!("{time:>8.0} {:>8}  decided by cases over two choices", "");

    let bytes = postcard::to_stdvec(&PREDICATES.map(program).to_vec()).unwrap_or_default();
    let time = nanoseconds(100, || {
        let loaded: Option<Vec<Program>> = postcard::from_bytes(black_box(&bytes)).ok();
        black_box(loaded);
    });
    println!("{:>8.0} {:>8}  load one of these (mean)", time / 9.0, "");
    let types = world::types();
    let time = nanoseconds(100, || {
        black_box(compile(black_box(PREDICATES[5]), 0, &types).is_ok());
    });
    println!("{time:>8.0} {:>8}  compile: {}", "", PREDICATES[5]);
}
