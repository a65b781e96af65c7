//! `Events` of functions and state machines.

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Node};

use super::made::{Made, Part};
use super::{role, schedules, subscriptions};

/// One event: its name, its type and its properties.
pub(super) struct Event<'a> {
    pub(super) id: EcoString,
    pub(super) kind: &'a str,
    pub(super) properties: Node,
}

impl Event<'_> {
    pub(super) fn copy(&self, name: &str) -> Option<Node> {
        self.properties.get(name).filter(|node| !node.is_absent()).cloned()
    }

    fn all_but(
        &self,
        part: &Part<'_>,
        renamed: &[(&str, &str)],
        left_out: &[&str],
    ) -> Vec<(EcoString, Node)> {
        let entries = self.properties.as_map().into_iter().flat_map(|map| &map.entries);
        entries
            .filter(|(key, _)| !left_out.contains(&key.as_str()))
            .map(|(key, node)| {
                let new = renamed.iter().find(|(old, _)| old == key);
                (new.map_or_else(|| key.clone(), |(_, new)| (*new).into()), node.clone())
            })
            .chain([("FunctionName".into(), part.reference())])
            .collect()
    }
}

fn events<'a>(part: &'a Part<'_>) -> impl Iterator<Item = Event<'a>> {
    let events = part.get("Events").and_then(Node::as_map);
    events.into_iter().flat_map(|map| &map.entries).filter_map(|(name, node)| {
        let properties = node.get("Properties").cloned();
        Some(Event {
            id: part.named(name),
            kind: node.get("Type")?.as_str()?,
            properties: properties.unwrap_or_else(|| Node::map([], node.span)),
        })
    })
}

/// The policies that SAM adds to a function's role for what the function polls.
pub(super) fn managed_policies(part: &Part<'_>) -> Vec<&'static str> {
    let mut paths: Vec<&'static str> = events(part)
        .filter_map(|event| match event.kind {
            "Kinesis" => Some("service-role/AWSLambdaKinesisExecutionRole"),
            "DynamoDB" => Some("service-role/AWSLambdaDynamoDBExecutionRole"),
            "SQS" => Some("service-role/AWSLambdaSQSQueueExecutionRole"),
            "MSK" => Some("service-role/AWSLambdaMSKExecutionRole"),
            "MQ" => Some("service-role/AWSLambdaAMQExecutionRole"),
            _ => None,
        })
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// What the events of a function need.
pub(super) fn of_function(part: &Part<'_>, made: &mut Made) {
    for event in events(part) {
        match event.kind {
            "Api" => api(part, &event, made),
            "HttpApi" => http_api(part, &event, made),
            "SQS" | "Kinesis" | "DynamoDB" | "MSK" | "MQ" | "SelfManagedKafka" | "DocumentDB" => {
                mapping(part, &event, made);
            }
            "SNS" => subscriptions::topic(part, &event, made),
            "S3" => {
                let account = Some(super::made::reference("AWS::AccountId", part.span));
                let source = Some(("SourceAccount", account));
                permission(part, &event.id, "s3.amazonaws.com", source, made);
            }
            "Schedule" | "EventBridgeRule" | "CloudWatchEvent" => {
                schedules::rule(part, &event, part.attribute("Arn"), None, made);
                let source = super::made::get_att(&event.id, "Arn", part.span);
                let source = Some(("SourceArn", Some(source)));
                permission(part, &event.id, "events.amazonaws.com", source, made);
            }
            "ScheduleV2" => schedules::schedule(
                part,
                &event,
                "lambda:InvokeFunction",
                part.attribute("Arn"),
                made,
            ),
            "CloudWatchLogs" => subscriptions::logs(part, &event, made),
            "IoTRule" => subscriptions::iot(part, &event, made),
            "Cognito" => permission(part, &event.id, "cognito-idp.amazonaws.com", None, made),
            "AlexaSkill" => permission(part, &event.id, "alexa-appkit.amazon.com", None, made),
            _ => not_transformed(part, &event, made),
        }
    }
}

/// What the events of a state machine need.
pub(super) fn of_state_machine(part: &Part<'_>, made: &mut Made) {
    for event in events(part) {
        let role_id = eco_format!("{}Role", event.id);
        let action = "states:StartExecution";
        match event.kind {
            "Schedule" | "EventBridgeRule" | "CloudWatchEvent" => {
                let role = super::made::get_att(&role_id, "Arn", part.span);
                schedules::rule(part, &event, part.reference(), Some(role), made);
                let service = "events.amazonaws.com";
                role::single(part, role_id, service, action, part.reference(), made);
            }
            "ScheduleV2" => schedules::schedule(part, &event, action, part.reference(), made),
            "Api" => {
                if event.copy("RestApiId").is_none() {
                    made.rest_api.get_or_insert(event.properties.span);
                }
                let service = "apigateway.amazonaws.com";
                role::single(part, role_id, service, action, part.reference(), made);
            }
            _ => not_transformed(part, &event, made),
        }
    }
}

fn not_transformed(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let message = eco_format!("`{}`: events of type {} are not transformed", part.id, event.kind);
    made.diagnostics.push(Diagnostic::warning(message, event.properties.span));
}

pub(super) fn permission(
    part: &Part<'_>,
    event: &str,
    principal: &str,
    source: Option<(&str, Option<Node>)>,
    made: &mut Made,
) {
    permit(part, eco_format!("{event}Permission"), principal, source, made);
}

fn permit(
    part: &Part<'_>,
    id: EcoString,
    principal: &str,
    source: Option<(&str, Option<Node>)>,
    made: &mut Made,
) {
    let properties = part.map([
        ("Action", Some(part.text("lambda:InvokeFunction"))),
        ("FunctionName", Some(part.reference())),
        ("Principal", Some(part.text(principal))),
        source.unwrap_or(("SourceArn", None)),
    ]);
    part.also(id, "AWS::Lambda::Permission", properties, made);
}

fn execute_api(part: &Part<'_>, api: Option<Node>, implicit: &str) -> Node {
    let api = api.unwrap_or_else(|| super::made::reference(implicit, part.span));
    let text = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*";
    let locals = part.map([("ApiId", Some(api))]);
    part.map([("Fn::Sub", Some(part.list(vec![part.text(text), locals])))])
}

fn api(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let api = event.copy("RestApiId");
    let stage = match &api {
        None => {
            made.rest_api.get_or_insert(event.properties.span);
            "Prod".into()
        }
        Some(api) => {
            let name = api.get("Ref").and_then(Node::as_str).or(api.as_str());
            name.and_then(|name| made.stages.get(name)).cloned().unwrap_or("AllStages".into())
        }
    };
    let source = execute_api(part, api, "ServerlessRestApi");
    let source = Some(("SourceArn", Some(source)));
    permit(
        part,
        eco_format!("{}Permission{stage}", event.id),
        "apigateway.amazonaws.com",
        source,
        made,
    );
}

fn http_api(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let api = event.copy("ApiId");
    if api.is_none() {
        made.http_api.get_or_insert(event.properties.span);
    }
    let source = execute_api(part, api, "ServerlessHttpApi");
    let source = Some(("SourceArn", Some(source)));
    permission(part, &event.id, "apigateway.amazonaws.com", source, made);
}

fn mapping(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let arn = "EventSourceArn";
    let renamed = [("Queue", arn), ("Stream", arn), ("Cluster", arn), ("Broker", arn)];
    // A broker's own queues keep their name.
    let renamed = if event.kind == "MQ" { renamed.get(2..).unwrap_or_default() } else { &renamed };
    let entries = event.all_but(part, renamed, &["SecretsManagerKmsKeyId"]);
    let properties = Node::map(entries, event.properties.span);
    part.also(event.id.clone(), "AWS::Lambda::EventSourceMapping", properties, made);
}
