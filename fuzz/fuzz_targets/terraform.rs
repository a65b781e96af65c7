//! HCL native syntax and its evaluation: never a panic, a hang or unbounded memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_ingest::{MemoryWorld, Source};
use onus_model::Files;
use onus_terraform::Terraform;

fuzz_target!(|bytes: &[u8]| {
    let mut world = MemoryWorld::default();
    world.insert("main.tf", bytes);
    let files = Files::default();
    let source = Terraform::default();
    for root in source.find(&world, &files, &world.tree()) {
        source.read(&world, &files, &root);
    }
});
