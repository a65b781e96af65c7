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
mod schedules;
mod simple_table;
mod state_machine;
mod subscriptions;

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Node, Value};
use rustc_hash::FxHashMap;

use crate::template::Template;
use made::{Made, Part};

/// The macro that makes a template a SAM template.
pub(crate) const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// The template with its SAM resources transformed; `None` when it has none. SAM resources without
/// the macro, which CloudFormation refuses, are taken for a forgotten line.
pub(crate) fn transform(
    template: &Template,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Template> {
    let serverless = |node: &Node| {
        let kind = node.get("Type").and_then(Node::as_str);
        kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
    };
    if !template.resources.values().any(serverless) {
        return None;
    }
    let mut made = Made { stages: stages(template), ..Made::default() };
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

/// The stage of each REST API, as logical ids have it: `Stage` where its name is worked out later.
fn stages(template: &Template) -> FxHashMap<EcoString, EcoString> {
    let apis = template.resources.iter().filter(|(_, node)| {
        node.get("Type").and_then(Node::as_str) == Some("AWS::Serverless::Api")
    });
    apis.map(|(id, node)| {
        let name = node.get("Properties").and_then(|properties| properties.get("StageName"));
        (id.clone(), name.and_then(Node::as_str).unwrap_or("Stage").into())
    })
    .collect()
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
