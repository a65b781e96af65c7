//! SAM resources to the CloudFormation resources that they stand for, as SAM documents it
//! (<https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>).
//!
//! Works on the template as written, before evaluation, like SAM itself. What SAM makes has the
//! place of the SAM resource that it was made for. Logical ids that SAM ends in a hash have none.

mod api;
mod application;
mod domain;
mod events;
mod function;
mod globals;
mod http_api;
mod layer_version;
mod made;
mod role;
mod simple_table;
mod state_machine;

use ecow::eco_format;
use onus_model::{Diagnostic, Node, Value};

use crate::template::Template;
use made::{Made, Part};

/// The macro that makes a template a SAM template.
pub(crate) const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// The template with its SAM resources transformed; `None` when it is no SAM template.
pub(crate) fn transform(
    template: &Template,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Template> {
    if !template.transforms.iter().any(|(name, _)| name == TRANSFORM) {
        return None;
    }
    let mut made = Made::default();
    for (id, node) in &template.resources {
        let kind = node.get("Type").and_then(Node::as_str).unwrap_or_default();
        let Some(kind) = kind.strip_prefix("AWS::Serverless::") else {
            made.resources.insert(id.clone(), node.clone());
            continue;
        };
        let Some(part) = Part::new(id, node, template.globals.get(kind)) else {
            made.resources.insert(id.clone(), node.clone());
            continue;
        };
        match kind {
            "Function" => function::make(&part, &mut made),
            "Api" => api::make(&part, &mut made),
            "HttpApi" => http_api::make(&part, &mut made),
            "SimpleTable" => simple_table::make(&part, &mut made),
            "LayerVersion" => layer_version::make(&part, &mut made),
            "StateMachine" => state_machine::make(&part, &mut made),
            "Application" => application::make(&part, &mut made),
            _ => {
                let message = eco_format!("`{id}`: AWS::Serverless::{kind} is not transformed");
                made.diagnostics.push(Diagnostic::warning(message, node.span));
                made.resources.insert(id.clone(), node.clone());
            }
        }
    }
    implicit(template, &mut made);
    diagnostics.append(&mut made.diagnostics);
    Some(Template { resources: made.resources, ..template.clone() })
}

/// The APIs that SAM makes for events that name none.
fn implicit(template: &Template, made: &mut Made) {
    if let Some(span) = made.rest_api.take() {
        let stage = ("StageName".into(), Node::string("Prod", span));
        let node = Node::map([("Properties".into(), Node::map([stage], span))], span);
        let id = "ServerlessRestApi".into();
        if let Some(part) = Part::new(&id, &node, template.globals.get("Api")) {
            api::make(&part, made);
        }
    }
    if let Some(span) = made.http_api.take() {
        let node = Node::map([], span);
        let id = "ServerlessHttpApi".into();
        if let Some(part) = Part::new(&id, &node, template.globals.get("HttpApi")) {
            http_api::make(&part, made);
        }
    }
}

/// The value is a function call or a reference, whose value is not known before evaluation.
fn is_call(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) if map.entries.len() == 1 => {
            map.entries.keys().all(|key| key == "Ref" || key.starts_with("Fn::"))
        }
        _ => false,
    }
}
