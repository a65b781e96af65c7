//! Events of EventBridge: rules and schedules.

use ecow::eco_format;
use onus_model::Node;

use super::events::Event;
use super::made::{Made, Part};
use super::role;

/// A rule that sends to `target`.
pub(super) fn rule(
    part: &Part<'_>,
    event: &Event<'_>,
    target: Node,
    role: Option<Node>,
    made: &mut Made,
) {
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

/// A schedule that does `action` on `target`, with a role unless it has one.
pub(super) fn schedule(
    part: &Part<'_>,
    event: &Event<'_>,
    action: &str,
    target: Node,
    made: &mut Made,
) {
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
