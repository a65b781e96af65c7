//! What is wrong with a predicate is said at the right place, with what to do about it.

#[cfg(test)]
mod world;

use onus_predicate::{Mistake, compile};

fn mistakes(text: &str) -> Vec<Mistake> {
    compile(text, 0, &world::types()).err().unwrap_or_default()
}

#[test]
fn each_mistake_has_its_place_and_message() {
    for (text, column, message, help) in [
        ("", 1, "the end is not expected here", "begins an expression"),
        ("encrypted &&", 13, "the end is not expected", ""),
        ("encrypted = true", 11, "`=` has no meaning", "=="),
        ("encrypted & true", 11, "`&` has no meaning", "&&"),
        ("encrypted encrypted", 11, "`encrypted` is not expected", "&&"),
        ("encryptd", 1, "no fact `encryptd`", "did you mean `encrypted`?"),
        ("zzzzzzzzzz == 1", 1, "no fact `zzzzzzzzzz`", "facts: encrypted, days"),
        ("rule.prot == 1", 1, "the record has no `prot`", "did you mean `port`?"),
        ("rules.port == 1", 1, "a list has no field", "xs.exists"),
        ("days", 1, "a bool is needed here, this is a number", "compare it"),
        ("cidrs", 1, "a bool is needed here, this is a list", "exists"),
        ("rule", 1, "a bool is needed here, this is a record", "has(x)"),
        ("days == '30'", 9, "a number is compared with a string", ""),
        ("encrypted < true", 1, "truth values have no order", ""),
        ("1 < days < 3", 10, "comparisons cannot be chained", "&&"),
        ("cidrs == cidrs", 1, "cannot be compared as a whole", "exists"),
        ("'a' in name", 8, "`in` looks into lists", "contains"),
        ("cidrs.contains('a')", 1, "this is a list", "element in list"),
        ("cidrs[0] == 'a'", 6, "cannot be taken by index", "exists"),
        ("name in []", 9, "an empty list says nothing", "size"),
        ("name in [1]", 1, "a string is looked for in a list of number", ""),
        ("name in ['a', 1]", 15, "elements of one type", ""),
        ("has(size(name))", 5, "has asks of a fact", ""),
        ("name == null", 9, "there is no null", "has(x)"),
        ("name.startswith('a')", 1, "no function `startswith`", "did you mean `startsWith`?"),
        ("startsWith(name, 'a')", 1, "not called like this", "text.startsWith(part)"),
        ("name.matches('(')", 14, "the pattern cannot be used", "RE2"),
        ("name.matches(other)", 14, "written out", ""),
        ("version_at_least(name, 'x')", 24, "a version is needed", "8.0.35"),
        ("passed('test/end', name)", 8, "no such dated table", "dates"),
        ("rules.exists(days, true)", 14, "already means something", "another name"),
        ("rules.exists(1, true)", 14, "a name for the element", ""),
        ("size(referrers('AWS::Nope')) > 0", 16, "no type `AWS::Nope`", "service.yaml"),
        ("has(target(rule.port, 'Test::Log'))", 12, "a target is asked of a fact", ""),
        ("estate('Test::Log').exists(l, l.trafic == 'a')", 31, "no fact `trafic`", "traffic"),
        ("name == 'a", 9, "this text has no end", "close it"),
        ("name == '\\q'", 10, "this escape is not known", "r\"...\""),
        ("days == 1x", 9, "is not a number", ""),
        ("name\n  == 1", 6, "a string is compared with a number", ""),
    ] {
        let found = mistakes(text);
        let [first, ..] = found.as_slice() else { panic!("{text}: no mistake") };
        assert!(first.message.contains(message), "{text}: {first:?}");
        assert!(first.help.contains(help), "{text}: {first:?}");
        assert_eq!(first.column, column, "{text}: {first:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let found = mistakes("nope == 1 && rule.nope == 2 || days");
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(mistakes("days == 1\n  && nope").first().map(|m| (m.line, m.column)), Some((2, 6)));
}

#[test]
fn nesting_has_a_limit_and_length_has_none_worth_meeting() {
    let deep = |n: usize| format!("{}encrypted{}", "(".repeat(n), ")".repeat(n));
    assert!(mistakes(&deep(40)).is_empty());
    for text in [
        deep(100_000),
        deep(7_000),
        format!("{}encrypted", "!".repeat(10_000)),
        format!("rule{}", ".inner".repeat(2_000)),
        format!("{}true", "encrypted ? true : ".repeat(500)),
        "[".repeat(9_000),
        "size(".repeat(3_000),
    ] {
        let found = mistakes(&text);
        let message = found.first().map(|mistake| mistake.message.as_str()).unwrap_or_default();
        assert!(message.contains("nested deeper") || message.contains("longer"), "{message}");
    }
    let wide = vec!["encrypted"; 1_000].join(" && ");
    assert!(mistakes(&wide).is_empty());
}
