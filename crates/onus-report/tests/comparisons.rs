//! The diff of two reports, and the renderings of diff, matrix and explanation.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a failure here is a failure of the test"
)]

mod sample;

use onus_model::{Allocation, Basis, Layer, Origin, ServiceClass, Split, Truth, Verb, Verdict};
use onus_report::{
    Diff, Explanation, Format, Matrix, MatrixLayer, MatrixService, Options, ReadError, Report,
    Stage, Step, StepDuty, StepValue,
};

const OPTIONS: Options<'static> =
    Options { color: false, width: 100, sources: &|_| None, version: "0.1.0" };

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn report(count: usize) -> Report {
    let (assessment, files) = sample::assessment(count);
    Report::new(&assessment, &files)
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let diff = Diff::new(&report(60), &report(60));
    assert!(diff.is_empty(), "{diff:?}");
    assert_eq!(diff.kept, 60);
}

/// What is opened one way is closed the other, and so on.
#[test]
fn a_diff_reversed_says_the_opposite() {
    let (base, mut head) = (report(40), report(60));
    head.resources[1].profile += 1;
    head.findings[0].verdict = Verdict::Satisfied;
    head.findings.retain(|row| row.resource != "module.app0.aws_instance.main0");
    let (there, back) = (Diff::new(&base, &head), Diff::new(&head, &base));
    let names = |rows: &[onus_report::Came]| -> Vec<_> {
        rows.iter().map(|row| row.resource.clone()).collect()
    };
    assert_eq!(names(&there.added), names(&back.removed));
    assert_eq!(names(&there.removed), names(&back.added));
    let ids = |rows: &[onus_report::Changed]| -> Vec<_> {
        rows.iter().map(|row| (row.control.clone(), row.resource.clone())).collect()
    };
    let left = |rows: &[onus_report::Changed]| -> Vec<_> {
        let stayed = rows.iter().filter(|row| row.from == Some(Verdict::NotSatisfied));
        stayed.map(|row| (row.control.clone(), row.resource.clone())).collect()
    };
    assert_eq!(ids(&there.opened), left(&back.closed));
    assert_eq!(there.moved.len(), back.moved.len());
    for (one, other) in there.moved.iter().zip(&back.moved) {
        assert_eq!(
            (one.layer, one.verb, one.from, one.to),
            (other.layer, other.verb, other.to, other.from)
        );
    }
}

#[test]
fn exactly_the_duties_that_changed_hands_moved() {
    let (base, mut head) = (report(60), report(60));
    let profile = head.resources[6].profile;
    let mut own = head.profiles[usize::try_from(profile).unwrap()].clone();
    let place = own
        .duties
        .iter()
        .position(|duty| (duty.layer, duty.verb) == (Layer::Runtime, Verb::Apply))
        .unwrap();
    own.duties[place].allocation = Allocation::Customer;
    head.resources[6].profile = u32::try_from(head.profiles.len()).unwrap();
    head.profiles.push(own);
    // Where it stands does not matter; only what it is called.
    for resource in &mut head.resources {
        resource.line += 100;
        resource.scope = ecow::eco_format!("elsewhere/{}", resource.scope);
    }
    for finding in &mut head.findings {
        finding.scope = ecow::eco_format!("elsewhere/{}", finding.scope);
    }
    for scope in &mut head.scopes {
        scope.path = ecow::eco_format!("elsewhere/{}", scope.path);
    }
    let diff = Diff::new(&base, &head);
    let moved: Vec<_> = diff
        .moved
        .iter()
        .map(|row| (row.resource.as_str(), row.layer, row.verb, row.from, row.to))
        .collect();
    assert_eq!(
        moved,
        [(
            "module.app0.aws_db_instance.main6",
            Layer::Runtime,
            Verb::Apply,
            Allocation::Provider,
            Allocation::Customer
        )]
    );
    assert!(diff.added.is_empty() && diff.removed.is_empty() && diff.opened.is_empty());
    let comment = written(|out| diff.write(Format::Markdown, &OPTIONS, out));
    assert!(comment.starts_with("### onus: 1 duty moved; 60 resources compared\n"), "{comment}");
    assert!(comment.contains("**AWS → you** | runtime: apply"), "{comment}");
    let text = written(|out| diff.write(Format::Terminal, &OPTIONS, out));
    assert!(text.contains("AWS → you"), "{text}");
}

#[test]
fn what_is_no_report_is_refused_with_the_place() {
    let json = {
        let (assessment, files) = sample::assessment(5);
        written(|out| Format::Json.write(&assessment, &files, &OPTIONS, out))
    };
    let later = json.replace("onus-report/1", "onus-report/2");
    assert_eq!(Report::read(&later), Err(ReadError::Schema("onus-report/2".into())));
    assert!(matches!(Report::read("{\n\"a\": }"), Err(ReadError::Shape { line: 2, .. })));
    assert!(matches!(Report::read("[]"), Err(ReadError::Shape { .. })));
    let strayed = json.replacen("\"profile\":2", "\"profile\":4000", 1);
    assert!(matches!(Report::read(&strayed), Err(ReadError::NoProfile { profile: 4000, .. })));
    let deep = "[".repeat(100_000);
    assert!(Report::read(&deep).is_err());
}

fn matrix() -> Matrix {
    let layer = |layer: Layer, split, holders: [Allocation; 4]| MatrixLayer {
        layer,
        split,
        verbs: Verb::ALL.iter().copied().zip(holders).collect(),
        aws: "AWS publishes patched engine versions.".into(),
        you: sample::HOSTILE[1].into(),
        basis: vec![
            Basis { url: "https://docs.aws.amazon.com/x".into(), as_of: "2026-11-20".into() },
            Basis { url: "javascript:alert(1)".into(), as_of: sample::HOSTILE[0].into() },
        ],
    };
    use Allocation::{Customer as C, Provider as P, Undetermined as U};
    Matrix {
        as_of: "2026-11-22".into(),
        services: vec![MatrixService {
            name: "Amazon RDS".into(),
            class: Some(ServiceClass::Container),
            layers: vec![
                layer(Layer::GuestOs, Split::Provider, [P, P, P, P]),
                layer(Layer::Runtime, Split::SharedDependent, [P, C, P, C]),
                layer(Layer::Keys, Split::Undetermined, [P, C, U, C]),
            ],
        }],
    }
}

#[test]
fn a_matrix_is_written_in_each_of_its_formats() {
    for format in Format::ALL {
        let mut out = Vec::new();
        let done = matrix().write(*format, &OPTIONS, &mut out);
        assert_eq!(done.is_ok(), Matrix::FORMATS.contains(format), "{format}");
        let text = String::from_utf8(out).unwrap();
        if matches!(format, Format::Html | Format::Markdown) {
            assert!(!text.replace("\\<", "").contains("<script"), "{text}");
        }
        assert!(!text.contains("href=\"javascript"), "{text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&written(|out| matrix().write(Format::Json, &OPTIONS, out))).unwrap();
    assert_eq!(json["services"][0]["layers"][1]["verbs"]["decide"], "customer");
    let csv = written(|out| matrix().write(Format::Csv, &OPTIONS, out));
    assert_eq!(csv.matches("\r\n").count(), 4);
}

#[test]
fn an_explanation_names_each_step_its_values_and_its_basis() {
    let step = |stage, id: &str, decides| Step {
        stage,
        id: id.into(),
        title: "The engine is one that you administer.".into(),
        predicate: "engine.startsWith(\"custom-\")".into(),
        truth: Some(Truth::Unknown),
        values: vec![StepValue {
            fact: "engine".into(),
            value: "unknown".into(),
            settles: "var.engine".into(),
            place: "main.tf:3".into(),
            origin: Some(Origin::Set),
        }],
        duties: vec![StepDuty {
            layer: Layer::GuestOs,
            verb: Verb::Apply,
            allocation: Allocation::Customer,
            decides,
        }],
        verdict: None,
        aws: "AWS runs the hosts.".into(),
        you: "You patch the operating system.".into(),
        basis: vec![Basis {
            url: "https://docs.aws.amazon.com/x".into(),
            as_of: "2026-11-20".into(),
        }],
    };
    let explanation = Explanation {
        fixes: vec![("Terraform".into(), "resource \"x\" \"y\" {}".into())],
        subject: "aws_db_instance.main".into(),
        type_name: "AWS::RDS::DBInstance".into(),
        class: Some(ServiceClass::Container),
        place: "main.tf:1".into(),
        summary: "A database.".into(),
        steps: vec![step(Stage::Class, "container", false), step(Stage::Shift, "rds/custom", true)],
    };
    let text = written(|out| explanation.write(Format::Terminal, &OPTIONS, out));
    for part in [
        "1. class container",
        "2. shift rds/custom",
        "not decided",
        "settled by var.engine",
        "overruled by a later step",
        "you apply",
        "read 2026-11-20",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&written(|out| explanation.write(Format::Json, &OPTIONS, out)))
            .unwrap();
    assert_eq!(json["steps"][1]["duties"][0]["decides"], true);
    assert!(explanation.write(Format::Sarif, &OPTIONS, &mut Vec::new()).is_err());
}
