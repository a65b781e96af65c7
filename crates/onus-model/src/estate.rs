//! The estate: first as its source wrote it, then with typed facts.

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::{Diagnostic, Node, Reference, Span, Unknown};

/// The kind of source that a scope was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A directory of Terraform or OpenTofu files.
    Terraform,
    /// `terraform show -json` of a plan.
    TerraformPlan,
    /// `terraform show -json` of a state.
    TerraformState,
    /// A CloudFormation, SAM or CDK-made template.
    Cloudformation,
    /// AWS Config items.
    Config,
    /// A live account.
    Live,
}

impl SourceKind {
    /// The published name.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Terraform => "terraform",
            SourceKind::TerraformPlan => "terraform-plan",
            SourceKind::TerraformState => "terraform-state",
            SourceKind::Cloudformation => "cloudformation",
            SourceKind::Config => "config",
            SourceKind::Live => "live",
        }
    }
}

/// Index of a [`Scope`] in its estate.
pub type ScopeId = u32;

/// One root module, template, plan, state or account and region: the space in which addresses are
/// unique and references resolve.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// What it was read as.
    pub kind: SourceKind,
    /// Its folder or file, relative to where the run began.
    pub path: EcoString,
    /// Everything of the account and region is in it, so that what is not there does not exist.
    pub complete: bool,
    /// The Region that it is deployed to, as far as the source says.
    pub region: Node,
}

/// Whether a resource will exist.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// It will.
    Certain,
    /// It may or may not.
    Possible(Unknown),
    /// It stands for any number of resources, which may be none.
    AnyNumber(Unknown),
}

impl Presence {
    /// What would settle whether it will exist; `None` if it will.
    pub fn unknown(&self) -> Option<&Unknown> {
        match self {
            Presence::Certain => None,
            Presence::Possible(unknown) | Presence::AnyNumber(unknown) => Some(unknown),
        }
    }
}

/// A resource as its source wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawResource {
    /// The source's own address, unique in its scope: `module.x.aws_s3_bucket.b["k"]`, a logical id,
    /// a construct path.
    pub address: EcoString,
    /// The source's own type: `aws_s3_bucket`, `AWS::S3::Bucket`.
    pub native_type: EcoString,
    /// Where it is declared.
    pub span: Span,
    /// Its arguments or properties under the source's own names: always a [`crate::Value::Map`] or unknown.
    pub attributes: Node,
    /// Whether it will exist.
    pub presence: Presence,
    /// The Region of this resource where it differs from its scope's.
    pub region: Option<Node>,
    /// References that are not in the value of an attribute (`depends_on`, `DependsOn`).
    pub references: Vec<Reference>,
}

/// One scope as its source wrote it.
#[derive(Clone, Debug)]
pub struct RawEstate {
    /// The scope.
    pub scope: Scope,
    /// Its resources, in the order of the source.
    pub resources: Vec<RawResource>,
    /// Parts that were not there to read and may hold anything.
    pub unread: Vec<Unread>,
    /// What went wrong on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of a scope that could not be read: a missing module, a nested stack elsewhere, a custom
/// resource. It may contain resources that refer to whatever was passed to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// Its address in the scope: `module.vpc`.
    pub address: EcoString,
    /// What it is and what would bring it in, in the user's words.
    pub settles: EcoString,
    /// Where it is called.
    pub span: Span,
    /// The resources passed to it.
    pub references: Vec<Reference>,
}

/// A file that the run looked at, and what it took it for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Path, relative to where the run began.
    pub path: EcoString,
    /// `terraform`, `cloudformation`, …, or `skipped`.
    pub taken_as: EcoString,
    /// Why it was taken for that, or skipped.
    pub because: EcoString,
}

/// Where the value of a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Written in the source.
    Set,
    /// Not written; AWS's own default.
    Default,
}

/// One typed property of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its value; `Absent` when not set and without a default.
    pub node: Node,
    /// Where that comes from.
    pub origin: Origin,
}

/// An edge of the reference graph: this resource refers to another one of the same scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    /// Index of the resource referred to, in [`Estate::resources`].
    pub target: u32,
}

/// A resource with typed facts.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The source's own address.
    pub address: EcoString,
    /// Its scope.
    pub scope: ScopeId,
    /// The source's own type.
    pub native_type: EcoString,
    /// The type as CloudFormation names it; the native one where there is no such name.
    pub type_name: EcoString,
    /// Index of the type in the catalog; `None` when the catalog does not describe it in depth.
    pub type_index: Option<u32>,
    /// Id of its service in the catalog; empty when the catalog does not know it.
    pub service: EcoString,
    /// Where it is declared.
    pub span: Span,
    /// Whether it will exist.
    pub presence: Presence,
    /// The Region it is deployed to.
    pub region: Node,
    /// Its facts, in the order in which the catalog declares them for its type.
    pub facts: Vec<Fact>,
    /// The resources that it refers to.
    pub edges: Vec<Edge>,
    /// It is configuration of another resource, whose facts it has become part of
    /// (`aws_s3_bucket_versioning`): index of that resource.
    pub part_of: Option<u32>,
    /// One of its values that name other resources is not resolved: it may refer to anything of its scope.
    pub loose: Option<Unknown>,
}

/// All that was read in one run.
#[derive(Debug, Default)]
pub struct Estate {
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// The resources, by scope, in the order of the source.
    pub resources: Vec<Resource>,
    /// For each resource (same index) the resources that refer to it.
    pub referrers: Vec<Vec<u32>>,
    /// Parts that could not be read, each with its scope.
    pub unread: Vec<(ScopeId, Unread)>,
    /// What was looked at.
    pub files: Vec<SourceFile>,
    /// What went wrong.
    pub diagnostics: Vec<Diagnostic>,
}
