//! Templates, their intrinsics, SAM.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_ingest::{MemoryWorld, Source};
use onus_model::Files;
use onus_cloudformation::Cloudformation;

fuzz_target!(|bytes: &[u8]| {
    let mut world = MemoryWorld::default();
    world.insert("template.yaml", bytes);
    let files = Files::default();
    let source = Cloudformation::default();
    for root in source.find(&world, &files, &world.tree()) {
        source.read(&world, &files, &root);
    }
});
