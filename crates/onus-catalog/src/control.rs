//! Controls: tests that a customer's duty is fulfilled.

use ecow::{EcoString, eco_format};
use onus_model::{Basis, Layer, Node, Severity, Value, Verb, Verdict};
use onus_predicate::Program;
use serde::{Deserialize, Serialize};

use crate::Lazy;
use crate::decode::{Fields, Mistakes, elements, entries, names, text, texts};
use crate::service::Bases;

/// A control.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct ControlEntry {
    /// `s3/bucket-versioning`.
    pub id: EcoString,
    /// Id of its service.
    pub service: EcoString,
    /// Index of the type that it speaks of, in [`crate::Catalog::types`].
    pub type_index: u32,
    /// The layer of the duty that it tests.
    pub layer: Layer,
    /// The verb of the duty that it tests.
    pub verb: Verb,
    /// How bad it is when open.
    pub severity: Severity,
    /// Where false, the control does not speak of the resource.
    pub when: Option<Program>,
    /// Whether the duty is fulfilled.
    pub require: Program,
    /// What reports say of it.
    pub prose: Lazy<ControlProse>,
}

/// An entry that says nothing, in place of one that cannot be decoded.
impl Default for ControlEntry {
    fn default() -> ControlEntry {
        ControlEntry {
            id: EcoString::new(),
            service: EcoString::new(),
            type_index: u32::MAX,
            layer: Layer::Configuration,
            verb: Verb::Verify,
            severity: Severity::Low,
            when: None,
            require: Program::default(),
            prose: Lazy::default(),
        }
    }
}

/// What reports say of a control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ControlProse {
    /// The passing state in one line.
    pub title: EcoString,
    /// Why it matters.
    pub why: EcoString,
    /// A complete configuration that fulfils it, in Terraform; may be empty.
    pub fix_terraform: EcoString,
    /// The same in CloudFormation; may be empty.
    pub fix_cloudformation: EcoString,
    /// The sources.
    pub basis: Vec<Basis>,
    /// Ids that others give it.
    pub aliases: Vec<(EcoString, EcoString)>,
}

/// The language of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Terraform.
    Terraform,
    /// A CloudFormation template.
    Cloudformation,
    /// `terraform show -json`.
    Plan,
}

/// A configuration with the verdict that a control must give.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its language.
    pub syntax: Syntax,
    /// The configuration.
    pub text: EcoString,
    /// The verdict.
    pub verdict: Verdict,
    /// Only for this resource; empty: for all of the control's type.
    pub resource: EcoString,
    /// Where the example stands.
    pub span: onus_model::Span,
    /// It is the control's fix.
    pub is_fix: bool,
}

/// A control as read, before its type and predicates are resolved.
pub(crate) struct ControlDraft<'a> {
    pub(crate) title: EcoString,
    pub(crate) type_name: Option<&'a Node>,
    pub(crate) layer: Layer,
    pub(crate) verb: Verb,
    pub(crate) severity: Severity,
    pub(crate) when: Option<&'a Node>,
    pub(crate) require: Option<&'a Node>,
    pub(crate) why: EcoString,
    pub(crate) fixes: [EcoString; 2],
    pub(crate) basis: Vec<Basis>,
    pub(crate) aliases: Vec<(EcoString, EcoString)>,
    pub(crate) examples: Vec<Example>,
    /// The sources that can say what is asked; empty: all.
    pub(crate) sources: Vec<EcoString>,
}

pub(crate) fn read<'a>(
    node: &'a Node,
    bases: &Bases,
    mistakes: &mut Mistakes,
) -> Option<ControlDraft<'a>> {
    let mut fields = Fields::of(node, "a control", mistakes);
    let title = fields.text("title", mistakes);
    let type_name = fields.required("type", mistakes);
    let duty = fields.required("tests", mistakes).and_then(|node| {
        let mut fields = Fields::of(node, "`tests`", mistakes);
        let layer = fields.word("layer", &names(Layer::ALL), mistakes);
        let verb = fields.word("verb", &names(Verb::ALL), mistakes);
        fields.finish(mistakes);
        Some((layer?, verb?))
    });
    let severity = fields.word("severity", &names(Severity::ALL), mistakes);
    let when = fields.optional("when");
    let require = fields.required("require", mistakes);
    let why = fields.text("why", mistakes);
    let sources = fields.texts("sources", mistakes);
    for source in
        sources.iter().filter(|source| !["terraform", "cloudformation"].contains(&source.as_str()))
    {
        mistakes.add(eco_format!("`{source}` is no source: terraform, cloudformation"), node.span);
    }
    let mut examples = Vec::new();
    let mut fixes = [EcoString::new(), EcoString::new()];
    if let Some(node) = fields.required("fix", mistakes) {
        fixes = read_fix(node, &mut examples, mistakes);
    }
    let basis = fields
        .required("basis", mistakes)
        .map(|node| bases.read(node, mistakes))
        .unwrap_or_default();
    let mut aliases = Vec::new();
    for (list, node) in entries(fields.optional("aliases"), "`aliases`", mistakes) {
        aliases.extend(texts(node, mistakes).into_iter().map(|id| (list.clone(), id)));
    }
    for node in elements(fields.required("examples", mistakes), "`examples`", mistakes) {
        read_example(node, &mut examples, mistakes);
    }
    for wanted in [Verdict::Satisfied, Verdict::NotSatisfied] {
        // A lone configuration is never the whole account, so nothing is ever found missing in it.
        if wanted == Verdict::NotSatisfied && asks_for_existence(require) {
            continue;
        }
        if !examples.iter().any(|example| example.verdict == wanted) {
            mistakes.add(eco_format!("no example is {}", wanted.name()), node.span);
        }
    }
    fields.finish(mistakes);
    let (layer, verb) = duty?;
    Some(ControlDraft {
        title,
        type_name,
        layer,
        verb,
        severity: severity?,
        when,
        require,
        why,
        fixes,
        basis,
        aliases,
        examples,
        sources,
    })
}

/// Whether what is required is that something exists anywhere.
pub(crate) fn asks_for_existence(require: Option<&Node>) -> bool {
    let text = require.map(|node| &node.value);
    matches!(text, Some(Value::String(text)) if text.contains("estate("))
}

fn read_fix(node: &Node, examples: &mut Vec<Example>, mistakes: &mut Mistakes) -> [EcoString; 2] {
    let mut fields = Fields::of(node, "a fix", mistakes);
    let mut one = |key: &'static str, syntax: Syntax, mistakes: &mut Mistakes| {
        let Some(node) = fields.optional(key) else { return EcoString::new() };
        let text = text(node, mistakes);
        let (verdict, resource) = (Verdict::Satisfied, EcoString::new());
        examples.push(Example {
            syntax,
            text: text.clone(),
            verdict,
            resource,
            span: node.span,
            is_fix: true,
        });
        text
    };
    let fixes = [
        one("terraform", Syntax::Terraform, mistakes),
        one("cloudformation", Syntax::Cloudformation, mistakes),
    ];
    if fixes.iter().all(EcoString::is_empty) {
        mistakes.add("a fix is written for terraform, cloudformation or both", node.span);
    }
    fields.finish(mistakes);
    fixes
}

fn read_example(node: &Node, examples: &mut Vec<Example>, mistakes: &mut Mistakes) {
    let mut fields = Fields::of(node, "an example", mistakes);
    let verdict: Option<Word> =
        fields.word("verdict", "satisfied, not-satisfied, unknown, not-applicable", mistakes);
    let resource = fields.optional_text("resource", mistakes);
    let before = examples.len();
    for (key, syntax) in [
        ("terraform", Syntax::Terraform),
        ("cloudformation", Syntax::Cloudformation),
        ("plan", Syntax::Plan),
    ] {
        let (Some(node), Some(verdict)) = (fields.optional(key), &verdict) else { continue };
        let text = text(node, mistakes);
        let resource = resource.clone();
        examples.push(Example {
            syntax,
            text,
            verdict: verdict.0,
            resource,
            span: node.span,
            is_fix: false,
        });
    }
    if examples.len() == before {
        mistakes.add(
            "an example needs a verdict and a configuration: terraform, cloudformation or plan",
            node.span,
        );
    }
    fields.finish(mistakes);
}

struct Word(Verdict);

impl std::str::FromStr for Word {
    type Err = ();

    fn from_str(text: &str) -> Result<Word, ()> {
        let all =
            [Verdict::Satisfied, Verdict::NotSatisfied, Verdict::Unknown, Verdict::NotApplicable];
        all.into_iter().find(|verdict| verdict.name() == text).map(Word).ok_or(())
    }
}
