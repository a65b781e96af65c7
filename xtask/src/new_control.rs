//! `new-control`: a control's file with every field and an example of each verdict to fill in.

use std::path::Path;

/// Writes the file; says what to do next.
pub(crate) fn run(root: &Path, service: &str, name: &str) -> Result<String, String> {
    let kebab = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if !kebab(name) {
        return Err(format!(
            "`{name}`: the name of a control is kebab-case; it is its id for ever"
        ));
    }
    let folder = root.join("catalog/aws").join(service);
    if !folder.join("service.yaml").exists() {
        return Err(format!("there is no catalog/aws/{service}/service.yaml to add a control to"));
    }
    let file = folder.join("controls").join(format!("{name}.yaml"));
    if file.exists() {
        return Err(format!("{} exists", file.display()));
    }
    std::fs::create_dir_all(folder.join("controls")).map_err(|error| error.to_string())?;
    std::fs::write(&file, template()).map_err(|error| error.to_string())?;
    Ok(format!(
        "wrote catalog/aws/{service}/controls/{name}.yaml\nfill it in, then see the result: onus catalog check catalog"
    ))
}

fn template() -> &'static str {
    r#"title:                                # the passing state: "Buckets keep earlier versions of their objects"
type:                                 # AWS::Service::Type, described in service.yaml
tests: {layer: , verb: }              # the customer's duty that it tests
severity:                             # low | medium | high | critical; the scale is in catalog/README.md
require:                              # a predicate over the facts of the type
why: >-
  What can happen without it. Why it is the customer's to prevent.
fix:                                  # complete and minimal; tested to satisfy the control
  terraform: |
  cloudformation: |
basis:
  - {url: , as_of: }                  # the page of AWS that says so, and the day on which you read it
aliases: {}                           # {security-hub: [S3.14], config-rule: [s3-bucket-versioning-enabled]}
examples:
  - verdict: satisfied
    terraform: |
  - verdict: not-satisfied
    cloudformation: |
  - verdict: unknown
    terraform: |
"#
}
