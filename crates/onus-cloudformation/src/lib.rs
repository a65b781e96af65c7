//! CloudFormation, SAM and CDK templates to raw resources.
