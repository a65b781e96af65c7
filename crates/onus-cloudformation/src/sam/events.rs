//! `Events` of functions and state machines.

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Node};

use super::made::{Made, Part, sub};
use super::role;

/// One event: its name, its type and its properties.
struct Event<'a> {
    id: EcoString,
    kind: &'a str,
    properties: Node,
}

impl Event<'_> {
    fn copy(&self, name: &str) -> Option<Node> {
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
            "SNS" => topic(part, &event, made),
            "S3" => {
                let account = Some(super::made::reference("AWS::AccountId", part.span));
                let source = Some(("SourceAccount", account));
                permission(part, &event.id, "s3.amazonaws.com", source, made);
            }
            "Schedule" | "EventBridgeRule" | "CloudWatchEvent" => {
                rule(part, &event, part.attribute("Arn"), None, made);
                let source = super::made::get_att(&event.id, "Arn", part.span);
                let source = Some(("SourceArn", Some(source)));
                permission(part, &event.id, "events.amazonaws.com", source, made);
            }
            "ScheduleV2" => {
                schedule(part, &event, "lambda:InvokeFunction", part.attribute("Arn"), made)
            }
            "CloudWatchLogs" => logs(part, &event, made),
            "IoTRule" => iot(part, &event, made),
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
                rule(part, &event, part.reference(), Some(role), made);
                let service = "events.amazonaws.com";
                role::single(part, role_id, service, action, part.reference(), made);
            }
            "ScheduleV2" => schedule(part, &event, action, part.reference(), made),
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

fn permission(
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

fn topic(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let queued = event.copy("SqsSubscription").filter(|queue| {
        queue.as_map().is_some() || matches!(queue.value, onus_model::Value::Bool(true))
    });
    let (protocol, endpoint) = match &queued {
        Some(queue) => ("sqs", queue_of_topic(part, event, queue, made)),
        None => ("lambda", part.attribute("Arn")),
    };
    let topic = event.copy("Topic");
    let properties = part.map([
        ("TopicArn", topic.clone()),
        ("Protocol", Some(part.text(protocol))),
        ("Endpoint", Some(endpoint)),
        ("FilterPolicy", event.copy("FilterPolicy")),
        ("FilterPolicyScope", event.copy("FilterPolicyScope")),
        ("RedrivePolicy", event.copy("RedrivePolicy")),
        ("Region", event.copy("Region")),
    ]);
    part.also(event.id.clone(), "AWS::SNS::Subscription", properties, made);
    if queued.is_none() {
        let source = Some(("SourceArn", topic));
        permission(part, &event.id, "sns.amazonaws.com", source, made);
    }
}

/// The queue between a topic and the function: SAM's own unless one is given. Gives its ARN.
fn queue_of_topic(part: &Part<'_>, event: &Event<'_>, queue: &Node, made: &mut Made) -> Node {
    let id = eco_format!("{}Queue", event.id);
    let arn = queue.get("QueueArn").cloned();
    let url = queue.get("QueueUrl").cloned();
    if arn.is_none() {
        part.also(id.clone(), "AWS::SQS::Queue", part.map([]), made);
    }
    let arn = arn.unwrap_or_else(|| super::made::get_att(&id, "Arn", part.span));
    let url = url.unwrap_or_else(|| super::made::reference(&id, part.span));
    let same = part.map([("aws:SourceArn", event.copy("Topic"))]);
    let statement = part.map([
        ("Effect", Some(part.text("Allow"))),
        ("Action", Some(part.text("sqs:SendMessage"))),
        ("Principal", Some(part.text("*"))),
        ("Resource", Some(arn.clone())),
        ("Condition", Some(part.map([("ArnEquals", Some(same))]))),
    ]);
    let document = part.map([
        ("Version", Some(part.text("2012-10-17"))),
        ("Statement", Some(part.list(vec![statement]))),
    ]);
    let properties =
        part.map([("Queues", Some(part.list(vec![url]))), ("PolicyDocument", Some(document))]);
    part.also(eco_format!("{id}Policy"), "AWS::SQS::QueuePolicy", properties, made);
    let properties = part.map([
        ("EventSourceArn", Some(arn.clone())),
        ("FunctionName", Some(part.reference())),
        ("BatchSize", queue.get("BatchSize").cloned()),
        ("Enabled", queue.get("Enabled").cloned()),
    ]);
    let mapping = eco_format!("{}EventSourceMapping", event.id);
    part.also(mapping, "AWS::Lambda::EventSourceMapping", properties, made);
    arn
}

fn rule(part: &Part<'_>, event: &Event<'_>, target: Node, role: Option<Node>, made: &mut Made) {
    let queue = event.copy("DeadLetterConfig").and_then(|config| config.get("Arn").cloned());
    let target = part.map([
        ("Arn", Some(target)),
        ("Id", Some(Node::string(eco_format!("{}Target", event.id), part.span))),
        ("RoleArn", role),
        ("Input", event.copy("Input")),
        ("InputPath", event.copy("InputPath")),
        ("RetryPolicy", event.copy("RetryPolicy")),
        ("DeadLetterConfig", queue.map(|arn| part.map([("Arn", Some(arn))]))),
    ]);
    let enabled = event.copy("Enabled").map(|enabled| match enabled.value {
        onus_model::Value::Bool(false) => part.text("DISABLED"),
        _ => part.text("ENABLED"),
    });
    let properties = part.map([
        ("Name", event.copy("Name").or_else(|| event.copy("RuleName"))),
        ("Description", event.copy("Description")),
        ("ScheduleExpression", event.copy("Schedule")),
        ("EventPattern", event.copy("Pattern")),
        ("EventBusName", event.copy("EventBusName")),
        ("State", event.copy("State").or(enabled)),
        ("Targets", Some(part.list(vec![target]))),
    ]);
    part.also(event.id.clone(), "AWS::Events::Rule", properties, made);
}

fn schedule(part: &Part<'_>, event: &Event<'_>, action: &str, target: Node, made: &mut Made) {
    let role_id = eco_format!("{}Role", event.id);
    let role =
        event.copy("RoleArn").unwrap_or_else(|| super::made::get_att(&role_id, "Arn", part.span));
    let destination = part.map([
        ("Arn", Some(target.clone())),
        ("RoleArn", Some(role)),
        ("Input", event.copy("Input")),
        ("RetryPolicy", event.copy("RetryPolicy")),
        ("DeadLetterConfig", event.copy("DeadLetterConfig")),
    ]);
    let window = event
        .copy("FlexibleTimeWindow")
        .unwrap_or_else(|| part.map([("Mode", Some(part.text("OFF")))]));
    let properties = part.map([
        ("Name", event.copy("Name")),
        ("GroupName", event.copy("GroupName")),
        ("Description", event.copy("Description")),
        ("ScheduleExpression", event.copy("ScheduleExpression")),
        ("ScheduleExpressionTimezone", event.copy("ScheduleExpressionTimezone")),
        ("StartDate", event.copy("StartDate")),
        ("EndDate", event.copy("EndDate")),
        ("KmsKeyArn", event.copy("KmsKeyArn")),
        ("State", event.copy("State")),
        ("FlexibleTimeWindow", Some(window)),
        ("Target", Some(destination)),
    ]);
    part.also(event.id.clone(), "AWS::Scheduler::Schedule", properties, made);
    if event.copy("RoleArn").is_none() {
        role::single(part, role_id, "scheduler.amazonaws.com", action, target, made);
    }
}

fn logs(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let properties = part.map([
        ("LogGroupName", event.copy("LogGroupName")),
        ("FilterPattern", event.copy("FilterPattern")),
        ("DestinationArn", Some(part.attribute("Arn"))),
    ]);
    part.also(event.id.clone(), "AWS::Logs::SubscriptionFilter", properties, made);
    let group = part.map([("Group", event.copy("LogGroupName"))]);
    let text = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*";
    let source = part.map([("Fn::Sub", Some(part.list(vec![part.text(text), group])))]);
    let source = Some(("SourceArn", Some(source)));
    permission(part, &event.id, "logs.amazonaws.com", source, made);
}

fn iot(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
    let lambda = part.map([("FunctionArn", Some(part.attribute("Arn")))]);
    let action = part.map([("Lambda", Some(lambda))]);
    let payload = part.map([
        ("Sql", event.copy("Sql")),
        ("AwsIotSqlVersion", event.copy("AwsIotSqlVersion")),
        ("RuleDisabled", Some(Node::new(onus_model::Value::Bool(false), part.span))),
        ("Actions", Some(part.list(vec![action]))),
    ]);
    let properties = part.map([("TopicRulePayload", Some(payload))]);
    part.also(event.id.clone(), "AWS::IoT::TopicRule", properties, made);
    let text = format!(
        "arn:${{AWS::Partition}}:iot:${{AWS::Region}}:${{AWS::AccountId}}:rule/${{{}}}",
        event.id
    );
    let source = Some(("SourceArn", Some(sub(&text, part.span))));
    permission(part, &event.id, "iot.amazonaws.com", source, made);
}
