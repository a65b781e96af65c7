//! Input of any shape gives a located message, the rest is still assessed, and nothing crashes or hangs.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a failure here is a failure of the test"
)]

mod command;

use command::{Folder, Run, onus};

const GOOD: &str = "resource \"aws_s3_bucket\" \"good\" {}\n";

fn assess(folder: &Folder) -> (Run, serde_json::Value) {
    let run = onus(&["assess", "--quiet", "--format", "json", &folder.path("")]);
    assert!([0, 1, 2].contains(&run.code), "exit code {}: {}", run.code, run.err);
    let report = serde_json::from_str(&run.out).unwrap();
    (run, report)
}

fn addresses(report: &serde_json::Value) -> Vec<&str> {
    report["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["address"].as_str().unwrap())
        .collect()
}

/// The messages and the unread parts, each with its place.
fn told(report: &serde_json::Value) -> String {
    format!("{}{}", report["diagnostics"], report["unread"])
}

/// A file beside a good one: what the report must say, and where.
const BESIDE: &[(&str, &str, &str)] = &[
    ("bad.tf", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = = 1\n}\n", "bad.tf"),
    ("bad.tf", "resource \"aws_s3_bucket\" {", "bad.tf"),
    (
        "bad.tf",
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n}\n",
        "depends on itself",
    ),
    ("bad.tf", "resource \"aws_sqs_queue\" \"q\" {\n  name = frobnicate(1)\n}\n", "frobnicate"),
    ("bad.tf", "module \"m\" {\n  source = \"./nowhere\"\n}\n", "nowhere"),
    (
        "bad.tf",
        "module \"m\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n",
        "terraform init",
    ),
    ("bad.tf", "module \"m\" {\n  source = \"./\"\n}\n", "bad.tf"),
    (
        "bad.tf",
        "resource \"aws_sqs_queue\" \"q\" {\n  name = file(\"../../../../../../etc/passwd\")\n}\n",
        "outside",
    ),
    ("bad.tf.json", "{\"resource\": {\"aws_sqs_queue\": {\"q\": ", "bad.tf.json"),
    (
        "t/bad.yaml",
        "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  B:\n    Type: !Ref X\n",
        "t/bad.yaml",
    ),
    ("t/bad.yaml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n   Properties: {\n", "t/bad.yaml"),
    (
        "t/bad.yaml",
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Frobnicate x\n",
        "Frobnicate",
    ),
    (
        "t/bad.json",
        "{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\",,}}}",
        "t/bad.json",
    ),
    (
        "p/plan.json",
        "{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.0\", \"planned_values\": {\"root_module\": {\"resources\": [",
        "p/plan.json",
    ),
];

#[test]
fn what_is_wrong_is_told_and_the_rest_is_assessed() {
    for (path, text, said) in BESIDE {
        let folder = Folder::with(&[("good/main.tf", GOOD), (&format!("bad/{path}"), text)]);
        let (_, report) = assess(&folder);
        assert!(addresses(&report).contains(&"aws_s3_bucket.good"), "{path}: {text}");
        assert!(told(&report).contains(said), "{path}: {text}\nsays {}", told(&report));
    }
}

#[test]
fn what_terraform_accepts_is_accepted() {
    let texts = [
        "\u{feff}resource \"aws_s3_bucket\" \"good\" {}\n",
        "resource \"aws_s3_bucket\" \"good\" {\r\n  bucket = \"b\"\r\n}\r\n",
        "resource \"aws_s3_bucket\" \"good\" {\n  tags = {\n    a = 1\n    a = 2\n  }\n}\n",
        "resource \"aws_s3_bucket\" \"good\" {\n  tags = { for k, v in { a = true } : k => v ?\n    1 :\n    2 }\n}\n",
        "resource aws_s3_bucket good {}\n",
    ];
    for text in texts {
        let folder = Folder::with(&[("main.tf", text)]);
        let (_, report) = assess(&folder);
        assert!(addresses(&report).contains(&"aws_s3_bucket.good"), "{text}");
        assert_eq!(report["diagnostics"], serde_json::json!([]), "{text}");
    }
}

#[test]
fn bombs_do_not_go_off() {
    let deep_hcl =
        format!("locals {{\n  a = {}1{}\n}}\n{GOOD}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_json =
        format!("{{\"Resources\": {}1{}}}", "{\"AWS::\": ".repeat(20_000), "}".repeat(20_000));
    let mut aliases = String::from(
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      a0: &a0 [x, x, x, x, x, x, x, x, x]\n",
    );
    for level in 1..20 {
        let below = level - 1;
        aliases +=
            &format!("      a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 9].join(", "));
    }
    let many = "resource \"aws_sqs_queue\" \"q\" {\n  count = 4000000000\n}\n".to_owned();
    let doubling: String = (0..60)
        .map(|at| {
            format!(
                "  a{at} = [{}, {}]\n",
                if at == 0 { "1".into() } else { format!("local.a{}", at - 1) },
                if at == 0 { "1".into() } else { format!("local.a{}", at - 1) }
            )
        })
        .collect();
    let doubling = format!(
        "locals {{\n{doubling}}}\nresource \"aws_sqs_queue\" \"q\" {{\n  name = jsonencode(local.a59)\n}}\n"
    );
    let template =
        format!("resource \"aws_sqs_queue\" \"q\" {{\n  name = \"{}\"\n}}\n", "${\"".repeat(5_000));
    for (path, text) in [
        ("bad.tf", &deep_hcl),
        ("bad.json", &deep_json),
        ("bad.yaml", &aliases),
        ("many.tf", &many),
        ("double.tf", &doubling),
        ("template.tf", &template),
    ] {
        let folder = Folder::with(&[("good/main.tf", GOOD), (&format!("bad/{path}"), text)]);
        let (_, report) = assess(&folder);
        assert!(addresses(&report).contains(&"aws_s3_bucket.good"), "{path}");
    }
}

#[test]
fn modules_that_never_end_are_ended() {
    let folder = Folder::with(&[
        ("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n"),
        ("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
        ("good/main.tf", GOOD),
    ]);
    let (_, report) = assess(&folder);
    assert!(addresses(&report).contains(&"aws_s3_bucket.good"));
    assert!(told(&report).contains("main.tf"), "{}", told(&report));

    let folder = Folder::new();
    for level in 0..1000 {
        folder.write(
            &format!("m{level}/main.tf"),
            &format!("module \"n\" {{\n  source = \"../m{}\"\n}}\n", level + 1),
        );
    }
    folder.write("m1000/main.tf", GOOD);
    let (_, report) = assess(&folder);
    assert!(told(&report).contains("main.tf"), "{}", told(&report));
}

#[test]
fn bytes_and_links_of_any_kind() {
    let folder = Folder::with(&[("good/main.tf", GOOD)]);
    folder.write_bytes("bad/latin.tf", b"# caf\xe9\nresource \"aws_sqs_queue\" \"q\" {}\n");
    folder.write_bytes("bad/zeros.yaml", &[0; 4096]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.root(), folder.root().join("loop")).unwrap();
        std::os::unix::fs::symlink("/nowhere/at/all", folder.root().join("broken.tf")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.root().join("outside.tf")).unwrap();
    }
    let (_, report) = assess(&folder);
    assert!(addresses(&report).contains(&"aws_s3_bucket.good"));
    assert!(told(&report).contains("latin.tf"), "{}", told(&report));
}

#[test]
fn nothing_to_read_is_said() {
    let folder = Folder::new();
    let run = onus(&["assess", "--quiet", &folder.path("")]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("no infrastructure code"), "{}", run.out);
    let run = onus(&["assess", "--quiet", &folder.path("nowhere")]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("nowhere"), "{}", run.out);
}
