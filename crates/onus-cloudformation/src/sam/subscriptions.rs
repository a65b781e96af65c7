//! Events that something else sends: topics, log groups, things.

use ecow::eco_format;
use onus_model::Node;

use super::events::{Event, permission};
use super::made::{Made, Part, sub};

/// A topic's subscription, with a queue between where that is asked for.
pub(super) fn topic(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
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

/// A subscription to a log group.
pub(super) fn logs(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
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

/// A rule of IoT.
pub(super) fn iot(part: &Part<'_>, event: &Event<'_>, made: &mut Made) {
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
