//! Why a predicate came out as it did: only what decided, or only what stands in the way.

#[cfg(test)]
mod world;

use onus_model::Value::{Absent, Bool};
use onus_predicate::{Cause, Explanation, Relation};
use world::{choice, list, main_with, map, number, open_list, partial, program, text, unknown};

#[cfg(test)]
fn reads(explanation: &Explanation<'_>) -> Vec<String> {
    explanation.reads.iter().map(|read| read.path.to_string()).collect()
}

#[cfg(test)]
fn blocks(explanation: &Explanation<'_>) -> Vec<String> {
    explanation
        .blocks
        .iter()
        .map(|block| format!("{}: {}", block.path, block.cause.settles()))
        .collect()
}

#[test]
fn only_the_facts_that_decided_are_named() {
    let rule = |port: f64, cidr: &str| {
        map([("port", number(port)), ("cidrs", list([Absent, text(cidr)]))])
    };
    let world = main_with(&[
        ("encrypted", Bool(false)),
        ("days", number(3.0)),
        ("name", text("x")),
        ("rules", list([rule(80.0, "10.0.0.0/8"), rule(22.0, "0.0.0.0/0"), rule(23.0, "::/0")])),
        ("cidrs", list([])),
        ("other", partial("arn:*")),
    ]);
    for (text, expected) in [
        ("encrypted && days > 1", &["encrypted"][..]),
        ("days > 1 && encrypted", &["encrypted"]),
        ("encrypted && days > 9", &["encrypted", "days"]),
        ("days > 1 || encrypted", &["days"]),
        ("days > 1 && name == 'x'", &["days", "name"]),
        ("!(encrypted || days > 1)", &["days"]),
        ("encrypted ? days > 1 : name == 'x'", &["encrypted", "name"]),
        (
            "rules.exists(r, r.port == 22 && r.cidrs.exists(c, is_any_address(c)))",
            &["rules[1].port", "rules[1].cidrs[1]"],
        ),
        ("rules.all(r, r.port != 22)", &["rules[1].port"]),
        ("rules.exists(r, r.port == 1)", &["rules[0].port", "rules[1].port", "rules[2].port"]),
        ("rules.all(r, has(r.inner))", &["rules[0].inner"]),
        (
            "rules.filter(r, r.port == 23).exists(r, r.cidrs.exists(c, c == '::/0'))",
            &["rules[2].port", "rules[2].cidrs[1]"],
        ),
        ("cidrs.exists(c, true)", &["cidrs"]),
        ("size(cidrs) == 0", &["cidrs"]),
        ("other.startsWith('arn') && days == days", &["other", "days"]),
        ("has(rule)", &["rule"]),
        ("rule.inner.deep == 'x'", &["rule.inner.deep"]),
    ] {
        let program = program(text);
        let explanation = program.explain(&world, 0);
        assert_eq!(reads(&explanation), expected, "{text}");
    }
}

#[test]
fn only_what_stands_in_the_way_is_named() {
    let env = choice("Env", [("dev", Bool(true)), ("prod", Bool(false))]);
    let world = main_with(&[
        ("encrypted", env),
        ("days", unknown()),
        ("name", text("x")),
        ("cidrs", open_list([unknown()])),
        ("rule", unknown()),
        ("rules", text("no list at all")),
    ]);
    for (text, expected) in [
        ("days > 1 && name == 'x'", &["days: var.x"][..]),
        ("days > 1 && encrypted", &["days: var.x", "encrypted: Env"]),
        ("days > 1 && name == 'y'", &[]),
        ("has(rule.inner.deep)", &["rule.inner.deep: var.x"]),
        ("cidrs.exists(c, is_any_address(c))", &["cidrs[0]: var.x", "cidrs: var.rest"]),
        ("version_at_least(name, '1.0')", &["name: a version with all its parts"]),
        ("rules.exists(r, true)", &["rules: a value of the right type there"]),
    ] {
        let program = program(text);
        let explanation = program.explain(&world, 0);
        assert_eq!(blocks(&explanation), expected, "{text}");
        assert_eq!(explanation.reads.is_empty(), !expected.is_empty(), "{text}");
    }
}

#[test]
fn related_resources_and_searches_are_named() {
    let mut world = main_with(&[("name", text("key"))]);
    let log = world.log(text("ALL"), number(30.0));
    world.referrers.insert((0, 1), world::End { resources: vec![log], rest: None });
    let found = program("referrers('Test::Log').exists(l, l.traffic == 'ALL')");
    let explanation = found.explain(&world, 0);
    let [read] = explanation.reads.as_slice() else { panic!("{explanation:?}") };
    assert_eq!((read.resource, read.slot, read.path.as_str()), (log, 0, "traffic"));

    let nothing = program("size(estate('Test::Log')) > 0");
    let explanation = nothing.explain(&world, 0);
    let [search] = explanation.searches.as_slice() else { panic!("{explanation:?}") };
    assert_eq!((search.relation, search.type_index, search.found), (Relation::Estate, 1, 0));

    let maybe = onus_model::Unknown::new(onus_model::Reason::Input, "var.create");
    world.resources[log as usize].presence = Some(maybe.clone());
    let explanation = found.explain(&world, 0);
    let [block] = explanation.blocks.as_slice() else { panic!("{explanation:?}") };
    assert_eq!((block.resource, block.slot), (log, None));
    assert_eq!(block.cause, Cause::Unknown(&maybe));
}

#[test]
fn a_decision_by_cases_names_the_facts_of_every_case() {
    let world = main_with(&[
        ("days", choice("Env", [("dev", number(7.0)), ("prod", number(90.0))])),
        ("encrypted", choice("Env", [("dev", Bool(true)), ("prod", Bool(false))])),
    ]);
    let program = program("encrypted || days > 30");
    let explanation = program.explain(&world, 0);
    assert_eq!(explanation.truth, onus_model::Truth::True);
    assert_eq!(reads(&explanation), ["encrypted", "days"]);
}

#[test]
fn a_program_tells_what_it_reads() {
    let program = program(
        "encrypted && referrers('Test::Log').exists(l, l.days > days) && has(target(name, 'Test::Log'))",
    );
    assert_eq!(program.reads(), [0, 1, 2]);
    assert_eq!(program.related_reads(), [(1, 1)]);
    assert_eq!(program.relations(), [(Relation::Referrers, 1), (Relation::Target, 1)]);
}
