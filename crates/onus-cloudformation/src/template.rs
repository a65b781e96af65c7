//! A template as it is written: its sections, with loops expanded and SAM resources transformed.

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use onus_ingest::World;
use onus_model::{Diagnostic, FileId, Files, Node, Span, Value};
use rustc_hash::FxBuildHasher;

/// Named parts in the order of the template.
pub(crate) type Section = IndexMap<EcoString, Node, FxBuildHasher>;

/// One template file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    /// Its path.
    pub(crate) path: EcoString,
    /// Its place as a whole.
    pub(crate) span: Span,
    /// `Parameters`.
    pub(crate) parameters: Section,
    /// `Mappings`.
    pub(crate) mappings: Section,
    /// `Conditions`.
    pub(crate) conditions: Section,
    /// `Resources`.
    pub(crate) resources: Section,
    /// `Outputs`.
    pub(crate) outputs: Section,
    /// `Globals` of SAM.
    pub(crate) globals: Section,
    /// The macros that it names, each with its place.
    pub(crate) transforms: Vec<(EcoString, Span)>,
    /// What is wrong with it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Why its resources may be more than those that were read, when the text breaks off.
    pub(crate) broken: bool,
}

/// Reads the template at `path`.
pub(crate) fn read(world: &dyn World, files: &Files, path: &str) -> Template {
    let file = files.id(path);
    let failed = |message: EcoString, help: &str| Template {
        path: path.into(),
        span: Span::file(file),
        diagnostics: vec![Diagnostic::error(message, Span::file(file)).help(help)],
        broken: true,
        ..Template::default()
    };
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => return failed(eco_format!("the template cannot be read: {error}"), ""),
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, file, path),
        Err(error) => failed(
            eco_format!("the template is not UTF-8 text (byte {})", error.valid_up_to()),
            "save it as UTF-8",
        ),
    }
}

/// The sections of a template's text.
pub(crate) fn parse(text: &str, file: FileId, path: &str) -> Template {
    let options = onus_yaml::Options { yaml_1_1: true, tags: long_form };
    let (documents, diagnostics) = onus_yaml::parse(text, file, &options);
    let mut template =
        Template { path: path.into(), span: Span::file(file), diagnostics, ..Template::default() };
    if documents.len() > 1 {
        let span = documents.get(1).map_or(template.span, |node| node.span);
        let message = "a template is one YAML document; the further ones are ignored";
        template.diagnostics.push(Diagnostic::warning(message, span));
    }
    let Some(Node { value: Value::Map(top), .. }) = documents.first() else {
        template.broken = true;
        let message = "a template must be a mapping with `Resources`";
        template.diagnostics.push(Diagnostic::error(message, template.span));
        return template;
    };
    template.broken = top.rest.is_some();
    for (key, node) in &top.entries {
        let diagnostics = &mut template.diagnostics;
        match key.as_str() {
            "Parameters" => template.parameters = section(key, node, diagnostics),
            "Mappings" => template.mappings = section(key, node, diagnostics),
            "Conditions" => template.conditions = section(key, node, diagnostics),
            "Resources" => template.resources = section(key, node, diagnostics),
            "Outputs" => template.outputs = section(key, node, diagnostics),
            "Globals" => template.globals = section(key, node, diagnostics),
            "Transform" => template.transforms = transforms(node, diagnostics),
            "Fn::Transform" => {
                let name = node.get("Name").and_then(Node::as_str).unwrap_or("Fn::Transform");
                template.transforms.push((name.into(), node.span));
            }
            _ => {}
        }
    }
    if !top.entries.contains_key("Resources") && !template.broken {
        let message = "the template has no `Resources`";
        template.diagnostics.push(Diagnostic::error(message, template.span));
    }
    template
}

fn section(name: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Section {
    match &node.value {
        Value::Map(map) => map.entries.clone(),
        Value::Absent => Section::default(),
        _ => {
            let message = eco_format!("`{name}` must be a mapping; it was not read");
            diagnostics.push(Diagnostic::error(message, node.span));
            Section::default()
        }
    }
}

fn transforms(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<(EcoString, Span)> {
    let items = match &node.value {
        Value::List(list) => list.items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut names = Vec::new();
    for item in items {
        let name = item.as_str().or_else(|| item.get("Name").and_then(Node::as_str));
        match name {
            Some(name) => names.push((name.into(), item.span)),
            None if item.is_absent() => {}
            None => {
                let message = "`Transform` must name macros; this one was not understood";
                diagnostics.push(Diagnostic::error(message, item.span));
            }
        }
    }
    names
}

/// The long form of a short-form function.
fn long_form(tag: &str) -> Option<EcoString> {
    match tag {
        "Ref" | "Condition" => Some(tag.into()),
        "And" | "Base64" | "Cidr" | "Contains" | "EachMemberEquals" | "EachMemberIn" | "Equals"
        | "FindInMap" | "GetAZs" | "GetAtt" | "If" | "ImportValue" | "Join" | "Length" | "Not"
        | "Or" | "RefAll" | "Select" | "Split" | "Sub" | "ToJsonString" | "Transform"
        | "ValueOf" | "ValueOfAll" => Some(eco_format!("Fn::{tag}")),
        _ => None,
    }
}
