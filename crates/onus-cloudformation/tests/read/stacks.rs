//! Resources, their presence, and the stacks nested in a template.

use onus_cloudformation::Cloudformation;
use onus_ingest::{Root, Source};
use onus_model::{Files, Level, Span};

use crate::show::{listed, messages, property, read, read_files};

#[test]
fn resources_are_listed_with_place_presence_and_policies() {
    let estate = read(
        "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}, P: {Type: String}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsX: !Equals [!Ref P, x]
  Never: !Equals [a, b]
Resources:
  A:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    DependsOn: [B]
  B: {Type: AWS::S3::Bucket, Condition: IsProd}
  C: {Type: AWS::S3::Bucket, Condition: Never}
  D: {Type: AWS::S3::Bucket, Condition: IsX}
",
    );
    assert_eq!(
        listed(&estate),
        ["A AWS::S3::Bucket", "B AWS::S3::Bucket ?parameter Env", "D AWS::S3::Bucket ?parameter P"]
    );
    assert_eq!(property(&estate, "A", "DeletionPolicy"), "'Retain'");
    assert_eq!(estate.resources[0].references[0].target, "B");
    assert_eq!(estate.resources[0].span.line, 7);
    assert!(messages(&estate).is_empty());
}

#[test]
fn what_is_no_resource_is_said_and_the_rest_is_read() {
    let estate = read(
        "Resources:
  A: text
  B: {Properties: {}}
  C: {Type: !Ref X}
  D: {Type: My::Own::Thing::MODULE}
  E: {Type: AWS::S3::Bucket, Properties: [1]}
  F: {Type: AWS::S3::Bucket}
",
    );
    assert_eq!(listed(&estate), ["E AWS::S3::Bucket", "F AWS::S3::Bucket"]);
    let unread: Vec<_> = estate.unread.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(unread, ["A", "B", "C", "D"]);
    assert_eq!(messages(&estate).len(), 4, "{:?}", messages(&estate));
}

#[test]
fn text_that_breaks_off_keeps_what_came_before() {
    let estate = read(
        "Resources:\n  A: {Type: AWS::S3::Bucket}\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      X: [1, \"\n",
    );
    assert_eq!(listed(&estate), ["A AWS::S3::Bucket", "B AWS::S3::Bucket"]);
    assert!(estate.resources[1].attributes.as_map().unwrap().rest.is_some());
    assert_eq!(estate.unread.len(), 1);
    assert!(estate.diagnostics.iter().any(|one| one.level == Level::Error && one.span.line > 0));
}

#[test]
fn macros_and_custom_resources_may_do_anything() {
    let estate = read(
        "Transform: [Mine, AWS::LanguageExtensions]
Resources:
  A: {Type: AWS::S3::Bucket}
  B: {Type: Custom::X, Properties: {ServiceToken: !GetAtt A.Arn, Bucket: !Ref A}}
  C: {Type: Custom::X, Properties: {ServiceToken: !GetAtt A.Arn}}
",
    );
    assert_eq!(estate.resources.len(), 3);
    let unread: Vec<_> =
        estate.unread.iter().map(|one| (one.address.as_str(), one.references.len())).collect();
    assert_eq!(unread, [("Transform Mine", 3), ("B", 1)]);
}

#[test]
fn loops_make_resources() {
    let estate = read(
        "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'x,y'}, Later: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket${Name}:
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Sub 'b-${Name}', Tag: !Ref Name}
  Fn::ForEach::More: [N, !Ref Later, {'M${N}': {Type: AWS::S3::Bucket}}]
",
    );
    assert_eq!(listed(&estate), ["Bucketx AWS::S3::Bucket", "Buckety AWS::S3::Bucket"]);
    assert_eq!(property(&estate, "Buckety", "BucketName"), "'b-y'");
    assert_eq!(property(&estate, "Buckety", "Tag"), "'y'");
    assert_eq!(estate.unread[0].settles, "parameter Later");
}

#[test]
fn nested_stacks_are_read_with_what_they_are_given() {
    let root = "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Key: {Type: AWS::KMS::Key}
  Net:
    Type: AWS::CloudFormation::Stack
    Condition: IsProd
    Properties:
      TemplateURL: parts/net.yaml
      Parameters: {KeyArn: !GetAtt Key.Arn, Env: !Ref Env}
  Use: {Type: AWS::X::Y, Properties: {Vpc: !GetAtt Net.Outputs.VpcId}}
  Far:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: 'https://s3.amazonaws.com/x/y.yaml', Parameters: {K: !Ref Key}}
  Gone: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone.yaml}}
  Self: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}
";
    let net = "Parameters: {KeyArn: {Type: String}, Env: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {K: !Ref KeyArn, E: !Ref Env}}
Outputs: {VpcId: {Value: !Ref Vpc}}
";
    let estate = read_files(&[("t.yaml", root), ("parts/net.yaml", net)], "t.yaml").remove(0);
    assert_eq!(
        listed(&estate),
        [
            "Key AWS::KMS::Key",
            "Net AWS::CloudFormation::Stack ?parameter Env",
            "Net/Vpc AWS::EC2::VPC ?parameter Env",
            "Use AWS::X::Y",
            "Far AWS::CloudFormation::Stack",
            "Gone AWS::CloudFormation::Stack",
            "Self AWS::CloudFormation::Stack",
        ]
    );
    assert_eq!(property(&estate, "Net/Vpc", "K"), "?Key.Arn!<Key.Arn>");
    assert_eq!(property(&estate, "Net/Vpc", "E"), "(parameter Env = dev: 'dev' | prod: 'prod')");
    assert_eq!(property(&estate, "Use", "Vpc"), "?Net/Vpc!<Net/Vpc.>");
    let unread: Vec<_> = estate.unread.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(unread, ["Far", "Gone", "Self"]);
    assert_eq!(estate.unread[0].references[0].target, "Key");
    assert!(messages(&estate).iter().any(|one| one.contains("nested in itself")));
}

#[test]
fn equal_names_in_nested_stacks_are_decided_apart() {
    let text = |nested: &str| {
        format!(
            "Parameters: {{Env: {{Type: String, AllowedValues: [dev, prod]}}, P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Mappings: {{M: {{a: {{k: 1}}, b: {{k: 2}}}}}}
Resources:
  R: {{Type: AWS::X::Y, Properties: {{E: !Ref Env, C: !If [C, 1, 2], M: !FindInMap [M, !Ref P, k]}}}}
{nested}"
        )
    };
    let nested = "  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: n.yaml}}\n";
    let (root, inner) = (text(nested), text(""));
    let estate =
        read_files(&[("t.yaml", root.as_str()), ("n.yaml", inner.as_str())], "t.yaml").remove(0);
    let n = |name| property(&estate, "N/R", name);
    assert_eq!(n("E"), "(parameter N/Env = dev: 'dev' | prod: 'prod')");
    assert_eq!(n("C"), "(condition N/C = true: 1 | false: 2)");
    assert_eq!(n("M"), "(parameter N/P in N/M = a: 1 | b: 2)");
    assert_eq!(property(&estate, "R", "C"), "(condition C = true: 1 | false: 2)");
}

#[test]
fn cdk_stacks_have_construct_paths_as_addresses() {
    let manifest = r#"{"version": "36.0.0", "artifacts": {
  "App": {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/eu-west-1",
    "properties": {"templateFile": "App.template.json"}, "displayName": "App",
    "metadata": {"/App/Role/Resource": [{"type": "aws:cdk:logicalId", "data": "RoleABC"}]}},
  "stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-stage"}}}}"#;
    let app = r#"{"Resources": {
  "BucketABC": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "App/Bucket/Resource"}},
  "RoleABC": {"Type": "AWS::IAM::Role", "Properties": {"X": {"Ref": "BucketABC"}, "R": {"Ref": "AWS::Region"}}},
  "Other": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Sub": "https://x"}},
    "Metadata": {"aws:cdk:path": "App/Nested.NestedStack", "aws:asset:path": "n.nested.template.json"}}}}"#;
    let nested = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Metadata": {"aws:cdk:path": "App/Nested/T/Resource"}}}}"#;
    let stage_manifest = r#"{"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}}}"#;
    let stage = r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}"#;
    let estates = read_files(
        &[
            ("cdk.out/manifest.json", manifest),
            ("cdk.out/App.template.json", app),
            ("cdk.out/n.nested.template.json", nested),
            ("cdk.out/assembly-stage/manifest.json", stage_manifest),
            ("cdk.out/assembly-stage/S.template.json", stage),
        ],
        "cdk.out",
    );
    assert_eq!(estates.len(), 2);
    assert_eq!(
        listed(&estates[0]),
        [
            "App/Bucket/Resource AWS::S3::Bucket",
            "App/Role/Resource AWS::IAM::Role",
            "App/Nested.NestedStack AWS::CloudFormation::Stack",
            "App/Nested/T/Resource AWS::SNS::Topic",
        ]
    );
    let role = |name| property(&estates[0], "App/Role/Resource", name);
    assert_eq!(role("X"), "?App/Bucket/Resource!<App/Bucket/Resource.>");
    assert_eq!(role("R"), "'eu-west-1'");
    assert_eq!(listed(&estates[1]), ["S/Q AWS::SQS::Queue"]);
}

#[test]
fn unreadable_templates_are_errors_with_a_place() {
    for (path, text) in [("t.yaml", "- a\n"), ("t.yaml", ""), ("t.json", "{"), ("cdk.out", "")] {
        let estates = read_files(&[(path, text)], path);
        assert_eq!(estates.len(), 1);
        let error = estates[0].diagnostics.iter().find(|one| one.level == Level::Error);
        assert!(error.is_some_and(|one| one.span != Span::NONE), "{path}");
    }
}

#[test]
fn given_parameters_and_region_win_over_defaults() {
    let text = "Parameters: {E: {Type: String, Default: dev}, L: {Type: CommaDelimitedList}}
Resources:
  R: {Type: AWS::X::Y, Properties: {E: !Ref E, L: !Ref L, R: !Ref 'AWS::Region'}}
";
    let world = onus_ingest::MemoryWorld::new([("t.yaml", text)]);
    let root = Root { path: "t.yaml".into(), files: Vec::new(), because: "".into() };
    let source = Cloudformation {
        parameters: vec![("E".into(), "prod".into()), ("L".into(), "a,b".into())],
        region: Some("eu-west-1".into()),
    };
    let estate = source.read(&world, &Files::default(), &root).remove(0);
    let r = |name| property(&estate, "R", name);
    assert_eq!([r("E"), r("L"), r("R")], ["'prod'", "['a', 'b']", "'eu-west-1'"]);
    assert_eq!(estate.scope.region.as_str(), Some("eu-west-1"));
}
