//! The responsibility matrix: services, layers, verbs, and words on both sides.

mod csv;
mod html;
mod markdown;
mod terminal;

use std::io::{self, Write};

use onus_model::{Allocation, Basis, EcoString, Layer, ServiceClass, Split, Verb};
use serde::{Serialize, Serializer};

use crate::json::Document;
use crate::{Format, Options};

/// Who holds what of which service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// The date for which the model was evaluated, `YYYY-MM-DD`.
    pub as_of: EcoString,
    /// The services, in the order in which they are shown.
    pub services: Vec<MatrixService>,
}

/// One service, or one type or form of it that is held differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatrixService {
    /// Its name, with what sets it apart: `Amazon ECS (Fargate)`.
    pub name: EcoString,
    /// Its class.
    pub class: Option<ServiceClass>,
    /// Its layers, in the order of the model.
    pub layers: Vec<MatrixLayer>,
}

/// One layer of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatrixLayer {
    /// The layer.
    pub layer: Layer,
    /// How it is held.
    pub split: Split,
    /// Who holds each verb.
    #[serde(serialize_with = "by_verb")]
    pub verbs: Vec<(Verb, Allocation)>,
    /// AWS's side in words.
    pub aws: EcoString,
    /// The customer's side in words.
    pub you: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
}

fn by_verb<S: Serializer>(verbs: &[(Verb, Allocation)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(verbs.iter().map(|(verb, allocation)| (verb, allocation)))
}

impl MatrixLayer {
    fn holder(&self, verb: Verb) -> Option<Allocation> {
        self.verbs.iter().find(|(of, _)| *of == verb).map(|(_, allocation)| *allocation)
    }
}

impl Matrix {
    /// The formats that a matrix is written in.
    pub const FORMATS: &'static [Format] =
        &[Format::Terminal, Format::Json, Format::Markdown, Format::Html, Format::Csv];

    /// Writes the matrix.
    ///
    /// # Errors
    /// When `out` cannot be written to, or `format` is not one of [`Matrix::FORMATS`].
    pub fn write(
        &self,
        format: Format,
        options: &Options<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Terminal => terminal::write(self, options, out),
            Format::Json => self.write_json(options, out),
            Format::Markdown => markdown::write(self, out),
            Format::Html => html::write(self, options, out),
            Format::Csv => csv::write(self, out),
            other => Err(other.unsupported("a matrix", Matrix::FORMATS)),
        }
    }

    fn write_json(&self, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut document = Document::new(out);
        document.member("schema", &"onus-matrix/1")?;
        document.tool(options)?;
        document.member("as_of", &self.as_of)?;
        document.members("services", self.services.iter())?;
        document.end()
    }
}
