//! Which files are templates, told by their content without parsing most of them.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use onus_ingest::{Root, Tree, World};
use onus_model::{Files, Node};

use crate::template;

/// The templates of the tree and the files that they nest; CDK assemblies come as their folder.
pub(crate) fn roots(world: &dyn World, files: &Files, tree: &Tree) -> Vec<Root> {
    let assemblies = assemblies(world, tree);
    let within = |path: &str, folder: &str| {
        folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let mut templates: BTreeMap<EcoString, Vec<EcoString>> = BTreeMap::new();
    for path in tree.files.iter().filter(|path| may_be_template(path)) {
        if assemblies.iter().any(|folder| within(path, folder)) {
            continue;
        }
        let bytes = match world.read(path) {
            Ok(bytes) => bytes,
            // Too large to read, or refused: if its beginning looks like a template, reading it says so.
            Err(_) => match world.head(path, 1 << 16) {
                Ok(head) if is_template(&String::from_utf8_lossy(&head)) => {
                    templates.insert(path.clone(), Vec::new());
                    continue;
                }
                _ => continue,
            },
        };
        let text = String::from_utf8_lossy(&bytes);
        if is_template(&text) {
            let nested = if nests(&text) { nested(&text, files, path) } else { Vec::new() };
            templates.insert(path.clone(), nested);
        }
    }
    let mut roots: Vec<Root> = assemblies
        .iter()
        .map(|folder| Root {
            path: folder.clone(),
            files: tree.files.iter().filter(|path| within(path, folder)).cloned().collect(),
            because: "CDK cloud assembly: it has a manifest.json".into(),
        })
        .collect();
    roots.extend(template_roots(&templates));
    roots.sort_by(|a, b| a.path.cmp(&b.path));
    roots
}

/// The templates that no other one nests, each with what it nests. Of those that only nest one
/// another in a circle, the first is a root.
fn template_roots(templates: &BTreeMap<EcoString, Vec<EcoString>>) -> Vec<Root> {
    let called: BTreeSet<&EcoString> = templates.values().flatten().collect();
    let (first, later): (Vec<_>, Vec<_>) =
        templates.keys().partition(|path| !called.contains(path));
    let mut seen: BTreeSet<&EcoString> = BTreeSet::new();
    let mut roots = Vec::new();
    for path in first.into_iter().chain(later) {
        if seen.contains(path) {
            continue;
        }
        let mut files: BTreeSet<&EcoString> = BTreeSet::from([path]);
        let mut todo = vec![path];
        while let Some(path) = todo.pop() {
            for nested in templates.get(path).into_iter().flatten() {
                if templates.contains_key(nested) && files.insert(nested) {
                    todo.push(nested);
                }
            }
        }
        seen.extend(&files);
        roots.push(Root {
            path: path.clone(),
            files: files.into_iter().cloned().collect(),
            because: "CloudFormation template: it has Resources with AWS types".into(),
        });
    }
    roots
}

fn may_be_template(path: &str) -> bool {
    [".yaml", ".yml", ".json", ".template"].iter().any(|end| path.ends_with(end))
}

/// The folders of CDK assemblies, those inside of another one left out.
fn assemblies(world: &dyn World, tree: &Tree) -> Vec<EcoString> {
    let mut folders: Vec<EcoString> = Vec::new();
    for path in &tree.files {
        if onus_ingest::file_name(path) != "manifest.json" {
            continue;
        }
        let Ok(bytes) = world.read(path) else { continue };
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        if text.contains("\"artifacts\"")
            && (text.contains("aws:cloudformation:stack") || text.contains("cdk:cloud-assembly"))
        {
            folders.push(onus_ingest::parent(path).into());
        }
    }
    let inside = |folder: &EcoString| {
        folders.iter().any(|outer| {
            outer != folder
                && (outer == "."
                    || folder
                        .strip_prefix(outer.as_str())
                        .is_some_and(|rest| rest.starts_with('/')))
        })
    };
    folders.iter().filter(|folder| !inside(folder)).cloned().collect()
}

/// The text has the marks of a template.
pub(crate) fn is_template(text: &str) -> bool {
    let version = "AWSTemplateFormatVersion";
    if !text.contains("Resources") && !text.contains(version) {
        return false;
    }
    let typed = || ["AWS::", "Alexa::", "Custom::"].iter().any(|kind| text.contains(kind));
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        let keys = json_keys(start);
        let has = |key: &str| keys.contains(&key);
        return has(version) || (has("Resources") && (typed() || has("Transform")));
    }
    yaml_key(text, version)
        || (yaml_key(text, "Resources") && (typed() || yaml_key(text, "Transform")))
}

/// Whether a line of the text begins with this key.
fn yaml_key(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + key.len()..).unwrap_or_default();
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let after = after.strip_prefix(['"', '\'']).unwrap_or(after).trim_start_matches(' ');
        after.starts_with(':') && (before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']))
    })
}

/// The keys of the outermost object.
fn json_keys(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut keys = Vec::new();
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at;
                while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'"') {
                    at += if *byte == b'\\' { 2 } else { 1 };
                }
                let string = text.get(start..at).unwrap_or_default();
                at += 1;
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                if depth == 1 && rest.first() == Some(&b':') {
                    keys.push(string);
                }
            }
            _ => {}
        }
    }
    keys
}

fn nests(text: &str) -> bool {
    text.contains("AWS::CloudFormation::Stack") || text.contains("AWS::Serverless::Application")
}

/// The local files that a template names as nested templates.
fn nested(text: &str, files: &Files, path: &str) -> Vec<EcoString> {
    let template = template::parse(text, files.id(path), path);
    let folder = onus_ingest::parent(path);
    let mut paths = Vec::new();
    for resource in template.resources.values() {
        let properties = resource.get("Properties");
        let property = |name| properties.and_then(|properties| properties.get(name));
        let named = match resource.get("Type").and_then(Node::as_str) {
            Some("AWS::CloudFormation::Stack") => property("TemplateURL"),
            Some("AWS::Serverless::Application") => property("Location"),
            _ => None,
        };
        if let Some(named) = named.and_then(Node::as_str) {
            let named = named.strip_prefix("file://").unwrap_or(named);
            if !named.contains("://") {
                paths.push(onus_ingest::join(folder, named));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::is_template;

    #[test]
    fn templates_are_told_from_other_files() {
        let cases = [
            ("Resources:\n  B:\n    Type: AWS::S3::Bucket\n", true),
            ("\u{feff}Resources:\r\n  B: {Type: 'AWS::S3::Bucket'}\r\n", true),
            ("\"Resources\":\n  B: {Type: Custom::X}\n", true),
            ("AWSTemplateFormatVersion: 2010-09-09\nResources: [\n", true),
            ("{\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\"}}}", true),
            ("{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {", true),
            ("{\"a\": {\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\"}}}}", false),
            ("{\"a\": \"Resources\\\"\", \"b\": \"AWS::S3::Bucket\"}", false),
            ("service: x\nresources:\n  Resources:\n    B: {Type: AWS::S3::Bucket}\n", false),
            ("apiVersion: v1\nkind: Pod\nspec: {resources: {}}\n", false),
            ("Resources:\n  - a\n", false),
            ("text about Resources: and AWS::S3::Bucket\n", false),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_template(text), expected, "{text}");
        }
    }
}
