//! The command as a user meets it: exit codes, formats, selections, the other commands.

mod command;

use command::{Folder, onus, onus_in};

const OPEN: &str = "resource \"aws_sqs_queue\" \"q\" {\n  sqs_managed_sse_enabled = false\n}\n";

#[test]
fn exit_codes_say_what_came_out() {
    let open = Folder::with(&[("main.tf", OPEN)]);
    let nothing_to_test = Folder::with(&[("main.tf", "resource \"aws_iot_thing\" \"t\" {}\n")]);
    let cases = [
        (&open, vec![], 1),
        (&open, vec!["--fail-on", "critical"], 0),
        (&open, vec!["--fail-on", "never"], 0),
        (&open, vec!["--skip", "sqs,account"], 0),
        (&nothing_to_test, vec![], 0),
    ];
    for (folder, args, code) in cases {
        let path = folder.path("");
        let all: Vec<&str> =
            ["assess", "--quiet"].into_iter().chain(args.clone()).chain([path.as_str()]).collect();
        assert_eq!(onus(&all).code, code, "{args:?}");
    }
}

#[test]
fn every_format_is_written_and_several_at_once() {
    let folder = Folder::with(&[("main.tf", OPEN)]);
    let outputs = ["a.json", "a.md", "a.html", "a.sarif", "a.csv", "a.xml", "a.txt"];
    let mut args = vec!["assess", "--quiet", "."];
    outputs.iter().for_each(|output| args.extend(["-o", output]));
    let run = onus_in(folder.root(), &args);
    assert_eq!(run.code, 1, "{}", run.err);
    for output in outputs {
        let text = std::fs::read_to_string(folder.path(output)).unwrap();
        assert!(text.contains("sqs/encryption"), "{output}");
    }
}

#[test]
fn same_input_same_bytes() {
    let folder = Folder::with(&[
        ("a/main.tf", OPEN),
        ("b/main.tf", OPEN),
        ("c/t.yaml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"),
    ]);
    let run = || onus(&["assess", "--quiet", "-f", "json", &folder.path("")]).out;
    let first = run();
    (0..5).for_each(|_| assert_eq!(run(), first));
}

#[test]
fn regions_that_are_not_allowed_are_open_duties() {
    let folder = Folder::with(&[(
        "main.tf",
        "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_sqs_queue\" \"q\" {}\nresource \"aws_iam_user\" \"u\" {}\n",
    )]);
    let path = folder.path("");
    let verdicts = |regions: &str| {
        let run = onus(&["assess", "--quiet", "-f", "json", "--allowed-regions", regions, &path]);
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let of_control =
            |finding: &&serde_json::Value| finding["control"] == "location/allowed-regions";
        let row = |finding: &serde_json::Value| {
            format!(
                "{} {}",
                finding["resource"].as_str().unwrap(),
                finding["verdict"].as_str().unwrap()
            )
        };
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(of_control)
            .map(row)
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts("eu-west-1"), ["aws_sqs_queue.q not-satisfied"]);
    assert_eq!(verdicts("eu-west-1,us-east-1"), ["aws_sqs_queue.q satisfied"]);
}

#[test]
fn explain_says_why() {
    let folder = Folder::with(&[("main.tf", OPEN)]);
    let path = folder.path("");
    for (args, said) in [
        (vec!["explain", "aws_sqs_queue.q", "--in", &path], "sqs/encryption"),
        (
            vec!["explain", "aws_sqs_queue.q", "at-rest-encryption/apply", "--in", &path],
            "managed_encryption",
        ),
        (vec!["explain", "AWS::SQS::Queue"], "abstracted"),
        (vec!["explain", "sqs/encryption"], "AWS::SQS::Queue"),
        (vec!["explain", "guest-os/apply"], "infrastructure"),
        (vec!["explain", "lambda"], "AWS Lambda"),
    ] {
        let run = onus(&args);
        assert_eq!(run.code, 0, "{args:?} {}", run.err);
        assert!(run.out.contains(said), "{args:?}\n{}", run.out);
    }
    assert_eq!(onus(&["explain", "aws_sqs_queue.other", "--in", &path]).code, 2);
}

#[test]
fn a_diff_reads_reports_too() {
    let folder = Folder::with(&[
        ("before/main.tf", &OPEN.replace("false", "true")),
        ("after/main.tf", OPEN),
    ]);
    for side in ["before", "after"] {
        let run = onus(&[
            "assess",
            "--quiet",
            "-o",
            &folder.path(&format!("{side}.json")),
            &folder.path(side),
        ]);
        assert!(run.code < 2, "{}", run.err);
    }
    let run =
        onus(&["diff", "-f", "json", &folder.path("before.json"), &folder.path("after.json")]);
    let diff: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(diff["opened"][0]["control"], "sqs/encryption", "{}", run.out);
    let failing = onus(&[
        "diff",
        "--quiet",
        "--fail-on",
        "low",
        &folder.path("before"),
        &folder.path("after"),
    ]);
    assert_eq!(failing.code, 1);
}

#[test]
fn a_catalog_of_ones_own_has_the_same_rights() {
    let control = r#"title: Queues keep messages for a week
type: AWS::SQS::Queue
tests: {layer: resilience, verb: apply}
severity: low
require: retention >= 604800
why: Ours.
fix:
  terraform: |
    resource "aws_sqs_queue" "example" {
      message_retention_seconds = 604800
    }
basis:
  - {url: "https://docs.aws.amazon.com/x", as_of: 2026-11-22}
examples:
  - verdict: satisfied
    terraform: |
      resource "aws_sqs_queue" "example" {
        message_retention_seconds = 1209600
      }
  - verdict: not-satisfied
    terraform: |
      resource "aws_sqs_queue" "example" {
        message_retention_seconds = 60
      }
"#;
    let service = "types:\n  AWS::SQS::Queue:\n    title: queue\n    facts:\n      retention:\n        says: how long messages are kept, in seconds\n        type: number\n        cloudformation: MessageRetentionPeriod\n        terraform: message_retention_seconds\n";
    let folder = Folder::with(&[
        ("own/aws/sqs/service.yaml", service),
        ("own/aws/sqs/controls/our-retention.yaml", control),
        (
            "estate/main.tf",
            "resource \"aws_sqs_queue\" \"q\" {\n  message_retention_seconds = 60\n}\n",
        ),
    ]);
    let check = onus(&["catalog", "check", "--extends", &folder.path("own")]);
    assert_eq!(check.code, 0, "{}", check.err);
    let run =
        onus(&["assess", "--quiet", "--catalog", &folder.path("own"), &folder.path("estate")]);
    assert!(run.out.contains("sqs/our-retention"), "{}", run.out);

    folder.write(
        "own/aws/sqs/controls/our-retention.yaml",
        &control.replace("retention >=", "retentoin >="),
    );
    let check = onus(&["catalog", "check", "--extends", &folder.path("own")]);
    assert_eq!(check.code, 2);
    assert!(
        check.err.contains("our-retention.yaml:5") && check.err.contains("retention"),
        "{}",
        check.err
    );
}

#[test]
fn secrets_stay_where_they_are() {
    let secret = "correct-horse-battery-staple";
    let folder = Folder::with(&[(
        "main.tf",
        &format!(
            "resource \"aws_db_instance\" \"d\" {{\n  engine = \"mysql\"\n  password = \"{secret}\"\n}}\nresource \"aws_lambda_function\" \"f\" {{\n  environment {{\n    variables = {{ DB_PASSWORD = \"{secret}\" }}\n  }}\n}}\nresource \"aws_instance\" \"i\" {{\n  user_data = \"export DB_PASSWORD={secret}\"\n}}\n"
        ),
    )]);
    for format in ["terminal", "json", "markdown", "html", "sarif", "csv", "junit"] {
        let run = onus(&["assess", "--quiet", "-f", format, &folder.path("")]);
        assert!(!run.out.contains(secret), "{format}");
        assert!(
            run.out.contains("user-data-secrets") || format == "markdown",
            "{format}: found by the control"
        );
    }
}

#[test]
fn completions_and_the_man_page_are_made() {
    assert!(onus(&["completions", "bash"]).out.contains("onus"));
    assert!(onus(&["man"]).out.contains(".TH onus"));
}
