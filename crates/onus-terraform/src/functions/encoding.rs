//! Base64, CSV, URLs, and text in other encodings.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use ecow::{EcoString, eco_format};
use onus_model::{Map, Node, Value};

use super::call::{Call, Function, Outcome, fail};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("base64decode", 1, 1, base64decode),
    Function::new("base64encode", 1, 1, |call| {
        call.give_text(STANDARD.encode(call.text(0)?.as_bytes()))
    })
    .keeping(),
    Function::new("csvdecode", 1, 1, csvdecode),
    Function::new("textdecodebase64", 2, 2, textdecodebase64),
    Function::new("textencodebase64", 2, 2, textencodebase64).keeping(),
    Function::new("urldecode", 1, 1, urldecode).keeping(),
    Function::new("urlencode", 1, 1, |call| call.give_text(urlencode(&call.text(0)?))).keeping(),
];

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

fn bytes(call: &Call<'_>) -> Outcome<Vec<u8>> {
    let text = call.text(0)?.as_str().replace(['\n', '\r'], "");
    match LENIENT.decode(text.as_bytes()) {
        Ok(bytes) => Ok(bytes),
        Err(_) => fail("the text is not base64"),
    }
}

fn base64decode(call: &Call<'_>) -> Outcome {
    match String::from_utf8(bytes(call)?) {
        Ok(text) => call.give_text(text),
        Err(_) => fail("what the base64 text encodes is not UTF-8"),
    }
}

/// Text encodings by their IANA names.
#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Utf16Little,
    Utf16Big,
    Latin1,
    Ascii,
}

fn charset(call: &Call<'_>) -> Outcome<Charset> {
    let name = call.text(1)?;
    Ok(match name.to_ascii_uppercase().as_str() {
        "UTF-8" => Charset::Utf8,
        "UTF-16LE" => Charset::Utf16Little,
        "UTF-16BE" | "UTF-16" => Charset::Utf16Big,
        "ISO-8859-1" => Charset::Latin1,
        "US-ASCII" => Charset::Ascii,
        _ => {
            let settles = eco_format!("{}(…, \"{name}\")", call.name);
            return Err(super::call::Stop::Unknown(onus_model::Unknown::new(
                onus_model::Reason::Function,
                settles,
            )));
        }
    })
}

fn textencodebase64(call: &Call<'_>) -> Outcome {
    let (text, charset) = (call.text(0)?, charset(call)?);
    let single = |limit: u32| -> Option<Vec<u8>> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).ok().filter(|byte| u32::from(*byte) < limit))
            .collect()
    };
    let bytes = match charset {
        Charset::Utf8 => Some(text.as_bytes().to_vec()),
        Charset::Utf16Little => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Charset::Utf16Big => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Charset::Latin1 => single(256),
        Charset::Ascii => single(128),
    };
    match bytes {
        Some(bytes) => call.give_text(STANDARD.encode(bytes)),
        None => fail("the text has characters that this encoding has not"),
    }
}

fn textdecodebase64(call: &Call<'_>) -> Outcome {
    let (bytes, charset) = (bytes(call)?, charset(call)?);
    let wide = |join: fn([u8; 2]) -> u16| -> Option<String> {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| join(*pair)).collect();
        if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
    };
    let text = match charset {
        Charset::Utf8 => String::from_utf8(bytes).ok(),
        Charset::Utf16Little => wide(u16::from_le_bytes),
        Charset::Utf16Big => wide(u16::from_be_bytes),
        Charset::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Charset::Ascii => bytes.is_ascii().then(|| String::from_utf8(bytes).ok()).flatten(),
    };
    match text {
        Some(text) => call.give_text(text),
        None => fail("the bytes are not text in this encoding"),
    }
}

fn urlencode(text: &str) -> EcoString {
    let mut out = EcoString::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn urldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else {
                    return fail("a % is not followed by two hexadecimal digits");
                };
                out.push(u8::try_from(high * 16 + low).unwrap_or(0));
            }
            byte => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => call.give_text(text),
        Err(_) => fail("what the text encodes is not UTF-8"),
    }
}

fn csvdecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut rows = rows(&text)?.into_iter();
    let Some(names) = rows.next() else { return fail("the CSV text has no header") };
    let mut items = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return fail(eco_format!(
                "a row of the CSV text has {} fields, and the header {}",
                row.len(),
                names.len()
            ));
        }
        let fields = row.into_iter().map(|field| Node::string(field, call.span));
        let entries = names.iter().cloned().zip(fields).collect();
        items.push(Node::new(Value::Map(Arc::new(Map { entries, rest: None })), call.span));
    }
    call.give_list(items)
}

/// The rows of CSV text, after RFC 4180. Empty lines are none.
fn rows(text: &str) -> Outcome<Vec<Vec<EcoString>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = EcoString::new();
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            c if quoted => field.push(c),
            '"' if field.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            '"' => return fail("a quote stands within a field of the CSV text"),
            ',' => {
                row.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                if !row.is_empty() || !field.is_empty() || was_quoted {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                was_quoted = false;
            }
            c => field.push(c),
        }
    }
    if quoted {
        return fail("a quote in the CSV text is not closed");
    }
    if !row.is_empty() || !field.is_empty() || was_quoted {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}
