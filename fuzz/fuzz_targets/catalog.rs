//! Files of a catalog: any bytes under any of its names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_catalog::{CatalogFile, load};
use onus_model::Files;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let names = ["model.yaml", "services.yaml", "aws/s3/service.yaml", "aws/s3/controls/x.yaml"];
    let path = names[usize::from(*which) % names.len()];
    let file = CatalogFile { path: path.into(), shown: path.into(), bytes: bytes.into() };
    load(None, &[file], &Files::default());
});
