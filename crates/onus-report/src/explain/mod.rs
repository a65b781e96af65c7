//! Why: the steps by which an allocation or a verdict came about.

mod terminal;

use std::io::{self, Write};

use onus_model::{Allocation, Basis, EcoString, Layer, Origin, ServiceClass, Truth, Verb, Verdict};
use serde::Serialize;

use crate::json::Document;
use crate::{Format, Options};

/// Why a resource, a type, a control or a duty is as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// What was asked about: an address, a type, a control's id, a duty.
    pub subject: EcoString,
    /// Its type, where it has one.
    pub type_name: EcoString,
    /// The class of the type.
    pub class: Option<ServiceClass>,
    /// `file:line`, where it stands in a source.
    pub place: EcoString,
    /// What it is, or what follows, in a sentence or two; may be empty.
    pub summary: EcoString,
    /// The steps, from the widest statement to the narrowest.
    pub steps: Vec<Step>,
    /// Of a control: configurations that fulfil it, each with its language.
    pub fixes: Vec<(EcoString, EcoString)>,
}

/// What kind of statement a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The default of a class.
    Class,
    /// What is said of a service.
    Service,
    /// What is said of a resource type.
    Type,
    /// A shift, whether it holds or not.
    Shift,
    /// A control.
    Control,
}

/// One statement of the catalog, held against the resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What kind of statement.
    pub stage: Stage,
    /// Its id in the catalog.
    pub id: EcoString,
    /// It in one line.
    pub title: EcoString,
    /// The predicate as written; empty when the statement is unconditional.
    pub predicate: EcoString,
    /// Whether the predicate holds; `None` when there is none or nothing to hold it against.
    pub truth: Option<Truth>,
    /// The values that the predicate saw.
    pub values: Vec<StepValue>,
    /// What the statement says about duties, in words that follow the duty.
    pub duties: Vec<StepDuty>,
    /// Of a control: the verdict.
    pub verdict: Option<Verdict>,
    /// AWS's side in words; may be empty.
    pub aws: EcoString,
    /// The customer's side in words; may be empty.
    pub you: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// A value that a predicate saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepValue {
    /// The fact.
    pub fact: EcoString,
    /// Its value as shown to people; `unknown` when it is not known.
    pub value: EcoString,
    /// What would settle it; empty when it is known.
    pub settles: EcoString,
    /// `file:line`; empty when it stands nowhere.
    pub place: EcoString,
    /// Written, or AWS's default; `None` when it is not known.
    pub origin: Option<Origin>,
}

/// A duty that a statement speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StepDuty {
    /// The layer.
    pub layer: Layer,
    /// The verb.
    pub verb: Verb,
    /// Who holds it by this statement.
    pub allocation: Allocation,
    /// No narrower statement speaks of it: this one decides.
    pub decides: bool,
}

impl Explanation {
    /// The formats that an explanation is written in.
    pub const FORMATS: &'static [Format] = &[Format::Terminal, Format::Json];

    /// Writes the explanation.
    ///
    /// # Errors
    /// When `out` cannot be written to, or `format` is not one of [`Explanation::FORMATS`].
    pub fn write(
        &self,
        format: Format,
        options: &Options<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Terminal => terminal::write(self, options, out),
            Format::Json => self.write_json(options, out),
            other => Err(other.unsupported("an explanation", Explanation::FORMATS)),
        }
    }

    fn write_json(&self, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut document = Document::new(out);
        document.member("schema", &"onus-explanation/1")?;
        document.tool(options)?;
        document.member("subject", &self.subject)?;
        document.member("type", &self.type_name)?;
        document.member("class", &self.class)?;
        document.member("place", &self.place)?;
        document.member("summary", &self.summary)?;
        document.members("steps", self.steps.iter())?;
        document.members("fixes", self.fixes.iter())?;
        document.end()
    }
}
