//! `AWS::Serverless::StateMachine`.

use super::made::{Made, Part, get_att};
use super::{events, role};

/// The state machine, its role unless it has one, and what its events need.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let role = part.copy("Role").unwrap_or_else(|| get_att(&part.named("Role"), "Arn", part.span));
    let properties = part.properties(
        &["Definition", "DefinitionSubstitutions", "EncryptionConfiguration"],
        [
            ("StateMachineName", part.copy("Name")),
            ("StateMachineType", part.copy("Type")),
            ("DefinitionS3Location", part.location("DefinitionUri", ["Bucket", "Key", "Version"])),
            ("LoggingConfiguration", part.copy("Logging")),
            ("TracingConfiguration", part.copy("Tracing")),
            ("RoleArn", Some(role)),
            ("Tags", part.tags()),
        ],
    );
    part.main("AWS::StepFunctions::StateMachine", properties, made);
    if part.get("Role").is_none() {
        let tracing =
            part.get("Tracing").map(|_| role::aws_managed("AWSXRayDaemonWriteAccess", part.span));
        role::make(part, "states.amazonaws.com", tracing.into_iter().collect(), made);
    }
    events::of_state_machine(part, made);
}
