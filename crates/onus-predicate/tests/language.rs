//! What predicates mean, case by case.

#[cfg(test)]
mod world;

use onus_model::Truth::{self, False, True, Unknown};
use onus_model::Value::{self, Absent, Bool};
use world::{
    choice, encoded, list, main_with, map, number, open_list, partial, program, set, text, unknown,
};

#[cfg(test)]
fn check(facts: &[(&str, Value)], cases: &[(&str, Truth)]) {
    let world = main_with(facts);
    for (text, expected) in cases {
        let program = program(text);
        assert_eq!(program.decide(&world, 0), *expected, "{text}");
        let explained = program.explain(&world, 0);
        assert_eq!(explained.truth, *expected, "{text}, explained");
        assert_eq!(explained.blocks.is_empty(), *expected != Unknown, "{text}: {explained:?}");
        let loaded: onus_predicate::Program =
            postcard::from_bytes(&postcard::to_stdvec(&program).unwrap()).unwrap();
        assert_eq!(loaded.decide(&world, 0), *expected, "{text}, loaded");
    }
}

#[test]
fn known_values() {
    check(
        &[
            ("encrypted", Bool(true)),
            ("days", number(30.0)),
            ("name", text("Logs-Prod")),
            ("other", text("10.1.0.0/16")),
            ("cidrs", list([text("10.0.0.0/8"), Absent, text("0.0.0.0/0")])),
            ("rule", map([("port", number(22.0)), ("inner", map([("deep", text("x"))]))])),
        ],
        &[
            ("encrypted", True),
            ("!encrypted", False),
            ("encrypted == false", False),
            ("days >= 30 && days < 31 && days != 29", True),
            ("days > 30 || days == 7", False),
            ("-1 < days", True),
            ("name == 'Logs-Prod'", True),
            ("name < 'M'", True),
            ("name.startsWith('Logs') && name.endsWith(\"Prod\") && name.contains('-')", True),
            ("name.lowerAscii() == 'logs-prod'", True),
            ("name.matches(r'^Logs-\\w+$')", True),
            ("name.matches('^Prod')", False),
            ("name in ['a', 'Logs-Prod']", True),
            ("name in cidrs", False),
            ("'0.0.0.0/0' in cidrs", True),
            ("size(name) == 9 && name.size() == 9", True),
            ("size(cidrs) == 2", True),
            ("cidrs.exists(c, is_any_address(c))", True),
            ("cidrs.all(c, is_any_address(c))", False),
            ("size(cidrs.filter(c, is_private_address(c))) == 1", True),
            ("cidrs.map(c, prefix_length(c)).exists(n, n == 8)", True),
            ("cidrs.map(c, prefix_length(c)).all(n, n > 0)", False),
            ("cidrs.filter(c, c != name).map(c, size(c)).exists(n, n == 10)", True),
            ("cidrs.exists(c, cidr_contains(c, other) && !is_any_address(c))", True),
            ("encrypted ? days == 30 : days == 7", True),
            ("(encrypted ? 'a' : 'b') == 'b'", False),
            ("rule.port == 22 && rule.inner.deep == 'x'", True),
            ("has(rule.inner.deep) && !has(rule.cidrs) && has(name)", True),
        ],
    );
}

#[test]
fn absent_values() {
    check(
        &[("rule", map([])), ("cidrs", list([Absent]))],
        &[
            ("encrypted", False),
            ("!encrypted", True),
            ("has(name)", False),
            ("name == ''", False),
            ("name == other", False),
            ("name != ''", True),
            ("days < 5 || days >= 5", False),
            ("name in ['']", False),
            ("name.startsWith('')", False),
            ("name.lowerAscii() == ''", False),
            ("size(name) == 0", True),
            ("size(rules) == 0", True),
            ("size(cidrs) == 0", True),
            ("rules.exists(r, true)", False),
            ("rules.all(r, false)", True),
            ("cidrs.exists(c, true)", False),
            ("cidrs.map(c, size(c)).exists(n, n == 0)", False),
            ("has(rule)", True),
            ("has(rule.inner.deep)", False),
            ("rule.inner.deep == ''", False),
            ("prefix_length(name) < 33", False),
            ("is_any_address(name) || is_private_address(name)", False),
            ("version_at_least(name, '1') || version_below(name, '1')", False),
            ("is_literal(name)", False),
        ],
    );
}

#[test]
fn unknown_values_decide_what_they_can() {
    check(
        &[
            ("encrypted", unknown()),
            ("days", set()),
            ("name", partial("arn:aws:kms:*:key/*")),
            ("other", unknown()),
            ("rules", set()),
            ("cidrs", open_list([text("10.0.0.0/8"), partial("*/16")])),
        ],
        &[
            ("encrypted", Unknown),
            ("encrypted && false", False),
            ("encrypted || true", True),
            ("encrypted || !encrypted", Unknown),
            ("encrypted ? true : true", True),
            ("has(encrypted)", Unknown),
            ("has(days)", True),
            ("days == days", Unknown),
            ("has(name) && name != '' && size(name) > 5", True),
            ("size(name) > 18", Unknown),
            ("name == 'alias/aws/s3'", False),
            ("name in ['alias/aws/s3', 'x']", False),
            ("name == 'arn:aws:kms:eu-west-1:1:key/k'", Unknown),
            ("name.startsWith('arn:aws')", True),
            ("name.startsWith('arn:aws:kms:eu')", Unknown),
            ("name.startsWith('alias')", False),
            ("name.contains(':kms:') && name.contains(':key/')", True),
            ("name.contains('eu')", Unknown),
            ("name.endsWith('k')", Unknown),
            ("name.lowerAscii().startsWith('arn')", True),
            ("name.lowerAscii() == 'x'", False),
            ("name == other", Unknown),
            ("size(other) >= 0", True),
            ("size(rules) > 0", True),
            ("size(rules.filter(r, r.port == 1)) > 0", Unknown),
            ("rules.exists(r, r.port == 22)", Unknown),
            ("cidrs.exists(c, c == '10.0.0.0/8')", True),
            ("cidrs.exists(c, is_any_address(c))", Unknown),
            ("cidrs.all(c, c == '10.0.0.0/9')", False),
            ("cidrs.all(c, c != '')", Unknown),
            ("size(cidrs) >= 2", True),
            ("size(cidrs) < 2", False),
            ("size(cidrs) == 2", Unknown),
            ("rule.inner.deep == 'x'", False),
            ("is_literal(name)", False),
        ],
    );
}

#[test]
fn choices() {
    let env = |dev: Value, prod: Value| choice("Env", [("dev", dev), ("prod", prod)]);
    check(
        &[
            ("encrypted", env(Bool(true), Bool(false))),
            ("days", env(number(7.0), number(90.0))),
            ("name", env(text("a"), text("b"))),
            ("other", choice("Size", [("s", text("a")), ("l", Absent)])),
            ("cidrs", env(list([text("10.0.0.0/8")]), list([text("10.0.0.0/8"), text("x")]))),
            ("rule", env(map([("port", number(1.0))]), map([("port", number(2.0))]))),
        ],
        &[
            ("encrypted", Unknown),
            ("encrypted || !encrypted", True),
            ("days > 5", True),
            ("days > 30", Unknown),
            ("days > 30 || encrypted", True),
            ("name == 'a' || name == 'b'", True),
            ("(name == 'a') == encrypted", True),
            ("has(other)", Unknown),
            ("!has(other) || other == 'a'", True),
            ("'10.0.0.0/8' in cidrs", True),
            ("size(cidrs) >= 1", True),
            ("size(cidrs) == 1", Unknown),
            ("(size(cidrs) == 1) == encrypted", True),
            ("rule.port in [1, 2]", True),
            ("rule.port == 1", Unknown),
            ("has(rule.port) && !has(rule.inner)", True),
            ("has(other) && encrypted && days > 30", False),
            ("[name, 'c'].exists(x, x == 'c')", True),
        ],
    );
    check(
        &[("name", env(text("x"), text("y"))), ("other", env(text("z"), text("y")))],
        &[("name == other", Unknown), ("name == other || name == 'x'", True)],
    );
    let mut world = main_with(&[("encrypted", env(Bool(true), Bool(false)))]);
    world.chosen.insert("Env".into(), "prod".into());
    assert_eq!(program("encrypted").truth(&world, 0), False);
}

#[test]
fn what_may_be_absent_is_never_said_to_be_there() {
    let maybe = onus_model::Unknown {
        pieces: vec![onus_model::Piece::Text("arn:".into()), onus_model::Piece::Hole],
        ..onus_model::Unknown::new(onus_model::Reason::Input, "var.x")
    };
    check(
        &[
            ("name", Value::Unknown(std::sync::Arc::new(maybe))),
            ("other", partial("*ab")),
            ("cidrs", unknown()),
            ("encrypted", unknown()),
            ("rules", list([unknown()])),
        ],
        &[
            ("name.startsWith('arn')", Unknown),
            ("name.startsWith('x')", False),
            ("name.contains('rn')", Unknown),
            ("size(name) >= 4", Unknown),
            ("name != 'x'", True),
            ("other == 'abab'", Unknown),
            ("other == 'aba'", False),
            ("size(cidrs) > 0", Unknown),
            ("size(rules) == 1", Unknown),
            ("size(rules) <= 1", True),
            ("rules.exists(r, true)", Unknown),
            ("rules.all(r, true)", True),
            ("[days].all(d, d == 3)", True),
            ("[name, 'x'].map(n, encrypted ? 'a' : 'b').exists(x, x == 'a')", Unknown),
            ("[name, 'x'].map(n, encrypted ? 'a' : 'b').exists(x, x == 'c')", False),
        ],
    );
}

#[test]
fn json_text_is_text_and_structure() {
    let rule = map([("port", number(22.0)), ("inner", unknown())]);
    check(
        &[("name", encoded(rule.clone())), ("rule", encoded(rule))],
        &[
            ("has(name) && name != '' && size(name) > 0", True),
            ("name.contains('22')", Unknown),
            ("rule.port == 22", True),
            ("has(rule.inner)", Unknown),
            ("is_literal(name)", False),
        ],
    );
}

#[test]
fn a_literal_is_text_that_the_source_holds() {
    use onus_model::Reason::{Computed, Denied, Input, Lookup, NotCollected, Redacted};
    for (reason, literal) in [
        (Redacted, True),
        (Input, False),
        (Lookup, False),
        (Computed, False),
        (NotCollected, Unknown),
        (Denied, Unknown),
    ] {
        let unknown = onus_model::Unknown::set(reason, "it");
        let value = Value::Unknown(std::sync::Arc::new(unknown));
        let facts = [("name", value.clone()), ("rule", map([("inner", value)]))];
        check(&facts, &[("is_literal(name)", literal)]);
    }
    let hunter2 = map([("password", text("hunter2"))]);
    check(
        &[("name", text("hunter2")), ("other", encoded(hunter2))],
        &[("is_literal(name)", True), ("is_literal(other)", True)],
    );
    let either = choice("Env", [("dev", text("a")), ("prod", set())]);
    check(&[("name", either)], &[("is_literal(name)", Unknown)]);
}

#[test]
fn values_of_another_type_decide_nothing() {
    check(
        &[("days", text("30")), ("cidrs", text("::/0")), ("name", list([])), ("rule", Bool(true))],
        &[
            ("days > 7", Unknown),
            ("has(days)", True),
            ("cidrs.exists(c, is_any_address(c))", Unknown),
            ("size(cidrs) > 0", Unknown),
            ("name == 'x'", Unknown),
            ("name.startsWith('x')", Unknown),
            ("rule.port == 1", Unknown),
            ("name == 'x' && encrypted", False),
        ],
    );
}

#[test]
fn versions() {
    for (version, wanted, at_least) in [
        ("8.0.36", "8.0.35", True),
        ("8.0.35", "8.0.35", True),
        ("8.0.9", "8.0.35", False),
        ("8.1", "8.0.35", True),
        ("8.0", "8.0.35", Unknown),
        ("8.0", "8.0.0", True),
        ("8", "9.0", False),
        ("8.0.mysql_aurora.3.04.0", "8.0.35", Unknown),
        ("8.0.mysql_aurora.3.04.0", "8.1", False),
        ("v1.29", "1.28", True),
        ("latest", "1.28", Unknown),
        ("", "1.28", Unknown),
        ("99999999999999999999.1", "1.28", Unknown),
    ] {
        check(
            &[("name", text(version))],
            &[
                (&format!("version_at_least(name, '{wanted}')"), at_least),
                (&format!("version_below(name, '{wanted}')"), !at_least),
            ],
        );
    }
    check(
        &[("name", partial("8.0.3*"))],
        &[("version_at_least(name, '8.0.35')", Unknown), ("version_below(name, '8.1')", True)],
    );
    check(
        &[("name", partial("8.0.*"))],
        &[
            ("version_at_least(name, '8.1')", False),
            ("version_at_least(name, '5.7.44')", True),
            ("version_at_least(name, '8.0.1')", Unknown),
        ],
    );
}

#[test]
fn an_element_that_stands_for_any_number_has_no_upper_bound() {
    let one = |key: &str| {
        Value::Choice(std::sync::Arc::new(onus_model::Choice {
            key: key.into(),
            settles: "var.n".into(),
            options: vec![
                ("present".into(), world::node(text("a"))),
                ("absent".into(), world::node(Absent)),
            ],
        }))
    };
    for (key, more_than_one) in [("presence of x", False), ("any number of x", Unknown)] {
        let facts = [("cidrs", list([one(key)]))];
        check(&facts, &[("size(cidrs) > 1", more_than_one), ("cidrs.exists(c, c == 'b')", False)]);
    }
}

#[test]
fn dated_tables() {
    for (name, passed) in [
        (text("a"), True),
        (text("8.0.34"), True),
        (text("8.0.35"), False),
        (text("8.1.1"), False),
        (text("9.9"), False),
        (text("8"), Unknown),
        (Absent, False),
        (partial("8.0.3*"), Unknown),
        (partial("9.*"), False),
        (unknown(), Unknown),
    ] {
        check(&[("name", name)], &[("passed('test/ends', name)", passed)]);
    }
}

#[test]
fn addresses() {
    for (cidr, any, private, length) in [
        ("0.0.0.0/0", true, false, 0),
        ("::/0", true, false, 0),
        ("0:0:0:0:0:0:0:0/0", true, false, 0),
        ("1.2.3.4/0", true, false, 0),
        ("10.1.2.3", false, true, 32),
        ("10.0.0.0/7", false, false, 7),
        ("172.31.0.0/16", false, true, 16),
        ("172.32.0.0/16", false, false, 16),
        ("192.168.0.0/16", false, true, 16),
        ("100.64.0.0/10", false, true, 10),
        ("127.0.0.1/32", false, true, 32),
        ("169.254.169.254/32", false, true, 32),
        ("fd00::/8", false, true, 8),
        ("fe80::1/64", false, true, 64),
        ("::1/128", false, true, 128),
        ("2001:db8::/32", false, false, 32),
        ("8.8.8.8/32", false, false, 32),
    ] {
        let world = [("name", text(cidr))];
        check(
            &world,
            &[
                ("is_any_address(name)", any.into()),
                ("is_private_address(name)", private.into()),
                (&format!("prefix_length(name) == {length}"), True),
                ("cidr_contains(name, name)", True),
            ],
        );
    }
    for garbage in ["", "sg-1", "0.0.0.0/33", "0.0.0/0", "256.0.0.0/0", "10.0.0.0/", "::/129", "/0"]
    {
        check(
            &[("name", text(garbage))],
            &[
                ("is_any_address(name) || is_private_address(name)", False),
                ("prefix_length(name) >= 0", False),
                ("cidr_contains(name, name)", False),
            ],
        );
    }
}

#[test]
fn relations() {
    let mut world = main_with(&[("name", text("key"))]);
    let all = world.log(text("ALL"), number(30.0));
    let accept = world.log(text("ACCEPT"), unknown());
    let referrers = world::End { resources: vec![all, accept], rest: None };
    world.referrers.insert((0, 1), referrers.clone());
    world.targets.insert((0, 2, 1), world::End { resources: vec![all], rest: None });
    world.estate.insert(1, world::End { rest: None, ..referrers });
    let ask = |world: &world::World, text: &str| program(text).decide(world, 0);

    let logs_all = "referrers('Test::Log').exists(l, l.traffic == 'ALL')";
    let target_days = "has(target(name, 'Test::Log')) && target(name, 'Test::Log').days == 30";
    assert_eq!(ask(&world, logs_all), True);
    assert_eq!(ask(&world, "referrers('Test::Log').all(l, l.days > 20)"), Unknown);
    assert_eq!(ask(&world, "size(estate('Test::Log').filter(l, l.days > 20)) >= 1"), True);
    assert_eq!(
        ask(&world, "estate('Test::Log').map(l, l.traffic).all(t, t in ['ALL', 'ACCEPT'])"),
        True
    );
    assert_eq!(ask(&world, "targets(name, 'Test::Log').exists(l, l.days == 30)"), True);
    assert_eq!(ask(&world, target_days), True);
    assert_eq!(ask(&world, "has(target(other, 'Test::Log'))"), False);
    assert_eq!(ask(&world, "target(other, 'Test::Log').days != 30"), True);

    let maybe = onus_model::Unknown::new(onus_model::Reason::Input, "var.create");
    world.resources[all as usize].presence = Some(maybe.clone());
    assert_eq!(ask(&world, logs_all), Unknown, "the witness may not exist");
    assert_eq!(ask(&world, target_days), Unknown);
    assert_eq!(ask(&world, "target(name, 'Test::Log').days == 31"), False);
    assert_eq!(ask(&world, "size(referrers('Test::Log')) == 2"), Unknown);
    assert_eq!(ask(&world, "size(referrers('Test::Log')) > 0"), True);

    world.resources[all as usize].any_number = true;
    assert_eq!(ask(&world, "size(referrers('Test::Log')) < 4"), Unknown, "it may be many");
    assert_eq!(ask(&world, "size(referrers('Test::Log')) > 0"), True);
    assert_eq!(ask(&world, "size(referrers('Test::Log').filter(l, l.days > 20)) == 7"), Unknown);

    world.referrers.insert((0, 1), world::End { resources: vec![], rest: Some(maybe) });
    assert_eq!(ask(&world, logs_all), Unknown, "there may be more");
}
