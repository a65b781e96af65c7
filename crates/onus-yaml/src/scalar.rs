//! What a plain scalar means.

use onus_model::Value;

/// The most digits that every number of a double keeps.
const EXACT_DIGITS: usize = 15;

/// The value of a plain (unquoted) scalar.
pub(crate) fn plain(text: &str, yaml_1_1: bool) -> Value {
    let first = text.as_bytes().first().copied().unwrap_or(b'~');
    match first {
        b'0'..=b'9' | b'-' => {
            number(text).map_or_else(|| Value::String(text.into()), Value::Number)
        }
        b'~' | b't' | b'T' | b'f' | b'F' | b'n' | b'N' | b'y' | b'Y' | b'o' | b'O' => {
            word(text, yaml_1_1).unwrap_or_else(|| Value::String(text.into()))
        }
        _ => Value::String(text.into()),
    }
}

fn word(text: &str, yaml_1_1: bool) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Absent,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" if yaml_1_1 => Value::Bool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" if yaml_1_1 => Value::Bool(false),
        _ => return None,
    })
}

/// The number that `text` writes in the one way in which a number is written back.
fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || text == "-0" {
        return None;
    }
    if let Some(fraction) = fraction
        && (!digits(fraction) || fraction.ends_with('0'))
    {
        return None;
    }
    if whole.len() + fraction.map_or(0, str::len) > EXACT_DIGITS {
        return None;
    }
    text.parse().ok()
}

/// The value of a number as JSON writes it: text when a double would lose digits.
pub(crate) fn json_number(text: &str) -> Option<Value> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > EXACT_DIGITS {
        return text.parse::<f64>().ok().map(|_| Value::String(text.into()));
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Number)
}
