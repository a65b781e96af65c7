//! The functions over known values (a table in `cases.txt`), and over values known in part.

mod partly_known;

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::{MemoryWorld, ReadError, World as _};
use onus_model::{Map, Node, Span};

use super::json::{decode, encoded_text};
use super::{CallError, FunctionWorld, call};

/// Files in memory; a template renders to its text and the names of its variables.
struct TestWorld(MemoryWorld);

impl TestWorld {
    fn new() -> TestWorld {
        let mut files = MemoryWorld::new([
            ("dir/a.txt", "alpha\n"),
            ("dir/sub/b.json", "{}"),
            ("dir/sub/c.txt", "c"),
            ("t.tpl", "hello ${name}"),
        ]);
        files.insert("binary", &[0xff, 0xfe]);
        TestWorld(files)
    }
}

impl FunctionWorld for TestWorld {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.read(path)
    }

    fn list(&self, folder: &str) -> Vec<EcoString> {
        self.0.list(folder)
    }

    fn render_template(&self, text: &str, vars: &Map, span: Span) -> Result<Node, CallError> {
        let names: Vec<&str> = vars.entries.keys().map(EcoString::as_str).collect();
        Ok(Node::string(eco_format!("{text}/{}", names.join(",")), span))
    }
}

fn run(name: &str, args: &[Node]) -> Result<Node, CallError> {
    call(name, args, &TestWorld::new(), Span::NONE)
}

fn json(text: &str) -> Node {
    decode(text, Span::NONE).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Encodings compare by their text.
fn settled(node: Node) -> Node {
    match encoded_text(&node) {
        Some(text) => Node::string(text, Span::NONE),
        None => node,
    }
}

#[test]
fn functions_over_known_values() {
    let mut failures = Vec::new();
    for (number, line) in include_str!("cases.txt").lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (call, expected) = line.rsplit_once(" => ").expect("=>");
        let (name, args) = call.split_once(' ').expect("arguments");
        let args = json(args).as_list().expect("a list").items.clone();
        let result = run(name, &args);
        let agrees = match (&result, expected) {
            (Err(_), "!") => true,
            (Ok(node), expected) if expected != "!" => {
                settled(node.clone()).value == json(expected).value
            }
            _ => false,
        };
        if !agrees {
            failures.push(format!("line {}: {line}\n    gives {result:?}", number + 1));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
