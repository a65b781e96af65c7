//! A call in progress: its arguments, read as the function needs them.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Choice, List, Map, Node, Reason, Span, Unknown, Value};

use super::convert::{kind, number_of, text_of};
use super::{CallError, FunctionWorld};

/// Why a function gave no value.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// The arguments are wrong.
    Error(CallError),
    /// It needed a value that is not known.
    Unknown(Unknown),
    /// It needed to look into a value that is one of several; it is to be called for each.
    Choice(Arc<Choice>),
}

/// What a function gives.
pub(crate) type Outcome<T = Node> = Result<T, Stop>;

/// A failure with this message.
pub(super) fn fail<T>(message: impl Into<EcoString>) -> Outcome<T> {
    Err(Stop::Error(CallError::new(message)))
}

/// A function of the language.
pub(super) struct Function {
    /// Its name, without namespace for built-in functions.
    pub(super) name: &'static str,
    /// The fewest and the most arguments that it takes.
    pub(super) arity: (usize, usize),
    /// Its result is neither null nor empty, whatever its arguments turn out to be.
    pub(super) always_set: bool,
    /// Its result is neither null nor empty when its first unknown argument is not.
    pub(super) keeps_set: bool,
    /// It hands out a part of its arguments, so that only the references of that part matter.
    pub(super) selects: bool,
    /// The function itself.
    pub(super) run: fn(&Call<'_>) -> Outcome,
}

/// The longest text that a function makes, in bytes: far beyond what AWS takes, and a bound on
/// expressions that double a text again and again.
pub(super) const MAX_TEXT: usize = 4 << 20;

/// What would settle a text that is too long.
pub(super) fn too_long() -> EcoString {
    eco_format!("a text of at most {MAX_TEXT} bytes")
}

/// A result that is given up because it would be too long.
pub(super) fn give_up<T>() -> Outcome<T> {
    Err(Stop::Unknown(Unknown::set(Reason::Limit, too_long())))
}

/// No upper limit on the number of arguments.
pub(super) const MANY: usize = usize::MAX;

impl Function {
    /// A function of `fewest` to `most` arguments.
    pub(super) const fn new(
        name: &'static str,
        fewest: usize,
        most: usize,
        run: fn(&Call<'_>) -> Outcome,
    ) -> Function {
        Function {
            name,
            arity: (fewest, most),
            always_set: false,
            keeps_set: false,
            selects: false,
            run,
        }
    }

    /// The same, with a result that is neither null nor empty.
    pub(super) const fn set(mut self) -> Function {
        self.always_set = true;
        self
    }

    /// The same, with a result that is set when its first unknown argument is.
    pub(super) const fn keeping(mut self) -> Function {
        self.keeps_set = true;
        self
    }

    /// The same, handing out a part of its arguments.
    pub(super) const fn selecting(mut self) -> Function {
        self.selects = true;
        self
    }
}

/// The arguments of a call and what it may ask for.
pub(super) struct Call<'a> {
    /// The function's name.
    pub(super) name: &'static str,
    /// The arguments.
    pub(super) args: &'a [Node],
    /// Files and templates.
    pub(super) world: &'a dyn FunctionWorld,
    /// Where the call is written.
    pub(super) span: Span,
}

static ABSENT: Node = Node { value: Value::Absent, span: Span::NONE, references: None };

impl<'a> Call<'a> {
    /// The argument at `index`, absent when not given.
    pub(super) fn arg(&self, index: usize) -> &'a Node {
        self.args.get(index).unwrap_or(&ABSENT)
    }

    /// The arguments from `index` on.
    pub(super) fn rest(&self, index: usize) -> &'a [Node] {
        self.args.get(index..).unwrap_or_default()
    }

    /// The argument as text.
    pub(super) fn text(&self, index: usize) -> Outcome<EcoString> {
        self.placed(index, text_of(self.arg(index)))
    }

    /// The argument as a number.
    pub(super) fn number(&self, index: usize) -> Outcome<f64> {
        self.placed(index, number_of(self.arg(index)))
    }

    /// The argument as a whole number.
    pub(super) fn integer(&self, index: usize) -> Outcome<i64> {
        let number = self.number(index)?;
        if number.fract() == 0.0 && number.abs() < 9.0e15 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            return Ok(number as i64);
        }
        self.refuse(index, "a whole number is needed")
    }

    /// The argument as a count or position from 0.
    pub(super) fn position(&self, index: usize) -> Outcome<usize> {
        match usize::try_from(self.integer(index)?) {
            Ok(position) => Ok(position),
            Err(_) => self.refuse(index, "a number from 0 on is needed"),
        }
    }

    /// The argument as a list, which may go on beyond what is known.
    pub(super) fn list(&self, index: usize) -> Outcome<&'a List> {
        self.placed(index, list_of(self.arg(index)))
    }

    /// The elements of an argument that is a list known to its end.
    pub(super) fn items(&self, index: usize) -> Outcome<&'a [Node]> {
        let list = self.list(index)?;
        match &list.rest {
            Some(rest) => Err(Stop::Unknown((**rest).clone())),
            None => Ok(&list.items),
        }
    }

    /// The argument as a map, which may have entries beyond those known.
    pub(super) fn map(&self, index: usize) -> Outcome<&'a Map> {
        self.placed(index, map_of(self.arg(index)))
    }

    /// A value as the result.
    pub(super) fn give(&self, value: Value) -> Outcome {
        Ok(Node::new(value, self.span))
    }

    /// Text as the result.
    pub(super) fn give_text(&self, text: impl Into<EcoString>) -> Outcome {
        self.give(Value::String(text.into()))
    }

    /// A number as the result.
    pub(super) fn give_number(&self, number: f64) -> Outcome {
        self.give(Value::Number(number))
    }

    /// A count as the result.
    pub(super) fn give_count(&self, count: usize) -> Outcome {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        self.give_number(count as f64)
    }

    /// A truth value as the result.
    pub(super) fn give_bool(&self, truth: bool) -> Outcome {
        self.give(Value::Bool(truth))
    }

    /// A complete list as the result.
    pub(super) fn give_list(&self, items: Vec<Node>) -> Outcome {
        Ok(Node::list(items, self.span))
    }

    /// A list of texts as the result.
    pub(super) fn give_texts(&self, texts: impl IntoIterator<Item = EcoString>) -> Outcome {
        self.give_list(texts.into_iter().map(|text| Node::string(text, self.span)).collect())
    }

    /// A failure that names the argument.
    pub(super) fn refuse<T>(&self, index: usize, message: &str) -> Outcome<T> {
        fail(eco_format!("argument {} of {}: {message}", index + 1, self.name))
    }

    fn placed<T>(&self, index: usize, outcome: Outcome<T>) -> Outcome<T> {
        match outcome {
            Err(Stop::Error(error)) => self.refuse(index, &error.message),
            other => other,
        }
    }
}

/// A node as a list; a set is one too.
pub(super) fn list_of(node: &Node) -> Outcome<&List> {
    match &node.value {
        Value::List(list) => Ok(list),
        Value::Unknown(unknown) => Err(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => Err(Stop::Choice(choice.clone())),
        _ => fail(eco_format!("a list is needed, and this is {}", kind(node))),
    }
}

/// A node as a map.
pub(super) fn map_of(node: &Node) -> Outcome<&Map> {
    match &node.value {
        Value::Map(map) => Ok(map),
        Value::Unknown(unknown) => Err(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => Err(Stop::Choice(choice.clone())),
        _ => fail(eco_format!("a map is needed, and this is {}", kind(node))),
    }
}
