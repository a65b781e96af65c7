//! Makes assessments of any size for the tests: five services, three profiles, every verdict, and the
//! strings that an attacker, or an unlucky tag, would put in.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test material: each test file uses its own part, and a mistake in it may panic"
)]

mod summary;

use onus_model::{
    Allocation, AssessedResource, AssessedScope, Assessment, Basis, Because, Blocker, Control,
    Diagnostic, Duty, EcoString, Evidence, Files, Finding, Layer, Origin, Profile, Reason,
    ServiceClass, Severity, SourceFile, SourceKind, Span, Status, UnreadPart, Verb, Verdict,
    eco_format,
};

/// Texts that break a renderer that does not escape.
pub const HOSTILE: [&str; 9] = [
    "</script><script>alert(1)</script>",
    "\"quoted\" & 'single' <b>bold</b>",
    "two\nlines\r\nand\ttab",
    "\u{1b}[2J\u{1b}[31mred\u{7}",
    "=cmd|' /C calc'!A0",
    "🦀 emoji 窓口 | pipe `code` [link](javascript:alert(1))",
    "\u{202e}gpj.exe",
    "<!--<script>",
    "]]> \u{0}\u{1}\u{fffe} &amp;",
];

pub struct Kind {
    pub service: &'static str,
    pub name: &'static str,
    pub native: &'static str,
    pub type_name: &'static str,
    pub class: ServiceClass,
    pub in_depth: bool,
}

pub const KINDS: [Kind; 5] = [
    Kind {
        service: "ec2",
        name: "Amazon EC2",
        native: "aws_instance",
        type_name: "AWS::EC2::Instance",
        class: ServiceClass::Infrastructure,
        in_depth: true,
    },
    Kind {
        service: "rds",
        name: "Amazon RDS",
        native: "aws_db_instance",
        type_name: "AWS::RDS::DBInstance",
        class: ServiceClass::Container,
        in_depth: true,
    },
    Kind {
        service: "s3",
        name: "Amazon S3",
        native: "aws_s3_bucket",
        type_name: "AWS::S3::Bucket",
        class: ServiceClass::Abstracted,
        in_depth: true,
    },
    Kind {
        service: "sns",
        name: "Amazon SNS",
        native: "aws_sns_topic",
        type_name: "AWS::SNS::Topic",
        class: ServiceClass::Abstracted,
        in_depth: false,
    },
    Kind {
        service: "glue",
        name: "AWS Glue",
        native: "aws_glue_job",
        type_name: "AWS::Glue::Job",
        class: ServiceClass::Abstracted,
        in_depth: false,
    },
];

fn basis() -> Vec<Basis> {
    vec![Basis {
        url:
            "https://docs.aws.amazon.com/whitepapers/latest/aws-overview/shared-responsibility.html"
                .into(),
        as_of: "2026-11-20".into(),
    }]
}

/// How a class holds a layer: the four verbs.
fn allocations(class: ServiceClass, layer: Layer) -> [Allocation; 4] {
    use Allocation::{Customer as C, Provider as P};
    let ground = match class {
        ServiceClass::Infrastructure => 3,
        ServiceClass::Container => 4,
        ServiceClass::Abstracted => 5,
    };
    match layer {
        layer if layer.index() < ground => [P, P, P, P],
        Layer::GuestOs | Layer::Runtime => {
            [P, C, if class == ServiceClass::Container { P } else { C }, C]
        }
        Layer::Application | Layer::Data | Layer::Training => [C, C, C, C],
        Layer::AtRestEncryption | Layer::TransportEncryption | Layer::Keys | Layer::Network => {
            [P, C, P, C]
        }
        _ => [P, C, C, C],
    }
}

fn words(layer: Layer) -> (&'static str, &'static str) {
    match layer {
        Layer::Facilities => ("AWS guards the buildings and keeps power and cooling up.", ""),
        Layer::Hardware => ("AWS buys, mends, wipes and destroys the servers and disks.", ""),
        Layer::Virtualization => ("AWS runs the hypervisor and keeps tenants apart.", ""),
        Layer::GuestOs => (
            "AWS publishes images with patches.",
            "You choose an image, patch it, and watch that it stays patched.",
        ),
        Layer::Runtime => (
            "AWS publishes patched engine versions.",
            "You choose the version and the window, and watch that the upgrade happened.",
        ),
        Layer::AtRestEncryption => (
            "AWS encrypts with the key that you name.",
            "You turn encryption on and choose the key.",
        ),
        Layer::Keys => (
            "AWS keeps keys in hardware and rotates those that it made.",
            "You say who may use a key, and rotate those that you imported.",
        ),
        Layer::IdentityAccess => (
            "AWS enforces the policies that you write.",
            "You say who may do what, and take it back in time.",
        ),
        Layer::Data => ("", "You know what you store, and how bad its loss would be."),
        _ => ("AWS makes the means available.", "You choose, put in force, and watch."),
    }
}

fn profile(kind: &Kind, undetermined: bool) -> Profile {
    let mut duties = Vec::new();
    for layer in Layer::ALL {
        let allocations = allocations(kind.class, *layer);
        for verb in Verb::ALL {
            let (aws, you) = words(*layer);
            let moves = undetermined && *layer == Layer::Keys && *verb == Verb::Apply;
            duties.push(Duty {
                layer: *layer,
                verb: *verb,
                allocation: if moves {
                    Allocation::Undetermined
                } else {
                    allocations[verb.index()]
                },
                because: if moves {
                    Because::Shift(eco_format!("{}/imported-key", kind.service))
                } else if kind.in_depth {
                    Because::Service(kind.service.into())
                } else {
                    Because::Class(kind.class)
                },
                aws: aws.into(),
                you: you.into(),
                basis: basis(),
            });
        }
    }
    Profile { duties }
}

struct Rule {
    id: &'static str,
    kind: usize,
    title: &'static str,
    severity: Severity,
    layer: Layer,
    fact: &'static str,
    bad: &'static str,
    good: &'static str,
}

const RULES: [Rule; 7] = [
    Rule {
        id: "s3/bucket-public-access",
        kind: 2,
        title: "The bucket blocks public access",
        severity: Severity::Critical,
        layer: Layer::IdentityAccess,
        fact: "block_public_policy",
        bad: "false",
        good: "true",
    },
    Rule {
        id: "rds/instance-private",
        kind: 1,
        title: "The database has no public address",
        severity: Severity::High,
        layer: Layer::Network,
        fact: "publicly_accessible",
        bad: "true",
        good: "false",
    },
    Rule {
        id: "ec2/imdsv2",
        kind: 0,
        title: "Instance metadata asks for a session token",
        severity: Severity::High,
        layer: Layer::IdentityAccess,
        fact: "metadata_options.http_tokens",
        bad: "optional",
        good: "required",
    },
    Rule {
        id: "s3/bucket-versioning",
        kind: 2,
        title: "The bucket keeps old versions",
        severity: Severity::Medium,
        layer: Layer::Resilience,
        fact: "versioning",
        bad: "Suspended",
        good: "Enabled",
    },
    Rule {
        id: "rds/instance-encryption",
        kind: 1,
        title: "Storage is encrypted",
        severity: Severity::Medium,
        layer: Layer::AtRestEncryption,
        fact: "storage_encrypted",
        bad: "false",
        good: "true",
    },
    Rule {
        id: "rds/auto-minor-upgrade",
        kind: 1,
        title: "Minor versions are upgraded by themselves",
        severity: Severity::Low,
        layer: Layer::Runtime,
        fact: "auto_minor_version_upgrade",
        bad: "false",
        good: "true",
    },
    Rule {
        id: "ec2/root-volume-encryption",
        kind: 0,
        title: "The root volume is encrypted",
        severity: Severity::Low,
        layer: Layer::AtRestEncryption,
        fact: "root_block_device.encrypted",
        bad: "false",
        good: "true",
    },
];

fn control(rule: &Rule) -> Control {
    let kind = &KINDS[rule.kind];
    Control {
        id: rule.id.into(),
        title: rule.title.into(),
        severity: rule.severity,
        service: kind.service.into(),
        type_name: kind.type_name.into(),
        layer: rule.layer,
        verb: Verb::Decide,
        why: "Whoever finds it can read it. Most leaks of the last ten years began like this."
            .into(),
        fix_terraform: eco_format!(
            "resource \"{}\" \"x\" {{\n  {} = {}\n}}",
            kind.native,
            rule.fact,
            rule.good
        ),
        fix_cloudformation: eco_format!("Properties:\n  {}: {}", rule.fact, rule.good),
        basis: basis(),
        aliases: vec![("security-hub".into(), "S3.14".into()); 2],
    }
}

/// An assessment of `count` resources, and the files of its run.
pub fn assessment(count: usize) -> (Assessment, Files) {
    let files = Files::default();
    let scopes = [
        (SourceKind::Terraform, "infra/prod"),
        (SourceKind::Cloudformation, "templates/queue.yaml"),
    ];
    let profiles: Vec<Profile> =
        KINDS.iter().flat_map(|kind| [profile(kind, false), profile(kind, true)]).collect();
    let mut made = Assessment {
        as_of: "2026-11-22".into(),
        profiles,
        controls: RULES.iter().map(control).collect(),
        ..Assessment::default()
    };
    made.controls.sort_by(|one, other| one.id.cmp(&other.id));
    for index in 0..count {
        made.resources.push(resource(&files, index));
    }
    findings(&mut made, &files);
    for (kind, path) in scopes {
        let own = if kind == SourceKind::Terraform { 0 } else { 1 };
        let resources = made.resources.iter().filter(|resource| resource.scope == own).count();
        made.scopes.push(AssessedScope { kind, path: path.into(), resources: resources as u32 });
    }
    made.files = vec![
        SourceFile {
            path: "infra/prod/main.tf".into(),
            taken_as: "terraform".into(),
            because: "root module: no other module calls it".into(),
        },
        SourceFile {
            path: "README.md".into(),
            taken_as: "skipped".into(),
            because: "not infrastructure code".into(),
        },
    ];
    made.unread = vec![UnreadPart {
        scope: 0,
        address: "module.vpc".into(),
        settles: "module.vpc is not there: run `terraform init`".into(),
        span: Span::new(files.id("infra/prod/main.tf"), 7, 1),
    }];
    made.diagnostics = vec![
        Diagnostic::error(
            "this string has no end",
            Span::new(files.id("infra/prod/broken.tf"), 3, 9),
        )
        .help("add a `\"`"),
        Diagnostic::note("a file without resources", Span::file(files.id("infra/prod/empty.tf"))),
        Diagnostic::warning(HOSTILE[3], Span::file(files.id(HOSTILE[0]))),
    ];
    made.services = summary::services(&made);
    summary::settle(&mut made);
    made.counts = summary::counts(&made);
    (made, files)
}

fn resource(files: &Files, index: usize) -> AssessedResource {
    let which = index % KINDS.len();
    let kind = &KINDS[which];
    let hostile = HOSTILE.get(index / KINDS.len()).filter(|_| which == 2);
    let address = match hostile {
        Some(text) => eco_format!("aws_s3_bucket.b[\"{text}\"]"),
        None => eco_format!("module.app{}.{}.main{index}", index / 40, kind.native),
    };
    let file = files.id(if index.is_multiple_of(7) {
        "templates/queue.yaml"
    } else {
        "infra/prod/main.tf"
    });
    let span = Span::new(file, 10 + index as u32 * 6, 1);
    let undetermined = index.is_multiple_of(11);
    let blocker = Blocker {
        fact: "key_origin".into(),
        reason: Reason::Input,
        settles: "var.kms_key_arn".into(),
        span,
    };
    AssessedResource {
        address,
        scope: u32::from(index.is_multiple_of(7)),
        native_type: kind.native.into(),
        type_name: kind.type_name.into(),
        service: kind.service.into(),
        service_name: kind.name.into(),
        class: Some(kind.class),
        delivery: None,
        in_depth: kind.in_depth,
        span,
        possible: index.is_multiple_of(13).then(|| "var.create".into()),
        region: (!index.is_multiple_of(3)).then(|| "eu-central-1".into()),
        part_of: None,
        profile: (which * 2 + usize::from(undetermined)) as u32,
        undetermined: if undetermined { vec![blocker; 1 + index % 2] } else { Vec::new() },
        shifts: if which == 1 {
            vec![(
                "rds/custom".into(),
                vec![Evidence {
                    fact: "engine".into(),
                    value: "custom-oracle-ee".into(),
                    span,
                    origin: Origin::Set,
                }],
            )]
        } else {
            Vec::new()
        },
        status: Vec::new(),
    }
}

fn findings(made: &mut Assessment, files: &Files) {
    for (index, resource) in made.resources.iter().enumerate() {
        for (number, control) in made.controls.iter().enumerate() {
            if control.type_name != resource.type_name {
                continue;
            }
            let rule = RULES.iter().find(|rule| rule.id == control.id).unwrap();
            let verdict = match (index / 5 + number) % 4 {
                0 => Verdict::NotSatisfied,
                1 => Verdict::Unknown,
                _ => Verdict::Satisfied,
            };
            let value = match verdict {
                Verdict::NotSatisfied => {
                    HOSTILE.get(index / 5).copied().filter(|_| rule.kind == 2).unwrap_or(rule.bad)
                }
                _ => rule.good,
            };
            let span = Span { line: resource.span.line + 2, ..resource.span };
            let evidence = Evidence {
                fact: rule.fact.into(),
                value: value.into(),
                span,
                origin: if index % 2 == 0 { Origin::Set } else { Origin::Default },
            };
            let settles: EcoString = if index % 3 == 0 {
                "var.kms_key_arn".into()
            } else {
                eco_format!("data.aws_ami.base{}.id", index % 4)
            };
            let reason = if index % 3 == 0 { Reason::Input } else { Reason::Lookup };
            let blocker = Blocker { fact: rule.fact.into(), reason, settles, span };
            made.findings.push(Finding {
                control: number as u32,
                resource: index as u32,
                verdict,
                evidence: if verdict == Verdict::Unknown {
                    Vec::new()
                } else {
                    vec![evidence; 1 + index % 2]
                },
                blockers: if verdict == Verdict::Unknown {
                    vec![blocker; 1 + index % 2]
                } else {
                    Vec::new()
                },
            });
        }
    }
    let _ = files;
    let rank = |verdict: Verdict| match verdict {
        Verdict::NotSatisfied => 0,
        Verdict::Unknown => 1,
        _ => 2,
    };
    let controls = &made.controls;
    let resources = &made.resources;
    made.findings.sort_by_cached_key(|finding| {
        let control = &controls[finding.control as usize];
        (
            rank(finding.verdict),
            std::cmp::Reverse(control.severity),
            resources[finding.resource as usize].address.clone(),
            control.id.clone(),
        )
    });
    let mut statuses: Vec<Vec<(Layer, Verb, Status)>> = made
        .resources
        .iter()
        .map(|resource| {
            let duties = &made.profiles[resource.profile as usize].duties;
            let own = duties.iter().filter(|duty| duty.allocation == Allocation::Customer);
            own.map(|duty| (duty.layer, duty.verb, Status::Unverified)).collect()
        })
        .collect();
    for finding in made.findings.iter().rev() {
        let control = &made.controls[finding.control as usize];
        let status = match finding.verdict {
            Verdict::NotSatisfied => Status::NotSatisfied,
            Verdict::Unknown => Status::Unknown,
            _ => Status::Satisfied,
        };
        for row in &mut statuses[finding.resource as usize] {
            if (row.0, row.1) == (control.layer, control.verb) {
                row.2 = status;
            }
        }
    }
    for (resource, status) in made.resources.iter_mut().zip(statuses) {
        resource.status = status;
    }
}
