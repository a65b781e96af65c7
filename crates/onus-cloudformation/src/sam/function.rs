//! `AWS::Serverless::Function`.

use onus_model::{Node, Value};

use super::made::{Made, Part, get_att};
use super::{events, role};

/// Properties that the Lambda function has under the same name.
const SAME: &[&str] = &[
    "Architectures",
    "CapacityProviderConfig",
    "CodeSigningConfigArn",
    "Description",
    "DurableConfig",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "FunctionName",
    "Handler",
    "ImageConfig",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Runtime",
    "RuntimeManagementConfig",
    "SnapStart",
    "TenancyConfig",
    "Timeout",
    "VpcConfig",
];

/// The function, its role unless it has one, and what its events, alias and URL need.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let role = part.copy("Role").unwrap_or_else(|| get_att(&part.named("Role"), "Arn", part.span));
    let tracing = part.get("Tracing").filter(|mode| mode.as_str() != Some("Disabled"));
    let tracing = tracing.map(|mode| part.map([("Mode", Some(mode.clone()))]));
    let queue = part.get("DeadLetterQueue").and_then(|queue| queue.get("TargetArn")).cloned();
    let properties = part.properties(
        SAME,
        [
            ("Code", Some(code(part))),
            ("Role", Some(role)),
            ("TracingConfig", tracing.clone()),
            ("DeadLetterConfig", queue.map(|arn| part.map([("TargetArn", Some(arn))]))),
            ("Tags", part.tags()),
        ],
    );
    part.main("AWS::Lambda::Function", properties, made);
    if part.get("Role").is_none() {
        let mut managed = vec!["service-role/AWSLambdaBasicExecutionRole"];
        if tracing.is_some() {
            managed.push("AWSXRayDaemonWriteAccess");
        }
        if part.get("VpcConfig").is_some() {
            managed.push("service-role/AWSLambdaVPCAccessExecutionRole");
        }
        managed.extend(events::managed_policies(part));
        managed.dedup();
        let arns = managed.into_iter().map(|path| role::aws_managed(path, part.span)).collect();
        role::make(part, "lambda.amazonaws.com", arns, made);
    }
    alias(part, made);
    invoke_config(part, made);
    url(part, made);
    events::of_function(part, made);
}

fn code(part: &Part<'_>) -> Node {
    if let Some(inline) = part.get("InlineCode") {
        return part.map([("ZipFile", Some(inline.clone()))]);
    }
    if let Some(image) = part.get("ImageUri") {
        return part.map([("ImageUri", Some(image.clone()))]);
    }
    if part.get("PackageType").and_then(Node::as_str) == Some("Image") {
        return part.map([("ImageUri", Some(part.packaged("image", part.span)))]);
    }
    let names = ["S3Bucket", "S3Key", "S3ObjectVersion"];
    part.location("CodeUri", names).unwrap_or_else(|| {
        let code = || Some(part.packaged("CodeUri", part.span));
        part.map([("S3Bucket", code()), ("S3Key", code())])
    })
}

fn alias(part: &Part<'_>, made: &mut Made) {
    let Some(name) = part.get("AutoPublishAlias") else { return };
    let version = part.named("Version");
    let properties = part.map([("FunctionName", Some(part.reference()))]);
    part.also(version.clone(), "AWS::Lambda::Version", properties, made);
    let suffix = name.as_str().unwrap_or_default().replace('-', "D").replace('_', "U");
    let id = part.named(&format!("Alias{suffix}"));
    let properties = part.map([
        ("Name", Some(name.clone())),
        ("FunctionName", Some(part.reference())),
        ("FunctionVersion", Some(get_att(&version, "Version", part.span))),
        ("ProvisionedConcurrencyConfig", part.copy("ProvisionedConcurrencyConfig")),
    ]);
    part.also(id, "AWS::Lambda::Alias", properties, made);
    if part.get("DeploymentPreference").is_some() {
        deployment(part, made);
    }
}

fn deployment(part: &Part<'_>, made: &mut Made) {
    let application = "ServerlessDeploymentApplication";
    let properties = part.map([("ComputePlatform", Some(part.text("Lambda")))]);
    part.also(application.into(), "AWS::CodeDeploy::Application", properties, made);
    let preference = |name: &str| part.get("DeploymentPreference")?.get(name).cloned();
    let role = preference("Role").unwrap_or_else(|| {
        let path = "service-role/AWSCodeDeployRoleForLambda";
        let arns = vec![role::aws_managed(path, part.span)];
        let id = "CodeDeployServiceRole";
        role::service(part, id.into(), "codedeploy.amazonaws.com", arns, made);
        get_att(id, "Arn", part.span)
    });
    let properties = part.map([
        ("ApplicationName", Some(super::made::reference(application, part.span))),
        ("ServiceRoleArn", Some(role)),
    ]);
    part.also(part.named("DeploymentGroup"), "AWS::CodeDeploy::DeploymentGroup", properties, made);
}

fn invoke_config(part: &Part<'_>, made: &mut Made) {
    let Some(config) = part.get("EventInvokeConfig") else { return };
    let copy = |name: &str| config.get(name).cloned();
    let properties = part.map([
        ("FunctionName", Some(part.reference())),
        ("Qualifier", Some(part.copy("AutoPublishAlias").unwrap_or_else(|| part.text("$LATEST")))),
        ("DestinationConfig", copy("DestinationConfig")),
        ("MaximumEventAgeInSeconds", copy("MaximumEventAgeInSeconds")),
        ("MaximumRetryAttempts", copy("MaximumRetryAttempts")),
    ]);
    let id = part.named("EventInvokeConfig");
    part.also(id, "AWS::Lambda::EventInvokeConfig", properties, made);
}

fn url(part: &Part<'_>, made: &mut Made) {
    let Some(config) = part.get("FunctionUrlConfig") else { return };
    let copy = |name: &str| config.get(name).cloned();
    let properties = part.map([
        ("TargetFunctionArn", Some(part.reference())),
        ("Qualifier", part.copy("AutoPublishAlias")),
        ("AuthType", copy("AuthType")),
        ("Cors", copy("Cors")),
        ("InvokeMode", copy("InvokeMode")),
    ]);
    part.also(part.named("Url"), "AWS::Lambda::Url", properties, made);
    if copy("AuthType").as_ref().and_then(Node::as_str) == Some("NONE") {
        let properties = part.map([
            ("Action", Some(part.text("lambda:InvokeFunctionUrl"))),
            ("FunctionName", Some(part.reference())),
            ("Principal", Some(part.text("*"))),
            ("FunctionUrlAuthType", Some(part.text("NONE"))),
        ]);
        part.also(part.named("UrlPublicPermissions"), "AWS::Lambda::Permission", properties, made);
        let properties = part.map([
            ("Action", Some(part.text("lambda:InvokeFunction"))),
            ("FunctionName", Some(part.reference())),
            ("Principal", Some(part.text("*"))),
            ("InvokedViaFunctionUrl", Some(Node::new(Value::Bool(true), part.span))),
        ]);
        let id = part.named("URLInvokeAllowPublicAccess");
        part.also(id, "AWS::Lambda::Permission", properties, made);
    }
}
