//! JSON reports as `onus diff` reads them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_report::Report;

fuzz_target!(|text: &str| {
    let _ = Report::read(text);
});
