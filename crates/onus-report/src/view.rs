//! Following the indexes of an assessment. An index to nothing gives an empty name, never a panic.

use onus_model::{
    AssessedResource, Assessment, Control, EcoString, Files, Finding, SourceKind, Span,
};

/// An assessment with the paths of its run.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) assessment: &'a Assessment,
    pub(crate) files: &'a Files,
}

/// The element of an index of the model.
pub(crate) fn get<T>(list: &[T], index: u32) -> Option<&T> {
    list.get(usize::try_from(index).ok()?)
}

impl<'a> View<'a> {
    /// The path of a scope.
    pub(crate) fn scope(self, index: u32) -> &'a str {
        get(&self.assessment.scopes, index).map_or("", |scope| &scope.path)
    }

    /// The kind of source that a resource was read from.
    pub(crate) fn source_kind(self, resource: &AssessedResource) -> SourceKind {
        get(&self.assessment.scopes, resource.scope)
            .map_or(SourceKind::Terraform, |scope| scope.kind)
    }

    /// A resource.
    pub(crate) fn resource(self, index: u32) -> Option<&'a AssessedResource> {
        get(&self.assessment.resources, index)
    }

    /// The control and the resource of a finding.
    pub(crate) fn sides(self, finding: &Finding) -> Option<(&'a Control, &'a AssessedResource)> {
        Some((
            get(&self.assessment.controls, finding.control)?,
            get(&self.assessment.resources, finding.resource)?,
        ))
    }

    /// The path of a place.
    pub(crate) fn path(self, span: Span) -> EcoString {
        self.files.path(span.file)
    }
}
