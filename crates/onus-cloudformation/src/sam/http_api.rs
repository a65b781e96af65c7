//! `AWS::Serverless::HttpApi`.

use onus_model::{Node, Value};

use super::made::{Made, Part};
use super::{api, domain};

/// The HTTP API and its stage.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let body = match part.get("DefinitionBody") {
        Some(body) if part.get("Auth").is_none() => body.clone(),
        _ => api::made_by_sam(part, "definition"),
    };
    let cors = part.get("CorsConfiguration").map(|_| api::made_by_sam(part, "CORS configuration"));
    let properties = part.properties(
        &["Description", "DisableExecuteApiEndpoint", "FailOnWarnings", "Name"],
        [
            ("Body", Some(body)),
            ("BodyS3Location", part.location("DefinitionUri", ["Bucket", "Key", "Version"])),
            ("CorsConfiguration", cors),
            ("Tags", part.copy("Tags")),
        ],
    );
    part.main("AWS::ApiGatewayV2::Api", properties, made);
    let name = part.get("StageName").and_then(Node::as_str);
    let stage = match name {
        Some("$default") => part.named("ApiGatewayDefaultStage"),
        None if part.get("StageName").is_none() => part.named("ApiGatewayDefaultStage"),
        name => part.named(&format!("{}Stage", name.unwrap_or_default())),
    };
    let stage_name = part.copy("StageName").unwrap_or_else(|| part.text("$default"));
    let properties = part.properties(
        &["AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables", "Tags"],
        [
            ("ApiId", Some(part.reference())),
            ("StageName", Some(stage_name)),
            ("AutoDeploy", Some(Node::new(Value::Bool(true), part.span))),
        ],
    );
    part.also(stage.clone(), "AWS::ApiGatewayV2::Stage", properties, made);
    domain::http(part, &stage, made);
}
