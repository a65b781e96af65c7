//! `AWS::Serverless::Application`.

use super::made::{Made, Part};

/// The nested stack: local when its location is a path, else elsewhere.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let url = part.get("Location").filter(|location| location.get("ApplicationId").is_none());
    let properties = part.properties(
        &["NotificationARNs", "Parameters", "TimeoutInMinutes"],
        [("TemplateURL", url.cloned()), ("Tags", part.tags())],
    );
    part.main("AWS::CloudFormation::Stack", properties, made);
}
