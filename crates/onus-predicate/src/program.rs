//! A predicate in the form in which it is evaluated: operations in one array, operands before the
//! operations that use them, the whole last.

use std::sync::OnceLock;

use ecow::EcoString;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::ast::Comparison;
use crate::parser::MAX_DEPTH;

/// Index of an operation; always less than the index of an operation that uses it.
pub(crate) type Id = u16;

/// A run of [`Program::operands`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) start: u16,
    pub(crate) length: u16,
}

/// A fact that is followed to the resources of a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Followed {
    pub(crate) slot: u16,
    pub(crate) name: EcoString,
    pub(crate) type_index: u32,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Op {
    Bool(bool),
    Number(f64),
    Text(EcoString),
    List(Run),
    /// A fact of the resource that is judged.
    Fact {
        slot: u16,
        name: EcoString,
    },
    /// A fact of another resource.
    FactOf {
        of: Id,
        slot: u16,
        name: EcoString,
    },
    Field {
        of: Id,
        name: EcoString,
    },
    /// A name bound by a macro, counted from the innermost.
    Bound(u16),
    Not(Id),
    And(Run),
    Or(Run),
    Conditional {
        test: Id,
        then: Id,
        other: Id,
    },
    Compare {
        how: Comparison,
        left: Id,
        right: Id,
    },
    In {
        item: Id,
        list: Id,
    },
    Has(Id),
    Exists {
        list: Id,
        body: Id,
    },
    All {
        list: Id,
        body: Id,
    },
    Filter {
        list: Id,
        body: Id,
    },
    Map {
        list: Id,
        body: Id,
    },
    SizeOfText(Id),
    SizeOfList(Id),
    StartsWith(Id, Id),
    EndsWith(Id, Id),
    Contains(Id, Id),
    Matches {
        text: Id,
        pattern: u16,
    },
    LowerAscii(Id),
    IsLiteral(Id),
    RefersTo {
        text: Id,
        type_index: u32,
    },
    PrefixLength(Id),
    IsAnyAddress(Id),
    IsPrivateAddress(Id),
    CidrContains(Id, Id),
    VersionAtLeast {
        text: Id,
        wanted: EcoString,
    },
    VersionBelow {
        text: Id,
        wanted: EcoString,
    },
    /// Whether the day on which a dated table lets the text end has come.
    Passed {
        text: Id,
        dates: Dates,
    },
    Referrers {
        of: Option<Id>,
        type_index: u32,
    },
    Estate {
        type_index: u32,
    },
    /// The one resource that a fact refers to.
    Target {
        of: Option<Id>,
        fact: Followed,
    },
    /// The resources that a fact refers to.
    Targets {
        of: Option<Id>,
        fact: Followed,
    },
}

/// The values of a dated table, each with the day on which it ends.
pub(crate) type Dates = Box<[(EcoString, EcoString)]>;

/// A regular expression, compiled when it is first used, so that loading a catalog costs nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Pattern {
    text: EcoString,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Fails, with the reason in words, if `text` is no regular expression of reasonable size.
    pub(crate) fn new(text: &EcoString) -> Result<Pattern, String> {
        let compiled = compile_pattern(text).map_err(|error| error.to_string())?;
        Ok(Pattern { text: text.clone(), compiled: OnceLock::from(Some(compiled)) })
    }

    /// Whether it matches anywhere in `text`; `None` if it is no regular expression.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        let compiled = self.compiled.get_or_init(|| compile_pattern(&self.text).ok());
        compiled.as_ref().map(|regex| regex.is_match(text))
    }
}

fn compile_pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}

/// A relation that a predicate follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The resources of a type that refer to this one.
    Referrers,
    /// All resources of a type in the scope.
    Estate,
    /// The resources of a type that a fact of this one refers to.
    Target,
}

/// What a program reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// Slots of the resource that is judged, ascending.
    pub(crate) slots: Box<[u16]>,
    /// Facts of other resources (type, slot), ascending.
    pub(crate) related: Box<[(u32, u16)]>,
    /// Relations followed (which, type at the other end), ascending.
    pub(crate) relations: Box<[(Relation, u32)]>,
}

/// The parts of a program, before it is known that they fit together.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) text: EcoString,
    pub(crate) ops: Box<[Op]>,
    pub(crate) operands: Box<[Id]>,
    pub(crate) patterns: Box<[Pattern]>,
    pub(crate) reading: Reading,
}

/// A checked predicate, ready to be evaluated. Small and cheap to load; serialised it is as good as
/// compiled. That of [`Program::default`] asks nothing and is never decided.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Program {
    parts: Parts,
}

impl Program {
    /// The text that it was compiled from.
    pub fn text(&self) -> &str {
        &self.parts.text
    }

    /// The slots of the judged resource that it reads, ascending.
    pub fn reads(&self) -> &[u16] {
        &self.parts.reading.slots
    }

    /// The facts of other resources that it reads: type index and slot, ascending.
    pub fn related_reads(&self) -> &[(u32, u16)] {
        &self.parts.reading.related
    }

    /// The relations that it follows, each with the type at the other end, ascending.
    pub fn relations(&self) -> &[(Relation, u32)] {
        &self.parts.reading.relations
    }

    /// The operation that gives the answer.
    pub(crate) fn root(&self) -> Id {
        Id::try_from(self.parts.ops.len().saturating_sub(1)).unwrap_or(Id::MAX)
    }

    #[inline]
    pub(crate) fn op(&self, id: Id) -> Option<&Op> {
        self.parts.ops.get(usize::from(id))
    }

    #[inline]
    pub(crate) fn run(&self, run: Run) -> &[Id] {
        self.parts.run(run)
    }

    pub(crate) fn pattern(&self, index: u16) -> Option<&Pattern> {
        self.parts.patterns.get(usize::from(index))
    }
}

impl From<Program> for Parts {
    fn from(program: Program) -> Parts {
        program.parts
    }
}

impl TryFrom<Parts> for Program {
    type Error = &'static str;

    /// Evaluation recurses from an operation to its operands: that ends, and within a known depth,
    /// only if every operand comes before its use.
    fn try_from(parts: Parts) -> Result<Program, &'static str> {
        let mut depths: Vec<u16> = Vec::with_capacity(parts.ops.len());
        for op in &parts.ops {
            let mut depth = 0;
            for operand in parts.operands_of(op).into_iter().flatten() {
                let of_operand =
                    depths.get(usize::from(operand)).ok_or("a predicate is damaged")?;
                depth = depth.max(of_operand + 1);
            }
            for operand in parts.run_of(op) {
                let of_operand =
                    depths.get(usize::from(*operand)).ok_or("a predicate is damaged")?;
                depth = depth.max(of_operand + 1);
            }
            if depth > MAX_DEPTH {
                return Err("a predicate is nested too deep");
            }
            depths.push(depth);
        }
        if depths.is_empty() || depths.len() > usize::from(u16::MAX) {
            return Err("a predicate is empty or too long");
        }
        Ok(Program { parts })
    }
}

impl Parts {
    #[inline]
    fn run(&self, run: Run) -> &[Id] {
        let start = usize::from(run.start);
        self.operands.get(start..start + usize::from(run.length)).unwrap_or(&[])
    }

    fn run_of(&self, op: &Op) -> &[Id] {
        match op {
            Op::List(run) | Op::And(run) | Op::Or(run) => self.run(*run),
            _ => &[],
        }
    }

    fn operands_of(&self, op: &Op) -> [Option<Id>; 3] {
        match *op {
            Op::Bool(_)
            | Op::Number(_)
            | Op::Text(_)
            | Op::List(_)
            | Op::And(_)
            | Op::Or(_)
            | Op::Fact { .. }
            | Op::Bound(_)
            | Op::Estate { .. } => [None, None, None],
            Op::FactOf { of: a, .. }
            | Op::Field { of: a, .. }
            | Op::Not(a)
            | Op::Has(a)
            | Op::SizeOfText(a)
            | Op::SizeOfList(a)
            | Op::Matches { text: a, .. }
            | Op::LowerAscii(a)
            | Op::IsLiteral(a)
            | Op::RefersTo { text: a, .. }
            | Op::PrefixLength(a)
            | Op::IsAnyAddress(a)
            | Op::IsPrivateAddress(a)
            | Op::VersionAtLeast { text: a, .. }
            | Op::VersionBelow { text: a, .. }
            | Op::Passed { text: a, .. } => [Some(a), None, None],
            Op::Compare { left: a, right: b, .. }
            | Op::In { item: a, list: b }
            | Op::Exists { list: a, body: b }
            | Op::All { list: a, body: b }
            | Op::Filter { list: a, body: b }
            | Op::Map { list: a, body: b }
            | Op::StartsWith(a, b)
            | Op::EndsWith(a, b)
            | Op::Contains(a, b)
            | Op::CidrContains(a, b) => [Some(a), Some(b), None],
            Op::Conditional { test, then, other } => [Some(test), Some(then), Some(other)],
            Op::Referrers { of, .. } | Op::Target { of, .. } | Op::Targets { of, .. } => {
                [of, None, None]
            }
        }
    }
}
