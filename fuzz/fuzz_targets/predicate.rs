//! Predicates: any text compiles or is told what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_model::EcoString;
use onus_predicate::{Schema, Type, compile};

struct Facts;

impl Schema for Facts {
    fn fact(&self, _: u32, name: &str) -> Option<(u16, Type)> {
        match name {
            "flag" => Some((0, Type::Bool)),
            "count" => Some((1, Type::Number)),
            "name" => Some((2, Type::String)),
            "names" => Some((3, Type::List(Box::new(Type::String)))),
            _ => None,
        }
    }

    fn type_index(&self, name: &str) -> Option<u32> {
        (name == "T").then_some(0)
    }

    fn names(&self, _: u32) -> Vec<EcoString> {
        Vec::new()
    }
}

fuzz_target!(|text: &str| {
    let _ = compile(text, 0, &Facts);
});
