//! Reading YAML and JSON: values, places, limits, bad input.

use super::*;
use onus_model::{Level, Value};

fn tag(name: &str) -> Option<EcoString> {
    match name {
        "Ref" => Some("Ref".into()),
        "Sub" | "Join" => Some(ecow::eco_format!("Fn::{name}")),
        _ => None,
    }
}

fn read(text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    parse(text, FileId::NONE, &Options { yaml_1_1: true, tags: tag })
}

/// A compact text of a node: what the cases below compare.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Absent => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(list) => {
            let items: Vec<String> = list.items.iter().map(show).collect();
            format!("[{}{}]", items.join(","), if list.rest.is_some() { ",.." } else { "" })
        }
        Value::Map(map) => {
            let items: Vec<String> =
                map.entries.iter().map(|(key, value)| format!("{key}:{}", show(value))).collect();
            format!("{{{}{}}}", items.join(","), if map.rest.is_some() { ",.." } else { "" })
        }
        Value::Unknown(unknown) => format!("?{:?}", unknown.reason),
        other => format!("{other:?}"),
    }
}

fn check(text: &str, expected: &str, messages: &[&str]) {
    let (nodes, diagnostics) = read(text);
    let shown: Vec<String> = nodes.iter().map(show).collect();
    assert_eq!(shown.join(" | "), expected, "{text}");
    let found: Vec<_> = diagnostics.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(found.len(), messages.len(), "{text}: {found:?}");
    for (found, wanted) in found.iter().zip(messages) {
        assert!(found.contains(wanted), "{text}: {found} does not say {wanted}");
    }
}

#[test]
fn values() {
    let cases = [
        ("a: [1, -2, 1.5, 0, 123456789012345]", "{a:[1,-2,1.5,0,123456789012345]}"),
        (
            "a: [012, 1.10, 1234567890123456, 1e3, 0x1f, 1.2.3, 2012-10-17, 22:22, -x, -0]",
            r#"{a:["012","1.10","1234567890123456","1e3","0x1f","1.2.3","2012-10-17","22:22","-x","-0"]}"#,
        ),
        (
            "a: [true, True, FALSE, yes, off, 'yes', \"1\", tRUE]",
            r#"{a:[true,true,false,true,false,"yes","1","tRUE"]}"#,
        ),
        ("a: [null, ~, '', Null]\nb:", r#"{a:[null,null,"",null],b:null}"#),
        ("1: a\ntrue: b\nnull: c\n", r#"{1:"a",true:"b",null:"c"}"#),
        (
            "a: !Sub x\nb: !Ref 1\nc: !Join [',', [!Ref y]]",
            r#"{a:{Fn::Sub:"x"},b:{Ref:"1"},c:{Fn::Join:[",",[{Ref:"y"}]]}}"#,
        ),
        ("a: !!str 1\nb: !!int 1", r#"{a:"1",b:1}"#),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", r#"{a:"x\ny\n",b:"x y"}"#),
        ("a: &x {k: [1]}\nb: *x", "{a:{k:[1]},b:{k:[1]}}"),
        (
            "a: &x {k: 1, l: 2}\nb: {k: 3, <<: *x}\nc:\n  <<: [*x, {m: 4}]\n",
            "{a:{k:1,l:2},b:{k:3,l:2},c:{k:1,l:2,m:4}}",
        ),
        ("\u{feff}a: 1\r\nb: 2\r\n", "{a:1,b:2}"),
        ("a: 1\n---\nb: 2\n", "{a:1} | {b:2}"),
        ("", ""),
        ("# only a comment\n", ""),
        (
            "{\"a\": [1, 1.0, 1e2, \"\\u00e9\\n\\ud83d\\ude00\", null, true], \"b\": {}}",
            "{a:[1,1,100,\"é\\n😀\",null,true],b:{}}",
        ),
        ("\t{\n\t\t\"a\":\t1,\n\t\t\"b\": [ ]\n\t}\n", "{a:1,b:[]}"),
        ("\u{feff}{\"a\": 12345678901234567}", "{a:\"12345678901234567\"}"),
        ("{\n\t\"a\": 1, # not JSON\n\t\"b\": [2,],\n}", "{a:1,b:[2]}"),
    ];
    for (text, expected) in cases {
        check(text, expected, &[]);
    }
}

#[test]
fn what_is_wrong_is_said_and_the_rest_is_kept() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("a: 1\na: 2", "{a:2}", &["`a` is written twice"]),
        (r#"{"a": 1, "a": 2}"#, "{a:2}", &["`a` is written twice"]),
        (
            "a: !Foo 1\nb: !Foo {x: 1}\nc: 1",
            "{a:?Function,b:?Function,c:1}",
            &["`!Foo` means nothing here", "`!Foo`"],
        ),
        ("a: *x\nb: 1", "{a:?Invalid,b:1}", &["`*x` has no anchor"]),
        ("a: &a [*a]", "{a:[?Cycle]}", &["inside of what it stands for"]),
        ("? [1]\n: x\nb: 1", "{b:1}", &["a key must be text"]),
        ("a: {<<: 1}", "{a:{,..}}", &["a merge key"]),
        ("a:\n  b: 1\n  c: [1, \"x\n", "{a:{b:1,c:[?Invalid,..],..},..}", &["not valid YAML"]),
        ("a: 1\n b: 2", "{a:?Invalid,..}", &["not valid YAML"]),
    ];
    for (text, expected, messages) in cases {
        check(text, expected, messages);
    }
}

#[test]
fn places_are_those_of_the_key_for_collections_and_of_the_value_for_scalars() {
    for text in ["a:\n  b: 1\n  c:\n    - x\n", "{\"a\":\n  {\"b\": 1,\n \"c\":\n [\n    \"x\"]}}"]
    {
        let (nodes, _) = read(text);
        let a = nodes[0].get("a").unwrap();
        let c = a.get("c").unwrap();
        let x = &c.as_list().unwrap().items[0];
        let json = text.starts_with('{');
        assert_eq!((a.span.line, a.get("b").unwrap().span.line), (1, 2));
        assert_eq!(a.get("b").unwrap().span.column, if json { 9 } else { 6 });
        assert_eq!((c.span.line, x.span.line), (3, if json { 5 } else { 4 }));
    }
}

#[test]
fn bombs_are_cut_short() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(",");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let deep_aliases: String = (0..200)
        .map(|level| match level {
            0 => format!("a0: &a0 {}{}\n", "[".repeat(90), "]".repeat(90)),
            _ => {
                format!("a{level}: &a{level} {}*a{}{}\n", "[".repeat(90), level - 1, "]".repeat(90))
            }
        })
        .collect();
    let flow = "[".repeat(100_000);
    let block: String = (0..3000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    for text in [bomb, deep_aliases, flow, block, "{\"a\":".repeat(100_000)] {
        let (nodes, diagnostics) = read(&text);
        assert!(diagnostics.iter().any(|one| one.level == Level::Error));
        let mut count = 0;
        nodes.iter().for_each(|node| node.walk(&mut |_| count += 1));
        assert!(count < 2 * MAX_ALIASED, "{count}");
    }
}

#[test]
fn every_cut_of_a_text_is_read_without_harm() {
    let texts = [
        "A: &x\n  - !Sub 'a${b}'\n  - {k: \"v\\n\", <<: *x}\n? c\n: |\n  é\n...\n---\n# z\n",
        "{\"A\": [1.5e3, \"\\u00e9\\\"\", {\"b\": null}], \"ü\": false}",
    ];
    for text in texts {
        for (at, _) in text.char_indices() {
            let (before, after) = text.split_at(at);
            read(before);
            read(after);
            read(&format!("{before}\0{after}"));
        }
    }
}
