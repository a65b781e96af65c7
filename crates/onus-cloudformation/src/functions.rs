//! The functions that only look at their evaluated argument.

use std::sync::Arc;

use base64::Engine;
use ecow::{EcoString, eco_format};
use onus_model::{List, Node, Reason, Span, Unknown, Value};

use crate::stack::Stack;
use crate::text::Text;
use crate::{choices, cidr, text};

/// What a function could not do, in the user's words.
type Outcome = Result<Node, EcoString>;

impl Stack<'_, '_> {
    /// Applies the function `name` (without `Fn::`) to its evaluated argument.
    pub(crate) fn apply(&mut self, name: &str, argument: &Node, span: Span) -> Node {
        if name == "ToJsonString" {
            return Node::new(Value::Encoded(Arc::new(argument.clone())), span);
        }
        let arguments = match &argument.value {
            Value::List(list) if name != "Length" && list.rest.is_none() => list.items.clone(),
            _ => vec![argument.clone()],
        };
        let mut wrong: Option<EcoString> = None;
        let value = choices::over(arguments, span, &mut |arguments| {
            let outcome = match name {
                "Join" => join(arguments, span),
                "Split" => split(arguments, span),
                "Select" => select(arguments, span),
                "Base64" => base64(arguments, span),
                "Cidr" => cidr(arguments, span),
                _ => length(arguments, span),
            };
            outcome.unwrap_or_else(|message| {
                let unknown = Unknown::new(Reason::Invalid, message.clone());
                wrong = Some(message);
                Node::unknown(unknown, span)
            })
        });
        if let Some(message) = wrong {
            self.error(message, span);
        }
        value
    }
}

/// An unknown with the reason of `from`, which it depends on.
fn after(from: &Node, span: Span, set: bool) -> Option<Node> {
    let Value::Unknown(unknown) = &from.value else { return None };
    let unknown = Unknown { set, ..Unknown::new(unknown.reason, unknown.settles.clone()) };
    Some(Node::unknown(unknown, span).with_references(from.references()))
}

fn join(arguments: &[Node], span: Span) -> Outcome {
    let usage = || EcoString::from("`Fn::Join` takes a delimiter and a list");
    let [delimiter, list] = arguments else { return Err(usage()) };
    if let Some(node) = after(list, span, matches!(&list.value, Value::Unknown(u) if u.set)) {
        return Ok(node);
    }
    let list = match &list.value {
        Value::List(list) => list.as_ref().clone(),
        Value::Absent => List::default(),
        _ if text::of(list).is_some() => List { items: vec![list.clone()], rest: None },
        _ => return Err(usage()),
    };
    let mut out = Text::default();
    let present = list.items.iter().filter(|item| !item.is_absent());
    for (index, item) in present.enumerate() {
        if index > 0 && !out.add(delimiter) {
            return Err(usage());
        }
        // A list among the elements is joined with the same delimiter.
        let nested = item.as_list().map_or(std::slice::from_ref(item), |list| &list.items);
        for (index, item) in nested.iter().enumerate() {
            if index > 0 {
                out.add(delimiter);
            }
            if !out.add(item) {
                return Err("`Fn::Join` joins text only".into());
            }
        }
    }
    if let Some(rest) = &list.rest {
        out.add(&Node::new(Value::Unknown(rest.clone()), span));
    }
    Ok(out.finish(span))
}

fn split(arguments: &[Node], span: Span) -> Outcome {
    let usage = || EcoString::from("`Fn::Split` takes a delimiter and a text");
    let [delimiter, source] = arguments else { return Err(usage()) };
    if let Some(node) = after(source, span, true) {
        return Ok(node);
    }
    let delimiter = delimiter.as_str().filter(|text| !text.is_empty()).ok_or_else(usage)?;
    let source = text::of(source).ok_or_else(usage)?;
    Ok(Node::list(source.split(delimiter).map(|part| Node::string(part, span)).collect(), span))
}

fn select(arguments: &[Node], span: Span) -> Outcome {
    let usage = || EcoString::from("`Fn::Select` takes an index and a list");
    let [index, list] = arguments else { return Err(usage()) };
    if let Some(node) = after(list, span, matches!(&list.value, Value::Unknown(u) if u.set)) {
        return Ok(node);
    }
    if let Some(node) = after(index, span, false) {
        return Ok(node);
    }
    let index: usize = text::of(index).and_then(|text| text.parse().ok()).ok_or_else(usage)?;
    let list = list.as_list().ok_or_else(usage)?;
    match (list.items.get(index), &list.rest) {
        (Some(item), _) => Ok(item.clone()),
        (None, Some(rest)) => Ok(Node::new(Value::Unknown(rest.clone()), span)),
        (None, None) => Err(eco_format!(
            "`Fn::Select` asks for element {index} of a list of {}",
            list.items.len()
        )),
    }
}

fn base64(arguments: &[Node], span: Span) -> Outcome {
    let [source] = arguments else { return Err("`Fn::Base64` takes a text".into()) };
    // Of a partly known text the encoding is not known, but the text behind it is what readers of it look for.
    if matches!(&source.value, Value::Unknown(unknown) if !unknown.pieces.is_empty()) {
        return Ok(Node { span, ..source.clone() });
    }
    if let Some(node) = after(source, span, matches!(&source.value, Value::Unknown(u) if u.set)) {
        return Ok(node);
    }
    let source = text::of(source).ok_or("`Fn::Base64` takes a text")?;
    Ok(Node::string(base64::engine::general_purpose::STANDARD.encode(source.as_bytes()), span))
}

fn length(arguments: &[Node], span: Span) -> Outcome {
    let usage = || EcoString::from("`Fn::Length` takes a list");
    let [list] = arguments else { return Err(usage()) };
    if let Some(node) = after(list, span, true) {
        return Ok(node);
    }
    let list = list.as_list().ok_or_else(usage)?;
    match &list.rest {
        Some(rest) => Ok(Node::new(Value::Unknown(rest.clone()), span)),
        None => {
            let count = u32::try_from(list.items.len()).unwrap_or(u32::MAX);
            Ok(Node::new(Value::Number(f64::from(count)), span))
        }
    }
}

fn cidr(arguments: &[Node], span: Span) -> Outcome {
    let usage = || EcoString::from("`Fn::Cidr` takes a block, a count of 1 to 256 and the bits");
    let (block, count, bits) = match arguments {
        [block, count] => (block, count, None),
        [block, count, bits] => (block, count, Some(bits)),
        _ => return Err(usage()),
    };
    for part in [Some(count), bits].into_iter().flatten() {
        if let Some(node) = after(part, span, true) {
            return Ok(node);
        }
    }
    let number = |node| text::of(node).and_then(|text| text.parse::<u32>().ok()).ok_or_else(usage);
    let count = number(count)?;
    if !(1..=256).contains(&count) {
        return Err(usage());
    }
    if let Some(node) = after(block, span, true) {
        return Ok(Node::list((0..count).map(|_| node.clone()).collect(), span));
    }
    let bits = bits.map(number).transpose()?.unwrap_or(8);
    let block = text::of(block).ok_or_else(usage)?;
    let blocks = cidr::split(&block, count, bits).ok_or_else(|| {
        eco_format!("`Fn::Cidr` cannot cut {count} blocks with {bits} host bits from `{block}`")
    })?;
    Ok(Node::list(blocks.into_iter().map(|block| Node::string(block, span)).collect(), span))
}
