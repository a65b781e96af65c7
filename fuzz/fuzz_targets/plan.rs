//! Plans as `terraform show -json` writes them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_ingest::{MemoryWorld, Source};
use onus_model::Files;
use onus_terraform::TerraformPlan;

fuzz_target!(|bytes: &[u8]| {
    let mut world = MemoryWorld::default();
    world.insert("plan.json", bytes);
    let files = Files::default();
    let source = TerraformPlan::default();
    for root in source.find(&world, &files, &world.tree()) {
        source.read(&world, &files, &root);
    }
});
