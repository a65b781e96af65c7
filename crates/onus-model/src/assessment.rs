//! What an assessment says: who holds which duty, whether the customer's side is done, and why.
//!
//! Everything that a report shows is here; a report computes nothing. Places are [`Span`]s, resolved
//! with the run's [`crate::Files`].

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::{
    DeliveryModel, Diagnostic, Layer, Origin, Party, Reason, ServiceClass, Severity, SourceFile,
    SourceKind, Span, Verb,
};

/// Why a statement of the catalog says what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Basis {
    /// The page that says it.
    pub url: EcoString,
    /// The date on which somebody read it, `YYYY-MM-DD`.
    pub as_of: EcoString,
}

/// Who holds a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allocation {
    /// AWS.
    Provider,
    /// The customer.
    Customer,
    /// Somebody between the two.
    ThirdParty,
    /// There is nothing to do on this layer of this resource.
    NotApplicable,
    /// It depends on a fact that is not known.
    Undetermined,
}

impl Allocation {
    /// The published name.
    pub fn name(self) -> &'static str {
        match self {
            Allocation::Provider => "provider",
            Allocation::Customer => "customer",
            Allocation::ThirdParty => "third-party",
            Allocation::NotApplicable => "not-applicable",
            Allocation::Undetermined => "undetermined",
        }
    }

    /// The party that holds it, if one does.
    pub fn party(self) -> Option<Party> {
        match self {
            Allocation::Provider => Some(Party::Provider),
            Allocation::Customer => Some(Party::Customer),
            Allocation::ThirdParty => Some(Party::ThirdParty),
            Allocation::NotApplicable | Allocation::Undetermined => None,
        }
    }
}

/// What decided an allocation: the narrowest statement of the catalog that speaks of the duty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "id")]
pub enum Because {
    /// The default of the service's class.
    Class(ServiceClass),
    /// The service, by id.
    Service(EcoString),
    /// The resource type, by name.
    Type(EcoString),
    /// A shift that holds for this resource (or, when undetermined, may hold), by id.
    Shift(EcoString),
    /// The catalog does not know the service.
    UnknownService,
    /// It is no resource of AWS: another provider's, or a helper of the tool that wrote it.
    NotAws,
}

/// One duty: a verb on a layer, who holds it, and why. Shared by all resources of one [`Profile`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// The layer.
    pub layer: Layer,
    /// The verb.
    pub verb: Verb,
    /// Who holds it.
    pub allocation: Allocation,
    /// What decided that.
    pub because: Because,
    /// AWS's side in plain words; may be empty.
    pub aws: EcoString,
    /// The customer's side in plain words; may be empty.
    pub you: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// The duties of all resources that are alike in what decides them: every layer and verb, once each,
/// in the order of [`Layer::ALL`] and, within a layer, of [`Verb::ALL`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The duties.
    pub duties: Vec<Duty>,
}

/// How one layer is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// All of it AWS's.
    Provider,
    /// All of it the customer's.
    Customer,
    /// All of it somebody else's.
    ThirdParty,
    /// Several parties, and one must act before the other can (AWS publishes, you apply).
    SharedDependent,
    /// Several parties, each on its own.
    SharedIndependent,
    /// Nothing to do.
    NotApplicable,
    /// Part of it depends on a fact that is not known.
    Undetermined,
}

/// The verdict of a control on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The duty is fulfilled, however the unknowns turn out.
    Satisfied,
    /// The duty is not fulfilled, however the unknowns turn out.
    NotSatisfied,
    /// It depends on what is not known.
    Unknown,
    /// The control does not speak of this resource.
    NotApplicable,
}

impl Verdict {
    /// The published name.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Satisfied => "satisfied",
            Verdict::NotSatisfied => "not-satisfied",
            Verdict::Unknown => "unknown",
            Verdict::NotApplicable => "not-applicable",
        }
    }
}

/// The status of a customer's duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every control that tests it is satisfied.
    Satisfied,
    /// A control that tests it is not satisfied.
    NotSatisfied,
    /// No control failed, and at least one is undecided.
    Unknown,
    /// Nothing tests it.
    Unverified,
}

impl Status {
    /// The published name.
    pub fn name(self) -> &'static str {
        match self {
            Status::Satisfied => "satisfied",
            Status::NotSatisfied => "not-satisfied",
            Status::Unknown => "unknown",
            Status::Unverified => "unverified",
        }
    }
}

/// A fact that a verdict rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The fact, as the catalog names it: `versioning`, `ingress[0].cidrs`.
    pub fact: EcoString,
    /// Its value, as shown to people; sensitive values never get here.
    pub value: EcoString,
    /// Where the value is written; the resource itself for a default.
    pub span: Span,
    /// Written, or AWS's default.
    pub origin: Origin,
}

/// An unknown that a verdict or an allocation waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Blocker {
    /// The fact that is not known.
    pub fact: EcoString,
    /// Why not.
    pub reason: Reason,
    /// What would settle it, in the user's words.
    pub settles: EcoString,
    /// Where the unknown value is written; the resource itself when it is written nowhere.
    pub span: Span,
}

/// A control on a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Index in [`Assessment::controls`].
    pub control: u32,
    /// Index in [`Assessment::resources`].
    pub resource: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// What it waits for; empty unless the verdict is unknown.
    pub blockers: Vec<Blocker>,
}

/// A control, as reports need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// `s3/bucket-versioning`.
    pub id: EcoString,
    /// The passing state in one line.
    pub title: EcoString,
    /// How bad it is when open.
    pub severity: Severity,
    /// Service id.
    pub service: EcoString,
    /// The type it speaks of.
    pub type_name: EcoString,
    /// The duty it tests.
    pub layer: Layer,
    /// The duty it tests.
    pub verb: Verb,
    /// Why it matters, in two sentences.
    pub why: EcoString,
    /// How to fix it in Terraform; may be empty.
    pub fix_terraform: EcoString,
    /// How to fix it in CloudFormation; may be empty.
    pub fix_cloudformation: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
    /// Ids that others give it: (`security-hub`, `S3.14`), (`config-rule`, `s3-bucket-versioning-enabled`).
    pub aliases: Vec<(EcoString, EcoString)>,
}

/// A resource with its duties.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessedResource {
    /// The source's own address.
    pub address: EcoString,
    /// Index in [`Assessment::scopes`].
    pub scope: u32,
    /// The source's own type.
    pub native_type: EcoString,
    /// The type as CloudFormation names it, where it has such a name.
    pub type_name: EcoString,
    /// Service id; empty when the catalog does not know the service.
    pub service: EcoString,
    /// The service's name; the namespace or type prefix when the catalog does not know it.
    pub service_name: EcoString,
    /// The class of this type.
    pub class: Option<ServiceClass>,
    /// The delivery model of this type.
    pub delivery: Option<DeliveryModel>,
    /// The catalog describes this type in depth (it has facts).
    pub in_depth: bool,
    /// Where it is declared.
    pub span: Span,
    /// It may or may not exist: what would settle that.
    pub possible: Option<EcoString>,
    /// The Region, when known.
    pub region: Option<EcoString>,
    /// It is configuration of this other resource (index), whose duties cover it.
    pub part_of: Option<u32>,
    /// Index in [`Assessment::profiles`].
    pub profile: u32,
    /// For the duties of the profile that are undetermined: what they wait for.
    pub undetermined: Vec<Blocker>,
    /// The shifts that hold, by id, with the facts that they rest on.
    pub shifts: Vec<(EcoString, Vec<Evidence>)>,
    /// The status of each duty that the customer holds: (layer, verb, status).
    pub status: Vec<(Layer, Verb, Status)>,
}

/// A scope, as reports need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedScope {
    /// What it was read as.
    pub kind: SourceKind,
    /// Its folder or file.
    pub path: EcoString,
    /// How many resources it has.
    pub resources: u32,
}

/// A part of the estate that could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadPart {
    /// Index in [`Assessment::scopes`].
    pub scope: u32,
    /// Its address.
    pub address: EcoString,
    /// What would bring it in.
    pub settles: EcoString,
    /// Where it is called.
    pub span: Span,
}

/// How one layer of one service is held over all its resources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerSummary {
    /// The layer.
    pub layer: Layer,
    /// How it is held; where resources differ, the shared or undetermined form wins.
    pub split: Split,
    /// The resources differ in how this layer is held.
    pub mixed: bool,
    /// The state of the customer's part: the worst status of any resource; `None` without such a part.
    pub status: Option<Status>,
    /// Controls not satisfied.
    pub open: u32,
    /// Controls undecided.
    pub unknown: u32,
    /// Controls satisfied.
    pub satisfied: u32,
    /// AWS's part in plain words, each sentence once.
    pub aws: Vec<EcoString>,
    /// The customer's part in plain words, each sentence once.
    pub you: Vec<EcoString>,
}

/// One service of the estate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceSummary {
    /// Service id; empty for services that the catalog does not know.
    pub service: EcoString,
    /// Its name.
    pub name: EcoString,
    /// The classes of its types in the estate.
    pub classes: Vec<ServiceClass>,
    /// Its resources.
    pub resources: u32,
    /// Those whose type the catalog describes in depth.
    pub in_depth: u32,
    /// One row a layer, in the order of the model.
    pub layers: Vec<LayerSummary>,
}

/// What is undecided and would be settled by one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Settles {
    /// What would settle it: `var.kms_key_arn`.
    pub settles: EcoString,
    /// Why it is not known.
    pub reason: Reason,
    /// Index in [`Assessment::scopes`].
    pub scope: u32,
    /// The findings that wait for it (indexes), perhaps among other things.
    pub findings: Vec<u32>,
    /// The number of resources whose allocation waits for it.
    pub allocations: u32,
}

/// Counts of an assessment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Resources.
    pub resources: u32,
    /// Resources whose type the catalog describes in depth.
    pub in_depth: u32,
    /// Resources of a service that the catalog does not know.
    pub unknown_service: u32,
    /// Resources that are not AWS's, of which the model says nothing.
    pub not_aws: u32,
    /// Resources that may or may not exist.
    pub possible: u32,
    /// Duties held by AWS.
    pub provider: u32,
    /// Duties held by the customer.
    pub customer: u32,
    /// Duties held by somebody between the two.
    pub third_party: u32,
    /// Pairs of layer and verb where there is nothing to do.
    pub not_applicable: u32,
    /// Duties whose holder depends on an unknown.
    pub undetermined: u32,
    /// Findings satisfied.
    pub satisfied: u32,
    /// Findings not satisfied.
    pub not_satisfied: u32,
    /// Findings undecided.
    pub unknown: u32,
    /// Findings not satisfied, by severity, in the order of [`Severity::ALL`].
    pub open_by_severity: [u32; 4],
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// The date for which the model was evaluated, `YYYY-MM-DD`.
    pub as_of: EcoString,
    /// What was read.
    pub scopes: Vec<AssessedScope>,
    /// What was looked at, and what it was taken for.
    pub files: Vec<SourceFile>,
    /// What could not be read.
    pub unread: Vec<UnreadPart>,
    /// What went wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Every resource, by scope path and place.
    pub resources: Vec<AssessedResource>,
    /// The distinct sets of duties.
    pub profiles: Vec<Profile>,
    /// The controls that were decided, by id.
    pub controls: Vec<Control>,
    /// Every control on every resource that it speaks of, satisfied ones too, not-applicable ones not:
    /// open first, worst first, then undecided, then satisfied; within those by address and control.
    pub findings: Vec<Finding>,
    /// One row a service, by name.
    pub services: Vec<ServiceSummary>,
    /// What would settle the undecided, most first.
    pub settles: Vec<Settles>,
    /// The counts.
    pub counts: Counts,
}
