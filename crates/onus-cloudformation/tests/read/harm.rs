//! Whatever is done to a template, reading it ends, and what is wrong is said.

use crate::show::{read, read_files};

const TEMPLATE: &str = "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]
Parameters: {E: {Type: String, AllowedValues: [a, b]}, L: {Type: CommaDelimitedList, Default: 'x,y'}}
Mappings: {M: {a: {k: 1}, b: {k: 2}}}
Conditions: {C: !And [!Equals [!Ref E, a], !Not [!Condition D]], D: !Equals [!Ref L, x]}
Globals: {Function: {Runtime: r}}
Resources:
  F: {Type: AWS::Serverless::Function, Condition: C, Properties: {Policies: [P, {T: {}}], Events: {S: {Type: SNS}}}}
  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml, Parameters: {P: !GetAtt F.Arn}}}
  Fn::ForEach::B: [V, !Ref L, {'B${V}': {Type: AWS::S3::Bucket, Properties: {T: !Sub '${V}-${F.Arn}'}}}]
  R: &r {Type: X::Y::Z, Properties: {A: !If [C, !Select [0, !Split ['-', a-b]], !FindInMap [M, !Ref E, k]], <<: *r}}
";

#[test]
fn damaged_templates_are_read_as_far_as_they_go() {
    let damages = ["", "[", "}", "'", ": ", "\n", "!If ", "*r", "\u{0}", "é"];
    let places: Vec<usize> = TEMPLATE.char_indices().map(|(at, _)| at).collect();
    for (turn, at) in places.iter().enumerate().step_by(9) {
        let (before, after) = TEMPLATE.split_at(*at);
        let damage = damages[turn / 9 % damages.len()];
        let mut rest = after.chars();
        rest.next();
        for text in
            [format!("{before}{damage}{after}"), format!("{before}{damage}{}", rest.as_str())]
        {
            let estate = read(&text);
            let listed = estate.resources.len() + estate.unread.len();
            assert!(listed > 0 || !estate.diagnostics.is_empty(), "{text}");
        }
    }
}

#[test]
fn deep_chains_of_nested_stacks_end() {
    let call = |to: usize| {
        let stack = format!(
            "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: t{to}.yaml}}}}"
        );
        format!("Resources: {{A: {stack}, B: {stack}}}\n")
    };
    let files: Vec<(String, String)> =
        (0..1000).map(|at| (format!("t{at}.yaml"), call(at + 1))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let estate = read_files(&files, "t0.yaml").remove(0);
    assert!(estate.resources.len() < 100_000);
    assert!(estate.diagnostics.iter().any(|one| one.message.contains("nested")));
}
