//! The JSON formats against their published schemas, with hostile strings in every place.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests: a failure here is a failure of the test"
)]

mod sample;

use onus_report::{Diff, Format, Options, Report};
use serde_json::Value;

const REPORT: &str = include_str!("../../../docs/schema/report-1.schema.json");
const DIFF: &str = include_str!("../../../docs/schema/diff-1.schema.json");
const SARIF: &str = include_str!("schemas/sarif-schema-2.1.0.json");

fn render(format: Format, count: usize) -> String {
    let (assessment, files) = sample::assessment(count);
    let options = Options { color: false, width: 100, sources: &|_| None, version: "0.1.0" };
    let mut out = Vec::new();
    format.write(&assessment, &files, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn check(schema: &str, document: &str) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_json_report_fits_its_schema() {
    for count in [0, 60] {
        check(REPORT, &render(Format::Json, count));
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema: Value = serde_json::from_str(REPORT).unwrap();
    let mut document: Value = serde_json::from_str(&render(Format::Json, 12)).unwrap();
    document["findings"][0]["verdict"] = "pass".into();
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&document));
}

#[test]
fn the_sarif_log_fits_its_schema_and_its_rules() {
    for count in [0, 60] {
        check(SARIF, &render(Format::Sarif, count));
    }
    let log: Value = serde_json::from_str(&render(Format::Sarif, 60)).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        // 3.27.10: a level other than none goes with a failure only.
        assert_eq!(result["kind"] == "fail", result["level"] != "none");
        assert!(fingerprints.insert(result["partialFingerprints"]["onus/v1"].to_string()));
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "a file could not be read");
}

#[test]
fn fingerprints_do_not_depend_on_lines() {
    let (mut assessment, files) = sample::assessment(60);
    let options = Options { color: false, width: 100, sources: &|_| None, version: "0.1.0" };
    let mut prints = || -> Vec<String> {
        let mut out = Vec::new();
        Format::Sarif.write(&assessment, &files, &options, &mut out).unwrap();
        for resource in &mut assessment.resources {
            resource.span.line += 17;
        }
        let log: Value = serde_json::from_slice(&out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|one| one["partialFingerprints"].to_string()).collect()
    };
    assert_eq!(prints(), prints());
}

#[test]
fn the_json_diff_fits_its_schema() {
    let (base, files) = sample::assessment(40);
    let (mut head, head_files) = sample::assessment(60);
    head.resources[1].profile += 1;
    let diff = Diff::new(&Report::new(&base, &files), &Report::new(&head, &head_files));
    let options = Options { color: false, width: 100, sources: &|_| None, version: "0.1.0" };
    let mut out = Vec::new();
    diff.write(Format::Json, &options, &mut out).unwrap();
    check(DIFF, &String::from_utf8(out).unwrap());
}
