//! Pairs of estates that differ in one attribute: `onus diff` moves exactly the duties that AWS's pages move, and an
//! attribute that is not known leaves them undetermined.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a failure here is a failure of the test"
)]

mod command;

use command::{Folder, onus};

const LAMBDA: &str = r#"resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  BODY
}"#;
const ECS: &str = r#"resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "c"
  task_definition = "t:1"
  desired_count   = 2
  launch_type     = BODY
}"#;
const RDS: &str = r#"resource "aws_db_instance" "d" {
  instance_class              = "db.m6i.large"
  allocated_storage           = 100
  backup_retention_period     = 7
  username                    = "u"
  manage_master_user_password = true
  BODY
}"#;
const EKS: &str = r#"resource "aws_eks_cluster" "c" {
  name     = "c"
  role_arn = "arn:aws:iam::123456789012:role/c"
  vpc_config {
    subnet_ids = ["subnet-1"]
  }
  BODY
}"#;
const KMS: &str = "Resources:
  K:
    Type: AWS::KMS::Key
    Properties:
      BODY
";

/// A pair: the template, its file's name, the attribute before and after, and what moves: `layer/verb from to`.
struct Pair {
    template: &'static str,
    file: &'static str,
    before: &'static str,
    after: &'static str,
    moves: &'static [&'static str],
}

const PAIRS: &[Pair] = &[
    Pair {
        template: LAMBDA,
        file: "main.tf",
        before: "runtime = \"python3.13\"\nhandler = \"a.b\"\nfilename = \"a.zip\"",
        after: "package_type = \"Image\"\nimage_uri = \"123456789012.dkr.ecr.eu-west-1.amazonaws.com/f:1\"",
        moves: &[
            "guest-os/decide provider customer",
            "guest-os/apply provider customer",
            "guest-os/verify provider customer",
            "runtime/apply provider customer",
        ],
    },
    Pair {
        template: ECS,
        file: "main.tf",
        before: "\"EC2\"",
        after: "\"FARGATE\"",
        moves: &[
            "virtualization/decide customer provider",
            "virtualization/verify customer provider",
            "guest-os/decide customer provider",
            "guest-os/apply customer provider",
            "guest-os/verify customer provider",
        ],
    },
    Pair {
        template: RDS,
        file: "main.tf",
        before: "engine = \"oracle-ee\"",
        after: "engine = \"custom-oracle-ee\"",
        moves: &[
            "guest-os/apply provider customer",
            "runtime/provide provider customer",
            "runtime/apply provider customer",
        ],
    },
    Pair {
        template: RDS,
        file: "main.tf",
        before: "engine = \"mysql\"\nauto_minor_version_upgrade = true",
        after: "engine = \"mysql\"\nauto_minor_version_upgrade = false",
        moves: &["runtime/apply provider customer"],
    },
    Pair {
        template: EKS,
        file: "main.tf",
        before: "",
        after: "compute_config {\nenabled = true\nnode_pools = [\"general-purpose\"]\n}",
        moves: &[
            "guest-os/decide customer provider",
            "guest-os/apply customer provider",
            "guest-os/verify customer provider",
        ],
    },
    Pair {
        template: KMS,
        file: "template.yaml",
        before: "Origin: AWS_KMS",
        after: "Origin: EXTERNAL",
        moves: &[
            "keys/provide provider customer",
            "resilience/apply provider customer",
            "resilience/verify provider customer",
        ],
    },
];

/// The rows under `moved` of a diff, as `layer/verb from to`.
fn moved(folder: &Folder) -> Vec<String> {
    let run = onus(&[
        "diff",
        "--quiet",
        "--format",
        "json",
        &folder.path("before"),
        &folder.path("after"),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let diff: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let row = |row: &serde_json::Value| {
        let word = |name: &str| row[name].as_str().unwrap().to_owned();
        assert!(!word("because").is_empty() && !word("resource").is_empty());
        format!("{}/{} {} {}", word("layer"), word("verb"), word("from"), word("to"))
    };
    diff["moved"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn one_attribute_moves_exactly_its_duties() {
    for pair in PAIRS {
        let folder = Folder::new();
        folder.write(&format!("before/{}", pair.file), &pair.template.replace("BODY", pair.before));
        folder.write(&format!("after/{}", pair.file), &pair.template.replace("BODY", pair.after));
        assert_eq!(moved(&folder), pair.moves, "{} -> {}", pair.before, pair.after);
    }
}

#[test]
fn what_is_the_same_moves_nothing() {
    for pair in PAIRS {
        let folder = Folder::new();
        for side in ["before", "after"] {
            folder.write(
                &format!("{side}/{}", pair.file),
                &pair.template.replace("BODY", pair.after),
            );
        }
        assert_eq!(moved(&folder), [""; 0]);
    }
}

#[test]
fn an_unknown_attribute_leaves_its_duties_undetermined() {
    let cases = [
        (
            LAMBDA,
            "package_type = var.x\nruntime = \"python3.13\"",
            "package_type = \"Zip\"\nruntime = \"python3.13\"",
            "runtime/apply",
        ),
        (ECS, "var.x", "\"EC2\"", "guest-os/apply"),
        (RDS, "engine = var.x", "engine = \"oracle-ee\"", "guest-os/apply"),
        (
            RDS,
            "engine = \"mysql\"\nauto_minor_version_upgrade = var.x",
            "engine = \"mysql\"",
            "runtime/apply",
        ),
        (EKS, "compute_config {\nenabled = var.x\n}", "", "guest-os/apply"),
    ];
    for (template, unknown, known, duty) in cases {
        let folder = Folder::new();
        folder.write("before/main.tf", &template.replace("BODY", known));
        folder.write(
            "after/main.tf",
            &format!("variable \"x\" {{}}\n{}", template.replace("BODY", unknown)),
        );
        let rows = moved(&folder);
        assert!(rows.iter().any(|row| row.starts_with(duty)), "{unknown}: {rows:?}");
        assert!(rows.iter().all(|row| row.ends_with(" undetermined")), "{unknown}: {rows:?}");
    }
}
