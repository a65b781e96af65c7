//! CDK cloud assemblies: the stacks of a `manifest.json`, with construct paths as addresses.

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Node, RawEstate, Scope, SourceKind, Span, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::stack::{Call, Run, contents};
use crate::template::Template;

/// How deep assemblies may nest.
const MAX_DEPTH: usize = 8;

/// Reads every stack of the assembly in `folder`.
pub(crate) fn read(run: &mut Run<'_>, folder: &str, depth: usize) -> Vec<RawEstate> {
    let path = onus_ingest::join(folder, "manifest.json");
    let file = run.files.id(&path);
    let fail =
        |message: EcoString| vec![failed(folder, Diagnostic::error(message, Span::file(file)))];
    if depth >= MAX_DEPTH {
        return fail("assemblies are nested too deep".into());
    }
    let bytes = match run.world.read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return fail(eco_format!("the manifest cannot be read: {error}")),
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return fail("the manifest is not UTF-8 text".into());
    };
    let (documents, diagnostics) = onus_yaml::parse(text, file, &onus_yaml::Options::default());
    let artifacts = documents.first().and_then(|node| node.get("artifacts"));
    let Some(artifacts) = artifacts.and_then(Node::as_map) else {
        let mut estates = fail("the manifest has no `artifacts`".into());
        if let Some(estate) = estates.first_mut() {
            estate.diagnostics.extend(diagnostics);
        }
        return estates;
    };
    let mut estates = Vec::new();
    for (id, artifact) in &artifacts.entries {
        match artifact.get("type").and_then(Node::as_str) {
            Some("aws:cloudformation:stack") => estates.push(stack(run, folder, id, artifact)),
            Some("cdk:cloud-assembly") => {
                let name = property(artifact, "directoryName").unwrap_or(id.as_str());
                let inner = onus_ingest::join(folder, name);
                estates.extend(read(run, &inner, depth + 1));
            }
            _ => {}
        }
    }
    if let Some(estate) = estates.first_mut() {
        estate.diagnostics.extend(diagnostics);
    }
    estates
}

fn property<'a>(artifact: &'a Node, name: &str) -> Option<&'a str> {
    artifact.get("properties")?.get(name)?.as_str()
}

fn stack(run: &mut Run<'_>, folder: &str, id: &str, artifact: &Node) -> RawEstate {
    let file = property(artifact, "templateFile")
        .map_or_else(|| eco_format!("{id}.template.json"), EcoString::from);
    let path = onus_ingest::join(folder, &file);
    run.region = region(artifact).unwrap_or_else(|| run.given_region.clone());
    let mut call = Call {
        prefix: eco_format!(
            "{}/",
            artifact.get("displayName").and_then(Node::as_str).unwrap_or(id)
        ),
        construct_paths: true,
        addresses: manifest_paths(artifact),
        ..Call::default()
    };
    let parameters = artifact.get("properties").and_then(|properties| properties.get("parameters"));
    let parameters = parameters.and_then(Node::as_map);
    for (name, value) in parameters.iter().flat_map(|parameters| &parameters.entries) {
        call.given.insert(name.clone(), value.clone());
    }
    call.given.extend(run.given.clone());
    let template = run.template(&path);
    run.open.push(path.clone());
    let contents = contents(run, &template, &call);
    run.open.pop();
    RawEstate {
        scope: Scope {
            kind: SourceKind::Cloudformation,
            path,
            complete: false,
            region: run.region.clone(),
        },
        resources: contents.resources,
        unread: contents.unread,
        diagnostics: std::mem::take(&mut run.diagnostics),
    }
}

/// The Region of `aws://account/region`, where the app names one.
fn region(artifact: &Node) -> Option<Node> {
    let environment = artifact.get("environment").and_then(Node::as_str)?;
    let region = environment.rsplit('/').next()?;
    let named = !region.is_empty() && region != "unknown-region";
    named.then(|| Node::string(region, artifact.span))
}

/// Construct paths by logical id, as the manifest has them.
fn manifest_paths(artifact: &Node) -> FxHashMap<EcoString, EcoString> {
    let mut paths = FxHashMap::default();
    let metadata = artifact.get("metadata").and_then(Node::as_map);
    for (path, entries) in metadata.iter().flat_map(|metadata| &metadata.entries) {
        for entry in entries.as_list().into_iter().flat_map(|list| &list.items) {
            if entry.get("type").and_then(Node::as_str) == Some("aws:cdk:logicalId")
                && let Some(logical_id) = entry.get("data").and_then(Node::as_str)
            {
                paths.insert(logical_id.into(), path.trim_start_matches('/').into());
            }
        }
    }
    paths
}

/// The address of every resource: its own construct path, or what the manifest says, each once.
pub(crate) fn addresses(template: &Template, call: &Call) -> FxHashMap<EcoString, EcoString> {
    let mut taken: FxHashSet<EcoString> = FxHashSet::default();
    let mut addresses = FxHashMap::default();
    for (logical_id, resource) in &template.resources {
        let path = resource
            .get("Metadata")
            .and_then(|metadata| metadata.get("aws:cdk:path"))
            .and_then(Node::as_str)
            .map(EcoString::from)
            .or_else(|| call.addresses.get(logical_id).cloned())
            .filter(|path| !taken.contains(path));
        let address = path.unwrap_or_else(|| eco_format!("{}{logical_id}", call.prefix));
        taken.insert(address.clone());
        addresses.insert(logical_id.clone(), address);
    }
    addresses
}

fn failed(folder: &str, diagnostic: Diagnostic) -> RawEstate {
    RawEstate {
        scope: Scope {
            kind: SourceKind::Cloudformation,
            path: folder.into(),
            complete: false,
            region: Node::new(Value::Absent, Span::NONE),
        },
        resources: Vec::new(),
        unread: Vec::new(),
        diagnostics: vec![diagnostic],
    }
}
