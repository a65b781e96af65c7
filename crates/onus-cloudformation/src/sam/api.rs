//! `AWS::Serverless::Api`.

use onus_model::{Node, Reason, Unknown};

use super::domain;
use super::made::{Made, Part, map, reference};

/// The REST API with its deployment and its stage.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let auth = |name: &str| part.get("Auth")?.get(name).cloned();
    let properties = part.properties(
        &[
            "ApiKeySourceType",
            "BinaryMediaTypes",
            "Description",
            "DisableExecuteApiEndpoint",
            "FailOnWarnings",
            "MinimumCompressionSize",
            "Mode",
            "Name",
            "Parameters",
            "SecurityPolicy",
        ],
        [
            ("Body", Some(body(part))),
            ("BodyS3Location", part.location("DefinitionUri", ["Bucket", "Key", "Version"])),
            ("EndpointConfiguration", endpoint(part)),
            ("Policy", auth("ResourcePolicy").map(|_| made_by_sam(part, "resource policy"))),
            ("Tags", part.tags()),
        ],
    );
    part.main("AWS::ApiGateway::RestApi", properties, made);
    let deployment = part.named("Deployment");
    let properties = part.map([("RestApiId", Some(part.reference()))]);
    part.also(deployment.clone(), "AWS::ApiGateway::Deployment", properties, made);
    let name = part.get("StageName").and_then(Node::as_str).unwrap_or_default();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let stage = part.named(&format!("{name}Stage"));
    let properties = part.properties(
        &[
            "AccessLogSetting",
            "CacheClusterEnabled",
            "CacheClusterSize",
            "MethodSettings",
            "StageName",
            "TracingEnabled",
            "Variables",
        ],
        [
            ("RestApiId", Some(part.reference())),
            ("DeploymentId", Some(reference(&deployment, part.span))),
            ("CanarySetting", part.copy("CanarySetting")),
            ("Tags", part.tags()),
        ],
    );
    part.also(stage.clone(), "AWS::ApiGateway::Stage", properties, made);
    domain::rest(part, &stage, made);
    authorizers(part, made);
}

/// The functions that authorize calls may be invoked by the API.
fn authorizers(part: &Part<'_>, made: &mut Made) {
    let authorizers = part.get("Auth").and_then(|auth| auth.get("Authorizers"));
    for (name, authorizer) in authorizers.and_then(Node::as_map).iter().flat_map(|map| &map.entries)
    {
        let Some(function) = authorizer.get("FunctionArn") else { continue };
        let text = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*";
        let locals = part.map([("Api", Some(part.reference()))]);
        let source = part.map([("Fn::Sub", Some(part.list(vec![part.text(text), locals])))]);
        let properties = part.map([
            ("Action", Some(part.text("lambda:InvokeFunction"))),
            ("FunctionName", Some(function.clone())),
            ("Principal", Some(part.text("apigateway.amazonaws.com"))),
            ("SourceArn", Some(source)),
        ]);
        let id = part.named(&format!("{name}AuthorizerPermission"));
        part.also(id, "AWS::Lambda::Permission", properties, made);
    }
}

/// The definition: as written, or with what SAM adds to it.
fn body(part: &Part<'_>) -> Node {
    match part.get("DefinitionBody") {
        Some(body) if part.get("Auth").is_none() => body.clone(),
        _ => made_by_sam(part, "definition"),
    }
}

/// Something that SAM makes and that is not worked out here.
pub(super) fn made_by_sam(part: &Part<'_>, what: &str) -> Node {
    let settles = ecow::eco_format!("the {what} that SAM makes for {}", part.id);
    Node::unknown(Unknown::set(Reason::Function, settles), part.span)
}

fn endpoint(part: &Part<'_>) -> Option<Node> {
    let written = part.get("EndpointConfiguration")?;
    if super::is_call(written) || written.as_map().is_none() {
        let types = Node::list(vec![written.clone()], written.span);
        return Some(map([("Types", Some(types))], written.span));
    }
    let kind = written.get("Type").cloned();
    let types = kind.map(|kind| Node::list(vec![kind], written.span));
    let ids = written.get("VPCEndpointIds").cloned();
    Some(map([("Types", types), ("VpcEndpointIds", ids)], written.span))
}
