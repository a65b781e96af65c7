//! What stays known when arguments are not.

use std::slice::from_ref;

use super::*;
use onus_model::{Choice, List, Piece, Reason, Reference, Unknown, Value};

fn open(settles: &str) -> Node {
    Node::unknown(Unknown::new(Reason::Input, settles), Span::NONE)
}

fn set(settles: &str) -> Node {
    Node::unknown(Unknown::set(Reason::Computed, settles), Span::NONE)
}

fn text(text: &str) -> Node {
    Node::string(text, Span::NONE)
}

fn choice(key: &str, options: &[(&str, Node)]) -> Node {
    let options = options.iter().map(|(label, node)| ((*label).into(), node.clone())).collect();
    let choice = Choice { key: key.into(), settles: key.into(), options };
    Node::new(Value::Choice(Arc::new(choice)), Span::NONE)
}

fn list(items: Vec<Node>) -> Node {
    Node::list(items, Span::NONE)
}

fn ok(name: &str, args: &[Node]) -> Node {
    run(name, args).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn unknown(node: &Node) -> &Unknown {
    match &node.value {
        Value::Unknown(unknown) => unknown,
        other => panic!("{other:?} is known"),
    }
}

#[test]
fn decided_in_spite_of_unknowns() {
    let some = || list(vec![text("a"), open("var.x")]);
    let cases = [
        ("contains", vec![some(), text("a")], "true"),
        ("length", vec![some()], "2"),
        ("element", vec![some(), json("0")], "\"a\""),
        ("anytrue", vec![list(vec![open("var.x"), json("true")])], "true"),
        ("alltrue", vec![list(vec![open("var.x"), json("false")])], "false"),
        ("coalesce", vec![text("a"), open("var.x")], "\"a\""),
        ("coalescelist", vec![list(vec![text("a")]), open("var.x")], "[\"a\"]"),
        ("keys", vec![Node::map([("k".into(), open("var.x"))], Span::NONE)], "[\"k\"]"),
        ("slice", vec![some(), json("0"), json("1")], "[\"a\"]"),
    ];
    for (name, args, expected) in cases {
        assert_eq!(ok(name, &args).value, json(expected).value, "{name}");
    }
}

#[test]
fn text_keeps_its_known_parts() {
    let cases = [
        ("format", vec![text("arn:%s:s3"), open("var.p")], vec!["arn:", "*", ":s3"]),
        ("join", vec![text("/"), list(vec![text("a"), set("x.id")])], vec!["a/", "*"]),
        ("format", vec![text("%s%s"), open("var.p"), open("var.q")], vec![]),
    ];
    for (name, args, expected) in cases {
        let result = ok(name, &args);
        let pieces: Vec<&str> = unknown(&result)
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Hole => "*",
            })
            .collect();
        assert_eq!(pieces, expected, "{name}");
    }
    let partly = ok("format", &[text("ARN:%s:end"), open("var.p")]);
    assert_eq!(ok("startswith", &[partly.clone(), text("ARN:")]).value, Value::Bool(true));
    assert_eq!(ok("startswith", &[partly.clone(), text("x")]).value, Value::Bool(false));
    assert_eq!(ok("endswith", &[partly.clone(), text("end")]).value, Value::Bool(true));
    assert_eq!(ok("strcontains", &[partly.clone(), text("RN")]).value, Value::Bool(true));
    let lower = ok("lower", &[partly]);
    assert_eq!(unknown(&lower).pieces.first(), Some(&Piece::Text("arn:".into())));
}

#[test]
fn whether_a_result_is_set() {
    let cases = [
        ("length", vec![open("var.x")], true),
        ("upper", vec![open("var.x")], false),
        ("upper", vec![set("a.b")], true),
        ("trimspace", vec![set("a.b")], false),
        ("coalesce", vec![open("var.x"), open("var.y")], true),
        ("timestamp", vec![], true),
        ("no_such_function", vec![], false),
        ("file", vec![text("absent.zip")], false),
    ];
    for (name, args, expected) in cases {
        assert_eq!(unknown(&ok(name, &args)).set, expected, "{name}");
    }
    assert_eq!(unknown(&ok("timestamp", &[])).settles, "timestamp()");
    assert_eq!(unknown(&ok("file", &[text("absent.zip")])).reason, Reason::Missing);
}

#[test]
fn merge_doubts_what_an_unknown_map_may_replace() {
    let known = |key: &str| Node::map([(key.into(), text("v"))], Span::NONE);
    let merged = ok("merge", &[known("a"), open("var.tags"), known("b")]);
    let map = merged.as_map().unwrap();
    assert!(matches!(map.entries["a"].value, Value::Unknown(_)));
    assert_eq!(map.entries["b"].as_str(), Some("v"));
    assert_eq!(map.rest.as_ref().unwrap().settles, "var.tags");
    let missing = ok("lookup", &[merged, text("c"), text("d")]);
    assert_eq!(unknown(&missing).settles, "var.tags");
}

#[test]
fn lists_go_on_where_they_are_not_known() {
    let joined = ok("concat", &[list(vec![text("a")]), open("var.more")]);
    assert_eq!(joined.as_list().unwrap().items.len(), 1);
    assert_eq!(unknown(&ok("length", from_ref(&joined))).settles, "var.more");
    assert_eq!(ok("contains", &[joined.clone(), text("a")]).value, Value::Bool(true));
    assert_eq!(unknown(&ok("contains", &[joined, text("b")])).settles, "var.more");
    let flat = ok("flatten", &[list(vec![list(vec![set("a.id")]), open("var.ids")])]);
    let List { items, rest } = flat.as_list().unwrap();
    assert_eq!((items.len(), rest.as_ref().unwrap().settles.as_str()), (1, "var.ids"));
    let compacted = ok("compact", &[list(vec![set("a.id"), open("var.x"), text("")])]);
    assert_eq!(compacted.as_list().unwrap().items.len(), 1);
    assert!(compacted.as_list().unwrap().rest.is_some());
}

#[test]
fn choices_are_followed_and_stay_bounded() {
    let env = choice("var.env", &[("dev", text("d")), ("prod", text("p"))]);
    let upper = ok("upper", from_ref(&env));
    let expected = choice("var.env", &[("dev", text("D")), ("prod", text("P"))]);
    assert_eq!(upper.value, expected.value);

    // Two choices of one key are decided alike: two ways, not four.
    let both = ok("format", &[text("%s%s"), env.clone(), env.clone()]);
    let expected = choice("var.env", &[("dev", text("dd")), ("prod", text("pp"))]);
    assert_eq!(both.value, expected.value);

    // All ways lead to the same.
    assert_eq!(ok("length", from_ref(&env)).value, Value::Number(1.0));

    // A way that fails is no value, and the other one stands.
    let odd = choice("var.n", &[("a", text("1")), ("b", text("x"))]);
    let Value::Choice(numbers) = ok("tonumber", &[odd]).value else { panic!("a choice") };
    assert_eq!(numbers.options[0].1.value, Value::Number(1.0));
    assert!(matches!(numbers.options[1].1.value, Value::Unknown(_)));
    assert!(run("tonumber", &[choice("var.n", &[("a", text("y")), ("b", text("x"))])]).is_err());

    let many: Vec<Node> = (0..40)
        .map(|i| choice(&format!("var.c{i}"), &[("a", text("1")), ("b", text("2"))]))
        .collect();
    let mut leaves = 0;
    ok("join", &[text(","), list(many)]).walk(&mut |_| leaves += 1);
    assert!(leaves <= 100, "{leaves}");
}

#[test]
fn references_survive() {
    let reference = Reference { target: "aws_kms_key.a".into(), attribute: "arn".into() };
    let arn = set("aws_kms_key.a.arn").with_references(from_ref(&reference));
    let map = Node::map([("k".into(), arn.clone()), ("other".into(), text("x"))], Span::NONE);
    let cases = [
        ("format", vec![text("%s/*"), arn.clone()], true),
        ("join", vec![text(","), list(vec![arn.clone()])], true),
        ("lookup", vec![map.clone(), text("k"), text("")], true),
        ("lookup", vec![map.clone(), text("other"), text("")], false),
        ("coalesce", vec![arn.clone(), text("x")], true),
        ("length", vec![list(vec![arn.clone()])], true),
    ];
    for (name, args, expected) in cases {
        let found = ok(name, &args).references() == from_ref(&reference);
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn encodings_stay_open() {
    let policy = Node::map([("Resource".into(), set("aws_s3_bucket.b.arn"))], Span::NONE);
    let encoded = ok("jsonencode", from_ref(&policy));
    assert_eq!(encoded_text(&encoded), None);
    assert_eq!(ok("jsondecode", from_ref(&encoded)).value, policy.value);
    assert!(unknown(&ok("upper", from_ref(&encoded))).reason == Reason::Computed);
    assert!(unknown(&ok("base64encode", &[encoded])).set);
}

#[test]
fn sensitive_values_are_withheld_in_place() {
    let map = json(r#"{"a": "secret", "b": null}"#);
    let withheld = ok("sensitive", &[map]);
    assert_eq!(unknown(withheld.get("a").unwrap()).reason, Reason::Redacted);
    assert!(withheld.get("b").unwrap().is_absent());
    assert_eq!(ok("issensitive", &[withheld]).value, Value::Bool(true));
}

#[test]
fn what_doubles_again_and_again_is_given_up() {
    type Doubled = fn(&Node) -> Vec<Node>;
    let twice: [(&str, Doubled); 5] = [
        ("format", |node| vec![text("%[1]s%[1]s"), node.clone()]),
        ("replace", |node| vec![node.clone(), text("a"), text("aa")]),
        ("replace", |node| vec![node.clone(), text("/(.+)/"), text("$1$1")]),
        ("concat", |node| vec![node.clone(), node.clone()]),
        ("list", |node| vec![node.clone(), node.clone()]),
    ];
    for (name, args) in twice {
        let mut node = if name == "concat" { list(vec![text("a")]) } else { text("aaaaaaaa") };
        let mut rounds = 0;
        while !matches!(node.value, Value::Unknown(_)) {
            node = ok(name, &args(&node));
            rounds += 1;
            assert!(rounds < 100, "{name}");
        }
        assert_eq!(unknown(&node).reason, Reason::Limit, "{name}");
    }
    let mut shared = text("a");
    for _ in 0..60 {
        shared = list(vec![shared.clone(), shared]);
    }
    let encoded = Node::new(Value::Encoded(Arc::new(shared)), Span::NONE);
    assert_eq!(encoded_text(&encoded), None);
}
