//! Text: case, trimming, searching, cutting, joining. Formatting and patterns have files of their own.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{Node, Piece, Unknown, Value};

use super::call::{Call, Function, MANY, MAX_TEXT, Outcome, give_up, list_of};
use super::pieces::Pieces;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("chomp", 1, 1, |call| {
        let text = call.text(0)?;
        call.give_text(text.trim_end_matches(['\n', '\r']))
    }),
    Function::new("endswith", 2, 2, endswith).set(),
    Function::new("indent", 2, 2, indent),
    Function::new("join", 1, MANY, join),
    Function::new("lower", 1, 1, |call| each_piece(call, &|text| text.to_lowercase().into()))
        .keeping(),
    Function::new("split", 2, 2, split).set(),
    Function::new("startswith", 2, 2, startswith).set(),
    Function::new("strcontains", 2, 2, strcontains).set(),
    Function::new("strrev", 1, 1, |call| {
        call.give_text(call.text(0)?.chars().rev().collect::<EcoString>())
    }),
    Function::new("substr", 3, 3, substr),
    Function::new("title", 1, 1, |call| call.give_text(title(&call.text(0)?))),
    Function::new("trim", 2, 2, |call| {
        let (text, cut) = (call.text(0)?, call.text(1)?);
        call.give_text(text.trim_matches(|c| cut.contains(c)))
    }),
    Function::new("trimprefix", 2, 2, |call| {
        let (text, prefix) = (call.text(0)?, call.text(1)?);
        call.give_text(text.strip_prefix(prefix.as_str()).unwrap_or(&text))
    }),
    Function::new("trimspace", 1, 1, |call| call.give_text(call.text(0)?.trim())),
    Function::new("trimsuffix", 2, 2, |call| {
        let (text, suffix) = (call.text(0)?, call.text(1)?);
        call.give_text(text.strip_suffix(suffix.as_str()).unwrap_or(&text))
    }),
    Function::new("upper", 1, 1, |call| each_piece(call, &|text| text.to_uppercase().into()))
        .keeping(),
];

/// Applies a change that acts on each character by itself, so that it can be done piecewise.
fn each_piece(call: &Call<'_>, change: &dyn Fn(&str) -> EcoString) -> Outcome {
    match &call.arg(0).value {
        Value::Unknown(unknown) if !unknown.pieces.is_empty() => {
            let pieces = unknown.pieces.iter().map(|piece| match piece {
                Piece::Text(text) => Piece::Text(change(text)),
                Piece::Hole => Piece::Hole,
            });
            let changed = Unknown { pieces: pieces.collect(), ..(**unknown).clone() };
            call.give(Value::Unknown(Arc::new(changed)))
        }
        _ => call.give_text(change(&call.text(0)?)),
    }
}

fn title(text: &str) -> EcoString {
    let mut inside = false;
    text.chars()
        .map(|c| {
            let first = !inside;
            inside = c.is_alphanumeric() || matches!(c, '_' | '\'');
            if first { c.to_uppercase().next().unwrap_or(c) } else { c }
        })
        .collect()
}

fn indent(call: &Call<'_>) -> Outcome {
    let (spaces, text) = (call.position(0)?, call.text(1)?);
    if spaces > 1000 {
        return call.refuse(0, "more than 1000 spaces");
    }
    if text.len() + text.matches('\n').count() * spaces > MAX_TEXT {
        return give_up();
    }
    call.give_text(text.as_str().replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn join(call: &Call<'_>) -> Outcome {
    let separator = call.text(0)?;
    let mut out = Pieces::default();
    let mut first = true;
    for list in call.rest(1) {
        let list = list_of(list)?;
        for item in &list.items {
            if !std::mem::take(&mut first) {
                out.text(&separator);
            }
            out.node(item)?;
        }
        if let Some(rest) = &list.rest {
            first = false;
            out.hole(rest);
        }
    }
    Ok(out.finish(call.span))
}

fn split(call: &Call<'_>) -> Outcome {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    if separator.is_empty() {
        return call.give_texts(text.chars().map(EcoString::from));
    }
    call.give_texts(text.split(separator.as_str()).map(EcoString::from))
}

fn substr(call: &Call<'_>) -> Outcome {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    let count = text.chars().count();
    let start = match usize::try_from(offset) {
        Ok(start) => start.min(count),
        Err(_) => count.saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(count)),
    };
    let length = usize::try_from(length).unwrap_or(count);
    call.give_text(text.chars().skip(start).take(length).collect::<EcoString>())
}

fn startswith(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    match known_edge(call.arg(0), |pieces| pieces.first()) {
        Some(start) if start.starts_with(wanted.as_str()) => call.give_bool(true),
        Some(start) if !wanted.starts_with(start) => call.give_bool(false),
        _ => call.give_bool(call.text(0)?.starts_with(wanted.as_str())),
    }
}

fn endswith(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    match known_edge(call.arg(0), |pieces| pieces.last()) {
        Some(end) if end.ends_with(wanted.as_str()) => call.give_bool(true),
        Some(end) if !wanted.ends_with(end) => call.give_bool(false),
        _ => call.give_bool(call.text(0)?.ends_with(wanted.as_str())),
    }
}

/// The known text at one end of partly known text.
fn known_edge(node: &Node, end: fn(&[Piece]) -> Option<&Piece>) -> Option<&str> {
    match &node.value {
        Value::Unknown(unknown) => match end(&unknown.pieces)? {
            Piece::Text(text) => Some(text),
            Piece::Hole => None,
        },
        _ => None,
    }
}

fn strcontains(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    if let Value::Unknown(unknown) = &call.arg(0).value {
        let inside = |piece: &Piece| matches!(piece, Piece::Text(t) if t.contains(wanted.as_str()));
        if wanted.is_empty() || unknown.pieces.iter().any(inside) {
            return call.give_bool(true);
        }
    }
    call.give_bool(call.text(0)?.contains(wanted.as_str()))
}
