//! States, shown and raw.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_ingest::{MemoryWorld, Source};
use onus_model::Files;
use onus_terraform::TerraformState;

fuzz_target!(|bytes: &[u8]| {
    let mut world = MemoryWorld::default();
    world.insert("terraform.tfstate", bytes);
    let files = Files::default();
    let source = TerraformState::default();
    for root in source.find(&world, &files, &world.tree()) {
        source.read(&world, &files, &root);
    }
});
