//! Which files of a tree are roots.

use onus_cloudformation::Cloudformation;
use onus_ingest::{MemoryWorld, Source};
use onus_model::Files;

#[test]
fn roots_are_the_templates_that_nothing_else_reads() {
    let bucket = "Resources:\n  B: {Type: AWS::S3::Bucket}\n";
    let nesting = |path: &str| {
        format!(
            "Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {path}}}}}\n"
        )
    };
    let world = MemoryWorld::new([
        ("a/main.yaml", nesting("parts/net.yaml").as_str()),
        ("a/parts/net.yaml", nesting("../deep.yml").as_str()),
        ("a/deep.yml", bucket),
        ("b/ring1.yaml", nesting("ring2.yaml").as_str()),
        ("b/ring2.yaml", nesting("ring1.yaml").as_str()),
        ("c.template", bucket),
        ("c.txt", bucket),
        ("k8s.yaml", "kind: Deployment\nspec: {}\n"),
        (
            "app/cdk.out/manifest.json",
            "{\"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\"}}}",
        ),
        (
            "app/cdk.out/S.template.json",
            "{\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\"}}}",
        ),
        (
            "app/cdk.out/assembly-x/manifest.json",
            "{\"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\"}}}",
        ),
        ("web/manifest.json", "{\"name\": \"a web app\"}"),
    ]);
    let roots = Cloudformation::default().find(&world, &Files::default(), &world.tree());
    let found: Vec<_> = roots.iter().map(|root| (root.path.as_str(), root.files.len())).collect();
    assert_eq!(
        found,
        [("a/main.yaml", 3), ("app/cdk.out", 3), ("b/ring1.yaml", 2), ("c.template", 1)]
    );
}
