//! `AWS::Serverless::SimpleTable`.

use onus_model::Node;

use super::made::{Made, Part};

/// The table, with one key.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let key = |name: &str| part.get("PrimaryKey")?.get(name);
    let name = key("Name").cloned().unwrap_or_else(|| part.text("id"));
    let kind = match key("Type").and_then(Node::as_str) {
        Some("Number") => part.text("N"),
        Some("Binary") => part.text("B"),
        _ => part.text("S"),
    };
    let attribute =
        part.map([("AttributeName", Some(name.clone())), ("AttributeType", Some(kind))]);
    let schema = part.map([("AttributeName", Some(name)), ("KeyType", Some(part.text("HASH")))]);
    let on_demand = part.get("ProvisionedThroughput").is_none();
    let properties = part.properties(
        &[
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
            "SSESpecification",
            "TableName",
        ],
        [
            ("AttributeDefinitions", Some(part.list(vec![attribute]))),
            ("KeySchema", Some(part.list(vec![schema]))),
            ("BillingMode", on_demand.then(|| part.text("PAY_PER_REQUEST"))),
            ("Tags", part.tags()),
        ],
    );
    part.main("AWS::DynamoDB::Table", properties, made);
}
