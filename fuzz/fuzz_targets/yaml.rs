//! YAML and JSON to nodes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_model::FileId;
use onus_yaml::{Options, parse};

fuzz_target!(|text: &str| {
    parse(text, FileId::NONE, &Options::default());
});
