//! A decided truth survives every way in which the unknowns may turn out.

#[cfg(test)]
mod random;
#[cfg(test)]
#[path = "../world/mod.rs"]
mod world;

use onus_model::Truth;
use onus_predicate::{Program, compile};
use random::{Random, Writer};

const CASES: u64 = 2_500;
const COMPLETIONS: usize = 6;

#[cfg(test)]
fn program(random: &mut Random, types: &world::Types) -> Program {
    // Small predicates put the single operations to the test, large ones their interplay.
    let depth = [0, 1, 1, 2, 3][random.below(5)];
    let text = Writer::new(random, types).bool(depth);
    compile(&text, 0, types).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

#[test]
fn decided_truths_survive_every_completion() {
    let (mut decided, mut by_cases) = (0, 0);
    for seed in 0..CASES {
        let random = &mut Random(seed);
        let types = random.types();
        let doubt = [10, 25, 40][random.below(3)];
        let world = random.world(&types, doubt);
        let program = program(random, &types);
        let (truth, decision) = (program.truth(&world, 0), program.decide(&world, 0));
        let text = program.text();
        if truth != Truth::Unknown {
            assert_eq!(truth, decision, "seed {seed}: {text}");
        }
        let explained = program.explain(&world, 0);
        assert_eq!(explained.truth, decision, "seed {seed}: {text}");
        let blocked = !explained.blocks.is_empty();
        assert_eq!(blocked, decision == Truth::Unknown, "seed {seed}: {text}\n{explained:?}");
        by_cases += usize::from(truth != decision);
        if decision == Truth::Unknown {
            continue;
        }
        decided += 1;
        for _ in 0..COMPLETIONS {
            let completed = random.complete_world(&types, &world);
            let then = program.decide(&completed, 0);
            assert_eq!(then, decision, "seed {seed}: {text}\n{world:#?}\n{completed:#?}");
        }
    }
    assert!(decided > CASES as usize / 3, "only {decided} were decided");
    assert!(by_cases > 0, "only {by_cases} needed their choices played through");
}

#[test]
fn what_is_fully_known_is_decided() {
    for seed in 0..CASES {
        let random = &mut Random(seed);
        let types = random.types();
        let world = random.world(&types, 0);
        let program = program(random, &types);
        // A version that does not name all parts is known and yet does not decide.
        if !program.text().contains("version_") {
            let truth = program.truth(&world, 0);
            assert_ne!(truth, Truth::Unknown, "seed {seed}: {}\n{world:#?}", program.text());
            assert_eq!(program.explain(&world, 0).truth, truth);
        }
    }
}
