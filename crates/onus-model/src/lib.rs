//! The words of onus as types. Everything else speaks through this crate, and it knows no other.
//!
//! Nothing here does input or output, and nothing here knows a service of AWS.

mod assessment;
mod diagnostic;
mod estate;
mod place;
mod truth;
mod unknown;
mod value;
mod vocabulary;

pub use assessment::{
    Allocation, AssessedResource, AssessedScope, Assessment, Basis, Because, Blocker, Control,
    Counts, Duty, Evidence, Finding, LayerSummary, Profile, ServiceSummary, Settles, Split, Status,
    UnreadPart, Verdict,
};
pub use diagnostic::{Diagnostic, Level};
pub use ecow::{EcoString, eco_format};
pub use estate::{
    Edge, Estate, Fact, Origin, Presence, RawEstate, RawResource, Resource, Scope, ScopeId,
    SourceFile, SourceKind, Unread,
};
pub use place::{FileId, Files, Span};
pub use truth::Truth;
pub use unknown::{Piece, Reason, Reference, Unknown};
pub use value::{Choice, List, Map, Node, Value};
pub use vocabulary::{DeliveryModel, Layer, Party, ServiceClass, Severity, Verb};
